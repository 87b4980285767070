#include "cli/control.h"

#include "base/vec.h"
#include "net/loop.h"
#include "net/parts.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char hello[] = "testcamp-control 1\n";

#define SUFFIX ".control"
/* How long the server waits for somebody who asked and does not read the answer: the vendors' systems wait meanwhile.
 */
#define ANSWER_SECONDS 5

static bool address_of(struct sockaddr_un *to, const char *store_path) {
  struct arena *a = arena_new(0);
  struct str path = arena_printf(a, "%s" SUFFIX, store_path);
  bool fits = path.n < sizeof to->sun_path;
  *to = (struct sockaddr_un){.sun_family = AF_UNIX};
  if (fits) memcpy(to->sun_path, path.p, path.n);
  arena_free(a);
  return fits;
}

/* ---- the client ---- */

static const struct command *command_named(const char *name) {
  for (size_t i = 0; commands[i]; i++)
    if (!strcmp(commands[i]->name, name)) return commands[i];
  return NULL;
}

static const char *store_of(struct cli *c, int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (!strncmp(argv[i], "--store=", 8)) return argv[i] + 8;
    if (!strcmp(argv[i], "--store") && i + 1 < argc) return argv[i + 1];
  }
  return store_default_path(c->arena);
}

static bool asks_for_help(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return true;
  return false;
}

static bool send_all(int fd, struct str bytes) {
  while (bytes.n) {
    ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = str_sub(bytes, (size_t)n, bytes.n);
  }
  return true;
}

