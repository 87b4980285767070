#include <libxml/encoding.h>
#include <string.h>

#include "formats/xml_int.h"

/* The encoding must be named in so many bytes. */
#define DECLARATION_MAX 512

/* A document grows at most so much on its way to UTF-8 (single bytes to three). */
#define GROWTH_MAX 3

/* The value of encoding="..." in the XML declaration; empty if there is none. */
static struct str declared_encoding(struct str s) {
  struct str head = str_sub(s, 0, DECLARATION_MAX);
  if (!str_starts(head, STR("<?xml"))) return (struct str){0};
  head = str_sub(head, 0, str_find(head, STR("?>"), 0));
  size_t at = str_find(head, STR("encoding"), 0);
  if (at == SIZE_MAX) return (struct str){0};
  struct str rest = str_trim(str_sub(head, at + 8, head.n));
  if (!str_starts(rest, STR("="))) return (struct str){0};
  rest = str_trim(str_sub(rest, 1, rest.n));
  if (!rest.n || (rest.p[0] != '"' && rest.p[0] != '\'')) return (struct str){0};
  char quote = rest.p[0];
  rest = str_sub(rest, 1, rest.n);
  return str_cut(&rest, quote);
}

/* By the first bytes (XML 1.0 appendix F): only encodings whose '<' is not one byte. */
static struct str detected_encoding(struct str s) {
  static const struct {
    struct str head, name;
  } heads[] = {
      {STR_INIT("\xFF\xFE\0\0"), STR_INIT("UCS-4LE")}, {STR_INIT("\0\0\xFE\xFF"), STR_INIT("UCS-4BE")},
      {STR_INIT("\xFF\xFE"), STR_INIT("UTF-16LE")},    {STR_INIT("\xFE\xFF"), STR_INIT("UTF-16BE")},
      {STR_INIT("<\0?\0"), STR_INIT("UTF-16LE")},      {STR_INIT("\0<\0?"), STR_INIT("UTF-16BE")},
  };
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
    if (str_starts(s, heads[i].head)) return heads[i].name;
  return (struct str){0};
}

static bool is_utf8_name(struct str name) {
  return !name.n || str_eq_nocase(name, STR("UTF-8")) || str_eq_nocase(name, STR("UTF8")) ||
         str_eq_nocase(name, STR("US-ASCII")) || str_eq_nocase(name, STR("ASCII"));
}

static void free_buffer(void *p) {
  xmlBufferFree(p);
}

/* xmlCharEncInFunc converts a part at a time and takes it from `in`. */
static int convert(xmlCharEncodingHandlerPtr handler, xmlBufferPtr out, xmlBufferPtr in) {
  while (xmlBufferLength(in) > 0) {
    int before = xmlBufferLength(in);
    if (xmlCharEncInFunc(handler, out, in) < 0 || xmlBufferLength(in) == before) return -1;
  }
  return 0;
}

static int convert_all(struct str *s, struct arena *a, const char *name) {
  xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler(name);
  if (!handler || s->n > INT32_MAX / GROWTH_MAX) return -1;
  xmlBufferPtr in = xmlBufferCreateStatic((void *)(uintptr_t)s->p, s->n);
  xmlBufferPtr out = xmlBufferCreateSize(s->n + 16);
  arena_defer(a, free_buffer, out);
  int rc = convert(handler, out, in);
  xmlBufferFree(in);
  xmlCharEncCloseFunc(handler);
  *s = (struct str){(const char *)xmlBufferContent(out), (size_t)xmlBufferLength(out)};
  return rc;
}

int xml_to_utf8(struct str *s, struct arena *a, struct str *name) {
  static const struct str bom = STR_INIT("\xEF\xBB\xBF");
  *name = (struct str){0};
  struct str encoding = detected_encoding(*s);
  if (!encoding.n && !str_starts(*s, bom)) encoding = declared_encoding(*s);
  if (!is_utf8_name(encoding)) {
    *name = encoding;
    if (convert_all(s, a, arena_z(a, encoding))) return -1;
  }
  if (str_starts(*s, bom)) *s = str_sub(*s, bom.n, s->n);
  return 0;
}
