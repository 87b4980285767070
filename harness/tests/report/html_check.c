#include "html_check.h"

#include "base/error.h"
#include "base/utf8.h"

#include <ctype.h>

#define DEPTH 128

struct cursor {
  struct html_check *c;
  struct str s;
  size_t at;
  struct str stack[DEPTH];
  int depth;
};

static void problem(struct cursor *k, const char *what, struct str about) {
  if (k->c->problem.n) return;
  k->c->problem =
      arena_printf(k->c->a, "%s at byte %zu: %.*s", what, k->at, (int)(about.n < 80 ? about.n : 80), about.p);
}

static bool is_void(struct str name) {
  static const char *const names[] = {"meta", "br", "hr", "img", "link", "input", "col"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_eqz(name, names[i])) return true;
  return false;
}

static struct str name_at(struct cursor *k) {
  size_t from = k->at;
  while (k->at < k->s.n && (isalnum((unsigned char)k->s.p[k->at]) || k->s.p[k->at] == '-')) k->at++;
  return str_sub(k->s, from, k->at);
}

static bool eat(struct cursor *k, const char *z) {
  struct str want = str_z(z);
  if (!str_starts(str_sub(k->s, k->at, k->s.n), want)) return false;
  k->at += want.n;
  return true;
}

static struct str unescaped(struct cursor *k, struct str s) {
  static const struct {
    const char *from, *to;
  } table[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};
  struct buf b;
  buf_init(&b, s.n + 1);
  for (size_t i = 0; i < s.n;) {
    size_t t = 0;
    if (s.p[i] == '<') problem(k, "a bare < in a value", s);
    for (; t < 4; t++)
      if (str_starts(str_sub(s, i, s.n), str_z(table[t].from))) break;
    if (t == 4 && s.p[i] == '&') problem(k, "an unknown entity", str_sub(s, i, s.n));
    if (t < 4)
      buf_addz(&b, table[t].to);
    else
      buf_byte(&b, s.p[i]);
    i += t < 4 ? str_z(table[t].from).n : 1;
  }
  return buf_take(&b, k->c->a);
}

static void take_attr(struct cursor *k) {
  struct str name = name_at(k);
  if (!name.n || !eat(k, "=\"")) {
    problem(k, "an attribute that is not name=\"value\"", str_sub(k->s, k->at, k->at + 40));
    k->at = k->s.n;
    return;
  }
  size_t end = str_find(k->s, STR("\""), k->at);
  struct str value = unescaped(k, str_sub(k->s, k->at, end));
  k->at = end == SIZE_MAX ? k->s.n : end + 1;
  VEC_PUSH(k->c->a, &k->c->attrs, name);
  if (str_eqz(name, "href")) VEC_PUSH(k->c->a, &k->c->links, value);
  if (str_eqz(name, "src")) VEC_PUSH(k->c->a, &k->c->sources, value);
  if (!str_eqz(name, "id")) return;
  if (!value.n) problem(k, "an empty id", value);
  if (!map_set(&k->c->ids, value, k)) problem(k, "an id that stands twice", value);
}

static void count(struct cursor *k, struct str name) {
  size_t *n = map_get(&k->c->elements, name);
  if (!n) map_set(&k->c->elements, name, n = ARENA_NEW(k->c->a, size_t));
  ++*n;
}

/* Style and script hold no markup: on to their end tag. */
static void skip_raw(struct cursor *k, struct str name) {
  struct str end = arena_printf(k->c->a, "</%.*s>", STR_F(name));
  size_t at = str_find(k->s, end, k->at);
  if (at == SIZE_MAX) problem(k, "no end of", name);
  k->at = at == SIZE_MAX ? k->s.n : at;
}

static void start_tag(struct cursor *k) {
  struct str name = name_at(k);
  if (!name.n) problem(k, "a < that begins no tag", str_sub(k->s, k->at - 1, k->at + 40));
  count(k, name);
  while (k->at < k->s.n && eat(k, " ")) take_attr(k);
  if (!eat(k, ">")) {
    problem(k, "a start tag that does not end", name);
    k->at = k->s.n;
  }
  if (is_void(name)) return;
  if (k->depth == DEPTH) BUG("too deep");
  k->stack[k->depth++] = name;
  if (str_eqz(name, "style") || str_eqz(name, "script")) skip_raw(k, name);
}

static void end_tag(struct cursor *k) {
  struct str name = name_at(k);
  if (!k->depth || !str_eq(k->stack[k->depth - 1], name)) problem(k, "an end tag that closes nothing", name);
  if (k->depth) k->depth--;
  if (!eat(k, ">")) problem(k, "an end tag that does not end", name);
}

static void text(struct cursor *k) {
  size_t end = str_find(k->s, STR("<"), k->at);
  if (end == SIZE_MAX) end = k->s.n;
  struct str run = str_sub(k->s, k->at, end);
  if (str_index(run, '>') != SIZE_MAX) problem(k, "a bare > in text", run);
  unescaped(k, run);
  k->at = end;
}

static void check_bytes(struct cursor *k) {
  if (utf8_check(k->s) != SIZE_MAX) problem(k, "no UTF-8", STR(""));
  for (size_t i = 0; i < k->s.n; i++) {
    unsigned char b = (unsigned char)k->s.p[i];
    if (b < 0x20 && b != '\n' && b != '\t') problem(k, "a control character", str_sub(k->s, i, i + 20));
  }
}

void html_check(struct html_check *c, struct arena *a, struct str page) {
  *c = (struct html_check){.a = a};
  map_init(&c->ids, a);
  map_init(&c->elements, a);
  struct cursor k = {.c = c, .s = page};
  check_bytes(&k);
  if (!eat(&k, "<!DOCTYPE html>")) problem(&k, "no document type", page);
  while (k.at < k.s.n && !c->problem.n) {
    if (eat(&k, "</"))
      end_tag(&k);
    else if (eat(&k, "<"))
      start_tag(&k);
    else
      text(&k);
  }
  if (k.depth) problem(&k, "elements left open", k.stack[k.depth - 1]);
}

size_t html_check_count(const struct html_check *c, const char *element) {
  const size_t *n = map_get(&c->elements, str_z(element));
  return n ? *n : 0;
}
