#include "plan/vendor.h"

#include "base/file.h"
#include "base/hash.h"
#include "formats/yaml.h"
#include "protocol/schema.h"
#include "standards/identifier.h"

#define COUNTERPARTS_MIN 2
#define LISTEN_DEFAULT "127.0.0.1:0"

static const struct key file_keys[] = {
    {"vendor", KEY_MAP, true, NULL},
    {"system", KEY_MAP, true, NULL},
    {"claims", KEY_NODE, false, NULL},
    {"capabilities", KEY_MAP, true, NULL},
    {"organisation", KEY_MAP, true, NULL},
    {"counterparts", KEY_NODE, true, NULL},
    {"persons", KEY_NODE, true, NULL},
    {"exchange", KEY_MAP, true, NULL},
    {"tls", KEY_MAP, false, NULL},
    {"certificates", KEY_LIST, false, NULL},
    {"trigger", KEY_MAP, false, NULL},
    {"launch", KEY_MAP, false, NULL},
    {"clock", KEY_MAP, false, NULL},
    {"rest", KEY_MAP, false, NULL},
    {"ehmi", KEY_MAP, false, NULL},
    {"authorization", KEY_MAP, false, NULL},
    {"test-persons-only", KEY_BOOL, false, NULL},
    {0},
};

static const struct key vendor_keys[] = {
    {"name", KEY_TEXT, true, NULL}, {"contact", KEY_TEXT, false, NULL}, {"email", KEY_TEXT, false, NULL}, {0}};
static const struct key system_keys[] = {
    {"name", KEY_TEXT, true, NULL}, {"version", KEY_TEXT, true, NULL}, {"type", KEY_TEXT, true, NULL}, {0}};
static const struct key claim_keys[] = {{"standard", KEY_TEXT, true, NULL},
                                        {"version", KEY_TEXT, true, NULL},
                                        {"roles", KEY_LIST, true, "sender|receiver|operator"},
                                        {0}};
static const struct key organisation_keys[] = {{"gln", KEY_TEXT, true, NULL},
                                               {"sor", KEY_TEXT, true, NULL},
                                               {"name", KEY_TEXT, true, NULL},
                                               {"yder", KEY_TEXT, false, NULL},
                                               {0}};
static const struct key person_keys[] = {
    {"cpr", KEY_TEXT, true, NULL}, {"given", KEY_TEXT, true, NULL}, {"family", KEY_TEXT, true, NULL}, {0}};
static const struct key exchange_keys[] = {
    {"kind", KEY_TEXT, true, "vans-http|vans-folder|sbdh-http|sbdh-folder|upload|fhir-rest|eds|eer|eas"},
    {"envelope", KEY_TEXT, false, "vans|sbdh"},
    {"certificate", KEY_TEXT, false, NULL},
    {"key", KEY_TEXT, false, NULL},
    {"trust", KEY_TEXT, false, NULL},
    {"address", KEY_TEXT, false, NULL},
    {"listen", KEY_TEXT, false, NULL},
    {"to", KEY_TEXT, false, NULL},
    {"from", KEY_TEXT, false, NULL},
    {"form", KEY_TEXT, false, "json|xml"},
    {"shared-port", KEY_BOOL, false, NULL},
    {0}};
static const struct key tls_keys[] = {{"certificate", KEY_TEXT, true, NULL},
                                      {"key", KEY_TEXT, true, NULL},
                                      {"trust", KEY_TEXT, false, NULL},
                                      {"clients", KEY_TEXT, false, "any|asked|required"},
                                      {0}};
static const struct key trigger_keys[] = {{"kind", KEY_TEXT, true, "person|http|command"},
                                          {"url", KEY_TEXT, false, NULL},
                                          {"command", KEY_LIST, false, NULL},
                                          {0}};
static const struct key launch_keys[] = {{"command", KEY_LIST, true, NULL}, {0}};
static const struct key rest_keys[] = {{"address", KEY_TEXT, true, NULL}, {0}};
static const struct key ehmi_keys[] = {{"stations", KEY_TEXT, true, "EUA|EUA-MSH|MSH|AP-MSH|AP|EUA,MSH|EUA,AP-MSH"},
                                       {"device", KEY_TEXT, true, NULL},
                                       {0}};
