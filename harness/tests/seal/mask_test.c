#include "seal/blackout.h"
#include "seal/mask.h"

#include <criterion/criterion.h>

static bool foreign(void *context, struct str ten) {
  (void)context;
  return !str_eqz(ten, "2512489996");
}

#define JWT "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl"

Test(mask, what_must_not_be_spread) {
  static const struct {
    const char *in, *out;
    size_t tokens, keys, cprs;
  } rows[] = {
      {"Authorization: Bearer abcdefghijklmnop.1", "Authorization: Bearer XXXXXXXXXXXXXXXXXX", 1, 0, 0},
      {"bearer short", "bearer short", 0, 0, 0},
      {"token=" JWT "&x", "token=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX&x", 1, 0, 0},
      {"eyJ is how JSON begins", "eyJ is how JSON begins", 0, 0, 0},
      {"2512489996 and 0101901234", "2512489996 and XXXXXXXXXX", 0, 0, 1},
      {"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
       "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", 0, 0, 0},
      {"a -----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY----- b",
       "a XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\nXXXX\nXXXXXXXXXXXXXXXXXXXXXXXXXXXXX b", 0, 1, 0},
  };
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct mask m = {.foreign = {.wanted = foreign}};
    struct str out = mask_bytes(&m, a, str_z(rows[i].in));
    cr_expect(str_eqz(out, rows[i].out), "%zu: %.*s", i, STR_F(out));
    cr_expect_eq(m.tokens, rows[i].tokens, "%zu: %zu tokens", i, m.tokens);
    cr_expect_eq(m.keys, rows[i].keys, "%zu: %zu keys", i, m.keys);
    cr_expect_eq(m.cprs, rows[i].cprs, "%zu: %zu numbers", i, m.cprs);
  }
  arena_free(a);
}

Test(mask, every_text_of_a_record_is_looked_at) {
  static const struct rule rule = {"x", SEV_ERROR, "test", "found {1}", "fandt {1}"};
  struct arena *a = arena_new(0);
  struct record r = {0};
  struct buf b;
  struct str number = STR("0101901234");
  facts_init(&r.capabilities, a);
  struct record_case *c = VEC_ADD(a, &r.cases);
  struct record_step *s = VEC_ADD(a, &c->steps);
  findings_init(&s->findings, a);
  FINDING(&s->findings, &rule, ((struct place){.path = number}), number);
  s->actual = s->action = s->expected = s->test_data = (struct text){number, number};
  VEC_PUSH(a, &s->assessments, ((struct record_assessment){.assessment = ASSESSMENT_OK, .why = number}));
  VEC_PUSH(a, &s->revisions, ((struct record_revision){.why = number}));
  VEC_PUSH(a, &s->disputes, ((struct record_dispute){.why = number, .answer = number}));
  struct record_attempt *t = VEC_ADD(a, &s->attempts);
  findings_init(&t->findings, a);
  t->why = s->stands_why = s->inserted_why = number;
  r.damage = number;
  findings_init(&r.findings, a);
  FINDING(&r.findings, &rule, ((struct place){0}), number);
  r.decision = (struct record_decision){.remarks = number, .at = 1};
  struct record_exchange *x = VEC_ADD(a, &r.exchanges);
  *x = (struct record_exchange){.id = STR("m1"),
                                .file = number,
                                .bytes = number,
                                .payload = number,
                                .withheld = STR("erased"),
                                .failure = number,
                                .withheld_why = number,
                                .near_miss_en = number,
                                .near_miss_da = number};
  facts_init(&x->facts, a);
  facts_put(&x->facts, STR("patient"), number);
  findings_init(&x->findings, a);
  VEC_PUSH(a, &r.parameters, ((struct record_parameter){.name = STR("p"), .value = number}));
  struct mask m = {.foreign = {.wanted = foreign}};
  mask_record(&m, a, &r);
  buf_init(&b, 1 << 20);
  record_write(&b, &r);
  cr_expect_eq(str_find(buf_str(&b), number, 0), SIZE_MAX, "%s", b.p);
  cr_expect_eq(r.masked_cprs, 31, "%jd", (intmax_t)r.masked_cprs);
  buf_release(&b);
  arena_free(a);
}

/* Beginnings of keys without an end of the label: each is looked at nearby, else this takes minutes. */
Test(mask, many_beginnings_of_keys, .timeout = 120) {
  static const struct str begin = STR_INIT("-----BEGIN "), tail = STR_INIT("PRIVATE KEY-----");
  struct arena *a = arena_new(0);
  struct buf b;
  struct mask m = {0};
  buf_init(&b, (size_t)16 << 20);
  while (b.n < (size_t)8 << 20) buf_add(&b, begin);
  buf_byte(&b, '-');
  buf_add(&b, tail);
  mask_bytes(&m, a, buf_str(&b));
  cr_expect_eq(m.keys, (size_t)0);
  buf_release(&b);
  arena_free(a);
}

Test(blackout, what_the_pattern_finds) {
  static const struct {
    const char *in, *pattern, *out;
    size_t n;
  } rows[] = {
      {"Nanna and nanna", "Nanna", "XXXXX and nanna", 1},
      {"Nanna and nanna", "(?i)nanna", "XXXXX and XXXXX", 2},
      {"a1b22c", "[0-9]+", "aXbXXc", 2},
      {"nothing", "x*", "nothing", 0},
      {"c29tZSBOYW5uYSBoZXJlLCBzYXlzIHRoZSBsZXR0ZXI=", "Nanna", "c29tZSBYWFhYWCBoZXJlLCBzYXlzIHRoZSBsZXR0ZXI=", 1},
  };
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str out;
    struct error e;
    size_t n;
    cr_assert_eq(black_out(&out, &n, a, str_z(rows[i].in), str_z(rows[i].pattern), &e), 0, "%s", e.text);
    cr_expect(str_eqz(out, rows[i].out), "%zu: %.*s", i, STR_F(out));
    cr_expect_eq(n, rows[i].n, "%zu", i);
  }
  arena_free(a);
}

Test(blackout, patterns_that_are_none_or_take_too_long) {
  static const char *const bad[] = {"(", "(a+)+$x|(b|bb)+c"};
  struct arena *a = arena_new(0);
  struct str out, bs = arena_printf(a, "%0200d", 0);
  struct error e;
  size_t n;
  cr_expect_eq(black_out(&out, &n, a, STR("x"), str_z(bad[0]), &e), -1);
  char *many = arena_z(a, bs);
  for (size_t i = 0; i < bs.n; i++) many[i] = 'b';
  cr_expect_eq(black_out(&out, &n, a, (struct str){many, bs.n}, str_z(bad[1]), &e), -1);
  arena_free(a);
}
