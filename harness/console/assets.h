/* assets: what is in harness/console/static, built into the program (CMakeLists.txt). */
#ifndef CONSOLE_ASSETS_H
#define CONSOLE_ASSETS_H

#include <stddef.h>

struct asset {
  const char *name; /* "style.css" */
  const unsigned char *bytes;
  size_t n;
};

extern const struct asset assets[]; /* ended by one without a name */

#endif
