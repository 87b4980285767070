/* profile: judges a FHIR resource against StructureDefinitions: compile, then check.
 *
 * A struct profile_cache holds the schemas compiled from a book, made when first needed, and lives in the arena that
 * it was given, as long as the book. profile_validate checks one resource: its base type, the profiles asked for, the
 * profiles it names in meta.profile (at every level: entries of a Bundle and contained resources too), with everything
 * these profiles demand of what they contain and refer to. It lists all findings and never stops at the first; what
 * cannot be judged (a profile, code system or function that is not there) is a finding of severity undecided with the
 * reason. Each finding's place has the FHIRPath of the element; it names the profile and element that demand it, and
 * says why: for slices, targets of references and choices of profiles, what each candidate lacks. Sources: FHIR
 * R4 4.0.1, 2.6 (formats), 5.1 (profiling), 5.3 (StructureDefinition), 2.5 (Bundle, messaging). */
#ifndef VALIDATE_PROFILE_H
#define VALIDATE_PROFILE_H

#include "fhir/book.h"
#include "fhir/shapes.h"

#define PROFILE_DEPTH_MAX 300      /* nesting of elements, and of resources checked because of a reference */
#define PROFILE_VERSIONS_MAX 20    /* versions of a profile that are tried */
#define PROFILE_WORK_MAX 20000000  /* elements checked against a definition in one call */
#define PROFILE_MEGABYTES_MAX 1536 /* of the scratch arena, what is in it already included */
#define PROFILE_COSTLY_MAX 10      /* constraints that may end at a limit of FHIRPath (fhir/fhirpath.h) in one call */

struct profile_cache;

struct profile_options {
  struct profile_cache *cache;
  const struct str *profiles; /* canonicals that the resource must conform to, besides those it names */
  size_t profiles_n;
  enum resource_form form; /* XML: the order of elements counts */
  bool in_run;             /* of a test: a Provenance may refer to an earlier message, addresses may be invented */
};

/* An empty cache over a book; shapes may be NULL (then FHIRPath has no types, and paths no indices where there is one
 * item only). All three live as long as the cache. */
struct profile_cache *profile_cache_new(struct arena *a, struct book *b, const struct shapes *shapes);
struct book *profile_cache_book(const struct profile_cache *c);
/* Adds the findings on resource, of the message called name, to f. a is scratch, and may go afterwards. */
void profile_validate(struct findings *f, struct arena *a, const struct node *resource, struct str message,
                      const struct profile_options *o);

/* Lets expressions over that resource ask memberOf(), conformsTo() and htmlChecks(): fills those answers of env (and
 * its shapes), in a, which lives as long as env is used. */
struct fhirpath_env;
void profile_fhirpath(struct fhirpath_env *env, struct arena *a, const struct node *resource,
                      const struct profile_options *o);

extern const struct rule *const profile_rules;
extern const size_t profile_rules_n;

#endif
