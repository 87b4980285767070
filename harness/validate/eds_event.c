#include "validate/eds_event.h"

#include "fhir/resource.h"

#define OTHER_ID "/StructureDefinition/eds-otherId"

static const struct {
  const char *name, *code;
  const char *type, *version; /* types of its details */
} entities[EDS_ENTITIES_N] = {
    [EDS_MESSAGE] = {"message", "ehmiMessage", "ehmiMessageType", "ehmiMessageVersion"},
    [EDS_ENVELOPE] = {"envelope", "ehmiMessageEnvelope", "ehmiMessageEnvelopeType", ""},
    [EDS_TRANSPORT] = {"transport", "ehmiTransportEnvelope", "ehmiTransportEnvelopeType",
                       "ehmiTransportEnvelopeVersion"},
    [EDS_ORIG_MESSAGE] = {"orig-message", "ehmiOrigMessage", "ehmiMessageType", "ehmiMessageVersion"},
    [EDS_ORIG_TRANSPORT] = {"orig-transport", "ehmiOrigTransportEnvelope", "ehmiTransportEnvelopeType",
                            "ehmiTransportEnvelopeVersion"},
    [EDS_PERSON] = {"patient", "ehmiPatient", "", ""}};

static const struct {
  const char *name, *end; /* of its address, which the standard writes in more than one way in front */
} profiles[] = {[EDS_NO_PROFILE] = {"none", NULL},
                [EDS_BASIC] = {"basic", "/StructureDefinition/EdsBasicDeliveryStatus"},
                [EDS_PATIENT] = {"patient", "/StructureDefinition/EdsPatientDeliveryStatus"}};

const char *eds_entity_name(enum eds_entity x) {
  return entities[x].name;
}

const char *eds_entity_code(enum eds_entity x) {
  return entities[x].code;
}

const char *eds_profile_name(enum eds_profile p) {
  return profiles[p].name;
}

struct str eds_gln(struct str gln) {
  return str_starts(gln, STR("0088:")) ? str_sub(gln, sizeof "0088:" - 1, gln.n) : gln;
}

static void read_profile(struct eds_event *out) {
  for (const struct node *p = node_at(out->root, "meta.profile"); p; p = node_again(p)) {
    struct str url = str_sub(p->text, 0, str_index(p->text, '|'));
    for (enum eds_profile k = EDS_BASIC; k <= EDS_PATIENT; k++) {
      if (out->profile != EDS_NO_PROFILE || !str_ends(url, str_z(profiles[k].end))) continue;
      out->profile = k;
      out->profile_url = url;
    }
  }
}

/* The GLN stands in an extension, beside the SOR code that says who it is. */
static struct str gln_of(const struct node *agent) {
  for (const struct node *x = node_child(agent, "extension"); x; x = node_again(x))
    if (str_ends(node_text_at(x, "url"), STR(OTHER_ID))) return node_text_at(x, "valueIdentifier.value");
  return (struct str){0};
}

static void read_agents(struct eds_event *out) {
  for (const struct node *agent = node_child(out->root, "agent"); agent; agent = node_again(agent)) {
    struct str code = node_text_at(agent, "type.coding.code");
    struct eds_party *p = str_eqz(code, "ehmiSender")     ? &out->sender
                          : str_eqz(code, "ehmiReceiver") ? &out->receiver
                                                          : NULL;
    if (p && !p->sor.n && !p->gln.n)
      *p = (struct eds_party){node_text_at(agent, "who.identifier.value"), gln_of(agent)};
  }
}

static void read_details(struct eds_thing *out, const struct node *entity, enum eds_entity k) {
  for (const struct node *d = node_child(entity, "detail"); d; d = node_again(d)) {
    struct str type = node_text_at(d, "type"), value = node_text_at(d, "valueString");
    if (str_eqz(type, entities[k].type)) out->type = value;
    if (*entities[k].version && str_eqz(type, entities[k].version)) out->version = value;
    if (str_eqz(type, "ehmiStatisticalInfo")) out->statistic = value;
  }
}

static void read_entities(struct eds_event *out) {
  for (const struct node *n = node_child(out->root, "entity"); n; n = node_again(n)) {
    struct str code = node_text_at(n, "type.code");
    for (enum eds_entity k = 0; k < EDS_ENTITIES_N; k++) {
      struct eds_thing *x = &out->entities[k];
      if (x->node || !str_eqz(code, entities[k].code)) continue;
      *x = (struct eds_thing){.node = n, .id = node_text_at(n, "what.identifier.value")};
      read_details(x, n, k);
    }
  }
}

static struct str contained_device(const struct node *root, struct str id) {
  for (const struct node *c = node_child(root, "contained"); c; c = node_again(c))
    if (str_eq(node_text_at(c, "id"), id)) return node_text_at(c, "identifier.value");
  return (struct str){0};
}

/* By identifier, or by a Device that it contains. */
static void read_device(struct eds_event *out) {
  struct str reference = node_text_at(out->root, "source.observer.reference");
  out->device = node_text_at(out->root, "source.observer.identifier.value");
  if (!out->device.n && str_starts(reference, STR("#")))
    out->device = contained_device(out->root, str_sub(reference, 1, reference.n));
}

bool eds_event_read(struct eds_event *out, const struct node *root) {
  if (!root || !str_eqz(root->type, "AuditEvent")) return false;
  *out = (struct eds_event){.root = root,
                            .subtype = node_text_at(root, "subtype.code"),
                            .station = node_text_at(root, "source.type.code"),
                            .outcome = node_text_at(root, "outcome"),
                            .recorded = node_text_at(root, "recorded")};
  read_profile(out);
  read_agents(out);
  read_entities(out);
  read_device(out);
  return true;
}

void eds_event_facts(const struct eds_event *e, struct facts *f) {
  const struct eds_thing *message = &e->entities[EDS_MESSAGE];
  const struct {
    const char *name;
    struct str value;
  } rows[] = {{"eds.profile", str_z(eds_profile_name(e->profile))},
              {"eds.subtype", e->subtype},
              {"eds.station", e->station},
              {"eds.outcome", e->outcome},
              {"eds.recorded", e->recorded},
              {"eds.device", e->device},
              {"eds.sender.sor", e->sender.sor},
              {"eds.sender.gln", e->sender.gln},
              {"eds.receiver.sor", e->receiver.sor},
              {"eds.receiver.gln", e->receiver.gln},
              {"eds.message", message->id},
              {"eds.message.type", message->type},
              {"eds.message.version", message->version},
              {"eds.envelope", e->entities[EDS_ENVELOPE].id},
              {"eds.transport", e->entities[EDS_TRANSPORT].id},
              {"eds.orig-message", e->entities[EDS_ORIG_MESSAGE].id},
              {"eds.orig-transport", e->entities[EDS_ORIG_TRANSPORT].id},
              {"eds.patient", e->entities[EDS_PERSON].id}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) facts_put(f, str_z(rows[i].name), str_trim(rows[i].value));
}
