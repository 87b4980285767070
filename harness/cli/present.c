#include "cli/present.h"

#include "base/map.h"
#include "record/find_again.h"
#include "state/attempt.h"

#include <unistd.h>

static const struct {
  enum verdict v;
  const char *colour, *en, *da;
} verdict_words[] = {
    {VERDICT_PASS, "32", "pass", "ok"},
    {VERDICT_FAIL, "31", "FAIL", "FEJL"},
    {VERDICT_ERROR, "31", "error", "harness-fejl"},
    {VERDICT_INCONCLUSIVE, "33", "inconclusive", "uafklaret"},
    {VERDICT_WAITING, "33", "waiting", "afventer"},
    {VERDICT_NOT_APPLICABLE, "2", "not applicable", "ikke relevant"},
    {VERDICT_NONE, "2", "not begun", "ikke begyndt"},
};

#define VERDICT_WORDS (sizeof verdict_words / sizeof *verdict_words)

static size_t word_of(enum verdict v) {
  for (size_t i = 0; i < VERDICT_WORDS; i++)
    if (verdict_words[i].v == v) return i;
  BUG("verdict %d has no word", (int)v);
}

const char *present_verdict_colour(bool on, enum verdict v) {
  return cli_colour(on, verdict_words[word_of(v)].colour);
}

static const char *verdict_word(struct cli *c, enum verdict v) {
  size_t i = word_of(v);
  return c->danish ? verdict_words[i].da : verdict_words[i].en;
}

struct str present_position(struct arena *a, const struct place *p) {
  if (!p->message.n) return STR("-");
  if (!p->line) return p->message;
  return arena_printf(a, "%.*s:%d:%d", STR_F(p->message), p->line, p->col);
}

static const char *const severity_colours[] = {"2", "33", "33", "31"};

/* A tab or line end inside a field would break the line. */
struct str present_one_line(struct arena *a, struct str s) {
  char *copy = arena_z(a, s);
  for (size_t i = 0; i < s.n; i++)
    if (copy[i] == '\t' || copy[i] == '\n' || copy[i] == '\r') copy[i] = ' ';
  return (struct str){copy, s.n};
}

/* Which profile and element demand it, the expression that does not hold, and the reasons, each below the text. */
static void explain_finding(struct cli *c, FILE *to, const struct finding *x, const char *indent) {
  if (x->expression.n) fprintf(to, "%s  FHIRPath: %.*s\n", indent, STR_F(present_one_line(c->arena, x->expression)));
  if (x->profile.n)
    fprintf(to, "%s  %s %.*s  %.*s\n", indent, c->danish ? "kræves af" : "demanded by", STR_F(x->profile),
            STR_F(x->element));
  for (size_t i = 0; i < x->reasons.n; i++) {
    const struct reason *r = &x->reasons.v[i];
    fprintf(to, "%s  %*s- ", indent, 2 * r->depth, "");
    struct str path = reason_path(x, i);
    if (r->where.line) fprintf(to, "%d:%d ", r->where.line, r->where.col);
    if (path.n) fprintf(to, "%.*s: ", STR_F(path));
    fprintf(to, "%.*s\n", STR_F(c->danish ? r->text.da : r->text.en));
  }
}

void present_findings(struct cli *c, FILE *to, const struct findings *f, const char *indent, bool colour) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    struct str where = present_position(c->arena, &x->where), text = c->danish ? x->da : x->en;
    fprintf(to, "%s%s%s%s %.*s", indent, cli_colour(colour, severity_colours[x->severity]), severity_name(x->severity),
            cli_colour(colour, "0"), STR_F(x->rule));
    if (x->where.message.n) fprintf(to, "  %.*s", STR_F(where));
    if (x->where.path.n) fprintf(to, "  %.*s", STR_F(x->where.path));
    fprintf(to, "\n%s  %.*s\n", indent, STR_F(text));
    explain_finding(c, to, x, indent);
  }
  if (f->dropped) fprintf(to, "%sand %zu more findings\n", indent, f->dropped);
}

