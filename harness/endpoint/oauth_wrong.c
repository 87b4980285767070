/* Wrong answers, given on purpose: one row each. */
#include "endpoint/oauth_int.h"

const struct oauth_wrong oauth_wrongs[OAUTH_WRONGS_N] = {
    {"wrong-issuer", "the metadata name another issuer", "metadata angiver en anden udsteder", "discovery",
     OAUTH_WRONG_ISSUER},
    {"no-alias", "the metadata have no mtls_endpoint_aliases", "metadata har ingen mtls_endpoint_aliases", "discovery",
     OAUTH_WRONG_NO_ALIAS},
    {"expired-token", "the access token expired before it was given", "access token er udløbet, før det gives", "token",
     OAUTH_WRONG_EXPIRED},
    {"short-token", "the access token lives 5 seconds", "access token lever 5 sekunder", "token", OAUTH_WRONG_SHORT},
    {"reduced-scope", "less scope is granted than was asked for", "der gives mindre scope, end der blev bedt om",
     "token", OAUTH_WRONG_SCOPE},
    {"wrong-audience", "the access token is for another service", "access token er til en anden tjeneste", "token",
     OAUTH_WRONG_AUDIENCE},
    {"wrong-certificate", "the access token is bound to another certificate",
     "access token er bundet til et andet certifikat", "token", OAUTH_WRONG_CERTIFICATE},
    {"alg-rs256", "tokens are signed with RS256", "tokens er signeret med RS256", "token", OAUTH_WRONG_RS256},
    {"alg-none", "tokens are not signed (alg none)", "tokens er ikke signeret (alg none)", "token", OAUTH_WRONG_NONE},
    {"bad-signature", "the signature of tokens is broken", "signaturen på tokens er brudt", "token",
     OAUTH_WRONG_SIGNATURE},
    {"token-type", "token_type is not Bearer", "token_type er ikke Bearer", "token", OAUTH_WRONG_TYPE},
    {"wrong-state", "the redirect has another state", "omdirigeringen har en anden state", "authorize",
     OAUTH_WRONG_STATE},
    {"wrong-iss", "the redirect names another issuer (iss)", "omdirigeringen angiver en anden udsteder (iss)",
     "authorize", OAUTH_WRONG_ISS},
    {"no-iss", "the redirect names no issuer (iss)", "omdirigeringen angiver ingen udsteder (iss)", "authorize",
     OAUTH_WRONG_ISS_MISSING},
    {"replayed-code", "the redirect has the code of an earlier one", "omdirigeringen har koden fra en tidligere",
     "authorize", OAUTH_WRONG_CODE},
    {"unavailable", "status 503", "status 503", "token", OAUTH_WRONG_UNAVAILABLE},
    {"broken", "status 500", "status 500", "token", OAUTH_WRONG_BROKEN},
    {"slow", "the answer takes 20 seconds", "svaret tager 20 sekunder", "token", OAUTH_WRONG_SLOW},
};

const struct oauth_wrong *oauth_wrong_find(struct str name) {
  for (size_t i = 0; i < OAUTH_WRONGS_N; i++)
    if (str_eqz(name, oauth_wrongs[i].name)) return &oauth_wrongs[i];
  return NULL;
}

bool oauth_wrong_is(struct oauth_exchange *x, enum oauth_wrong_kind kind) {
  const struct oauth_wrong *w = x->site->wrong;
  if (!w || w->kind != kind || (*w->alters && strcmp(w->alters, x->out->request) != 0)) return false;
  x->out->wrong = w;
  return true;
}
