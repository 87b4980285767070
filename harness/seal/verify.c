/* Takes a bundle apart and holds every part against what the others say of it. */
#include "formats/archive.h"
#include "seal/seal_int.h"

static const struct {
  const char *name;
  size_t max;
} kept[] = {{MANIFEST_NAME, SEAL_MANIFEST_MAX}, {EVENTS_NAME, SEAL_EVENTS_MAX}, {CHAIN_NAME, SEAL_MANIFEST_MAX},
            {RECORD_NAME, SEAL_EVENTS_MAX},     {REVIEW_NAME, SEAL_EVENTS_MAX}, {REVIEW_CHAIN_NAME, SEAL_MANIFEST_MAX}};
#define KEPT_ALWAYS 4 /* the first ones: each bundle has them */

void contents_init(struct contents *c, struct arena *a) {
  *c = (struct contents){.arena = a};
  map_init(&c->by_name, a);
}

/* Bytes over the limit of their file are not kept, and so are as good as unreadable. */
void contents_add(struct contents *c, struct str name, struct str bytes) {
  struct content *x = ARENA_NEW(c->arena, struct content);
  *x = (struct content){.name = arena_str(c->arena, name), .size = bytes.n};
  sha256_hex(x->digest, bytes);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    if (str_eqz(name, kept[i].name) && bytes.n <= kept[i].max) x->bytes = arena_str(c->arena, bytes);
  VEC_PUSH(c->arena, &c->files, x);
  map_set(&c->by_name, x->name, x);
}

static int on_member(void *context, struct str name, struct str bytes, struct error *e) {
  (void)e;
  contents_add(context, name, bytes);
  return 0;
}

/* "exchanges/CareCommunication_3.4_A_S.xml (m3)" */
static struct str file_words(struct arena *a, const struct seal_file *f) {
  return f->of.n ? arena_printf(a, "%.*s (%.*s)", STR_F(f->name), STR_F(f->of)) : f->name;
}

static void check_file(struct seal_bundle *b, const struct seal_file *f, struct content *x) {
  struct arena *a = b->arena;
  struct str what = file_words(a, f);
  if (!x) return fault_about(b, SEAL_INCOMPLETE, what, "missing", "mangler");
  x->listed = true;
  if (str_eqz(f->digest, x->digest)) return;
  /* Which event it is has been told already. */
  if (str_eqz(f->name, EVENTS_NAME) && b->state == SEAL_ALTERED) return;
  fault_about(b, SEAL_ALTERED, what,
              arena_printf(a, "altered: its SHA-256 is %s, it should be %.*s", x->digest, STR_F(f->digest)).p,
              arena_printf(a, "ændret: dens SHA-256 er %s, den skulle være %.*s", x->digest, STR_F(f->digest)).p);
}

static bool is_own(struct str name) {
  return str_eqz(name, MANIFEST_NAME);
}

/* A bundle has these whether its manifest names them or not: who takes the row away with the file hides nothing. */
static void check_kept(struct seal_bundle *b, const struct contents *c, const struct map *named) {
  for (size_t i = 0; i < (b->reviews ? sizeof kept / sizeof *kept : KEPT_ALWAYS); i++)
    if (!map_get(&c->by_name, str_z(kept[i].name)) && !map_get(named, str_z(kept[i].name)))
      fault_about(b, SEAL_INCOMPLETE, str_z(kept[i].name), "missing, and the manifest does not name it",
                  "mangler, og manifestet nævner den ikke");
}

static void check_files(struct seal_bundle *b, struct contents *c) {
  struct map named;
  map_init(&named, b->arena);
  for (size_t i = 0; i < b->files.n; i++) {
    map_set(&named, b->files.v[i].name, b);
    check_file(b, &b->files.v[i], map_get(&c->by_name, b->files.v[i].name));
  }
  check_kept(b, c, &named);
  for (size_t i = 0; i < c->files.n; i++)
    if (!c->files.v[i]->listed && !is_own(c->files.v[i]->name))
      fault_about(b, SEAL_ALTERED, c->files.v[i]->name, "it is not a file of the bundle: the manifest does not name it",
                  "den hører ikke til evidenspakken: manifestet nævner den ikke");
}

/* Every blob that the events name is listed, or the events say why it is withheld; never both. */
static void check_blobs(struct seal_bundle *b) {
  struct map listed;
  map_init(&listed, b->arena);
  for (size_t i = 0; i < b->files.n; i++) map_set(&listed, b->files.v[i].digest, b);
  for (size_t i = 0; i < b->chain.blobs.n; i++) {
    const struct seal_blob *x = b->chain.blobs.v[i];
    bool there = map_get(&listed, x->digest) != NULL;
    const char *why = seal_blob_withheld(x);
    struct str what =
        arena_printf(b->arena, "%.*s (event %jd, blob %.*s)", STR_F(x->what), (intmax_t)x->seq, STR_F(x->digest));
    if (!there && !why)
      fault_about(b, SEAL_INCOMPLETE, what, "missing, and no event says that it was redacted",
                  "mangler, og ingen hændelse siger, at den er fjernet");
    if (there && x->redacted)
      fault_about(b, SEAL_ALTERED, what, "the events say that it was redacted, and it is here",
                  "hændelserne siger, at den er fjernet, og den er her");
  }
}

