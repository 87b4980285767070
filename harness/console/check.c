#include "console/check_int.h"

#include "base/file.h"
#include "base/utf8.h"
#include "console/source.h"

struct given given_read(struct visit *v, const char *file_field, const char *text_field, const char *name) {
  const struct webform_field *f = webform_nth(&v->form, file_field, 0);
  if (f && f->is_file && f->value.n) return (struct given){f->file_name.n ? f->file_name : str_z(name), f->value};
  return (struct given){str_z(name), webform_get(&v->form, text_field)};
}

void check_input(struct visit *v, const char *file, const char *text, const char *en, const char *da) {
  page_open(v, "div", "drop");
  page_attr(v, "data-drop", "%s", "");
  page_open(v, "label", "field");
  page_say_in(v, "span", NULL, en, da);
  page_open(v, "textarea", "code");
  page_attr(v, "name", "%s", text), page_attr(v, "rows", str_eqz(v->request->method, "POST") ? "3" : "8");
  page_attr(v, "spellcheck", "false");
  page_text(v, check_kept(v, text));
  page_close(v);
  page_close(v);
  form_input(v, "file", file, STR(""), "or a file (it can be dropped here)", "eller en fil (den kan trækkes hertil)");
  page_close(v);
}

static const struct check_tab {
  const char *address, *en, *da;
  unsigned who;
} tabs[] = {{"/check", "Check a message", "Kontrollér en meddelelse", FOR_PARTNERS},
            {"/check/diff", "Compare two", "Sammenlign to", FOR_PARTNERS},
            {"/check/convert", "Convert", "Konvertér", FOR_PARTNERS},
            {"/check/fhirpath", "FHIRPath", "FHIRPath", FOR_PARTNERS},
            {"/check/bundle", "Evidence bundle", "Evidenspakke", FOR_PARTNERS},
            {"/check/protocol", "Test protocol", "Testprotokol", FOR_MEDCOM},
            {"/check/import", "TestScripts", "TestScripts", FOR_MEDCOM},
            {"/check/regress", "Change of definitions", "Ændrede definitioner", FOR_MEDCOM},
            {"/check/certificates", "Certificates", "Certifikater", FOR_PARTNERS},
            {"/check/register", "Organisations of the test", "Testens organisationer", FOR_PARTNERS},
            {"/check/coverage", "Coverage", "Dækning", FOR_MEDCOM}};

/* The page of the tab, or one below it; all of them are below the first. */
static bool is_at(const struct visit *v, const struct check_tab *t) {
  struct str path = v->request->path, address = str_z(t->address);
  return str_eq(path, address) || (t != tabs && str_starts(path, address) && path.p[address.n] == '/');
}

void check_tabs(struct visit *v) {
  page_open(v, "nav", "tabs");
  page_attr(v, "aria-label", "%s", visit_word(v, "What is looked at", "Det, der ses på"));
  for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
    if (!(tabs[i].who & (1u << v->who.role))) continue;
    page_open(v, "a", NULL);
    page_attr(v, "href", "%s", tabs[i].address);
    if (is_at(v, &tabs[i])) page_attr(v, "aria-current", "page");
    page_say(v, tabs[i].en, tabs[i].da);
    page_close(v);
  }
  page_close(v);
}

struct str check_kept(struct visit *v, const char *name) {
  struct str s = webform_get(&v->form, name);
  return s.n <= CHECK_KEPT_MAX ? s : STR("");
}

void check_said(struct visit *v, struct str said) {
  said = utf8_head(str_trim(said), CHECK_SAID_MAX);
  if (!said.n) return;
  page_open(v, "pre", "wrap");
  page_attr(v, "tabindex", "0");
  if (str_starts(said, STR("testcamp: ")))
    page_complaint(v, said);
  else
    page_text(v, said);
  page_close(v);
}

size_t check_made(struct visit *v, const struct done *d, char ***names) {
  struct error e;
  size_t n = 0;
  return d->code == DONE_KILLED || file_list(names, &n, v->arena, v->job_file, &e) < 0 ? 0 : n;
}

