/* Strings (FHIRPath N1, 5.6). Positions count characters, not bytes. */
#include "base/utf8.h"
#include "fhir/fhirpath_functions.h"

#include <string.h>

/* Byte offset of character n; the length of s if it has fewer. */
static size_t offset_of(struct str s, int64_t n) {
  size_t at = 0;
  while (n-- > 0 && at < s.n) {
    uint32_t cp;
    size_t width = utf8_decode(s, at, &cp);
    at += width ? width : 1;
  }
  return at;
}

/* Input and one argument, both strings: 1 there, 0 one is empty, -1 error. */
static int pair(struct fp_call *c, struct str *input, struct str *arg) {
  int there = fp_input_string(c, input);
  if (there < 0) return -1;
  int given = fp_arg_string(c, 0, arg);
  return given < 0 ? -1 : there && given;
}

static size_t find_last(struct str s, struct str part) {
  size_t found = SIZE_MAX;
  for (size_t at = 0; at + part.n <= s.n; at++)
    if (!memcmp(s.p + at, part.p, part.n)) found = at;
  return found;
}

static int index_of(struct fp_call *c, bool last) {
  struct str s, part;
  int there = pair(c, &s, &part);
  if (there <= 0) return there;
  size_t at = 0;
  if (part.n) at = last ? find_last(s, part) : str_find(s, part, 0);
  if (!part.n && last) at = s.n;
  if (at == SIZE_MAX) return fp_put_int(c->ev, c->out, -1);
  return fp_put_int(c->ev, c->out, (int64_t)utf8_length(str_sub(s, 0, at)));
}

int fp_fn_index_of(struct fp_call *c) {
  return index_of(c, false);
}

int fp_fn_last_index_of(struct fp_call *c) {
  return index_of(c, true);
}

int fp_fn_substring(struct fp_call *c) {
  struct str s;
  int64_t start, length = INT32_MAX;
  int there = fp_input_string(c, &s);
  if (there < 0) return -1;
  int given = fp_arg_int(c, 0, &start);
  if (given < 0) return -1;
  if (c->node->args_n > 1 && fp_arg_int(c, 1, &length) < 0) return -1;
  if (!there || !given || start < 0 || start >= (int64_t)utf8_length(s)) return 0;
  struct str rest = str_sub(s, offset_of(s, start), s.n);
  return fp_put(c->ev, c->out, FHIRPATH_STRING, str_sub(rest, 0, length < 0 ? 0 : offset_of(rest, length)));
}

static bool holds(struct str s, struct str part) {
  return !part.n || str_find(s, part, 0) != SIZE_MAX;
}

static int test(struct fp_call *c, bool (*is)(struct str s, struct str part)) {
  struct str s, part;
  int there = pair(c, &s, &part);
  return there <= 0 ? there : fp_put_bool(c->ev, c->out, is(s, part));
}

int fp_fn_starts_with(struct fp_call *c) {
  return test(c, str_starts);
}

int fp_fn_ends_with(struct fp_call *c) {
  return test(c, str_ends);
}

int fp_fn_contains(struct fp_call *c) {
  return test(c, holds);
}

int fp_fn_upper(struct fp_call *c) {
  struct str s;
  int there = fp_input_string(c, &s);
  return there <= 0 ? there : fp_put(c->ev, c->out, FHIRPATH_STRING, utf8_upper(c->ev->a, s));
}

int fp_fn_lower(struct fp_call *c) {
  struct str s;
  int there = fp_input_string(c, &s);
  return there <= 0 ? there : fp_put(c->ev, c->out, FHIRPATH_STRING, utf8_lower(c->ev->a, s));
}

/* An empty pattern stands between all characters. */
static void replace_between(struct buf *b, struct str s, struct str with) {
  buf_add(b, with);
  for (size_t at = 0; at < s.n;) {
    size_t width = offset_of(str_sub(s, at, s.n), 1);
    buf_add(b, str_sub(s, at, at + width));
    buf_add(b, with);
    at += width;
  }
}

static void replace_all(struct buf *b, struct str s, struct str part, struct str with) {
  size_t from = 0, at;
  while ((at = str_find(s, part, from)) != SIZE_MAX && !b->full) {
    buf_add(b, str_sub(s, from, at));
    buf_add(b, with);
    from = at + part.n;
  }
  buf_add(b, str_sub(s, from, s.n));
}

int fp_fn_replace(struct fp_call *c) {
  struct str s, part, with;
  int there = pair(c, &s, &part);
  if (there < 0) return -1;
  int given = fp_arg_string(c, 1, &with);
  if (given < 0 || !there || !given) return given < 0 ? -1 : 0;
  struct buf b;
  buf_init(&b, FHIRPATH_TEXT_MAX + 1);
  if (part.n)
    replace_all(&b, s, part, with);
  else
    replace_between(&b, s, with);
  return fp_put_buf(c->ev, c->out, &b);
}

int fp_fn_length(struct fp_call *c) {
  struct str s;
  int there = fp_input_string(c, &s);
  return there <= 0 ? there : fp_put_int(c->ev, c->out, (int64_t)utf8_length(s));
}

int fp_fn_to_chars(struct fp_call *c) {
  struct str s;
  int there = fp_input_string(c, &s);
  if (there <= 0) return there;
  while (s.n) {
    size_t width = offset_of(s, 1);
    if (fp_step(c->ev) || fp_put(c->ev, c->out, FHIRPATH_STRING, str_sub(s, 0, width))) return -1;
    s = str_sub(s, width, s.n);
  }
  return 0;
}

int fp_fn_trim(struct fp_call *c) {
  struct str s;
  int there = fp_input_string(c, &s);
  return there <= 0 ? there : fp_put(c->ev, c->out, FHIRPATH_STRING, str_trim(s));
}

int fp_fn_split(struct fp_call *c) {
  struct str s, by;
  int there = pair(c, &s, &by);
  if (there <= 0) return there;
  if (!by.n) return fp_fn_to_chars(c);
  for (;;) {
    size_t at = str_find(s, by, 0);
    if (fp_step(c->ev)) return -1;
    if (fp_put(c->ev, c->out, FHIRPATH_STRING, str_sub(s, 0, at == SIZE_MAX ? s.n : at))) return -1;
    if (at == SIZE_MAX) return 0;
    s = str_sub(s, at + by.n, s.n);
  }
}

int fp_fn_join(struct fp_call *c) {
  struct str by = {0};
  if (c->node->args_n && fp_arg_string(c, 0, &by) < 0) return -1;
  if (!c->input->n) return 0;
  struct buf b;
  buf_init(&b, FHIRPATH_TEXT_MAX + 1);
  for (size_t i = 0; i < c->input->n; i++) {
    if (i) buf_add(&b, by);
    if (c->input->v[i].type == FHIRPATH_STRING) {
      buf_add(&b, c->input->v[i].text);
      continue;
    }
    buf_release(&b);
    return fp_error(c->ev, ERR_SYNTAX, "join() needs Strings, not %s", fhirpath_type_name(c->input->v[i].type));
  }
  return fp_put_buf(c->ev, c->out, &b);
}
