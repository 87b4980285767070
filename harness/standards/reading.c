#include "standards/reading.h"

static const struct key *key_of(const struct key *keys, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(name, keys[i].name)) return &keys[i];
  return NULL;
}

static const char *nearest(const struct key *keys, size_t n, struct str name) {
  const char *best = keys[0].name;
  for (size_t i = 1; i < n; i++)
    if (str_distance(name, str_z(keys[i].name)) < str_distance(name, str_z(best))) best = keys[i].name;
  return best;
}

int config_mapping(struct reading *r, const struct node *n, const struct key *keys, size_t keys_n, void *out) {
  if (n->kind != NODE_OBJECT) return COMPLAIN(r, n, "this must be a mapping with \"%s\"", keys[0].name);
  for (NODE_EACH(c, n)) {
    const struct key *k = key_of(keys, keys_n, c->name);
    if (!k)
      return COMPLAIN_KEY(r, c, "unknown key \"%.*s\"; did you mean \"%s\"?", STR_F(c->name),
                          nearest(keys, keys_n, c->name));
    if (k->read(r, c, (char *)out + k->offset) < 0) return -1;
  }
  for (size_t i = 0; i < keys_n; i++)
    if (keys[i].required && !node_child(n, keys[i].name)) return COMPLAIN(r, n, "\"%s\" is missing", keys[i].name);
  return 0;
}

int config_text(struct reading *r, const struct node *n, void *out) {
  if (n->kind != NODE_STRING || !n->text.n) return COMPLAIN(r, n, "\"%.*s\" must be a text", STR_F(n->name));
  *(struct str *)out = n->text;
  return 0;
}
