/* oauth: the authorization server that our simulated services trust (FAPI 2.0 with mutual TLS, "Sikkerhedsarkitektur
 * EHMI services" 0.98), as a function.
 *
 * Pure: a request, and what the run holds, give an answer and facts. Nothing is kept here: who is registered is data,
 * and what was given out before is read from the facts of earlier requests (oauth_event_read). Codes, request_uris and
 * refresh tokens are hashes of the run's seed and the request's id, so that a resumed run answers the same; facts hold
 * only digests of them, and of a token its jti. Strings borrow from the request, the site and the arena.
 *
 * Behind the server's address:
 *   GET  /.well-known/openid-configuration, /.well-known/oauth-authorization-server
 *   GET  /jwks
 *   POST /mtls/token          client_credentials, authorization_code, refresh_token; /token is the same for those who
 *                             overlook mtls_endpoint_aliases, and refuses them
 *   POST /mtls/authorize/par  a pushed authorization request; /authorize/par in the same way
 *   GET  /authorize           the browser's request; the test user is logged in already
 *
 * Facts (oauth_put_facts), each left out where there is none:
 *   oauth.request   discovery, jwks, token, par, authorize, other
 *   oauth.alias     "yes": it came to the address for mutual TLS
 *   oauth.bound     "yes": the client was authenticated by its certificate; "no": there was no TLS, not shown
 *   oauth.grant, oauth.client, oauth.scope, oauth.granted (where it is less), oauth.audience, oauth.token-id
 *   oauth.error, oauth.rule, oauth.issue, oauth.issue.da   why it was refused
 *   oauth.noted, oauth.noted.severity (by the EHMI profile), oauth.noted.text, oauth.noted.da   what is wrong, and was
 *                   answered all the same
 *   oauth.wrong     the wrong answer that was given on purpose (oauth_wrongs)
 *   oauth.id, oauth.at, oauth.issued, oauth.used, oauth.redirect-uri, oauth.state, oauth.challenge, oauth.nonce,
 *   oauth.thumbprint   what later requests are judged by
 *   http.method, http.path, http.query, http.content-type, http.status
 */
#ifndef ENDPOINT_OAUTH_H
#define ENDPOINT_OAUTH_H

#include "crypto/token.h"
#include "endpoint/form.h"
#include "endpoint/resource_guard.h"

#define OAUTH_TOKEN_SECONDS 300      /* life of an access token */
#define OAUTH_CODE_SECONDS 60        /* FAPI 2.0, 5.3.2.1: at most 60 */
#define OAUTH_REQUEST_URI_SECONDS 60 /* FAPI 2.0, 5.3.2.2: below 600 */
#define OAUTH_SLOW_MS INT64_C(20000) /* how long the wrong answer "slow" takes */

extern const struct rule oauth_rules[]; /* oauth.…, and enrollment.… of what is read here */
extern const size_t oauth_rules_n;

/* --- services and clients --- */

/* A server of resources, as the first word of a scope names it. */
struct oauth_service {
  const char *name, *audience;
  bool registers; /* its tokens may speak for an organisation: SOR:… and GLN:… */
};
extern const struct oauth_service oauth_services[];
extern const size_t oauth_services_n;
/* NULL: there is none of that name. */
const struct oauth_service *oauth_service_find(struct str name);

enum oauth_grant { OAUTH_CLIENT_CREDENTIALS, OAUTH_CODE, OAUTH_REFRESH, OAUTH_GRANTS_N };
extern const char *const oauth_grant_names[OAUTH_GRANTS_N];

#define ENROLLMENT_MAX ((size_t)64 << 10) /* bytes of an enrollment */
#define OAUTH_REDIRECTS_MAX 8

struct oauth_client {
  struct str client_id, client_name;
  struct str subject_dn; /* of its certificate, RFC 4514 */
  bool grants[OAUTH_GRANTS_N];
  struct str scope; /* all that it may ask for, blanks between */
  size_t orgs_n, redirect_uris_n;
  struct guard_org orgs[GUARD_ORGS_MAX]; /* for whom it may speak */
  struct str redirect_uris[OAUTH_REDIRECTS_MAX];
  struct str device_id; /* in the register of devices (EER) */
};

/* Reads an enrollment, a JSON object as the security architecture has it (client_id may stand in it, too; else it is
 * made of the name). -1: findings say what is wrong, with its position. */
MUST_CHECK int oauth_enrollment_read(struct oauth_client *out, struct arena *a, struct source src, struct findings *f);

/* The test user who is logged in. */
struct oauth_user {
  struct str id; /* a UUID */
  struct str name, cpr;
  struct str cvr, org_name; /* of an employee; empty: a citizen */
  struct str priv;          /* roles, OIO-BPP, as they stand in the token */
};

