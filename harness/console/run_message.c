#include "console/runpage_int.h"
#include "console/source.h"

#include <string.h>

/* ---- finding it ---- */

static const struct record_exchange *find(struct visit *v, const struct record **record) {
  struct record *r = ARENA_NEW(v->arena, struct record);
  struct error e;
  *r = (struct record){0};
  if (run_record(v->run, r, v->arena, &e) < 0) {
    visit_fail(v, &e);
    return NULL;
  }
  const struct record_exchange *x = record_exchange_find(r, v->parts[1]);
  if (!x) visit_refuse(v, 404, "The run has no such message.", "Kørslen har ikke den meddelelse.");
  *record = r;
  return x;
}

/* ---- its findings ---- */

static void add_finding(struct visit *v, struct source_finding *to, const struct finding *f) {
  static const char *const names[] = {
      [SEV_INFO] = "info", [SEV_WARNING] = "warning", [SEV_UNDECIDED] = "undecided", [SEV_ERROR] = "error"};
  *to = (struct source_finding){.rule = f->rule,
                                .severity = str_z(names[f->severity]),
                                .text = v->danish ? f->da : f->en,
                                .path = f->where.path,
                                .source = f->source,
                                .line = f->where.line,
                                .column = f->where.col};
}

static void collect(struct visit *v, const struct findings *f, struct str message, struct source_finding *to, size_t *n,
                    size_t max) {
  for (size_t i = 0; i < f->list.n && *n < max; i++)
    if (!f->list.v[i].where.message.n || str_starts(f->list.v[i].where.message, message))
      add_finding(v, &to[(*n)++], &f->list.v[i]);
}

/* Those of reading it, and those of the steps that judged it. */
static size_t findings_of(struct visit *v, const struct record *r, const struct record_exchange *x,
                          struct source_finding **out) {
  size_t n = 0;
  *out = arena_alloc(v->arena, SOURCE_FINDINGS_MAX * sizeof **out);
  collect(v, &x->findings, STR(""), *out, &n, SOURCE_FINDINGS_MAX);
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t s = 0; s < r->cases.v[c].steps.n; s++)
      for (size_t i = 0; i < r->cases.v[c].steps.v[s].findings.list.n; i++) {
        const struct finding *f = &r->cases.v[c].steps.v[s].findings.list.v[i];
        if (str_eq(f->where.message, x->id) && n < SOURCE_FINDINGS_MAX) add_finding(v, &(*out)[n++], f);
      }
  return n;
}

/* ---- the page ---- */

static void write_facts(struct visit *v, const struct record_exchange *x) {
  page_open(v, "details", NULL), page_attr(v, "id", "facts");
  page_say_in(v, "summary", NULL, "What testcamp read in it", "Det testcamp læste i den");
  page_open(v, "dl", "facts");
  for (size_t i = 0; i < x->facts.list.n; i++) {
    page_text_in(v, "dt", NULL, x->facts.list.v[i].name);
    page_text_in(v, "dd", NULL, x->facts.list.v[i].value);
  }
  page_close(v);
  page_close(v);
}

static void write_attach(struct visit *v, const struct record_exchange *x) {
  struct str near = v->danish ? x->near_miss_da : x->near_miss_en;
  if (x->outbound || x->step.n) return;
  page_open(v, "div", "panel");
  page_say_in(v, "h2", NULL, "No step wanted it", "Intet teststep ventede den");
  if (near.n) page_text_in(v, "p", NULL, near);
  if (v->run_is_open && v->who.role != ROLE_VIEWER) {
    form_open(v, false, "/runs/%.*s/attach", STR_F(run_page_id(v)));
    form_hidden(v, "message", x->id);
    form_input(v, "text", "step", STR(""), "Give it to step", "Giv den til teststep");
    form_input(v, "text", "why", STR(""), "Because", "Fordi");
    run_page_initials(v);
    form_button(v, NULL, NULL, NULL, "Give", "Giv");
    page_close(v);
  }
  page_close(v);
}

