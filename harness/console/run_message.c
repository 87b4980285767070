#include "console/runpage_int.h"

#include "base/file.h"
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
  if (!x) visit_refuse(v, 404, "The run has no such message.", "Testforløbet har ikke den meddelelse.");
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

struct found {
  struct source_finding *f;
  size_t n;
};

/* Those about the wire, or those about the payload, of which line numbers are. */
static void collect(struct visit *v, const struct findings *f, const struct record_exchange *x, bool payload,
                    struct found *to) {
  for (size_t i = 0; i < f->list.n && to->n < SOURCE_FINDINGS_MAX; i++) {
    struct str message = f->list.v[i].where.message;
    bool inside = run_page_payload(&message);
    bool own = f == &x->findings && !message.n;
    if ((own || str_eq(message, x->id)) && inside == payload) add_finding(v, &to->f[to->n++], &f->list.v[i]);
  }
}

/* Those of reading it, and those of the steps that judged it. */
static struct found findings_of(struct visit *v, const struct record *r, const struct record_exchange *x,
                                bool payload) {
  struct found all = {.f = arena_alloc(v->arena, SOURCE_FINDINGS_MAX * sizeof *all.f)};
  collect(v, &x->findings, x, payload, &all);
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t s = 0; s < r->cases.v[c].steps.n; s++) collect(v, &r->cases.v[c].steps.v[s].findings, x, payload, &all);
  return all;
}

/* ---- the page ---- */

/* Nothing of what is withheld: a fact may be the very thing that should never have come in. */
static void write_facts(struct visit *v, const struct record_exchange *x) {
  if (x->withheld.n) return;
  page_open(v, "details", NULL), page_attr(v, "id", "facts");
  page_say_in(v, "summary", NULL, "What testcamp read in it", "Det, testcamp læste i den");
  page_open(v, "dl", "facts");
  for (size_t i = 0; i < x->facts.list.n; i++) {
    page_text_in(v, "dt", NULL, x->facts.list.v[i].name);
    page_text_in(v, "dd", NULL, x->facts.list.v[i].value);
  }
  page_close(v);
  page_close(v);
}

static bool waits_for_message(const struct state_step *st) {
  return st && st->opened && st->step->kind->wants && st->verdict == VERDICT_NONE;
}

static bool any_waits(const struct state *s) {
  bool any = false;
  for (size_t i = 0; i < s->cases_n; i++) any = any || waits_for_message(state_current(&s->cases[i]));
  return any;
}

static void write_steps(struct visit *v) {
  const struct state *s = run_state(v->run);
  form_select(v, "step", "Give it to step", "Giv den til teststep");
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (!waits_for_message(st)) continue;
    struct str text = state_text(v->arena, s, v->danish ? st->step->expected.da : st->step->expected.en);
    form_option(v, st->step->id, arena_printf(v->arena, "%.*s %.*s", STR_F(st->step->id), STR_F(text)), false);
  }
  form_select_end(v);
}

static void write_attach_form(struct visit *v, const struct record_exchange *x) {
  if (!any_waits(run_state(v->run))) {
    page_say_in(v, "p", "soft", "No step waits for a message now.", "Intet teststep venter på en meddelelse nu.");
    return;
  }
  form_open(v, false, "/runs/%.*s/attach", STR_F(run_page_id(v)));
  form_hidden(v, "message", x->id);
  write_steps(v);
  form_input(v, "text", "why", STR(""), "Because", "Fordi");
  run_page_initials(v);
  form_button(v, NULL, NULL, NULL, "Give", "Giv");
  page_close(v);
}

