#include "base/template.h"

size_t template_place(const char *p, size_t *length) {
  if (p[0] != '{' || p[1] < '1' || p[1] > '9') return 0;
  bool marked = p[2] && p[2] != '}';
  if (p[2] != '}' && (!marked || p[3] != '}')) return 0;
  *length = marked ? 4 : 3;
  return (size_t)(p[1] - '0');
}

static struct str literal_at(const char *p) {
  size_t n = 0, length;
  while (p[n] && !template_place(p + n, &length)) n++;
  return (struct str){p, n};
}

bool template_matches(const char *t, struct str text, struct str places[TEMPLATE_PLACES_MAX]) {
  struct str *open = NULL; /* the place whose end is looked for */
  for (size_t i = 0; i < TEMPLATE_PLACES_MAX; i++) places[i] = STR("");
  while (*t) {
    size_t length, place = template_place(t, &length);
    if (place) {
      open = &places[place - 1];
      t += length;
      continue;
    }
    struct str literal = literal_at(t);
    bool last = !literal.p[literal.n];
    size_t at = open ? str_find(text, literal, 0) : 0;
    if (open && last) at = text.n < literal.n ? SIZE_MAX : text.n - literal.n;
    if (at == SIZE_MAX || !str_starts(str_sub(text, at, text.n), literal)) return false;
    if (open) *open = str_sub(text, 0, at);
    text = str_sub(text, at + literal.n, text.n);
    open = NULL;
    t += literal.n;
  }
  if (open) *open = text;
  return open || !text.n;
}

size_t template_letters(const char *t) {
  size_t n = 0, length;
  while (*t) {
    if (template_place(t, &length)) {
      t += length;
      continue;
    }
    n += ascii_is_alnum(*t++);
  }
  return n;
}

void template_fill(struct buf *out, const char *t, const struct str places[TEMPLATE_PLACES_MAX]) {
  while (*t) {
    size_t length, place = template_place(t, &length);
    if (!place) buf_byte(out, *t++);
    if (place) buf_add(out, places[place - 1]), t += length;
  }
}
