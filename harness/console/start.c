#include "console/camps.h"
#include "console/offers.h"
#include "console/start_int.h"
#include "console/systems.h"
#include "formats/json.h"

#include <string.h>

#define WORDS_MAX (12 + START_PARTIES_MAX + START_CASES_MAX)

static struct str chosen_get(struct visit *v, const char *name) {
  return str_eqz(v->request->method, "POST") ? webform_get(&v->form, name) : http_query(v->request, name);
}

/* A list in which every case is ticked is that of the whole protocol, and not a choice. */
static void read_cases(struct visit *v, struct start_chosen *c) {
  const struct webform_field *f;
  int64_t offered = 0;
  c->picked = str_int(webform_get(&v->form, "offered"), &offered);
  for (size_t i = 0; (f = webform_nth(&v->form, "case", i)); i++)
    if (!f->is_file) VEC_PUSH(v->arena, &c->cases, f->value);
  c->whole = !c->picked || (offered > 0 && c->cases.n == (size_t)offered);
}

static struct start_chosen read_chosen(struct visit *v, const struct offer **p) {
  struct start_chosen c = {
      .protocol = chosen_get(v, "protocol"), .system = chosen_get(v, "system"), .mode = chosen_get(v, "mode")};
  read_cases(v, &c);
  *p = c.protocol.n ? offers_protocol(v->console, c.protocol) : NULL;
  for (size_t i = 0; *p && i < (*p)->parties.n && i < START_PARTIES_MAX; i++)
    c.parties[i] = chosen_get(v, arena_printf(v->arena, "party-%zu", i).p);
  return c;
}

/* ---- the form ---- */

static void write_protocols(struct visit *v, const struct start_chosen *c) {
  struct offer **list;
  size_t n;
  offers_protocols(v->console, &list, &n);
  form_select(v, "protocol", "Test protocol", "Testprotokol");
  form_option(v, STR(""), str_z(visit_word(v, "– choose –", "– vælg –")), !c->protocol.n);
  for (size_t i = 0; i < n; i++) {
    const struct offer *p = list[i];
    struct str title = v->danish ? p->title.da : p->title.en;
    form_option(v, p->id,
                arena_printf(v->arena, "%.*s %.*s · %.*s (%.*s)",
                             STR_F(p->danish.n && v->danish ? p->danish : p->standard), STR_F(p->standard_version),
                             STR_F(title), STR_F(p->id)),
                str_eq(p->id, c->protocol));
  }
  form_select_end(v);
}

static int write_systems(struct visit *v, const char *name, struct str chosen, const char *en, const char *da,
                         struct error *e) {
  struct system *list;
  size_t n, files_n = 0;
  struct str *files = NULL;
  if (systems_get(v, &list, &n, e) < 0) return -1;
  if (v->who.role == ROLE_MEDCOM) offers_vendors(v->console, v->arena, &files, &files_n);
  form_select(v, name, en, da);
  form_option(v, STR(""), str_z(visit_word(v, "– choose –", "– vælg –")), !chosen.n);
  for (size_t i = 0; i < n; i++) {
    struct str value = arena_printf(v->arena, "system:%lld", (long long)list[i].id);
    form_option(v, value,
                arena_printf(v->arena, "%.*s %.*s · %.*s", STR_F(list[i].name), STR_F(list[i].version),
                             STR_F(list[i].organisation_name)),
                str_eq(value, chosen));
  }
  for (size_t i = 0; i < files_n; i++) {
    struct str value = arena_printf(v->arena, "file:%.*s", STR_F(files[i]));
    form_option(v, value, files[i], str_eq(value, chosen));
  }
  form_select_end(v);
  return 0;
}

static void write_mode(struct visit *v, const struct start_chosen *c) {
  bool certify = str_eqz(c->mode, "certify");
  form_select(v, "mode", "Kind of test", "Testtype");
  form_option(v, STR("self-test"), str_z(visit_word(v, "Self-test", "Egentest")), !certify);
  if (v->who.role == ROLE_MEDCOM)
    form_option(v, STR("certify"), str_z(visit_word(v, "Certification (live test)", "Certificering (livetest)")),
                certify);
  form_select_end(v);
}

static int write_form(struct visit *v, const struct start_chosen *c, const struct offer *p, struct error *e) {
  page_open(v, "div", "panel");
  form_open(v, false, "/start");
  write_protocols(v, c);
  if (write_systems(v, "system", c->system, "System under test", "System under test", e) < 0) return -1;
  for (size_t i = 0; p && i < p->parties.n && i < START_PARTIES_MAX; i++) {
    const char *name = arena_printf(v->arena, "party-%zu", i).p;
    const char *label =
        arena_printf(v->arena, "%s: %.*s", visit_word(v, "Other system", "Andet system"), STR_F(p->parties.v[i])).p;
    if (write_systems(v, name, c->parties[i], label, label, e) < 0) return -1;
  }
  write_mode(v, c);
  page_open(v, "div", "row");
  form_button(v, "do", "look", NULL, "What will be tested?", "Hvad bliver testet?");
  form_button(v, "do", "start", "main", "Start", "Start");
  page_close(v);
  page_close(v);
  page_close(v);
  return 0;
}

