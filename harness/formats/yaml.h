/* yaml: strict YAML for the files that people write (libyaml events).
 *
 * Refused with a finding: duplicate keys, anchors and aliases, tags, merge keys,
 * more than one document, keys that are not scalars, invalid UTF-8, tabs where
 * YAML forbids them. Scalars keep their literal ("3.10" is not "3.1"); an empty
 * plain scalar, "null" and "~" are NULL nodes. Any finding of severity error
 * gives -1, but reading goes on where it can so that all are listed. */
#ifndef FORMATS_YAML_H
#define FORMATS_YAML_H

#include "formats/node.h"

#define YAML_DEPTH_MAX 64
#define YAML_NODES_MAX 200000
#define YAML_BYTES_MAX ((size_t)8 << 20)

int yaml_read(struct node **out, struct arena *a, struct source src, struct findings *f);

#endif
