/* What the parse functions share. Keys, kinds and enumerations were checked by keys_check before. */
#include "standards/identifier.h"
#include "steps/steps_int.h"

struct node args_offset(const struct node *scalar, int line, int col) {
  struct node at = *scalar;
  bool one_line = str_index(scalar->text, '\n') == SIZE_MAX;
  if (!one_line || line < 1 || col < 1) return at;
  at.line += line - 1;
  at.col += col - 1 + (scalar->flags & NODE_QUOTED ? 1 : 0);
  return at;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(struct str s) {
  if (s.n == 0 || !is_letter(s.p[0])) return false;
  for (size_t i = 1; i < s.n; i++) {
    char c = s.p[i];
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '_') return false;
  }
  return true;
}

void args_name(struct keys *k, const struct node *args, const char *key) {
  const struct node *n = node_child(args, key);
  if (n && !is_name(n->text))
    keys_complain(k, n, "\"%.*s\" is no name: a letter, then letters, digits, \"-\" or \"_\"", STR_F(n->text));
}

bool args_one_of(struct keys *k, const struct node *args, const char *one, const char *other) {
  const struct node *a = node_child(args, one), *b = node_child(args, other);
  if (!a == !b) keys_complain(k, b ? b : args, "give just one of \"%s\" and \"%s\"", one, other);
  return !a != !b;
}

void args_only_with(struct keys *k, const struct node *args, const char *key, const char *with) {
  const struct node *n = node_child(args, key);
  if (n && !node_child(args, with)) keys_complain(k, n, "\"%s\" belongs to \"%s\" only", key, with);
}

void args_none_of(struct keys *k, const struct node *args, const char *const *names, const char *with) {
  for (; *names; names++) {
    const struct node *n = node_child(args, *names);
    if (n) keys_complain(k, n, "\"%s\" and \"%s\" exclude each other", *names, with);
  }
}

void args_type(struct keys *k, const struct node *args, const char *key) {
  const struct node *n = node_child(args, key);
  bool right = n && n->text.n && n->text.p[0] >= 'A' && n->text.p[0] <= 'Z';
  for (size_t i = 0; right && i < n->text.n; i++) right = is_letter(n->text.p[i]);
  if (n && !right && !expand_has(n->text))
    keys_complain(k, n, "\"%.*s\" is no type of resource, such as Bundle or Patient", STR_F(n->text));
}

void args_gln(struct keys *k, const struct node *args, const char *key) {
  const struct node *n = node_child(args, key);
  if (n && !expand_has(n->text) && !gln_valid(n->text))
    keys_complain(k, n, "\"%.*s\" is no GLN: 13 digits, the last of them a check digit", STR_F(n->text));
}

void steps_default_texts(struct step *s, struct protocol_text action, struct protocol_text expected) {
  if (!s->action.en.n && !s->action.da.n) s->action = action;
  if (!s->expected.en.n && !s->expected.da.n) s->expected = expected;
}
