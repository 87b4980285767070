#include "envelope/interchange.h"
#include "envelope/sbdh.h"
#include "envelope/vans.h"
#include "formats/edifact.h"
#include "formats/sniff.h"
#include "formats/xml.h"
#include "validate/message_int.h"
#include "validate/validate_int.h"

/* Moves what the envelope's own rules found to envelope_findings; the rest is of the syntax. */
static void sort_findings(struct message *m, const struct envelope_kind *kind, const struct findings *found) {
  struct str prefix = arena_printf(m->facts.arena, "%s.", kind->name);
  for (size_t i = 0; i < found->list.n; i++) {
    const struct finding *x = &found->list.v[i];
    struct findings *to = str_starts(x->rule, prefix) ? &m->envelope_findings : &m->wellformed;
    if (to->list.n < FINDINGS_MAX)
      VEC_PUSH(to->arena, &to->list, *x);
    else
      to->dropped++;
  }
  m->wellformed.dropped += found->dropped;
}

static void put(struct message *m, const char *name, struct str value) {
  facts_put(&m->facts, str_z(name), value);
}

static struct place whole(const struct message *m) {
  return (struct place){.message = m->raw.name, .line = 1, .col = 1};
}

static void put_sbdh_facts(struct message *m, const struct sbdh *s) {
  put(m, "sbdh.kind", str_z(sbdh_content_name(s->content)));
  put(m, "sbdh.document-id", sbdh_scope_value(s, SBDH_DOCUMENT_ID));
  put(m, "sbdh.exception", s->signal.exception);
}

static void put_envelope_facts(struct message *m) {
  const struct envelope *e = m->envelope;
  put(m, "kind", e->content == ENVELOPE_RECEIPT ? STR("receipt") : STR("message"));
  put(m, "envelope.id", e->id);
  put(m, "envelope.message", e->meta.id);
  put(m, "envelope.sender", e->sender);
  put(m, "envelope.receiver", e->receiver);
  put(m, "envelope.name", e->meta.name);
  if (e->sbdh) put_sbdh_facts(m, e->sbdh);
  if (e->content != ENVELOPE_RECEIPT) return;
  put(m, "envelope.receipt", str_z(receipt_kind_name(e->receipt)));
  put(m, "envelope.original", e->original_id);
}

/* The profile that was given, else the one that is shipped. Without any the envelope cannot be judged. */
static const struct ehmi_profile *profile_for(struct message *m, struct arena *a, const struct message_options *o) {
  struct sbdh_shelf own = {.arena = a};
  const struct ehmi_profile *shipped;
  struct error e;
  if (o && o->ehmi) return o->ehmi;
  if (sbdh_shelf_profile(&shipped, o && o->shelf ? o->shelf : &own, &e) == 0) return shipped;
  FINDING(&m->envelope_findings, &validate_rule_table[VALIDATE_EHMI_PROFILE], whole(m), str_z(e.text));
  return NULL;
}

/* What a profile decides about the envelope. */
static void check_by_profile(struct message *m, struct arena *a, struct envelope *e, const struct message_options *o,
                             struct findings *found) {
  if (!e->kind->check) return;
  const struct ehmi_profile *p = profile_for(m, a, o);
  if (!p) return;
  e->kind->check(e, m->raw.name, p, found);
  ehmi_profile_apply(p, found, 0);
}

/* Fills m->envelope and m->payload; false if there is no payload to go on with. */
static bool open_envelope(struct message *m, struct arena *a, const struct envelope_kind *kind,
                          const struct message_options *o) {
  struct envelope *e = ARENA_NEW(a, struct envelope);
  struct findings found;
  findings_init(&found, a);
  int read = kind->read(e, a, m->raw, &found);
  if (read == 0) check_by_profile(m, a, e, o, &found);
  sort_findings(m, kind, &found);
  put(m, "envelope", str_z(kind->name));
  if (read != 0) return false;
  m->envelope = e;
  put_envelope_facts(m);
  if (e->content == ENVELOPE_RECEIPT) return false;
  if (!e->payload_ok) {
    FINDING(&m->wellformed, &validate_rule_table[VALIDATE_PAYLOAD], whole(m));
    return false;
  }
  m->payload = (struct source){arena_printf(a, "%.*s#payload", STR_F(m->raw.name)), e->payload};
  return true;
}

