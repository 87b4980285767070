/* Which topic of the help a page leads to. */
#include "console/guide.h"

#include <criterion/criterion.h>
#include <string.h>

static bool is_topic(const char *id) {
  for (const struct guide_topic *t = guide_topics; t->id; t++)
    if (!strcmp(t->id, id)) return true;
  return false;
}

Test(guide, a_page_leads_to_its_topic) {
  static const char *const rows[][2] = {{"/", "first"},
                                        {"/runs/20261129-0a1b2c3d", "run"},
                                        {"/runs/20261129-0a1b2c3d/messages/m1", "run"},
                                        {"/runs/20261129-0a1b2c3d/handover", "handover"},
                                        {"/handover", "first"},
                                        {"/runsaway", "first"},
                                        {"/start", "start"},
                                        {"/systems/7/protocols", "systems"},
                                        {"/board", "camps"},
                                        {"", "first"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect_str_eq(guide_of(str_z(rows[i][0])), rows[i][1], "%s", rows[i][0]);
}

/* Whatever stands in the tables of routes, its help is there. */
Test(guide, every_route_has_one) {
  for (const struct route *const *t = route_tables; *t; t++)
    for (const struct route *r = *t; r->method; r++) cr_expect(is_topic(guide_of(str_z(r->path))), "%s", r->path);
}

Test(guide, topics_are_whole_in_both_languages) {
  for (const struct guide_topic *t = guide_topics; t->id; t++) {
    cr_expect(t->en && t->da && (t->lines || t->more), "%s", t->id);
    for (const struct guide_line *l = t->lines; l && (l->en || l->da); l++) {
      cr_expect(l->en && l->da, "%s: %s", t->id, l->en ? l->en : l->da);
      if (l->en && l->da && l->kind == GUIDE_TERM) cr_expect(strchr(l->en, '|') && strchr(l->da, '|'), "%s", l->en);
    }
  }
}
