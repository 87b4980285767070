/* HospitalNotification in the reference vendor: stays that are told of, and reports of admission. */
#include "peer.h"

#include <criterion/criterion.h>

#define HN "'standard':'hospitalnotification','stay':'a',"

struct event {
  const char *trigger, *activity, *status, *name;
};

/* One stay after the other: each notification is valid, follows the one before, and tells what happened. */
static void told(const struct event *rows, size_t n, enum resource_form form) {
  struct peer p;
  struct str before = {0}, stay = {0};
  peer_init(&p);
  p.options.form = form;
  peer_start(&p);
  for (size_t i = 0; i < n; i++) {
    cr_assert_eq(peer_trigger(&p, rows[i].trigger), 200, "%s: %.*s", rows[i].trigger, STR_F(p.body));
    const struct message *m = peer_await(&p, i + 1, PEER_WAIT_MS);
    cr_assert_not_null(m, "%s", rows[i].trigger);
    peer_expect_valid(&p, m, rows[i].trigger);
    cr_expect(str_eqz(peer_fact(m, "activity"), rows[i].activity), "%s", rows[i].trigger);
    cr_expect(str_eqz(peer_fact(m, "encounter.status"), rows[i].status), "%s", rows[i].trigger);
    cr_expect(str_eqz(peer_fact(m, "envelope.name"), rows[i].name), "%s", rows[i].trigger);
    cr_expect(str_eq(peer_fact(m, "previous"), before), "%s", rows[i].trigger);
    cr_expect(i == 0 || str_eq(peer_fact(m, "stay"), stay), "%s", rows[i].trigger);
    cr_expect_eq(peer_count(m, "Provenance"), i + 1, "%s", rows[i].trigger);
    cr_expect_eq(peer_count(m, "Organization"), 2, "%s", rows[i].trigger);
    before = arena_str(p.arena, peer_fact(m, "header.id"));
    stay = arena_str(p.arena, peer_fact(m, "stay"));
  }
  peer_close(&p);
}

Test(hospital, a_stay_is_told) {
  static const struct event rows[] = {
      {"{" HN "'action':'admit','kind':'emergency','report':true}", "admit-emergency", "in-progress",
       "MCM:FDIS20#AcuteAmbulant"},
      {"{" HN "'action':'admit'}", "admit-inpatient", "in-progress", "MCM:FDIS20#AdmissionInpatient"},
      {"{" HN "'action':'leave'}", "start-leave-inpatient", "onleave", "MCM:FDIS20#OnLeave"},
      {"{" HN "'action':'return'}", "end-leave-inpatient", "in-progress", "MCM:FDIS20#EndOfLeave"},
      {"{" HN "'action':'discharge'}", "discharge-inpatient-home", "finished", "MCM:FDIS20#EndHospitalStay"},
      {"{" HN "'action':'correct','what':'end'}", "revise-discharge-inpatient-home", "finished",
       "MCM:FDIS20#EndHospitalStay"},
      {"{" HN "'action':'cancel'}", "cancel-discharge-inpatient-home", "in-progress", "MCM:FDIS20#EndHospitalStay"}};
  told(rows, sizeof rows / sizeof *rows, RESOURCE_JSON);
  told(rows, sizeof rows / sizeof *rows, RESOURCE_XML);
}

Test(hospital, a_death_and_a_cancelled_leave_are_told) {
  static const struct event death[] = {
      {"{" HN "'action':'admit'}", "admit-inpatient", "in-progress", "MCM:FDIS20#AdmissionInpatient"},
      {"{" HN "'action':'die'}", "admit-inpatient", "finished", "MCM:FDIS20#EndHospitalStay"}};
  static const struct event leave[] = {
      {"{" HN "'action':'admit'}", "admit-inpatient", "in-progress", "MCM:FDIS20#AdmissionInpatient"},
      {"{" HN "'action':'leave'}", "start-leave-inpatient", "onleave", "MCM:FDIS20#OnLeave"},
      {"{" HN "'action':'cancel'}", "cancel-start-leave-inpatient", "in-progress", "MCM:FDIS20#OnLeave"}};
  told(death, sizeof death / sizeof *death, RESOURCE_JSON);
  told(leave, sizeof leave / sizeof *leave, RESOURCE_XML);
}