static void begin_page(struct visit *v, const struct start_chosen *c, const struct offer *p) {
  struct error e;
  visit_begin(v, "New test", "Ny test");
  struct str change = c->protocol.n ? camp_change_of(v, c->protocol) : STR("");
  if (change.n) page_text_in(v, "p", "notice error", change);
  if (write_form(v, c, p, &e) == 0) return;
  page_complaint_in(v, "p", "notice error", str_z(e.text));
}

/* ---- the command ---- */

/* The vendor file that a choice stands for; -1 and e if there is none that the visitor may use. */
int start_vendor_file(struct visit *v, struct str choice, const char **path, int64_t *organisation, int64_t *system,
                      struct error *e) {
  struct str *files, kind = str_cut(&choice, ':');
  size_t n;
  *organisation = *system = 0;
  if (str_eqz(kind, "system") && str_int(choice, system)) return system_vendor_file(v, *system, path, organisation, e);
  if (str_eqz(kind, "file") && v->who.role == ROLE_MEDCOM) {
    offers_vendors(v->console, v->arena, &files, &n);
    for (size_t i = 0; i < n; i++)
      if (str_eq(files[i], choice)) return *path = offers_path(v->console, v->arena, choice), 0;
  }
  return error_set(e, ERR_CONFIG, "choose a system");
}

struct order {
  const char *argv[WORDS_MAX];
  size_t n;
  int64_t organisation, system;
};

static int add_cases(struct visit *v, struct order *o, const struct start_chosen *c, struct error *e) {
  if (c->whole) return 0;
  if (!c->cases.n) return error_set(e, ERR_CONFIG, "tick at least one case");
  if (c->cases.n > START_CASES_MAX) return error_set(e, ERR_CONFIG, "that is too many cases");
  for (size_t i = 0; i < c->cases.n; i++)
    o->argv[o->n++] = arena_printf(v->arena, "--case=%.*s", STR_F(c->cases.v[i])).p;
  return 0;
}

static int make_order(struct visit *v, struct order *o, const struct start_chosen *c, const struct offer *p,
                      struct error *e) {
  const char *path;
  if (!p) return error_set(e, ERR_CONFIG, "choose a test protocol");
  bool certify = str_eqz(c->mode, "certify");
  if (certify && v->who.role != ROLE_MEDCOM) return error_set(e, ERR_CONFIG, "only MedCom begins a certification");
  if (start_vendor_file(v, c->system, &path, &o->organisation, &o->system, e) < 0) return -1;
  o->argv[o->n++] = "run";
  o->argv[o->n++] = offers_path(v->console, v->arena, p->path);
  o->argv[o->n++] = arena_printf(v->arena, "--vendor=%s", path).p;
  o->argv[o->n++] = certify ? "--mode=certify" : "--mode=self-test";
  for (size_t i = 0; i < p->parties.n && i < START_PARTIES_MAX; i++) {
    int64_t organisation, system;
    if (!c->parties[i].n) continue;
    if (start_vendor_file(v, c->parties[i], &path, &organisation, &system, e) < 0) return -1;
    o->argv[o->n++] = arena_printf(v->arena, "--vendor=%.*s=%s", STR_F(p->parties.v[i]), path).p;
  }
  return add_cases(v, o, c, e);
}

/* ---- what would be tested ---- */

static void show_preview(struct visit *v, const struct done *d) {
  const struct offer *p;
  struct start_chosen c = read_chosen(v, &p);
  struct node *root = NULL;
  struct findings f;
  findings_init(&f, v->arena);
  begin_page(v, &c, p);
  if (d->code == 0 && json_read(&root, v->arena, (struct source){STR("dry run"), d->out}, &f) == 0)
    start_preview(v, &c, p, root);
  else
    start_trouble(v, d->err);
  visit_page(v);
}

/* ---- routes ---- */

static void get_start(struct visit *v) {
  const struct offer *p;
  struct start_chosen c = read_chosen(v, &p);
  begin_page(v, &c, p);
  visit_page(v);
}

static void refuse(struct visit *v, struct str text) {
  const struct offer *p;
  struct start_chosen c = read_chosen(v, &p);
  visit_complain(v, text);
  begin_page(v, &c, p);
  visit_page_status(v, 400);
}

static void start_run(struct visit *v, struct order *o) {
  struct error e;
  struct done d = do_command(v, o->argv);
  struct str line = d.out, run = str_cut(&line, ' ');
  bool begun = done_well(v, &d) && run.n && run.p[0] >= '0' && run.p[0] <= '9';
  if (!begun) {
    refuse(v, d.err);
  } else if (run_owner_set(v->console, run, o->organisation, o->system, &e) < 0) {
    visit_fail(v, &e);
  } else {
    visit_go(v, "/runs/%.*s", STR_F(run));
  }
}

static void post_start(struct visit *v) {
  const struct offer *p;
  struct start_chosen c = read_chosen(v, &p);
  struct order o = {.n = 0};
  struct error e;
  if (make_order(v, &o, &c, p, &e) < 0) {
    refuse(v, str_z(e.text));
  } else if (str_eqz(webform_get(&v->form, "do"), "start")) {
    if (!run_cards_are_full(v)) start_run(v, &o);
  } else {
    o.argv[o.n++] = "--dry-run";
    o.argv[o.n++] = "--format=json";
    do_reading(v, o.argv, show_preview);
  }
}

const struct route start_routes[] = {{"GET", "/start", FOR_PARTNERS, ROUTE_PLAIN, get_start},
                                     {"POST", "/start", FOR_PARTNERS, ROUTE_PLAIN, post_start},
                                     {0}};
