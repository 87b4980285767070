/* The user's way: a pushed request (RFC 9126), and the browser that comes with its number. */
#include "base/percent.h"
#include "endpoint/oauth_int.h"
#include "formats/json.h"

#define MS_PER_S 1000
#define URI_PREFIX "urn:ietf:params:oauth:request_uri:"

/* --- pushed --- */

static const struct oauth_parameter pushed[] = {
    {"response_type", 0},  {"client_id", 0}, {"redirect_uri", 0},          {"scope", 0}, {"state", 0},
    {"code_challenge", 0}, {"nonce", true},  {"code_challenge_method", 0}, {NULL, 0}};

static bool is_registered(const struct oauth_client *c, struct str uri) {
  for (size_t i = 0; i < c->redirect_uris_n; i++)
    if (str_eq(c->redirect_uris[i], uri)) return true;
  return false;
}

bool oauth_redirect_valid(struct str uri) {
  for (size_t i = 0; i < uri.n; i++)
    if (uri.p[i] <= ' ' || uri.p[i] > '~' || uri.p[i] == '#' || uri.p[i] == '"') return false;
  return str_starts(uri, STR("https://")) && uri.n > strlen("https://");
}

static int check_pushed(struct oauth_exchange *x, struct oauth_scope *scope) {
  struct str type = oauth_form_value(x, "response_type"), uri = oauth_form_value(x, "redirect_uri");
  struct str method = oauth_form_value(x, "code_challenge_method"), challenge = oauth_form_value(x, "code_challenge");
  struct str digest, text = oauth_form_value(x, "scope");
  if (!str_eqz(type, "code")) return OAUTH_REFUSE(x, OAUTH_R_RESPONSE_TYPE, type);
  if (!oauth_redirect_valid(uri) || !is_registered(x->client, uri))
    return OAUTH_REFUSE(x, OAUTH_R_REDIRECT, uri, x->client->client_id);
  if (!str_eqz(method, "S256")) return OAUTH_REFUSE(x, OAUTH_R_CHALLENGE_METHOD, method);
  if (challenge.n != TOKEN_THUMBPRINT || !base64url_read(&digest, x->a, challenge))
    return OAUTH_REFUSE(x, OAUTH_R_CHALLENGE, challenge);
  if (oauth_scope_check(x, text, OAUTH_CODE, scope)) return -1;
  return scope->openid ? 0 : OAUTH_REFUSE(x, OAUTH_R_OPENID, text);
}

static void keep_pushed(struct oauth_exchange *x, struct str uri) {
  struct oauth_event *ev = &x->out->event;
  ev->issued = oauth_digest(x->a, uri);
  ev->redirect_uri = oauth_form_value(x, "redirect_uri");
  ev->state = oauth_form_value(x, "state");
  ev->challenge = oauth_form_value(x, "code_challenge");
  ev->nonce = oauth_form_value(x, "nonce");
}

static struct str pushed_body(struct arena *a, struct str uri) {
  struct buf b;
  struct json_writer w;
  buf_init(&b, (size_t)1 << 10);
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_str(&w, "request_uri", uri);
  json_put_int(&w, "expires_in", OAUTH_REQUEST_URI_SECONDS);
  json_end(&w);
  return buf_take(&b, a);
}

void oauth_par_answer(struct oauth_exchange *x) {
  struct oauth_scope scope;
  if (oauth_form_read(x) || oauth_authenticate(x)) return;
  if (!x->client->grants[OAUTH_CODE]) {
    (void)OAUTH_REFUSE(x, OAUTH_R_GRANT_UNREGISTERED, x->client->client_id, str_z(oauth_grant_names[OAUTH_CODE]));
    return;
  }
  if (form_get(&x->form, "request_uri")) {
    (void)OAUTH_REFUSE(x, OAUTH_R_PUSHED_URI, {0});
    return;
  }
  if (oauth_form_check(x, pushed) || check_pushed(x, &scope)) return;
  struct str value = oauth_value(x, "request-uri");
  struct str uri = arena_printf(x->a, URI_PREFIX "%.*s", STR_F(value));
  keep_pushed(x, uri);
  x->out->status = 201;
  x->out->content_type = "application/json";
  x->out->no_store = true;
  x->out->body = pushed_body(x->a, uri);
}

/* --- the browser --- */

