/* compiled_int: the form of a compiled file. All numbers in the machine's own order, offsets from the start of the
 * file.
 */
#ifndef FHIR_COMPILED_INT_H
#define FHIR_COMPILED_INT_H

#include "fhir/compiled.h"
#include "fhir/image.h"
#include "fhir/package_int.h"

#define COMPILED_MAGIC "TCBOOK\n\0"
#define COMPILED_ORDER UINT32_C(0x01020304)

/* A run of bytes in the file. */
struct compiled_ref {
  uint32_t at, n;
};

/* A run of rows. */
struct compiled_rows {
  uint32_t at, n;
};

struct compiled_header {
  char magic[8];
  uint32_t version, order;
  uint64_t size;
  char key[SHA256_HEX];    /* of the names, sizes and times of the inputs */
  char digest[SHA256_HEX]; /* of what stands between the header and the images */
  struct compiled_rows packages, dependencies, items, problems;
  struct compiled_rows images; /* a struct compiled_ref for each item; n 0: none */
  uint64_t images_from;        /* where they begin */
};

#define COMPILED_PACKAGE_TEXTS 10
#define COMPILED_ITEM_TEXTS 7

struct compiled_package {
  struct compiled_ref text[COMPILED_PACKAGE_TEXTS]; /* as put_package orders them */
  struct compiled_rows dependencies, items;         /* at: index of the first row */
};

struct compiled_dependency {
  struct compiled_ref name, version;
};

struct compiled_item {
  struct compiled_ref text[COMPILED_ITEM_TEXTS]; /* type url version id file supplements bytes */
};

/* Makes the bytes of a compiled file of all packages of b, which are loaded by it. */
MUST_CHECK int compiled_make(struct buf *out, struct book *b, const char key[SHA256_HEX + 1], struct error *e);
/* Adds the packages of a compiled file, its bytes mapped and open as fd (-1: images are taken from the bytes); false
 * (and nothing added) if the bytes are not sound or of another key. */
bool compiled_use(struct book *b, struct str bytes, int fd, const char key[SHA256_HEX + 1], const char *dir);
/* The definition of an item from its image, in a; NULL if there is none or it is damaged. */
void *compiled_definition(struct arena *a, enum image_kind kind, const struct package_item *item);
/* Fills p->items from the rows. */
void compiled_load(struct package *p);

#endif