static const struct key authorization_keys[] = {
    {"enrollments", KEY_LIST, true, NULL}, {"user", KEY_MAP, false, NULL}, {0}};
static const struct key user_keys[] = {{"name", KEY_TEXT, true, NULL},   {"cpr", KEY_TEXT, true, NULL},
                                       {"cvr", KEY_TEXT, false, NULL},   {"organisation", KEY_TEXT, false, NULL},
                                       {"roles", KEY_TEXT, false, NULL}, {0}};
static const struct key clock_keys[] = {{"scalable", KEY_BOOL, true, NULL}, {0}};

struct vendor_reader {
  struct keys keys;
  struct arena *arena;
  struct vendor *vendor;
  const struct node *root;
  const char *dir; /* of the file: relative folders begin there */
};

/* A checked part of the file; NULL when it is absent or wrong. */
static const struct node *part(struct vendor_reader *r, const char *name, const struct key *table) {
  const struct node *n = node_child(r->root, name);
  return n && n->kind == NODE_OBJECT && keys_check(&r->keys, n, table) ? n : NULL;
}

static void read_vendor(struct vendor_reader *r) {
  const struct node *n = part(r, "vendor", vendor_keys);
  r->vendor->name = keys_text(n, "name");
  r->vendor->contact = keys_text(n, "contact");
  r->vendor->email = keys_text(n, "email");
  facts_put(&r->vendor->variables, STR("vendor.name"), r->vendor->name);
}

static void read_system(struct vendor_reader *r) {
  const struct node *n = part(r, "system", system_keys);
  r->vendor->system = keys_text(n, "name");
  r->vendor->version = keys_text(n, "version");
  r->vendor->type = keys_text(n, "type");
}

static void put_role(void *payload, const struct node *item) {
  facts_put(payload, item->text, STR("true"));
}

static void check_list(struct vendor_reader *r, const char *name, size_t least, const struct key *table,
                       void (*fn)(struct vendor_reader *r, const struct node *item, size_t number)) {
  const struct node *n = node_child(r->root, name);
  if (!n) return;
  if (n->kind != NODE_ARRAY || n->count < least) {
    keys_complain(&r->keys, n, "\"%s\" must be a list of at least %zu", name, least);
    return;
  }
  if (n->count > VENDOR_LIST_MAX) {
    keys_complain(&r->keys, n, "\"%s\" has %zu entries; at most %d are read", name, n->count, VENDOR_LIST_MAX);
    return;
  }
  size_t number = 0;
  for (NODE_EACH(item, n)) {
    number++;
    if (keys_check(&r->keys, item, table)) fn(r, item, number);
  }
}

static void read_claim(struct vendor_reader *r, const struct node *n, size_t number) {
  struct vendor_claim claim = {.standard = keys_text(n, "standard"), .version = keys_text(n, "version")};
  (void)number;
  facts_init(&claim.roles, r->arena);
  keys_each(n, "roles", put_role, &claim.roles);
  VEC_PUSH(r->arena, &r->vendor->claims, claim);
}

static void read_capabilities(struct vendor_reader *r) {
  const struct node *n = node_child(r->root, "capabilities");
  if (!n || n->kind != NODE_OBJECT) return;
  if (n->count > VENDOR_CAPABILITIES_MAX) {
    keys_complain(&r->keys, n, "there are %zu capabilities; at most %d are read", n->count, VENDOR_CAPABILITIES_MAX);
    return;
  }
  for (NODE_EACH(c, n)) {
    if (str_eqz(c->text, "true") || str_eqz(c->text, "false"))
      facts_put(&r->vendor->capabilities, c->name, c->text);
    else
      keys_complain(&r->keys, c, "the capability \"%.*s\" must be true or false", STR_F(c->name));
  }
}

static void check_gln(struct vendor_reader *r, const struct node *n) {
  if (gln_valid(n->text)) return;
  keys_complain(&r->keys, n, "\"%.*s\" is not a GLN: 13 digits, of which the last is the check digit", STR_F(n->text));
}

/* Form only: the register knows which ids there are. */
static void check_sor(struct vendor_reader *r, const struct node *n) {
  int64_t number;
  if (!str_int(n->text, &number) || number <= 0)
    keys_complain(&r->keys, n, "\"%.*s\" is not a SOR id: digits only", STR_F(n->text));
}

