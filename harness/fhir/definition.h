/* definition: what we know of a StructureDefinition, a ValueSet or a CodeSystem.
 *
 * Compact structs made from the FHIR tree (fhir/resource.h) of the definition. They live in the arena given to
 * *_read; strings and nodes borrow from the tree, which must live as long. Nothing is judged here: what the tree
 * lacks is empty, and what it has twice is taken as it comes, so that those who check the definition see it whole.
 * A definition that came from a compiled file (fhir/image.h) has no tree: its node is NULL, that of an element an empty
 * one. A member that is added here must be added to the tables in fhir/image.c as well.
 * Canonicals keep their "|version". Source: FHIR R4 4.0.1, StructureDefinition, ElementDefinition, ValueSet,
 * CodeSystem. */
#ifndef FHIR_DEFINITION_H
#define FHIR_DEFINITION_H

#include "base/map.h"
#include "formats/node.h"

struct package;

#define DEFINITION_ELEMENTS_MAX 20000  /* elements of one differential or snapshot; the rest is left out */
#define DEFINITION_CONCEPTS_MAX 500000 /* concepts of one code system, value set or expansion */
#define DEFINITION_DEPTH_MAX 128       /* nesting of concepts */
#define DEFINITION_CODE_MAX 1000       /* bytes of a code that is looked up without case */
#define DEFINITION_UNBOUNDED (-1)      /* max = "*" */
#define DEFINITION_NONE ((size_t)-1)   /* no such concept */

struct strs {
  struct str *v;
  size_t n, cap;
};

/* --- elements of a StructureDefinition --- */

enum aggregation { AGGREGATION_CONTAINED = 1, AGGREGATION_REFERENCED = 2, AGGREGATION_BUNDLED = 4 };
enum reference_version { REFERENCE_VERSION_NONE, REFERENCE_EITHER, REFERENCE_INDEPENDENT, REFERENCE_SPECIFIC };

struct element_type {
  struct str code;  /* as written: "Reference", "http://hl7.org/fhirpath/System.String" */
  struct str name;  /* the FHIR type: the extension structuredefinition-fhir-type where there is one, else code */
  struct str regex; /* extension regex; else empty */
  struct strs profiles, targets;
  unsigned aggregation; /* enum aggregation, or-ed; 0: any */
  enum reference_version versioning;
};

enum binding_strength { BINDING_NONE, BINDING_EXAMPLE, BINDING_PREFERRED, BINDING_EXTENSIBLE, BINDING_REQUIRED };

struct element_binding {
  enum binding_strength strength; /* BINDING_NONE: no binding */
  struct str value_set;           /* canonical; may be empty */
  struct str max_value_set;       /* extension elementdefinition-maxValueSet; else empty */
};

enum discriminator_kind {
  DISCRIMINATOR_VALUE,
  DISCRIMINATOR_EXISTS,
  DISCRIMINATOR_PATTERN,
  DISCRIMINATOR_TYPE,
  DISCRIMINATOR_PROFILE,
  DISCRIMINATOR_UNKNOWN /* a kind that R4 does not have */
};

struct discriminator {
  enum discriminator_kind kind;
  struct str path; /* "$this", "system", "resolve()", "extension('...').value" */
};

enum slicing_rules { SLICING_OPEN, SLICING_CLOSED, SLICING_OPEN_AT_END };

struct element_slicing {
  bool there;
  bool ordered;
  enum slicing_rules rules; /* R4 demands it; open when it is missing */
  struct {
    struct discriminator *v;
    size_t n, cap;
  } discriminators;
};

enum constraint_severity { CONSTRAINT_ERROR, CONSTRAINT_WARNING };

struct element_constraint {
  struct str key, expression, source, human;
  enum constraint_severity severity;
  bool best_practice; /* extension elementdefinition-bestpractice is true */
};

/* fixed[x], pattern[x], minValue[x], maxValue[x]: the value, and its type from the name of the element. */
struct element_value {
  const struct node *node; /* NULL: not there */
  struct str type;         /* "CodeableConcept", "uri" */
};

struct element {
  struct str id, path, slice_name;
  struct str content_reference; /* "#Observation.referenceRange", also with a URL before '#'; empty: none */
  int min, max;                 /* max: DEFINITION_UNBOUNDED = "*" */
  bool has_min, has_max;        /* false in a differential that says nothing of it (then 0 and unbounded) */
  bool is_modifier, must_support;
  bool has_is_modifier, has_must_support;
  bool xml_attribute; /* representation xmlAttr */
  bool bad_number;    /* min or max is none */
  struct {
    struct element_type *v;
    size_t n, cap;
  } types;
  struct element_value fixed, pattern, min_value, max_value;
  int64_t max_length; /* 0: none */
  struct element_binding binding;
  struct {
    struct element_constraint *v;
    size_t n, cap;
  } constraints;
  struct element_slicing slicing;
  struct str base_path; /* empty: no base */
  int base_min, base_max;
  const struct node *node; /* the ElementDefinition itself */
};

struct elements {
  struct element *v;
  size_t n, cap;
};

/* --- StructureDefinition --- */

