/* Documents of a run and of a protocol: made by the commands that make them, in a child. */
#include "base/file.h"
#include "base/utf8.h"
#include "console/offers.h"
#include "console/runpage_int.h"

struct paper {
  const char *name; /* in the address */
  const char *format, *type, *end;
  bool saved;   /* as a file, not shown */
  bool by_file; /* the command writes one, and prints only its name */
};

static const struct paper papers[] = {
    {"html", "html", "text/html; charset=utf-8", "html", false, false},
    {"pdf", "pdf", "application/pdf", "pdf", false, false},
    {"certificate", "certificate", "text/html; charset=utf-8", "html", false, false},
    {"certificate.pdf", "certificate", "application/pdf", "pdf", false, true},
    {"svg", "svg", "image/svg+xml", "svg", false, false},
    {"junit", "junit", "application/xml", "xml", true, false},
    {"json", "json", "application/json", "json", true, false},
    {"testreport", "testreport", "application/fhir+json", "json", true, false},
    {"csv", "csv", "text/csv; charset=utf-8", "csv", true, false},
    {"xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", true, false},
    {"bundle", "bundle", "application/gzip", "tar.gz", true, true},
};

static const struct paper *paper_of(struct visit *v) {
  for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
    if (str_eqz(v->parts[1], papers[i].name)) return &papers[i];
  return NULL;
}

