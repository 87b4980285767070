/* A user of the reference vendor: how it logs in, what it then sees, and which answers it is not logged in by. */
#include "crypto/token.h"
#include "services.h"

#include <criterion/criterion.h>

#define QUIET_MS INT64_C(300)
#define FIND "{'action':'status','find':{'cpr':'2512489996'}}"
#define LOG_IN "{'action':'log-in','find':{'cpr':'2512489996'}}"
#define FOUND                                                                                                          \
  "{'resourceType':'Bundle','type':'searchset','total':1,'entry':[{'resource':{'resourceType':'AuditEvent',"           \
  "'recorded':'2026-01-05T10:00:00Z','outcome':'8','subtype':[{'code':'msg-sent'}],'entity':[{'type':{'code':"         \
  "'ehmiMessage'},'what':{'identifier':{'value':'m-1'}}}]}}]}"

static bool searched(struct services *s, size_t n) {
  int64_t until = clock_monotonic() + PEER_WAIT_MS;
  while (s->searches.n < n && clock_monotonic() < until) loop_turn(s->p->loop, 20);
  services_quiet(s, 50);
  return s->searches.n == n;
}

static bool screen_says(struct peer *p, const char *text) {
  return str_find(peer_state(p), str_z(text), 0) != SIZE_MAX;
}

/* The value of a form or query, not decoded. */
static struct str value_of(struct str form, const char *name) {
  while (form.n) {
    struct str value = str_cut(&form, '&');
    if (str_eqz(str_cut(&value, '='), name)) return value;
  }
  return (struct str){0};
}

Test(user, logs_in_by_par_code_and_pkce) {
  struct peer p;
  struct services s;
  services_begin(&s, &p, NULL);
  peer_start(&p);
  cr_assert_eq(peer_trigger(&p, FIND), 200);
  cr_assert(searched(&s, 1));
  struct str pushed = s.pushed.v[0].body, token = s.tokens.v[0].body;
  cr_expect(str_eqz(value_of(pushed, "scope"), "openid%20EDS%20user%2FAuditEvent.rs"), "%.*s", STR_F(pushed));
  cr_expect(str_eqz(value_of(pushed, "code_challenge_method"), "S256"));
  cr_expect(str_eq(value_of(pushed, "code_challenge"), token_thumbprint(p.arena, value_of(token, "code_verifier"))));
  cr_expect(str_eq(value_of(pushed, "redirect_uri"), value_of(token, "redirect_uri")));
  cr_expect(str_eqz(value_of(token, "code"), "c1"));
  for (size_t i = 0; i < s.all.n; i++)
    if (str_eqz(s.all.v[i].path, "/authorize"))
      cr_expect(str_eqz(s.all.v[i].query, "client_id=refvendor&request_uri=urn%3Ar%3A1"), "%.*s",
                STR_F(s.all.v[i].query));
  cr_expect(str_eqz(s.searches.v[0].authorization, "Bearer t1"));
  cr_expect(str_eqz(value_of(s.searches.v[0].query, "cpr"), "2512489996"));
  services_end(&s, &p);
}

Test(user, is_logged_in_until_the_next_log_in) {
  struct peer p;
  struct services s;
  services_begin(&s, &p, NULL);
  peer_start(&p);
  (void)peer_trigger(&p, FIND);
  cr_assert(searched(&s, 1));
  (void)peer_trigger(&p, FIND);
  cr_assert(searched(&s, 2));
  cr_expect_eq(s.tokens.n, (size_t)1);
  (void)peer_trigger(&p, LOG_IN);
  cr_assert(searched(&s, 3));
  cr_assert_eq(s.pushed.n, (size_t)2);
  cr_expect(!str_eq(value_of(s.pushed.v[0].body, "state"), value_of(s.pushed.v[1].body, "state")));
  cr_expect(!str_eq(value_of(s.pushed.v[0].body, "code_challenge"), value_of(s.pushed.v[1].body, "code_challenge")));
  services_end(&s, &p);
}

