/* A package registry for the tests: the files of a folder over HTTPS, with the faults that a registry may have.
 *
 * usage: registry CERT KEY PORT_FILE FOLDER. A process a connection, one request each. /a/b is FOLDER/a/b, or
 * FOLDER/a/b/index if that is a folder. FOLDER/a/b.how, if there, says what happens instead, one word and its argument:
 *   status N        that status              redirect URL    302 to there
 *   cut             half of the body         slow            waits before it answers
 *   large N         claims a body of N bytes endless         a body that never ends
 * Every path asked for is a line in FOLDER/asked. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

#define BODY_MAX ((size_t)64 << 20)
#define HEAD_MAX 8192
#define SLOW_SECONDS 20

struct peer {
  SSL *tls;
  struct arena *arena;
  const char *root;
};

static void die(const char *what) {
  fprintf(stderr, "registry: %s\n", what);
  ERR_print_errors_fp(stderr);
  exit(1);
}

static bool send_all(struct peer *p, struct str s) {
  while (s.n) {
    int n = SSL_write(p->tls, s.p, (int)(s.n < 1 << 14 ? s.n : 1 << 14));
    if (n <= 0) return false;
    s = str_sub(s, (size_t)n, s.n);
  }
  return true;
}

static bool send_head(struct peer *p, const char *status, const char *more, size_t length) {
  return send_all(p, arena_printf(p->arena, "HTTP/1.1 %s\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n", status,
                                  more, length));
}

static void send_endless(struct peer *p) {
  static char block[1 << 14];
  memset(block, ' ', sizeof block);
  send_all(p, STR("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
  while (send_all(p, (struct str){block, sizeof block})) continue;
}

static bool do_fault(struct peer *p, struct str how, struct str body) {
  struct str argument = str_trim(how);
  struct str word = str_cut(&argument, ' ');
  const char *z = arena_z(p->arena, argument);
  int64_t number = 0;
  if (str_eqz(word, "status")) return send_head(p, z, "", 0);
  if (str_eqz(word, "redirect")) return send_head(p, "302 Found", arena_printf(p->arena, "Location: %s\r\n", z).p, 0);
  if (str_eqz(word, "large") && str_int(argument, &number)) return send_head(p, "200 OK", "", (size_t)number);
  if (str_eqz(word, "cut")) return send_head(p, "200 OK", "", body.n) && send_all(p, str_sub(body, 0, body.n / 2));
  if (str_eqz(word, "endless")) return send_endless(p), true;
  sleep(SLOW_SECONDS);
  return false;
}

static void answer(struct peer *p, struct str path) {
  struct error e;
  struct str body = {0}, how;
  if (!file_name_is_inside(path)) return (void)send_head(p, "400 Bad Request", "", 0);
  const char *file = file_join(p->arena, p->root, arena_z(p->arena, path));
  const char *fault = arena_printf(p->arena, "%s.how", file).p;
  if (file_is_dir(file)) file = file_join(p->arena, file, "index");
  bool there = file_exists(file) && !file_read(&body, p->arena, file, BODY_MAX, &e);
  if (file_exists(fault) && !file_read(&how, p->arena, fault, HEAD_MAX, &e)) return (void)do_fault(p, how, body);
  if (!there) return (void)send_head(p, "404 Not Found", "", 0);
  if (send_head(p, "200 OK", "", body.n)) send_all(p, body);
}

static void note(struct peer *p, struct str path) {
  FILE *f = fopen(file_join(p->arena, p->root, "asked"), "a");
  if (!f) die("cannot note what was asked for");
  fprintf(f, "%.*s\n", STR_F(path));
  fclose(f);
}

static void serve(struct peer *p) {
  static char head[HEAD_MAX];
  size_t n = 0;
  while (n < sizeof head && str_find((struct str){head, n}, STR("\r\n\r\n"), 0) == SIZE_MAX) {
    int got = SSL_read(p->tls, head + n, (int)(sizeof head - n));
    if (got <= 0) return;
    n += (size_t)got;
  }
  struct str rest = {head, n};
  str_cut(&rest, ' ');
  struct str path = str_cut(&rest, ' ');
  path = str_sub(path, 1, path.n);
  note(p, path);
  answer(p, path);
  SSL_shutdown(p->tls);
}

static void serve_one(SSL_CTX *ctx, int fd, const char *root) {
  struct peer p = {SSL_new(ctx), arena_new(0), root};
  SSL_set_fd(p.tls, fd);
  if (SSL_accept(p.tls) == 1) serve(&p);
  SSL_free(p.tls);
  arena_free(p.arena);
  _exit(0); /* what the parent had is not the child's to end */
}

static int listen_here(const char *port_file) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  struct arena *a = arena_new(0);
  struct error e;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, size) || listen(fd, 16)) die("cannot listen");
  if (getsockname(fd, (struct sockaddr *)&at, &size)) die("no port");
  if (file_write(port_file, arena_printf(a, "%d\n", ntohs(at.sin_port)), &e)) die(e.text);
  arena_free(a);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 5) die("usage: registry CERT KEY PORT_FILE FOLDER");
  SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_IGN);
  if (!ctx || SSL_CTX_use_certificate_file(ctx, argv[1], SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(ctx, argv[2], SSL_FILETYPE_PEM) != 1)
    die("certificate or key cannot be read");
  int fd = listen_here(argv[3]);
  for (;;) {
    int peer = accept(fd, NULL, NULL);
    if (peer < 0) continue;
    if (fork() == 0) serve_one(ctx, peer, argv[4]);
    close(peer);
  }
}
