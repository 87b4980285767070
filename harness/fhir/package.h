/* package: one FHIR NPM package, a .tgz file or an unpacked folder.
 *
 * package_open reads only what the package says of itself (package.json); package_load reads the archive once and
 * finds the definitions in it by resource type, url and version, without parsing them; package_item_node parses one
 * when it is asked for. Bytes and trees live in the arena given to package_open. Of JSON definitions the prose that
 * nothing here uses (narrative, descriptions, mappings) is dropped on loading, so positions in them count in what is
 * left. .index.json is not used: many packages have none. A file in it that cannot be used is a problem (with
 * position), and the rest is used all the same. Source: FHIR NPM package specification 3.0. */
#ifndef FHIR_PACKAGE_H
#define FHIR_PACKAGE_H

#include "base/vec.h"
#include "fhir/definition.h"
#include "fhir/resource.h"

#define PACKAGE_FILE_MAX ((size_t)512 << 20)   /* bytes of a .tgz file */
#define PACKAGE_TOTAL_MAX ((size_t)1 << 30)    /* bytes of all files in it */
#define PACKAGE_MEMBER_MAX ((size_t)128 << 20) /* bytes of one of them */
#define PACKAGE_MEMBERS_MAX 200000             /* number of them */
#define PACKAGE_JSON_MAX ((size_t)1 << 20)     /* bytes of package.json */
#define PACKAGE_PROBLEMS_MAX 100               /* files of it that are told of, of those that cannot be used */
#define PACKAGE_NAME_MAX 200                   /* bytes of a package's name, and of its version */

struct package_dependency {
  struct str name, version;
};

/* A definition in a package, or a loose one (package NULL). */
struct package_item {
  struct str type, url, version, id; /* url may be empty; version is the package's where the definition has none */
  struct str file;                   /* "package/StructureDefinition-x.json" */
  struct package *package;
  struct str bytes;          /* JSON, prose dropped; empty for a loose one */
  struct str image;          /* fhir/image.h; only in a package of a compiled file */
  struct node *node;         /* NULL until asked for */
  bool broken;               /* was asked for and cannot be read */
  struct error *why;         /* of a broken one */
  void *made;                /* the struct structure, value_set or code_system made of it; kept by fhir/book.h */
  struct str supplements;    /* of a CodeSystem that is one: the canonical of what it adds to */
  const void *facts;         /* kept by fhir/facts.h: bytes are lines of facts, not JSON */
  struct package_item *same; /* next one in the package with the same url, of any version and type */
};

struct package {
  struct arena *arena;
  struct str name, version, canonical, title, fhir_version;
  struct str type;   /* "Core", "IG", ... as written; empty if not said */
  struct str date;   /* of publication, "20240627141227"; empty if not said, and from a compiled file */
  struct str origin; /* path of the file or folder; empty when made in memory */
  struct {
    struct package_dependency *v;
    size_t n, cap;
  } dependencies;
  bool part; /* shipped facts that are not all of the published package */
  bool loaded;
  struct {
    struct package_item **v;
    size_t n, cap;
  } items; /* in order of the archive: conformance resources that package_load knows; folders below package/ are left
              out, and so are examples */
  struct {
    struct error *v;
    size_t n, cap;
  } problems; /* files that package_load passed over: broken JSON, or a resourceType that is none; and see package_check
               */
  const void *closure;  /* kept by fhir/book.h */
  struct map by_url;    /* canonical without version -> struct package_item *, then by same */
  struct str tgz;       /* bytes of the file; empty for a folder, and for a package of a compiled file */
  struct str sha256;    /* of the file, in hex: only of a package of a compiled file (fhir/compiled.h) */
  const void *compiled; /* kept by fhir/compiled.h */
  struct str head;      /* kept by fhir/facts.h: lines before the first definition */
};

/* Reads package.json of the .tgz file or folder at path. A folder has package.json itself or in package/. */
MUST_CHECK int package_open(struct package **out, struct arena *a, const char *path, struct error *e);
/* The same from the bytes of a .tgz file (which must live as long as the package); origin is used in errors. */
MUST_CHECK int package_open_bytes(struct package **out, struct arena *a, struct source tgz, struct error *e);
/* Finds the definitions; does nothing the second time. -1 on a hostile or broken archive, of which nothing is kept.
 */
MUST_CHECK int package_load(struct package *p, struct error *e);
/* Parses every definition of a loaded package, for whoever wants to know before one is asked for: those that cannot be
 * read are added to problems. What is parsed is not kept. Call it once. */
void package_check(struct package *p);
/* The item of that canonical, the newest if there are several. type empty: any; version empty: any. NULL if there is
 * none, or the package is not loaded. */
struct package_item *package_find(const struct package *p, struct str type, struct str url, struct str version);
/* The FHIR tree of an item; NULL (and item->broken, item->why) when it cannot be read. */
const struct node *package_item_node(struct package_item *item, struct arena *a);
/* Below, at or above 0 by semantic version: numbers as numbers, a pre-release label before its release. */
int package_version_cmp(struct str a, struct str b);
/* True if a version fits what a dependency asks for: equal, "1.2.x", "1.x", "x", "*", "latest", "current", "dev". */
bool package_version_fits(struct str version, struct str wanted);
/* Splits "NAME@VERSION" or "NAME#VERSION"; version is empty if it is not said. False if the name or version is not
 * one that a package can have. */
bool package_spec_parse(struct str spec, struct str *name, struct str *version);

#endif
