/* Every example that is shipped is judged: the message that passes does not have the rule, the one that fails has it,
 * and nothing that the other has not. Every rule has an example, or it is said how it is judged. */
#include "cli/examples.h"

#include <criterion/criterion.h>

#include "cli/rules.h"

struct opened {
  struct cli cli;
  struct examples x;
};

static void begin(struct opened *o) {
  struct error e = {0};
  *o = (struct opened){.cli = {.arena = arena_new(0), .out = stdout, .err = stderr, .version = "1.2.3"}};
  cr_assert_eq(examples_open(&o->x, &o->cli, &e), 0, "%s", e.text);
  cr_assert_gt(o->x.list.n, 100);
}

static bool has(const struct findings *f, struct str rule) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eq(f->list.v[i].rule, rule)) return true;
  return false;
}

static void check(struct opened *o, const struct example *ex) {
  struct error e = {0};
  struct example_pair p;
  struct findings passes, fails;
  cr_assert_eq(example_make(&p, &o->x, ex, &e), 0, "%s", e.text);
  cr_assert_eq(example_judge(&passes, &o->x, ex, p.passing, &e), 0, "%s", e.text);
  cr_assert_eq(example_judge(&fails, &o->x, ex, p.failing, &e), 0, "%s", e.text);
  cr_expect_lt(findings_worst(&passes), SEV_UNDECIDED, "%.*s: %.*s does not pass", STR_F(ex->rule), STR_F(ex->base));
  cr_expect(!has(&passes, ex->rule), "%.*s: the message that passes has it", STR_F(ex->rule));
  cr_expect(has(&fails, ex->rule), "%.*s: the message that fails does not have it", STR_F(ex->rule));
  for (size_t i = 0; i < fails.list.n; i++) {
    struct str also = fails.list.v[i].rule;
    cr_expect(str_eq(also, ex->rule) || has(&passes, also), "%.*s: %.*s is found as well", STR_F(ex->rule),
              STR_F(also));
  }
}

Test(examples, each_gives_just_its_rule) {
  struct opened o;
  begin(&o);
  for (size_t i = 0; i < o.x.list.n; i++) check(&o, &o.x.list.v[i]);
  arena_free(o.cli.arena);
}

static struct str payload_of(struct opened *o, struct str bytes) {
  struct message m;
  message_read(&m, o->cli.arena, (struct source){STR("envelope"), bytes});
  return m.envelope ? m.envelope->payload : (struct str){0};
}

/* What is shown is what is judged: the messages themselves, or what their envelopes hold. */
Test(examples, what_is_shown_is_what_is_judged) {
  struct opened o;
  size_t within = 0;
  begin(&o);
  for (size_t i = 0; i < o.x.list.n; i++) {
    const struct example *ex = &o.x.list.v[i];
    struct error e = {0};
    struct example_pair p;
    bool payload = str_ends(ex->base, STR("#payload"));
    cr_assert_eq(example_make(&p, &o.x, ex, &e), 0, "%s", e.text);
    cr_expect(str_eq(p.shown_passing, payload ? payload_of(&o, p.passing) : p.passing), "%.*s", STR_F(ex->rule));
    cr_expect(str_eq(p.shown_failing, payload ? payload_of(&o, p.failing) : p.failing), "%.*s", STR_F(ex->rule));
    within += payload;
  }
  cr_expect_gt(within, 0);
  arena_free(o.cli.arena);
}

static bool is_rule(struct str id) {
  for (size_t i = 0; rules_at(i); i++)
    if (str_eqz(id, rules_at(i)->id)) return true;
  return false;
}

Test(examples, each_is_of_a_rule_once) {
  struct opened o;
  begin(&o);
  for (size_t i = 0; i < o.x.list.n; i++) {
    struct str rule = o.x.list.v[i].rule;
    cr_expect(is_rule(rule), "%.*s is no rule", STR_F(rule));
    cr_expect(examples_of(&o.x, rule) == &o.x.list.v[i], "%.*s has two examples", STR_F(rule));
  }
  arena_free(o.cli.arena);
}

Test(examples, every_rule_has_one_or_is_told_of) {
  struct opened o;
  begin(&o);
  for (size_t i = 0; rules_at(i); i++) {
    struct str id = str_z(rules_at(i)->id);
    cr_expect(examples_of(&o.x, id) || examples_judged(&o.x, id), "%s has neither example nor word", id.p);
  }
  arena_free(o.cli.arena);
}

/* What tells of no rule would be kept for nothing. */
Test(examples, every_word_is_of_a_rule) {
  struct opened o;
  begin(&o);
  for (size_t k = 0; k < o.x.judged.n; k++) {
    size_t n = 0;
    for (size_t i = 0; rules_at(i); i++) {
      struct str id = str_z(rules_at(i)->id);
      n += !examples_of(&o.x, id) && examples_judged(&o.x, id) == &o.x.judged.v[k].how;
    }
    cr_expect_gt(n, 0, "%.*s tells of no rule", STR_F(o.x.judged.v[k].begins));
  }
  arena_free(o.cli.arena);
}