void present_commands(struct cli *c, FILE *to, const struct findings *f, struct str run, const char *indent) {
  struct map told;
  map_init(&told, c->arena);
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    struct str both[] = {again_command(c->arena, run, x), again_explain(c->arena, x)};
    for (size_t k = 0; x->severity != SEV_INFO && k < sizeof both / sizeof *both; k++) {
      if (!both[k].n || map_get(&told, both[k])) continue;
      map_set(&told, both[k], c);
      fprintf(to, "%s$ %.*s\n", indent, STR_F(both[k]));
    }
  }
}

void present_lines(struct cli *c, FILE *to, const struct findings *f, bool colour) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    struct str where = present_position(c->arena, &x->where), text = c->danish ? x->da : x->en;
    fprintf(to, "%.*s: %s%s%s: %.*s [%.*s]\n", STR_F(where), cli_colour(colour, severity_colours[x->severity]),
            severity_name(x->severity), cli_colour(colour, "0"), STR_F(text), STR_F(x->rule));
  }
  if (f->dropped) fprintf(to, "and %zu more\n", f->dropped);
}

void present_tsv(struct cli *c, const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    struct str where = present_position(c->arena, &x->where),
               text = present_one_line(c->arena, c->danish ? x->da : x->en);
    fprintf(c->out, "%s\t%.*s\t%.*s\t%.*s\t%.*s\n", severity_name(x->severity), STR_F(where), STR_F(x->where.path),
            STR_F(x->rule), STR_F(text));
  }
}

static struct str pick(struct cli *c, struct text t) {
  return c->danish ? t.da : t.en;
}

static struct str action_of(struct cli *c, const struct state *s, const struct step *st) {
  struct str line = str_trim(state_text(c->arena, s, c->danish ? st->action.da : st->action.en));
  return str_trim(str_cut(&line, '\n'));
}

static void step_line(struct cli *c, const struct state *s, const struct state_step *st, enum verdict v) {
  struct str action = action_of(c, s, st->step);
  fprintf(c->err, "  %-12.*s %s%-14s%s %-11s %.*s\n", STR_F(st->step->id), present_verdict_colour(c->colour_err, v),
          verdict_word(c, v), cli_colour(c->colour_err, "0"), st->step->kind->word, STR_F(action));
}

static void judged_line(struct cli *c, const struct state *s, const struct state_step *st) {
  if (st->verdict == VERDICT_NOT_APPLICABLE && c->log.level < LOG_VERBOSE) return;
  step_line(c, s, st, st->verdict);
  bool show = st->verdict != VERDICT_PASS || c->log.level >= LOG_VERBOSE;
  if (show) present_findings(c, c->err, &st->findings, "               ", c->colour_err);
  if (show) present_commands(c, c->err, &st->findings, s->run, "               ");
  if (show && pick(c, st->actual).n && st->verdict != VERDICT_PASS)
    fprintf(c->err, "               %.*s\n", STR_F(pick(c, st->actual)));
}

struct str present_interaction(struct arena *a, const struct facts *f) {
  return arena_printf(a, "%.*s %.*s: HTTP %.*s", STR_F(facts_get(f, "http.method")), STR_F(facts_get(f, "http.path")),
                      STR_F(facts_get(f, "http.status")));
}

/* What cannot be understood satisfies no step, so nothing else would tell that it has come. */
static void received_line(struct cli *c, const struct event *ev) {
  struct str id = event_get(ev, "message"), what = event_get(ev, "fact.event");
  struct facts facts;
  facts_init(&facts, c->arena);
  event_get_facts(&facts, ev);
  bool rest = facts_get(&facts, "rest.interaction").n > 0,
       known = rest || !str_eqz(event_get(ev, "fact.kind"), "unknown");
  if (rest) what = present_interaction(c->arena, &facts);
  if (known && c->log.level < LOG_VERBOSE) return;
  if (!known)
    what = c->danish ? STR("kan ikke forstås; se testcamp list unmatched")
                     : STR("cannot be understood; see testcamp list unmatched");
  fprintf(c->err, "               <- %.*s %.*s\n", STR_F(id), STR_F(what));
}

