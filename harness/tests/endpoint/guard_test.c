/* The guard of a resource server: OA-20, each wrong token is refused, for its own reason; a right one is taken. */
#include "endpoint/resource_guard.h"
#include "standards/ehmi_profile.h"

#include <criterion/criterion.h>

#define NOW INT64_C(1767603600000)
#define SECOND INT64_C(1000)
#define ISSUER "https://as.invalid"
#define AUDIENCE "https://eds.invalid"
#define SCOPE "EDS system/AuditEvent.crs SOR:8888101000016009 GLN:5790008888100"

static struct arena *a;
static struct token_keys keys;
static const struct token_key *key_of[TOKEN_ALGS_N];
static struct str mine, others; /* thumbprints of certificates */
static const struct ehmi_profile *profile;

static void add_key(enum token_alg alg) {
  struct error e;
  cr_assert_eq(token_key_new(&key_of[alg], a, alg, &e), 0, "%s", e.text);
  VEC_PUSH(a, &keys, key_of[alg]);
}

static void set_up(void) {
  a = arena_new(0);
  profile = NULL;
  keys = (struct token_keys){0};
  add_key(TOKEN_ES256);
  add_key(TOKEN_EDDSA);
  mine = token_thumbprint(a, STR("my certificate"));
  others = token_thumbprint(a, STR("another certificate"));
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(guard, .init = set_up, .fini = tear_down);

/* What a token says; each text is JSON, NULL: the member is left out. */
struct said_by {
  const char *iss, *aud, *scope, *cnf, *org, *device;
  int64_t exp, nbf, iat; /* seconds from NOW; 0 of nbf and iat: left out */
};

static const struct said_by right = {.iss = "\"" ISSUER "\"",
                                     .aud = "\"" AUDIENCE "\"",
                                     .scope = "\"" SCOPE "\"",
                                     .org = "{\"name\":\"A\",\"sor\":\"8888101000016009\",\"gln\":\"5790008888100\"}",
                                     .device = "\"device-1\"",
                                     .exp = 300};

static void put(struct buf *b, const char *name, const char *value) {
  if (value) buf_printf(b, ",\"%s\":%s", name, value);
}

static void put_time(struct buf *b, const char *name, int64_t seconds) {
  if (seconds) buf_printf(b, ",\"%s\":%lld", name, (long long)(NOW / SECOND + seconds));
}

static struct str claims_of(const struct said_by *s) {
  struct buf b;
  buf_init(&b, TOKEN_MAX);
  buf_addz(&b, "{\"jti\":\"t-1\",\"client_id\":\"c-1\"");
  put(&b, "iss", s->iss);
  put(&b, "aud", s->aud);
  put(&b, "scope", s->scope);
  put(&b, "ehmi:org_context", s->org);
  put(&b, "ehmi:eer:device_id", s->device);
  put_time(&b, "exp", s->exp);
  put_time(&b, "nbf", s->nbf);
  put_time(&b, "iat", s->iat);
  if (s->cnf)
    put(&b, "cnf", s->cnf);
  else
    buf_printf(&b, ",\"cnf\":{\"x5t#S256\":\"%.*s\"}", STR_F(mine));
  buf_byte(&b, '}');
  return buf_take(&b, a);
}

static struct str signed_as(const struct said_by *s, enum token_alg alg, enum token_flaw flaw) {
  struct str token;
  struct error e;
  struct token_making how = {.key = key_of[alg], .typ = "at+jwt", .flaw = flaw};
  cr_assert_eq(token_sign(&token, a, &how, claims_of(s), &e), 0, "%s", e.text);
  return token;
}

static struct guard_answer asked(struct guard_request q, const char *permission) {
  struct guard_answer g;
  struct guard_site site = {.keys = &keys, .issuer = STR(ISSUER), .audience = STR(AUDIENCE), .profile = profile};
  q.now = NOW;
  guard_check(&g, a, &q, &site, permission);
  return g;
}

static struct guard_request bearing(struct str token) {
  return (struct guard_request){
      .authorization = arena_printf(a, "Bearer %.*s", STR_F(token)), .tls = true, .thumbprint = mine};
}

static void expect_refusal(const char *what, struct guard_answer g, int status, const char *rule, const char *says) {
  cr_expect_eq(g.status, status, "%s: %d", what, g.status);
  cr_assert_not_null(g.rule, "%s", what);
  cr_expect_str_eq(g.rule->id, rule, "%s: %s", what, g.rule->id);
  cr_expect(str_starts(g.authenticate, STR("Bearer realm=")), "%s", what);
  cr_expect_neq(str_find(g.authenticate, str_z(says), 0), SIZE_MAX, "%s: %.*s", what, STR_F(g.authenticate));
  cr_expect(g.en.n && g.da.n, "%s", what);
}

Test(guard, a_right_token_is_taken_with_each_algorithm) {
  add_key(TOKEN_PS256);
  for (int alg = 0; alg < TOKEN_ALGS_N; alg++) {
    struct guard_answer g = asked(bearing(signed_as(&right, (enum token_alg)alg, TOKEN_SOUND)), "system/AuditEvent.c");
    cr_expect_eq(g.status, 200, "%.*s", STR_F(g.en));
    cr_expect(g.bound && g.genuine);
    cr_expect_eq(g.authenticate.n, 0);
    cr_expect(str_eqz(g.claims.token_id, "t-1") && str_eqz(g.claims.client, "c-1"));
    cr_expect(str_eqz(g.claims.device_id, "device-1"));
    cr_assert_eq(g.claims.orgs_n, 1);
    cr_expect(str_eqz(g.claims.orgs[0].gln, "5790008888100"));
  }
}

Test(guard, each_flaw_of_the_signature_is_refused) {
  static const struct {
    enum token_alg alg;
    enum token_flaw flaw;
    const char *rule;
  } rows[] = {
      {TOKEN_ES256, TOKEN_FLAW_NONE, "token.alg.none"},       {TOKEN_PS256, TOKEN_FLAW_RS256, "token.alg"},
      {TOKEN_PS256, TOKEN_FLAW_HS256, "token.alg"},           {TOKEN_EDDSA, TOKEN_FLAW_SIGNATURE, "token.signature"},
      {TOKEN_PS256, TOKEN_FLAW_SIGNATURE, "token.signature"}, {TOKEN_ES256, TOKEN_FLAW_CRIT, "token.crit"}};
  add_key(TOKEN_PS256);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    expect_refusal(rows[i].rule, asked(bearing(signed_as(&right, rows[i].alg, rows[i].flaw)), "system/AuditEvent.c"),
                   401, rows[i].rule, "error=\"invalid_token\"");
}

Test(guard, each_wrong_claim_is_refused) {
  static const struct {
    const char *what;
    struct said_by change; /* what is set takes the place of what is right */
    int status;
    const char *rule;
  } rows[] = {
      {"another issuer", {.iss = "\"https://other.invalid\""}, 401, "guard.issuer"},
      {"a slash more", {.iss = "\"" ISSUER "/\""}, 401, "guard.issuer"},
      {"issuer of another kind", {.iss = "7"}, 401, "guard.issuer"},
      {"another audience", {.aud = "\"https://eas.invalid\""}, 401, "guard.audience"},
      {"several audiences", {.aud = "[\"https://eas.invalid\",\"https://eer.invalid\"]"}, 401, "guard.audience"},
      {"no audience", {.aud = "[]"}, 401, "guard.audience"},
      {"an object of audiences", {.aud = "{\"a\":{\"b\":1}}"}, 401, "guard.audience"},
      {"expired now", {.exp = -1}, 401, "guard.expired"},
      {"expired long ago", {.exp = -100000}, 401, "guard.expired"},
      {"not before 61 s", {.nbf = 61}, 401, "guard.not-yet"},
      {"issued in 61 s", {.iat = 61}, 401, "guard.not-yet"},
      {"bound to another",
       {.cnf = "{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"}"},
       401,
       "guard.certificate"},
      {"bound to half a digest", {.cnf = "{\"x5t#S256\":\"YQ\"}"}, 401, "guard.certificate"},
      {"bound to nothing", {.cnf = "{\"x5t#S256\":\"\"}"}, 401, "guard.unbound"},
      {"bound by a key", {.cnf = "{\"jkt\":\"x\"}"}, 401, "guard.unbound"},
      {"bound by a text", {.cnf = "\"x\""}, 401, "guard.unbound"},
      {"no scope", {.scope = "\"\""}, 403, "guard.scope"},
      {"only reading", {.scope = "\"EDS system/AuditEvent.rs\""}, 403, "guard.scope"},
      {"another resource", {.scope = "\"EAS system/Organization.rs\""}, 403, "guard.scope"},
      {"a user's", {.scope = "\"EDS user/AuditEvent.crs\""}, 403, "guard.scope"},
      {"version 1 of SMART", {.scope = "\"system/AuditEvent.write\""}, 403, "guard.scope"},
      {"letters in disorder", {.scope = "\"system/AuditEvent.src\""}, 403, "guard.scope"},
      {"a scope that is a list", {.scope = "[\"system/AuditEvent.crs\"]"}, 403, "guard.scope"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct said_by s = right, c = rows[i].change;
    s.iss = c.iss ? c.iss : s.iss;
    s.aud = c.aud ? c.aud : s.aud;
    s.scope = c.scope ? c.scope : s.scope;
    s.cnf = c.cnf;
    s.exp = c.exp ? c.exp : s.exp;
    s.nbf = c.nbf;
    s.iat = c.iat;
    expect_refusal(rows[i].what, asked(bearing(signed_as(&s, TOKEN_EDDSA, TOKEN_SOUND)), "system/AuditEvent.c"),
                   rows[i].status, rows[i].rule,
                   rows[i].status == 401 ? "invalid_token"
                                         : "error=\"insufficient_scope\", error_description=\"This needs the "
                                           "permission system/AuditEvent.c; the token");
  }
}

Test(guard, each_wrong_place_of_the_token_is_refused) {
  struct str token = signed_as(&right, TOKEN_EDDSA, TOKEN_SOUND);
  struct str in_form = arena_printf(a, "x=1&access_token=%.*s", STR_F(token));
  struct str escaped = arena_printf(a, "access%%5Ftoken=%.*s", STR_F(token));
  struct str twice = arena_printf(a, "Bearer %.*s, Bearer %.*s", STR_F(token), STR_F(token));
  struct str basic = arena_printf(a, "Basic %.*s", STR_F(token));
  const struct {
    const char *what;
    struct guard_request q;
    int status;
    const char *rule, *says;
  } rows[] = {
      {"none", {.tls = true}, 401, "guard.missing", "realm"},
      {"query", {.query = in_form}, 400, "guard.query", "invalid_request"},
      {"escaped", {.query = escaped}, 400, "guard.query", "invalid_request"},
      {"query too", {.query = in_form, .authorization = bearing(token).authorization}, 400, "guard.query", "invalid_"},
      {"body",
       {.content_type = STR("application/x-www-form-urlencoded; charset=utf-8"), .body = in_form},
       400,
       "guard.body",
       "invalid_request"},
      {"scheme", {.authorization = basic}, 401, "guard.scheme", "realm"},
      {"no scheme", {.authorization = token}, 401, "guard.scheme", "realm"},
      {"empty", {.authorization = STR("Bearer ")}, 400, "guard.form", "invalid_request"},
      {"two", {.authorization = twice}, 400, "guard.form", "invalid_request"},
      {"no token", {.authorization = STR("Bearer a.b.c")}, 401, "token.base64url", "invalid_token"},
      {"opaque", {.authorization = STR("Bearer 12345")}, 401, "token.form", "invalid_token"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    expect_refusal(rows[i].what, asked(rows[i].q, "AuditEvent.s"), rows[i].status, rows[i].rule, rows[i].says);
}

Test(guard, who_sends_no_token_is_told_of_no_error) {
  struct guard_answer g = asked((struct guard_request){0}, NULL);
  cr_expect(str_eqz(g.authenticate, "Bearer realm=\"testcamp\""), "%.*s", STR_F(g.authenticate));
}

Test(guard, the_certificate_of_the_connection_has_to_be_that_of_the_token) {
  struct guard_request q = bearing(signed_as(&right, TOKEN_EDDSA, TOKEN_SOUND));
  q.thumbprint = others;
  expect_refusal("another certificate", asked(q, NULL), 401, "guard.certificate", "invalid_token");
  q.thumbprint = (struct str){0};
  expect_refusal("no certificate", asked(q, NULL), 401, "guard.certificate.missing", "invalid_token");
  q.tls = false;
  struct guard_answer g = asked(q, NULL);
  cr_expect_eq(g.status, 200);
  cr_expect_not(g.bound, "nothing was shown over plain HTTP");
}

/* FAPI: 10 seconds ahead must be taken. And EHMI's example writes the thumbprint in plain base64. */
Test(guard, what_has_to_be_tolerated_is_taken) {
  struct said_by s = right;
  s.nbf = s.iat = 10;
  s.aud = "[\"https://eas.invalid\",\"" AUDIENCE "\"]";
  mine = STR("-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_8");
  s.cnf = "{\"x5t#S256\":\"+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/8=\"}";
  struct guard_answer g = asked(bearing(signed_as(&s, TOKEN_EDDSA, TOKEN_SOUND)), "AuditEvent.s");
  cr_expect_eq(g.status, 200, "%.*s", STR_F(g.en));
}

Test(guard, a_registration_is_for_the_token_s_own_organisation_and_device) {
  static const struct {
    const char *what, *org, *device;
    struct guard_party one, two;
    const char *rule; /* NULL: it is taken */
  } rows[] = {
      {"sender", NULL, "device-1", {STR_INIT("8888101000016009"), STR_INIT("5790008888100")}, {{0}, {0}}, NULL},
      {"receiver",
       NULL,
       "device-1",
       {STR_INIT("1"), STR_INIT("2")},
       {STR_INIT("8888101000016009"), STR_INIT("0088:5790008888100")},
       NULL},
      {"SOR of one, GLN of the other",
       NULL,
       "device-1",
       {STR_INIT("8888101000016009"), STR_INIT("2")},
       {STR_INIT("1"), STR_INIT("5790008888100")},
       "guard.org-context"},
      {"neither", NULL, "device-1", {{0}, {0}}, {{0}, {0}}, "guard.org-context"},
      {"a context without SOR",
       "{\"gln\":\"5790008888100\"}",
       "device-1",
       {{0}, STR_INIT("5790008888100")},
       {{0}, {0}},
       "guard.org-context"},
      {"no context",
       "null",
       "device-1",
       {STR_INIT("8888101000016009"), STR_INIT("5790008888100")},
       {{0}, {0}},
       "guard.org-context.missing"},
      {"one of a list",
       "[{\"sor\":\"9\",\"gln\":\"9\"},{\"sor\":\"8888101000016009\",\"gln\":\"5790008888100\"}]",
       "device-1",
       {STR_INIT("8888101000016009"), STR_INIT("5790008888100")},
       {{0}, {0}},
       NULL},
      {"another device",
       NULL,
       "device-2",
       {STR_INIT("8888101000016009"), STR_INIT("5790008888100")},
       {{0}, {0}},
       "guard.device"},
      {"no device", NULL, "", {STR_INIT("8888101000016009"), STR_INIT("5790008888100")}, {{0}, {0}}, "guard.device"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct said_by s = right;
    if (rows[i].org) s.org = rows[i].org;
    struct guard_answer g = asked(bearing(signed_as(&s, TOKEN_EDDSA, TOKEN_SOUND)), "system/AuditEvent.c");
    cr_assert_eq(g.status, 200, "%s", rows[i].what);
    guard_check_party(&g, a, (struct guard_party[]){rows[i].one, rows[i].two}, 2, str_z(rows[i].device));
    if (rows[i].rule)
      expect_refusal(rows[i].what, g, 403, rows[i].rule, "error=\"insufficient_scope\"");
    else
      cr_expect_eq(g.status, 200, "%s: %.*s", rows[i].what, STR_F(g.en));
  }
}

/* A header's value is no place for what came in a token. */
Test(guard, nothing_breaks_out_of_the_header) {
  struct said_by s = right;
  s.iss = "\"x\\\"\\r\\nSet-Cookie: a=\xC3\xA6\"";
  struct guard_answer g = asked(bearing(signed_as(&s, TOKEN_EDDSA, TOKEN_SOUND)), NULL);
  cr_expect_eq(g.status, 401);
  for (size_t i = 0; i < g.authenticate.n; i++)
    cr_expect(g.authenticate.p[i] >= ' ' && g.authenticate.p[i] <= '~', "byte %zu", i);
  size_t quotes = 0;
  for (size_t i = 0; i < g.authenticate.n; i++) quotes += g.authenticate.p[i] == '"';
  cr_expect_eq(quotes, 6, "%.*s", STR_F(g.authenticate));
}

Test(guard, its_facts_hold_no_token) {
  struct facts f;
  struct str token = signed_as(&right, TOKEN_EDDSA, TOKEN_SOUND);
  facts_init(&f, a);
  struct guard_answer g = asked(bearing(token), "system/AuditEvent.d");
  guard_put_facts(&g, &f);
  cr_expect(str_eqz(facts_get(&f, "guard.status"), "403"));
  cr_expect(str_eqz(facts_get(&f, "guard.rule"), "guard.scope"));
  cr_expect(str_eqz(facts_get(&f, "oauth.token-id"), "t-1"));
  struct str signature = str_sub(token, token.n - 20, token.n);
  for (size_t i = 0; i < f.list.n; i++) cr_expect_eq(str_find(f.list.v[i].value, signature, 0), SIZE_MAX);
}

/* By a profile that lowers it, a rule is noted, and what it is about is answered; the rules behind it still hold. */
Test(guard, a_rule_that_the_profile_lowers_is_noted) {
  struct ehmi_profile p = {0};
  struct ehmi_severity *s;
  struct said_by other = right;
  struct guard_party one = {STR("8888101000016009"), STR("5790008888100")};
  struct facts facts;
  facts_init(&facts, a);
  VEC_PUSH(a, &p.rules, ((struct ehmi_severity){.rule = STR("guard.device"), .severity = SEV_INFO}));
  s = &p.rules.v[0];
  profile = &p;
  struct guard_answer g = asked(bearing(signed_as(&right, TOKEN_EDDSA, TOKEN_SOUND)), "system/AuditEvent.c");
  guard_check_party(&g, a, &one, 1, STR("another device"));
  cr_expect_eq(g.status, 200);
  guard_put_facts(&g, &facts);
  cr_expect(str_eqz(facts_get(&facts, "guard.noted"), "guard.device"));
  one.sor = STR("1");
  guard_check_party(&g, a, &one, 1, STR("another device"));
  expect_refusal("another organisation", g, 403, "guard.org-context", "error=\"insufficient_scope\"");
  s->rule = STR("guard.audience");
  other.aud = "\"https://eas.invalid\"";
  g = asked(bearing(signed_as(&other, TOKEN_EDDSA, TOKEN_SOUND)), NULL);
  cr_expect_eq(g.status, 200, "%.*s", STR_F(g.en));
  other.exp = -1;
  g = asked(bearing(signed_as(&other, TOKEN_EDDSA, TOKEN_SOUND)), NULL);
  expect_refusal("expired as well", g, 401, "guard.expired", "error=\"invalid_token\"");
  profile = NULL;
  other.exp = 300;
  g = asked(bearing(signed_as(&other, TOKEN_EDDSA, TOKEN_SOUND)), NULL);
  expect_refusal("for another", g, 401, "guard.audience", "error=\"invalid_token\"");
}