bool check_file_option(struct visit *v, const char *name, const char **option) {
  const struct webform_field *f = webform_nth(&v->form, name, 0);
  *option = NULL;
  if (!f || !f->value.n) return true;
  const char *path = visit_file(v, str_z(name), f->value);
  if (path) *option = arena_printf(v->arena, "--%s=%s", name, path).p;
  return path != NULL;
}

/* ---- one message ---- */

static void begin_check(struct visit *v) {
  static const char *const levels[][3] = {{"", "what it is, as far as it goes", "det den er, så langt det rækker"},
                                          {"profile", "as a whole message, with everything", "som hel meddelelse, alt"},
                                          {"bundle", "the message as a whole", "meddelelsen som helhed"},
                                          {"envelope", "the envelope", "kuverten"},
                                          {"wellformed", "whether it can be read", "om den kan læses"}};
  struct str level = webform_get(&v->form, "level");
  visit_begin(v, "Check a file", "Kontrollér fil");
  check_tabs(v);
  page_say_in(
      v, "p", "soft",
      "FHIR (JSON or XML), OIOXML, EDIFACT, bare or in a VANSEnvelope, Emessage or ehmiSBDH. Nothing is kept. Use "
      "test persons only.",
      "FHIR (JSON eller XML), OIOXML, EDIFACT, alene eller i VANSEnvelope, Emessage eller ehmiSBDH. Intet gemmes. "
      "Brug kun testpersoner.");
  form_open(v, true, "/check#found");
  check_input(v, "file", "text", "Message", "Meddelelse");
  page_open(v, "div", "row");
  form_select(v, "level", "Check", "Kontrollér");
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
    form_option(v, str_z(levels[i][0]), str_z(visit_word(v, levels[i][1], levels[i][2])), str_eqz(level, levels[i][0]));
  form_select_end(v);
  form_input(v, "url", "profile", webform_get(&v->form, "profile"), "Also by this FHIR profile (its address)",
             "Også efter denne FHIR-profil (dens adresse)");
  form_button(v, NULL, NULL, "main", "Check", "Kontrollér");
  page_close(v);
  page_close(v);
}

static void get_check(struct visit *v) {
  begin_check(v);
  visit_page(v);
}

static void write_outcome(struct visit *v, const struct source_finding *f, size_t n, int code) {
  static const char *const words[][3] = {{"notice", "No errors were found.", "Der blev ikke fundet fejl."},
                                         {"notice error", "Errors were found.", "Der blev fundet fejl."}};
  page_open(v, "h2", NULL);
  page_attr(v, "id", "found");
  page_say(v, "What was found", "Det, der blev fundet");
  page_close(v);
  if (code == 3)
    page_say_in(v, "p", "notice error", "Not all of it could be judged: see what is undecided below.",
                "Ikke alt kunne vurderes: se nedenfor, hvad der er uafklaret.");
  else
    page_say_in(v, "p", words[code != 0][0], words[code != 0][1], words[code != 0][2]);
  if (n > 1)
    page_say_in(v, "p", "soft", "Keys: n and p go to the next and the previous one; numbers in the text lead here.",
                "Taster: n og p går til næste og forrige; tallene i teksten fører hertil.");
  if (n) page_findings(v, f, n);
}

static void show_check(struct visit *v, const struct done *d) {
  struct source_finding *f;
  size_t n = 0;
  struct given g = given_read(v, "file", "text", "message");
  begin_check(v);
  if (source_findings(v, d->out, &f, &n) < 0) {
    page_say_in(v, "h2", NULL, "It could not be checked", "Det kunne ikke kontrolleres");
    page_complaint_in(v, "pre", "wrap", utf8_head(d->err, 4000));
  } else {
    write_outcome(v, f, n, d->code);
    page_say_in(v, "h2", NULL, "The message", "Meddelelsen");
    page_source(v, g.bytes, f, n);
  }
  visit_page(v);
}

