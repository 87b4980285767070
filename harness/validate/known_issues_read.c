/* Reading a file of known issues. The tables of protocol/keys.h are of a room that this one may not use. */
#include "base/clock.h"
#include "base/file.h"
#include "formats/yaml.h"
#include "validate/known_issues.h"

#define DAY_MS INT64_C(86400000)
#define NEAR_MAX 3

const struct rule known_issues_rule = {"validate.known-issues", SEV_ERROR, "docs/known-issues.md", "{1}", "{1}"};

struct reading {
  struct known_issues *k;
  struct arena *arena;
  struct findings *f;
};

static void complain(struct reading *r, const struct node *at, bool of_key, struct str text) {
  struct place where = node_place(r->arena, r->k->name, at);
  if (of_key && at->name_line) where.line = at->name_line, where.col = at->name_col;
  FINDING(r->f, &known_issues_rule, where, text);
}

#define COMPLAIN(r, at, ...) complain((r), (at), false, arena_printf((r)->arena, __VA_ARGS__))

/* The texts of an issue, by key. */
static const struct {
  const char *key;
  size_t offset;
  bool required;
} texts[] = {{"id", offsetof(struct known_issue, id), true},
             {"rule", offsetof(struct known_issue, rule), true},
             {"profile", offsetof(struct known_issue, profile), false},
             {"element", offsetof(struct known_issue, element), false},
             {"constraint", offsetof(struct known_issue, constraint), false},
             {"package", offsetof(struct known_issue, package), false},
             {"by", offsetof(struct known_issue, by), true},
             {"expires", offsetof(struct known_issue, expires), false}};
#define TEXTS_N (sizeof texts / sizeof *texts)

static void unknown_key(struct reading *r, const struct node *n) {
  const char *near = NULL;
  size_t best = NEAR_MAX + 1;
  for (size_t i = 0; i < TEXTS_N + 2; i++) {
    const char *key = i < TEXTS_N ? texts[i].key : i == TEXTS_N ? "effect" : "reason";
    size_t d = str_distance(n->name, str_z(key));
    if (d < best) best = d, near = key;
  }
  complain(r, n, true,
           near
               ? arena_printf(r->arena, "unknown key \"%.*s\"; did you mean \"%s\"?", STR_F(n->name), near)
               : arena_printf(r->arena,
                              "unknown key \"%.*s\"; there is id, rule, profile, element, constraint, package, effect, "
                              "reason, by, expires",
                              STR_F(n->name)));
}

static void read_effect(struct reading *r, const struct node *n, struct known_issue *x) {
  for (int i = 0; i < KNOWN_EFFECTS_N; i++) {
    if (!str_eqz(n->text, known_effect_name((enum known_effect)i))) continue;
    x->effect = (enum known_effect)i;
    return;
  }
  COMPLAIN(r, n, "\"%.*s\" is no effect; there is ignore, warn, undecided", STR_F(n->text));
}

/* One text for both languages, or one each. */
static void read_reason(struct reading *r, const struct node *n, struct known_issue *x) {
  if (n->kind != NODE_OBJECT) {
    x->reason = said_same(str_trim(n->text));
  } else {
    x->reason = (struct said){node_text_at(n, "en"), node_text_at(n, "da")};
    if (n->count != 2) x->reason = (struct said){{0}, {0}};
  }
  if (!x->reason.en.n || !x->reason.da.n) COMPLAIN(r, n, "\"reason\" is a text, or {en: ..., da: ...} with both");
}

static bool read_text(struct reading *r, const struct node *n, struct known_issue *x) {
  for (size_t i = 0; i < TEXTS_N; i++) {
    if (!str_eqz(n->name, texts[i].key)) continue;
    if (n->kind != NODE_STRING || !n->text.n)
      COMPLAIN(r, n, "\"%s\" is a text", texts[i].key);
    else
      *(struct str *)(void *)((char *)x + texts[i].offset) = n->text;
    return true;
  }
  return false;
}

static void check_expiry(struct reading *r, const struct node *n, struct known_issue *x) {
  int64_t day;
  bool zone;
  x->ends = INT64_MAX;
  if (!x->expires.n) return;
  struct str midnight = arena_printf(r->arena, "%.*sT00:00:00Z", STR_F(x->expires));
  if (x->expires.n == 10 && time_parse(midnight, &day, &zone))
    x->ends = day + DAY_MS;
  else
    COMPLAIN(r, node_child(n, "expires"), "\"%.*s\" is no date such as 2026-12-31", STR_F(x->expires));
}

