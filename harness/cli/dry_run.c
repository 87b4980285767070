#include "cli/dry_run.h"

#include "formats/json.h"
#include "plan/preview.h"

static struct str said(const struct cli *c, struct said t) {
  return c->danish ? t.da : t.en;
}

static struct str words(const struct cli *c, struct protocol_text t) {
  return c->danish ? t.da : t.en;
}

/* --- text ---------------------------------------------------------------------- */

static const char *const marks[PREVIEW_KINDS_N] = {
    [PREVIEW_MACHINE] = "test", [PREVIEW_PERSON] = "person", [PREVIEW_NOT] = "not", [PREVIEW_CANNOT] = "cannot"};

static void text_step(struct cli *c, const struct preview_step *p) {
  const char *colour = p->kind == PREVIEW_NOT ? "2" : p->kind == PREVIEW_CANNOT ? "33" : "0";
  struct str why = said(c, p->why);
  fprintf(c->out, "  %-12.*s %s%-7s%s %-12s %.*s%s\n", STR_F(p->step->id), cli_colour(c->colour_out, colour),
          marks[p->kind], cli_colour(c->colour_out, "0"), p->step->kind->word, STR_F(why),
          p->step->either.n ? "  (one of a group of alternatives)" : "");
}

static void text_case(struct cli *c, const struct preview_case *p) {
  struct str why = said(c, p->why);
  fprintf(c->out, "%s%.*s %.*s%s%s%.*s\n", cli_colour(c->colour_out, "1"), STR_F(p->plan->c->id),
          STR_F(words(c, p->plan->c->title)), cli_colour(c->colour_out, "0"), why.n ? "  not tested: " : "",
          STR_F(why));
  for (size_t i = 0; i < p->steps.n && p->plan->applies; i++) text_step(c, &p->steps.v[i]);
}

static void print_text(struct cli *c, const struct plan *plan, const struct preview *p) {
  fprintf(c->out, "%.*s %.*s  %.*s %.*s\n", STR_F(plan->protocol->id), STR_F(plan->protocol->version),
          STR_F(plan->vendor->system), STR_F(plan->vendor->version));
  for (size_t i = 0; i < plan->protocol->packages.n; i++)
    fprintf(c->out, "judged by %.*s\n", STR_F(plan->protocol->packages.v[i]));
  for (size_t i = 0; i < plan->protocol->requires.n; i++)
    fprintf(c->out, "requires %.*s\n", STR_F(plan->protocol->requires.v[i]));
  for (size_t i = 0; i < plan->protocol->services.n; i++)
    fprintf(c->out, "service %.*s: %.*s\n", STR_F(plan->protocol->services.v[i].name),
            STR_F(words(c, plan->protocol->services.v[i].title)));
  for (size_t i = 0; i < p->cases.n; i++) text_case(c, &p->cases.v[i]);
  fprintf(c->out, "%zu by the machine, %zu by persons, %zu not tested, %zu that cannot be shown\n",
          p->count[PREVIEW_MACHINE], p->count[PREVIEW_PERSON], p->count[PREVIEW_NOT], p->count[PREVIEW_CANNOT]);
}

/* --- json ---------------------------------------------------------------------- */

static void put_why(struct json_writer *w, struct said why) {
  if (!why.en.n) return;
  json_begin_object(w, "why");
  json_put_str(w, "en", why.en);
  json_put_str(w, "da", why.da);
  json_end(w);
}

static void put_step(struct json_writer *w, const struct preview_step *p) {
  json_begin_object(w, NULL);
  json_put_str(w, "step", p->step->id);
  json_put_z(w, "word", p->step->kind->word);
  json_put_z(w, "tested", preview_kind_name(p->kind));
  json_put_bool(w, "optional", p->step->optional);
  if (p->step->either.n) json_put_str(w, "either", p->step->either);
  put_why(w, p->why);
  json_end(w);
}

