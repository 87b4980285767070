#include "services.h"

#include "base/file.h"
#include "formats/json.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANSWERS 8

static struct str quoted(struct services *s, const char *json) {
  char *text = arena_z(s->p->arena, str_z(json));
  for (char *c = text; *c; c++)
    if (*c == '\'') *c = '"';
  return str_z(text);
}

static const struct node *read_json(struct services *s, struct str body) {
  struct findings f;
  struct node *json = NULL;
  findings_init(&f, s->p->arena);
  return json_read(&json, s->p->arena, (struct source){STR("asked"), body}, &f) == 0 ? json : NULL;
}

static struct asked note(struct services *s, struct http_request *r) {
  struct arena *a = s->p->arena;
  struct asked x = {.path = arena_str(a, r->path),
                    .query = arena_str(a, r->query),
                    .body = arena_str(a, r->body),
                    .authorization = arena_str(a, http_header(r, "Authorization")),
                    .content_type = arena_str(a, http_header(r, "Content-Type"))};
  const struct http_peer_certificate *who = http_peer_certificate(r);
  if (who->state == HTTP_PEER_VERIFIED) x.thumbprint = arena_str(a, who->thumbprint);
  if (str_ends(x.content_type, STR("json"))) x.json = read_json(s, x.body);
  VEC_PUSH(a, &s->all, x);
  return x;
}

static void metadata(struct services *s, struct http_request *r) {
  const char *url = http_server_url(s->server);
  struct str alias = arena_printf(
      r->arena,
      ",\"mtls_endpoint_aliases\":{\"token_endpoint\":\"%s/mtls/token\","
      "\"pushed_authorization_request_endpoint\":\"%s/mtls/par\"},\"authorization_endpoint\":\"%s/authorize\"",
      url, url, url);
  struct str json = arena_printf(
      r->arena,
      "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/plain/token\",\"grant_types_supported\":[\"client_credentials\"],"
      "\"token_endpoint_auth_methods_supported\":[\"tls_client_auth\"]%.*s}",
      s->issuer ? s->issuer : url, url, s->no_alias ? 0 : (int)alias.n, alias.p);
  http_reply(r, 200, "application/json", json);
}

static void openid(struct services *s, struct http_request *r) {
  (void)note(s, r);
  if (s->hold)
    s->held = r;
  else if (s->openid_missing)
    http_reply(r, 404, "text/plain", STR(""));
  else
    metadata(s, r);
}

static void oauth(struct services *s, struct http_request *r) {
  (void)note(s, r);
  metadata(s, r);
}

/* A user is logged in at once: the redirect that a browser gets. */
static void par(struct services *s, struct http_request *r) {
  struct asked x = note(s, r);
  VEC_PUSH(s->p->arena, &s->pushed, x);
  http_reply(r, 201, "application/json", STR("{\"request_uri\":\"urn:r:1\",\"expires_in\":60}"));
}

static void authorize(struct services *s, struct http_request *r) {
  (void)note(s, r);
  struct str body = s->pushed.n ? s->pushed.v[s->pushed.n - 1].body : (struct str){0}, state = {0};
  size_t at = str_find(body, STR("&state="), 0);
  if (at != SIZE_MAX) state = str_sub(body, at + 1, body.n);
  state = str_cut(&state, '&');
  const char *more = s->redirect ? s->redirect : "&iss=";
  bool own = str_ends(str_z(more), STR("iss="));
  http_reply_header(r, "Location",
                    arena_printf(r->arena, "https://refvendor.example.org/signed-in?code=c%zu&%.*s%s%s", s->pushed.n,
                                 STR_F(state), more, own ? http_server_url(s->server) : ""));
  http_reply(r, s->redirect_status ? s->redirect_status : 302, "text/plain", STR(""));
}

/* The scripted status of the n-th request. */
static int scripted(const int *statuses, size_t n, int right) {
  return n <= ANSWERS && statuses[n - 1] ? statuses[n - 1] : right;
}

static void answer(struct http_request *r, int status, const char *type, struct str body) {
  if (status < 0)
    http_abort(r);
  else
    http_reply(r, status, type, body);
}

static void token(struct services *s, struct http_request *r) {
  struct asked x = note(s, r);
  struct str scope = s->scope ? arena_printf(r->arena, ",\"scope\":\"%s\"", s->scope) : (struct str){0};
  VEC_PUSH(s->p->arena, &s->tokens, x);
  int status = scripted(s->token_statuses, s->tokens.n, 200);
  struct str json =
      arena_printf(r->arena, "{\"access_token\":\"t%zu\",\"token_type\":\"Bearer\",\"expires_in\":%lld%.*s}",
                   s->tokens.n, (long long)s->expires_in, STR_F(scope));
  answer(r, status, "application/json", status == 200 ? json : STR("{\"error\":\"invalid_scope\"}"));
}

static void event(struct services *s, struct http_request *r) {
  struct asked x = note(s, r);
  if (str_eqz(r->method, "GET")) {
    VEC_PUSH(s->p->arena, &s->searches, x);
    answer(r, scripted(s->search_statuses, s->searches.n, 200), "application/fhir+json",
           quoted(s, s->search_answer ? s->search_answer : "{'resourceType':'Bundle','type':'searchset','total':0}"));
    return;
  }
  VEC_PUSH(s->p->arena, &s->events, x);
  int status = scripted(s->event_statuses, s->events.n, 201);
  if (status == 401) http_reply_header(r, "WWW-Authenticate", STR("Bearer error=\"invalid_token\""));
  answer(r, status, "application/fhir+json",
         status == 201 ? r->body
                       : STR("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
                             "\"invalid\",\"details\":{\"text\":\"not as it should be\"}}]}"));
}

