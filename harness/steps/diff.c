/* diff: a message against a fixture, or against another message of the run. */
#include "diff/diff.h"
#include "base/file.h"
#include "formats/yaml.h"
#include "steps/steps_int.h"

static const struct key keys[] = {{"on", KEY_TEXT, true, NULL},
                                  {"expected", KEY_TEXT, true, NULL},
                                  {"rules", KEY_NODE, false, NULL},
                                  {"semantic", KEY_BOOL, false, NULL},
                                  {0}};

/* A name has no point; a file has one. */
static bool is_file(struct str expected) {
  return str_starts(expected, STR("#")) || str_index(expected, '.') != SIZE_MAX || str_index(expected, '/') != SIZE_MAX;
}

static void parse_rules(struct step *s, struct keys *k, const struct node *rules) {
  struct diff_rules *read = NULL;
  struct error e;
  if (!rules || rules->kind == NODE_STRING) return;
  if (rules->kind != NODE_OBJECT) {
    keys_complain(k, rules, "\"rules\" is a file under fixtures/, or a mapping of match rules");
    return;
  }
  if (diff_rules_read(&read, k->arena, rules, k->file, &e) < 0) {
    struct node at = *rules;
    if (e.line) at.line = e.line, at.col = e.col;
    keys_complain(k, &at, "%s", e.text);
  }
  s->args = read;
}

static void parse(struct step *s, struct keys *k) {
  const struct node *n = s->args_node;
  struct str on = keys_text(n, "on"), expected = keys_text(n, "expected");
  args_name(k, n, "on");
  if (is_file(expected) && !str_starts(expected, STR("#")) && !expand_has(expected) && !file_name_is_inside(expected))
    keys_complain(k, node_child(n, "expected"), "\"%.*s\" is outside fixtures/", STR_F(expected));
  parse_rules(s, k, node_child(n, "rules"));
  if (keys_bool(n, "semantic") && node_child(n, "rules"))
    keys_complain(k, node_child(n, "rules"), "\"rules\" are for trees; \"semantic\" compares what letters say");
  steps_default_texts(
      s,
      (struct protocol_text){
          arena_printf(k->arena, "The message \"%.*s\" is compared with %.*s", STR_F(on), STR_F(expected)),
          arena_printf(k->arena, "Meddelelsen \"%.*s\" sammenlignes med %.*s", STR_F(on), STR_F(expected))},
      (struct protocol_text){STR("No differences"), STR("Ingen forskelle")});
}

static int load_rules(const struct diff_rules **out, const struct step_view *v, struct error *e) {
  struct str file = keys_text(v->at->step->args_node, "rules"), bytes;
  struct arena *a = v->scratch;
  struct findings found;
  struct node *yaml;
  struct diff_rules *rules;
  *out = v->at->step->args;
  if (!file.n) return 0;
  if (!file_name_is_inside(file))
    return error_set(e, ERR_CONFIG, "the rules \"%.*s\" are outside fixtures/", STR_F(file));
  const char *path = file_join(a, file_join(a, v->services->data_dir, "fixtures"), arena_z(a, file));
  if (file_read(&bytes, a, path, DIFF_RULES_BYTES_MAX, e) < 0)
    return error_set(e, e->code, "the match rules fixtures/%.*s cannot be read", STR_F(file));
  findings_init(&found, a);
  int read = yaml_read(&yaml, a, (struct source){file, bytes}, &found);
  if (findings_error(&found, e) < 0) return -1;
  if (read < 0) return error_at(e, ERR_SYNTAX, file, 0, 0, "it cannot be read");
  if (diff_rules_read(&rules, a, yaml, file, e) < 0) return -1;
  *out = rules;
  return 0;
}

