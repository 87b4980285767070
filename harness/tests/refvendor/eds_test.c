/* EDS: what the reference vendor reports, and that nothing of it is lost. */
#include "services.h"

#include "base/file.h"
#include "fhir/compiled.h"
#include "fhir/facts.h"
#include "validate/profile.h"

#include <criterion/criterion.h>

#define QUIET_MS INT64_C(400)
#define MESSAGE                                                                                                        \
  "{'action':'new','standard':'homecareobservation','receiver':{'yder':'099025'},"                                     \
  "'observations':[{'code':'NPU08676','value':'37'}]}"

static void send_one(struct peer *p) {
  cr_assert_eq(peer_trigger(p, MESSAGE), 200);
}

static bool screen_says(struct peer *p, const char *text) {
  return str_find(peer_state(p), str_z(text), 0) != SIZE_MAX;
}

static struct str subtype(const struct services *s, size_t n) {
  const struct node *list = node_child(s->events.v[n].json, "subtype");
  return node_text_at(list->kind == NODE_ARRAY ? list->first : list, "code");
}

/* The subtypes in order, with a blank between. */
static struct str subtypes(const struct services *s) {
  struct str all = {0};
  for (size_t i = 0; i < s->events.n; i++)
    all = arena_printf(s->p->arena, "%.*s%s%.*s", STR_F(all), i ? " " : "", STR_F(subtype(s, i)));
  return all;
}

/* The codes of the entities of an event. */
static struct str entities(const struct services *s, size_t n) {
  struct str all = {0};
  for (NODE_EACH(e, node_child(s->events.v[n].json, "entity")))
    all = arena_printf(s->p->arena, "%.*s%s%.*s", STR_F(all), all.n ? " " : "", STR_F(node_text_at(e, "type.code")));
  return all;
}

static void stations(struct peer *p, bool eua, bool msh) {
  p->options.stations[REFVENDOR_EUA_MSH] = !eua && !msh;
  p->options.stations[REFVENDOR_EUA] = eua;
  p->options.stations[REFVENDOR_MSH] = msh;
}

/* A message of its own with its acknowledgement, and one that it gets. */
static void talk(struct peer *p) {
  send_one(p);
  const struct message *m = peer_await(p, 1, PEER_WAIT_MS);
  (void)peer_post(p, "/vans", peer_ack(p, peer_fact(m, "header.id"), "ok", "h1"));
  (void)peer_post(p, "/vans", peer_wrap(p, peer_fixture(p, "new.json", "x", RESOURCE_JSON), NULL));
  cr_assert_not_null(peer_await(p, 2, PEER_WAIT_MS), "the acknowledgement");
}

Test(eds, each_station_tells_its_part_of_the_chain) {
  static const struct {
    bool eua, msh;
    const char *subtypes;
  } rows[] = {
      {false, false, "msg-created-and-sent msg-received-and-finalized msg-received-and-finalized msg-created-and-sent"},
      {true, false, "msg-created-and-sent msg-received-and-finalized msg-received-and-finalized msg-created-and-sent"},
      {false, true, "msg-received msg-sent msg-received msg-sent msg-received msg-sent msg-received msg-sent"},
      {true, true,
       "msg-created-and-sent msg-received msg-sent msg-received msg-sent msg-received-and-finalized msg-received "
       "msg-sent msg-received-and-finalized msg-created-and-sent msg-received msg-sent"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, NULL);
    stations(&p, rows[i].eua, rows[i].msh);
    peer_start(&p);
    talk(&p);
    services_quiet(&s, QUIET_MS);
    cr_expect(str_eqz(subtypes(&s), rows[i].subtypes), "row %zu: %.*s", i, STR_F(subtypes(&s)));
    services_end(&s, &p);
  }
}

