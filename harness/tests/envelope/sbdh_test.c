/* The ehmiSBDH without a message in it: what is large, hostile, or needs another profile. What is in a real one stands
 * in tests/validate/sbdh_test.c. */
#include "envelope/sbdh.h"

#include <criterion/criterion.h>

#include "base/file.h"
#include "envelope/vans.h"

#define MADE_MAX ((size_t)256 << 20)
#define BYTES_MAX ((size_t)1 << 20)
#define LARGE ((size_t)75 * 1000 * 1000)

static const struct ehmi_profile *shipped(struct arena *a) {
  struct ehmi_profile *p;
  struct error e = {0};
  cr_assert_eq(sbdh_shipped_profile(&p, a, &e), 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
  return p;
}

/* The shipped profile with one text in place of another. */
static const struct ehmi_profile *changed(struct arena *a, const char *old, const char *new) {
  struct str yaml;
  struct error e = {0};
  struct ehmi_profile *p;
  cr_assert_eq(file_read(&yaml, a, TEST_ROOT "/" EHMI_PROFILE_FILE, BYTES_MAX, &e), 0);
  size_t at = str_find(yaml, str_z(old), 0);
  cr_assert_neq(at, SIZE_MAX);
  struct str before = str_sub(yaml, 0, at), after = str_sub(yaml, at + strlen(old), yaml.n);
  yaml = arena_printf(a, "%.*s%s%.*s", STR_F(before), new, STR_F(after));
  cr_assert_eq(ehmi_profile_read(&p, a, yaml, STR("p"), &e), 0, "%d:%d: %s", e.line, e.col, e.text);
  return p;
}

static const struct sbdh_stamp stamp = {STR_INIT("c0ffee00-0001-4000-8000-000000000001"),
                                        STR_INIT("2026-01-05T10:00:00+01:00")};

static void request(struct envelope *env, struct arena *a, struct str payload, const struct ehmi_profile *p) {
  struct envelope_payload says = {.mime = STR("application/fhir+json"),
                                  .event = STR("homecareobservation-message"),
                                  .message_id = STR("c0ffee00-0002-4000-8000-000000000002"),
                                  .bundle_id = STR("c0ffee00-0003-4000-8000-000000000003"),
                                  .sender_gln = STR("5790008888025"),
                                  .sender_sor = STR("8888021000016001"),
                                  .receiver_gln = STR("5790008888018"),
                                  .receiver_sor = STR("8888011000016005"),
                                  .patient = STR("2512489996")};
  cr_assert(sbdh_describe(env, a, &says, payload, &stamp, p));
}

static struct str written(struct arena *a, const struct envelope *env) {
  struct buf out;
  buf_init(&out, MADE_MAX);
  env->kind->write(&out, env);
  return buf_take(&out, a);
}

static struct findings judged(struct envelope *env, struct arena *a, struct str bytes, const struct ehmi_profile *p) {
  struct findings f;
  findings_init(&f, a);
  if (sbdh_kind.read(env, a, (struct source){STR("m"), bytes}, &f) == 0) sbdh_kind.check(env, STR("m"), p, &f);
  return f;
}

static size_t count(const struct findings *f, const char *rule) {
  size_t n = 0;
  for (size_t i = 0; i < f->list.n; i++) n += str_eqz(f->list.v[i].rule, rule);
  return n;
}

Test(sbdh, a_root_of_another_name) {
  struct arena *a = arena_new(0);
  struct envelope env;
  struct findings f;
  findings_init(&f, a);
  cr_assert_eq(sbdh_kind.read(&env, a, (struct source){STR("m"), STR("<Other/>")}, &f), -1);
  cr_expect_eq(count(&f, "sbdh.element.missing"), 1);
  arena_free(a);
}

/* The limit is that of the whole: 75 million bytes are just above it in base64. */
Test(sbdh, a_hundred_million_bytes) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  char *payload = arena_alloc(a, LARGE);
  struct envelope env, back;
  memset(payload, ' ', LARGE);
  request(&env, a, (struct str){payload, LARGE}, p);
  struct findings f = judged(&back, a, written(a, &env), p);
  cr_expect_eq(f.list.n, 1);
  cr_expect_eq(count(&f, "sbdh.too-large"), 1);
  cr_expect_eq(back.payload.n, LARGE);
  arena_free(a);
}

static struct str with_scopes(struct arena *a, const char *type, size_t n, const struct ehmi_profile *p) {
  struct envelope env;
  request(&env, a, STR("{}"), p);
  for (size_t i = 0; i < n; i++) {
    struct sbdh_scope scope = {str_z(type), STR("x"), STR("dk-medcom-messaging"), NULL};
    VEC_PUSH(a, &env.sbdh->scopes, scope);
  }
  return written(a, &env);
}

Test(sbdh, scopes_without_end) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  struct envelope env;
  struct findings f = judged(&env, a, with_scopes(a, "PROCESSID", 20000, p), p);
  cr_expect_eq(count(&f, "sbdh.scope.many"), 1);
  cr_expect_eq(count(&f, "sbdh.scope.repeated"), SBDH_SCOPES_MAX - 9);
  cr_expect_eq(env.sbdh->scopes.n, SBDH_SCOPES_MAX);
  f = judged(&env, a, with_scopes(a, "COLOUR", 3, p), p);
  cr_expect_eq(count(&f, "sbdh.scope.unknown"), 3);
  arena_free(a);
}

