/* facts_int: what the files of facts share. */
#ifndef FHIR_FACTS_INT_H
#define FHIR_FACTS_INT_H

#include "fhir/facts.h"

#define FACTS_VERSION "1"
#define FACTS_BASE_TYPES "http://hl7.org/fhir/StructureDefinition/"
#define FACTS_TYPE_URL "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
#define FACTS_REGEX_URL "http://hl7.org/fhir/StructureDefinition/regex"
#define FACTS_MAX_VALUE_SET_URL "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet"
#define FACTS_BEST_PRACTICE_URL "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"
#define FACTS_IMPOSE_URL "http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile"

struct facts_prefix {
  struct str key, url; /* "$s", "http://.../" */
};

/* What is known of a file while its definitions are read. */
struct facts_file {
  struct str name;
  struct str status; /* of definitions that do not say */
  size_t n;
  struct facts_prefix prefixes[FACTS_PREFIXES_MAX];
};

/* Where a definition begins; hangs on package_item.facts. */
struct facts_block {
  const struct facts_file *file;
  int line;
};

/* What the head of a file (package.head) says, for the definitions of one that was compiled; NULL if it is not sound.
 */
const struct facts_block *facts_head(struct arena *a, struct str name, struct str head);
/* The FHIR tree of an item whose bytes are facts; NULL with the place if they are not sound. */
struct node *facts_node(struct arena *a, const struct package_item *item, struct error *e);
/* "http://hl7.org/fhir/StructureDefinition/Patient" of "Patient", "$k/x" by prefix; NULL bytes if the prefix is not
 * known. */
bool facts_canonical(struct str *out, struct arena *a, const struct facts_file *file, struct str written);
/* Undoes \t, \n, \r and \\; borrows where there is none. */
struct str facts_plain(struct arena *a, struct str written);

/* The name of an extension where nothing else is said: its id from behind the first hyphen. */
struct str facts_extension_name(struct str id);
/* The fields of a short line that are the definition's. */
struct str facts_head_fields(struct arena *a, struct str fields);
/* The rows of elements that an extension's line stands for, from behind its URL on; the line of a part; the end, where
 * there are parts. */
void facts_lengthen_head(struct buf *out, struct str url, struct str line);
void facts_lengthen_part(struct buf *out, struct arena *a, struct str line);
void facts_lengthen_end(struct buf *out, struct str url);
/* The short form of those rows: fields behind the URL, each with a tab before, and the lines of parts. False if the
 * rows cannot be said so. */
bool facts_shorten(struct str *head, struct str *parts, struct arena *a, struct str url, struct str rows);

/* How the writer shortens URLs: the longest that fits is taken. */
extern const struct facts_prefix facts_prefixes[];
extern const size_t facts_prefixes_n;

#endif
