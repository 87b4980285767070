/* The relay: a right server becomes one that is wrong in one thing. The server behind it is that of the other tests. */
#include "refvendor/refvendor_int.h"
#include "services.h"

#include <criterion/criterion.h>

#define FOUND "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':{'resourceType':'Device','id':'d'}}]}"

static void begin(struct services *s, struct peer *p, const char *spoil) {
  peer_init(p);
  services_start(s, p);
  p->options.relay = p->options.eer;
  s->lookup_answer = FOUND;
  if (spoil) VEC_PUSH(p->arena, &p->options.spoils, str_z(spoil));
  peer_start(p);
}

static void end(struct services *s, struct peer *p) {
  services_close(s);
  peer_close(p);
}

static bool says(const struct peer *p, const char *text) {
  return str_find(p->body, str_z(text), 0) != SIZE_MAX;
}

/* What is asked, what comes behind it, and what of the answer comes back. */
Test(relay, each_way_of_being_wrong) {
  static const struct {
    const char *spoil, *query;
    int status;
    bool entry;
  } rows[] = {
      {NULL, "identifier=a&status=active", 200, true},
      {"GET Device forget identifier", "status=active", 200, true},
      {"GET Device miss identifier", "identifier=nobody-has-this&status=active", 200, true},
      {"GET Device status 410", "identifier=a&status=active", 410, true},
      {"GET Device remove Bundle.entry", "identifier=a&status=active", 200, false},
      {"GET Device/ status 410", "identifier=a&status=active", 200, true}, /* of one, not of a search */
      {"GET Organization status 410", "identifier=a&status=active", 200, true},
      {"POST * status 410", "identifier=a&status=active", 200, true},
      {"GET * status 410", "identifier=a&status=active", 410, true},
      {"GET Device unheard-of", "identifier=a&status=active", 200, true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, rows[i].spoil);
    cr_expect_eq(peer_call(&p, "GET", "/fhir/Device?identifier=a&status=active", (struct str){0}), rows[i].status,
                 "row %zu", i);
    cr_assert_eq(s.lookups.n, (size_t)1, "row %zu", i);
    cr_expect(str_eqz(s.lookups.v[0].query, rows[i].query), "row %zu: %.*s", i, STR_F(s.lookups.v[0].query));
    cr_expect_eq(says(&p, "Device"), rows[i].entry, "row %zu", i);
    end(&s, &p);
  }
}

Test(relay, a_value_is_changed) {
  struct peer p;
  struct services s;
  begin(&s, &p, "GET Device set Bundle.type history");
  cr_expect_eq(peer_call(&p, "GET", "/fhir/Device", (struct str){0}), 200);
  cr_expect(says(&p, "history") && !says(&p, "searchset"));
  end(&s, &p);
}

/* What would change something there is only read. */
Test(relay, a_change_is_skipped) {
  static const struct { const char *spoil, *body; } rows[] = {{NULL, "{}"}, {"PUT Device skip", ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, rows[i].spoil);
    cr_expect_eq(peer_call(&p, "PUT", "/fhir/Device", STR("{}")), 200);
    cr_expect(str_eqz(s.lookups.v[0].body, rows[i].body), "row %zu", i);
    end(&s, &p);
  }
}

/* A rule that does nothing would make a test that shows nothing. */
Test(relay, what_can_be_done_wrong) {
  static const struct {
    const char *line;
    bool right;
  } rows[] = {{"GET Device forget identifier", true},
              {"DELETE Device/ skip", true},
              {"GET * set Bundle.type history of it", true},
              {"", false},
              {"GET Device", false},
              {"GET Device forgets identifier", false},
              {"GET Device forget", false},
              {"GET Device set Bundle.type", false},
              {"DELETE Device skip all", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect_eq(rv_spoil_known(str_z(rows[i].line)), rows[i].right, "%s", rows[i].line);
}

Test(relay, a_server_that_is_not_there) {
  struct peer p;
  peer_init(&p);
  p.options.relay = "http://127.0.0.1:1";
  peer_start(&p);
  cr_expect_eq(peer_call(&p, "GET", "/fhir/metadata", (struct str){0}), 502);
  peer_close(&p);
  peer_init(&p);
  peer_start(&p);
  cr_expect_eq(peer_call(&p, "GET", "/fhir/metadata", (struct str){0}), 404, "without --relay there is none");
  peer_close(&p);
}
