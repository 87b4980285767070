/* The shipped table, the register and the types of FHIR, read once a test. */
#ifndef TESTS_MAPPING_WORLD_H
#define TESTS_MAPPING_WORLD_H

#include "base/clock.h"
#include "base/file.h"
#include "mapping/convert.h"
#include "mapping/correspondence.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)64 << 20)
#define SCHEMAS "legacy/edi-oioxml/data/xml/Schemas/"
#define SAMPLES "legacy/edi-oioxml/test/complete/files/"

struct world {
  struct arena *a;
  struct conversion_rules *rules;
  struct convert_options o;
  struct findings f;
  const char *shared; /* NULL: not here */
};

void world_open(struct world *w);
void world_close(struct world *w);
/* A file of tests/data/mapping. */
struct source world_data(struct world *w, const char *name);
/* A message under fixtures/, with what stands for ${...} in it put in. */
struct source world_fixture(struct world *w, const char *name);
/* A file of the shared folder, or one that was asked for by its whole path. */
struct source world_file(struct world *w, const char *path);
/* Converts; the test ends if it cannot. */
struct conversion world_convert(struct world *w, enum convert_type to, const struct source *in, size_t n);
/* The same, which must fail with this in its text. */
void world_refused(struct world *w, enum convert_type to, const struct source *in, size_t n, const char *text);
struct correspondence world_read(struct world *w, struct source s);
/* True if a finding of this rule was made. */
bool world_told(const struct world *w, const char *rule);
struct source world_out(const struct conversion *c, size_t i);

#endif
