/* What else is looked at without a run: a FHIRPath expression, a test protocol, an evidence bundle, and who is who in
 * the world of the test. Each is the command of that name, in a child. */
#include "base/utf8.h"
#include "console/check_int.h"
#include "console/source.h"

/* ---- FHIRPath ---- */

static void begin_fhirpath(struct visit *v) {
  visit_begin(v, "Evaluate FHIRPath", "Udregn FHIRPath");
  check_tabs(v);
  form_open(v, true, "/check/fhirpath");
  form_input(v, "text", "expression", webform_get(&v->form, "expression"), "Expression", "Udtryk");
  check_input(v, "file", "text", "Resource (FHIR, JSON or XML)", "Ressource (FHIR, JSON eller XML)");
  form_button(v, NULL, NULL, "main", "Evaluate", "Udregn");
  page_close(v);
}

static void get_fhirpath(struct visit *v) {
  begin_fhirpath(v);
  visit_page(v);
}

static void show_fhirpath(struct visit *v, const struct done *d) {
  begin_fhirpath(v);
  page_say_in(v, "h2", NULL, "Result", "Resultat");
  if (d->code)
    page_say_in(v, "p", "notice error", "It could not be evaluated.", "Det kunne ikke udregnes.");
  else if (!str_trim(d->out).n)
    page_say_in(v, "p", "notice", "Nothing: an empty collection.", "Intet: en tom samling.");
  check_said(v, d->code ? d->err : d->out);
  visit_page_status(v, d->code ? 400 : 200);
}

static void post_fhirpath(struct visit *v) {
  struct given g = given_read(v, "file", "text", "resource");
  struct str expression = str_trim(webform_get(&v->form, "expression"));
  if (!g.bytes.n || !expression.n)
    return visit_ask_again(v, begin_fhirpath, "An expression and a resource are needed.",
                           "Der skal et udtryk og en ressource til.");
  const char *path = visit_file(v, g.name, g.bytes);
  if (!path) return;
  do_reading(v, (const char *const[]){"fhirpath", "--", arena_z(v->arena, expression), path, NULL}, show_fhirpath);
}

/* ---- a protocol ---- */

static void begin_protocol(struct visit *v) {
  visit_begin(v, "Check a test protocol", "Kontrollér en testprotokol");
  check_tabs(v);
  page_say_in(v, "p", "soft", "A protocol in YAML, or a FHIR TestScript: mistakes with line and column, without a run.",
              "En testprotokol i YAML eller et FHIR TestScript: fejl med linje og kolonne, uden et testforløb.");
  form_open(v, true, "/check/protocol");
  check_input(v, "file", "text", "Test protocol", "Testprotokol");
  form_button(v, NULL, NULL, "main", "Check", "Kontrollér");
  page_close(v);
}

static void get_protocol(struct visit *v) {
  begin_protocol(v);
  visit_page(v);
}

static void show_protocol(struct visit *v, const struct done *d) {
  struct source_finding *f;
  size_t n = 0;
  struct given g = given_read(v, "file", "text", "protocol.yaml");
  begin_protocol(v);
  if (source_findings(v, d->out, &f, &n) < 0) {
    page_say_in(v, "p", "notice error", "It could not be checked", "Den kunne ikke kontrolleres");
    check_said(v, d->err);
  } else {
    if (d->code)
      page_say_in(v, "p", "notice error", "It has mistakes.", "Den har fejl.");
    else
      page_say_in(v, "p", "notice", "No mistakes were found.", "Der blev ikke fundet fejl.");
    if (n) page_findings(v, f, n);
    page_source(v, g.bytes, f, n);
  }
  visit_page(v);
}

static void post_protocol(struct visit *v) {
  struct given g = given_read(v, "file", "text", "protocol.yaml");
  if (!g.bytes.n)
    return visit_ask_again(v, begin_protocol, "Paste a protocol, or choose a file.",
                           "Indsæt en testprotokol, eller vælg en fil.");
  const char *path = visit_file(v, g.name, g.bytes);
  if (!path) return;
  do_reading(v, (const char *const[]){"lint", "--format=json", lang_option(v), "--", path, NULL}, show_protocol);
}

/* ---- an evidence bundle ---- */

