/* Expressions of assert and capture: FHIRPath, XPath, a fact, or a path of segments. */
#include "base/utf8.h"
#include "formats/edifact.h"
#include "formats/xml.h"
#include "formats/xpath.h"
#include "steps/steps_int.h"

/* Messages that one expression may look at with %name. */
#define EXPRESSION_VARIABLES_MAX 20

/* What one evaluation has opened. */
struct scope {
  const struct step_view *v;
  struct judgement *j;
  const struct state_message *at;
  struct message m;
  struct fhirpath_variable variables[EXPRESSION_VARIABLES_MAX];
  struct message others[EXPRESSION_VARIABLES_MAX];
  size_t n;
  bool broken; /* a finding was added */
};

static void complain_at(struct keys *k, const struct node *scalar, const char *what, const struct error *e) {
  struct node at = args_offset(scalar, e->line, e->col);
  keys_complain(k, &at, "%s: %s", what, e->text);
}

static void parse_fhirpath(struct expression *x, struct keys *k, const struct node *n) {
  struct error e;
  if (!expand_has(n->text) && fhirpath_parse(&x->parsed, k->arena, n->text, &e) < 0) {
    x->parsed = NULL;
    complain_at(k, n, "FHIRPath", &e);
  }
}

static void parse_xpath(struct expression *x, struct keys *k, const struct node *n) {
  struct error e;
  (void)x;
  if (!expand_has(n->text) && xpath_check(n->text, letter_prefix(k->arena, STR("letter")), &e) < 0)
    complain_at(k, n, "XPath", &e);
}

static void parse_fact(struct expression *x, struct keys *k, const struct node *n) {
  (void)x;
  if (expand_has(n->text)) keys_complain(k, n, "the name of a fact holds no variables");
}

static void parse_segment(struct expression *x, struct keys *k, const struct node *n) {
  struct node empty = {.kind = NODE_GROUP};
  struct edifact_hits hits;
  struct error e;
  (void)x;
  if (!expand_has(n->text) && edifact_find(&hits, k->arena, &empty, n->text, &e) < 0) keys_complain(k, n, "%s", e.text);
}

static const struct {
  const char *key;
  void (*parse)(struct expression *x, struct keys *k, const struct node *n);
} kinds[] = {[EXPRESSION_FHIRPATH] = {"fhirpath", parse_fhirpath},
             [EXPRESSION_XPATH] = {"xpath", parse_xpath},
             [EXPRESSION_FACT] = {"fact", parse_fact},
             [EXPRESSION_SEGMENT] = {"segment", parse_segment}};

void expression_parse(struct expression *x, struct keys *k, const struct node *args) {
  size_t n = 0;
  *x = (struct expression){.of_payload = str_eqz(keys_text(args, "of"), "payload")};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const struct node *c = node_child(args, kinds[i].key);
    if (!c) continue;
    x->kind = (enum expression_kind)i;
    x->text = c->text;
    kinds[i].parse(x, k, c);
    n++;
  }
  if (n != 1) keys_complain(k, args, "give just one of \"fhirpath\", \"xpath\", \"fact\" and \"segment\"");
  args_only_with(k, args, "of", "xpath");
  args_name(k, args, "on");
}

static enum expression_status undecided(struct scope *s, struct str expression, struct str en) {
  JUDGE(s->j, RULE_ASSERT_UNDECIDED, message_place(s->at), expression, en);
  return EXPRESSION_UNDECIDED;
}

/* What is wrong with the data fails; what the harness cannot do is undecided; a name that no message can have
 * (ERR_CONFIG) is a mistake of the protocol, and never the vendor's. */
static enum expression_status status_of(struct scope *s, struct expression_result *out, struct str text,
                                        const struct error *e) {
  if (e->code == ERR_CONFIG) {
    judge_broken(s->j, RULE_UNREADABLE, e);
    return EXPRESSION_UNDECIDED;
  }
  if (e->code == ERR_UNSUPPORTED || e->code == ERR_LIMIT)
    return undecided(s, text, arena_str(s->v->scratch, str_z(e->text)));
  out->wrong = *e;
  return EXPRESSION_WRONG;
}

