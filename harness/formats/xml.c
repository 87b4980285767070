#include "formats/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "base/utf8.h"
#include "formats/format_rules.h"
#include "formats/library_words.h"
#include "formats/reader_int.h"
#include "formats/xml_int.h"

/* Namespace declarations in scope at once: each element name looks through them. */
#define XML_DECLARATIONS_MAX 512

#define XML_NS "http://www.w3.org/XML/1998/namespace"

/* A place in the source that only moves forward. */
struct cursor {
  size_t at, line_start;
  int line;
  size_t stray; /* bytes in [line_start, at) that begin no character */
};

/* A namespace in scope: libxml2 interns both strings, so pointers identify them. */
struct declaration {
  const xmlChar *prefix, *uri;
  struct str value;
};

/* Text since the last child: one slice of the source where possible. */
struct run {
  struct str text;
  struct buf pieces; /* used when is_copied */
  bool is_copied, is_begun;
  bool rest_is_known; /* of what comes before the next markup: */
  bool rest_is_taken; /* it is in the run already */
  int line, col;
};

struct reader {
  xmlParserCtxtPtr ctxt;
  struct str s, name;
  struct xml_shown shown;
  struct arena *arena;
  struct findings *findings;
  struct cursor cursor;
  size_t content; /* offset behind the last markup */
  struct node *root, *open;
  struct run run;
  struct declaration scope[XML_DECLARATIONS_MAX];
  size_t scope_n, scope_marks[XML_DEPTH_MAX];
  int depth;
  size_t nodes;
  bool failed;
};

/* How far libxml2 has read: all that is shown to it is in its buffer, so the
 * rest tells, however the front of it is moved. */
static size_t offset(struct reader *r) {
  size_t rest = (size_t)(r->ctxt->input->end - r->ctxt->input->cur);
  return rest < r->shown.s.n ? xml_shown_source(&r->shown, r->shown.s.n - rest) : 0;
}

static void move_to(struct reader *r, size_t to) {
  struct cursor *c = &r->cursor;
  if (to == c->at) return;
  if (to < c->at) *c = (struct cursor){.line = 1};
  const char *end = r->s.p + to, *p = r->s.p + c->at, *nl;
  while ((nl = memchr(p, '\n', (size_t)(end - p)))) {
    p = nl + 1;
    c->line++;
    c->line_start = (size_t)(p - r->s.p);
    c->stray = 0;
  }
  struct str rest = {p, (size_t)(end - p)};
  c->stray += rest.n - utf8_length(rest);
  c->at = to;
}

static int column(const struct reader *r) {
  return (int)(r->cursor.at - r->cursor.line_start - r->cursor.stray) + 1;
}

/* The first finding ends the reading; what libxml2 says after it is of no use. */
static void fail(struct reader *r, enum format_rule rule, size_t at, struct str what) {
  if (r->failed) return;
  r->failed = true;
  move_to(r, at);
  struct place where = {.message = r->name, .line = r->cursor.line, .col = column(r)};
  if (r->open) where.path = node_path(r->arena, r->open);
  struct said both = library_words(r->arena, what);
  findings_add_said(r->findings, &format_rules[rule], where, 1, &both);
}

static void stop(struct reader *r, enum format_rule rule, size_t at, struct str what) {
  fail(r, rule, at, what);
  xmlStopParser(r->ctxt);
}

static size_t last_less_than(const struct reader *r, size_t before) {
  const char *p = before ? memrchr(r->s.p, '<', before) : NULL;
  return p ? (size_t)(p - r->s.p) : 0;
}

/* -- text ---------------------------------------------------------------- */

static bool is_blank(struct str s) {
  return !str_trim(s).n;
}

/* What stands from `from` to the next markup, if the source says it as the
 * parser would: no references, no line ends to normalise. */