static void put_case(struct json_writer *w, const struct preview_case *p, bool steps) {
  json_begin_object(w, NULL);
  json_put_str(w, "case", p->plan->c->id);
  json_begin_object(w, "title");
  json_put_str(w, "en", p->plan->c->title.en);
  json_put_str(w, "da", p->plan->c->title.da);
  json_end(w);
  json_put_bool(w, "applies", p->plan->applies);
  put_why(w, p->why);
  if (steps) json_begin_array(w, "steps");
  for (size_t i = 0; steps && i < p->steps.n; i++) put_step(w, &p->steps.v[i]);
  if (steps) json_end(w);
  json_end(w);
}

static void put_services(struct json_writer *w, const struct protocol *p) {
  if (!p->services.n) return;
  json_begin_array(w, "services");
  for (size_t i = 0; i < p->services.n; i++) {
    json_begin_object(w, NULL);
    json_put_str(w, "service", p->services.v[i].name);
    json_put_str(w, "kind", p->services.v[i].kind);
    if (p->services.v[i].of.n) json_put_str(w, "of", p->services.v[i].of);
    if (p->services.v[i].shared) json_put_bool(w, "shared", true);
    json_end(w);
  }
  json_end(w);
}

static void put_head(struct json_writer *w, const struct plan *plan, const struct preview *p) {
  json_put_str(w, "protocol", plan->protocol->id);
  json_put_str(w, "version", plan->protocol->version);
  json_put_str(w, "system", plan->vendor->system);
  put_services(w, plan->protocol);
  json_begin_object(w, "steps");
  for (int i = 0; i < PREVIEW_KINDS_N; i++)
    json_put_int(w, preview_kind_name((enum preview_kind)i), (int64_t)p->count[i]);
  json_end(w);
}

static void print_json(struct cli *c, const struct plan *plan, const struct preview *p) {
  struct buf b;
  struct json_writer w;
  buf_init(&b, CLI_OUTPUT_MAX);
  json_writer_init(&w, &b, 2);
  json_begin_object(&w, NULL);
  put_head(&w, plan, p);
  json_begin_array(&w, "cases");
  for (size_t i = 0; i < p->cases.n; i++) put_case(&w, &p->cases.v[i], true);
  json_end(&w);
  json_end(&w);
  buf_byte(&b, '\n');
  cli_print(c->out, buf_str(&b));
  buf_release(&b);
}

void dry_run_print(struct session *s, bool json) {
  struct preview p;
  preview_make(&p, s->arena, s->plan);
  (json ? print_json : print_text)(s->cli, s->plan, &p);
}

/* --- several --------------------------------------------------------------------- */

void dry_run_begin(struct dry_run_list *l) {
  buf_init(&l->text, CLI_OUTPUT_MAX);
  json_writer_init(&l->out, &l->text, 2);
  json_begin_array(&l->out, NULL);
}

void dry_run_add(struct dry_run_list *l, struct session *s, const char *file, const struct error *no_live_test) {
  struct preview p;
  struct json_writer *w = &l->out;
  preview_make(&p, s->arena, s->plan);
  json_begin_object(w, NULL);
  json_put_z(w, "file", file);
  put_head(w, s->plan, &p);
  if (no_live_test) json_put_z(w, "no-live-test", no_live_test->text);
  json_begin_array(w, "cases");
  for (size_t i = 0; i < p.cases.n; i++) put_case(w, &p.cases.v[i], false);
  json_end(w);
  json_end(w);
}

void dry_run_add_error(struct dry_run_list *l, const char *file, const struct error *e) {
  json_begin_object(&l->out, NULL);
  json_put_z(&l->out, "file", file);
  json_put_z(&l->out, "error", e->text);
  json_end(&l->out);
}

void dry_run_end(struct dry_run_list *l, struct cli *c) {
  json_end(&l->out);
  buf_byte(&l->text, '\n');
  cli_print(c->out, buf_str(&l->text));
  buf_release(&l->text);
}