/* An MSH that is an access point too tells what an MSH tells. */
Test(eds, an_access_point_with_its_msh_tells_as_the_msh) {
  struct peer p;
  struct services s;
  services_begin(&s, &p, NULL);
  stations(&p, false, true);
  p.options.is_access_point = true;
  peer_start(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 2));
  cr_expect(str_eqz(subtypes(&s), "msg-received msg-sent"), "%.*s", STR_F(subtypes(&s)));
  const struct node *type = node_at(s.events.v[0].json, "source.type");
  struct str at = node_text_at(type && type->kind == NODE_ARRAY ? type->first : type, "code");
  cr_expect(str_eqz(at, "AP-MSH"), "%.*s", STR_F(at));
  services_end(&s, &p);
}

Test(eds, entities_are_those_of_the_chain) {
  struct peer p;
  struct services s;
  services_begin(&s, &p, NULL);
  peer_start(&p);
  talk(&p);
  cr_assert_not_null(services_event(&s, 4));
  static const char *const wanted[] = {
      "ehmiMessage ehmiMessageEnvelope ehmiPatient", "ehmiMessage ehmiMessageEnvelope ehmiOrigMessage",
      "ehmiMessage ehmiMessageEnvelope ehmiPatient", "ehmiMessage ehmiMessageEnvelope ehmiOrigMessage"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    cr_expect(str_eqz(entities(&s, i), wanted[i]), "%zu: %.*s", i, STR_F(entities(&s, i)));
  services_end(&s, &p);
}

/* By the project's own profile engine and the shipped facts of dk.ehmi.eds; it makes no narratives (dom-6). */
static void expect_valid(struct peer *p, struct str body, struct profile_options *o, size_t n) {
  struct findings f;
  struct node *root;
  enum resource_form form;
  findings_init(&f, p->arena);
  cr_assert_eq(resource_read(&root, &form, p->arena, (struct source){STR("event"), body}, &f), 0);
  profile_validate(&f, p->arena, root, STR("event"), o);
  for (size_t i = 0; i < f.list.n; i++)
    cr_expect(f.list.v[i].severity < SEV_WARNING || str_eqz(f.list.v[i].rule, "profile.invariant-warning"),
              "event %zu: %.*s: %.*s", n, STR_F(f.list.v[i].rule), STR_F(f.list.v[i].en));
}

Test(eds, what_is_reported_is_valid) {
  struct peer p;
  struct services s;
  struct error e;
  services_begin(&s, &p, NULL);
  stations(&p, true, true);
  peer_start(&p);
  talk(&p);
  cr_assert_not_null(services_event(&s, 12));
  struct book *b = book_new(p.arena);
  cr_assert_eq(book_add_standards(b, file_join(p.arena, TEST_ROOT, FACTS_PACKAGES), NULL, NULL, &e), 0, "%s", e.text);
  cr_assert_eq(book_use(b, STR("dk.ehmi.eds@1.0.2"), &e), 0, "%s", e.text);
  struct profile_options o = {.cache = profile_cache_new(p.arena, b, p.shapes)};
  for (size_t i = 0; i < s.events.n; i++) expect_valid(&p, s.events.v[i].body, &o, i);
  services_end(&s, &p);
}

Test(eds, an_outage_loses_nothing_and_keeps_order_and_times) {
  static const int ways[] = {503, 429, -1};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, NULL);
    s.event_statuses[0] = s.event_statuses[1] = ways[i];
    peer_start(&p);
    send_one(&p);
    send_one(&p);
    cr_assert_not_null(services_event(&s, 4), "after %d", ways[i]);
    cr_expect(str_eq(s.events.v[0].body, s.events.v[2].body), "the same, byte for byte");
    cr_expect(!str_eq(s.events.v[2].body, s.events.v[3].body));
    cr_expect(str_cmp(node_text_at(s.events.v[2].json, "recorded"), node_text_at(s.events.v[3].json, "recorded")) < 0);
    cr_expect(screen_says(&p, "EDS cannot be reached"));
    services_end(&s, &p);
  }
}