static bool plain_text(const struct reader *r, size_t from, struct str *out) {
  if (from >= r->s.n) return false;
  const char *p = r->s.p + from, *end = memchr(p, '<', r->s.n - from);
  if (!end) return false;
  *out = (struct str){p, (size_t)(end - p)};
  return !memchr(p, '&', out->n) && !memchr(p, '\r', out->n);
}

static void begin_run(struct reader *r, size_t at) {
  move_to(r, at);
  r->run.is_begun = true;
  r->run.is_copied = false;
  r->run.text = (struct str){0};
  r->run.line = r->cursor.line;
  r->run.col = column(r);
}

static void copy_piece(struct reader *r, struct str piece) {
  struct run *run = &r->run;
  if (!run->is_copied) {
    buf_clear(&run->pieces);
    buf_add(&run->pieces, run->text);
    run->is_copied = true;
  }
  buf_add(&run->pieces, piece);
}

/* Takes all that stands before the next markup at once, if `piece` is how it begins. */
static bool take_rest(struct reader *r, struct str piece, bool is_first) {
  struct str plain;
  r->run.rest_is_known = true;
  if (!plain_text(r, r->content, &plain) || !str_starts(plain, piece)) return false;
  if (is_first)
    r->run.text = plain;
  else
    copy_piece(r, plain);
  return true;
}

static void on_text(void *user, const xmlChar *ch, int len) {
  struct reader *r = user;
  struct str piece = {(const char *)ch, (size_t)len};
  struct run *run = &r->run;
  if (r->failed || run->rest_is_taken || !r->open) return;
  bool is_first = !run->is_begun;
  if (is_first) begin_run(r, r->content);
  run->rest_is_taken = !run->rest_is_known && take_rest(r, piece, is_first);
  if (!run->rest_is_taken) copy_piece(r, piece);
}

static void behind_markup(struct reader *r, size_t at) {
  r->content = at;
  r->run.rest_is_known = r->run.rest_is_taken = false;
}

static void on_cdata(void *user, const xmlChar *ch, int len) {
  struct reader *r = user;
  if (r->failed || !r->open) return;
  if (!r->run.is_begun) begin_run(r, r->content);
  copy_piece(r, (struct str){(const char *)ch, (size_t)len});
  behind_markup(r, offset(r));
}

static void on_instruction(void *user, const xmlChar *target, const xmlChar *data) {
  (void)target;
  (void)data;
  struct reader *r = user;
  behind_markup(r, offset(r));
}

static void on_comment(void *user, const xmlChar *text) {
  on_instruction(user, text, NULL);
}

/* Ends the run of text and gives it. */
static struct str take_run(struct reader *r) {
  struct run *run = &r->run;
  if (!run->is_begun) return (struct str){0};
  run->is_begun = false;
  if (!run->is_copied) return run->text;
  return arena_str(r->arena, buf_str(&run->pieces));
}

/* Text beside child elements becomes a node of its own. */
static void flush_mixed(struct reader *r) {
  if (!r->run.is_begun || !r->open) return;
  bool is_xhtml = str_eqz(r->open->ns, XML_XHTML_NS);
  struct str text = take_run(r);
  if (!text.n || (!is_xhtml && is_blank(text))) return;
  struct node *n = node_new(r->arena, NODE_TEXT);
  n->text = text;
  n->line = r->run.line;
  n->col = r->run.col;
  node_append(r->open, n);
  r->nodes++;
}

/* -- elements ------------------------------------------------------------ */

/* A value of an attribute, copied. Left unexpanded for a tree that libxml2 would
 * build, an ampersand stands in it as "&#38;", and never as itself. */
static struct str copy_value(struct reader *r, struct str value) {
  static const struct str written = STR_INIT("&#38;");
  char *p = arena_z(r->arena, value);
  size_t n = 0;
  for (size_t at = 0; at < value.n; at++) {
    p[n++] = value.p[at];
    if (value.p[at] == '&' && str_starts(str_sub(value, at, value.n), written)) at += written.n - 1;
  }
  return (struct str){p, n};
}

