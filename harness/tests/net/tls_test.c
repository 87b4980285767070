#include "tls_test.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY INT64_C(86400000)
#define ARGUMENTS_MAX 40
#define PATIENCE_MS 20000

/* ---- certificates ---- */

static struct certificate_pair made(struct tls_web *w, enum certificate_kind kind, const char *name,
                                    enum certificate_fault fault, const struct certificate_pair *issuer) {
  static const struct str hosts[] = {STR_INIT("localhost"), STR_INIT("127.0.0.1")};
  static uint64_t serial = 1;
  struct certificate_pair out;
  struct error e;
  int64_t now = clock_wall();
  struct certificate_plan plan = {.kind = kind,
                                  .fault = fault,
                                  .common_name = str_z(name),
                                  .organisation = STR("Test"),
                                  .names = hosts,
                                  .names_n = kind == CERTIFICATE_OF_SERVER ? 2 : 0,
                                  .serial = serial++,
                                  .from = now - DAY,
                                  .until = now + DAY,
                                  .issuer = issuer};
  cr_assert_eq(certificate_make(&out, w->t.arena, &plan, &e), 0, "%s", e.text);
  return out;
}

/* Without file_write: nothing here need survive a power cut. */
static void write_file(const char *path, struct str bytes) {
  FILE *f = fopen(path, "w");
  cr_assert(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0, "%s", path);
}

void tls_web_keep(struct tls_web *w, const char *name, const struct certificate_pair *p) {
  const char *at = tls_web_file(w, name);
  write_file(arena_printf(w->t.arena, "%s.pem", at).p, p->certificate);
  write_file(arena_printf(w->t.arena, "%s.key", at).p, p->key);
}

static void pki_make(struct tls_web *w) {
  struct pki *p = &w->pki;
  p->ca = made(w, CERTIFICATE_OF_AUTHORITY, "Test CA", CERTIFICATE_SOUND, NULL);
  p->rogue_ca = made(w, CERTIFICATE_OF_AUTHORITY, "Rogue CA", CERTIFICATE_SOUND, NULL);
  p->server = made(w, CERTIFICATE_OF_SERVER, "localhost", CERTIFICATE_SOUND, &p->ca);
  p->client = made(w, CERTIFICATE_OF_SYSTEM, "Journal", CERTIFICATE_SOUND, &p->ca);
  p->rogue = made(w, CERTIFICATE_OF_SYSTEM, "Journal", CERTIFICATE_SOUND, &p->rogue_ca);
  tls_web_keep(w, "ca", &p->ca);
  tls_web_keep(w, "server", &p->server);
  tls_web_keep(w, "client", &p->client);
  tls_web_keep(w, "rogue", &p->rogue);
  for (int i = 0; i < CERTIFICATE_FAULTS_N; i++) {
    p->faulty[i] = made(w, CERTIFICATE_OF_SERVER, "localhost", (enum certificate_fault)i, &p->ca);
    p->stale[i] = made(w, CERTIFICATE_OF_SYSTEM, "Journal", (enum certificate_fault)i, &p->ca);
    tls_web_keep(w, arena_printf(w->t.arena, "server-%s", certificate_fault_names[i]).p, &p->faulty[i]);
    tls_web_keep(w, arena_printf(w->t.arena, "client-%s", certificate_fault_names[i]).p, &p->stale[i]);
  }
}

/* ---- the server ---- */

static void on_request(void *payload, struct http_request *r) {
  struct tls_web *w = payload;
  const struct http_peer_certificate *p = http_peer_certificate(r);
  w->requests++;
  w->peer = *p;
  w->peer.why = arena_str(w->t.arena, p->why);
  w->peer.subject = arena_str(w->t.arena, p->subject);
  w->peer.thumbprint = arena_str(w->t.arena, p->thumbprint);
  w->peer.der = arena_str(w->t.arena, p->der);
  if (str_eqz(r->path, "/echo"))
    http_reply(r, 200, "text/plain", r->body);
  else if (str_eqz(r->path, "/big"))
    http_reply(r, 200, "text/plain", net_test_bytes(r->arena, TLS_BIG));
  else if (str_eqz(r->path, "/late")) {
    w->held = r;
    w->all_held[w->held_n++ % TLS_HELD_MAX] = r;
  } else if (str_eqz(r->path, "/cut"))
    http_abort(r);
  else
    http_reply(r, 200, "text/plain", arena_printf(r->arena, "body=%zu", r->body_size));
}

static void on_refused(void *payload, struct str peer, struct str path, int status, const char *why) {
  struct tls_web *w = payload;
  (void)path;
  cr_assert(str_starts(peer, STR("127.0.0.1:")));
  w->refusals++;
  buf_clear(&w->refused);
  buf_printf(&w->refused, "%d %s", status, why);
}

static void on_reset(void *payload) {
  struct tls_web *w = payload;
  w->resets++;
}

void tls_web_open(struct tls_web *w) {
  struct error e;
  *w = (struct tls_web){0};
  net_test_open(&w->t);
  cr_assert_eq(mkdir(tls_web_file(w, ""), 0700), 0);
  pki_make(w);
  buf_init(&w->refused, TLS_NOTE_MAX);
  buf_init(&w->failure, TLS_NOTE_MAX);
  buf_init(&w->answer, HTTP_ANSWER_MAX);
  cr_assert_eq(http_client_open(&w->client, w->t.loop, &e), 0, "%s", e.text);
}

