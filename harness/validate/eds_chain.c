#include "validate/eds_chain.h"

#include "base/clock.h"
#include "validate/eds_chain_int.h"

#define OUTCOME_OK "0"

void eds_set_severity(const struct eds_judging *j, enum eds_rule_id rule, struct finding *x) {
  if (x) x->severity = j->d->severity[rule];
}

struct place eds_place(const struct eds_judging *j, const struct eds_told *told, const char *path) {
  if (!told) return (struct place){0};
  if (!told->event.root) return (struct place){.message = told->name, .path = str_z(path)};
  const struct node *root = told->event.root, *at = *path ? node_at(root, path) : root;
  return node_place(j->f->arena, told->name, at ? at : root);
}

static struct str when(struct eds_judging *j, int64_t ms) {
  return time_danish(j->arena, ms);
}

/* ---- time ---- */

/* The outage in which that moment lies; NULL. */
static const struct eds_outage *outage_at(const struct eds_judging *j, int64_t at) {
  for (size_t i = 0; i < j->story->outages_n; i++)
    if (at >= j->story->outages[i].from && at <= j->story->outages[i].to) return &j->story->outages[i];
  return NULL;
}

static bool is_near(int64_t x, int64_t y, int64_t tolerance) {
  return (x > y ? x - y : y - x) <= tolerance;
}

/* Written down when EDS came back, instead of when it happened: only where the moment itself was seen can a short
 * outage tell. */
static bool is_of_return(const struct eds_judging *j, int64_t recorded, int64_t at, bool exact) {
  const struct eds_outage *o = outage_at(j, at);
  return o && recorded >= o->to && !is_near(recorded, at, exact ? j->d->skew_ms : j->d->tolerance_ms);
}

static void check_recorded(struct eds_judging *j, struct eds_want *w) {
  struct str text = w->told->event.recorded;
  bool zone, exact;
  int64_t at = eds_want_at(w, &exact), recorded;
  if (!time_parse(text, &recorded, &zone))
    EDS_FIND(j, EDS_CHAIN_RECORDED, w->told, "recorded", w->row->number, text, when(j, at));
  else if (j->story->undated) {
    EDS_FIND(j, EDS_CHAIN_NOT_SHOWN, w->told, "recorded", STR("recorded"), w->row->number);
    w->recorded = recorded;
  } else if (is_of_return(j, recorded, at, exact))
    EDS_FIND(j, EDS_CHAIN_RECORDED_LATE, w->told, "recorded", w->row->number, text, when(j, at));
  else if (!is_near(recorded, at, j->d->tolerance_ms))
    EDS_FIND(j, EDS_CHAIN_RECORDED, w->told, "recorded", w->row->number, text, when(j, at));
  else
    w->recorded = recorded;
}

/* Wants of one document stand in the order of the chain, component by component. */
static void check_order(struct eds_judging *j) {
  for (size_t i = 0; i < j->wants.n; i++) {
    const struct eds_want *late = &j->wants.v[i], *before = NULL;
    for (size_t k = 0; k < j->wants.n; k++) {
      const struct eds_want *w = &j->wants.v[k];
      bool earlier = w->of == late->of && (w->row < late->row || (w->row == late->row && k < i));
      if (earlier && w->recorded != INT64_MIN && (!before || w->row >= before->row)) before = w;
    }
    if (!before || late->recorded == INT64_MIN || late->recorded >= before->recorded - j->d->skew_ms) continue;
    EDS_FIND(j, EDS_CHAIN_ORDER, late->told, "recorded", late->row->number, late->told->event.recorded,
             before->row->number, before->told->event.recorded);
  }
}

/* ---- outcome ---- */

static void check_outcome(struct eds_judging *j, const struct eds_want *w) {
  struct str outcome = w->told->event.outcome;
  if (w->of->all.failed || str_eqz(outcome, OUTCOME_OK)) return;
  EDS_FIND(j, EDS_CHAIN_OUTCOME, w->told, "outcome", w->row->number, outcome);
}

static void check_failure(struct eds_judging *j, const struct eds_whole *d) {
  bool told = false, ours = false;
  if (!d->all.failed) return;
  for (size_t i = 0; i < j->wants.n; i++) {
    const struct eds_want *w = &j->wants.v[i];
    bool same = w->of->all.what == d->all.what && str_eq(w->of->all.message, d->all.message);
    ours = ours || (same && eds_carries(w->by));
  }
  for (size_t i = 0; i < j->reports->n && i < EDS_EVENTS_MAX; i++)
    told = told || eds_is_failure_of(&j->reports->events[i].event, d);
  if (ours && !told) EDS_FIND(j, EDS_CHAIN_FAILURE, NULL, "", d->all.message);
}

/* ---- all of it ---- */

static void tell_missing(struct eds_judging *j, const struct eds_want *w) {
  bool exact;
  bool lost = outage_at(j, eds_want_at(w, &exact));
  EDS_FIND(j, lost ? EDS_CHAIN_LOST : EDS_CHAIN_MISSING, NULL, "", w->row->number,
           str_z(eds_stations_name(w->row->station)), w->subtype, w->of->all.message);
}

/* Whoever refuses a document may tell it as received, or as received and finalised: one of them is enough. */
static void excuse_refused(struct eds_judging *j, struct eds_want *w) {
  bool taken = eds_side_from(j, w->of->all.what) != w->by->side;
  if (w->told || !w->of->all.failed || !taken) return;
  for (size_t i = 0; i < j->wants.n; i++) {
    const struct eds_want *x = &j->wants.v[i];
    if (x->of == w->of && x->by == w->by && x->told) w->optional = true;
  }
}

/* What is over the limits was not looked at. */
static void tell_limits(struct eds_judging *j) {
  if (j->story->sights_n <= EDS_SIGHTS_MAX && j->reports->n <= EDS_EVENTS_MAX) return;
  EDS_FIND(j, EDS_CHAIN_NOT_SHOWN, NULL, "", STR("rest"), STR("all"));
}

struct eds_count eds_chain_judge(struct findings *f, struct arena *a, const struct eds_data *d,
                                 const struct eds_story *story, const struct eds_reports *reports) {
  struct eds_judging j = {.f = f, .arena = a, .d = d, .story = story, .reports = reports};
  struct eds_count count = {0};
  tell_limits(&j);
  eds_gather(&j);
  eds_expect(&j);
  eds_assign(&j);
  for (size_t i = 0; i < j.wants.n; i++) {
    struct eds_want *w = &j.wants.v[i];
    excuse_refused(&j, w);
    count.expected += !w->optional;
    count.reported += !w->optional && w->told;
    if (!w->told && !w->optional) tell_missing(&j, w);
    if (!w->told) continue;
    eds_check_content(&j, w);
    check_recorded(&j, w);
    check_outcome(&j, w);
  }
  check_order(&j);
  for (size_t i = 0; i < j.wholes.n; i++) check_failure(&j, j.wholes.v[i]);
  count.more = reports->n - count.reported;
  return count;
}