static void differs(struct seal_bundle *b, struct str what, struct str is, struct str should) {
  struct arena *a = b->arena;
  fault_about(b, SEAL_ALTERED, what,
              arena_printf(a, "altered: it is \"%.*s\", the events say \"%.*s\"", STR_F(is), STR_F(should)).p,
              arena_printf(a, "ændret: det er \"%.*s\", hændelserne siger \"%.*s\"", STR_F(is), STR_F(should)).p);
}

/* What the manifest says of the run, against the first event. */
static void check_head(struct seal_bundle *b) {
  const struct event *first = b->chain.first;
  if (!first) return;
  const struct {
    const char *what, *datum;
    struct str is;
  } rows[] = {{MANIFEST_NAME ": run", "run", b->run},
              {MANIFEST_NAME ": program", "program", b->program},
              {MANIFEST_NAME ": protocol", "protocol", b->protocol},
              {MANIFEST_NAME ": protocol-sha256", "protocol.blob", b->protocol_digest},
              {MANIFEST_NAME ": vendor-sha256", "vendor.blob", b->vendor_digest}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (!str_eq(rows[i].is, event_get(first, rows[i].datum)))
      differs(b, str_z(rows[i].what), rows[i].is, event_get(first, rows[i].datum));
}

/* A step that the events gave a verdict has just that one in the record; any other has not been played to an end, which
 * is told only where no event is missing. */
static void check_step(struct seal_bundle *b, const struct record_step *s, const struct map *told, struct map *seen) {
  const struct event *ev = map_get(&b->chain.verdicts, s->id);
  map_set(seen, s->id, b);
  struct str is = str_z(verdict_name(s->verdict));
  if (ev && !str_eq(event_get(ev, "verdict"), is))
    differs(b, arena_printf(b->arena, RECORD_NAME ": verdict of step %.*s", STR_F(s->id)), is,
            event_get(ev, "verdict"));
  bool whole = (int64_t)b->lines.n == b->events;
  if (whole && !map_get(told, s->id) && verdict_executed(s->verdict))
    differs(b, arena_printf(b->arena, RECORD_NAME ": verdict of step %.*s", STR_F(s->id)), is, (struct str){0});
}

static void check_record(struct seal_bundle *b, const struct content *x) {
  struct record *r;
  struct error cause;
  struct map told, seen; /* the steps that the events speak of, those of the record */
  if (!x) return;        /* told already */
  if (record_read(&r, b->arena, x->bytes, STR(RECORD_NAME), &cause) != 0)
    return fault_about(b, SEAL_ALTERED, STR(RECORD_NAME), cause.text, cause.text);
  b->record = r;
  if (!str_eq(r->run, b->run)) differs(b, STR(RECORD_NAME ": run"), r->run, b->run);
  map_init(&told, b->arena);
  map_init(&seen, b->arena);
  for (size_t i = 0; i < b->chain.verdicts.n; i++) map_set(&told, b->chain.verdicts.entries[i].key, b);
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t k = 0; k < r->cases.v[i].steps.n; k++) check_step(b, &r->cases.v[i].steps.v[k], &told, &seen);
  for (size_t i = 0; i < b->chain.verdicts.n; i++)
    if (b->chain.verdicts.entries[i].value && !map_get(&seen, b->chain.verdicts.entries[i].key))
      differs(b, arena_printf(b->arena, RECORD_NAME ": step %.*s", STR_F(b->chain.verdicts.entries[i].key)),
              (struct str){0}, event_get(b->chain.verdicts.entries[i].value, "verdict"));
}

static struct str bytes_of(const struct contents *c, const char *name) {
  const struct content *x = map_get(&c->by_name, str_z(name));
  return x ? x->bytes : (struct str){0};
}

static struct seal_bundle *bundle_new(struct arena *a) {
  struct seal_bundle *b = ARENA_NEW(a, struct seal_bundle);
  b->arena = a;
  seal_chain_init(&b->chain, a);
  return b;
}

/* What an event of the review is about has to be in the log. */
static void check_reviewed(struct seal_bundle *b, const struct event *ev) {
  int64_t on = -1;
  if (str_int(event_get(ev, "on"), &on) && on >= 0 && on <= b->events) return;
  fault_about(b, SEAL_ALTERED, arena_printf(b->arena, REVIEW_NAME ": event %jd", (intmax_t)ev->seq),
              "it is about events that the run does not have", "den handler om hændelser, som testforløbet ikke har");
}

