/* What rules say: one with its source and examples, and a list to search in; as `testcamp explain` tells it. */
#include "console/console_int.h"

#define LISTED_MAX 200

/* One rule of what the command prints: its name at the margin, all else below it. */
struct told {
  struct str key, severity, text, rest; /* text in the visitor's language; rest: source and examples */
};

/* A line that says something in one language; says: empty where that is not the visitor's. */
static bool is_text(const struct visit *v, struct str line, struct str *says) {
  bool english = str_starts(line, STR("  en  ")), danish = str_starts(line, STR("  da  "));
  *says = danish == v->danish ? str_trim(str_sub(line, 6, line.n)) : (struct str){0};
  return english || danish;
}

/* What the rule says comes first; how it is judged, behind its source, belongs there. */
static bool take_text(const struct visit *v, struct str line, struct told *t) {
  struct str says;
  if (t->rest.p || !is_text(v, line, &says)) return false;
  if (says.n) t->text = says;
  return true;
}

/* The next one; false at the end. */
static bool take_rule(const struct visit *v, struct str *out, struct told *t) {
  *t = (struct told){0};
  struct str head = str_cut(out, '\n');
  if (!head.n) return false;
  t->key = str_cut(&head, ' ');
  t->severity = str_trim(head);
  while (out->n && out->p[0] == ' ') {
    struct str before = *out, line = str_cut(out, '\n');
    if (take_text(v, line, t)) continue;
    if (!t->rest.p) t->rest = before;
    t->rest.n = (size_t)(line.p + line.n - t->rest.p);
  }
  return true;
}

static void write_severity(struct visit *v, struct str severity) {
  static const char *const words[][4] = {{"error", "badge fail", "error", "fejl"},
                                         {"warning", "badge waiting", "warning", "advarsel"},
                                         {"undecided", "badge inconclusive", "undecided", "uafklaret"},
                                         {"info", "badge", "information", "oplysning"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(severity, words[i][0])) page_say_in(v, "span", words[i][1], words[i][2], words[i][3]);
}

/* ---- one rule ---- */

/* Headings of what stands below them, in the visitor's words. */
static bool write_heading(struct visit *v, struct str line) {
  static const char *const heads[][3] = {{"passes", "This passes", "Dette er i orden"},
                                         {"fails", "This fails", "Dette er en fejl"},
                                         {"judged", "How it is judged", "Sådan vurderes det"}};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
    if (str_eqz(line, heads[i][0])) return page_say_in(v, "h3", NULL, heads[i][1], heads[i][2]), true;
  return false;
}

static void write_line(struct visit *v, struct str line) {
  struct str says;
  if (write_heading(v, str_trim(line))) return;
  if (!is_text(v, line, &says))
    page_text_in(v, "p", "soft", str_trim(line));
  else if (says.n)
    page_text_in(v, "p", NULL, says);
}

/* Lines further in belong together: an example, and what is found in it. */
static void write_rest(struct visit *v, struct str rest) {
  while (rest.n) {
    struct str lines = rest, line = str_cut(&rest, '\n');
    if (!str_starts(line, STR("   ")) && !str_starts(line, STR("  >"))) {
      write_line(v, line);
      continue;
    }
    while (rest.n && (str_starts(rest, STR("   ")) || str_starts(rest, STR("  >")))) line = str_cut(&rest, '\n');
    page_text_in(v, "pre", "wrap", str_sub(lines, 0, (size_t)(line.p + line.n - lines.p)));
  }
}

static void write_rule(struct visit *v, const struct told *t) {
  page_open(v, "section", "panel");
  page_open(v, "h2", NULL);
  page_text(v, t->key), page_text(v, STR(" ")), write_severity(v, t->severity);
  page_close(v);
  if (t->text.n) page_text_in(v, "p", NULL, t->text);
  write_rest(v, t->rest);
  page_close(v);
}

static void write_to_list(struct visit *v) {
  page_open(v, "p", "links");
  page_link(v, str_z(visit_word(v, "All rules", "Alle regler")), "/explain");
  page_close(v);
}

static void show_rule(struct visit *v, const struct done *d) {
  struct str out = d->out;
  struct told t;
  visit_begin(v, "Rule", "Regel");
  write_to_list(v);
  if (d->code == 0)
    while (take_rule(v, &out, &t)) write_rule(v, &t);
  else
    page_complaint_in(v, "pre", "wrap", d->err);
  visit_page_status(v, d->code == 0 ? 200 : 404);
}

static void get_rule(struct visit *v) {
  do_reading(v, (const char *const[]){"explain", lang_option(v), "--", v->parts[0].p, NULL}, show_rule);
}

/* ---- the list ---- */

static void write_row(struct visit *v, const struct told *t) {
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL), page_link(v, t->key, "/explain/%.*s", STR_F(t->key)), page_close(v);
  page_open(v, "td", NULL), write_severity(v, t->severity), page_close(v);
  page_text_in(v, "td", NULL, t->text);
  page_close(v);
}

static void show_rules(struct visit *v, const struct done *d) {
  static const char *const heads[][2] = {{"Rule", "Regel"}, {"Severity", "Alvor"}, {"Text", "Tekst"}, {NULL, NULL}};
  struct str out = d->out, words = http_query(v->request, "q");
  struct told t;
  size_t n = 0;
  visit_begin(v, "Rules", "Regler");
  page_search(v, "/explain", words, "Words of a rule, its text or its source",
              "Ord i en regel, dens tekst eller dens kilde");
  page_table(v, "rules", heads);
  while (take_rule(v, &out, &t)) {
    struct str all = arena_printf(v->arena, "%.*s %.*s %.*s", STR_F(t.key), STR_F(t.text), STR_F(t.rest));
    if (page_has_words(v, all, words) && n++ < LISTED_MAX) write_row(v, &t);
  }
  page_table_end(v);
  page_open(v, "p", "soft");
  if (n > LISTED_MAX)
    page_say(v, arena_printf(v->arena, "The first %d of %zu: search for fewer.", LISTED_MAX, n).p,
             arena_printf(v->arena, "De første %d af %zu: søg efter færre.", LISTED_MAX, n).p);
  else
    page_say(v, arena_printf(v->arena, "%zu rules", n).p, arena_printf(v->arena, "%zu regler", n).p);
  page_close(v);
  visit_page(v);
}

static void get_rules(struct visit *v) {
  do_reading(v, (const char *const[]){"explain", NULL}, show_rules);
}

const struct route explain_routes[] = {
    {"GET", "/explain", FOR_ALL, ROUTE_PLAIN, get_rules}, {"GET", "/explain/*", FOR_ALL, ROUTE_PLAIN, get_rule}, {0}};
