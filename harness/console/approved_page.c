/* The list of approved systems: MedCom's lists that were read in, searched, and taken out again with the runs of the
 * store over them, by the commands `testcamp approvals` and `testcamp report --all`. */
#include "base/clock.h"
#include "console/console_int.h"
#include "report/approval.h"

#define ROWS_SHOWN 300 /* more would make a page that nobody reads */

static bool holds(struct str text, struct str word) {
  for (size_t i = 0; i + word.n <= text.n; i++)
    if (str_eq_nocase(str_sub(text, i, i + word.n), word)) return true;
  return false;
}

static bool is_wanted(const struct approval *row, struct str word) {
  for (size_t i = 0; i < APPROVAL_COLUMNS; i++)
    if (holds(row->cells[i], word)) return true;
  return false;
}

/* A cell with a lighter line below it. */
static void write_pair(struct visit *v, struct str text, struct str below) {
  page_open(v, "td", NULL);
  page_text_in(v, "div", NULL, text);
  page_text_in(v, "div", "soft", below);
  page_close(v);
}

static void write_row(struct visit *v, const struct approval *row) {
  page_open(v, "tr", NULL);
  write_pair(v, row->cells[APPROVAL_SYSTEM], row->cells[APPROVAL_SYSTEM_TYPE]);
  page_text_in(v, "td", NULL, row->cells[APPROVAL_VENDOR]);
  write_pair(v, row->cells[APPROVAL_STANDARD], row->cells[APPROVAL_STANDARD_ID]);
  page_text_in(v, "td", NULL, row->cells[APPROVAL_CHANNEL]);
  page_text_in(v, "td", NULL, row->cells[APPROVAL_STATUS]);
  page_text_in(v, "td", "soft", row->basis);
  page_close(v);
}

static void write_rows(struct visit *v, const struct approvals *all, struct str word) {
  static const char *const heads[][2] = {{"System, type", "System, type"},
                                         {"Vendor", "Leverandør"},
                                         {"Standard, id (version)", "Standard, ID (Version)"},
                                         {"Channel", "Kanal"},
                                         {"Test status", "Teststatus"},
                                         {"Basis", "Grundlag"},
                                         {NULL, NULL}};
  size_t found = 0;
  page_table(v, "approved", heads);
  for (size_t i = 0; i < all->rows.n; i++)
    if (is_wanted(&all->rows.v[i], word) && ++found <= ROWS_SHOWN) write_row(v, &all->rows.v[i]);
  page_table_end(v);
  if (found > ROWS_SHOWN)
    page_printf_in(v, "p", "soft",
                   v->danish ? "%zu rækker, de første %d er vist: søg." : "%zu rows, the first %d are shown: search.",
                   found, ROWS_SHOWN);
  if (!found) page_say_in(v, "p", "soft", "No row says that.", "Ingen rækker siger det.");
}

static void write_search(struct visit *v, struct str word) {
  page_open(v, "form", "row");
  page_attr(v, "method", "get"), page_attr(v, "action", "/approved"), page_attr(v, "role", "search");
  form_input(v, "search", "q", word, "System, vendor, standard or status", "System, leverandør, standard eller status");
  form_button(v, NULL, NULL, NULL, "Search", "Søg");
  page_close(v);
}

static void write_reading(struct visit *v) {
  page_open(v, "details", "form panel");
  page_say_in(v, "summary", NULL, "Read a list in", "Indlæs en liste");
  page_say_in(v, "p", "soft",
              "MedCom's list as it is published, CSV or XLSX. Of a row that two lists have, the newer counts.",
              "MedComs liste, som den offentliggøres, CSV eller XLSX. Af en række i to lister gælder den nyeste.");
  form_open(v, true, "/approved");
  form_input(v, "file", "file", STR(""), "File", "Fil");
  form_input(v, "date", "as-of", webform_get(&v->form, "as-of"), "The day of the list (default: today)",
             "Listens dato (ellers i dag)");
  form_button(v, NULL, NULL, "main", "Read in", "Indlæs");
  page_close(v);
  page_close(v);
}

static void write_links(struct visit *v) {
  page_open(v, "p", NULL);
  page_say(v, "With the runs of this store over it: ", "Med dette lagers testforløb lagt over: ");
  page_link(v, STR("CSV"), "/approved/csv");
  page_text(v, STR(" · "));
  page_link(v, STR("XLSX"), "/approved/xlsx");
  page_text(v, STR(" · "));
  page_link(v, str_z(visit_word(v, "Campaigns", "Kampagner")), "/campaigns");
  page_close(v);
}

static void show(struct visit *v, int status) {
  const struct console_options *o = &v->console->options;
  struct str word = str_trim(http_query(v->request, "q"));
  struct approvals all = {0};
  struct error e;
  if (o->host.approvals(o->host.context, v->arena, v->danish, &all, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Approved systems", "Godkendte systemer");
  write_links(v);
  if (all.rows.n) {
    write_search(v, word);
    write_rows(v, &all, word);
  } else {
    page_say_in(v, "p", "soft", "No list was read in yet.", "Der er endnu ikke indlæst nogen liste.");
  }
  write_reading(v);
  visit_page_status(v, status);
}

static void get_approved(struct visit *v) {
  show(v, 200);
}

/* Rows that are left out are told with their lines; what could be read counts all the same. */
static void post_approved(struct visit *v) {
  const struct webform_field *f = webform_nth(&v->form, "file", 0);
  struct str day = str_sub(time_danish(v->arena, v->now), 0, 10);
  if (!f || !f->value.n) {
    v->notice = str_z(visit_word(v, "Choose a file.", "Vælg en fil."));
    v->notice_is_error = true;
    show(v, 400);
    return;
  }
  if (str_trim(webform_get(&v->form, "as-of")).n && !form_day(v, "as-of", &day)) {
    show(v, 400);
    return;
  }
  const char *path = visit_file(v, f->file_name.n ? f->file_name : STR("list.csv"), f->value);
  if (!path) return;
  const char *as_of = arena_printf(v->arena, "--as-of=%.*s", STR_F(day)).p;
  struct done d = do_command(v, (const char *const[]){"approvals", as_of, lang_option(v), "--", path, NULL});
  visit_complain(v, d.err);
  v->notice = str_trim(d.out), v->notice_is_error = d.code != 0;
  visit_go(v, "/approved");
}

static void send_list(struct visit *v, const struct done *d) {
  bool workbook = str_eqz(v->parts[0], "xlsx");
  if (!d->out.n) {
    visit_refuse_complaint(v, 409, d->err);
    return;
  }
  visit_send(v,
             workbook ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8",
             workbook ? "godkendte-systemer.xlsx" : "godkendte-systemer.csv", d->out);
}

static void get_list(struct visit *v) {
  struct str format = v->parts[0];
  struct arena *a = v->arena;
  if (!str_eqz(format, "csv") && !str_eqz(format, "xlsx")) {
    visit_refuse(v, 404, "There is no such list.", "Den liste findes ikke.");
    return;
  }
  camp_settle(v->console->options.camp);
  do_reading(v,
             (const char *const[]){"report", "--all", arena_printf(a, "--format=%.*s", STR_F(format)).p, lang_option(v),
                                   store_option(v), NULL},
             send_list);
}

const struct route approved_routes[] = {{"GET", "/approved", FOR_MEDCOM, ROUTE_PLAIN, get_approved},
                                        {"POST", "/approved", FOR_MEDCOM, ROUTE_PLAIN, post_approved},
                                        {"GET", "/approved/*", FOR_MEDCOM, ROUTE_PLAIN, get_list},
                                        {0}};