/* --- wrong answers, which a client has to refuse or to survive --- */

enum oauth_wrong_kind {
  OAUTH_WRONG_ISSUER,
  OAUTH_WRONG_NO_ALIAS,
  OAUTH_WRONG_EXPIRED,
  OAUTH_WRONG_SHORT,
  OAUTH_WRONG_SCOPE,
  OAUTH_WRONG_AUDIENCE,
  OAUTH_WRONG_CERTIFICATE,
  OAUTH_WRONG_RS256,
  OAUTH_WRONG_NONE,
  OAUTH_WRONG_SIGNATURE,
  OAUTH_WRONG_TYPE,
  OAUTH_WRONG_STATE,
  OAUTH_WRONG_ISS,
  OAUTH_WRONG_ISS_MISSING,
  OAUTH_WRONG_CODE,
  OAUTH_WRONG_UNAVAILABLE,
  OAUTH_WRONG_BROKEN,
  OAUTH_WRONG_SLOW,
  OAUTH_WRONGS_N
};

struct oauth_wrong {
  const char *name; /* "expired-token": as a protocol chooses it */
  const char *en, *da;
  const char *alters; /* the request (oauth.request) whose answer is another; "": each */
  enum oauth_wrong_kind kind;
};
extern const struct oauth_wrong oauth_wrongs[OAUTH_WRONGS_N];
/* NULL: there is none of that name. */
const struct oauth_wrong *oauth_wrong_find(struct str name);

/* --- a request and its answer --- */

struct oauth_request {
  struct str method, path, query; /* path behind the server's address; query not decoded */
  struct str content_type, authorization;
  struct str body;
  size_t size;           /* of the body, also where that is too large to be given */
  bool tls;              /* false: plain HTTP; then nobody is authenticated, and the facts say so */
  bool verified;         /* the certificate leads to one that is trusted */
  struct str subject;    /* of the certificate, RFC 4514; empty: none was shown */
  struct str thumbprint; /* SHA-256 of its DER, base64url */
};

/* What an earlier request left. */
struct oauth_event {
  struct str id, request, client;
  int64_t at;
  bool refused;
  bool no_alias;           /* metadata without mtls_endpoint_aliases were given */
  struct str issued, used; /* digests of what was given out, and of what was given for it */
  struct str redirect_uri, scope, state, challenge, nonce, thumbprint;
};

/* Reads it from the facts of a request; false: it left nothing. */
bool oauth_event_read(struct oauth_event *out, const struct facts *f);

/* What a run tells its server for as long as it lasts. */
struct oauth_setup {
  const struct oauth_client *clients;
  size_t clients_n;
  const struct oauth_user *user; /* NULL: nobody is logged in, and /authorize answers access_denied */
  const struct token_key *key;   /* which signs */
  const struct token_keys *keys; /* which are published; key is one of them */
  struct str seed;
};

struct oauth_site {
  const struct oauth_setup *setup;
  const struct ehmi_profile *profile; /* severities (server_rules.h); NULL: as the rules have them */
  struct str issuer;                  /* the server's address */
  struct str id;                      /* of this request, another one each time */
  int64_t now;                        /* ms since 1970 */
  const struct oauth_event *events;   /* oldest first */
  size_t events_n;
  const struct oauth_wrong *wrong; /* NULL: the answer is right */
};

struct oauth_answer {
  int status;
  const char *content_type; /* "": no body */
  struct str body;
  struct str location; /* of a redirect */
  struct str authenticate;
  const char *allow; /* of status 405 */
  bool no_store;
  int64_t delay_ms; /* by the wrong answer "slow" */
  const struct rule *rule;
  const char *error;    /* "invalid_scope" */
  struct str issue, da; /* why it was refused */
  const struct rule *noted;
  enum severity noted_as; /* by the EHMI profile */
  struct str noted_en, noted_da;
  /* For the facts. */
  const char *request, *grant;
  bool alias, bound;
  struct str client, scope, audience, token_id;
  struct str granted; /* where it is not what was asked for */
  struct oauth_event event;
  const struct oauth_wrong *wrong; /* that was really given */
};

/* Never fails: what we cannot do is an answer too (status 500). */
void oauth_answer(struct oauth_answer *out, struct arena *a, const struct oauth_request *q,
                  const struct oauth_site *site);
/* What q is about, as fact oauth.request, before anything is decided. */
const char *oauth_request_name(const struct oauth_request *q);
void oauth_put_facts(const struct oauth_answer *an, const struct oauth_request *q, struct facts *f);
/* Parameters that are as good as a password: of a body or a query that is kept they are digests (form_kept). */
extern const char *const oauth_secrets[];

#endif
