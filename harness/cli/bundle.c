#include "cli/bundle.h"

#include "cli/signature.h"

#include "base/file.h"
#include "seal/seal.h"

#define FACTS_FILE_MAX ((size_t)256 << 20)

/* The digests of the packages that the run was judged by: only when the standards at hand are still the same ones. */
static struct facts *package_digests(struct session *s, const struct record *r) {
  struct facts *out = ARENA_NEW(s->arena, struct facts);
  struct error e;
  facts_init(out, s->arena);
  size_t n = r->standards.n;
  if (!n || session_standards(s, &e) < 0 || !str_eqz(r->standards.v[n - 1].digest, s->options.standards.digest))
    return out;
  const char *dir = file_join(s->arena, s->options.data_dir, "fixtures/standards/packages");
  for (size_t i = 0; i < r->packages.n; i++) {
    struct arena *a = arena_new(0);
    struct str bytes;
    char digest[SHA256_HEX + 1];
    const char *path = file_join(a, dir, arena_printf(a, "%.*s.facts", STR_F(r->packages.v[i])).p);
    if (file_name_is_inside(r->packages.v[i]) && file_map(&bytes, a, path, FACTS_FILE_MAX, &e) == 0) {
      sha256_hex(digest, bytes);
      facts_put(out, r->packages.v[i], str_z(digest));
    }
    arena_free(a);
  }
  return out;
}

static int write_file(struct session *s, const char *path, const struct buf *b, struct error *e) {
  if (file_write(path, buf_str(b), e) < 0) return -1;
  fprintf(s->cli->out, "%s\n", path);
  return 0;
}

/* Nothing is written before all of it could be made. */
static int make_and_write(struct session *s, const struct seal_order *order, const struct bundle_order *o,
                          struct buf *bundle, struct buf *signature, struct error *e) {
  const char *path = o->output ? o->output : arena_printf(s->arena, "%.*s.tar.gz", STR_F(order->run)).p;
  if (seal_make(bundle, order, e) < 0) return -1;
  if (o->key && signature_make(s->cli, signature, buf_str(bundle), o->key, o->cert, e) < 0) return -1;
  if (write_file(s, path, bundle, e) < 0) return -1;
  return o->key ? write_file(s, arena_printf(s->arena, "%s" SIGNATURE_EXTENSION, path).p, signature, e) : 0;
}

int bundle_write(struct session *s, const struct record *r, const struct bundle_order *o, struct error *e) {
  struct seal_order order = {.store = s->store,
                             .run = r->run,
                             .record = r,
                             .program = s->cli->version,
                             .packages = package_digests(s, r),
                             .review = o->review};
  struct buf bundle, signature;
  buf_init(&bundle, SEAL_BUNDLE_MAX);
  buf_init(&signature, SEAL_BUNDLE_MAX);
  int rc = make_and_write(s, &order, o, &bundle, &signature, e);
  buf_release(&bundle);
  buf_release(&signature);
  return rc;
}

static const char *bundle_state(const struct cli *c, enum seal_state s) {
  static const char *const danish[] = {
      [SEAL_INTACT] = "intakt", [SEAL_INCOMPLETE] = "ufuldstændigt", [SEAL_ALTERED] = "ændret"};
  return c->danish ? danish[s] : seal_state_name(s);
}

/* Bundles come from strangers: nothing in them may move the cursor of a terminal, or more. */
static struct str safe(struct cli *c, struct str s) {
  char *z = arena_z(c->arena, s);
  for (size_t i = 0; i < s.n; i++) {
    unsigned char b = (unsigned char)z[i], before = i ? (unsigned char)z[i - 1] : 0;
    bool is_c1 = before == 0xC2 && b >= 0x80 && b < 0xA0;
    if (b < 0x20 || b == 0x7F || is_c1) z[i] = '?';
  }
  return (struct str){z, s.n};
}

static void say_faults(struct cli *c, const struct seal_bundle *b) {
  for (size_t i = 0; i < b->faults.n; i++) {
    const struct seal_fault *f = &b->faults.v[i];
    fprintf(c->out, "  %-10s  %.*s\n", bundle_state(c, f->state), STR_F(safe(c, c->danish ? f->text.da : f->text.en)));
  }
  if (b->dropped) fprintf(c->out, c->danish ? "  og %zu mere\n" : "  and %zu more\n", b->dropped);
}

static void say_redacted(struct cli *c, const struct seal_blob *x) {
  const struct event *t = x->redacted;
  fprintf(c->out,
          c->danish ? "  fjernet     %.*s: %.*s af %.*s, %.19s: %.*s\n"
                    : "  redacted    %.*s: %.*s by %.*s, %.19s: %.*s\n",
          STR_F(safe(c, x->what)), STR_F(safe(c, event_get(t, "how"))), STR_F(safe(c, event_get(t, "by"))),
          time_utc(c->arena, t->at).p, STR_F(safe(c, event_get(t, "why"))));
}

/* What is not there, and why: tombstones with who, when and why. */
static void say_withheld(struct cli *c, const struct seal_bundle *b) {
  for (size_t i = 0; i < b->chain.blobs.n; i++) {
    const struct seal_blob *x = b->chain.blobs.v[i];
    if (x->redacted) say_redacted(c, x);
    if (x->redacted || !x->quarantined) continue;
    fprintf(c->out,
            c->danish ? "  karantæne   %.*s: et CPR-nummer uden for listen over testpersoner\n"
                      : "  quarantined %.*s: a CPR number outside the list of test persons\n",
            STR_F(safe(c, x->what)));
  }
}

/* A run in a store has no manifest: what that would say is left out. */
static void say_head(struct cli *c, const struct seal_bundle *b) {
  const struct {
    const char *before;
    struct str what;
  } parts[] = {{"  ", b->system},
               {" ", b->system_version},
               {"  ", b->protocol},
               {" ", b->protocol_version},
               {"  testcamp ", b->program}};
  fprintf(c->out, "%s  %.*s", bundle_state(c, b->state), STR_F(b->run));
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i].what.n) fprintf(c->out, "%s%.*s", parts[i].before, STR_F(safe(c, parts[i].what)));
  fprintf(c->out, "  %jd %s\n", (intmax_t)b->events, c->danish ? "hændelser" : "events");
}

/* Who of MedCom said what beside the run's log. */
static void say_review(struct cli *c, const struct seal_bundle *b) {
  for (size_t i = 0; i < b->review.n; i++) {
    struct event *ev = NULL;
    struct error e;
    if (event_read(&ev, c->arena, b->review.v[i], &e) != 0) continue;
    fprintf(c->out,
            c->danish ? "  revision    %.*s %.*s %.*s af %.*s, %.19s: %.*s\n"
                      : "  review      %.*s %.*s %.*s by %.*s, %.19s: %.*s\n",
            STR_F(safe(c, ev->kind)), STR_F(safe(c, ev->step)), STR_F(safe(c, event_get(ev, "verdict"))),
            STR_F(safe(c, event_get(ev, "by"))), time_utc(c->arena, ev->at).p, STR_F(safe(c, event_get(ev, "why"))));
  }
}

void bundle_say(struct cli *c, const struct seal_bundle *b) {
  say_head(c, b);
  say_faults(c, b);
  say_review(c, b);
  say_withheld(c, b);
}
