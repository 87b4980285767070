/* The reference validator's errors on the published packages (validation-oo.json of each): is one of ours at the same
 * place? Counted for each message id, and averaged over the ids, so that a rare rule weighs as much as a frequent one.
 * TESTCAMP_PROFILE_SHOW=1 prints a row an id, and each error that has none of ours.
 *
 * Left out: what only a terminology server can tell (ids of terminology, and the displays among those without an id),
 * and the publisher's own checks of how a differential is built, which have no id either. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "formats/archive.h"
#include "formats/json.h"
#include "tests/validate/profile_bench.h"

#define FILE_MAX ((size_t)64 << 20)
#define IDS_MAX 100
#define MESSAGE_ID "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"

/* What was reached is 94 %; the aim is 85 %. */
#define FLOOR_PERCENT 92

/* Packages of test scripts are judged by the standard that they test. */
static const char *const tested[][2] = {
    {"medcom.fhir.dk.acknowledgementtestscripts-2.0.0", "medcom.fhir.dk.acknowledgement@2.0.3"},
    {"medcom.fhir.dk.carecommunicationtestscripts-4.0.1", "medcom.fhir.dk.carecommunication@4.0.1"},
    {"medcom.fhir.dk.carecommunicationtestscripts-5.0.0", "medcom.fhir.dk.carecommunication@5.0.0"},
    {"medcom.fhir.dk.homecareobservationtestscripts-1.0.0-draft", "medcom.fhir.dk.homecareobservation@1.0.0"},
    {"medcom.fhir.dk.hospitalnotificationtestscripts-3.0.1", "medcom.fhir.dk.hospitalnotification@3.0.2"},
};

struct tally {
  struct str id;
  size_t found, all;
};

struct scoring {
  struct bench *b;
  struct tally tallies[IDS_MAX];
  size_t n, resources;
  struct str package;  /* file name without its ending */
  struct map outcomes; /* name of a resource -> its OperationOutcome */
};

/* --- places ---------------------------------------------------------------------------------------------------- */

static void cut_out(struct buf *to, struct str s, struct str from, struct str until) {
  while (s.n) {
    size_t at = str_find(s, from, 0);
    buf_add(to, str_sub(s, 0, at));
    if (at == SIZE_MAX) return;
    s = str_sub(s, at + from.n, s.n);
    size_t end = str_find(s, until, 0);
    s = end == SIZE_MAX ? (struct str){0} : str_sub(s, end + until.n, s.n);
  }
}

/* Both write paths in their own way: comments with ids, and ofType(), say nothing of the place. */
static struct str plain_place(struct arena *a, struct str place) {
  struct buf b, c;
  size_t colon = str_find(place, STR(": "), 0);
  if (colon != SIZE_MAX) place = str_sub(place, colon + 2, place.n);
  buf_init(&b, place.n + 1);
  buf_init(&c, place.n + 1);
  cut_out(&b, place, STR("/*"), STR("*/"));
  cut_out(&c, buf_str(&b), STR(".ofType("), STR(")"));
  buf_release(&b);
  struct str plain = buf_take(&c, a);
  while (plain.n && plain.p[plain.n - 1] == '.') plain.n--;
  return plain;
}

static bool is_found(struct arena *a, const struct findings *f, struct str place) {
  for (size_t i = 0; i < f->list.n; i++)
    if (f->list.v[i].severity == SEV_ERROR && str_eq(plain_place(a, f->list.v[i].where.path), place)) return true;
  return false;
}

/* --- counting --------------------------------------------------------------------------------------------------- */

static struct str message_id(const struct node *issue) {
  for (const struct node *x = node_child(issue, "extension")->first; x; x = x->next)
    if (str_eqz(node_text_at(x, "url"), MESSAGE_ID)) return node_text_at(x, "valueCode");
  return (struct str){0};
}

static bool is_left_out(struct str id) {
  return !id.n || str_starts(id, STR("Terminology_")) || str_eqz(id, "UNABLE_TO_INFER_CODESYSTEM");
}

static struct tally *tally_of(struct scoring *s, struct str id) {
  for (size_t i = 0; i < s->n; i++)
    if (str_eq(s->tallies[i].id, id)) return &s->tallies[i];
  cr_assert_lt(s->n, IDS_MAX);
  s->tallies[s->n].id = arena_str(s->b->arena, id);
  return &s->tallies[s->n++];
}

static bool is_error(const struct node *issue) {
  struct str severity = node_text_at(issue, "severity");
  return str_eqz(severity, "error") || str_eqz(severity, "fatal");
}

static void count(struct scoring *s, struct arena *a, const struct node *outcome, const struct findings *f) {
  const struct node *list = node_child(outcome, "issue");
  for (const struct node *i = list ? list->first : NULL; i; i = i->next) {
    struct str id = is_error(i) ? message_id(i) : (struct str){0};
    const struct node *places = node_child(i, "expression");
    if (is_left_out(id) || !places || !places->first) continue;
    struct tally *t = tally_of(s, id);
    struct str place = plain_place(a, places->first->text);
    bool found = is_found(a, f, place);
    t->all++;
    t->found += found;
    if (!found && getenv("TESTCAMP_PROFILE_SHOW"))
      printf("not found: %.*s %.*s %.*s %.*s\n", STR_F(s->package), STR_F(node_text_at(outcome, "id")), STR_F(id),
             STR_F(place));
  }
}

