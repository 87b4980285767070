/* An enrollment: what a client is registered with, as a JSON object. One row a member. */
#include "base/uuid.h"
#include "crypto/certificate.h"
#include "endpoint/oauth_int.h"
#include "formats/json.h"

struct reader {
  struct arena *a;
  struct str name;
  struct findings *f;
  struct oauth_client *out;
  bool failed;
};

static void wrong(struct reader *r, const struct node *at, enum oauth_rule rule, const struct said args[3]) {
  findings_add_said(r->f, &oauth_rules[rule], node_place(r->a, r->name, at), 3, args);
  if (oauth_rules[rule].severity == SEV_ERROR) r->failed = true;
}

#define WRONG(r, at, rule, ...) wrong((r), (at), (rule), (struct said[3]){__VA_ARGS__})

static struct said number(struct reader *r, size_t n) {
  return said_same(arena_printf(r->a, "%zu", n));
}

/* --- members --- */

static void read_method(struct reader *r, const struct node *n) {
  if (!str_eqz(n->text, "tls_client_auth")) WRONG(r, n, ENROLLMENT_R_METHOD, said_same(n->text));
}

static void read_id(struct reader *r, const struct node *n) {
  r->out->client_id = n->text;
}

static void read_name(struct reader *r, const struct node *n) {
  r->out->client_name = n->text;
}

static void read_dn(struct reader *r, const struct node *n) {
  r->out->subject_dn = n->text;
  if (!certificate_subject_same(n->text, n->text)) WRONG(r, n, ENROLLMENT_R_DN, said_same(n->text));
}

static void read_device(struct reader *r, const struct node *n) {
  r->out->device_id = n->text;
}

/* "system/AuditEvent.crs" and the like. */
static bool is_permission(struct str word) {
  size_t dot = str_index(word, '.');
  bool context = str_starts(word, STR("system/")) || str_starts(word, STR("user/"));
  for (size_t i = 0; i < word.n; i++)
    if (!ascii_is_alnum(word.p[i]) && !strchr("/.", word.p[i] ? word.p[i] : ' ')) return false;
  return context && dot != SIZE_MAX && dot + 1 < word.n;
}

static void read_scope(struct reader *r, const struct node *n) {
  struct str rest = n->text;
  r->out->scope = n->text;
  while (rest.n) {
    struct str word = str_cut(&rest, ' ');
    bool known = !word.n || oauth_service_find(word) || str_eqz(word, OAUTH_OPENID) || is_permission(word);
    /* Organisations stand in ehmi:org_context; written here as well, they do no harm. */
    known = known || str_starts(word, STR("SOR:")) || str_starts(word, STR("GLN:"));
    if (!known) WRONG(r, n, ENROLLMENT_R_SCOPE, said_same(word));
  }
}

static void read_grant(struct reader *r, const struct node *n) {
  for (size_t g = 0; g < OAUTH_GRANTS_N; g++) {
    if (!str_eqz(n->text, oauth_grant_names[g])) continue;
    r->out->grants[g] = true;
    return;
  }
  WRONG(r, n, ENROLLMENT_R_GRANT, said_same(n->text));
}

static void read_redirect(struct reader *r, const struct node *n) {
  if (!oauth_redirect_valid(n->text))
    WRONG(r, n, ENROLLMENT_R_REDIRECT, said_same(n->text));
  else
    r->out->redirect_uris[r->out->redirect_uris_n++] = n->text;
}

static void read_contact(struct reader *r, const struct node *n) {
  (void)r, (void)n;
}

