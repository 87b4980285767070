/* AuditEvents for EDS: which one a station makes of what happens, and how it is written.
 *
 * Profiles EdsBasicDeliveryStatus and EdsPatientDeliveryStatus of dk.ehmi.eds 1.0.2; the rows are the chain of its
 * message flow, where a station that is two says nothing of what one of them hands to the other. */
#include "refvendor/ehmi.h"

#define EDS "http://medcomehmi.dk/ig/eds/StructureDefinition/"
#define CODES "http://medcomehmi.dk/ig/terminology/CodeSystem/ehmi-delivery-status-"
#define OBJECT_ROLE "http://terminology.hl7.org/CodeSystem/object-role"
#define EVENT_MAX ((size_t)1 << 20)
#define FAILED "8"

enum { P = 1, MSG = 2, ENV = 4, TE = 8, OM = 16, OTE = 32 };
#define EUA REFVENDOR_EUA
#define MSH REFVENDOR_MSH
#define BOTH REFVENDOR_EUA_MSH

static const struct event_row {
  enum rv_happening what;
  enum refvendor_station at;
  const char *subtype;
  unsigned entities; /* with P: EdsPatientDeliveryStatus */
} rows[] = {
    {RV_ORDERED, EUA, "msg-created-and-sent", P | MSG | ENV},
    {RV_ORDERED, MSH, "msg-received", P | MSG | ENV},
    {RV_ORDERED, BOTH, "msg-created-and-sent", P | MSG | ENV},
    {RV_SENT, MSH, "msg-sent", P | MSG | ENV | TE},
    {RV_RESENT, MSH, "msg-sent", P | MSG | ENV | TE},
    {RV_NOT_SENT, MSH, "msg-sent", P | MSG | ENV | TE | OM},
    {RV_NOT_SENT, BOTH, "msg-sent", P | MSG | ENV | TE | OM},
    {RV_GOT, MSH, "msg-received", P | MSG | ENV | TE},
    {RV_NOT_TAKEN, MSH, "msg-received", P | MSG | ENV | TE},
    {RV_NOT_TAKEN, BOTH, "msg-received-and-finalized", P | MSG | ENV},
    {RV_HANDED_OVER, MSH, "msg-sent", P | MSG | ENV},
    {RV_HANDED_OVER, EUA, "msg-received-and-finalized", P | MSG | ENV},
    {RV_HANDED_OVER, BOTH, "msg-received-and-finalized", P | MSG | ENV},
    {RV_RECEIPT_SENT, MSH, "msg-created-and-sent", MSG | TE | OM | OTE},
    {RV_RECEIPT_SENT, BOTH, "msg-created-and-sent", MSG | TE | OM | OTE},
    {RV_RECEIPT_GOT, MSH, "msg-received-and-finalized", MSG | TE | OM | OTE},
    {RV_RECEIPT_GOT, BOTH, "msg-received-and-finalized", MSG | TE | OM | OTE},
    {RV_ACK_ORDERED, EUA, "msg-created-and-sent", MSG | ENV | OM},
    {RV_ACK_ORDERED, MSH, "msg-received", MSG | ENV | OM},
    {RV_ACK_ORDERED, BOTH, "msg-created-and-sent", MSG | ENV | OM},
    {RV_ACK_SENT, MSH, "msg-sent", MSG | ENV | TE | OM},
    {RV_ACK_GOT, MSH, "msg-received", MSG | ENV | TE | OM},
    {RV_ACK_HANDED_OVER, MSH, "msg-sent", MSG | ENV | OM},
    {RV_ACK_HANDED_OVER, EUA, "msg-received-and-finalized", MSG | ENV | OM},
    {RV_ACK_HANDED_OVER, BOTH, "msg-received-and-finalized", MSG | ENV | OM},
};

static const char *const stations[] = {[EUA] = "EUA", [MSH] = "MSH", [BOTH] = "EUA-MSH"};

/* One AuditEvent in the making. */
struct making {
  struct refvendor *v;
  struct arena *a;
  const struct rv_delivery *d;
  const struct event_row *row;
  struct node *event;
};

static void put_coding(struct making *m, struct node *parent, const char *system, const char *code,
                       const char *display) {
  rv_put(m->a, parent, "system", str_z(system));
  rv_put(m->a, parent, "code", str_z(code));
  if (display) rv_put(m->a, parent, "display", str_z(display));
}

static void put_gln(struct making *m, struct node *agent, struct str gln) {
  struct node *x = node_add(m->a, agent, "extension");
  rv_put(m->a, x, "url", STR(EDS "eds-otherId"));
  rv_put(m->a, x, "valueIdentifier.type.coding.system", STR(CODES "agent-who-identifier-types"));
  rv_put(m->a, x, "valueIdentifier.type.coding.code", STR("GLN"));
  rv_put(m->a, x, "valueIdentifier.value", gln);
}

static void put_agent(struct making *m, const char *code, const char *display, struct refvendor_party p, bool sender) {
  struct node *agent = node_add(m->a, m->event, "agent");
  if (p.gln.n) put_gln(m, agent, p.gln);
  struct node *coding = node_add(m->a, node_add(m->a, agent, "type"), "coding");
  put_coding(m, coding, CODES "participationroletype", code, display);
  if (p.sor.n) rv_put(m->a, agent, "who.identifier.value", p.sor);
  if (p.name.n) rv_put(m->a, agent, "name", p.name);
  rv_put(m->a, agent, "requestor", sender ? STR("true") : STR("false"))->kind = NODE_BOOL;
}

