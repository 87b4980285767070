/* EHMI Delivery Status (EDS) as a vendor's system uses it: a FHIR server that keeps AuditEvents and nothing else.
 *
 *   POST   /<system>/<role>/AuditEvent          register; judged by the profile that it declares
 *   GET    /<system>/<role>/AuditEvent/[id]     read
 *   GET    /<system>/<role>/AuditEvent?...      search; POST /AuditEvent/_search
 *   GET    /<system>/<role>/metadata            what it can
 *
 * What was registered stays as it was: update, patch and delete are refused. Source: dk.ehmi.eds 1.0.2. */
#include "endpoint/rest_party.h"
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
  const struct endpoint *ep = context;
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

static void *begin(struct rest_asking *x) {
  return x->ep;
}

static const struct rest_service service = {
    .types = "AuditEvent", .interactions = "create|read|search|capabilities", .judge = judge};

static const struct rest_party party = {.service = &service, .begin = begin};

const struct endpoint_kind endpoint_eds = REST_PARTY("eds", &party);
