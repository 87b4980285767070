#include "endpoint/resource_guard.h"

#include "base/base64.h"
#include "base/clock.h"
#include "endpoint/form.h"
#include "endpoint/guard_int.h"
#include "endpoint/server_rules.h"

/* A description in a header is no place for long texts. */
#define DESCRIPTION_MAX 300

struct guard {
  struct guard_answer *out;
  struct arena *a;
  const struct guard_request *q;
  const struct guard_site *site;
};

/* --- refusing --- */

/* RFC 6750, 3: what may stand in error_description, and in a quoted string. */
static void put_quoted(struct buf *b, struct str s) {
  for (size_t i = 0; i < s.n && i < DESCRIPTION_MAX; i++) {
    char c = s.p[i];
    bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    buf_byte(b, plain ? c : '\'');
  }
}

static struct str authenticate_text(struct arena *a, const char *error, struct str description, struct str scope) {
  struct buf b;
  buf_init(&b, (size_t)4 << 10);
  buf_addz(&b, "Bearer realm=\"testcamp\"");
  if (error) {
    buf_printf(&b, ", error=\"%s\", error_description=\"", error);
    put_quoted(&b, description);
    buf_byte(&b, '"');
  }
  if (scope.n) {
    buf_addz(&b, ", scope=\"");
    put_quoted(&b, scope);
    buf_byte(&b, '"');
  }
  return buf_take(&b, a);
}

static void refuse_as(struct guard_answer *out, struct arena *a, const struct guard_row *row, const struct finding *why,
                      struct str scope) {
  out->status = row->status;
  out->en = why->en;
  out->da = why->da;
  out->authenticate = authenticate_text(a, row->error, why->en, scope);
}

/* -1; or 0, where the rule is no error by the profile. */
static int refuse(struct guard_answer *out, struct arena *a, enum guard_rule r, const struct str args[3]) {
  struct findings f;
  enum server_verdict verdict = server_verdict(out->profile, &guard_rules[r]);
  if (verdict == SERVER_NOTES && !out->noted) out->noted = &guard_rules[r];
  if (verdict != SERVER_REFUSES) return 0;
  findings_init(&f, a);
  findings_add(&f, &guard_rules[r], (struct place){0}, 3, args);
  out->rule = &guard_rules[r];
  refuse_as(out, a, &guard_rows[r], &f.list.v[0], r == GUARD_SCOPE ? args[0] : (struct str){0});
  return -1;
}

#define REFUSE(g, r, ...) refuse((g)->out, (g)->a, (r), (struct str[3]){__VA_ARGS__})

/* --- where the token stands --- */

/* RFC 6750, 2.1: b64token. */
static bool is_token(struct str s) {
  size_t n = s.n;
  while (n && s.p[n - 1] == '=') n--;
  for (size_t i = 0; i < n; i++)
    if (!ascii_is_alnum(s.p[i]) && (!s.p[i] || !strchr("-._~+/", s.p[i]))) return false;
  return n > 0;
}

static int find_token(struct guard *g, struct str *token) {
  const struct guard_request *q = g->q;
  if (form_mentions(g->a, q->query, "access_token")) return REFUSE(g, GUARD_QUERY, {0});
  if (form_is(q->content_type) && form_mentions(g->a, q->body, "access_token")) return REFUSE(g, GUARD_BODY, {0});
  struct str rest = str_trim(q->authorization), scheme = str_cut(&rest, ' ');
  if (!scheme.n) return REFUSE(g, GUARD_MISSING, {0});
  if (!str_eq_nocase(scheme, STR("Bearer"))) return REFUSE(g, GUARD_SCHEME, scheme);
  *token = str_trim(rest);
  return is_token(*token) ? 0 : REFUSE(g, GUARD_FORM, {0});
}

static const struct rule *token_rule(struct str id) {
  for (size_t i = 0; i < token_rules_n; i++)
    if (str_eqz(id, token_rules[i].id)) return &token_rules[i];
  BUG("a token was refused by \"%.*s\", which is no rule of tokens", STR_F(id));
}

static int verify(struct guard *g, struct token *t, struct str compact) {
  static const struct guard_row row = {401, "invalid_token"};
  struct findings f;
  findings_init(&f, g->a);
  if (token_verify_seen(t, g->a, compact, g->site->keys, g->site->seen, &f) == 0) return 0;
  g->out->rule = token_rule(f.list.v[0].rule);
  refuse_as(g->out, g->a, &row, &f.list.v[0], (struct str){0});
  return -1;
}

