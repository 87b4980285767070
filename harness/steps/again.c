/* send: {again: NAME}: a message that was sent before, with just the identifiers renewed that the step lists. */
#include "base/uuid.h"
#include "envelope/sbdh.h"
#include "steps/steps_int.h"

struct again {
  const struct step_view *v;
  struct message m;
  struct node *root; /* the payload, when it is changed; else NULL */
  const struct node *renew;
  int64_t now;
};

static bool renews(const struct again *g, const char *what) {
  return g->renew ? list_has(g->renew, what) : str_eqz(STR("envelope"), what);
}

/* Every text that ends with the old identifier, alone or behind "/" or ":", gets the new one. */
static void replace_id(struct arena *a, struct node *n, struct str old, struct str new) {
  if (n->text.n >= old.n && str_ends(n->text, old)) {
    struct str head = str_sub(n->text, 0, n->text.n - old.n);
    if (head.n == 0 || head.p[head.n - 1] == '/' || head.p[head.n - 1] == ':')
      n->text = arena_printf(a, "%.*s%.*s", STR_F(head), STR_F(new));
  }
  for (NODE_EACH(c, n)) replace_id(a, c, old, new);
}

static void set_text(struct node *n, struct str text) {
  if (n) n->text = text;
}

/* Bundle.identifier may hold the same one (governance of MedCom's messages). */
static void renew_bundle(struct again *g) {
  struct str old = node_text_at(g->root, "id"), new = step_uuid(g->v, STR("bundle"));
  struct node *identifier = node_at(g->root, "identifier.value");
  if (identifier && old.n && str_eq(reference_id(identifier->text), old))
    replace_id(g->v->scratch, identifier, old, new);
  set_text(node_child(g->root, "id"), new);
}

static void renew_header(struct again *g) {
  struct str old = node_text_at(entry_first(g->root, "MessageHeader"), "id");
  if (old.n) replace_id(g->v->scratch, g->root, old, step_uuid(g->v, STR("header")));
}

/* The time of assembling, and the own Provenance's; what was written before keeps its time. */
static void renew_time(struct again *g) {
  struct str now = time_danish(g->v->scratch, g->now);
  struct str header = node_text_at(entry_first(g->root, "MessageHeader"), "id");
  set_text(node_child(g->root, "timestamp"), now);
  for (NODE_EACH(entry, g->root)) {
    struct node *r = str_eqz(entry->name, "entry") ? node_child(entry, "resource") : NULL;
    if (!r || !str_eqz(r->type, "Provenance")) continue;
    if (!header.n || !str_eq(reference_id(node_text_at(r, "target.reference")), header)) continue;
    set_text(node_child(r, "occurredDateTime"), now);
    set_text(node_child(r, "recorded"), now);
  }
}

static const struct {
  const char *what;
  void (*fn)(struct again *g);
} payload_renewals[] = {{"bundle", renew_bundle}, {"header", renew_header}, {"time", renew_time}};

/* Unchanged bytes stay the same bytes; otherwise the tree is written anew in its own form. */
static int renew_payload(struct str *payload, struct again *g, struct error *e) {
  *payload = g->m.payload.bytes;
  for (size_t i = 0; i < sizeof payload_renewals / sizeof *payload_renewals; i++) {
    if (!renews(g, payload_renewals[i].what)) continue;
    if (!g->m.resource)
      return error_set(e, ERR_CONFIG, "its payload is no FHIR resource, so \"%s\" cannot be renewed",
                       payload_renewals[i].what);
    if (!g->root) g->root = node_copy(g->v->scratch, g->m.resource);
    payload_renewals[i].fn(g);
  }
  return g->root ? fixture_write(payload, g->v, g->root, g->m.form, g->m.form, e) : 0;
}

/* What the scopes repeat of a payload that got new identifiers. */
static void renew_scopes(struct again *g, struct sbdh *s) {
  if (!g->root) return;
  parcel_scope(s, SBDH_BUNDLE_ID, node_text_at(g->root, "id"));
  parcel_scope(s, SBDH_MESSAGE_ID, node_text_at(entry_first(g->root, "MessageHeader"), "id"));
}

static int rewrap_sbdh(struct step_send *out, struct again *g, struct str as, struct str payload, struct error *e) {
  const struct envelope *was = g->m.envelope;
  const struct ehmi_profile *profile;
  struct envelope env;
  bool envelope = renews(g, "envelope");
  struct sbdh_stamp stamp = {.id = envelope ? step_uuid(g->v, STR("envelope")) : was->id,
                             .sent = envelope || renews(g, "time") ? time_danish(g->v->scratch, g->now) : was->sent};
  if (view_ehmi(&profile, g->v, e) < 0) return -1;
  sbdh_resend(&env, g->v->scratch, was, &stamp, profile);
  env.payload = payload;
  renew_scopes(g, env.sbdh);
  if (renews(g, "message")) parcel_scope(env.sbdh, SBDH_MESSAGE_ID, step_uuid(g->v, STR("message")));
  return parcel_write(out, g->v, as, was->kind, &env, payload, e);
}

static int rewrap_vans(struct step_send *out, struct again *g, struct str as, struct str payload, struct error *e) {
  struct envelope env = *g->m.envelope;
  if (renews(g, "envelope")) env.id = step_uuid(g->v, STR("envelope"));
  if (renews(g, "message")) env.meta.id = step_uuid(g->v, STR("message"));
  /* Sent anew: governance for reliable messaging, an unchanged message in a new envelope has a new SentDateTime. */
  if (renews(g, "envelope") || renews(g, "time")) env.sent = time_danish(g->v->scratch, g->now);
  if (env.content == ENVELOPE_MESSAGE) {
    env.payload = payload;
    env.meta.size = (int64_t)payload.n;
  }
  return parcel_write(out, g->v, as, env.kind, &env, payload, e);
}

static bool renews_anything(const struct again *g) {
  static const char *const all[] = {"envelope", "message", "bundle", "header", "time"};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (renews(g, all[i])) return true;
  return false;
}

int again_build(struct step_send *out, const struct step_view *v, int64_t now, struct error *e) {
  const struct node *args = v->at->step->args_node;
  struct str name = keys_text(args, "again"), as = keys_text(args, "as"), payload;
  const struct state_message *sent = state_message_find(v->state, name);
  struct again g = {.v = v, .renew = node_child(args, "renew"), .now = now};
  if (!sent) return error_set(e, ERR_PEER, "\"%.*s\"", STR_F(name));
  if (!sent->outbound)
    return error_set(e, ERR_CONFIG, "\"%.*s\" came from the system; only what we sent can be sent again", STR_F(name));
  if (open_message(&g.m, v, sent, e) < 0 || renew_payload(&payload, &g, e) < 0) return -1;
  struct str type = facts_get(&sent->facts, "content-type");
  if (!type.n) type = g.m.envelope ? STR("application/xml") : str_z(resource_mime(g.m.form));
  if (!renews_anything(&g)) {
    parcel_finish(out, v, as, g.m.raw.bytes, g.m.payload.bytes, arena_z(v->scratch, type));
    return 0;
  }
  if (g.m.envelope && g.m.envelope->sbdh) return rewrap_sbdh(out, &g, as, payload, e);
  if (g.m.envelope) return rewrap_vans(out, &g, as, payload, e);
  parcel_finish(out, v, as, payload, payload, arena_z(v->scratch, type));
  return 0;
}
