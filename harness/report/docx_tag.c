#include "report/docx_int.h"

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind what begins at `from` with that opening and is no tag; 0 if it does not. */
static size_t behind(struct str xml, size_t from, const char *opening, const char *end) {
  if (!str_starts(str_sub(xml, from, xml.n), str_z(opening))) return 0;
  size_t at = str_find(xml, str_z(end), from + str_z(opening).n);
  return at == SIZE_MAX ? xml.n : at + str_z(end).n;
}

static size_t pass_over(struct str xml, size_t from) {
  static const char *const others[][2] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    size_t to = behind(xml, from, others[i][0], others[i][1]);
    if (to) return to;
  }
  return 0;
}

/* Where the '>' of a tag stands: not within the quotes of an attribute. */
static size_t tag_end(struct str xml, size_t at) {
  char quote = 0;
  for (; at < xml.n; at++) {
    char c = xml.p[at];
    if (quote)
      quote = c == quote ? 0 : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '>')
      break;
  }
  return at;
}

static void name_tag(struct docx_tag *t, struct str xml, size_t from, size_t end) {
  size_t to = from, name = from;
  for (; to < end && !is_space(xml.p[to]) && xml.p[to] != '/'; to++)
    if (xml.p[to] == ':') name = to + 1;
  t->prefix = str_sub(xml, from, name);
  t->name = str_sub(xml, name, to);
}

bool docx_next_tag(struct docx_tag *out, struct str xml, size_t *at) {
  for (;;) {
    size_t from = str_find(xml, STR("<"), *at), past;
    if (from == SIZE_MAX) return false;
    past = pass_over(xml, from);
    *at = past;
    if (past) continue;
    size_t end = tag_end(xml, from + 1);
    if (end == xml.n) return false;
    *out = (struct docx_tag){.from = from, .to = end + 1};
    out->closes = xml.p[from + 1] == '/';
    out->empty = !out->closes && xml.p[end - 1] == '/';
    name_tag(out, xml, from + 1 + out->closes, end);
    *at = out->to;
    return true;
  }
}

struct str docx_attribute(const struct docx_tag *t, struct str xml, const char *name) {
  struct str rest = str_sub(xml, t->from + 1, t->to - 1), wanted = str_z(name);
  for (size_t at = 0; at < rest.n;) {
    size_t eq = str_find(rest, STR("="), at), from, to;
    if (eq == SIZE_MAX || eq + 1 >= rest.n) break;
    from = str_find(rest, str_sub(rest, eq + 1, eq + 2), eq + 1) + 1;
    to = str_find(rest, str_sub(rest, eq + 1, eq + 2), from);
    if (to == SIZE_MAX) break;
    struct str key = str_trim(str_sub(rest, at, eq));
    if (str_ends(key, wanted) && (key.n == wanted.n || memchr(": \t\n", key.p[key.n - wanted.n - 1], 4)))
      return str_sub(rest, from, to);
    at = to + 1;
  }
  return (struct str){0};
}
