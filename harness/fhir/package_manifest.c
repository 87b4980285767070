/* package.json, and the names and versions in it (FHIR NPM package specification 3.0; Semantic Versioning 2.0.0). */
#include "fhir/package_int.h"
#include "formats/json.h"

static bool is_plain(struct str s) {
  if (!s.n || s.n > PACKAGE_NAME_MAX || s.p[0] == '.') return false;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '.' && c != '-' && c != '_' && c != '+') return false;
  }
  return true;
}

bool package_spec_parse(struct str spec, struct str *name, struct str *version) {
  char sep = str_index(spec, '@') == SIZE_MAX ? '#' : '@';
  bool said = str_index(spec, sep) != SIZE_MAX;
  *version = spec;
  *name = str_cut(version, sep);
  return is_plain(*name) && (!said || is_plain(*version));
}

static struct str text_of(struct package *p, const struct node *json, const char *name) {
  const struct node *n = node_child(json, name);
  return n && n->kind == NODE_STRING ? arena_str(p->arena, n->text) : (struct str){0};
}

static void read_dependencies(struct package *p, const struct node *json) {
  for (NODE_EACH(d, node_child(json, "dependencies"))) {
    if (d->kind != NODE_STRING) continue;
    struct package_dependency one = {arena_str(p->arena, d->name), arena_str(p->arena, d->text)};
    VEC_PUSH(p->arena, &p->dependencies, one);
  }
}

/* fhirVersions, in old packages fhir-version-list. */
static void read_fhir_version(struct package *p, const struct node *json) {
  const struct node *list = node_child(json, "fhirVersions");
  if (!list) list = node_child(json, "fhir-version-list");
  if (list && list->first) p->fhir_version = arena_str(p->arena, list->first->text);
}

int package_manifest(struct package *p, struct str json, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct findings f;
  struct node *root = NULL;
  int rc = 0;
  findings_init(&f, scratch);
  if (str_starts(json, STR("\xEF\xBB\xBF"))) json = str_sub(json, 3, json.n);
  if (json_read(&root, scratch, (struct source){p->origin, json}, &f)) {
    if (!findings_error(&f, e)) error_set(e, ERR_SYNTAX, "%.*s: package.json cannot be read", STR_F(p->origin));
    arena_free(scratch);
    return -1;
  }
  p->name = text_of(p, root, "name");
  p->version = text_of(p, root, "version");
  p->canonical = text_of(p, root, "canonical");
  p->title = text_of(p, root, "title");
  p->type = text_of(p, root, "type");
  p->date = text_of(p, root, "date");
  read_fhir_version(p, root);
  read_dependencies(p, root);
  if (!is_plain(p->name) || !is_plain(p->version))
    rc = error_set(e, ERR_SYNTAX, "%.*s: package.json has no name and version that a package can have",
                   STR_F(p->origin));
  arena_free(scratch);
  return rc;
}

/* --- versions --- */

static bool is_number(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

static int number_cmp(struct str a, struct str b) {
  while (a.n && a.p[0] == '0') a = str_sub(a, 1, a.n);
  while (b.n && b.p[0] == '0') b = str_sub(b, 1, b.n);
  return a.n != b.n ? (a.n < b.n ? -1 : 1) : str_cmp(a, b);
}

/* Semantic Versioning 2.0.0, 11: numbers below words, fewer parts below more. */
static int parts_cmp(struct str a, struct str b) {
  while (a.n || b.n) {
    if (!a.n || !b.n) return a.n ? 1 : -1;
    struct str x = str_cut(&a, '.'), y = str_cut(&b, '.');
    bool nx = is_number(x), ny = is_number(y);
    int rc = nx && ny ? number_cmp(x, y) : nx ? -1 : ny ? 1 : str_cmp(x, y);
    if (rc) return rc;
  }
  return 0;
}

int package_version_cmp(struct str a, struct str b) {
  a = str_cut(&a, '+');
  b = str_cut(&b, '+');
  struct str la = a, lb = b; /* the labels */
  struct str ca = str_cut(&la, '-'), cb = str_cut(&lb, '-');
  int rc = parts_cmp(ca, cb);
  if (rc || (!la.n && !lb.n)) return rc;
  if (!la.n || !lb.n) return la.n ? -1 : 1;
  return parts_cmp(la, lb);
}

static bool is_wild(struct str part) {
  return str_eqz(part, "x") || str_eqz(part, "X") || str_eqz(part, "*");
}

bool package_version_fits(struct str version, struct str wanted) {
  static const char *const any[] = {"", "latest", "current", "dev"};
  if (str_eq(version, wanted)) return true;
  struct str branch = wanted;
  if (str_eqz(str_cut(&branch, '$'), "current")) return true;
  for (size_t i = 0; i < sizeof any / sizeof *any; i++)
    if (str_eqz(wanted, any[i])) return true;
  while (wanted.n) {
    struct str w = str_cut(&wanted, '.');
    if (is_wild(w)) return true;
    if (!str_eq(w, str_cut(&version, '.'))) return false;
  }
  return false;
}
