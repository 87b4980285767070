/* /check/certificates: what is wrong with a certificate, and certificates for a test, by `testcamp certs`. Nothing is
 * kept: the keys that are made are on the page of who asked for them, and nowhere else. */
#include "base/file.h"
#include "console/check_int.h"

#define NAMES_MAX 10
#define MADE_MAX 40

static struct str field(struct visit *v, const char *name) {
  return str_trim(webform_get(&v->form, name));
}

static void write_check(struct visit *v) {
  static const char *const uses[][3] = {
      {"", "anything", "hvad som helst"}, {"server", "a server", "en server"}, {"client", "a client", "en klient"}};
  struct str use = field(v, "use");
  page_say_in(v, "h2", NULL, "What is wrong with a certificate", "Det, der er galt med et certifikat");
  form_open(v, true, "/check/certificates");
  check_input(v, "file", "text", "Certificate (PEM or DER), with those above it, if any",
              "Certifikat (PEM eller DER), med dem over det, hvis der er nogen");
  page_open(v, "div", "row");
  form_select(v, "use", "It is used by", "Det bruges af");
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
    form_option(v, str_z(uses[i][0]), str_z(visit_word(v, uses[i][1], uses[i][2])), str_eqz(use, uses[i][0]));
  form_select_end(v);
  form_input(v, "text", "host", field(v, "host"), "The host that it has to be for", "Den vært, det skal gælde for");
  form_input(v, "date", "at", field(v, "at"), "The day when it has to be valid (else: now)",
             "Den dag, det skal gælde (ellers: nu)");
  page_close(v);
  form_input(v, "file", "ca", STR(""), "Authorities that it has to lead to (PEM), if any",
             "Udstedere, det skal føre til (PEM), hvis der er nogen");
  form_button(v, NULL, NULL, "main", "Check", "Kontrollér");
  page_close(v);
}

static void write_make(struct visit *v) {
  struct str days = field(v, "days");
  page_say_in(v, "h2", NULL, "Certificates for a test", "Certifikater til en test");
  page_say_in(
      v, "p", "soft",
      "A test authority and what it issues: a server certificate and one for a system, with their private keys. "
      "They are shown once and not kept. For tests only: trust the authority nowhere else.",
      "En testudsteder og det, den udsteder: et servercertifikat og et til et system, med private nøgler. De "
      "vises én gang og gemmes ikke. Kun til test: hav ikke tillid til udstederen andre steder.");
  form_open(v, true, "/check/certificates/make");
  page_open(v, "div", "row");
  form_input(v, "text", "names", field(v, "names"), "Host names or addresses of the server, with blanks between",
             "Serverens værtsnavne eller adresser, med mellemrum imellem");
  form_input(v, "text", "client", field(v, "client"), "Name of the system", "Systemets navn");
  form_input(v, "text", "organisation", field(v, "organisation"), "Made-up organisation", "Opdigtet organisation");
  form_input(v, "number", "days", days.n ? days : STR("365"), "Days that they are valid", "Dage, de gælder");
  page_close(v);
  form_choice(v, "checkbox", "faults", "yes", webform_get(&v->form, "faults").n > 0,
              "also server certificates that a client must refuse",
              "også servercertifikater, som en klient skal afvise");
  form_button(v, NULL, NULL, NULL, "Make", "Lav");
  page_close(v);
}

static void begin(struct visit *v) {
  visit_begin(v, "Certificates", "Certifikater");
  check_tabs(v);
}

static void begin_forms(struct visit *v) {
  begin(v);
  write_check(v);
  write_make(v);
}

static void get_certificates(struct visit *v) {
  begin_forms(v);
  visit_page(v);
}

/* ---- checking ---- */

static void show_checked(struct visit *v, const struct done *d) {
  begin(v);
  if (d->code == 0)
    page_say_in(v, "p", "notice", "Nothing was found to be wrong with it.", "Der blev ikke fundet noget galt med det.");
  else if (d->code == 1)
    page_say_in(v, "p", "notice error", "Something is wrong with it.", "Der er noget galt med det.");
  else
    page_say_in(v, "p", "notice error", "It could not be checked.", "Det kunne ikke kontrolleres.");
  check_said(v, d->out), check_said(v, d->err);
  write_check(v);
  visit_page_status(v, d->code > 1 ? 400 : 200);
}

