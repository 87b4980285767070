#include <criterion/criterion.h>

#include "base/buf.h"
#include "formats/edifact.h"
#include "formats/edifact_text.h"

#include "formats_help.h"

#define TEXT_BYTES 100000

static struct node *read(struct arena *a, struct str bytes) {
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  cr_assert_eq(edifact_read(&root, a, (struct source){STR("x"), bytes}, &f), 0);
  cr_assert_eq(f.list.n, 0);
  return root;
}

static struct str dump(struct arena *a, const struct free_text *t) {
  struct buf b;
  buf_init(&b, TEXT_BYTES);
  for (size_t i = 0; i < t->lines.n; i++) {
    const struct free_line *l = &t->lines.v[i];
    buf_printf(&b, "%s%c ", i ? "|" : "", l->align);
    for (size_t k = 0; k < l->runs.n; k++)
      buf_printf(&b, "%c%c[%.*s]", l->runs.v[k].font, l->runs.v[k].style, STR_F(l->runs.v[k].text));
  }
  return buf_take(&b, a);
}

static struct str written(struct arena *a, const struct free_text *t) {
  struct buf b;
  struct node *root = node_new(a, NODE_GROUP);
  buf_init(&b, TEXT_BYTES);
  free_text_write(root, a, STR("NC"), t);
  edifact_write(&b, root);
  return buf_take(&b, a);
}

static void check(struct arena *a, struct str name, struct str wire, struct str lines, struct str again) {
  struct free_text t, t2;
  free_text_read(&t, a, read(a, wire)->first);
  struct str got = dump(a, &t), out = written(a, &t);
  cr_expect(str_eq(got, lines), "%.*s: read as %.*s", STR_F(name), STR_F(got));
  cr_expect(str_eq(out, str_eqz(again, "=") ? wire : again), "%.*s: written as %.*s", STR_F(name), STR_F(out));
  if (!out.n) return;
  free_text_read(&t2, a, read(a, out)->first);
  cr_expect(str_eq(dump(a, &t2), got), "%.*s: read again as %.*s", STR_F(name), STR_F(dump(a, &t2)));
}

Test(edifact_text, cases) {
  struct arena *a = arena_new(0);
  struct str rest = data_file(a, "free_text_cases.tsv");
  size_t n = 0;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n'), column[4];
    if (!line.n || line.p[0] == '#') continue;
    for (size_t i = 0; i < 4; i++) column[i] = percent_decode(a, str_cut(&line, '\t'));
    check(a, column[0], column[1], column[2], column[3]);
    n++;
  }
  cr_expect_geq(n, 25);
  arena_free(a);
}

static void check_added(const char *text, const char *wire, const char *plain) {
  struct arena *a = arena_new(0);
  struct free_text t = {0}, again;
  free_text_add(&t, a, str_z(text));
  struct str out = written(a, &t);
  cr_expect(str_eqz(out, wire), "%.*s", STR_F(out));
  free_text_read(&again, a, read(a, out)->first);
  out = free_text_plain(a, &again);
  cr_expect(str_eqz(out, plain), "%.*s", STR_F(out));
  arena_free(a);
}

Test(edifact_text, lines_are_added) {
  check_added("en\r\n\nto", "FTX+NC+P00++en:.:to'", "en\n\nto");
  check_added("en\n", "FTX+NC+P00++en:.'", "en\n");
  check_added("", "FTX+NC+P00++.'", "");
}

Test(edifact_text, what_would_mean_something_else_gets_a_blank) {
  check_added(".", "FTX+NC+P00++. '", ". ");
  check_added("C:\\\nto", "FTX+NC+P00++C?:\\ :to'", "C:\\ \nto");
}

/* A character that ends texts elsewhere is one like others where it wraps. */
Test(edifact_text, nul_within_a_line) {
  struct arena *a = arena_new(0);
  struct free_text t = {0}, again;
  struct node *root = node_new(a, NODE_GROUP);
  char line[100];
  memset(line, 'a', sizeof line);
  line[10] = 0;
  free_text_add(&t, a, (struct str){line, sizeof line});
  free_text_write(root, a, STR("NC"), &t);
  free_text_read(&again, a, root->first);
  cr_expect(str_eq(free_text_plain(a, &again), (struct str){line, sizeof line}));
  arena_free(a);
}

Test(edifact_text, lines_know_where_they_stand) {
  struct arena *a = arena_new(0);
  struct free_text t;
  const struct node *root = read(a, STR("FTX+NC+P00++a\\:b:c'FTX+NC+P00++d'GIS+N'"));
  const struct node *behind = free_text_read(&t, a, root->first);
  cr_assert(str_eqz(behind->name, "GIS"));
  cr_assert_eq(t.lines.n, 3);
  cr_expect_eq(t.lines.v[0].node, edifact_element(root->first, 4, 1));
  cr_expect_eq(t.lines.v[1].node, edifact_element(root->first, 4, 3));
  cr_expect_eq(t.lines.v[2].node, edifact_element(root->first->next, 4, 1));
  cr_expect(str_eqz(free_line_plain(a, &t.lines.v[0]), "ab"));
  arena_free(a);
}