Test(user, is_not_logged_in_by_a_wrong_answer) {
  static const struct {
    const char *redirect, *defect, *says;
    int status;
  } rows[] = {{"&iss=https%3A%2F%2Felsewhere.example", "user-no-iss-check", "from another server", 302},
              {"", "user-iss-optional", "does not say which server", 302},
              {"&state=another&iss=", "user-no-state-check", "state of no log-in", 302},
              {"&error=access_denied&iss=", NULL, "the server says access_denied", 303},
              {"&iss=", NULL, "not sent back (HTTP 307)", 307}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    for (int defect = 0; defect < 1 + (rows[i].defect != NULL); defect++) {
      struct peer p;
      struct services s;
      services_begin(&s, &p, defect ? rows[i].defect : NULL);
      s.redirect = rows[i].redirect;
      s.redirect_status = rows[i].status;
      peer_start(&p);
      (void)peer_trigger(&p, FIND);
      if (defect) cr_expect(searched(&s, 1), "%s", rows[i].defect);
      if (!defect) services_quiet(&s, QUIET_MS);
      cr_expect_eq(s.tokens.n, (size_t)defect, "%s, defect %d", rows[i].says, defect);
      cr_expect_eq(screen_says(&p, rows[i].says), !defect, "%s, defect %d", rows[i].says, defect);
      services_end(&s, &p);
    }
}

Test(user, is_logged_out_when_a_code_is_refused) {
  for (int defect = 0; defect < 2; defect++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, defect ? "user-keeps-token" : NULL);
    s.token_statuses[1] = 400;
    peer_start(&p);
    (void)peer_trigger(&p, FIND);
    cr_assert(searched(&s, 1));
    (void)peer_trigger(&p, LOG_IN);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(s.tokens.n, (size_t)2);
    cr_expect_eq(s.searches.n, (size_t)(1 + defect), "defect %d", defect);
    services_end(&s, &p);
  }
}

Test(user, sees_what_was_found_and_that_nothing_was) {
  static const struct {
    const char *answer, *defect, *says;
    int status;
    bool shown;
  } rows[] = {{FOUND, NULL, "2026-01-05T10:00:00Z msg-sent of message m-1, failed", 200, true},
              {NULL, NULL, "nothing was found", 200, true},
              {NULL, "status-silent", "nothing was found", 200, false},
              {NULL, NULL, "EDS does not tell: HTTP 403", 403, true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, rows[i].defect);
    s.search_answer = rows[i].answer;
    s.search_statuses[0] = rows[i].status;
    peer_start(&p);
    (void)peer_trigger(&p, FIND);
    cr_assert(searched(&s, 1));
    cr_expect_eq(screen_says(&p, rows[i].says), rows[i].shown, "%s", rows[i].says);
    services_end(&s, &p);
  }
}

Test(user, asks_eds_by_its_own_parameters) {
  static const struct {
    const char *find, *defect, *query;
  } rows[] = {{"'from':'2026-01-05T10:00:00+01:00','until':'2026-01-05T11:00:00+01:00'", NULL,
               "&date=ge2026-01-05T09%3A00%3A00.000Z&date=le2026-01-05T10%3A00%3A00.000Z"},
              {"'from':'2026-01-05T10:00:00+01:00'", "status-no-zone", "&date=ge2026-01-05T09%3A00%3A00.000%2B01%3A00"},
              {"'type':'t'", NULL, "&ehmiMessageType=t"},
              {"'type':'t'", "status-type-parameter", "&type=t"},
              {"'cpr':'2512489996'", "status-cpr-hyphen", "&cpr=251248-9996"},
              {"'cpr':'2512489996'", "status-patient-parameter", "&patient=2512489996"},
              {"'sender':'1','receiver':'2'", NULL, "&senderOrg=1&receiverOrg=2"},
              {"'sender':'1','receiver':'2'", "status-sides-swapped", "&receiverOrg=1&senderOrg=2"},
              {"'outcome':'8'", NULL, "&outcome=8"},
              {"'outcome':'8'", "status-outcome-inverted", "&outcome=0"},
              {"'identifier':'i'", NULL, "&entityIdentifier=i"},
              {"'identifier':'i'", "status-urn", "&entityIdentifier=urn%3Auuid%3Ai"},
              {"'identifier':'i'", "status-all", ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    services_begin(&s, &p, rows[i].defect);
    peer_start(&p);
    (void)peer_trigger(&p, arena_printf(p.arena, "{'action':'status','find':{%s}}", rows[i].find).p);
    cr_assert(searched(&s, 1));
    struct str want = arena_printf(p.arena, "_sort=-date&_count=50%s", rows[i].query);
    cr_expect(str_eq(s.searches.v[0].query, want), "%.*s", STR_F(s.searches.v[0].query));
    services_end(&s, &p);
  }
}

Test(user, needs_a_server_to_log_in_at) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_expect_eq(peer_trigger(&p, LOG_IN), 400);
  peer_close(&p);
}
