/* EER: the device that the reference vendor finds there is the one that its events name. */
#include "services.h"

#include <criterion/criterion.h>

#define QUIET_MS INT64_C(250)
#define ANSWER(id, status)                                                                                             \
  "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':{'resourceType':'Device','id':'d','identifier':["  \
  "{'value':'" id "'}],'status':'" status "'}}]}"
#define NOT_FOUND                                                                                                      \
  "{'resourceType':'OperationOutcome','issue':[{'severity':'error','code':'not-found','details':{'text':'no such "     \
  "device'}}]}"
#define REPORT                                                                                                         \
  "{'action':'new','standard':'homecareobservation','receiver':{'yder':'099025'},"                                     \
  "'observations':[{'code':'NPU08676','value':'37'}]}"

static void begin(struct services *s, struct peer *p, const char *defect, const char *answer) {
  services_begin(s, p, defect);
  s->lookup_answer = answer;
  peer_start(p);
}

static void look_up(struct services *s, struct peer *p) {
  cr_assert_eq(peer_trigger(p, "{'action':'look-up-device'}"), 200, "%.*s", STR_F(p->body));
  services_quiet(s, QUIET_MS);
}

/* The device of the first event of a report that is sent now. */
static struct str reported(struct services *s, struct peer *p) {
  cr_assert_eq(peer_trigger(p, REPORT), 200);
  cr_assert_not_null(services_event(s, s->events.n + 1));
  return node_text_at(s->events.v[s->events.n - 1].json, "source.observer.identifier.value");
}

Test(device, it_is_asked_for_by_its_identifier) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL, ANSWER("refvendor", "active"));
  look_up(&s, &p);
  cr_assert_eq(s.lookups.n, (size_t)1);
  cr_expect(str_eqz(s.lookups.v[0].path, "/eer/Device"));
  cr_expect(str_eqz(s.lookups.v[0].query, "identifier=refvendor"), "%.*s", STR_F(s.lookups.v[0].query));
  cr_expect(str_starts(s.lookups.v[0].authorization, STR("Bearer t")));
  cr_expect_eq(s.lookups.v[0].body.n, (size_t)0);
  cr_expect(str_find(s.tokens.v[0].body, STR("scope=EER"), 0) != SIZE_MAX);
  services_end(&s, &p);
}

Test(device, events_name_what_was_answered) {
  static const struct {
    const char *defect, *answer;
    int status;
    const char *device;
  } rows[] = {
      {NULL, ANSWER("named-by-eer", "active"), 0, "named-by-eer"},
      {NULL, ANSWER("named-by-eer", "inactive"), 0, "refvendor"},
      {NULL, NOT_FOUND, 404, "refvendor"},
      {NULL, NULL, 503, "refvendor"},
      {NULL, NULL, -1, "refvendor"},
      {NULL, "{'resourceType':", 0, "refvendor"},
      {"eer-never-asks", ANSWER("named-by-eer", "active"), 0, "refvendor"},
      {"eer-ignores-answer", ANSWER("refvendor", "active"), 0, "refvendor-of-its-own"},
      {"eer-invents-device", NOT_FOUND, 404, "refvendor-of-its-own"},
      {"eer-invents-device", NULL, 503, "refvendor"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, rows[i].defect, rows[i].answer);
    s.lookup_statuses[0] = rows[i].status;
    look_up(&s, &p);
    struct str device = reported(&s, &p);
    cr_expect(str_eqz(device, rows[i].device), "row %zu: %.*s", i, STR_F(device));
    services_end(&s, &p);
  }
}

Test(device, who_reads_the_screen_is_told) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL, NOT_FOUND);
  s.lookup_statuses[0] = 404;
  look_up(&s, &p);
  cr_expect(str_find(peer_state(&p), STR("no such device"), 0) != SIZE_MAX);
  services_end(&s, &p);
}

Test(device, the_defects_of_asking_and_sending) {
  struct peer p;
  struct services s;
  begin(&s, &p, "eer-asks-by-name", NOT_FOUND);
  look_up(&s, &p);
  cr_expect(str_starts(s.lookups.v[0].query, STR("device-name=")));
  services_end(&s, &p);
  begin(&s, &p, "eer-stops", NOT_FOUND);
  s.lookup_statuses[0] = 404;
  look_up(&s, &p);
  cr_expect_eq(peer_trigger(&p, REPORT), 200);
  services_quiet(&s, QUIET_MS);
  cr_expect_eq(p.got.n, (size_t)0);
  services_end(&s, &p);
}

Test(device, without_eer_there_is_nobody_to_ask) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_expect_eq(peer_trigger(&p, "{'action':'look-up-device'}"), 400);
  peer_close(&p);
}
