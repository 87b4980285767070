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
  struct rig *r = rig_new(THEIRS EXPECT ACK);
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
