#include "formats/json.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <string.h>

#include "formats_help.h"

/* head * n + middle + tail * n */
static struct str nest(struct arena *a, char head, char tail, size_t n) {
  char *p = arena_alloc(a, 2 * n + 1);
  memset(p, head, n);
  memset(p + n, tail, n);
  return (struct str){p, 2 * n};
}

static void expect_outcome(struct str bytes, const char *expected) {
  struct reading r;
  reading_of(&r, json_read, bytes);
  struct str got = reading_outcome(&r);
  cr_expect(str_eqz(got, expected), "expected %s, got %.*s", expected, STR_F(got));
  reading_release(&r);
}

Test(json, depth_has_a_limit) {
  struct arena *a = arena_new(0);
  expect_outcome(nest(a, '[', ']', JSON_DEPTH_MAX), "ok");
  expect_outcome(nest(a, '[', ']', JSON_DEPTH_MAX + 1), "bad json.limit@1:257");
  expect_outcome(nest(a, '[', '[', 500000), "bad json.limit@1:257");
  arena_free(a);
}

/* "[1,1,...,1]" with n values in it */
static struct str ones(struct buf *b, size_t n) {
  buf_init(b, (size_t)4 << 20);
  for (size_t i = 0; i < n; i++) buf_addz(b, i ? ",1" : "[1");
  buf_addz(b, "]");
  return buf_str(b);
}

/* Reading holds the one event loop. */
Test(json, values_have_a_limit) {
  struct buf b;
  expect_outcome(ones(&b, JSON_NODES_MAX - 1), "ok");
  buf_release(&b);
  struct str more = ones(&b, JSON_NODES_MAX);
  struct reading r;
  reading_of(&r, json_read, more);
  cr_expect(str_starts(reading_outcome(&r), STR("bad json.limit@1:")));
  reading_release(&r);
  buf_release(&b);
}

Test(json, values_are_unescaped) {
  struct reading r;
  reading_of(
      &r, json_read,
      STR("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e6\\u20AC\\ud83d\\ude00\",\"b\":\"x\\u0000y\",\"c\":\"\xFFz\"}"));
  cr_assert_eq(r.rc, 0);
  cr_expect(str_eqz(node_text_at(r.root, "a"), "\"\\/\b\f\n\r\t\xC3\xA6\xE2\x82\xAC\xF0\x9F\x98\x80"));
  cr_expect(str_eq(node_text_at(r.root, "b"), STR("x\0y")));
  cr_expect(str_eqz(node_text_at(r.root, "c"), "\xEF\xBF\xBDz"), "a byte that is no UTF-8 becomes U+FFFD");
  reading_release(&r);
}

Test(json, numbers_keep_their_literal) {
  struct reading r;
  reading_of(&r, json_read, STR("[1.10, 1e400, -0, 123456789012345678901234567890]"));
  cr_assert_eq(r.rc, 0);
  const struct node *n = r.root->first;
  cr_expect(str_eqz(n->text, "1.10"));
  cr_expect(str_eqz(n->next->text, "1e400"));
  cr_expect(str_eqz(n->next->next->text, "-0"));
  cr_expect(str_eqz(n->next->next->next->text, "123456789012345678901234567890"));
  reading_release(&r);
}

Test(json, plain_strings_borrow) {
  struct reading r;
  struct str bytes = STR("{\"key\":\"value \xC3\xA6\"}");
  reading_of(&r, json_read, bytes);
  cr_assert_eq(r.rc, 0);
  cr_expect_eq(r.root->first->name.p, bytes.p + 2);
  cr_expect_eq(r.root->first->text.p, bytes.p + 8);
  reading_release(&r);
}

Test(json, duplicates_stay_in_the_tree) {
  struct reading r;
  reading_of(&r, json_read, STR("{\"a\": 1,\n \"a\": 2}"));
  cr_assert_eq(r.rc, 0);
  cr_expect_eq(node_count(r.root, "a"), 2);
  cr_assert_eq(r.findings.list.n, 1);
  cr_expect(str_eqz(r.findings.list.v[0].where.path, "a[1]"));
  cr_expect(str_find(r.findings.list.v[0].en, STR("on line 1"), 0) != SIZE_MAX);
  reading_release(&r);
}

Test(json, texts_say_what_was_expected) {
  struct reading r;
  reading_of(&r, json_read, STR("{\"a\": 1 \"b\": 2}"));
  cr_assert_eq(r.findings.list.n, 1);
  cr_expect(str_eqz(r.findings.list.v[0].en, "Not JSON: expected , }, found '\"'"), "%.*s",
            STR_F(r.findings.list.v[0].en));
  cr_expect(str_eqz(r.findings.list.v[0].da, "Ikke JSON: forventede , }, fandt '\"'"));
  reading_release(&r);
}

/* Many members: sorted, so that nobody can make it slow. */
Test(json, many_members) {
  struct buf b;
  buf_init(&b, 1 << 26);
  buf_byte(&b, '{');
  for (int i = 0; i < 200000; i++) buf_printf(&b, "\"k%d\":%d,", i % 199999, i);
  buf_addz(&b, "\"x\":0}");
  expect_outcome(buf_str(&b), "ok json.duplicate-key@1:3177765");
  buf_release(&b);
}

static void expect_written(const struct buf *b, const char *expected) {
  cr_expect(str_eqz(buf_str(b), expected), "got %.*s", STR_F(buf_str(b)));
}

Test(json, writes_strings) {
  struct buf b;
  buf_init(&b, 1 << 16);
  json_write_string(&b, STR("a\"\\/\b\f\n\r\t\x01\x1F\x7F\xC3\xA6\xFFz"));
  expect_written(&b, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\x7F\xC3\xA6\xEF\xBF\xBDz\"");
  buf_release(&b);
}

Test(json, writes_a_tree_with_indent) {
  struct reading r;
  struct buf b;
  buf_init(&b, 1 << 16);
  reading_of(&r, json_read, STR("{\"a\":[1.10,{}],\"b\":[],\"c\":null}"));
  json_write(&b, r.root, 2);
  expect_written(&b, "{\n  \"a\": [\n    1.10,\n    {}\n  ],\n  \"b\": [],\n  \"c\": null\n}\n");
  buf_clear(&b);
  json_write(&b, r.root, 0);
  expect_written(&b, "{\"a\":[1.10,{}],\"b\":[],\"c\":null}");
  buf_release(&b);
  reading_release(&r);
}

static void stream(struct buf *b, int indent) {
  struct json_writer w;
  json_writer_init(&w, b, indent);
  json_begin_object(&w, NULL);
  json_put_z(&w, "a", "x");
  json_begin_array(&w, "b");
  json_put_int(&w, NULL, -5);
  json_put_bool(&w, NULL, true);
  json_end(&w);
  json_begin_object(&w, "c");
  json_end(&w);
  json_put_null(&w, "d");
  json_put_raw(&w, "e", STR("1.10"));
  json_end(&w);
}

Test(json, streams) {
  struct buf b;
  buf_init(&b, 1 << 16);
  stream(&b, 0);
  expect_written(&b, "{\"a\":\"x\",\"b\":[-5,true],\"c\":{},\"d\":null,\"e\":1.10}");
  buf_clear(&b);
  stream(&b, 1);
  expect_written(&b, "{\n \"a\": \"x\",\n \"b\": [\n  -5,\n  true\n ],\n \"c\": {},\n \"d\": null,\n \"e\": 1.10\n}\n");
  buf_release(&b);
}
