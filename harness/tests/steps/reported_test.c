/* The word reported: what of the mailboxes it holds against each other. */
#include "rig.h"

#include "base/file.h"
#include "endpoint/msh.h"

#include <criterion/criterion.h>

#define THEIRS                                                                                                         \
  "- step: \"1.1\"\n  send: {fixture: homecareobservation/new.json, as: made, envelope: sbdh, "                        \
  "from: \"${vendor.gln}\", to: \"${counterpart.gln}\", with: {yder: \"081299\", initials: XX}}\n"
#define EXPECT "- step: \"1.2\"\n  expect: {event: homecareobservation-message, as: theirs, within: 1 min}\n"
#define ACK "- step: \"1.3\"\n  send-ack: {to: theirs, code: ok, as: ack}\n"
#define REPORTED "- step: \"1.1\"\n  reported: {stations: EUA-MSH, device: dev-1}\n"

/* Bytes of a message of the system, its acknowledgement, and the receipt of that. */
struct wires {
  struct arena *a;
  struct str message, ack, receipt;
};

static void make(struct wires *w) {
  struct error e;
  struct rig *r = rig_new_over("sbdh-http", THEIRS EXPECT ACK);
  cr_assert_not_null(r->p);
  w->a = arena_new(0);
  w->message = arena_str(w->a, rig_send(r, "1.1"));
  rig_open(r, "1.2");
  rig_receive(r, "1.2", w->message);
  rig_judge(r, "1.2");
  w->ack = arena_str(w->a, rig_send(r, "1.3"));
  struct sbdh_shelf shelf = {.arena = w->a};
  struct msh_question q = {.wire = {STR("ack"), w->ack},
                           .shelf = &shelf,
                           .id = STR("0C1D2E3F-0000-4000-8000-00000000000A"),
                           .message_id = STR("0c1d2e3f-0000-4000-8000-00000000000b"),
                           .now = STR("2026-01-05T10:00:09+01:00")};
  cr_assert_eq(msh_reply(&w->receipt, w->a, &q, &e), 0, "%s", e.text);
  cr_assert(w->receipt.n);
  rig_free(r);
}

/* The exception that the harness answers a message with. */
static struct str refusal_of(struct arena *a, struct str message) {
  struct envelope of = {0}, env;
  struct findings f;
  struct ehmi_profile *profile;
  struct error e;
  struct buf out;
  findings_init(&f, a);
  buf_init(&out, 1 << 20);
  cr_assert_eq(ehmi_profile_load(&profile, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_assert_eq(sbdh_kind.read(&of, a, (struct source){STR("m"), message}, &f), 0);
  struct sbdh_answer say = {.stamp = {STR("0c1d2e3f-0000-4000-8000-00000000000c"), STR("2026-01-05T10:00:09+01:00")},
                            .message_id = STR("0c1d2e3f-0000-4000-8000-00000000000d"),
                            .exception = STR("Syntax"),
                            .reason = STR("Nej")};
  sbdh_receipt(&env, a, &of, &say, profile);
  sbdh_kind.write(&out, &env);
  return buf_take(&out, a);
}

static void as_sent(struct str id, struct rig *r) {
  struct state_message *m = state_message_find(r->s, id);
  m->outbound = true;
  m->status = STR("202");
}

static struct rig *begun(void) {
  struct rig *r = rig_new_over("fhir-rest", REPORTED);
  cr_assert_not_null(r->p);
  rig_open(r, "1.1");
  return r;
}

static bool has_text(const struct state_step *st, const struct finding *f) {
  for (size_t i = 0; i < st->findings.list.n; i++)
    if (str_eq(st->findings.list.v[i].rule, f->rule) && str_eq(st->findings.list.v[i].en, f->en)) return true;
  return false;
}

Test(reported, nothing_seen_is_undecided) {
  struct rig *r = begun();
  struct state_step *st = rig_judge(r, "1.1");
  cr_expect_eq(st->verdict, VERDICT_INCONCLUSIVE);
  cr_expect(rig_has(st, "reported.nothing"));
  rig_free(r);
}

Test(reported, what_was_seen_and_not_reported_is_missing) {
  struct wires w;
  make(&w);
  struct rig *r = begun();
  rig_receive(r, NULL, w.message);
  struct state_step *st = rig_judge(r, "1.1");
  cr_expect_eq(st->verdict, VERDICT_FAIL);
  cr_expect(rig_has(st, "eds.chain.missing"));
  cr_expect_not(rig_has(st, "reported.nothing"));
  rig_free(r);
  arena_free(w.a);
}

/* Only what EDS took was reported. */
Test(reported, a_refused_create_reports_nothing) {
  struct error e;
  struct wires w;
  make(&w);
  struct str event, status[] = {STR("422"), STR("201")};
  cr_assert_eq(file_read(&event, w.a, TEST_ROOT "/harness/tests/data/eds/basic.json", 1 << 20, &e), 0, "%s", e.text);
  for (size_t i = 0; i < 2; i++) {
    struct rig *r = begun();
    rig_receive(r, NULL, w.message);
    rig_interact(r, NULL, "create", "AuditEvent", STR("1"), status[i].p, event);
    struct state_step *st = rig_judge(r, "1.1");
    cr_expect_eq(str_find(st->actual.en, STR("and 1 more"), 0) != SIZE_MAX, i == 1, "%.*s", STR_F(st->actual.en));
    rig_free(r);
  }
  arena_free(w.a);
}

/* Of a service that several systems share only what this one told counts, and what nobody is known to have told. */
Test(reported, what_another_system_told_is_not_of_this_one) {
  static const struct {
    const char *caller;
    bool counts;
  } cases[] = {{"", true}, {"sender", true}, {"receiver", false}};
  struct error e;
  struct wires w;
  make(&w);
  struct str event;
  cr_assert_eq(file_read(&event, w.a, TEST_ROOT "/harness/tests/data/eds/basic.json", 1 << 20, &e), 0, "%s", e.text);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct rig *r = begun();
    rig_receive(r, NULL, w.message);
    struct str id = rig_interact(r, NULL, "create", "AuditEvent", STR("1"), "201", event);
    facts_put(&state_message_find(r->s, id)->facts, STR(FACT_CALLER), str_z(cases[i].caller));
    struct state_step *st = rig_judge(r, "1.1");
    bool counted = str_find(st->actual.en, STR("and 1 more"), 0) != SIZE_MAX;
    cr_expect_eq(counted, cases[i].counts, "%s: %.*s", cases[i].caller, STR_F(st->actual.en));
    rig_free(r);
  }
  arena_free(w.a);
}

/* "EUA,MSH" are two that report what they hand to each other, which one that is both does not. */
Test(reported, stations_apart_report_more) {
  static const struct {
    const char *steps, *counts;
  } cases[] = {{"- step: \"1.1\"\n  reported: {stations: EUA-MSH, device: a}\n", "0 of 1 "},
               {"- step: \"1.1\"\n  reported: {stations: \"EUA, MSH\", device: \"a, b\"}\n", "0 of 3 "}};
  struct wires w;
  make(&w);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct rig *r = rig_new_over("fhir-rest", cases[i].steps);
    cr_assert_not_null(r->p);
    rig_open(r, "1.1");
    rig_receive(r, NULL, w.message);
    struct state_step *st = rig_judge(r, "1.1");
    cr_expect(str_starts(st->actual.en, str_z(cases[i].counts)), "%.*s", STR_F(st->actual.en));
    rig_free(r);
  }
  arena_free(w.a);
}