static void post_check(struct visit *v) {
  struct given g = given_read(v, "file", "text", "certificate.pem");
  struct str use = field(v, "use"), host = field(v, "host"), at = STR("");
  const char *argv[9] = {"certs", lang_option(v)}, *ca;
  size_t n = 2;
  if (!g.bytes.n)
    return visit_ask_again(v, begin_forms, "Paste a certificate, or choose a file.",
                           "Indsæt et certifikat, eller vælg en fil.");
  if (str_find(g.bytes, STR("PRIVATE KEY"), 0) != SIZE_MAX)
    return visit_refuse(v, 400,
                        "That holds a private key, which is never sent to anybody: hand in the certificate alone.",
                        "Det rummer en privat nøgle, som aldrig sendes til nogen: indlevér kun certifikatet.");
  if (field(v, "at").n && !form_day(v, "at", &at))
    return visit_ask_again(v, begin_forms, "That is no day.", "Det er ikke en dag.");
  const char *path = visit_file(v, STR("certificate.pem"), g.bytes);
  if (!path || !check_file_option(v, "ca", &ca)) return;
  argv[n++] = arena_printf(v->arena, "--check=%s", path).p;
  if (use.n) argv[n++] = arena_printf(v->arena, "--use=%.*s", STR_F(use)).p;
  if (host.n) argv[n++] = arena_printf(v->arena, "--host=%.*s", STR_F(host)).p;
  if (at.n) argv[n++] = arena_printf(v->arena, "--at=%.*s", STR_F(at)).p;
  if (ca) argv[n++] = ca;
  do_reading(v, argv, show_checked);
}

/* ---- making ---- */

static void write_made(struct visit *v, const char *name) {
  struct str bytes;
  struct error e;
  page_open(v, "li", NULL);
  page_text_in(v, "code", NULL, str_z(name)), page_text(v, STR(" "));
  if (file_read(&bytes, v->arena, file_join(v->arena, v->job_file, name), CHECK_KEPT_MAX, &e) == 0)
    page_save_link(v, name, bytes);
  page_close(v);
}

static void show_made(struct visit *v, const struct done *d) {
  char **names = NULL;
  size_t n = d->code ? 0 : check_made(v, d, &names);
  begin(v);
  if (!n) page_say_in(v, "p", "notice error", "They could not be made.", "De kunne ikke laves.");
  if (n)
    page_say_in(v, "p", "notice", "Made. Save them now: they are not kept.", "Lavet. Gem dem nu: de opbevares ikke.");
  page_open(v, "ul", "files");
  for (size_t i = 0; i < n && i < MADE_MAX; i++) write_made(v, names[i]);
  page_close(v);
  check_said(v, d->out), check_said(v, d->err);
  write_make(v);
  visit_page_status(v, n ? 200 : 400);
}

static void post_make(struct visit *v) {
  static const char *const texts[] = {"client", "organisation", "days"};
  const char *argv[9 + NAMES_MAX] = {"certs", lang_option(v)};
  struct str names = field(v, "names");
  size_t n = 2;
  while (names.n && n < 2 + NAMES_MAX) {
    struct str one = str_trim(str_cut(&names, ' '));
    if (one.n) argv[n++] = arena_printf(v->arena, "--name=%.*s", STR_F(one)).p;
  }
  if (str_trim(names).n)
    return visit_ask_again(v, begin_forms, "A certificate has at most 10 names here.",
                           "Et certifikat har her højst 10 navne.");
  const char *path = visit_file(v, STR("made"), STR(""));
  if (!path) return;
  v->job_file = file_join(v->arena, file_dir(v->arena, path), "certificates");
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct str value = field(v, texts[i]);
    if (value.n) argv[n++] = arena_printf(v->arena, "--%s=%.*s", texts[i], STR_F(value)).p;
  }
  if (webform_get(&v->form, "faults").n) argv[n++] = "--faults";
  argv[n++] = "--", argv[n++] = v->job_file;
  do_reading(v, argv, show_made);
}

const struct route check_certificate_routes[] = {
    {"GET", "/check/certificates", FOR_PARTNERS, ROUTE_PLAIN, get_certificates},
    {"POST", "/check/certificates", FOR_PARTNERS, ROUTE_PLAIN, post_check},
    {"POST", "/check/certificates/make", FOR_PARTNERS, ROUTE_PLAIN, post_make},
    {0}};
