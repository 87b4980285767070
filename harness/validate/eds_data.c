#include "validate/eds_data.h"

#include "base/clock.h"
#include "base/file.h"
#include "formats/yaml.h"

struct reading {
  struct eds_data *d;
  struct arena *arena;
  struct str file;
  struct findings *f;
};

static void complain(struct reading *r, const struct node *at, struct str text) {
  FINDING(r->f, eds_rule(EDS_DATA), node_place(r->arena, r->file, at), text);
}

#define COMPLAIN(r, at, ...) complain((r), (at), arena_printf((r)->arena, __VA_ARGS__))

/* ---- words ---- */

static const char *const document_names[] = {"message", "receipt", "acknowledgement", "acknowledgement-receipt", NULL};
static const char *const side_names[] = {"sender", "receiver", NULL};
static const char *const station_names[] = {"EUA", "MSH", "AP", NULL};
static const char *const profile_names[] = {"none", "basic", "patient", NULL}; /* enum eds_profile */

const char *eds_document_name(enum eds_document d) {
  return document_names[d];
}

const char *eds_stations_name(unsigned stations) {
  static const char *const names[] = {"", "EUA", "MSH", "EUA-MSH", "AP", "EUA-AP", "MSH-AP", "EUA-MSH-AP"};
  return names[stations & (EDS_EUA | EDS_MSH | EDS_AP)];
}

/* The number of a word in a list; -1 with a complaint. */
static int word_of(struct reading *r, const struct node *n, const char *const *names) {
  struct str all = {0};
  for (int i = 0; names[i]; i++) {
    if (n && str_eqz(n->text, names[i])) return i;
    all = arena_printf(r->arena, "%.*s%s%s", STR_F(all), i ? ", " : "", names[i]);
  }
  COMPLAIN(r, n, "\"%.*s\" is not possible here, choose one of: %.*s", STR_F(n ? n->text : STR("")), STR_F(all));
  return -1;
}

/* Each scalar of a list; false with a complaint. */
static bool read_words(struct reading *r, const struct node *n, struct eds_words *out) {
  if (!n || n->kind != NODE_ARRAY || n->count > EDS_WORDS_MAX) {
    COMPLAIN(r, n, "a list of at most %d words is needed", EDS_WORDS_MAX);
    return false;
  }
  for (NODE_EACH(c, n)) {
    if (c->kind != NODE_STRING || !c->text.n) COMPLAIN(r, c, "a word is needed");
    VEC_PUSH(r->arena, &out->list, c->text);
  }
  return true;
}

static unsigned read_bits(struct reading *r, const struct node *n, const char *const *names) {
  unsigned bits = 0;
  struct eds_words words = {0};
  if (!read_words(r, n, &words)) return 0;
  for (NODE_EACH(c, n)) {
    int i = word_of(r, c, names);
    if (i >= 0) bits |= 1U << i;
  }
  return bits;
}

bool eds_words_have(const struct eds_words *w, struct str s) {
  for (size_t i = 0; i < w->list.n; i++)
    if (str_eq(w->list.v[i], s)) return true;
  return false;
}

bool eds_same_word(const struct eds_data *d, struct str x, struct str y) {
  for (size_t i = 0; i < d->spellings.n; i++)
    if (eds_words_have(&d->spellings.v[i], x) && eds_words_have(&d->spellings.v[i], y)) return true;
  return str_eq(x, y);
}

unsigned eds_stations(const struct eds_data *d, struct str code) {
  for (size_t i = 0; i < d->codes.n; i++)
    if (str_eq(d->codes.v[i].code, code)) return d->codes.v[i].stations;
  return 0;
}

/* ---- keys ---- */

/* All keys are there and no others; false with a complaint. */
static bool check_keys(struct reading *r, const struct node *n, const char *const *keys) {
  bool right = n->kind == NODE_OBJECT;
  if (!right) COMPLAIN(r, n, "a mapping is needed");
  for (size_t i = 0; right && keys[i]; i++) {
    if (node_child(n, keys[i])) continue;
    COMPLAIN(r, n, "\"%s\" is missing", keys[i]);
    right = false;
  }
  for (const struct node *c = n->kind == NODE_OBJECT ? n->first : NULL; c; c = c->next) {
    size_t i = 0;
    while (keys[i] && !str_eqz(c->name, keys[i])) i++;
    if (keys[i]) continue;
    COMPLAIN(r, c, "unknown key \"%.*s\"", STR_F(c->name));
    right = false;
  }
  return right;
}

