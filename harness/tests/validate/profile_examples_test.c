/* No false alarms: Bundles that their publisher found valid have no error against their profiles, in three ways: by all
 * packages with the example's own one pinned, by all packages with nothing pinned, and by the built-in facts.
 * The table is printed; TESTCAMP_PROFILE_SHOW=1 prints each error too. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "tests/validate/profile_bench.h"

#define INDEX_MAX ((size_t)16 << 20)
#define COLUMNS 6

enum way { PINNED, UNPINNED, BUILT_IN };

/* Which package a folder of examples is judged with. */
static const struct row {
  const char *folder, *use;
} rows[] = {
    {"hl7.fhir.dk.core-3.4.0/", "hl7.fhir.dk.core@3.4.0"},
    {"hl7.fhir.dk.core-3.7.0/", "hl7.fhir.dk.core@3.7.0"},
    {"medcom.fhir.dk.acknowledgement-2.0.3/", "medcom.fhir.dk.acknowledgement@2.0.3"},
    {"medcom.fhir.dk.carecommunication-3.0.0/", "medcom.fhir.dk.carecommunication@3.0.0"},
    {"medcom.fhir.dk.carecommunication-4.0.3/", "medcom.fhir.dk.carecommunication@4.0.3"},
    {"medcom.fhir.dk.carecommunication-5.0.2/", "medcom.fhir.dk.carecommunication@5.0.2"},
    {"medcom.fhir.dk.carecommunicationtestscripts-4.0.1/", "medcom.fhir.dk.carecommunication@4.0.1"},
    {"medcom.fhir.dk.carecommunicationtestscripts-5.0.0/", "medcom.fhir.dk.carecommunication@5.0.0"},
    {"medcom.fhir.dk.conditionlist-1.0.1/", "medcom.fhir.dk.conditionlist@1.0.1"},
    {"medcom.fhir.dk.document-2.0.2/", "medcom.fhir.dk.document@2.0.2"},
    {"medcom.fhir.dk.ekg-1.0.2/", "medcom.fhir.dk.ekg@1.0.2"},
    {"medcom.fhir.dk.homecareobservation-1.2.1/", "medcom.fhir.dk.homecareobservation@1.2.1"},
    {"medcom.fhir.dk.homecareobservationtestscripts-1.0.0-draft/", "medcom.fhir.dk.homecareobservation@1.0.0"},
    {"medcom.fhir.dk.hospitalnotification-3.0.1/", "medcom.fhir.dk.hospitalnotification@3.0.2"},
    {"medcom.fhir.dk.hospitalnotification-3.0.2/", "medcom.fhir.dk.hospitalnotification@3.0.2"},
    {"medcom.fhir.dk.hospitalnotificationtestscripts-3.0.1/", "medcom.fhir.dk.hospitalnotification@3.0.2"},
    {"medcom.fhir.dk.messaging-2.1.0/", "medcom.fhir.dk.messaging@2.1.0"},
    {"medcom.fhir.dk.messaging-3.0.0/", "medcom.fhir.dk.messaging@3.0.0"},
    {"medcom.fhir.dk.messaging-4.0.2/", "medcom.fhir.dk.messaging@4.0.2"},
    {"medcom.fhir.dk.notes-1.0.0/", "medcom.fhir.dk.notes@1.0.0"},
};
enum { ROWS = sizeof rows / sizeof *rows };

struct count {
  size_t bundles, rejected, undecided;
};

static const struct row *row_of(struct str path) {
  for (size_t i = 0; i < ROWS; i++)
    if (str_starts(path, str_z(rows[i].folder))) return &rows[i];
  return NULL;
}

static void show(struct str path, const struct findings *f) {
  for (size_t i = 0; i < f->list.n && getenv("TESTCAMP_PROFILE_SHOW"); i++)
    if (f->list.v[i].severity == SEV_ERROR)
      printf("%.*s: %.*s %.*s %.*s\n", STR_F(path), STR_F(f->list.v[i].where.path), STR_F(f->list.v[i].rule),
             STR_F(f->list.v[i].en));
}

static void judge(struct count *c, struct bench *b, struct str path, const char *use) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct error e = {0};
  struct book *book = bench_book(b);
  findings_init(&f, a);
  if (use) cr_assert_eq(book_use(book, str_z(use), &e), 0, "%s", e.text);
  bench_judge(&f, a, b, book, arena_printf(a, "examples/%.*s", STR_F(path)), NULL);
  show(path, &f);
  c->bundles++;
  c->rejected += findings_worst(&f) == SEV_ERROR;
  c->undecided += findings_count(&f, SEV_UNDECIDED) > 0;
  arena_free(a);
}

static void judge_all(struct count *counts, struct bench *b, enum way way) {
  struct str index;
  struct error e = {0};
  const char *path = file_join(b->arena, b->shared, "examples/index.tsv");
  cr_assert_eq(file_read(&index, b->arena, path, INDEX_MAX, &e), 0, "%s", e.text);
  while (index.n) {
    struct str line = str_cut(&index, '\n'), cells[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) cells[i] = str_cut(&line, '\t');
    const struct row *row = row_of(cells[0]);
    if (!str_eqz(cells[2], "Bundle") || !str_eqz(cells[5], "valid")) continue;
    cr_expect(row, "%.*s has no row", STR_F(cells[0]));
    if (row) judge(&counts[row - rows], b, cells[0], way == PINNED ? row->use : NULL);
  }
}

static void report(const struct count *counts, const char *name) {
  struct count all = {0};
  fprintf(stderr, "%s: rejected, with something undecided, of Bundles that are valid\n", name);
  for (size_t i = 0; i < ROWS; i++) {
    const struct count *c = &counts[i];
    fprintf(stderr, "%4zu %4zu %4zu  %s\n", c->rejected, c->undecided, c->bundles, rows[i].folder);
    cr_expect_eq(c->rejected, 0, "%s %s: %zu rejected", name, rows[i].folder, c->rejected);
    all.bundles += c->bundles, all.rejected += c->rejected, all.undecided += c->undecided;
  }
  fprintf(stderr, "%4zu %4zu %4zu  in all\n", all.rejected, all.undecided, all.bundles);
  cr_expect_gt(all.bundles, 160);
}

static void one_way(enum way way, const char *name) {
  struct bench b;
  struct count counts[ROWS] = {{0}};
  if (way == BUILT_IN)
    bench_open_facts(&b);
  else
    bench_open(&b, NULL);
  judge_all(counts, &b, way);
  report(counts, name);
  arena_free(b.arena);
}

Test(profile_examples, own_package_pinned) {
  one_way(PINNED, "own package pinned");
}

Test(profile_examples, nothing_pinned) {
  one_way(UNPINNED, "nothing pinned");
}

Test(profile_examples, built_in_facts) {
  one_way(BUILT_IN, "built-in facts");
}
