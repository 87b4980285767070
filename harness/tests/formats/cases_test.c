#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/file.h"
#include "formats/edifact.h"
#include "formats/format_rules.h"
#include "formats/json.h"
#include "formats/xml.h"
#include "formats/yaml.h"
#include "formats_help.h"

/* Every case says in the file what must come out of it. */
Test(cases, json) {
  cr_expect_geq(run_cases("json_cases.tsv", json_read), 280);
}

Test(cases, xml) {
  cr_expect_geq(run_cases("xml_cases.tsv", xml_read), 120);
}

Test(cases, yaml) {
  cr_expect_geq(run_cases("yaml_cases.tsv", yaml_read), 70);
}

Test(cases, edifact) {
  cr_expect_geq(run_cases("edifact_cases.tsv", edifact_read), 75);
}

static reader_fn *reader_for(const char *name) {
  struct str s = str_z(name);
  return str_ends(s, STR(".json.in")) ? json_read : str_ends(s, STR(".xml.in")) ? xml_read : yaml_read;
}

static void check_tree(struct arena *a, const char *name) {
  struct reading r;
  reading_of(&r, reader_for(name), data_file(a, name));
  cr_expect_eq(r.rc, 0, "%s cannot be read", name);
  struct str got = tree_dump(a, r.root);
  struct str stem = str_sub(str_z(name), 0, str_z(name).n - 3);
  struct str expected = data_file(a, arena_printf(a, "%.*s.expect", STR_F(stem)).p);
  cr_expect(str_eq(got, expected), "%s: got\n%.*s", name, STR_F(got));
  reading_release(&r);
}

/* name.json.in, name.xml.in, name.yaml.in beside name.*.expect, the tree. */
Test(cases, trees) {
  struct arena *a = arena_new(0);
  struct error e;
  char **names;
  size_t n, checked = 0;
  cr_assert_eq(file_list(&names, &n, a, TEST_DATA, &e), 0);
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".in"))) continue;
    check_tree(a, names[i]);
    checked++;
  }
  cr_expect_geq(checked, 5);
  arena_free(a);
}

static void write_again(struct buf *out, const struct node *n) {
  buf_init(out, 1 << 24);
  if (n->kind == NODE_ELEMENT)
    xml_write(out, n, 0);
  else
    json_write(out, n, 2);
}

/* An interchange is written as it was, whatever is wrong with it, if only it was read to its end. */
Test(cases, edifact_is_written_as_it_was) {
  struct arena *a = arena_new(0);
  struct str rest = data_file(a, "edifact_cases.tsv");
  size_t n = 0;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n'), name = str_cut(&line, '\t');
    struct reading r;
    struct buf out;
    str_cut(&line, '\t');
    if (!line.n) continue;
    reading_of(&r, edifact_read, percent_decode(a, line));
    buf_init(&out, 1 << 20);
    if (r.rc == 0 && !(r.root->flags & EDIFACT_CUT)) {
      edifact_write(&out, r.root);
      cr_expect(str_eq(buf_str(&out), percent_decode(a, line)), "%.*s: written as %.*s", STR_F(name),
                STR_F(buf_str(&out)));
      n++;
    }
    buf_release(&out);
    reading_release(&r);
  }
  cr_expect_geq(n, 65);
  arena_free(a);
}

static bool round_trip(struct str bytes, reader_fn *read, struct str name) {
  struct reading r, again;
  struct buf out;
  reading_of(&r, read, bytes);
  bool readable = r.rc == 0;
  if (readable) {
    write_again(&out, r.root);
    reading_of(&again, read, buf_str(&out));
    cr_expect(node_equal(r.root, again.root), "%.*s: written as %.*s", STR_F(name), STR_F(buf_str(&out)));
    reading_release(&again);
    buf_release(&out);
  }
  reading_release(&r);
  return readable;
}

static size_t round_trips(const char *file, reader_fn *read) {
  struct arena *a = arena_new(0);
  struct str rest = data_file(a, file);
  size_t n = 0;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n'), name = str_cut(&line, '\t');
    str_cut(&line, '\t');
    if (name.n && name.p[0] != '#') n += round_trip(percent_decode(a, line), read, name);
  }
  arena_free(a);
  return n;
}

/* Whatever can be read is read the same after writing. */
Test(cases, round_trips_json) {
  cr_expect_geq(round_trips("json_cases.tsv", json_read), 100);
}

Test(cases, round_trips_xml) {
  cr_expect_geq(round_trips("xml_cases.tsv", xml_read), 40);
}

Test(cases, every_rule_has_both_languages) {
  for (size_t i = 0; i < FORMAT_RULES_N; i++) {
    const struct rule *r = &format_rules[i];
    cr_assert(r->id && r->en && r->da && r->source, "rule %zu", i);
    cr_expect_neq(str_find(str_z(r->id), STR("."), 0), SIZE_MAX, "%s", r->id);
    for (char c = '1'; c <= '4'; c++) {
      char mark[] = {'{', c, '}', 0};
      cr_expect_eq(str_find(str_z(r->en), str_z(mark), 0) == SIZE_MAX,
                   str_find(str_z(r->da), str_z(mark), 0) == SIZE_MAX, "%s: %s in one language only", r->id, mark);
    }
  }
}