static void begin_bundle(struct visit *v) {
  visit_begin(v, "Check an evidence bundle", "Kontrollér en evidenspakke");
  check_tabs(v);
  page_say_in(v, "p", "soft", "Whether it is whole and unaltered, and who signed it. Nothing is kept.",
              "Om den er hel og uændret, og hvem der har underskrevet den. Intet gemmes.");
  form_open(v, true, "/check/bundle");
  form_input(v, "file", "bundle", STR(""), "Bundle (.tar.gz)", "Evidenspakke (.tar.gz)");
  form_input(v, "file", "signature", STR(""), "Signature (.p7s), if any", "Underskrift (.p7s), hvis der er en");
  form_input(v, "file", "ca", STR(""), "Certificates that the signer's leads to (PEM), if any",
             "Certifikater, som underskriverens fører til (PEM), hvis der er nogen");
  form_button(v, NULL, NULL, "main", "Check", "Kontrollér");
  page_close(v);
}

static void get_bundle(struct visit *v) {
  begin_bundle(v);
  visit_page(v);
}

static void show_bundle(struct visit *v, const struct done *d) {
  begin_bundle(v);
  page_say_in(v, "h2", NULL, "Result", "Resultat");
  if (d->code == 0)
    page_say_in(v, "p", "notice", "Whole and unaltered.", "Hel og uændret.");
  else
    page_say_in(v, "p", "notice error", "Not as it should be: see below.", "Ikke som den skal være: se nedenfor.");
  check_said(v, d->out);
  check_said(v, d->err);
  visit_page(v);
}

static void post_bundle(struct visit *v) {
  const struct webform_field *f = webform_nth(&v->form, "bundle", 0);
  const char *argv[7] = {"verify", lang_option(v)}, *signature, *ca;
  size_t n = 2;
  if (!f || !f->is_file || !f->value.n)
    return visit_ask_again(v, begin_bundle, "Choose a bundle.", "Vælg en evidenspakke.");
  const char *path = visit_file(v, STR("bundle.tar.gz"), f->value);
  if (!path || !check_file_option(v, "signature", &signature) || !check_file_option(v, "ca", &ca)) return;
  if (signature) argv[n++] = signature;
  if (ca) argv[n++] = ca;
  argv[n++] = "--", argv[n++] = path;
  do_reading(v, argv, show_bundle);
}

/* ---- who is who ---- */

static void show_register(struct visit *v, const struct done *d) {
  struct str word = str_trim(http_query(v->request, "q"));
  visit_begin(v, "Organisations of the test", "Testens organisationer");
  check_tabs(v);
  page_open(v, "form", "row");
  page_attr(v, "method", "get"), page_attr(v, "action", "/check/register"), page_attr(v, "role", "search");
  form_input(v, "search", "q", word, "SOR id, GLN, ydernummer, name, or a test person's CPR number",
             "SOR-id, lokationsnummer (GLN), ydernummer, navn eller en testpersons CPR-nummer");
  form_button(v, NULL, NULL, NULL, "Look up", "Slå op");
  page_close(v);
  if (d->code)
    page_say_in(v, "p", "notice error", "There is none: names are whole, as the list has them.",
                "Den findes ikke: navne skrives helt ud, som listen har dem.");
  else
    check_said(v, d->out);
  visit_page_status(v, d->code ? 404 : 200);
}

static void get_register(struct visit *v) {
  struct str word = str_trim(http_query(v->request, "q"));
  do_reading(v, (const char *const[]){"register", lang_option(v), "--", word.n ? arena_z(v->arena, word) : NULL, NULL},
             show_register);
}

const struct route check_more_routes[] = {{"GET", "/check/fhirpath", FOR_PARTNERS, ROUTE_PLAIN, get_fhirpath},
                                          {"POST", "/check/fhirpath", FOR_PARTNERS, ROUTE_PLAIN, post_fhirpath},
                                          {"GET", "/check/protocol", FOR_MEDCOM, ROUTE_PLAIN, get_protocol},
                                          {"POST", "/check/protocol", FOR_MEDCOM, ROUTE_PLAIN, post_protocol},
                                          {"GET", "/check/bundle", FOR_PARTNERS, ROUTE_PLAIN, get_bundle},
                                          {"POST", "/check/bundle", FOR_PARTNERS, ROUTE_PLAIN, post_bundle},
                                          {"GET", "/check/register", FOR_PARTNERS, ROUTE_PLAIN, get_register},
                                          {0}};
