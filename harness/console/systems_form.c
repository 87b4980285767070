/* The usual parts of a vendor file as a form, which writes the file. What was wrong is told at its field, and the form
 * stays as it was written. */
#include "console/systems_int.h"

#include <string.h>

#define FILE_MAX ((size_t)256 << 10)
#define PARTIES 2 /* counterparts: as many as a vendor file needs */

static const char *const kinds[][3] = {
    {"vans-http", "VANSEnvelopes over HTTP", "VANSEnvelopes over HTTP"},
    {"sbdh-http", "SBDH (EHMI) over HTTP", "SBDH (EHMI) over HTTP"},
    {"upload", "by hand: files up and down", "i hånden: filer op og ned"},
    {"fhir-rest", "it reads and writes on our FHIR server", "det læser og skriver på vores FHIR-server"}};

static const char *const roles[][3] = {
    {"sender", "sends", "afsender"}, {"receiver", "receives", "modtager"}, {"operator", "operates", "operatør"}};
#define ROLES (sizeof roles / sizeof *roles)

const struct vendor *systems_example(struct visit *v) {
  struct vendor *w = NULL;
  struct error e;
  const char *path = offers_path(v->console, v->arena, STR("vendors/example/example.yaml"));
  return vendor_load(&w, v->arena, path, &e) == 0 ? w : NULL;
}

/* ---- a field ---- */

static const struct systems_problem *problem_of(const struct systems_problems *all, const char *field) {
  for (size_t i = 0; all && i < all->list.n; i++)
    if (!strcmp(all->list.v[i].field, field)) return &all->list.v[i];
  return NULL;
}

/* Of an input or a textarea: what ties it to its hint and its problem; the first wrong one gets the focus. */
static void write_ties(struct visit *v, const struct systems_problems *all, const char *name, bool hint) {
  const struct systems_problem *p = problem_of(all, name);
  page_attr(v, "id", "field-%s", name);
  if (p) page_attr(v, "aria-invalid", "true");
  if (p && p == &all->list.v[0]) page_attr(v, "autofocus", "%s", "");
  const char *wrong = p ? arena_printf(v->arena, "wrong-%s ", name).p : "";
  if (p || hint) page_attr(v, "aria-describedby", "%s%s%s", wrong, hint ? "hint-" : "", hint ? name : "");
}

static void write_problem(struct visit *v, const struct systems_problems *all, const char *name) {
  const struct systems_problem *p = problem_of(all, name);
  if (!p) return;
  page_open(v, "p", "wrong");
  page_attr(v, "id", "wrong-%s", name);
  page_text(v, p->text);
  page_close(v);
}

static void open_field(struct visit *v, const char *en, const char *da, bool required) {
  page_open(v, "div", "field");
  page_open(v, "label", NULL);
  page_open(v, "span", NULL);
  page_say(v, en, da);
  if (!required) page_say_in(v, "span", "soft", " (may be left empty)", " (kan udelades)");
  page_close(v);
}

static void write_hint(struct visit *v, const char *name, const char *en, const char *da) {
  page_open(v, "p", "soft hint");
  page_attr(v, "id", "hint-%s", name);
  page_say(v, en, da);
  page_close(v);
}

static struct str written(const struct visit *v, const char *name) {
  return v->filling ? webform_get(&v->kept, name) : STR("");
}

static void write_input(struct visit *v, const struct systems_problems *all, const struct systems_field *f, bool hint) {
  open_field(v, f->en, f->da, f->required);
  page_open(v, "input", NULL);
  /* No type that a browser checks: it would say what is wrong in its own language, in place of the page in its own. */
  page_attr(v, "type", "text"), page_attr(v, "inputmode", "%s", f->keys), page_attr(v, "name", "%s", f->name);
  if (f->required) page_attr(v, "aria-required", "true");
  write_ties(v, all, f->name, hint);
  html_attr(&v->html, "value", written(v, f->name));
  page_close(v);
  page_close(v);
  write_problem(v, all, f->name);
}

