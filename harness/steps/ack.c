/* An Acknowledgement for a message that came: the template fixtures/acknowledgement/ack.json, and the received
 * message's latest Provenance and sender copied in unchanged (MedCom Acknowledgement 2.0: just these two Provenances).
 */
#include "base/uuid.h"
#include "steps/steps_int.h"

#define ACK_TEMPLATE "acknowledgement/ack.json"
#define ACK_EVENT "acknowledgement-message"
/* Entries copied from the received message: its Provenance, and what that refers to. */
#define ACK_COPIES_MAX 20

struct ack {
  const struct step_view *v;
  const struct ack_order *order;
  struct message received;
  struct message before; /* the acknowledgement that this one repeats */
  bool repeats;
  struct facts own;
  struct node *root;
};

static const struct {
  const char *code, *severity, *issue, *text;
} outcomes[] = {
    {"ok", "information", "informational", ""},
    {"fatal-error", "error", "invalid", "Meddelelsens indhold er ikke gyldigt og er ikke behandlet"},
    {"transient-error", "error", "transient", "Modtageren kan ikke behandle meddelelsen lige nu; send den igen"},
};

/* Our last acknowledgement of the same message, for what a repeated one keeps. */
static const struct state_message *last_ack(const struct step_view *v, const struct state_message *to) {
  struct str header = facts_get(&to->facts, "header.id");
  for (size_t i = v->state->messages.n; i > 0; i--) {
    const struct state_message *m = v->state->messages.v[i - 1];
    bool own = m->outbound && m->owner != v->at && str_eqz(facts_get(&m->facts, "event"), ACK_EVENT);
    if (own && header.n && str_eq(facts_get(&m->facts, "response.to"), header)) return m;
  }
  return NULL;
}

static bool keeps(const struct ack *k, const char *what) {
  return k->repeats && !list_has(k->order->renew, what);
}

static struct str derived(struct ack *k, struct str header, const char *what) {
  struct str parts[] = {header, str_z(what)};
  return uuid_derive(k->v->scratch, k->v->services->seed, 2, parts);
}

static void put(struct ack *k, const char *name, struct str value) {
  VEC_PUSH(k->own.arena, &k->own.list, ((struct fact){str_z(name), value}));
}

/* The parts within follow from the header's identifier: a repeated header repeats them. */
static void put_ids(struct ack *k) {
  struct str header = keeps(k, "header") ? facts_get(&k->before.facts, "header.id") : step_uuid(k->v, STR("header"));
  struct str bundle = keeps(k, "bundle") ? facts_get(&k->before.facts, "bundle.id") : step_uuid(k->v, STR("bundle"));
  struct str time =
      keeps(k, "time") ? node_text_at(k->before.resource, "timestamp") : time_danish(k->v->scratch, k->order->now);
  put(k, "ack.header", header);
  put(k, "ack.bundle", bundle);
  put(k, "ack.time", time);
  put(k, "ack.provenance", derived(k, header, "provenance"));
  put(k, "ack.sender", derived(k, header, "sender"));
  put(k, "ack.receiver", derived(k, header, "receiver"));
  put(k, "ack.outcome", derived(k, header, "outcome"));
}

static void put_outcome(struct ack *k) {
  const struct ack_order *o = k->order;
  struct str text = o->text_da.n ? o->text_da : o->text_en;
  for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
    if (!str_eqz(o->code, outcomes[i].code)) continue;
    put(k, "ack.severity", str_z(outcomes[i].severity));
    put(k, "ack.issue", str_z(outcomes[i].issue));
    put(k, "ack.text", text.n ? text : str_z(outcomes[i].text));
  }
  put(k, "ack.code", o->code);
}

static struct str first_of(struct str a, struct str b) {
  return a.n ? a : b;
}

/* We answer as the party that was addressed, when it is one of ours. */
static struct str our_gln(const struct step_view *v, const struct facts *f) {
  struct str to = first_of(facts_get(f, "envelope.receiver"), facts_get(f, "receiver.gln"));
  return party_is_counterpart(v, to) ? to : party_field(v, STR("counterpart"), "gln");
}

static struct str their_gln(const struct step_view *v, const struct facts *f) {
  struct str from = first_of(facts_get(f, "envelope.sender"), facts_get(f, "sender.gln"));
  return first_of(from, party_field(v, party_own(v), "gln"));
}

static void put_facts(struct ack *k, struct str from, struct str to) {
  const struct facts *f = &k->order->to->facts;
  struct arena *a = k->v->scratch;
  parcel_parties(&k->own, k->v, from, to);
  /* An organisation that the vendor file does not know still needs a name and a number. */
  if (!facts_find(&k->own, STR("to.sor")).n) {
    put(k, "to.sor", party_field(k->v, party_own(k->v), "sor"));
    put(k, "to.organisation", party_field(k->v, party_own(k->v), "organisation"));
  }
  for (size_t i = 0; i < f->list.n; i++)
    put(k, arena_z(a, arena_printf(a, "to.%.*s", STR_F(f->list.v[i].name))), f->list.v[i].value);
  struct str source = facts_get(f, "header.source"), sor = facts_find(&k->own, STR("to.sor"));
  put(k, "ack.destination", source.n ? source : arena_printf(a, "https://sor2.sum.dsdn.dk/#id=%.*s", STR_F(sor)));
  put_ids(k);
  put_outcome(k);
}

static struct node *entry_with(const struct node *root, const char *type) {
  struct node *entry = NULL;
  for (NODE_EACH(c, root))
    if (str_eqz(c->name, "entry") && str_eqz(node_child(c, "resource")->type, type)) entry = c;
  return entry;
}

