/* When an Emessage was sent and its letters were authorised: times that exist, one not before the other. */
#include "base/clock.h"
#include "validate/oioxml_int.h"

#define MINUTE_MS 60000

/* Date and Time, or TimeWithSec, without a zone: comparable with each other. */
static bool time_of(const struct node *n, int64_t *ms) {
  struct str date = oioxml_text(n, "Date"), time = oioxml_text(n, "Time"), exact = oioxml_text(n, "TimeWithSec");
  char whole[40];
  bool zone;
  struct str seconds = exact.n ? (struct str){0} : STR(":00");
  if (exact.n) time = exact;
  if (date.n + 1 + time.n + seconds.n > sizeof whole) return false;
  size_t at = 0;
  const struct str parts[] = {date, STR("T"), time, seconds};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (parts[i].n) memcpy(whole + at, parts[i].p, parts[i].n);
    at += parts[i].n;
  }
  return time_parse((struct str){whole, at}, ms, &zone) && !zone;
}

static struct str time_text(struct oioxml *o, const struct node *n) {
  struct str exact = oioxml_text(n, "TimeWithSec");
  return arena_printf(o->scratch, "%.*s %.*s", STR_F(oioxml_text(n, "Date")),
                      STR_F(exact.n ? exact : oioxml_text(n, "Time")));
}

/* What is wrong with an element inside is told there. */
static bool is_told(const struct oioxml *o, const struct node *n) {
  if (o->f->list.n >= FINDINGS_MAX) return true;
  struct str path = node_path(o->scratch, n);
  for (size_t i = 0; i < o->f->list.n; i++) {
    const struct finding *x = &o->f->list.v[i];
    if (str_starts(x->rule, STR("oioxml.")) && x->severity > SEV_INFO && str_starts(x->where.path, path)) return true;
  }
  return false;
}

static bool judge_time(struct oioxml *o, const struct node *n, int64_t *ms) {
  struct str exact = oioxml_text(n, "TimeWithSec");
  if (!n) return false;
  if (time_of(n, ms)) return true;
  if (is_told(o, n)) return false;
  OIOXML(o, OIOXML_SENT, n, n->name, oioxml_text(n, "Date"), exact.n ? exact : oioxml_text(n, "Time"));
  return false;
}

/* What was sent is told by the minute, what was authorised perhaps by the second: one of the same minute is not later.
 */
static int64_t as_exact_as(const struct node *sent, int64_t ms) {
  return oioxml_text(sent, "TimeWithSec").n ? ms : ms - ms % MINUTE_MS;
}

static void judge_letter_time(struct oioxml *o, const struct node *letter, const struct node *sent, bool sent_ok,
                              int64_t sent_ms) {
  const struct node *authorised = node_at(letter, "Letter.Authorisation");
  int64_t ms;
  if (judge_time(o, authorised, &ms) && sent_ok && as_exact_as(sent, ms) > sent_ms)
    OIOXML(o, OIOXML_SENT_EARLY, sent, time_text(o, sent), time_text(o, authorised));
}

void oioxml_judge_times(struct oioxml *o) {
  const struct node *sent = node_child(o->envelope, "Sent");
  int64_t ms = 0;
  bool sent_ok = judge_time(o, sent, &ms);
  for (NODE_EACH(letter, o->root))
    if (oioxml_is_letter(letter)) judge_letter_time(o, letter, sent, sent_ok, ms);
}
