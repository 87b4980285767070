#include "report/compared.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(compared, .init = set_up, .fini = tear_down);

/* What one run calls its messages, and says of the second in its only step. */
struct told {
  const char *question, *number; /* header.id and letter.id of the message that is asked with */
  const char *shift;             /* id of the answer: "m2" where nothing came before it */
  const char *answer;            /* an id that stands in its bytes only */
  const char *about, *text;
};

static void add_message(struct record *r, const char *id, const char *name, const char *bytes, const char *facts[2]) {
  struct record_exchange x = {.id = str_z(id), .name = str_z(name), .bytes = str_z(bytes), .at = 1767603601000};
  facts_init(&x.facts, a);
  facts_put(&x.facts, STR("header.id"), str_z(facts[0]));
  facts_put(&x.facts, STR("letter.id"), str_z(facts[1]));
  VEC_PUSH(a, &r->exchanges, x);
}

static const struct record *record_of(const struct told *t) {
  static const struct rule rule = {"r.ule", SEV_ERROR, "s", "{1}", "{1}"};
  struct record *r = ARENA_NEW(a, struct record);
  struct record_case c = {.id = STR("1"), .verdict = VERDICT_FAIL};
  struct record_step s = {.id = STR("1.1"), .verdict = VERDICT_FAIL};
  *r = (struct record){.run = STR("20260105-1a2b"), .protocol_digest = STR("0"), .verdict = VERDICT_FAIL};
  add_message(r, "m1", "question", "<a/>", (const char *[]){t->question, t->number});
  add_message(r, t->shift, "answer", t->answer, (const char *[]){"", ""});
  findings_init(&s.findings, a);
  FINDING(&s.findings, &rule, ((struct place){.message = str_z(t->about), .path = STR("Bundle")}), str_z(t->text));
  VEC_PUSH(a, &c.steps, s);
  VEC_PUSH(a, &r->cases, c);
  return r;
}

#define ID(n) "00000000-0000-4000-8000-00000000000" #n
#define FIRST(about, text)                                                                                             \
  { ID(1), "LTR101", "m2", "<id value='" ID(3) "' at='2026-01-05T09:00:03Z'/>", about, text }
#define SECOND(about, text)                                                                                            \
  { ID(2), "LTR202", "m4", "<id value='" ID(4) "' at='2026-02-06T10:00:04Z'/>", about, text }

/* Ids, numbers and times are of a run: they count by where they come from. All else counts as it stands. */
Test(compared, findings_are_the_same_but_for_what_is_new_in_every_run) {
  const struct {
    struct told first, second;
    bool changed;
  } rows[] = {
      {FIRST("m2", "no code"), SECOND("m4", "no code"), false},
      {FIRST("m2", ID(1) " in m1."), SECOND("m4", ID(2) " in m1."), false},
      {FIRST("m2", "see m2: it has 'urn:uuid:" ID(3) "'"), SECOND("m4", "see m4: it has 'urn:uuid:" ID(4) "'"), false},
      {FIRST("m2", "letter LTR101, again"), SECOND("m4", "letter LTR202, again"), false},
      {FIRST("m2#payload", "at 2026-01-05T09:00:03Z"), SECOND("m4#payload", "at 2026-02-06T10:00:04Z"), false},
      /* another message: by its role, by its id */
      {FIRST("m2", "no code"), SECOND("m1", "no code"), true},
      {FIRST("m2", "is " ID(1)), SECOND("m4", "is " ID(4)), true},
      {FIRST("m2", "in m1"), SECOND("m4", "in m4"), true},
      /* not of the run: nothing says that they are of the same kind */
      {FIRST("m2", ID(8)), SECOND("m4", ID(9)), true},
      {FIRST("m2", "at 2026-01-01T00:00:00Z"), SECOND("m4", "at 2026-01-02T00:00:00Z"), true},
      {FIRST("m2", "letter LTR1019"), SECOND("m4", "letter LTR2029"), true},
      {FIRST("m2", "born 2001-01-01"), SECOND("m4", "born 2001-01-02"), true},
      {FIRST("m2", "12 bytes"), SECOND("m4", "13 bytes"), true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct compared sum;
    struct buf b;
    buf_init(&b, 1 << 16);
    compared_write(&b, &sum, record_of(&rows[i].first), record_of(&rows[i].second), REPORT_EN);
    cr_expect_eq(sum.changed, (size_t)rows[i].changed, "%s: %.*s", rows[i].first.text, STR_F(buf_str(&b)));
    cr_expect_eq(sum.changed + sum.same, (size_t)1);
    bool shown = str_find(buf_str(&b), str_z(rows[i].second.text), 0) != SIZE_MAX;
    cr_expect_eq(shown, rows[i].changed, "what differs is shown unmasked: %s", rows[i].second.text);
    buf_release(&b);
  }
}