void tls_web_listen(struct tls_web *w, const struct certificate_pair *own, enum http_clients clients,
                    enum http_speaks speaks) {
  struct error e;
  struct http_handler h = {.request = on_request, .refused = on_refused, .reset = on_reset, .payload = w};
  const char *spool = file_join(w->t.arena, w->t.dir, "spool");
  http_server_close(w->server);
  w->tls = (struct http_tls){.certificate = own->certificate,
                             .key = own->key,
                             .authorities = w->pki.ca.certificate,
                             .clients = clients,
                             .speaks = speaks};
  cr_assert_eq(http_server_open_tls(&w->server, w->t.loop, "127.0.0.1:0", spool, &h, &w->tls, &e), 0, "%s", e.text);
}

void tls_web_close(struct tls_web *w) {
  char **names;
  size_t n;
  struct error e;
  const char *spool = file_join(w->t.arena, w->t.dir, "spool");
  http_client_close(w->client);
  http_server_close(w->server);
  if (file_exists(spool)) cr_assert_eq(net_test_files(&w->t, spool), 0, "a body is left in the spool folder");
  rmdir(spool);
  cr_assert_eq(file_list(&names, &n, w->t.arena, tls_web_file(w, ""), &e), 0);
  for (size_t i = 0; i < n; i++) unlink(tls_web_file(w, names[i]));
  rmdir(tls_web_file(w, ""));
  buf_release(&w->refused);
  buf_release(&w->failure);
  buf_release(&w->answer);
  net_test_close(&w->t);
}

const char *tls_web_url(struct tls_web *w, const char *path) {
  return arena_printf(w->t.arena, "%s%s", http_server_url(w->server), path).p;
}

const char *tls_web_port(struct tls_web *w) {
  struct str url = str_z(http_server_url(w->server));
  return arena_z(w->t.arena, str_sub(url, str_find(url, STR(":"), 6) + 1, url.n));
}

const char *tls_web_file(struct tls_web *w, const char *name) {
  return arena_printf(w->t.arena, "%s/pki%s%s", w->t.dir, *name ? "/" : "", name).p;
}

/* ---- other programs ---- */

bool tls_tool(const char *name) {
  struct arena *a = arena_new(0);
  struct str path = str_z(getenv("PATH"));
  bool found = false;
  while (path.n && !found) {
    struct str dir = str_cut(&path, ':');
    found = access(arena_printf(a, "%.*s/%s", STR_F(dir), name).p, X_OK) == 0;
  }
  arena_free(a);
  return found;
}

/* Its standard input, output and errors are our other end; input empty where it shall not wait for any. */
static pid_t start(int *ours, const char *const *argv, bool input) {
  int pair[2];
  cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  fcntl(pair[0], F_SETFD, FD_CLOEXEC);
  pid_t pid = fork();
  cr_assert(pid >= 0);
  if (pid == 0) {
    dup2(input ? pair[1] : open("/dev/null", O_RDONLY), 0);
    dup2(pair[1], 1);
    dup2(input ? open("/dev/null", O_WRONLY) : pair[1], 2);
    close(pair[1]);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
  }
  close(pair[1]);
  fcntl(pair[0], F_SETFL, O_NONBLOCK);
  *ours = pair[0];
  return pid;
}

struct str tls_web_read(struct tls_web *w, int fd, const char *until) {
  struct buf b;
  char bytes[4096];
  buf_init(&b, HTTP_ANSWER_MAX);
  for (int64_t end = clock_monotonic() + PATIENCE_MS; clock_monotonic() < end;) {
    loop_turn(w->t.loop, 5);
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n == 0 || (n < 0 && errno != EAGAIN)) break;
    if (n > 0) buf_add(&b, (struct str){bytes, (size_t)n});
    if (until && str_find(buf_str(&b), str_z(until), 0) != SIZE_MAX) break;
  }
  return buf_take(&b, w->t.arena);
}

struct str tls_web_run(struct tls_web *w, int *code, const char *const *argv) {
  int fd, status = 0;
  pid_t pid = start(&fd, argv, false);
  struct str text = tls_web_read(w, fd, NULL);
  close(fd);
  waitpid(pid, &status, 0);
  *code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  cr_assert_neq(*code, 127, "%s cannot be started", argv[0]);
  /* What is still on its way to the server. */
  net_test_turns(&w->t, 20);
  return text;
}

static void append(const char **argv, size_t *n, const char *const *more) {
  for (size_t i = 0; more && more[i]; i++) {
    cr_assert_lt(*n, (size_t)ARGUMENTS_MAX);
    argv[(*n)++] = more[i];
  }
}

struct str tls_web_curl(struct tls_web *w, int *code, const char *path, const char *const *more) {
  const char *argv[ARGUMENTS_MAX + 1] = {"curl",       "-sS", "--noproxy", "*",
                                         "--max-time", "15",  "--cacert",  tls_web_file(w, "ca.pem")};
  size_t n = 8;
  append(argv, &n, more);
  argv[n] = tls_web_url(w, path);
  return tls_web_run(w, code, argv);
}

int tls_web_raw(struct tls_web *w, const char *const *more) {
  const char *argv[ARGUMENTS_MAX + 1] = {"openssl",
                                         "s_client",
                                         "-quiet",
                                         "-CAfile",
                                         tls_web_file(w, "ca.pem"),
                                         "-connect",
                                         arena_printf(w->t.arena, "127.0.0.1:%s", tls_web_port(w)).p};
  size_t n = 7;
  int fd;
  append(argv, &n, more);
  start(&fd, argv, true);
  return fd;
}
