#include "formats/yaml.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "formats_help.h"

static void expect_outcome(struct str bytes, const char *expected) {
  struct reading r;
  reading_of(&r, yaml_read, bytes);
  struct str got = reading_outcome(&r);
  cr_expect(str_eqz(got, expected), "expected %s, got %.*s", expected, STR_F(got));
  reading_release(&r);
}

Test(yaml, scalars_keep_their_literal) {
  struct reading r;
  reading_of(&r, yaml_read, STR("a: 3.10\nb: yes\nc: \"~\"\nd: ~\ne: 0x1F\nf: ''\n"));
  cr_assert_eq(r.rc, 0);
  cr_expect(str_eqz(node_text_at(r.root, "a"), "3.10"));
  cr_expect_eq(node_child(r.root, "b")->kind, NODE_STRING);
  cr_expect_eq(node_child(r.root, "c")->kind, NODE_STRING);
  cr_expect_eq(node_child(r.root, "c")->flags & NODE_QUOTED, NODE_QUOTED);
  cr_expect_eq(node_child(r.root, "d")->kind, NODE_NULL);
  cr_expect(str_eqz(node_text_at(r.root, "e"), "0x1F"));
  cr_expect_eq(node_child(r.root, "f")->kind, NODE_STRING);
  reading_release(&r);
}

/* libyaml alone takes 41 s for 200 000 brackets. */
Test(yaml, depth_has_a_limit) {
  struct buf b;
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 200000; i++) buf_byte(&b, '[');
  expect_outcome(buf_str(&b), "bad yaml.limit@1:65");
  buf_clear(&b);
  for (int i = 0; i < YAML_DEPTH_MAX; i++) buf_byte(&b, '[');
  for (int i = 0; i < YAML_DEPTH_MAX; i++) buf_byte(&b, ']');
  expect_outcome(buf_str(&b), "ok");
  buf_release(&b);
}

Test(yaml, size_has_a_limit) {
  size_t n = YAML_BYTES_MAX + 1;
  char *p = malloc(n);
  memset(p, '#', n);
  expect_outcome((struct str){p, n}, "bad yaml.limit@1:1");
  memset(p, '\n', n);
  for (size_t i = 0; i + 1 < n; i += 2) p[i] = '-';
  expect_outcome((struct str){p, n - 1}, "bad yaml.limit@200000:2");
  free(p);
}

Test(yaml, findings_name_path_and_first_line) {
  struct reading r;
  reading_of(&r, yaml_read, STR("x:\n  - a: 1\n    a: 2\n"));
  cr_assert_eq(r.findings.list.n, 1);
  cr_expect(str_eqz(r.findings.list.v[0].where.path, "x[0].a[1]"), "%.*s", STR_F(r.findings.list.v[0].where.path));
  cr_expect(str_find(r.findings.list.v[0].da, STR("linje 2"), 0) != SIZE_MAX);
  reading_release(&r);
}