static bool is_standard(struct str name) {
  static const char *const names[] = {"resource", "rootResource", "context", "ucum", "sct", "loinc"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_eqz(name, names[i])) return true;
  return str_starts(name, STR("vs-")) || str_starts(name, STR("ext-"));
}

/* %name: the Bundle of another message of the run. */
static void add_variable(void *payload, struct str name) {
  struct scope *s = payload;
  struct error e;
  if (s->broken || is_standard(name)) return;
  for (size_t i = 0; i < s->n; i++)
    if (str_eq(s->variables[i].name, name)) return;
  const struct state_message *m = judge_message(s->v, s->j, name);
  s->broken = !m || s->n == EXPRESSION_VARIABLES_MAX;
  if (s->broken) return;
  struct message *opened = &s->others[s->n];
  if (open_message(opened, s->v, m, &e) < 0) {
    judge_broken(s->j, RULE_UNREADABLE, &e);
    s->broken = true;
    return;
  }
  if (!opened->resource) {
    undecided(s, name, arena_printf(s->v->scratch, "%%%.*s holds no FHIR resource", STR_F(name)));
    s->broken = true;
    return;
  }
  s->variables[s->n++] = (struct fhirpath_variable){.name = name, .node = opened->resource};
}

static const struct node *root_of(const struct node *n) {
  while (n->parent) n = n->parent;
  return n;
}

static struct place node_where(const struct scope *s, const struct node *n) {
  const struct node *root = root_of(n);
  for (size_t i = 0; i < s->n; i++)
    if (root == s->variables[i].node) return node_place(s->v->scratch, s->others[i].payload.name, n);
  return node_place(s->v->scratch, s->m.payload.name, n);
}

static void add_value(struct scope *s, struct expression_result *out, const struct fhirpath_value *value) {
  struct arena *a = s->v->scratch;
  struct str text = value->text;
  if (!text.n && value->type == FHIRPATH_NODE && value->node)
    text = arena_printf(a, "<%.*s>", STR_F(value->node->type.n ? value->node->type : value->node->name));
  struct place where = value->node ? node_where(s, value->node) : out->where;
  VEC_PUSH(a, &out->values, ((struct expression_value){text, where}));
}

static enum expression_status run_fhirpath(struct scope *s, struct expression_result *out, const struct fhirpath *fp,
                                           struct str text) {
  struct fhirpath_result found = {0};
  struct error e;
  bool truth;
  /* A fixed time: judging again must say the same. */
  struct clock clock = {.logical = true, .logical_now = s->at->at, .scale = 1};
  fhirpath_each_variable(fp, add_variable, s);
  if (s->broken) return EXPRESSION_UNDECIDED;
  struct fhirpath_env env = {
      .variables = s->variables, .variables_n = s->n, .clock = &clock, .shapes = s->v->services->shapes};
  if (fhirpath_eval(&found, s->v->scratch, fp, s->m.resource, &env, &e) < 0) return status_of(s, out, text, &e);
  for (size_t i = 0; i < found.values.n; i++) add_value(s, out, &found.values.v[i]);
  out->truth = fhirpath_true(&truth, &found, &out->wrong) < 0 ? -1 : truth;
  return EXPRESSION_OK;
}

static enum expression_status eval_fhirpath(struct scope *s, struct expression_result *out, const struct expression *x,
                                            struct str text) {
  struct fhirpath *fp = x->parsed;
  struct error e;
  if (open_message(&s->m, s->v, s->at, &e) < 0) {
    judge_broken(s->j, RULE_UNREADABLE, &e);
    return EXPRESSION_UNDECIDED;
  }
  if (!s->m.resource) {
    JUDGE(s->j, RULE_NOT_FHIR, message_place(s->at));
    return EXPRESSION_UNDECIDED;
  }
  out->where = node_place(s->v->scratch, s->m.payload.name, s->m.resource);
  if (!fp && fhirpath_parse(&fp, s->v->scratch, text, &e) < 0) return status_of(s, out, text, &e);
  return run_fhirpath(s, out, fp, text);
}

