#include "base/base64.h"
#include "console/complaint.h"
#include "console/guide.h"
#include "console/visit_int.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <string.h>

#define COMMAND "testcamp: " /* what commands begin with, where they complain (cli/cli.h) */
#define PRINTED_MAX ((size_t)1 << 20)

static struct str printed(struct visit *v, const char *fmt, va_list values) {
  struct buf b;
  buf_init(&b, PRINTED_MAX);
  buf_vprintf(&b, fmt, values);
  return buf_take(&b, v->arena);
}

#define PRINTED(v, out)                                                                                                \
  do {                                                                                                                 \
    va_list values_;                                                                                                   \
    va_start(values_, fmt);                                                                                            \
    *(out) = printed((v), fmt, values_);                                                                               \
    va_end(values_);                                                                                                   \
  } while (0)

/* ---- the shell ---- */

struct menu_row {
  const char *address, *en, *da;
  unsigned who;
};

static const struct menu_row menu[] = {{"/", "Runs", "Testforløb", FOR_ALL},
                                       {"/start", "New test", "Ny test", FOR_PARTNERS},
                                       {"/review", "Review", "Gennemsyn", FOR_MEDCOM},
                                       {"/board", "Board", "Tavle", FOR_ALL},
                                       {"/camps", "Test camps", "Testcamps", FOR_ALL},
                                       {"/systems", "Systems", "Systemer", FOR_PARTNERS},
                                       {"/protocols", "Protocols", "Testprotokoller", FOR_ALL},
                                       {"/check", "Check a file", "Kontrollér fil", FOR_PARTNERS},
                                       {"/people", "Organisations", "Organisationer", FOR_MEDCOM}};

static bool is_here(const struct visit *v, const char *address) {
  struct str path = v->request->path, head = str_z(address);
  if (head.n == 1) return path.n == 1 || str_starts(path, STR("/runs"));
  return str_starts(path, head) && (path.n == head.n || path.p[head.n] == '/');
}

static void write_menu(struct visit *v) {
  page_open(v, "nav", "menu");
  page_attr(v, "aria-label", "%s", visit_word(v, "Main menu", "Hovedmenu"));
  page_open(v, "ul", NULL);
  for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
    if (!v->known || !(menu[i].who & (1u << v->who.role))) continue;
    page_open(v, "li", NULL);
    page_open(v, "a", NULL);
    page_attr(v, "href", "%s", menu[i].address);
    if (is_here(v, menu[i].address)) page_attr(v, "aria-current", "page");
    page_say(v, menu[i].en, menu[i].da);
    page_close(v);
    page_close(v);
  }
  page_close(v);
  page_close(v);
}

static void write_person(struct visit *v) {
  page_open(v, "div", "person");
  if (v->known && v->who.id) {
    page_text_in(v, "span", "who", v->who.full_name.n ? v->who.full_name : v->who.name);
    if (v->who.organisation_name.n) page_text_in(v, "span", "organisation", v->who.organisation_name);
    form_open(v, false, "/logout");
    form_button(v, NULL, NULL, "quiet", "Log out", "Log ud");
    page_close(v);
  }
  guide_link(v);
  form_open(v, false, "/language");
  struct str path = v->request->path, query = v->request->query;
  bool asked = query.n && str_eqz(v->request->method, "GET");
  form_hidden(v, "back", asked ? arena_printf(v->arena, "%.*s?%.*s", STR_F(path), STR_F(query)) : path);
  form_hidden(v, "lang", v->danish ? STR("en") : STR("da"));
  page_open(v, "button", "quiet");
  page_attr(v, "lang", "%s", v->danish ? "en" : "da");
  page_text(v, v->danish ? STR("English") : STR("Dansk"));
  page_close(v);
  page_close(v);
  page_close(v);
}

static void write_head(struct visit *v, const char *title) {
  page_open(v, "head", NULL);
  page_open(v, "meta", NULL), page_attr(v, "charset", "utf-8"), page_close(v);
  page_open(v, "meta", NULL), page_attr(v, "name", "viewport");
  page_attr(v, "content", "width=device-width, initial-scale=1"), page_close(v);
  page_printf_in(v, "title", NULL, "%s · testcamp", title);
  page_open(v, "link", NULL), page_attr(v, "rel", "stylesheet");
  page_attr(v, "href", "/static/style.css"), page_close(v);
  page_open(v, "link", NULL), page_attr(v, "rel", "icon");
  page_attr(v, "href", "/static/icon.svg"), page_close(v);
  page_open(v, "script", NULL), page_attr(v, "src", "/static/app.js"), page_attr(v, "defer", "%s", "");
  page_close(v);
  page_close(v);
}