/* --- what it claims --- */

static bool is_for(const struct node *aud, struct str us) {
  if (!aud || !us.n) return false;
  if (aud->kind == NODE_STRING) return str_eq(aud->text, us);
  for (NODE_EACH(c, aud))
    if (c->kind == NODE_STRING && str_eq(c->text, us)) return true;
  return false;
}

static struct str aud_text(struct arena *a, const struct node *aud) {
  struct buf b;
  buf_init(&b, TOKEN_MAX);
  if (aud) buf_add(&b, aud->text);
  for (NODE_EACH(c, aud)) buf_printf(&b, "%s%.*s", b.n ? " " : "", STR_F(c->text));
  return buf_take(&b, a);
}

static int check_parties(struct guard *g, const struct node *claims) {
  struct str iss = node_text_at(claims, "iss");
  const struct node *aud = node_child(claims, "aud");
  if (!iss.n || !str_eq(iss, g->site->issuer)) return REFUSE(g, GUARD_ISSUER, iss, g->site->issuer);
  return is_for(aud, g->site->audience) ? 0 : REFUSE(g, GUARD_AUDIENCE, aud_text(g->a, aud), g->site->audience);
}

static int check_ahead(struct guard *g, const struct node *claims, const char *name, int64_t *ms) {
  *ms = 0;
  if (!node_child(claims, name)) return 0;
  if (!token_time(claims, name, ms)) return REFUSE(g, GUARD_TIME, str_z(name));
  if (*ms <= g->q->now + GUARD_AHEAD_MAX_MS) return 0;
  return REFUSE(g, GUARD_NOT_YET, str_z(name), time_utc(g->a, *ms), time_utc(g->a, g->q->now));
}

static int check_times(struct guard *g, const struct node *claims, struct guard_claims *c) {
  int64_t not_before;
  if (!node_child(claims, "exp")) return REFUSE(g, GUARD_EXPIRY_MISSING, {0});
  if (!token_time(claims, "exp", &c->expires)) return REFUSE(g, GUARD_TIME, STR("exp"));
  if (g->q->now >= c->expires + g->site->leeway_ms)
    return REFUSE(g, GUARD_EXPIRED, time_utc(g->a, c->expires), time_utc(g->a, g->q->now));
  return check_ahead(g, claims, "nbf", &not_before) || check_ahead(g, claims, "iat", &c->issued) ? -1 : 0;
}

/* RFC 8705 writes base64url; the example of EHMI's own architecture has plain base64, so that this, too, is taken. */
static struct str digest_of(struct arena *a, struct str text) {
  struct str bytes;
  size_t bad;
  if (base64url_read(&bytes, a, text) || base64_decode(&bytes, a, text, &bad) == 0) return bytes;
  return (struct str){0};
}

static int check_binding(struct guard *g, const struct node *claims) {
  struct str bound = node_text_at(node_child(claims, "cnf"), "x5t#S256"), shown = g->q->thumbprint;
  if (!g->q->tls) return 0;
  if (!bound.n) return REFUSE(g, GUARD_UNBOUND, {0});
  if (!shown.n) return REFUSE(g, GUARD_NO_CERTIFICATE, {0});
  struct str digest = digest_of(g->a, bound);
  if (!digest.n || !str_eq(digest, digest_of(g->a, shown))) return REFUSE(g, GUARD_CERTIFICATE, shown, bound);
  g->out->bound = true;
  return 0;
}

/* --- what it says of its bearer --- */

static struct str priv_text(struct arena *a, const struct node *priv) {
  struct buf b;
  buf_init(&b, TOKEN_MAX);
  if (priv) buf_add(&b, priv->text);
  for (NODE_EACH(c, priv)) buf_printf(&b, "%s%.*s", b.n ? " " : "", STR_F(c->text));
  return buf_take(&b, a);
}

static void add_org(struct guard_claims *c, const struct node *n) {
  if (n->kind != NODE_OBJECT || c->orgs_n == GUARD_ORGS_MAX) return;
  c->orgs[c->orgs_n++] =
      (struct guard_org){.name = node_text_at(n, "name"), .sor = node_text_at(n, "sor"), .gln = node_text_at(n, "gln")};
}

