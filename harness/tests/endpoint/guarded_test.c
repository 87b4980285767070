/* EAS and EER behind their guard: who has no token, or one for something else, is told so and gets nothing. */
#include "base/clock.h"
#include "endpoint/resource_guard.h"
#include "tests/endpoint/office.h"

#include <criterion/criterion.h>

#define JSON "application/fhir+json"
#define GP "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"gpId\",\"valueString\":\"888801\"}]}"
#define ASK "/Organization/$getReceivingOrganizationByGPId"

struct guarded {
  struct office office;
  struct arena *arena;
  struct token_keys keys;
  struct guard_site site;
};

static void open_guarded(struct guarded *g, const char *kind) {
  const struct token_key *key;
  struct error e;
  *g = (struct guarded){.arena = arena_new(0)};
  cr_assert_eq(token_key_derive(&key, g->arena, TOKEN_EDDSA, STR("eas"), &e), 0, "%s", e.text);
  VEC_PUSH(g->arena, &g->keys, key);
  g->site = (struct guard_site){
      .keys = &g->keys, .issuer = STR("https://as.invalid"), .audience = STR("https://service.invalid")};
  office_open_with(&g->office, kind, &(struct endpoint_config){.guard = &g->site});
}

static void close_guarded(struct guarded *g) {
  office_close(&g->office);
  arena_free(g->arena);
}

static void bear(struct guarded *g, const char *scope) {
  struct error e;
  struct token_making how = {.key = g->keys.v[0], .typ = "at+jwt"};
  struct str claims = arena_printf(g->arena,
                                   "{\"jti\":\"t\",\"client_id\":\"c\",\"iss\":\"https://as.invalid\",\"aud\":"
                                   "\"https://service.invalid\",\"scope\":\"%s\",\"exp\":%lld,\"cnf\":{\"x5t#S256\":"
                                   "\"%.*s\"}}",
                                   scope, (long long)(CLOCK_LOGICAL_START / 1000 + 300),
                                   STR_F(token_thumbprint(g->arena, STR("certificate"))));
  g->office.bearer = (struct str){0};
  if (*scope) cr_assert_eq(token_sign(&g->office.bearer, g->arena, &how, claims, &e), 0, "%s", e.text);
}

static void expect(const char *kind, const char *scope, const char *method, const char *path, const char *body,
                   int status) {
  struct guarded g;
  open_guarded(&g, kind);
  bear(&g, scope);
  office_ask_as(&g.office, method, path, JSON, str_z(body));
  const struct office *o = &g.office;
  cr_expect_eq(o->code, status, "%s \"%s\" %s %s: %d %.*s", kind, scope, method, path, o->code, STR_F(o->body));
  bool refused = status == 401 || status == 403;
  cr_expect_eq(str_find(o->headers, STR("Bearer realm="), 0) != SIZE_MAX, refused, "%s %s", kind, path);
  cr_expect_eq(facts_get(&o->facts, "guard.rule").n > 0, refused, "%s %s", kind, path);
  if (refused) cr_expect(str_find(o->body, STR("OperationOutcome"), 0) != SIZE_MAX);
  close_guarded(&g);
}

Test(guarded, eas) {
  expect("eas", "", "POST", ASK, GP, 401);
  expect("eas", "EAS system/Organization.rs", "POST", ASK, GP, 200);
  expect("eas", "EAS system/Organization.r", "POST", ASK, GP, 403);
  expect("eas", "EDS system/AuditEvent.rs", "POST", ASK, GP, 403);
  expect("eas", "", "GET", "/metadata", "", 200);
}

