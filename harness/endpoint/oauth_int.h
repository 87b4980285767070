/* oauth_int: what the files of the simulated authorization server share. */
#ifndef ENDPOINT_OAUTH_INT_H
#define ENDPOINT_OAUTH_INT_H

#include "endpoint/oauth.h"
#include "endpoint/server_rules.h"

#define OAUTH_OPENID "openid"

/* {1} to {3} as in the texts of oauth_rules.c. */
enum oauth_rule {
  OAUTH_R_PATH,
  OAUTH_R_METHOD,
  OAUTH_R_ALIAS,
  OAUTH_R_QUERY,
  OAUTH_R_CONTENT_TYPE,
  OAUTH_R_BODY_SIZE,
  OAUTH_R_FORM,
  OAUTH_R_MISSING,
  OAUTH_R_REPEATED,
  OAUTH_R_SECRET,
  OAUTH_R_EXTRA,
  OAUTH_R_CLIENT,
  OAUTH_R_NO_CERTIFICATE,
  OAUTH_R_UNTRUSTED,
  OAUTH_R_SUBJECT,
  OAUTH_R_GRANT,
  OAUTH_R_GRANT_UNREGISTERED,
  OAUTH_R_SERVICE,
  OAUTH_R_SCOPE,
  OAUTH_R_PERMISSION,
  OAUTH_R_ORG_HALF,
  OAUTH_R_ORG_SEVERAL,
  OAUTH_R_ORG,
  OAUTH_R_ORG_SERVICE,
  OAUTH_R_OPENID,
  OAUTH_R_RESPONSE_TYPE,
  OAUTH_R_REDIRECT,
  OAUTH_R_CHALLENGE_METHOD,
  OAUTH_R_CHALLENGE,
  OAUTH_R_PUSHED_URI,
  OAUTH_R_NOT_PUSHED,
  OAUTH_R_REQUEST_URI,
  OAUTH_R_REQUEST_URI_USED,
  OAUTH_R_REQUEST_URI_LATE,
  OAUTH_R_REQUEST_URI_CLIENT,
  OAUTH_R_NOBODY,
  OAUTH_R_CODE,
  OAUTH_R_CODE_USED,
  OAUTH_R_CODE_LATE,
  OAUTH_R_CODE_CLIENT,
  OAUTH_R_CODE_REDIRECT,
  OAUTH_R_VERIFIER_FORM,
  OAUTH_R_VERIFIER,
  OAUTH_R_REFRESH,
  OAUTH_R_REFRESH_CLIENT,
  OAUTH_R_REFRESH_CERTIFICATE,
  OAUTH_R_REFRESH_REVOKED,
  OAUTH_R_REFRESH_SCOPE,
  OAUTH_R_BROKEN,
  OAUTH_R_WRONG,
  ENROLLMENT_R_SIZE,
  ENROLLMENT_R_FORM,
  ENROLLMENT_R_MISSING,
  ENROLLMENT_R_KIND,
  ENROLLMENT_R_UNKNOWN,
  ENROLLMENT_R_METHOD,
  ENROLLMENT_R_GRANT,
  ENROLLMENT_R_REDIRECT,
  ENROLLMENT_R_REDIRECT_NEEDED,
  ENROLLMENT_R_SCOPE,
  ENROLLMENT_R_ORG,
  ENROLLMENT_R_DN,
  ENROLLMENT_R_MANY,
  OAUTH_RULES_N
};

struct oauth_row {
  int status;        /* 0: no answer at all */
  const char *error; /* as RFC 6749 and its kin name it */
};
extern const struct oauth_row oauth_rows[OAUTH_RULES_N];

/* One request under way. */
struct oauth_exchange {
  struct oauth_answer *out;
  struct arena *a;
  const struct oauth_request *q;
  const struct oauth_site *site;
  struct form form;
  const struct oauth_client *client;
};

/* What is wrong by that rule: makes the answer a refusal, -1; or, where the rule is no error, notes it (only the first
 * is kept), 0. */
int oauth_refuse(struct oauth_exchange *x, enum oauth_rule r, const struct str args[3]);
#define OAUTH_REFUSE(x, r, ...) oauth_refuse((x), (r), (struct str[3]){__VA_ARGS__})
/* Is this the wrong answer to give now? It counts as given. */
bool oauth_wrong_is(struct oauth_exchange *x, enum oauth_wrong_kind kind);

/* oauth_form.c */

struct oauth_parameter {
  const char *name;
  bool optional;
};
/* Reads the form of the body, before it is known what is to stand in it. */
MUST_CHECK int oauth_form_read(struct oauth_exchange *x);
/* Each parameter is there (a list that ends with an empty name), once; others are refused or noted. */
MUST_CHECK int oauth_form_check(struct oauth_exchange *x, const struct oauth_parameter *wanted);
/* Its value; empty if it is not there. */
struct str oauth_form_value(const struct oauth_exchange *x, const char *name);
/* Who it is, shown by the certificate. */
MUST_CHECK int oauth_authenticate(struct oauth_exchange *x);

/* oauth_scope.c */

/* What a scope means, once it is found to be allowed. */
struct oauth_scope {
  struct str text;
  const struct oauth_service *service;
  const struct guard_org *org; /* NULL: it speaks for none */
  bool openid;
};
MUST_CHECK int oauth_scope_check(struct oauth_exchange *x, struct str text, enum oauth_grant grant,
                                 struct oauth_scope *out);
/* The scope that the wrong answer grants: less than was asked for. */
struct str oauth_scope_reduced(struct arena *a, struct str scope);
bool oauth_scope_holds(struct str scope, struct str word);

/* oauth_state.c */

/* A value that nobody can guess, the same for the same request. */
struct str oauth_value(struct oauth_exchange *x, const char *purpose);
struct str oauth_value_of(struct oauth_exchange *x, const char *purpose, struct str id);
/* What is kept of it. */
struct str oauth_digest(struct arena *a, struct str value);
/* The request that gave this out; NULL. */
const struct oauth_event *oauth_issuer_of(const struct oauth_exchange *x, struct str digest);
/* Was it taken already, or (refused) was that tried? */
bool oauth_used(const struct oauth_exchange *x, struct str digest, bool refused);

/* oauth_token.c, oauth_par.c, oauth_metadata.c: the requests */
void oauth_token_answer(struct oauth_exchange *x);
void oauth_par_answer(struct oauth_exchange *x);
void oauth_authorize_answer(struct oauth_exchange *x);
void oauth_metadata_answer(struct oauth_exchange *x);
void oauth_jwks_answer(struct oauth_exchange *x);

/* oauth_claims.c */

struct oauth_issue {
  struct oauth_scope *scope;
  const struct oauth_user *user; /* NULL: the client itself */
  struct str thumbprint;
  struct str nonce;   /* of the request, for the id_token */
  struct str refresh; /* a refresh token to give as well; empty: none */
};
MUST_CHECK int oauth_access_token(struct oauth_exchange *x, const struct oauth_issue *is, struct str *out);
MUST_CHECK int oauth_id_token(struct oauth_exchange *x, const struct oauth_issue *is, struct str *out);
/* How long it is said to live. */
int64_t oauth_lifetime(struct oauth_exchange *x);

/* True for "https://…" without fragment. */
bool oauth_redirect_valid(struct str uri);

#endif
