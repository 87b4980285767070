/* services: the authorization server, EDS, EAS and EER of the reference vendor's tests, on the loop of a peer.
 *
 * Each answers well unless told otherwise; all that was asked is kept in order. */
#ifndef TESTS_REFVENDOR_SERVICES_H
#define TESTS_REFVENDOR_SERVICES_H

#include "crypto/certificate.h"
#include "peer.h"

struct asked {
  struct str path, query, body, authorization, content_type;
  struct str thumbprint;   /* of the client's certificate, if it is verified */
  const struct node *json; /* of what was posted as JSON */
};

struct services {
  struct peer *p;
  struct http_server *server;
  VEC(struct asked) all, tokens, events, lookups, pushed, searches; /* lookups: of EAS and EER */
  int token_statuses[8], event_statuses[8], lookup_statuses[8],
      search_statuses[8]; /* the first answers; 0: 200 or 201, -1: cut */
  int64_t expires_in;
  const char *issuer; /* of the metadata; NULL: its own */
  const char *scope;  /* of the tokens; NULL: what was asked */
  bool openid_missing, no_alias;
  bool hold;                 /* the server's metadata is not told until services_tell */
  struct http_request *held; /* who asked for it meanwhile */
  const char *lookup_answer; /* JSON in which ' stands for ", NULL: an empty Bundle */
  const char *search_answer; /* the same of a search at EDS */
  const char *redirect;      /* what stands in the redirect behind code and state; NULL: "&iss=" and its own address */
  int redirect_status;       /* 0: 302 */
  struct str certificate;    /* the thumbprint of the vendor's */
  char dir[32];              /* of its files; empty: no TLS */
};

/* After peer_init and before peer_start: the vendor is told where they are. */
void services_start(struct services *s, struct peer *p);
/* The same over TLS, where clients need a certificate; the vendor gets one, and trusts their authority. fault: what is
 * wrong with the certificate of the services. */
void services_start_tls(struct services *s, struct peer *p, enum certificate_fault fault);
void services_close(struct services *s);
/* A vendor with that defect (NULL: none) and its services, before peer_start; and the end of both. */
void services_begin(struct services *s, struct peer *p, const char *defect);
void services_end(struct services *s, struct peer *p);
/* Turns until n events came, or the time of a peer passed; the n-th, or NULL. */
const struct node *services_event(struct services *s, size_t n);
/* Waits until the metadata has been asked for, and tells it. */
void services_tell(struct services *s);
/* Turns until nothing has happened for ms in all (peer_turns). */
void services_quiet(struct services *s, int64_t ms);

#endif
