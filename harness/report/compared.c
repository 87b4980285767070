#include "report/compared.h"

#include "report/report_int.h"

#define DIGEST_SHOWN 12 /* hex digits of a digest that tell it from others */

struct comparison {
  struct buf *out;
  struct arena *a;
  struct compared *sum;
  const struct record *r[2];
  enum report_lang lang;
};

static const char *word(const struct comparison *c, const char *en, const char *da) {
  return c->lang == REPORT_DA ? da : en;
}

static void put(struct comparison *c, const char *text, struct str value) {
  buf_printf(c->out, "%s%.*s\n", text, STR_F(report_visible(c->a, value)));
}

/* ---- what was other about the runs ---- */

static void about(struct comparison *c, const char *what, struct str x, struct str y) {
  struct str none = STR("-");
  if (str_eq(x, y)) return;
  buf_printf(c->out, "  %s: %.*s -> %.*s\n", what, STR_F(report_visible(c->a, x.n ? x : none)),
             STR_F(report_visible(c->a, y.n ? y : none)));
}

static struct str definitions(const struct record *r) {
  return r->standards.n ? str_sub(r->standards.v[r->standards.n - 1].digest, 0, DIGEST_SHOWN) : (struct str){0};
}

static struct str protocol(struct arena *a, const struct record *r) {
  return arena_printf(a, "%.*s %.*s (%.*s)", STR_F(r->protocol), STR_F(r->protocol_version),
                      STR_F(str_sub(r->protocol_digest, 0, DIGEST_SHOWN)));
}

static void put_runs(struct comparison *c) {
  const struct record *x = c->r[0], *y = c->r[1];
  buf_printf(c->out, "%.*s -> %.*s\n", STR_F(x->run), STR_F(y->run));
  about(c, word(c, "vendor", "leverandør"), x->vendor, y->vendor);
  about(c, "system", x->system, y->system);
  about(c, word(c, "version of the system", "systemets version"), x->system_version, y->system_version);
  about(c, word(c, "protocol", "testprotokol"), protocol(c->a, x), protocol(c->a, y));
  about(c, word(c, "test type", "testtype"), x->mode, y->mode);
  about(c, "program", x->program, y->program);
  about(c, word(c, "definitions", "definitioner"), definitions(x), definitions(y));
  about(c, word(c, "verdict", "bedømmelse"), str_z(report_word_verdict(c->lang, x->verdict)),
        str_z(report_word_verdict(c->lang, y->verdict)));
}

/* ---- steps ---- */

struct place_of {
  const struct record_case *c;
  const struct record_step *s;
};

static struct place_of step_named(const struct record *r, struct str id) {
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t k = 0; k < r->cases.v[i].steps.n; k++)
      if (str_eq(r->cases.v[i].steps.v[k].id, id)) return (struct place_of){&r->cases.v[i], &r->cases.v[i].steps.v[k]};
  return (struct place_of){0};
}

static bool same_finding(const struct finding *x, const struct finding *y) {
  return str_eq(x->rule, y->rule) && x->severity == y->severity && str_eq(x->where.path, y->where.path) &&
         str_eq(x->en, y->en);
}

static size_t count_like(const struct findings *f, const struct finding *like) {
  size_t n = 0;
  for (size_t i = 0; i < f->list.n; i++) n += same_finding(&f->list.v[i], like);
  return n;
}

/* Number of those like the i-th up to and with it: the third of three is more than two. */
static size_t rank(const struct findings *f, size_t i) {
  size_t n = 0;
  for (size_t k = 0; k <= i; k++) n += same_finding(&f->list.v[k], &f->list.v[i]);
  return n;
}

/* Findings of x that y has not. */
static size_t put_more(struct comparison *c, const char *sign, const struct findings *x, const struct findings *y) {
  size_t n = 0;
  for (size_t i = 0; i < x->list.n; i++) {
    const struct finding *f = &x->list.v[i];
    if (rank(x, i) <= count_like(y, f)) continue;
    buf_printf(c->out, "    %s %s %.*s", sign, severity_name(f->severity), STR_F(f->rule));
    if (f->where.path.n) buf_printf(c->out, " %.*s", STR_F(report_visible(c->a, f->where.path)));
    put(c, ": ", report_finding_text(f, c->lang));
    n++;
  }
  return n;
}

static const char *assessed(const struct record_step *s) {
  return s->assessment == ASSESSMENT_NONE ? "-" : assessment_name(s->assessment);
}

static void put_step(struct comparison *c, struct place_of x, struct place_of y) {
  enum verdict before = report_verdict(x.c, x.s), after = report_verdict(y.c, y.s);
  size_t from = c->out->n;
  buf_printf(c->out, "  %.*s: %s", STR_F(y.s->id), report_word_verdict(c->lang, before));
  if (before != after) buf_printf(c->out, " -> %s", report_word_verdict(c->lang, after));
  if (x.s->assessment != y.s->assessment) buf_printf(c->out, ", MedCom: %s -> %s", assessed(x.s), assessed(y.s));
  buf_byte(c->out, '\n');
  size_t findings = put_more(c, "-", &x.s->findings, &y.s->findings) + put_more(c, "+", &y.s->findings, &x.s->findings);
  if (before != after || x.s->assessment != y.s->assessment || findings) {
    c->sum->changed++;
    return;
  }
  c->sum->same++;
  c->out->n = from;
  c->out->p[from] = 0;
}

static void put_only(struct comparison *c, const struct record_case *k, const struct record_step *s, size_t which) {
  static const char *const texts[2][2] = {{"only in the first", "kun i den første"},
                                          {"only in the second", "kun i den anden"}};
  buf_printf(c->out, "  %.*s: %s (%s)\n", STR_F(s->id), report_word_verdict(c->lang, report_verdict(k, s)),
             texts[which][c->lang == REPORT_DA]);
}

static void each_step(struct comparison *c, size_t which) {
  const struct record *r = c->r[which];
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t k = 0; k < r->cases.v[i].steps.n; k++) {
      struct place_of own = {&r->cases.v[i], &r->cases.v[i].steps.v[k]}, other = step_named(c->r[!which], own.s->id);
      if (!other.s) {
        put_only(c, own.c, own.s, which);
        (which ? &c->sum->only_second : &c->sum->only_first)[0]++;
      } else if (which == 0) {
        put_step(c, own, other);
      }
    }
}

void compared_write(struct buf *out, struct compared *sum, const struct record *first, const struct record *second,
                    enum report_lang lang) {
  struct comparison c = {.out = out, .a = arena_new(0), .sum = sum, .r = {first, second}, .lang = lang};
  *sum = (struct compared){0};
  put_runs(&c);
  each_step(&c, 0);
  each_step(&c, 1);
  buf_printf(out,
             word(&c, "%zu steps changed, %zu are the same, %zu only in the first, %zu only in the second\n",
                  "%zu teststep er ændret, %zu er ens, %zu er kun i den første, %zu kun i den anden\n"),
             sum->changed, sum->same, sum->only_first, sum->only_second);
  arena_free(c.a);
}
