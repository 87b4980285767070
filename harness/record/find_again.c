#include "record/find_again.h"

#include "base/buf.h"

#include <string.h>

#define LINE_MAX ((size_t)1 << 20)
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

static bool is_plain(struct str word) {
  for (size_t i = 0; i < word.n; i++)
    if (!ascii_is_alnum(word.p[i]) && !memchr("-_./:@=,+%#", word.p[i], 11)) return false;
  return word.n && word.p[0] != '#';
}

/* In a shell nothing is special between single quotes but their end. */
static void add_quoted(struct buf *b, struct str word) {
  buf_byte(b, '\'');
  for (size_t i = 0; i < word.n; i++) {
    if (word.p[i] == '\'')
      buf_addz(b, "'\\''");
    else
      buf_byte(b, word.p[i]);
  }
  buf_byte(b, '\'');
}

struct str again_line(struct arena *a, const struct str *words, size_t n) {
  struct buf b;
  buf_init(&b, LINE_MAX);
  for (size_t i = 0; i < n; i++) {
    if (i) buf_byte(&b, ' ');
    if (is_plain(words[i]))
      buf_add(&b, words[i]);
    else
      add_quoted(&b, words[i]);
  }
  return buf_take(&b, a);
}

struct str again_command(struct arena *a, struct str run, const struct finding *f) {
  struct str id = message_of(&f->where);
  bool judges = BEGINS_WITH_ONE(f->rule, of_one_message) && !BEGINS_WITH_ONE(f->rule, of_two_messages);
  if (!run.n || !id.n || !judges || f->origin.n) return (struct str){0};
  const struct str words[] = {STR("testcamp"), STR("validate"), STR("--run"), run, id};
  return again_line(a, words, sizeof words / sizeof *words);
}

struct str again_step(struct arena *a, struct str run, struct str step, enum verdict v) {
  const struct str words[] = {STR("testcamp"), STR("repeat"), run, step};
  bool is_sound = v != VERDICT_FAIL && v != VERDICT_ERROR && v != VERDICT_INCONCLUSIVE;
  if (!run.n || !step.n || is_sound) return (struct str){0};
  return again_line(a, words, sizeof words / sizeof *words);
}

struct str again_explain(struct arena *a, const struct finding *f) {
  if (!f->rule.n || f->origin.n) return (struct str){0};
  const struct str words[] = {STR("testcamp"), STR("explain"), f->constraint.n ? f->constraint : f->rule};
  return again_line(a, words, sizeof words / sizeof *words);
}
