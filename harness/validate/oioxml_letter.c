/* What a letter says of itself: element, namespace, VersionCode and TypeCode are to be those of one row of the
 * catalogue. */
#include "validate/oioxml_int.h"

struct str oioxml_text(const struct node *n, const char *path) {
  return str_trim(node_text_at(n, path));
}

bool oioxml_is_letter(const struct node *n) {
  return n->kind == NODE_ELEMENT && !str_eqz(n->name, "Envelope") && !str_eqz(n->name, "Local_Elements");
}

static const struct node *or_letter(const struct node *letter, const char *path) {
  const struct node *n = node_at(letter, path);
  return n ? n : letter;
}

static void judge_type_code(const struct oioxml *o, const struct node *letter, const struct letter_type *t) {
  struct str said = oioxml_text(letter, "Letter.TypeCode");
  if (!said.n || !t->type_code.n || str_eq(said, t->type_code)) return;
  OIOXML(o, OIOXML_TYPE_CODE, or_letter(letter, "Letter.TypeCode"), said, t->xml.version, t->type_code);
}

/* The VersionCode decides what the letter is. A version that says nothing of its namespace may be in any that no other
 * letter has. */
static void judge_where(const struct oioxml *o, const struct node *letter, const struct letter_type *t) {
  if (t->element.n && !str_eq(t->element, letter->name))
    OIOXML(o, OIOXML_LETTER_ELEMENT, letter, letter->name, t->xml.version, t->element);
  else if (t->namespaces.n && !letter_has_namespace(t, letter->ns))
    OIOXML(o, OIOXML_NAMESPACE, letter, letter->ns, t->xml.version, t->namespaces.v[0]);
}

static const struct letter_type *unversioned(const struct oioxml *o, const struct node *letter,
                                             const struct letter_type *of_element, struct str said) {
  const struct node *at = or_letter(letter, "Letter.VersionCode");
  if (!said.n)
    OIOXML(o, OIOXML_VERSION_CODE_MISSING, letter, letter->name);
  else if (of_element)
    OIOXML(o, OIOXML_VERSION_CODE, at, said, letter->name, of_element->xml.version);
  else
    OIOXML(o, OIOXML_VERSION_CODE_UNKNOWN, at, said, letter->name);
  if (!said.n && !of_element) OIOXML(o, OIOXML_LETTER_UNKNOWN, letter, letter->name, letter->ns);
  return of_element;
}

const struct letter_type *oioxml_judge_letter(struct oioxml *o, const struct node *letter) {
  struct str said = oioxml_text(letter, "Letter.VersionCode");
  const struct letter_type *t = letters_of_version_code(o->letters, said),
                           *of_element = letters_of_element(o->letters, letter->ns, letter->name);
  if (!t) return unversioned(o, letter, of_element, said);
  if (of_element && of_element != t) {
    OIOXML(o, OIOXML_VERSION_CODE, or_letter(letter, "Letter.VersionCode"), said, letter->name,
           of_element->xml.version);
    judge_type_code(o, letter, of_element);
    return of_element;
  }
  judge_where(o, letter, t);
  judge_type_code(o, letter, t);
  if (!t->xml.current) OIOXML(o, OIOXML_NOT_CURRENT, or_letter(letter, "Letter.VersionCode"), said, t->xml_type);
  return t;
}
