/* coverage_print: coverage as text for a terminal, as a page of docs/, and as lines for other programs. */
#ifndef CLI_COVERAGE_PRINT_H
#define CLI_COVERAGE_PRINT_H

#include "cli/cli.h"
#include "protocol/coverage.h"
#include "standards/fidelity.h"

struct coverage_format {
  const char *name;
  /* The notes are those that concern one of the protocols; text alone can be Danish. */
  void (*print)(struct buf *out, const struct coverage *c, const struct fidelity_notes *notes, bool danish);
};

/* "text", "markdown", "tsv"; NULL. */
const struct coverage_format *coverage_format_named(const char *name);

#endif