/* A value without references, normalised: each blank character and line end a blank (XML 1.0, 2.11 and 3.3.3). */
static struct str normal_value(struct reader *r, struct str raw) {
  char *p = arena_alloc(r->arena, raw.n + 1);
  size_t n = 0;
  for (size_t at = 0; at < raw.n; at++) {
    if (raw.p[at] == '\n' && at && raw.p[at - 1] == '\r') continue;
    p[n++] = str_is_blank(raw.p[at]) ? ' ' : raw.p[at];
  }
  return (struct str){p, n};
}

static struct str copy_z(struct reader *r, const xmlChar *z) {
  return z ? copy_value(r, str_z((const char *)z)) : (struct str){0};
}

static bool declare(struct reader *r, int n, const xmlChar **pairs) {
  r->scope_marks[r->depth] = r->scope_n;
  for (int i = 0; i < n; i++) {
    if (r->scope_n == XML_DECLARATIONS_MAX) return false;
    r->scope[r->scope_n++] =
        (struct declaration){.prefix = pairs[2 * i], .uri = pairs[2 * i + 1], .value = copy_z(r, pairs[2 * i + 1])};
  }
  return true;
}

static struct str namespace_value(struct reader *r, const xmlChar *uri) {
  if (!uri) return (struct str){0};
  for (size_t i = r->scope_n; i-- > 0;)
    if (r->scope[i].uri == uri) return r->scope[i].value;
  if (!strcmp((const char *)uri, XML_NS)) return STR(XML_NS);
  return copy_z(r, uri);
}

static bool is_name_end(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '=' || c == '>' || c == '/';
}

static size_t name_end(struct str s, size_t at) {
  while (at < s.n && !is_name_end(s.p[at])) at++;
  return at;
}

static void set_name(struct node *n, struct str qname) {
  size_t colon = str_index(qname, ':');
  if (colon == SIZE_MAX) {
    n->name = qname;
    return;
  }
  n->prefix = str_sub(qname, 0, colon);
  n->name = str_sub(qname, colon + 1, qname.n);
}

/* The next name="value" in the tag: both as written. False at its end. */
static bool next_attribute(struct str s, size_t *at, struct str *name, struct str *raw) {
  while (*at < s.n && is_name_end(s.p[*at]) && s.p[*at] != '>' && s.p[*at] != '/') ++*at;
  size_t end = name_end(s, *at);
  if (end == *at) return false;
  *name = str_sub(s, *at, end);
  while (end < s.n && s.p[end] != '"' && s.p[end] != '\'') end++;
  if (end >= s.n) return false;
  const char *from = s.p + end + 1, *quote = memchr(from, s.p[end], s.n - end - 1);
  if (!quote) return false;
  *raw = (struct str){from, (size_t)(quote - from)};
  *at = (size_t)(quote - s.p) + 1;
  return true;
}

/* Is the value what is written? No references, no blanks to normalise. */
static bool is_plain_value(struct str raw) {
  return !raw.n || (!memchr(raw.p, '&', raw.n) && !memchr(raw.p, '\n', raw.n) && !memchr(raw.p, '\r', raw.n) &&
                    !memchr(raw.p, '\t', raw.n));
}

/* The arguments of startElementNs. */
struct tag {
  int namespaces_n, attributes_n, attributes_at;
  const xmlChar **namespaces, **attributes;
};

static void fill_xmlns(struct reader *r, struct node *attr, const struct tag *t, struct str raw) {
  struct str prefix = attr->prefix.n ? attr->name : (struct str){0};
  attr->ns = STR(NODE_XMLNS);
  attr->text = raw;
  if (is_plain_value(raw)) return;
  for (int i = 0; i < t->namespaces_n; i++)
    if (str_eq(str_z((const char *)t->namespaces[2 * i]), prefix)) attr->text = copy_z(r, t->namespaces[2 * i + 1]);
}

