/* Makes a bundle: the lines of the events, the record, and each blob under a name that people know. */
#include "formats/archive.h"
#include "seal/seal_int.h"

struct making {
  const struct seal_order *order;
  struct arena *arena;
  struct seal_chain chain;
  struct namer namer;
  VEC(struct archive_file) contents;
  VEC(struct seal_file) files;
  VEC(struct withheld) withheld;
  struct map taken; /* digests that have a file or are noted as withheld */
  int64_t events, reviews;
  struct str head, review_head;
  struct error *e;
};

static void add(struct making *m, struct seal_file f, struct str bytes) {
  char digest[SHA256_HEX + 1];
  if (!f.digest.n) {
    sha256_hex(digest, bytes);
    f.digest = arena_str(m->arena, str_z(digest));
  }
  f.size = bytes.n;
  VEC_PUSH(m->arena, &m->files, f);
  VEC_PUSH(m->arena, &m->contents, ((struct archive_file){f.name, bytes}));
  map_set(&m->taken, f.digest, m);
}

/* One chain of the store: its lines and its hashes, each in a file. */
struct chain_files {
  struct str run;
  const char *events, *hashes, *kind, *hashes_kind;
};

static int add_chain(struct making *m, const struct chain_files *x, int64_t *count, struct str *head) {
  struct store_line *lines;
  size_t n;
  struct buf events, hashes;
  *count = 0;
  if (store_lines(m->order->store, x->run, m->arena, &lines, &n, m->e) != 0) return -1;
  if (!n) return 0;
  buf_init(&events, SEAL_EVENTS_MAX);
  buf_init(&hashes, SEAL_MANIFEST_MAX);
  for (size_t i = 0; i < n; i++) {
    buf_add(&events, lines[i].line);
    buf_byte(&events, '\n');
    buf_add(&hashes, lines[i].hash);
    buf_byte(&hashes, '\n');
    *head = lines[i].hash;
  }
  bool full = events.full || hashes.full;
  *count = (int64_t)n;
  add(m, (struct seal_file){.name = str_z(x->events), .kind = str_z(x->kind)}, buf_take(&events, m->arena));
  add(m, (struct seal_file){.name = str_z(x->hashes), .kind = str_z(x->hashes_kind)}, buf_take(&hashes, m->arena));
  return full ? error_set(m->e, ERR_LIMIT, "the events of the run are over %zu MB", SEAL_EVENTS_MAX >> 20) : 0;
}

static int add_lines(struct making *m) {
  const struct seal_order *o = m->order;
  struct chain_files log = {o->run, EVENTS_NAME, CHAIN_NAME, "events", "chain"};
  struct chain_files review = {arena_printf(m->arena, STORE_REVIEW "%.*s", STR_F(o->run)), REVIEW_NAME,
                               REVIEW_CHAIN_NAME, "review", "review-chain"};
  if (add_chain(m, &log, &m->events, &m->head) != 0) return -1;
  return o->review ? add_chain(m, &review, &m->reviews, &m->review_head) : 0;
}

static int add_record(struct making *m) {
  struct buf b;
  buf_init(&b, SEAL_EVENTS_MAX);
  record_write(&b, m->order->record);
  bool full = b.full;
  add(m, (struct seal_file){.name = STR(RECORD_NAME), .kind = STR("record")}, buf_take(&b, m->arena));
  return full ? error_set(m->e, ERR_LIMIT, "the record of the run is over %zu MB", SEAL_EVENTS_MAX >> 20) : 0;
}

/* Replays as well: a damaged chain is not sealed. */
static int on_event(void *payload, struct event *ev, struct error *e) {
  struct making *m = payload;
  (void)e;
  seal_chain_add(&m->chain, ev);
  return 0;
}

/* 1: noted as withheld, 0: it is to be there. */
static bool is_withheld(struct making *m, struct str digest) {
  const struct seal_blob *b = seal_chain_blob(&m->chain, digest);
  const char *why = b ? seal_blob_withheld(b) : NULL;
  if (!why) return false;
  if (map_set(&m->taken, digest, m)) VEC_PUSH(m->arena, &m->withheld, ((struct withheld){digest, b->what, why}));
  return true;
}

static int get_blob(struct making *m, struct str digest, struct str *bytes) {
  struct error cause;
  if (store_blob_get(m->order->store, digest, m->arena, bytes, &cause) == 0) return 0;
  return error_set(m->e, cause.code, "no bundle can be made of run %.*s: %s", STR_F(m->order->run), cause.text);
}

static int add_exchange(struct making *m, const struct record_exchange *x) {
  struct str bytes;
  if (is_withheld(m, x->digest)) return 0;
  if (get_blob(m, x->digest, &bytes) != 0) return -1;
  struct str name = namer_next(&m->namer, "exchanges", x->step, extension_by_bytes(bytes));
  add(m, (struct seal_file){.name = name, .digest = x->digest, .kind = STR("exchange"), .of = x->id, .file = x->file},
      bytes);
  return 0;
}

