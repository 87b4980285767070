#include "net_test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "net/child.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct kid {
  struct net_test t;
  struct child *child;
  struct buf lines; /* each followed by '|' */
  size_t n, ended;
  size_t longest;
  int code;
  bool stop_at_line;
};

static void on_line(void *payload, struct str line) {
  struct kid *k = payload;
  k->n++;
  if (line.n > k->longest) k->longest = line.n;
  buf_add(&k->lines, line);
  buf_byte(&k->lines, '|');
  if (!k->stop_at_line) return;
  child_stop(k->child);
  k->child = NULL;
}

static void on_ended(void *payload, int code) {
  struct kid *k = payload;
  k->ended++;
  k->code = code;
}

static void kid_start(struct kid *k, const char *script) {
  struct error e;
  const char *argv[] = {"sh", "-c", script, NULL};
  struct child_events ev = {on_line, on_ended, k};
  *k = (struct kid){0};
  net_test_open(&k->t);
  buf_init(&k->lines, 100000);
  cr_assert_eq(child_start(&k->child, k->t.loop, argv, &ev, &e), 0, "%s", e.text);
}

static void kid_close(struct kid *k) {
  child_stop(k->child);
  buf_release(&k->lines);
  net_test_close(&k->t);
}

Test(child, lines_and_exit_code) {
  static const struct {
    const char *script, *lines;
    int code;
  } rows[] = {
      {"echo one; echo two; exit 7", "one|two|", 7},
      {"printf 'a\\n\\nb'", "a||b|", 0},
      {"exit 0", "", 0},
      {"kill -9 $$", "", 128 + SIGKILL},
      {"exec >&-; exit 3", "", 3},
      {"sleep 2 2>&- & echo early; exit 4", "early|", 4},
      {"read x || echo no input", "no input|", 0},
      {"no-such-program 2>&-", "", 127},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct kid k;
    kid_start(&k, rows[i].script);
    cr_assert(net_test_until(&k.t, &k.ended, 1), "%s", rows[i].script);
    cr_assert_eq(k.code, rows[i].code, "%s: %d", rows[i].script, k.code);
    cr_assert(str_eqz(buf_str(&k.lines), rows[i].lines), "%s: %s", rows[i].script, k.lines.p);
    kid_close(&k);
  }
}

Test(child, ten_thousand_lines_and_a_long_one) {
  struct kid k;
  kid_start(&k, "i=0; while [ $i -lt 10000 ]; do echo; i=$((i+1)); done; printf '%09000d\\nend\\n' 1");
  cr_assert(net_test_until(&k.t, &k.ended, 1));
  cr_assert_eq(k.n, 10002);
  cr_assert_eq(k.longest, CHILD_LINE_MAX);
  cr_assert(str_ends(buf_str(&k.lines), STR("|end|")));
  kid_close(&k);
}

Test(child, stop_ends_it_without_calling_back) {
  struct kid k;
  kid_start(&k, "echo $$; exec sleep 60");
  cr_assert(net_test_until(&k.t, &k.n, 1));
  int64_t pid, start = clock_monotonic();
  cr_assert(str_int(str_sub(buf_str(&k.lines), 0, k.lines.n - 1), &pid));
  child_stop(k.child);
  k.child = NULL;
  cr_assert_lt(clock_monotonic() - start, 900);
  cr_assert(kill((pid_t)pid, 0) == -1 && errno == ESRCH);
  net_test_turns(&k.t, 20);
  cr_assert_eq(k.ended, 0);
  kid_close(&k);
}

/* The end of a pipe that the orphan holds closes when it has ended too. */
Test(child, it_ends_when_we_are_killed) {
  int held[2], n = 0;
  char byte;
  cr_assert_eq(pipe2(held, O_CLOEXEC), 0);
  pid_t we = fork();
  if (we == 0) {
    struct kid k;
    dup2(held[1], STDERR_FILENO);
    kid_start(&k, "echo up; exec sleep 60");
    net_test_until(&k.t, &k.n, 1);
    rmdir(k.t.dir);
    kill(getpid(), SIGKILL);
  }
  close(held[1]);
  struct pollfd p = {.fd = held[0], .events = POLLIN};
  cr_assert_eq(poll(&p, 1, WAIT_MS), 1, "the child lives on");
  cr_assert_eq(read(held[0], &byte, 1), 0);
  cr_assert_eq(waitpid(we, &n, 0), we);
  cr_assert(WIFSIGNALED(n));
  close(held[0]);
}

Test(child, one_that_ignores_the_signal_is_killed) {
  struct kid k;
  kid_start(&k, "trap '' TERM; echo ready; while :; do sleep 1; done");
  cr_assert(net_test_until(&k.t, &k.n, 1));
  int64_t start = clock_monotonic();
  child_stop(k.child);
  k.child = NULL;
  cr_assert_geq(clock_monotonic() - start, 900);
  cr_assert_lt(clock_monotonic() - start, WAIT_MS);
  kid_close(&k);
}

Test(child, it_may_be_stopped_by_its_callback) {
  struct kid k;
  kid_start(&k, "echo a; echo b; echo c; sleep 60");
  k.stop_at_line = true;
  cr_assert(net_test_until(&k.t, &k.n, 1));
  net_test_turns(&k.t, 20);
  cr_assert_eq(k.n, 1);
  cr_assert_eq(k.ended, 0);
  kid_close(&k);
}

Test(child, a_program_that_is_not_there_is_an_error) {
  struct net_test t;
  struct error e;
  struct child *c;
  struct child_events ev = {0};
  net_test_open(&t);
  const char *argv[] = {"no-such-program-anywhere", NULL};
  cr_assert_eq(child_start(&c, t.loop, argv, &ev, &e), -1);
  cr_assert(strstr(e.text, argv[0]) && strstr(e.text, "No such file"), "%s", e.text);
  net_test_close(&t);
}