static void write_fields(struct visit *v, const struct systems_problems *all, size_t from, size_t to, const char *en,
                         const char *da) {
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, en, da);
  page_open(v, "div", "fields");
  for (size_t i = from; i < to; i++) write_input(v, all, &systems_fields[i], false), page_close(v);
  page_close(v);
  page_close(v);
}

/* ---- how messages travel, and about whom ---- */

static void write_exchange(struct visit *v, const struct systems_problems *all) {
  static const struct systems_field address = {
      "address", "url", "Address that takes its messages", "Adresse, der tager imod dets meddelelser", false, NULL,
      NULL,      NULL};
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, "How messages travel", "Hvordan meddelelser sendes");
  page_open(v, "div", "fields");
  form_select(v, "kind", "Way", "Vej");
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    form_option(v, str_z(kinds[i][0]), str_z(visit_word(v, kinds[i][1], kinds[i][2])), i == 0);
  form_select_end(v);
  write_input(v, all, &address, true);
  write_hint(v, "address",
             "http or https. Left empty, the system fetches what is for it, which works behind a firewall.",
             "http eller https. Er den tom, henter systemet selv, hvad der er til det; det virker bag en firewall.");
  page_close(v);
  page_close(v);
  page_close(v);
}

static void write_persons(struct visit *v, const struct systems_problems *all) {
  open_field(v, "Test persons in the system", "Testpersoner i systemet", false);
  page_open(v, "textarea", NULL);
  page_attr(v, "name", "persons"), page_attr(v, "rows", "4");
  write_ties(v, all, "persons", true);
  page_text(v, arena_printf(v->arena, "\n%.*s", STR_F(written(v, "persons"))));
  page_close(v);
  page_close(v);
  write_problem(v, all, "persons");
  write_hint(v, "persons", "One a line, with commas: 2512489996, Nanna, Testperson. Left empty: those of testcamp.",
             "Én pr. linje, med komma: 2512489996, Nanna, Testperson. Er feltet tomt, bruges testcamps.");
  page_close(v);
}

/* ---- claims and capabilities ---- */

static bool is_ticked(const struct visit *v, const char *name, struct str value) {
  const struct webform_field *f;
  for (size_t i = 0; v->filling && (f = webform_nth(&v->kept, name, i)); i++)
    if (str_eq(f->value, value)) return true;
  return false;
}

static void write_box(struct visit *v, const char *name, struct str value) {
  page_open(v, "input", NULL);
  page_attr(v, "type", "checkbox"), page_attr(v, "name", "%s", name);
  html_attr(&v->html, "value", value);
  if (is_ticked(v, name, value)) page_attr(v, "checked", "%s", "");
}

static bool same_standard(const struct offer *a, const struct offer *b) {
  return str_eq(a->standard, b->standard) && str_eq(a->standard_version, b->standard_version);
}

static bool is_first(struct offer **list, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (same_standard(list[k], list[i])) return false;
  return true;
}

static bool has_role(struct offer **list, size_t n, const struct offer *of, const char *role) {
  for (size_t i = 0; i < n; i++)
    if (same_standard(list[i], of) && str_eqz(list[i]->role, role)) return true;
  return false;
}

static void write_claim(struct visit *v, struct offer **list, size_t n, const struct offer *p) {
  struct str name = arena_printf(v->arena, "%.*s %.*s", STR_F(system_standard(v, p)), STR_F(p->standard_version));
  page_open(v, "div", "claim");
  page_text_in(v, "span", NULL, name);
  for (size_t r = 0; r < ROLES; r++) {
    const char *role = visit_word(v, roles[r][1], roles[r][2]);
    if (!has_role(list, n, p, roles[r][0])) continue;
    page_open(v, "label", NULL);
    write_box(v, "claim",
              arena_printf(v->arena, "%.*s|%.*s|%s", STR_F(p->standard), STR_F(p->standard_version), roles[r][0]));
    html_attr(&v->html, "aria-label", arena_printf(v->arena, "%.*s, %s", STR_F(name), role));
    page_close(v);
    page_printf_in(v, "span", NULL, " %s", role);
    page_close(v);
  }
  page_close(v);
}

