/* The usual parts of a vendor file as a form, which writes the file. */
#include "console/offers.h"
#include "console/systems_int.h"

#include <string.h>

#define FILE_MAX ((size_t)256 << 10)
#define PARTIES 2 /* counterparts: as many as a vendor file needs */

struct field {
  const char *name, *type, *en, *da;
};

static const struct field fields[] = {
    {"system", "text", "Name of the system", "Systemets navn"},
    {"version", "text", "Version", "Version"},
    {"type", "text", "Kind of system (EHR, GP system, ...)", "Systemtype (EPJ, lægesystem, ...)"},
    {"contact", "text", "Contact", "Kontaktperson"},
    {"email", "email", "E-mail", "E-mail"},
    {"gln", "text", "GLN of the system's organisation", "Lokationsnummer (GLN) for systemets organisation"},
    {"sor", "text", "SOR id", "SOR-id"},
    {"organisation", "text", "Name of that organisation", "Organisationens navn"}};

static const char *const kinds[][3] = {
    {"vans-http", "VANSEnvelopes over HTTP", "VANSEnvelopes over HTTP"},
    {"sbdh-http", "SBDH (EHMI) over HTTP", "SBDH (EHMI) over HTTP"},
    {"upload", "by hand: files up and down", "i hånden: filer op og ned"},
    {"fhir-rest", "it reads and writes on our FHIR server", "det læser og skriver på vores FHIR-server"}};

/* The vendor file that is there to be copied: which capabilities there are, and made-up organisations and persons. */
static const struct vendor *example(struct visit *v) {
  struct vendor *w = NULL;
  struct error e;
  const char *path = offers_path(v->console, v->arena, STR("vendors/example/example.yaml"));
  return vendor_load(&w, v->arena, path, &e) == 0 ? w : NULL;
}

static void write_check(struct visit *v, const char *name, struct str value, struct str text) {
  page_open(v, "label", "choice");
  page_open(v, "input", NULL);
  page_attr(v, "type", "checkbox"), page_attr(v, "name", "%s", name);
  html_attr(&v->html, "value", value);
  page_close(v);
  page_printf_in(v, "span", NULL, " %.*s", STR_F(text));
  page_close(v);
}

static bool offered_before(struct offer **list, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (str_eq(list[k]->standard, list[i]->standard) && str_eq(list[k]->standard_version, list[i]->standard_version) &&
        str_eq(list[k]->role, list[i]->role))
      return true;
  return false;
}

static void write_claims(struct visit *v) {
  struct offer **list;
  size_t n;
  offers_protocols(v->console, &list, &n);
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, "What it says it can do", "Det som systemet siger, det kan");
  for (size_t i = 0; i < n; i++) {
    const struct offer *p = list[i];
    if (!str_eqz(p->role, "sender") && !str_eqz(p->role, "receiver")) continue;
    if (offered_before(list, i)) continue;
    const char *role =
        str_eqz(p->role, "sender") ? visit_word(v, "sends", "afsender") : visit_word(v, "receives", "modtager");
    write_check(
        v, "claim",
        arena_printf(v->arena, "%.*s|%.*s|%.*s", STR_F(p->standard), STR_F(p->standard_version), STR_F(p->role)),
        arena_printf(v->arena, "%.*s %.*s, %s", STR_F(p->standard), STR_F(p->standard_version), role));
  }
  page_close(v);
}

static void write_capabilities(struct visit *v, const struct vendor *w) {
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, "Capabilities: what is ticked is true, all else false",
              "Egenskaber: det afkrydsede er sandt, alt andet falsk");
  for (size_t i = 0; i < w->capabilities.list.n; i++)
    write_check(v, "capability", w->capabilities.list.v[i].name, w->capabilities.list.v[i].name);
  page_close(v);
}

