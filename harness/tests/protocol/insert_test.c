/* Steps that are put in: where they come to stand, what they are called, and what is wrong with them. */
#include "protocol/insert.h"

#include "fake_kinds.h"

#include <criterion/criterion.h>

static const char text[] = "protocol: p\n"
                           "standard: {name: N, danish: N, version: \"1\", type: HL7 FHIR}\n"
                           "version: 1.0.0\nrole: sender\n"
                           "parameters: {wait: {value: 1 s, source: here}}\n"
                           "sections:\n"
                           "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"
                           "      - step: \"1.1\"\n        send: {fixture: a.json, as: first}\n"
                           "      - expect: {event: e, as: second}\n"
                           "      - step: \"1.2\"\n        manual: {ask: {en: Is it?, da: Er den?}}\n";

struct given {
  const char *name, *after, *yaml;
  const char *expect; /* ids of all steps, or the beginning of the first mistake */
};

static const struct given good[] = {
    {"one step", "1.2", "send: {fixture: b.json}\n", "1.1 1.1+1 1.2 1.2+M1"},
    {"a list, behind what belongs to the number", "1.1", "- send: {fixture: b.json}\n- expect: {event: e}\n",
     "1.1 1.1+1 1.1+M1 1.1+M2 1.2"},
    {"behind a step of our own", "1.1+1", "- send: {fixture: b.json}\n", "1.1 1.1+1 1.1+1+M1 1.2"},
    {"names that are free", "1.1", "- send: {fixture: b.json, as: third}\n", "1.1 1.1+1 1.1+M1 1.2"},
};

static const struct given bad[] = {
    {"no such place", "7.7", "send: {fixture: b.json}\n", "1:1 the protocol has no step \"7.7\""},
    {"a number", "1.1", "- step: \"1.3\"\n  send: {fixture: b.json}\n", "1:9 a step that is put in has no number"},
    {"no word", "1.1", "- sent: {fixture: b.json}\n", "1:3 unknown key \"sent\""},
    {"a name that is taken", "1.1", "- send: {fixture: b.json, as: second}\n", "1:31 the name \"second\" is taken"},
    {"the name of a parameter", "1.1", "- send: {fixture: b.json, as: wait}\n", "1:31 the name \"wait\" is taken"},
    {"a name twice", "1.1", "- send: {fixture: b.json, as: x}\n- expect: {event: e, as: x}\n", "2:26 the name \"x\""},
    {"no step", "1.1", "nothing\n", "1:1 this is no step"},
    {"an empty list", "1.1", "[]\n", "1:1 this is no step"},
    {"no YAML", "1.1", "- [\n", "2:1 "},
};

static struct protocol *fresh(struct arena *a) {
  struct protocol *p;
  struct findings f;
  findings_init(&f, a);
  cr_assert_eq(protocol_read(&p, a, (struct source){STR("p.yaml"), str_z(text)}, fake_kinds, &f), 0);
  return p;
}

static struct str ids(struct arena *a, const struct protocol *p) {
  struct str out = {0};
  for (size_t i = 0; i < p->cases.v[0]->steps.n; i++) {
    const struct step *s = p->cases.v[0]->steps.v[i];
    cr_expect_eq(s->index, i);
    cr_expect_eq(s->in, p->cases.v[0]);
    out = arena_printf(a, "%.*s%s%.*s", STR_F(out), i ? " " : "", STR_F(s->id));
  }
  return out;
}

static int insert(struct arena *a, struct protocol *p, const struct given *g, struct findings *f) {
  struct insert in;
  findings_init(f, a);
  return protocol_insert(&in, p, a, (struct source){STR("own.yaml"), str_z(g->yaml)}, str_z(g->after), fake_kinds, f);
}

Test(insert, steps_come_where_they_belong) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    struct findings f;
    struct protocol *p = fresh(a);
    cr_expect_eq(insert(a, p, &good[i], &f), 0, "%s", good[i].name);
    struct str have = ids(a, p);
    cr_expect(str_eqz(have, good[i].expect), "%s: %.*s", good[i].name, STR_F(have));
  }
  arena_free(a);
}

Test(insert, mistakes_have_a_place_and_change_nothing) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct findings f;
    struct protocol *p = fresh(a);
    cr_expect_eq(insert(a, p, &bad[i], &f), -1, "%s", bad[i].name);
    cr_assert_gt(f.list.n, 0);
    struct str have =
        arena_printf(a, "%d:%d %.*s", f.list.v[0].where.line, f.list.v[0].where.col, STR_F(f.list.v[0].en));
    cr_expect(str_starts(have, str_z(bad[i].expect)), "%s: %.*s", bad[i].name, STR_F(have));
    cr_expect(str_eqz(f.list.v[0].where.message, "own.yaml"), "%s", bad[i].name);
    cr_expect(str_eqz(ids(a, p), "1.1 1.1+1 1.2"), "%s changed the protocol", bad[i].name);
  }
  arena_free(a);
}

/* Put in again and again: the numbers go on, and what was put in first stands first. */
Test(insert, numbers_go_on) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct protocol *p = fresh(a);
  static const struct given more[] = {{"one", "1.1", "- send: {fixture: b.json}\n", NULL},
                                      {"two", "1.1", "- send: {fixture: c.json}\n", NULL},
                                      {"three", "1.1+M1", "- send: {fixture: d.json}\n", NULL}};
  for (size_t i = 0; i < 3; i++) cr_assert_eq(insert(a, p, &more[i], &f), 0, "%s", more[i].name);
  struct str have = ids(a, p);
  cr_expect(str_eqz(have, "1.1 1.1+1 1.1+M1 1.1+M3 1.1+M2 1.2"), "%.*s", STR_F(have));
  arena_free(a);
}
