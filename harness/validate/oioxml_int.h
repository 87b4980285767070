/* oioxml_int: the rules of OIOXML letters, and what the files that judge them share. */
#ifndef VALIDATE_OIOXML_INT_H
#define VALIDATE_OIOXML_INT_H

#include "validate/letter_shelf.h"
#include "validate/message.h"

enum oioxml_rule {
  OIOXML_CATALOGUE,
  OIOXML_ROOT,
  OIOXML_NO_LETTER,
  OIOXML_LETTER_UNKNOWN,
  OIOXML_LETTER_ELEMENT,
  OIOXML_VERSION_CODE,
  OIOXML_VERSION_CODE_MISSING,
  OIOXML_VERSION_CODE_UNKNOWN,
  OIOXML_TYPE_CODE,
  OIOXML_NAMESPACE,
  OIOXML_NOT_CURRENT,
  OIOXML_FIDELITY,
  OIOXML_FIDELITY_OLDER,
  OIOXML_STRUCTURE_NONE,
  OIOXML_SCHEMA,
  OIOXML_SCHEMA_USED,
  OIOXML_SCHEMA_MISSING,
  OIOXML_SCHEMA_BROKEN,
  OIOXML_MISSING,
  OIOXML_MISSING_ONE_OF,
  OIOXML_REPEATED,
  OIOXML_ORDER,
  OIOXML_CHOICE,
  OIOXML_UNKNOWN,
  OIOXML_FORMATTED_TEXT,
  OIOXML_TEXT,
  OIOXML_ATTRIBUTE,
  OIOXML_LEAF,
  OIOXML_LENGTH,
  OIOXML_PATTERN,
  OIOXML_CODE,
  OIOXML_VALUE,
  OIOXML_RANGE,
  OIOXML_DECIMALS,
  OIOXML_DIGITS,
  OIOXML_CLINICAL_INFORMATION,
  OIOXML_REFERENCE,
  OIOXML_REFERENCE_OBJECT,
  OIOXML_REFERENCE_SIZE,
  OIOXML_REFERENCE_ELSEWHERE,
  OIOXML_OBJECT_SIZE,
  OIOXML_OBJECT_BASE64,
  OIOXML_PATHOLOGY_CODES,
  OIOXML_PATHOLOGY_REPORT,
  OIOXML_REPLACEMENT_CPR,
  OIOXML_SENT,
  OIOXML_SENT_EARLY,
  OIOXML_CHARACTERS,
  OIOXML_RULES_N
};
extern const struct rule oioxml_rule_table[OIOXML_RULES_N];

/* One Emessage being judged. */
struct oioxml {
  struct findings *f;
  struct arena *scratch;
  struct str message;                         /* its name in places */
  const struct node *root, *envelope, *local; /* NULL if there is none: Envelope, Local_Elements */
  struct map objects;                         /* BinaryObjects by their id, as oioxml_content.c writes it */
  bool has_objects;                           /* there is a BinaryLetter */
  struct letter_shelf *shelf;
  const struct letters *letters;
  /* what the structure that is being judged by is: */
  struct str source;               /* goes into its findings */
  bool older;                      /* it is another version's, so that deviations are undecided */
  size_t content_from, content_to; /* findings of oioxml_judge_content, which no structure repeats */
};

struct place oioxml_place(const struct oioxml *o, const struct node *n);
/* Adds a finding of rule at node n; arguments as struct str. */
#define OIOXML(o, rule, n, ...) FINDING((o)->f, &oioxml_rule_table[(rule)], oioxml_place((o), (n)), ##__VA_ARGS__)
/* The same of a structure: its source, and undecided where it is another version's. */
#define OIOXML_STRUCTURE(o, rule, n, ...) oioxml_of_structure((o), OIOXML((o), (rule), (n), ##__VA_ARGS__))
void oioxml_of_structure(const struct oioxml *o, struct finding *f);

/* oioxml_structure.c: an element, and all below it, by a type. */
void oioxml_judge_structure(struct oioxml *o, const struct node *n, const struct outline_type *t);
/* oioxml_value.c: the text of an element by a type that is a value. */
void oioxml_judge_value(struct oioxml *o, const struct node *n, const struct outline_type *t);
/* oioxml_letter.c: what a letter says of itself, and the rules that no structure has. Gives the row that it is judged
 * by, NULL if there is none. */
const struct letter_type *oioxml_judge_letter(struct oioxml *o, const struct node *letter);
/* oioxml_content.c: the rules on what letters hold, across the letters of the Emessage. */
void oioxml_judge_content(struct oioxml *o);
/* The times of the Emessage and its letters; nothing of those whose form was told of already. */
void oioxml_judge_times(struct oioxml *o);
/* oioxml_schema.c: the whole document by the schema of its namespace, from the operator's folder. False if there is
 * none for it (which is told). */
bool oioxml_judge_schema(struct oioxml *o, struct str bytes);

/* True for what stands in an Emessage and is a letter. */
bool oioxml_is_letter(const struct node *n);
/* The text of an element below n, without blanks at its ends. */
struct str oioxml_text(const struct node *n, const char *path);

#endif
