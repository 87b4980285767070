#include "refvendor/refvendor.h"

#include "base/file.h"
#include "base/uuid.h"
#include "net/folder.h"
#include "refvendor/converter.h"
#include "refvendor/ehmi_msh.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#define LOG_LINE_MAX ((size_t)4096)
#define SHOW_MAX ((size_t)16 << 20)

/* Whom it knows when nobody is said: the counterparts of vendors/reference. */
static const struct refvendor_party known[] = {
    {STR_INIT("5790008888025"), STR_INIT("8888021000016001"), STR_INIT("Hjemmeplejen i Prøvekøbing Kommune")},
    {STR_INIT("5790008888032"), STR_INIT("8888031000016004"), STR_INIT("Medicinsk Afdeling, Prøvekøbing Sygehus")}};

void refvendor_options_init(struct refvendor_options *o) {
  *o = (struct refvendor_options){.listen = "127.0.0.1:0",
                                  .own = {STR("5790008888018"), STR("8888011000016005"), STR("Lægehuset Referencen")},
                                  .late_ms = REFVENDOR_LATE_MS,
                                  .clock_scale = 1,
                                  .client_id = STR("refvendor"),
                                  .stations = {[REFVENDOR_EUA_MSH] = true},
                                  .log = {.to = stderr, .level = LOG_NORMAL}};
}

struct str rv_id(struct refvendor *v, struct arena *a) {
  if (v->o->seed.n == 0) return uuid_random(a);
  struct str parts[] = {STR("refvendor"), v->o->own.gln, arena_printf(a, "%zu", ++v->ids)};
  return uuid_derive(a, v->o->seed, sizeof parts / sizeof parts[0], parts);
}

struct str rv_now(struct refvendor *v, struct arena *a) {
  return time_danish(a, clock_stamp(&v->clock));
}

void rv_log(const struct refvendor *v, const char *fmt, ...) {
  va_list ap;
  if (v->o->log.level < LOG_VERBOSE || !v->o->log.to) return;
  fputs("refvendor: ", v->o->log.to);
  va_start(ap, fmt);
  vfprintf(v->o->log.to, fmt, ap);
  va_end(ap);
  fputc('\n', v->o->log.to);
}

/* The message gets an arena of its own, which rv_receive frees or keeps. */
static void post_vans(struct refvendor *v, struct http_request *r) {
  struct arena *a = arena_new(0);
  struct str bytes = r->body;
  struct error e;
  if (r->body_file && file_map(&bytes, a, r->body_file, RV_BYTES_MAX, &e) < 0) {
    arena_free(a);
    http_reply(r, 500, "text/plain", str_z(e.text));
    return;
  }
  if (!r->body_file) bytes = arena_str(a, bytes);
  int status = rv_receive(v, a, bytes);
  http_reply(r, status, "text/plain", status == 202 ? STR("taken\n") : STR("not understood\n"));
}

static void get_state(struct refvendor *v, struct http_request *r) {
  struct buf out;
  buf_init(&out, SHOW_MAX);
  rv_show(v, &out);
  http_reply(r, 200, "application/json", buf_str(&out));
  buf_release(&out);
}

static const struct {
  const char *method, *path;
  void (*fn)(struct refvendor *v, struct http_request *r);
} routes[] = {{"POST", "/vans", post_vans},
              {"POST", "/sbdh", post_vans},
              {"POST", "/trigger", rv_trigger},
              {"GET", "/state", get_state}};

static void on_request(void *payload, struct http_request *r) {
  const struct refvendor *v = payload;
  bool path = false;
  if (v->dying) return;
  if (rv_relay(payload, r)) return;
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
    if (!str_eqz(r->path, routes[i].path)) continue;
    path = true;
    if (!str_eqz(r->method, routes[i].method)) continue;
    routes[i].fn(payload, r);
    return;
  }
  http_reply(r, path ? 405 : 404, "text/plain", STR("POST /vans, POST /trigger, GET /state\n"));
}

static void on_refused(void *payload, struct str peer, struct str path, int status, const char *why) {
  (void)peer;
  rv_log(payload, "a request to %.*s was refused with HTTP %d: %s", STR_F(path), status, why);
}

/* Taken files are removed: the vendor has them in memory now. */
static void on_file(void *payload, const char *path) {
  struct refvendor *v = payload;
  struct arena *a = arena_new(0);
  struct str bytes;
  struct error e;
  if (file_map(&bytes, a, path, RV_BYTES_MAX, &e) < 0) {
    rv_log(v, "%s: %s", path, e.text);
    arena_free(a);
    return;
  }
  unlink(path);
  (void)rv_receive(v, a, bytes);
}