static void read_row(struct reading *r, const struct node *n) {
  static const char *const keys[] = {"event",   "document", "side",     "from", "station",
                                     "subtype", "profile",  "entities", "with", NULL};
  const char *entities[EDS_ENTITIES_N + 1] = {0};
  if (!check_keys(r, n, keys)) return;
  for (enum eds_entity k = 0; k < EDS_ENTITIES_N; k++) entities[k] = eds_entity_name(k);
  int document = word_of(r, node_child(n, "document"), document_names);
  int side = word_of(r, node_child(n, "side"), side_names), from = word_of(r, node_child(n, "from"), side_names);
  int station = word_of(r, node_child(n, "station"), station_names);
  int profile = word_of(r, node_child(n, "profile"), profile_names);
  unsigned with = read_bits(r, node_child(n, "with"), station_names);
  unsigned bits = read_bits(r, node_child(n, "entities"), entities);
  if (document < 0 || side < 0 || from < 0 || station < 0 || profile < 0) return;
  VEC_PUSH(r->arena, &r->d->chain,
           ((struct eds_row){.number = node_text_at(n, "event"),
                             .document = (enum eds_document)document,
                             .side = (enum eds_side)side,
                             .from = (enum eds_side)from,
                             .station = 1U << station,
                             .subtype = node_text_at(n, "subtype"),
                             .profile = (enum eds_profile)profile,
                             .entities = bits,
                             .with = with}));
}

static void read_code(struct reading *r, const struct node *n) {
  static const char *const keys[] = {"code", "stations", NULL};
  if (!check_keys(r, n, keys)) return;
  VEC_PUSH(r->arena, &r->d->codes,
           ((struct eds_code){node_text_at(n, "code"), read_bits(r, node_child(n, "stations"), station_names)}));
}

static void read_spelling(struct reading *r, const struct node *n) {
  struct eds_words words = {0};
  if (read_words(r, n, &words)) VEC_PUSH(r->arena, &r->d->spellings, words);
}

static void read_list(struct reading *r, const struct node *n, void (*fn)(struct reading *r, const struct node *n)) {
  if (n->kind != NODE_ARRAY || n->count > EDS_ROWS_MAX) {
    COMPLAIN(r, n, "a list of at most %d is needed", EDS_ROWS_MAX);
    return;
  }
  for (NODE_EACH(c, n)) fn(r, c);
}

static void read_severities(struct reading *r, const struct node *n) {
  for (size_t i = 0; i < EDS_RULES_N; i++) r->d->severity[i] = eds_rules[i].severity;
  if (n->kind != NODE_OBJECT) return COMPLAIN(r, n, "a mapping of rules and severities is needed");
  for (NODE_EACH(c, n)) {
    size_t i = 0;
    while (i < EDS_RULES_N && !str_eqz(c->name, eds_rules[i].id)) i++;
    if (i == EDS_RULES_N)
      COMPLAIN(r, c, "\"%.*s\" is no rule of EDS", STR_F(c->name));
    else if (!severity_parse(c->text, &r->d->severity[i]))
      COMPLAIN(r, c, "\"%.*s\" is no severity: info, warning, undecided, error", STR_F(c->text));
  }
}

static void read_time(struct reading *r, const struct node *n, int64_t *out) {
  if (!duration_parse(n->text, out)) COMPLAIN(r, n, "\"%.*s\" is no time such as 30 s", STR_F(n->text));
}

static void read_file(struct reading *r, const struct node *root) {
  static const char *const keys[] = {"tolerance",          "skew",  "severities", "codes", "spellings",
                                     "transport-versions", "chain", NULL};
  if (!check_keys(r, root, keys)) return;
  read_time(r, node_child(root, "tolerance"), &r->d->tolerance_ms);
  read_time(r, node_child(root, "skew"), &r->d->skew_ms);
  read_severities(r, node_child(root, "severities"));
  read_list(r, node_child(root, "codes"), read_code);
  read_list(r, node_child(root, "spellings"), read_spelling);
  (void)read_words(r, node_child(root, "transport-versions"), &r->d->transport_versions);
  read_list(r, node_child(root, "chain"), read_row);
}

int eds_data_read(struct eds_data **out, struct arena *a, struct source src, struct findings *f) {
  struct reading r = {ARENA_NEW(a, struct eds_data), a, src.name, f};
  struct node *root = NULL;
  size_t before = findings_count(f, SEV_ERROR);
  *r.d = (struct eds_data){.arena = a};
  *out = r.d;
  if (yaml_read(&root, a, src, f) == 0) read_file(&r, root);
  return findings_count(f, SEV_ERROR) > before ? -1 : 0;
}

int eds_data_load(struct eds_data **out, struct arena *a, const char *data_dir, struct error *e) {
  const char *path = file_join(a, data_dir, EDS_DATA_FILE);
  struct source src = {.name = str_z(path)};
  struct findings f;
  findings_init(&f, a);
  if (file_read(&src.bytes, a, path, EDS_DATA_BYTES_MAX, e) < 0) return -1;
  return eds_data_read(out, a, src, &f) == 0 ? 0 : findings_error(&f, e);
}
