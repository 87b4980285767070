/* The ehmiSBDH with a real message in it. sbdh/NAME.xml are the envelopes that we make of sbdh/NAME.json, byte for
 * byte; sbdh/changes.cases has what is wrong with one of them after a change, as "rule line:col". */
#include "envelope/sbdh.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/map.h"
#include "formats/xpath.h"
#include "tests/validate/shared.h"

#define DATA TEST_DATA "/sbdh/"
#define BYTES_MAX ((size_t)1 << 20)
#define BASES_N (sizeof bases / sizeof *bases)

static const char *const bases[] = {"request", "acknowledgement-request",   "copy", "receipt", "exception",
                                    "resent",  "receipt-of-acknowledgement"};

static struct str read_data(struct arena *a, const char *name) {
  struct str bytes;
  struct error e;
  cr_assert_eq(file_read(&bytes, a, arena_z(a, arena_printf(a, DATA "%s", name)), BYTES_MAX, &e), 0, "%s", e.text);
  return bytes;
}

static const struct ehmi_profile *shipped(struct arena *a) {
  struct ehmi_profile *p;
  struct error e = {0};
  cr_assert_eq(sbdh_shipped_profile(&p, a, &e), 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
  return p;
}

static const struct sbdh_stamp stamps[] = {
    {STR_INIT("c0ffee00-0001-4000-8000-000000000001"), STR_INIT("2026-01-05T10:00:00+01:00")},
    {STR_INIT("c0ffee00-0002-4000-8000-000000000002"), STR_INIT("2026-01-05T10:00:03+01:00")},
    {STR_INIT("c0ffee00-0003-4000-8000-000000000003"), STR_INIT("2026-01-05T10:00:05+01:00")},
    {STR_INIT("c0ffee00-0004-4000-8000-000000000004"), STR_INIT("2026-01-05T10:10:05+01:00")}};

static void describe(struct envelope *env, struct arena *a, const char *file, const struct sbdh_stamp *stamp) {
  struct message bare;
  struct envelope_payload says;
  struct str bytes = read_data(a, file);
  message_read(&bare, a, (struct source){str_z(file), bytes});
  cr_assert_not_null(bare.resource);
  message_payload_facts(&says, a, bare.resource, bare.form);
  cr_assert(sbdh_describe(env, a, &says, bytes, stamp, shipped(a)));
}

static void make(struct envelope *env, struct arena *a, const char *name) {
  struct envelope request, acknowledgement;
  const struct ehmi_profile *p = shipped(a);
  struct sbdh_answer yes = {stamps[1], STR("c0ffee00-0005-4000-8000-000000000005"), {0}, {0}};
  struct sbdh_answer no = {stamps[1], yes.message_id, STR("Syntax"), STR("The document is not valid")};
  struct sbdh_party emr = {STR("5790008888131"), STR("8888131000016000")};
  describe(&request, a, "message.json", &stamps[0]);
  describe(&acknowledgement, a, "acknowledgement.json", &stamps[2]);
  *env = request;
  if (!strcmp(name, "acknowledgement-request")) *env = acknowledgement;
  if (!strcmp(name, "copy")) sbdh_copy(env, a, &request, &emr, read_data(a, "reference.json"), &stamps[2], p);
  if (!strcmp(name, "receipt")) sbdh_receipt(env, a, &request, &yes, p);
  if (!strcmp(name, "exception")) sbdh_receipt(env, a, &request, &no, p);
  if (!strcmp(name, "resent")) sbdh_resend(env, a, &request, &stamps[3], p);
  yes.stamp = stamps[3];
  if (!strcmp(name, "receipt-of-acknowledgement")) sbdh_receipt(env, a, &acknowledgement, &yes, p);
}

static struct str written(struct arena *a, const char *name) {
  struct envelope env;
  struct buf out;
  make(&env, a, name);
  buf_init(&out, BYTES_MAX);
  env.kind->write(&out, &env);
  return buf_take(&out, a);
}

static void open_case(struct message *m, struct findings *f, struct arena *a, struct str bytes) {
  findings_init(f, a);
  message_read(m, a, (struct source){STR("m"), bytes});
  validate_message(m, VALIDATE_BUNDLE, NULL, f);
}

/* What we write reads back without a finding, and says what it was made of. */
Test(sbdh, written_and_read_again) {
  static const char *const kinds[] = {"message", "fhir-ack", "copy", "receipt", "exception", "message", "receipt"};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < BASES_N; i++) {
    struct message m;
    struct findings f;
    struct str bytes = written(a, bases[i]);
    open_case(&m, &f, a, bytes);
    cr_expect_eq(f.list.n, 0, "%s: %.*s", bases[i], STR_F(shared_list(a, &f)));
    cr_expect(str_eqz(facts_get(&m.facts, "envelope"), "sbdh"));
    cr_expect(str_eqz(facts_get(&m.facts, "sbdh.kind"), kinds[i]), "%s", bases[i]);
  }
  arena_free(a);
}

