#define PCRE2_CODE_UNIT_WIDTH 8
#include "seal/blackout.h"

#include "formats/deep.h"

#include <pcre2.h>

#define MATCH_LIMIT 1000000
#define PCRE_TEXT_MAX 200

struct search {
  pcre2_code *code;
  pcre2_match_data *data;
  pcre2_match_context *limits;
  int failed; /* PCRE2's code, 0 if none */
};

/* An empty match blacks out nothing: it is passed over. */
static size_t next(void *context, struct str bytes, size_t from, size_t *end) {
  struct search *s = context;
  for (; from < bytes.n && !s->failed; from++) {
    int rc = pcre2_match(s->code, (PCRE2_SPTR)bytes.p, bytes.n, from, 0, s->data, s->limits);
    if (rc == PCRE2_ERROR_NOMATCH) return SIZE_MAX;
    if (rc < 0) {
      s->failed = rc;
      return SIZE_MAX;
    }
    const PCRE2_SIZE *span = pcre2_get_ovector_pointer(s->data);
    *end = span[1];
    if (span[1] > span[0]) return span[0];
    from = span[0];
  }
  return SIZE_MAX;
}

static int wrong(struct str pattern, int code, struct error *e) {
  PCRE2_UCHAR text[PCRE_TEXT_MAX];
  if (pcre2_get_error_message(code, text, sizeof text) < 0) text[0] = 0;
  return error_set(e, ERR_SYNTAX, "pattern \"%.*s\": %s", STR_F(pattern), (const char *)text);
}

int black_out(struct str *out, size_t *n, struct arena *a, struct str bytes, struct str pattern, struct error *e) {
  int code;
  PCRE2_SIZE at;
  struct search s = {.code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, 0, &code, &at, NULL)};
  if (!s.code) return wrong(pattern, code, e);
  s.data = pcre2_match_data_create_from_pattern(s.code, NULL);
  s.limits = pcre2_match_context_create(NULL);
  if (!s.data || !s.limits) BUG("out of memory: a pattern");
  pcre2_set_match_limit(s.limits, MATCH_LIMIT);
  const struct deep_finder f = {.next = next, .context = &s};
  *n = deep_blank(out, a, bytes, &f);
  pcre2_match_context_free(s.limits);
  pcre2_match_data_free(s.data);
  pcre2_code_free(s.code);
  return s.failed ? wrong(pattern, s.failed, e) : 0;
}
