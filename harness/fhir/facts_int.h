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
  size_t n;
  struct facts_prefix prefixes[FACTS_PREFIXES_MAX];
};

/* Where a definition begins; hangs on package_item.facts. */
struct facts_block {
  const struct facts_file *file;
  int line;
};

/* The FHIR tree of an item whose bytes are facts; NULL with the place if they are not sound. */
struct node *facts_node(struct arena *a, const struct package_item *item, struct error *e);
/* "http://hl7.org/fhir/StructureDefinition/Patient" of "Patient", "$k/x" by prefix; NULL bytes if the prefix is not
 * known. */
bool facts_canonical(struct str *out, struct arena *a, const struct facts_file *file, struct str written);
/* Undoes \t, \n, \r and \\; borrows where there is none. */
struct str facts_plain(struct arena *a, struct str written);

/* How the writer shortens URLs: the longest that fits is taken. */
extern const struct facts_prefix facts_prefixes[];
extern const size_t facts_prefixes_n;

#endif
