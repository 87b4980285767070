#include "standards/flows.h"

#include "base/file.h"
#include "formats/yaml.h"
#include "standards/reading.h"

/* `~`: it is not published. */
static bool is_open(const struct node *n) {
  return n->kind == NODE_NULL;
}

static int read_open_text(struct reading *r, const struct node *n, void *out) {
  return is_open(n) ? 0 : config_text(r, n, out);
}

static int read_number(struct reading *r, const struct node *n, void *out) {
  int64_t *value = out;
  if (n->kind == NODE_STRING && str_int(n->text, value) && *value >= 0) return 0;
  return COMPLAIN(r, n, "\"%.*s\" must be a whole number", STR_F(n->name));
}

static int read_open_number(struct reading *r, const struct node *n, void *out) {
  *(int64_t *)out = -1;
  return is_open(n) ? 0 : read_number(r, n, out);
}

static bool is_day(struct str s) {
  if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') return false;
  for (size_t i = 0; i < s.n; i++)
    if (i != 4 && i != 7 && (s.p[i] < '0' || s.p[i] > '9')) return false;
  return true;
}

static int read_from(struct reading *r, const struct node *n, void *out) {
  struct flow_limit *limit = (struct flow_limit *)((char *)out - offsetof(struct flow_limit, from));
  limit->revised = true;
  if (is_open(n)) return 0;
  if (!is_day(n->text)) return COMPLAIN(r, n, "\"from\" is a day, such as 2026-12-31, or ~");
  limit->from = n->text;
  return 0;
}

static int read_word(struct reading *r, const struct node *n, struct flow_words *out) {
  if (n->kind != NODE_STRING || !n->text.n) return COMPLAIN(r, n, "a value must be a text");
  if (out->n == FLOWS_LIST_MAX) return COMPLAIN(r, n, "a list has at most %d values", FLOWS_LIST_MAX);
  VEC_PUSH(r->arena, out, n->text);
  return 0;
}

static int read_words(struct reading *r, const struct node *n, void *out) {
  if (n->kind != NODE_ARRAY) return COMPLAIN(r, n, "\"%.*s\" must be a list", STR_F(n->name));
  for (NODE_EACH(c, n))
    if (read_word(r, c, out) < 0) return -1;
  return 0;
}

static int read_rule(struct reading *r, const struct node *n, void *out) {
  for (size_t i = 0; i < FLOW_RULES_N; i++) {
    if (!str_eqz(n->text, flow_rules[i].id)) continue;
    *(enum flow_rule *)out = (enum flow_rule)i;
    return 0;
  }
  return COMPLAIN(r, n, "there is no rule \"%.*s\"", STR_F(n->text));
}

static int read_order(struct reading *r, const struct node *n, void *out) {
  static const char *const words[] = {[FLOW_LETTER_FIRST] = "letter-first", [FLOW_BINARY_FIRST] = "binary-first"};
  if (is_open(n)) return 0;
  for (size_t i = FLOW_LETTER_FIRST; i <= FLOW_BINARY_FIRST; i++) {
    if (!str_eqz(n->text, words[i])) continue;
    *(enum flow_order *)out = (enum flow_order)i;
    return 0;
  }
  return COMPLAIN(r, n, "\"order\" must be letter-first, binary-first or ~");
}

#define AT(type, member) offsetof(struct type, member)

