/* resource_guard: may this request be answered? What a resource server (EDS, EAS, EER) asks of an access token.
 *
 * Pure: a request and what the server is told of its authorization server give an answer. Rules by FAPI 2.0, RFC 6750,
 * RFC 8705 and "Sikkerhedsarkitektur EHMI services" 0.98; each refusal is a row of guard_rules (or of token_rules,
 * where the token itself is wrong), with its status and the words for WWW-Authenticate. The token is never kept but as
 * a digest (guard_site.seen): of it a log may hold its jti and who it was given to. Strings borrow from the request and
 * from the arena.
 *
 *     guard_check(&g, a, &request, &site, "system/AuditEvent.c");
 *     if (g.status == 200) guard_check_party(&g, a, parties, parties_n, device);
 *     guard_put_facts(&g, facts);
 *     if (g.status != 200) -> answer g.status, header WWW-Authenticate: g.authenticate, an OperationOutcome with g.en
 *
 * Facts (guard_put_facts), each left out where there is none:
 *   guard.status            401, 403, 400; left out where it may be answered
 *   guard.rule, guard.issue, guard.issue.da   why it is refused
 *   guard.noted             the rule that is broken, and by the EHMI profile refuses nothing
 *   guard.bound             "yes": the certificate of the connection is the token's; "no": there was no TLS, not shown
 *   oauth.client, oauth.scope, oauth.token-id   of a token that the issuer signed */
#ifndef ENDPOINT_RESOURCE_GUARD_H
#define ENDPOINT_RESOURCE_GUARD_H

#include "base/fact.h"
#include "crypto/token.h"

/* FAPI 2.0 security profile, 5.3.2.1: iat and nbf up to 10 s ahead must be taken, over 60 s must not; we take what is
 * between. */
#define GUARD_AHEAD_MAX_MS INT64_C(60000)
#define GUARD_ORGS_MAX 16
#define GUARD_SCOPES_MAX 50

extern const struct rule guard_rules[]; /* guard.… */
extern const size_t guard_rules_n;

/* Whose tokens are taken, and for whom they must be; the run has one for each server and lends it to the endpoint. */
struct guard_site {
  const struct token_keys *keys; /* of the authorization server */
  struct str issuer;
  struct str audience;                /* of this server: "https://eds.ehmi.dk" */
  struct token_seen *seen;            /* signatures that need not be checked again; may be NULL */
  const struct ehmi_profile *profile; /* severities (server_rules.h); NULL: as the rules have them */
  int64_t leeway_ms;                  /* how long after its end a token is still taken; 0 is right */
};

/* As it came. */
struct guard_request {
  struct str authorization; /* the header; empty: there is none */
  struct str query;         /* behind '?', not decoded: a token there is refused */
  struct str content_type, body;
  bool tls;              /* false: plain HTTP, nothing can be said of a certificate */
  struct str thumbprint; /* of the verified certificate of the client: SHA-256 of its DER, base64url; empty: none */
  int64_t now;
};

struct guard_org {
  struct str name, sor, gln; /* empty: not said */
};

/* What a genuine token says; empty: it does not. */
struct guard_claims {
  struct str token_id, subject, client, scope;
  struct str device_id;            /* ehmi:eer:device_id */
  struct str cvr, org_name;        /* whose system, or where an employee works */
  struct str name, cpr, priv, acr; /* of a user; priv: roles, OIO-BPP */
  int64_t issued, expires;         /* ms since 1970 */
  size_t orgs_n;                   /* ehmi:org_context: one, or a list */
  struct guard_org orgs[GUARD_ORGS_MAX];
};

struct guard_answer {
  int status;               /* 200: it may be answered; 400, 401, 403 */
  const struct rule *rule;  /* NULL with 200 */
  const struct rule *noted; /* the first that is broken and no error; NULL */
  const struct ehmi_profile *profile;
  struct str en, da;       /* its text, filled */
  struct str authenticate; /* the header WWW-Authenticate; empty with 200 */
  bool genuine;            /* the issuer signed it: claims are filled in, also where they do not suffice */
  bool bound;              /* the token was shown to be that of the certificate */
  struct guard_claims claims;
};

/* permission: what the request needs, as SMART writes it: "system/AuditEvent.c"; without "system/" or "user/" a token
 * of either kind will do ("AuditEvent.s"); NULL: any genuine token. */
void guard_check(struct guard_answer *out, struct arena *a, const struct guard_request *q,
                 const struct guard_site *site, const char *permission);

/* One end of a message, as a resource names it. */
struct guard_party {
  struct str sor, gln;
};

/* For what is registered: the organisation of the token must be one of these parties (SOR and GLN, both), and its
 * device must be device (empty: the resource names none, which does not suffice). Turns g, which must be 200, into a
 * 403. Which end it has to be hangs on the station, and no text says how: either will do. */
void guard_check_party(struct guard_answer *g, struct arena *a, const struct guard_party *parties, size_t n,
                       struct str device);
/* Does the scope hold that permission? */
bool guard_scope_has(struct str scope, const char *permission);
void guard_put_facts(const struct guard_answer *g, struct facts *f);

#endif
