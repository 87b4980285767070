#include "record/event.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(event, .init = set_up, .fini = tear_down);

static const struct rule rule = {"test.rule", SEV_UNDECIDED, "a source", "English {1}", "dansk {1}"};

static struct str written(const struct event *ev) {
  struct buf b;
  buf_init(&b, 1 << 20);
  event_write(&b, ev);
  cr_assert(!b.full);
  return buf_take(&b, a);
}

static struct event *full_event(void) {
  struct event *ev = event_new(a, "received", 1767603600000, STR("3.1"), STR("3.1.2"));
  ev->seq = 7;
  facts_put(&ev->data, STR("message"), STR("m1"));
  facts_put(&ev->data, STR("file"), STR("æ \"quoted\" \\ \n\x01 name.xml"));
  struct finding *f = FINDING(&ev->findings, &rule, ((struct place){STR("m1"), 3, 4, STR("Bundle.id")}), STR("ø"));
  f->other = (struct place){STR("expected"), 5, 6, STR("Bundle.id")};
  FINDING(&ev->findings, &rule, (struct place){0}, STR("plain"));
  ev->blob = STR("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
  return ev;
}

/* The hash chain runs over these bytes: they may never change. */
Test(event, the_bytes_are_fixed) {
  struct str want = STR(
      "{\"seq\":7,\"at\":1767603600000,\"kind\":\"received\",\"case\":\"3.1\",\"step\":\"3.1.2\",\"data\":{\"message\":"
      "\"m1\",\"file\":\"æ \\\"quoted\\\" \\\\ \\n\\u0001 "
      "name.xml\"},\"findings\":[{\"rule\":\"test.rule\",\"severity\":"
      "\"undecided\",\"message\":\"m1\",\"line\":3,\"col\":4,\"path\":\"Bundle.id\",\"other\":{\"message\":"
      "\"expected\","
      "\"line\":5,\"col\":6,\"path\":\"Bundle.id\"},\"en\":\"English ø\",\"da\":\"dansk ø\",\"source\":\"a source\"},"
      "{\"rule\":\"test.rule\",\"severity\":\"undecided\",\"en\":\"English plain\",\"da\":\"dansk plain\",\"source\":"
      "\"a source\"}],\"blob\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"}");
  struct str got = written(full_event());
  cr_expect(str_eq(got, want), "%.*s", STR_F(got));
}

Test(event, empties_are_left_out) {
  struct str got = written(event_new(a, "harness-stopped", 5, STR(""), STR("")));
  cr_expect(str_eqz(got, "{\"seq\":0,\"at\":5,\"kind\":\"harness-stopped\"}"), "%.*s", STR_F(got));
}

Test(event, what_is_written_is_read_back) {
  struct error e;
  struct event *back;
  struct str line = written(full_event());
  cr_assert_eq(event_read(&back, a, line, &e), 0, "%s", e.text);
  cr_expect_eq(back->seq, 7);
  cr_expect_eq(back->at, 1767603600000);
  cr_expect(event_is(back, "received"));
  cr_expect(str_eqz(back->case_id, "3.1"));
  cr_expect(str_eqz(event_get(back, "file"), "æ \"quoted\" \\ \n\x01 name.xml"));
  cr_assert_eq(back->findings.list.n, 2);
  cr_expect_eq(back->findings.list.v[0].severity, SEV_UNDECIDED);
  cr_expect_eq(back->findings.list.v[0].other.col, 6);
  cr_expect(str_eq(written(back), line));
}

Test(event, dropped_findings_are_counted) {
  struct error e;
  struct event *ev = event_new(a, "verdict", 1, STR("1"), STR("1.1")), *back;
  for (int i = 0; i < FINDINGS_MAX + 3; i++) FINDING(&ev->findings, &rule, (struct place){0}, STR("x"));
  cr_assert_eq(event_read(&back, a, written(ev), &e), 0, "%s", e.text);
  cr_expect_eq(back->findings.list.n, (size_t)FINDINGS_MAX);
  cr_expect_eq(back->findings.dropped, 3);
  cr_expect_eq(findings_count(&back->findings, SEV_UNDECIDED), (size_t)FINDINGS_MAX + 3);
}

Test(event, facts_go_in_and_out) {
  struct event *ev = event_new(a, "received", 1, STR(""), STR(""));
  struct facts in, out;
  facts_init(&in, a);
  facts_init(&out, a);
  facts_put(&in, STR("kind"), STR("message"));
  facts_put(&in, STR("header.id"), STR("1"));
  facts_put(&ev->data, STR("message"), STR("m1"));
  event_put_facts(ev, &in);
  cr_expect(str_eqz(event_get(ev, "fact.header.id"), "1"));
  event_get_facts(&out, ev);
  cr_assert_eq(out.list.n, 2);
  cr_expect(str_eqz(facts_get(&out, "kind"), "message"));
}

/* A live state and a replayed one must hold the same facts, whatever came from the wire. */
Test(event, hostile_facts_are_the_same_after_reading) {
  static char big[100000];
  struct error e;
  struct facts in;
  struct event *ev = event_new(a, "received", 1, STR(""), STR("")), *back;
  memset(big, 'x', sizeof big);
  facts_init(&in, a);
  facts_put(&in, STR("bytes"),
            STR("a\xff\xfe"
                "b\xc3"));
  facts_put(&in, STR("nul"), STR("a\0b"));
  facts_put(&in, STR("big"), (struct str){big, sizeof big});
  event_put_facts(ev, &in);
  cr_assert_eq(event_read(&back, a, written(ev), &e), 0, "%s", e.text);
  cr_assert_eq(back->data.list.n, 3);
  for (size_t i = 0; i < 3; i++) cr_expect(str_eq(back->data.list.v[i].value, ev->data.list.v[i].value), "fact %zu", i);
  cr_expect(str_eqz(event_get(back, "fact.bytes"), "a\xEF\xBF\xBD\xEF\xBF\xBD"
                                                   "b\xEF\xBF\xBD"));
  cr_expect_lt(event_get(back, "fact.big").n, sizeof big);
}

Test(event, cleaning_leaves_what_is_clean) {
  struct event *ev = event_new(a, "answer", 1, STR(""), STR(""));
  facts_put(&ev->data, STR("text"), STR("æøå"));
  facts_put(&ev->data, STR("file"), STR("\xe6.xml"));
  event_clean(ev);
  cr_expect(str_eqz(event_get(ev, "text"), "æøå"));
  cr_expect(str_eqz(event_get(ev, "file"), "\xEF\xBF\xBD.xml"));
}

Test(event, damaged_lines_are_errors) {
  static const char *const lines[] = {
      "",
      "{",
      "[]",
      "null",
      "{\"seq\":1,\"at\":2}",
      "{\"seq\":\"1\",\"at\":2,\"kind\":\"x\"}",
      "{\"seq\":1.5,\"at\":2,\"kind\":\"x\"}",
      "{\"seq\":1,\"at\":2,\"kind\":3}",
      "{\"seq\":1,\"at\":2,\"kind\":\"x\",\"data\":[]}",
      "{\"seq\":1,\"at\":2,\"kind\":\"x\",\"data\":{\"a\":1}}",
      "{\"seq\":1,\"at\":2,\"kind\":\"x\",\"findings\":{}}",
      "{\"seq\":1,\"at\":2,\"kind\":\"x\",\"findings\":[1]}",
      "{\"seq\":1,\"at\":2,\"kind\":\"x\",\"findings\":[{\"severity\":\"grave\"}]}",
      "{\"seq\":99999999999999999999,\"at\":2,\"kind\":\"x\"}",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    struct error e = {0};
    struct event *ev;
    cr_expect_eq(event_read(&ev, a, str_z(lines[i]), &e), -1, "accepted: %s", lines[i]);
    cr_expect_eq(e.code, ERR_SYNTAX, "%s", lines[i]);
    cr_expect_neq(e.text[0], 0);
  }
}

static void collect_blob(void *payload, struct str name, struct str digest) {
  struct buf *b = payload;
  buf_printf(b, "%.*s=%.4s ", STR_F(name), digest.p);
}

Test(event, names_its_blobs) {
  struct event *ev = full_event();
  struct buf b;
  struct str digest = ev->blob;
  static const char *const names[] = {"payload", "copy", "vendor.blob", "evidence.1", "evidence.1.name", "digest", "x"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) facts_put(&ev->data, str_z(names[i]), digest);
  facts_put(&ev->data, STR("evidence.2"), STR("no digest"));
  buf_init(&b, 1000);
  event_blobs(ev, collect_blob, &b);
  cr_expect(str_eqz(buf_take(&b, a), "blob=9f86 payload=9f86 copy=9f86 vendor.blob=9f86 evidence.1=9f86 "));
}

/* The same as `printf 'hash\nline' | sha256sum`: bundles are checked by other programs too. */
Test(event, the_chain_is_fixed) {
  char hash[SHA256_HEX + 1];
  event_chain(hash, STR("hash"), STR("line"));
  cr_expect_str_eq(hash, "b67986735d755d74a210611879f3b970f63d23d0aa40d9441bb0c89d053f6761");
}
