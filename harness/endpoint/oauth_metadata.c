/* What the server says of itself: RFC 8414, OpenID Connect Discovery 1.0, RFC 8705, RFC 9126, RFC 9207. */
#include "endpoint/oauth_int.h"
#include "formats/json.h"

#define METADATA_MAX ((size_t)32 << 10)

/* What each service lets systems and users do (EHMI, scopes). */
static const char *const scopes[] = {OAUTH_OPENID,
                                     "EDS",
                                     "system/AuditEvent.crs",
                                     "user/AuditEvent.rs",
                                     "EAS",
                                     "system/Organization.rs",
                                     "EER",
                                     "system/Endpoint.rs",
                                     "user/Endpoint.cruds",
                                     "user/Organization.cruds",
                                     NULL};

const char *const oauth_grant_names[OAUTH_GRANTS_N] = {[OAUTH_CLIENT_CREDENTIALS] = "client_credentials",
                                                       [OAUTH_CODE] = "authorization_code",
                                                       [OAUTH_REFRESH] = "refresh_token"};

static void put_list(struct json_writer *w, const char *name, const char *const *list) {
  json_begin_array(w, name);
  for (; *list; list++) json_put_z(w, NULL, *list);
  json_end(w);
}

static void put_url(struct oauth_exchange *x, struct json_writer *w, const char *name, const char *path) {
  json_put_str(w, name, arena_printf(x->a, "%.*s%s", STR_F(x->site->issuer), path));
}

static void put_endpoints(struct oauth_exchange *x, struct json_writer *w) {
  put_url(x, w, "authorization_endpoint", "/authorize");
  put_url(x, w, "token_endpoint", "/token");
  put_url(x, w, "pushed_authorization_request_endpoint", "/authorize/par");
  put_url(x, w, "jwks_uri", "/jwks");
  if (oauth_wrong_is(x, OAUTH_WRONG_NO_ALIAS)) return;
  json_begin_object(w, "mtls_endpoint_aliases");
  put_url(x, w, "token_endpoint", "/mtls/token");
  put_url(x, w, "pushed_authorization_request_endpoint", "/mtls/authorize/par");
  json_end(w);
}

static void put_algorithms(const struct oauth_exchange *x, struct json_writer *w) {
  json_begin_array(w, "id_token_signing_alg_values_supported");
  json_put_z(w, NULL, token_alg_name(token_key_alg(x->site->setup->key)));
  json_end(w);
}

static void put_abilities(struct json_writer *w) {
  const char *const grants[] = {oauth_grant_names[0], oauth_grant_names[1], oauth_grant_names[2], NULL};
  json_put_bool(w, "require_pushed_authorization_requests", true);
  json_put_bool(w, "tls_client_certificate_bound_access_tokens", true);
  json_put_bool(w, "authorization_response_iss_parameter_supported", true);
  put_list(w, "response_types_supported", (const char *const[]){"code", NULL});
  put_list(w, "response_modes_supported", (const char *const[]){"query", NULL});
  put_list(w, "grant_types_supported", grants);
  put_list(w, "token_endpoint_auth_methods_supported", (const char *const[]){"tls_client_auth", NULL});
  put_list(w, "code_challenge_methods_supported", (const char *const[]){"S256", NULL});
  put_list(w, "subject_types_supported", (const char *const[]){"public", NULL});
  put_list(w, "scopes_supported", scopes);
}

void oauth_metadata_answer(struct oauth_exchange *x) {
  struct buf b;
  struct json_writer w;
  struct str issuer = x->site->issuer;
  if (oauth_wrong_is(x, OAUTH_WRONG_ISSUER)) issuer = arena_printf(x->a, "%.*s/another", STR_F(issuer));
  buf_init(&b, METADATA_MAX);
  json_writer_init(&w, &b, 2);
  json_begin_object(&w, NULL);
  json_put_str(&w, "issuer", issuer);
  put_endpoints(x, &w);
  put_abilities(&w);
  put_algorithms(x, &w);
  json_end(&w);
  x->out->content_type = "application/json";
  x->out->body = buf_take(&b, x->a);
}

void oauth_jwks_answer(struct oauth_exchange *x) {
  x->out->content_type = "application/jwk-set+json";
  x->out->body = jwks_write(x->a, x->site->setup->keys);
}
