#include "cli/commands.h"
#include "cli/opts.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/uuid.h"
#include "cli/document.h"
#include "cli/present.h"
#include "mapping/convert.h"
#include "validate/message.h"

#include <string.h>

#define INPUT_MAX ((size_t)256 << 20)

struct order {
  const char *to, *dir, *seed, *form, *lang;
  struct opt_list pairs;
};

/* The letter without its envelope. */
static int open_input(struct cli *c, const char *file, struct source *out, struct error *e) {
  struct message m;
  struct str bytes;
  if (file_map(&bytes, c->arena, file, INPUT_MAX, e) < 0) return -1;
  message_read(&m, c->arena, (struct source){str_z(file), bytes});
  *out = m.payload;
  out->name = str_z(file);
  return 0;
}

/* "header=ID,letter=ID,...": a pair of ids as it is told on standard error when letters are converted. */
static int read_pair(struct convert_pair *p, struct str text, struct error *e) {
  *p = (struct convert_pair){0};
  const struct {
    const char *name;
    struct str *to;
  } fields[] = {{"bundle", &p->bundle},     {"header", &p->header},  {"envelope", &p->envelope}, {"letter", &p->letter},
                {"version", &p->version},   {"sender", &p->sender},  {"receiver", &p->receiver}, {"time", &p->time},
                {"activity", &p->activity}, {"why", &p->why_invalid}};
  struct str rest = text;
  while (rest.n) {
    struct str value = str_cut(&rest, ','), name = str_cut(&value, '=');
    bool known = false;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
      if (str_eqz(name, fields[i].name)) *fields[i].to = value, known = true;
    if (!known) return error_set(e, ERR_CONFIG, "a pair of ids has no \"%.*s\"", STR_F(name));
  }
  return 0;
}

static void print_pairs(struct buf *b, const struct conversion *x) {
  for (size_t i = 0; i < x->made.n; i++) {
    const struct convert_pair *p = &x->made.v[i];
    buf_printf(b,
               "pair: "
               "bundle=%.*s,header=%.*s,envelope=%.*s,letter=%.*s,version=%.*s,sender=%.*s,receiver=%.*s,time=%.*s,"
               "activity=%.*s\n",
               STR_F(p->bundle), STR_F(p->header), STR_F(p->envelope), STR_F(p->letter), STR_F(p->version),
               STR_F(p->sender), STR_F(p->receiver), STR_F(p->time), STR_F(p->activity));
  }
}

static void print_findings(struct cli *c, const struct conversion *x, const struct findings *f) {
  struct buf b;
  buf_init(&b, CLI_OUTPUT_MAX);
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *one = &f->list.v[i];
    struct str at = present_position(c->arena, &one->where);
    buf_printf(&b, "%.*s: %s: %.*s [%.*s; %.*s]\n", STR_F(at), severity_name(one->severity),
               STR_F(c->danish ? one->da : one->en), STR_F(one->rule), STR_F(one->source));
  }
  if (f->dropped) buf_printf(&b, c->danish ? "og %zu til\n" : "and %zu more\n", f->dropped);
  print_pairs(&b, x);
  cli_print(c->err, buf_str(&b));
  buf_release(&b);
}

/* "1-XDIS91.xml", "2-XBIN01.xml". */
static int write_files(struct cli *c, const struct conversion *x, const char *dir, struct error *e) {
  if (file_mkdirs(dir, e) < 0) return -1;
  for (size_t i = 0; i < x->out.n; i++) {
    const struct converted *o = &x->out.v[i];
    bool json = str_ends(o->mime, STR("json"));
    const char *end = str_eqz(o->format, "EDIFACT") ? "edi" : json ? "json" : "xml";
    char *name = arena_z(c->arena, arena_printf(c->arena, "%zu-%.*s.%s", i + 1, STR_F(o->type), end));
    if (file_write(file_join(c->arena, dir, name), o->bytes, e) < 0) return -1;
  }
  return 0;
}

static int prepare(struct cli *c, struct convert_options *o, const struct order *order, struct error *e) {
  struct conversion_rules *rules;
  struct sor_register *sor;
  struct shapes *shapes;
  struct clock clock;
  char *dir;
  if (file_data_dir(&dir, c->arena, e) < 0 || conversion_rules_load(&rules, c->arena, dir, e) < 0 ||
      sor_register_load(&sor, c->arena, dir, e) < 0 || shapes_read(&shapes, c->arena, dir, e) < 0)
    return -1;
  struct convert_pair *pairs = ARENA_ARRAY(c->arena, struct convert_pair, order->pairs.n + 1);
  for (size_t i = 0; i < order->pairs.n; i++)
    if (read_pair(&pairs[i], str_z(order->pairs.v[i]), e) < 0) return -1;
  clock_init(&clock);
  o->rules = rules;
  o->sor = sor;
  o->shapes = shapes;
  o->seed = order->seed ? str_z(order->seed) : uuid_random(c->arena);
  o->now = clock_stamp(&clock);
  o->form = order->form && str_eqz(str_z(order->form), "xml") ? RESOURCE_XML : RESOURCE_JSON;
  o->pairs = pairs;
  o->pairs_n = order->pairs.n;
  return 0;
}

static int run(struct cli *c, const struct order *order, const struct convert_options *o,
               const struct opt_list *files) {
  struct source *inputs = ARENA_ARRAY(c->arena, struct source, files->n + 1);
  struct conversion x;
  struct findings f;
  struct error e;
  findings_init(&f, c->arena);
  for (size_t i = 0; i < files->n; i++)
    if (open_input(c, files->v[i], &inputs[i], &e) < 0) return cli_fail(c, &e);
  if (convert(&x, c->arena, o, inputs, files->n, &f, &e) < 0) return cli_fail(c, &e);
  print_findings(c, &x, &f);
  if (order->dir && write_files(c, &x, order->dir, &e) < 0) return cli_fail(c, &e);
  for (size_t i = 0; !order->dir && i < x.out.n; i++) cli_print(c->out, x.out.v[i].bytes);
  return findings_worst(&f) >= SEV_WARNING ? EXIT_FAILED : EXIT_OK;
}

static int cmd_convert(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  struct order order = {0};
  struct convert_options o = {0};
  struct error e;
  const struct opt table[] = {
      {"to", OPT_TEXT, "TYPE", "CareCommunication, XDIS91, DIS91, Acknowledgement, XCTL, CTL", &order.to},
      {"out", OPT_TEXT, "DIR", "a file for each letter there, instead of standard output", &order.dir},
      {"form", OPT_TEXT, "FORM", "of FHIR: json (default), xml", &order.form},
      {"seed", OPT_TEXT, "TEXT", "what ids are made of (default: random)", &order.seed},
      {"pair", OPT_LIST, "IDS", "receipts: ids that belong together, as a conversion of letters tells them",
       &order.pairs},
      {"lang", OPT_TEXT, "da|en", "language of what is found", &order.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!rest.n) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = order.lang && !strcmp(order.lang, "da");
  if (!order.to || !convert_type_parse(str_z(order.to), &o.to))
    return cli_usage(
        c, "--to says what the letters become: CareCommunication, XDIS91, DIS91, Acknowledgement, XCTL or CTL");
  if (prepare(c, &o, &order, &e) < 0) return cli_fail(c, &e);
  return run(c, &order, &o, &rest);
}

const struct command command_convert = {.name = "convert",
                                        .arguments = "--to TYPE [--out DIR] FILE...",
                                        .summary = "a letter and its attachments, or receipts, in another format",
                                        .run = cmd_convert};
