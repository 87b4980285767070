/* Which slice each repetition belongs to, and what the slicing demands (FHIR R4, 5.1.0.14 and 5.1.0.15). */
#include "validate/profile_int.h"

struct slicing {
  struct checker *k;
  const struct node *parent;
  const struct schema_element *e;
  const struct node *const *nodes;
  size_t n;
  int *slice_of; /* index of the slice of each node, NO_SLICE, or UNDECIDED */
  bool *open;    /* of each slice: nodes may belong to it that could not be told */
  const struct discriminator *d;
  size_t d_n;
};

enum { NO_SLICE = -1, UNDECIDED = -2 };

/* What is sliced without saying how: choices by type, extensions by url (FHIR R4, 5.1.0.14). */
static const struct discriminator by_type = {DISCRIMINATOR_TYPE, STR_INIT("$this")};
static const struct discriminator by_url = {DISCRIMINATOR_VALUE, STR_INIT("url")};

static const struct discriminator *discriminators_of(const struct schema_element *e, size_t *n) {
  *n = e->def->slicing.discriminators.n;
  if (*n) return e->def->slicing.discriminators.v;
  const struct schema_element *of = e;
  while (of->sliced) of = of->sliced;
  *n = 1;
  if (of->choice) return &by_type;
  if (str_eqz(of->name, "extension") || str_eqz(of->name, "modifierExtension")) return &by_url;
  *n = 0;
  return NULL;
}

static int match_slice(const struct slicing *s, const struct node *n, const struct schema_element *slice) {
  int all = DISCRIMINATOR_SILENT;
  for (size_t i = 0; i < s->d_n; i++) {
    int one = discriminator_match(s->k, n, slice, &s->d[i]);
    if (one == 0) return 0;
    if (one == DISCRIMINATOR_SILENT) continue;
    all = one < 0 || all == -1 ? -1 : 1;
  }
  return all == DISCRIMINATOR_SILENT ? -1 : all;
}

/* FHIR R4, 5.1.0.14: the discriminators tell the slices apart, so that nothing belongs to two of them. */
static void check_no_other(const struct slicing *s, const struct node *n, size_t first) {
  for (size_t i = first + 1; i < s->e->slices.n; i++) {
    s->k->work++;
    if (check_past_limit(s->k)) return;
    if (match_slice(s, n, s->e->slices.v[i]) <= 0) continue;
    CHECK(s->k, PROFILE_SLICE_SEVERAL, n, s->e, s->e->def->path, s->e->slices.v[first]->def->slice_name,
          s->e->slices.v[i]->def->slice_name);
    return;
  }
}

static int find_slice(const struct slicing *s, const struct node *n) {
  bool undecided = false;
  for (size_t i = 0; i < s->e->slices.n; i++) {
    s->k->work++;
    if (check_past_limit(s->k)) return UNDECIDED;
    int match = match_slice(s, n, s->e->slices.v[i]);
    if (match > 0) {
      check_no_other(s, n, i);
      return (int)i;
    }
    if (match < 0) undecided = s->open[i] = true;
  }
  return undecided ? UNDECIDED : NO_SLICE;
}

static struct str slice_title(struct checker *k, const struct schema_element *slice) {
  return arena_printf(k->a, "%.*s:%.*s", STR_F(slice->def->path), STR_F(slice->def->slice_name));
}

/* Those that could have been it and are not, each with why. */
static void explain_missing(const struct slicing *s, struct finding *f, const struct schema_element *slice) {
  struct reasons why = {0};
  const struct node **others = ARENA_ARRAY(s->k->a, const struct node *, s->n + 1);
  size_t n = 0;
  if (!f) return;
  for (size_t i = 0; i < s->n; i++)
    if (s->slice_of[i] < 0 || s->e->slices.v[s->slice_of[i]] != slice) others[n++] = s->nodes[i];
  if (n)
    why_no_slice(s->k, &why, others, n, slice, s->d, s->d_n);
  else
    why_slice(s->k, &why, slice, s->d, s->d_n);
  findings_explain(s->k->f, f, &why);
}

/* Which those are that are too many. */
static void explain_members(const struct slicing *s, struct finding *f, const struct schema_element *slice) {
  static const struct said member = {STR_INIT("belongs to the slice"), STR_INIT("hører til slicen")};
  struct reasons why = {0};
  size_t told = 0, count = 0;
  for (size_t i = 0; f && i < s->n; i++) {
    if (s->slice_of[i] < 0 || s->e->slices.v[s->slice_of[i]] != slice) continue;
    if (told < WHY_CANDIDATES_MAX) reasons_add(&why, s->k->a, 0, check_place(s->k, s->nodes[i]), member), told++;
    count++;
  }
  why_more(s->k, &why, 0, count - told);
  findings_explain(s->k->f, f, &why);
}

