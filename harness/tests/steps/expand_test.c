#include "rig.h"

#include <criterion/criterion.h>

#define STEPS                                                                                                          \
  "- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: first}\n- step: \"1.2\"\n  capture: "            \
  "{on: first, fact: event, as: kept}\n- step: \"1.3\"\n  expect: {event: x, as: letter}\n"

static const struct {
  const char *text;
  enum expand_quote quote;
  const char *becomes; /* NULL: an error */
  enum error_code code;
} rows[] = {
    {"plain $ {x} }", EXPAND_PLAIN, "plain $ {x} }", ERR_NONE},
    {"${vendor.gln}-${counterpart.2.gln}", EXPAND_PLAIN, "5790009998013-5790009998037", ERR_NONE},
    {"${ person.given }", EXPAND_PLAIN, "Nanna", ERR_NONE},
    {"${patience}", EXPAND_PLAIN, "2 min", ERR_NONE},
    {"${kept}", EXPAND_PLAIN, "care-communication-message", ERR_NONE},
    {"${first.event}", EXPAND_PLAIN, "care-communication-message", ERR_NONE},
    {"${own}", EXPAND_PLAIN, "O'Neil \"&<\\.", ERR_NONE},
    {"'${own}'", EXPAND_FHIRPATH, "'O\\'Neil \"&<\\\\.'", ERR_NONE},
    {"${own}", EXPAND_REGEX, "O\\'Neil\\ \\\"\\&\\<\\\\\\.", ERR_NONE},
    {"${own}", EXPAND_XML, "O'Neil &quot;&amp;&lt;\\.", ERR_NONE},
    {"'${own}'", EXPAND_XPATH, NULL, ERR_UNSUPPORTED},
    {"'${kept}'", EXPAND_XPATH, "'care-communication-message'", ERR_NONE},
    {"${now}", EXPAND_PLAIN, "2026-01-05T10:00:00+01:00", ERR_NONE},
    {"${now-2 h}", EXPAND_PLAIN, "2026-01-05T08:00:00+01:00", ERR_NONE},
    {"${now + 1 d}", EXPAND_PLAIN, "2026-01-06T10:00:00+01:00", ERR_NONE},
    {"${now-soon}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${nowhere}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${register.hjemmepleje.sor}", EXPAND_PLAIN, "8888021000016001", ERR_NONE},
    {"${register.medicinsk-ambulatorium.gln}", EXPAND_PLAIN, "5790008888032", ERR_NONE},
    {"${register.nobody.gln}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${register.hjemmepleje.colour}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${letter.thread}", EXPAND_PLAIN, NULL, ERR_PEER},
    {"${first.response.to}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${unknown.thread}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${hex:}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${}", EXPAND_PLAIN, NULL, ERR_CONFIG},
    {"${open", EXPAND_PLAIN, NULL, ERR_CONFIG},
};

static struct rig *filled(void) {
  struct rig *r = rig_new(STEPS);
  rig_send(r, "1.1");
  cr_assert_eq(rig_do(r, "1.2")->verdict, VERDICT_PASS);
  return r;
}

Test(expand, rows) {
  struct rig *r = filled();
  struct step_view v = rig_view(r, "1.3");
  struct facts own;
  facts_init(&own, r->a);
  facts_put(&own, STR("own"), STR("O'Neil \"&<\\."));
  struct expander x = {.v = &v, .own = &own, .making = true, .now = CLOCK_LOGICAL_START};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str out;
    struct error e = {0};
    int result = expand_text(&out, &x, str_z(rows[i].text), rows[i].quote, &e);
    cr_expect_eq(result, rows[i].becomes ? 0 : -1, "%s: %s", rows[i].text, e.text);
    if (result == 0) cr_expect(str_eqz(out, rows[i].becomes), "%s: %.*s", rows[i].text, STR_F(out));
    cr_expect_eq(e.code, rows[i].code, "%s: %s", rows[i].text, e.text);
  }
  rig_free(r);
}

Test(expand, labels) {
  struct rig *r = filled();
  struct step_view v = rig_view(r, "1.3"), w = rig_view(r, "1.1");
  struct expander x = {.v = &v, .making = true}, y = {.v = &w, .making = true}, z = {.v = &v};
  struct str a, b, c;
  struct error e;
  cr_assert_eq(expand_text(&a, &x, STR("${uuid:a}"), EXPAND_PLAIN, &e), 0);
  cr_assert_eq(expand_text(&b, &y, STR("${uuid:a}"), EXPAND_PLAIN, &e), 0);
  cr_assert_eq(expand_text(&c, &x, STR("${uuid:b}"), EXPAND_PLAIN, &e), 0);
  cr_assert(str_eq(a, b) && !str_eq(a, c));
  cr_assert_eq(expand_text(&c, &z, STR("${uuid:a}"), EXPAND_PLAIN, &e), -1, "only in what we make");
  cr_assert_eq(expand_text(&c, &z, STR("${now}"), EXPAND_PLAIN, &e), -1);
  rig_free(r);
}

Test(expand, parties) {
  struct rig *r = filled();
  struct step_view v = rig_view(r, "1.3");
  cr_assert(str_eqz(party_of(&v, STR("5790009998013")), "vendor"));
  cr_assert(str_eqz(party_of(&v, STR("5790009998037")), "counterpart.2"));
  cr_assert_eq(party_of(&v, STR("5790009998044")).n, 0);
  cr_assert(party_is_counterpart(&v, STR("5790009998020")) && !party_is_counterpart(&v, STR("5790009998013")));
  cr_assert(str_eqz(party_field(&v, STR("counterpart.2"), "organisation"), "Counterpart Two"));
  rig_free(r);
}

Test(expand, regex_is_bounded) {
  struct error e;
  bool found;
  struct buf b;
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 5000; i++) buf_byte(&b, 'a');
  cr_assert_eq(regex_match(&found, STR("^(a+)+$"), buf_str(&b), &e), 0);
  cr_assert(found);
  buf_byte(&b, 'b');
  cr_assert_eq(regex_match(&found, STR("^(a|aa)+$"), buf_str(&b), &e), -1);
  cr_assert_eq(e.code, ERR_LIMIT);
  buf_release(&b);
  cr_assert_eq(regex_match(&found, STR("^æ.$"), STR("æø"), &e), 0);
  cr_assert(found);
  cr_assert_eq(regex_match(&found, STR("("), STR("x"), &e), -1);
  cr_assert_eq(e.code, ERR_SYNTAX);
}

Test(expand, hex_is_the_uuid_without_hyphens) {
  struct rig *r = filled();
  struct step_view v = rig_view(r, "1.3");
  struct expander x = {.v = &v, .making = true, .now = CLOCK_LOGICAL_START};
  struct str uuid, hex;
  struct error e;
  cr_assert_eq(expand_text(&uuid, &x, STR("${uuid:object}"), EXPAND_PLAIN, &e), 0);
  cr_assert_eq(expand_text(&hex, &x, STR("${hex:object}"), EXPAND_PLAIN, &e), 0);
  cr_assert_eq(hex.n, 32);
  for (size_t i = 0, k = 0; i < uuid.n; i++)
    if (uuid.p[i] != '-') cr_expect_eq(uuid.p[i], hex.p[k++]);
  rig_free(r);
}
