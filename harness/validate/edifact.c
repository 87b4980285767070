#include "validate/edifact_judge.h"

#include "base/file.h"
#include "validate/edifact_judge_int.h"
#include "validate/validate_int.h"

void edifact_find_fault_said(const struct edifact_judge *j, enum skeleton_rule rule, const struct node *n,
                             size_t args_n, const struct said *args) {
  struct finding *f =
      findings_add_said(j->f, &skeleton_rule_table[rule], node_place_for(j->f, j->name, n), args_n, args);
  if (!f) return;
  if (j->source.n && f->severity != SEV_INFO) f->source = arena_str(j->f->arena, j->source);
  if (j->fidelity == SKELETON_OLDER && f->severity != SEV_INFO) f->severity = SEV_UNDECIDED;
}

void edifact_find_fault(const struct edifact_judge *j, enum skeleton_rule rule, const struct node *n, size_t args_n,
                        const struct str *args) {
  struct said said[FINDING_ARGS_MAX];
  for (size_t i = 0; i < args_n; i++) said[i] = said_same(args[i]);
  edifact_find_fault_said(j, rule, n, args_n, said);
}

static struct str code_text(struct arena *a, const struct node *unh) {
  struct str s = edifact_text(unh, 2, 1);
  for (size_t c = 2; c <= 4; c++) s = arena_printf(a, "%.*s:%.*s", STR_F(s), STR_F(edifact_text(unh, 2, c)));
  return s;
}

/* Of a version that is not known: the nearest one of its function that has a skeleton, or of all. */
static const struct skeleton_version *nearest(const struct skeletons *s, struct str version, struct str function) {
  const struct skeleton_version *best = NULL;
  bool of_function = false;
  for (size_t i = 0; i < s->versions.n; i++) {
    const struct skeleton_version *v = &s->versions.v[i];
    bool same = str_eq(v->function, function) && v->skeleton.n;
    if (of_function && !same) continue;
    if (best && same == of_function && str_distance(version, v->version) > str_distance(version, best->version))
      continue;
    best = v, of_function = same;
  }
  return best;
}

/* Which version the message is, and how faithfully it can be judged; false if that is told and the message is not.
 * What a version is for and which message it is in says the catalogue of all of them: that holds without a skeleton of
 * its own. */
static bool choose(struct edifact_judge *j) {
  const struct node *unh = node_child(j->message, "UNH");
  struct str version = skeleton_version_of(j->message), function = skeleton_function_of(j->message);
  const struct node *at = unh ? unh : j->message;
  if (!version.n) {
    EDIFACT_FAULT(j, SKELETON_VERSION_MISSING, at);
    return false;
  }
  j->version = skeletons_version(j->skeletons, version);
  if (!j->version) {
    j->fidelity = SKELETON_OLDER;
    j->version = nearest(j->skeletons, version, function);
    EDIFACT_FAULT(j, SKELETON_VERSION_UNKNOWN, at, version, function, j->version->version);
    if (!str_eq(j->version->function, function) || !j->version->skeleton.n) return false;
  }
  if (!str_eq(j->version->function, function))
    EDIFACT_FAULT(j, SKELETON_VERSION_TYPE, at, version, j->version->function, function);
  if (!str_eq(code_text(j->scratch, unh), j->version->message))
    EDIFACT_FAULT(j, SKELETON_VERSION_MESSAGE, at, code_text(j->scratch, unh), version, j->version->message);
  if (j->fidelity == SKELETON_FULL) j->fidelity = j->version->fidelity;
  if (j->version->skeleton.n) return true;
  EDIFACT_FAULT(j, SKELETON_NOT_PUBLIC, at, j->version->type, version);
  return false;
}

static void judge_structure(struct edifact_judge *j) {
  struct skeleton *skeleton;
  struct skeleton_match match;
  struct error e;
  const struct skeleton_version *v = j->version;
  const struct node *unh = node_child(j->message, "UNH");
  if (skeletons_open(&skeleton, j->scratch, j->skeletons, v, &e) < 0) {
    char text[ERROR_TEXT_MAX];
    error_format(&e, text, sizeof text);
    EDIFACT_FAULT(j, SKELETON_DATA, unh, arena_str(j->scratch, str_z(text)));
    return;
  }
  struct str by = v->fidelity == SKELETON_OLDER ? v->skeleton : v->version;
  struct str fidelity = str_z(skeleton_fidelity_name(j->fidelity));
  EDIFACT_FAULT(j, SKELETON_FIDELITY, unh, v->type, skeleton_version_of(j->message),
                arena_printf(j->scratch, "%.*s, %.*s", STR_F(by), STR_F(v->revision)), fidelity);
  if (j->version->fidelity == SKELETON_OLDER)
    EDIFACT_FAULT(j, SKELETON_FIDELITY_OLDER, unh, v->type, skeleton_version_of(j->message));
  j->source = arena_printf(j->scratch, "%.*s %.*s, %.*s (%.*s)", STR_F(v->type), STR_F(by), STR_F(v->revision),
                           STR_F(fidelity));
  skeleton_match(&match, j->scratch, skeleton, j->message);
  skeleton_regroup(&match, j->scratch, j->message);
  edifact_tell(j, &match);
}

/* Lines that were broken where they were full, in the middle of values, are read as one. */
static void join_lines(struct arena *a, struct node *n) {
  for (NODE_EACH(c, n)) {
    join_lines(a, c);
    if (c->kind != NODE_STRING || (str_index(c->text, '\n') == SIZE_MAX && str_index(c->text, '\r') == SIZE_MAX))
      continue;
    char *p = arena_alloc(a, c->text.n);
    size_t length = 0;
    for (size_t i = 0; i < c->text.n; i++)
      if (c->text.p[i] != '\n' && c->text.p[i] != '\r') p[length++] = c->text.p[i];
    c->text = (struct str){p, length};
  }
}

void edifact_judge(const struct skeletons *s, const struct node *root, struct str name, struct findings *f) {
  struct arena *scratch = arena_new(0);
  struct node *copy = node_copy(scratch, root);
  struct edifact_judge j = {.skeletons = s, .scratch = scratch, .name = name, .f = f};
  join_lines(scratch, copy);
  for (struct node *m = edifact_message(copy); m; m = edifact_message_next(m)) {
    j.message = m, j.source = (struct str){0}, j.fidelity = SKELETON_FULL;
    if (choose(&j)) judge_structure(&j);
  }
  j.fidelity = SKELETON_FULL, j.source = (struct str){0};
  edifact_judge_objects(&j, copy);
  arena_free(scratch);
}

void validate_edifact(const struct message *m, struct findings *f) {
  struct arena *scratch = arena_new(0);
  struct skeletons *s;
  struct error e;
  char *data;
  struct place start = {.message = m->payload.name, .line = 1, .col = 1};
  if (file_data_dir(&data, scratch, &e) < 0 || skeletons_load(&s, scratch, data, &e) < 0)
    FINDING(f, &skeleton_rule_table[SKELETON_DATA], start, str_z(e.text));
  else if (m->interchange)
    edifact_judge(s, m->interchange, m->payload.name, f);
  arena_free(scratch);
}