static void post_check(struct visit *v) {
  static const char *const levels[] = {"profile", "bundle", "envelope", "wellformed"};
  struct given g = given_read(v, "file", "text", "message");
  struct str level = webform_get(&v->form, "level"), profile = webform_get(&v->form, "profile");
  const char *argv[8] = {"validate", "--format=json"};
  size_t n = 2;
  if (!g.bytes.n) {
    visit_ask_again(v, begin_check, "Paste a message, or choose a file.", "Indsæt en meddelelse, eller vælg en fil.");
    return;
  }
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
    if (str_eqz(level, levels[i])) argv[n++] = arena_printf(v->arena, "--level=%s", levels[i]).p;
  if (profile.n) argv[n++] = arena_printf(v->arena, "--profile=%.*s", STR_F(profile)).p;
  const char *path = visit_file(v, g.name, g.bytes);
  if (!path) return;
  argv[n++] = "--", argv[n++] = path;
  do_reading(v, argv, show_check);
}

/* ---- two messages ---- */

static void begin_diff(struct visit *v) {
  visit_begin(v, "Compare two messages", "Sammenlign to meddelelser");
  check_tabs(v);
  form_open(v, true, "/check/diff");
  page_open(v, "div", "sides");
  check_input(v, "expected-file", "expected", "Expected", "Forventet");
  check_input(v, "actual-file", "actual", "Actual", "Faktisk");
  page_close(v);
  form_choice(v, "checkbox", "semantic", "yes", webform_get(&v->form, "semantic").n > 0,
              "By what letters say, whatever format each is in", "Efter hvad brevene siger, uanset format");
  form_button(v, NULL, NULL, "main", "Compare", "Sammenlign");
  page_close(v);
}

static void get_diff(struct visit *v) {
  begin_diff(v);
  visit_page(v);
}

static void write_side(struct visit *v, char letter, const char *en, const char *da, struct str bytes,
                       const struct source_finding *f, size_t n) {
  page_open(v, "section", "side");
  page_say_in(v, "h2", NULL, en, da);
  page_source_as(v, letter, bytes, f, n);
  page_close(v);
}

static void show_diff(struct visit *v, const struct done *d) {
  struct source_finding *e = NULL, *a = NULL;
  size_t n = 0;
  struct given expected = given_read(v, "expected-file", "expected", "message"),
               actual = given_read(v, "actual-file", "actual", "message");
  begin_diff(v);
  bool compared = source_differences(v, d->out, &e, &a, &n) == 0;
  if (!compared) {
    page_say_in(v, "h2", NULL, "They could not be compared", "De kunne ikke sammenlignes");
    page_complaint_in(v, "pre", "wrap", d->err);
  } else if (!n) {
    page_say_in(v, "p", "notice", "They say the same.", "De siger det samme.");
  } else {
    page_say_in(v, "h2", NULL, "Differences", "Forskelle");
    page_differences(v, e, a, n);
  }
  page_open(v, "div", "sides");
  write_side(v, 'E', "Expected", "Forventet", expected.bytes, e, n);
  write_side(v, 'A', "Actual", "Faktisk", actual.bytes, a, n);
  page_close(v);
  visit_page(v);
}

static void post_diff(struct visit *v) {
  struct given expected = given_read(v, "expected-file", "expected", "message"),
               actual = given_read(v, "actual-file", "actual", "message");
  const char *argv[7] = {"diff", "--format=json"};
  size_t n = 2;
  if (!expected.bytes.n || !actual.bytes.n) {
    visit_ask_again(v, begin_diff, "Two messages are needed.", "Der skal to meddelelser til.");
    return;
  }
  const char *first = visit_file(v, expected.name, expected.bytes);
  const char *second = first ? visit_file(v, actual.name, actual.bytes) : NULL;
  if (!second) return;
  if (webform_get(&v->form, "semantic").n) argv[n++] = "--semantic";
  argv[n++] = "--", argv[n++] = first, argv[n++] = second;
  do_reading(v, argv, show_diff);
}

const struct route check_routes[] = {{"GET", "/check", FOR_PARTNERS, ROUTE_PLAIN, get_check},
                                     {"POST", "/check", FOR_PARTNERS, ROUTE_PLAIN, post_check},
                                     {"GET", "/check/diff", FOR_PARTNERS, ROUTE_PLAIN, get_diff},
                                     {"POST", "/check/diff", FOR_PARTNERS, ROUTE_PLAIN, post_diff},
                                     {0}};
