/* profile_int: what the files of the profile validator share: schemas, the state of a check, the rules. */
#ifndef VALIDATE_PROFILE_INT_H
#define VALIDATE_PROFILE_INT_H

#include "fhir/fhirpath.h"
#include "fhir/invariants.h"
#include "fhir/snapshot.h"
#include "fhir/terminology.h"
#include "validate/profile.h"

/* --- schemas: a snapshot as a tree ------------------------------------------ */

struct schema_element_list {
  struct schema_element **v;
  size_t n, cap;
};

struct schema_element {
  const struct element *def;
  struct schema *schema;
  struct schema_element *parent;
  struct schema_element *sliced; /* a slice: the element it is a slice of */
  struct str name;               /* last part of the path, without [x] */
  bool choice;
  struct schema_element_list children; /* without slices */
  struct schema_element_list slices;
  struct fhirpath **invariants; /* as def->constraints, parsed when first needed; NULL: not parsed */
  unsigned char *invariant_state;
  struct said *invariant_why; /* why one could not be parsed */
};

struct schema {
  const struct structure *structure;
  struct schema_element *all; /* as the snapshot */
  size_t n;
  struct schema_element *root;
  struct error *problem; /* it could not be compiled */
};

struct profile_cache {
  struct arena *arena;
  struct book *book;
  const struct shapes *shapes;
  struct map by_structure;  /* address of the structure -> struct schema */
  struct map by_type;       /* type name -> struct schema */
  struct invariants *texts; /* read when first needed; NULL and texts_error: they cannot be read */
  struct error *texts_error;
};

/* NULL if the structure or type is not there; with problem set if it is there and cannot be used. */
struct schema *schema_of(struct profile_cache *c, struct structure *s);
struct schema *schema_of_type(struct profile_cache *c, struct str type);
struct schema *schema_of_profile(struct profile_cache *c, struct str canonical, const struct schema *from);
/* The element that a contentReference names, or NULL. */
struct schema_element *schema_referenced(const struct schema_element *e);
/* The child that an instance's element name means (choice elements too), or NULL. */
struct schema_element *schema_child(const struct schema_element *e, struct str name);
/* "http://hl7.org/fhirpath/System.String" is string. */
struct str schema_type_name(struct str type);
/* True if name is the choice element's name with the type behind it. */
bool schema_choice_fits(const struct schema_element *e, struct str name);
/* True if the structure is no profile but defines a type. */
bool schema_is_base(const struct schema *s);

/* --- rules ------------------------------------------------------------------ */

