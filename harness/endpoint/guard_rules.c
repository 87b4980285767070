#include "endpoint/guard_int.h"

#define BEARER "RFC 6750 (Bearer)"
#define SEC "Sikkerhedsarkitektur EHMI services 0.98"
#define FAPI "FAPI 2.0 security profile, 5.3.2"
#define MTLS "RFC 8705 (OAuth MTLS), section 3"

const struct rule guard_rules[GUARD_RULES_N] = {
    [GUARD_MISSING] = {"guard.missing", SEV_ERROR, BEARER ", section 3",
                       "The request has no access token in the header Authorization.",
                       "Forespørgslen har intet access token i headeren Authorization."},
    [GUARD_SCHEME] = {"guard.scheme", SEV_ERROR, BEARER ", section 2.1",
                      "The header Authorization has the scheme '{1}'; it must be Bearer.",
                      "Headeren Authorization har skemaet '{1}'; det skal være Bearer."},
    [GUARD_FORM] = {"guard.form", SEV_ERROR, BEARER ", section 2.1",
                    "The header Authorization is not Bearer, one blank and one token.",
                    "Headeren Authorization er ikke Bearer, ét mellemrum og ét token."},
    [GUARD_QUERY] = {"guard.query", SEV_ERROR, FAPI ".1",
                     "There is an access token in the address; it must stand in the header Authorization alone.",
                     "Der står et access token i adressen; det må kun stå i headeren Authorization."},
    [GUARD_BODY] = {"guard.body", SEV_ERROR, FAPI ".1",
                    "There is an access token in the body; it must stand in the header Authorization alone.",
                    "Der står et access token i indholdet; det må kun stå i headeren Authorization."},
    [GUARD_ISSUER] = {"guard.issuer", SEV_ERROR, SEC ", access token",
                      "The token is issued by '{1}'; taken are those of '{2}'.",
                      "Tokenet er udstedt af '{1}'; der accepteres tokens fra '{2}'."},
    [GUARD_AUDIENCE] = {"guard.audience", SEV_ERROR, SEC ", access token",
                        "The token is for '{1}'; this server is '{2}'.",
                        "Tokenet er til '{1}'; denne server er '{2}'."},
    [GUARD_EXPIRY_MISSING] = {"guard.expiry.missing", SEV_ERROR, SEC ", access token",
                              "The token does not say when it expires (exp).",
                              "Tokenet siger ikke, hvornår det udløber (exp)."},
    [GUARD_EXPIRED] = {"guard.expired", SEV_ERROR, BEARER ", section 3.1", "The token expired at {1}; it is {2}.",
                       "Tokenet udløb {1}; klokken er {2}."},
    [GUARD_NOT_YET] = {"guard.not-yet", SEV_ERROR, FAPI ".1",
                       "The token's {1} is {2}, over 60 seconds ahead; it is {3}.",
                       "Tokenets {1} er {2}, mere end 60 sekunder ude i fremtiden; klokken er {3}."},
    [GUARD_TIME] = {"guard.time", SEV_ERROR, "RFC 7519 (JWT), section 4.1", "The token's {1} is no point in time.",
                    "Tokenets {1} er ikke et tidspunkt."},
    [GUARD_UNBOUND] = {"guard.unbound", SEV_ERROR, MTLS,
                       "The token is bound to no certificate (cnf with x5t#S256): anybody could use it.",
                       "Tokenet er ikke bundet til et certifikat (cnf med x5t#S256): enhver kunne bruge det."},
    [GUARD_NO_CERTIFICATE] = {"guard.certificate.missing", SEV_ERROR, MTLS,
                              "The client showed no certificate on this connection; the token is bound to one.",
                              "Klienten viste intet certifikat på forbindelsen; tokenet er bundet til et."},
    [GUARD_CERTIFICATE] = {"guard.certificate", SEV_ERROR, MTLS,
                           "The client's certificate has the thumbprint '{1}'; the token is bound to '{2}'.",
                           "Klientens certifikat har aftrykket '{1}'; tokenet er bundet til '{2}'."},
    [GUARD_SCOPE] = {"guard.scope", SEV_ERROR, SEC ", scopes; SMART App Launch 2.0",
                     "This needs the permission {1}; the token has the scope '{2}'.",
                     "Dette kræver rettigheden {1}; tokenet har scopet '{2}'."},
    [GUARD_ORG_MISSING] = {"guard.org-context.missing", SEV_ERROR, SEC ", EDS registration",
                           "The token names no organisation (ehmi:org_context with sor and gln).",
                           "Tokenet angiver ingen organisation (ehmi:org_context med sor og gln)."},
    [GUARD_ORG] = {"guard.org-context", SEV_ERROR, SEC ", EDS registration",
                   "The token speaks for SOR {1}, GLN {2}, which is neither end of what is registered.",
                   "Tokenet taler for SOR {1}, GLN {2}, som er hverken afsender eller modtager i det registrerede."},
    [GUARD_DEVICE] = {"guard.device", SEV_ERROR, SEC ", EDS registration",
                      "The token is for the device '{1}'; what is registered names '{2}'.",
                      "Tokenet er til enheden '{1}'; det registrerede angiver '{2}'."},
};
const size_t guard_rules_n = GUARD_RULES_N;

#define INVALID_TOKEN "invalid_token"
#define INVALID_REQUEST "invalid_request"
#define INSUFFICIENT_SCOPE "insufficient_scope"

/* RFC 6750, 3.1. Who sent no token is told of no error. */
const struct guard_row guard_rows[GUARD_RULES_N] = {
    [GUARD_MISSING] = {401, NULL},
    [GUARD_SCHEME] = {401, NULL},
    [GUARD_FORM] = {400, INVALID_REQUEST},
    [GUARD_QUERY] = {400, INVALID_REQUEST},
    [GUARD_BODY] = {400, INVALID_REQUEST},
    [GUARD_ISSUER] = {401, INVALID_TOKEN},
    [GUARD_AUDIENCE] = {401, INVALID_TOKEN},
    [GUARD_EXPIRY_MISSING] = {401, INVALID_TOKEN},
    [GUARD_EXPIRED] = {401, INVALID_TOKEN},
    [GUARD_NOT_YET] = {401, INVALID_TOKEN},
    [GUARD_TIME] = {401, INVALID_TOKEN},
    [GUARD_UNBOUND] = {401, INVALID_TOKEN},
    [GUARD_NO_CERTIFICATE] = {401, INVALID_TOKEN},
    [GUARD_CERTIFICATE] = {401, INVALID_TOKEN},
    [GUARD_SCOPE] = {403, INSUFFICIENT_SCOPE},
    [GUARD_ORG_MISSING] = {403, INSUFFICIENT_SCOPE},
    [GUARD_ORG] = {403, INSUFFICIENT_SCOPE},
    [GUARD_DEVICE] = {403, INSUFFICIENT_SCOPE},
};
