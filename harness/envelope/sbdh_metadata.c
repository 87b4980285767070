#include "base/base64.h"
#include "base/hash.h"
#include "envelope/sbdh_int.h"
#include "formats/json.h"
#include "formats/sniff.h"
#include "formats/xml.h"

#define CPR_OID "urn:oid:1.2.208.176.1.2"
#define SOR_OID "urn:oid:1.2.208.176.1.1"
/* The replacement numbers are below this one. */
#define REPLACEMENT_OIDS "urn:oid:1.2.208.176.1.6."
#define URN_UUID "urn:uuid:"
/* Contained resources, identifiers and authors behind these are not looked at. */
#define ITEMS_MAX 50
#define SHA1_BYTES 20
#define DIGEST_TEXT_MAX ((size_t)64)

/* The DocumentReference in the scope, as JSON or XML: this room knows no FHIR, so both trees are read as they are. */
struct metadata {
  const struct tree_check *c;
  const struct envelope *env;
  const struct node *at; /* where findings go: the scope's InstanceIdentifier */
  const struct node *root;
};

/* Item i of what a parent has under that name: of the list in JSON, of the equal names in XML. */
static const struct node *item(const struct node *parent, const char *name, size_t i) {
  const struct node *n = node_child(parent, name);
  bool list = n && n->kind == NODE_ARRAY;
  if (list) n = n->first;
  for (; n && i; i--) n = list ? n->next : node_again(n);
  return n;
}

static struct str value_of(const struct node *n) {
  const struct node *value = n && n->kind == NODE_ELEMENT ? node_attr(n, "value") : n;
  return value ? value->text : (struct str){0};
}

/* The value at a path of names, of the first item wherever there are several. */
static struct str value_at(const struct node *n, const char *path) {
  struct str rest = str_z(path);
  char name[32];
  while (rest.n && n) {
    struct str one = str_cut(&rest, '.');
    if (one.n >= sizeof name) return (struct str){0};
    memcpy(name, one.p, one.n);
    name[one.n] = '\0';
    n = item(n, name, 0);
  }
  return value_of(n);
}

/* The resource in a <contained>, or the item of the list itself. */
static const struct node *contained(const struct node *root, struct str reference) {
  if (reference.n < 2 || reference.p[0] != '#') return NULL;
  for (size_t i = 0; i < ITEMS_MAX; i++) {
    const struct node *n = item(root, "contained", i);
    if (!n) return NULL;
    if (n->kind == NODE_ELEMENT) n = n->first;
    if (n && str_eq(value_at(n, "id"), str_sub(reference, 1, reference.n))) return n;
  }
  return NULL;
}

/* A system that ends in a dot stands for all below it. */
static bool is_system(struct str found, struct str system) {
  return str_ends(system, STR(".")) ? str_starts(found, system) : str_eq(found, system);
}

static struct str identifier_of(const struct node *resource, const char *system) {
  for (size_t i = 0; i < ITEMS_MAX; i++) {
    const struct node *n = item(resource, "identifier", i);
    if (!n) break;
    if (is_system(value_at(n, "system"), str_z(system))) return value_at(n, "value");
  }
  return (struct str){0};
}

/* The identifier behind a Reference: of the contained resource, or of the reference itself. */
static struct str identifier_behind(const struct node *root, const struct node *reference, const char *system) {
  struct str found = identifier_of(contained(root, value_at(reference, "reference")), system);
  return found.n ? found : identifier_of(reference, system);
}

static const struct node *read_tree(const struct metadata *m, struct str text) {
  struct findings inner;
  struct node *root = NULL;
  struct source src = {m->c->message, text};
  enum sniff sniffed = sniff_bytes(text);
  findings_init(&inner, m->c->f->arena);
  int bad = sniffed == SNIFF_XML ? xml_read(&root, m->c->f->arena, src, &inner)
                                 : json_read(&root, m->c->f->arena, src, &inner);
  if (bad == 0 && root) {
    if (sniffed == SNIFF_XML) TELL(m->c, XDS_FORM, m->at);
    return root;
  }
  struct said why = inner.list.n ? (struct said){inner.list.v[0].en, inner.list.v[0].da} : said_same(STR("?"));
  findings_add_said(m->c->f, &sbdh_rule_table[SBDH_RULE_XDS_SYNTAX], tree_place(m->c, m->at), 1, &why);
  return NULL;
}