/* In a folder either may be found first. */
Test(reported, the_receipt_of_an_acknowledgement_is_one_whichever_came_first) {
  struct wires w;
  make(&w);
  struct rig *x = begun(), *y = begun();
  struct str in_order[] = {w.message, w.ack, w.receipt}, swapped[] = {w.message, w.receipt, w.ack};
  for (size_t i = 0; i < 3; i++) {
    rig_receive(x, NULL, in_order[i]);
    rig_receive(y, NULL, swapped[i]);
  }
  struct state_step *s = rig_judge(x, "1.1"), *t = rig_judge(y, "1.1");
  cr_expect_eq(s->findings.list.n, t->findings.list.n);
  cr_expect_gt(s->findings.list.n, (size_t)2);
  for (size_t i = 0; i < s->findings.list.n; i++)
    cr_expect(has_text(t, &s->findings.list.v[i]), "%.*s", STR_F(s->findings.list.v[i].en));
  rig_free(x);
  rig_free(y);
  arena_free(w.a);
}

/* Likewise an exception: what it refuses has failed. */
Test(reported, what_an_exception_refuses_has_failed_whichever_came_first) {
  struct wires w;
  make(&w);
  struct str exception = refusal_of(w.a, w.message);
  struct rig *x = begun(), *y = begun();
  rig_receive(x, NULL, w.message);
  as_sent(rig_receive(x, NULL, exception), x);
  as_sent(rig_receive(y, NULL, exception), y);
  rig_receive(y, NULL, w.message);
  struct state_step *s = rig_judge(x, "1.1"), *t = rig_judge(y, "1.1");
  cr_expect(str_eq(s->actual.en, t->actual.en), "%.*s, %.*s", STR_F(s->actual.en), STR_F(t->actual.en));
  for (size_t i = 0; i < s->findings.list.n; i++)
    cr_expect(has_text(t, &s->findings.list.v[i]), "%.*s", STR_F(s->findings.list.v[i].en));
  cr_expect(rig_has(t, "eds.chain.failure"));
  rig_free(x);
  rig_free(y);
  arena_free(w.a);
}

