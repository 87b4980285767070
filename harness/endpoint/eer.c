/* EHMI Endpoint Register (EER) as a client of it sees it: a FHIR server that has the register from the start.
 *
 *   GET    /<system>/<role>/[type]?...     search (ITI-90, messageType); type: Organization, Endpoint, Device
 *   GET    /<system>/<role>/[type]/[id]    read
 *   POST, PUT, DELETE                      create, update, delete, DELETE [type]?... as MedCom's TestScripts do
 *   GET    /<system>/<role>/metadata       what it can
 *
 * What is changed is the run's; the register itself stays as it is. Statuses are those that the TestScripts ask for:
 * 200 for a delete, 404 for what was deleted. A device that is looked up by its identifier and not known is an
 * OperationOutcome, no empty list (use case 1). Sources: dk.ehmi.eer 2.0.1-draft; "Sikkerhedsarkitektur EHMI services"
 * 0.98 (scopes; none is named for Device). */
#include "endpoint/eer_resources.h"
#include "endpoint/eer_rules.h"
#include "endpoint/resource_guard.h"
#include "endpoint/rest_int.h"
#include "endpoint/rest_party.h"
#include "endpoint/server_rules.h"
#include "validate/profile.h"

#define STOCK_SINCE INT64_C(1767225600000) /* 2026-01-01T00:00:00Z: meta.lastUpdated of the register */
#define STOCK_BYTES_MAX ((size_t)1 << 20)

struct eer {
  struct rest_stock stock;
  struct rest_resource *resources;
  struct str *bytes;
};

static void keep(struct eer *eer, struct arena *a, const struct node *root) {
  size_t i = eer->stock.n++;
  struct buf b;
  buf_init(&b, STOCK_BYTES_MAX);
  resource_write(&b, root, RESOURCE_JSON, NULL, 0);
  eer->bytes[i] = buf_take(&b, a);
  eer->resources[i] = (struct rest_resource){.type = root->type,
                                             .id = node_text_at(root, "id"),
                                             .digest = arena_printf(a, REST_STOCK_DIGEST "%zu", i),
                                             .version = 1,
                                             .at = STOCK_SINCE};
}

static int open(struct endpoint *ep, struct error *e) {
  struct arena *a = ep->arena;
  struct sor_register *r;
  if (sor_register_load(&r, a, ep->config.data_dir, e) < 0) return -1;
  struct eer *eer = ARENA_NEW(a, struct eer);
  size_t most = 2 * r->units.n + r->devices.n;
  eer->resources = ARENA_ARRAY(a, struct rest_resource, most + 1);
  eer->bytes = ARENA_ARRAY(a, struct str, most + 1);
  for (size_t i = 0; i < r->units.n; i++) {
    keep(eer, a, eer_organization(a, r->units.v[i]));
    if (r->units.v[i]->endpoint) keep(eer, a, eer_endpoint(a, r->units.v[i]));
  }
  for (size_t i = 0; i < r->devices.n; i++) keep(eer, a, eer_device(a, r->devices.v[i]));
  eer->stock.resources = eer->resources;
  eer->stock.bytes = eer->bytes;
  ep->service = eer;
  return 0;
}

static const struct rest_stock *stock(const struct endpoint *ep) {
  return &((const struct eer *)ep->service)->stock;
}

/* By the profiles that it declares; those of EER are declared by whoever follows it. */
static void judge(void *context, struct arena *a, const struct node *resource, enum resource_form form,
                  struct findings *f) {
  const struct endpoint *ep = context;
  (void)a;
  if (!ep->config.profiles) return;
  struct arena *scratch = arena_new(0);
  struct profile_options o = {.cache = ep->config.profiles, .form = form, .in_run = true};
  profile_validate(f, scratch, resource, STR("body"), &o);
  arena_free(scratch);
}

/* NULL: any genuine token. Devices are kept by whoever keeps endpoints, and read by everybody. */
static const char *permission_of(struct rest_asking *x) {
  static const struct {
    const char *interaction, *letter;
  } letters[] = {{"create", "c"}, {"read", "r"}, {"update", "u"}, {"delete", "d"}, {"search", "s"}};
  bool is_device = str_eqz(x->target->type, "Device"), reads = str_eqz(x->q->method, "GET");
  struct str type = is_device ? STR("Endpoint") : x->target->type;
  if (is_device && (reads || str_eqz(str_z(x->target->interaction), "search"))) return NULL;
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
    if (str_eqz(str_z(x->target->interaction), letters[i].interaction))
      return arena_printf(x->arena, "%.*s.%s", STR_F(type), letters[i].letter).p;
  return NULL;
}

/* Facts: eer.noted, the rule of what is searched in another spelling. False: by the profile that is an error. */
static bool check_spelling(const struct rest_asking *x) {
  const struct rule *rule = &eer_rules[EER_GLN_SYSTEM];
  enum server_verdict verdict = server_verdict(x->ep->profile, rule);
  struct rest_query q = {0};
  bool other = false;
  bool form = str_eqz(x->q->method, "POST") && str_eqz(str_z(x->target->interaction), "search");
  rest_query_read(&q, x->arena, x->q->query);
  if (form) rest_query_read(&q, x->arena, x->q->body);
  for (size_t i = 0; i < q.terms.n; i++) other = other || str_starts(q.terms.v[i].value, STR(REST_GLN_OTHER "|"));
  if (other && verdict != SERVER_SILENT) facts_put(x->facts, STR("eer.noted"), str_z(rule->id));
  return !other || verdict != SERVER_REFUSES;
}

static void refuse_spelling(struct rest_asking *x) {
  struct findings f;
  findings_init(&f, x->arena);
  FINDING(&f, &eer_rules[EER_GLN_SYSTEM], ((struct place){0}), STR(REST_GLN_OTHER), STR(REST_GLN_SYSTEM));
  struct rest_issue_row row = {400, "value", arena_z(x->arena, f.list.v[0].en), arena_z(x->arena, f.list.v[0].da)};
  rest_refuse_text(x->answer, x->arena, &row, x->form);
}

static void *begin(struct rest_asking *x) {
  struct guard_answer g;
  bool right = check_spelling(x), may = true;
  bool open_to_all = str_eqz(str_z(x->target->interaction), "capabilities") || x->target->issue.kind != REST_FINE;
  if (!open_to_all && x->ep->config.guard) {
    may = rest_party_guard(&g, x, permission_of(x));
    guard_put_facts(&g, x->facts);
  }
  if (may && !right && x->target->issue.kind == REST_FINE) refuse_spelling(x);
  return x->ep;
}

static const struct rest_service service = {.types = "Organization|Endpoint|Device",
                                            .interactions =
                                                "create|read|update|delete|delete-by-search|search|capabilities",
                                            .look_ups = "Device:identifier",
                                            .judge = judge};

static const struct rest_party party = {
    .service = &service, .open = open, .begin = begin, .stock = stock, .deleted = 200, .gone = 404};

const struct endpoint_kind endpoint_eer = REST_PARTY("eer", &party);