static bool is_number(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

static void read_org(struct reader *r, const struct node *n) {
  struct guard_org org = {
      .name = node_text_at(n, "name"), .sor = node_text_at(n, "sor"), .gln = node_text_at(n, "gln")};
  if (is_number(org.sor) && is_number(org.gln))
    r->out->orgs[r->out->orgs_n++] = org;
  else
    WRONG(r, n, ENROLLMENT_R_ORG, {{0}, {0}});
}

static const struct member {
  const char *name;
  enum node_kind kind; /* of the member, or of each in a list */
  size_t list_max;     /* 0: no list */
  bool needed;
  void (*read)(struct reader *r, const struct node *n);
} members[] = {
    {"token_endpoint_auth_method", NODE_STRING, 0, true, read_method},
    {"client_id", NODE_STRING, 0, false, read_id},
    {"client_name", NODE_STRING, 0, true, read_name},
    {"tls_client_auth_subject_dn", NODE_STRING, 0, true, read_dn},
    {"scope", NODE_STRING, 0, true, read_scope},
    {"ehmi:eer:device_id", NODE_STRING, 0, false, read_device},
    {"grant_types", NODE_STRING, OAUTH_GRANTS_N, true, read_grant},
    {"contacts", NODE_STRING, 20, false, read_contact},
    {"redirect_uris", NODE_STRING, OAUTH_REDIRECTS_MAX, false, read_redirect},
    {"ehmi:org_context", NODE_OBJECT, GUARD_ORGS_MAX, false, read_org},
};

static const struct said kind_text[2] = {{STR_INIT("a text that is not empty"), STR_INIT("en tekst, der ikke er tom")},
                                         {STR_INIT("a list of objects"), STR_INIT("en liste af objekter")}};
static const struct said list_text = {STR_INIT("a list of texts that are not empty"),
                                      STR_INIT("en liste af tekster, der ikke er tomme")};

static bool fits(const struct member *m, const struct node *n) {
  return n->kind == m->kind && (n->kind != NODE_STRING || n->text.n > 0);
}

static void read_list(struct reader *r, const struct member *m, const struct node *n) {
  const struct said *what = m->kind == NODE_STRING ? &list_text : &kind_text[1];
  struct said name = said_same(str_z(m->name));
  if (n->kind != NODE_ARRAY) {
    WRONG(r, n, ENROLLMENT_R_KIND, name, *what);
    return;
  }
  if (n->count > m->list_max) {
    WRONG(r, n, ENROLLMENT_R_MANY, name, number(r, n->count), number(r, m->list_max));
    return;
  }
  for (NODE_EACH(c, n)) {
    if (fits(m, c))
      m->read(r, c);
    else
      WRONG(r, c, ENROLLMENT_R_KIND, name, *what);
  }
}

static void read_member(struct reader *r, const struct member *m, const struct node *n) {
  if (m->list_max)
    read_list(r, m, n);
  else if (fits(m, n))
    m->read(r, n);
  else
    WRONG(r, n, ENROLLMENT_R_KIND, said_same(str_z(m->name)), kind_text[0]);
}

static const struct member *member_named(struct str name) {
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    if (str_eqz(name, members[i].name)) return &members[i];
  return NULL;
}

static void read_members(struct reader *r, const struct node *root) {
  for (NODE_EACH(n, root)) {
    const struct member *m = member_named(n->name);
    if (m)
      read_member(r, m, n);
    else
      WRONG(r, n, ENROLLMENT_R_UNKNOWN, said_same(n->name));
  }
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    if (members[i].needed && !node_child(root, members[i].name))
      WRONG(r, root, ENROLLMENT_R_MISSING, said_same(str_z(members[i].name)));
}

static const struct node *read_root(struct reader *r, struct source src) {
  struct findings own;
  struct node *root = NULL, whole = {.line = 1, .col = 1};
  findings_init(&own, r->a);
  if (src.bytes.n > ENROLLMENT_MAX) {
    WRONG(r, &whole, ENROLLMENT_R_SIZE, number(r, src.bytes.n), number(r, ENROLLMENT_MAX));
    return NULL;
  }
  bool read = json_read(&root, r->a, src, &own) == 0 && findings_worst(&own) < (int)SEV_ERROR;
  if (read && root->kind == NODE_OBJECT) return root;
  if (own.list.n) {
    const struct finding *why = &own.list.v[0];
    whole.line = why->where.line;
    whole.col = why->where.col;
    WRONG(r, &whole, ENROLLMENT_R_FORM, {why->en, why->da});
  } else {
    WRONG(r, &whole, ENROLLMENT_R_FORM, {STR("it is something else"), STR("det er noget andet")});
  }
  return NULL;
}

int oauth_enrollment_read(struct oauth_client *out, struct arena *a, struct source src, struct findings *f) {
  struct reader r = {.a = a, .name = src.name, .f = f, .out = out};
  *out = (struct oauth_client){0};
  const struct node *root = read_root(&r, src);
  if (!root) return -1;
  read_members(&r, root);
  if (out->grants[OAUTH_CODE] && !out->redirect_uris_n && !node_child(root, "redirect_uris"))
    WRONG(&r, root, ENROLLMENT_R_REDIRECT_NEEDED, {{0}, {0}});
  if (!out->client_id.n) out->client_id = uuid_derive(a, STR("client"), 1, &out->client_name);
  return r.failed ? -1 : 0;
}
