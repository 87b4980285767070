/* Which protocols a system can be tested by, as its vendor file stands: what applies, what does not and why, in which
 * mode, what came of it last, and the way to start. It is reckoned by `run --dry-run` in a child, and so comes as a
 * part of the system's page after it. */
#include "console/offers.h"
#include "console/systems.h"
#include "formats/json.h"

#define WORDS_MAX (OFFERS_FILES_MAX + 8)

struct look {
  struct visit *v;
  const struct vendor *vendor;
  struct run_card *cards; /* runs of the system, newest first */
  size_t cards_n;
  const struct node *said; /* by the dry run: a list, one entry a protocol */
  struct offer **list;
  size_t n;
};

/* Which part of the page a protocol stands in. */
enum part { PART_CLAIMED, PART_POSSIBLE, PART_NOT };

/* ---- what is known ---- */

static bool is_owned(const struct db_rows *owned, struct str run) {
  for (size_t i = 0; i < owned->n; i++)
    if (str_eq(db_cell(owned, i, 0), run)) return true;
  return false;
}

static int find_cards(struct look *l, struct error *e) {
  struct visit *v = l->v;
  struct db_rows owned = {0};
  struct run_card *all;
  size_t n;
  if (db_get(v->console->db, v->arena, &owned, e, "SELECT run FROM run_owners WHERE system = ?", "i", v->system) < 0)
    return -1;
  run_cards_get(v, &all, &n);
  l->cards = ARENA_ARRAY(v->arena, struct run_card, n + 1);
  for (size_t i = 0; i < n; i++)
    if (is_owned(&owned, all[i].run)) l->cards[l->cards_n++] = all[i];
  return 0;
}

static const struct run_card *last_run(const struct look *l, const struct offer *p) {
  for (size_t i = 0; i < l->cards_n; i++)
    if (str_eq(l->cards[i].protocol, p->id)) return &l->cards[i];
  return NULL;
}

static bool is_claimed(const struct look *l, const struct offer *p) {
  const char *role = arena_z(l->v->arena, p->role);
  for (size_t i = 0; i < l->vendor->claims.n; i++) {
    const struct vendor_claim *c = &l->vendor->claims.v[i];
    bool same = str_eq(c->standard, p->standard) && str_eq(c->version, p->standard_version);
    if (same && facts_get(&c->roles, role).n) return true;
  }
  return false;
}

static const struct node *said_of(const struct look *l, const struct offer *p) {
  const char *file = offers_path(l->v->console, l->v->arena, p->path);
  for (NODE_EACH(n, l->said))
    if (str_eqz(node_text_at(n, "file"), file)) return n;
  return NULL;
}

/* With another system beside it, it can be started: that system is chosen at the start. */
static enum part part_of(const struct look *l, const struct offer *p) {
  const struct node *said = said_of(l, p);
  bool claimed = is_claimed(l, p);
  if (claimed) return PART_CLAIMED;
  return said && !node_text_at(said, "error").n ? PART_POSSIBLE : PART_NOT;
}

/* ---- a row ---- */

static void write_protocol(struct visit *v, const struct offer *p) {
  page_open(v, "th", NULL), page_attr(v, "scope", "row");
  page_printf_in(v, "span", NULL, "%.*s %.*s", STR_F(v->danish && p->danish.n ? p->danish : p->standard),
                 STR_F(p->standard_version));
  page_text_in(v, "div", "soft", v->danish ? p->title.da : p->title.en);
  page_close(v);
}

static const char *role_word(const struct visit *v, struct str role) {
  static const char *const roles[][3] = {
      {"sender", "sender", "afsender"}, {"receiver", "receiver", "modtager"}, {"operator", "operator", "operatør"}};
  for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
    if (str_eqz(role, roles[i][0])) return visit_word(v, roles[i][1], roles[i][2]);
  return role.p;
}

