#include "tests/seal/rig.h"

#include "base/file.h"
#include "formats/archive.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct str put(struct rig *r, struct str bytes) {
  struct error e;
  char digest[SHA256_HEX + 1];
  cr_assert_eq(store_blob_put(r->store, bytes, digest, &e), 0, "%s", e.text);
  return arena_str(r->arena, str_z(digest));
}

static void append(struct rig *r, struct event *ev) {
  struct error e;
  cr_assert_eq(store_append(r->store, STR("r1"), ev, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(r->store, &e), 0, "%s", e.text);
}

static struct event *event_of(struct rig *r, const char *kind, const char *step, va_list ap) {
  struct event *ev = event_new(r->arena, kind, 1000, (struct str){0}, str_z(step));
  for (const char *name; (name = va_arg(ap, const char *));) {
    struct str value = str_z(va_arg(ap, const char *));
    if (str_eqz(str_z(name), "blob"))
      ev->blob = value;
    else
      facts_put(&ev->data, str_z(name), value);
  }
  return ev;
}

static void event_at(struct rig *r, const char *kind, const char *step, ...) {
  va_list ap;
  va_start(ap, step);
  append(r, event_of(r, kind, step, ap));
  va_end(ap);
}

void rig_event(struct rig *r, const char *kind, ...) {
  va_list ap;
  va_start(ap, kind);
  append(r, event_of(r, kind, "", ap));
  va_end(ap);
}

static void fill_record(struct rig *r) {
  struct arena *a = r->arena;
  r->record = (struct record){.run = STR("r1"),
                              .program = STR("0.9"),
                              .protocol = STR("p"),
                              .protocol_digest = r->protocol,
                              .vendor_digest = r->vendor,
                              .standard = STR("CareCommunication"),
                              .role = STR("sender")};
  facts_init(&r->record.capabilities, a);
  struct record_case *c = VEC_ADD(a, &r->record.cases);
  struct record_step *s = VEC_ADD(a, &c->steps);
  s->id = STR("3.4");
  s->verdict = VERDICT_PASS;
  VEC_PUSH(a, &s->evidence, ((struct record_evidence){.name = STR("Skærm.PNG"), .digest = r->screen}));
  struct record_exchange *in = VEC_ADD(a, &r->record.exchanges);
  *in =
      (struct record_exchange){.id = STR("m1"), .step = STR("3.4"), .digest = r->message, .file = STR("own name.xml")};
  struct record_exchange *out = VEC_ADD(a, &r->record.exchanges);
  *out = (struct record_exchange){.id = STR("m2"), .outbound = true, .digest = put(r, STR("{}"))};
}

void rig_open(struct rig *r) {
  struct error e;
  *r = (struct rig){.arena = arena_new(0)};
  r->dir = file_join(r->arena, TEST_BIN, "seal-test-XXXXXX");
  cr_assert_not_null(mkdtemp(r->dir));
  cr_assert_eq(store_open(&r->store, file_join(r->arena, r->dir, "s.sqlite"), STORE_WRITE, &e), 0, "%s", e.text);
  r->message = put(r, STR("<in/>"));
  r->payload = put(r, STR("payload"));
  r->screen = put(r, STR("picture"));
  r->protocol = put(r, STR("protocol: p\n"));
  r->vendor = put(r, STR("vendor: v\n"));
  fill_record(r);
  rig_event(r, "run-started", "run", "r1", "protocol", "p", "program", "0.9", "protocol.file", "a.yaml", "vendor.file",
            "some/where/v.yaml", "protocol.blob", r->protocol.p, "vendor.blob", r->vendor.p, NULL);
  event_at(r, "received", "", "message", "m1", "file", "own name.xml", "blob", r->message.p, NULL);
  event_at(r, "send-intent", "", "message", "m2", "payload", r->payload.p, "blob", r->record.exchanges.v[1].digest.p,
           NULL);
  event_at(r, "answer", "3.4", "answer", "ok", "evidence.1", r->screen.p, "evidence.1.name", "Skærm.PNG", NULL);
  event_at(r, "verdict", "3.4", "verdict", "pass", NULL);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(path);
}

void rig_close(struct rig *r) {
  store_close(r->store);
  nftw(r->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(r->arena);
}

struct str rig_bundle(struct rig *r) {
  struct buf b;
  struct error e;
  struct seal_order o = {.store = r->store, .run = STR("r1"), .record = &r->record, .program = "1.0"};
  buf_init(&b, SEAL_BUNDLE_MAX);
  cr_assert_eq(seal_make(&b, &o, &e), 0, "%s", e.text);
  return buf_take(&b, r->arena);
}

static int on_member(void *context, struct str name, struct str bytes, struct error *e) {
  (void)e;
  contents_add(context, name, bytes);
  return 0;
}

void rig_contents(struct rig *r, struct contents *c) {
  struct error e;
  contents_init(c, r->arena);
  struct archive_visitor v = {
      .limits = {SEAL_FILE_MAX, SEAL_TOTAL_MAX, SEAL_FILES_MAX}, .context = c, .member = on_member};
  cr_assert_eq(archive_each((struct source){STR("b"), rig_bundle(r)}, &v, &e), 0, "%s", e.text);
}

struct content *rig_file(struct contents *c, const char *name) {
  struct content *x = map_get(&c->by_name, str_z(name));
  cr_assert_not_null(x, "%s", name);
  return x;
}

void rig_replace(struct rig *r, struct contents *c, const char *name, struct str bytes) {
  struct content *x = rig_file(c, name);
  x->size = bytes.n;
  sha256_hex(x->digest, bytes);
  if (x->bytes.p) x->bytes = arena_str(r->arena, bytes);
}

struct seal_bundle *rig_judge(struct rig *r, struct contents *c) {
  struct seal_bundle *b;
  struct error e;
  (void)r;
  cr_assert_eq(contents_judge(&b, c, STR("b"), &e), 0, "%s", e.text);
  return b;
}

bool rig_faults(const struct seal_bundle *b, enum seal_state state, const char *says) {
  for (size_t i = 0; i < b->faults.n; i++)
    if (b->faults.v[i].state == state && str_find(b->faults.v[i].text.en, str_z(says), 0) != SIZE_MAX) return true;
  for (size_t i = 0; i < b->faults.n; i++) fprintf(stderr, "fault: %.*s\n", STR_F(b->faults.v[i].text.en));
  return false;
}
