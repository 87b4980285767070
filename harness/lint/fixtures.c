/* Files that a step names: fixtures, expected results, match rules. */
#include "base/file.h"
#include "diff/diff.h"
#include "formats/edifact.h"
#include "formats/json.h"
#include "formats/sniff.h"
#include "formats/xml.h"
#include "formats/yaml.h"
#include "lint/lint_int.h"

/* The path of a file under fixtures/, or NULL with a finding. */
static const char *find_file(struct lint *l, const struct node *at) {
  if (!file_name_is_inside(at->text)) {
    LINT(l, LINT_FIXTURE_OUTSIDE, lint_place(l, at), at->text);
    return NULL;
  }
  const char *path = file_join(l->arena, l->fixtures, arena_z(l->arena, at->text));
  if (file_exists(path) && !file_is_dir(path)) return path;
  LINT(l, LINT_FIXTURE_MISSING, lint_place(l, at), at->text);
  return NULL;
}

static bool read_file(struct lint *l, const struct node *at, const char *path, size_t max, enum lint_rule rule,
                      struct source *out) {
  struct error e;
  *out = (struct source){.name = str_z(path)};
  if (file_map(&out->bytes, l->arena, path, max, &e) == 0) return true;
  LINT(l, rule, lint_place(l, at), str_z(e.text));
  return false;
}

/* A fixture must be JSON, XML or EDIFACT before its variables are replaced; the reader's findings have their places in
 * it. */
static void check_syntax(struct lint *l, const struct node *at, struct source src) {
  struct node *tree;
  struct findings own;
  findings_init(&own, l->arena);
  enum sniff kind = sniff_bytes(src.bytes);
  int rc = 0;
  if (kind == SNIFF_JSON)
    rc = json_read(&tree, l->arena, src, &own);
  else if (kind == SNIFF_XML)
    rc = xml_read(&tree, l->arena, src, &own);
  else if (kind == SNIFF_EDIFACT)
    rc = edifact_read(&tree, l->arena, src, &own);
  else
    LINT(l, LINT_FIXTURE_UNREADABLE, lint_place(l, at),
         arena_printf(l->arena, "%.*s is neither JSON, XML nor EDIFACT", STR_F(src.name)));
  if (rc != 0) findings_join(l->findings, &own);
}

static bool uses_label(struct str bytes, struct str label) {
  for (size_t at = 0; (at = str_find(bytes, STR("${"), at)) != SIZE_MAX; at += 2) {
    size_t close = str_find(bytes, STR("}"), at);
    if (close == SIZE_MAX) return false;
    if (str_eq(str_trim(str_sub(bytes, at + 2, close)), label)) return true;
  }
  return false;
}

/* The bytes of "#name", which stands in the protocol, or of a file; false if it is neither. */
static bool fixture_source(struct lint *l, const struct node *at, struct source *src) {
  if (str_starts(at->text, STR("#"))) {
    const struct node *own = protocol_fixture(l->protocol, str_sub(at->text, 1, at->text.n));
    if (!own) LINT(l, LINT_FIXTURE_OWN, lint_place(l, at), at->text);
    *src = (struct source){arena_printf(l->arena, "%.*s%.*s", STR_F(l->protocol->source.name), STR_F(at->text)),
                           own ? own->text : (struct str){0}};
    return own != NULL;
  }
  const char *path = find_file(l, at);
  return path && read_file(l, at, path, LINT_FIXTURE_MAX, LINT_FIXTURE_UNREADABLE, src);
}

static void check_fixture(struct lint *l, const struct node *at, const struct node *with) {
  struct source src;
  struct lint_scope scope = {.making = true, .parties = true, .with = with};
  if (at->kind != NODE_STRING || str_find(at->text, STR("${"), 0) != SIZE_MAX) return;
  if (!fixture_source(l, at, &src)) return;
  check_syntax(l, at, src);
  variables_check_bytes(l, src, &scope);
  for (NODE_EACH(label, with))
    if (!uses_label(src.bytes, label->name)) LINT(l, LINT_WITH_UNUSED, lint_place(l, label), label->name, at->text);
}

static void check_rules(struct lint *l, const struct node *at) {
  struct source src;
  struct diff_rules *rules;
  struct findings own;
  struct node *root;
  struct error e;
  if (at->kind != NODE_STRING) return; /* a mapping is checked by the step */
  const char *path = find_file(l, at);
  if (!path || !read_file(l, at, path, LINT_RULES_MAX, LINT_RULES_FILE, &src)) return;
  findings_init(&own, l->arena);
  if (yaml_read(&root, l->arena, src, &own) != 0) {
    findings_join(l->findings, &own);
    return;
  }
  if (diff_rules_read(&rules, l->arena, root, src.name, &e) == 0) return;
  struct place where = {.message = str_z(e.file), .line = e.line, .col = e.col};
  LINT(l, LINT_RULES_FILE, where, str_z(e.text));
}

void fixtures_check(struct lint *l, const struct step *s) {
  const struct node *n = s->args_node;
  if (n->kind != NODE_OBJECT) return;
  const struct node *fixture = node_child(n, "fixture"), *with = node_child(n, "with");
  const struct node *expected = node_child(n, "expected"), *rules = node_child(n, "rules");
  if (fixture) check_fixture(l, fixture, with && with->kind == NODE_OBJECT ? with : NULL);
  if (expected) {
    const struct lint_name *name = lint_name(l, expected->text);
    if (!name)
      check_fixture(l, expected, NULL);
    else if (!name->given)
      LINT(l, LINT_NAME_EARLY, lint_place(l, expected), expected->text, arena_printf(l->arena, "%d", name->node->line));
  }
  if (rules) check_rules(l, rules);
}
