/* Scopes: which service, which permissions, for which organisation; and whether the client is allowed them. */
#include "endpoint/oauth_int.h"

const struct oauth_service oauth_services[] = {
    {"EDS", "https://eds.ehmi.dk", true}, {"EAS", "https://eas.ehmi.dk", false}, {"EER", "https://eer.ehmi.dk", false}};
const size_t oauth_services_n = sizeof oauth_services / sizeof *oauth_services;

const struct oauth_service *oauth_service_find(struct str name) {
  for (size_t i = 0; i < oauth_services_n; i++)
    if (str_eqz(name, oauth_services[i].name)) return &oauth_services[i];
  return NULL;
}

bool oauth_scope_holds(struct str scope, struct str word) {
  while (scope.n)
    if (str_eq(str_cut(&scope, ' '), word)) return true;
  return false;
}

/* What stands in a scope, before it is judged. */
struct words {
  const struct oauth_service *service;
  size_t services, permissions, sors, glns;
  struct str sor, gln;
  bool openid;
};

static bool has_prefix(struct str word, const char *prefix, struct str *rest) {
  struct str p = str_z(prefix);
  if (!str_starts(word, p)) return false;
  *rest = str_sub(word, p.n, word.n);
  return true;
}

static int sort_word(struct oauth_exchange *x, struct words *w, struct str word, const char *context) {
  struct str rest;
  const struct oauth_service *service = oauth_service_find(word);
  if (has_prefix(word, "SOR:", &w->sor)) return w->sors++, 0;
  if (has_prefix(word, "GLN:", &w->gln)) return w->glns++, 0;
  if (!oauth_scope_holds(x->client->scope, word)) return OAUTH_REFUSE(x, OAUTH_R_SCOPE, x->client->client_id, word);
  if (service) {
    w->service = service;
    w->services++;
  }
  if (str_eqz(word, OAUTH_OPENID)) w->openid = true;
  if (has_prefix(word, context, &rest) && str_starts(rest, STR("/"))) w->permissions++;
  /* A permission of the other kind is another client's. */
  else if (str_index(word, '/') != SIZE_MAX)
    return OAUTH_REFUSE(x, OAUTH_R_SCOPE, x->client->client_id, word);
  return 0;
}

static const struct guard_org *org_of(const struct oauth_client *c, struct str sor, struct str gln) {
  for (size_t i = 0; i < c->orgs_n; i++)
    if (str_eq(c->orgs[i].sor, sor) && str_eq(c->orgs[i].gln, gln)) return &c->orgs[i];
  return NULL;
}

static int check_org(struct oauth_exchange *x, const struct words *w, struct str text, struct oauth_scope *out) {
  if (!w->sors && !w->glns) return 0;
  if (!w->service->registers) return OAUTH_REFUSE(x, OAUTH_R_ORG_SERVICE, text, str_z(w->service->name));
  if (!w->sors || !w->glns) return OAUTH_REFUSE(x, OAUTH_R_ORG_HALF, text);
  if (w->sors > 1 || w->glns > 1) return OAUTH_REFUSE(x, OAUTH_R_ORG_SEVERAL, text);
  out->org = org_of(x->client, w->sor, w->gln);
  return out->org ? 0 : OAUTH_REFUSE(x, OAUTH_R_ORG, x->client->client_id, w->sor, w->gln);
}

int oauth_scope_check(struct oauth_exchange *x, struct str text, enum oauth_grant grant, struct oauth_scope *out) {
  const char *context = grant == OAUTH_CLIENT_CREDENTIALS ? "system" : "user";
  struct words w = {0};
  struct str rest = text;
  *out = (struct oauth_scope){.text = text};
  while (rest.n) {
    struct str word = str_cut(&rest, ' ');
    if (word.n && sort_word(x, &w, word, context)) return -1;
  }
  if (w.services != 1) return OAUTH_REFUSE(x, OAUTH_R_SERVICE, text);
  if (!w.permissions) return OAUTH_REFUSE(x, OAUTH_R_PERMISSION, text, str_z(context));
  if (check_org(x, &w, text, out)) return -1;
  out->service = w.service;
  out->openid = w.openid;
  return 0;
}

/* The first permission loses its first letter, of "crs" the right to create, or, where that is its only one, itself. */
struct str oauth_scope_reduced(struct arena *a, struct str scope) {
  struct buf b;
  bool done = false;
  buf_init(&b, scope.n + 1);
  while (scope.n) {
    struct str word = str_cut(&scope, ' ');
    size_t dot = str_index(word, '.');
    bool permission = !done && str_index(word, '/') != SIZE_MAX && dot != SIZE_MAX;
    if (permission)
      word = word.n - dot > 2 ? arena_printf(a, "%.*s.%.*s", (int)dot, word.p, STR_F(str_sub(word, dot + 2, word.n)))
                              : (struct str){0};
    done = done || permission;
    if (b.n && word.n) buf_byte(&b, ' ');
    buf_add(&b, word);
  }
  return buf_take(&b, a);
}