/* A receipt that a fault drops, or that could not be delivered, is none that the system got. */
Test(reported, what_the_system_never_got_is_not_to_be_reported) {
  static const struct {
    const char *status, *failure;
    bool got;
  } cases[] = {{"202", "", true},      {"ready", "", true}, {"dropped", "", false},
               {"delayed", "", false}, {"503", "", false},  {"", "no connection", false}};
  struct wires w;
  make(&w);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct rig *r = begun();
    struct str id = rig_receive(r, NULL, w.message);
    struct state_message *m = state_message_find(r->s, id);
    m->outbound = true;
    m->status = str_z(cases[i].status);
    m->failure = str_z(cases[i].failure);
    struct state_step *st = rig_judge(r, "1.1");
    cr_expect_eq(rig_has(st, "eds.chain.missing"), cases[i].got, "%s %s", cases[i].status, cases[i].failure);
    cr_expect_eq(rig_has(st, "reported.nothing"), !cases[i].got, "%s %s", cases[i].status, cases[i].failure);
    rig_free(r);
  }
  arena_free(w.a);
}

/* What falls into an outage and is never reported is lost; one that is shorter than clocks may differ tells nothing. */
Test(reported, an_outage_lasts_from_what_was_taken_last_to_the_last_that_was_lost) {
  static const struct {
    int64_t after;
    const char *rule;
  } cases[] = {{90000, "eds.chain.lost"}, {5000, "eds.chain.missing"}};
  struct wires w;
  make(&w);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct rig *r = begun();
    int64_t seen = state_message_find(r->s, rig_receive(r, NULL, w.message))->at;
    struct state_message *m = state_message_find(r->s, rig_receive(r, NULL, STR("{}")));
    m->lost = true;
    m->at = seen + cases[i].after;
    struct state_step *st = rig_judge(r, "1.1");
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
      cr_expect_eq(rig_has(st, cases[k].rule), k == i, "%s, wanted %s", cases[k].rule, cases[i].rule);
    rig_free(r);
  }
  arena_free(w.a);
}

/* ---- what EDS was made to refuse ---- */

#define REFUSAL                                                                                                        \
  "- step: \"1.1\"\n  fault: {kind: unfit, persistent: true}\n"                                                        \
  "- step: \"1.2\"\n  reported: {stations: \"%s\", device: \"%s\", attempts: \"%s\"}\n"

static struct rig *refusing(const char *stations, const char *devices, const char *attempts) {
  struct arena *a = arena_new(0);
  struct rig *r = rig_new_over("eds", arena_printf(a, REFUSAL, stations, devices, attempts).p);
  cr_assert_not_null(r->p);
  rig_do(r, "1.1");
  rig_open(r, "1.2");
  arena_free(a);
  return r;
}

static void refuse(struct rig *r, struct str event) {
  struct str id = rig_interact(r, NULL, "create", "AuditEvent", STR(""), "", event);
  struct state_message *m = state_message_find(r->s, id);
  m->lost = true;
  m->fault_step = state_step_find(r->s, STR("1.1"));
}

/* It is told, as often as it comes, and no outage; how often it may come is the step's to say. */
Test(reported, what_was_refused_may_come_again_so_many_times) {
  struct error e;
  struct wires w;
  make(&w);
  struct str event;
  cr_assert_eq(file_read(&event, w.a, TEST_ROOT "/harness/tests/data/eds/basic.json", 1 << 20, &e), 0, "%s", e.text);
  for (size_t times = 1; times <= 3; times++) {
    struct rig *r = refusing("EUA-MSH", "dev-1", "2");
    rig_receive(r, NULL, w.message);
    for (size_t i = 0; i < times; i++) refuse(r, event);
    struct state_step *st = rig_judge(r, "1.2");
    cr_expect_eq(rig_has(st, "reported.again"), times == 3, "%zu", times);
    cr_expect_not(rig_has(st, "eds.chain.repeated"));
    cr_expect_not(rig_has(st, "eds.chain.lost"));
    cr_expect_neq(str_find(st->actual.en, arena_printf(w.a, "and %zu more", times), 0), SIZE_MAX, "%.*s",
                  STR_F(st->actual.en));
    rig_free(r);
  }
  arena_free(w.a);
}

/* Two that report apart: the EUA tells that it was sent, the MSH that it came and went. */
Test(reported, components_are_told_apart_by_a_comma) {
  static const struct {
    const char *stations, *attempts;
    size_t missing;
    bool broken;
  } rows[] = {{"EUA", "2", 1, false},        {"EUA-MSH", "2", 1, false}, {"EUA,MSH", "2", 3, false},
              {"EUA,AP-MSH", "2", 3, false}, {"EUA,XYZ", "2", 0, true},  {"EUA", "some", 0, true}};
  struct wires w;
  make(&w);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig *r = refusing(rows[i].stations, "dev-1,dev-2", rows[i].attempts);
    rig_receive(r, NULL, w.message);
    struct state_step *st = rig_judge(r, "1.2");
    size_t n = 0;
    for (size_t k = 0; k < st->findings.list.n; k++) n += str_eqz(st->findings.list.v[k].rule, "eds.chain.missing");
    cr_expect_eq(n, rows[i].missing, "%s: %zu", rows[i].stations, n);
    cr_expect_eq(st->verdict == VERDICT_ERROR, rows[i].broken, "%s %s", rows[i].stations, rows[i].attempts);
    rig_free(r);
  }
  arena_free(w.a);
}