enum profile_rule {
  PROFILE_UNKNOWN,
  PROFILE_BROKEN,
  PROFILE_LIMIT,
  PROFILE_TYPE_UNKNOWN,
  PROFILE_WRONG_TYPE,
  PROFILE_ELEMENT_UNKNOWN,
  PROFILE_ELEMENT_ORDER,
  PROFILE_MIN,
  PROFILE_MAX,
  PROFILE_NONE,
  PROFILE_LIST,
  PROFILE_NOT_LIST,
  PROFILE_TYPE,
  PROFILE_JSON_TYPE,
  PROFILE_NO_PRIMITIVE,
  PROFILE_NO_COMPLEX,
  PROFILE_EMPTY,
  PROFILE_FORMAT,
  PROFILE_ID,
  PROFILE_BLANKS,
  PROFILE_ATTACHMENT_SIZE,
  PROFILE_FIXED,
  PROFILE_PATTERN,
  PROFILE_SYSTEM_MOVED,
  PROFILE_MIN_VALUE,
  PROFILE_MAX_VALUE,
  PROFILE_MAX_LENGTH,
  PROFILE_MIN_LENGTH,
  PROFILE_VALUE_NEEDED,
  PROFILE_BINDING,
  PROFILE_BINDING_EXTENSIBLE,
  PROFILE_BINDING_NO_CODE,
  PROFILE_BINDING_UNDECIDED,
  PROFILE_BINDING_MAX,
  PROFILE_CODE_UNKNOWN,
  PROFILE_SUPPLEMENT,
  PROFILE_SYSTEM_RELATIVE,
  PROFILE_SYSTEM_VALUE_SET,
  PROFILE_IDENTIFIER_URI,
  PROFILE_SLICE_MIN,
  PROFILE_SLICE_MAX,
  PROFILE_SLICE_NONE,
  PROFILE_SLICE_CLOSED,
  PROFILE_SLICE_ORDER,
  PROFILE_SLICE_END,
  PROFILE_SLICE_SEVERAL,
  PROFILE_SLICE_UNDECIDED,
  PROFILE_NO_MATCH,
  PROFILE_REFERENCE_TYPE,
  PROFILE_REFERENCE_PROFILE,
  PROFILE_REFERENCE_UNRESOLVED,
  PROFILE_REFERENCE_FORM,
  PROFILE_REFERENCE_AGGREGATION,
  PROFILE_REFERENCE_TYPE_SAID,
  PROFILE_REFERENCE_TYPE_WRONG,
  PROFILE_CONTAINED_MISSING,
  PROFILE_CONTAINED_TWICE,
  PROFILE_EXTENSION_UNKNOWN,
  PROFILE_EXTENSION_RELATIVE,
  PROFILE_EXTENSION_VERSION,
  PROFILE_EXTENSION_SUB,
  PROFILE_EXTENSION_CONTEXT,
  PROFILE_EXTENSION_MODIFIER,
  PROFILE_EXTENSION_NOT_MODIFIER,
  PROFILE_INVARIANT,
  PROFILE_INVARIANT_WARNING,
  PROFILE_INVARIANT_UNDECIDED,
  PROFILE_INVARIANT_TEXTS,
  PROFILE_BUNDLE_FULL_URL,
  PROFILE_BUNDLE_FULL_URL_ABSOLUTE,
  PROFILE_BUNDLE_FULL_URL_ID,
  PROFILE_BUNDLE_ORPHAN,
  PROFILE_BUNDLE_ORPHAN_MESSAGE,
  PROFILE_BUNDLE_LINK_TWICE,
  PROFILE_BUNDLE_LINK_SEARCH,
  PROFILE_BUNDLE_STYLESHEET,
  PROFILE_DUPLICATE_ID,
  PROFILE_EXAMPLE_URL,
  PROFILE_XHTML_ELEMENT,
  PROFILE_XHTML_ATTRIBUTE,
  PROFILE_XHTML_EMPTY,
  PROFILE_XHTML_SCHEME,
  PROFILE_XHTML_LINK,
  PROFILE_XHTML_IN_PARAGRAPH,
  PROFILE_XHTML_URL,
  PROFILE_XHTML_LANGUAGE,
  PROFILE_XHTML_SOURCE,
  PROFILE_DEFINITION_EXPRESSION,
  PROFILE_DEFINITION_SOURCE,
  PROFILE_VERSION_OPEN,
  PROFILE_VERSION_OTHER,
  PROFILE_PUBLICATION_OTHER,
  PROFILE_SYSTEM_NEAR,
  PROFILE_PROPERTY_TYPE,
  PROFILE_SUPPLEMENT_OF,
  PROFILE_ENABLE_WHEN,
  PROFILE_NO_TYPE,
  PROFILE_XHTML_TEXT,
  PROFILE_RULES_N
};
extern const struct rule profile_rule_table[PROFILE_RULES_N];
/* Which argument of the rule is the value that was found, from 1; 0: none. */
unsigned profile_rule_found(enum profile_rule rule);

/* --- the state of a check ---------------------------------------------------- */

enum outcome_state { OUTCOME_OPEN, OUTCOME_DONE };

/* What came of checking one node against one schema; kept, because many places ask. */
struct outcome {
  enum outcome_state state;
  const struct findings *found;
  const struct node *node;
  const struct schema *schema;
  struct outcome *next; /* in the same slot */
};

/* A hash table of them (profile_walk.c): the one that is asked most. */
struct outcomes {
  struct outcome **slots;
  size_t slots_n, n;
};

#define PLACE_CURSORS 64

/* A node, and which of its name it is among its siblings. */
struct cursor {
  const struct node *node;
  size_t index;
};

struct checker {
  struct arena *a;
  struct profile_cache *cache;
  struct findings *f; /* of what is being checked now */
  struct str message;
  const struct node *root;
  const struct schema *from; /* the profile of the whole: versions of what is inside come from its package */
  enum resource_form form;
  struct outcomes outcomes;             /* by node and schema */
  struct map bundles;                   /* address of a Bundle -> struct bundle_urls */
  struct map contained;                 /* address of a resource -> struct map of its contained ones */
  struct map settled;                   /* "line:col" of codes that a profile's required binding has */
  struct cursor cursors[PLACE_CURSORS]; /* the last place told, by depth */
  struct arena *stack;                  /* what is needed only while one node is checked, or one expression judged */
  const struct node *at;                /* where FHIRPath stands, for resolve() */
  const struct schema_element *at_element;
  const struct schema_element *current; /* what is being checked now demands what no profile says */
  int depth;
  bool in_run;             /* of the options */
  bool texts_missing;      /* they would have been needed */
  struct reasons *refused; /* of the invariant being evaluated: why conformsTo() said no; NULL: none is */
  size_t work, costly;
  const char *limit; /* what was too deep or too large to be judged whole: a limit's name and value; NULL: nothing */
};