/* In whichever namespace, an Emessage is meant to be one. */
static bool is_oioxml(const struct node *root) {
  return str_eqz(root->name, "Emessage") || str_starts(root->ns, STR("http://rep.oio.dk/")) ||
         str_starts(root->ns, STR("urn:oio:"));
}

static void read_xml(struct message *m, struct arena *a, struct envelope_payload *p) {
  struct node *root;
  m->form = RESOURCE_XML;
  if (xml_read(&root, a, m->payload, &m->wellformed) != 0) return;
  if (is_oioxml(root)) {
    message_legacy_facts(p, a, root, NULL);
    message_mail_facts(m, a, root);
    m->letter = root;
    m->legacy = true;
    return;
  }
  if (resource_from_xml(&m->resource, a, root, m->payload.name, &m->wellformed) != 0) m->resource = NULL;
}

static void read_edifact(struct message *m, struct arena *a, struct envelope_payload *p) {
  edifact_read(&m->interchange, a, m->payload, &m->wellformed);
  message_legacy_facts(p, a, NULL, m->interchange);
  if (m->interchange) message_mail_facts(m, a, m->interchange);
  m->legacy = true;
}

/* JSON, and whatever cannot be told: the reader says what is wrong with it. */
static void read_other(struct message *m, struct arena *a, struct envelope_payload *p) {
  (void)p;
  if (resource_read(&m->resource, &m->form, a, m->payload, &m->wellformed) != 0) m->resource = NULL;
}

static void read_empty(struct message *m, struct arena *a, struct envelope_payload *p) {
  (void)a;
  (void)p;
  FINDING(&m->wellformed, &validate_rule_table[VALIDATE_EMPTY], whole(m));
}

static void read_payload(struct message *m, struct arena *a, struct envelope_payload *p) {
  static void (*const readers[])(struct message *, struct arena *,
                                 struct envelope_payload *) = {[SNIFF_UNKNOWN] = read_other,
                                                               [SNIFF_EMPTY] = read_empty,
                                                               [SNIFF_JSON] = read_other,
                                                               [SNIFF_XML] = read_xml,
                                                               [SNIFF_EDIFACT] = read_edifact};
  enum sniff sniffed = sniff_bytes(m->payload.bytes);
  readers[sniffed](m, a, p);
  put(m, "form", str_z(sniff_name(sniffed)));
  if (!m->resource) return;
  message_payload_facts(p, a, m->resource, m->form);
  message_resource_facts(m, m->resource);
}

/* An envelope is measured with its message, by a rule of its own. */
static void check_bare_size(struct message *m, struct arena *a) {
  if (m->envelope || m->raw.bytes.n <= VANS_MESSAGE_MAX) return;
  FINDING(&m->wellformed, &validate_rule_table[VALIDATE_TOO_LARGE], whole(m), arena_printf(a, "%zu", m->raw.bytes.n),
          arena_printf(a, "%zu", VANS_MESSAGE_MAX));
}

void message_read(struct message *out, struct arena *a, struct source raw) {
  message_read_by(out, a, raw, NULL);
}

/* Severities of the rules that compare with the payload are the profile's, too. */
static void check_payload(struct message *m, const struct envelope_payload *says) {
  size_t from = m->envelope_findings.list.n;
  const struct envelope *e = m->envelope;
  e->kind->check_payload(e, m->raw.name, says, &m->envelope_findings);
  if (e->sbdh && e->sbdh->profile) ehmi_profile_apply(e->sbdh->profile, &m->envelope_findings, from);
}

void message_read_by(struct message *out, struct arena *a, struct source raw, const struct message_options *o) {
  *out = (struct message){.raw = raw, .payload = raw, .letters = o ? o->letters : NULL};
  facts_init(&out->facts, a);
  findings_init(&out->wellformed, a);
  findings_init(&out->envelope_findings, a);
  put(out, "kind", STR("unknown"));
  put(out, "envelope", STR("none"));
  const struct envelope_kind *kind = envelope_sniff(raw.bytes);
  if (kind && !open_envelope(out, a, kind, o)) {
    out->payload = (struct source){0};
    return;
  }
  check_bare_size(out, a);
  struct envelope_payload says = {0};
  read_payload(out, a, &says);
  if (out->resource || out->legacy) put(out, "kind", STR("message"));
  if (out->interchange) interchange_check(out->interchange, out->payload.name, &out->envelope_findings);
  if (out->envelope) check_payload(out, &says);
}
