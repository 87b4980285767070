/* How what goes out is wrapped: a row an envelope. */
#include "base/uuid.h"
#include "envelope/sbdh.h"
#include "envelope/vans.h"
#include "steps/steps_int.h"

#define CONTENT_TYPE_ENVELOPE "application/xml"
#define ENVELOPE_BYTES_MAX (FIXTURE_BYTES_MAX * 3 / 2)

int view_ehmi(const struct ehmi_profile **out, const struct step_view *v, struct error *e) {
  struct ehmi_profile *p;
  *out = NULL;
  if (!v->services->data_dir) return error_set(e, ERR_CONFIG, "there is no folder of data with an EHMI profile in it");
  if (ehmi_profile_load(&p, v->scratch, v->services->data_dir, e) < 0) return -1;
  *out = p;
  return 0;
}

static struct str envelope_id(const struct step_view *v, const struct parcel *p) {
  return p->envelope_id.n ? p->envelope_id : step_uuid(v, STR("envelope"));
}

static int fill_vans(struct envelope *env, const struct step_view *v, const struct parcel *p,
                     const struct envelope_payload *says, struct error *e) {
  struct str header = node_text_at(entry_first(p->resource, "MessageHeader"), "id");
  (void)e;
  *env = (struct envelope){.sender = p->from,
                           .sender_type = STR("EAN"),
                           .receiver = p->to,
                           .receiver_type = STR("EAN"),
                           .id = envelope_id(v, p),
                           .sent = time_danish(v->scratch, p->now)};
  vans_describe(env, says, p->payload, p->statistic);
  /* One identifier for the message on both levels, so that a receiver's tables of both agree. */
  env->meta.id = p->message_id.n ? p->message_id : uuid_valid(header) ? header : step_uuid(v, STR("message"));
  if (p->name.n) env->meta.name = p->name;
  if (p->version.n) env->meta.version = p->version;
  return 0;
}

void parcel_scope(struct sbdh *s, const char *type, struct str value) {
  for (size_t i = 0; i < s->scopes.n && value.n; i++)
    if (str_eqz(s->scopes.v[i].type, type)) s->scopes.v[i].value = value;
}

/* The parties are those of the step, which on purpose may be others than the payload's. */
static int fill_sbdh(struct envelope *env, const struct step_view *v, const struct parcel *p,
                     const struct envelope_payload *says, struct error *e) {
  const struct ehmi_profile *profile;
  struct envelope_payload told = *says;
  struct sbdh_stamp stamp = {.id = envelope_id(v, p), .sent = time_danish(v->scratch, p->now)};
  if (view_ehmi(&profile, v, e) < 0) return -1;
  if (p->from.n) told.sender_gln = p->from;
  if (p->to.n) told.receiver_gln = p->to;
  if (!sbdh_describe(env, v->scratch, &told, p->payload, &stamp, profile))
    return error_set(e, ERR_CONFIG, "%s has no type of document for the event \"%.*s\"", EHMI_PROFILE_FILE,
                     STR_F(says->event));
  parcel_scope(env->sbdh, SBDH_MESSAGE_ID, p->message_id);
  if (p->name.n) env->sbdh->standard = p->name;
  if (p->version.n) env->sbdh->type_version = p->version;
  return p->x ? scopes_apply(env->sbdh, p->x, v->at->step->args_node, e) : 0;
}

static const struct {
  const struct envelope_kind *kind;
  int (*fill)(struct envelope *env, const struct step_view *v, const struct parcel *p,
              const struct envelope_payload *says, struct error *e);
} wrappers[] = {{&vans_kind, fill_vans}, {&sbdh_kind, fill_sbdh}};

int parcel_write(struct step_send *out, const struct step_view *v, struct str as, const struct envelope_kind *kind,
                 const struct envelope *env, struct str payload, struct error *e) {
  struct buf b;
  buf_init(&b, ENVELOPE_BYTES_MAX);
  kind->write(&b, env);
  bool full = b.full;
  struct str wire = buf_take(&b, v->scratch);
  if (full) return error_set(e, ERR_LIMIT, "the envelope is larger than %zu bytes", ENVELOPE_BYTES_MAX);
  parcel_finish(out, v, as, wire, payload, CONTENT_TYPE_ENVELOPE);
  return 0;
}

int parcel_wrap(struct step_send *out, const struct step_view *v, const struct parcel *p, struct error *e) {
  struct envelope env;
  struct envelope_payload says = {0};
  if (!p->envelope.n) {
    parcel_finish(out, v, p->as, p->payload, p->payload,
                  p->letter ? letter_content_type(p->payload) : resource_mime(p->form));
    return 0;
  }
  if (p->letter)
    letter_says(&says, v->scratch, p->payload);
  else
    message_payload_facts(&says, v->scratch, p->resource, p->form);
  for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
    if (!str_eqz(p->envelope, wrappers[i].kind->name)) continue;
    if (wrappers[i].fill(&env, v, p, &says, e) < 0) return -1;
    return parcel_write(out, v, p->as, wrappers[i].kind, &env, p->payload, e);
  }
  return error_set(e, ERR_CONFIG, "there is no envelope \"%.*s\"", STR_F(p->envelope));
}
