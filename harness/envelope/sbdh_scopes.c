#include "envelope/sbdh_int.h"

/* A statistics value longer than this is compared with nothing. */
#define STATISTICS_MAX ((size_t)1 << 10)

static struct str kind_text(const struct envelope *env) {
  return str_z(ehmi_kind_name(sbdh_kind_of(env->sbdh)));
}

static struct str nearest_type(const struct ehmi_profile *p, struct str type) {
  struct str best = p->scopes.n ? p->scopes.v[0].type : (struct str){0};
  for (size_t i = 1; i < p->scopes.n; i++)
    if (str_distance(type, p->scopes.v[i].type) < str_distance(type, best)) best = p->scopes.v[i].type;
  return best;
}

static const struct node *part(const struct sbdh_scope *s, const char *name) {
  const struct node *n = node_child(s->at, name);
  return n ? n : s->at;
}

static void check_identifier(const struct tree_check *c, const struct sbdh_scope *s, const struct ehmi_scope *row) {
  enum ehmi_fit fit = ehmi_choice_fit(&row->identifier, s->identifier);
  struct str wanted = ehmi_choice_text(&row->identifier, c->f->arena);
  if (s->identifier.n == 0 || fit == EHMI_RIGHT) return;
  TELL_FIT(c, fit, SCOPE_IDENTIFIER, part(s, "Identifier"), s->type, s->identifier, wanted);
}

/* One scope by itself; seen counts by row of the profile. */
static void check_scope(const struct tree_check *c, const struct envelope *env, const struct sbdh_scope *s,
                        unsigned *seen) {
  const struct ehmi_profile *p = env->sbdh->profile;
  const struct ehmi_scope *row = ehmi_scope_of(p, s->type);
  if (s->type.n == 0) return; /* the schema has told */
  if (!row) {
    TELL(c, SCOPE_UNKNOWN, part(s, "Type"), s->type, nearest_type(p, s->type));
    return;
  }
  if (!str_eq(row->type, s->type)) TELL(c, SCOPE_SPELLING, part(s, "Type"), s->type, row->type);
  check_identifier(c, s, row);
  if (++seen[row - p->scopes.v] > 1)
    TELL(c, SCOPE_REPEATED, part(s, "Type"), row->type);
  else if (row->need[sbdh_kind_of(env->sbdh)] == EHMI_ABSENT)
    TELL(c, SCOPE_EXTRA, part(s, "Type"), row->type, kind_text(env));
}

/* An accepted value, or one that is written in another way, is told; one that is neither is wrong. */
static void check_document_id(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  const struct ehmi_type *t = ehmi_type_of(s->profile, s->standard);
  struct str found = sbdh_scope_value(s, SBDH_DOCUMENT_ID);
  struct arena *a = c->f->arena;
  if (!t || found.n == 0 || ehmi_choice_fit(&t->document_id, found) == EHMI_RIGHT) return;
  const struct node *n = sbdh_scope_node(env, SBDH_DOCUMENT_ID);
  struct str wanted = ehmi_choice_text(&t->document_id, a), normal = ehmi_document_id_normal(s->profile, a, found);
  bool same = false;
  for (size_t i = 0; i < t->document_id.is.n; i++)
    same |= str_eq(normal, ehmi_document_id_normal(s->profile, a, t->document_id.is.v[i]));
  for (size_t i = 0; i < t->document_id.accept.n; i++)
    same |= str_eq(normal, ehmi_document_id_normal(s->profile, a, t->document_id.accept.v[i]));
  if (ehmi_choice_fit(&t->document_id, found) == EHMI_ACCEPTED)
    TELL(c, DOCUMENT_ID_OTHER, n, found, t->standard, wanted);
  else if (same)
    TELL(c, DOCUMENT_ID_SYNTAX, n, found, t->standard, wanted);
  else
    TELL(c, DOCUMENT_ID, n, found, t->standard, wanted);
}

