/* Words judged, and mistakes in their arguments: data/steps/judge and data/steps/parse. */
#include "rig.h"

#include "base/file.h"

#include <criterion/criterion.h>

#define PRELUDE                                                                                                        \
  "- step: \"1.1\"\n  send: {fixture: letter.json, as: draft, from: \"${vendor.gln}\", to: "                           \
  "\"${counterpart.gln}\"}\n- step: \"1.2\"\n  expect: {event: care-communication-message, as: letter}\n"              \
  "- step: \"1.3\"\n  expect: {event: care-communication-message, as: bare}\n"                                         \
  "- step: \"1.4\"\n  expect: {event: care-communication-message, as: xml}\n"                                          \
  "- step: \"1.5\"\n  expect: {event: x, as: broken}\n"                                                                \
  "- step: \"1.6\"\n  expect: {event: x, as: never}\n- step: \"1.7\"\n  wait: {for: 1 s}\n"

static struct str text_file(struct arena *a, const char *dir, const char *name, const char *ext) {
  struct error e;
  struct str out;
  const char *path = arena_printf(a, "%s/%s/%s.%s", TEST_DATA, dir, name, ext).p;
  cr_assert_eq(file_read(&out, a, path, 1 << 20, &e), 0, "%s", e.text);
  return out;
}

static void compare(struct arena *a, const char *dir, const char *name, struct str got) {
  struct str expect = text_file(a, dir, name, "expect");
  while (expect.n || got.n) {
    struct str want_line = str_cut(&expect, '\n'), got_line = str_cut(&got, '\n');
    cr_expect(str_eq(want_line, got_line), "%s/%s\n want %.*s\n got  %.*s", dir, name, STR_F(want_line),
              STR_F(got_line));
  }
}

static void give(struct rig *r, const char *step, struct str bytes, const char *as) {
  struct str id = rig_receive(r, NULL, bytes);
  struct event *ev = rig_event(r, "matched", step);
  facts_put(&ev->data, STR("message"), id);
  facts_put(&ev->data, STR("as"), str_z(as));
  rig_apply(r, ev);
}

/* letter: enveloped JSON; bare: another one without envelope; xml: bare XML; broken: an envelope around no FHIR. */
static void prepare(struct rig *r) {
  struct str wire = rig_send(r, "1.1"), xml;
  struct message m;
  struct shapes *shapes;
  struct error e;
  struct buf b;
  cr_assert_eq(shapes_read(&shapes, r->a, TEST_ROOT, &e), 0, "%s", e.text);
  message_read(&m, r->a, (struct source){STR("x"), wire});
  buf_init(&b, 1 << 20);
  resource_write(&b, m.resource, RESOURCE_XML, shapes, 2);
  xml = buf_take(&b, r->a);
  give(r, "1.2", wire, "letter");
  give(r, "1.3", rig_swap(r, m.payload.bytes, "\"message\"", "\"batch\""), "bare");
  r->s->messages.v[r->s->messages.n - 1]->facts.list.n = 0;
  give(r, "1.4", xml, "xml");
  r->s->messages.v[r->s->messages.n - 1]->facts.list.n = 0;
  give(r, "1.5", rig_swap_payload(r, wire, "\"resourceType\"", "\"resource\""), "broken");
}

static void describe(struct buf *b, const struct state_step *st) {
  const char *verdict = verdict_name(st->verdict);
  buf_printf(b, "%.*s %s | %.*s | %.*s\n", STR_F(st->step->id), verdict, STR_F(st->actual.en), STR_F(st->actual.da));
  for (size_t i = 0; i < st->findings.list.n; i++) {
    const struct finding *f = &st->findings.list.v[i];
    buf_printf(b, "  %.*s %s %.*s:%d:%d %.*s\n    %.*s\n    %.*s\n", STR_F(f->rule), severity_name(f->severity),
               STR_F(f->where.message), f->where.line, f->where.col, STR_F(f->where.path), STR_F(f->en), STR_F(f->da));
  }
}

static void judged(const char *name) {
  struct arena *a = arena_new(0);
  struct str in = text_file(a, "judge", name, "in");
  struct rig *r = rig_new(arena_printf(a, "%s%.*s", PRELUDE, STR_F(in)).p);
  struct buf b;
  cr_assert_not_null(r->p);
  r->services.data_dir = TEST_DATA "/tree";
  prepare(r);
  buf_init(&b, 1 << 20);
  for (size_t i = 7; i < r->s->cases[0].n; i++) {
    struct state_step *st = &r->s->cases[0].steps[i];
    describe(&b, rig_do(r, arena_z(a, st->step->id)));
  }
  compare(a, "judge", name, buf_str(&b));
  buf_release(&b);
  rig_free(r);
  arena_free(a);
}

Test(data, judge_assert) {
  judged("assert");
}

Test(data, judge_others) {
  judged("others");
}

