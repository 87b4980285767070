/* lint_int: what the files of lint share. */
#ifndef LINT_LINT_INT_H
#define LINT_LINT_INT_H

#include "base/map.h"
#include "fhir/shapes.h"
#include "lint/lint.h"
#include "standards/register.h"

enum lint_rule {
  LINT_FIXTURE_MISSING,    /* {1} file */
  LINT_FIXTURE_OUTSIDE,    /* {1} file */
  LINT_FIXTURE_UNREADABLE, /* {1} why */
  LINT_FIXTURE_OWN,        /* {1} name */
  LINT_RULES_FILE,         /* {1} why */
  LINT_VARIABLE,           /* {1} name */
  LINT_VARIABLE_NEAR,      /* {1} name, {2} nearest */
  LINT_VARIABLE_FACT,      /* {1} name, {2} the part that is no fact */
  LINT_VARIABLE_EARLY,     /* {1} name, {2} line that gives it */
  LINT_VARIABLE_PLACE,     /* {1} name */
  LINT_VARIABLE_TIME,      /* {1} name */
  LINT_VARIABLE_OPEN,
  LINT_REGISTER,          /* {1} why */
  LINT_VENDOR_VARIABLE,   /* {1} name, {2} vendor file */
  LINT_WITH_UNUSED,       /* {1} label, {2} fixture */
  LINT_NAME,              /* {1} name */
  LINT_NAME_NEAR,         /* {1} name, {2} nearest */
  LINT_NAME_EARLY,        /* {1} name, {2} line that gives it */
  LINT_NAME_VARIABLE,     /* {1} name: a captured value, not a message */
  LINT_FHIRPATH_NAME,     /* {1} name */
  LINT_ALWAYS_TRUE,       /* {1} expression */
  LINT_OWN_MESSAGE,       /* {1} name */
  LINT_IMPOSSIBLE,        /* {1} why */
  LINT_UNUSED_PARAMETER,  /* {1} name */
  LINT_NO_DURATION,       /* {1} value, {2} step that uses it as one */
  LINT_UNUSED_VALUE,      /* {1} name */
  LINT_UNUSED_FRAGMENT,   /* {1} name */
  LINT_UNUSED_CAPABILITY, /* {1} name */
  LINT_NEVER_VERIFIED,    /* {1} id */
  LINT_NO_REQUIREMENT,    /* {1} id */
  LINT_SAME_TEXT,         /* {1} text */
  LINT_NO_ACTION,         /* {1} step */
  LINT_EMPTY_SECTION,
  LINT_CAPABILITY,       /* {1} capability, {2} vendor file */
  LINT_CAPABILITY_WRONG, /* {1} capability, {2} nearest; the vendor file has not the first */
  LINT_CAPABILITY_NEAR,  /* {1} capability, {2} nearest; no vendor file is given */
  LINT_CAPABILITY_NEW,   /* {1} capability, unlike any; no vendor file is given */
  LINT_EITHER,           /* {1} group */
  LINT_FITS,             /* {1} why */
  LINT_RULES_N
};
extern const struct rule lint_rules[LINT_RULES_N];

/* What a name given with `as` stands for. */
struct lint_name {
  struct str name;
  const struct node *node;
  const struct source *from; /* where it is written; NULL of a lost one */
  bool variable;             /* of `capture`; else a message */
  bool given;                /* by a step before the one at hand */
  bool lost;                 /* by a step that could not be read: it may be anything */
  bool ours;                 /* a message that testcamp makes */
  bool used;                 /* a captured value that some text holds */
};

struct lint {
  struct findings *findings;
  struct arena *arena;
  const struct protocol *protocol;
  const struct source *source; /* of the step at hand: the protocol, or a file of fragments */
  const struct vendor *vendor; /* or NULL */
  const char *fixtures;        /* folder */
  const char *data_dir;
  const struct sor_register *units; /* read when one is named first; NULL before */
  struct map names;                 /* of the whole protocol: name -> struct lint_name */
  struct map capabilities;          /* those complained of */
  struct map known;                 /* capabilities: of the example, of the protocol */
  struct map parameters;            /* names of those that are used */
  struct shapes *shapes;            /* read with the first FHIRPath; NULL before, or if there are none in data_dir */
  bool shapes_tried;
};

/* What may be used in a text besides what can be used everywhere. */
struct lint_scope {
  bool making;             /* ${uuid:...}, ${now...} */
  bool parties;            /* ${from...}, ${to...} */
  const struct node *with; /* labels of a send; may be NULL */
};

/* lint.c */

#define LINT(l, rule, place, ...) lint_complain((l), (rule), (place), (struct str[]){__VA_ARGS__})
/* Adds a finding with up to two arguments, unless an error of that place is there already. */
void lint_complain(struct lint *l, enum lint_rule rule, struct place at, const struct str *args);
struct place lint_place(struct lint *l, const struct node *n);
/* The place of an offset in a scalar's text: exact where the scalar stands on one line as it is written. */
struct place lint_place_in(struct lint *l, const struct node *scalar, size_t offset);
const struct lint_name *lint_name(const struct lint *l, struct str name);
/* Notes that a text holds its value. */
void lint_name_used(const struct lint *l, struct str name);
/* With that for each ${...}: its value is not known yet. */
struct str lint_without_variables(struct arena *a, struct str text, char by);
/* The nearest of two words so far; "" if nothing is near. */
void lint_nearer(struct str word, struct str known, struct str *best, size_t *distance);

/* names.c */

/* Collects all names of the protocol. */
void names_collect(struct lint *l);
/* Checks the names that a step uses, and the %names of its FHIRPath. */
void names_check(struct lint *l, const struct step *s);
/* From here on the name that this step gives is known. */
void names_give(struct lint *l, const struct step *s);

/* variables.c */

/* Checks each ${...} in the scalars at and below n. */
void variables_check(struct lint *l, const struct node *n, const struct lint_scope *scope);
/* The same in the bytes of a fixture, called name in findings. */
void variables_check_bytes(struct lint *l, struct source fixture, const struct lint_scope *scope);

/* useless.c */

/* What a step asks that no system can change, or that no message can hold; texts that were not translated. */
void useless_check_step(struct lint *l, const struct step *s);
/* Parameters, captured values, capabilities and fragments of the protocol's own file that nothing uses, requirements
 * that it lists and no step shows; all steps were checked. */
void useless_check_unused(struct lint *l);

/* fixtures.c */

/* Checks the files that a step names, and what is in them. */
void fixtures_check(struct lint *l, const struct step *s);

#endif
