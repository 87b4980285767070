#include "cli/waits.h"

#include "state/attempt.h"
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

static struct str left_words(struct cli *c, const struct state_step *st, struct run_wait w) {
  struct arena *a = c->arena;
  if (w.left < 0) return c->danish ? STR("ingen frist") : STR("no deadline");
  struct str left = duration_left(a, w.left), at = time_danish(a, w.due);
  if (!w.due) return arena_printf(a, c->danish ? "%.*s tilbage efter resume" : "%.*s left after resume", STR_F(left));
  if (!st->step->kind->wants) return arena_printf(a, c->danish ? "fortsætter %.*s" : "goes on %.*s", STR_F(at));
  return arena_printf(a, c->danish ? "%.*s tilbage" : "%.*s left", STR_F(left));
}

void waits_print_one(struct cli *c, FILE *to, const struct run *r, const struct state_step *st, bool with_run) {
  const struct state *s = run_state(r);
  struct str owner = owner_word(c, st->owner), since = time_danish(c->arena, st->opened_at);
  struct str left = left_words(c, st, run_wait(r, st, clock_wall())), text = what(c, s, st);
  if (with_run) fprintf(to, "%.*s  ", STR_F(s->run));
  fprintf(to, "%-12.*s %-11.*s %-11s %s %.*s  %.*s  %.*s\n", STR_F(st->step->id), STR_F(owner), st->step->kind->word,
          c->danish ? "siden" : "since", STR_F(since), STR_F(left), STR_F(text));
}

/* Numbered steps of a live test that were played and have no assessment yet. */
static size_t count_unassessed(const struct state *s) {
  size_t n = 0;
  for (size_t i = 0; i < s->cases_n; i++)
    for (size_t k = 0; k < s->cases[i].n; k++) {
      const struct state_step *st = state_attempt_standing(&s->cases[i].steps[k]);
      bool played = st->verdict != VERDICT_NONE && st->verdict != VERDICT_NOT_APPLICABLE;
      n += played && st->step->number.n && !st->assessments.n;
    }
  return n;
}

static size_t count_unconfirmed(const struct state *s) {
  size_t n = 0;
  for (size_t i = 0; i < s->cases_n; i++)
    for (size_t k = 0; k < s->cases[i].n; k++) {
      const struct state_carried *carried = &state_attempt_standing(&s->cases[i].steps[k])->carried;
      n += carried->run.n && !carried->confirmed_by.n;
    }
  return n;
}

static void print_medcom(struct cli *c, FILE *to, const struct state *s, const char *command, size_t n) {
  static const char en[] = "%.*s  %-12s %-11s %-11s %zu steps; testcamp %s %.*s\n";
  static const char da[] = "%.*s  %-12s %-11s %-11s %zu teststep; testcamp %s %.*s\n";
  fprintf(to, c->danish ? da : en, STR_F(s->run), "-", c->danish ? "MedCom" : "medcom", command, n, command,
          STR_F(s->run));
}

void waits_print_medcom(struct cli *c, FILE *to, const struct run *r) {
  const struct state *s = run_state(r);
  bool live = s->ended_at && str_eqz(event_get(s->started, "mode"), "certify");
  size_t unassessed = live ? count_unassessed(s) : 0, unconfirmed = count_unconfirmed(s);
  if (unconfirmed) print_medcom(c, to, s, "confirm", unconfirmed);
  if (unassessed) print_medcom(c, to, s, "assess", unassessed);
}

bool waits_print(struct cli *c, FILE *to, const struct run *r, bool with_run) {
  const struct state *s = run_state(r);
  bool any = false;
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (!st || !st->opened) continue;
    waits_print_one(c, to, r, st, with_run);
    any = true;
  }
  return any;
}
