#include "base/error.h"
#include "base/utf8.h"
#include "formats/json.h"

/* RFC 8259 section 7: what must be escaped, in its short form where there is one. */
static void put_escaped(struct buf *out, unsigned char c) {
  static const char shorts[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
  char as = c < 0x20 ? shorts[c] : (char)c;
  if (!as) {
    buf_printf(out, "\\u%04X", (unsigned)c);
    return;
  }
  buf_byte(out, '\\');
  buf_byte(out, as);
}

/* Length of the plain run at `at`; bytes that are no UTF-8 are not plain. */
static size_t plain_end(struct str s, size_t at) {
  while (at < s.n) {
    unsigned char c = (unsigned char)s.p[at];
    if (c < 0x20 || c == '"' || c == '\\') break;
    uint32_t cp;
    size_t n = c < 0x80 ? 1 : utf8_decode(s, at, &cp);
    if (!n) break;
    at += n;
  }
  return at;
}

void json_write_string(struct buf *out, struct str s) {
  size_t at = 0;
  buf_byte(out, '"');
  while (at < s.n) {
    size_t end = plain_end(s, at);
    buf_add(out, str_sub(s, at, end));
    if (end < s.n && (unsigned char)s.p[end] >= 0x80)
      buf_addz(out, "\xEF\xBF\xBD");
    else if (end < s.n)
      put_escaped(out, (unsigned char)s.p[end]);
    at = end + 1;
  }
  buf_byte(out, '"');
}

static void put_line(struct buf *out, int indent, int depth) {
  if (!indent) return;
  buf_byte(out, '\n');
  for (int i = 0; i < indent * depth; i++) buf_byte(out, ' ');
}

static void write_value(struct buf *out, const struct node *n, int indent, int depth);

static void write_list(struct buf *out, const struct node *n, int indent, int depth) {
  bool is_object = n->kind == NODE_OBJECT;
  buf_byte(out, is_object ? '{' : '[');
  for (NODE_EACH(c, n)) {
    if (c != n->first) buf_byte(out, ',');
    put_line(out, indent, depth + 1);
    if (is_object) {
      json_write_string(out, c->name);
      buf_addz(out, indent ? ": " : ":");
    }
    write_value(out, c, indent, depth + 1);
  }
  if (n->first) put_line(out, indent, depth);
  buf_byte(out, is_object ? '}' : ']');
}

static void write_value(struct buf *out, const struct node *n, int indent, int depth) {
  if (n->kind == NODE_OBJECT || n->kind == NODE_ARRAY)
    write_list(out, n, indent, depth);
  else if (n->kind == NODE_NULL)
    buf_addz(out, "null");
  else if (n->kind == NODE_NUMBER || n->kind == NODE_BOOL)
    buf_add(out, n->text);
  else
    json_write_string(out, n->text);
}

void json_write(struct buf *out, const struct node *n, int indent) {
  write_value(out, n, indent, 0);
  if (indent) buf_byte(out, '\n');
}

void json_writer_init(struct json_writer *w, struct buf *out, int indent) {
  *w = (struct json_writer){.out = out, .indent = indent};
}

/* What stands before any value: comma, line end, key. */
static void put_key(struct json_writer *w, const char *key) {
  bool wants_key = w->depth && !w->in_array[w->depth - 1];
  if (wants_key != (key != NULL)) BUG("json: key %s where it cannot stand", key ? key : "missing");
  if (w->comma) buf_byte(w->out, ',');
  if (w->depth) put_line(w->out, w->indent, w->depth);
  w->comma = true;
  if (!key) return;
  json_write_string(w->out, str_z(key));
  buf_addz(w->out, w->indent ? ": " : ":");
}

static void begin(struct json_writer *w, const char *key, bool in_array) {
  if (w->depth == JSON_WRITER_DEPTH_MAX) BUG("json: deeper than %d", JSON_WRITER_DEPTH_MAX);
  put_key(w, key);
  w->in_array[w->depth++] = in_array;
  w->comma = false;
  buf_byte(w->out, in_array ? '[' : '{');
}

void json_begin_object(struct json_writer *w, const char *key) {
  begin(w, key, false);
}

void json_begin_array(struct json_writer *w, const char *key) {
  begin(w, key, true);
}

void json_end(struct json_writer *w) {
  if (!w->depth) BUG("json: end without a begin");
  bool in_array = w->in_array[--w->depth];
  if (w->comma) put_line(w->out, w->indent, w->depth);
  buf_byte(w->out, in_array ? ']' : '}');
  w->comma = true;
  if (!w->depth && w->indent) buf_byte(w->out, '\n');
}

void json_put_str(struct json_writer *w, const char *key, struct str value) {
  put_key(w, key);
  json_write_string(w->out, value);
}

void json_put_z(struct json_writer *w, const char *key, const char *value) {
  json_put_str(w, key, str_z(value));
}

void json_put_int(struct json_writer *w, const char *key, int64_t value) {
  put_key(w, key);
  buf_printf(w->out, "%lld", (long long)value);
}

void json_put_bool(struct json_writer *w, const char *key, bool value) {
  put_key(w, key);
  buf_addz(w->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *key) {
  put_key(w, key);
  buf_addz(w->out, "null");
}

void json_put_raw(struct json_writer *w, const char *key, struct str value) {
  put_key(w, key);
  buf_add(w->out, value);
}
