#include "validate/validate_int.h"

/* medcom-messaging-activityCodes. */
static const char *const activities[] = {"new-message",
                                         "forward-message",
                                         "reply-message",
                                         "retract-message",
                                         "modified-message",
                                         "carboncopy-message",
                                         "admit-emergency",
                                         "revise-admit-emergency",
                                         "cancel-admit-emergency",
                                         "admit-inpatient",
                                         "revise-admit-inpatient",
                                         "cancel-admit-inpatient",
                                         "start-leave-inpatient",
                                         "revise-start-leave-inpatient",
                                         "cancel-start-leave-inpatient",
                                         "end-leave-inpatient",
                                         "revise-end-leave-inpatient",
                                         "cancel-end-leave-inpatient",
                                         "discharge-emergency-home",
                                         "discharge-inpatient-home",
                                         "revise-discharge-emergency-home",
                                         "revise-discharge-inpatient-home",
                                         "cancel-discharge-emergency-home",
                                         "cancel-discharge-inpatient-home",
                                         "acknowledgement",
                                         NULL};
/* Activities that follow upon a message, which they have to name. */
static const char *const followers[] = {"forward-message",  "reply-message",   "retract-message",
                                        "modified-message", "acknowledgement", NULL};

static struct str activity_of(const struct node *provenance) {
  return node_text_at(provenance, "activity.coding.code");
}

static void check_activity(const struct judge *j, const struct node *p) {
  static const char *const care[] = {"new-message", "reply-message", "forward-message", NULL};
  const struct node *code = node_at(p, "activity.coding.code");
  if (!code || code->text.n == 0) {
    JUDGE(j, PROVENANCE_ACTIVITY_MISSING, p);
  } else if (!judge_is_one_of(code->text, activities)) {
    JUDGE(j, PROVENANCE_ACTIVITY_UNKNOWN, code, code->text);
  } else if (judge_event_is(j, EVENT_CARE_COMMUNICATION) && !judge_is_one_of(code->text, care)) {
    JUDGE(j, PROVENANCE_ACTIVITY_EVENT, code, code->text, STR(EVENT_CARE_COMMUNICATION));
  }
}

static void check_target(const struct judge *j, const struct node *p) {
  size_t n = node_count(p, "target");
  if (n != 1) JUDGE(j, PROVENANCE_TARGET, p, arena_printf(j->f->arena, "%zu", n));
}

static void check_times(const struct judge *j, const struct node *p) {
  judge_instant(j, p, "occurredDateTime", PROVENANCE_TIME_MISSING, PROVENANCE_TIME, PROVENANCE_TIME);
  judge_instant(j, p, "recorded", PROVENANCE_TIME_MISSING, PROVENANCE_TIME, PROVENANCE_TIME);
}

static void check_whats(const struct judge *j, const struct node *p) {
  for (const struct node *e = node_child(p, "entity"); e; e = node_again(e)) {
    const struct node *what = node_child(e, "what");
    if (node_text_at(what, "reference").n || node_text_at(what, "identifier.value").n) continue;
    JUDGE(j, PROVENANCE_ENTITY_WHAT, e);
  }
}

/* A message is cancelled by role removal, else followed by role revision. */
static void check_role(const struct judge *j, const struct node *entity, struct str activity) {
  bool removes = str_starts(activity, STR("cancel-")) || str_eqz(activity, "retract-message");
  struct str wanted = removes ? STR("removal") : STR("revision");
  const struct node *role = node_child(entity, "role");
  struct str found = role ? role->text : (struct str){0};
  if (!str_eq(found, wanted)) JUDGE(j, PROVENANCE_ENTITY_ROLE, role ? role : entity, found, activity, wanted);
}

static bool has_provenance_of(const struct judge *j, struct str header_id) {
  for (size_t i = 0; i < j->b.resources.n; i++) {
    const struct node *p = j->b.resources.v[i];
    if (str_eqz(p->type, "Provenance") && str_eq(bundle_last_part(node_text_at(p, "target.reference")), header_id))
      return true;
  }
  return false;
}

/* All earlier Provenances stay in the message, so the one before must be there. */
static void check_chain(const struct judge *j, const struct node *entity) {
  const struct node *reference = node_at(entity, "what.reference");
  if (!reference) return;
  struct str before = bundle_last_part(reference->text);
  if (str_eq(before, node_text_at(j->b.header, "id")))
    JUDGE(j, PROVENANCE_ENTITY_SELF, reference);
  else if (!has_provenance_of(j, before))
    JUDGE(j, PROVENANCE_CHAIN, reference, before);
}

static bool is_follower(struct str activity) {
  return judge_is_one_of(activity, followers) || str_starts(activity, STR("cancel-")) ||
         str_starts(activity, STR("revise-"));
}

static void check_previous(const struct judge *j, const struct node *p) {
  struct str activity = activity_of(p);
  const struct node *entity = bundle_previous(p);
  if (entity) {
    check_role(j, entity, activity);
    check_chain(j, entity);
  } else if (is_follower(activity)) {
    JUDGE(j, PROVENANCE_ENTITY_MISSING, p, activity);
  }
}

static void note_payload_ids(const struct judge *j, struct map *ids) {
  map_init(ids, j->b.arena);
  for (const struct node *p = node_child(bundle_communication(&j->b), "payload"); p; p = node_again(p))
    for (const struct node *x = node_child(p, "extension"); x; x = node_again(x))
      if (str_eqz(node_text_at(x, "url"), IDENTIFIER_EXTENSION))
        map_set(ids, node_text_at(x, "valueIdentifier.value"), ids);
}

static void check_payloads(const struct judge *j, const struct node *p) {
  struct map ids;
  if (!judge_event_is(j, EVENT_CARE_COMMUNICATION)) return;
  note_payload_ids(j, &ids);
  size_t sources = 0;
  for (const struct node *e = node_child(p, "entity"); e; e = node_again(e)) {
    const struct node *id = node_at(e, "what.identifier.value");
    if (!str_eqz(node_text_at(e, "role"), "source")) continue;
    sources++;
    if (!id) continue;
    if (!map_get(&ids, id->text)) JUDGE(j, PROVENANCE_ENTITY_PAYLOAD, id, id->text);
  }
  if (sources == 0 && bundle_is_major(&j->b, "5")) JUDGE(j, PROVENANCE_ENTITY_PAYLOAD_MISSING, p);
}

static size_t check_each(const struct judge *j) {
  size_t own = 0;
  for (size_t i = 0; i < j->b.resources.n; i++) {
    const struct node *p = j->b.resources.v[i];
    if (!str_eqz(p->type, "Provenance")) continue;
    check_target(j, p);
    check_activity(j, p);
    check_times(j, p);
    check_whats(j, p);
    if (!bundle_is_own(&j->b, p)) continue;
    if (++own > 1) JUDGE(j, PROVENANCE_OWN_REPEATED, p);
  }
  return own;
}

/* MedCom's empty message carries the Provenance of another one. */
void judge_provenance(const struct judge *j) {
  if (!j->b.header) return;
  if (bundle_count(&j->b, "Provenance") == 0)
    JUDGE(j, PROVENANCE_MISSING, j->b.root);
  else if (check_each(j) == 0 && !judge_event_is(j, EVENT_EMPTY))
    JUDGE(j, PROVENANCE_OWN, j->b.header);
  if (!j->b.own) return;
  check_previous(j, j->b.own);
  check_payloads(j, j->b.own);
}
