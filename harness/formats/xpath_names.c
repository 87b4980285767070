#include <libxml/xpathInternals.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "formats/xpath_int.h"

#define NAME_MAX_BYTES 128

int xpath_error(struct error *e, struct str expression, size_t at, const char *what, struct str name) {
  int line, col;
  utf8_position(expression, at < expression.n ? at : expression.n, &line, &col);
  struct str shown = name.n ? name : str_sub(expression, 0, NAME_MAX_BYTES);
  return error_at(e, ERR_SYNTAX, STR("XPath"), line, col, "%s: %.*s", what, STR_F(shown));
}

static bool is_name_start(char c) {
  unsigned char u = (unsigned char)c;
  return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || u == '_' || u >= 0x80;
}

static bool is_name_char(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static size_t skip_name(struct str s, size_t at) {
  while (at < s.n && is_name_char(s.p[at])) at++;
  return at;
}

static char byte_at(struct str s, size_t at) {
  return at < s.n ? s.p[at] : '\0';
}

static size_t skip_blanks(struct str s, size_t at) {
  while (at < s.n && strchr(" \t\r\n", s.p[at])) at++;
  return at;
}

/* XPath 1.0 section 3.7: a name before '(' is a function unless it tests a node. */
static bool is_node_type(struct str name) {
  return str_eqz(name, "node") || str_eqz(name, "text") || str_eqz(name, "comment") ||
         str_eqz(name, "processing-instruction");
}

static bool is_operator(struct str name) {
  return str_eqz(name, "and") || str_eqz(name, "or") || str_eqz(name, "div") || str_eqz(name, "mod");
}

static bool knows_prefix(xmlXPathContextPtr ctxt, struct str prefix) {
  char z[NAME_MAX_BYTES];
  if (prefix.n >= sizeof z) return false;
  memcpy(z, prefix.p, prefix.n);
  z[prefix.n] = 0;
  return xmlXPathNsLookup(ctxt, (const xmlChar *)z) != NULL;
}

static bool knows_function(xmlXPathContextPtr ctxt, struct str name) {
  char z[NAME_MAX_BYTES];
  if (name.n >= sizeof z) return false;
  memcpy(z, name.p, name.n);
  z[name.n] = 0;
  return xmlXPathFunctionLookup(ctxt, (const xmlChar *)z) != NULL;
}

/* The name at `from`, ended at `end`; *at becomes what stands behind all of it. */
static int check_name(struct str s, xmlXPathContextPtr ctxt, size_t from, size_t *at, struct error *e) {
  size_t end = skip_name(s, from);
  struct str name = str_sub(s, from, end);
  *at = end;
  if (byte_at(s, end) == ':' && byte_at(s, end + 1) != ':') {
    *at = skip_name(s, end + 1);
    if (!knows_prefix(ctxt, name)) return xpath_error(e, s, from, "unknown prefix", name);
    return byte_at(s, skip_blanks(s, *at)) == '(' ? xpath_error(e, s, from, "unknown function", str_sub(s, from, *at))
                                                  : 0;
  }
  if (byte_at(s, skip_blanks(s, end)) != '(' || is_node_type(name) || is_operator(name)) return 0;
  return knows_function(ctxt, name) ? 0 : xpath_error(e, s, from, "unknown function", name);
}

int xpath_check_names(struct str s, xmlXPathContextPtr ctxt, struct error *e) {
  for (size_t at = 0; at < s.n;) {
    char c = s.p[at];
    if (c == '"' || c == '\'') {
      size_t end = at + 1;
      while (end < s.n && s.p[end] != c) end++;
      at = end + 1;
    } else if (c == '$') {
      return xpath_error(e, s, at, "no variables here", str_sub(s, at, skip_name(s, at + 1)));
    } else if (is_name_start(c)) {
      if (check_name(s, ctxt, at, &at, e)) return -1;
    } else if (is_name_char(c)) {
      at = skip_name(s, at); /* a number */
    } else {
      at++;
    }
  }
  return 0;
}
