#include "protocol/keys.h"

#include "base/buf.h"
#include "base/clock.h"
#include "protocol/protocol_rules.h"

/* A word further away than this, or than half its length, is no misspelling. */
#define NEAR_MAX 3
#define LIST_TEXT_MAX ((size_t)4 << 10)

struct place keys_place(struct keys *k, const struct node *n, bool of_key) {
  struct place p = node_place_for(k->findings, k->file, n);
  if (of_key && n->name_line) {
    p.line = n->name_line;
    p.col = n->name_col;
  }
  return p;
}

void keys_complain_text(struct keys *k, const struct node *at, struct str text) {
  KEYS_FIND(k, &protocol_rules[PROTOCOL_VALUE], at, text);
}

/* Letters of a word that another one does not have: tells "sned" for "send" from "sned" for "step". */
static size_t strange_letters(struct str word, struct str known) {
  size_t have[UINT8_MAX + 1] = {0}, strange = 0;
  for (size_t i = 0; i < known.n; i++) have[(unsigned char)known.p[i]]++;
  for (size_t i = 0; i < word.n; i++) {
    size_t *left = &have[(unsigned char)word.p[i]];
    if (*left)
      --*left;
    else
      strange++;
  }
  return strange;
}

/* Keeps the nearer of two words. */
static void nearer(struct str word, struct str known, struct str *best, size_t *badness) {
  size_t d = str_distance(word, known);
  if (d > NEAR_MAX || d * 2 > word.n) return;
  size_t bad = d * STR_DISTANCE_MAX + strange_letters(word, known);
  if (bad >= *badness) return;
  *best = known;
  *badness = bad;
}

static const struct key *key_find(const struct key *table, struct str name) {
  for (; table->name; table++)
    if (str_eqz(name, table->name)) return table;
  return NULL;
}

static void unknown_key(struct keys *k, const struct node *n, const struct key *table) {
  struct str best = {0};
  size_t badness = SIZE_MAX;
  struct buf known;
  buf_init(&known, LIST_TEXT_MAX);
  for (const struct key *key = table; key->name; key++) {
    nearer(n->name, str_z(key->name), &best, &badness);
    buf_printf(&known, "%s%s", key == table ? "" : ", ", key->name);
  }
  if (best.n)
    KEYS_FIND_KEY(k, &protocol_rules[PROTOCOL_UNKNOWN_KEY_NEAR], n, n->name, best);
  else
    KEYS_FIND_KEY(k, &protocol_rules[PROTOCOL_UNKNOWN_KEY], n, n->name, buf_str(&known));
  buf_release(&known);
}

static bool is_scalar(const struct node *n) {
  return n->kind == NODE_STRING || n->kind == NODE_NUMBER || n->kind == NODE_BOOL;
}

static bool check_kind(struct keys *k, const struct node *n, bool fits, enum protocol_rule rule) {
  if (fits) return true;
  struct str is = n->kind == NODE_NULL ? STR("empty") : n->kind == NODE_ARRAY ? STR("[...]") : STR("{...}");
  if (is_scalar(n)) is = arena_printf(k->arena, "\"%.*s\"", STR_F(n->text));
  KEYS_FIND(k, &protocol_rules[rule], n, n->name.n ? n->name : STR("-"), is);
  return false;
}

/* "a|b|c" with commas, for people. */
static struct str choices(struct keys *k, struct str one_of) {
  struct buf b;
  buf_init(&b, LIST_TEXT_MAX);
  for (struct str rest = one_of; rest.n;) {
    struct str one = str_cut(&rest, '|');
    buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(one));
  }
  return buf_take(&b, k->arena);
}

static bool check_choice(struct keys *k, const struct node *n, const char *one_of) {
  for (struct str rest = str_z(one_of); rest.n;)
    if (str_eq(str_cut(&rest, '|'), n->text)) return true;
  KEYS_FIND(k, &protocol_rules[PROTOCOL_CHOICE], n, n->text, choices(k, str_z(one_of)));
  return false;
}

static bool check_text(struct keys *k, const struct node *n, const struct key *key) {
  if (!check_kind(k, n, is_scalar(n), PROTOCOL_NOT_TEXT)) return false;
  return !key->one_of || check_choice(k, n, key->one_of);
}