/* Which of the cases that apply this one is; for those who look on only, so that logs stay as they are. */
static void case_line(struct cli *c, const struct state *s, struct str id) {
  const struct protocol_case *pc = state_case_find(s, id)->plan->c;
  size_t at = 0, n = 0;
  for (size_t i = 0; i < s->cases_n; i++) {
    if (!s->cases[i].plan->applies) continue;
    n++;
    if (str_eq(s->cases[i].plan->c->id, id)) at = n;
  }
  fprintf(c->err, "%s%.*s %.*s%s", cli_colour(c->colour_err, "1"), STR_F(pc->id),
          STR_F(c->danish ? pc->title.da : pc->title.en), cli_colour(c->colour_err, "0"));
  if (at && isatty(fileno(c->err)))
    fprintf(c->err, "  %s%zu/%zu%s", cli_colour(c->colour_err, "2"), at, n, cli_colour(c->colour_err, "0"));
  fputc('\n', c->err);
}

void present_event(struct cli *c, const struct state *s, const struct event *ev) {
  if (c->log.level == LOG_QUIET) return;
  if (event_is(ev, "case-opened")) {
    case_line(c, s, ev->case_id);
  } else if (event_is(ev, "verdict")) {
    judged_line(c, s, state_step_find(s, ev->step));
  } else if (event_is(ev, "received")) {
    received_line(c, ev);
  }
}

/* Steps whose verdict is of another run; with waiting, only those that MedCom has still to confirm. */
static size_t count_carried(const struct state *s, bool waiting) {
  size_t n = 0;
  for (size_t i = 0; i < s->cases_n; i++) {
    for (size_t k = 0; k < s->cases[i].n; k++) {
      const struct state_carried *c = &state_attempt_standing(&s->cases[i].steps[k])->carried;
      n += c->run.n && !(waiting && c->confirmed_by.n);
    }
  }
  return n;
}

/* What was carried over is not among those that were executed. */
static size_t count(const struct state *s, enum verdict v) {
  size_t n = 0;
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_case *sc = &s->cases[i];
    for (size_t k = 0; k < sc->n; k++) {
      const struct state_step *st = state_attempt_standing(&sc->steps[k]);
      enum verdict have = sc->plan->applies ? st->verdict : VERDICT_NOT_APPLICABLE;
      if (have == VERDICT_NONE && st->opened) have = VERDICT_WAITING;
      n += have == v && !st->absent && !st->carried.run.n;
    }
  }
  return n;
}

static size_t cases_not_chosen(const struct state *s) {
  size_t n = 0;
  for (size_t i = 0; i < s->plan->cases.n; i++) n += str_eqz(s->plan->cases.v[i].reason, RECORD_NOT_CHOSEN);
  return n;
}

void present_summary(struct cli *c, const struct state *s) {
  static const enum verdict order[] = {VERDICT_PASS,    VERDICT_FAIL,           VERDICT_INCONCLUSIVE, VERDICT_ERROR,
                                       VERDICT_WAITING, VERDICT_NOT_APPLICABLE, VERDICT_NONE};
  enum verdict all = state_verdict(s);
  const struct protocol *p = s->plan->protocol;
  size_t n = 0;
  fprintf(c->out, "%.*s %.*s  %.*s %.*s  run %.*s\n ", STR_F(p->id), STR_F(p->version), STR_F(s->plan->vendor->system),
          STR_F(s->plan->vendor->version), STR_F(s->run));
  for (size_t i = 0; i < sizeof order / sizeof *order; i++)
    if (count(s, order[i])) fprintf(c->out, "%s %zu %s", n++ ? " " : "", count(s, order[i]), verdict_word(c, order[i]));
  if (count_carried(s, false))
    fprintf(c->out, c->danish ? "  %zu overført" : "  %zu carried over", count_carried(s, false));
  if (cases_not_chosen(s))
    fprintf(c->out,
            c->danish ? "\n  kun en del af protokollen: %zu af %zu afsnit er fravalgt"
                      : "\n  only a part of the protocol: %zu of %zu cases were not chosen",
            cases_not_chosen(s), s->plan->cases.n);
  if (count_carried(s, true))
    fprintf(c->out,
            c->danish ? "\n  %zu overførte teststeps skal bekræftes af MedCom: testcamp confirm %.*s --by INITIALER"
                      : "\n  %zu steps carried over wait for MedCom: testcamp confirm %.*s --by INITIALS",
            count_carried(s, true), STR_F(s->run));
  fprintf(c->out, "\n  %s: %s%s%s\n", c->danish ? "resultat" : "result", present_verdict_colour(c->colour_out, all),
          verdict_word(c, all), cli_colour(c->colour_out, "0"));
}