/* It has a CPR number of nobody on the list of test persons: MedCom alone lets it out. */
static void write_quarantine(struct visit *v, const struct record_exchange *x) {
  page_open(v, "div", "panel");
  page_say_in(v, "h2", NULL, "In quarantine", "I karantæne");
  page_say_in(
      v, "p", NULL,
      "It has a CPR number of nobody on the list of test persons: no step gets it, and its content is not shown.",
      "Den har et CPR-nummer, som ikke står på listen over testpersoner: intet teststep får den, og indholdet "
      "vises ikke.");
  if (v->run_is_open && v->who.role == ROLE_MEDCOM) {
    form_open(v, false, "/runs/%.*s/release", STR_F(run_page_id(v)));
    form_hidden(v, "message", x->id);
    form_input(v, "text", "why", STR(""), "Let it out, because", "Frigiv den, fordi");
    run_page_initials(v);
    form_button(v, NULL, NULL, "danger", "Let out", "Frigiv");
    page_close(v);
  }
  page_close(v);
}

static void write_attach(struct visit *v, const struct record_exchange *x) {
  struct str near = v->danish ? x->near_miss_da : x->near_miss_en;
  if (str_eqz(x->withheld, "quarantined")) {
    write_quarantine(v, x);
    return;
  }
  if (x->outbound || x->step.n) return;
  page_open(v, "div", "panel");
  page_say_in(v, "h2", NULL, "No step wanted it", "Intet teststep ventede den");
  if (near.n) page_text_in(v, "p", NULL, near);
  if (v->run_is_open && run_page_may_steer(v)) write_attach_form(v, x);
  page_close(v);
}

static void write_part(struct visit *v, char letter, struct str bytes, const struct found *all, const char *en,
                       const char *da) {
  page_say_in(v, "h2", NULL, en, da);
  if (all->n) page_findings_as(v, letter, all->f, all->n);
  page_source_as(v, letter, bytes, all->f, all->n);
}

static void write_withheld(struct visit *v, const struct record_exchange *x) {
  if (str_eqz(x->withheld, "quarantined")) return; /* told above */
  page_open(v, "p", "notice");
  run_page_tombstone(v, state_tombstone(run_state(v->run), x->digest));
  page_close(v);
}

static bool has_envelope(const struct record_exchange *x) {
  return x->payload.n && !str_eq(x->payload, x->bytes);
}

static void write_bytes(struct visit *v, const struct record *r, const struct record_exchange *x) {
  struct found payload = findings_of(v, r, x, true), wire = findings_of(v, r, x, false);
  if (x->withheld.n) write_withheld(v, x);
  if (x->withheld.n && !x->copy.n) return;
  if (has_envelope(x)) write_part(v, 'P', x->payload, &payload, "What was in the envelope", "Det, der lå i kuverten");
  if (x->bytes.n)
    write_part(v, 'L', x->bytes, &wire, "As it was on the wire", "Som den blev overført");
  else if (x->size)
    page_say_in(v, "p", "soft", "It is too large to be shown here: download it.",
                "Den er for stor til at blive vist her: hent den.");
}