Test(eds, a_refusal_is_shown_and_does_not_stop_the_others) {
  static const int ways[] = {422, 403, 400};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, NULL);
    s.event_statuses[0] = ways[i];
    peer_start(&p);
    send_one(&p);
    send_one(&p);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(s.events.n, (size_t)2, "after %d", ways[i]);
    cr_expect(screen_says(&p, "EDS refused the event msg-created-and-sent"));
    cr_expect(screen_says(&p, "not as it should be"), "what the OperationOutcome says");
    services_end(&s, &p);
  }
}

static const struct node *entity(const struct node *event, const char *code) {
  for (NODE_EACH(e, node_child(event, "entity")))
    if (str_eqz(node_text_at(e, "type.code"), code)) return e;
  return NULL;
}

Test(eds, what_cannot_be_delivered_is_reported_as_a_failure) {
  static const struct { const char *defect, *outcome; } rows[] = {{NULL, "8"}, {"eds-always-success", "0"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, rows[i].defect);
    p.options.to = NULL;
    peer_start(&p);
    send_one(&p);
    cr_assert_not_null(services_event(&s, 2));
    cr_expect(str_eqz(node_text_at(s.events.v[1].json, "outcome"), rows[i].outcome));
    cr_expect(str_eqz(subtype(&s, 1), "msg-sent"));
    services_end(&s, &p);
  }
}

Test(eds, defects_of_the_queue) {
  static const struct {
    const char *defect;
    int first, second;
    size_t events; /* requests, two messages being sent */
  } rows[] = {{"eds-nothing", 0, 0, 0},
              {"eds-twice", 0, 0, 4},
              {"eds-drops", 503, 0, 2},
              {"eds-loops", 422, 422, 4},
              {"eds-stops", 422, 0, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, rows[i].defect);
    s.event_statuses[0] = rows[i].first;
    s.event_statuses[1] = rows[i].second;
    p.options.clock_scale = 10;
    peer_start(&p);
    send_one(&p);
    send_one(&p);
    services_quiet(&s, QUIET_MS);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(s.events.n, rows[i].events, "%s: %zu", rows[i].defect, s.events.n);
    services_end(&s, &p);
  }
}

Test(eds, recorded_late_tells_the_time_of_the_retry) {
  struct peer p;
  struct services s;
  services_begin(&s, &p, "eds-recorded-late");
  s.event_statuses[0] = 503;
  peer_start(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 2));
  cr_expect(!str_eq(node_text_at(s.events.v[0].json, "recorded"), node_text_at(s.events.v[1].json, "recorded")));
  services_end(&s, &p);
}

Test(eds, out_of_order_overtakes) {
  struct peer p;
  struct services s;
  services_begin(&s, &p, "eds-out-of-order");
  s.event_statuses[0] = 503;
  peer_start(&p);
  for (size_t i = 0; i < 3; i++) send_one(&p);
  cr_assert_not_null(services_event(&s, 4));
  cr_expect(str_cmp(node_text_at(s.events.v[2].json, "recorded"), node_text_at(s.events.v[3].json, "recorded")) > 0);
  services_end(&s, &p);
}

/* A defect of content changes what is reported; which rule sees it is the business of others. */
Test(eds, declared_defects_reach_the_events) {
  static const struct {
    const char *defect, *entity, *path, *value;
  } rows[] = {{"eds-wrong-device", NULL, "source.observer.identifier.value", "another-device"},
              {"eds-wrong-cpr", "ehmiPatient", "what.identifier.value", "2509479989"},
              {"eds-wrong-time", NULL, "recorded", "2020-01-01T12:00:00+01:00"},
              {"eds-outcome-text", NULL, "outcomeDesc", "sendt"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, rows[i].defect);
    peer_start(&p);
    send_one(&p);
    const struct node *event = services_event(&s, 1);
    if (rows[i].entity) event = entity(event, rows[i].entity);
    cr_expect(str_eqz(node_text_at(event, rows[i].path), rows[i].value), "%s", rows[i].defect);
    services_end(&s, &p);
  }
}
