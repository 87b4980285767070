/* resource: one tree for a FHIR resource, whether it came as JSON or as XML.
 *
 * The tree (struct node) after resource_read:
 *   - the root is an OBJECT with type "Bundle", name "" ; a resource inside another
 *     (entry.resource, contained, parameter.resource) is an OBJECT with its
 *     element name and its own type. There is no child "resourceType".
 *   - a repeating element is that many children of the same name, in order; there
 *     are no ARRAY nodes. NODE_LISTED tells that JSON wrote it as a list.
 *   - a primitive is STRING, NUMBER or BOOL with its literal in text; its id and
 *     extension (JSON "_name", XML child elements) are its children. A primitive
 *     with no value but children is NULL with children. From XML, all values
 *     are STRING (the literal is the same).
 *   - the XML attributes id and url are children of that name.
 *   - XHTML div is one STRING with the markup as written; resource_equal and diff
 *     compare it in canonical form.
 * Positions: in JSON of the value, in XML of the start tag (of the attribute's
 * element). Element order is that of the source.
 *
 * What is not FHIR's form (JSON null in a list without a counterpart, empty
 * objects and lists, text between elements in XML, unknown attributes, wrong
 * namespace) is a finding with a rule of resource_rules, and reading goes on.
 * Source: FHIR R4 4.0.1, sections 2.6.2 (JSON) and 2.6.1 (XML). */
#ifndef FHIR_RESOURCE_H
#define FHIR_RESOURCE_H

#include "base/buf.h"
#include "formats/node.h"

#define FHIR_NS "http://hl7.org/fhir"

enum resource_form { RESOURCE_JSON, RESOURCE_XML };

enum resource_rule {
  RESOURCE_NOT_FHIR,  /* neither JSON nor XML, or no resourceType / FHIR namespace; {1} what was found */
  RESOURCE_JSON_FORM, /* {1} what is wrong: null, empty object, empty list, _name that does not match */
  RESOURCE_XML_FORM,  /* {1} what is wrong: text, attribute, namespace, missing value */
  RESOURCE_XHTML,     /* {1} what is wrong with the narrative markup */
  RESOURCE_RULES_N
};
extern const struct rule resource_rules[RESOURCE_RULES_N];

/* Which elements of R4 repeat, and which JSON types primitives have: needed to
 * write JSON from a tree that came from XML. */
struct shapes;
/* Reads the types of FHIR R4 from the facts under data_dir (fhir/facts.h) into a. */
MUST_CHECK int shapes_read(struct shapes **out, struct arena *a, const char *data_dir, struct error *e);

/* Reads a resource in either form; *form tells which. -1 (and findings) if there is no tree. */
int resource_read(struct node **out, enum resource_form *form, struct arena *a, struct source src, struct findings *f);
/* The FHIR tree of a JSON tree or XML tree already read (same rules); name is that of the message. */
int resource_from_json(struct node **out, struct arena *a, const struct node *json, struct str name,
                       struct findings *f);
int resource_from_xml(struct node **out, struct arena *a, const struct node *xml, struct str name, struct findings *f);
/* Writes r. shapes may be NULL when r came from JSON. indent as in json_write. An element that shapes does not
 * know is written by its NODE_LISTED flag. */
void resource_write(struct buf *out, const struct node *r, enum resource_form form, const struct shapes *shapes,
                    int indent);
/* True if both are the same resource: names, order among same names, literals, types; XHTML canonical; the kind
 * of primitives (JSON number or string) is not compared. a is scratch. */
bool resource_equal(struct arena *a, const struct node *x, const struct node *y);
/* "application/fhir+json" or "application/fhir+xml". */
const char *resource_mime(enum resource_form form);

#endif