Test(hospital, an_event_has_its_own_time) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_assert_eq(peer_trigger(&p, "{" HN "'action':'admit','at':'10:00','days-ago':'2'}"), 200);
  const struct message *m = peer_await(&p, 1, PEER_WAIT_MS);
  cr_expect_neq(str_find(peer_fact(m, "period.start"), STR("T10:00:00+0"), 0), SIZE_MAX);
  cr_expect_lt(str_cmp(peer_fact(m, "period.start"), peer_fact(m, "bundle.time")), 0);
  peer_close(&p);
}

Test(hospital, triggers_are_judged) {
  static const struct {
    const char *json;
    int status;
    const char *says;
  } rows[] = {{"{" HN "'action':'leave'}", 404, "no stay \\\"a\\\" is known"},
              {"{" HN "'action':'new'}", 400, "admit, leave, return"},
              {"{" HN "'action':'admit','receiver':{'gln':'5790000000005'}}", 400, "address book"},
              {"{" HN "'action':'admit','kind':'emergency','colour':'red'}", 200, "colour"},
              {"{" HN "'action':'move','to':'hospice'}", 200, "\"sent\":[]"}};
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_expect_eq(peer_trigger(&p, rows[i].json), rows[i].status, "%s: %d", rows[i].json, p.status);
    cr_expect_neq(str_find(p.body, str_z(rows[i].says), 0), SIZE_MAX, "%s: %.*s", rows[i].json, STR_F(p.body));
  }
  peer_close(&p);
}

/* What the vendor told as a hospital comes back to it as the municipality of the patient. */
static void come_back(struct peer *p, const char *trigger) {
  cr_assert_eq(peer_trigger(p, trigger), 200);
  const struct message *m = peer_await(p, 1, PEER_WAIT_MS);
  cr_assert_not_null(m);
  cr_assert_eq(peer_post(p, "/vans", peer_wrap(p, m->payload.bytes, NULL)), 202);
}

Test(hospital, a_report_of_admission_answers_the_flag) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  come_back(&p, "{" HN "'action':'admit','report':true}");
  const struct message *ack = peer_await(&p, 2, PEER_WAIT_MS), *report = peer_await(&p, 3, PEER_WAIT_MS);
  cr_expect(str_eqz(peer_fact(ack, "response.code"), "ok"));
  cr_assert_not_null(report);
  cr_expect(str_eqz(peer_fact(report, "letter"), "XDIS16"));
  cr_expect(str_eq(peer_fact(report, "stay"), peer_fact(p.got.v[0], "stay")));
  cr_expect(str_eq(peer_fact(report, "patient"), peer_fact(p.got.v[0], "patient")));
  cr_expect(str_eq(peer_fact(report, "envelope.receiver"), peer_fact(p.got.v[0], "report.receiver")));
  cr_expect_geq(str_cmp(peer_fact(report, "letter.time"), peer_fact(p.got.v[0], "bundle.time")), 0);
  cr_expect_eq(report->envelope_findings.list.n, 0);
  peer_close(&p);
}

Test(hospital, no_report_without_the_flag_or_a_case) {
  static const char *const rows[] = {"{" HN "'action':'admit'}",
                                     "{" HN "'action':'admit','report':true,'patient':{'cpr':'2103009996','given':"
                                     "'Ulla','family':'Ukendt'}}"};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    peer_init(&p);
    peer_start(&p);
    come_back(&p, rows[i]);
    cr_expect(str_eqz(peer_fact(peer_await(&p, 2, PEER_WAIT_MS), "response.code"), "ok"), "%s", rows[i]);
    cr_expect_null(peer_await(&p, 3, 300), "%s", rows[i]);
    peer_close(&p);
  }
}