static int add_evidence(struct making *m, const struct record_step *s) {
  for (size_t i = 0; i < s->evidence.n; i++) {
    const struct record_evidence *v = &s->evidence.v[i];
    struct str bytes;
    if (is_withheld(m, v->digest)) continue;
    if (get_blob(m, v->digest, &bytes) != 0) return -1;
    struct str name = namer_next(&m->namer, "evidence", s->id, extension_by_name(m->arena, v->name));
    add(m, (struct seal_file){.name = name, .digest = v->digest, .kind = STR("evidence"), .of = s->id, .file = v->name},
        bytes);
  }
  return 0;
}

/* Protocol and vendor file keep their names, all others are called by their digest. */
static struct seal_file name_of(struct making *m, const struct seal_blob *b) {
  static const struct {
    const char *what, *datum, *kind;
  } own[] = {{"protocol", "protocol.file", "protocol"}, {"vendor file", "vendor.file", "vendor"}};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    if (!str_eqz(b->what, own[i].what)) continue;
    struct str file = event_get(m->chain.first, own[i].datum);
    size_t slash = file.n;
    while (slash > 0 && file.p[slash - 1] != '/') slash--;
    file = str_sub(file, slash, file.n);
    struct str name = arena_printf(m->arena, "%s/%.*s", own[i].kind, STR_F(plain_name(m->arena, file)));
    return (struct seal_file){.name = name, .digest = b->digest, .kind = str_z(own[i].kind), .file = file};
  }
  return (struct seal_file){.name = arena_printf(m->arena, "blobs/%.*s", STR_F(b->digest)),
                            .digest = b->digest,
                            .kind = STR("blob"),
                            .of = b->what};
}

static int add_rest(struct making *m) {
  for (size_t i = 0; i < m->chain.blobs.n; i++) {
    const struct seal_blob *b = m->chain.blobs.v[i];
    struct str bytes;
    if (is_withheld(m, b->digest) || map_get(&m->taken, b->digest)) continue;
    if (get_blob(m, b->digest, &bytes) != 0) return -1;
    add(m, name_of(m, b), bytes);
  }
  return 0;
}

static int add_all(struct making *m) {
  const struct record *r = m->order->record;
  if (store_replay(m->order->store, m->order->run, m->arena, on_event, m, m->e) != 0) return -1;
  if (add_lines(m) != 0 || add_record(m) != 0) return -1;
  for (size_t i = 0; i < r->exchanges.n; i++)
    if (add_exchange(m, &r->exchanges.v[i]) != 0) return -1;
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t k = 0; k < r->cases.v[i].steps.n; k++)
      if (add_evidence(m, &r->cases.v[i].steps.v[k]) != 0) return -1;
  if (add_rest(m) != 0) return -1;
  if (m->files.n <= SEAL_FILES_MAX) return 0;
  return error_set(m->e, ERR_LIMIT, "the bundle would have over %zu files", SEAL_FILES_MAX);
}

/* The manifest stands first: who reads the archive as a stream knows what to await. */
static int pack(struct buf *out, struct making *m) {
  struct buf text;
  struct manifest manifest = {.order = m->order,
                              .files = m->files.v,
                              .n = m->files.n,
                              .withheld = m->withheld.v,
                              .withheld_n = m->withheld.n,
                              .events = m->events,
                              .reviews = m->reviews,
                              .head = m->head,
                              .review_head = m->review_head};
  buf_init(&text, SEAL_MANIFEST_MAX);
  manifest_write(&text, &manifest);
  if (text.full) {
    buf_release(&text);
    return error_set(m->e, ERR_LIMIT, "the manifest of the bundle would be over %zu MB", SEAL_MANIFEST_MAX >> 20);
  }
  struct archive_file *all = ARENA_ARRAY(m->arena, struct archive_file, m->contents.n + 1);
  all[0] = (struct archive_file){STR(MANIFEST_NAME), buf_take(&text, m->arena)};
  for (size_t i = 0; i < m->contents.n; i++) all[i + 1] = m->contents.v[i];
  return archive_pack(out, all, m->contents.n + 1, m->e);
}

int seal_make(struct buf *out, const struct seal_order *o, struct error *e) {
  struct arena *a = arena_new(0);
  struct making m = {.order = o, .arena = a, .e = e};
  seal_chain_init(&m.chain, a);
  namer_init(&m.namer, a, o->record);
  map_init(&m.taken, a);
  int rc = add_all(&m);
  if (rc == 0) rc = pack(out, &m);
  arena_free(a);
  return rc;
}
