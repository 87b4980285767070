#include <criterion/criterion.h>

#include "formats/edifact.h"

#include "formats_help.h"

#define LETTER                                                                                                         \
  "UNA:+.? '\nUNB+UNOC:3+5790000000012:14+5790000000029:14+261129:0930+K1++++1'\nUNH+B1+MEDDIS:D:93A:UN:D9134L+DIS91'" \
  "S01+01'NAD+SSP+123:SKS:SST'S01+01'NAD+PO+12?+3:YNR:SFU++Ly\xf8ng'S14+14'FTX+NC+P00++en:to:'UNT+8+B1'UNZ+1+K1'\n"

static struct node *read(struct arena *a, struct str bytes) {
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  cr_assert(edifact_read(&root, a, (struct source){STR("x"), bytes}, &f) == 0);
  cr_assert_eq(f.list.n, 0);
  return root;
}

static void check_find(const char *path, const char *text, const char *again) {
  struct arena *a = arena_new(0);
  struct edifact_hits hits;
  struct error e;
  cr_assert(edifact_find(&hits, a, read(a, STR(LETTER)), str_z(path), &e) == 0, "%s", e.text);
  cr_assert(hits.n == 1, "%s: %zu hits", path, hits.n);
  cr_assert(str_eqz(hits.v[0]->text, text), "%s: %.*s", path, STR_F(hits.v[0]->text));
  struct str own = edifact_path(a, hits.v[0]);
  cr_assert(str_eqz(own, again), "%.*s", STR_F(own));
  arena_free(a);
}

Test(edifact, paths) {
  check_find("NAD+PO/2.1", "12+3", "S01[2]/NAD+PO/2.1");
  check_find("S01[2]/NAD+PO/2.3", "SFU", "S01[2]/NAD+PO/2.3");
  check_find("NAD+PO/4", "Ly\xc3\xb8ng", "S01[2]/NAD+PO/4");
  check_find("S14/FTX+NC/4.3", "", "S14/FTX+NC/4.3");
  check_find("UNB/5", "K1", "UNB/5");
}

static void check_path(const struct node *root, const char *path, size_t n, const char *first) {
  struct arena *a = arena_new(0);
  struct edifact_hits hits;
  struct error e;
  cr_assert_eq(edifact_find(&hits, a, root, str_z(path), &e), 0, "%s", e.text);
  cr_assert_eq(hits.n, n, "%s: %zu hits", path, hits.n);
  cr_expect(str_eqz(edifact_path(a, hits.v[0]), first), "%s: %.*s", path, STR_F(edifact_path(a, hits.v[0])));
  arena_free(a);
}

/* Groups are left out only where no child fits, and a label that could not be read again is none. */
Test(edifact, paths_of_their_own) {
  struct arena *a = arena_new(0);
  const struct node *root =
      read(a, STR("UNA:+.? 'UNB+UNOC:3'UNH+1'DTM+137:1'S01+01'DTM+137:2'RFF+a/b'RFF+c'S01+01'RFF+c'UNT+8+1'"
                  "UNH+2'DTM+137:3'UNT+3+2'"));
  check_path(root, "message[1]/DTM+137/1.2", 1, "message[1]/DTM+137/1.2");
  check_path(root, "DTM+137", 2, "message[1]/DTM+137");
  check_path(root, "S01/DTM+137/1.2", 1, "message[1]/S01[1]/DTM+137/1.2");
  check_path(root, "S01[1]/RFF[1]/1", 1, "message[1]/S01[1]/RFF[1]/1");
  check_path(root, "RFF+c", 2, "message[1]/S01[1]/RFF+c");
  check_path(root, "message[2]/UNH/1", 1, "message[2]/UNH/1");
  arena_free(a);
}

Test(edifact, written_as_read) {
  struct arena *a = arena_new(0);
  struct buf b;
  buf_init(&b, 10000);
  edifact_write(&b, read(a, STR(LETTER)));
  cr_assert(str_eq(buf_str(&b), STR(LETTER)), "%.*s", STR_F(buf_str(&b)));
  buf_release(&b);
  arena_free(a);
}