static void write_bytes(struct visit *v, const struct record *r, const struct record_exchange *x) {
  struct source_finding *f;
  size_t n = findings_of(v, r, x, &f);
  if (n) {
    page_say_in(v, "h2", NULL, "Findings", "Fund");
    page_findings(v, f, n);
  }
  page_say_in(v, "h2", NULL, "As it was on the wire", "Som den var på ledningen");
  if (x->withheld.n)
    page_printf_in(v, "p", "notice", "%s: %.*s", visit_word(v, "Withheld", "Tilbageholdt"), STR_F(x->withheld_why));
  else if (!x->bytes.n)
    page_printf_in(v, "p", "soft", "%zu byte", x->size);
  else
    page_source(v, x->bytes, f, n);
  if (x->payload.n && !str_eq(x->payload, x->bytes)) {
    page_say_in(v, "h2", NULL, "What was in the envelope", "Det der lå i kuverten");
    page_source(v, x->payload, NULL, 0);
  }
}

static void get_message(struct visit *v) {
  const struct record *r;
  const struct record_exchange *x = find(v, &r);
  if (!x) return;
  const char *title =
      arena_printf(v->arena, "%s %.*s %.*s", visit_word(v, "Message", "Meddelelse"), STR_F(x->id), STR_F(x->name)).p;
  visit_begin(v, title, title);
  page_open(v, "p", "links");
  page_link(v, str_z(visit_word(v, "Back to the run", "Tilbage til testforløbet")), "/runs/%.*s", STR_F(r->run));
  page_link(v, str_z(visit_word(v, "Download", "Hent")), "/runs/%.*s/messages/%.*s/raw", STR_F(r->run), STR_F(x->id));
  page_close(v);
  page_open(v, "p", "soft");
  page_say(v, x->outbound ? "testcamp sent it to the system" : "The system sent it",
           x->outbound ? "testcamp sendte den til systemet" : "Systemet sendte den");
  page_printf_in(v, "span", NULL, " · %.*s · %.*s · %zu byte", STR_F(when_text(v, x->at)), STR_F(x->via), x->size);
  if (x->step.n) page_printf_in(v, "span", NULL, " · %s %.*s", visit_word(v, "step", "teststep"), STR_F(x->step));
  page_close(v);
  write_attach(v, x);
  write_facts(v, x);
  write_bytes(v, r, x);
  visit_page(v);
}

static void get_raw(struct visit *v) {
  const struct state_message *m = state_message_of(run_state(v->run), v->parts[1]);
  struct str bytes;
  struct error e;
  if (!m || m->quarantined || state_redacted(run_state(v->run), m->digest)) {
    visit_refuse(v, 404, "The run has no such message, or it is withheld.",
                 "Kørslen har ikke den meddelelse, eller den er tilbageholdt.");
    return;
  }
  if (store_blob_get(v->console->options.store, m->digest, v->arena, &bytes, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  const char *end = bytes.n && bytes.p[0] == '<' ? "xml" : bytes.n && bytes.p[0] == '{' ? "json" : "txt";
  visit_send(v, "application/octet-stream", arena_printf(v->arena, "%.*s.%s", STR_F(m->id), end).p, bytes);
}

/* Evidence is sent as a file, never shown as a page: a picture in a page of its own can do nothing. */
static bool is_evidence(const struct record *r, struct str digest) {
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t s = 0; s < r->cases.v[c].steps.n; s++)
      for (size_t i = 0; i < r->cases.v[c].steps.v[s].evidence.n; i++)
        if (str_eq(r->cases.v[c].steps.v[s].evidence.v[i].digest, digest)) return true;
  return false;
}

static const char *picture_type(struct str bytes) {
  if (str_starts(bytes, STR("\x89PNG\r\n\x1a\n"))) return "image/png";
  return str_starts(bytes, STR("\xff\xd8\xff")) ? "image/jpeg" : NULL;
}

static void get_evidence(struct visit *v) {
  const struct record *r = run_page_record(v);
  struct str bytes;
  struct error e;
  if (!is_evidence(r, v->parts[1])) {
    visit_refuse(v, 404, "The run has no such evidence.", "Kørslen har ikke det bevis.");
  } else if (store_blob_get(v->console->options.store, v->parts[1], v->arena, &bytes, &e) < 0) {
    visit_fail(v, &e);
  } else {
    const char *type = picture_type(bytes);
    visit_send(v, type ? type : "application/octet-stream", type ? NULL : "evidence", bytes);
  }
}

const struct route run_message_routes[] = {{"GET", "/runs/*/messages/*", FOR_PARTNERS, ROUTE_RUN, get_message},
                                           {"GET", "/runs/*/messages/*/raw", FOR_PARTNERS, ROUTE_RUN, get_raw},
                                           {"GET", "/runs/*/evidence/*", FOR_PARTNERS, ROUTE_RUN, get_evidence},
                                           {0}};
