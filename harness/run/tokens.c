/* The authorization server of a run: who is registered there, with what it signs, and whose tokens the other services
 * take. Its keys are those that belong to the run's seed, so that a resumed run takes the tokens that it gave out, and
 * no key is kept: they are worth nothing but in this run. */
#include "base/file.h"
#include "base/uuid.h"
#include "endpoint/oauth.h"
#include "run/run_int.h"

#define AUTHORIZATION "authorization"

bool run_is_authorization(const struct run_party *p) {
  return p->service && str_eqz(p->service->kind, AUTHORIZATION);
}

/* --- keys --- */

/* A seeded run has to be the same byte for byte, which only EdDSA's signatures are. */
static int make_keys(struct oauth_setup *s, struct run *r, struct error *e) {
  struct token_keys *keys = ARENA_NEW(r->arena, struct token_keys);
  enum token_alg signs = r->o.clock.logical ? TOKEN_EDDSA : TOKEN_ES256;
  for (int alg = 0; alg < TOKEN_ALGS_N; alg++) {
    const struct token_key *key;
    if (token_key_derive(&key, r->arena, (enum token_alg)alg, r->seed, e) < 0) return -1;
    VEC_PUSH(r->arena, keys, key);
    if ((enum token_alg)alg == signs) s->key = key;
  }
  s->keys = keys;
  return 0;
}

/* --- who is registered --- */

static int read_enrollment(struct oauth_client *out, struct run *r, const struct vendor_enrollment *from,
                           struct error *e) {
  struct source src = {.name = from->file.n ? from->file : STR("enrollment in the vendor file"), .bytes = from->text};
  struct findings f;
  findings_init(&f, r->arena);
  if (from->file.n && file_read(&src.bytes, r->arena, arena_z(r->arena, from->file), ENROLLMENT_MAX, e) < 0) return -1;
  if (oauth_enrollment_read(out, r->arena, src, &f) == 0) return 0;
  return findings_error(&f, e);
}

/* Is it a system whose clients are known to that authorization server? */
static bool uses(const struct run_party *system, const struct run_party *server) {
  return !system->service && (server->service->shared || system->vendor == server->vendor);
}

static int read_clients(struct oauth_setup *s, const struct run_party *p, struct error *e) {
  struct run *r = p->run;
  size_t most = 0;
  for (size_t i = 0; i < r->parties_n; i++) most += r->parties[i].vendor->enrollments.n;
  struct oauth_client *clients = ARENA_ARRAY(r->arena, struct oauth_client, most + 1);
  for (size_t i = 0; i < r->parties_n; i++) {
    const struct run_party *system = &r->parties[i];
    for (size_t k = 0; uses(system, p) && k < system->vendor->enrollments.n; k++) {
      struct oauth_client *client = &clients[s->clients_n++];
      if (read_enrollment(client, r, &system->vendor->enrollments.v[k], e) < 0) return -1;
      VEC_PUSH(r->arena, &r->clients, ((struct run_client){client->client_id, system}));
    }
  }
  s->clients = clients;
  return 0;
}

static const struct oauth_user *read_user(const struct run_party *p) {
  const struct facts *f = &p->vendor->user;
  struct arena *a = p->run->arena;
  if (!f->list.n) return NULL;
  struct oauth_user *u = ARENA_NEW(a, struct oauth_user);
  *u = (struct oauth_user){.name = facts_get(f, "name"),
                           .cpr = facts_get(f, "cpr"),
                           .cvr = facts_get(f, "cvr"),
                           .org_name = facts_get(f, "organisation"),
                           .priv = facts_get(f, "roles")};
  u->id = uuid_derive(a, p->run->seed, 2, (struct str[]){STR("user"), u->name});
  return u;
}

