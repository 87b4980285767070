#include "base/buf.h"
#include "console/guide.h"
#include "console/organisations.h"
#include "console/system_certificates.h"
#include "console/systems_int.h"

/* ---- whose ---- */

void systems_organisation(struct visit *v) {
  struct organisation *o;
  struct error e;
  size_t n;
  struct str chosen = webform_get(&v->form, "owner");
  if (v->who.role == ROLE_VENDOR || organisations_get(v->console->db, v->arena, 0, &o, &n, &e) < 0) return;
  form_select(v, "owner", "Organisation", "Organisation");
  for (size_t i = 0; i < n; i++) {
    struct str id = arena_printf(v->arena, "%lld", (long long)o[i].id);
    form_option(v, id, o[i].name, str_eq(id, chosen));
  }
  form_select_end(v);
}

/* The organisation that a new system is for. */
static int read_owner(struct visit *v, struct system *s, struct error *e) {
  struct organisation *o;
  size_t n = 0;
  s->organisation = v->who.organisation;
  if (v->who.role == ROLE_MEDCOM && !str_int(webform_get(&v->form, "owner"), &s->organisation)) s->organisation = 0;
  if (s->organisation > 0 && organisations_get(v->console->db, v->arena, s->organisation, &o, &n, e) < 0) return -1;
  if (!n) return error_set(e, ERR_CONFIG, "choose an organisation");
  s->organisation_name = o[0].name;
  return 0;
}

/* ---- the list ---- */

static void write_list(struct visit *v, const struct system *s, size_t n) {
  static const char *const heads[][2] = {{"System", "System"},
                                         {"Version", "Version"},
                                         {"Organisation", "Organisation"},
                                         {"Revision of the file", "Filens revision"},
                                         {NULL, NULL}};
  page_table(v, "systems", heads);
  for (size_t i = 0; i < n; i++) {
    page_open(v, "tr", NULL);
    page_open(v, "td", NULL), page_link(v, s[i].name, "/systems/%lld", (long long)s[i].id), page_close(v);
    page_text_in(v, "td", NULL, s[i].version);
    page_text_in(v, "td", NULL, s[i].organisation_name);
    page_printf_in(v, "td", "number", "%lld", (long long)s[i].revision);
    page_close(v);
  }
  page_table_end(v);
}

static void get_systems(struct visit *v) {
  struct system *s;
  struct error e;
  size_t n;
  if (systems_get(v, &s, &n, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Systems", "Systemer");
  if (n)
    write_list(v, s, n);
  else
    page_say_in(v, "p", "soft", "No systems yet: add the first one.", "Ingen systemer endnu: opret det første."),
        guide_first(v, "systems");
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "Add a system", "Opret et system")), "/systems/new");
  page_close(v);
  visit_page(v);
}

/* ---- a file ---- */

static void write_file_form(struct visit *v, const struct system *s, int line) {
  page_open(v, "section", "panel");
  page_say_in(v, "h2", NULL, "The vendor file", "Leverandørfilen");
  if (s->id)
    form_open(v, false, "/systems/%lld", (long long)s->id);
  else
    form_open(v, false, "/systems");
  if (!s->id) systems_organisation(v);
  form_hidden(v, "revision", arena_printf(v->arena, "%lld", (long long)s->revision));
  page_open(v, "label", "field");
  page_say_in(v, "span", NULL, "YAML, as vendors/README.md describes it", "YAML, som vendors/README.md beskriver det");
  page_open(v, "textarea", "code");
  page_attr(v, "name", "file"), page_attr(v, "rows", "24"), page_attr(v, "spellcheck", "false");
  if (line > 0) page_attr(v, "data-line", "%d", line);
  /* The first line end after the tag is none of the text's (HTML, 13.1.2.5). */
  page_text(v, arena_printf(v->arena, "\n%.*s", STR_F(s->file)));
  page_close(v);
  page_close(v);
  form_button(v, NULL, NULL, "main", "Check and save", "Kontrollér og gem");
  page_close(v);
  page_close(v);
}

/* The file again as it was sent, with what is wrong about it, in which line (0: in none): nothing that was written is
 * lost. */
static void show_again(struct visit *v, const struct system *s, int status, int line) {
  visit_begin(v, s->id ? "Edit a system" : "Add a system", s->id ? "Ret et system" : "Opret et system");
  write_file_form(v, s, line);
  visit_page_status(v, status);
}