static void write_claims(struct visit *v) {
  struct offer **list;
  size_t n;
  offers_protocols(v->console, &list, &n);
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, "What it says it can do", "Det, systemet siger, det kan");
  page_open(v, "div", "choices");
  for (size_t i = 0; i < n; i++)
    if (is_first(list, i)) write_claim(v, list, n, list[i]);
  page_close(v);
  page_close(v);
}

static void write_capability(struct visit *v, const struct system_capability *c) {
  struct str section = v->danish ? c->section.da : c->section.en;
  page_open(v, "label", "choice");
  write_box(v, "capability", c->name);
  page_close(v);
  page_open(v, "span", NULL);
  page_text(v, system_capability_text(v, c));
  page_open(v, "span", "soft");
  page_text_in(v, "code", NULL, c->name);
  if (!c->several && c->words && section.n) page_printf_in(v, "span", NULL, " · %.*s", STR_F(section));
  page_close(v);
  page_close(v);
  page_close(v);
}

static bool same_group(const struct system_capability *a, const struct system_capability *b) {
  return a->several == b->several && (a->several || str_eq(a->of->standard, b->of->standard));
}

static void write_capabilities(struct visit *v) {
  struct system_capability *list;
  size_t n;
  system_capabilities(v, &list, &n);
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, "Capabilities: what is ticked is true, all else false",
              "Egenskaber: det afkrydsede er sandt, alt andet falsk");
  page_say_in(v, "p", "soft hint", "What it does not have is not tested, and stands in the report as Not relevant.",
              "Det, det ikke har, testes ikke og står i rapporten som Ikke relevant.");
  for (size_t i = 0; i < n; i++) {
    if (i == 0 || !same_group(&list[i - 1], &list[i])) {
      if (i) page_close(v);
      page_text_in(v, "h3", NULL,
                   list[i].several
                       ? str_z(visit_word(v, "Asked for by several standards", "Bruges af flere standarder"))
                       : system_standard(v, list[i].of));
      page_open(v, "div", "choices");
    }
    write_capability(v, &list[i]);
  }
  if (n) page_close(v);
  page_close(v);
}

void systems_form(struct visit *v, const struct systems_problems *problems) {
  page_open(v, "section", "panel");
  page_say_in(v, "h2", NULL, "Fill in a form", "Udfyld en formular");
  if (problems) v->kept_path = STR("/systems/form"), v->kept = v->form;
  form_open(v, false, "/systems/form");
  systems_organisation(v);
  write_fields(v, problems, 0, SYSTEMS_FIELDS_SYSTEM, "The system", "Systemet");
  write_fields(v, problems, SYSTEMS_FIELDS_SYSTEM, SYSTEMS_FIELDS, "The organisation whose address it has",
               "Organisationen, hvis adresse det har");
  write_exchange(v, problems);
  write_persons(v, problems);
  write_claims(v);
  write_capabilities(v);
  page_open(v, "p", "links");
  form_button(v, "do", "save", "main", "Save the system", "Gem systemet");
  form_button(v, "do", "look", NULL, "See the file first", "Se filen først");
  page_close(v);
  page_close(v);
  page_close(v);
}

/* ---- the file ---- */

/* A value that YAML reads as it was written. */
static void put_text(struct buf *b, struct str s) {
  buf_byte(b, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"' || s.p[i] == '\\') buf_byte(b, '\\');
    buf_byte(b, (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i]);
  }
  buf_byte(b, '"');
}