Test(guarded, eer) {
  expect("eer", "", "GET", "/Endpoint?status=off", "", 401);
  expect("eer", "EER system/Endpoint.rs system/Organization.rs", "GET", "/Endpoint?status=off", "", 200);
  expect("eer", "EER system/Endpoint.rs", "GET", "/Organization/8888011000016005", "", 403);
  expect("eer", "EER system/Endpoint.rs system/Organization.rs", "DELETE", "/Endpoint/5790008888018", "", 403);
  expect("eer", "EER user/Endpoint.cruds user/Organization.cruds", "DELETE", "/Endpoint/5790008888018", "", 200);
  /* No scope is named for devices: any genuine token will do, but one there must be. */
  expect("eer", "EER system/Endpoint.rs", "GET", "/Device?identifier=refvendor-msh", "", 200);
  expect("eer", "EER system/Endpoint.rs", "DELETE", "/Device/refvendor-msh", "", 403);
  expect("eer", "EER user/Endpoint.cruds", "DELETE", "/Device/refvendor-msh", "", 200);
  expect("eer", "", "GET", "/Device?identifier=refvendor-msh", "", 401);
}

/* It is refused there; and what is refused is kept in the log, but not the token. */
/* Whatever its header says, and however large it is. */
Test(guarded, a_token_in_a_search_is_not_kept) {
  static const struct {
    const char *type;
    size_t filler;
  } rows[] = {{"text/plain", 0}, {"application/x-www-form-urlencoded", (size_t)3 << 20}};
  struct guarded g;
  struct office *o = &g.office;
  open_guarded(&g, "eer");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str kept = {0};
    struct error e;
    struct buf b;
    buf_init(&b, (size_t)4 << 20);
    buf_addz(&b, "access_token=hemmelig&status=");
    for (size_t k = 0; k < rows[i].filler; k++) buf_byte(&b, 'x');
    office_ask_as(o, "POST", "/Endpoint/_search", rows[i].type, buf_take(&b, o->arena));
    cr_expect(o->code >= 400, "%s: %d", rows[i].type, o->code);
    if (*o->digest) cr_assert_eq(store_blob_get(o->store, str_z(o->digest), o->arena, &kept, &e), 0, "%s", e.text);
    cr_expect_eq(str_find(kept, STR("hemmelig"), 0), SIZE_MAX, "%s: %.*s", rows[i].type,
                 (int)(kept.n > 99 ? 99 : kept.n), kept.p);
  }
  close_guarded(&g);
}

Test(guarded, a_token_where_none_belongs_is_not_kept) {
  struct guarded g;
  struct str body;
  struct error e;
  struct office *o = &g.office;
  open_guarded(&g, "eer");
  office_ask_as(o, "GET", "/Endpoint?status=off&access_token=hemmelig", JSON, STR(""));
  cr_expect_eq(o->code, 400, "%d", o->code);
  cr_expect(str_eqz(facts_get(&o->facts, "guard.rule"), "guard.query"));
  for (size_t i = 0; i < o->facts.list.n; i++)
    cr_expect_eq(str_find(o->facts.list.v[i].value, STR("hemmelig"), 0), SIZE_MAX, "%.*s",
                 STR_F(o->facts.list.v[i].name));
  struct str query = facts_get(&o->facts, "http.query");
  cr_expect(str_starts(query, STR("status=off&access_token=sha256:")), "%.*s", STR_F(query));
  office_ask_as(o, "POST", "/Endpoint/_search", "application/x-www-form-urlencoded",
                STR("access_token=hemmelig&status=off"));
  cr_expect_eq(o->code, 400, "%d", o->code);
  cr_expect(str_eqz(facts_get(&o->facts, "guard.rule"), "guard.body"));
  for (size_t i = 0; i < o->facts.list.n; i++)
    cr_expect_eq(str_find(o->facts.list.v[i].value, STR("hemmelig"), 0), SIZE_MAX, "%.*s",
                 STR_F(o->facts.list.v[i].name));
  cr_assert_eq(store_blob_get(o->store, str_z(o->digest), o->arena, &body, &e), 0, "%s", e.text);
  cr_expect(str_starts(body, STR("access_token=sha256:")) && str_ends(body, STR("&status=off")), "%.*s", STR_F(body));
  close_guarded(&g);
}
