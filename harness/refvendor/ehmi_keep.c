/* What the MSH knows, kept in files: sent envelopes that may still be receipted, received ones that may come again. */
#include "base/file.h"
#include "formats/json.h"
#include "refvendor/ehmi_msh.h"

#define KEPT_MAX ((size_t)256 << 20)

static const char *const progress_names[RV_PROGRESS_N] = {
    [RV_WAITS] = "waits", [RV_DELIVERED] = "delivered", [RV_REFUSED_IT] = "refused", [RV_UNANSWERED] = "unanswered"};

const char *rv_progress_name(enum rv_progress p) {
  return progress_names[p];
}

static const char *path_of(const struct refvendor *v, struct arena *a, const char *kind, size_t number) {
  return file_join(a, v->o->keep, arena_printf(a, "%s-%zu.json", kind, number).p);
}

static void write_file(struct refvendor *v, const char *kind, size_t number, struct buf *text) {
  struct arena *a = arena_new(0);
  struct error e;
  if (file_write(path_of(v, a, kind, number), buf_str(text), &e) < 0) rv_log(v, "%s", e.text);
  buf_release(text);
  arena_free(a);
}

static struct json_writer begin(struct buf *text) {
  struct json_writer w;
  buf_init(text, KEPT_MAX);
  json_writer_init(&w, text, 0);
  json_begin_object(&w, NULL);
  return w;
}

static void put_envelope(struct json_writer *w, const struct envelope *env) {
  struct arena *a = arena_new(0);
  json_put_str(w, "envelope", rv_sbdh_write(a, env));
  arena_free(a);
}

void rv_keep_transaction(struct rv_transaction *t) {
  struct refvendor *v = t->v;
  struct buf text;
  if (!v->o->keep) return;
  if (!t->kept) t->kept = ++v->ehmi.kept_sent;
  struct json_writer w = begin(&text);
  put_envelope(&w, &t->envelope);
  json_put_str(&w, "header", t->header_id);
  json_put_int(&w, "happening", t->happening);
  json_put_int(&w, "progress", t->progress);
  json_put_int(&w, "resends", (int64_t)t->resends);
  json_put_bool(&w, "copied", t->copied);
  json_begin_array(&w, "ids");
  for (size_t i = 0; i < t->ids.n; i++) json_put_str(&w, NULL, t->ids.v[i]);
  json_end(&w);
  json_end(&w);
  write_file(v, "sent", t->kept, &text);
}

void rv_keep_said(struct refvendor *v, struct rv_said *said) {
  struct buf text;
  if (!v->o->keep) return;
  if (!said->kept) said->kept = ++v->ehmi.kept_said;
  struct json_writer w = begin(&text);
  put_envelope(&w, &said->original);
  json_put_str(&w, "receipt", said->message_id);
  json_put_str(&w, "exception", said->refusal.exception);
  json_put_str(&w, "reason", said->refusal.reason);
  json_put_bool(&w, "handed", said->handed);
  json_end(&w);
  write_file(v, "said", said->kept, &text);
}

/* ---- again ---- */

/* NULL: there is none of that number. */
static const struct node *read_file(const struct refvendor *v, struct arena *a, const char *kind, size_t number) {
  const char *path = path_of(v, a, kind, number);
  struct findings f;
  struct node *json;
  struct str bytes;
  struct error e;
  findings_init(&f, a);
  if (!file_exists(path) || file_read(&bytes, a, path, KEPT_MAX, &e) < 0) return NULL;
  return json_read(&json, a, (struct source){STR("kept"), bytes}, &f) < 0 ? NULL : json;
}

static bool read_envelope(struct envelope *env, const struct refvendor *v, struct arena *a, const struct node *json) {
  struct findings f;
  findings_init(&f, a);
  struct source src = {STR("kept"), node_text_at(json, "envelope")};
  if (sbdh_kind.read(env, a, src, &f) < 0) return false;
  sbdh_kind.check(env, src.name, v->profile, &f);
  return true;
}

/* 0 for what is none, or more than the largest. */
static size_t number_at(const struct node *json, const char *name, size_t most) {
  int64_t n = 0;
  bool right = str_int(node_text_at(json, name), &n) && n >= 0 && (uint64_t)n <= most;
  return right ? (size_t)n : 0;
}

static bool is_true(const struct node *json, const char *name) {
  return str_eqz(node_text_at(json, name), "true");
}

/* What EDS is told of it stands in the content. */
static void read_delivery(struct rv_transaction *t) {
  struct findings f;
  struct node *root;
  enum resource_form form;
  struct source src = {STR("kept"), t->envelope.payload};
  findings_init(&f, t->arena);
  if (resource_read(&root, &form, t->arena, src, &f) == 0) rv_delivery_read(&t->delivery, t->v, root, &t->envelope);
}

static void read_transaction(struct refvendor *v, struct arena *a, const struct node *json, size_t number) {
  struct envelope env;
  if (!read_envelope(&env, v, a, json)) return;
  struct rv_transaction *t = rv_transaction_begin(v);
  t->envelope = env;
  t->header_id = node_text_at(json, "header");
  t->happening = (enum rv_happening)number_at(json, "happening", RV_NOT_TAKEN);
  t->progress = (enum rv_progress)number_at(json, "progress", RV_PROGRESS_N - 1);
  t->resends = number_at(json, "resends", SIZE_MAX);
  t->copied = is_true(json, "copied");
  t->kept = number;
  for (NODE_EACH(id, node_child(json, "ids"))) VEC_PUSH(t->arena, &t->ids, id->text);
  read_delivery(t);
  if (t->progress == RV_WAITS) rv_transaction_await(t);
}

static void read_said(struct refvendor *v, struct arena *a, const struct node *json, size_t number) {
  struct rv_said *said = ARENA_NEW(v->arena, struct rv_said);
  *said = (struct rv_said){.message_id = node_text_at(json, "receipt"),
                           .refusal = {node_text_at(json, "exception"), node_text_at(json, "reason")},
                           .handed = is_true(json, "handed"),
                           .kept = number};
  if (!read_envelope(&said->original, v, a, json)) return;
  const struct envelope *env = &said->original;
  map_set(&v->ehmi.said, env->meta.id, said);
  (void)dedup_see(&v->ehmi.seen, v->arena, env->id, env->meta.id);
  if (!said->handed) rv_hand_over(v, a, &said->original);
}

static size_t read_all(struct refvendor *v, const char *kind,
                       void (*each)(struct refvendor *v, struct arena *a, const struct node *json, size_t number)) {
  const struct node *json;
  size_t n = 0;
  while ((json = read_file(v, v->arena, kind, n + 1))) each(v, v->arena, json, ++n);
  return n;
}

void rv_keep_open(struct refvendor *v) {
  if (!v->o->keep || rv_has(v, DEFECT_SBDH_FORGETS_ON_RESTART)) return;
  v->ehmi.kept_sent = read_all(v, "sent", read_transaction);
  v->ehmi.kept_said = read_all(v, "said", read_said);
}