static void check_count(const struct slicing *s, const struct schema_element *slice, size_t count, bool undecided) {
  const struct element *d = slice->def;
  struct checker *k = s->k;
  if (d->min > 0 && count < (size_t)d->min && !undecided)
    explain_missing(s,
                    CHECK_SAID(k, PROFILE_SLICE_MIN, s->parent, slice, said_same(slice_title(k, slice)),
                               why_times(k, (size_t)d->min), why_number(k, count)),
                    slice);
  if (d->max >= 0 && count > (size_t)d->max)
    explain_members(s,
                    CHECK_SAID(k, d->max ? PROFILE_SLICE_MAX : PROFILE_SLICE_NONE, s->parent, slice,
                               said_same(slice_title(k, slice)), why_times(k, (size_t)d->max), why_number(k, count)),
                    slice);
}

static struct str slice_names(const struct slicing *s) {
  struct buf b;
  buf_init(&b, 1000);
  for (size_t i = 0; i < s->e->slices.n; i++) {
    if (i) buf_addz(&b, ", ");
    buf_add(&b, s->e->slices.v[i]->def->slice_name);
  }
  return buf_take(&b, s->k->a);
}

static void check_unmatched(const struct slicing *s, size_t at) {
  const struct element_slicing *r = &s->e->def->slicing;
  if (r->rules == SLICING_CLOSED && r->there) {
    struct reasons why = {0};
    struct finding *f = CHECK(s->k, PROFILE_SLICE_CLOSED, s->nodes[at], s->e, s->e->def->path, slice_names(s));
    if (f) why_in_no_slice(s->k, &why, s->nodes[at], s->e, s->d, s->d_n);
    findings_explain(s->k->f, f, &why);
  }
  if (r->rules != SLICING_OPEN_AT_END) return;
  for (size_t i = at + 1; i < s->n; i++)
    if (s->slice_of[i] >= 0) {
      CHECK(s->k, PROFILE_SLICE_END, s->nodes[at], s->e, s->e->def->path);
      return;
    }
}

static void check_order_of_slices(const struct slicing *s) {
  int latest = -1;
  if (!s->e->def->slicing.ordered) return;
  for (size_t i = 0; i < s->n; i++) {
    if (s->slice_of[i] < 0) continue;
    if (s->slice_of[i] < latest)
      CHECK(s->k, PROFILE_SLICE_ORDER, s->nodes[i], s->e, slice_title(s->k, s->e->slices.v[s->slice_of[i]]));
    else
      latest = s->slice_of[i];
  }
}

static void check_members(const struct slicing *s, size_t at, bool undecided) {
  const struct schema_element *slice = s->e->slices.v[at];
  size_t count = 0, n = 0;
  for (size_t i = 0; i < s->n; i++) count += s->slice_of[i] == (int)at;
  check_count(s, slice, count, undecided);
  if (!count && !slice->slices.n) return;
  const struct node **own = ARENA_ARRAY(s->k->a, const struct node *, count + 1);
  for (size_t i = 0; i < s->n; i++)
    if (s->slice_of[i] == (int)at) own[n++] = s->nodes[i];
  for (size_t i = 0; i < count; i++) check_element(s->k, own[i], slice, check_type_of(slice, own[i]));
  if (slice->slices.n) check_slices(s->k, s->parent, slice, own, count);
}

void check_slices(struct checker *k, const struct node *parent, const struct schema_element *e,
                  const struct node *const *nodes, size_t n) {
  size_t d_n;
  const struct discriminator *d = discriminators_of(e, &d_n);
  struct slicing s = {k, parent, e, nodes, n, ARENA_ARRAY(k->a, int, n + 1), ARENA_ARRAY(k->a, bool, e->slices.n + 1),
                      d, d_n};
  for (size_t i = 0; i < n; i++) {
    s.slice_of[i] = d_n ? find_slice(&s, nodes[i]) : UNDECIDED;
    if (s.slice_of[i] == UNDECIDED)
      CHECK(k, PROFILE_SLICE_UNDECIDED, nodes[i], e, e->def->path, d_n ? d[0].path : STR("-"));
  }
  for (size_t i = 0; i < n; i++)
    if (s.slice_of[i] == NO_SLICE) check_unmatched(&s, i);
  check_order_of_slices(&s);
  for (size_t i = 0; i < e->slices.n; i++) check_members(&s, i, s.open[i] || (n && !d_n));
}
