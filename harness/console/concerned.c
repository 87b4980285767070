#include "console/concerned.h"

#include "console/offers.h"
#include "report/approval.h"
#include "run/courses.h"

struct gathering {
  struct visit *visit;
  VEC(struct concerned) list;
};

/* "RPT01 R0131K" or "RPT01 (R0131K)" or "RPT01" names this one. */
static bool is_named(struct str asked, struct str standard, struct str version) {
  struct str rest = asked, word = str_cut(&rest, ' ');
  rest = str_trim(rest);
  if (rest.n > 1 && rest.p[0] == '(' && rest.p[rest.n - 1] == ')') rest = str_sub(rest, 1, rest.n - 1);
  if (str_eq_nocase(asked, standard)) return true;
  return str_eq_nocase(word, standard) && (!rest.n || str_eq_nocase(rest, version));
}

static void add_courses(struct gathering *g, const struct courses *all, struct str standard) {
  for (size_t i = 0; i < all->list.n; i++) {
    const struct course *c = all->list.v[i];
    const struct course_subject *s = &c->subject;
    if (!c->decision.at || !c->decision.approved || !is_named(standard, s->standard, s->standard_version)) continue;
    VEC_PUSH(g->visit->arena, &g->list,
             ((struct concerned){s->vendor, s->system, s->system_version, approval_channel(s->role), STR("")}));
  }
}

static bool is_there(const struct gathering *g, const struct concerned *x) {
  for (size_t i = 0; i < g->list.n; i++) {
    const struct concerned *y = &g->list.v[i];
    if (str_eq_nocase(x->vendor, y->vendor) && str_eq_nocase(x->system, y->system) &&
        str_eq_nocase(x->channel, y->channel))
      return true;
  }
  return false;
}

/* Courses know a standard by its name alone, where a list has the Danish one: "Korrespondancemeddelelse" is what the
 * protocols of CareCommunication are called. */
static struct str own_name(struct visit *v, struct str asked) {
  struct offer **list;
  size_t n;
  offers_protocols(v->console, &list, &n);
  for (size_t i = 0; i < n; i++)
    if (str_eq_nocase(list[i]->danish, asked)) return list[i]->standard;
  return asked;
}

/* "CareCommunication (4.0)": what stands before the blank is the standard. */
static bool is_row_named(struct str asked, const struct approval *row) {
  struct str version = row->cells[APPROVAL_STANDARD_ID], standard = str_cut(&version, ' ');
  version = str_trim(version);
  if (version.n > 1 && version.p[0] == '(') version = str_sub(version, 1, version.n - 1);
  return str_eq_nocase(asked, row->cells[APPROVAL_STANDARD]) || is_named(asked, standard, version);
}

/* A course that was decided against it, on the day of the list or later. */
static bool is_refused(const struct courses *all, const struct concerned *x, struct str standard, struct str day) {
  for (size_t i = 0; i < all->list.n; i++) {
    const struct course *c = all->list.v[i];
    const struct course_subject *s = &c->subject;
    if (c->decision.at && !c->decision.approved && is_named(standard, s->standard, s->standard_version) &&
        str_eq_nocase(s->vendor, x->vendor) && str_eq_nocase(s->system, x->system) &&
        str_eq_nocase(approval_channel(s->role), x->channel) && str_cmp(c->decision.date, day) >= 0)
      return true;
  }
  return false;
}

static void add_rows(struct gathering *g, const struct courses *all, const struct approvals *lists, struct str standard,
                     struct str own) {
  for (size_t i = 0; i < lists->rows.n; i++) {
    const struct approval *row = &lists->rows.v[i];
    struct concerned x = {row->cells[APPROVAL_VENDOR], row->cells[APPROVAL_SYSTEM], STR(""),
                          row->cells[APPROVAL_CHANNEL], row->basis};
    bool approved = str_eqz(row->cells[APPROVAL_STATUS], "Godkendt") && is_row_named(standard, row);
    if (approved && !is_there(g, &x) && !is_refused(all, &x, own, row->date)) VEC_PUSH(g->visit->arena, &g->list, x);
  }
}

int concerned_by(struct visit *v, struct str standard, struct concerned **out, size_t *n, struct error *e) {
  const struct console_options *o = &v->console->options;
  struct gathering g = {.visit = v};
  struct courses all = {0};
  struct approvals lists = {0};
  if (courses_load(&all, o->store, v->arena, e) < 0) return -1;
  if (o->host.approvals(o->host.context, v->arena, v->danish, &lists, e) < 0) return -1;
  struct str own = own_name(v, standard);
  add_courses(&g, &all, own);
  add_rows(&g, &all, &lists, standard, own);
  *out = g.list.v, *n = g.list.n;
  return 0;
}
