#include "run/answers.h"

#include "base/file.h"
#include "formats/yaml.h"

#define ANSWERS_BYTES_MAX ((size_t)4 << 20)

static const struct key file_keys[] = {{.name = "answers", .kind = KEY_MAP, .required = true},
                                       {.name = "by", .kind = KEY_TEXT},
                                       {.name = "test-persons-only", .kind = KEY_BOOL},
                                       {0}};

static const struct key answer_keys[] = {
    {.name = "answer", .kind = KEY_TEXT, .required = true, .one_of = "done|ok|fail|not-relevant"},
    {.name = "text", .kind = KEY_TEXT},
    {.name = "by", .kind = KEY_TEXT},
    {.name = "evidence", .kind = KEY_LIST},
    {0}};

struct evidence_walk {
  struct arena *arena;
  struct answer *to;
  const char *dir;
};

static void add_evidence(void *payload, const struct node *item) {
  struct evidence_walk *w = payload;
  const char *path = file_join(w->arena, w->dir, arena_z(w->arena, item->text));
  VEC_PUSH(w->arena, &w->to->evidence, str_z(path));
}

static void read_answer(struct answers *out, struct keys *k, const struct node *n, const char *dir) {
  struct answer *an = VEC_ADD(k->arena, &out->list);
  const struct node *root = n->parent->parent;
  *an = (struct answer){.step = n->name,
                        .by = keys_text(root, "by"),
                        .declared = keys_bool(root, "test-persons-only"),
                        .line = n->name_line,
                        .col = n->name_col};
  if (n->kind == NODE_STRING) {
    an->answer = STR("ok");
    an->text = n->text;
    return;
  }
  if (!keys_check(k, n, answer_keys)) return;
  an->answer = keys_text(n, "answer");
  an->text = keys_text(n, "text");
  if (keys_text(n, "by").n) an->by = keys_text(n, "by");
  struct evidence_walk w = {k->arena, an, dir};
  keys_each(n, "evidence", add_evidence, &w);
  if (an->evidence.n > ANSWERS_EVIDENCE_MAX)
    keys_complain(k, n, "more than %d files of evidence for one step", ANSWERS_EVIDENCE_MAX);
}

int answers_load(struct answers **out, struct arena *a, const char *path, struct error *e) {
  struct source src = {.name = arena_str(a, str_z(path))};
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  if (file_read(&src.bytes, a, path, ANSWERS_BYTES_MAX, e) < 0) return -1;
  struct keys k = {.arena = a, .file = src.name, .findings = &f};
  *out = ARENA_NEW(a, struct answers);
  (*out)->file = src.name;
  if (yaml_read(&root, a, src, &f) == 0 && keys_check(&k, root, file_keys)) {
    for (NODE_EACH(n, node_child(root, "answers"))) read_answer(*out, &k, n, file_dir(a, path));
  }
  return findings_error(&f, e);
}

int answers_check(const struct answers *an, const struct protocol *const *p, size_t n, struct error *e) {
  for (size_t i = 0; an && i < an->list.n; i++) {
    const struct answer *x = &an->list.v[i];
    bool known = false;
    for (size_t k = 0; k < n && !known; k++) known = protocol_step(p[k], x->step) != NULL;
    if (!known)
      return error_at(e, ERR_CONFIG, an->file, x->line, x->col,
                      "no step of the chosen protocols has the number \"%.*s\"", STR_F(x->step));
  }
  return 0;
}

int answers_declared(const struct answers *an, const struct vendor *v, struct error *e) {
  for (size_t i = 0; an && i < an->list.n && !v->test_persons_only; i++) {
    const struct answer *x = &an->list.v[i];
    if (x->evidence.n && !x->declared)
      return error_at(e, ERR_CONFIG, an->file, x->line, x->col,
                      "evidence is handed in only with the declaration that it shows test persons only: add "
                      "\"test-persons-only: true\" to this file or to the vendor file");
  }
  return 0;
}

const struct answer *answers_find(const struct answers *an, struct str step) {
  for (size_t i = 0; an && i < an->list.n; i++)
    if (str_eq(an->list.v[i].step, step)) return &an->list.v[i];
  return NULL;
}