/* Of a system without network, the message goes by hand: that it was fetched is noted. */
static void write_fetch(struct visit *v, const struct record_exchange *x) {
  const struct state_message *m = state_message_of(run_state(v->run), x->id);
  if (!m || !m->outbound || !str_eqz(x->via, "upload") || !v->run_is_open) return;
  form_open(v, false, "/runs/%.*s/messages/%.*s/fetch", STR_F(run_page_id(v)), STR_F(x->id));
  form_button(v, NULL, NULL, m->fetched ? NULL : "main", "Fetch for the system", "Hent til systemet");
  if (m->fetched) page_say_in(v, "span", "soft", " It was fetched.", " Den er hentet.");
  page_close(v);
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
  if (has_envelope(x))
    page_link(v, str_z(visit_word(v, "Download without the envelope", "Hent uden kuvert")),
              "/runs/%.*s/messages/%.*s/raw?payload=1", STR_F(r->run), STR_F(x->id));
  run_page_redact_link(v, x->id);
  page_close(v);
  write_fetch(v, x);
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

static void send_bytes(struct visit *v, struct str id, struct str bytes) {
  const char *end = bytes.n && bytes.p[0] == '<' ? "xml" : bytes.n && bytes.p[0] == '{' ? "json" : "txt";
  visit_send(v, "application/octet-stream", arena_printf(v->arena, "%.*s.%s", STR_F(id), end).p, bytes);
}

/* What the envelope held, as `testcamp get --payload` gives it. */
static void send_payload(struct visit *v) {
  const struct record *r;
  const struct record_exchange *x = find(v, &r);
  if (!x) return;
  if (has_envelope(x) && !x->withheld.n)
    send_bytes(v, x->id, x->payload);
  else
    visit_refuse(v, 404, "There is nothing in an envelope here, or it is withheld.",
                 "Der er intet i en kuvert her, eller det er tilbageholdt.");
}

static void get_raw(struct visit *v) {
  const struct state_message *m = state_message_of(run_state(v->run), v->parts[1]);
  struct str bytes;
  struct error e;
  if (!m || m->quarantined || state_redacted(run_state(v->run), m->digest)) {
    visit_refuse(v, 404, "The run has no such message, or it is withheld.",
                 "Testforløbet har ikke den meddelelse, eller den er tilbageholdt.");
    return;
  }
  if (http_query(v->request, "payload").n)
    send_payload(v);
  else if (store_blob_get(v->console->options.store, m->digest, v->arena, &bytes, &e) < 0)
    visit_fail(v, &e);
  else
    send_bytes(v, m->id, bytes);
}

/* For a system without network: the same as `testcamp get`, which notes that it was fetched. */
static void post_fetch(struct visit *v) {
  const struct state_message *m = state_message_of(run_state(v->run), v->parts[1]);
  const char *beside = m && m->outbound ? visit_file(v, STR("folder"), STR("")) : NULL;
  if (!m || !m->outbound) {
    visit_refuse(v, 404, "The run has no such message to fetch.", "Testforløbet har ingen sådan meddelelse at hente.");
    return;
  }
  if (!beside) return;
  const char *to = arena_printf(v->arena, "--to=%s", file_dir(v->arena, beside)).p;
  struct str run = run_page_id(v), id = arena_str(v->arena, m->id);
  struct done d = do_command(v, (const char *const[]){"get", arena_z(v->arena, run), to, "--", id.p, NULL});
  struct run *now = camp_run(v->console->options.camp, run);
  if (now) v->run = now; /* a command may have had it read again */
  if (done_well(v, &d) && (now || !v->run_is_open))
    get_raw(v);
  else
    visit_go(v, "/runs/%.*s/messages/%.*s", STR_F(run), STR_F(id));
}

/* Evidence is sent as a file, never shown as a page: a picture in a page of its own can do nothing. */
static const char *picture_type(struct str bytes) {
  if (str_starts(bytes, STR("\x89PNG\r\n\x1a\n"))) return "image/png";
  return str_starts(bytes, STR("\xff\xd8\xff")) ? "image/jpeg" : NULL;
}

static void get_evidence(struct visit *v) {
  const struct record *r = run_page_record(v);
  const struct event *gone = state_tombstone(run_state(v->run), v->parts[1]);
  struct str bytes;
  struct error e;
  if (!run_page_evidence_find(r, v->parts[1])) {
    visit_refuse(v, 404, "The run has no such evidence.", "Testforløbet har ikke den dokumentation.");
  } else if (gone) {
    visit_refuse(v, 404, "The evidence is withheld.", "Dokumentationen er tilbageholdt.");
  } else if (store_blob_get(v->console->options.store, v->parts[1], v->arena, &bytes, &e) < 0) {
    visit_fail(v, &e);
  } else {
    const char *type = picture_type(bytes);
    visit_send(v, type ? type : "application/octet-stream", type ? NULL : "evidence", bytes);
  }
}

const struct route run_message_routes[] = {{"GET", "/runs/*/messages/*", FOR_PARTNERS, ROUTE_RUN, get_message},
                                           {"GET", "/runs/*/messages/*/raw", FOR_PARTNERS, ROUTE_RUN, get_raw},
                                           {"POST", "/runs/*/messages/*/fetch", FOR_PARTNERS, ROUTE_RUN, post_fetch},
                                           {"GET", "/runs/*/evidence/*", FOR_PARTNERS, ROUTE_RUN, get_evidence},
                                           {0}};
