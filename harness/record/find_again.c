#include "record/find_again.h"

#define PAYLOAD_MARK "#payload"

/* What validate judges of a message by itself. */
static const char *const of_one_message[] = {"acknowledgement.",
                                             "bundle.",
                                             "carecommunication.",
                                             "document.",
                                             "edifact.",
                                             "fhir.",
                                             "header.",
                                             "identifier.",
                                             "json.",
                                             "oioxml.",
                                             "profile.",
                                             "provenance.",
                                             "sbdh.",
                                             "skeleton.",
                                             "vans.",
                                             "xml."};
/* Of those, what takes the message that is answered. */
static const char *const of_two_messages[] = {"sbdh.original", "sbdh.receipt", "sbdh.signal", "vans.receipt"};

static bool begins_with_one(struct str s, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (str_starts(s, str_z(list[i]))) return true;
  return false;
}

#define BEGINS_WITH_ONE(s, list) begins_with_one((s), (list), sizeof(list) / sizeof *(list))

/* "m3" of "m3#payload"; empty if it is no message of a run. */
static struct str message_of(const struct place *p) {
  struct str id = p->message;
  int64_t number;
  if (str_ends(id, STR(PAYLOAD_MARK))) id.n -= sizeof PAYLOAD_MARK - 1;
  bool is_message = id.n > 1 && id.p[0] == 'm' && str_int(str_sub(id, 1, id.n), &number) && number > 0;
  return is_message ? id : (struct str){0};
}

struct str again_command(struct arena *a, struct str run, const struct finding *f) {
  struct str id = message_of(&f->where);
  bool judges = BEGINS_WITH_ONE(f->rule, of_one_message) && !BEGINS_WITH_ONE(f->rule, of_two_messages);
  if (!run.n || !id.n || !judges || f->origin.n) return (struct str){0};
  return arena_printf(a, "testcamp validate --run %.*s %.*s", STR_F(run), STR_F(id));
}

struct str again_explain(struct arena *a, const struct finding *f) {
  if (!f->rule.n || f->origin.n) return (struct str){0};
  return arena_printf(a, "testcamp explain %.*s", STR_F(f->constraint.n ? f->constraint : f->rule));
}
