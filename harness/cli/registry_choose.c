/* The list of versions of a package (npm registry protocol: dist-tags, versions, dist). */
#include "cli/registry.h"

#include "fhir/package.h"
#include "formats/json.h"

struct choice {
  const struct node *versions;
  struct str name, wanted, url;
};

static struct str text_of(const struct node *n, const char *child) {
  const struct node *c = node_child(n, child);
  return c && c->kind == NODE_STRING ? c->text : (struct str){0};
}

/* Any other name could not be kept, and has no business on a terminal. */
static bool is_version(const struct node *v) {
  struct arena *scratch = arena_new(0);
  struct str name, version;
  bool good = package_spec_parse(arena_printf(scratch, "x@%.*s", STR_F(v->name)), &name, &version);
  arena_free(scratch);
  return good;
}

static bool is_better(struct str version, const struct node *best) {
  if (!best) return true;
  bool label = str_index(version, '-') != SIZE_MAX, best_label = str_index(best->name, '-') != SIZE_MAX;
  if (label != best_label) return best_label;
  return package_version_cmp(version, best->name) > 0;
}

static const struct node *newest(const struct choice *c, struct str wanted) {
  const struct node *best = NULL;
  for (NODE_EACH(v, c->versions))
    if (package_version_fits(v->name, wanted) && is_better(v->name, best) && is_version(v)) best = v;
  return best;
}

static const struct node *exact(const struct choice *c, struct str version) {
  for (NODE_EACH(v, c->versions))
    if (str_eq(v->name, version) && is_version(v)) return v;
  return NULL;
}

static const struct node *nearest(const struct choice *c) {
  const struct node *best = NULL;
  size_t least = SIZE_MAX;
  for (NODE_EACH(v, c->versions)) {
    size_t d = str_distance(v->name, c->wanted);
    if (d > least || (d == least && !is_better(v->name, best)) || !is_version(v)) continue;
    best = v;
    least = d;
  }
  return best;
}

static int no_such(const struct choice *c, struct error *e) {
  const struct node *near = nearest(c), *last = newest(c, STR("*"));
  if (!near) return error_set(e, ERR_CONFIG, "%.*s lists no version of %.*s", STR_F(c->url), STR_F(c->name));
  return error_set(e, ERR_CONFIG, "%.*s has no version %.*s; the nearest is %.*s, the newest %.*s", STR_F(c->name),
                   STR_F(c->wanted), STR_F(near->name), STR_F(last->name));
}

static int fill(struct release *out, struct arena *a, const struct choice *c, const struct node *v, struct error *e) {
  const struct node *dist = node_child(v, "dist");
  struct str tarball = text_of(dist, "tarball");
  for (size_t i = 0; i < tarball.n; i++)
    if (tarball.p[i] <= ' ' || tarball.p[i] == 0x7F)
      return error_set(e, ERR_PEER, "%.*s: the address of the archive of %.*s is none", STR_F(c->url), STR_F(v->name));
  if (str_starts(tarball, STR("http://")))
    tarball = arena_printf(a, "https://%.*s", STR_F(str_sub(tarball, 7, tarball.n)));
  if (!tarball.n) tarball = arena_printf(a, "%.*s/%.*s", STR_F(c->url), STR_F(v->name));
  *out = (struct release){.name = arena_str(a, c->name),
                          .version = arena_str(a, v->name),
                          .tarball = arena_str(a, tarball),
                          .shasum = arena_str(a, text_of(dist, "shasum")),
                          .integrity = arena_str(a, text_of(dist, "integrity"))};
  return 0;
}

static int choose(struct release *out, struct arena *a, const struct node *root, struct choice *c, struct error *e) {
  struct str latest = text_of(node_child(root, "dist-tags"), "latest");
  bool any = !c->wanted.n || str_eqz(c->wanted, "latest");
  c->versions = node_child(root, "versions");
  if (!c->versions || c->versions->kind != NODE_OBJECT)
    return error_set(e, ERR_PEER, "%.*s: the answer has no \"versions\"; is this a package registry?", STR_F(c->url));
  if (any && latest.n) c->wanted = latest;
  const struct node *v = exact(c, c->wanted);
  if (!v) v = newest(c, c->wanted);
  return v ? fill(out, a, c, v, e) : no_such(c, e);
}

static int not_json(const struct choice *c, struct str body, const struct findings *f, struct error *e) {
  struct error why = {0};
  if (str_starts(str_trim(body), STR("<")))
    return error_set(e, ERR_PEER, "%.*s: the answer is a web page, not JSON; is this a package registry?",
                     STR_F(c->url));
  if (!findings_error(f, &why)) error_set(&why, ERR_SYNTAX, "it cannot be read");
  return error_set(e, ERR_PEER, "%.*s:%d:%d: the answer is no list of versions in JSON: %s", STR_F(c->url), why.line,
                   why.col, why.text);
}

int registry_choose(struct release *out, struct arena *a, struct source listing, struct str name, struct str wanted,
                    struct error *e) {
  struct arena *scratch = arena_new(0);
  struct choice c = {.name = name, .wanted = wanted, .url = listing.name};
  struct node *root = NULL;
  struct findings f;
  findings_init(&f, scratch);
  int rc = json_read(&root, scratch, listing, &f);
  if (rc || findings_worst(&f) == SEV_ERROR)
    rc = not_json(&c, listing.bytes, &f, e);
  else
    rc = choose(out, a, root, &c, e);
  arena_free(scratch);
  return rc;
}
