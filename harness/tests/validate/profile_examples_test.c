/* No false alarms: Bundles that their publisher found valid have no error against their profiles.
 * TESTCAMP_PROFILE_SHOW=1 prints each error and the number of Bundles with something undecided. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "tests/validate/profile_bench.h"

#define INDEX_MAX ((size_t)16 << 20)
#define COLUMNS 6

/* Which package a folder of examples is judged with. Left out: carecommunication 3.0.0, whose dependency
 * messaging 2.0.0 was published anew, with another code system, after the examples were validated; and dk.core 3.4.0,
 * whose dependency hl7.fhir.uv.phd 1.x is not there. */
static const struct {
  const char *folder, *use;
} rows[] = {
    {"hl7.fhir.dk.core-3.7.0/", "hl7.fhir.dk.core@3.7.0"},
    {"medcom.fhir.dk.acknowledgement-2.0.3/", "medcom.fhir.dk.acknowledgement@2.0.3"},
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

struct count {
  size_t bundles, rejected, undecided;
};

static const char *package_of(struct str path) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_starts(path, str_z(rows[i].folder))) return rows[i].use;
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
  cr_assert_eq(book_use(book, str_z(use), &e), 0, "%s", e.text);
  bench_judge(&f, a, b, book, arena_printf(a, "examples/%.*s", STR_F(path)), NULL);
  show(path, &f);
  c->bundles++;
  c->rejected += findings_worst(&f) == SEV_ERROR;
  c->undecided += findings_count(&f, SEV_UNDECIDED) > 0;
  cr_expect_neq(findings_worst(&f), SEV_ERROR, "%.*s is valid, and was rejected", STR_F(path));
  arena_free(a);
}

Test(profile_examples, valid_bundles_are_accepted, .timeout = 300) {
  struct bench b;
  struct count c = {0};
  struct str index;
  struct error e = {0};
  bench_open(&b, NULL);
  const char *path = file_join(b.arena, b.shared, "examples/index.tsv");
  cr_assert_eq(file_read(&index, b.arena, path, INDEX_MAX, &e), 0, "%s", e.text);
  while (index.n) {
    struct str line = str_cut(&index, '\n'), row[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) row[i] = str_cut(&line, '\t');
    const char *use = package_of(row[0]);
    if (use && str_eqz(row[2], "Bundle") && str_eqz(row[5], "valid")) judge(&c, &b, row[0], use);
  }
  cr_log_info("valid Bundles: %zu, rejected %zu, with something undecided %zu", c.bundles, c.rejected, c.undecided);
  cr_expect_gt(c.bundles, 140);
  arena_free(b.arena);
}
