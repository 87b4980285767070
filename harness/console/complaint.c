#include "console/complaint.h"

#include "base/buf.h"
#include "crypto/certificate.h"
#include "formats/format_rules.h"
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

/* ---- one sentence ---- */

/* The number of the place that begins at p, "{1}", "{1!}" or "{1~}"; 0: none does. */
static size_t place_at(const char *p, size_t *length) {
  if (p[0] != '{' || p[1] < '1' || p[1] > '9') return 0;
  bool said = p[2] == '!' || p[2] == '~';
  if (p[said ? 3 : 2] != '}') return 0;
  *length = said ? 4 : 3;
  return (size_t)(p[1] - '0');
}

static struct str literal_at(const char *p) {
  size_t n = 0, length;
  while (p[n] && !place_at(p + n, &length)) n++;
  return (struct str){p, n};
}

bool complaint_matches(const char *en, struct str text, struct str places[COMPLAINT_PLACES_MAX]) {
  struct str *open = NULL; /* the place whose end is looked for */
  for (size_t i = 0; i < COMPLAINT_PLACES_MAX; i++) places[i] = STR("");
  while (*en) {
    size_t length, place = place_at(en, &length);
    if (place) {
      open = &places[place - 1];
      en += length;
      continue;
    }
    struct str literal = literal_at(en);
    bool last = !literal.p[literal.n];
    size_t at = open ? str_find(text, literal, 0) : 0;
    if (open && last) at = text.n < literal.n ? SIZE_MAX : text.n - literal.n;
    if (at == SIZE_MAX || !str_starts(str_sub(text, at, text.n), literal)) return false;
    if (open) *open = str_sub(text, 0, at);
    text = str_sub(text, at + literal.n, text.n);
    open = NULL;
    en += literal.n;
  }
  if (open) *open = text;
  return open || !text.n;
}

/* How many letters of a sentence are its own: the sentence that says most is meant. */
static size_t letters(const char *en) {
  size_t n = 0, length;
  while (*en) {
    if (place_at(en, &length)) {
      en += length;
      continue;
    }
    n += ascii_is_alnum(*en++);
  }
  return n;
}

/* ---- all of them ---- */

struct search {
  struct arena *arena;
  struct str text;
  bool value;  /* it stands in another sentence, where a word may do; alone a word is what somebody wrote */
  size_t best; /* letters of what was found */
  bool rule;   /* it is a rule, whose values are said in its language */
  const char *da;
  struct str places[COMPLAINT_PLACES_MAX];
};

static void try_one(struct search *s, const char *en, const char *da, bool rule) {
  struct str places[COMPLAINT_PLACES_MAX];
  if ((!s->value && !strchr(en, ' ')) || !complaint_matches(en, s->text, places)) return;
  size_t own = letters(en);
  bool whole = strlen(en) == s->text.n && str_eqz(s->text, en);
  if (own <= s->best || (own < LETTERS_MIN && !whole)) return;
  s->best = own, s->da = da, s->rule = rule;
  memcpy(s->places, places, sizeof places);
}

static void try_rules(struct search *s, const struct rule *rules, size_t n) {
  for (size_t i = 0; i < n; i++) try_one(s, rules[i].en, rules[i].da, true);
}

static bool look_up(struct search *s) {
  for (const struct complaint *c = complaints; c->en; c++) try_one(s, c->en, c->da, false);
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
    size_t length, place = place_at(p, &length);
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
  return translate_halves(a, english, depth, danish);
}

bool complaint_in_danish(struct arena *a, struct str english, struct str *danish) {
  return english.n && translate(a, english, 0, danish);
}