static bool check_text2(struct keys *k, const struct node *n, const struct key *key) {
  static const struct key both[] = {{"en", KEY_TEXT, true, NULL}, {"da", KEY_TEXT, true, NULL}, {0}};
  (void)key;
  if (!check_kind(k, n, n->kind == NODE_OBJECT, PROTOCOL_NOT_TEXT2)) return false;
  return keys_check(k, n, both);
}

static bool check_bool(struct keys *k, const struct node *n, const struct key *key) {
  (void)key;
  bool fits = is_scalar(n) && (str_eqz(n->text, "true") || str_eqz(n->text, "false"));
  return check_kind(k, n, fits, PROTOCOL_NOT_BOOL);
}

static bool check_int(struct keys *k, const struct node *n, const struct key *key) {
  int64_t value;
  (void)key;
  return check_kind(k, n, is_scalar(n) && str_int(n->text, &value), PROTOCOL_NOT_INT);
}

/* One with a variable is read when its value is known. */
static bool check_duration(struct keys *k, const struct node *n, const struct key *key) {
  int64_t ms;
  (void)key;
  bool fits = is_scalar(n) && (str_find(n->text, STR("${"), 0) != SIZE_MAX || duration_parse(n->text, &ms));
  return check_kind(k, n, fits, PROTOCOL_NOT_DURATION);
}

static bool check_list(struct keys *k, const struct node *n, const struct key *key) {
  if (is_scalar(n)) return !key->one_of || check_choice(k, n, key->one_of);
  if (!check_kind(k, n, n->kind == NODE_ARRAY, PROTOCOL_NOT_LIST)) return false;
  bool ok = true;
  for (NODE_EACH(item, n)) ok = check_text(k, item, key) && ok;
  return ok;
}

static bool check_map(struct keys *k, const struct node *n, const struct key *key) {
  (void)key;
  return check_kind(k, n, n->kind == NODE_OBJECT, PROTOCOL_NOT_MAP);
}

static bool check_node(struct keys *k, const struct node *n, const struct key *key) {
  (void)k;
  (void)n;
  (void)key;
  return true;
}

static bool check_expression(struct keys *k, const struct node *n, const struct key *key) {
  (void)key;
  return check_kind(k, n, is_scalar(n) && str_trim(n->text).n, PROTOCOL_NOT_EXPRESSION);
}

static bool (*const checks[])(struct keys *k, const struct node *n, const struct key *key) = {
    [KEY_TEXT] = check_text,           [KEY_TEXT2] = check_text2,      [KEY_BOOL] = check_bool, [KEY_INT] = check_int,
    [KEY_DURATION] = check_duration,   [KEY_LIST] = check_list,        [KEY_MAP] = check_map,   [KEY_NODE] = check_node,
    [KEY_FHIRPATH] = check_expression, [KEY_XPATH] = check_expression,
};

bool keys_check(struct keys *k, const struct node *n, const struct key *table) {
  if (!table || !n) return true;
  if (!check_kind(k, n, n->kind == NODE_OBJECT, PROTOCOL_NOT_MAP)) return false;
  bool ok = true;
  for (NODE_EACH(c, n)) {
    const struct key *key = key_find(table, c->name);
    if (!key) unknown_key(k, c, table);
    ok = key && checks[key->kind](k, c, key) && ok;
  }
  for (const struct key *key = table; key->name; key++) {
    if (!key->required || node_child(n, key->name)) continue;
    KEYS_FIND(k, &protocol_rules[PROTOCOL_MISSING_KEY], n, str_z(key->name));
    ok = false;
  }
  return ok;
}

struct str keys_text(const struct node *n, const char *name) {
  const struct node *c = node_child(n, name);
  return c && is_scalar(c) ? c->text : (struct str){0};
}

bool keys_bool(const struct node *n, const char *name) {
  return str_eqz(keys_text(n, name), "true");
}

int64_t keys_int(const struct node *n, const char *name, int64_t otherwise) {
  int64_t value;
  return str_int(keys_text(n, name), &value) ? value : otherwise;
}

void keys_text2(struct str *en, struct str *da, const struct node *n, const char *name) {
  const struct node *c = node_child(n, name);
  *en = keys_text(c, "en");
  *da = keys_text(c, "da");
}

void keys_each(const struct node *n, const char *name, void (*fn)(void *payload, const struct node *item),
               void *payload) {
  const struct node *c = node_child(n, name);
  if (c && is_scalar(c)) fn(payload, c);
  if (!c || c->kind != NODE_ARRAY) return;
  for (NODE_EACH(item, c))
    if (is_scalar(item)) fn(payload, item);
}
