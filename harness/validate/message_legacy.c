#include "base/clock.h"
#include "formats/edifact.h"
#include "validate/message_int.h"

/* OIOXML names its type and version in the letter's head: Emessage/<letter>/Letter/{TypeCode, VersionCode}. */
static void oioxml_facts(struct envelope_payload *out, struct arena *a, const struct node *root) {
  out->format = STR("XML");
  for (NODE_EACH(c, root)) {
    struct str type = str_trim(node_text_at(c, "Letter.TypeCode"));
    if (type.n == 0) continue;
    out->name = arena_printf(a, "MCM:%.*s", STR_F(type));
    out->version = str_trim(node_text_at(c, "Letter.VersionCode"));
    return;
  }
}

/* An OIOXML time has no zone and no seconds: it is Danish. */
static struct str danish_time(struct arena *a, struct str date, struct str time) {
  static const char *const zones[] = {"+01:00", "+02:00"};
  for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
    struct str s = arena_printf(a, "%.*sT%.*s:00%s", STR_F(date), STR_F(time), zones[i]);
    int64_t ms;
    bool zone;
    if (time_parse(s, &ms, &zone) && str_eq(time_danish(a, ms), s)) return s;
  }
  return (struct str){0};
}

void message_letter_facts(struct message *m, struct arena *a, const struct node *root) {
  static const char *const paths[][2] = {{"letter", "Letter.TypeCode"},
                                         {"letter.id", "Letter.Identifier"},
                                         {"episode", "Letter.EpisodeOfCareIdentifier"},
                                         {"patient", "Patient.CivilRegistrationNumber"},
                                         {"sender.gln", "Sender.EANIdentifier"},
                                         {"receiver.gln", "Receiver.EANIdentifier"}};
  for (NODE_EACH(c, root)) {
    if (!node_child(c, "Letter")) continue;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
      facts_put(&m->facts, str_z(paths[i][0]), str_trim(node_text_at(c, paths[i][1])));
    if (!facts_get(&m->facts, "patient").n)
      facts_put(&m->facts, STR("patient"), str_trim(node_text_at(c, "Patient.AlternativeIdentifier")));
    message_put_stay(m, node_text_at(c, "Letter.EpisodeOfCareIdentifier"));
    facts_put(&m->facts, STR("letter.time"),
              danish_time(a, str_trim(node_text_at(c, "Letter.Authorisation.Date")),
                          str_trim(node_text_at(c, "Letter.Authorisation.Time"))));
    return;
  }
}

/* UNH+<id>+MEDDIS:D:93A:UN:D9134L+DIS91': the version is the association code, the fifth component. How an envelope
 * spells the Name of EDIFACT is not published, so the name is left open. */
static void edifact_facts(struct envelope_payload *out, const struct node *interchange) {
  const struct node *message = edifact_message(interchange);
  out->format = STR("EDIFACT");
  if (message) out->version = edifact_text(message->first, 2, 5);
}

void message_legacy_facts(struct envelope_payload *out, struct arena *a, const struct node *root,
                          const struct node *interchange) {
  *out = (struct envelope_payload){0};
  if (root)
    oioxml_facts(out, a, root);
  else
    edifact_facts(out, interchange);
}