static void refuse(struct visit *v, const struct system *s, const struct error *e) {
  char text[ERROR_TEXT_MAX + ERROR_FILE_MAX];
  error_format(e, text, sizeof text);
  visit_complain(v, str_z(text));
  show_again(v, s, 400, e->line);
}

static void get_new(struct visit *v) {
  visit_begin(v, "Add a system", "Opret et system");
  systems_form(v, NULL);
  write_file_form(v, &(struct system){0}, 0);
  visit_page(v);
}

/* The form as it was written, and at each field what is wrong there. */
static void show_form_again(struct visit *v, const struct systems_problems *problems) {
  struct buf b;
  buf_init(&b, PAGE_MAX);
  for (size_t i = 0; i < problems->list.n; i++)
    buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(problems->list.v[i].label));
  if (problems->list.n)
    v->notice = arena_printf(v->arena, "%s %.*s.",
                             visit_word(v, "Not saved yet. Look again at:", "Endnu ikke gemt. Se igen på:"),
                             STR_F(buf_str(&b)));
  buf_release(&b);
  v->notice_is_error = true;
  visit_begin(v, "Add a system", "Opret et system");
  systems_form(v, problems);
  visit_page_status(v, 400);
}

static void post_form(struct visit *v) {
  struct system s = {0};
  struct systems_problems problems = {0};
  const struct vendor *example = systems_example(v);
  struct vendor *w;
  struct error e;
  if (!example) {
    visit_refuse(v, 404, "The data folder has no vendors/example/example.yaml, on which the form builds.",
                 "Datamappen har ingen vendors/example/example.yaml, som formularen bygger på.");
    return;
  }
  systems_check(v, example, &problems);
  if (read_owner(v, &s, &e) < 0 && problems.list.n == 0) {
    visit_complain(v, str_z(e.text));
    show_form_again(v, &problems);
    return;
  }
  s.file = systems_form_file(v, example, s.organisation_name);
  bool saves = str_eqz(webform_get(&v->form, "do"), "save");
  if (problems.list.n || system_read(v, s.file, s.organisation_name, &w, &e) < 0 ||
      (saves && system_save(v, &s, &e) < 0)) {
    if (!problems.list.n) visit_complain(v, str_z(e.text));
    show_form_again(v, &problems);
  } else if (saves) {
    v->notice = str_z(visit_word(v, "Saved.", "Gemt."));
    visit_go(v, "/systems/%lld", (long long)s.id);
  } else {
    v->notice =
        str_z(visit_word(v, "The file is whole. Look it over, and save it.", "Filen er hel. Se den igennem, og gem."));
    show_again(v, &s, 200, 0);
  }
}

static void save(struct visit *v, struct system *s) {
  struct error e;
  int result = system_save(v, s, &e);
  if (result < 0) {
    refuse(v, s, &e);
  } else if (result > 0) {
    struct system now;
    v->notice_is_error = true;
    v->notice = str_z(visit_word(v,
                                 "Not saved: somebody else has saved another file since you opened this one. Yours "
                                 "stands below; theirs is at the system's page. Put them together, and save again.",
                                 "Ikke gemt: en anden har gemt en anden fil, siden du åbnede denne. Din står herunder; "
                                 "deres er på systemets side. Saml dem, og gem igen."));
    if (system_get(v, s->id, &now, &e) == 0) s->revision = now.revision;
    show_again(v, s, 409, 0);
  } else {
    v->notice = str_z(visit_word(v, "Saved.", "Gemt."));
    visit_go(v, "/systems/%lld", (long long)s->id);
  }
}

static void post_new(struct visit *v) {
  struct system s = {.file = webform_get(&v->form, "file")};
  struct error e;
  if (read_owner(v, &s, &e) < 0)
    refuse(v, &s, &e);
  else
    save(v, &s);
}

static void post_system(struct visit *v) {
  struct system s;
  struct error e;
  if (system_get(v, v->system, &s, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  s.file = webform_get(&v->form, "file");
  if (!str_int(webform_get(&v->form, "revision"), &s.revision)) s.revision = 0;
  save(v, &s);
}

/* ---- one system ---- */

/* Of those that some protocol asks for, what the file says in words; what it says besides, by its name. */
static struct str capability_text(struct visit *v, const struct system_capability *list, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i].name, name)) return system_capability_text(v, &list[i]);
  return STR("");
}

