/* The table: inputs judged under both sides, one row a difference. */
#include "lint/regress_int.h"

#include "base/hash.h"

static const char *const change_names[REGRESS_CHANGES_N] = {[REGRESS_FAILS] = "newly-failing",
                                                            [REGRESS_PASSES] = "no-longer-failing",
                                                            [REGRESS_OTHERWISE] = "changed",
                                                            [REGRESS_DEFINITION] = "definition"};

const char *regress_change_name(enum regress_change c) {
  return change_names[c];
}

void regress_init(struct regress *r, struct arena *a, struct regress_side x, struct regress_side y) {
  *r = (struct regress){.arena = a, .x = x, .y = y};
  map_init(&r->by_key, a);
  map_init(&r->seen, a);
  map_init(&r->reached, a);
}

struct regress_input *regress_add(struct regress *r, enum regress_kind kind, struct str name, struct str system,
                                  struct str bytes) {
  char *digest = arena_alloc(r->arena, SHA256_HEX + 1);
  sha256_hex(digest, bytes);
  struct str key = arena_printf(r->arena, "%s %.*s", digest, STR_F(system));
  if (map_get(&r->seen, key)) return NULL;
  if (r->inputs.n == REGRESS_INPUTS_MAX) {
    r->full = true;
    return NULL;
  }
  map_set(&r->seen, key, r);
  struct regress_input *in = ARENA_NEW(r->arena, struct regress_input);
  *in = (struct regress_input){.kind = kind,
                               .name = arena_str(r->arena, name),
                               .system = arena_str(r->arena, system),
                               .bytes = arena_str(r->arena, bytes)};
  VEC_PUSH(r->arena, &r->inputs, in);
  return in;
}

void strs_once(struct arena *a, struct strs *list, struct str s) {
  for (size_t i = 0; i < list->n; i++)
    if (str_eq(list->v[i], s)) return;
  VEC_PUSH(a, list, s);
}

struct regress_row *regress_row(struct regress *r, enum regress_change change, struct regress_row like) {
  struct str profile = change == REGRESS_DEFINITION || !like.profiles.n ? (struct str){0} : like.profiles.v[0];
  struct str key =
      arena_printf(r->arena, "%d|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", (int)change, STR_F(like.rule), STR_F(profile),
                   STR_F(like.element), STR_F(like.constraint), STR_F(like.before), STR_F(like.after));
  struct regress_row *row = map_get(&r->by_key, key);
  if (row) return row;
  if (r->rows.n == REGRESS_ROWS_MAX) {
    r->full = true;
    return NULL;
  }
  row = ARENA_NEW(r->arena, struct regress_row);
  *row = like;
  row->change = change;
  map_set(&r->by_key, key, row);
  VEC_PUSH(r->arena, &r->rows, row);
  return row;
}

/* --- one input under both ---------------------------------------------------- */

/* What one rule says of one element, under either side: how often, by severity. */
struct tally {
  const struct finding *first;
  size_t n[2][FINDING_SEVERITIES];
};

struct tallies {
  struct arena *scratch;
  struct map by_key;
};

/* The version of a profile is what differs anyway. */
static struct str place_of(struct arena *a, const struct finding *f) {
  return arena_printf(a, "%.*s|%.*s|%.*s|%.*s", STR_F(f->rule), STR_F(canonical_cut(f->profile, NULL)),
                      STR_F(f->element), STR_F(f->constraint));
}

static void count(struct tallies *t, const struct findings *f, int side) {
  for (size_t i = 0; i < f->list.n; i++) {
    struct str key = place_of(t->scratch, &f->list.v[i]);
    struct tally *one = map_get(&t->by_key, key);
    if (!one) {
      one = ARENA_NEW(t->scratch, struct tally);
      one->first = &f->list.v[i];
      map_set(&t->by_key, key, one);
    }
    one->n[side][f->list.v[i].severity]++;
  }
}

static int worst_of(const struct tally *t, int side) {
  for (int s = FINDING_SEVERITIES - 1; s >= 0; s--)
    if (t->n[side][s]) return s;
  return -1;
}

/* Information never changes a verdict. */
static bool differs(const struct tally *t, enum regress_change *change) {
  int before = worst_of(t, 0), after = worst_of(t, 1);
  size_t errors = t->n[0][SEV_ERROR], errors_after = t->n[1][SEV_ERROR];
  *change = errors_after > errors ? REGRESS_FAILS : errors_after < errors ? REGRESS_PASSES : REGRESS_OTHERWISE;
  if (errors != errors_after) return true;
  return before != after && (before > SEV_INFO || after > SEV_INFO);
}

