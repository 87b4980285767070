#include "console/assets.h"

#include <criterion/criterion.h>
#include <string.h>

/* A merge once lost a "}" of a media query: all that stood behind it held on phones only. */
Test(assets, style_sheet_closes_what_it_opens) {
  int depth = 0, deepest = 0;
  const struct asset *css = assets;
  while (css->name && strcmp(css->name, "style.css") != 0) css++;
  cr_assert(css->name);
  for (size_t i = 0; i < css->n; i++) {
    depth += css->bytes[i] == '{' ? 1 : css->bytes[i] == '}' ? -1 : 0;
    if (depth > deepest) deepest = depth;
  }
  cr_expect_eq(depth, 0);
  cr_expect_eq(deepest, 2, "rules stand in a media query, and no media query in another");
}
