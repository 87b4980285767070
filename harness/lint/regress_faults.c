/* Seeded faults: changes that a file declares, made to messages that are right, to see who still catches them. */
#include "fhir/change.h"
#include "fhir/fhirpath.h"
#include "formats/yaml.h"
#include "lint/regress_int.h"

#define FAULT_BYTES_MAX ((size_t)64 << 20)

struct fault {
  struct str id;
  struct strs event; /* codes of MessageHeader.event, "!" before those that are not meant; none: any message */
  struct strs on;    /* activities; none: any message */
  struct str where;
  struct {
    struct change *v;
    size_t n, cap;
  } changes;
};

struct faults {
  struct arena *arena;
  struct str file;
  struct error *e;
  struct map names; /* name -> struct str *, what ${name} stands for */
  VEC(struct fault) list;
};

static int complain(struct faults *x, const struct node *at, const char *what) {
  return error_at(x->e, ERR_CONFIG, x->file, at->line, at->col, "%s", what);
}

static int expand(struct faults *x, struct str *text, const struct node *at) {
  for (size_t from = 0; (from = str_find(*text, STR("${"), from)) != SIZE_MAX;) {
    size_t end = str_find(*text, STR("}"), from);
    const struct str *by = end == SIZE_MAX ? NULL : map_get(&x->names, str_sub(*text, from + 2, end));
    if (!by) return complain(x, at, "\"names\" has no such name, or its \"}\" is missing");
    *text =
        arena_printf(x->arena, "%.*s%.*s%.*s", (int)from, text->p, STR_F(*by), STR_F(str_sub(*text, end + 1, text->n)));
  }
  return 0;
}

static int read_names(struct faults *x, const struct node *names) {
  for (NODE_EACH(n, names)) {
    struct str *text = ARENA_NEW(x->arena, struct str);
    *text = n->text;
    if (expand(x, text, n) < 0) return -1;
    map_set(&x->names, n->name, text);
  }
  return 0;
}

static int read_change(struct faults *x, struct fault *f, const struct node *n) {
  struct change c = {.value = node_text_at(n, "value"), .from = node_text_at(n, "from")};
  struct error why;
  for (NODE_EACH(k, n))
    if (!str_eqz(k->name, "value") && !str_eqz(k->name, "from")) c.verb = k->name, c.path = k->text;
  if (expand(x, &c.path, n) < 0 || (c.from.n && expand(x, &c.from, n) < 0)) return -1;
  if (change_check(&c, &why) < 0) return complain(x, n, why.text);
  VEC_PUSH(x->arena, &f->changes, c);
  return 0;
}

/* One text, or a list of them. */
static void read_texts(struct faults *x, struct strs *to, const struct node *n) {
  const struct node *first = n && n->kind == NODE_ARRAY ? n->first : n;
  for (const struct node *item = first; item; item = item == n ? NULL : item->next) VEC_PUSH(x->arena, to, item->text);
}

/* What is wrong in the envelope or in the bytes on the wire is no matter of definitions: left out. */
static int read_fault(struct faults *x, const struct node *n, const struct node *event) {
  struct fault f = {.id = node_text_at(n, "id"), .where = node_text_at(n, "where")};
  if (!f.id.n) return complain(x, n, "a fault needs an \"id\"");
  if (node_child(n, "envelope") || node_child(n, "wire")) return 0;
  if (f.where.n && expand(x, &f.where, n) < 0) return -1;
  read_texts(x, &f.event, node_child(n, "event") ? node_child(n, "event") : event);
  read_texts(x, &f.on, node_child(n, "on"));
  for (NODE_EACH(c, node_child(n, "change")))
    if (read_change(x, &f, c) < 0) return -1;
  if (f.changes.n) VEC_PUSH(x->arena, &x->list, f);
  return 0;
}

static int read_faults(struct faults *x, struct source src) {
  struct node *root;
  struct findings f;
  findings_init(&f, x->arena);
  x->file = src.name;
  if (yaml_read(&root, x->arena, src, &f) < 0) return findings_error(&f, x->e);
  if (read_names(x, node_child(root, "names")) < 0) return -1;
  for (NODE_EACH(n, node_child(root, "defects")))
    if (read_fault(x, n, node_child(root, "event")) < 0) return -1;
  return 0;
}

/* --- making them ------------------------------------------------------------------ */

static bool is_for(const struct fault *f, const struct message *m) {
  struct str activity = facts_get(&m->facts, "activity");
  if (!change_is_for(f->event.v, f->event.n, facts_get(&m->facts, "event"))) return false;
  for (size_t i = 0; i < f->on.n; i++)
    if (str_eq(f->on.v[i], activity)) return true;
  return f->on.n == 0;
}

/* An expression that cannot be evaluated on this message does not fit it. */
static bool holds(struct arena *a, struct str where, const struct node *root) {
  struct fhirpath *fp;
  struct fhirpath_result found = {0};
  struct fhirpath_env env = {.resource = root};
  struct error e;
  bool truth = false;
  if (!where.n) return true;
  if (fhirpath_parse(&fp, a, where, &e) < 0 || fhirpath_eval(&found, a, fp, root, &env, &e) < 0) return false;
  return fhirpath_true(&truth, &found, &e) == 0 && truth;
}

static bool change(struct arena *a, struct node *root, const struct fault *f, const struct shapes *shapes) {
  size_t done = 0;
  for (size_t i = 0; i < f->changes.n; i++) {
    size_t n = 0;
    struct error e;
    if (change_apply(&n, a, root, &f->changes.v[i], shapes, &e) < 0) return false;
    done += n;
  }
  return done > 0;
}

static void add_faulty(struct regress *r, const struct regress_input *in, const struct message *m,
                       const struct fault *f, const struct shapes *shapes) {
  struct arena *a = arena_new(0);
  struct node *root = node_copy(a, m->resource);
  if (is_for(f, m) && holds(a, f->where, root) && change(a, root, f, shapes)) {
    struct buf b;
    buf_init(&b, FAULT_BYTES_MAX);
    resource_write(&b, root, m->form, shapes, 0);
    struct regress_input *made = regress_add(
        r, REGRESS_FAULT, arena_printf(a, "%.*s + %.*s", STR_F(in->name), STR_F(f->id)), (struct str){0}, buf_str(&b));
    if (made) regress_judge(r, made);
    buf_release(&b);
  }
  arena_free(a);
}

static bool is_right(const struct regress_input *in) {
  return in->kind <= REGRESS_FIXTURE && (in->before < SEV_ERROR || in->after < SEV_ERROR);
}

int regress_add_faults(struct regress *r, const struct source *srcs, size_t srcs_n, const struct shapes *shapes,
                       struct error *e) {
  struct faults x = {.arena = r->arena, .e = e};
  size_t used = 0, n = r->inputs.n;
  map_init(&x.names, x.arena);
  for (size_t i = 0; i < srcs_n; i++)
    if (read_faults(&x, srcs[i]) < 0) return -1;
  for (size_t i = 0; i < n && used < REGRESS_FAULTED_MAX; i++) {
    struct regress_input *in = r->inputs.v[i];
    struct arena *a = arena_new(0);
    struct message m;
    if (is_right(in)) message_read(&m, a, (struct source){in->name, in->bytes});
    if (is_right(in) && m.resource && message_is_medcom(&m)) {
      for (size_t k = 0; k < x.list.n; k++) add_faulty(r, in, &m, &x.list.v[k], shapes);
      used++;
    }
    arena_free(a);
  }
  return 0;
}