static void write_notice(struct visit *v) {
  if (!v->notice.n && !v->complaint.n) return;
  /* Said once: the page after this one does not say it again. */
  if (visit_cookie(v, "notice").n)
    http_reply_header(v->request, "Set-Cookie", STR("notice=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"));
  if (v->notice_is_error) (void)kept_take(v->console->kept, v->cookie, v->now, v->arena, &v->kept_path, &v->kept);
  page_open(v, "p", v->notice_is_error ? "notice error" : "notice");
  page_attr(v, "role", v->notice_is_error ? "alert" : "status");
  page_complaint(v, v->complaint);
  if (v->complaint.n && v->notice.n) page_text(v, STR("\n\n"));
  page_text(v, v->notice);
  page_close(v);
}

void visit_begin(struct visit *v, const char *en, const char *da) {
  visit_begin_part(v);
  html_doctype(&v->html);
  page_open(v, "html", NULL);
  page_attr(v, "lang", "%s", v->danish ? "da" : "en");
  write_head(v, visit_word(v, en, da));
  page_open(v, "body", NULL);
  page_open(v, "a", "skip"), page_attr(v, "href", "#main");
  page_say(v, "To the content", "Til indholdet"), page_close(v);
  page_open(v, "header", "top");
  page_open(v, "a", "brand"), page_attr(v, "href", "/"), page_text(v, STR("testcamp")), page_close(v);
  write_menu(v);
  write_person(v);
  page_close(v);
  page_open(v, "main", NULL);
  page_attr(v, "id", "main"), page_attr(v, "tabindex", "-1");
  page_say_in(v, "h1", NULL, en, da);
  write_notice(v);
}

/* ---- writing ---- */

const char *visit_word(const struct visit *v, const char *en, const char *da) {
  return v->danish ? da : en;
}

void page_say(struct visit *v, const char *en, const char *da) {
  html_textz(&v->html, visit_word(v, en, da));
}

struct str said_in_both(const struct visit *v, struct str en, struct str da) {
  struct str danish;
  if (!v->danish) return en;
  return str_eq(en, da) && complaint_in_danish(v->arena, en, &danish) ? danish : da;
}

static struct str without_command(struct str line) {
  return str_starts(line, STR(COMMAND)) ? str_sub(line, strlen(COMMAND), line.n) : line;
}

/* What a complaint is about is set off below it: an expression, a place in it. */
static bool is_quoted(struct str line) {
  return !line.n || line.p[0] == ' ';
}

static void write_complaint_line(struct visit *v, struct str line) {
  struct str danish;
  if (!v->danish || is_quoted(line)) {
    page_text(v, line);
  } else if (complaint_in_danish(v->arena, line, &danish)) {
    page_text(v, danish);
  } else {
    page_open(v, "span", NULL), page_attr(v, "lang", "en");
    page_text(v, line);
    page_close(v);
  }
}

static bool knows_each_line(struct visit *v, struct str rest) {
  struct str danish;
  while (rest.n) {
    struct str line = without_command(str_cut(&rest, '\n'));
    if (!is_quoted(line) && !complaint_in_danish(v->arena, line, &danish)) return false;
  }
  return true;
}

/* A value may have lines of its own: then the sentence is found as a whole. */
void page_complaint(struct visit *v, struct str complaint) {
  struct str danish, rest = str_trim(complaint);
  if (v->danish && !knows_each_line(v, rest) && complaint_in_danish(v->arena, without_command(rest), &danish)) {
    page_text(v, danish);
    return;
  }
  for (bool first = true; rest.n; first = false) {
    if (!first) page_text(v, STR("\n"));
    write_complaint_line(v, without_command(str_cut(&rest, '\n')));
  }
}

void page_complaint_in(struct visit *v, const char *element, const char *cls, struct str complaint) {
  page_open(v, element, cls);
  page_complaint(v, complaint);
  page_close(v);
}

void page_say_in(struct visit *v, const char *element, const char *cls, const char *en, const char *da) {
  html_element(&v->html, element, cls, str_z(visit_word(v, en, da)));
}

void page_open(struct visit *v, const char *element, const char *cls) {
  html_open(&v->html, element);
  if (cls) html_attrz(&v->html, "class", cls);
}

void page_close(struct visit *v) {
  html_close(&v->html);
}

void page_text(struct visit *v, struct str s) {
  html_text(&v->html, s);
}

void page_text_in(struct visit *v, const char *element, const char *cls, struct str s) {
  html_element(&v->html, element, cls, s);
}

void page_printf_in(struct visit *v, const char *element, const char *cls, const char *fmt, ...) {
  struct str s;
  PRINTED(v, &s);
  html_element(&v->html, element, cls, s);
}

void page_link(struct visit *v, struct str text, const char *fmt, ...) {
  struct str s;
  PRINTED(v, &s);
  html_open(&v->html, "a");
  html_attr(&v->html, "href", s);
  html_text(&v->html, text);
  html_close(&v->html);
}