/* Of FHIR, or of a letter. */
static int expected_fixture(const struct node **tree, const struct expander *x, struct str file, struct error *e) {
  struct source src = {.name = file};
  enum resource_form form;
  struct node *root;
  struct message m;
  if (fixture_load(&src.bytes, x, file, e) < 0) return -1;
  if (!letter_is(src.bytes)) {
    if (fixture_read(&root, &form, x, file, e) < 0) return -1;
    *tree = root;
    return 0;
  }
  if (letter_make(&src.bytes, x, src, e) < 0) return -1;
  message_read(&m, x->v->scratch, src);
  if (open_groups(&m, x->v, e) < 0) return -1;
  *tree = message_tree(&m);
  return *tree ? 0 : error_at(e, ERR_SYNTAX, file, 0, 0, "it cannot be read");
}

/* The tree to compare with; false if a finding tells why there is none. */
static bool expected_tree(const struct node **tree, struct str *name, const struct step_view *v, struct judgement *j) {
  struct str expected = keys_text(v->at->step->args_node, "expected");
  struct expander x = {.v = v, .making = true, .now = v->at->opened_at};
  struct message m;
  struct error e;
  if (is_file(expected)) {
    if (expand_text(name, &x, expected, EXPAND_PLAIN, &e) == 0 && expected_fixture(tree, &x, *name, &e) == 0)
      return true;
    judge_unresolved(j, &e);
    return false;
  }
  if (!judge_open(&m, v, j, expected)) return false;
  if (open_groups(&m, v, &e) < 0) {
    judge_broken(j, RULE_UNREADABLE, &e);
    return false;
  }
  *tree = message_tree(&m);
  *name = m.payload.name;
  if (!*tree) JUDGE(j, RULE_NOT_FHIR, ((struct place){.message = m.raw.name}));
  return *tree != NULL;
}

static void judge(const struct step_view *v, struct judgement *j) {
  struct message m;
  const struct diff_rules *rules;
  const struct node *expected;
  struct str name;
  struct error e;
  if (keys_bool(v->at->step->args_node, "semantic")) {
    diff_by_meaning(v, j, is_file(keys_text(v->at->step->args_node, "expected")));
    return;
  }
  if (!judge_open(&m, v, j, keys_text(v->at->step->args_node, "on"))) return;
  if (open_groups(&m, v, &e) < 0) {
    judge_broken(j, RULE_UNREADABLE, &e);
    return;
  }
  const struct node *tree = message_tree(&m);
  if (!tree) {
    JUDGE(j, RULE_NOT_FHIR, ((struct place){.message = m.raw.name}));
    return;
  }
  if (load_rules(&rules, v, &e) < 0) {
    judge_broken(j, RULE_UNREADABLE, &e);
    return;
  }
  if (!expected_tree(&expected, &name, v, j)) return;
  size_t n = diff_trees(&j->findings, expected, name, tree, m.payload.name, rules);
  judge_actual(j, arena_printf(v->scratch, "%zu differences", n), arena_printf(v->scratch, "%zu forskelle", n));
}

/* Places of findings are those of the file in a resource, which is read before its values are put in, and of what they
 * made in a letter. */
static int compared(const struct step_view *v, struct step_compared *out, struct error *e) {
  struct str expected = keys_text(v->at->step->args_node, "expected");
  struct expander x = {.v = v, .making = true, .now = v->at->opened_at};
  bool by_meaning = keys_bool(v->at->step->args_node, "semantic");
  if (!is_file(expected)) return 0;
  if (expand_text(&out->name, &x, expected, EXPAND_PLAIN, e) < 0 || fixture_load(&out->bytes, &x, out->name, e) < 0)
    return -1;
  bool is_json = str_starts(str_trim(out->bytes), STR("{")), is_letter = letter_is(out->bytes);
  x.shown = out;
  if (!is_letter && !(by_meaning && !str_ends(out->name, STR(".json"))))
    return expand_text(&out->bytes, &x, out->bytes, is_json ? EXPAND_JSON : EXPAND_XML, e);
  int result = by_meaning ? diff_letter(&out->bytes, &x, out->name, e)
                          : letter_make(&out->bytes, &x, (struct source){out->name, out->bytes}, e);
  out->shifts.n = 0;
  return result;
}

const struct step_kind step_diff = {.word = "diff", .keys = keys, .parse = parse, .judge = judge, .compared = compared};
