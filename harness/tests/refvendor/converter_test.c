/* The reference vendor as a VANS operator: what it keeps. */
#include "base/file.h"
#include "envelope/vans.h"
#include "refvendor/converter.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static const struct convert_pair pairs[] = {
    {.bundle = STR_INIT("b1"),
     .header = STR_INIT("h1"),
     .envelope = STR_INIT("e1"),
     .letter = STR_INIT("l1"),
     .version = STR_INIT("XD9134L"),
     .sender = STR_INIT("5790008888247"),
     .receiver = STR_INIT("5790008888254"),
     .why_invalid = STR_INIT("XBIN01 kom ikke")},
    {.bundle = STR_INIT("b1"),
     .header = STR_INIT("h1"),
     .envelope = STR_INIT("e2"),
     .letter = STR_INIT("l2"),
     .version = STR_INIT("XB0131X"),
     .sender = STR_INIT("5790008888247"),
     .receiver = STR_INIT("5790008888254")},
};

static struct refvendor *operator_in(struct refvendor_options *o, struct loop *l, const char *keep) {
  struct refvendor *v;
  struct error e;
  refvendor_options_init(o);
  o->is_operator = true;
  o->keep = keep;
  cr_assert_eq(refvendor_open(&v, l, o, &e), 0, "%s", e.text);
  return v;
}

Test(converter, pairs_are_there_after_a_restart) {
  struct arena *a = arena_new(0);
  struct refvendor_options o;
  struct loop *l;
  struct error e;
  char dir[] = "/tmp/converter-XXXXXX";
  cr_assert_not_null(mkdtemp(dir));
  cr_assert_eq(loop_open(&l, &e), 0, "%s", e.text);
  struct refvendor *v = operator_in(&o, l, dir);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) rv_converter_remember(v, &pairs[i]);
  refvendor_close(v);
  v = operator_in(&o, l, dir);
  cr_assert_eq(v->converter->pairs.n, 2);
  cr_expect(str_eqz(v->converter->pairs.v[0].ids.why_invalid, "XBIN01 kom ikke"));
  cr_expect(str_eqz(v->converter->pairs.v[1].ids.letter, "l2"));
  cr_expect(str_eqz(v->converter->pairs.v[1].ids.receiver, "5790008888254"));
  refvendor_close(v);
  loop_close(l);
  unlink(file_join(a, dir, "pairs.tsv"));
  rmdir(dir);
  arena_free(a);
}

Test(converter, what_is_no_envelope_is_refused) {
  struct refvendor_options o;
  struct loop *l;
  struct error e;
  cr_assert_eq(loop_open(&l, &e), 0, "%s", e.text);
  struct refvendor *v = operator_in(&o, l, NULL);
  cr_expect_eq(rv_converter_take(v, STR("<Emessage/>")), RV_REFUSED);
  cr_expect_eq(rv_converter_take(v, STR("")), RV_REFUSED);
  cr_expect_eq(v->converter->pairs.n, 0);
  cr_expect_null(v->converter->held);
  refvendor_close(v);
  loop_close(l);
}

/* ---- what waits, and what comes again ---- */

struct operator{
  struct arena *a;
  struct loop *loop;
  struct refvendor_options o;
  struct refvendor *v;
  enum defect defect;
  bool broken;
  char dir[32];
};

static void start(struct operator* x) {
  struct error e;
  refvendor_options_init(&x->o);
  x->o.is_operator = true;
  x->o.keep = x->dir;
  x->o.defects[x->defect] = x->broken;
  cr_assert_eq(refvendor_open(&x->v, x->loop, &x->o, &e), 0, "%s", e.text);
}

static void begin(struct operator* x) {
  struct error e;
  x->a = arena_new(0);
  strcpy(x->dir, "/tmp/converter-XXXXXX");
  cr_assert_not_null(mkdtemp(x->dir));
  cr_assert_eq(loop_open(&x->loop, &e), 0, "%s", e.text);
  start(x);
}

static void restart(struct operator* x) {
  refvendor_close(x->v);
  start(x);
}