static void check_package(struct reading *r, const struct node *n, const struct known_issue *x) {
  struct str range = x->package, name = str_cut(&range, '@'), parsed, version;
  if (!x->package.n) return;
  bool versioned = str_index(x->package, '@') != SIZE_MAX;
  size_t dots = str_find(range, STR(".."), 0); /* a range with an open end would fit nothing */
  bool open_end = dots != SIZE_MAX && (dots == 0 || dots + 2 == range.n);
  if (!package_spec_parse(name, &parsed, &version) || (versioned && !range.n) || open_end)
    COMPLAIN(r, node_child(n, "package"), "\"%.*s\" is no package: NAME, NAME@VERSION, NAME@5.0.x or NAME@5.0.0..5.0.4",
             STR_F(x->package));
}

/* An issue about every finding would excuse everything. */
static void check_whole(struct reading *r, const struct node *n, const struct known_issue *x) {
  for (size_t i = 0; i < TEXTS_N; i++)
    if (texts[i].required && !node_child(n, texts[i].key)) COMPLAIN(r, n, "the issue lacks \"%s\"", texts[i].key);
  if (!node_child(n, "effect")) COMPLAIN(r, n, "the issue lacks \"effect\": ignore, warn or undecided");
  if (!node_child(n, "reason")) COMPLAIN(r, n, "the issue lacks \"reason\"");
  if (str_eqz(x->rule, "*")) COMPLAIN(r, node_child(n, "rule"), "\"*\" would be about every finding; name a rule");
}

static void read_issue(struct reading *r, const struct node *n) {
  struct known_issue x = {.line = n->line};
  if (n->kind != NODE_OBJECT) {
    COMPLAIN(r, n, "an issue is a mapping with id, rule, effect, reason, by");
    return;
  }
  for (NODE_EACH(c, n)) {
    if (str_eqz(c->name, "effect"))
      read_effect(r, c, &x);
    else if (str_eqz(c->name, "reason"))
      read_reason(r, c, &x);
    else if (!read_text(r, c, &x))
      unknown_key(r, c);
  }
  check_whole(r, n, &x);
  check_expiry(r, n, &x);
  check_package(r, n, &x);
  if (x.id.n && !known_issues_add(r->k, &x))
    COMPLAIN(r, node_child(n, "id"), "the issue \"%.*s\" stands there already", STR_F(x.id));
}

static void read_file(struct reading *r, const struct node *root) {
  const struct node *list = node_child(root, "issues");
  for (NODE_EACH(c, root))
    if (!str_eqz(c->name, "issues"))
      complain(r, c, true, arena_printf(r->arena, "unknown key \"%.*s\"; there is issues", STR_F(c->name)));
  if (root->kind != NODE_OBJECT || !list || list->kind != NODE_ARRAY) {
    COMPLAIN(r, list ? list : root, "a list \"issues\" is needed");
    return;
  }
  if (list->count > KNOWN_ISSUES_MAX) COMPLAIN(r, list, "more than %d issues", KNOWN_ISSUES_MAX);
  for (NODE_EACH(n, list))
    if (r->k->list.n < KNOWN_ISSUES_MAX) read_issue(r, n);
}

int known_issues_read(struct known_issues **out, struct arena *a, struct source src, struct findings *f) {
  struct reading r = {ARENA_NEW(a, struct known_issues), a, f};
  struct node *root = NULL;
  size_t before = findings_count(f, SEV_ERROR);
  *r.k = (struct known_issues){.arena = a, .name = src.name};
  *out = r.k;
  if (yaml_read(&root, a, src, f) == 0 && root) read_file(&r, root);
  return findings_count(f, SEV_ERROR) > before ? -1 : 0;
}

int known_issues_load(struct known_issues **out, struct arena *a, const char *path, struct error *e) {
  struct source src = {.name = str_z(path)};
  struct findings f;
  findings_init(&f, a);
  if (file_read(&src.bytes, a, path, KNOWN_ISSUES_BYTES, e)) return -1;
  return known_issues_read(out, a, src, &f) == 0 ? 0 : findings_error(&f, e);
}