static void write_capabilities(struct visit *v, const struct vendor *w) {
  struct system_capability *list;
  size_t n;
  system_capabilities(v, &list, &n);
  page_open(v, "details", "panel");
  page_say_in(v, "summary", NULL, "Capabilities that it declares", "Egenskaber, som det erklærer");
  page_open(v, "ul", NULL);
  for (size_t i = 0; i < w->capabilities.list.n; i++) {
    const struct fact *f = &w->capabilities.list.v[i];
    bool yes = str_eqz(f->value, "true");
    page_open(v, "li", NULL);
    page_say_in(v, "strong", NULL, yes ? "yes" : "no", yes ? "ja" : "nej");
    page_printf_in(v, "span", NULL, ": %.*s ", STR_F(capability_text(v, list, n, f->name)));
    page_text_in(v, "code", "soft", f->name);
    page_close(v);
  }
  page_close(v);
  page_close(v);
}

static int write_runs(struct visit *v, int64_t system, struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e, "SELECT run FROM run_owners WHERE system = ? ORDER BY run DESC", "i",
             system) < 0)
    return -1;
  page_say_in(v, "h2", NULL, "Its runs", "Dets testforløb");
  if (!r.n) page_say_in(v, "p", "soft", "No runs yet.", "Ingen testforløb endnu.");
  if (r.n) page_open(v, "ul", NULL);
  for (size_t i = 0; i < r.n; i++) {
    struct str run = db_cell(&r, i, 0);
    page_open(v, "li", NULL), page_link(v, run, "/runs/%.*s", STR_F(run)), page_close(v);
  }
  if (r.n) page_close(v);
  page_open(v, "p", NULL);
  page_link(v,
            str_z(visit_word(v, "Start a test, or see what a protocol would test and asks for",
                             "Start en test, eller se hvad en testprotokol vil teste og kræver")),
            "/start?system=system:%lld", (long long)system);
  page_close(v);
  return 0;
}

/* Reckoned for each protocol, which takes a while: the page does not wait for it. */
static void write_protocols(struct visit *v) {
  page_say_in(v, "h2", NULL, "Protocols", "Testprotokoller");
  page_open(v, "div", NULL);
  page_attr(v, "data-load", "/systems/%lld/protocols", (long long)v->system);
  page_open(v, "p", NULL);
  page_link(v,
            str_z(visit_word(v, "What applies to it, protocol by protocol",
                             "Hvad der gælder for det, protokol for protokol")),
            "/systems/%lld/protocols", (long long)v->system);
  page_close(v);
  page_close(v);
}

static void get_system(struct visit *v) {
  struct system s;
  struct vendor *w = NULL;
  struct error e;
  if (system_get(v, v->system, &s, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  if (system_read(v, s.file, s.organisation_name, &w, &e) < 0) visit_complain(v, str_z(e.text)), w = NULL;
  const char *title = arena_printf(v->arena, "%.*s %.*s", STR_F(s.name), STR_F(s.version)).p;
  visit_begin(v, title, title);
  page_text_in(v, "p", "soft", s.organisation_name);
  if (w) systems_connection(v, w), write_capabilities(v, w);
  if (w) write_protocols(v);
  system_certificates_write(v, s.id);
  if (write_runs(v, s.id, &e) < 0) page_complaint_in(v, "p", "notice error", str_z(e.text));
  write_file_form(v, &s, 0);
  visit_page(v);
}

const struct route systems_routes[] = {{"GET", "/systems", FOR_PARTNERS, ROUTE_PLAIN, get_systems},
                                       {"POST", "/systems", FOR_PARTNERS, ROUTE_PLAIN, post_new},
                                       {"GET", "/systems/new", FOR_PARTNERS, ROUTE_PLAIN, get_new},
                                       {"POST", "/systems/form", FOR_PARTNERS, ROUTE_PLAIN, post_form},
                                       {"GET", "/systems/*", FOR_PARTNERS, ROUTE_SYSTEM, get_system},
                                       {"POST", "/systems/*", FOR_PARTNERS, ROUTE_SYSTEM, post_system},
                                       {0}};
