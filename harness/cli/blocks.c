#include "cli/blocks.h"

/* How many from there on were not carried out, of the same protocol. */
static size_t not_executed(const struct sum *sum, size_t from) {
  size_t n = from;
  while (n < sum->blocks.n && sum->blocks.v[n].why == BLOCK_NOT_EXECUTED &&
         str_eq(sum->blocks.v[n].protocol, sum->blocks.v[from].protocol))
    n++;
  return n - from;
}

static void show_row(struct cli *c, const struct sum *sum, size_t from, size_t n) {
  const struct block *first = &sum->blocks.v[from], *last = &sum->blocks.v[from + n - 1];
  fprintf(c->out, "%.*s ... %.*s: ", STR_F(first->step), STR_F(last->step));
  fprintf(c->out,
          c->danish ? "%zu teststeps er obligatoriske og ikke udført\n"
                    : "%zu steps are mandatory and not carried out\n",
          n);
}

static void show_one(struct cli *c, const struct block *b, const struct state *run) {
  struct said text = block_text(c->arena, b);
  const struct state_step *st = run && b->why == BLOCK_NOT_ASSESSED ? state_step_find(run, b->step) : NULL;
  fprintf(c->out, "%.*s", STR_F(c->danish ? text.da : text.en));
  if (st) fprintf(c->out, "  (%s", verdict_name(b->verdict));
  if (st && b->verdict == VERDICT_FAIL && st->step->severity.n)
    fprintf(c->out, ", %s %.*s", c->danish ? "foreslår" : "suggests", STR_F(st->step->severity));
  fprintf(c->out, "%s\n", st ? ")" : "");
}

void blocks_show(struct cli *c, const struct sum *sum, const struct state *run, bool protocol) {
  for (size_t i = 0; i < sum->blocks.n;) {
    size_t row = not_executed(sum, i);
    fputs("  ", c->out);
    if (protocol) fprintf(c->out, "%.*s  ", STR_F(sum->blocks.v[i].protocol));
    if (row > 2)
      show_row(c, sum, i, row);
    else
      show_one(c, &sum->blocks.v[i], run);
    i += row > 2 ? row : 1;
  }
}
