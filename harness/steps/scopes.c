/* send: {scopes, without, mime-type}: an ehmiSBDH that is wrong on purpose, in what its header says. */
#include "envelope/sbdh.h"
#include "steps/steps_int.h"

static const char *const types[] = {SBDH_DOCUMENT_ID,
                                    SBDH_PROCESS_ID,
                                    SBDH_PATIENT_ID,
                                    SBDH_SENDER_ID,
                                    SBDH_RECEIVER_ID,
                                    SBDH_MESSAGE_ID,
                                    SBDH_BUNDLE_ID,
                                    SBDH_ORIGINAL_MESSAGE_ID,
                                    SBDH_ORIGINAL_BUNDLE_ID,
                                    SBDH_ORIGINAL_STANDARD,
                                    SBDH_ORIGINAL_VERSION,
                                    SBDH_ORIGINAL_ENVELOPE_ID,
                                    SBDH_STATISTICS,
                                    SBDH_XDS,
                                    SBDH_RELIABLE};

static bool is_scope(struct str name) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (str_eqz(name, types[i])) return true;
  return false;
}

static void check_name(struct keys *k, const struct node *at, struct str name) {
  if (!is_scope(name)) keys_complain(k, at, "\"%.*s\" is no scope of an ehmiSBDH", STR_F(name));
}

void scopes_parse(struct keys *k, const struct node *args) {
  const struct node *scopes = node_child(args, "scopes"), *without = node_child(args, "without");
  for (NODE_EACH(c, scopes)) {
    check_name(k, c, c->name);
    if (c->kind != NODE_STRING || !c->text.n)
      keys_complain(k, c, "the value of the scope %.*s must be a text; \"without\" leaves it out", STR_F(c->name));
    else if (str_eqz(c->name, SBDH_RELIABLE))
      keys_complain(k, c, "%s is more than a text; it can only be left out", SBDH_RELIABLE);
  }
  if (without && without->kind != NODE_ARRAY) check_name(k, without, without->text);
  if (without && without->kind == NODE_ARRAY)
    for (NODE_EACH(c, without)) check_name(k, c, c->text);
}

static struct sbdh_scope *scope_of(struct sbdh *s, struct str type) {
  for (size_t i = 0; i < s->scopes.n; i++)
    if (str_eq(s->scopes.v[i].type, type)) return &s->scopes.v[i];
  return NULL;
}

static int no_scope(struct error *e, struct str type) {
  return error_set(e, ERR_CONFIG, "the envelope has no scope %.*s", STR_F(type));
}

static int set_scopes(struct sbdh *s, const struct expander *x, const struct node *scopes, struct error *e) {
  for (NODE_EACH(c, scopes)) {
    struct sbdh_scope *scope = scope_of(s, c->name);
    if (!scope) return no_scope(e, c->name);
    if (expand_text(&scope->value, x, c->text, EXPAND_PLAIN, e) < 0) return -1;
  }
  return 0;
}

static int leave_out(struct sbdh *s, struct str type, struct error *e) {
  struct sbdh_scope *scope = scope_of(s, type);
  if (!scope) return no_scope(e, type);
  if (str_eqz(type, SBDH_RELIABLE)) s->reliable = (struct sbdh_reliable){0};
  for (struct sbdh_scope *last = s->scopes.v + s->scopes.n - 1; scope < last; scope++) *scope = scope[1];
  s->scopes.n--;
  return 0;
}

int scopes_apply(struct sbdh *s, const struct expander *x, const struct node *args, struct error *e) {
  const struct node *without = node_child(args, "without"), *mime = node_child(args, "mime-type");
  if (set_scopes(s, x, node_child(args, "scopes"), e) < 0) return -1;
  if (mime && expand_text(&s->mime, x, mime->text, EXPAND_PLAIN, e) < 0) return -1;
  if (without && without->kind != NODE_ARRAY) return leave_out(s, without->text, e);
  for (NODE_EACH(c, without))
    if (leave_out(s, c->text, e) < 0) return -1;
  return 0;
}
