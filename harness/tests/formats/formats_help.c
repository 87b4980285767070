#include "formats_help.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

void reading_of(struct reading *r, reader_fn *read, struct str bytes) {
  *r = (struct reading){.arena = arena_new(0)};
  findings_init(&r->findings, r->arena);
  r->rc = read(&r->root, r->arena, (struct source){STR("message"), bytes}, &r->findings);
}

void reading_release(struct reading *r) {
  arena_free(r->arena);
}

struct str reading_outcome(struct reading *r) {
  struct buf b;
  buf_init(&b, 1 << 20);
  buf_addz(&b, r->rc ? "bad" : "ok");
  for (size_t i = 0; i < r->findings.list.n; i++) {
    const struct finding *f = &r->findings.list.v[i];
    buf_printf(&b, " %.*s@%d:%d", STR_F(f->rule), f->where.line, f->where.col);
  }
  return buf_take(&b, r->arena);
}

static void dump(struct buf *b, const struct node *n, int depth) {
  for (int i = 0; i < depth; i++) buf_addz(b, "  ");
  buf_printf(b, "%s ", node_kind_name(n->kind));
  if (n->ns.n) buf_printf(b, "{%.*s}", STR_F(n->ns));
  if (n->prefix.n) buf_printf(b, "%.*s:", STR_F(n->prefix));
  buf_printf(b, "%.*s %d:%d", STR_F(n->name), n->line, n->col);
  if (n->name_line) buf_printf(b, " key %d:%d", n->name_line, n->name_col);
  if (n->flags & NODE_QUOTED) buf_addz(b, " quoted");
  buf_addz(b, " [");
  for (size_t i = 0; i < n->text.n; i++) {
    if (n->text.p[i] == '\n')
      buf_addz(b, "\\n");
    else
      buf_byte(b, n->text.p[i]);
  }
  buf_addz(b, "]\n");
  for (const struct node *a = n->attrs; a; a = a->next) dump(b, a, depth + 2);
  for (NODE_EACH(c, n)) dump(b, c, depth + 1);
}

struct str tree_dump(struct arena *a, const struct node *n) {
  struct buf b;
  buf_init(&b, 1 << 24);
  if (n) dump(&b, n, 0);
  return buf_take(&b, a);
}

struct str data_file(struct arena *a, const char *name) {
  struct str bytes;
  struct error e;
  int rc = file_read(&bytes, a, file_join(a, TEST_DATA, name), 1 << 24, &e);
  cr_assert_eq(rc, 0, "%s", rc ? e.text : "");
  return bytes;
}

static int hex(char c) {
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

struct str percent_decode(struct arena *a, struct str s) {
  char *p = arena_alloc(a, s.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] != '%' || i + 2 >= s.n) {
      p[n++] = s.p[i];
      continue;
    }
    p[n++] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
    i += 2;
  }
  return (struct str){p, n};
}

static void run_case(struct str name, struct str expected, struct str bytes, reader_fn *read) {
  struct reading r;
  /* an allocation of just this size, so that reading past the end is noticed */
  char *exact = malloc(bytes.n ? bytes.n : 1);
  memcpy(exact, bytes.p, bytes.n);
  reading_of(&r, read, (struct str){exact, bytes.n});
  struct str outcome = reading_outcome(&r);
  cr_expect(str_eq(outcome, expected), "%.*s: expected \"%.*s\", got \"%.*s\"", STR_F(name), STR_F(expected),
            STR_F(outcome));
  cr_expect_eq(r.rc == 0, r.root != NULL, "%.*s: a tree just when it could be read", STR_F(name));
  reading_release(&r);
  free(exact);
}

size_t run_cases(const char *file, reader_fn *read) {
  struct arena *a = arena_new(0);
  struct str rest = data_file(a, file);
  size_t n = 0;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    if (!line.n || line.p[0] == '#') continue;
    struct str name = str_cut(&line, '\t'), expected = str_cut(&line, '\t');
    run_case(name, expected, percent_decode(a, line), read);
    n++;
  }
  arena_free(a);
  return n;
}