static void put(struct buf *b, const char *key, struct str value) {
  if (!str_trim(value).n) return;
  buf_printf(b, "%s: ", key);
  put_text(b, str_trim(value));
  buf_byte(b, '\n');
}

static void put_claims(struct visit *v, struct buf *b) {
  const struct webform_field *f;
  if (webform_nth(&v->form, "claim", 0)) buf_addz(b, "claims:\n");
  for (size_t i = 0; (f = webform_nth(&v->form, "claim", i)); i++) {
    struct str rest = f->value, standard = str_cut(&rest, '|'), version = str_cut(&rest, '|');
    for (size_t r = 0; r < ROLES; r++) {
      if (!str_eqz(rest, roles[r][0])) continue;
      put(b, "  - standard", standard);
      put(b, "    version", version);
      buf_printf(b, "    roles: [%s]\n", roles[r][0]);
    }
  }
}

static void put_capabilities(struct visit *v, struct buf *b) {
  const struct webform_field *f;
  struct system_capability *list;
  size_t n;
  system_capabilities(v, &list, &n);
  buf_addz(b, n ? "capabilities:\n" : "capabilities: {}\n");
  for (size_t i = 0; i < n; i++) {
    bool on = false;
    for (size_t k = 0; (f = webform_nth(&v->form, "capability", k)); k++) on = on || str_eq(f->value, list[i].name);
    buf_printf(b, "  %.*s: %s\n", STR_F(list[i].name), on ? "true" : "false");
  }
}

static void put_example(struct visit *v, struct buf *b, const struct vendor *w, const char *what, size_t number,
                        const char *const *keys) {
  for (size_t i = 0; keys[2 * i]; i++)
    put(b, keys[2 * i], facts_get(&w->variables, arena_printf(v->arena, "%s.%zu.%s", what, number, keys[2 * i + 1]).p));
}

static void put_persons(struct visit *v, struct buf *b, const struct vendor *w) {
  static const char *const keys[] = {"  - cpr", "cpr", "    given", "given", "    family", "family", NULL};
  struct str rest = str_trim(webform_get(&v->form, "persons")), cpr, given, family;
  buf_addz(b, "persons:\n");
  for (size_t i = 1; !rest.n && i <= PARTIES; i++) put_example(v, b, w, "person", i, keys);
  while (rest.n)
    if (systems_person(str_trim(str_cut(&rest, '\n')), v->arena, &cpr, &given, &family))
      put(b, "  - cpr", cpr), put(b, "    given", given), put(b, "    family", family);
}

struct str systems_form_file(struct visit *v, const struct vendor *w, struct str organisation) {
  static const char *const keys[] = {"  - gln", "gln", "    sor", "sor", "    name", "organisation", NULL};
  const struct webform *f = &v->form;
  struct buf b;
  buf_init(&b, FILE_MAX);
  buf_addz(&b, "vendor:\n");
  put(&b, "  name", organisation), put(&b, "  contact", webform_get(f, "contact"));
  put(&b, "  email", webform_get(f, "email"));
  buf_addz(&b, "system:\n");
  put(&b, "  name", webform_get(f, "system")), put(&b, "  version", webform_get(f, "version"));
  put(&b, "  type", webform_get(f, "type"));
  put_claims(v, &b);
  put_capabilities(v, &b);
  buf_addz(&b, "organisation:\n");
  put(&b, "  gln", webform_get(f, "gln")), put(&b, "  sor", webform_get(f, "sor"));
  put(&b, "  name", webform_get(f, "organisation")), put(&b, "  yder", webform_get(f, "yder"));
  buf_addz(&b, "counterparts:\n");
  for (size_t i = 1; i <= PARTIES; i++) put_example(v, &b, w, "counterpart", i, keys);
  put_persons(v, &b, w);
  buf_addz(&b, "exchange:\n");
  put(&b, "  kind", webform_get(f, "kind")), put(&b, "  address", webform_get(f, "address"));
  return buf_take(&b, v->arena);
}
