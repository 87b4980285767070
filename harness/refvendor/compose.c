/* New messages, replies and forwards: CareCommunication 5.0 (use cases S1, S2, S3 of its protocol). */
#include "refvendor/refvendor_int.h"

#define CARE RV_MEDCOM "carecommunication/StructureDefinition/medcom-careCommunication-"
#define DEFINITION RV_MEDCOM "messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition|5.0"

/* The ends of a message: references in the draft, and who stands behind them. */
struct ends {
  struct str sender, receiver;
  struct refvendor_party from, to;
};

static void put_care_header(struct rv_draft *d, const struct ends *e) {
  rv_draft_header(d, rv_care.event, CARE "messageHeader", e->sender, e->receiver, e->from, e->to);
  rv_put(d->a, d->header, "definition", STR(DEFINITION));
}

static struct str put_author(struct rv_draft *d, const struct rv_user *u, struct str organization) {
  struct str practitioner, role;
  struct node *p = rv_draft_resource(d, "Practitioner", RV_CORE "medcom-core-practitioner", &practitioner);
  rv_put(d->a, p, "name.family", str_z(u->family));
  rv_put(d->a, p, "name.given", str_z(u->given));
  struct node *r = rv_draft_resource(d, "PractitionerRole", RV_CORE "medcom-core-practitionerrole", &role);
  rv_put(d->a, r, "practitioner.reference", practitioner);
  rv_put(d->a, r, "organization.reference", organization);
  rv_put(d->a, r, "code.coding.system", STR(RV_TERMINOLOGY "medcom-core-PractitionerRolesSKSadministrativ"));
  rv_put(d->a, r, "code.coding.code", str_z(u->role));
  return role;
}

static struct str put_group(struct rv_draft *d, struct str name, struct str organization) {
  struct str reference;
  struct node *t = rv_draft_resource(d, "CareTeam", RV_CORE "medcom-core-careteam", &reference);
  rv_put(d->a, t, "name", name);
  rv_put(d->a, t, "managingOrganization.reference", organization);
  return reference;
}

