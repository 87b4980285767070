/* The vendor's system: the reference vendor, with an ear on its wire. */
#include "tests/run/crash/crash.h"

#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "refvendor/refvendor.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define AGAIN_MS INT64_C(10)
/* Messages that have a blob file each, one after the other. */
#define LARGE_N 4
#define LARGE_BYTES ((size_t)1100000)
#define LARGE_MS INT64_C(300)

static struct {
  struct loop *loop;
  struct http_handler inner;
  int notes;
} vendor;

static void note(const char *what, struct str detail, struct str body) {
  char digest[SHA256_HEX + 1], line[CRASH_WHERE_MAX];
  sha256_hex(digest, body);
  int n = snprintf(line, sizeof line, "%s %.*s %s\n", what, STR_F(detail), digest);
  if (write(vendor.notes, line, (size_t)n) != n) crash_fail("the vendor's notes cannot be written");
}

/* ---- what it sends: once more until somebody answers ---- */

void __real_http_call(struct http_client *c, const struct http_call *o);
void __wrap_http_call(struct http_client *c, const struct http_call *o);

struct mail {
  struct arena *arena;
  struct http_client *client;
  struct http_call call;
  void (*done)(void *payload, const struct http_answer *answer);
  void *payload;
};

static void post(void *payload) {
  struct mail *m = payload;
  __real_http_call(m->client, &m->call);
}

static void on_answer(void *payload, const struct http_answer *answer) {
  struct mail *m = payload;
  char status[16];
  snprintf(status, sizeof status, "%d", answer->failure ? 0 : answer->status);
  note("out", str_z(status), m->call.body);
  if (answer->failure || answer->status >= 500) {
    loop_after(vendor.loop, AGAIN_MS, post, m);
    return;
  }
  m->done(m->payload, answer);
  arena_free(m->arena);
}

/* Its messages have no headers of their own. */
void __wrap_http_call(struct http_client *c, const struct http_call *o) {
  if (crash_role != CRASH_VENDOR || o->headers_n) {
    __real_http_call(c, o);
    return;
  }
  struct arena *a = arena_new(0);
  struct mail *m = ARENA_NEW(a, struct mail);
  *m = (struct mail){.arena = a, .client = c, .call = *o, .done = o->done, .payload = o->payload};
  m->call.url = arena_z(a, str_z(o->url));
  m->call.content_type = arena_z(a, str_z(o->content_type));
  m->call.body = arena_str(a, o->body);
  m->call.done = on_answer;
  m->call.payload = m;
  post(m);
}

/* ---- what it receives ---- */

int __real_http_server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                            const struct http_handler *h, struct error *e);
int __wrap_http_server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                            const struct http_handler *h, struct error *e);

static void on_request(void *payload, struct http_request *r) {
  note("in", r->path, r->body);
  vendor.inner.request(payload, r);
}

int __wrap_http_server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                            const struct http_handler *h, struct error *e) {
  struct http_handler ear = *h;
  if (crash_role == CRASH_VENDOR) {
    vendor.inner = *h;
    ear.request = on_request;
  }
  return __real_http_server_open(out, l, address, spool_dir, &ear, e);
}

/* ---- large messages that nobody expects, so that blob files come and go too ---- */

struct large {
  struct http_client *client;
  const char *url;
  char *bytes;
  int n;
};

static void send_large(void *payload);

static void large_taken(void *payload, const struct http_answer *answer) {
  (void)answer;
  struct large *l = payload;
  if (++l->n < LARGE_N) loop_after(vendor.loop, LARGE_MS, send_large, l);
}

static void send_large(void *payload) {
  struct large *l = payload;
  memset(l->bytes, 'a' + l->n, LARGE_BYTES);
  http_call(l->client, &(struct http_call){.method = "POST",
                                           .url = l->url,
                                           .content_type = "application/octet-stream",
                                           .body = {l->bytes, LARGE_BYTES},
                                           .done = large_taken,
                                           .payload = l});
}

static _Noreturn void serve(const char *data_dir, const char *to, int ready) {
  struct arena *a = arena_new(0);
  struct refvendor_options o;
  struct refvendor *v;
  struct error e;
  struct large l = {.url = to, .bytes = arena_alloc(a, LARGE_BYTES)};
  refvendor_options_init(&o);
  o.to = to;
  o.data_dir = data_dir;
  if (loop_open(&vendor.loop, &e) < 0 || refvendor_open(&v, vendor.loop, &o, &e) < 0 ||
      http_client_open(&l.client, vendor.loop, &e) < 0)
    crash_fail("%s", e.text);
  snprintf(crash_shared->vendor_url, sizeof crash_shared->vendor_url, "%s", refvendor_url(v));
  if (write(ready, "x", 1) != 1) _exit(1);
  close(ready);
  loop_after(vendor.loop, LARGE_MS, send_large, &l);
  loop_run(vendor.loop);
  _exit(0);
}

pid_t vendor_start(const char *data_dir, const char *to, const char *notes) {
  int ready[2];
  char byte;
  if (pipe(ready) != 0) crash_fail("no pipe");
  pid_t pid = fork();
  if (pid == 0) {
    crash_role = CRASH_VENDOR;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ready[0]);
    vendor.notes = open(notes, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    serve(data_dir, to, ready[1]);
  }
  close(ready[1]);
  if (read(ready[0], &byte, 1) != 1) crash_fail("the vendor's system does not start");
  close(ready[0]);
  return pid;
}
