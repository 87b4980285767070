#include "base/clock.h"
#include "envelope/sbdh_int.h"

#define REQUEST "Request"
#define RESPONSE "Response"

/* A node of the scope of reliable messaging, or what is nearest. */
static const struct node *node_of(const struct envelope *env, const char *path) {
  const struct sbdh_scope *scope = sbdh_find_scope(env->sbdh, SBDH_RELIABLE);
  const struct node *n = scope ? node_at(scope->at, path) : NULL;
  return n ? n : scope ? scope->at : sbdh_header(env, "BusinessScope");
}

static const struct node *correlation_of(const struct envelope *env, const char *name) {
  const struct node *n = node_child(node_of(env, "CorrelationInformation"), name);
  return n ? n : node_of(env, "CorrelationInformation");
}

bool sbdh_same_time(struct str x, struct str y) {
  int64_t a, b;
  bool zoned;
  if (str_eq(x, y)) return true;
  return time_parse(x, &a, &zoned) && time_parse(y, &b, &zoned) && a == b;
}

/* A receipt responds, everything else requests. A FHIR acknowledgement has both in the samples. */
static bool check_kind(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  const char *wanted = sbdh_is_receipt(s) ? RESPONSE : REQUEST;
  const struct node *n = node_of(env, "InstanceIdentifier");
  if (str_eqz(s->reliable.kind, wanted)) return true;
  if (s->content == SBDH_FHIR_ACK && str_eqz(s->reliable.kind, RESPONSE))
    TELL(c, RELIABLE_KIND_ACK, n, s->reliable.kind, str_z(wanted));
  else
    TELL(c, RELIABLE_KIND, n, s->reliable.kind, str_z(ehmi_kind_name(sbdh_kind_of(s))), str_z(wanted));
  return false;
}

/* Only what the schema leaves free: one of each of the two parts. */
static void check_parts(const struct tree_check *c, const struct envelope *env) {
  static const char *const parts[] = {"CorrelationInformation", "BusinessService"};
  const struct node *scope = sbdh_find_scope(env->sbdh, SBDH_RELIABLE)->at;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    size_t n = node_count(scope, parts[i]);
    if (n == 0) TELL(c, RELIABLE_PART, scope, str_z(parts[i]));
    if (n > 1) TELL(c, ELEMENT_REPEATED, node_again(node_child(scope, parts[i])), str_z(parts[i]), STR("Scope"));
  }
}

static bool accepts(const struct ehmi_words *words, int64_t ms) {
  int64_t one;
  for (size_t i = 0; i < words->n; i++)
    if (duration_parse(words->v[i], &one) && one == ms) return true;
  return false;
}

static void check_deadline(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  const struct ehmi_choice *wanted = &s->profile->acknowledge_within;
  const struct node *n = correlation_of(env, "ExpectedResponseDateTime");
  int64_t made, expected;
  bool zoned;
  if (s->reliable.expected.n == 0) {
    if (!str_eqz(n->name, "Scope")) TELL(c, RELIABLE_PART, n, STR("ExpectedResponseDateTime"));
    return;
  }
  if (!time_parse(s->created, &made, &zoned) || !time_parse(s->reliable.expected, &expected, &zoned)) return;
  if (!zoned) TELL(c, ZONE, n, STR("ExpectedResponseDateTime"), s->reliable.expected);
  int64_t ms = expected - made;
  struct arena *a = c->f->arena;
  if (accepts(&wanted->is, ms)) return;
  struct str found = ms < 0 ? arena_printf(a, "-%.*s", STR_F(duration_format(a, -ms))) : duration_format(a, ms);
  if (accepts(&wanted->accept, ms))
    TELL(c, RELIABLE_DEADLINE_OTHER, n, found, ehmi_choice_text(wanted, a));
  else
    TELL(c, RELIABLE_DEADLINE, n, found, ehmi_choice_text(wanted, a));
}

