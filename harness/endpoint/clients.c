#include "endpoint/clients.h"

#include "base/clock.h"
#include "crypto/certificate.h"
#include "endpoint/hub_int.h"
#include "net/http_server.h"

static int read_one(struct certificate *out, struct arena *a, struct str pem, struct error *e) {
  struct certificates all;
  struct error why;
  if (certificates_read(&all, a, pem, &why) < 0)
    return error_set(e, ERR_CONFIG, "a certificate of the vendor file cannot be read: %s", why.text);
  if (all.n != 1)
    return error_set(e, ERR_CONFIG,
                     "an entry of \"certificates\" in the vendor file holds %zu certificates; each is "
                     "an entry of its own",
                     all.n);
  *out = all.v[0];
  if (out->client) return 0;
  return error_set(e, ERR_CONFIG, "the certificate of %.*s in the vendor file is not meant for clients",
                   STR_F(out->subject));
}

int clients_read(struct clients *out, struct arena *a, const struct str *pem, size_t n, struct error *e) {
  struct certificate *all = n ? ARENA_ARRAY(a, struct certificate, n) : NULL;
  for (size_t i = 0; i < n; i++)
    if (read_one(&all[i], a, pem[i], e) < 0) return -1;
  *out = (struct clients){all, n};
  return 0;
}

const char *clients_stranger(const struct clients *c, struct str thumbprint, int64_t at) {
  if (!c->n) return NULL;
  if (!thumbprint.n) return "no certificate was shown, and the system is known by its own";
  for (size_t i = 0; i < c->n; i++) {
    if (!str_eq(c->v[i].thumbprint, thumbprint)) continue;
    if (at > c->v[i].until) return "the certificate that was shown has expired";
    return at < c->v[i].from ? "the certificate that was shown is not valid yet" : NULL;
  }
  return "the certificate that was shown is not one that the system is known by";
}

/* ---- requests ---- */

struct http_party_client http_party_client(const struct endpoint *ep, const struct http_request *r) {
  const struct http_peer_certificate *peer = http_peer_certificate(r);
  bool trusted = peer->state == HTTP_PEER_VERIFIED;
  if (ep->clients.n) trusted = !clients_stranger(&ep->clients, peer->thumbprint, clock_wall());
  return (struct http_party_client){.tls = peer->state != HTTP_PEER_PLAIN,
                                    .verified = trusted,
                                    .subject = peer->subject,
                                    .thumbprint = peer->thumbprint};
}

/* In the clear nothing can be shown. */
const char *http_party_stranger(const struct endpoint *ep, const struct http_request *r) {
  const struct http_peer_certificate *peer = http_peer_certificate(r);
  if (peer->state == HTTP_PEER_PLAIN || ep->config.guard || ep->config.oauth) return NULL;
  const char *why = clients_stranger(&ep->clients, peer->thumbprint, clock_wall());
  if (!why || !peer->subject.n) return why;
  return arena_printf(r->arena, "%s: %.*s", why, STR_F(peer->subject)).p;
}

void http_party_turn_away(struct endpoint *ep, struct http_request *r, const char *why) {
  if (ep->events.refused) ep->events.refused(ep->events.context, r->peer, 403, why);
  http_reply(r, 403, "text/plain; charset=utf-8", arena_printf(r->arena, "%s\n", why));
}

void http_party_take(struct endpoint *ep, struct http_request *r, struct str rest) {
  const char *why = http_party_stranger(ep, r);
  if (why)
    http_party_turn_away(ep, r, why);
  else
    ep->kind->request(ep, r, rest);
}

void http_party_put_client(struct facts *out, const struct endpoint *ep, const struct http_request *r) {
  struct http_party_client client = http_party_client(ep, r);
  if (ep->clients.n && client.verified) facts_put(out, STR("tls.client"), client.thumbprint);
}