static void read_claims(struct guard *g, const struct node *n, struct guard_claims *c) {
  const struct node *orgs = node_child(n, "ehmi:org_context");
  struct str client = node_text_at(n, "client_id");
  c->token_id = node_text_at(n, "jti");
  c->subject = node_text_at(n, "sub");
  c->client = client.n ? client : node_text_at(n, "azp");
  c->scope = node_text_at(n, "scope");
  c->device_id = node_text_at(n, "ehmi:eer:device_id");
  c->cvr = node_text_at(n, "cvr");
  c->org_name = node_text_at(n, "org_name");
  c->name = node_text_at(n, "name");
  c->cpr = node_text_at(n, "cpr");
  c->acr = node_text_at(n, "acr");
  c->priv = priv_text(g->a, node_child(n, "priv"));
  if (orgs && orgs->kind == NODE_OBJECT) add_org(c, orgs);
  if (orgs && orgs->kind == NODE_ARRAY)
    for (NODE_EACH(one, orgs)) add_org(c, one);
}

void guard_check(struct guard_answer *out, struct arena *a, const struct guard_request *q,
                 const struct guard_site *site, const char *permission) {
  struct guard g = {out, a, q, site};
  struct str compact;
  struct token t;
  *out = (struct guard_answer){.status = 200, .profile = site->profile};
  if (find_token(&g, &compact) || verify(&g, &t, compact)) return;
  struct guard_claims *c = &out->claims;
  out->genuine = true;
  read_claims(&g, t.claims, c);
  if (check_parties(&g, t.claims) || check_times(&g, t.claims, c) || check_binding(&g, t.claims)) return;
  if (permission && !guard_scope_has(c->scope, permission)) (void)REFUSE(&g, GUARD_SCOPE, str_z(permission), c->scope);
}

/* --- whom it speaks for --- */

/* GLNs are written with the scheme of Peppol, or without. */
static struct str bare_gln(struct str gln) {
  return str_starts(gln, STR("0088:")) ? str_sub(gln, 5, gln.n) : gln;
}

static bool is_party(const struct guard_org *org, const struct guard_party *p) {
  return org->sor.n && org->gln.n && str_eq(org->sor, p->sor) && str_eq(bare_gln(org->gln), bare_gln(p->gln));
}

static bool is_one_of(const struct guard_claims *c, const struct guard_party *parties, size_t n) {
  for (size_t i = 0; i < c->orgs_n; i++)
    for (size_t k = 0; k < n; k++)
      if (is_party(&c->orgs[i], &parties[k])) return true;
  return false;
}

void guard_check_party(struct guard_answer *g, struct arena *a, const struct guard_party *parties, size_t n,
                       struct str device) {
  const struct guard_claims *c = &g->claims;
  if (g->status != 200) BUG("a request that is refused already is looked at further");
  if (!c->orgs_n && refuse(g, a, GUARD_ORG_MISSING, (struct str[3]){{0}})) return;
  if (c->orgs_n && !is_one_of(c, parties, n) &&
      refuse(g, a, GUARD_ORG, (struct str[3]){c->orgs[0].sor, c->orgs[0].gln}))
    return;
  if (!device.n || !str_eq(c->device_id, device))
    (void)refuse(g, a, GUARD_DEVICE, (struct str[3]){c->device_id, device});
}

void guard_put_facts(const struct guard_answer *g, struct facts *f) {
  const struct guard_claims *c = &g->claims;
  if (g->status != 200) {
    facts_put(f, STR("guard.status"), arena_printf(f->arena, "%d", g->status));
    facts_put(f, STR("guard.rule"), str_z(g->rule->id));
    facts_put(f, STR("guard.issue"), g->en);
    facts_put(f, STR("guard.issue.da"), g->da);
  }
  if (g->noted) facts_put(f, STR("guard.noted"), str_z(g->noted->id));
  if (!g->genuine) return;
  facts_put(f, STR("guard.bound"), g->bound ? STR("yes") : STR("no"));
  facts_put(f, STR("oauth.client"), c->client);
  facts_put(f, STR("oauth.scope"), c->scope);
  facts_put(f, STR("oauth.token-id"), c->token_id);
}