/* The number by which regions pay a general practice; only practices have one. */
static void check_yder(struct vendor_reader *r, const struct node *n) {
  if (n && !yder_valid(n->text)) keys_complain(&r->keys, n, "\"%.*s\" is not a ydernummer: six digits", STR_F(n->text));
}

/* What makes variables of a part: "counterpart.gln", and "counterpart.1.gln" too. */
static void put_variable(struct vendor_reader *r, const char *what, size_t number, const char *variable,
                         struct str value) {
  if (number <= 1) facts_put(&r->vendor->variables, arena_printf(r->arena, "%s.%s", what, variable), value);
  if (number >= 1) facts_put(&r->vendor->variables, arena_printf(r->arena, "%s.%zu.%s", what, number, variable), value);
}

static void put_variables(struct vendor_reader *r, const char *what, size_t number, const struct node *n,
                          const char *key, const char *variable) {
  put_variable(r, what, number, variable, keys_text(n, key));
}

/* number 0: the system's own. */
static void put_organisation(struct vendor_reader *r, const char *what, size_t number, const struct node *n) {
  const struct node *gln = node_child(n, "gln");
  check_gln(r, gln);
  check_sor(r, node_child(n, "sor"));
  check_yder(r, node_child(n, "yder"));
  for (size_t i = 0; i < r->vendor->variables.list.n; i++) {
    const struct fact *taken = &r->vendor->variables.list.v[i];
    if (!str_ends(taken->name, STR(".gln")) || !str_eq(taken->value, gln->text)) continue;
    keys_complain(&r->keys, gln, "the GLN %.*s is that of another organisation (%.*s); each needs its own",
                  STR_F(gln->text), STR_F(taken->name));
    break;
  }
  put_variables(r, what, number, n, "gln", "gln");
  put_variables(r, what, number, n, "sor", "sor");
  put_variables(r, what, number, n, "name", "organisation");
  put_variables(r, what, number, n, "yder", "yder");
}

static void read_counterpart(struct vendor_reader *r, const struct node *n, size_t number) {
  put_organisation(r, "counterpart", number, n);
}

static void put_birth(struct vendor_reader *r, size_t number, struct str cpr) {
  char birth[CPR_BIRTH_SIZE];
  cpr_birth(cpr, birth);
  put_variable(r, "person", number, "birth-date", arena_str(r->arena, str_z(birth)));
  put_variable(r, "person", number, "gender", str_z(cpr_gender(cpr)));
}

static void read_person(struct vendor_reader *r, const struct node *n, size_t number) {
  const struct node *cpr = node_child(n, "cpr");
  if (!cpr_valid(cpr->text))
    keys_complain(&r->keys, cpr, "\"%.*s\" is not a CPR number: 10 digits, of which the first six are a date",
                  STR_F(cpr->text));
  put_variables(r, "person", number, n, "cpr", "cpr");
  put_variables(r, "person", number, n, "given", "given");
  put_variables(r, "person", number, n, "family", "family");
  if (cpr_valid(cpr->text)) put_birth(r, number, cpr->text);
}

/* "127.0.0.1:0", "[::1]:8080". */
static bool is_listen(struct str s) {
  int64_t port;
  size_t colon = s.n;
  while (colon > 0 && s.p[colon - 1] != ':') colon--;
  return colon > 1 && str_int(str_sub(s, colon, s.n), &port) && port >= 0 && port <= UINT16_MAX;
}

static void check_listen(struct vendor_reader *r, const struct node *n) {
  if (n && !is_listen(n->text))
    keys_complain(&r->keys, n, "\"listen\" must be an address and a port, such as " LISTEN_DEFAULT);
}

/* A file or folder: relative names begin at the vendor file. */
static struct str path(struct vendor_reader *r, const struct node *n, const char *key) {
  struct str name = keys_text(n, key);
  return name.n ? str_z(file_join(r->arena, r->dir, arena_z(r->arena, name))) : name;
}

static struct str or_default(struct str value, const char *otherwise) {
  return value.n ? value : str_z(otherwise);
}

static struct vendor_pem read_pem(struct vendor_reader *r, const struct node *n) {
  struct vendor_pem p = {path(r, n, "certificate"), path(r, n, "key"), path(r, n, "trust")};
  if (n && (p.certificate.n == 0) != (p.key.n == 0))
    keys_complain(&r->keys, n, "\"certificate\" and \"key\" go together");
  return p;
}

