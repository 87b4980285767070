#include "console/password.h"

#include "base/buf.h"
#include "net/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

/* OWASP's advice for scrypt: N = 2^17, r = 8, p = 1 (128 MiB); and the most that a kept form may ask for. */
#define COST_N 131072
#define COST_R 8
#define COST_P 1
#define COST_N_MAX 1048576
#define MEMORY_MAX ((uint64_t)1200 << 20)
#define SALT_BYTES 16
#define KEY_BYTES 32
#define KEPT_MAX 256

struct cost {
  int64_t n, r, p;
};

static bool derive(unsigned char key[KEY_BYTES], struct str password, const unsigned char *salt, struct cost c) {
  return EVP_PBE_scrypt(password.p, password.n, salt, SALT_BYTES, (uint64_t)c.n, (uint64_t)c.r, (uint64_t)c.p,
                        MEMORY_MAX, key, KEY_BYTES) == 1;
}

static void put_hex(struct buf *out, const unsigned char *bytes, size_t n) {
  for (size_t i = 0; i < n; i++) buf_printf(out, "%02x", bytes[i]);
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_hex(unsigned char *out, size_t n, struct str hex) {
  if (hex.n != 2 * n) return false;
  for (size_t i = 0; i < n; i++) {
    int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = (unsigned char)(high << 4 | low);
  }
  return true;
}

static bool read_kept(struct str kept, struct cost *c, unsigned char salt[SALT_BYTES], unsigned char key[KEY_BYTES]) {
  if (!str_eqz(str_cut(&kept, '$'), "scrypt")) return false;
  if (!str_int(str_cut(&kept, '$'), &c->n) || !str_int(str_cut(&kept, '$'), &c->r) ||
      !str_int(str_cut(&kept, '$'), &c->p))
    return false;
  if (c->n < 2 || c->n > COST_N_MAX || c->r != COST_R || c->p != COST_P) return false;
  return take_hex(salt, SALT_BYTES, str_cut(&kept, '$')) && take_hex(key, KEY_BYTES, kept);
}

int password_check(struct str password, struct str account, struct error *e) {
  if (password.n < PASSWORD_MIN || password.n > PASSWORD_MAX)
    return error_set(e, ERR_CONFIG, "a password has %d to %d characters", PASSWORD_MIN, PASSWORD_MAX);
  if (str_eq_nocase(password, account)) return error_set(e, ERR_CONFIG, "the name of the account is no password");
  return 0;
}

int password_hash(struct str *kept, struct arena *a, struct str password, struct error *e) {
  unsigned char salt[SALT_BYTES], key[KEY_BYTES];
  struct buf b;
  if (RAND_bytes(salt, SALT_BYTES) != 1 || !derive(key, password, salt, (struct cost){COST_N, COST_R, COST_P}))
    return error_set(e, ERR_IO, "a password cannot be hashed here: not enough memory or no random numbers");
  buf_init(&b, KEPT_MAX);
  buf_printf(&b, "scrypt$%d$%d$%d$", COST_N, COST_R, COST_P);
  put_hex(&b, salt, SALT_BYTES);
  buf_byte(&b, '$');
  put_hex(&b, key, KEY_BYTES);
  *kept = buf_take(&b, a);
  return 0;
}

bool password_fits(struct str kept, struct str password) {
  unsigned char salt[SALT_BYTES] = {0}, want[KEY_BYTES] = {0}, key[KEY_BYTES];
  struct cost c = {COST_N, COST_R, COST_P};
  bool whole = read_kept(kept, &c, salt, want);
  if (!whole) c = (struct cost){COST_N, COST_R, COST_P};
  return derive(key, password, salt, c) && CRYPTO_memcmp(key, want, KEY_BYTES) == 0 && whole;
}

/* ---- in a child process ---- */

struct passwords {
  struct loop *loop;
  struct job *jobs;
};

struct job {
  struct passwords *of;
  struct job *next;
  struct loop_fd *watch;
  pid_t pid;
  int fd;
  struct buf answer;
  void (*fits)(void *payload, bool fits);
  void (*hashed)(void *payload, struct str kept);
  void *payload;
};

static void job_end(struct job *j) {
  for (struct job **at = &j->of->jobs; *at; at = &(*at)->next) {
    if (*at != j) continue;
    *at = j->next;
    break;
  }
  loop_unwatch(j->of->loop, j->watch);
  close(j->fd);
  while (waitpid(j->pid, NULL, 0) < 0 && errno == EINTR) continue;
}

static void job_free(struct job *j) {
  buf_release(&j->answer);
  free(j);
}

static void job_tell(struct job *j) {
  struct str answer = buf_str(&j->answer);
  job_end(j);
  if (j->fits) j->fits(j->payload, str_eqz(answer, "yes"));
  if (j->hashed) j->hashed(j->payload, answer);
  job_free(j);
}

static void on_answer(void *payload, uint32_t events) {
  struct job *j = payload;
  char part[KEPT_MAX];
  (void)events;
  ssize_t n = read(j->fd, part, sizeof part);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n > 0)
    buf_add(&j->answer, (struct str){part, (size_t)n});
  else
    job_tell(j);
}

_Noreturn static void work(int to, struct str kept, struct str password, bool hash) {
  struct arena *a = arena_new_small(0);
  struct str answer = STR("no");
  struct error e;
  if (hash && password_hash(&answer, a, password, &e) < 0) answer = STR("");
  if (!hash && password_fits(kept, password)) answer = STR("yes");
  ssize_t n = write(to, answer.p, answer.n);
  _exit(n == (ssize_t)answer.n ? 0 : 1);
}

static int start(struct passwords *p, const struct job *like, struct str kept, struct str password, struct error *e) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return error_set(e, ERR_IO, "no pipe to hash a password");
  pid_t pid = fork();
  if (pid == 0) work(ends[1], kept, password, like->hashed != NULL);
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return error_set(e, ERR_IO, "no process to hash a password");
  }
  struct job *j = calloc(1, sizeof *j);
  if (!j) BUG("out of memory");
  *j = *like;
  j->of = p, j->next = p->jobs, j->pid = pid, j->fd = ends[0];
  p->jobs = j;
  buf_init(&j->answer, KEPT_MAX);
  j->watch = loop_watch(p->loop, ends[0], EPOLLIN, on_answer, j);
  return 0;
}

struct passwords *passwords_new(struct loop *l) {
  struct passwords *p = calloc(1, sizeof *p);
  if (!p) BUG("out of memory");
  p->loop = l;
  return p;
}

void passwords_free(struct passwords *p) {
  while (p->jobs) {
    struct job *j = p->jobs;
    kill(j->pid, SIGKILL);
    job_end(j);
    job_free(j);
  }
  free(p);
}

int password_start(struct passwords *p, struct str kept, struct str password, void (*done)(void *payload, bool fits),
                   void *payload, struct error *e) {
  return start(p, &(struct job){.fits = done, .payload = payload}, kept, password, e);
}

int password_start_hash(struct passwords *p, struct str password, void (*done)(void *payload, struct str kept),
                        void *payload, struct error *e) {
  return start(p, &(struct job){.hashed = done, .payload = payload}, STR(""), password, e);
}