static void end(struct operator* x) {
  struct error e;
  char **names;
  size_t n;
  refvendor_close(x->v);
  loop_close(x->loop);
  cr_assert_eq(file_list(&names, &n, x->a, x->dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) unlink(file_join(x->a, x->dir, names[i]));
  rmdir(x->dir);
  arena_free(x->a);
}

/* A letter of tests/data/mapping comes to the operator; `name` says which. */
static void comes(struct operator* x, const char *name, const char *envelope_id) {
  struct str bytes;
  struct buf wire;
  struct error e;
  const char *path = file_join(x->a, TEST_ROOT "/harness/tests/data/mapping", name);
  bool bin = str_starts(str_z(name), STR("xbin01"));
  cr_assert_eq(file_read(&bytes, x->a, path, (size_t)1 << 20, &e), 0, "%s", e.text);
  struct envelope_payload says = {.format = STR("XML"),
                                  .name = bin ? STR("MCM:XBIN01") : STR("MCM:XDIS91"),
                                  .version = bin ? STR("XB0131X") : STR("XD9134L")};
  struct envelope env = {.sender = STR("5790008888025"),
                         .receiver = STR("5790008888049"),
                         .sender_type = STR("EAN"),
                         .receiver_type = STR("EAN"),
                         .id = str_z(envelope_id),
                         .sent = STR("2026-07-14T09:31:00+02:00")};
  vans_describe(&env, &says, bytes, NULL);
  env.meta.id = STR("m");
  buf_init(&wire, (size_t)1 << 20);
  vans_kind.write(&wire, &env);
  cr_assert_eq(rv_converter_take(x->v, buf_str(&wire)), RV_TAKEN);
  buf_release(&wire);
}

static size_t waiting(const struct operator* x) {
  size_t n = 0;
  for (const struct rv_held *h = x->v->converter->held; h; h = h->next) n++;
  return n;
}

static size_t files(struct operator* x, const char *prefix) {
  struct error e;
  char **names;
  size_t n, found = 0;
  cr_assert_eq(file_list(&names, &n, x->a, x->dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) found += str_starts(str_z(names[i]), str_z(prefix));
  return found;
}

Test(converter, a_letter_that_waits_is_there_after_a_restart) {
  struct operator x = {0};
  begin(&x);
  comes(&x, "xdis91.xml", "v1");
  cr_assert_eq(waiting(&x), 1);
  restart(&x);
  cr_assert_eq(waiting(&x), 1);
  cr_expect_not_null(x.v->converter->held->timer, "it waits for the rest of its hour");
  cr_expect_eq(x.v->converter->pairs.n, 0);
  comes(&x, "xbin01.xml", "v2");
  cr_expect_eq(waiting(&x), 0);
  cr_expect_eq(x.v->converter->pairs.n, 2, "the letter and its objects became one message");
  cr_expect_eq(files(&x, "held-"), 0);
  restart(&x);
  cr_expect_eq(waiting(&x), 0);
  end(&x);
}

Test(converter, objects_that_wait_are_there_after_a_restart) {
  struct operator x = {0};
  begin(&x);
  comes(&x, "xbin01.xml", "v2");
  restart(&x);
  cr_assert_eq(waiting(&x), 1);
  comes(&x, "xdis91.xml", "v1");
  cr_expect_eq(waiting(&x), 0);
  cr_expect_eq(x.v->converter->pairs.n, 2);
  end(&x);
}

Test(converter, with_the_defect_what_waits_is_forgotten) {
  struct operator x = {.defect = DEFECT_CONVERT_FORGETS_ON_RESTART, .broken = true};
  begin(&x);
  comes(&x, "xdis91.xml", "v1");
  cr_assert_eq(waiting(&x), 1);
  restart(&x);
  cr_expect_eq(waiting(&x), 0);
  end(&x);
}

/* Resent in a new envelope, or carried twice in the same: one letter. */
static size_t held_of_two(struct operator* x, const char *second) {
  begin(x);
  comes(x, "xdis91.xml", "v1");
  comes(x, "xdis91.xml", second);
  size_t n = waiting(x);
  end(x);
  return n;
}

Test(converter, a_letter_that_comes_again_waits_once) {
  struct operator x = {0};
  cr_expect_eq(held_of_two(&x, "v1"), 1);
  cr_expect_eq(held_of_two(&x, "v9"), 1);
}

Test(converter, with_the_defect_a_letter_that_comes_again_is_taken_again) {
  struct operator x = {.defect = DEFECT_CONVERT_TWICE, .broken = true};
  cr_expect_eq(held_of_two(&x, "v1"), 2);
  cr_expect_eq(held_of_two(&x, "v9"), 2);
}

Test(converter, what_was_converted_is_known_again_after_a_restart) {
  struct operator x = {0};
  begin(&x);
  comes(&x, "xdis91.xml", "v1");
  comes(&x, "xbin01.xml", "v2");
  cr_assert_eq(x.v->converter->pairs.n, 2);
  restart(&x);
  comes(&x, "xdis91.xml", "v3");
  comes(&x, "xbin01.xml", "v4");
  cr_expect_eq(x.v->converter->pairs.n, 2);
  cr_expect_eq(waiting(&x), 0);
  end(&x);
}

Test(converter, an_envelope_identifier_of_another_letter_is_refused) {
  struct operator x = {0};
  begin(&x);
  comes(&x, "xdis91.xml", "v1");
  cr_expect_eq(x.v->sent, 0);
  comes(&x, "xbin01.xml", "v1");
  cr_expect_eq(waiting(&x), 1);
  cr_expect_eq(x.v->converter->pairs.n, 0);
  cr_expect_eq(x.v->sent, 1, "the sender is told");
  end(&x);
}

Test(converter, a_file_that_is_broken_is_passed_over) {
  struct operator x = {0};
  struct error e;
  static const char *const broken[][2] = {
      {"held-00000001", ""}, {"held-00000002", "12"}, {"held-00000003", "12\nno envelope"}, {"held-x", "1\n"}};
  begin(&x);
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    cr_assert_eq(file_write(file_join(x.a, x.dir, broken[i][0]), str_z(broken[i][1]), &e), 0, "%s", e.text);
  restart(&x);
  cr_expect_eq(waiting(&x), 0);
  comes(&x, "xdis91.xml", "v1");
  restart(&x);
  cr_expect_eq(waiting(&x), 1);
  end(&x);
}