/* By hand both can come; else the way says it. */
static void read_envelope(struct vendor_reader *r, const struct node *n) {
  struct vendor *v = r->vendor;
  bool sbdh = str_starts(v->exchange, STR("sbdh-"));
  struct str said = keys_text(n, "envelope");
  v->envelope = said.n ? said : sbdh ? STR("sbdh") : STR("vans");
  if (said.n && !str_eqz(v->exchange, "upload"))
    keys_complain(&r->keys, node_child(n, "envelope"),
                  "\"envelope\" is for an exchange by upload; %.*s says it already", STR_F(v->exchange));
}

/* The text itself, not a file: it is kept with a run, and tells later whom the run has heard. */
static void add_certificate(void *payload, const struct node *item) {
  static const struct str begin = STR_INIT("-----BEGIN CERTIFICATE-----"), key = STR_INIT("PRIVATE KEY");
  struct vendor_reader *r = payload;
  if (str_find(item->text, key, 0) != SIZE_MAX)
    keys_complain(&r->keys, item, "a private key is none of ours: only the certificate goes here");
  else if (!str_starts(item->text, begin))
    keys_complain(&r->keys, item, "\"certificates\" are PEM texts that begin with %s", begin.p);
  else
    VEC_PUSH(r->arena, &r->vendor->certificates, item->text);
}

static void read_certificates(struct vendor_reader *r) {
  const struct node *n = node_child(r->root, "certificates");
  keys_each(r->root, "certificates", add_certificate, r);
  if (r->vendor->certificates.n > VENDOR_CERTIFICATES_MAX)
    keys_complain(&r->keys, n, "a system is known by at most %d certificates", VENDOR_CERTIFICATES_MAX);
}

static void read_tls(struct vendor_reader *r) {
  struct vendor *v = r->vendor;
  const struct node *n = part(r, "tls", tls_keys);
  v->tls = read_pem(r, n);
  bool known = v->certificates.n > 0, asks = v->tls.trust.n || known;
  v->clients = or_default(keys_text(n, "clients"), asks ? "asked" : "any");
  bool any = str_eqz(v->clients, "any"), enough = v->tls.trust.n || (known && str_eqz(v->clients, "asked"));
  if (n && !any && !enough)
    keys_complain(&r->keys, n, "certificates of clients need \"trust\": the authorities that they have to lead to");
  if (n && any && known)
    keys_complain(&r->keys, n, "\"certificates\" cannot be shown where \"clients\" is any: leave it out, or say asked");
}

static void read_exchange(struct vendor_reader *r) {
  struct vendor *v = r->vendor;
  const struct node *n = part(r, "exchange", exchange_keys);
  v->exchange = keys_text(n, "kind");
  v->address = keys_text(n, "address");
  v->folder_to = path(r, n, "to");
  v->folder_from = path(r, n, "from");
  v->identity = read_pem(r, n);
  v->form = or_default(keys_text(n, "form"), "json");
  v->listen = or_default(keys_text(n, "listen"), LISTEN_DEFAULT);
  v->shared_port = keys_bool(n, "shared-port");
  if (!n) return;
  check_listen(r, node_child(n, "listen"));
  read_envelope(r, n);
  if (!str_ends(v->exchange, STR("-folder"))) return;
  if (!v->folder_to.n || !v->folder_from.n)
    keys_complain(&r->keys, n,
                  "an exchange by folder needs \"to\" (we put files there) and \"from\" (we take them there)");
  else if (str_eq(v->folder_to, v->folder_from))
    keys_complain(&r->keys, n, "\"to\" and \"from\" must be two folders");
}

struct collector {
  struct arena *arena;
  VEC(struct str) list;
};

static void collect(void *payload, const struct node *item) {
  struct collector *c = payload;
  VEC_PUSH(c->arena, &c->list, item->text);
}

static struct collector words(struct vendor_reader *r, const struct node *n) {
  struct collector c = {.arena = r->arena};
  keys_each(n, "command", collect, &c);
  return c;
}

