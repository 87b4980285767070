/* EHMI Delivery Status (EDS) as a vendor's system uses it: a FHIR server that keeps AuditEvents and nothing else.
 *
 *   POST   /<system>/<role>/AuditEvent          register; judged by the profile that it declares
 *   GET    /<system>/<role>/AuditEvent/[id]     read
 *   GET    /<system>/<role>/AuditEvent?...      search; POST /AuditEvent/_search
 *   GET    /<system>/<role>/metadata            what it can
 *
 * What was registered stays as it was: update, patch and delete are refused. Source: dk.ehmi.eds 1.0.2. */
#include "endpoint/eds_int.h"
#include "validate/eds_event.h"
#include "validate/eds_rules.h"
#include "validate/profile.h"

static const struct str profiles[] = {
    [EDS_BASIC] = STR_INIT("http://medcomehmi.dk/ig/eds/StructureDefinition/EdsBasicDeliveryStatus"),
    [EDS_PATIENT] = STR_INIT("http://medcomehmi.dk/ig/eds/StructureDefinition/EdsPatientDeliveryStatus")};

static void check_declared(struct findings *f, const struct eds_event *e) {
  if (e->profile == EDS_NO_PROFILE)
    FINDING(f, eds_rule(EDS_PROFILE_NONE), node_place(f->arena, STR("body"), e->root));
  else if (!str_eq(e->profile_url, profiles[e->profile]))
    FINDING(f, eds_rule(EDS_PROFILE_URL), node_place(f->arena, STR("body"), node_at(e->root, "meta.profile")),
            e->profile_url, profiles[e->profile]);
}

/* By the profile that it declares, however that is written; else by that of every AuditEvent. */
static void judge(void *context, struct arena *a, const struct node *resource, enum resource_form form,
                  struct findings *f) {
  const struct endpoint *ep = ((const struct eds_caller *)context)->ep;
  struct eds_event e;
  (void)a;
  if (!eds_event_read(&e, resource)) return;
  check_declared(f, &e);
  if (!ep->config.profiles) {
    FINDING(f, eds_rule(EDS_PROFILE_MISSING), node_place(f->arena, STR("body"), resource));
    return;
  }
  struct arena *scratch = arena_new(0);
  struct profile_options o = {.cache = ep->config.profiles,
                              .profiles = &profiles[e.profile],
                              .profiles_n = e.profile != EDS_NO_PROFILE,
                              .form = form,
                              .in_run = true};
  profile_validate(f, scratch, resource, STR("body"), &o);
  arena_free(scratch);
}

/* What each interaction needs, as SMART writes it; what a server can is told to anybody. */
static const struct {
  const char *interaction, *permission;
} permissions[] = {{"create", "system/AuditEvent.c"}, {"read", "AuditEvent.r"}, {"search", "AuditEvent.s"}};

static const char *permission_of(const struct rest_asking *x) {
  if (x->target->issue.kind != REST_FINE) return NULL;
  for (size_t i = 0; i < sizeof permissions / sizeof *permissions; i++)
    if (str_eqz(str_z(x->target->interaction), permissions[i].interaction)) return permissions[i].permission;
  return NULL;
}

/* Whoever registers must be one of the two that the event is about, with the device that reports it. */
static void check_own(struct guard_answer *g, struct rest_asking *x) {
  const struct facts *f = x->facts;
  const struct guard_party parties[] = {{facts_get(f, "eds.sender.sor"), eds_gln(facts_get(f, "eds.sender.gln"))},
                                        {facts_get(f, "eds.receiver.sor"), eds_gln(facts_get(f, "eds.receiver.gln"))}};
  /* What is no AuditEvent is refused for that. */
  if (!facts_get(f, "eds.profile").n) return;
  guard_check_party(g, x->arena, parties, sizeof parties / sizeof *parties, facts_get(f, "eds.device"));
  if (g->status != 200) rest_party_forbid(g, x);
}

static void *begin(struct rest_asking *x) {
  struct eds_caller *c = ARENA_NEW(x->arena, struct eds_caller);
  const char *permission = permission_of(x);
  *c = (struct eds_caller){.ep = x->ep, .arena = x->arena};
  if (!permission || !x->ep->config.guard) return c;
  if (rest_party_guard(&c->guard, x, permission) && str_eqz(str_z(x->target->interaction), "create"))
    check_own(&c->guard, x);
  c->guarded = true;
  guard_put_facts(&c->guard, x->facts);
  return c;
}

static const struct rest_service service = {
    .types = "AuditEvent", .interactions = "create|read|search|capabilities", .judge = judge, .shows = eds_shows};

static const struct rest_party party = {.service = &service, .begin = begin};

const struct endpoint_kind endpoint_eds = REST_PARTY("eds", &party);
