#include "standards/receipts.h"

#include "base/clock.h"
#include "base/file.h"
#include "formats/yaml.h"

struct reading {
  struct receipt_duties *out;
  struct arena *arena;
  struct str file;
  struct error *e;
};

#define COMPLAIN(r, at, ...)                                                                                           \
  error_at((r)->e, ERR_CONFIG, (r)->file, (at)->name_line ? (at)->name_line : (at)->line,                              \
           (at)->name_line ? (at)->name_col : (at)->col, __VA_ARGS__)

static const char *const row_keys[] = {"receipt", "carrier", "by", "says", "when", "within", "source", NULL};
static const char *const within_keys[] = {"value", "source", NULL};
static const char *const file_keys[] = {"receipts", "severities", NULL};

/* One of these keys, and nothing else; `optional` may be left out. */
static int check_keys(const struct reading *r, const struct node *n, const char *const *keys, const char *optional) {
  if (n->kind != NODE_OBJECT) return COMPLAIN(r, n, "this must be a mapping with \"%s\"", keys[0]);
  for (NODE_EACH(c, n)) {
    const char *best = keys[0];
    size_t i = 0;
    for (; keys[i] && !str_eqz(c->name, keys[i]); i++)
      if (str_distance(c->name, str_z(keys[i])) < str_distance(c->name, str_z(best))) best = keys[i];
    if (!keys[i]) return COMPLAIN(r, c, "unknown key \"%.*s\"; did you mean \"%s\"?", STR_F(c->name), best);
  }
  for (size_t i = 0; keys[i]; i++)
    if (!node_child(n, keys[i]) && !str_eqz(str_z(keys[i]), optional))
      return COMPLAIN(r, n, "\"%s\" is missing", keys[i]);
  return 0;
}

/* The number of the word that stands there. */
static int read_choice(const struct reading *r, const struct node *n, const char *key, const char *const *words,
                       int *out) {
  const struct node *c = node_child(n, key);
  for (int i = 0; words[i]; i++) {
    if (!str_eqz(c->text, words[i])) continue;
    *out = i;
    return 0;
  }
  return COMPLAIN(r, c, "\"%s\" is \"%s\" or another of its words, not \"%.*s\"", key, words[0], STR_F(c->text));
}

static int read_text(const struct reading *r, const struct node *n, const char *key, struct str *out) {
  const struct node *c = node_child(n, key);
  if (c->kind != NODE_STRING || !c->text.n) return COMPLAIN(r, c, "\"%s\" must be a text", key);
  *out = c->text;
  return 0;
}

/* A value that is left out is a time that nobody has published. */
static int read_within(const struct reading *r, const struct node *n, struct receipt_duty *out) {
  const struct node *value = node_child(n, "value");
  out->within_ms = -1;
  if (check_keys(r, n, within_keys, "value") < 0 || read_text(r, n, "source", &out->within_source) < 0) return -1;
  if (!value || duration_parse(value->text, &out->within_ms)) return 0;
  return COMPLAIN(r, value, "\"%.*s\" is no duration, such as \"30 min\"", STR_F(value->text));
}

static int read_row(const struct reading *r, const struct node *n) {
  static const char *const carriers[] = {"edifact", "oioxml", "vans", "fhir", NULL},
                           *const by[] = {"receiver", "network", NULL}, *const says[] = {"no", "yes", NULL},
                           *const when[] = {"always", "asked", "refused", NULL};
  struct receipt_duty d = {0};
  int carrier, network, positive, at;
  if (check_keys(r, n, row_keys, "") < 0 || read_text(r, n, "receipt", &d.receipt) < 0 ||
      read_text(r, n, "source", &d.source) < 0 || read_within(r, node_child(n, "within"), &d) < 0 ||
      read_choice(r, n, "carrier", carriers, &carrier) < 0 || read_choice(r, n, "by", by, &network) < 0 ||
      read_choice(r, n, "says", says, &positive) < 0 || read_choice(r, n, "when", when, &at) < 0)
    return -1;
  if (receipt_duty_of(r->out, d.receipt))
    return COMPLAIN(r, n, "\"%.*s\" stands here for the second time", STR_F(d.receipt));
  d.carrier = str_z(carriers[carrier]);
  d.of_network = network;
  d.positive = positive;
  d.when = (enum receipt_when)at;
  VEC_PUSH(r->arena, &r->out->rows, d);
  return 0;
}

static int read_rows(const struct reading *r, const struct node *list) {
  if (list->kind != NODE_ARRAY) return COMPLAIN(r, list, "\"receipts\" is a list");
  if (list->count > RECEIPTS_ROWS_MAX) return COMPLAIN(r, list, "there are more than %d rows", RECEIPTS_ROWS_MAX);
  for (NODE_EACH(c, list))
    if (read_row(r, c) < 0) return -1;
  return 0;
}

static int read_severities(const struct reading *r, const struct node *n) {
  if (n && n->kind != NODE_OBJECT) return COMPLAIN(r, n, "\"severities\" is a mapping of rules");
  for (NODE_EACH(c, n)) {
    struct receipt_severity s = {.rule = c->name};
    if (!str_starts(c->name, STR("receipt.")))
      return COMPLAIN(r, c, "\"%.*s\" is no rule of receipts, such as receipt.unasked", STR_F(c->name));
    if (!severity_parse(c->text, &s.severity))
      return COMPLAIN(r, c, "\"%.*s\" is no severity: info, warning, undecided, error", STR_F(c->text));
    VEC_PUSH(r->arena, &r->out->severities, s);
  }
  return 0;
}

int receipt_duties_read(struct receipt_duties **out, struct arena *a, struct source src, struct error *e) {
  struct reading r = {.out = ARENA_NEW(a, struct receipt_duties), .arena = a, .file = src.name, .e = e};
  struct findings found;
  struct node *yaml;
  findings_init(&found, a);
  int read = yaml_read(&yaml, a, src, &found);
  if (findings_error(&found, e) < 0) return -1;
  if (read < 0) return error_at(e, ERR_SYNTAX, src.name, 0, 0, "it cannot be read");
  if (check_keys(&r, yaml, file_keys, "severities") < 0 || read_rows(&r, node_child(yaml, "receipts")) < 0) return -1;
  if (read_severities(&r, node_child(yaml, "severities")) < 0) return -1;
  *out = r.out;
  return 0;
}

int receipt_duties_load(struct receipt_duties **out, struct arena *a, const char *data, struct error *e) {
  struct str bytes;
  const char *path = file_join(a, file_join(a, data, "fixtures"), RECEIPTS_FILE);
  if (file_read(&bytes, a, path, RECEIPTS_BYTES_MAX, e) < 0) return -1;
  return receipt_duties_read(out, a, (struct source){STR("fixtures/" RECEIPTS_FILE), bytes}, e);
}

const struct receipt_duty *receipt_duty_of(const struct receipt_duties *d, struct str receipt) {
  for (size_t i = 0; i < d->rows.n; i++)
    if (str_eq(d->rows.v[i].receipt, receipt)) return &d->rows.v[i];
  return NULL;
}

void receipt_duties_apply(const struct receipt_duties *d, struct findings *f, size_t from) {
  for (size_t i = from; i < f->list.n; i++)
    for (size_t k = 0; k < d->severities.n; k++)
      if (str_eq(f->list.v[i].rule, d->severities.v[k].rule)) f->list.v[i].severity = d->severities.v[k].severity;
}