static struct str severity_text(int severity) {
  return severity < 0 ? (struct str){0} : str_z(severity_name((enum severity)severity));
}

static void compare(struct regress *r, struct regress_input *in, const struct tally *t) {
  enum regress_change change;
  if (!differs(t, &change)) return;
  struct regress_row like = {.rule = arena_str(r->arena, t->first->rule),
                             .element = arena_str(r->arena, t->first->element),
                             .constraint = arena_str(r->arena, t->first->constraint),
                             .before = severity_text(worst_of(t, 0)),
                             .after = severity_text(worst_of(t, 1))};
  struct str profile = canonical_cut(t->first->profile, NULL);
  if (profile.n) strs_once(r->arena, &like.profiles, arena_str(r->arena, profile));
  struct regress_row *row = regress_row(r, change, like);
  if (!row) return;
  strs_once(r->arena, &row->inputs, in->name);
  if (in->system.n) strs_once(r->arena, &row->systems, in->system);
}

static void judge(struct findings *f, struct arena *a, const struct regress_side *side,
                  const struct regress_input *in) {
  struct message m;
  struct profile_options o = {.cache = side->profiles};
  findings_init(f, a);
  message_read(&m, a, (struct source){in->name, in->bytes});
  validate_as_found(&m, &o, f);
}

void regress_judge(struct regress *r, struct regress_input *in) {
  struct findings before, after;
  struct tallies t = {.scratch = arena_new(0)};
  map_init(&t.by_key, t.scratch);
  judge(&before, t.scratch, &r->x, in);
  judge(&after, t.scratch, &r->y, in);
  in->before = findings_worst(&before);
  in->after = findings_worst(&after);
  count(&t, &before, 0);
  count(&t, &after, 1);
  for (size_t i = 0; i < t.by_key.n; i++) compare(r, in, t.by_key.entries[i].value);
  arena_free(t.scratch);
}

/* --- the end ------------------------------------------------------------------ */

static bool verifies(const struct step *s, struct str constraint) {
  for (size_t i = 0; i < s->verifies.n; i++)
    if (str_eq(s->verifies.v[i], constraint)) return true;
  return false;
}

static bool touches(const struct regress_step *s, const struct regress_row *row) {
  if (row->constraint.n && verifies(s->step, row->constraint)) return true;
  for (size_t i = 0; i < row->profiles.n && s->reach; i++)
    if (map_get(s->reach, row->profiles.v[i])) return true;
  return false;
}

static bool fits_text(struct str pattern, struct str text) {
  if (!pattern.n) return true;
  if (str_ends(pattern, STR("*"))) return str_starts(text, str_sub(pattern, 0, pattern.n - 1));
  return str_eq(pattern, text);
}

static bool fits(const struct regress_accept *a, const struct regress_row *row) {
  bool profile = !a->profile.n;
  for (size_t i = 0; i < row->profiles.n && !profile; i++) profile = fits_text(a->profile, row->profiles.v[i]);
  return profile && fits_text(a->change, str_z(regress_change_name(row->change))) && fits_text(a->rule, row->rule) &&
         fits_text(a->element, row->element) && fits_text(a->constraint, row->constraint);
}

static void agree(struct regress *r, struct regress_row *row) {
  for (size_t i = 0; i < r->accepts.n; i++) {
    if (!fits(&r->accepts.v[i], row)) continue;
    r->accepts.v[i].used++;
    if (!row->accepted) row->accepted = &r->accepts.v[i];
  }
}

void regress_finish(struct regress *r) {
  for (size_t i = 0; i < r->rows.n; i++) {
    struct regress_row *row = r->rows.v[i];
    for (size_t k = 0; k < r->steps.n; k++)
      if (touches(&r->steps.v[k], row))
        strs_once(
            r->arena, &row->steps,
            arena_printf(r->arena, "%.*s %.*s", STR_F(r->steps.v[k].protocol->id), STR_F(r->steps.v[k].step->id)));
    agree(r, row);
  }
}

size_t regress_open_rows(const struct regress *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->rows.n; i++) n += !r->rows.v[i]->accepted;
  return n;
}