/* The tree that an XPath looks at; NULL (and a finding) if there is none. */
static const struct node *xpath_root(struct scope *s, const struct expression *x, struct str text) {
  struct node *root = NULL;
  struct findings found;
  if (!x->of_payload) {
    if (!s->m.envelope) JUDGE(s->j, RULE_ASSERT_NO_ENVELOPE, message_place(s->at), text);
    return s->m.envelope ? s->m.envelope->root : NULL;
  }
  findings_init(&found, s->v->scratch);
  bool xml = s->m.payload.bytes.n && s->m.form == RESOURCE_XML;
  if (xml && xml_read(&root, s->v->scratch, s->m.payload, &found) == 0) return root;
  JUDGE(s->j, RULE_ASSERT_NOT_XML, message_place(s->at), text);
  return NULL;
}

static void add_xpath(struct scope *s, struct expression_result *out, const struct xpath_result *r) {
  struct arena *a = s->v->scratch;
  for (size_t i = 0; r->kind == XPATH_KIND_NODES && i < r->n; i++)
    VEC_PUSH(a, &out->values,
             ((struct expression_value){xpath_string(a, r->nodes[i]), node_place(a, out->where.message, r->nodes[i])}));
  if (r->kind == XPATH_KIND_NODES) {
    out->truth = r->n > 0;
    return;
  }
  VEC_PUSH(a, &out->values, ((struct expression_value){r->text, out->where}));
  bool zero = str_eqz(r->text, "0") || str_eqz(r->text, "-0") || str_eqz(r->text, "NaN");
  out->truth = r->kind == XPATH_KIND_BOOL     ? str_eqz(r->text, "true")
               : r->kind == XPATH_KIND_NUMBER ? !zero
                                              : r->text.n > 0;
}

static enum expression_status eval_xpath(struct scope *s, struct expression_result *out, const struct expression *x,
                                         struct str text) {
  struct xpath_result r = {0};
  struct error e;
  if (open_message(&s->m, s->v, s->at, &e) < 0) {
    judge_broken(s->j, RULE_UNREADABLE, &e);
    return EXPRESSION_UNDECIDED;
  }
  const struct node *root = xpath_root(s, x, text);
  if (!root) return EXPRESSION_UNDECIDED;
  out->where = node_place(s->v->scratch, x->of_payload ? s->m.payload.name : s->m.raw.name, root);
  const char *const *names = x->of_payload ? letter_prefix(s->v->scratch, root->ns) : NULL;
  if (xpath_eval(&r, s->v->scratch, root, text, names, &e) < 0) return status_of(s, out, text, &e);
  add_xpath(s, out, &r);
  return EXPRESSION_OK;
}

static enum expression_status eval_fact(struct scope *s, struct expression_result *out, const struct expression *x,
                                        struct str text) {
  struct str value = message_fact(s->at, text);
  (void)x;
  if (value.n) VEC_PUSH(s->v->scratch, &out->values, ((struct expression_value){value, out->where}));
  out->truth = value.n && !str_eqz(value, "false");
  return EXPRESSION_OK;
}

/* An element or component by its text; what holds more, as it was written. */
static struct str segment_text(struct arena *a, const struct node *n) {
  struct buf b;
  struct node alone = *n;
  struct str text = n->text;
  if (n->kind == NODE_STRING || n->kind == NODE_BINARY) return text;
  if (n->kind == NODE_ARRAY) {
    buf_init(&b, EXPAND_TEXT_MAX);
    for (NODE_EACH(c, n)) buf_printf(&b, "%s%.*s", c == n->first ? "" : ":", STR_F(c->text));
    return buf_take(&b, a);
  }
  struct node root = {.kind = NODE_GROUP, .first = &alone, .last = &alone};
  alone.next = NULL;
  alone.prefix = (struct str){0};
  buf_init(&b, EXPAND_TEXT_MAX);
  edifact_write(&b, n->kind == NODE_SEGMENT ? &root : n);
  struct str latin = buf_take(&b, a), out;
  buf_init(&b, EXPAND_TEXT_MAX * 2);
  for (size_t i = 0; i < latin.n; i++) utf8_put(&b, (unsigned char)latin.p[i]);
  out = buf_take(&b, a);
  return n->kind == NODE_SEGMENT && out.n ? str_sub(out, 0, out.n - 1) : out;
}

