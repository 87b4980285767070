/* The vendor's own validation: little, but enough to tell a message that can be shown from one that cannot. */
#include "refvendor/refvendor_int.h"

static bool no_message(const struct rv_subject *s) {
  return !str_eqz(s->root->type, "Bundle") || !str_eqz(node_text_at(s->root, "type"), "message");
}

static bool no_header_first(const struct rv_subject *s) {
  const struct node *first = node_at(s->root, "entry.resource");
  return !first || !str_eqz(first->type, "MessageHeader");
}

static bool other_event(const struct rv_subject *s) {
  return !s->kind || !s->kind->shown;
}

/* Of any message; those of a standard come after them. */
static const struct rv_demand demands[] = {
    {no_message, "structure", RV_FHIR_DETAILS, "MSG_BAD_FORMAT",
     "The content is no Bundle of type message. / Indholdet er ikke et Bundle af typen message."},
    {no_header_first, "structure", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "The first entry is no MessageHeader. / Den første entry er ikke en MessageHeader."},
    {other_event, "not-supported", RV_MEDCOM_DETAILS, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE",
     "The system does not receive messages of this event. / Systemet modtager ikke meddelelser med denne hændelse."},
    {0},
};

static const struct rv_demand *unmet(const struct rv_subject *s, const struct rv_demand *d) {
  for (; d && d->bad; d++)
    if (d->bad(s)) return d;
  return NULL;
}

struct rv_problem rv_check(struct arena *a, const struct node *root) {
  struct rv_subject s = {rv_kind_of(root), root, rv_resource(root, "MessageHeader"), rv_content(root)};
  const struct rv_demand *d = unmet(&s, demands);
  if (!d && s.kind) d = unmet(&s, s.kind->demands);
  if (!d) return (struct rv_problem){0};
  return (struct rv_problem){str_z(d->issue), str_z(d->system), str_z(d->detail), arena_str(a, str_z(d->text))};
}