static void write_left_out(struct visit *v, const struct node *cases) {
  page_open(v, "ul", NULL);
  for (NODE_EACH(c, cases)) {
    if (str_eqz(node_text_at(c, "applies"), "true")) continue;
    page_open(v, "li", NULL);
    page_printf_in(v, "strong", NULL, "%.*s ", STR_F(node_text_at(c, "case")));
    page_text(v, node_text_at(c, v->danish ? "title.da" : "title.en"));
    page_text_in(v, "div", "soft", node_text_at(c, v->danish ? "why.da" : "why.en"));
    page_close(v);
  }
  page_close(v);
}

static void write_cases(struct visit *v, const struct node *said) {
  const struct node *cases = node_at(said, "cases");
  size_t all = 0, apply = 0;
  for (NODE_EACH(c, cases)) all++, apply += str_eqz(node_text_at(c, "applies"), "true");
  page_printf_in(v, "div", NULL, "%zu %s %zu %s", apply, visit_word(v, "of", "af"), all,
                 visit_word(v, "cases", "afsnit"));
  page_printf_in(v, "div", "soft", "%s: %.*s %s, %.*s %s", visit_word(v, "Steps", "Teststep"),
                 STR_F(node_text_at(said, "steps.machine")), visit_word(v, "by machine", "maskinelt"),
                 STR_F(node_text_at(said, "steps.person")), visit_word(v, "by a person", "af en person"));
  if (apply == all) return;
  page_open(v, "details", NULL);
  page_printf_in(v, "summary", NULL, "%zu %s", all - apply, visit_word(v, "do not apply", "gælder ikke"));
  write_left_out(v, cases);
  page_close(v);
}

/* Reasons are those of the command, which says them in English. */
static void write_reason(struct visit *v, struct str text) {
  page_open(v, "div", "words"), page_attr(v, "lang", "en");
  page_text(v, visit_without_folders(v, text));
  page_close(v);
}

static void write_applies(struct visit *v, const struct offer *p, const struct node *said) {
  struct str error = node_text_at(said, "error");
  page_open(v, "td", NULL);
  if (said && !error.n) write_cases(v, said);
  if (error.n && p->parties.n)
    page_say(v, "Another system takes part: choose it at the start.",
             "Et andet system deltager: det vælges, når testen startes.");
  else if (error.n)
    page_say_in(v, "span", "badge inconclusive", "cannot be started yet", "kan ikke startes endnu");
  if (error.n && !p->parties.n) write_reason(v, error);
  page_close(v);
}

static void write_modes(struct visit *v, const struct offer *p, const struct node *said) {
  struct str error = node_text_at(said, "error"), no = node_text_at(said, "no-live-test");
  page_open(v, "td", NULL);
  if (!said || (error.n && !p->parties.n)) {
    page_text(v, STR("–"));
  } else {
    page_say_in(v, "div", NULL, "Self-test", "Egentest");
    if (!error.n && !no.n) page_say_in(v, "div", NULL, "Certification (live test)", "Certificering (livetest)");
  }
  if (no.n) {
    page_open(v, "details", NULL);
    page_say_in(v, "summary", "soft", "no live test yet", "endnu ingen livetest");
    write_reason(v, no);
    page_close(v);
  }
  page_close(v);
}

static void write_last(struct visit *v, const struct run_card *k) {
  page_open(v, "td", NULL);
  page_attr(v, "data-head", "%s", visit_word(v, "Last run", "Seneste test"));
  if (k) {
    page_verdict(v, k->verdict);
    page_open(v, "div", NULL);
    page_link(v, when_text(v, k->started_at), "/runs/%.*s", STR_F(k->run));
    page_close(v);
    bool live = str_eqz(k->mode, RECORD_CERTIFY);
    page_say_in(v, "div", "soft", live ? "live test" : "self-test", live ? "livetest" : "egentest");
  } else {
    page_say_in(v, "span", "soft", "never", "aldrig");
  }
  page_close(v);
}

static void write_row(const struct look *l, const struct offer *p) {
  struct visit *v = l->v;
  const struct node *said = said_of(l, p);
  page_open(v, "tr", NULL);
  write_protocol(v, p);
  page_printf_in(v, "td", NULL, "%s", role_word(v, p->role));
  write_applies(v, p, said);
  write_modes(v, p, said);
  write_last(v, last_run(l, p));
  page_open(v, "td", NULL);
  page_open(v, "a", "button");
  page_attr(v, "href", "/start?protocol=%.*s&system=system:%lld", STR_F(p->id), (long long)v->system);
  page_attr(v, "aria-label", "%s: %.*s", visit_word(v, "New test", "Ny test"),
            STR_F(v->danish ? p->title.da : p->title.en));
  page_say(v, "New test", "Ny test");
  page_close(v);
  page_close(v);
  page_close(v);
}

