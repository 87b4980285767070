/* book: a set of packages and loose definitions, and look-up of a canonical among them.
 *
 * Owned by whoever made it; all it holds lives in the arena given to book_new. Several versions of one canonical stand
 * side by side. Which one a look-up gives: the version after '|' when there is one; else the one in the package that
 * asks (from) or in its dependencies, the nearest first; else the one in the pinned packages (book_use) and their
 * dependencies; else the newest. Loose resources come before all packages. Packages are read when they are needed,
 * definitions parsed when they are asked for. What was asked for and is not there is listed by book_missing, and what
 * could not be read by book_problems: look-ups themselves never fail, they give NULL. */
#ifndef FHIR_BOOK_H
#define FHIR_BOOK_H

#include "fhir/package.h"

struct book;

#define BOOK_PACKAGES_MAX 2000
#define BOOK_CANONICAL_MAX 2048 /* bytes of a canonical; what is longer is never there, nor listed as missing */
#define BOOK_MISSING_MAX 1000   /* listed; more are dropped */

struct book_missing {
  struct str type;      /* "StructureDefinition", "ValueSet", "CodeSystem", "package"; or any resource type */
  struct str canonical; /* with |version if asked with one; of a package NAME@VERSION */
  struct str asker;     /* NAME@VERSION of the package that asked; empty: a loose one or nobody */
  struct str instead;   /* what was used instead (another version), empty if nothing was */
};

struct book *book_new(struct arena *a);
/* Adds all .tgz files and package folders in dir (not deeper); book_add_compiled (fhir/compiled.h) does it in
 * milliseconds. One that cannot be read is a problem (book_problems), and the others are added; -1 only if dir cannot
 * be listed or holds no package at all. */
MUST_CHECK int book_add_folder(struct book *b, const char *dir, struct error *e);
/* Adds one .tgz file or package folder. One of the same name and version that is there already is kept. */
MUST_CHECK int book_add_package(struct book *b, const char *path, struct error *e);
/* Adds an opened package; takes part in look-ups like any other. */
void book_put_package(struct book *b, struct package *p);
/* Adds a loose definition (FHIR tree, which must live as long as the book); a Bundle adds its entries. What is no
 * definition is passed over. -1 for a definition without url. */
MUST_CHECK int book_add_resource(struct book *b, struct node *resource, struct str file, struct error *e);
/* Reads a loose JSON or XML file, or a Bundle of definitions. */
MUST_CHECK int book_add_file(struct book *b, const char *path, struct error *e);
/* Pins NAME@VERSION with its dependencies; several may be pinned, the first wins. -1 if it is not there. */
MUST_CHECK int book_use(struct book *b, struct str spec, struct error *e);

/* Look-ups; from may be NULL. */
struct structure *book_structure(struct book *b, struct str canonical, const struct package *from);
struct value_set *book_value_set(struct book *b, struct str canonical, const struct package *from);
struct code_system *book_code_system(struct book *b, struct str canonical, const struct package *from);
/* Every version of a structure that the packages hold, newest first, each version once; none of the loose ones. */
size_t book_structure_versions(struct structure ***out, struct book *b, struct str url);
/* True if book_use was called: versions are settled. */
bool book_is_pinned(const struct book *b);
/* The pinned packages with their dependencies, in order of preference. */
size_t book_pinned(struct package ***out, const struct book *b);
/* The StructureDefinition of a base type: "Patient", "HumanName", "code". Not listed as missing. */
struct structure *book_type(struct book *b, struct str type, const struct package *from);
/* Any resource type; the item is not parsed. Not listed as missing. type may be empty: any. */
struct package_item *book_item(struct book *b, const char *type, struct str canonical, const struct package *from);
/* The parsed form of an item of that type; NULL if it is of another type or broken. */
struct structure *book_item_structure(struct book *b, struct package_item *item);
/* All supplements of a code system that are in the pinned packages, in from and its dependencies, or loose. */
size_t book_supplements(struct code_system ***out, struct book *b, struct str system, const struct package *from);

/* All packages, loaded or not, in order of adding. */
size_t book_packages(struct package ***out, struct book *b);
/* The package NAME@VERSION; version empty: the newest; NULL if not there. */
struct package *book_package(struct book *b, struct str name, struct str version);
/* True if a definition of that URL may have been published though it is not here: a package below whose canonical it
 * stands is there in part only. */
bool book_may_lack(const struct book *b, struct str url);
/* True if a package, in whatever version, has a canonical that the URL stands below. */
bool book_has_guide_of(const struct book *b, struct str url);
/* The package itself and its dependencies, nearest first; dependencies that are missing are in book_missing. */
size_t book_closure(struct package ***out, struct book *b, const struct package *p);
/* True if p is used for from, or for one that it depends on, in place of a version that is asked for and not there:
 * what p demands may not be what was meant. HL7's terminology and extension packs count as there in any version. */
bool book_stands_in(struct book *b, const struct package *from, const struct package *p);
/* What was asked for and not found, in order, each once. */
size_t book_missing(const struct book_missing **out, const struct book *b);
/* What could not be read. */
size_t book_problems(const struct error **out, const struct book *b);

#endif
