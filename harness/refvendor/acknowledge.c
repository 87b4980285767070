/* Acknowledgement 2.0: what is said about a received message. */
#include "refvendor/refvendor_int.h"

#define ACK RV_MEDCOM "acknowledgement/StructureDefinition/medcom-"
#define PROVENANCE RV_MEDCOM "messaging/StructureDefinition/medcom-messaging-provenance"

static const struct node *latest_provenance(const struct node *root, struct str header_id) {
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    const struct node *p = node_child(e, "resource");
    if (p && str_eqz(p->type, "Provenance") && str_ends(node_text_at(p, "target.reference"), header_id)) return e;
  }
  return NULL;
}

static struct str put_outcome(struct rv_draft *d, const struct rv_problem *problem) {
  struct str reference;
  struct node *o = rv_draft_resource(d, "OperationOutcome", ACK "acknowledgement-operationoutcome", &reference);
  rv_put(d->a, o, "issue.severity", STR("error"));
  rv_put(d->a, o, "issue.code", problem->issue);
  rv_put(d->a, o, "issue.details.coding.system", problem->detail_system);
  rv_put(d->a, o, "issue.details.coding.code", problem->detail);
  rv_put(d->a, o, "issue.details.text", problem->text);
  return reference;
}

/* An invalid message may name parties that are not in it: then ours, and the sender of the envelope. */
static struct str party(const struct node *root, struct str reference, struct refvendor_party otherwise,
                        struct refvendor_party *out) {
  *out = rv_party_of(root, reference);
  if (out->gln.n) return reference;
  *out = otherwise;
  return (struct str){0};
}

static struct refvendor_party sender_of_envelope(const struct refvendor *v, struct str gln) {
  const struct refvendor_party *known = rv_party(v, gln);
  return known ? *known : (struct refvendor_party){.gln = gln};
}

static struct str or_organization(struct rv_draft *d, struct str reference, struct refvendor_party p,
                                  const char *path) {
  if (reference.n) return reference;
  reference = rv_draft_organization(d, p);
  node_at(d->header, path)->text = reference;
  return reference;
}

static struct str quoted(const struct refvendor *v, const struct node *root) {
  if (rv_has(v, DEFECT_ACK_WRONG_IDENTIFIER)) return node_text_at(root, "id");
  return node_text_at(rv_resource(root, "MessageHeader"), "id");
}

const struct node *rv_acknowledge(struct refvendor *v, struct arena *a, const struct node *root, struct str code,
                                  const struct rv_problem *problem, struct str sender_gln) {
  struct rv_draft d;
  const struct node *h = rv_resource(root, "MessageHeader");
  struct str header_id = node_text_at(h, "id");
  struct refvendor_party from, to;
  rv_draft_begin(&d, v, a, ACK "messaging-acknowledgement", root);
  struct str us = party(root, node_text_at(h, "destination.receiver.reference"), v->o->own, &from);
  struct str them = party(root, node_text_at(h, "sender.reference"), sender_of_envelope(v, sender_gln), &to);
  rv_draft_header(&d, RV_ACK, ACK "messaging-acknowledgementHeader", us, them, from, to);
  us = or_organization(&d, us, from, "sender.reference");
  or_organization(&d, them, to, "destination.receiver.reference");
  rv_put(a, d.header, "response.identifier", quoted(v, root));
  rv_put(a, d.header, "response.code", code);
  if (problem) rv_put(a, d.header, "response.details.reference", put_outcome(&d, problem));
  const struct node *latest = latest_provenance(root, header_id);
  if (latest) rv_draft_copy(&d, latest);
  rv_draft_provenance(&d, PROVENANCE, "acknowledgement", us, rv_draft_reference(&d, "MessageHeader", header_id));
  rv_draft_complete(&d, root);
  return rv_draft_end(&d);
}

static void set_text(struct node *n, const char *name, struct str text) {
  struct node *c = node_child(n, name);
  if (c) c->text = text;
}

/* Same content, new Bundle.id (unless that is the defect); what says when it was sent is said anew. */
const struct node *rv_acknowledge_again(struct refvendor *v, const struct node *ack) {
  struct node *again = node_copy(v->arena, ack);
  struct str now = rv_now(v, v->arena), header_id = node_text_at(rv_resource(again, "MessageHeader"), "id");
  if (!rv_has(v, DEFECT_SAME_BUNDLE_ID_ON_RESEND)) set_text(again, "id", rv_id(v, v->arena));
  if (rv_has(v, DEFECT_OLD_TIMES_ON_RESEND)) return again;
  set_text(again, "timestamp", now);
  struct node *own = node_child(latest_provenance(again, header_id), "resource");
  set_text(own, "occurredDateTime", now);
  set_text(own, "recorded", now);
  if (own) rv_narrate(v->arena, own);
  return again;
}

static struct str response_code(const struct node *root) {
  return node_text_at(rv_resource(root, "MessageHeader"), "response.code");
}

const struct rv_kind rv_acknowledgement = {
    .name = "acknowledgement", .event = RV_ACK, .statistic = "automatic", .postfix = response_code};
