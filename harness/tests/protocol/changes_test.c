#include "protocol/changes.h"

#include "base/buf.h"
#include "fake_kinds.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(changes, .init = set_up, .fini = tear_down);

/* A protocol of one section with these steps. */
static struct protocol *protocol_of(const char *minutes, const char *steps) {
  struct findings f;
  struct protocol *p = NULL;
  findings_init(&f, a);
  struct str text = arena_printf(a,
                                 "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: 0.1.0\nrole: sender\n"
                                 "parameters:\n  within: {value: %s min, source: x}\n"
                                 "sections:\n  - id: \"1\"\n    title: {en: t, da: t}\n    status: mandatory\n"
                                 "    steps:\n%s",
                                 minutes, steps);
  int rc = protocol_read(&p, a, (struct source){STR("p.yaml"), text}, fake_kinds, &f);
  cr_assert_eq(rc, 0, "%.*s", STR_F(f.list.n ? f.list.v[0].en : STR("?")));
  return p;
}

/* "1.1= 1.1+1!expected -1.2": the same, changed in that key, gone; "*": new, "$": another parameter. */
static struct str compared(struct protocol *was, struct protocol *now) {
  static const char marks[] = {
      [COMPARE_SAME] = '=', [COMPARE_NEW] = '*', [COMPARE_CHANGED] = '!', [COMPARE_PARAMETER] = '$'};
  struct comparison c;
  struct buf b;
  buf_init(&b, 1 << 16);
  protocol_compare(&c, a, was, now);
  size_t changed = 0;
  for (size_t i = 0; i < c.rows.n; i++) {
    const struct compare_row *row = &c.rows.v[i];
    buf_printf(&b, "%s%.*s%c%.*s", i ? " " : "", STR_F(row->now->id), marks[row->why], STR_F(row->what));
    changed += row->why != COMPARE_SAME;
  }
  for (size_t i = 0; i < c.gone.n; i++) buf_printf(&b, " -%.*s", STR_F(c.gone.v[i]->id));
  cr_expect_eq(changed, c.changed);
  return buf_take(&b, a);
}

#define FIRST "      - step: \"1.1\"\n        manual: {ask: {en: a, da: b}}\n"
#define WAIT "      - wait: {for: 10 s}\n"
#define OTHER_WAIT "      - wait: {for: 20 s}\n"
#define USES "      - step: \"1.2\"\n        manual: {ask: {en: \"${within}\", da: b}}\n"

Test(changes, steps_are_found_again_and_differences_named) {
  static const struct {
    const char *was_minutes, *was, *now_minutes, *now, *wanted;
  } cases[] = {
      {"5", FIRST WAIT USES, "5", FIRST WAIT USES, "1.1= 1.1+1= 1.2="},
      {"5", FIRST USES, "6", FIRST USES, "1.1= 1.2$within"},
      /* One more in front of it shifts the number of an unnumbered step: it is still the same one. */
      {"5", FIRST WAIT USES, "5", FIRST OTHER_WAIT WAIT USES, "1.1= 1.1+1* 1.1+2= 1.2="},
      {"5", FIRST WAIT USES, "5", FIRST OTHER_WAIT USES, "1.1= 1.1+1!wait 1.2="},
      {"5", FIRST WAIT USES, "5", FIRST USES, "1.1= 1.2= -1.1+1"},
      {"5", FIRST, "5", "      - step: \"1.1\"\n        severity: F2\n        manual: {ask: {en: a, da: b}}\n",
       "1.1!severity"},
      {"5", "      - step: \"1.1\"\n        severity: F2\n        manual: {ask: {en: a, da: b}}\n", "5", FIRST,
       "1.1!severity"},
      {"5", FIRST, "5", USES, "1.2* -1.1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct str got =
        compared(protocol_of(cases[i].was_minutes, cases[i].was), protocol_of(cases[i].now_minutes, cases[i].now));
    cr_expect(str_eqz(got, cases[i].wanted), "%zu: %.*s, not %s", i, STR_F(got), cases[i].wanted);
  }
}
