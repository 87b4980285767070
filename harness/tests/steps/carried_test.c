/* made-of: what an operator makes of a message is from and to the same, about the same person, and comes later. */
#include "rig.h"

#include <criterion/criterion.h>

#define SCENE                                                                                                          \
  "- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: first}\n"                                        \
  "- step: \"1.2\"\n  expect: {letter: XDIS91, made-of: first, as: made, within: 5 min}\n"

struct row {
  const char *patient, *sender, *receiver; /* NULL: as in what it is made of */
  const char *rule;                        /* that a finding must have; NULL: none of being carried; "": not chosen */
};

static struct str or_of(struct rig *r, const char *said, const char *name) {
  return said ? str_z(said) : facts_get(&state_message_find(r->s, STR("first"))->facts, name);
}

static bool has(const struct state_step *st, const char *rule) {
  for (size_t i = 0; i < st->findings.list.n; i++)
    if (str_eqz(st->findings.list.v[i].rule, rule)) return true;
  return false;
}

static void come(struct rig *r, const struct row *row) {
  struct facts f;
  facts_init(&f, r->a);
  facts_put(&f, STR("letter"), STR("XDIS91"));
  facts_put(&f, STR("patient"), or_of(r, row->patient, "patient"));
  facts_put(&f, STR("envelope.sender"), or_of(r, row->sender, "envelope.sender"));
  facts_put(&f, STR("envelope.receiver"), or_of(r, row->receiver, "envelope.receiver"));
  rig_receive_with(r, "1.2", &f);
}

Test(carried, is_judged_by_what_it_was_made_of) {
  static const struct row rows[] = {{NULL, NULL, NULL, NULL},
                                    {NULL, "5790008888285", NULL, "expect.carried-sender"},
                                    {NULL, NULL, "5790008888247", "expect.carried-receiver"},
                                    {"2509479989", NULL, NULL, ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig *r = rig_new(SCENE);
    cr_assert_not_null(r->p);
    rig_send(r, "1.1");
    cr_assert_eq(rig_open(r, "1.2"), 0);
    come(r, &rows[i]);
    bool chosen = !rows[i].rule || rows[i].rule[0];
    cr_assert_eq(rig_ready(r, "1.2"), chosen, "row %zu", i);
    if (!chosen) rig_timer(r, "1.2");
    const struct state_step *st = rig_judge(r, "1.2");
    if (chosen && rows[i].rule) cr_expect(has(st, rows[i].rule), "row %zu", i);
    if (!rows[i].rule)
      cr_expect(!has(st, "expect.carried-sender") && !has(st, "expect.carried-receiver"), "row %zu", i);
    if (!chosen) cr_expect(has(st, "expect.near-miss"), "row %zu", i);
    rig_free(r);
  }
}
