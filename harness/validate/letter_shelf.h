/* letter_shelf: what OIOXML letters are judged by, kept from one to the next.
 *
 * A shelf has the catalogue of letters, the structures that are shipped, and, where the operator has a folder of
 * MedCom's schemas, those of them that were needed, compiled. It is filled when something is asked of it and lives in
 * the arena that it was made in. */
#ifndef VALIDATE_LETTER_SHELF_H
#define VALIDATE_LETTER_SHELF_H

#include "base/finding.h"
#include "base/hash.h"
#include "standards/letters.h"
#include "standards/outline.h"

struct letter_shelf {
  struct arena *arena;
  const char *schemas; /* folder with YYYY/MM/DD/EMessage.xsd in it; NULL: none, the shipped structures are used */
  const char *data_dir;
  struct letters *letters;
  struct map structures, compiled; /* by namespace */
};

void letter_shelf_init(struct letter_shelf *s, struct arena *a, const char *schemas);
/* The catalogue. */
MUST_CHECK int letter_shelf_letters(struct letter_shelf *s, const struct letters **out, struct error *e);
/* The structure of a namespace; *out is NULL, and 0 returned, if none is shipped. */
MUST_CHECK int letter_shelf_structure(struct letter_shelf *s, struct str ns, const struct outline **out,
                                      struct error *e);
/* Whether a folder can be one of schemas: it is there, and has a schema of some namespace. */
MUST_CHECK int letter_schemas_check(const char *folder, struct arena *a, struct error *e);
/* SHA-256 in hex over the schemas (.xsd) of a folder and those in it: names within the folder, and content, in the
 * order of their names. Where the folder lies does not count. A schema that cannot be read is an error. */
MUST_CHECK int letter_schemas_digest(char out[SHA256_HEX + 1], const char *folder, struct arena *a, struct error *e);

extern const struct rule *const oioxml_rules;
extern const size_t oioxml_rules_n;

#endif
