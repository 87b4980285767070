/* What a client sends: the form in the body, and who it shows itself to be. */
#include "crypto/certificate.h"
#include "endpoint/oauth_int.h"

/* Ways to authenticate that FAPI knows and EHMI has ruled out, or that nobody should use. */
static const char *const secrets[] = {"client_secret", "client_assertion", "client_assertion_type"};

struct str oauth_form_value(const struct oauth_exchange *x, const char *name) {
  const struct str *v = form_get(&x->form, name);
  return v ? *v : (struct str){0};
}

static struct str digits(struct arena *a, size_t n) {
  return arena_printf(a, "%zu", n);
}

int oauth_form_read(struct oauth_exchange *x) {
  const struct oauth_request *q = x->q;
  if (q->query.n && OAUTH_REFUSE(x, OAUTH_R_QUERY, {0})) return -1;
  if (!form_is(q->content_type)) return OAUTH_REFUSE(x, OAUTH_R_CONTENT_TYPE, q->content_type);
  if (q->size > FORM_MAX) return OAUTH_REFUSE(x, OAUTH_R_BODY_SIZE, digits(x->a, q->size), digits(x->a, FORM_MAX));
  form_read(&x->form, x->a, q->body);
  if (x->form.full)
    return OAUTH_REFUSE(x, OAUTH_R_BODY_SIZE, digits(x->a, FORM_PAIRS_MAX + 1), digits(x->a, FORM_PAIRS_MAX));
  if (x->form.broken) return OAUTH_REFUSE(x, OAUTH_R_FORM, x->form.broken_at);
  x->out->client = oauth_form_value(x, "client_id");
  x->out->scope = oauth_form_value(x, "scope");
  return 0;
}

static bool is_wanted(const struct oauth_parameter *wanted, struct str name) {
  for (; wanted->name; wanted++)
    if (str_eqz(name, wanted->name)) return true;
  return false;
}

/* RFC 6749, 3.2: a server ignores what it does not know, so that it is answered; but EHMI says just what the body is.
 */
static int check_others(struct oauth_exchange *x, const struct oauth_parameter *wanted) {
  for (size_t i = 0; i < x->form.pairs.n; i++) {
    struct str name = x->form.pairs.v[i].name;
    if (form_count(&x->form, name) > 1) return OAUTH_REFUSE(x, OAUTH_R_REPEATED, name);
    for (size_t k = 0; k < sizeof secrets / sizeof *secrets; k++)
      if (str_eqz(name, secrets[k]) && OAUTH_REFUSE(x, OAUTH_R_SECRET, name)) return -1;
    if (!is_wanted(wanted, name) && OAUTH_REFUSE(x, OAUTH_R_EXTRA, name)) return -1;
  }
  if (x->q->authorization.n) return OAUTH_REFUSE(x, OAUTH_R_SECRET, STR("the header Authorization"));
  return 0;
}

int oauth_form_check(struct oauth_exchange *x, const struct oauth_parameter *wanted) {
  if (check_others(x, wanted)) return -1;
  for (; wanted->name; wanted++)
    if (!wanted->optional && !oauth_form_value(x, wanted->name).n)
      return OAUTH_REFUSE(x, OAUTH_R_MISSING, str_z(wanted->name));
  return 0;
}

static const struct oauth_client *client_named(const struct oauth_setup *s, struct str id) {
  for (size_t i = 0; i < s->clients_n; i++)
    if (id.n && str_eq(s->clients[i].client_id, id)) return &s->clients[i];
  return NULL;
}

/* Who was told of no alias cannot use one. */
static bool was_without_alias(const struct oauth_exchange *x) {
  for (size_t i = 0; i < x->site->events_n; i++)
    if (x->site->events[i].no_alias) return true;
  return false;
}

int oauth_authenticate(struct oauth_exchange *x) {
  const struct oauth_request *q = x->q;
  struct str id = oauth_form_value(x, "client_id");
  if (!x->out->alias && !was_without_alias(x) && OAUTH_REFUSE(x, OAUTH_R_ALIAS, q->path)) return -1;
  if (!id.n) return OAUTH_REFUSE(x, OAUTH_R_MISSING, STR("client_id"));
  x->client = client_named(x->site->setup, id);
  if (!x->client) return OAUTH_REFUSE(x, OAUTH_R_CLIENT, id);
  if (!q->tls) return 0;
  if (!q->thumbprint.n) return OAUTH_REFUSE(x, OAUTH_R_NO_CERTIFICATE, {0});
  if (!q->verified) return OAUTH_REFUSE(x, OAUTH_R_UNTRUSTED, q->subject);
  if (!certificate_subject_same(q->subject, x->client->subject_dn)) {
    /* Where the profile makes that less than an error the token is given, and is bound to nobody registered. */
    return OAUTH_REFUSE(x, OAUTH_R_SUBJECT, q->subject, id, x->client->subject_dn) ? -1 : 0;
  }
  x->out->bound = true;
  return 0;
}

/* --- what is kept --- */

const char *const oauth_secrets[] = {
    "code",         "code_verifier", "refresh_token", "client_secret", "client_assertion",
    "access_token", "subject_token", "password",      "request_uri",   NULL};
