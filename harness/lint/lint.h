/* lint: what is wrong with a protocol although it can be read.
 *
 * protocol_read finds wrong keys and values, and a step's own parse finds broken expressions; lint looks at what needs
 * the whole protocol and the files around it: fixtures, variables in texts and fixtures, names that no step has given
 * yet, capabilities that a vendor file lacks, assertions that cannot fail. Each finding has file, line and column, in
 * the protocol or in the fixture. Where protocol_read complained of the same place already, lint is silent. */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "plan/vendor.h"
#include "protocol/insert.h"

/* Largest fixture and file of match rules that is looked into. */
#define LINT_FIXTURE_MAX ((size_t)128 << 20)
#define LINT_RULES_MAX ((size_t)1 << 20)

/* Appends the findings to f; -1 when one of them is an error. fixtures/ and the example vendor, which knows the
 * capabilities, are looked for in data_dir; without a vendor a capability is told of only when it is no known one, and
 * how many persons and counterparts there are is not checked. p may be what protocol_read left of a protocol with
 * errors. */
int lint_protocol(struct findings *f, struct arena *a, const struct protocol *p, const char *data_dir,
                  const struct vendor *vendor_or_null);

/* The same for steps that were put into a protocol only (protocol/insert.h), which are written in src. */
int lint_insert(struct findings *f, struct arena *a, const struct protocol *p, const struct insert *in,
                struct source src, const char *data_dir, const struct vendor *vendor_or_null);

extern const struct rule *const lint_rule_table;
extern const size_t lint_rule_table_n;

#endif
