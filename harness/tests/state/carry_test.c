/* What carries over from a run: a table of what is other now, and of all that is planned for it. */
#include <criterion/criterion.h>

#include "base/file.h"
#include "state/carry.h"
#include "words.h"

static struct str replaced(struct arena *a, struct str text, struct str from, struct str to) {
  size_t at = str_find(text, from, 0);
  if (at == SIZE_MAX) return text;
  struct str rest = replaced(a, str_sub(text, at + from.n, text.n), from, to);
  return arena_printf(a, "%.*s%.*s%.*s", STR_F(str_sub(text, 0, at)), STR_F(to), STR_F(rest));
}

/* An earlier run in which all passed, but for one step. */
static struct state *played(struct arena *a, struct str but, struct str verdict) {
  struct error e;
  int64_t seq = 0;
  struct state *s = state_new(a, words_plan(a, words_text(a)));
  struct event *ev = event_new(a, "run-started", 1, (struct str){0}, (struct str){0});
  facts_put(&ev->data, STR("run"), STR("r0"));
  facts_put(&ev->data, STR("standards"), STR("d1"));
  cr_assert_eq(state_apply(s, ev, &e), 0);
  for (size_t c = 0; c < s->cases_n; c++) {
    for (size_t i = 0; i < s->cases[c].n; i++) {
      struct str id = s->cases[c].steps[i].step->id;
      struct str v = str_eq(id, but) ? verdict : STR("pass");
      if (str_eqz(v, "none")) continue;
      ev = event_new(a, "verdict", ++seq, s->cases[c].plan->c->id, id);
      facts_put(&ev->data, STR("verdict"), v);
      cr_assert_eq(state_apply(s, ev, &e), 0, "%s", e.text);
    }
  }
  return s;
}

static struct str planned(struct arena *a, const struct carry *c) {
  static const char *const words[] = {"over",        "new",        "changed", "parameter",
                                      "definitions", "not-passed", "uses",    "needed"};
  struct str out = {0};
  size_t n = 0;
  for (size_t i = 0; i < c->depends->n; i++) {
    const struct carry_row *row = &c->rows[i];
    if (!c->depends->steps[i] || row->why == CARRY_OVER) continue;
    out = arena_printf(a, "%.*s%s%.*s=%s%s%.*s", STR_F(out), out.n ? " " : "", STR_F(c->depends->steps[i]->id),
                       words[row->why], row->what.n ? ":" : "", STR_F(row->what));
    n++;
  }
  cr_expect_eq(n, c->planned);
  return out.n ? out : STR("-");
}

static struct str check(struct arena *a, struct str what) {
  struct carry c;
  struct str text = words_text(a), but = {0}, verdict = {0}, definitions = STR("d1");
  size_t arrow = str_find(what, STR("=>"), 0);
  if (str_starts(what, STR("verdict "))) {
    str_cut(&what, ' ');
    but = str_cut(&what, ' ');
    verdict = what;
  } else if (str_eqz(what, "definitions")) {
    definitions = STR("d2");
  } else if (what.n) {
    struct str from = replaced(a, str_trim(str_sub(what, 0, arrow)), STR("{NL}"), STR("\n"));
    struct str to = replaced(a, str_trim(str_sub(what, arrow + 2, what.n)), STR("{NL}"), STR("\n"));
    cr_assert_neq(str_find(text, from, 0), SIZE_MAX, "there is no %.*s", STR_F(from));
    text = replaced(a, text, from, to);
  }
  struct carry_input in = {
      .old = played(a, but, verdict), .plan = words_plan(a, text), .definitions = definitions, .files = words_files};
  carry_make(&c, a, &in);
  return planned(a, &c);
}

Test(carry, what_is_planned) {
  struct arena *a = arena_new(0);
  struct error e;
  struct str text;
  size_t n = 0;
  cr_assert_eq(file_read(&text, a, TEST_DATA "/carry.cases", 1 << 20, &e), 0, "%s", e.text);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (!line.n || line.p[0] == '#') continue;
    struct str name = str_trim(str_cut(&line, '|')), what = str_trim(str_cut(&line, '|')), expect = str_trim(line);
    struct str have = check(a, what);
    cr_expect(str_eq(have, expect), "%.*s: %.*s, expected %.*s", STR_F(name), STR_F(have), STR_F(expect));
    n++;
  }
  cr_assert_gt(n, 8);
  arena_free(a);
}