void page_attr(struct visit *v, const char *name, const char *fmt, ...) {
  struct str s;
  PRINTED(v, &s);
  html_attr(&v->html, name, s);
}

void page_live(struct visit *v, const char *fmt, ...) {
  struct str s;
  PRINTED(v, &s);
  page_attr(v, "data-live", "%.*s?since=%lld", STR_F(s), (long long)live_age(v->console));
}

struct str when_text(struct visit *v, int64_t ms) {
  struct str t = ms ? time_danish(v->arena, ms) : STR("");
  if (t.n < 16) return t;
  return arena_printf(v->arena, "%.*s %.5s", STR_F(day_text_of(v, str_sub(t, 0, 10))), t.p + 11);
}

struct str day_text_of(const struct visit *v, struct str day) {
  return day_text(v->arena, day, v->danish);
}

struct str when_to_the_second(struct visit *v, int64_t ms) {
  struct str t = ms ? time_danish(v->arena, ms) : STR("");
  return t.n < 19 ? t : arena_printf(v->arena, "%.*s%.*s", STR_F(when_text(v, ms)), 3, t.p + 16);
}

static const struct {
  const char *cls, *en, *da;
} badges[] = {[VERDICT_NONE] = {"badge none", "Not begun", "Ikke begyndt"},
              [VERDICT_PASS] = {"badge pass", "OK", "OK"},
              [VERDICT_FAIL] = {"badge fail", "Fail", "Fejl"},
              [VERDICT_INCONCLUSIVE] = {"badge inconclusive", "Inconclusive", "Uafklaret"},
              [VERDICT_ERROR] = {"badge harness", "Test tool failed", "Fejl i testværktøjet"},
              [VERDICT_WAITING] = {"badge waiting", "Waiting", "Afventer"},
              [VERDICT_NOT_APPLICABLE] = {"badge na", "Not relevant", "Ikke relevant"}};

const char *verdict_word(const struct visit *v, enum verdict verdict) {
  return visit_word(v, badges[verdict].en, badges[verdict].da);
}

void page_save_link(struct visit *v, const char *name, struct str bytes) {
  struct buf b;
  buf_init(&b, PAGE_MAX);
  base64_encode(&b, bytes);
  page_open(v, "a", "button");
  page_attr(v, "download", "%s", name);
  page_attr(v, "href", "data:application/octet-stream;base64,%.*s", STR_F(buf_str(&b)));
  page_say(v, "Save", "Gem");
  page_close(v);
  buf_release(&b);
}

void page_verdict(struct visit *v, enum verdict verdict) {
  page_say_in(v, "span", badges[verdict].cls, badges[verdict].en, badges[verdict].da);
}

