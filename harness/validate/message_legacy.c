#include "validate/message_int.h"

/* Where the elements and components of UNH are cut when the interchange has no UNA (ISO 9735 level A). */
#define COMPONENT_SEPARATOR ':'
#define ELEMENT_SEPARATOR '+'
#define SEGMENT_END '\''

/* OIOXML names its type and version in the letter's head: Emessage/<letter>/Letter/{TypeCode, VersionCode}. */
static void oioxml_facts(struct envelope_payload *out, struct arena *a, const struct node *root) {
  out->format = STR("XML");
  for (NODE_EACH(c, root)) {
    struct str type = str_trim(node_text_at(c, "Letter.TypeCode"));
    if (type.n == 0) continue;
    out->name = arena_printf(a, "MCM:%.*s", STR_F(type));
    out->version = str_trim(node_text_at(c, "Letter.VersionCode"));
    return;
  }
}

/* UNH+<id>+MEDDIS:D:93A:UN:D9134L+DIS91': the version is the association code, the fifth component. How an envelope
 * spells the Name of EDIFACT is not published, so the name is left open. */
static void edifact_facts(struct envelope_payload *out, struct str bytes) {
  out->format = STR("EDIFACT");
  bool una = str_starts(bytes, STR("UNA")) && bytes.n >= 9;
  char component = una ? bytes.p[3] : COMPONENT_SEPARATOR, element = una ? bytes.p[4] : ELEMENT_SEPARATOR;
  size_t at = str_find(bytes, STR("UNH"), 0);
  if (at == SIZE_MAX) return;
  struct str rest = str_sub(bytes, at, bytes.n), segment = str_cut(&rest, una ? bytes.p[8] : SEGMENT_END);
  str_cut(&segment, element);
  str_cut(&segment, element);
  struct str type = str_cut(&segment, element);
  for (int i = 0; i < 4; i++) str_cut(&type, component);
  out->version = str_cut(&type, component);
}

void message_legacy_facts(struct envelope_payload *out, struct arena *a, const struct node *root, struct str bytes) {
  *out = (struct envelope_payload){0};
  if (root)
    oioxml_facts(out, a, root);
  else
    edifact_facts(out, bytes);
}
