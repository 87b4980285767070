/* What persons and the wire tell, and what comes how often: its defects, and the answers of a clean run. */
#include "base/file.h"
#include "mutations.h"
#include "steps/steps.h"

static void put(struct event *ev, const char *name, struct str value) {
  facts_put(&ev->data, str_z(name), value);
}

static void drop(struct event *ev, const char *prefix) {
  size_t n = 0;
  for (size_t i = 0; i < ev->data.list.n; i++)
    if (!str_starts(ev->data.list.v[i].name, str_z(prefix))) ev->data.list.v[n++] = ev->data.list.v[i];
  ev->data.list.n = n;
}

static void says_no(struct event *ev) {
  put(ev, "answer", STR("fail"));
}

static void says_nothing(struct event *ev) {
  drop(ev, "text");
}

static void shows_nothing(struct event *ev) {
  drop(ev, "evidence.");
}

static void finds_it_irrelevant(struct event *ev) {
  put(ev, "answer", STR("not-relevant"));
}

static void refuses(struct event *ev) {
  put(ev, "status", STR("400"));
}

static void does_not_act(struct event *ev) {
  put(ev, "answer", STR("error"));
  put(ev, "text", STR("HTTP 422"));
}

const struct told_defect told_defects[] = {
    {"person-says-no", "The person who looks sees that it does not work", NULL, says_no},
    {"person-says-nothing", "An explanation is asked for, and none is given", "explain", says_nothing},
    {"person-shows-nothing", "Evidence is asked for, and none is handed in", NULL, shows_nothing},
    {"person-not-relevant", "The vendor finds the step not relevant", NULL, finds_it_irrelevant},
    {"refuses-messages", NULL, "send", refuses},
    {"refuses-acks", NULL, "send-ack", refuses},
    {"refuses-to-act", NULL, "instruct", does_not_act},
};
const size_t told_defects_n = sizeof told_defects / sizeof *told_defects;

const struct arrival arrivals[] = {
    {"received-never", "Nothing of what is sent arrives", 0},
    {"received-twice", "Everything that is sent arrives twice", 2},
};
const size_t arrivals_n = sizeof arrivals / sizeof *arrivals;

static bool asks_person(const struct step *s) {
  return str_eqz(str_z(s->kind->word), "manual") || str_eqz(str_z(s->kind->word), "explain");
}

static void print_answer(const struct step *s, const char *evidence) {
  printf("  \"%.*s\": {answer: ok, text: As expected", STR_F(s->id));
  if (s->evidence.n) printf(", evidence: [");
  for (size_t i = 0; i < s->evidence.n; i++) printf("%s%s", i ? ", " : "", evidence);
  puts(s->evidence.n ? "]}" : "}");
}

int answers_print(struct mutations *m, const char *protocol, const char *evidence, struct error *e) {
  struct protocol *p;
  if (protocol_load(&p, m->arena, protocol, m->data_dir, step_kinds, e) < 0) return -1;
  size_t asked = 0;
  puts("by: A tester");
  for (size_t c = 0; c < p->cases.n; c++)
    for (size_t i = 0; i < p->cases.v[c]->steps.n; i++)
      if (asks_person(p->cases.v[c]->steps.v[i])) {
        if (!asked++) puts("answers:");
        print_answer(p->cases.v[c]->steps.v[i], evidence);
      }
  if (!asked) puts("answers: {}");
  return 0;
}
