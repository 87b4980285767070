/* diff with `semantic: true`: letters of whatever formats, compared by what they say. */
#include "base/file.h"
#include "diff/semantic.h"
#include "steps/steps_int.h"

static int correspond(struct correspondence *out, const struct step_view *v, const struct conversion_rules *r,
                      const struct message *m, struct error *e) {
  struct arena *a = v->scratch;
  if (m->resource) return correspondence_of(out, a, r, m->resource, MAPPING_FHIR, m->payload.name, e);
  if (m->letter) return correspondence_of(out, a, r, m->letter, MAPPING_OIOXML, m->payload.name, e);
  if (m->interchange) return correspondence_of(out, a, r, m->interchange, MAPPING_EDIFACT, m->payload.name, e);
  return error_at(e, ERR_SYNTAX, m->raw.name, 0, 0, "it holds no letter that can be compared");
}

/* In XML what is put in is escaped. */
int diff_letter(struct str *bytes, const struct expander *x, struct str file, struct error *e) {
  struct arena *a = x->v->scratch;
  const char *path = file_join(a, file_join(a, x->v->services->data_dir, "fixtures"), arena_z(a, file));
  if (file_read(bytes, a, path, FIXTURE_BYTES_MAX, e) < 0)
    return error_set(e, e->code, "fixtures/%.*s cannot be read", STR_F(file));
  bool xml = str_starts(str_trim(*bytes), STR("<"));
  return expand_text(bytes, x, *bytes, xml ? EXPAND_XML : EXPAND_PLAIN, e);
}

/* A fixture with its ${...} replaced. */
static int fixture(struct correspondence *out, const struct step_view *v, const struct conversion_rules *r,
                   struct str file, struct error *e) {
  struct arena *a = v->scratch;
  struct expander x = {.v = v, .making = true, .now = v->at->opened_at};
  enum resource_form form;
  struct node *root;
  struct str bytes;
  if (str_ends(file, STR(".json"))) {
    if (fixture_read(&root, &form, &x, file, e) < 0) return -1;
    return correspondence_of(out, a, r, root, MAPPING_FHIR, file, e);
  }
  return diff_letter(&bytes, &x, file, e) < 0 ? -1 : correspondence_read(out, a, r, (struct source){file, bytes}, e);
}

static bool expected_letter(struct correspondence *out, const struct step_view *v, const struct conversion_rules *r,
                            struct judgement *j, bool is_file) {
  struct str expected = keys_text(v->at->step->args_node, "expected");
  struct expander x = {.v = v, .making = true, .now = v->at->opened_at};
  struct message m;
  struct error e;
  if (is_file) {
    if (expand_text(&expected, &x, expected, EXPAND_PLAIN, &e) == 0 && fixture(out, v, r, expected, &e) == 0)
      return true;
    judge_unresolved(j, &e);
    return false;
  }
  if (!judge_open(&m, v, j, expected)) return false;
  if (correspond(out, v, r, &m, &e) == 0) return true;
  judge_broken(j, RULE_UNREADABLE, &e);
  return false;
}

static bool names_one_of(const struct correspondence *letter, const struct correspondence *objects) {
  for (size_t i = 0; i < correspondence_count(objects, "attachment"); i++) {
    struct str id = correspondence_value(objects, "attachment.id", i);
    if (id.n && correspondence_find(letter, "attachment.id", id)) return true;
  }
  return false;
}

static bool is_objects(const struct state_message *m) {
  struct str type = facts_get(&m->facts, "letter");
  return str_eqz(type, "BIN01") || str_eqz(type, "XBIN01");
}

/* What is attached to a letter stands in letters of its own: those of the run that it names belong to it. One that
 * cannot be read is another step's to judge; what it holds stays uncompared, and that is told. */
static void join_attached(struct correspondence *letter, const struct step_view *v, const struct conversion_rules *r) {
  for (size_t i = 0; letter->format != MAPPING_FHIR && i < v->state->messages.n; i++) {
    struct correspondence *objects = ARENA_NEW(v->scratch, struct correspondence);
    struct message m;
    struct error e;
    if (!is_objects(v->state->messages.v[i]) || open_message(&m, v, v->state->messages.v[i], &e) < 0) continue;
    if (correspond(objects, v, r, &m, &e) == 0 && names_one_of(letter, objects)) correspondence_join(letter, objects);
  }
}

void diff_by_meaning(const struct step_view *v, struct judgement *j, bool is_file) {
  struct correspondence expected, actual;
  struct conversion_rules *rules;
  struct message m;
  struct error e;
  if (conversion_rules_load(&rules, v->scratch, v->services->data_dir, &e) < 0) {
    judge_broken(j, RULE_UNREADABLE, &e);
    return;
  }
  if (!judge_open(&m, v, j, keys_text(v->at->step->args_node, "on"))) return;
  if (correspond(&actual, v, rules, &m, &e) < 0) {
    JUDGE(j, RULE_UNRESOLVED, ((struct place){.message = m.raw.name}), arena_str(j->findings.arena, str_z(e.text)));
    return;
  }
  if (!expected_letter(&expected, v, rules, j, is_file)) return;
  join_attached(&actual, v, rules);
  join_attached(&expected, v, rules);
  size_t n = diff_semantic(&j->findings, &expected, &actual);
  judge_actual(j, arena_printf(v->scratch, "%zu differences", n), arena_printf(v->scratch, "%zu forskelle", n));
}