static int open_spool(struct refvendor *v, struct error *e) {
  const char *dir = getenv("TMPDIR");
  if (!dir || !*dir) dir = P_tmpdir;
  v->spool = file_join(v->arena, dir, "refvendor-XXXXXX");
  if (mkdtemp(v->spool)) return 0;
  v->spool = NULL;
  return error_set(e, ERR_IO, "no folder for large messages could be made in %s", dir);
}

/* How it takes a server whose TLS is not in order. */
static void set_lax(struct refvendor *v) {
  static const struct {
    enum defect defect;
    enum http_lax lax;
  } ways[] = {{DEFECT_TLS_TRUSTS_ANYBODY, HTTP_TRUSTS_ANYBODY},
              {DEFECT_TLS_IGNORES_TIME, HTTP_IGNORES_TIME},
              {DEFECT_TLS_IGNORES_NAME, HTTP_IGNORES_NAME},
              {DEFECT_TLS_OLD, HTTP_OLD_TLS}};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (rv_has(v, ways[i].defect)) v->identity.lax = ways[i].lax;
}

static int open_wire(struct refvendor *v, struct error *e) {
  const struct refvendor_options *o = v->o;
  struct http_handler handler = {.request = on_request, .refused = on_refused, .payload = v};
  if (open_spool(v, e) < 0) return -1;
  if (http_identity_read(&v->identity, v->arena, o->client_cert, o->client_key, o->trust, e) < 0) return -1;
  set_lax(v);
  if (http_client_open(&v->client, v->loop, e) < 0) return -1;
  if (o->folder_out && file_mkdirs(o->folder_out, e) < 0) return -1;
  if (o->keep && file_mkdirs(o->keep, e) < 0) return -1;
  if (o->folder_in && file_mkdirs(o->folder_in, e) < 0) return -1;
  if (o->folder_in && folder_open(&v->folder, v->loop, o->folder_in, on_file, v, e) < 0) return -1;
  return http_server_open(&v->server, v->loop, o->listen, v->spool, &handler, e);
}

static int open_data(struct refvendor *v, struct error *e) {
  char *found = NULL;
  struct ehmi_profile *profile;
  if (!v->o->data_dir && file_data_dir(&found, v->arena, e) < 0) return -1;
  const char *dir = v->o->data_dir ? v->o->data_dir : found;
  if (ehmi_profile_load(&profile, v->arena, dir, e) < 0) return -1;
  v->profile = profile;
  v->data_dir = arena_z(v->arena, str_z(dir));
  if (v->o->is_operator && rv_converter_open(v, dir, e) < 0) return -1;
  return shapes_read(&v->shapes, v->arena, dir, e);
}

static void note_partners(struct refvendor *v) {
  for (size_t i = 0; i < v->o->partners.n; i++) rv_note_party(v, v->o->partners.v[i]);
  for (size_t i = 0; v->o->partners.n == 0 && i < sizeof known / sizeof known[0]; i++) rv_note_party(v, known[i]);
}

int refvendor_open(struct refvendor **out, struct loop *l, const struct refvendor_options *o, struct error *e) {
  struct arena *a = arena_new(0);
  struct refvendor *v = ARENA_NEW(a, struct refvendor);
  *v = (struct refvendor){.arena = a, .loop = l, .o = o};
  clock_init(&v->clock);
  if (o->seed.n) clock_init_logical(&v->clock);
  dedup_init(&v->dedup, a);
  map_init(&v->decisions, a);
  map_init(&v->bundles, a);
  dedup_init(&v->ehmi.seen, a);
  map_init(&v->ehmi.said, a);
  map_init(&v->triggers, a);
  note_partners(v);
  if (open_data(v, e) < 0 || open_wire(v, e) < 0) {
    refvendor_close(v);
    return -1;
  }
  rv_keep_open(v);
  *out = v;
  return 0;
}

const char *refvendor_url(const struct refvendor *v) {
  return http_server_url(v->server);
}

void refvendor_close(struct refvendor *v) {
  rv_converter_close(v);
  rv_overdue_close(v);
  rv_trigger_close(v);
  if (v->folder) folder_close(v->folder);
  if (v->server) http_server_close(v->server);
  if (v->client) http_client_close(v->client);
  rv_rest_close(v);
  rv_ask_close(v);
  rv_queue_close(v);
  rv_sbdh_close(v);
  rv_outbox_close(v);
  if (v->spool) rmdir(v->spool);
  arena_free(v->arena);
}
