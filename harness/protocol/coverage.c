#include "protocol/coverage.h"

#include <stdlib.h>

bool step_is_by_person(const struct step *s) {
  static const char *const words[] = {"manual", "explain", "instruct"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(str_z(s->kind->word), words[i])) return true;
  return false;
}

void coverage_init(struct coverage *c, struct arena *a) {
  *c = (struct coverage){.arena = a};
}

/* --- steps ------------------------------------------------------------------------ */

/* MedCom's number, and whether anything under it is judged by machine. */
struct numbered {
  struct str number;
  bool machine;
};

static void add_count(struct coverage_count *to, const struct coverage_count *from) {
  to->numbers += from->numbers;
  to->numbers_machine += from->numbers_machine;
  to->steps += from->steps;
  to->steps_machine += from->steps_machine;
}

/* A number that is repeated is there once. */
static struct numbered *find_number(struct numbered *list, size_t n, struct str number) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i].number, number)) return &list[i];
  return NULL;
}

static struct coverage_count count_case(struct arena *a, const struct protocol_case *in) {
  struct numbered *list = ARENA_ARRAY(a, struct numbered, in->steps.n + 1), *under = NULL;
  struct coverage_count count = {.steps = in->steps.n};
  for (size_t i = 0; i < in->steps.n; i++) {
    const struct step *s = in->steps.v[i];
    bool machine = !step_is_by_person(s);
    if (s->number.n) under = find_number(list, count.numbers, s->number);
    if (s->number.n && !under) {
      under = &list[count.numbers++];
      *under = (struct numbered){.number = s->number};
    }
    if (under) under->machine = under->machine || machine;
    count.steps_machine += machine;
  }
  for (size_t i = 0; i < count.numbers; i++) count.numbers_machine += list[i].machine;
  return count;
}

/* --- requirements ----------------------------------------------------------------- */

static struct coverage_requirement *requirement_of(struct coverage *c, struct str standard, struct str id) {
  for (size_t i = 0; i < c->requirements.n; i++) {
    struct coverage_requirement *r = &c->requirements.v[i];
    if (str_eq(r->standard, standard) && str_eq(r->id, id)) return r;
  }
  struct coverage_requirement *r = VEC_ADD(c->arena, &c->requirements);
  r->standard = standard;
  r->id = id;
  return r;
}

static void add_verifies(struct coverage *c, const struct protocol *p, const struct step *s) {
  for (size_t i = 0; i < s->verifies.n; i++) {
    struct coverage_requirement *r = requirement_of(c, p->standard, s->verifies.v[i]);
    VEC_PUSH(c->arena, &r->steps, s);
    r->machine = r->machine || !step_is_by_person(s);
  }
}

void coverage_add(struct coverage *c, const struct protocol *p) {
  struct coverage_protocol *out = VEC_ADD(c->arena, &c->protocols);
  out->protocol = p;
  for (size_t i = 0; i < p->cases.n; i++) {
    const struct protocol_case *in = p->cases.v[i];
    struct coverage_case one = {in, count_case(c->arena, in)};
    VEC_PUSH(c->arena, &out->cases, one);
    add_count(&out->total, &one.count);
    for (size_t k = 0; k < in->steps.n; k++) add_verifies(c, p, in->steps.v[k]);
  }
  add_count(&c->total, &out->total);
}

/* --- what is never verified --------------------------------------------------------- */

/* "S1", "R12", "S1.A2": how MedCom names use cases. */
static bool is_use_case(struct str s) {
  struct str alternative = s, main = str_cut(&alternative, '.');
  int64_t n;
  bool is_main = main.n > 1 && (main.p[0] == 'S' || main.p[0] == 'R') && str_int(str_sub(main, 1, main.n), &n) && n > 0;
  if (!is_main || main.n == s.n) return is_main;
  return alternative.n > 1 && alternative.p[0] == 'A' && str_int(str_sub(alternative, 1, alternative.n), &n) && n > 0;
}

/* Requirement ids of a standard may have its letters in front: "HN-S1" verifies S1. */
static bool is_verified(const struct coverage *c, struct str standard, struct str id) {
  for (size_t i = 0; i < c->requirements.n; i++) {
    const struct coverage_requirement *r = &c->requirements.v[i];
    if (!str_eq(r->standard, standard) || !str_ends(r->id, id)) continue;
    if (r->id.n == id.n || r->id.p[r->id.n - id.n - 1] == '-') return true;
  }
  return false;
}

static bool is_told(const struct coverage *c, struct str standard, struct str id) {
  for (size_t i = 0; i < c->unverified.n; i++)
    if (str_eq(c->unverified.v[i].standard, standard) && str_eq(c->unverified.v[i].id, id)) return true;
  return false;
}

/* The use cases in front of the colon of a title. */
static void look_at_title(struct coverage *c, const struct protocol *p, const struct protocol_case *in) {
  size_t colon = str_index(in->title.en, ':');
  struct str rest = str_sub(in->title.en, 0, colon);
  if (colon == SIZE_MAX) return;
  while (rest.n) {
    struct str id = str_trim(str_cut(&rest, ','));
    if (!is_use_case(id) || is_verified(c, p->standard, id) || is_told(c, p->standard, id)) continue;
    VEC_PUSH(c->arena, &c->unverified, ((struct coverage_unverified){p->standard, id, in->id}));
  }
}

static bool is_named(const struct coverage *c, struct str id) {
  for (size_t i = 0; i < c->requirements.n; i++)
    if (str_eq(c->requirements.v[i].id, id)) return true;
  return false;
}

static void look_at_verifies(struct coverage *c, const struct node *list, struct str file) {
  for (NODE_EACH(id, list)) {
    bool is_parameter = str_find(id->text, STR("${"), 0) != SIZE_MAX;
    if (is_parameter || is_named(c, id->text) || is_told(c, (struct str){0}, id->text)) continue;
    VEC_PUSH(c->arena, &c->unverified, ((struct coverage_unverified){{0}, id->text, file}));
  }
}

void coverage_add_fragments(struct coverage *c, const struct node *root, struct str file) {
  for (NODE_EACH(child, root)) {
    if (str_eqz(child->name, "verifies")) look_at_verifies(c, child, file);
    coverage_add_fragments(c, child, file);
  }
}

static int compare_requirements(const void *x, const void *y) {
  const struct coverage_requirement *a = x, *b = y;
  int by_standard = str_cmp(a->standard, b->standard);
  return by_standard ? by_standard : str_cmp(a->id, b->id);
}

void coverage_finish(struct coverage *c) {
  if (c->requirements.n) qsort(c->requirements.v, c->requirements.n, sizeof *c->requirements.v, compare_requirements);
  for (size_t i = 0; i < c->protocols.n; i++) {
    const struct protocol *p = c->protocols.v[i].protocol;
    for (size_t k = 0; k < p->cases.n; k++) look_at_title(c, p, p->cases.v[k]);
  }
}
