#include "rig.h"

#include <criterion/criterion.h>

Test(wait, waits) {
  struct rig *r = rig_new("- step: \"1.1\"\n  wait: {for: \"${patience}\"}\n");
  cr_assert_eq(rig_open(r, "1.1"), 0);
  cr_assert_str_eq(r->owner, "harness");
  cr_assert_eq(r->deadline, 120000);
  cr_assert(!rig_ready(r, "1.1"));
  rig_timer(r, "1.1");
  cr_assert(rig_ready(r, "1.1"));
  struct state_step *st = rig_judge(r, "1.1");
  cr_assert_eq(st->verdict, VERDICT_PASS);
  cr_assert(str_eqz(st->actual.en, "Waited 2 min"), "%.*s", STR_F(st->actual.en));
  rig_free(r);
}

Test(wait, parameter_overridden) {
  struct rig *r = rig_new("- step: \"1.1\"\n  wait: {for: \"${patience}\"}\n");
  struct event *ev = rig_event(r, "parameter", NULL);
  facts_put(&ev->data, STR("name"), STR("patience"));
  facts_put(&ev->data, STR("value"), STR("3 s"));
  rig_apply(r, ev);
  cr_assert_eq(rig_open(r, "1.1"), 0);
  cr_assert_eq(r->deadline, 3000);
  rig_free(r);
}

Test(wait, unknown_variable) {
  struct rig *r = rig_new("- step: \"1.1\"\n  wait: {for: \"${patiens}\"}\n");
  cr_assert_eq(rig_open(r, "1.1"), -1);
  cr_assert(str_find(str_z(r->error.text), STR("${patiens}"), 0) != SIZE_MAX, "%s", r->error.text);
  rig_free(r);
}