static enum expression_status eval_segment(struct scope *s, struct expression_result *out, const struct expression *x,
                                           struct str text) {
  struct edifact_hits hits;
  struct error e;
  (void)x;
  if (open_message(&s->m, s->v, s->at, &e) < 0) {
    judge_broken(s->j, RULE_UNREADABLE, &e);
    return EXPRESSION_UNDECIDED;
  }
  if (!s->m.interchange) {
    JUDGE(s->j, RULE_ASSERT_NOT_EDIFACT, message_place(s->at), text);
    return EXPRESSION_UNDECIDED;
  }
  if (open_groups(&s->m, s->v, &e) < 0) {
    judge_broken(s->j, RULE_UNREADABLE, &e);
    return EXPRESSION_UNDECIDED;
  }
  out->where = node_place(s->v->scratch, s->m.payload.name, s->m.interchange);
  if (edifact_find(&hits, s->v->scratch, s->m.interchange, text, &e) < 0) return status_of(s, out, text, &e);
  for (size_t i = 0; i < hits.n; i++) {
    struct str value = segment_text(s->v->scratch, hits.v[i]);
    struct place where = node_place(s->v->scratch, s->m.payload.name, hits.v[i]);
    /* An empty element is nothing. */
    if (value.n) VEC_PUSH(s->v->scratch, &out->values, ((struct expression_value){value, where}));
  }
  out->truth = out->values.n > 0;
  return EXPRESSION_OK;
}

enum expression_status expression_eval(struct expression_result *out, const struct expression *x,
                                       const struct step_view *v, struct judgement *j, struct str on) {
  static enum expression_status (*const evals[])(struct scope *, struct expression_result *, const struct expression *,
                                                 struct str) = {[EXPRESSION_FHIRPATH] = eval_fhirpath,
                                                                [EXPRESSION_XPATH] = eval_xpath,
                                                                [EXPRESSION_FACT] = eval_fact,
                                                                [EXPRESSION_SEGMENT] = eval_segment};
  static const enum expand_quote quotes[] = {[EXPRESSION_FHIRPATH] = EXPAND_FHIRPATH,
                                             [EXPRESSION_XPATH] = EXPAND_XPATH,
                                             [EXPRESSION_FACT] = EXPAND_PLAIN,
                                             [EXPRESSION_SEGMENT] = EXPAND_PLAIN};
  struct scope *s = ARENA_NEW(v->scratch, struct scope);
  struct expander expander = {.v = v};
  struct error e;
  struct str text;
  *out = (struct expression_result){0};
  *s = (struct scope){.v = v, .j = j, .at = judge_message(v, j, on)};
  if (!s->at) return EXPRESSION_UNDECIDED;
  out->where = message_place(s->at);
  if (expand_text(&text, &expander, x->text, quotes[x->kind], &e) < 0) {
    judge_unresolved(j, &e);
    return EXPRESSION_UNDECIDED;
  }
  return evals[x->kind](s, out, x, text);
}

struct str expression_words(struct arena *a, const struct expression_result *r, const char *none) {
  struct buf b;
  if (r->values.n == 0) return str_z(none);
  buf_init(&b, EXPRESSION_SHOWN_MAX * (EXPRESSION_TEXT_MAX + 20));
  for (size_t i = 0; i < r->values.n && i < EXPRESSION_SHOWN_MAX; i++) {
    struct str text = r->values.v[i].text;
    bool cut = text.n > EXPRESSION_TEXT_MAX;
    buf_printf(&b, "%s'%.*s%s'", i ? ", " : "", STR_F(str_sub(text, 0, EXPRESSION_TEXT_MAX)), cut ? "..." : "");
  }
  if (r->values.n > EXPRESSION_SHOWN_MAX) buf_printf(&b, ", ... (%zu)", r->values.n);
  return buf_take(&b, a);
}