/* Adds a finding at node n, demanded by element e (NULL: by the element being checked). */
struct finding *check_add(struct checker *k, enum profile_rule rule, const struct node *n,
                          const struct schema_element *e, size_t args_n, const struct str *args);
struct finding *check_add_said(struct checker *k, enum profile_rule rule, const struct node *n,
                               const struct schema_element *e, size_t args_n, const struct said *args);
#define CHECK(k, rule, n, e, ...)                                                                                      \
  check_add((k), (rule), (n), (e), sizeof((struct str[]){{0}, ##__VA_ARGS__}) / sizeof(struct str) - 1,                \
            &((struct str[]){{0}, ##__VA_ARGS__})[1])
/* The same, arguments as struct said. */
#define CHECK_SAID(k, rule, n, e, ...)                                                                                 \
  check_add_said((k), (rule), (n), (e), sizeof((struct said[]){__VA_ARGS__}) / sizeof(struct said),                    \
                 (struct said[]){__VA_ARGS__})
struct place check_place(struct checker *k, const struct node *n);
/* Tells a finding about n (NULL: none) by the path of its parent, of which n is no part: the line stays that of n. */
void check_told_of_parent(struct checker *k, struct finding *f, const struct node *n);

/* profile_walk.c: a node against an element, and against a whole schema. */
void check_element(struct checker *k, const struct node *n, const struct schema_element *e, struct str type);
void check_children(struct checker *k, const struct node *n, const struct schema_element *e);
const struct outcome *check_outcome(struct checker *k, const struct node *n, struct schema *s);
/* The same, its findings added to those of now. */
void check_against(struct checker *k, const struct node *n, struct schema *s);
/* True if n conforms: no error (what is undecided does not count against it). */
bool check_conforms(struct checker *k, const struct node *n, struct schema *s);
/* True if that is because something is undecided: whoever goes on as if n conformed adds it to the findings of now. */
bool check_is_open(struct checker *k, const struct node *n, struct schema *s);
void check_add_open(struct checker *k, const struct node *n, struct schema *s);
void check_resource(struct checker *k, const struct node *n);
/* True once a limit of the call is passed (k->limit): what is left is not judged. */
bool check_past_limit(struct checker *k);

/* profile_cardinality.c */
void check_cardinality(struct checker *k, const struct node *parent, const struct schema_element *e,
                       const struct node *const *nodes, size_t n);
void check_listed(struct checker *k, const struct schema_element *e, const struct node *const *nodes, size_t n);
/* profile_type.c */
struct str check_type_of(const struct schema_element *e, const struct node *n);
bool check_type(struct checker *k, const struct node *n, const struct schema_element *e, struct str type);
void check_types(struct checker *k, const struct node *n, const struct schema_element *e, struct str type);
bool type_is_primitive(struct str type);
/* The type as it is written in definitions: string, though a choice's name ends with String. */
struct str type_written(struct checker *k, struct str type);
/* profile_primitive.c */
void check_primitive(struct checker *k, const struct node *n, struct str type);
void check_attachment(struct checker *k, const struct node *n);
/* profile_fixed.c */
void check_values(struct checker *k, const struct node *n, const struct schema_element *e, struct str type);
/* k NULL: to the letter; else a code system that no package defines may be another of the same name that one does. */
bool value_is_fixed(struct checker *k, const struct node *value, const struct node *n);
bool value_fits_pattern(struct checker *k, const struct node *pattern, const struct node *n);
/* profile_describe.c: the value for people, cut where it is long: "urn:oid:1.2|x" of a code. */
struct str value_text(struct arena *a, const struct node *n);
/* profile_slicing.c */
void check_slices(struct checker *k, const struct node *parent, const struct schema_element *e,
                  const struct node *const *nodes, size_t n);
/* profile_discriminator.c: 1 yes, 0 no, -1 cannot say, DISCRIMINATOR_SILENT: the slice says nothing of it. */
#define DISCRIMINATOR_SILENT 2
int discriminator_match(struct checker *k, const struct node *n, const struct schema_element *slice,
                        const struct discriminator *d);
/* What was compared and did not fit: the definition's side, and in found the instance's. */
struct miss {
  enum discriminator_kind kind;
  const struct schema_element *e; /* NULL: a definition that is not there, known by its url only */
  struct str url;
};
struct misses {
  struct miss *v;
  size_t n, cap;
  const struct node **found;
  size_t found_n;
};
/* The same comparison once more, with what did not fit. */
void discriminator_misses(struct misses *out, struct checker *k, const struct node *n,
                          const struct schema_element *slice, const struct discriminator *d);
/* profile_binding.c */
void check_binding(struct checker *k, const struct node *n, const struct schema_element *e, struct str type);
enum terminology_answer binding_member(struct checker *k, const struct node *n, struct str type, struct str value_set,
                                       const struct schema *from, struct str *why);
void check_coding(struct checker *k, const struct node *n);
void check_identifier(struct checker *k, const struct node *n);
/* profile_reference.c */
void check_reference(struct checker *k, const struct node *n, const struct schema_element *e,
                     const struct element_type *type);
const struct node *reference_resolve(struct checker *k, const struct node *from, struct str reference);
/* The type that a literal reference names, empty if none. */
struct str reference_type(struct str reference);
/* profile_invariant.c */
void check_invariants(struct checker *k, const struct node *n, const struct schema_element *e);
/* profile_extension.c */
void check_extension(struct checker *k, const struct node *n);
/* profile_bundle.c */
void check_bundle(struct checker *k, const struct node *n);
const struct node *bundle_above(const struct node *n, const struct node **entry);
/* profile_narrative.c */
void check_narrative(struct checker *k, const struct node *div);
void check_narrative_control(struct checker *k, const struct node *text, const struct schema_element *e);
void check_ids(struct checker *k, const struct node *resource);

/* profile_why.c: the reasons of a finding. */
#define WHY_CANDIDATES_MAX 5 /* repetitions, profiles or targets that are told about */
#define WHY_REASONS_MAX 3    /* of each of them */
struct said why_printf(struct checker *k, const char *en, const char *da, struct str x, struct str y);
/* "once", "3 times"; "none", "3". */
struct said why_times(struct checker *k, size_t n);
struct said why_number(struct checker *k, size_t n);
/* "and 3 more", when n is not 0. */
void why_more(struct checker *k, struct reasons *r, int depth, size_t n);
/* The errors among found, with their own reasons below them. */
void why_findings(struct checker *k, struct reasons *r, int depth, const struct findings *found);
/* Why n does not conform to the profile. */
void why_profile(struct checker *k, struct reasons *r, const struct node *n, struct schema *s);
/* For each of these profiles that is there: why n does not conform to it. */
void why_profiles(struct checker *k, struct reasons *r, const struct node *n, const struct schema *from,
                  const struct strs *profiles);
/* profile_slicing_why.c: for each node: why it does not belong to the slice; the discriminators are those of its
 * slicing. */
void why_no_slice(struct checker *k, struct reasons *r, const struct node *const *nodes, size_t n,
                  const struct schema_element *slice, const struct discriminator *d, size_t d_n);
/* Why the node belongs to none of the slices of e. */
void why_in_no_slice(struct checker *k, struct reasons *r, const struct node *n, const struct schema_element *e,
                     const struct discriminator *d, size_t d_n);

/* profile.c: one judgement, versions taken as from's package has them. */
struct profile_question {
  const struct node *resource;
  struct str message;
  const struct profile_options *options;
};
/* A checker that has found nothing yet; f is where it puts what it finds. */
void checker_init(struct checker *k, struct findings *f, struct arena *a, const struct profile_question *q);
void profile_judge(struct findings *f, struct arena *a, const struct profile_question *q, const struct schema *from);
/* profile_versions.c: the same, where from is to be found out. */
void profile_judge_versions(struct findings *f, struct arena *a, const struct profile_question *q);
/* profile_observation.c */
void check_vital_signs(struct checker *k, const struct node *observation);
/* profile_definition_codes.c */
void check_code_system(struct checker *k, const struct node *n);
void check_value_set(struct checker *k, const struct node *n);
void check_questionnaire(struct checker *k, const struct node *n);
/* profile_definition.c */
void check_definition(struct checker *k, const struct node *n);
/* What makes an element this slice, for one that is missing altogether. */
void why_slice(struct checker *k, struct reasons *r, const struct schema_element *slice, const struct discriminator *d,
               size_t d_n);
/* profile_codes_why.c: the codes of the value set or system, if they are few, or those like the one at n. f may be
 * NULL. */
void why_value_set(struct checker *k, struct finding *f, const struct node *n, const struct schema_element *e,
                   struct str value_set);
void why_code_system(struct checker *k, struct finding *f, struct str system, struct str code);

/* The nearest resource at or above n. */
const struct node *check_resource_above(const struct node *n);

#endif
