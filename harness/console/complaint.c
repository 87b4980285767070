#include "console/complaint.h"

#include "base/template.h"
#include "crypto/certificate.h"
#include "formats/format_rules.h"
#include "formats/library_words.h"
#include "lint/lint.h"
#include "lint/testscript.h"
#include "plan/capabilities.h"
#include "protocol/protocol_rules.h"

/* A value may be a sentence with a value of its own, and so on. */
#define DEPTH_MAX 4
/* A sentence with fewer letters of its own, such as "{1}: {2}", would fit everything. */
#define LETTERS_MIN 4
/* So many things that end with ": " may stand before a sentence. */
#define HEADS_MAX 8

const struct complaint *const complaint_tables[] = {complaints_of_commands, complaints_of_rooms, complaints_of_words,
                                                    NULL};

/* ---- all of them ---- */

struct search {
  struct arena *arena;
  struct str text;
  bool value;  /* it stands in another sentence, where a word may do; alone a word is what somebody wrote */
  size_t best; /* letters of what was found */
  bool rule;   /* it is a rule, whose values are said in its language */
  const char *da;
  struct str places[TEMPLATE_PLACES_MAX];
};

static void try_one(struct search *s, const char *en, const char *da, bool rule) {
  struct str places[TEMPLATE_PLACES_MAX];
  if ((!s->value && !strchr(en, ' ')) || !template_matches(en, s->text, places)) return;
  size_t own = template_letters(en);
  bool whole = strlen(en) == s->text.n && str_eqz(s->text, en);
  if (own <= s->best || (own < LETTERS_MIN && !whole)) return;
  s->best = own, s->da = da, s->rule = rule;
  memcpy(s->places, places, sizeof places);
}

static void try_rules(struct search *s, const struct rule *rules, size_t n) {
  for (size_t i = 0; i < n; i++) try_one(s, rules[i].en, rules[i].da, true);
}

static bool look_up(struct search *s) {
  for (size_t i = 0; complaint_tables[i]; i++)
    for (const struct complaint *c = complaint_tables[i]; c->en; c++) try_one(s, c->en, c->da, false);
  try_rules(s, protocol_rules, PROTOCOL_RULES_N);
  try_rules(s, format_rules, FORMAT_RULES_N);
  try_rules(s, lint_rule_table, lint_rule_table_n);
  try_rules(s, testscript_rule_table, testscript_rule_table_n);
  try_rules(s, plan_rules, plan_rules_n);
  try_rules(s, certificate_rules, CERTIFICATE_RULES_N);
  return s->da != NULL;
}

static bool translate(struct arena *a, struct str english, int depth, struct str *danish);

/* Words that follow each other: no name, number or file. */
static bool is_sentence(struct str s) {
  size_t words = 0;
  while (s.n) {
    struct str word = str_cut(&s, ' ');
    bool small = word.n > 1;
    for (size_t i = 0; i < word.n; i++) small = small && word.p[i] >= 'a' && word.p[i] <= 'z';
    words = small ? words + 1 : 0;
    if (words == 2) return true;
  }
  return false;
}

/* A value of a place: said in Danish behind "!" and "~", and in rules, which have it in their language. False if it is
 * a sentence that ought to be known and is not. */
static bool add_value(struct buf *b, const struct search *s, struct str value, char mark, int depth) {
  struct str danish = value;
  bool said = s->rule || mark != '}', known = said && translate(s->arena, value, depth + 1, &danish);
  buf_add(b, known ? danish : value);
  return known || mark != '!' || !is_sentence(value);
}

static bool fill(const struct search *s, int depth, struct str *danish) {
  struct buf b;
  bool known = true;
  buf_init(&b, 4 * COMPLAINT_BYTES_MAX);
  for (const char *p = s->da; *p;) {
    size_t length, place = template_place(p, &length);
    if (place) {
      known = add_value(&b, s, s->places[place - 1], p[2], depth) && known;
      p += length;
    } else {
      buf_byte(&b, *p++);
    }
  }
  *danish = buf_take(&b, s->arena);
  return known;
}

/* "error: {text} [rule]", as commands print a finding. */
static bool translate_finding(struct arena *a, struct str english, int depth, struct str *danish) {
  static const char *const heads[][2] = {
      {"error: ", "fejl: "}, {"warning: ", "advarsel: "}, {"undecided: ", "uafklaret: "}, {"info: ", "oplysning: "}};
  size_t end = english.n;
  if (!str_ends(english, STR("]"))) return false;
  while (end > 0 && english.p[end - 1] != '[') end--;
  for (size_t i = 0; end > 1 && i < sizeof heads / sizeof *heads; i++) {
    if (!str_starts(english, str_z(heads[i][0]))) continue;
    struct str text = str_trim(str_sub(english, strlen(heads[i][0]), end - 1));
    if (!translate(a, text, depth + 1, danish)) return false;
    *danish = arena_printf(a, "%s%.*s %.*s", heads[i][1], STR_F(*danish), STR_F(str_sub(english, end - 1, english.n)));
    return true;
  }
  return false;
}

static bool translate_sentence(struct arena *a, struct str english, int depth, struct str *danish) {
  struct search s = {.arena = a, .text = english, .value = depth > 0};
  return translate_finding(a, english, depth, danish) || (look_up(&s) && fill(&s, depth, danish));
}

/* "what is wrong; what to do", where each has words of its own. */
static bool translate_halves(struct arena *a, struct str english, int depth, struct str *danish) {
  struct str first, second;
  size_t at = str_find(english, STR("; "), 0);
  if (at == SIZE_MAX || at == 0) return false;
  if (!translate(a, str_sub(english, 0, at), depth + 1, &first) ||
      !translate(a, str_sub(english, at, english.n), depth + 1, &second))
    return false;
  *danish = arena_printf(a, "%.*s%.*s", STR_F(first), STR_F(second));
  return true;
}

/* What stands before a sentence is a file, a place, or a name: it ends with ": ". */
static bool translate(struct arena *a, struct str english, int depth, struct str *danish) {
  size_t at = 0, line = str_index(english, '\n');
  if (depth > DEPTH_MAX || english.n > COMPLAINT_BYTES_MAX) return false;
  for (int heads = 0; heads <= HEADS_MAX && at < english.n; heads++) {
    struct str said;
    if (translate_sentence(a, str_sub(english, at, english.n), depth, &said)) {
      *danish = arena_printf(a, "%.*s%.*s", (int)at, english.p, STR_F(said));
      return true;
    }
    size_t colon = str_find(english, STR(": "), at);
    if (colon == SIZE_MAX || colon > line) break;
    at = colon + 2;
  }
  return translate_halves(a, english, depth, danish) || (depth > 0 && library_words_danish(a, english, danish));
}

bool complaint_in_danish(struct arena *a, struct str english, struct str *danish) {
  return english.n && translate(a, english, 0, danish);
}