/* libxml2 lists attributes in the order of the source. */
static void fill_attribute(struct reader *r, struct node *attr, struct tag *t, struct str raw) {
  attr->text = raw;
  if (t->attributes_at == t->attributes_n) return;
  const xmlChar **a = t->attributes + 5 * (ptrdiff_t)t->attributes_at++;
  if (a[1]) attr->ns = namespace_value(r, a[2]);
  if (is_plain_value(raw)) return;
  struct str read = {(const char *)a[3], (size_t)(a[4] - a[3])};
  attr->text = memchr(raw.p, '&', raw.n) ? copy_value(r, read) : normal_value(r, raw);
}

static void read_attributes(struct reader *r, struct node *n, struct tag *t, size_t at) {
  struct str name, raw;
  struct node **end = &n->attrs;
  while (next_attribute(r->s, &at, &name, &raw)) {
    struct node *attr = node_new(r->arena, NODE_ATTR);
    set_name(attr, name);
    attr->parent = n;
    move_to(r, (size_t)(name.p - r->s.p));
    attr->line = r->cursor.line;
    attr->col = column(r);
    if (str_eqz(name, "xmlns") || str_eqz(attr->prefix, "xmlns"))
      fill_xmlns(r, attr, t, raw);
    else
      fill_attribute(r, attr, t, raw);
    *end = attr;
    end = &attr->next;
    r->nodes++;
  }
}

static struct node *add_element(struct reader *r) {
  struct node *n = node_new(r->arena, NODE_ELEMENT);
  if (r->open)
    node_append(r->open, n);
  else
    r->root = n;
  r->nodes++;
  return n;
}

static bool is_within_limits(struct reader *r, size_t at) {
  if (r->depth == XML_DEPTH_MAX)
    stop(r, XML_LIMIT, at, LIMIT_OF(XML_DEPTH_MAX));
  else if (r->nodes >= XML_NODES_MAX)
    stop(r, XML_LIMIT, at, LIMIT_OF(XML_NODES_MAX));
  return !r->failed;
}

static void on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int namespaces_n,
                     const xmlChar **namespaces, int attributes_n, int defaulted_n, const xmlChar **attributes) {
  (void)local;
  (void)prefix;
  (void)defaulted_n;
  struct reader *r = user;
  struct tag t = {namespaces_n, attributes_n, 0, namespaces, attributes};
  if (r->failed) return;
  size_t end = offset(r), at = last_less_than(r, end);
  if (!is_within_limits(r, at)) return;
  if (!declare(r, namespaces_n, namespaces)) {
    stop(r, XML_LIMIT, at, LIMIT_OF(XML_DECLARATIONS_MAX));
    return;
  }
  flush_mixed(r);
  struct node *n = add_element(r);
  size_t after_name = name_end(r->s, at + 1);
  set_name(n, str_sub(r->s, at + 1, after_name));
  n->ns = namespace_value(r, uri);
  move_to(r, at);
  n->line = r->cursor.line;
  n->col = column(r);
  read_attributes(r, n, &t, after_name);
  r->open = n;
  r->depth++;
  behind_markup(r, end + 1);
}

static void on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri) {
  (void)local;
  (void)prefix;
  (void)uri;
  struct reader *r = user;
  if (r->failed || !r->open) return;
  if (r->open->first)
    flush_mixed(r);
  else
    r->open->text = take_run(r);
  r->open = r->open->parent;
  r->scope_n = r->scope_marks[--r->depth];
  behind_markup(r, offset(r));
}

/* -- the whole ----------------------------------------------------------- */

static void on_doctype(void *user, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id) {
  (void)name;
  (void)public_id;
  (void)system_id;
  struct reader *r = user;
  size_t end = offset(r);
  stop(r, XML_DTD, end ? last_less_than(r, end) : 0, (struct str){0});
}

