/* bundle_int: a FHIR message Bundle with its entries indexed, so that references resolve.
 *
 * Borrows the tree; lives in the arena of bundle_index. Resolving: an absolute reference is compared with the
 * fullUrls, a relative one with type and id (FHIR R4, 3.1.1.4.4); both without "/_history/...". */
#ifndef VALIDATE_BUNDLE_INT_H
#define VALIDATE_BUNDLE_INT_H

#include "base/map.h"
#include "base/vec.h"
#include "formats/node.h"

#define GLN_SYSTEM "https://www.gs1.org/gln"
#define GLN_OID "urn:oid:1.3.88"
#define SOR_OID "urn:oid:1.2.208.176.1.1"

struct document_type;

struct bundle {
  struct arena *arena;
  const struct node *root;
  VEC(const struct node *) resources; /* entry.resource, in order */
  struct map by_url, by_id;           /* fullUrl, "Type/id" -> resource */
  const struct node *header;          /* the first MessageHeader, or NULL */
  const struct node *own;             /* the first Provenance whose target is this MessageHeader, or NULL */
};

void bundle_index(struct bundle *b, struct arena *a, const struct node *root);
/* The resource that a reference names, or NULL. */
const struct node *bundle_resolve(const struct bundle *b, struct str reference);
/* The same of a Reference element. */
const struct node *bundle_target(const struct bundle *b, const struct node *reference);
/* The first resource of a type, and the number of them. */
const struct node *bundle_first(const struct bundle *b, const char *type);
size_t bundle_count(const struct bundle *b, const char *type);
/* True if the Provenance has this message's MessageHeader as target. */
bool bundle_is_own(const struct bundle *b, const struct node *provenance);
/* The Provenance's entity that names the message before, or NULL. */
const struct node *bundle_previous(const struct node *provenance);
/* The first Composition of what has no MessageHeader, wherever it stands: a document, even if its type is not said or
 * it begins with something else. NULL: it is a message, or neither. */
const struct node *bundle_composition(const struct bundle *b);
/* What sort of document it is, by the type of its Composition or by what profiles it names; NULL if unknown. */
const struct document_type *bundle_document_type(const struct bundle *b);
/* The Communication in focus, else the first one, else NULL. */
/* "primary" or "cc" of a MessageHeader.destination; empty if it does not say. */
struct str bundle_use(const struct node *destination);
const struct node *bundle_communication(const struct bundle *b);
/* The value of the identifier of one of two systems (second may be NULL), or NULL. */
const struct node *bundle_identifier(const struct node *resource, const char *system, const char *other);
/* The last part of a reference or URL, without urn:uuid: and version. */
struct str bundle_last_part(struct str reference);
struct str bundle_without_urn(struct str value);
/* True if MessageHeader.definition says that the message is of this major version. */
bool bundle_is_major(const struct bundle *b, const char *major);

#endif