/* ---- the part ---- */

static void write_table(const struct look *l, enum part part) {
  static const char *const heads[][2] = {
      {"Protocol", "Testprotokol"}, {"Role", "Rolle"},  {"Applies", "Gælder"}, {"Kind of test", "Testtype"},
      {"Last run", "Seneste test"}, {"Start", "Start"}, {NULL, NULL}};
  struct visit *v = l->v;
  page_table(v, "protocols", heads);
  for (size_t i = 0; i < l->n; i++)
    if (part_of(l, l->list[i]) == part) write_row(l, l->list[i]);
  page_table_end(v);
}

static size_t count(const struct look *l, enum part part) {
  size_t found = 0;
  for (size_t i = 0; i < l->n; i++) found += part_of(l, l->list[i]) == part;
  return found;
}

static void write_folded(const struct look *l, enum part part, const char *en, const char *da) {
  struct visit *v = l->v;
  size_t n = count(l, part);
  if (!n) return;
  page_open(v, "details", NULL);
  page_printf_in(v, "summary", NULL, "%s (%zu)", visit_word(v, en, da), n);
  write_table(l, part);
  page_close(v);
}

static void write_all(const struct look *l) {
  struct visit *v = l->v;
  if (count(l, PART_CLAIMED))
    write_table(l, PART_CLAIMED);
  else
    page_say_in(v, "p", "soft", "Its file claims no standard and role that there is a protocol for.",
                "Dets fil angiver ingen standard og rolle, som der er en testprotokol for.");
  write_folded(l, PART_POSSIBLE, "Other protocols that it can be tested by",
               "Andre testprotokoller, det kan testes efter");
  write_folded(l, PART_NOT, "Protocols that do not fit the file as it stands",
               "Testprotokoller, der ikke passer til filen, som den er");
}

static void show(struct visit *v, const struct done *d) {
  struct look l = {.v = v};
  struct system s;
  struct vendor *w;
  struct node *root = NULL;
  struct error e;
  struct findings f;
  findings_init(&f, v->arena);
  bool read = d->code == 0 && json_read(&root, v->arena, (struct source){STR("dry run"), d->out}, &f) == 0;
  if (system_get(v, v->system, &s, &e) < 0 || system_read(v, s.file, s.organisation_name, &w, &e) < 0 ||
      find_cards(&l, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  l.vendor = w, l.said = root;
  offers_protocols(v->console, &l.list, &l.n);
  bool part = http_header(v->request, "X-Part").n > 0;
  if (part)
    visit_begin_part(v);
  else
    visit_begin(v, "Protocols of a system", "Testprotokoller for et system");
  if (read)
    write_all(&l);
  else
    page_complaint_in(v, "pre", "wrap", d->err);
  visit_page(v);
}

static void get_protocols(struct visit *v) {
  const char **argv = arena_alloc(v->arena, WORDS_MAX * sizeof *argv), *file;
  struct offer **list;
  struct error e;
  int64_t organisation;
  size_t n, words = 0;
  if (system_vendor_file(v, v->system, &file, &organisation, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  offers_protocols(v->console, &list, &n);
  argv[words++] = "run";
  for (size_t i = 0; i < n; i++) argv[words++] = offers_path(v->console, v->arena, list[i]->path);
  argv[words++] = arena_printf(v->arena, "--vendor=%s", file).p;
  argv[words++] = store_option(v);
  argv[words++] = "--dry-run";
  argv[words++] = "--format=json";
  argv[words] = NULL;
  do_reading(v, argv, show);
}

const struct route system_protocol_routes[] = {
    {"GET", "/systems/*/protocols", FOR_PARTNERS, ROUTE_SYSTEM, get_protocols}, {0}};