const char *page_role(const struct visit *v, struct str role) {
  static const char *const words[][3] = {{"sender", "Sender", "Afsender"},
                                         {"receiver", "Receiver", "Modtager"},
                                         {"operator", "VANS operator", "VANS-operatør"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(role, words[i][0])) return visit_word(v, words[i][1], words[i][2]);
  return arena_z(v->arena, role);
}

void page_table(struct visit *v, const char *cls, const char *const heads[][2]) {
  page_open(v, "div", "scroll");
  page_attr(v, "tabindex", "0"), page_attr(v, "role", "group");
  page_attr(v, "aria-label", "%s", visit_word(v, "Table", "Tabel"));
  page_open(v, "table", cls);
  page_open(v, "thead", NULL);
  page_open(v, "tr", NULL);
  for (size_t i = 0; heads[i][0]; i++) {
    page_open(v, "th", NULL);
    page_attr(v, "scope", "col");
    page_say(v, heads[i][0], heads[i][1]);
    page_close(v);
  }
  page_close(v);
  page_close(v);
  page_open(v, "tbody", NULL);
}

void page_table_end(struct visit *v) {
  page_close(v);
  page_close(v);
  page_close(v);
}

/* ---- forms ---- */

static void open_form(struct visit *v, bool files, struct str address) {
  page_open(v, "form", NULL);
  page_attr(v, "method", "post");
  html_attr(&v->html, "action", address);
  if (files) page_attr(v, "enctype", "multipart/form-data");
  v->filling = v->kept_path.n && str_eq(v->kept_path, address);
  form_hidden(v, "csrf", visit_token(v));
}

void form_open(struct visit *v, bool files, const char *fmt, ...) {
  struct str s;
  PRINTED(v, &s);
  open_form(v, files, s);
}

/* What was written into a field of the form that was refused, else what it has. */
static struct str kept_or(const struct visit *v, const char *name, struct str value) {
  const struct webform_field *f = v->filling ? webform_nth(&v->kept, name, 0) : NULL;
  return f ? f->value : value;
}

void form_fold(struct visit *v, const char *cls, const char *en, const char *da, const char *key, struct str value,
               const char *fmt, ...) {
  struct str s;
  PRINTED(v, &s);
  page_open(v, "details", cls);
  bool refused = v->kept_path.n && str_eq(v->kept_path, s) && (!key || str_eq(webform_get(&v->kept, key), value));
  if (refused) page_attr(v, "open", "%s", "");
  page_say_in(v, "summary", NULL, en, da);
  open_form(v, false, s);
  if (key) form_hidden(v, key, value);
}

void form_by_choice(struct visit *v) {
  page_open(v, "button", NULL);
  page_attr(v, "type", "submit"), page_attr(v, "disabled", "%s", ""), page_attr(v, "hidden", "%s", "");
  page_close(v);
}

/* What says how old the page is changes; all else tells forms of one address apart. */
static bool is_of_all(const char *name) {
  return str_eqz(STR("csrf"), name) || str_eqz(STR("seen"), name);
}

void form_hidden(struct visit *v, const char *name, struct str value) {
  if (v->filling && !is_of_all(name)) v->filling = str_eq(webform_get(&v->kept, name), value);
  page_open(v, "input", NULL);
  page_attr(v, "type", "hidden"), page_attr(v, "name", "%s", name);
  html_attr(&v->html, "value", value);
  page_close(v);
}

static void open_label(struct visit *v, const char *en, const char *da) {
  page_open(v, "label", "field");
  page_say_in(v, "span", NULL, en, da);
}

void form_input(struct visit *v, const char *type, const char *name, struct str value, const char *en, const char *da) {
  open_label(v, en, da);
  page_open(v, "input", NULL);
  page_attr(v, "type", "%s", type), page_attr(v, "name", "%s", name);
  value = kept_or(v, name, value);
  if (!strcmp(type, "date")) (void)day_read(v->arena, value, &value); /* the only form that a browser takes */
  if (value.n) html_attr(&v->html, "value", value);
  page_close(v);
  page_close(v);
}

bool form_day(struct visit *v, const char *name, struct str *out) {
  struct str written = str_trim(webform_get(&v->form, name));
  if (day_read(v->arena, written, out)) return true;
  v->notice_is_error = true;
  v->notice = written.n ? arena_printf(v->arena, "%s: %.*s",
                                       visit_word(v, "That is no day; write it as 28-11-2026 or 2026-11-28",
                                                  "Det er ingen dato; skriv den som 28-11-2026 eller 2026-11-28"),
                                       STR_F(str_sub(written, 0, 40)))
                        : str_z(visit_word(v, "A date is missing.", "Der mangler en dato."));
  return false;
}

void form_area(struct visit *v, const char *name, struct str value, const char *en, const char *da) {
  open_label(v, en, da);
  page_open(v, "textarea", NULL);
  page_attr(v, "name", "%s", name), page_attr(v, "rows", "4");
  page_text(v, kept_or(v, name, value));
  page_close(v);
  page_close(v);
}

void form_select(struct visit *v, const char *name, const char *en, const char *da) {
  open_label(v, en, da);
  page_open(v, "select", NULL);
  page_attr(v, "name", "%s", name);
  v->select = name;
}

void form_option(struct visit *v, struct str value, struct str text, bool chosen) {
  page_open(v, "option", NULL);
  html_attr(&v->html, "value", value);
  if (v->filling && webform_nth(&v->kept, v->select, 0)) chosen = str_eq(webform_get(&v->kept, v->select), value);
  if (chosen) page_attr(v, "selected", "%s", "");
  page_text(v, text);
  page_close(v);
}

void form_select_end(struct visit *v) {
  page_close(v);
  page_close(v);
}

void form_button(struct visit *v, const char *name, const char *value, const char *cls, const char *en,
                 const char *da) {
  page_open(v, "button", cls);
  page_attr(v, "type", "submit");
  if (name) page_attr(v, "name", "%s", name), page_attr(v, "value", "%s", value ? value : "");
  page_say(v, en, da);
  page_close(v);
}

/* ---- searching ---- */

bool page_has_words(const struct visit *v, struct str text, struct str words) {
  struct str all = utf8_lower(v->arena, text);
  while (words.n) {
    struct str word = str_cut(&words, ' ');
    if (word.n && str_find(all, utf8_lower(v->arena, word), 0) == SIZE_MAX) return false;
  }
  return true;
}

void page_search(struct visit *v, const char *address, struct str words, const char *en, const char *da) {
  page_open(v, "form", "row");
  page_attr(v, "method", "get"), page_attr(v, "action", "%s", address), page_attr(v, "role", "search");
  form_input(v, "search", "q", words, en, da);
  form_button(v, NULL, NULL, NULL, "Search", "Søg");
  page_close(v);
}
