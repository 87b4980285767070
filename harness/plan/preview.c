#include "plan/preview.h"

#include "base/map.h"
#include "protocol/coverage.h"
#include "record/record.h"

static const char *const kind_names[PREVIEW_KINDS_N] = {[PREVIEW_MACHINE] = "machine",
                                                        [PREVIEW_PERSON] = "person",
                                                        [PREVIEW_NOT] = "not-tested",
                                                        [PREVIEW_CANNOT] = "inconclusive"};

const char *preview_kind_name(enum preview_kind k) {
  return kind_names[k];
}

struct previewing {
  struct arena *arena;
  const struct plan *plan;
  struct map lost; /* names of messages and variables -> the step that would give it and is not tested */
};

static struct str text_of(const struct step *s, const char *key) {
  return s->args_node && s->args_node->kind == NODE_OBJECT ? keys_text(s->args_node, key) : (struct str){0};
}

/* "forward" that is declared false, "!forward" that is declared true. */
static struct said declared_why(struct arena *a, struct str when) {
  bool negated = str_starts(when, STR("!"));
  struct str name = negated ? str_sub(when, 1, when.n) : when;
  const char *value = negated ? "true" : "false";
  return (struct said){arena_printf(a, "the vendor file declares %.*s: %s", STR_F(name), value),
                       arena_printf(a, "leverandørfilen angiver %.*s: %s", STR_F(name), value)};
}

static struct said case_why(struct arena *a, const struct plan_case *c) {
  if (c->applies) return (struct said){{0}, {0}};
  if (str_eqz(c->reason, RECORD_NOT_CHOSEN))
    return (struct said){STR("the case was not chosen (--case)"), STR("afsnittet er ikke valgt (--case)")};
  return declared_why(a, c->c->when);
}

static struct said person_why(struct arena *a, const struct previewing *p, const struct step *s) {
  bool medcom = str_eqz(text_of(s, "who"), "medcom");
  bool hook = s->args_node->kind == NODE_OBJECT && node_child(s->args_node, "trigger") &&
              plan_vendor(p->plan, s->party)->trigger != TRIGGER_PERSON;
  if (hook) return (struct said){STR("the system is triggered"), STR("systemet trigges")};
  if (str_eqz(str_z(s->kind->word), "instruct"))
    return (struct said){arena_printf(a, "%s acts", medcom ? "MedCom" : "the vendor"),
                         arena_printf(a, "%s handler", medcom ? "MedCom" : "leverandøren")};
  return (struct said){
      arena_printf(a, "%s answers%s", medcom ? "MedCom" : "the vendor", s->optional ? ", or says not relevant" : ""),
      arena_printf(a, "%s svarer%s", medcom ? "MedCom" : "leverandøren",
                   s->optional ? " eller siger ikke relevant" : "")};
}

/* Whoever would have given that message, or the first of a list that has none. */
static const struct step *giver_lost(const struct previewing *p, const struct node *n, struct str *name) {
  const struct step *giver = NULL;
  for (NODE_EACH(c, n))
    if (!giver) giver = giver_lost(p, c, name);
  if (giver || !n || !n->text.n) return giver;
  *name = n->text;
  return map_get(&p->lost, *name);
}

/* Names of messages that a step needs. */
static const struct step *needs_lost(const struct previewing *p, const struct step *s, struct str *name) {
  static const char *const keys[] = {"on", "to", "answers", "again", "pass", "of", "body"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const struct step *giver = giver_lost(p, node_child(s->args_node, keys[i]), name);
    if (giver) return giver;
  }
  return NULL;
}

static struct preview_step preview_one(struct previewing *p, const struct plan_case *c, const struct step *s) {
  struct arena *a = p->arena;
  struct str name;
  if (!c->applies) return (struct preview_step){s, PREVIEW_NOT, case_why(a, c)};
  if (!plan_step_applies(p->plan, s)) return (struct preview_step){s, PREVIEW_NOT, declared_why(a, s->when)};
  const struct step *giver = needs_lost(p, s, &name);
  if (giver)
    return (struct preview_step){
        s,
        PREVIEW_CANNOT,
        {arena_printf(a, "needs \"%.*s\" of step %.*s, which is not tested", STR_F(name), STR_F(giver->id)),
         arena_printf(a, "kræver \"%.*s\" fra teststep %.*s, som ikke testes", STR_F(name), STR_F(giver->id))}};
  if (step_is_by_person(s)) return (struct preview_step){s, PREVIEW_PERSON, person_why(a, p, s)};
  return (struct preview_step){.step = s, .kind = PREVIEW_MACHINE};
}

static void preview_case(struct preview *out, struct previewing *p, const struct plan_case *c) {
  struct preview_case *pc = VEC_ADD(p->arena, &out->cases);
  pc->plan = c;
  pc->why = case_why(p->arena, c);
  for (size_t i = 0; i < c->c->steps.n; i++) {
    const struct step *s = c->c->steps.v[i];
    struct preview_step one = preview_one(p, c, s);
    struct str as = text_of(s, "as");
    if (as.n && (one.kind == PREVIEW_NOT || one.kind == PREVIEW_CANNOT)) map_set(&p->lost, as, (void *)s);
    VEC_PUSH(p->arena, &pc->steps, one);
    out->count[one.kind]++;
  }
}

void preview_make(struct preview *out, struct arena *a, const struct plan *p) {
  struct previewing pr = {.arena = a, .plan = p};
  *out = (struct preview){0};
  map_init(&pr.lost, a);
  for (size_t i = 0; i < p->cases.n; i++) preview_case(out, &pr, &p->cases.v[i]);
}
