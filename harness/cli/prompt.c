#include "cli/prompt.h"

#include "base/file.h"
#include "net/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#define YES_MAX 64 /* bytes of an answer that are looked at */

static const struct {
  const char *word, *answer;
} words[] = {{"o", "ok"},      {"ok", "ok"},          {"f", "fail"},
             {"fail", "fail"}, {"n", "not-relevant"}, {"not-relevant", "not-relevant"},
             {"d", "done"},    {"done", "done"}};

static const struct {
  const char *en, *da;
} prompt_help = {
    "  ok, fail, not-relevant or done (o f n d), then what you saw; later: next case; open ID: that case",
    "  ok, fail, not-relevant eller done (o f n d), så hvad du så; later: næste testcase; open ID: den testcase"};

static void ask_again(const struct prompt *p) {
  fprintf(p->cli->err, "> ");
  fflush(p->cli->err);
}

static void show(struct prompt *p) {
  struct cli *c = p->cli;
  const struct state *s = run_state(p->run);
  const struct step *st = p->step->step;
  struct str action = state_text(c->arena, s, c->danish ? st->action.da : st->action.en);
  struct str data = state_text(c->arena, s, c->danish ? st->test_data.da : st->test_data.en);
  struct str expected = state_text(c->arena, s, c->danish ? st->expected.da : st->expected.en);
  fprintf(c->err, "\n%s%.*s%s  %.*s\n", cli_colour(c->colour_err, "1"), STR_F(st->id), cli_colour(c->colour_err, "0"),
          STR_F(action));
  if (data.n) fprintf(c->err, "  %s %.*s\n", c->danish ? "Testdata:" : "Test data:", STR_F(data));
  if (expected.n) fprintf(c->err, "  %s %.*s\n", c->danish ? "Forventet:" : "Expected:", STR_F(expected));
  for (size_t i = 0; i < st->evidence.n; i++)
    fprintf(c->err,
            c->danish ? "  Dokumentation: %.*s (skriv @sti/til/fil i svaret)\n"
                      : "  Evidence: %.*s (write @path/to/file in the answer)\n",
            STR_F(st->evidence.v[i]));
  fprintf(c->err, "%s\n", c->danish ? prompt_help.da : prompt_help.en);
  ask_again(p);
}

/* "@path" words become evidence, the rest is the text. */
static void read_words(struct prompt *p, struct str rest, struct answer *an) {
  struct arena *a = p->cli->arena;
  struct buf text;
  buf_init(&text, sizeof p->line);
  while (rest.n) {
    struct str word = str_cut(&rest, ' ');
    if (word.n > 1 && word.p[0] == '@')
      VEC_PUSH(a, &an->evidence, arena_str(a, str_sub(word, 1, word.n)));
    else if (word.n)
      buf_printf(&text, "%s%.*s", text.n ? " " : "", STR_F(word));
  }
  an->text = buf_take(&text, a);
}

static const char *what_lacks(const struct prompt *p, const struct answer *an) {
  const struct step *st = p->step->step;
  bool da = p->cli->danish;
  if (!an->answer.n) return da ? "skriv ok, fail, not-relevant eller done" : "write ok, fail, not-relevant or done";
  if (str_eqz(an->answer, "not-relevant")) return NULL;
  if (an->evidence.n < st->evidence.n)
    return da ? "teststeppet kræver dokumentation: skriv @sti/til/fil i svaret"
              : "the step demands evidence: add @path/to/file";
  for (size_t i = 0; i < an->evidence.n; i++)
    if (!file_exists(arena_z(p->cli->arena, an->evidence.v[i])))
      return da ? "filen findes ikke" : "there is no such file";
  return NULL;
}

/* The case that is asked about now is left parked. */
static void open_case(struct prompt *p, struct str id) {
  const struct state_step *st = p->step;
  if (st) run_park(p->run, st);
  if (run_open_case(p->run, id)) {
    p->step = NULL;
    return;
  }
  fprintf(p->cli->err, p->cli->danish ? "  ingen åben testcase hedder %.*s\n" : "  there is no case %.*s to open\n",
          STR_F(id));
  if (st) ask_again(p);
}

static void take_line(struct prompt *p, struct str line) {
  struct error e;
  struct answer an = {.by = STR("terminal")};
  const struct state_step *st = p->step;
  struct str rest = str_trim(line);
  struct str word = str_cut(&rest, ' ');
  if (str_eqz(word, "open")) return open_case(p, str_trim(rest));
  if (!st) return;
  if (str_eqz(word, "later")) {
    p->step = NULL;
    run_park(p->run, st);
    return;
  }
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(word, words[i].word)) an.answer = str_z(words[i].answer);
  read_words(p, rest, &an);
  const char *lacks = what_lacks(p, &an);
  if (lacks) {
    fprintf(p->cli->err, "  %s\n", lacks);
    ask_again(p);
    return;
  }
  const struct state *s = run_state(p->run);
  bool declared = !an.evidence.n || s->test_persons_only || s->plan->vendor->test_persons_only;
  an.declared = declared || prompt_yes(p->cli, "Are only test persons in what you hand in?",
                                       "Er der kun testpersoner i det, du afleverer?");
  if (!an.declared) {
    ask_again(p);
    return;
  }
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

bool prompt_yes(struct cli *c, const char *en, const char *da) {
  char line[YES_MAX];
  if (c->host || !isatty(STDIN_FILENO)) return false; /* the terminal of a server is not that of who asks it */
  fprintf(c->err, "%s (%s) ", c->danish ? da : en, c->danish ? "ja/nej" : "yes/no");
  fflush(c->err);
  ssize_t n = read(STDIN_FILENO, line, sizeof line);
  struct str said = str_trim((struct str){line, n > 0 ? (size_t)n : 0});
  return str_eq_nocase(said, STR("yes")) || str_eq_nocase(said, STR("ja"));
}