Test(sbdh, elements_without_end) {
  struct arena *a = arena_new(0);
  struct buf b;
  struct envelope env;
  struct findings f;
  findings_init(&f, a);
  buf_init(&b, MADE_MAX);
  buf_addz(&b, "<StandardBusinessDocument xmlns=\"" SBDH_NS "\">");
  for (int i = 0; i < 100000; i++) buf_addz(&b, "<BinaryContent>");
  cr_expect_eq(sbdh_kind.read(&env, a, (struct source){STR("m"), buf_str(&b)}, &f), -1);
  cr_expect_gt(f.list.n, 0);
  buf_release(&b);
  arena_free(a);
}

Test(sbdh, an_identifier_that_is_accepted) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = changed(a, "DOCUMENTID:\n    identifier: {is: dk-medcom-messaging,",
                                         "DOCUMENTID:\n    identifier: {is: x, accept: dk-medcom-messaging,");
  struct envelope env, back;
  request(&env, a, STR("{}"), shipped(a));
  struct findings f = judged(&back, a, written(a, &env), p);
  cr_expect_eq(f.list.n, 1);
  cr_expect_eq(count(&f, "sbdh.scope.identifier.other"), 1);
  arena_free(a);
}

/* A profile may want the number masked: then the number itself is told, or wrong. */
Test(sbdh, a_profile_that_wants_the_number_masked) {
  static const struct {
    const char *choice, *rule;
  } rows[] = {{"{is: uuid,", "sbdh.cpr.clear"}, {"{is: uuid, accept: [cpr],", "sbdh.cpr.clear.other"}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct ehmi_profile *p = changed(a, "{is: cpr, accept: [uuid],", rows[i].choice);
    struct envelope env, back;
    request(&env, a, STR("{}"), shipped(a));
    struct findings f = judged(&back, a, written(a, &env), p);
    cr_expect_eq(f.list.n, 1);
    cr_expect_eq(count(&f, rows[i].rule), 1, "%s", rows[i].rule);
  }
  arena_free(a);
}

/* A profile may want ExpectedResponseDateTime in a response, as the schema does: then it is written, and missed. */
Test(sbdh, expected_response_in_a_response) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = changed(a, "{is: absent, accept: [present],", "{is: present,");
  struct sbdh_answer answer = {stamp, STR("c0ffee00-0004-4000-8000-000000000004"), {0}, {0}};
  struct envelope env, receipt, back;
  request(&env, a, STR("{}"), p);
  sbdh_receipt(&receipt, a, &env, &answer, shipped(a));
  struct findings f = judged(&back, a, written(a, &receipt), p);
  cr_expect_eq(count(&f, "sbdh.reliable.expected"), 1);
  sbdh_receipt(&receipt, a, &env, &answer, p);
  f = judged(&back, a, written(a, &receipt), p);
  cr_expect_eq(f.list.n, 0);
  arena_free(a);
}

/* Without a profile only the schema is judged, and kinds are told by the payload. */
Test(sbdh, without_a_profile) {
  struct arena *a = arena_new(0);
  struct sbdh_answer answer = {stamp, STR("c0ffee00-0004-4000-8000-000000000004"), STR("Sequence"), STR("why")};
  struct envelope env, receipt, back;
  struct findings f;
  request(&env, a, STR("{}"), shipped(a));
  sbdh_receipt(&receipt, a, &env, &answer, shipped(a));
  findings_init(&f, a);
  cr_assert_eq(sbdh_kind.read(&back, a, (struct source){STR("m"), written(a, &receipt)}, &f), 0);
  cr_expect_eq(f.list.n, 0);
  cr_expect_eq(back.sbdh->content, SBDH_EXCEPTION);
  cr_expect(str_eqz(back.error_code, "Sequence"));
  cr_expect(str_eq(back.original_id, stamp.id));
  arena_free(a);
}

/* A receipt that is sent again keeps what it says. */
Test(sbdh, a_receipt_sent_again) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  struct sbdh_answer answer = {stamp, STR("c0ffee00-0004-4000-8000-000000000004"), {0}, {0}};
  struct sbdh_stamp later = {STR("c0ffee00-0009-4000-8000-000000000009"), STR("2026-01-05T10:04:00+01:00")};
  struct envelope env, receipt, again, back;
  request(&env, a, STR("{}"), p);
  sbdh_receipt(&receipt, a, &env, &answer, p);
  sbdh_resend(&again, a, &receipt, &later, p);
  struct findings f = judged(&back, a, written(a, &again), p);
  sbdh_check_receipt(&back, STR("m"), &env, &f);
  cr_expect_eq(f.list.n, 0);
  cr_expect(str_eq(back.id, later.id));
  cr_expect(str_eq(back.payload, receipt.payload));
  arena_free(a);
}

/* An answer in another envelope is none. */
Test(sbdh, a_receipt_of_vans) {
  struct arena *a = arena_new(0);
  struct envelope env, vans = {.kind = &vans_kind, .content = ENVELOPE_RECEIPT};
  struct findings f;
  findings_init(&f, a);
  request(&env, a, STR("{}"), shipped(a));
  sbdh_check_receipt(&vans, STR("m"), &env, &f);
  cr_expect_eq(count(&f, "sbdh.receipt.expected"), 1);
  arena_free(a);
}

Test(sbdh, a_message_that_the_profile_does_not_know) {
  struct arena *a = arena_new(0);
  struct envelope env;
  struct envelope_payload says = {.event = STR("other-message")};
  cr_expect_not(sbdh_describe(&env, a, &says, STR("{}"), &stamp, shipped(a)));
  arena_free(a);
}
