#include "base/uuid.h"
#include "standards/identifier.h"
#include "validate/validate_int.h"

#define GLN_DIGITS 13

/* What the focus of an event is; NULL: the event has none. */
static const struct {
  const char *event, *focus;
  bool no_copies;
} events[] = {
    {EVENT_CARE_COMMUNICATION, "Communication", true},
    {"hospital-notification-message", "Encounter", false},
    {EVENT_ACKNOWLEDGEMENT, NULL, true},
    {EVENT_EMPTY, NULL, false},
    {"homecareobservation-message", "DiagnosticReport", false},
};
#define EVENTS_N (sizeof events / sizeof events[0])

static size_t event_row(const struct judge *j) {
  size_t i = 0;
  while (i < EVENTS_N && !judge_event_is(j, events[i].event)) i++;
  return i;
}

static void check_id(const struct judge *j) {
  const struct node *id = node_child(j->b.header, "id");
  if (!id || id->text.n == 0)
    JUDGE(j, HEADER_ID_MISSING, j->b.header);
  else if (!uuid_valid(id->text))
    JUDGE(j, HEADER_ID_UUID, id, id->text);
}

static void check_single(const struct judge *j) {
  for (size_t i = 0; i < j->b.resources.n; i++) {
    const struct node *r = j->b.resources.v[i];
    if (r != j->b.header && str_eqz(r->type, "MessageHeader")) JUDGE(j, HEADER_REPEATED, r);
  }
}

static void check_event(const struct judge *j) {
  const struct node *code = node_at(j->b.header, "eventCoding.code");
  if (!code || code->text.n == 0)
    JUDGE(j, HEADER_EVENT_MISSING, j->b.header);
  else if (event_row(j) == EVENTS_N)
    JUDGE(j, HEADER_EVENT_UNKNOWN, code, code->text);
}

static bool is_gln(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n == GLN_DIGITS;
}

static void check_gln(const struct judge *j, const struct node *organization, struct str what) {
  const struct node *gln = bundle_identifier(organization, GLN_SYSTEM, GLN_OID);
  if (!gln || gln->text.n == 0)
    JUDGE(j, HEADER_PARTY_GLN_MISSING, organization, what);
  else if (!is_gln(gln->text))
    JUDGE(j, HEADER_PARTY_GLN, gln, gln->text);
  else if (!gln_valid(gln->text))
    JUDGE(j, HEADER_PARTY_GLN_CHECK_DIGIT, gln, gln->text);
}

/* An unresolved reference is bundle.reference. */
static void check_party(const struct judge *j, const struct node *reference, struct str what) {
  const struct node *r = bundle_target(&j->b, reference);
  if (!r) return;
  if (!str_eqz(r->type, "Organization")) {
    JUDGE(j, HEADER_PARTY_TYPE, reference, what, r->type);
    return;
  }
  check_gln(j, r, what);
  if (!bundle_identifier(r, SOR_OID, NULL)) JUDGE(j, HEADER_PARTY_SOR, r, what);
}

static void check_sender(const struct judge *j) {
  const struct node *sender = node_child(j->b.header, "sender");
  if (!sender)
    JUDGE(j, HEADER_SENDER, j->b.header);
  else
    check_party(j, sender, STR("MessageHeader.sender"));
  if (node_text_at(j->b.header, "source.endpoint").n == 0) JUDGE(j, HEADER_SOURCE, j->b.header);
}

static void check_destination(const struct judge *j, const struct node *d) {
  const struct node *receiver = node_child(d, "receiver");
  size_t row = event_row(j);
  if (node_text_at(d, "endpoint").n == 0) JUDGE(j, HEADER_DESTINATION_ENDPOINT, d);
  if (!receiver)
    JUDGE(j, HEADER_DESTINATION_RECEIVER, d);
  else
    check_party(j, receiver, STR("MessageHeader.destination.receiver"));
  if (str_eqz(bundle_use(d), "cc") && row < EVENTS_N && events[row].no_copies) JUDGE(j, HEADER_DESTINATION_CC, d);
}

static void check_destinations(const struct judge *j) {
  const struct node *first = node_child(j->b.header, "destination");
  size_t primaries = 0;
  if (!first) {
    JUDGE(j, HEADER_DESTINATION_MISSING, j->b.header);
    return;
  }
  for (const struct node *d = first; d; d = node_again(d)) {
    check_destination(j, d);
    primaries += str_eqz(bundle_use(d), "primary");
  }
  if (primaries != 1) JUDGE(j, HEADER_DESTINATION_PRIMARY, first, arena_printf(j->f->arena, "%zu", primaries));
}

static void check_focus(const struct judge *j) {
  size_t row = event_row(j);
  if (row == EVENTS_N || !events[row].focus) return;
  struct str wanted = str_z(events[row].focus);
  const struct node *focus = node_child(j->b.header, "focus");
  if (!focus) JUDGE(j, HEADER_FOCUS_MISSING, j->b.header, str_z(events[row].event), wanted);
  for (; focus; focus = node_again(focus)) {
    const struct node *r = bundle_target(&j->b, focus);
    if (r && !str_eq(r->type, wanted)) JUDGE(j, HEADER_FOCUS_TYPE, focus, r->type, wanted);
  }
}

/* Without a MessageHeader there is bundle.entry.first. */
void judge_header(const struct judge *j) {
  if (!j->b.header) return;
  check_single(j);
  check_id(j);
  check_event(j);
  check_sender(j);
  check_destinations(j);
  check_focus(j);
}