static void check_process_id(const struct tree_check *c, const struct envelope *env) {
  const struct ehmi_choice *wanted = &env->sbdh->profile->process_id;
  const struct node *n = sbdh_scope_node(env, SBDH_PROCESS_ID);
  struct str found = sbdh_scope_value(env->sbdh, SBDH_PROCESS_ID), text = ehmi_choice_text(wanted, c->f->arena);
  enum ehmi_fit fit = ehmi_choice_fit(wanted, found);
  if (found.n == 0 || fit == EHMI_RIGHT) return;
  TELL_FIT(c, fit, PROCESS_ID, n, found, text);
}

static void add_filled(struct buf *out, const struct sbdh *s, struct str name) {
  if (str_eqz(name, "standard"))
    buf_add(out, s->standard);
  else if (str_eqz(name, "version"))
    buf_add(out, s->type_version);
  else if (str_eqz(name, "original"))
    buf_add(out, sbdh_scope_value(s, SBDH_ORIGINAL_STANDARD));
}

/* A pattern of the profile with the values of this envelope in it. */
static struct str fill(struct arena *a, const struct sbdh *s, struct str pattern) {
  struct buf out;
  buf_init(&out, STATISTICS_MAX);
  while (pattern.n) {
    buf_add(&out, str_cut(&pattern, '{'));
    if (pattern.n) add_filled(&out, s, str_cut(&pattern, '}'));
  }
  return buf_take(&out, a);
}

static bool fits(struct arena *a, const struct sbdh *s, const struct ehmi_words *patterns, struct str found) {
  struct str before = found, bare = str_cut(&before, '#');
  for (size_t i = 0; i < patterns->n; i++)
    if (str_eq(bare, fill(a, s, patterns->v[i]))) return true;
  return false;
}

static void check_statistics(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  const struct ehmi_choice *wanted = sbdh_is_receipt(s) ? &s->profile->receipt_statistics : &s->profile->statistics;
  struct str found = sbdh_scope_value(s, SBDH_STATISTICS);
  struct arena *a = c->f->arena;
  if (found.n == 0 || s->standard.n == 0 || fits(a, s, &wanted->is, found)) return;
  const struct node *n = sbdh_scope_node(env, SBDH_STATISTICS);
  struct str text = fill(a, s, ehmi_choice_default(wanted));
  if (fits(a, s, &wanted->accept, found))
    TELL(c, STATISTICS_OTHER, n, found, text);
  else
    TELL(c, STATISTICS, n, found, text);
}

/* A FHIR acknowledgement does not know the envelope of what it acknowledges. */
static void check_originals(const struct tree_check *c, const struct envelope *env) {
  static const char *const types[] = {SBDH_ORIGINAL_STANDARD, SBDH_ORIGINAL_VERSION};
  const struct ehmi_choice *wanted = &env->sbdh->profile->acknowledged_original;
  if (env->sbdh->content != SBDH_FHIR_ACK) return;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    struct str found = sbdh_scope_value(env->sbdh, types[i]);
    if (found.n && ehmi_choice_fit(wanted, found) == EHMI_WRONG)
      TELL(c, ORIGINAL_KNOWN, sbdh_scope_node(env, types[i]), str_z(types[i]), found,
           ehmi_choice_text(wanted, c->f->arena));
  }
}

void sbdh_check_scopes(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  unsigned seen[EHMI_LIST_MAX + 1] = {0};
  const struct node *list = sbdh_header(env, "BusinessScope");
  for (size_t i = 0; i < s->scopes.n; i++) check_scope(c, env, &s->scopes.v[i], seen);
  for (size_t i = 0; i < s->profile->scopes.n; i++) {
    const struct ehmi_scope *row = &s->profile->scopes.v[i];
    if (row->need[sbdh_kind_of(s)] == EHMI_MUST && seen[i] == 0)
      TELL(c, SCOPE_MISSING, list, row->type, kind_text(env));
  }
  check_document_id(c, env);
  check_process_id(c, env);
  check_statistics(c, env);
  check_originals(c, env);
}

struct str sbdh_statistics(struct arena *a, const struct sbdh *s, const struct ehmi_profile *p) {
  return fill(a, s, ehmi_choice_default(sbdh_is_receipt(s) ? &p->receipt_statistics : &p->statistics));
}