Test(sbdh, written_as_they_are_kept) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < BASES_N; i++) {
    const char *file = arena_z(a, arena_printf(a, "%s.xml", bases[i]));
    struct str bytes = written(a, bases[i]);
    struct error e;
    if (getenv("TESTCAMP_ACCEPT")) cr_assert_eq(file_write(arena_z(a, arena_printf(a, DATA "%s", file)), bytes, &e), 0);
    cr_expect(str_eq(bytes, read_data(a, file)), "%s is not what is made now", file);
  }
  arena_free(a);
}

Test(sbdh, facts) {
  static const char *const request[][2] = {{"kind", "message"},
                                           {"envelope.id", "c0ffee00-0001-4000-8000-000000000001"},
                                           {"envelope.message", "bfceb4ba-a155-43d2-b7f7-aa2f55b989f8"},
                                           {"envelope.sender", "5790008888025"},
                                           {"envelope.receiver", "5790008888018"},
                                           {"envelope.name", "homecareobservation-message"},
                                           {"envelope.receipt", ""},
                                           {"event", "homecareobservation-message"},
                                           {"sbdh.exception", ""},
                                           {0}};
  static const char *const exception[][2] = {{"kind", "receipt"},
                                             {"envelope.id", "c0ffee00-0002-4000-8000-000000000002"},
                                             {"envelope.message", "c0ffee00-0005-4000-8000-000000000005"},
                                             {"envelope.sender", "5790008888018"},
                                             {"envelope.receiver", "5790008888025"},
                                             {"envelope.name", "ehmisbdh-acknowledgement"},
                                             {"envelope.receipt", "NegativeMessage"},
                                             {"envelope.original", "c0ffee00-0001-4000-8000-000000000001"},
                                             {"sbdh.exception", "Syntax"},
                                             {0}};
  struct arena *a = arena_new(0);
  for (size_t which = 0; which < 2; which++) {
    const char *const(*rows)[2] = which ? exception : request;
    struct message m;
    struct findings f;
    open_case(&m, &f, a, read_data(a, which ? "exception.xml" : "request.xml"));
    for (size_t i = 0; rows[i][0]; i++) {
      struct str found = facts_get(&m.facts, rows[i][0]);
      cr_expect(str_eqz(found, rows[i][1]), "%s is %.*s", rows[i][0], STR_F(found));
    }
  }
  arena_free(a);
}

/* Where there is no profile the envelope could not be judged, and says so; what the schema holds is told all the same.
 */
Test(sbdh, no_profile) {
  struct arena *a = arena_new(0);
  struct message m;
  struct findings f;
  setenv("TESTCAMP_DATA", TEST_DATA, 1); /* a folder without fixtures */
  open_case(&m, &f, a, read_data(a, "exception.xml"));
  cr_assert_eq(f.list.n, 1);
  cr_expect(str_eqz(f.list.v[0].rule, "validate.ehmi-profile"));
  cr_expect_eq(f.list.v[0].severity, SEV_UNDECIDED);
  cr_expect(str_eqz(facts_get(&m.facts, "envelope.receipt"), "NegativeMessage"));
  arena_free(a);
}

Test(sbdh, asked_by_xpath) {
  struct arena *a = arena_new(0);
  struct message m;
  struct findings f;
  struct xpath_result r;
  struct error e = {0};
  open_case(&m, &f, a, read_data(a, "request.xml"));
  struct str ask = STR("string(//s:Scope[s:Type='PROCESSID']/s:InstanceIdentifier)");
  cr_assert_eq(xpath_eval(&r, a, (struct node *)m.envelope->root, ask, NULL, &e), 0, "%s", e.text);
  cr_expect(str_eqz(r.text, "urn:ehmi:sdn-emergence"));
  arena_free(a);
}

/* One case of changes.cases: lines "- old" and "+ new" (of the envelope), "p- old" and "p+ new" (of the payload),
 * "to NAME" (the envelope that it must answer), and "=> rule line:col". */
struct change {
  struct str name, base, original, body, expected;
};

