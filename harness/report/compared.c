#include "report/compared.h"

#include "report/compared_mask.h"
#include "report/report_int.h"

#define DIGEST_SHOWN 12 /* hex digits of a digest that tell it from others */

struct comparison {
  struct buf *out;
  struct arena *a;
  struct compared *sum;
  const struct record *r[2];
  struct compared_mask mask[2];
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

/* By what findings are the same: severity, rule, the message's role and the place in it, and the masked text. */
struct likeness {
  const struct findings *of;
  struct str *v; /* one a finding */
};

static struct likeness likeness_of(struct comparison *c, size_t which, const struct findings *f) {
  struct compared_mask *m = &c->mask[which];
  struct likeness l = {f, ARENA_ARRAY(c->a, struct str, f->list.n + 1)};
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    struct str role = compared_mask_text(m, x->where.message), text = compared_mask_text(m, x->en);
    l.v[i] = arena_printf(c->a, "%s %.*s %.*s\n%.*s\n%.*s", severity_name(x->severity), STR_F(x->rule), STR_F(role),
                          STR_F(x->where.path), STR_F(text));
  }
  return l;
}

/* Number of the first n that are like that. */
static size_t count_like(const struct likeness *l, size_t n, struct str like) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += str_eq(l->v[i], like);
  return count;
}

/* Findings of x that y has not: the third of three is more than two. */
static size_t put_more(struct comparison *c, const char *sign, const struct likeness *x, const struct likeness *y) {
  size_t n = 0;
  for (size_t i = 0; i < x->of->list.n; i++) {
    const struct finding *f = &x->of->list.v[i];
    if (count_like(x, i + 1, x->v[i]) <= count_like(y, y->of->list.n, x->v[i])) continue;
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
  struct likeness first = likeness_of(c, 0, &x.s->findings), second = likeness_of(c, 1, &y.s->findings);
  size_t findings = put_more(c, "-", &first, &second);
  findings += put_more(c, "+", &second, &first);
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
  for (size_t i = 0; i < 2; i++) compared_mask_init(&c.mask[i], c.a, c.r[i]);
  put_runs(&c);
  each_step(&c, 0);
  each_step(&c, 1);
  buf_printf(out,
             word(&c, "%zu steps changed, %zu are the same, %zu only in the first, %zu only in the second\n",
                  "%zu teststep er ændret, %zu er ens, %zu er kun i den første, %zu kun i den anden\n"),
             sum->changed, sum->same, sum->only_first, sum->only_second);
  arena_free(c.a);
}
