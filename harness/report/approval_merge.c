/* Which row counts where a list and a run, or two of them, speak of the same system, standard and channel. */
#include "report/approval.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/utf8.h"

/* Of a decision, MedCom's word, nothing less takes the place. */
enum weight { SELF_TESTED, TESTING, DECIDED };

static enum weight weight_of(const struct approval *x) {
  struct str s = x->cells[APPROVAL_STATUS];
  if (str_eqz(s, "Godkendt") || str_eqz(s, "Ikke Godkendt")) return DECIDED;
  return str_eqz(s, "Tester") ? TESTING : SELF_TESTED;
}

static bool same_text(struct arena *a, struct str x, struct str y) {
  return str_eq(x, y) || str_eq(utf8_lower(a, x), utf8_lower(a, y));
}

bool approval_same(struct arena *scratch, const struct approval *x, const struct approval *y) {
  static const enum approval_column key[] = {APPROVAL_STANDARD_ID, APPROVAL_CHANNEL, APPROVAL_SYSTEM, APPROVAL_VENDOR};
  for (size_t i = 0; i < sizeof key / sizeof *key; i++)
    if (!same_text(scratch, x->cells[key[i]], y->cells[key[i]])) return false;
  return true;
}

static void take_place(struct approval *old, struct arena *a, const struct approval *x, bool danish) {
  const char *words = danish ? "%.*s; afløser %.*s (%.*s)" : "%.*s; in the place of %.*s (%.*s)";
  struct str was = arena_printf(a, words, STR_F(x->basis), STR_F(old->cells[APPROVAL_STATUS]), STR_F(old->basis));
  old->cells[APPROVAL_STATUS] = x->cells[APPROVAL_STATUS];
  old->date = x->date;
  old->basis = was;
}

static void stand(struct approval *old, struct arena *a, const struct approval *x, const char *why) {
  old->basis = arena_printf(a, "%.*s; %s: %.*s (%.*s)", STR_F(old->basis), why, STR_F(x->cells[APPROVAL_STATUS]),
                            STR_F(x->basis));
}

/* ---- lists ---- */

static struct str key_of(struct arena *a, const struct approval *x) {
  const struct str *c = x->cells;
  struct str key =
      arena_printf(a, "%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%.*s", STR_F(c[APPROVAL_SYSTEM]), STR_F(c[APPROVAL_VENDOR]),
                   STR_F(c[APPROVAL_STANDARD_ID]), STR_F(c[APPROVAL_CHANNEL]), STR_F(c[APPROVAL_SYSTEM_TYPE]));
  return utf8_lower(a, key);
}

/* Key -> the row's number, plus 1. */
static void index_rows(struct map *m, struct arena *a, const struct approvals *all) {
  map_init(m, a);
  for (size_t i = 0; i < all->rows.n; i++) {
    size_t *at = ARENA_NEW(a, size_t);
    *at = i;
    (void)map_set(m, key_of(a, &all->rows.v[i]), at);
  }
}

void approvals_add_list(struct approvals *all, struct arena *a, const struct approvals *list, struct str name,
                        struct str date, bool danish) {
  const char *words = danish ? "listen %.*s af %.*s" : "the list %.*s of %.*s";
  struct arena *scratch = arena_new(0);
  struct map have;
  index_rows(&have, scratch, all);
  for (size_t i = 0; i < list->rows.n; i++) {
    struct approval x = list->rows.v[i];
    const size_t *at = map_get(&have, key_of(scratch, &x));
    x.date = date;
    x.basis = arena_printf(a, words, STR_F(name), STR_F(date));
    if (!at)
      VEC_PUSH(a, &all->rows, x);
    else if (str_cmp(date, all->rows.v[*at].date) >= 0)
      all->rows.v[*at] = x;
  }
  arena_free(scratch);
}

/* ---- runs ---- */

static struct approval of_run(struct arena *a, const struct record *r, bool danish) {
  struct approval x = {0};
  const char *decided = danish ? "MedComs afgørelse %.*s, testforløb %.*s" : "MedCom's decision of %.*s, run %.*s";
  const char *live =
      danish ? "certificering uden afgørelse %.*s, testforløb %.*s" : "live test without a decision %.*s, run %.*s";
  const char *self = danish ? "egentest %.*s, testforløb %.*s" : "self-test %.*s, run %.*s";
  approval_row(x.cells, a, r);
  enum weight w = weight_of(&x);
  bool has_date = r->decision.at && r->decision.date.n;
  x.date = has_date ? r->decision.date : str_sub(time_danish(a, r->started), 0, 10);
  x.basis = arena_printf(a, w == DECIDED ? decided : w == TESTING ? live : self, STR_F(x.date), STR_F(r->run));
  return x;
}

static void meet(struct approval *old, struct arena *a, const struct approval *x, bool danish) {
  enum weight was = weight_of(old), is = weight_of(x);
  bool older = str_cmp(x->date, old->date) < 0;
  if (is < was && is == SELF_TESTED) return; /* there may be dozens, and none says anything against a word of MedCom */
  if (is < was)
    stand(old, a, x,
          danish ? "står ved magt, for MedCom har ikke truffet en ny afgørelse"
                 : "it stands, for MedCom has not decided anew");
  else if (is == was && older)
    stand(old, a, x, danish ? "står ved magt, for det er nyere" : "it stands, for it is newer");
  else
    take_place(old, a, x, danish);
}

void approvals_add_run(struct approvals *all, struct arena *a, const struct record *r, bool danish) {
  struct approval x = of_run(a, r, danish);
  struct arena *scratch = arena_new(0);
  bool found = false;
  for (size_t i = 0; i < all->rows.n; i++) {
    if (!approval_same(scratch, &all->rows.v[i], &x)) continue;
    meet(&all->rows.v[i], a, &x, danish);
    found = true;
  }
  if (!found) VEC_PUSH(a, &all->rows, x);
  arena_free(scratch);
}