/* MedCom's review is a chain like the log; what is wrong with it is told as of the review. */
static void check_review(struct seal_bundle *b, const struct contents *c) {
  struct seal_bundle *r = bundle_new(b->arena);
  struct lines_check lines = {.events = bytes_of(c, REVIEW_NAME),
                              .hashes = bytes_of(c, REVIEW_CHAIN_NAME),
                              .expected = b->reviews,
                              .head = b->review_head};
  if (!b->reviews && map_get(&c->by_name, STR(REVIEW_NAME)))
    fault_about(b, SEAL_ALTERED, STR(REVIEW_NAME), "the manifest says nothing of a review",
                "manifestet siger intet om en revision");
  if (!b->reviews || !lines.events.n) return;
  lines_judge(r, &lines);
  for (size_t i = 0; i < r->faults.n; i++) {
    const struct text *t = &r->faults.v[i].text;
    fault_add(b, r->faults.v[i].state,
              (struct text){arena_printf(b->arena, "MedCom's review: %.*s", STR_F(t->en)),
                            arena_printf(b->arena, "MedComs revision: %.*s", STR_F(t->da))});
  }
  for (size_t i = 0; i < r->lines.n; i++) {
    struct event *ev = NULL;
    struct error e;
    VEC_PUSH(b->arena, &b->review, r->lines.v[i]);
    if (event_read(&ev, b->arena, r->lines.v[i], &e) == 0) check_reviewed(b, ev);
  }
}

int contents_judge(struct seal_bundle **out, struct contents *c, struct str name, struct error *e) {
  struct seal_bundle *b = bundle_new(c->arena);
  if (!map_get(&c->by_name, STR(MANIFEST_NAME)))
    return error_set(e, ERR_SYNTAX, "%.*s is not a bundle: it has no %s", STR_F(name), MANIFEST_NAME);
  if (manifest_read(b, bytes_of(c, MANIFEST_NAME), name, e) != 0) return -1;
  struct lines_check lines = {
      .events = bytes_of(c, EVENTS_NAME), .hashes = bytes_of(c, CHAIN_NAME), .expected = b->events, .head = b->head};
  if (map_get(&c->by_name, STR(EVENTS_NAME))) lines_judge(b, &lines);
  check_review(b, c);
  check_files(b, c);
  check_blobs(b);
  check_head(b);
  check_record(b, map_get(&c->by_name, STR(RECORD_NAME)));
  *out = b;
  return 0;
}

int seal_verify(struct seal_bundle **out, struct arena *a, struct source src, struct error *e) {
  struct contents c;
  contents_init(&c, a);
  struct archive_visitor v = {
      .limits = {SEAL_FILE_MAX, SEAL_TOTAL_MAX, SEAL_FILES_MAX}, .context = &c, .member = on_member};
  if (archive_each(src, &v, e) != 0) return -1;
  return contents_judge(out, &c, src.name, e);
}

/* --- a run in a store --- */

/* A received run may have redacted what this store's own runs have. */
static bool is_shared(struct store *s, struct arena *scratch, struct str digest) {
  struct str *runs;
  struct error e;
  size_t n;
  return store_runs_with(s, scratch, digest, &runs, &n, &e) == 0 && n > 1;
}

static void check_stored(struct seal_bundle *b, struct store *s, const struct seal_blob *x) {
  struct arena *scratch = arena_new(0);
  struct str bytes;
  struct error cause;
  char digest[SHA256_HEX + 1];
  struct str what =
      arena_printf(b->arena, "%.*s (event %jd, blob %.*s)", STR_F(x->what), (intmax_t)x->seq, STR_F(x->digest));
  bool there = store_blob_get(s, x->digest, scratch, &bytes, &cause) == 0;
  if (there) sha256_hex(digest, bytes);
  if (there && !str_eqz(x->digest, digest))
    fault_about(b, SEAL_ALTERED, what, "altered in the store", "ændret i lageret");
  if (!there && !x->redacted)
    fault_about(b, SEAL_INCOMPLETE, what, "missing, and no event says that it was redacted",
                "mangler, og ingen hændelse siger, at den er fjernet");
  if (there && x->redacted && !is_shared(s, scratch, x->digest))
    fault_about(b, SEAL_ALTERED, what, "the events say that it was redacted, and it is here",
                "hændelserne siger, at den er fjernet, og den er her");
  arena_free(scratch);
}

int seal_verify_run(struct seal_bundle **out, struct arena *a, struct store *s, struct str run, struct error *e) {
  struct seal_bundle *b = bundle_new(a);
  struct store_line *lines;
  size_t n;
  struct buf events, hashes;
  if (store_lines(s, run, a, &lines, &n, e) != 0) return -1;
  buf_init(&events, SEAL_EVENTS_MAX);
  buf_init(&hashes, SEAL_MANIFEST_MAX);
  for (size_t i = 0; i < n; i++) {
    buf_add(&events, lines[i].line);
    buf_byte(&events, '\n');
    buf_add(&hashes, lines[i].hash);
    buf_byte(&hashes, '\n');
  }
  b->run = run;
  b->events = (int64_t)n;
  b->head = n ? lines[n - 1].hash : (struct str){0};
  bool full = events.full || hashes.full;
  struct lines_check check = {buf_take(&events, a), buf_take(&hashes, a), b->events, b->head};
  if (full) return error_set(e, ERR_LIMIT, "the events of the run are over %zu MB", SEAL_EVENTS_MAX >> 20);
  lines_judge(b, &check);
  for (size_t i = 0; i < b->chain.blobs.n; i++) check_stored(b, s, b->chain.blobs.v[i]);
  *out = b;
  return 0;
}