static struct str put_episode(struct rv_draft *d, struct str episode, struct str patient) {
  struct str reference;
  struct node *e = rv_draft_resource(d, "Encounter", RV_CORE "medcom-core-encounter", &reference);
  rv_put(d->a, e, "status", STR("in-progress"));
  rv_put(d->a, e, "class.system", STR("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
  rv_put(d->a, e, "class.code", STR("AMB"));
  rv_put(d->a, e, "subject.reference", patient);
  struct str system = arena_printf(d->a, "https://sor2.sum.dsdn.dk/#id=%.*s", STR_F(d->v->o->own.sor));
  rv_put(d->a, e, "episodeOfCare.identifier.system", system);
  rv_put(d->a, e, "episodeOfCare.identifier.value", episode);
  return reference;
}

/* A segment with the date of sending and an identifier that Provenance will name. */
static struct node *put_segment(struct rv_draft *d, struct node *communication, struct str organization) {
  struct node *p = node_add(d->a, communication, "payload");
  struct str id = arena_printf(d->a, "urn:uuid:%.*s", STR_F(rv_id(d->v, d->a)));
  rv_put(d->a, rv_extension(d->a, p, "datetime"), "valueDateTime", d->time);
  struct node *x = rv_extension(d->a, p, "identifier");
  rv_put(d->a, x, "valueIdentifier.value", id);
  rv_put(d->a, x, "valueIdentifier.assigner.reference", organization);
  VEC_PUSH(d->a, &d->segments, id);
  return p;
}

static void put_text(struct rv_draft *d, struct node *communication, struct str text, struct str author,
                     const struct rv_user *u, struct str organization) {
  struct node *p = put_segment(d, communication, organization);
  rv_put(d->a, rv_extension(d->a, p, "practitioner"), "valueReference.reference", author);
  struct node *x = rv_extension(d->a, p, "contact");
  rv_put(d->a, x, "valueContactPoint.system", STR("phone"));
  rv_put(d->a, x, "valueContactPoint.value", str_z(u->phone));
  rv_put(d->a, p, "contentString", text);
}

/* Who put it in is told only if there is an author. */
static void put_file(struct rv_draft *d, struct node *communication, const char *kind, struct str author,
                     struct str organization) {
  for (size_t i = 0; i < rv_files_n; i++) {
    const struct rv_file *f = &rv_files[i];
    if (!str_eqz(str_z(kind), f->kind)) continue;
    struct node *p = put_segment(d, communication, organization);
    if (author.n) rv_put(d->a, rv_extension(d->a, p, "practitioner"), "valueReference.reference", author);
    struct node *c = node_add(d->a, p, "contentAttachment");
    if (f->mime) rv_put(d->a, c, "contentType", str_z(f->mime));
    if (f->data) rv_put(d->a, c, "data", str_z(f->data));
    if (f->url) rv_put(d->a, c, "url", str_z(f->url));
    rv_put(d->a, c, "title", str_z(f->title));
    if (f->data) rv_put(d->a, c, "creation", d->time);
    return;
  }
}

/* What the user writes: author, text, files. */
static void put_new_segments(struct rv_draft *d, struct node *communication, const struct rv_order *o,
                             struct str organization) {
  const struct rv_user *u = &rv_users[o->user % rv_users_n];
  struct str author = put_author(d, u, organization);
  put_text(d, communication, o->text, author, u, organization);
  for (size_t i = 0; i < o->attachments_n; i++)
    put_file(d, communication, o->attachments[i], o->signed_files ? author : (struct str){0}, organization);
  if (!o->specific_sender) return;
  rv_put(d->a, rv_extension(d->a, communication, "sender"), "valueReference.reference", author);
}

static void drop(struct node *n, const char *name) {
  for (struct node *c; (c = node_child(n, name));) node_remove(c);
}

/* Category, topic and priority: what was ordered takes the place of what was there. */
static void put_subject(struct rv_draft *d, struct node *c, const struct rv_order *o) {
  if (o->category.n) {
    drop(c, "category");
    rv_put(d->a, c, "category.coding.system", STR(RV_TERMINOLOGY "medcom-careCommunication-categoryCodes"));
    rv_put(d->a, c, "category.coding.code", o->category);
  }
  if (o->topic.n) {
    drop(c, "topic");
    rv_put(d->a, c, "topic.text", o->topic);
  }
  if (o->priority.n) {
    drop(c, "priority");
    rv_put(d->a, c, "priority", o->priority);
  }
  /* Priority belongs to regarding-referral alone (medcom-careCommunication-5). */
  if (!str_eqz(node_text_at(c, "category.coding.code"), "regarding-referral")) drop(c, "priority");
}

static void put_thread(struct rv_draft *d, struct node *c) {
  drop(c, "identifier");
  rv_put(d->a, c, "identifier.value", arena_printf(d->a, "urn:uuid:%.*s", STR_F(rv_id(d->v, d->a))));
}

/* An answer to an OIOXML or EDIFACT message is new in all but its Provenance: there was no thread. */
const struct node *rv_compose_new(struct refvendor *v, struct arena *a, const struct rv_order *o) {
  struct rv_draft d;
  struct ends e = {.from = v->o->own, .to = o->receiver};
  struct str focus, patient;
  rv_draft_begin(&d, v, a, CARE "message", NULL);
  put_care_header(&d, &e);
  e.sender = rv_draft_organization(&d, e.from);
  e.receiver = rv_draft_organization(&d, e.to);
  node_child(node_child(d.header, "sender"), "reference")->text = e.sender;
  node_at(d.header, "destination.receiver.reference")->text = e.receiver;
  patient = rv_draft_patient(&d, &o->patient);
  struct node *c = rv_draft_resource(&d, "Communication", CARE "communication", &focus);
  put_thread(&d, c);
  rv_put(a, c, "status", STR("unknown"));
  put_subject(&d, c, o);
  rv_put(a, c, "subject.reference", patient);
  if (o->episode.n) rv_put(a, c, "encounter.reference", put_episode(&d, o->episode, patient));
  if (o->recipient.n) rv_put(a, c, "recipient.reference", put_group(&d, o->recipient, e.receiver));
  put_new_segments(&d, c, o, e.sender);
  rv_put(a, d.header, "focus.reference", focus);
  d.legacy = o->legacy;
  const char *activity = o->legacy.n ? "reply-message" : "new-message";
  rv_draft_provenance(&d, CARE "provenance", activity, e.sender, (struct str){0});
  return rv_draft_end(&d);
}

/* The parties of an answer: those of the message turned round, unless it was our own. */
static struct ends answer_ends(const struct rv_letter *to) {
  const struct node *h = rv_resource(to->root, "MessageHeader");
  struct str sender = node_text_at(h, "sender.reference");
  struct str receiver = node_text_at(h, "destination.receiver.reference");
  struct ends e = {.sender = to->own ? sender : receiver, .receiver = to->own ? receiver : sender};
  e.from = rv_party_of(to->root, e.sender);
  e.to = rv_party_of(to->root, e.receiver);
  return e;
}

/* The Communication of an earlier message under an id of its own. */
static struct node *copy_communication(struct rv_draft *d, const struct rv_letter *of, struct str *focus) {
  struct node *c = rv_draft_resource(d, "Communication", CARE "communication", focus);
  const struct node *old = rv_resource(of->root, "Communication");
  for (NODE_EACH(child, old))
    if (!str_eqz(child->name, "id") && !str_eqz(child->name, "meta") && !str_eqz(child->name, "text"))
      node_append(c, node_copy(d->a, child));
  return c;
}

static struct node *sender_extension(const struct node *c) {
  for (struct node *x = node_child(c, "extension"); x; x = node_again(x))
    if (str_eqz(node_text_at(x, "url"), RV_CORE "medcom-core-sender-extension")) return x;
  return NULL;
}

/* Rule 6 of the standard: a reply names old attachments but does not repeat them; a forward has them whole. */
static void keep_old_attachment(struct rv_draft *d, struct node *payload, bool whole) {
  struct node *c = node_child(payload, "contentAttachment");
  struct node *data = node_child(c, "data");
  if (!c) return;
  if (!whole && data) node_remove(data);
  if (!whole || data || node_child(c, "url")) return;
  const struct node *kept = rv_attachment_data(d->v, rv_segment_id(payload));
  if (kept) rv_put(d->a, c, "data", kept->text);
}

static void keep_old_segments(struct rv_draft *d, struct node *c, bool whole) {
  for (struct node *p = node_child(c, "payload"); p; p = node_again(p)) keep_old_attachment(d, p, whole);
}

static const struct node *provenance_of(const struct rv_letter *l) {
  for (const struct node *e = node_child(l->root, "entry"); e; e = node_again(e)) {
    const struct node *p = node_child(e, "resource");
    struct str target = node_text_at(p, "target.reference");
    if (p && str_eqz(p->type, "Provenance") && str_ends(target, l->header_id)) return e;
  }
  return NULL;
}

static void copy_provenances(struct rv_draft *d, const struct rv_letter *of, bool latest_only) {
  const struct node *latest = provenance_of(of);
  for (const struct node *e = node_child(of->root, "entry"); e; e = node_again(e)) {
    const struct node *p = node_child(e, "resource");
    if (p && str_eqz(p->type, "Provenance") && (!latest_only || e == latest)) rv_draft_copy(d, e);
  }
}

/* Part of a thread: only the segments that the latest message added. */
static void keep_latest(struct node *c, const struct rv_letter *of) {
  const struct node *p = node_child(provenance_of(of), "resource");
  for (struct node *next, *s = node_child(c, "payload"); s; s = next) {
    bool named = false;
    struct str id = rv_segment_id(s);
    next = node_again(s);
    for (const struct node *e = node_child(p, "entity"); e; e = node_again(e))
      named |= str_eq(node_text_at(e, "what.identifier.value"), id);
    if (!named) node_remove(s);
  }
}

static const struct node *finish(struct rv_draft *d, const struct rv_letter *of, const char *activity,
                                 const struct ends *e) {
  rv_draft_provenance(d, CARE "provenance", activity, e->sender, rv_draft_reference(d, "MessageHeader", of->header_id));
  rv_draft_complete(d, of->root);
  return rv_draft_end(d);
}

/* The received specific sender becomes the specific recipient. */
static void turn_round(struct rv_draft *d, struct node *c, const struct rv_letter *to) {
  struct node *x = sender_extension(c);
  struct str who = node_text_at(x, "valueReference.reference");
  if (to->own) return;
  drop(c, "recipient");
  if (who.n) rv_put(d->a, c, "recipient.reference", who);
}

static void drop_sender(struct node *c) {
  struct node *x = sender_extension(c);
  if (x) node_remove(x);
}

const struct node *rv_compose_reply(struct refvendor *v, struct arena *a, const struct rv_order *o,
                                    const struct rv_letter *to) {
  struct rv_draft d;
  struct ends e = answer_ends(to);
  struct str focus;
  rv_draft_begin(&d, v, a, CARE "message", to->root);
  put_care_header(&d, &e);
  struct node *c = copy_communication(&d, to, &focus);
  rv_put(a, d.header, "focus.reference", focus);
  turn_round(&d, c, to);
  drop_sender(c);
  put_subject(&d, c, o);
  keep_old_segments(&d, c, false);
  put_new_segments(&d, c, o, e.sender);
  copy_provenances(&d, to, false);
  return finish(&d, to, "reply-message", &e);
}

/* Its organization in the message that is forwarded, or one of our own making. */
static struct str forward_receiver(struct rv_draft *d, const struct rv_letter *of, struct refvendor_party p) {
  for (const struct node *e = node_child(of->root, "entry"); e; e = node_again(e)) {
    const struct node *r = node_child(e, "resource");
    if (r && str_eqz(r->type, "Organization") && str_eq(rv_identifier(r, RV_GLN), p.gln))
      return rv_draft_reference(d, "Organization", node_text_at(r, "id"));
  }
  return (struct str){0};
}

const struct node *rv_compose_forward(struct refvendor *v, struct arena *a, const struct rv_order *o,
                                      const struct rv_letter *of) {
  struct rv_draft d;
  struct ends e = answer_ends(of);
  struct str focus;
  rv_draft_begin(&d, v, a, CARE "message", of->root);
  e.to = o->receiver;
  e.receiver = forward_receiver(&d, of, e.to);
  put_care_header(&d, &e);
  if (e.receiver.n == 0) {
    e.receiver = rv_draft_organization(&d, e.to);
    node_at(d.header, "destination.receiver.reference")->text = e.receiver;
  }
  struct node *c = copy_communication(&d, of, &focus);
  rv_put(a, d.header, "focus.reference", focus);
  if (!rv_has(v, DEFECT_FORWARD_KEEPS_THREAD)) put_thread(&d, c);
  drop(c, "recipient");
  drop_sender(c);
  put_subject(&d, c, o);
  if (o->latest_only) keep_latest(c, of);
  keep_old_segments(&d, c, true);
  put_new_segments(&d, c, o, e.sender);
  copy_provenances(&d, of, o->latest_only);
  return finish(&d, of, "forward-message", &e);
}