static struct str replaced(struct arena *a, struct str whole, struct str old, struct str new, struct str name) {
  size_t at = str_find(whole, old, 0);
  cr_assert_neq(at, SIZE_MAX, "%.*s: \"%.*s\" is not there", STR_F(name), STR_F(old));
  struct str before = str_sub(whole, 0, at), after = str_sub(whole, at + old.n, whole.n);
  return arena_printf(a, "%.*s%.*s%.*s", STR_F(before), STR_F(new), STR_F(after));
}

static struct str replaced_inside(struct arena *a, struct str whole, struct str old, struct str new, struct str name) {
  size_t from = str_find(whole, STR("encoding=\"UTF-8\">"), 0) + 17;
  size_t to = str_find(whole, STR("</BinaryContent>"), from), bad;
  struct str payload, code = str_sub(whole, from, to);
  struct buf out;
  cr_assert_eq(base64_decode(&payload, a, code, &bad), 0);
  buf_init(&out, BYTES_MAX);
  base64_encode(&out, replaced(a, payload, old, new, name));
  return replaced(a, whole, code, buf_take(&out, a), name);
}

/* "\n" in a text stands for a line end. */
static struct str unescaped(struct arena *a, struct str s) {
  struct buf out;
  buf_init(&out, BYTES_MAX);
  for (size_t at; (at = str_find(s, STR("\\n"), 0)) != SIZE_MAX; s = str_sub(s, at + 2, s.n)) {
    buf_add(&out, str_sub(s, 0, at));
    buf_byte(&out, '\n');
  }
  buf_add(&out, s);
  return buf_take(&out, a);
}

static struct str changed(struct arena *a, const struct change *c) {
  struct str bytes = read_data(a, arena_z(a, arena_printf(a, "%.*s.xml", STR_F(c->base)))), rest = c->body, old = {0};
  bool inside = false;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    bool of_payload = str_starts(line, STR("p"));
    struct str text = unescaped(a, str_sub(line, of_payload ? 3 : 2, line.n));
    if (str_starts(str_sub(line, of_payload, line.n), STR("-"))) {
      old = text;
      inside = of_payload;
    } else {
      bytes = inside ? replaced_inside(a, bytes, old, text, c->name) : replaced(a, bytes, old, text, c->name);
    }
  }
  return bytes;
}

static void check_texts(const struct findings *f, struct str name) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    cr_expect(x->en.n && x->da.n && x->source.n, "%.*s: %.*s has no text", STR_F(name), STR_F(x->rule));
    cr_expect_eq(str_find(x->en, STR("{1}"), 0), SIZE_MAX, "%.*s: %.*s", STR_F(name), STR_F(x->en));
    cr_expect_eq(str_find(x->en, STR("{2}"), 0), SIZE_MAX, "%.*s: %.*s", STR_F(name), STR_F(x->en));
    cr_expect_eq(str_find(x->en, STR("{3}"), 0), SIZE_MAX, "%.*s: %.*s", STR_F(name), STR_F(x->en));
  }
}

static struct str found_in(struct arena *a, const struct change *c) {
  struct message m, original;
  struct findings f, none;
  struct buf out;
  open_case(&m, &f, a, changed(a, c));
  if (c->original.n && m.envelope) {
    open_case(&original, &none, a, read_data(a, arena_z(a, arena_printf(a, "%.*s.xml", STR_F(c->original)))));
    m.envelope->kind->check_receipt(m.envelope, STR("m"), original.envelope, &f);
  }
  check_texts(&f, c->name);
  buf_init(&out, BYTES_MAX);
  for (size_t i = 0; i < f.list.n; i++) {
    const struct finding *x = &f.list.v[i];
    bool inside = str_ends(x->where.message, STR("#payload"));
    buf_printf(&out, "=> %s %.*s %s%d:%d\n", severity_name(x->severity), STR_F(x->rule), inside ? "payload:" : "",
               x->where.line, x->where.col);
  }
  return buf_take(&out, a);
}

/* NAME: BASE[ to ORIGINAL], changes, expectations, "---". */
static bool next_change(struct change *c, struct str *rest) {
  if (!str_trim(*rest).n) return false;
  size_t end = str_find(*rest, STR("---\n"), 0);
  cr_assert_neq(end, SIZE_MAX);
  struct str block = str_sub(*rest, 0, end), head = str_cut(&block, '\n');
  *rest = str_sub(*rest, end + 4, rest->n);
  *c = (struct change){.name = str_cut(&head, ':')};
  head = str_trim(head);
  c->base = str_cut(&head, ' ');
  if (head.n) c->original = str_trim(str_sub(head, 3, head.n));
  size_t arrow = str_starts(block, STR("=> ")) ? 0 : str_find(block, STR("\n=> "), 0);
  bool none = arrow == SIZE_MAX;
  size_t split = none ? block.n : arrow == 0 && str_starts(block, STR("=> ")) ? 0 : arrow + 1;
  c->body = str_sub(block, 0, split);
  c->expected = str_sub(block, split, block.n);
  return true;
}