/* Of two with one id only the first could ever be taken for who it is; one that two systems share is the same twice. */
static int check_ids(const struct oauth_setup *s, struct error *e) {
  for (size_t i = 0; i < s->clients_n; i++)
    for (size_t k = 0; k < i; k++) {
      const struct oauth_client *x = &s->clients[k], *y = &s->clients[i];
      if (!str_eq(x->client_id, y->client_id) || str_eq(x->subject_dn, y->subject_dn)) continue;
      return error_set(e, ERR_CONFIG,
                       "two enrollments have the client_id %.*s and certificates of their own (%.*s, %.*s): each "
                       "client has its own id",
                       STR_F(x->client_id), STR_F(x->subject_dn), STR_F(y->subject_dn));
    }
  return 0;
}

int run_tokens_prepare(struct run_party *p, struct error *e) {
  struct run *r = p->run;
  if (!run_is_authorization(p)) return 0;
  struct oauth_setup *s = ARENA_NEW(r->arena, struct oauth_setup);
  *s = (struct oauth_setup){.seed = r->seed, .user = read_user(p)};
  if (make_keys(s, r, e) < 0 || read_clients(s, p, e) < 0 || check_ids(s, e) < 0) return -1;
  p->oauth = s;
  return 0;
}

/* --- whose tokens the others take --- */

static const struct run_party *authorization_of(const struct run_party *p) {
  const struct run *r = p->run;
  for (size_t i = 0; i < r->parties_n; i++)
    if (run_is_authorization(&r->parties[i]) && r->parties[i].vendor == p->vendor &&
        r->parties[i].service->shared == p->service->shared)
      return &r->parties[i];
  return NULL;
}

/* "EDS" of kind eds. */
static const struct oauth_service *service_of(const struct run_party *p) {
  for (size_t i = 0; p->service && i < oauth_services_n; i++)
    if (str_eq_nocase(p->service->kind, str_z(oauth_services[i].name))) return &oauth_services[i];
  return NULL;
}

const struct guard_site *run_guard(const struct run_party *p) {
  const struct oauth_service *service = service_of(p);
  const struct run_party *by = service ? authorization_of(p) : NULL;
  if (!by) return NULL;
  struct guard_site *site = ARENA_NEW(p->run->arena, struct guard_site);
  *site = (struct guard_site){
      .keys = by->oauth->keys, .issuer = str_z(endpoint_address(by->endpoint)), .audience = str_z(service->audience)};
  site->seen = ARENA_NEW(p->run->arena, struct token_seen);
  return site;
}

/* --- what came before --- */

void run_tokens_decide(const struct run_party *p, struct endpoint_decision *d, const struct fault *hit) {
  const struct run *r = p->run;
  if (!run_is_authorization(p)) return;
  const struct facts **list = ARENA_ARRAY(r->scratch, const struct facts *, r->state->messages.n + 1);
  for (size_t i = 0; i < r->state->messages.n; i++) {
    const struct state_message *m = r->state->messages.v[i];
    if (!m->outbound && !m->lost && str_eq(m->party, p->name)) list[d->earlier_n++] = &m->facts;
  }
  d->earlier = list;
  if (hit && hit->kind == FAULT_WRONG_ANSWER) d->wrong = hit->how;
}

/* --- who calls a service that several systems share --- */

/* "refvendor-eua,refvendor-msh" names that device. */
static bool is_device_of(const struct vendor *v, struct str device) {
  struct str rest = facts_get(&v->variables, "vendor.device");
  while (rest.n)
    if (str_eq(str_trim(str_cut(&rest, ',')), device)) return true;
  return false;
}

static const struct run_party *caller_of(const struct run *r, const struct facts *f) {
  struct str client = facts_get(f, "oauth.client"), device = facts_get(f, "eds.device");
  for (size_t i = 0; i < r->clients.n && client.n; i++)
    if (str_eq(r->clients.v[i].id, client)) return r->clients.v[i].of;
  for (size_t i = 0; i < r->parties_n && device.n; i++)
    if (!r->parties[i].service && is_device_of(r->parties[i].vendor, device)) return &r->parties[i];
  return NULL;
}

struct str run_caller(const struct run_party *at, const struct facts *f) {
  const struct run *r = at->run;
  const struct run_party *p = at->service && at->service->shared ? caller_of(r, f) : NULL;
  if (!p) return (struct str){0};
  return p->name.n ? p->name : r->o.plan->protocol->role;
}
