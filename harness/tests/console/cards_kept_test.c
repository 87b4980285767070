#include "console/cards_kept.h"
#include "tests/console/rig.h"

#include <criterion/criterion.h>

static struct rig r;
static struct map cards;

static void set_up(void) {
  rig_open(&r);
  map_init(&cards, r.arena);
}

static void tear_down(void) {
  rig_close(&r);
}

TestSuite(cards_kept, .init = set_up, .fini = tear_down);

static struct kept_card *card(const char *run) {
  struct kept_card *k = ARENA_NEW(r.arena, struct kept_card);
  *k = (struct kept_card){.arena = r.arena,
                          .events = 7,
                          .unsaved = true,
                          .card = {.run = str_z(run),
                                   .protocol = STR("p"),
                                   .digest = STR("d1"),
                                   .role = STR("sender"),
                                   .standard = STR("s"),
                                   .standard_version = STR("5.0"),
                                   .vendor = STR("Æ A/S"),
                                   .system = STR("sys"),
                                   .system_version = STR("1"),
                                   .mode = STR("certify"),
                                   .title = {STR("Title"), STR("Titel")},
                                   .started_at = 1,
                                   .ended_at = 2,
                                   .last_at = 3,
                                   .verdict = VERDICT_FAIL,
                                   .steps = 9,
                                   .judged = 8,
                                   .failed = 4,
                                   .waits_medcom = true,
                                   .certifiable = true}};
  map_set(&cards, k->card.run, k);
  return k;
}

static struct kept_card *loaded(const char *run) {
  struct map *m = ARENA_NEW(r.arena, struct map);
  map_init(m, r.arena);
  cr_assert_eq(cards_kept_load(r.db, r.arena, m, &r.e), 0, "%s", r.e.text);
  return map_get(m, str_z(run));
}

Test(cards_kept, a_card_comes_back_as_it_was) {
  struct kept_card *before = card("20260101-1");
  cr_assert_eq(cards_kept_save(r.db, &cards, &r.e), 0, "%s", r.e.text);
  cr_expect(!before->unsaved);
  struct kept_card *k = loaded("20260101-1");
  cr_assert_not_null(k);
  cr_expect_eq(k->events, 7);
  cr_expect(k->unchecked, "it is read again when there is time");
  cr_expect(str_eqz(k->card.vendor, "Æ A/S"));
  cr_expect(str_eqz(k->card.protocol, "p") && str_eqz(k->card.role, "sender") && str_eqz(k->card.standard, "s"));
  cr_expect(str_eqz(k->card.digest, "d1"), "a camp's board compares it with what is frozen");
  cr_expect(str_eqz(k->card.standard_version, "5.0") && str_eqz(k->card.system_version, "1"));
  cr_expect(str_eqz(k->card.mode, "certify") && str_eqz(k->card.system, "sys"));
  cr_expect(str_eqz(k->card.title.en, "Title") && str_eqz(k->card.title.da, "Titel"));
  cr_expect(k->card.started_at == 1 && k->card.ended_at == 2 && k->card.last_at == 3);
  cr_expect(k->card.verdict == VERDICT_FAIL && k->card.steps == 9 && k->card.judged == 8 && k->card.failed == 4);
  cr_expect(k->card.waits_medcom && k->card.certifiable);
  cr_expect(!k->card.waits_vendor && !k->card.paused && !k->card.received);
  arena_free(k->arena);
}

/* What goes on, and what cannot be read, is looked at anew. */
Test(cards_kept, only_what_has_ended_and_is_whole_is_kept) {
  card("20260101-1")->card.open = true;
  card("20260101-2")->card.ended_at = 0;
  card("20260101-3")->card.damage = STR("torn");
  card("20260101-4")->touched = true;
  card("20260101-5")->unsaved = false;
  cr_assert_eq(cards_kept_save(r.db, &cards, &r.e), 0, "%s", r.e.text);
  for (int i = 1; i <= 5; i++) cr_expect_null(loaded(arena_printf(r.arena, "20260101-%d", i).p), "%d", i);
}
