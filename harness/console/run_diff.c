/* A step that compared two messages: both beside each other, each difference at its place in both. */
#include "base/file.h"
#include "console/runpage_int.h"
#include "console/source.h"
#include "state/attempt.h"
#include "state/step_api.h"

struct side {
  struct str name, bytes, why; /* why: there is nothing to show */
  struct source_finding *f;    /* as many as the step has findings, line 0 where this side has no place */
  size_t unknown;              /* values that nobody recorded: they stand as they are written */
  struct step_compared made;   /* of a fixture */
};

static const struct record_step *find_step(const struct record *r, struct str id) {
  const struct record_step *s = run_page_step(r, id);
  return s && str_eqz(s->word, "diff") && verdict_executed(s->verdict) ? s : NULL;
}

/* A message of the run, without its envelope, as it was compared. */
static bool take_message(struct visit *v, const struct record *r, struct side *to, struct str name) {
  const struct state_message *m = state_message_find(run_state(v->run), name);
  const struct record_exchange *x = m ? record_exchange_find(r, m->id) : NULL;
  if (!x) return false;
  to->name = x->id;
  to->bytes = x->payload.n ? x->payload : x->bytes;
  if (x->withheld.n)
    to->why = str_z(visit_word(v, "The message is withheld.", "Meddelelsen er tilbageholdt."));
  else if (!to->bytes.n)
    to->why =
        str_z(visit_word(v, "The message is too large to be shown here.", "Meddelelsen er for stor til at vises."));
  return true;
}

/* A fixture as it lies in the data folder now, or in the protocol, with the values of this run put in as for judging.
 */
static void take_fixture(struct visit *v, struct side *to, const struct state_step *st, struct str name) {
  struct error e;
  to->name = name;
  if (run_compared(v->run, st, &to->made, v->arena, &e) < 0 || !to->made.name.n) {
    to->why = str_z(visit_word(v, "This file is not in the data folder any more, or cannot be read.",
                               "Filen er ikke længere i datamappen, eller den kan ikke læses."));
    return;
  }
  to->name = to->made.name;
  to->bytes = to->made.bytes;
  to->unknown = to->made.unknown;
}

/* Where a place of the file as it is written has gone with the values put in before it. */
static int64_t column_of(const struct side *s, const struct place *p) {
  int64_t column = p->col;
  for (size_t i = 0; i < s->made.shifts.n; i++) {
    const struct step_shift *move = &s->made.shifts.v[i];
    if (move->line == p->line && move->col < p->col) column += move->by;
  }
  return column;
}

static void take_places(struct visit *v, const struct record_step *s, struct side *expected, struct side *actual) {
  const struct findings *f = &s->findings;
  expected->f = arena_alloc(v->arena, (f->list.n + 1) * sizeof *expected->f);
  actual->f = arena_alloc(v->arena, (f->list.n + 1) * sizeof *actual->f);
  for (size_t i = 0; i < f->list.n; i++) {
    struct str severity = str_z(severity_name(f->list.v[i].severity));
    const struct place *here = &f->list.v[i].where, *there = &f->list.v[i].other;
    struct source_finding both = {.rule = f->list.v[i].rule,
                                  .of_protocol = f->list.v[i].origin.n,
                                  .severity = severity,
                                  .text = v->danish ? f->list.v[i].da : f->list.v[i].en};
    actual->f[i] = expected->f[i] = both;
    actual->f[i].line = here->line, actual->f[i].column = here->col, actual->f[i].path = here->path;
    expected->f[i].line = there->line, expected->f[i].column = column_of(expected, there),
    expected->f[i].path = there->path;
  }
}

/* ---- the page ---- */

static void write_unknown(struct visit *v, const struct side *s) {
  if (!s->unknown) return;
  page_open(v, "p", "notice");
  page_text(v, arena_printf(v->arena, "%zu ", s->unknown));
  page_say(v, "values of this file are not known from this run: they stand as placeholders, ${...}.",
           "værdier i filen kendes ikke fra dette testforløb: de står som pladsholdere, ${...}.");
  page_close(v);
}

static void write_side(struct visit *v, const struct side *s, size_t n, char letter, const char *en, const char *da) {
  page_open(v, "section", "side");
  page_say_in(v, "h2", NULL, en, da);
  page_text_in(v, "p", "soft", s->name);
  write_unknown(v, s);
  if (s->why.n)
    page_text_in(v, "p", "notice error", s->why);
  else
    page_source_as(v, letter, s->bytes, s->f, n);
  page_close(v);
}

static void write_page(struct visit *v, const struct record_step *s, const struct side *expected,
                       const struct side *actual) {
  const struct findings *f = &s->findings;
  const char *title = arena_printf(v->arena, "%s %.*s", visit_word(v, "Comparison", "Sammenligning"), STR_F(s->id)).p;
  visit_begin(v, title, title);
  page_open(v, "p", "links");
  page_link(v, str_z(visit_word(v, "Back to the run", "Tilbage til testforløbet")), "/runs/%.*s",
            STR_F(run_page_id(v)));
  page_close(v);
  page_open(v, "p", NULL), page_verdict(v, s->verdict), page_text(v, STR(" "));
  page_text(v, text_of(v, &s->actual)), page_close(v);
  page_differences(v, expected->f, actual->f, f->list.n);
  page_open(v, "div", "sides");
  write_side(v, expected, f->list.n, 'E', "Expected", "Forventet");
  write_side(v, actual, f->list.n, 'A', "Actual", "Faktisk");
  page_close(v);
  visit_page(v);
}

static void get_diff(struct visit *v) {
  const struct state *state = run_state(v->run);
  const struct state_step *st = state_step_find(state, v->parts[1]);
  struct record *r = ARENA_NEW(v->arena, struct record);
  struct side expected = {0}, actual = {0};
  struct error e;
  *r = (struct record){0};
  if (run_record(v->run, r, v->arena, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  const struct record_step *s = st ? find_step(r, st->step->id) : NULL;
  if (!s) {
    visit_refuse(v, 404, "That step has compared nothing.", "Det teststep har ikke sammenlignet noget.");
    return;
  }
  const struct node *args = st->step->args_node;
  struct str name = state_text(v->arena, state, node_text_at(args, "expected"));
  if (!take_message(v, r, &expected, name)) take_fixture(v, &expected, st, name);
  if (!take_message(v, r, &actual, node_text_at(args, "on")))
    actual.why = str_z(visit_word(v, "There is no such message.", "Der er ingen sådan meddelelse."));
  take_places(v, s, &expected, &actual);
  write_page(v, s, &expected, &actual);
}

const struct route run_diff_routes[] = {{"GET", "/runs/*/diff/*", FOR_PARTNERS, ROUTE_RUN, get_diff}, {0}};