/* Position of an error: for bytes that are no UTF-8, the first of them. */
static size_t error_offset(struct reader *r, const xmlError *error) {
  size_t at = offset(r);
  if (error->code != XML_ERR_INVALID_ENCODING) return at;
  size_t bad = utf8_check(r->s);
  return bad == SIZE_MAX ? at : bad;
}

/* Behind a fatal error libxml2 reads on; blanks keep that short. Its buffer is
 * a copy of its own (xmlCreateMemoryParserCtxt), and pointers into it stay good. */
static void blank_rest(xmlParserInputPtr in) {
  memset((void *)(uintptr_t)in->cur, ' ', (size_t)(in->end - in->cur));
}

/* One line, in whole characters. */
static struct str error_text(const xmlError *error) {
  struct str text = str_trim(str_z(error->message ? error->message : "?"));
  struct str line = str_sub(str_cut(&text, '\n'), 0, ERROR_TEXT_MAX / 2);
  return str_sub(line, 0, utf8_whole(line));
}

static void on_error(void *user, xmlErrorPtr error) {
  struct reader *r = user;
  if (error->level < XML_ERR_ERROR || r->failed) return;
  fail(r, XML_SYNTAX, error_offset(r, error), error_text(error));
  if (r->ctxt->input && r->ctxt->input->buf) blank_rest(r->ctxt->input);
}

static const xmlSAXHandler handler = {
    .internalSubset = on_doctype,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_cdata,
    .comment = on_comment,
    .processingInstruction = on_instruction,
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .serror = on_error,
};

static void parse(struct reader *r) {
  r->ctxt = xmlCreateMemoryParserCtxt(r->shown.s.p, (int)r->shown.s.n);
  if (!r->ctxt) BUG("xml: out of memory");
  xmlCtxtUseOptions(r->ctxt, XML_PARSE_HUGE | XML_PARSE_BIG_LINES | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
  r->ctxt->encoding = xmlStrdup((const xmlChar *)"UTF-8"); /* else it guesses again by the first bytes */
  *r->ctxt->sax = handler;
  r->ctxt->userData = r;
  buf_init(&r->run.pieces, SIZE_MAX);
  xmlParseDocument(r->ctxt);
  if (!r->root || !r->ctxt->wellFormed) fail(r, XML_SYNTAX, 0, STR("?"));
  buf_release(&r->run.pieces);
  xmlFreeDoc(r->ctxt->myDoc);
  xmlFreeParserCtxt(r->ctxt);
}

static void show_and_parse(struct reader *r) {
  struct arena *scratch = r->s.n < XML_LONG_VALUE ? NULL : arena_new(0);
  size_t crowded = xml_show(&r->shown, scratch, r->s, XML_ATTRS_MAX);
  if (crowded != SIZE_MAX)
    fail(r, XML_LIMIT, crowded, LIMIT_OF(XML_ATTRS_MAX));
  else
    parse(r);
  arena_free(scratch);
}

static void read_document(struct reader *r) {
  struct str encoding;
  if (xml_to_utf8(&r->s, r->arena, &encoding)) {
    r->s = (struct str){0};
    fail(r, XML_SYNTAX, 0, arena_printf(r->arena, "encoding %.*s", STR_F(encoding)));
    return;
  }
  if (encoding.n) FINDING(r->findings, &format_rules[XML_ENCODING], ((struct place){r->name, 1, 1, {0}}), encoding);
  if (!r->s.n)
    fail(r, XML_SYNTAX, 0, STR("EOF"));
  else if (r->s.n > INT32_MAX)
    fail(r, XML_LIMIT, 0, STR("2 GiB"));
  else
    show_and_parse(r);
}

int xml_read(struct node **out, struct arena *a, struct source src, struct findings *f) {
  struct reader r = {.s = src.bytes, .name = src.name, .arena = a, .findings = f, .cursor = {.line = 1}};
  xmlInitParser();
  read_document(&r);
  *out = r.failed ? NULL : r.root;
  return *out ? 0 : -1;
}