static int read_query(struct oauth_exchange *x) {
  form_read(&x->form, x->a, x->q->query);
  if (x->form.broken) return OAUTH_REFUSE(x, OAUTH_R_FORM, x->form.broken_at);
  x->out->client = oauth_form_value(x, "client_id");
  for (size_t i = 0; i < x->form.pairs.n; i++) {
    struct str name = x->form.pairs.v[i].name;
    if (form_count(&x->form, name) > 1) return OAUTH_REFUSE(x, OAUTH_R_REPEATED, name);
    bool wanted = str_eqz(name, "client_id") || str_eqz(name, "request_uri");
    if (!wanted && OAUTH_REFUSE(x, OAUTH_R_EXTRA, name)) return -1;
  }
  if (!x->out->client.n) return OAUTH_REFUSE(x, OAUTH_R_MISSING, STR("client_id"));
  return oauth_form_value(x, "request_uri").n ? 0 : OAUTH_REFUSE(x, OAUTH_R_NOT_PUSHED, {0});
}

static const struct oauth_event *find_pushed(struct oauth_exchange *x, struct str uri) {
  struct str digest = oauth_digest(x->a, uri);
  const struct oauth_event *ev = oauth_issuer_of(x, digest);
  int refused = 0;
  int64_t age = ev ? x->site->now - ev->at : 0;
  if (!ev || !str_eqz(ev->request, "par"))
    refused = OAUTH_REFUSE(x, OAUTH_R_REQUEST_URI, uri);
  else if (!str_eq(ev->client, x->out->client))
    refused = OAUTH_REFUSE(x, OAUTH_R_REQUEST_URI_CLIENT, x->out->client);
  else if (oauth_used(x, digest, false))
    refused = OAUTH_REFUSE(x, OAUTH_R_REQUEST_URI_USED, {0});
  else if (age > OAUTH_REQUEST_URI_SECONDS * MS_PER_S)
    refused = OAUTH_REFUSE(x, OAUTH_R_REQUEST_URI_LATE, arena_printf(x->a, "%lld", (long long)(age / MS_PER_S)),
                           arena_printf(x->a, "%d", OAUTH_REQUEST_URI_SECONDS));
  return refused ? NULL : ev;
}

/* A code that this client had before, as the wrong answer gives it once more; empty: it had none. */
static struct str earlier_code(struct oauth_exchange *x) {
  for (size_t i = 0; i < x->site->events_n; i++) {
    const struct oauth_event *ev = &x->site->events[i];
    if (str_eqz(ev->request, "authorize") && ev->issued.n && str_eq(ev->client, x->out->client))
      return oauth_value_of(x, "code", ev->id);
  }
  return (struct str){0};
}

static struct str choose_code(struct oauth_exchange *x) {
  struct str code = earlier_code(x);
  if (code.n && oauth_wrong_is(x, OAUTH_WRONG_CODE)) return code;
  code = oauth_value(x, "code");
  x->out->event.issued = oauth_digest(x->a, code);
  return code;
}

static void put_query(struct buf *b, const char *name, struct str value) {
  buf_printf(b, "%c%s=", memchr(b->p, '?', b->n) ? '&' : '?', name);
  percent_encode(b, value);
}

/* RFC 9207: iss in every answer. FAPI: 302 or 303, never 307. */
static void redirect(struct oauth_exchange *x, const struct oauth_event *request, const char *name, struct str value) {
  struct buf b;
  struct str state = request->state, iss = x->site->issuer;
  if (oauth_wrong_is(x, OAUTH_WRONG_STATE)) state = oauth_value(x, "another state");
  if (oauth_wrong_is(x, OAUTH_WRONG_ISS)) iss = arena_printf(x->a, "%.*s/another", STR_F(iss));
  buf_init(&b, (size_t)256 << 10);
  buf_add(&b, request->redirect_uri);
  put_query(&b, name, value);
  put_query(&b, "state", state);
  if (!oauth_wrong_is(x, OAUTH_WRONG_ISS_MISSING)) put_query(&b, "iss", iss);
  x->out->status = 302;
  x->out->content_type = "";
  x->out->body = (struct str){0};
  x->out->no_store = true;
  x->out->location = buf_take(&b, x->a);
}

void oauth_authorize_answer(struct oauth_exchange *x) {
  if (read_query(x)) return;
  struct str uri = oauth_form_value(x, "request_uri");
  const struct oauth_event *request = find_pushed(x, uri);
  if (!request) return;
  x->out->event.used = oauth_digest(x->a, uri);
  x->out->scope = request->scope;
  if (!x->site->setup->user) {
    (void)OAUTH_REFUSE(x, OAUTH_R_NOBODY, {0});
    redirect(x, request, "error", str_z(x->out->error));
    return;
  }
  redirect(x, request, "code", choose_code(x));
}