/* A time in UTC that is later, although as a text it comes first. */
Test(data, times_are_compared_as_times) {
  struct arena *a = arena_new(0);
  struct rig *r = rig_new(PRELUDE "- step: \"1.8\"\n  assert: {on: zulu, fhirpath: \"Bundle.timestamp > "
                                  "%letter.timestamp\"}\n");
  struct shapes *shapes;
  struct error e;
  struct message m;
  cr_assert_not_null(r->p);
  r->services.data_dir = TEST_DATA "/tree";
  prepare(r);
  cr_assert_eq(shapes_read(&shapes, a, TEST_ROOT, &e), 0, "%s", e.text);
  r->services.shapes = shapes;
  message_read(&m, r->a, (struct source){STR("x"), rig_bytes(r, state_message_find(r->s, STR("letter")))});
  struct str time = node_text_at(m.resource, "timestamp");
  cr_assert(str_starts(time, STR("2026-01-05T09:59")), "%.*s", STR_F(time));
  give(r, "1.6", rig_swap(r, m.payload.bytes, arena_z(r->a, time), "2026-01-05T08:59:59Z"), "zulu");
  cr_assert_eq(rig_do(r, "1.8")->verdict, VERDICT_PASS);
  rig_free(r);
  arena_free(a);
}

/* The same letter as JSON and as XML says the same; another kind of number is found. */
Test(data, letters_are_compared_by_what_they_say) {
  struct rig *r = rig_new(PRELUDE "- step: \"1.8\"\n  diff: {on: xml, expected: letter, semantic: true}\n"
                                  "- step: \"1.9\"\n  diff: {on: other, expected: letter, semantic: true}\n"
                                  "- step: \"1.10\"\n  diff: {on: broken, expected: letter, semantic: true}\n");
  struct message m;
  cr_assert_not_null(r->p);
  r->services.data_dir = TEST_DATA "/tree";
  prepare(r);
  message_read(&m, r->a, (struct source){STR("x"), rig_bytes(r, state_message_find(r->s, STR("letter")))});
  give(r, "1.6", rig_swap(r, m.payload.bytes, "urn:oid:1.2.208.176.1.2\"", "urn:oid:1.2.208.176.1.6.1.1\""), "other");
  r->services.data_dir = TEST_ROOT;
  struct state_step *same = rig_do(r, "1.8");
  cr_expect_eq(same->verdict, VERDICT_PASS);
  cr_expect(str_eqz(same->actual.en, "0 differences"), "%.*s", STR_F(same->actual.en));
  struct state_step *other = rig_do(r, "1.9");
  cr_expect_eq(other->verdict, VERDICT_FAIL);
  cr_assert_geq(other->findings.list.n, 1);
  cr_expect(str_eqz(other->findings.list.v[0].rule, "diff.semantic.missing"));
  cr_expect_neq(rig_do(r, "1.10")->verdict, VERDICT_PASS);
  rig_free(r);
}

static struct step_compared compared(struct rig *r, const char *step) {
  struct step_compared out = {0};
  struct step_view v = rig_view(r, step);
  struct error e;
  cr_assert_eq(v.at->step->kind->compared(&v, &out, &e), 0, "%s", e.text);
  return out;
}

static int shifted(const struct step_compared *c, const struct node *n) {
  int col = n->col;
  for (size_t i = 0; i < c->shifts.n; i++)
    if (c->shifts.v[i].line == n->line && c->shifts.v[i].col < n->col) col += c->shifts.v[i].by;
  return col;
}

static size_t expect_alike(const struct step_compared *c, const struct node *judged, const struct node *shown) {
  size_t n = 1;
  cr_assert_not_null(shown);
  cr_expect(str_eq(judged->text, shown->text), "%.*s: %.*s", STR_F(judged->text), STR_F(shown->text));
  cr_expect_eq(judged->line, shown->line);
  cr_expect_eq(shifted(c, judged), shown->col, "%.*s: %d", STR_F(judged->name), shown->col);
  const struct node *other = shown->first;
  for (NODE_EACH(child, judged)) {
    n += expect_alike(c, child, other);
    other = other->next;
  }
  return n;
}

/* What is shown of a fixture has the values that it was judged by, at the places where findings say they are. */
Test(data, a_fixture_is_shown_as_it_was_compared) {
  struct rig *r = rig_new(PRELUDE "- step: \"1.8\"\n  diff: {on: letter, expected: compared.json}\n");
  struct node *judged, *shown = NULL;
  enum resource_form form;
  struct error e;
  struct findings f;
  cr_assert_not_null(r->p);
  r->services.data_dir = TEST_DATA "/tree";
  prepare(r);
  cr_expect_eq(rig_do(r, "1.8")->verdict, VERDICT_FAIL);
  struct step_compared c = compared(r, "1.8");
  cr_expect(str_eqz(c.name, "compared.json"));
  cr_expect_eq(c.unknown, 0);
  cr_expect_eq(c.shifts.n, 5);
  struct step_view v = rig_view(r, "1.8");
  struct expander x = {.v = &v, .making = true, .now = v.at->opened_at};
  cr_assert_eq(fixture_read(&judged, &form, &x, STR("compared.json"), &e), 0, "%s", e.text);
  findings_init(&f, r->a);
  cr_assert_eq(resource_read(&shown, &form, r->a, (struct source){STR("shown"), c.bytes}, &f), 0, "%.*s",
               STR_F(c.bytes));
  cr_expect_eq(expect_alike(&c, judged, shown), 8);
  rig_free(r);
}