static void read_trigger(struct vendor_reader *r) {
  /* By enum vendor_trigger. */
  static const char *const kinds[] = {"person", "http", "command"};
  struct vendor *v = r->vendor;
  const struct node *n = part(r, "trigger", trigger_keys);
  struct collector c = words(r, n);
  v->trigger_url = keys_text(n, "url");
  v->trigger_command.v = c.list.v;
  v->trigger_command.n = v->trigger_command.cap = c.list.n;
  for (size_t i = 0; n && i < sizeof kinds / sizeof *kinds; i++)
    if (str_eqz(keys_text(n, "kind"), kinds[i])) v->trigger = (enum vendor_trigger)i;
  if (v->trigger == TRIGGER_HTTP && v->trigger_url.n == 0)
    keys_complain(&r->keys, n, "a trigger by HTTP needs \"url\"");
  if (v->trigger == TRIGGER_COMMAND && c.list.n == 0)
    keys_complain(&r->keys, n, "a trigger by command needs \"command\": the program and its arguments");
}

static void read_launch(struct vendor_reader *r) {
  const struct node *n = part(r, "launch", launch_keys);
  struct collector c = words(r, n);
  r->vendor->launch.v = c.list.v;
  r->vendor->launch.n = r->vendor->launch.cap = c.list.n;
  if (n && c.list.n == 0) keys_complain(&r->keys, n, "\"command\" must be the program and its arguments");
  r->vendor->clock_scalable = keys_bool(part(r, "clock", clock_keys), "scalable");
}

static void read_rest(struct vendor_reader *r) {
  const struct node *n = part(r, "rest", rest_keys);
  struct str address = keys_text(n, "address");
  bool fits = address.n == 0 || str_starts(address, STR("http://")) || str_starts(address, STR("https://")) ||
              str_starts(address, STR("${launch.address}"));
  if (n && !fits) keys_complain(&r->keys, n, "\"address\" must be a URL, such as http://127.0.0.1:8089/fhir");
  while (address.n && address.p[address.n - 1] == '/') address.n--;
  r->vendor->rest = address;
}

/* "station-eua" and the others: what a protocol asks only of who is that. */
static void put_stations(struct vendor_reader *r, struct str stations) {
  static const char *const names[][2] = {{"EUA", "station-eua"}, {"MSH", "station-msh"}, {"AP", "station-ap"}};
  for (size_t i = 0; i < sizeof names / sizeof *names && stations.n; i++) {
    bool is = str_find(stations, str_z(names[i][0]), 0) != SIZE_MAX;
    facts_put(&r->vendor->capabilities, str_z(names[i][1]), is ? STR("true") : STR("false"));
  }
}

/* Which stations of EHMI's four corners it is, and how it is registered: those that report apart have a "," between
 * them. */
static void read_ehmi(struct vendor_reader *r) {
  const struct node *n = part(r, "ehmi", ehmi_keys);
  put_stations(r, keys_text(n, "stations"));
  facts_put(&r->vendor->variables, STR("vendor.stations"), keys_text(n, "stations"));
  facts_put(&r->vendor->variables, STR("vendor.device"), keys_text(n, "device"));
}

static void add_enrollment(void *payload, const struct node *item) {
  struct vendor_reader *r = payload;
  struct vendor_enrollment one = {.text = item->text};
  if (!str_starts(str_trim(item->text), STR("{")))
    one = (struct vendor_enrollment){.file = str_z(file_join(r->arena, r->dir, arena_z(r->arena, item->text)))};
  VEC_PUSH(r->arena, &r->vendor->enrollments, one);
}

static void read_user(struct vendor_reader *r, const struct node *n) {
  const struct node *cpr = node_child(n, "cpr");
  if (!cpr_valid(cpr->text))
    keys_complain(&r->keys, cpr, "\"%.*s\" is not a CPR number: 10 digits, of which the first six are a date",
                  STR_F(cpr->text));
  for (const struct key *k = user_keys; k->name; k++)
    facts_put(&r->vendor->user, str_z(k->name), keys_text(n, k->name));
}

static void read_authorization(struct vendor_reader *r) {
  const struct node *n = part(r, "authorization", authorization_keys), *user = node_child(n, "user");
  keys_each(n, "enrollments", add_enrollment, r);
  if (user && user->kind == NODE_OBJECT && keys_check(&r->keys, user, user_keys)) read_user(r, user);
}