void systems_form(struct visit *v) {
  const struct vendor *w = example(v);
  if (!w) return;
  page_open(v, "section", "panel");
  page_say_in(v, "h2", NULL, "Fill in a form", "Udfyld en formular");
  form_open(v, false, "/systems/form");
  systems_organisation(v);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    form_input(v, fields[i].type, fields[i].name, STR(""), fields[i].en, fields[i].da);
  form_select(v, "kind", "How messages travel", "Hvordan meddelelser sendes");
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    form_option(v, str_z(kinds[i][0]), str_z(visit_word(v, kinds[i][1], kinds[i][2])), i == 0);
  form_select_end(v);
  form_input(v, "text", "address", STR(""), "Address that takes its messages (http or https; empty: it fetches)",
             "Adresse, der tager imod dets meddelelser (http eller https; tom: det henter)");
  form_area(v, "persons", STR(""), "Test persons in the system, one a line: CPR, given name, family name (empty: ours)",
            "Testpersoner i systemet, én pr. linje: CPR, fornavn, efternavn (tom: vores)");
  write_claims(v);
  write_capabilities(v, w);
  form_button(v, NULL, NULL, "main", "Write the file", "Skriv filen");
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
    put(b, "  - standard", standard);
    put(b, "    version", version);
    bool sends = str_eqz(rest, "sender");
    buf_printf(b, "    roles: [%s]\n", sends ? "sender" : "receiver");
  }
}

static void put_capabilities(struct visit *v, struct buf *b, const struct vendor *w) {
  const struct webform_field *f;
  buf_addz(b, "capabilities:\n");
  for (size_t i = 0; i < w->capabilities.list.n; i++) {
    struct str name = w->capabilities.list.v[i].name;
    bool on = false;
    for (size_t k = 0; (f = webform_nth(&v->form, "capability", k)); k++) on = on || str_eq(f->value, name);
    buf_printf(b, "  %.*s: %s\n", STR_F(name), on ? "true" : "false");
  }
}

static void put_example(struct visit *v, struct buf *b, const struct vendor *w, const char *what, size_t number,
                        const char *const *keys) {
  for (size_t i = 0; keys[2 * i]; i++)
    put(b, keys[2 * i], facts_get(&w->variables, arena_printf(v->arena, "%s.%zu.%s", what, number, keys[2 * i + 1]).p));
}

static void put_persons(struct visit *v, struct buf *b, const struct vendor *w) {
  static const char *const keys[] = {"  - cpr", "cpr", "    given", "given", "    family", "family", NULL};
  struct str rest = str_trim(webform_get(&v->form, "persons"));
  buf_addz(b, "persons:\n");
  for (size_t i = 1; !rest.n && i <= PARTIES; i++) put_example(v, b, w, "person", i, keys);
  while (rest.n) {
    struct str line = str_cut(&rest, '\n'), cpr = str_cut(&line, ','), given = str_cut(&line, ',');
    if (!str_trim(cpr).n) continue;
    put(b, "  - cpr", cpr), put(b, "    given", given), put(b, "    family", line);
  }
}

struct str systems_form_file(struct visit *v, struct str organisation) {
  static const char *const keys[] = {"  - gln", "gln", "    sor", "sor", "    name", "organisation", NULL};
  const struct vendor *w = example(v);
  const struct webform *f = &v->form;
  struct buf b;
  if (!w) return STR("");
  buf_init(&b, FILE_MAX);
  buf_addz(&b, "vendor:\n");
  put(&b, "  name", organisation), put(&b, "  contact", webform_get(f, "contact"));
  put(&b, "  email", webform_get(f, "email"));
  buf_addz(&b, "system:\n");
  put(&b, "  name", webform_get(f, "system")), put(&b, "  version", webform_get(f, "version"));
  put(&b, "  type", webform_get(f, "type"));
  put_claims(v, &b);
  put_capabilities(v, &b, w);
  buf_addz(&b, "organisation:\n");
  put(&b, "  gln", webform_get(f, "gln")), put(&b, "  sor", webform_get(f, "sor"));
  put(&b, "  name", webform_get(f, "organisation"));
  buf_addz(&b, "counterparts:\n");
  for (size_t i = 1; i <= PARTIES; i++) put_example(v, &b, w, "counterpart", i, keys);
  put_persons(v, &b, w);
  buf_addz(&b, "exchange:\n");
  put(&b, "  kind", webform_get(f, "kind")), put(&b, "  address", webform_get(f, "address"));
  return buf_take(&b, v->arena);
}
