/* Documents of a run, of a protocol, and of a rule: made by the commands that make them, in a child. */
#include "base/file.h"
#include "base/utf8.h"
#include "console/offers.h"
#include "console/runpage_int.h"

struct paper {
  const char *format, *type, *end;
  bool saved;   /* as a file, not shown */
  bool by_file; /* the command writes one, and prints only its name */
};

static const struct paper papers[] = {
    {"html", "text/html; charset=utf-8", "html", false, false},
    {"pdf", "application/pdf", "pdf", false, false},
    {"svg", "image/svg+xml", "svg", false, false},
    {"junit", "application/xml", "xml", true, false},
    {"json", "application/json", "json", true, false},
    {"testreport", "application/fhir+json", "json", true, false},
    {"csv", "text/csv; charset=utf-8", "csv", true, false},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", true, false},
    {"bundle", "application/gzip", "tar.gz", true, true},
};

static const struct paper *paper_of(struct visit *v) {
  for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
    if (str_eqz(v->parts[1], papers[i].format)) return &papers[i];
  return NULL;
}

static void send_paper(struct visit *v, const struct done *d) {
  const struct paper *p = paper_of(v);
  struct str bytes = d->out;
  struct error e;
  if (d->code != 2 && p->by_file && file_read(&bytes, v->arena, v->job_file, JOB_OUTPUT_MAX, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  if (d->code == 2 || !bytes.n) {
    struct str text = str_trim(d->err);
    const char *why = arena_z(v->arena, str_sub(text, 0, utf8_whole(str_sub(text, 0, 2000))));
    visit_refuse(v, 500, why, why);
    return;
  }
  struct str id = run_page_id(v);
  visit_send(v, p->type, p->saved ? arena_printf(v->arena, "%.*s.%s", STR_F(id), p->end).p : NULL, bytes);
}

static const char *lang_option(const struct visit *v) {
  return v->danish ? "--lang=da" : "--lang=en";
}

static void get_report(struct visit *v) {
  const struct paper *p = paper_of(v);
  struct arena *a = v->arena;
  if (!p) {
    visit_refuse(v, 404, "There is no such report.", "Den rapport findes ikke.");
    return;
  }
  struct error e;
  v->job_file = p->by_file ? visit_file_try(v, STR("report"), STR(""), &e) : NULL;
  if (p->by_file && !v->job_file) {
    visit_fail(v, &e);
    return;
  }
  const char *output = v->job_file ? arena_printf(a, "--output=%s", v->job_file).p : NULL;
  camp_settle(v->console->options.camp);
  do_reading(v,
             (const char *const[]){"report", run_page_id(v).p, arena_printf(a, "--format=%s", p->format).p,
                                   lang_option(v), arena_printf(a, "--store=%s", v->console->options.store_path).p,
                                   output, NULL},
             send_paper);
}

/* ---- the printed protocol ---- */

static void send_protocol(struct visit *v, const struct done *d) {
  bool pdf = http_query(v->request, "pdf").n > 0;
  if (d->code == 2 || !d->out.n) {
    const char *why = arena_z(v->arena, str_trim(d->err));
    visit_refuse(v, 500, why, why);
    return;
  }
  visit_send(v, pdf ? "application/pdf" : "text/html; charset=utf-8", NULL, d->out);
}

static void print_file(struct visit *v, const char *path) {
  do_reading(v,
             (const char *const[]){"print", lang_option(v),
                                   http_query(v->request, "pdf").n ? "--format=pdf" : "--format=html", "--", path,
                                   NULL},
             send_protocol);
}

static void print_protocol(struct visit *v, const struct offer *p) {
  if (!p) {
    visit_refuse(v, 404, "That protocol is not in the data folder any more.",
                 "Den testprotokol ligger ikke længere i datamappen.");
    return;
  }
  print_file(v, offers_path(v->console, v->arena, p->path));
}

/* As it was played: the data folder may have another one by now. */
static void get_run_protocol(struct visit *v) {
  const char *path = visit_file(v, STR("protocol.yaml"), run_state(v->run)->plan->protocol->source.bytes);
  if (path) print_file(v, path);
}

static void get_protocol(struct visit *v) {
  print_protocol(v, offers_protocol(v->console, v->parts[0]));
}

static void get_protocols(struct visit *v) {
  static const char *const heads[][2] = {{"Standard", "Standard"}, {"Test protocol", "Testprotokol"},
                                         {"Role", "Rolle"},        {"Version", "Version"},
                                         {"Print", "Tryk"},        {NULL, NULL}};
  struct offer **list;
  size_t n;
  offers_protocols(v->console, &list, &n);
  visit_begin(v, "Test protocols", "Testprotokoller");
  page_table(v, "protocols", heads);
  for (size_t i = 0; i < n; i++) {
    const struct offer *p = list[i];
    page_open(v, "tr", NULL);
    page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(v->danish && p->danish.n ? p->danish : p->standard),
                   STR_F(p->standard_version));
    page_open(v, "td", NULL);
    page_link(v, v->danish ? p->title.da : p->title.en, "/protocols/%.*s", STR_F(p->id));
    page_close(v);
    page_text_in(v, "td", NULL, p->role);
    page_text_in(v, "td", NULL, p->version);
    page_open(v, "td", NULL), page_link(v, STR("PDF"), "/protocols/%.*s?pdf=1", STR_F(p->id)), page_close(v);
    page_close(v);
  }
  page_table_end(v);
  visit_page(v);
}

/* ---- a rule ---- */

static void show_rule(struct visit *v, const struct done *d) {
  visit_begin(v, "Rule", "Regel");
  page_text_in(v, "h2", NULL, v->parts[0]);
  page_text_in(v, "pre", "wrap", str_trim(d->code == 0 ? d->out : d->err));
  visit_page_status(v, d->code == 0 ? 200 : 404);
}

static void get_rule(struct visit *v) {
  do_reading(v, (const char *const[]){"explain", "--", v->parts[0].p, NULL}, show_rule);
}

const struct route run_paper_routes[] = {{"GET", "/runs/*/report/*", FOR_PARTNERS, ROUTE_RUN, get_report},
                                         {"GET", "/runs/*/protocol", FOR_PARTNERS, ROUTE_RUN, get_run_protocol},
                                         {"GET", "/protocols", FOR_ALL, ROUTE_PLAIN, get_protocols},
                                         {"GET", "/protocols/*", FOR_ALL, ROUTE_PLAIN, get_protocol},
                                         {"GET", "/explain/*", FOR_ALL, ROUTE_PLAIN, get_rule},
                                         {0}};
