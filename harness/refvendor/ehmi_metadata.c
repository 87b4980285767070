/* XDS-METADATA: what the register of messages is told of a copy, as a DocumentReference in JSON.
 *
 * Profile homecare-observation-documentreference of medcom.fhir.dk.xdsdocuments 0.1.0, a draft; its codes are those of
 * dk-ehmi-sbdh 2.0.1 where the draft leaves them to lists that are not published. */
#include "base/base64.h"
#include "refvendor/ehmi.h"

#include <openssl/evp.h>

#define XDS "https://medcomfhir.dk/ig/xdsdocuments/StructureDefinition/"
#define METADATA_MAX ((size_t)256 << 10)
#define TYPE_CODES "urn:oid:1.2.208.184.100.1"
#define CLASS_CODES "urn:oid:1.2.208.184.100.9"
#define FORMAT_CODES "http://medcomfhir.dk/ig/xdsdocuments/CodeSystem/MedComHCOFormatCodeCS"
#define SNOMED "urn:oid:2.16.840.1.113883.6.96"

/* IHE XDS wants SHA-1. */
static struct str sha1(struct arena *a, struct str bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  struct buf b;
  if (EVP_Digest(bytes.p, bytes.n, digest, &n, EVP_sha1(), NULL) != 1) BUG("no SHA-1");
  buf_init(&b, METADATA_MAX);
  base64_encode(&b, (struct str){(const char *)digest, n});
  return buf_take(&b, a);
}

static struct node *contained(struct arena *a, struct node *root, const char *type, const char *id) {
  struct node *r = node_add(a, root, "contained");
  r->type = str_z(type);
  rv_put(a, r, "id", str_z(id));
  return r;
}

static void put_code(struct arena *a, struct node *parent, const char *name, const char *system, const char *code,
                     const char *display) {
  struct node *c = node_add(a, node_add(a, parent, name), "coding");
  rv_put(a, c, "system", str_z(system));
  rv_put(a, c, "code", str_z(code));
  rv_put(a, c, "display", str_z(display));
}

static void put_people(struct arena *a, struct node *root, const struct rv_delivery *d) {
  struct node *o = contained(a, root, "Organization", "organization");
  rv_put(a, o, "identifier.system", STR(RV_SOR));
  rv_put(a, o, "identifier.value", d->sender.sor);
  if (d->sender.name.n) rv_put(a, o, "name", d->sender.name);
  struct node *p = contained(a, root, "Patient", "patient");
  rv_put(a, p, "identifier.system", STR(RV_CPR));
  rv_put(a, p, "identifier.value", d->cpr);
}

static void put_attachment(struct arena *a, struct node *root, const struct envelope *env) {
  struct node *content = node_add(a, root, "content");
  struct node *x = node_add(a, content, "attachment");
  rv_put(a, x, "contentType", env->sbdh->mime);
  rv_put(a, x, "language", STR("da"));
  rv_put(a, x, "size", arena_printf(a, "%zu", env->payload.n))->kind = NODE_NUMBER;
  rv_put(a, x, "hash", sha1(a, env->payload));
  rv_put(a, x, "title", env->sbdh->standard);
  rv_put(a, x, "creation", env->sent);
  struct str version = env->sbdh->type_version;
  rv_put(a, content, "format.system", STR(FORMAT_CODES));
  rv_put(a, content, "format.code", arena_printf(a, "urn:ad:dk:medcom:msg:hco-v%.*s:full", STR_F(version)));
  rv_put(a, content, "format.display", arena_printf(a, "DK HomeCareObservation message v%.*s", STR_F(version)));
}

static void put_context(struct arena *a, struct node *root, const struct envelope *env) {
  struct node *context = node_add(a, root, "context");
  rv_put(a, context, "period.start", env->sent);
  put_code(a, context, "facilityType", SNOMED, "550621000005101", "hjemmesygeplejeenhed");
  put_code(a, context, "practiceSetting", SNOMED, "658161000005107", "hjemmesygepleje");
  rv_put(a, context, "sourcePatientInfo.reference", STR("#patient"));
}

struct str rv_document_reference(struct refvendor *v, struct arena *a, const struct envelope *env,
                                 const struct rv_delivery *d) {
  struct node *root = node_new(a, NODE_OBJECT);
  struct buf b;
  root->type = STR("DocumentReference");
  rv_put(a, root, "id", rv_id(v, a));
  rv_put(a, root, "meta.profile", STR(XDS "homecare-observation-documentreference"));
  put_people(a, root, d);
  rv_put(a, root, "masterIdentifier.system", STR("urn:ietf:rfc:3986"));
  rv_put(a, root, "masterIdentifier.value", arena_printf(a, "urn:uuid:%.*s", STR_F(d->envelope.id)));
  rv_put(a, root, "identifier.value", rv_id(v, a));
  rv_put(a, root, "status", STR("current"));
  put_code(a, root, "type", TYPE_CODES, "HCOM", "HomeCareObservation message");
  put_code(a, root, "category", CLASS_CODES, "002", "Workflow");
  rv_put(a, root, "subject.reference", STR("#patient"));
  rv_put(a, root, "author.reference", STR("#organization"));
  put_code(a, root, "securityLabel", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N", "normal");
  put_attachment(a, root, env);
  put_context(a, root, env);
  buf_init(&b, METADATA_MAX);
  resource_write(&b, root, RESOURCE_JSON, v->shapes, 0);
  return buf_take(&b, a);
}