static void send_paper(struct visit *v, const struct done *d) {
  const struct paper *p = paper_of(v);
  struct str bytes = d->out;
  struct error e;
  if (d->code != 2 && d->code != DONE_KILLED && p->by_file &&
      file_read(&bytes, v->arena, v->job_file, JOB_OUTPUT_MAX, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  if (d->code == 2 || !bytes.n) {
    struct str text = str_trim(d->err);
    text = str_sub(text, 0, utf8_whole(str_sub(text, 0, 2000)));
    visit_refuse_complaint(v, d->code == 2 ? 409 : 500, text); /* 2: something has to come first, and it says what */
    return;
  }
  struct str id = run_page_id(v);
  visit_send(v, p->type, p->saved ? arena_printf(v->arena, "%.*s.%s", STR_F(id), p->end).p : NULL, bytes);
}

static void get_report(struct visit *v) {
  const struct paper *p = paper_of(v);
  struct arena *a = v->arena;
  if (!p) {
    visit_refuse(v, 404, "There is no such report.", "Den rapport findes ikke.");
    return;
  }
  struct error e;
  v->job_file = p->by_file ? visit_file_try(v, arena_printf(a, "report.%s", p->end), STR(""), &e) : NULL;
  if (p->by_file && !v->job_file) {
    visit_fail(v, &e);
    return;
  }
  const char *output = v->job_file ? arena_printf(a, "--output=%s", v->job_file).p : NULL;
  camp_settle(v->console->options.camp);
  do_reading(v,
             (const char *const[]){"report", run_page_id(v).p, arena_printf(a, "--format=%s", p->format).p,
                                   lang_option(v), store_option(v), output, NULL},
             send_paper);
}

/* ---- the printed protocol ---- */

static void send_protocol(struct visit *v, const struct done *d) {
  bool pdf = http_query(v->request, "pdf").n > 0;
  if (d->code == 2 || !d->out.n) {
    visit_refuse_complaint(v, d->code == 2 ? 409 : 500, d->err);
    return;
  }
  visit_send(v, pdf ? "application/pdf" : "text/html; charset=utf-8", NULL, d->out);
}

/* In the visitor's language, unless the address says another: who shows it to a vendor may want both. */
static const char *paper_lang(struct visit *v) {
  struct str lang = http_query(v->request, "lang");
  if (str_eqz(lang, "da")) return "--lang=da";
  return str_eqz(lang, "en") ? "--lang=en" : lang_option(v);
}

static const char *paper_format(struct visit *v) {
  return http_query(v->request, "pdf").n ? "--format=pdf" : "--format=html";
}

static void print_file(struct visit *v, const char *path) {
  do_reading(v, (const char *const[]){"print", paper_lang(v), paper_format(v), "--", path, NULL}, send_protocol);
}

static void print_protocol(struct visit *v, const struct offer *p) {
  if (!p) {
    visit_refuse(v, 404, "That protocol is not in the data folder any more.",
                 "Den testprotokol ligger ikke længere i datamappen.");
    return;
  }
  print_file(v, offers_path(v->console, v->arena, p->path));
}

/* A vendor file may name files beside it, which are not here: then the document has no names in it. The run may be
 * another struct by now; the file is still that of this visit. */
static void send_run_protocol(struct visit *v, const struct done *d) {
  if (d->code == 2)
    print_file(v, v->job_file);
  else
    send_protocol(v, d);
}

/* As it was played: the data folder may have another one by now. With the test persons and addresses of the run. */
static void get_run_protocol(struct visit *v) {
  const char *path = visit_file(v, STR("protocol.yaml"), run_state(v->run)->plan->protocol->source.bytes);
  const char *file = path ? visit_file(v, STR("vendor.yaml"), run_state(v->run)->plan->vendor->source.bytes) : NULL;
  if (!file) return;
  const char *vendor = arena_printf(v->arena, "--vendor=%s", file).p;
  v->job_file = path;
  do_reading(v, (const char *const[]){"print", paper_lang(v), paper_format(v), vendor, "--", path, NULL},
             send_run_protocol);
}

static void get_protocol(struct visit *v) {
  print_protocol(v, offers_protocol(v->console, v->parts[0]));
}

/* Both languages, as pages and as PDF: a link each. */
static void write_prints(struct visit *v, struct str id) {
  static const char *const prints[][3] = {
      {"Dansk", "da", ""}, {"PDF", "da", "&pdf=1"}, {"English", "en", ""}, {"PDF", "en", "&pdf=1"}};
  page_open(v, "td", "prints");
  for (size_t i = 0; i < sizeof prints / sizeof *prints; i++) {
    page_open(v, "a", NULL);
    page_attr(v, "href", "/protocols/%.*s?lang=%s%s", STR_F(id), prints[i][1], prints[i][2]);
    page_attr(v, "hreflang", "%s", prints[i][1]);
    page_attr(v, "aria-label", "%.*s, %s%s", STR_F(id), prints[i][1][0] == 'd' ? "dansk" : "English",
              prints[i][2][0] ? ", PDF" : "");
    page_text(v, str_z(prints[i][0]));
    page_close(v);
    page_text(v, STR(" "));
  }
  page_close(v);
}

static void write_protocol(struct visit *v, const struct offer *p) {
  page_open(v, "tr", NULL);
  page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(v->danish && p->danish.n ? p->danish : p->standard),
                 STR_F(p->standard_version));
  page_open(v, "td", NULL);
  page_link(v, v->danish ? p->title.da : p->title.en, "/protocols/%.*s", STR_F(p->id));
  page_text_in(v, "div", "soft", p->id);
  page_close(v);
  page_text_in(v, "td", NULL, str_z(page_role(v, p->role)));
  page_text_in(v, "td", NULL, p->version);
  write_prints(v, p->id);
  page_close(v);
}

static bool protocol_has(struct visit *v, const struct offer *p, struct str words) {
  struct str all =
      arena_printf(v->arena, "%.*s %.*s %.*s %.*s %.*s %.*s %.*s", STR_F(p->id), STR_F(p->standard), STR_F(p->danish),
                   STR_F(p->standard_version), STR_F(p->title.en), STR_F(p->title.da), STR_F(p->role));
  return page_has_words(v, all, words);
}

static void get_protocols(struct visit *v) {
  static const char *const heads[][2] = {{"Standard", "Standard"}, {"Test protocol", "Testprotokol"},
                                         {"Role", "Rolle"},        {"Version", "Version"},
                                         {"Print", "Udskrift"},    {NULL, NULL}};
  struct offer **list;
  struct str words = http_query(v->request, "q");
  size_t n, shown = 0;
  offers_protocols(v->console, &list, &n);
  visit_begin(v, "Test protocols", "Testprotokoller");
  page_search(v, "/protocols", words, "Standard, title or role", "Standard, titel eller rolle");
  page_table(v, "protocols", heads);
  for (size_t i = 0; i < n; i++)
    if (protocol_has(v, list[i], words)) write_protocol(v, list[i]), shown++;
  page_table_end(v);
  page_printf_in(v, "p", "soft", "%zu / %zu", shown, n);
  visit_page(v);
}

const struct route run_paper_routes[] = {{"GET", "/runs/*/report/*", FOR_PARTNERS, ROUTE_RUN, get_report},
                                         {"GET", "/runs/*/protocol", FOR_PARTNERS, ROUTE_RUN, get_run_protocol},
                                         {"GET", "/protocols", FOR_ALL, ROUTE_PLAIN, get_protocols},
                                         {"GET", "/protocols/*", FOR_ALL, ROUTE_PLAIN, get_protocol},
                                         {0}};
