/* The options, the exchange by folders, and the program as a child. */
#include "peer.h"

#include "base/file.h"
#include "net/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGS_MAX 12

static int parse(struct refvendor_options *o, struct arena *a, const char *const *words, struct error *e) {
  char *argv[ARGS_MAX] = {"refvendor"};
  int n = 1;
  for (; *words; words++) argv[n++] = arena_z(a, str_z(*words));
  refvendor_options_init(o);
  return refvendor_options_parse(o, a, n, argv, e);
}

Test(refvendor, options_are_read) {
  struct arena *a = arena_new(0);
  struct refvendor_options o;
  struct error e = {0};
  const char *words[] = {"--to",      "http://x", "--partner",  "57,88,A, B", "--defect=no-ack", "--defect", "late",
                         "--late-ms", "7",        "--form=xml", NULL};
  cr_assert_eq(parse(&o, a, words, &e), 0, "%s", e.text);
  cr_expect_str_eq(o.to, "http://x");
  cr_assert_eq(o.partners.n, 1);
  cr_expect(str_eqz(o.partners.v[0].name, "A, B"));
  cr_expect(o.defects[DEFECT_NO_ACK] && o.defects[DEFECT_LATE] && !o.defects[DEFECT_NO_RESEND]);
  cr_expect_eq(o.late_ms, 7);
  cr_expect_eq(o.form, RESOURCE_XML);
  arena_free(a);
}

Test(refvendor, wrong_options_are_errors) {
  static const struct {
    const char *words[5]; /* NULL behind the last */
    const char *says;
  } rows[] = {{{"--defect", "no-akc"}, "no-ack"},
              {{"--form", "yaml"}, "yaml"},
              {{"--nonsense"}, "--nonsense"},
              {{"--to"}, "--to"},
              {{"--late-ms", "soon"}, "soon"},
              {{"--partner", "57"}, "57"},
              {{"--folder-in", "a"}, "folder-out"},
              {{"stray"}, "stray"},
              {{"--rest", "http://a", "--to", "http://b"}, "--rest"}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct refvendor_options o;
    struct error e = {0};
    cr_expect_eq(parse(&o, a, rows[i].words, &e), -1, "%s", rows[i].words[0]);
    cr_expect_not_null(strstr(e.text, rows[i].says), "%s: %s", rows[i].words[0], e.text);
  }
  arena_free(a);
}

Test(refvendor, folders_carry_messages_both_ways) {
  const char *tmp = getenv("TMPDIR");
  char *dir;
  char **names;
  size_t n = 0;
  struct error e;
  struct peer p;
  peer_init(&p);
  dir = file_join(p.arena, tmp && *tmp ? tmp : P_tmpdir, "refvendor-test-XXXXXX");
  cr_assert_not_null(mkdtemp(dir));
  p.options.to = NULL;
  p.options.folder_in = file_join(p.arena, dir, "in");
  p.options.folder_out = file_join(p.arena, dir, "out");
  peer_start(&p);
  struct str wire = peer_wrap(&p, peer_fixture(&p, "new.json", "x", RESOURCE_JSON), NULL);
  cr_assert_eq(file_write(file_join(p.arena, p.options.folder_in, "m.xml"), wire, &e), 0, "%s", e.text);
  for (int64_t until = clock_monotonic() + PEER_WAIT_MS; n == 0 && clock_monotonic() < until;) {
    loop_turn(p.loop, 50);
    cr_assert_eq(file_list(&names, &n, p.arena, p.options.folder_out, &e), 0, "%s", e.text);
  }
  cr_assert_eq(n, 1);
  struct str bytes;
  struct message m;
  const char *path = file_join(p.arena, p.options.folder_out, names[0]);
  cr_assert_eq(file_read(&bytes, p.arena, path, (size_t)1 << 20, &e), 0, "%s", e.text);
  message_read(&m, p.arena, (struct source){STR("from the folder"), bytes});
  peer_expect_valid(&p, &m, "acknowledgement");
  cr_expect_not(file_exists(file_join(p.arena, p.options.folder_in, "m.xml")));
  unlink(path);
  refvendor_close(p.vendor);
  p.vendor = NULL;
  cr_expect_eq(rmdir(p.options.folder_in), 0);
  cr_expect_eq(rmdir(p.options.folder_out), 0);
  cr_expect_eq(rmdir(dir), 0);
  peer_close(&p);
}

struct program {
  struct arena *arena;
  struct str line;
  int ended, code;
};

static void on_line(void *payload, struct str line) {
  struct program *k = payload;
  if (!k->line.n) k->line = arena_str(k->arena, line);
}

static void on_ended(void *payload, int code) {
  struct program *k = payload;
  k->ended = 1;
  k->code = code;
}

static void run_program(struct program *k, struct loop *l, struct child **c, const char *option) {
  const char *argv[] = {TEST_BIN "/refvendor", option, NULL};
  struct child_events ev = {.line = on_line, .ended = on_ended, .payload = k};
  struct error e;
  int64_t until = clock_monotonic() + 2 * PEER_WAIT_MS;
  cr_assert_eq(child_start(c, l, argv, &ev, &e), 0, "%s", e.text);
  while (!k->line.n && !k->ended && clock_monotonic() < until) loop_turn(l, 50);
}

Test(refvendor, the_program_says_where_it_listens_and_ends_by_sigterm) {
  struct program k = {.arena = arena_new(0)};
  struct loop *l;
  struct child *c;
  struct error e;
  if (!file_exists(TEST_BIN "/refvendor")) cr_skip_test("the program refvendor is not built");
  setenv("TESTCAMP_DATA", TEST_ROOT, 1);
  cr_assert_eq(loop_open(&l, &e), 0, "%s", e.text);
  run_program(&k, l, &c, "--seed=1");
  cr_expect(str_starts(k.line, STR("listening http://127.0.0.1:")), "%.*s", STR_F(k.line));
  child_stop(c);
  loop_close(l);
  arena_free(k.arena);
}

Test(refvendor, the_program_lists_its_defects) {
  struct program k = {.arena = arena_new(0)};
  struct loop *l;
  struct child *c;
  struct error e;
  if (!file_exists(TEST_BIN "/refvendor")) cr_skip_test("the program refvendor is not built");
  cr_assert_eq(loop_open(&l, &e), 0, "%s", e.text);
  run_program(&k, l, &c, "--list-defects");
  for (int64_t until = clock_monotonic() + PEER_WAIT_MS; !k.ended && clock_monotonic() < until;) loop_turn(l, 50);
  cr_expect(str_starts(k.line, str_z(defects[0].name)), "%.*s", STR_F(k.line));
  cr_expect_eq(k.code, 0);
  child_stop(c);
  loop_close(l);
  arena_free(k.arena);
}