static void put_detail(struct making *m, struct node *entity, const char *type, struct str value) {
  if (!value.n) return;
  struct node *detail = node_add(m->a, entity, "detail");
  rv_put(m->a, detail, "type", str_z(type));
  rv_put(m->a, detail, "valueString", value);
}

static void put_entities(struct making *m) {
  const struct rv_delivery *d = m->d;
  const struct {
    unsigned bit;
    const char *code, *display, *type, *version;
    struct rv_named what;
  } kinds[] = {
      {MSG, "ehmiMessage", "Message", "ehmiMessageType", "ehmiMessageVersion", d->message},
      {ENV, "ehmiMessageEnvelope", "Message Envelope", "ehmiMessageEnvelopeType", NULL, d->envelope},
      {TE, "ehmiTransportEnvelope", "Transport Envelope", "ehmiTransportEnvelopeType", "ehmiTransportEnvelopeVersion",
       d->transport},
      {OM, "ehmiOrigMessage", "Original Message", "ehmiMessageType", "ehmiMessageVersion", d->original},
      {OTE, "ehmiOrigTransportEnvelope", "Original Transport Envelope", "ehmiTransportEnvelopeType",
       "ehmiTransportEnvelopeVersion", d->original_transport},
      {P, "ehmiPatient", "Patient", NULL, NULL, {.id = d->cpr}},
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (!(m->row->entities & kinds[i].bit) || !kinds[i].what.id.n) continue;
    struct node *e = node_add(m->a, m->event, "entity");
    rv_put(m->a, e, "what.identifier.value", kinds[i].what.id);
    put_coding(m, node_add(m->a, e, "type"), CODES "entity-type", kinds[i].code, kinds[i].display);
    if (kinds[i].bit == P) put_coding(m, node_add(m->a, e, "role"), OBJECT_ROLE, "1", NULL);
    put_detail(m, e, kinds[i].type, kinds[i].what.type);
    if (kinds[i].version) put_detail(m, e, kinds[i].version, kinds[i].what.version);
  }
}

static void put_source(struct making *m) {
  struct node *source = node_add(m->a, m->event, "source");
  rv_put(m->a, source, "observer.identifier.value", rv_device(m->v, m->row->at));
  const char *station = stations[m->row->at];
  if (m->row->at == MSH && m->v->o->is_access_point) station = "AP-MSH";
  put_coding(m, node_add(m->a, source, "type"), CODES "source-type", station, NULL);
}

/* A later time than that of a retry, or of the event itself, is the defect eds-recorded-late (ehmi_queue.c). */
static void make(struct making *m) {
  const struct rv_delivery *d = m->d;
  bool patient = m->row->entities & P && d->cpr.n > 0, failed = d->failed && !rv_has(m->v, DEFECT_EDS_ALWAYS_SUCCESS);
  struct node *event = node_new(m->a, NODE_OBJECT);
  m->event = event;
  event->type = STR("AuditEvent");
  rv_put(m->a, event, "meta.profile",
         patient ? STR(EDS "EdsPatientDeliveryStatus") : STR(EDS "EdsBasicDeliveryStatus"));
  put_coding(m, node_add(m->a, event, "type"), CODES "types", "ehmiMessaging", NULL);
  put_coding(m, node_add(m->a, event, "subtype"), CODES "sub-types", m->row->subtype, NULL);
  rv_put(m->a, event, "action", STR("C"));
  rv_put(m->a, event, "recorded", rv_now(m->v, m->a));
  rv_put(m->a, event, "outcome", failed ? STR(FAILED) : STR("0"));
  put_agent(m, "ehmiSender", "Sender", d->sender, true);
  put_agent(m, "ehmiReceiver", "Receiver", d->receiver, false);
  put_source(m);
  put_entities(m);
}

/* The end that is the system itself: its organisation is whose token the event goes with. */
static struct refvendor_party own_end(const struct refvendor *v, const struct rv_delivery *d) {
  return rv_own(v, d->sender.gln) ? d->sender : d->receiver;
}

static void report(struct refvendor *v, const struct event_row *row, const struct rv_delivery *d) {
  struct arena *a = arena_new(0);
  struct making m = {.v = v, .a = a, .d = d, .row = row};
  struct buf out;
  make(&m);
  buf_init(&out, EVENT_MAX);
  resource_write(&out, m.event, v->o->form, v->shapes, 0);
  struct str wire = buf_str(&out);
  rv_make_declared(v, a, &wire);
  rv_queue_event(v, own_end(v, d), str_z(row->subtype), wire);
  buf_release(&out);
  arena_free(a);
}

static bool is_left_out(const struct refvendor *v, enum rv_happening what) {
  if (rv_has(v, DEFECT_EDS_NOTHING)) return true;
  bool receipt = what == RV_RECEIPT_GOT || what == RV_RECEIPT_SENT;
  bool ack = what >= RV_ACK_ORDERED && what <= RV_ACK_HANDED_OVER;
  if (ack && rv_has(v, DEFECT_EDS_NO_ACK_EVENT)) return true;
  return receipt && rv_has(v, DEFECT_EDS_NO_RECEIPT_EVENT);
}

void rv_report(struct refvendor *v, enum rv_happening what, const struct rv_delivery *d) {
  if (!v->o->eds || is_left_out(v, what)) return;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].what == what && v->o->stations[rows[i].at]) {
      report(v, &rows[i], d);
      if (rv_has(v, DEFECT_EDS_TWICE)) report(v, &rows[i], d);
    }
}
