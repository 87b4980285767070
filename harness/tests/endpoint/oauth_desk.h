/* oauth_desk: an authorization server as a function, for tests: clients, keys, a clock, and a memory of what came. */
#ifndef TESTS_ENDPOINT_OAUTH_DESK_H
#define TESTS_ENDPOINT_OAUTH_DESK_H

#include "endpoint/oauth.h"

#define DESK_ISSUER "https://as.invalid/epj/sender"
#define DESK_NOW INT64_C(1767603600000)
#define DESK_DN "serialNumber=UI:DK-O:G:1,organizationIdentifier=NTRDK-12345678,CN=EPJ 3,O=Region Test,C=DK"
#define DESK_REDIRECT "https://client.invalid/back"
#define DESK_VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" /* RFC 7636, appendix B */
#define DESK_CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define DESK_EVENTS_MAX 20

/* Systems "sys" (EDS with two organisations, EAS) and users "usr"; "bare" may do nothing. */
#define DESK_SYSTEM 0
#define DESK_USER 1

struct desk {
  struct arena *a;
  struct token_keys keys;
  struct oauth_client clients[3];
  struct oauth_user user;
  struct oauth_setup setup;
  const struct ehmi_profile *profile;
  int64_t now;
  const struct oauth_wrong *wrong;
  bool plain; /* no TLS */
  const char *subject;
  struct str thumbprint;
  struct facts facts[DESK_EVENTS_MAX];
  struct oauth_event events[DESK_EVENTS_MAX];
  size_t facts_n, events_n;
  struct oauth_answer answer; /* the last one */
};

void desk_open(struct desk *d);
void desk_close(struct desk *d);
/* Asks, and remembers what came of it as a run does: by facts alone. */
void desk_ask(struct desk *d, struct oauth_request q);
void desk_post(struct desk *d, const char *path, const char *form);
void desk_get(struct desk *d, const char *path, const char *query);
/* A member of the answer, which must be JSON; empty: it is not there. */
struct str desk_says(struct desk *d, const char *member);
/* The claims of the access token in the answer, which must be signed by a key of the server. */
const struct node *desk_claims(struct desk *d, const char *member);
/* A fact of the last answer. */
struct str desk_fact(const struct desk *d, const char *name);
/* A parameter of the address that the last answer redirects to. */
struct str desk_redirected(struct desk *d, const char *name);
void desk_expect_refusal(struct desk *d, const char *what, int status, const char *error, const char *rule);

#endif