Test(sbdh, changes) {
  struct arena *a = arena_new(0);
  struct str rest = read_data(a, "changes.cases");
  struct buf all;
  struct change c;
  size_t n = 0;
  buf_init(&all, BYTES_MAX);
  for (; next_change(&c, &rest); n++) {
    struct str found = found_in(a, &c);
    buf_printf(&all, "%.*s: %.*s%s%.*s\n%.*s%.*s---\n", STR_F(c.name), STR_F(c.base), c.original.n ? " to " : "",
               STR_F(c.original), STR_F(c.body), STR_F(found));
    cr_expect(getenv("TESTCAMP_ACCEPT") || str_eq(found, c.expected), "%.*s: found\n%.*sexpected\n%.*s", STR_F(c.name),
              STR_F(found), STR_F(c.expected));
  }
  if (getenv("TESTCAMP_ACCEPT")) {
    struct error e;
    cr_assert_eq(file_write(DATA "changes.cases", buf_str(&all), &e), 0);
  }
  cr_assert_geq(n, 90);
  buf_release(&all);
  arena_free(a);
}

/* Those that need another profile, or more than a few lines, have tests of their own (tests/envelope/sbdh_test.c). */
static bool has_own_test(const char *id) {
  static const char *const ids[] = {"sbdh.too-large",         "sbdh.scope.many", "sbdh.scope.identifier.other",
                                    "sbdh.reliable.expected", "sbdh.cpr.clear",  "sbdh.cpr.clear.other"};
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
    if (!strcmp(id, ids[i])) return true;
  return false;
}

Test(sbdh, every_rule_has_a_case) {
  struct arena *a = arena_new(0);
  struct str rest = read_data(a, "changes.cases");
  struct map seen;
  map_init(&seen, a);
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    if (!str_starts(line, STR("=> "))) continue;
    str_cut(&line, ' ');
    str_cut(&line, ' ');
    map_set(&seen, str_cut(&line, ' '), &seen);
  }
  for (size_t i = 0; i < sbdh_rules_n; i++) {
    const struct rule *r = &sbdh_rules[i];
    cr_assert_not_null(r->id, "rule %zu has no row", i);
    cr_expect(map_get(&seen, str_z(r->id)) || has_own_test(r->id), "no case raises %s", r->id);
  }
  arena_free(a);
}

/* A profile that the caller gives decides, also how severe a rule is. */
Test(sbdh, another_profile) {
  struct arena *a = arena_new(0);
  struct str yaml, bytes = read_data(a, "request.xml");
  struct ehmi_profile *p;
  struct message m;
  struct error e = {0};
  cr_assert_eq(file_read(&yaml, a, TEST_ROOT "/" EHMI_PROFILE_FILE, BYTES_MAX, &e), 0);
  yaml = replaced(a, yaml, STR("  is: \"urn:ehmi:sdn-emergence\""), STR("  is: \"urn:x\""), STR("yaml"));
  yaml = arena_printf(a, "%.*s  sbdh.process-id: {severity: warning, source: \"here\"}\n", STR_F(yaml));
  cr_assert_eq(ehmi_profile_read(&p, a, yaml, STR("p"), &e), 0, "%d:%d: %s", e.line, e.col, e.text);
  message_read_by(&m, a, (struct source){STR("m"), bytes}, &(struct message_options){.ehmi = p});
  cr_assert_eq(m.envelope_findings.list.n, 1);
  const struct finding *f = &m.envelope_findings.list.v[0];
  cr_expect(str_eqz(f->rule, "sbdh.process-id"));
  cr_expect_eq(f->severity, SEV_WARNING);
  cr_expect(str_eqz(f->source, "here"));
  yaml = replaced(a, yaml, STR("sbdh.process-id: {severity: warning"), STR("sbdh.process-id: {severity: off"),
                  STR("yaml"));
  cr_assert_eq(ehmi_profile_read(&p, a, yaml, STR("p"), &e), 0, "%s", e.text);
  message_read_by(&m, a, (struct source){STR("m"), bytes}, &(struct message_options){.ehmi = p});
  cr_expect_eq(m.envelope_findings.list.n, 0);
  arena_free(a);
}