static void lookup(struct services *s, struct http_request *r) {
  struct asked x = note(s, r);
  VEC_PUSH(s->p->arena, &s->lookups, x);
  answer(r, scripted(s->lookup_statuses, s->lookups.n, 200), "application/fhir+json",
         quoted(s, s->lookup_answer ? s->lookup_answer : "{'resourceType':'Bundle','type':'searchset'}"));
}

static const struct {
  const char *path;
  void (*fn)(struct services *s, struct http_request *r);
} routes[] = {{"/.well-known/openid-configuration", openid},
              {"/.well-known/oauth-authorization-server", oauth},
              {"/plain/token", token},
              {"/mtls/token", token},
              {"/mtls/par", par},
              {"/authorize", authorize},
              {"/eds/AuditEvent", event},
              {"/eer/Device", lookup}};

static void on_request(void *payload, struct http_request *r) {
  for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
    if (str_eqz(r->path, routes[i].path)) {
      routes[i].fn(payload, r);
      return;
    }
  if (str_starts(r->path, STR("/eas/Organization/$")))
    lookup(payload, r);
  else
    http_reply(r, 404, "text/plain", STR("nothing is here"));
}

static void tell_addresses(struct services *s, struct peer *p) {
  p->options.auth = http_server_url(s->server);
  p->options.eds = arena_printf(p->arena, "%s/eds", p->options.auth).p;
  p->options.eer = arena_printf(p->arena, "%s/eer", p->options.auth).p;
  p->options.eas = arena_printf(p->arena, "%s/eas", p->options.auth).p;
}

void services_start(struct services *s, struct peer *p) {
  struct error e;
  struct http_handler handler = {.request = on_request, .payload = s};
  *s = (struct services){.p = p, .expires_in = 300};
  cr_assert_eq(http_server_open(&s->server, p->loop, "127.0.0.1:0", ".", &handler, &e), 0, "%s", e.text);
  tell_addresses(s, p);
}

static struct certificate_pair make(struct arena *a, enum certificate_kind kind, enum certificate_fault fault,
                                    const struct certificate_pair *issuer) {
  static const struct str names[] = {STR_INIT("127.0.0.1")};
  static uint64_t serial;
  struct certificate_pair out;
  struct error e;
  struct certificate_plan plan = {.kind = kind,
                                  .fault = fault,
                                  .common_name = STR("Prøvesystem"),
                                  .names = names,
                                  .names_n = 1,
                                  .serial = ++serial,
                                  .from = clock_wall() - INT64_C(86400000),
                                  .until = clock_wall() + INT64_C(86400000),
                                  .issuer = issuer};
  cr_assert_eq(certificate_make(&out, a, &plan, &e), 0, "%s", e.text);
  return out;
}

static const char *keep(struct services *s, const char *name, struct str bytes) {
  struct error e;
  const char *path = file_join(s->p->arena, s->dir, name);
  cr_assert_eq(file_write(path, bytes, &e), 0, "%s", e.text);
  return path;
}

void services_start_tls(struct services *s, struct peer *p, enum certificate_fault fault) {
  struct error e;
  struct http_handler handler = {.request = on_request, .payload = s};
  struct certificates read = {0};
  struct certificate_pair ca = make(p->arena, CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair server = make(p->arena, CERTIFICATE_OF_SERVER, fault, &ca);
  struct certificate_pair client = make(p->arena, CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, &ca);
  struct http_tls tls = {server.certificate, server.key, ca.certificate, HTTP_CLIENTS_REQUIRED, HTTP_SPEAKS_TLS, false};
  *s = (struct services){.p = p, .expires_in = 300, .dir = "services-XXXXXX"};
  cr_assert_not_null(mkdtemp(s->dir));
  cr_assert_eq(http_server_open_tls(&s->server, p->loop, "127.0.0.1:0", ".", &handler, &tls, &e), 0, "%s", e.text);
  cr_assert_eq(certificates_read(&read, p->arena, client.certificate, &e), 0, "%s", e.text);
  s->certificate = read.v[0].thumbprint;
  p->options.client_cert = keep(s, "client.pem", client.certificate);
  p->options.client_key = keep(s, "client.key", client.key);
  p->options.trust = keep(s, "ca.pem", ca.certificate);
  tell_addresses(s, p);
}

void services_close(struct services *s) {
  const struct refvendor_options *o = &s->p->options;
  http_server_close(s->server);
  if (!s->dir[0]) return;
  unlink(o->client_cert);
  unlink(o->client_key);
  unlink(o->trust);
  rmdir(s->dir);
}

const struct node *services_event(struct services *s, size_t n) {
  int64_t until = clock_monotonic() + PEER_WAIT_MS;
  while (s->events.n < n && clock_monotonic() < until) loop_turn(s->p->loop, 20);
  return s->events.n < n ? NULL : s->events.v[n - 1].json;
}

void services_tell(struct services *s) {
  int64_t until = clock_monotonic() + PEER_WAIT_MS;
  while (!s->held && clock_monotonic() < until) loop_turn(s->p->loop, 20);
  s->hold = false;
  if (s->held) metadata(s, s->held);
}

void services_quiet(struct services *s, int64_t ms) {
  const size_t none = 0;
  peer_turns(s->p, &none, 1, ms);
}

void services_begin(struct services *s, struct peer *p, const char *defect) {
  peer_init(p);
  services_start(s, p);
  if (defect) peer_defect(p, defect);
}

void services_end(struct services *s, struct peer *p) {
  services_close(s);
  peer_close(p);
}