static void read_root(struct vendor_reader *r) {
  if (!keys_check(&r->keys, r->root, file_keys) && r->root->kind != NODE_OBJECT) return;
  read_vendor(r);
  read_system(r);
  check_list(r, "claims", 0, claim_keys, read_claim);
  read_capabilities(r);
  const struct node *own = part(r, "organisation", organisation_keys);
  if (own) put_organisation(r, "vendor", 0, own);
  check_list(r, "counterparts", COUNTERPARTS_MIN, organisation_keys, read_counterpart);
  check_list(r, "persons", 1, person_keys, read_person);
  read_exchange(r);
  read_certificates(r);
  read_tls(r);
  read_trigger(r);
  read_launch(r);
  read_rest(r);
  read_ehmi(r);
  read_authorization(r);
  r->vendor->test_persons_only = keys_bool(r->root, "test-persons-only");
}

int vendor_read(struct vendor **out, struct arena *a, struct source src, struct error *e) {
  struct vendor *v = ARENA_NEW(a, struct vendor);
  struct findings f;
  struct node *root;
  char digest[SHA256_HEX + 1];
  findings_init(&f, a);
  facts_init(&v->capabilities, a);
  facts_init(&v->variables, a);
  facts_init(&v->user, a);
  v->source = src;
  sha256_hex(digest, src.bytes);
  v->digest = arena_str(a, str_z(digest));
  if (yaml_read(&root, a, src, &f) == 0) {
    struct vendor_reader r = {.keys = {a, src.name, &f}, .arena = a, .vendor = v, .root = root};
    r.dir = file_dir(a, arena_z(a, src.name));
    read_root(&r);
  }
  if (findings_error(&f, e) != 0) return -1;
  *out = v;
  return 0;
}

int vendor_load(struct vendor **out, struct arena *a, const char *path, struct error *e) {
  struct source src = {.name = arena_str(a, str_z(path))};
  if (file_read(&src.bytes, a, path, VENDOR_BYTES_MAX, e) != 0) return -1;
  return vendor_read(out, a, src, e);
}

static int clash(const struct vendor *a, const struct vendor *b, const char *what, struct str value, struct error *e) {
  return error_set(e, ERR_CONFIG, "%.*s and %.*s both have the %s %.*s; give each its own", STR_F(a->source.name),
                   STR_F(b->source.name), what, STR_F(value));
}

static bool is_fixed(struct str listen) {
  return !str_ends(listen, STR(":0"));
}

int vendor_check_distinct(const struct vendor *a, const struct vendor *b, struct error *e) {
  struct str gln = facts_get(&a->variables, "vendor.gln");
  const struct str own[] = {a->folder_to, a->folder_from}, theirs[] = {b->folder_to, b->folder_from};
  if (str_eq(gln, facts_get(&b->variables, "vendor.gln"))) return clash(a, b, "GLN", gln, e);
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 2; j++)
      if (own[i].n && str_eq(own[i], theirs[j])) return clash(a, b, "folder", own[i], e);
  if (is_fixed(a->listen) && str_eq(a->listen, b->listen)) return clash(a, b, "listen address", a->listen, e);
  return 0;
}

/* ---- the schema ---- */

void vendor_schema(struct buf *out) {
  static const struct schema_part authorization_parts[] = {{.key = "user", .table = user_keys}, {0}};
  static const struct schema_part parts[] = {
      {.key = "vendor", .table = vendor_keys},
      {.key = "system", .table = system_keys},
      {.key = "claims", .shape = SCHEMA_LIST, .table = claim_keys},
      {.key = "organisation", .table = organisation_keys},
      {.key = "counterparts", .shape = SCHEMA_LIST, .table = organisation_keys},
      {.key = "persons", .shape = SCHEMA_LIST, .table = person_keys},
      {.key = "exchange", .table = exchange_keys},
      {.key = "tls", .table = tls_keys},
      {.key = "trigger", .table = trigger_keys},
      {.key = "launch", .table = launch_keys},
      {.key = "clock", .table = clock_keys},
      {.key = "rest", .table = rest_keys},
      {.key = "ehmi", .table = ehmi_keys},
      {.key = "authorization", .table = authorization_keys, .parts = authorization_parts},
      {0}};
  struct json_writer w;
  json_writer_init(&w, out, 2);
  schema_begin(&w, "testcamp vendor file");
  schema_put_members(&w, file_keys, parts);
  schema_end(&w);
}
