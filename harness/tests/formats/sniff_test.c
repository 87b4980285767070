#include "formats/sniff.h"

#include <criterion/criterion.h>

static const struct {
  struct str bytes;
  const char *expected;
} cases[] = {
    {STR_INIT(""), "empty"},
    {STR_INIT(" \r\n\t"), "empty"},
    {STR_INIT("\xEF\xBB\xBF"), "empty"},
    {STR_INIT("{}"), "json"},
    {STR_INIT("\xEF\xBB\xBF \n[1]"), "json"},
    {STR_INIT("<a/>"), "xml"},
    {STR_INIT("\n<?xml"), "xml"},
    {STR_INIT("\xFF\xFE<\0a\0"), "xml"},
    {STR_INIT("UNA:+.? '"), "edifact"},
    {STR_INIT("\r\nUNB+UNOC"), "edifact"},
    {STR_INIT("UNH+"), "unknown"},
    {STR_INIT("%PDF"), "unknown"},
    {STR_INIT("\0"), "unknown"},
};

Test(sniff, by_the_first_bytes) {
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_expect_str_eq(sniff_name(sniff_bytes(cases[i].bytes)), cases[i].expected, "case %zu", i);
}