enum structure_kind { STRUCTURE_PRIMITIVE, STRUCTURE_COMPLEX, STRUCTURE_RESOURCE, STRUCTURE_LOGICAL };
enum structure_derivation { DERIVATION_NONE, DERIVATION_SPECIALIZATION, DERIVATION_CONSTRAINT };

struct structure_context {
  struct str type;       /* "element", "extension", "fhirpath" */
  struct str expression; /* "Patient", "Element", a URL, an expression */
};

struct structure {
  struct str url, version, id, name, status;
  struct str fhir_version;
  enum structure_kind kind;
  enum structure_derivation derivation;
  bool abstract;
  struct str type; /* "Patient"; of a logical model a URL */
  struct str base; /* canonical; empty for Element and Resource */
  struct {
    struct structure_context *v;
    size_t n, cap;
  } contexts;
  struct strs context_invariants;
  struct strs imposes;                    /* extension structuredefinition-imposeProfile: canonicals */
  struct elements differential, snapshot; /* as published; n 0: not there */
  const struct package *package;          /* NULL: a loose file */
  const struct node *node;
  /* Made and kept by fhir/snapshot.h: */
  struct elements generated;
  int generated_state; /* 0 not yet, 1 being made (a cycle when met again), 2 made, 3 could not be made */
};

/* Reads a StructureDefinition; NULL if n is no such resource. package may be NULL. */
struct structure *structure_read(struct arena *a, const struct node *n, const struct package *package);
/* Reads one ElementDefinition into *out (which is zeroed first). */
void element_read(struct element *out, struct arena *a, const struct node *n);
/* "example", "preferred", "extensible", "required"; "" for none. */
const char *binding_strength_name(enum binding_strength s);
/* "value", "exists", "pattern", "type", "profile"; "unknown". */
const char *discriminator_kind_name(enum discriminator_kind k);
/* "open", "closed", "openAtEnd". */
const char *slicing_rules_name(enum slicing_rules r);
/* The canonical without its "|version"; *version (may be NULL) becomes the version, empty if there is none. */
struct str canonical_cut(struct str canonical, struct str *version);

/* --- CodeSystem --- */

enum code_system_content {
  CONTENT_NOT_PRESENT,
  CONTENT_EXAMPLE,
  CONTENT_FRAGMENT,
  CONTENT_COMPLETE,
  CONTENT_SUPPLEMENT
};

struct concept_property {
  struct str code;  /* "subsumedBy", "notSelectable" */
  struct str value; /* valueCode, valueString, valueBoolean, ... ; of a Coding its code */
};

struct code_concept {
  struct str code, display;
  bool abstract; /* property notSelectable is true */
  bool inactive; /* property inactive is true, or status is retired, inactive or withdrawn */
  struct {
    struct concept_property *v;
    size_t n, cap;
  } properties;
  struct strs displays; /* designations (of supplements too), without display */
  struct {
    size_t *v;
    size_t n, cap;
  } parents; /* by nesting, and by the properties parent, subsumedBy and child; index into concepts */
};

struct code_system {
  struct str url, version, name, supplements, hierarchy_meaning, value_set;
  enum code_system_content content;
  bool case_insensitive;
  bool truncated; /* there were more concepts than DEFINITION_CONCEPTS_MAX, or nested too deep */
  struct {
    struct code_concept *v;
    size_t n, cap;
  } concepts;         /* flat, in document order */
  struct map by_code; /* code (lower case when case_insensitive) -> struct code_concept * */
  struct arena *arena;
  const struct package *package;
  const struct node *node;
};

/* Reads a CodeSystem; NULL if n is no such resource. */
struct code_system *code_system_read(struct arena *a, const struct node *n, const struct package *package);
/* The index of a code, or DEFINITION_NONE. */
size_t code_system_find(const struct code_system *cs, struct str code);
/* True if the concept at index is ancestor or one of its descendants; cycles are borne. */
bool code_system_is_a(const struct code_system *cs, size_t index, size_t ancestor);
/* The value of a concept's property, empty if there is none. */
struct str concept_property(const struct code_concept *c, const char *code);

/* --- ValueSet --- */

struct value_set_concept {
  struct str system, version, code, display; /* system and version: of an expansion only */
  bool abstract, inactive;                   /* of an expansion only */
};

struct value_set_concepts {
  struct value_set_concept *v;
  size_t n, cap;
};

struct value_set_filter {
  struct str property, op, value;
};

struct value_set_part {
  struct str system, version;
  struct value_set_concepts concepts;
  struct {
    struct value_set_filter *v;
    size_t n, cap;
  } filters;
  struct strs value_sets; /* canonicals: only what is in all of them */
  const struct node *node;
};

struct value_set {
  struct str url, version, name, status;
  struct {
    struct value_set_part *v;
    size_t n, cap;
  } includes, excludes;
  bool has_compose, has_expansion;
  bool truncated;            /* as in struct code_system */
  bool expansion_incomplete; /* the expansion says that it is not all (extension unclosed or toocostly, or a total
                              * that is larger than what is there) */
  struct value_set_concepts expansion; /* flat, in document order */
  const struct package *package;
  const struct node *node;
};

/* Reads a ValueSet; NULL if n is no such resource. */
struct value_set *value_set_read(struct arena *a, const struct node *n, const struct package *package);

#endif