/* What the schema has found wrong is not compared as well. */
static void check_request(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh_reliable *r = &env->sbdh->reliable;
  int64_t made;
  bool zoned;
  if (r->created.n && time_parse(env->sbdh->created, &made, &zoned) && !sbdh_same_time(r->created, env->sbdh->created))
    TELL(c, RELIABLE_CREATED, correlation_of(env, "RequestingDocumentCreationDateTime"), r->created,
         env->sbdh->created);
  if (r->envelope_id.n && env->id.n && !str_eq_nocase(r->envelope_id, env->id))
    TELL(c, RELIABLE_ENVELOPE, correlation_of(env, "RequestingDocumentInstanceIdentifier"), r->envelope_id, env->id);
  check_deadline(c, env);
}

/* The text leaves ExpectedResponseDateTime out of a response, the schema demands it. */
static void check_response(const struct tree_check *c, const struct envelope *env) {
  struct str original = sbdh_scope_value(env->sbdh, SBDH_ORIGINAL_ENVELOPE_ID), id = env->sbdh->reliable.envelope_id;
  if (original.n && id.n && !str_eq_nocase(original, id))
    TELL(c, RELIABLE_ORIGINAL, sbdh_scope_node(env, SBDH_ORIGINAL_ENVELOPE_ID), original, id);
  const struct ehmi_choice *wanted = &env->sbdh->profile->expected_in_response;
  struct str found = env->sbdh->reliable.expected.n ? STR("present") : STR("absent");
  const struct node *n = correlation_of(env, "ExpectedResponseDateTime");
  enum ehmi_fit fit = ehmi_choice_fit(wanted, found);
  if (fit == EHMI_ACCEPTED)
    TELL(c, RELIABLE_EXPECTED_OTHER, n, found, ehmi_choice_text(wanted, c->f->arena));
  else if (fit == EHMI_WRONG)
    TELL(c, RELIABLE_EXPECTED, n, found);
}

static const struct envelope_tag *attribute_named(const struct sbdh_reliable *r, struct str name) {
  for (size_t i = 0; i < r->attributes_n; i++)
    if (str_eq(r->attributes[i].name, name)) return &r->attributes[i];
  return NULL;
}

static void check_attribute(const struct tree_check *c, const struct envelope *env, const struct node *n,
                            const struct ehmi_attribute *wanted) {
  const struct envelope_tag *found = attribute_named(&env->sbdh->reliable, wanted->name);
  struct str text = ehmi_choice_text(&wanted->value, c->f->arena);
  if (!found) {
    TELL(c, RELIABLE_ATTRIBUTE_MISSING, n, wanted->name);
    return;
  }
  enum ehmi_fit fit = ehmi_choice_fit(&wanted->value, found->value);
  if (fit == EHMI_ACCEPTED)
    TELL(c, RELIABLE_ATTRIBUTE_OTHER, n, wanted->name, found->value, text);
  else if (fit == EHMI_WRONG)
    TELL(c, RELIABLE_ATTRIBUTE, n, wanted->name, found->value, text);
}

static void check_service(const struct tree_check *c, const struct envelope *env, const struct ehmi_transaction *t) {
  const struct sbdh_reliable *r = &env->sbdh->reliable;
  const struct node *n = node_of(env, "BusinessService.ServiceTransaction");
  if (r->service.n && ehmi_choice_fit(&t->service, r->service) == EHMI_WRONG)
    TELL(c, RELIABLE_SERVICE, node_of(env, "BusinessService.BusinessServiceName"), r->service,
         ehmi_choice_text(&t->service, c->f->arena));
  if (!str_eqz(n->name, "ServiceTransaction")) return;
  for (size_t i = 0; i < t->attributes.n; i++) check_attribute(c, env, n, &t->attributes.v[i]);
}

/* What the scope says it is decides what must be in it: a wrong kind is one finding, not ten. */
void sbdh_check_reliable(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  if (!sbdh_find_scope(s, SBDH_RELIABLE)) return;
  bool right = check_kind(c, env);
  bool response = str_eqz(s->reliable.kind, RESPONSE);
  if (!right && !response && !str_eqz(s->reliable.kind, REQUEST)) return;
  check_parts(c, env);
  if (response)
    check_response(c, env);
  else
    check_request(c, env);
  check_service(c, env, response ? &s->profile->response : &s->profile->request);
}
