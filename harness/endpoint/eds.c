/* EHMI Delivery Status (EDS) as a vendor's system uses it: a FHIR server that keeps AuditEvents and nothing else.
 *
 *   POST   /<system>/<role>/AuditEvent          register; judged by the profile that it declares
 *   GET    /<system>/<role>/AuditEvent/[id]     read
 *   GET    /<system>/<role>/AuditEvent?...      search; POST /AuditEvent/_search
 *   GET    /<system>/<role>/metadata            what it can
 *
 * What was registered stays as it was: update, patch and delete are refused. Source: dk.ehmi.eds 1.0.2. */
#include "endpoint/eds_int.h"
#include "validate/eds_data.h"
#include "validate/profile.h"

/* With the severity that the data give the rule. */
static void set_severity(const struct endpoint *ep, enum eds_rule_id rule, struct finding *x) {
  const struct eds_data *d = ep->service;
  if (d && x) x->severity = d->severity[rule];
}

static void check_declared(const struct endpoint *ep, struct findings *f, const struct eds_event *e) {
  struct place all = node_place(f->arena, STR("body"), e->root);
  if (e->profile == EDS_NO_PROFILE) {
    set_severity(ep, EDS_PROFILE_NONE, FINDING(f, eds_rule(EDS_PROFILE_NONE), all));
  } else if (!str_eq(e->profile_url, eds_profile_url(e->profile))) {
    struct place at = node_place(f->arena, STR("body"), node_at(e->root, "meta.profile"));
    set_severity(ep, EDS_PROFILE_URL,
                 FINDING(f, eds_rule(EDS_PROFILE_URL), at, e->profile_url, eds_profile_url(e->profile)));
  }
}

/* By the profile that it declares, however that is written; else by that of every AuditEvent. */
static void judge(void *context, struct arena *a, const struct node *resource, enum resource_form form,
                  struct findings *f) {
  const struct endpoint *ep = ((const struct eds_caller *)context)->ep;
  struct eds_event e;
  struct str url;
  (void)a;
  if (!eds_event_read(&e, resource)) return;
  check_declared(ep, f, &e);
  if (!ep->config.profiles) {
    FINDING(f, eds_rule(EDS_PROFILE_MISSING), node_place(f->arena, STR("body"), resource));
    return;
  }
  struct arena *scratch = arena_new(0);
  url = eds_profile_url(e.profile);
  struct profile_options o = {.cache = ep->config.profiles,
                              .profiles = &url,
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

static bool read_event(struct eds_event *out, struct rest_asking *x) {
  struct findings found;
  enum resource_form form;
  struct node *root;
  findings_init(&found, x->arena);
  return resource_read(&root, &form, x->arena, (struct source){STR("body"), x->q->body}, &found) >= 0 &&
         eds_event_read(out, root);
}

static struct guard_party party_of(const struct eds_party *p) {
  return (struct guard_party){str_trim(p->sor), eds_gln(str_trim(p->gln))};
}

/* Whoever registers must be one of the two that the event is about, with the device that reports it. By the body that
 * is going to be kept, not by what the run has found in it. */
static void check_own(struct guard_answer *g, struct rest_asking *x) {
  struct eds_event e;
  /* What is no AuditEvent is refused for that. */
  if (!read_event(&e, x)) return;
  const struct guard_party parties[] = {party_of(&e.sender), party_of(&e.receiver)};
  guard_check_party(g, x->arena, parties, sizeof parties / sizeof *parties, str_trim(e.device));
  if (g->status != 200) rest_party_forbid(g, x);
}

static void *begin(struct rest_asking *x) {
  struct eds_caller *c = ARENA_NEW(x->arena, struct eds_caller);
  const char *permission = permission_of(x);
  const struct eds_data *d = x->ep->service;
  *c = (struct eds_caller){.ep = x->ep, .arena = x->arena};
  x->created = d ? (int)d->created : 0;
  x->unfit = d ? (int)d->unfit : 0;
  if (!permission || !x->ep->config.guard) return c;
  if (rest_party_guard(&c->guard, x, permission) && str_eqz(str_z(x->target->interaction), "create"))
    check_own(&c->guard, x);
  c->guarded = true;
  guard_put_facts(&c->guard, x->facts);
  return c;
}

static int open_data(struct endpoint *ep, struct error *e) {
  struct eds_data *d;
  if (!ep->config.data_dir) return 0;
  if (eds_data_load(&d, ep->arena, ep->config.data_dir, e) < 0) return -1;
  ep->service = d;
  return 0;
}

static const struct rest_service service = {
    .types = "AuditEvent", .interactions = "create|read|search|capabilities", .judge = judge, .shows = eds_shows};

static const struct rest_party party = {.service = &service, .open = open_data, .begin = begin};

const struct endpoint_kind endpoint_eds = REST_PARTY("eds", &party);
