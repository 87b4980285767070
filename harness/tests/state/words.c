#include "words.h"

#include "base/file.h"

#include <criterion/criterion.h>

static const struct step_kind words[] = {
    {.word = "send", .part = STEP_ACTS},        {.word = "send-ack", .part = STEP_ACTS},
    {.word = "instruct", .part = STEP_ACTS},    {.word = "expect", .part = STEP_WAITS},
    {.word = "expect-ack", .part = STEP_WAITS}, {.word = "expect-none", .part = STEP_WAITS},
    {.word = "wait", .part = STEP_PREPARES},    {.word = "manual", .part = STEP_ASKS},
    {.word = "validate", .part = STEP_LOOKS},   {.word = "assert", .part = STEP_LOOKS},
    {.word = "capture", .part = STEP_LOOKS},
};

static const struct step_kind *const words_kinds[] = {&words[0], &words[1], &words[2], &words[3], &words[4],  &words[5],
                                                      &words[6], &words[7], &words[8], &words[9], &words[10], NULL};

static struct str fixture(void *context, struct arena *a, struct str file) {
  static const struct {
    const char *file, *text;
  } texts[] = {{"first.json", "{\"id\": \"${uuid:first-bundle}\", \"thread\": \"${uuid:thread}\"}"},
               {"second.json", "{\"id\": \"${uuid:second-bundle}\", \"thread\": \"${uuid:thread}\"}"},
               {"apart.json", "{\"id\": \"${uuid:apart-bundle}\", \"open\": \"${uuid"},
               {"one.json", "{\"thread\": \"${uuid:thread}\"}"}};
  (void)context;
  (void)a;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (str_eqz(file, texts[i].file)) return str_z(texts[i].text);
  return (struct str){0};
}

const struct depends_files words_files = {fixture, NULL};

struct str words_text(struct arena *a) {
  struct str text = {0};
  struct error e;
  cr_assert_eq(file_read(&text, a, TEST_DATA "/depends.yaml", 1 << 20, &e), 0, "%s", e.text);
  return text;
}

struct plan *words_plan(struct arena *a, struct str text) {
  struct error e;
  struct findings f;
  struct protocol *p;
  struct plan *plan = NULL;
  struct vendor *v = ARENA_NEW(a, struct vendor);
  findings_init(&f, a);
  facts_init(&v->capabilities, a);
  facts_init(&v->variables, a);
  facts_put(&v->capabilities, STR("forward"), STR("false"));
  v->version = STR("1");
  cr_assert_eq(protocol_read(&p, a, (struct source){STR("depends.yaml"), text}, words_kinds, &f), 0, "%.*s",
               STR_F(f.list.n ? f.list.v[0].en : STR("")));
  cr_assert_eq(plan_make(&plan, a, p, v, NULL, 0, &e), 0, "%s", e.text);
  return plan;
}

struct depends *words_depends(struct arena *a) {
  return depends_make(a, words_plan(a, words_text(a)), words_files);
}
