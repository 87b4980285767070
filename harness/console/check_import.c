/* /check/import: FHIR TestScripts written as test protocols, by `testcamp import`. Nothing is kept: what comes out is
 * saved by who asked, and put into the data folder when it was read. */
#include "base/file.h"
#include "console/check_int.h"

#define MADE_MAX 200

static const char *const sides[][3] = {{"", "as the TestScript says", "som TestScriptet siger"},
                                       {"client", "client", "klient"},
                                       {"server", "server", "server"}};

static void begin(struct visit *v) {
  struct str system = webform_get(&v->form, "system");
  visit_begin(v, "TestScripts as test protocols", "TestScripts som testprotokoller");
  check_tabs(v);
  page_say_in(
      v, "p", "soft",
      "A FHIR TestScript, or a package (.tgz) with several. What cannot be played becomes a test step that says "
      "so. Nothing is kept.",
      "Et FHIR TestScript eller en pakke (.tgz) med flere. Det, der ikke kan afvikles, bliver et teststep, der "
      "siger det. Intet gemmes.");
  form_open(v, true, "/check/import");
  check_input(v, "file", "text", "TestScript", "TestScript");
  page_open(v, "div", "row");
  form_select(v, "system", "The system under test is", "Systemet under test er");
  for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
    form_option(v, str_z(sides[i][0]), str_z(visit_word(v, sides[i][1], sides[i][2])), str_eqz(system, sides[i][0]));
  form_select_end(v);
  form_input(v, "text", "use", webform_get(&v->form, "use"), "By this package instead of theirs: NAME@VERSION",
             "Efter denne pakke i stedet for deres egen: NAVN@VERSION");
  page_close(v);
  form_input(v, "file", "aids", STR(""), "Stand-ins and triggers (the file of --aids), if any",
             "Stedfortrædere og udløsere (filen til --aids), hvis der er nogen");
  form_button(v, NULL, NULL, "main", "Write as test protocols", "Skriv som testprotokoller");
  page_close(v);
}

static void get_import(struct visit *v) {
  begin(v);
  visit_page(v);
}

static void write_one(struct visit *v, const char *name) {
  struct str bytes;
  struct error e;
  page_open(v, "section", NULL);
  page_text_in(v, "h3", NULL, str_z(name));
  if (file_read(&bytes, v->arena, file_join(v->arena, v->job_file, name), CHECK_KEPT_MAX, &e) < 0) {
    page_say_in(v, "p", "notice error", "It is too large for a page; use: testcamp import",
                "Den er for stor til en side; brug: testcamp import");
  } else {
    page_save_link(v, name, bytes);
    page_open(v, "details", NULL);
    page_say_in(v, "summary", NULL, "Show it", "Vis den");
    page_open(v, "pre", "code"), page_attr(v, "tabindex", "0"), page_text(v, bytes), page_close(v);
    page_close(v);
  }
  page_close(v);
}

static void show(struct visit *v, const struct done *d) {
  char **names = NULL;
  size_t n = check_made(v, d, &names);
  begin(v);
  if (!n)
    page_say_in(v, "p", "notice error", "No test protocol could be written.",
                "Der kunne ikke skrives en testprotokol.");
  if (str_trim(d->err).n) page_say_in(v, "h2", NULL, "What has to be known", "Det, man skal vide");
  check_said(v, d->err);
  if (n) page_say_in(v, "h2", NULL, "Test protocols", "Testprotokoller");
  for (size_t i = 0; i < n && i < MADE_MAX; i++) write_one(v, names[i]);
  if (n > MADE_MAX)
    page_say_in(v, "p", "notice wait", "There are more than a page can hold; use: testcamp import",
                "Der er flere, end en side kan rumme; brug: testcamp import");
  visit_page_status(v, n ? 200 : 400);
}

static void post_import(struct visit *v) {
  struct given g = given_read(v, "file", "text", "testscript.json");
  struct str use = str_trim(webform_get(&v->form, "use")), system = webform_get(&v->form, "system");
  const char *argv[9] = {"import", lang_option(v)};
  size_t n = 2;
  if (!g.bytes.n)
    return visit_ask_again(v, begin, "Paste a TestScript, or choose a file.",
                           "Indsæt et TestScript, eller vælg en fil.");
  const char *path = visit_file(v, g.name, g.bytes), *aids = NULL;
  if (!path || !check_file_option(v, "aids", &aids)) return;
  v->job_file = file_join(v->arena, file_dir(v->arena, path), "written");
  argv[n++] = arena_printf(v->arena, "--to=%s", v->job_file).p;
  for (size_t i = 1; i < sizeof sides / sizeof *sides; i++)
    if (str_eqz(system, sides[i][0])) argv[n++] = arena_printf(v->arena, "--system=%s", sides[i][0]).p;
  if (use.n) argv[n++] = arena_printf(v->arena, "--use=%.*s", STR_F(use)).p;
  if (aids) argv[n++] = aids;
  argv[n++] = "--", argv[n++] = path;
  do_reading(v, argv, show);
}

const struct route check_import_routes[] = {{"GET", "/check/import", FOR_MEDCOM, ROUTE_PLAIN, get_import},
                                            {"POST", "/check/import", FOR_MEDCOM, ROUTE_PLAIN, post_import},
                                            {0}};
