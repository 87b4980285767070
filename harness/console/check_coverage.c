/* What is judged by the machine, over all protocols (/check/coverage): the protocols with what of them is, one of them
 * by its sections, the requirements, and how the standards are played; as `testcamp coverage --format tsv` counts it.
 */
#include "console/check_int.h"
#include "console/paging.h"

#define STEPS_SHOWN 4
#define FIELDS_MAX 9

/* Lines of one kind. */
struct lines {
  struct str rest;
  const char *kind;
};

/* The fields behind the kind of the next line of that kind; false at the end. */
static bool lines_next(struct lines *l, struct str field[FIELDS_MAX]) {
  while (l->rest.n) {
    struct str line = str_cut(&l->rest, '\n');
    if (!str_eqz(str_cut(&line, '\t'), l->kind)) continue;
    for (size_t i = 0; i < FIELDS_MAX; i++) field[i] = str_cut(&line, '\t');
    return true;
  }
  return false;
}

/* ---- protocols and sections ---- */

#define COUNT_HEADS                                                                                                    \
  {"Step numbers", "Teststepnumre"}, {"by machine", "maskinelt"}, {"All steps", "Alle teststep"}, {                    \
    "by machine", "maskinelt"                                                                                          \
  }

static void write_counts(struct visit *v, const struct str count[4]) {
  for (size_t i = 0; i < 4; i++) page_text_in(v, "td", "number", count[i]);
}

static void write_protocols(struct visit *v, struct str out) {
  static const char *const heads[][2] = {
      {"Test protocol", "Testprotokol"}, {"Standard", "Standard"}, {"Role", "Rolle"}, COUNT_HEADS, {NULL, NULL}};
  struct lines l = {out, "protocol"};
  struct str f[FIELDS_MAX];
  page_table(v, "coverage", heads);
  while (lines_next(&l, f)) {
    page_open(v, "tr", NULL);
    page_open(v, "td", NULL), page_link(v, f[0], "/check/coverage?protocol=%.*s", STR_F(f[0])), page_close(v);
    page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(f[2]), STR_F(f[3]));
    page_text_in(v, "td", NULL, str_z(page_role(v, f[4])));
    write_counts(v, f + 5);
    page_close(v);
  }
  page_table_end(v);
}

/* False: there is no such protocol. */
static bool write_sections(struct visit *v, struct str out, struct str protocol) {
  static const char *const heads[][2] = {{"Section", "Afsnit"}, {"Title", "Titel"}, COUNT_HEADS, {NULL, NULL}};
  struct lines l = {out, "section"};
  struct str f[FIELDS_MAX];
  bool found = false;
  page_text_in(v, "h2", NULL, protocol);
  page_table(v, "coverage", heads);
  while (lines_next(&l, f)) {
    if (!str_eq(f[0], protocol)) continue;
    found = true;
    page_open(v, "tr", NULL);
    page_text_in(v, "td", NULL, f[1]), page_text_in(v, "td", NULL, v->danish ? f[3] : f[2]);
    write_counts(v, f + 4);
    page_close(v);
  }
  page_table_end(v);
  return found;
}

/* ---- requirements ---- */

struct requirement {
  struct str standard, id, protocols, steps; /* steps: of which protocol, and which, as far as shown */
  size_t n;
  bool machine;
};

static void write_by(struct visit *v, bool machine) {
  page_open(v, "td", NULL);
  page_say(v, machine ? "the machine" : "persons", machine ? "maskinelt" : "personer");
  page_close(v);
}

static void write_requirement(struct visit *v, const struct requirement *r) {
  page_open(v, "tr", NULL);
  page_text_in(v, "td", NULL, r->standard), page_text_in(v, "td", NULL, r->id);
  write_by(v, r->machine);
  page_open(v, "td", NULL), page_text(v, r->steps);
  if (r->n > STEPS_SHOWN)
    page_say(v, arena_printf(v->arena, " and %zu more", r->n - STEPS_SHOWN).p,
             arena_printf(v->arena, " og %zu mere", r->n - STEPS_SHOWN).p);
  page_close(v), page_close(v);
}

static void add_step(struct visit *v, struct requirement *r, const struct str f[FIELDS_MAX], struct str *last) {
  bool same = str_eq(*last, f[2]);
  *last = f[2];
  r->machine |= str_eqz(f[4], "machine");
  if (!same) r->protocols = arena_printf(v->arena, "%.*s %.*s", STR_F(r->protocols), STR_F(f[2]));
  if (r->n++ >= STEPS_SHOWN) return;
  if (same)
    r->steps = arena_printf(v->arena, "%.*s, %.*s", STR_F(r->steps), STR_F(f[3]));
  else
    r->steps =
        arena_printf(v->arena, "%.*s%s%.*s %.*s", STR_F(r->steps), r->n > 1 ? "; " : "", STR_F(f[2]), STR_F(f[3]));
}

/* A requirement as a row, if it has the words that are looked for and stands on this page. */
static void take(struct visit *v, const struct requirement *r, struct str words, struct paging *p) {
  struct str all = arena_printf(v->arena, "%.*s %.*s %.*s", STR_F(r->standard), STR_F(r->id), STR_F(r->protocols));
  if (r->n && page_has_words(v, all, words) && paging_takes(p)) write_requirement(v, r);
}

