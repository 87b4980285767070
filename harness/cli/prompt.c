#include "cli/prompt.h"

#include "net/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

static const struct {
  const char *word, *answer;
} words[] = {{"o", "ok"},      {"ok", "ok"},          {"f", "fail"},
             {"fail", "fail"}, {"n", "not-relevant"}, {"not-relevant", "not-relevant"},
             {"d", "done"},    {"done", "done"}};

static void show(struct prompt *p) {
  struct cli *c = p->cli;
  const struct step *st = p->step->step;
  struct str action = c->danish ? st->action.da : st->action.en;
  struct str expected = c->danish ? st->expected.da : st->expected.en;
  fprintf(c->err, "\n%s%.*s%s  %.*s\n", cli_colour(c->colour_err, "1"), STR_F(st->id), cli_colour(c->colour_err, "0"),
          STR_F(action));
  if (expected.n) fprintf(c->err, "  %s %.*s\n", c->danish ? "Forventet:" : "Expected:", STR_F(expected));
  fprintf(c->err,
          "  [o]k, [f]ail, [n]ot-relevant or [d]one, then what you saw; \"later\" goes on with the next case\n> ");
  fflush(c->err);
}

static void take_line(struct prompt *p, struct str line) {
  struct error e;
  struct answer an = {.by = STR("terminal")};
  const struct state_step *st = p->step;
  struct str rest = str_trim(line);
  struct str word = str_cut(&rest, ' ');
  if (!st) return;
  if (str_eqz(word, "later")) {
    p->step = NULL;
    run_park(p->run, st);
    return;
  }
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(word, words[i].word)) an.answer = str_z(words[i].answer);
  an.text = str_trim(rest);
  if (!an.answer.n) return show(p);
  p->step = NULL;
  if (run_answer(p->run, st, &an, &e) < 0) {
    cli_fail(p->cli, &e);
    run_stop(p->run);
  }
}

/* Whole lines, one at a time; a line that is too long is cut. */
static void on_input(void *payload, uint32_t events) {
  struct prompt *p = payload;
  ssize_t n = read(STDIN_FILENO, p->line + p->n, sizeof p->line - p->n);
  (void)events;
  if (n <= 0) {
    loop_unwatch(run_loop(p->run), p->watch);
    p->watch = NULL;
    if (p->step) run_park(p->run, p->step);
    return;
  }
  p->n += (size_t)n;
  struct str all = {p->line, p->n};
  size_t end = str_index(all, '\n');
  if (end == SIZE_MAX && p->n < sizeof p->line) return;
  p->n = 0;
  take_line(p, str_sub(all, 0, end));
}

bool prompt_ask(struct prompt *p, struct run *r, const struct state_step *st) {
  if (!p->terminal || !run_loop(r)) return false;
  p->run = r;
  if (p->step) return false; /* one question at a time: this case is parked until the other is answered */
  p->step = st;
  if (!p->watch) p->watch = loop_watch(run_loop(r), STDIN_FILENO, EPOLLIN, on_input, p);
  show(p);
  return true;
}

void prompt_close(struct prompt *p) {
  if (p->watch) loop_unwatch(run_loop(p->run), p->watch);
  p->watch = NULL;
}
