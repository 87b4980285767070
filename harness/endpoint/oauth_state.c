/* What earlier requests left, and the values that they were given. */
#include "base/hash.h"
#include "endpoint/oauth_int.h"

struct str oauth_value_of(struct oauth_exchange *x, const char *purpose, struct str id) {
  struct str seed = x->site->setup->seed;
  return token_thumbprint(x->a,
                          arena_printf(x->a, "%s %zu %.*s %zu %.*s", purpose, seed.n, STR_F(seed), id.n, STR_F(id)));
}

struct str oauth_value(struct oauth_exchange *x, const char *purpose) {
  return oauth_value_of(x, purpose, x->site->id);
}

struct str oauth_digest(struct arena *a, struct str value) {
  return token_thumbprint(a, value);
}

const struct oauth_event *oauth_issuer_of(const struct oauth_exchange *x, struct str digest) {
  for (size_t i = 0; i < x->site->events_n; i++)
    if (str_eq(x->site->events[i].issued, digest)) return &x->site->events[i];
  return NULL;
}

bool oauth_used(const struct oauth_exchange *x, struct str digest, bool refused) {
  for (size_t i = 0; i < x->site->events_n; i++) {
    const struct oauth_event *ev = &x->site->events[i];
    if (str_eq(ev->used, digest) && ev->refused == refused) return true;
  }
  return false;
}

static bool is_without_alias(struct str wrong) {
  const struct oauth_wrong *w = oauth_wrong_find(wrong);
  return w && w->kind == OAUTH_WRONG_NO_ALIAS;
}

bool oauth_event_read(struct oauth_event *out, const struct facts *f) {
  *out = (struct oauth_event){.id = facts_get(f, "oauth.id"),
                              .request = facts_get(f, "oauth.request"),
                              .client = facts_get(f, "oauth.client"),
                              .refused = facts_get(f, "oauth.rule").n > 0,
                              .no_alias = is_without_alias(facts_get(f, "oauth.wrong")),
                              .issued = facts_get(f, "oauth.issued"),
                              .used = facts_get(f, "oauth.used"),
                              .redirect_uri = facts_get(f, "oauth.redirect-uri"),
                              .scope = facts_get(f, "oauth.scope"),
                              .state = facts_get(f, "oauth.state"),
                              .challenge = facts_get(f, "oauth.challenge"),
                              .nonce = facts_get(f, "oauth.nonce"),
                              .thumbprint = facts_get(f, "oauth.thumbprint")};
  return out->id.n && str_int(facts_get(f, "oauth.at"), &out->at) && (out->issued.n || out->used.n || out->no_alias);
}
