/* package_int: what the files of a package share. */
#ifndef FHIR_PACKAGE_INT_H
#define FHIR_PACKAGE_INT_H

#include "fhir/package.h"

/* What stands at the root of a definition. */
struct slim_head {
  struct str type, url, version, id, supplements;
};

enum slim_result {
  SLIM_DONE,     /* out holds the definition without blanks and prose */
  SLIM_UNWANTED, /* a resource that is no definition we use */
  SLIM_ODD       /* not the JSON that a definition is: take it as it stands */
};

/* Copies a definition into out (room for json.n bytes), leaving out what nothing here uses; *n becomes its length. The
 * strings of head borrow from json, or live in a where they had escapes. */
enum slim_result slim_definition(char *out, size_t *n, struct slim_head *head, struct arena *a, struct str json);
/* True for the resource types that packages keep. */
bool slim_wants(struct str type);
/* True if type is one of them but for upper and lower case; *meant is the one. */
bool slim_misspelt(struct str type, struct str *meant);

/* Tells in p->problems why a file that was passed over is no resource, if it looks as if it should be one. */
void package_judge_odd(struct package *p, struct arena *scratch, const struct slim_head *head, struct str name,
                       struct str bytes);
/* Reads package.json into p. */
MUST_CHECK int package_manifest(struct package *p, struct str json, struct error *e);
/* Adds a definition read from bytes (which must live as long as p). Not an error if it is none. */
void package_add_item(struct package *p, const struct slim_head *head, struct str file, struct str bytes);
/* Adds an item that is filled already, and lives as long as p. */
void package_put_item(struct package *p, struct package_item *item);

#endif
