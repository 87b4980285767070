#include "peer.h"

#include "base/file.h"

#include <criterion/criterion.h>

#define REPORT                                                                                                         \
  "{'action':'new','standard':'homecareobservation','receiver':{'gln':'" PEER_GLN "','sor':'" PEER_SOR                 \
  "','name':'Klinikken','yder':'099025','initials':'LGE'},'observations':"

/* Fixtures of the standard are named with their folder. */
static struct str fixture(struct peer *p, const char *name, enum resource_form form) {
  return peer_fixture(p, arena_printf(p->arena, "homecareobservation/%s", name).p, "x", form);
}

static void check_fixture(const char *name, enum resource_form form) {
  struct peer p;
  struct message sent;
  peer_init(&p);
  peer_start(&p);
  message_read(&sent, p.arena, (struct source){STR("sent"), fixture(&p, name, form)});
  peer_expect_valid(&p, &sent, name);
  cr_assert_eq(peer_post(&p, "/vans", peer_wrap(&p, fixture(&p, name, form), NULL)), 202, "%s", name);
  struct message *ack = peer_await(&p, 1, PEER_WAIT_MS);
  peer_expect_valid(&p, ack, name);
  cr_expect(str_eqz(peer_fact(ack, "response.code"), "ok"), "%s", name);
  cr_expect(str_eq(peer_fact(ack, "response.to"), peer_fact(&sent, "header.id")), "%s", name);
  cr_expect(str_find(peer_state(&p), STR("\"status\": \"final\""), 0) != SIZE_MAX, "%s", name);
  peer_close(&p);
}

Test(homecare, every_fixture_is_acknowledged) {
  struct arena *a = arena_new(0);
  char **names;
  size_t n, checked = 0;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, TEST_ROOT "/fixtures/homecareobservation", &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".json"))) continue;
    check_fixture(names[i], i % 2 ? RESOURCE_XML : RESOURCE_JSON);
    checked++;
  }
  cr_assert_gt(checked, 5);
  arena_free(a);
}

Test(homecare, a_report_is_valid_in_both_forms) {
  for (int form = RESOURCE_JSON; form <= RESOURCE_XML; form++) {
    struct peer p;
    peer_init(&p);
    p.options.form = (enum resource_form)form;
    peer_start(&p);
    cr_assert_eq(peer_trigger(&p, REPORT "[{'code':'NPU22089','value':'6.4','comparator':'<','comment':'Fastende'},"
                                         "{'code':'NPU21578','text':'positiv'}],'comment':'Træt','consent':'refused'}"),
                 200);
    struct message *m = peer_await(&p, 1, PEER_WAIT_MS);
    peer_expect_valid(&p, m, "report");
    cr_expect(str_eqz(peer_fact(m, "event"), "homecareobservation-message"));
    cr_expect(str_eqz(peer_fact(m, "envelope.name"), "MCM:homecareobservation-message"));
    cr_expect(str_eqz(peer_fact(m, "receiver.gln"), PEER_GLN));
    cr_expect(str_eqz(peer_fact(m, "consent"), "refused"));
    cr_expect(str_eqz(peer_fact(m, "comment.clinical"), "true"));
    cr_expect(str_eqz(peer_fact(m, "comment.analysis"), "true"));
    cr_expect_eq(peer_count(m, "Observation"), 2);
    peer_close(&p);
  }
}

Test(homecare, what_a_screen_would_refuse_is_refused) {
  static const struct {
    const char *rest;
    int status;
  } orders[] = {{"[{'code':'NPU22089','value':'123456789.123'}]}", 422},
                {"[{'code':'NPU21578','text':'svagt positiv'}]}", 422},
                {"[{'code':'NPU21578','text':'ææææææææææææ'}]}", 200},
                {"[{'code':'NPU22089','value':'123456789.123'}],'attempt':true}", 200},
                {"[{'code':'NPU22089','value':'meget'}]}", 400},
                {"[{'code':'NPU00000','value':'1'}]}", 400},
                {"[]}", 400},
                {"'meget'}", 400}};
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
    cr_expect_eq(peer_trigger(&p, arena_printf(p.arena, REPORT "%s", orders[i].rest).p), orders[i].status, "%s",
                 orders[i].rest);
  cr_assert_not_null(peer_await(&p, 1, PEER_WAIT_MS));
  cr_expect_null(peer_await(&p, 2, 200));
  peer_close(&p);
}

/* A result that must not be shown: preliminary, too long, or nothing at all. */
Test(homecare, an_unfit_report_gets_fatal_error) {
  static const char *const faults[][2] = {{"\"status\": \"final\"", "\"status\": \"preliminary\""},
                                          {"\"value\": 5.9", "\"value\": 5.900000000001"},
                                          {"\"code\": \"NPU19748\"", "\"code\": \"\""},
                                          {"\"result\"", "\"basedOn\""}};
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    struct peer p;
    peer_init(&p);
    peer_start(&p);
    struct str good = fixture(&p, "new.json", RESOURCE_JSON);
    size_t at = str_find(good, str_z(faults[i][0]), 0);
    cr_assert_neq(at, SIZE_MAX, "%s", faults[i][0]);
    struct str rest = str_sub(good, at + str_z(faults[i][0]).n, good.n);
    struct str bad = arena_printf(p.arena, "%.*s%s%.*s", (int)at, good.p, faults[i][1], STR_F(rest));
    cr_assert_eq(peer_post(&p, "/vans", peer_wrap(&p, bad, NULL)), 202);
    struct message *ack = peer_await(&p, 1, PEER_WAIT_MS);
    cr_assert_not_null(ack);
    cr_expect(str_eqz(peer_fact(ack, "response.code"), "fatal-error"), "%s", faults[i][1]);
    peer_close(&p);
  }
}