Test(data, what_a_run_does_not_know_stays_as_it_is_written) {
  struct rig *r = rig_new(PRELUDE "- step: \"1.8\"\n  diff: {on: letter, expected: compared-unknown.json}\n"
                                  "- step: \"1.9\"\n  diff: {on: letter, expected: bare}\n"
                                  "- step: \"1.10\"\n  diff: {on: letter, expected: nothing.json}\n");
  cr_assert_not_null(r->p);
  r->services.data_dir = TEST_DATA "/tree";
  prepare(r);
  cr_expect_eq(rig_do(r, "1.8")->verdict, VERDICT_INCONCLUSIVE);
  struct step_compared c = compared(r, "1.8");
  cr_expect_eq(c.unknown, 1);
  cr_expect_neq(str_find(c.bytes, STR("\"id\": \"${never.bundle.id}\""), 0), SIZE_MAX);
  cr_expect_eq(str_find(c.bytes, STR("${vendor.gln}"), 0), SIZE_MAX);
  c = compared(r, "1.9");
  cr_expect_eq(c.name.n + c.bytes.n, 0, "a message is no fixture");
  struct step_view v = rig_view(r, "1.10");
  struct error e;
  cr_expect_eq(v.at->step->kind->compared(&v, &c, &e), -1);
  rig_free(r);
}

static struct str mapped(struct rig *r, const char *name) {
  struct error e;
  struct str out;
  cr_assert_eq(file_read(&out, r->a, arena_printf(r->a, TEST_DATA "/../mapping/%s", name).p, 1 << 20, &e), 0);
  return out;
}

/* What is attached to a letter is compared once the run has the XBIN01 that holds it, and undecided until then. */
Test(data, attachments_are_compared_where_the_run_has_them) {
  static const struct {
    const char *objects, *from, *to;
    enum verdict verdict;
  } rows[] = {{NULL, NULL, NULL, VERDICT_INCONCLUSIVE},
              {"xbin01.xml", "<Emessage", "<Emessage", VERDICT_PASS},
              {"xbin01.xml", "<Object_Base64Encoded>", "<Object_Base64Encoded>AAAA", VERDICT_FAIL}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig *r = rig_new(PRELUDE "- step: \"1.8\"\n  diff: {on: xml, expected: letter, semantic: true}\n");
    cr_assert_not_null(r->p);
    r->services.data_dir = TEST_ROOT;
    give(r, "1.2", mapped(r, "xdis91.xml"), "letter");
    give(r, "1.4", mapped(r, "xdis91-converted.json"), "xml");
    if (rows[i].objects)
      give(r, "1.3", rig_swap(r, mapped(r, rows[i].objects), arena_z(r->a, str_z(rows[i].from)), rows[i].to), "bare");
    struct state_step *s = rig_do(r, "1.8");
    cr_expect_eq(s->verdict, rows[i].verdict, "%zu: %.*s", i, STR_F(s->actual.en));
    rig_free(r);
  }
}

/* Each item alone, so that one mistake cannot hide another. */
Test(data, parse_words) {
  struct arena *a = arena_new(0);
  struct str in = text_file(a, "parse", "words", "in");
  struct buf b;
  buf_init(&b, 1 << 20);
  while (in.n) {
    struct str line = str_cut(&in, '\n');
    struct rig *r = rig_new(arena_printf(a, "%.*s\n", STR_F(line)).p);
    buf_printf(&b, "%.*s\n", STR_F(line));
    for (size_t i = 0; i < r->found.list.n; i++) {
      const struct finding *f = &r->found.list.v[i];
      buf_printf(&b, "  %d %.*s\n", f->where.col, STR_F(f->en));
    }
    cr_expect(r->found.list.n || str_find(line, STR("${x1"), 0) != SIZE_MAX, "%.*s", STR_F(line));
    rig_free(r);
  }
  compare(a, "parse", "words", buf_str(&b));
  buf_release(&b);
  arena_free(a);
}

Test(data, table) {
  static const char *const words[] = {"instruct", "manual",     "explain",     "send",     "send-ack",
                                      "expect",   "expect-ack", "expect-none", "wait",     "validate",
                                      "assert",   "capture",    "diff",        "fault",    "http",
                                      "preload",  "remove",     "unsupported", "reported", "flow"};
  size_t n = 0;
  while (step_kinds[n]) n++;
  cr_assert_eq(n, sizeof words / sizeof *words);
  for (size_t i = 0; i < n; i++) {
    cr_assert_str_eq(step_kinds[i]->word, words[i]);
    cr_assert(step_kinds[i]->parse && step_kinds[i]->judge);
  }
}

Test(data, rules) {
  for (size_t i = 0; i < steps_rules_n; i++) {
    cr_assert(steps_rules[i].id && steps_rules[i].en && steps_rules[i].da && steps_rules[i].source, "%zu", i);
    for (size_t k = 0; k < i; k++) cr_assert_str_neq(steps_rules[i].id, steps_rules[k].id);
  }
}
