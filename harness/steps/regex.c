/* Patterns of assert, bounded: a pattern of a protocol must not hang the harness. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "steps/steps_int.h"

#define REGEX_MATCH_LIMIT 1000000
#define REGEX_MESSAGE_MAX 200

static int regex_compile(pcre2_code **out, struct str pattern, struct error *e) {
  int code;
  size_t at;
  char text[REGEX_MESSAGE_MAX];
  *out = pcre2_compile((PCRE2_SPTR)(pattern.n ? pattern.p : ""), pattern.n, PCRE2_UTF, &code, &at, NULL);
  if (*out) return 0;
  pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof text);
  return error_at(e, ERR_SYNTAX, (struct str){0}, 1, (int)at + 1, "the pattern is none: %s", text);
}

int regex_check(struct str pattern, struct error *e) {
  pcre2_code *code;
  if (regex_compile(&code, pattern, e) < 0) return -1;
  pcre2_code_free(code);
  return 0;
}

int regex_match(bool *out, struct str pattern, struct str text, struct error *e) {
  pcre2_code *code;
  *out = false;
  if (regex_compile(&code, pattern, e) < 0) return -1;
  pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
  pcre2_match_context *limits = pcre2_match_context_create(NULL);
  pcre2_set_match_limit(limits, REGEX_MATCH_LIMIT);
  pcre2_set_depth_limit(limits, REGEX_MATCH_LIMIT);
  int found = pcre2_match(code, (PCRE2_SPTR)(text.n ? text.p : ""), text.n, 0, 0, data, limits);
  pcre2_match_context_free(limits);
  pcre2_match_data_free(data);
  pcre2_code_free(code);
  *out = found >= 0;
  if (found >= 0 || found == PCRE2_ERROR_NOMATCH) return 0;
  return error_set(e, ERR_LIMIT, "the pattern could not be matched (PCRE2 error %d)", found);
}
