/* manifest.json: what the bundle is of, and every file of it with its digest. */
#include "formats/json.h"
#include "seal/seal_int.h"

static void put_text(struct json_writer *w, const char *key, struct str value) {
  if (value.n) json_put_str(w, key, value);
}

static void put_file(struct json_writer *w, const struct seal_file *f) {
  json_begin_object(w, NULL);
  json_put_str(w, "name", f->name);
  json_put_int(w, "size", (int64_t)f->size);
  json_put_str(w, "sha256", f->digest);
  json_put_str(w, "kind", f->kind);
  put_text(w, "of", f->of);
  put_text(w, "file", f->file);
  json_end(w);
}

static void put_withheld(struct json_writer *w, const struct withheld *x) {
  json_begin_object(w, NULL);
  json_put_str(w, "sha256", x->digest);
  json_put_str(w, "of", x->what);
  json_put_z(w, "why", x->why);
  json_end(w);
}

static void put_packages(struct json_writer *w, const struct seal_order *o) {
  json_begin_array(w, "packages");
  for (size_t i = 0; i < o->record->packages.n; i++) {
    struct str name = o->record->packages.v[i];
    json_begin_object(w, NULL);
    json_put_str(w, "name", name);
    for (size_t k = 0; o->packages && k < o->packages->list.n; k++)
      if (str_eq(o->packages->list.v[k].name, name)) put_text(w, "sha256", o->packages->list.v[k].value);
    json_end(w);
  }
  json_end(w);
}

static void put_head(struct json_writer *w, const struct manifest *m) {
  const struct record *r = m->order->record;
  json_put_int(w, "bundle", SEAL_VERSION);
  json_put_str(w, "run", m->order->run);
  put_text(w, "program", r->program);
  json_put_z(w, "made-by", m->order->program);
  put_text(w, "protocol", r->protocol);
  put_text(w, "protocol-version", r->protocol_version);
  put_text(w, "protocol-sha256", r->protocol_digest);
  put_text(w, "system", r->system);
  put_text(w, "system-version", r->system_version);
  put_text(w, "vendor-sha256", r->vendor_digest);
  json_begin_array(w, "standards");
  for (size_t i = 0; i < r->standards.n; i++) json_put_str(w, NULL, r->standards.v[i].digest);
  json_end(w);
  put_packages(w, m->order);
  json_put_int(w, "events", m->events);
  json_put_str(w, "chain", m->head);
  if (!m->reviews) return;
  json_put_int(w, "review-events", m->reviews);
  json_put_str(w, "review-chain", m->review_head);
}

void manifest_write(struct buf *out, const struct manifest *m) {
  struct json_writer w;
  json_writer_init(&w, out, 2);
  json_begin_object(&w, NULL);
  put_head(&w, m);
  json_begin_array(&w, "files");
  for (size_t i = 0; i < m->n; i++) put_file(&w, &m->files[i]);
  json_end(&w);
  json_begin_array(&w, "withheld");
  for (size_t i = 0; i < m->withheld_n; i++) put_withheld(&w, &m->withheld[i]);
  json_end(&w);
  json_end(&w);
}

static int64_t number(const struct node *n, const char *key) {
  int64_t value = -1;
  const struct node *c = node_child(n, key);
  return c && c->kind == NODE_NUMBER && str_int(c->text, &value) ? value : -1;
}

static struct str text(struct seal_bundle *b, const struct node *n, const char *key) {
  const struct node *c = node_child(n, key);
  return c && c->kind == NODE_STRING ? arena_str(b->arena, c->text) : (struct str){0};
}

static int bad(const struct node *n, struct str name, const char *why, struct error *e) {
  return error_at(e, ERR_SYNTAX, name, n->line, n->col, "the manifest of the bundle cannot be understood: %s", why);
}

static int read_file(struct seal_bundle *b, const struct node *n, struct str name, struct error *e) {
  int64_t size = number(n, "size");
  struct seal_file f = {.name = text(b, n, "name"),
                        .digest = text(b, n, "sha256"),
                        .kind = text(b, n, "kind"),
                        .of = text(b, n, "of"),
                        .file = text(b, n, "file")};
  if (!f.name.n || !sha256_is_hex(f.digest) || size < 0) return bad(n, name, "a file needs name, size and sha256", e);
  f.size = (size_t)size;
  VEC_PUSH(b->arena, &b->files, f);
  return 0;
}

static void read_head(struct seal_bundle *b, const struct node *root) {
  const struct {
    const char *key;
    struct str *to;
  } texts[] = {{"run", &b->run},
               {"program", &b->program},
               {"made-by", &b->made_by},
               {"protocol", &b->protocol},
               {"protocol-version", &b->protocol_version},
               {"protocol-sha256", &b->protocol_digest},
               {"system", &b->system},
               {"system-version", &b->system_version},
               {"vendor-sha256", &b->vendor_digest},
               {"chain", &b->head},
               {"review-chain", &b->review_head}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i].to = text(b, root, texts[i].key);
  b->events = number(root, "events");
  b->reviews = node_child(root, "review-events") ? number(root, "review-events") : 0;
  for (NODE_EACH(c, node_child(root, "standards"))) VEC_PUSH(b->arena, &b->standards, arena_str(b->arena, c->text));
  facts_init(&b->packages, b->arena);
  for (NODE_EACH(p, node_child(root, "packages"))) facts_put(&b->packages, text(b, p, "name"), text(b, p, "sha256"));
}

/* It becomes a folder's name, and the key of everything. */
static bool is_run_id(struct str s) {
  if (!s.n || s.n > SEAL_RUN_ID_MAX) return false;
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-') return false;
  return true;
}

static int read_root(struct seal_bundle *b, const struct node *root, struct str name, struct error *e) {
  int64_t version = root->kind == NODE_OBJECT ? number(root, "bundle") : -1;
  if (version < 1) return bad(root, name, "\"bundle\" is no version", e);
  if (version > SEAL_VERSION)
    return error_at(e, ERR_UNSUPPORTED, name, root->line, root->col,
                    "the bundle has version %jd, this program reads up to %d; use the newer testcamp that made it",
                    (intmax_t)version, SEAL_VERSION);
  read_head(b, root);
  if (!is_run_id(b->run)) return bad(root, name, "\"run\" is no id of a run", e);
  if (b->events < 1 || b->events > SEAL_EVENTS_N_MAX || !sha256_is_hex(b->head))
    return bad(root, name, "\"events\" or \"chain\" is missing", e);
  if (b->reviews < 0 || b->reviews > SEAL_EVENTS_N_MAX || (b->reviews && !sha256_is_hex(b->review_head)))
    return bad(root, name, "\"review-events\" or \"review-chain\" is none", e);
  for (NODE_EACH(f, node_child(root, "files")))
    if (read_file(b, f, name, e) != 0) return -1;
  return b->files.n <= SEAL_FILES_MAX ? 0 : error_at(e, ERR_LIMIT, name, 0, 0, "over %zu files", SEAL_FILES_MAX);
}

int manifest_read(struct seal_bundle *b, struct str json, struct str name, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct findings f;
  struct node *root = NULL;
  findings_init(&f, scratch);
  int rc = json_read(&root, scratch, (struct source){name, json}, &f);
  if (rc == 0 && findings_error(&f, e) != 0)
    rc = -1;
  else if (rc == 0)
    rc = read_root(b, root, name, e);
  else if (findings_error(&f, e) == 0)
    rc = error_at(e, ERR_SYNTAX, name, 0, 0, "the manifest of the bundle is not JSON");
  arena_free(scratch);
  return rc;
}