static bool check_resource(const struct metadata *m) {
  struct str type = m->root->kind == NODE_ELEMENT ? m->root->name : value_at(m->root, "resourceType");
  if (str_eqz(type, "DocumentReference")) return true;
  TELL(m->c, XDS_RESOURCE, m->at, type);
  return false;
}

static void check_identity(const struct metadata *m) {
  const struct sbdh *s = m->env->sbdh;
  struct str status = value_at(m->root, "status"), master = value_at(m->root, "masterIdentifier.value");
  struct str bundle = sbdh_scope_value(s, SBDH_BUNDLE_ID);
  struct str id = str_starts(master, STR(URN_UUID)) ? str_sub(master, sizeof URN_UUID - 1, master.n) : (struct str){0};
  if (!str_eqz(status, "current")) TELL(m->c, XDS_STATUS, m->at, status);
  if (bundle.n && !str_eq_nocase(id, bundle)) TELL(m->c, XDS_MASTER, m->at, master, bundle);
}

static void check_people(const struct metadata *m) {
  const struct sbdh *s = m->env->sbdh;
  const struct node *subject = item(m->root, "subject", 0);
  struct str cpr = sbdh_scope_value(s, SBDH_PATIENT_ID), sor = sbdh_scope_value(s, SBDH_SENDER_ID);
  struct str patient = identifier_behind(m->root, subject, CPR_OID), author = {0};
  if (!patient.n) patient = identifier_behind(m->root, subject, REPLACEMENT_OIDS);
  for (size_t i = 0; i < ITEMS_MAX && !author.n; i++) {
    const struct node *n = item(m->root, "author", i);
    if (!n) break;
    author = identifier_behind(m->root, n, SOR_OID);
  }
  if (cpr.n && !str_eq_nocase(sbdh_patient_as(m->c->f->arena, cpr, patient), cpr))
    TELL(m->c, XDS_PATIENT, m->at, patient, cpr);
  if (sor.n && !str_eq(author, sor)) TELL(m->c, XDS_AUTHOR, m->at, author, sor);
}

/* FHIR has base64 of the digest; the sample writes it in hexadecimal digits. */
static void check_hash(const struct metadata *m, struct str found) {
  unsigned char digest[HASH_BYTES_MAX];
  struct buf hex, text;
  if (hash_named(digest, STR("sha1"), m->env->payload) != SHA1_BYTES) BUG("there is no SHA-1");
  buf_init(&hex, DIGEST_TEXT_MAX);
  buf_init(&text, DIGEST_TEXT_MAX);
  for (size_t i = 0; i < SHA1_BYTES; i++) buf_printf(&hex, "%02x", digest[i]);
  base64_encode(&text, (struct str){(const char *)digest, SHA1_BYTES});
  if (!str_eq(found, buf_str(&text)) && !str_eq_nocase(found, buf_str(&hex)))
    TELL(m->c, XDS_HASH, m->at, found, buf_str(&text));
  buf_release(&hex);
  buf_release(&text);
}

static void check_attachment(const struct metadata *m) {
  struct str mime = value_at(m->root, "content.attachment.contentType");
  struct str size = value_at(m->root, "content.attachment.size"), hash = value_at(m->root, "content.attachment.hash");
  int64_t n;
  if (mime.n && m->env->sbdh->mime.n && !sbdh_mimes_agree(m->env->sbdh->mime, mime))
    TELL(m->c, XDS_MIME, m->at, mime, m->env->sbdh->mime);
  if (!m->env->payload_ok) return;
  if (size.n && (!str_int(size, &n) || n != (int64_t)m->env->payload.n))
    TELL(m->c, XDS_SIZE, m->at, size, arena_printf(m->c->f->arena, "%zu", m->env->payload.n));
  if (hash.n) check_hash(m, hash);
}

void sbdh_check_metadata(const struct tree_check *c, const struct envelope *env) {
  struct metadata m = {.c = c, .env = env, .at = sbdh_scope_node(env, SBDH_XDS)};
  if (env->sbdh->content != SBDH_COPY) return;
  struct str text = sbdh_scope_value(env->sbdh, SBDH_XDS);
  if (text.n == 0) return; /* the schema has told */
  m.root = read_tree(&m, text);
  if (!m.root || !check_resource(&m)) return;
  check_identity(&m);
  check_people(&m);
  check_attachment(&m);
}