static void write_requirements(struct visit *v, struct str out) {
  static const char *const heads[][2] = {{"Standard", "Standard"},
                                         {"Requirement", "Krav"},
                                         {"Judged by", "Bedømmes"},
                                         {"Steps", "Teststep"},
                                         {NULL, NULL}};
  struct lines l = {out, "requirement"};
  struct requirement r = {0};
  struct str f[FIELDS_MAX], last = {0}, words = http_query(v->request, "q");
  struct paging p = paging_of(v, "page");
  page_search(v, "/check/coverage/requirements", words, "Words of a requirement, its standard or protocol",
              "Ord i et krav, dets standard eller testprotokol");
  page_table(v, "requirements", heads);
  while (lines_next(&l, f)) {
    if (!str_eq(r.standard, f[0]) || !str_eq(r.id, f[1])) {
      take(v, &r, words, &p);
      r = (struct requirement){.standard = f[0], .id = f[1]}, last = (struct str){0};
    }
    add_step(v, &r, f, &last);
  }
  take(v, &r, words, &p);
  page_table_end(v);
  page_paging(v, &p, "/check/coverage/requirements", words);
  page_say_in(v, "p", "soft", arena_printf(v->arena, "%zu requirements", p.n).p,
              arena_printf(v->arena, "%zu krav", p.n).p);
}

/* Use cases and fragments that no step verifies: mistakes of the protocols. */
static void write_unverified(struct visit *v, struct str out) {
  static const char *const heads[][2] = {
      {"Standard", "Standard"}, {"Requirement", "Krav"}, {"Named in", "Nævnt i"}, {NULL, NULL}};
  struct lines l = {out, "unverified"};
  struct str f[FIELDS_MAX];
  page_say_in(v, "h2", NULL, "Never verified", "Aldrig eftervist");
  page_table(v, NULL, heads);
  size_t n = 0;
  for (; lines_next(&l, f); n++) {
    page_open(v, "tr", NULL);
    for (size_t i = 0; i < 3; i++) page_text_in(v, "td", NULL, f[i]);
    page_close(v);
  }
  page_table_end(v);
  if (!n) page_say_in(v, "p", "soft", "None.", "Ingen.");
}

/* ---- how the standards are played ---- */

static void write_how(struct visit *v, struct str is) {
  static const char *const words[][3] = {{"as-published", "As published", "Som offentliggjort"},
                                         {"simplified", "Simplified", "Forenklet"},
                                         {"differs", "Differs", "Afviger"},
                                         {"not-shown", "Not shown", "Ikke vist"}};
  page_open(v, "td", NULL);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(is, words[i][0])) page_say(v, words[i][1], words[i][2]);
  page_close(v);
}

static void write_notes(struct visit *v, struct str out) {
  static const char *const heads[][2] = {{"How", "Hvordan"}, {"What", "Hvad"}, {"Of", "Om"}, {NULL, NULL}};
  struct lines l = {out, "fidelity"};
  struct str f[FIELDS_MAX];
  page_table(v, "fidelity", heads);
  while (lines_next(&l, f)) {
    page_open(v, "tr", NULL);
    write_how(v, f[0]);
    page_text_in(v, "td", NULL, v->danish ? f[3] : f[2]), page_text_in(v, "td", NULL, f[1]);
    page_close(v);
  }
  page_table_end(v);
}

/* ---- the pages ---- */

static void write_links(struct visit *v) {
  static const char *const links[][3] = {{"", "Test protocols", "Testprotokoller"},
                                         {"/requirements", "Requirements", "Krav"},
                                         {"/fidelity", "How the standards are played", "Sådan spilles standarderne"}};
  page_open(v, "p", "links");
  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    page_link(v, str_z(visit_word(v, links[i][1], links[i][2])), "/check/coverage%s", links[i][0]);
  page_close(v);
}

/* False, and the page is ended, if it could not be counted. */
static bool begin_coverage(struct visit *v, const struct done *d) {
  visit_begin(v, "Coverage", "Dækning");
  check_tabs(v);
  write_links(v);
  if (!d->code) return true;
  page_say_in(v, "p", "notice error", "It could not be made up.", "Den kunne ikke gøres op.");
  page_complaint_in(v, "pre", "wrap", d->err);
  return visit_page_status(v, 500), false;
}

static void show_coverage(struct visit *v, const struct done *d) {
  struct str protocol = http_query(v->request, "protocol");
  bool found = true;
  if (!begin_coverage(v, d)) return;
  page_say_in(v, "p", "soft",
              "Which steps of the test protocols are judged by the machine; for the others persons alone answer.",
              "Hvilke teststep i testprotokollerne der bedømmes maskinelt; de øvrige svarer personer alene for.");
  if (protocol.n)
    found = write_sections(v, d->out, protocol);
  else
    write_protocols(v, d->out);
  visit_page_status(v, found ? 200 : 404);
}

static void show_requirements(struct visit *v, const struct done *d) {
  if (!begin_coverage(v, d)) return;
  write_requirements(v, d->out);
  write_unverified(v, d->out);
  visit_page(v);
}

static void show_notes(struct visit *v, const struct done *d) {
  if (!begin_coverage(v, d)) return;
  write_notes(v, d->out);
  visit_page(v);
}

static const char *const counted[] = {"coverage", "--format", "tsv", NULL};

static void get_coverage(struct visit *v) {
  do_reading(v, counted, show_coverage);
}
static void get_requirements(struct visit *v) {
  do_reading(v, counted, show_requirements);
}
static void get_notes(struct visit *v) {
  do_reading(v, counted, show_notes);
}

const struct route check_coverage_routes[] = {
    {"GET", "/check/coverage", FOR_MEDCOM, ROUTE_PLAIN, get_coverage},
    {"GET", "/check/coverage/requirements", FOR_MEDCOM, ROUTE_PLAIN, get_requirements},
    {"GET", "/check/coverage/fidelity", FOR_MEDCOM, ROUTE_PLAIN, get_notes},
    {0}};
