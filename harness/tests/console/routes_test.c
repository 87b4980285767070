/* Who may take which route is written down twice: in the tables of routes, and in data/console/routes.tsv. What one has
 * and the other has not is a route that nobody thought about. */
#include "base/file.h"
#include "console/console_int.h"

#include <criterion/criterion.h>

struct row {
  struct str method, path, who, of;
  bool found;
};

static struct arena *arena;
static VEC(struct row) rows;

static void set_up(void) {
  struct str text;
  struct error e;
  arena = arena_new(0);
  rows.n = 0, rows.cap = 0, rows.v = NULL;
  cr_assert_eq(file_read(&text, arena, TEST_DATA "/routes.tsv", (size_t)1 << 20, &e), 0, "%s", e.text);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (!line.n || line.p[0] == '#') continue;
    struct row r = {.method = str_cut(&line, '\t')};
    r.path = str_cut(&line, '\t'), r.who = str_cut(&line, '\t'), r.of = str_cut(&line, '\t');
    VEC_PUSH(arena, &rows, r);
  }
}

static void tear_down(void) {
  arena_free(arena);
}

TestSuite(routes, .init = set_up, .fini = tear_down);

static unsigned who_of(struct str words) {
  static const struct {
    const char *name;
    unsigned who;
  } names[] = {{"anyone", FOR_ANYONE}, {"viewer", FOR_VIEWER}, {"vendor", FOR_VENDOR}, {"medcom", FOR_MEDCOM}};
  unsigned who = 0;
  while (words.n) {
    struct str word = str_cut(&words, ' ');
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
      if (str_eqz(word, names[i].name)) who |= names[i].who;
  }
  return who;
}

static const char *const of_names[] = {[ROUTE_PLAIN] = "plain",
                                       [ROUTE_RUN] = "run",
                                       [ROUTE_RUN_ID] = "run",
                                       [ROUTE_SYSTEM] = "system",
                                       [ROUTE_ORGANISATION] = "organisation"};

static struct row *row_of(const struct route *r) {
  for (size_t i = 0; i < rows.n; i++)
    if (str_eqz(rows.v[i].method, r->method) && str_eqz(rows.v[i].path, r->path)) return &rows.v[i];
  return NULL;
}

Test(routes, each_is_written_down) {
  for (const struct route *const *t = route_tables; *t; t++)
    for (const struct route *r = *t; r->method; r++) {
      struct row *row = row_of(r);
      cr_expect_not_null(row, "%s %s has no row in routes.tsv", r->method, r->path);
      if (!row) continue;
      cr_expect_eq(who_of(row->who), r->who, "%s %s: who", r->method, r->path);
      cr_expect(str_eqz(row->of, of_names[r->of]), "%s %s: of what", r->method, r->path);
      cr_expect(!row->found, "%s %s is there twice", r->method, r->path);
      row->found = true;
    }
  for (size_t i = 0; i < rows.n; i++)
    cr_expect(rows.v[i].found, "there is no %.*s %.*s", STR_F(rows.v[i].method), STR_F(rows.v[i].path));
}

/* What belongs to a vendor is told by the router, not by each page: an address under it names what it is of. */
Test(routes, what_is_owned_is_checked_by_the_router) {
  static const struct {
    const char *begins;
    enum route_of of;
  } owned[] = {{"/runs/*", ROUTE_RUN}, {"/systems/*", ROUTE_SYSTEM}};
  for (const struct route *const *t = route_tables; *t; t++)
    for (const struct route *r = *t; r->method; r++)
      for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (str_starts(str_z(r->path), str_z(owned[i].begins)))
          cr_expect_str_eq(of_names[r->of], of_names[owned[i].of], "%s %s", r->method, r->path);
}

/* An event stream is held for long: it must not hold a run that was read for it. */
Test(routes, what_is_held_reads_no_run) {
  size_t n = 0;
  for (const struct route *const *t = route_tables; *t; t++)
    for (const struct route *r = *t; r->method; r++) {
      if (!str_ends(str_z(r->path), STR("/events"))) continue;
      cr_expect_neq(r->of, ROUTE_RUN, "%s", r->path);
      n++;
    }
  cr_expect_geq(n, (size_t)2);
}

Test(routes, viewers_and_strangers_only_look) {
  for (const struct route *const *t = route_tables; *t; t++)
    for (const struct route *r = *t; r->method; r++) {
      bool own = str_eqz(str_z(r->path), "/login") || str_eqz(str_z(r->path), "/logout") ||
                 str_eqz(str_z(r->path), "/language") || str_starts(str_z(r->path), STR("/invitation/"));
      if (str_eqz(str_z(r->method), "POST") && !own)
        cr_expect(!(r->who & (FOR_VIEWER | FOR_ANYONE)), "POST %s", r->path);
      /* Of a run, onlookers get its steps, and nothing that holds a message. */
      bool steps = str_eqz(str_z(r->path), "/runs/*") || str_eqz(str_z(r->path), "/runs/*/events");
      bool run = str_eqz(str_z(of_names[r->of]), "run");
      if (run) cr_expect(!(r->who & FOR_ANYONE), "%s %s", r->method, r->path);
      if (run && !steps) cr_expect(!(r->who & FOR_VIEWER), "%s %s", r->method, r->path);
    }
}