static void read_all(int fd, struct buf *to) {
  char part[65536];
  ssize_t n;
  while ((n = recv(fd, part, sizeof part, 0)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0) buf_add(to, (struct str){part, (size_t)n});
}

static int print_answer(struct cli *c, struct str rest) {
  struct str name, bytes;
  int code = -1;
  while (parts_take(&rest, &name, &bytes) == 1) {
    if (str_eqz(name, "out")) cli_print(c->out, bytes);
    if (str_eqz(name, "err")) cli_print(c->err, bytes);
    if (str_eqz(name, "exit") && bytes.n == 1) code = bytes.p[0] - '0';
  }
  return code;
}

static bool ask(struct cli *c, int fd, int argc, char **argv, int *code) {
  struct buf request, answer;
  char *folder = getcwd(NULL, 0);
  buf_init(&request, CONTROL_BYTES_MAX);
  buf_init(&answer, CLI_OUTPUT_MAX);
  buf_addz(&request, hello);
  parts_put(&request, "folder", str_z(folder ? folder : "/"));
  for (int i = 0; i < argc; i++) parts_put(&request, "arg", str_z(argv[i]));
  buf_addz(&request, "end\n");
  if (!request.full && send_all(fd, buf_str(&request))) read_all(fd, &answer);
  *code = print_answer(c, buf_str(&answer));
  if (*code < 0) *code = cli_usage(c, "the server did not answer; whether the command was done, testcamp list tells");
  buf_release(&request);
  buf_release(&answer);
  free(folder);
  return true;
}

bool control_forward(struct cli *c, int argc, char **argv, int *code) {
  const struct command *k = command_named(argv[0]);
  struct sockaddr_un to;
  if (!k || !k->writes || asks_for_help(argc, argv)) return false;
  const char *store = store_of(c, argc, argv);
  if (!store || !address_of(&to, store)) return false;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  bool there = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
  if (there) ask(c, fd, argc, argv, code);
  close(fd);
  return there;
}

/* ---- the server ---- */

struct caller {
  struct control *control;
  struct caller *next;
  int fd;
  struct loop_fd *watch;
  struct buf in;
};

struct control {
  struct arena *arena;
  struct loop *loop;
  struct control_handler handler;
  char *path;
  int fd;
  struct loop_fd *watch;
  struct caller *callers;
};

static void caller_end(struct caller *k) {
  struct caller **at = &k->control->callers;
  while (*at != k) at = &(*at)->next;
  *at = k->next;
  loop_unwatch(k->control->loop, k->watch);
  close(k->fd);
  buf_release(&k->in);
  free(k);
}

struct request {
  const char *folder;
  char *argv[CONTROL_ARGS_MAX + 1];
  int argc;
};

/* 1 whole, 0 not yet, -1 none. */
static int read_request(struct request *q, struct arena *a, struct str rest) {
  struct str name, bytes, head = STR(hello);
  if (rest.n < head.n) return str_starts(head, rest) ? 0 : -1;
  if (!str_starts(rest, head)) return -1;
  rest = str_sub(rest, head.n, rest.n);
  for (int got; (got = parts_take(&rest, &name, &bytes)) != 1 || !str_eqz(name, "end");) {
    if (got != 1) return got;
    if (str_eqz(name, "folder")) q->folder = arena_z(a, bytes);
    if (!str_eqz(name, "arg")) continue;
    if (q->argc == CONTROL_ARGS_MAX) return -1;
    q->argv[q->argc++] = arena_z(a, bytes);
  }
  return q->folder && q->argc ? 1 : -1;
}

static int run_there(struct control *c, const struct request *q, FILE *out, FILE *err) {
  char *home = getcwd(NULL, 0);
  int code = EXIT_USAGE;
  if (!home || chdir(q->folder) < 0)
    fprintf(err, "testcamp: the server cannot go to the folder %s: %s\n", q->folder, strerror(errno));
  else
    code = c->handler.run(c->handler.context, out, err, q->argc, (char **)q->argv);
  if (home && chdir(home) < 0) fprintf(err, "testcamp: the server cannot go back to its folder %s\n", home);
  free(home);
  return code;
}

static void answer(struct caller *k, const struct request *q) {
  char *text[2] = {NULL, NULL};
  size_t n[2] = {0, 0};
  FILE *out = open_memstream(&text[0], &n[0]), *err = open_memstream(&text[1], &n[1]);
  if (!out || !err) BUG("out of memory");
  char code = (char)('0' + run_there(k->control, q, out, err));
  fclose(out);
  fclose(err);
  struct buf b;
  buf_init(&b, CLI_OUTPUT_MAX);
  parts_put(&b, "out", (struct str){text[0], n[0]});
  parts_put(&b, "err", (struct str){text[1], n[1]});
  parts_put(&b, "exit", (struct str){&code, 1});
  struct timeval patience = {.tv_sec = ANSWER_SECONDS};
  fcntl(k->fd, F_SETFL, fcntl(k->fd, F_GETFL) & ~O_NONBLOCK);
  setsockopt(k->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  (void)send_all(k->fd, buf_str(&b)); /* who went away does not wait for it */
  buf_release(&b);
  free(text[0]);
  free(text[1]);
}

static void on_bytes(void *payload, uint32_t events) {
  struct caller *k = payload;
  char part[65536];
  (void)events;
  ssize_t n = recv(k->fd, part, sizeof part, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n > 0) buf_add(&k->in, (struct str){part, (size_t)n});
  struct arena *a = arena_new(0);
  struct request q = {0};
  int got = n <= 0 || k->in.full ? -1 : read_request(&q, a, buf_str(&k->in));
  if (got == 1) answer(k, &q);
  if (got != 0) caller_end(k);
  arena_free(a);
}

static void on_caller(void *payload, uint32_t events) {
  struct control *c = payload;
  (void)events;
  int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  struct caller *k = calloc(1, sizeof *k);
  if (!k) BUG("out of memory");
  *k = (struct caller){.control = c, .next = c->callers, .fd = fd};
  buf_init(&k->in, CONTROL_BYTES_MAX);
  c->callers = k;
  k->watch = loop_watch(c->loop, fd, EPOLLIN, on_bytes, k);
}

/* The lock of the store is ours: a socket that lies there is of a server that was killed. */
static int listen_at(const char *path, const struct sockaddr_un *at, struct error *e) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  mode_t before = umask(0077);
  (void)unlink(path);
  bool ok = fd >= 0 && bind(fd, (const struct sockaddr *)at, sizeof *at) == 0 && listen(fd, 64) == 0;
  int number = errno;
  umask(before);
  if (ok) return fd;
  if (fd >= 0) close(fd);
  return error_set(e, ERR_IO, "cannot listen at %s: %s", path, strerror(number));
}

int control_open(struct control **out, struct loop *l, const char *store_path, const struct control_handler *h,
                 struct error *e) {
  struct sockaddr_un at;
  if (!address_of(&at, store_path))
    return error_set(e, ERR_LIMIT, "the path of the store is too long for a socket beside it: %s", store_path);
  int fd = listen_at(at.sun_path, &at, e);
  if (fd < 0) return -1;
  struct arena *a = arena_new(0);
  struct control *c = ARENA_NEW(a, struct control);
  *c = (struct control){.arena = a, .loop = l, .handler = *h, .path = arena_z(a, str_z(at.sun_path)), .fd = fd};
  c->watch = loop_watch(l, fd, EPOLLIN, on_caller, c);
  *out = c;
  return 0;
}

void control_close(struct control *c) {
  if (!c) return;
  while (c->callers) caller_end(c->callers);
  loop_unwatch(c->loop, c->watch);
  close(c->fd);
  (void)unlink(c->path);
  arena_free(c->arena);
}
