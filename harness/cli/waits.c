#include "cli/waits.h"

#include "state/state.h"

static const struct {
  const char *owner, *da;
} owners[] = {{"vendor", "leverandør"}, {"medcom", "MedCom"}, {"harness", "testværktøj"}};

static struct str owner_word(const struct cli *c, struct str owner) {
  for (size_t i = 0; i < sizeof owners / sizeof *owners && c->danish; i++)
    if (str_eqz(owner, owners[i].owner)) return str_z(owners[i].da);
  return owner.n ? owner : STR("-");
}

/* A person is told what to do, everybody else's part is what is expected. */
static struct str what(struct cli *c, const struct state *s, const struct state_step *st) {
  const struct step *p = st->step;
  struct protocol_text text = p->kind->wants && p->expected.en.n ? p->expected : p->action;
  struct str line = str_trim(state_text(c->arena, s, c->danish ? text.da : text.en));
  return str_trim(str_cut(&line, '\n'));
}

/* Whole seconds are enough, and whole minutes over an hour. */
static struct str span(struct arena *a, int64_t ms) {
  int64_t unit = ms >= 3600000 ? 60000 : 1000;
  return duration_format(a, (ms + unit - 1) / unit * unit);
}

static struct str left_words(struct cli *c, const struct state_step *st, struct run_wait w) {
  struct arena *a = c->arena;
  if (w.left < 0) return c->danish ? STR("ingen frist") : STR("no deadline");
  struct str left = span(a, w.left), at = time_danish(a, w.due);
  if (!w.due) return arena_printf(a, c->danish ? "%.*s tilbage efter resume" : "%.*s left after resume", STR_F(left));
  if (!st->step->kind->wants) return arena_printf(a, c->danish ? "fortsætter %.*s" : "goes on %.*s", STR_F(at));
  return arena_printf(a, c->danish ? "%.*s tilbage" : "%.*s left", STR_F(left));
}

static void print_one(struct cli *c, FILE *to, const struct run *r, const struct state_step *st, bool with_run) {
  const struct state *s = run_state(r);
  struct str owner = owner_word(c, st->owner), since = time_danish(c->arena, st->opened_at);
  struct str left = left_words(c, st, run_wait(r, st, clock_wall())), text = what(c, s, st);
  if (with_run) fprintf(to, "%.*s  ", STR_F(s->run));
  fprintf(to, "%-12.*s %-11.*s %-11s %s %.*s  %.*s  %.*s\n", STR_F(st->step->id), STR_F(owner), st->step->kind->word,
          c->danish ? "siden" : "since", STR_F(since), STR_F(left), STR_F(text));
}

bool waits_print(struct cli *c, FILE *to, const struct run *r, bool with_run) {
  const struct state *s = run_state(r);
  bool any = false;
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (!st || !st->opened) continue;
    print_one(c, to, r, st, with_run);
    any = true;
  }
  return any;
}