/* --- judging ---------------------------------------------------------------------------------------------------- */

static struct str package_used(struct scoring *s) {
  for (size_t i = 0; i < sizeof tested / sizeof *tested; i++)
    if (str_eqz(s->package, tested[i][0])) return str_z(tested[i][1]);
  size_t at = 0;
  while (at + 1 < s->package.n &&
         !(s->package.p[at] == '-' && s->package.p[at + 1] >= '0' && s->package.p[at + 1] <= '9'))
    at++;
  return arena_printf(s->b->arena, "%.*s@%.*s", (int)at, s->package.p,
                      STR_F(str_sub(s->package, at + 1, s->package.n)));
}

static struct str resource_name(struct str file) {
  size_t slash = file.n;
  while (slash && file.p[slash - 1] != '/') slash--;
  return str_ends(file, STR(".json")) ? str_sub(file, slash, file.n - 5) : (struct str){0};
}

static bool wants(void *context, struct str name) {
  struct scoring *s = context;
  return str_find(name, STR("/other/"), 0) == SIZE_MAX && map_get(&s->outcomes, resource_name(name));
}

static int judge(void *context, struct str name, struct str bytes, struct error *e) {
  struct scoring *s = context;
  struct arena *a = arena_new((size_t)4 << 30);
  struct findings f;
  struct node *resource;
  struct book *book = bench_book(s->b);
  struct profile_options o = {.cache = profile_cache_new(a, book, s->b->shapes)};
  findings_init(&f, a);
  if (book_use(book, package_used(s), e)) return -1;
  if (!resource_read(&resource, &o.form, a, (struct source){name, bytes}, &f))
    profile_validate(&f, a, resource, name, &o);
  count(s, a, map_get(&s->outcomes, resource_name(name)), &f);
  s->resources++;
  arena_free(a);
  return 0;
}

static bool has_error(const struct node *outcome) {
  const struct node *list = node_child(outcome, "issue");
  for (const struct node *i = list ? list->first : NULL; i; i = i->next)
    if (is_error(i)) return true;
  return false;
}

static void score_package(struct scoring *s, struct arena *a, const char *dir, const char *file) {
  struct error e = {0};
  struct str bytes, tgz;
  struct findings f;
  struct node *root;
  struct archive_visitor v = {{FILE_MAX, FILE_MAX * 8, 100000}, s, wants, judge};
  s->package = str_sub(str_z(file), 0, strlen(file) - strlen(".oo.json"));
  map_init(&s->outcomes, a);
  findings_init(&f, a);
  cr_assert_eq(file_read(&bytes, a, file_join(a, dir, file), FILE_MAX, &e), 0, "%s", e.text);
  cr_assert_eq(json_read(&root, a, (struct source){str_z(file), bytes}, &f), 0, "%s", file);
  for (const struct node *n = node_child(root, "entry")->first; n; n = n->next) {
    struct node *outcome = node_child(n, "resource");
    if (has_error(outcome)) map_set(&s->outcomes, node_text_at(outcome, "id"), outcome);
  }
  const char *path = arena_printf(a, "%s/packages/%.*s.tgz", s->b->shared, STR_F(s->package)).p;
  cr_assert_eq(file_read(&tgz, a, path, FILE_MAX, &e), 0, "%s", e.text);
  cr_expect_eq(archive_each((struct source){str_z(path), tgz}, &v, &e), 0, "%s: %s", file, e.text);
}

Test(profile_publisher, places_of_the_reference_validator) {
  struct bench b;
  struct error e = {0};
  char **files;
  size_t n;
  bench_open(&b, NULL);
  struct scoring s = {.b = &b};
  const char *dir = file_join(b.arena, b.shared, "examples/publisher-validation");
  cr_assert_eq(file_list(&files, &n, b.arena, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct arena *a = arena_new(0);
    if (str_ends(str_z(files[i]), STR(".oo.json"))) score_package(&s, a, dir, files[i]);
    arena_free(a);
  }
  double sum = 0;
  for (size_t i = 0; i < s.n; i++) {
    const struct tally *t = &s.tallies[i];
    sum += 100.0 * (double)t->found / (double)t->all;
    if (getenv("TESTCAMP_PROFILE_SHOW")) printf("%4zu of %4zu  %.*s\n", t->found, t->all, STR_F(t->id));
  }
  fprintf(stderr, "places of the reference validator's errors: %.1f %% over %zu ids, %zu resources\n",
          sum / (double)s.n, s.n, s.resources);
  cr_expect_geq(s.n, 10);
  cr_expect_geq(sum / (double)s.n, FLOOR_PERCENT);
  arena_free(b.arena);
}