static int read_answer(struct reading *r, const struct node *n) {
  static const struct key keys[] = {{"rule", read_rule, AT(flow_answer, rule), true},
                                    {"letter", config_text, AT(flow_answer, letter), true},
                                    {"answer", config_text, AT(flow_answer, answer), true},
                                    {"source", config_text, AT(flow_answer, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), VEC_ADD(r->arena, &((struct flows *)r->out)->answers));
}

static int read_wish(struct reading *r, const struct node *n) {
  static const struct key keys[] = {{"rule", read_rule, AT(flow_wish, rule), true},
                                    {"letters", read_words, AT(flow_wish, letters), true},
                                    {"edifact", config_text, AT(flow_wish, edifact), false},
                                    {"oioxml", config_text, AT(flow_wish, oioxml), false},
                                    {"source", config_text, AT(flow_wish, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), VEC_ADD(r->arena, &((struct flows *)r->out)->wishes));
}

static int read_limit(struct reading *r, const struct node *n) {
  static const struct key keys[] = {{"letter", config_text, AT(flow_limit, letter), true},
                                    {"version", read_open_text, AT(flow_limit, version), true},
                                    {"from", read_from, AT(flow_limit, from), false},
                                    {"what", config_text, AT(flow_limit, what), true},
                                    {"danish", config_text, AT(flow_limit, danish), true},
                                    {"most", read_open_number, AT(flow_limit, most), true},
                                    {"oioxml", read_open_text, AT(flow_limit, oioxml), true},
                                    {"edifact", read_open_text, AT(flow_limit, edifact), true},
                                    {"source", config_text, AT(flow_limit, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), VEC_ADD(r->arena, &((struct flows *)r->out)->limits));
}

static int read_list(struct reading *r, const struct node *n, int (*one)(struct reading *r, const struct node *n)) {
  if (n->kind != NODE_ARRAY || n->count > FLOWS_LIST_MAX)
    return COMPLAIN(r, n, "\"%.*s\" must be a list of at most %d", STR_F(n->name), FLOWS_LIST_MAX);
  for (NODE_EACH(c, n))
    if (one(r, c) < 0) return -1;
  return 0;
}

static int read_answers(struct reading *r, const struct node *n, void *out) {
  (void)out;
  return read_list(r, n, read_answer);
}

static int read_wishes(struct reading *r, const struct node *n, void *out) {
  (void)out;
  return read_list(r, n, read_wish);
}

static int read_limits(struct reading *r, const struct node *n, void *out) {
  (void)out;
  return read_list(r, n, read_limit);
}

static int read_report(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {{"letter", config_text, AT(flow_report, letter), true},
                                    {"letters", read_words, AT(flow_report, letters), true},
                                    {"events", read_words, AT(flow_report, events), true},
                                    {"automatic", config_text, AT(flow_report, automatic), true},
                                    {"manual", read_words, AT(flow_report, manual), true},
                                    {"source", config_text, AT(flow_report, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), out);
}

static int read_binary(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {{"letters", read_words, AT(flow_binary, letters), true},
                                    {"order", read_order, AT(flow_binary, order), true},
                                    {"source", config_text, AT(flow_binary, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), out);
}

static int read_pathology(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {{"letters", read_words, AT(flow_pathology, letters), true},
                                    {"most", read_number, AT(flow_pathology, most), true},
                                    {"oioxml", config_text, AT(flow_pathology, oioxml), true},
                                    {"edifact", config_text, AT(flow_pathology, edifact), true},
                                    {"source", config_text, AT(flow_pathology, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), out);
}

static int read_referral(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {{"letters", read_words, AT(flow_referral, letters), true},
                                    {"extension", config_text, AT(flow_referral, extension), true},
                                    {"address", read_open_text, AT(flow_referral, address), true},
                                    {"source", config_text, AT(flow_referral, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), out);
}

static const struct key top_keys[] = {{"default-answers", read_answers, AT(flows, answers), true},
                                      {"admission-report", read_report, AT(flows, report), true},
                                      {"wishes", read_wishes, AT(flows, wishes), true},
                                      {"limits", read_limits, AT(flows, limits), true},
                                      {"binary", read_binary, AT(flows, binary), true},
                                      {"pathology", read_pathology, AT(flows, pathology), true},
                                      {"referral", read_referral, AT(flows, referral), true}};

int flows_read(struct flows **out, struct arena *a, struct source src, struct error *e) {
  struct reading r = {.out = ARENA_NEW(a, struct flows), .arena = a, .file = src.name, .e = e};
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  if (yaml_read(&root, a, src, &f) != 0) return findings_error(&f, e);
  ((struct flows *)r.out)->file = src.name;
  if (config_mapping(&r, root, top_keys, KEYS_N(top_keys), r.out) < 0) return -1;
  *out = r.out;
  return 0;
}

int flows_load(struct flows **out, struct arena *a, const char *data_dir, struct error *e) {
  struct source src = {0};
  const char *path = file_join(a, data_dir, FLOWS_FILE);
  src.name = str_z(path);
  if (file_read(&src.bytes, a, path, FLOWS_BYTES_MAX, e) < 0) return -1;
  return flows_read(out, a, src, e);
}

bool flow_words_have(const struct flow_words *w, struct str word) {
  for (size_t i = 0; i < w->n; i++)
    if (str_eq(w->v[i], word)) return true;
  return false;
}