static void drop_outcome(struct ack *k) {
  struct node *entry = entry_with(k->root, "OperationOutcome");
  struct node *details =
      node_child((struct node *)node_child(entry_first(k->root, "MessageHeader"), "response"), "details");
  if (facts_find(&k->own, STR("ack.text")).n) return;
  node_remove(entry);
  node_remove(details);
}

static void insert_behind(struct node *at, struct node *n) {
  n->parent = at->parent;
  n->next = at->next;
  at->next = n;
  if (at->parent->last == at) at->parent->last = n;
  at->parent->count++;
}

/* Copies an entry, and then what it refers to and what that refers to; MessageHeaders and Patients stay away. */
static struct node *copy_entry(struct ack *k, struct node *behind, const struct node *entry, size_t *left);

static struct node *copy_references(struct ack *k, struct node *behind, const struct node *n, size_t *left) {
  if (str_eqz(n->name, "reference") && n->text.n) {
    const struct node *entry = entry_of(k->received.resource, n->text);
    if (entry) behind = copy_entry(k, behind, entry, left);
  }
  for (NODE_EACH(c, n)) behind = copy_references(k, behind, c, left);
  return behind;
}

static struct node *copy_entry(struct ack *k, struct node *behind, const struct node *entry, size_t *left) {
  struct str type = node_child(entry, "resource") ? node_child(entry, "resource")->type : (struct str){0};
  struct str url = node_text_at(entry, "fullUrl");
  bool unwanted = str_eqz(type, "MessageHeader") || str_eqz(type, "Patient") || !type.n || !url.n;
  for (NODE_EACH(c, k->root))
    if (str_eqz(c->name, "entry") && str_eq(node_text_at(c, "fullUrl"), url)) unwanted = true;
  if (unwanted || *left == 0) return behind;
  struct node *copy = node_copy(k->v->scratch, entry);
  copy->flags |= NODE_LISTED;
  insert_behind(behind, copy);
  (*left)--;
  return copy_references(k, copy, node_child(entry, "resource"), left);
}

/* The Provenance that targets the received message's own header. */
static const struct node *latest_provenance(const struct node *bundle, struct str header) {
  for (NODE_EACH(entry, bundle)) {
    const struct node *r = str_eqz(entry->name, "entry") ? node_child(entry, "resource") : NULL;
    if (!r || !str_eqz(r->type, "Provenance")) continue;
    if (str_eq(reference_id(node_text_at(r, "target.reference")), header)) return entry;
  }
  return NULL;
}

/* Their own Organization instead of the template's, when the message holds it. */
static void use_their_sender(struct ack *k, size_t *left) {
  const struct node *header = entry_first(k->received.resource, "MessageHeader");
  struct node *entry = entry_of(k->received.resource, node_text_at(header, "sender.reference"));
  struct node *receiver = node_at(entry_first(k->root, "MessageHeader"), "destination.receiver.reference");
  struct str url = node_text_at(entry, "fullUrl");
  struct node *made = entry_of(k->root, receiver->text);
  if (!entry || !url.n || !made) return;
  copy_entry(k, made, entry, left);
  node_remove(made);
  receiver->text = url;
}

static void copy_received(struct ack *k) {
  size_t left = ACK_COPIES_MAX;
  struct str header = facts_get(&k->order->to->facts, "header.id");
  const struct node *latest = k->received.resource ? latest_provenance(k->received.resource, header) : NULL;
  if (!k->received.resource) return;
  use_their_sender(k, &left);
  struct node *behind = node_child(k->root, "entry"), *copy;
  if (!latest) return;
  copy = node_copy(k->v->scratch, latest);
  copy->flags |= NODE_LISTED;
  insert_behind(behind, copy);
  /* Only who did it belongs here, not the messages before. */
  for (const struct node *agent = node_at(latest, "resource.agent"); agent; agent = node_again(agent))
    copy_references(k, k->root->last, agent, &left);
}

static int read_previous(struct ack *k, struct error *e) {
  const struct state_message *m = k->order->renew ? last_ack(k->v, k->order->to) : NULL;
  k->repeats = m != NULL;
  return m ? open_message(&k->before, k->v, m, e) : 0;
}

int ack_build(struct step_send *out, const struct step_view *v, const struct ack_order *o, struct error *e) {
  struct ack k = {.v = v, .order = o};
  struct expander x = {.v = v, .own = &k.own, .making = true, .now = o->now};
  enum resource_form from;
  const struct facts *f = &o->to->facts;
  struct parcel p = {.as = o->as, .statistic = "automatic", .resource = NULL, .now = o->now};
  p.form = str_eqz(first_of(o->form, view_vendor(v)->form), "xml") ? RESOURCE_XML : RESOURCE_JSON;
  p.from = our_gln(v, f);
  p.to = their_gln(v, f);
  struct str came_in = facts_get(f, "envelope");
  p.envelope = came_in.n && !str_eqz(came_in, "none") ? came_in : view_vendor(v)->envelope;
  facts_init(&k.own, v->scratch);
  if (facts_get(f, "header.id").n == 0) return error_set(e, ERR_PEER, "MessageHeader.id (%.*s)", STR_F(o->to->id));
  if (open_message(&k.received, v, o->to, e) < 0 || read_previous(&k, e) < 0) return -1;
  put_facts(&k, p.from, p.to);
  if (fixture_read(&k.root, &from, &x, STR(ACK_TEMPLATE), e) < 0) return -1;
  drop_outcome(&k);
  copy_received(&k);
  if (fixture_write(&p.payload, v, k.root, from, p.form, e) < 0) return -1;
  p.resource = k.root;
  if (keeps(&k, "envelope")) p.envelope_id = facts_get(&k.before.facts, "envelope.id");
  if (keeps(&k, "message")) p.message_id = facts_get(&k.before.facts, "envelope.message");
  return parcel_wrap(out, v, &p, e);
}
