/* What is wrong with the form for a new system, field by field: a person is told at the place, in their language, where
 * the reader of vendor files would name a key of YAML. */
#include "console/systems_int.h"
#include "console/vendor_guard.h"
#include "standards/identifier.h"

#define QUOTED_MAX 60 /* of what was written, in a message */

static bool is_email(struct str s) {
  size_t at = str_find(s, STR("@"), 0);
  return at != SIZE_MAX && at > 0 && at + 1 < s.n && str_find(s, STR(" "), 0) == SIZE_MAX;
}

static bool is_sor(struct str s) {
  int64_t number;
  return str_int(s, &number) && number > 0;
}

const struct systems_field systems_fields[SYSTEMS_FIELDS] = {
    {"system", "text", "Name of the system", "Systemets navn", true, NULL, NULL, NULL},
    {"version", "text", "Version", "Version", true, NULL, NULL, NULL},
    {"type", "text", "Kind of system (EHR, GP system, ...)", "Systemtype (EPJ, lægesystem, ...)", true, NULL, NULL,
     NULL},
    {"contact", "text", "Contact", "Kontaktperson", false, NULL, NULL, NULL},
    {"email", "email", "E-mail", "E-mail", false, is_email, "This is no e-mail address.",
     "Det er ikke en e-mailadresse."},
    {"organisation", "text", "Name of the organisation", "Organisationens navn", true, NULL, NULL, NULL},
    {"gln", "numeric", "GLN", "Lokationsnummer (GLN)", true, gln_valid,
     "This is no GLN: 13 digits, of which the last is the check digit.",
     "Det er ikke et lokationsnummer (GLN): 13 cifre, hvoraf det sidste er kontrolciffer."},
    {"sor", "numeric", "SOR id", "SOR-id", true, is_sor, "This is no SOR id: digits only.",
     "Det er ikke et SOR-id: kun cifre."},
    {"yder", "numeric", "Ydernummer, of a general practice", "Ydernummer, for almen praksis", false, yder_valid,
     "This is no ydernummer: six digits.", "Det er ikke et ydernummer: seks cifre."}};

static void add(struct visit *v, struct systems_problems *out, const char *field, const char *label, struct str text) {
  struct systems_problem p = {field, str_z(label), text};
  VEC_PUSH(v->arena, &out->list, p);
}

static void check_field(struct visit *v, const struct systems_field *f, struct systems_problems *out) {
  struct str value = str_trim(webform_get(&v->form, f->name));
  const char *label = visit_word(v, f->en, f->da);
  if (!value.n && f->required)
    add(v, out, f->name, label, str_z(visit_word(v, "This is missing.", "Dette mangler.")));
  else if (value.n && f->fits && !f->fits(value))
    add(v, out, f->name, label, str_z(visit_word(v, f->wrong_en, f->wrong_da)));
}

/* testcamp plays these two. */
static void check_own_gln(struct visit *v, const struct vendor *example, struct systems_problems *out) {
  static const char *const played[] = {"counterpart.1.gln", "counterpart.2.gln"};
  struct str gln = str_trim(webform_get(&v->form, "gln"));
  for (size_t i = 0; i < sizeof played / sizeof *played; i++)
    if (gln.n && str_eq(gln, facts_get(&example->variables, played[i])))
      add(v, out, "gln", visit_word(v, "GLN", "Lokationsnummer (GLN)"),
          str_z(visit_word(v, "This is the GLN of an organisation that testcamp plays: use the system's own.",
                           "Det er lokationsnummeret (GLN) for en organisation, som testcamp spiller: brug systemets "
                           "eget.")));
}

static void check_address(struct visit *v, struct systems_problems *out) {
  struct str address = str_trim(webform_get(&v->form, "address"));
  const char *label = visit_word(v, "Address", "Adresse");
  struct error e;
  if (!address.n) return;
  if (!str_starts(address, STR("http://")) && !str_starts(address, STR("https://")))
    add(v, out, "address", label,
        str_z(visit_word(v, "An address begins with http:// or https://.",
                         "En adresse begynder med http:// eller https://.")));
  else if (vendor_guard_address(address, "address", str_z(v->console->options.listen), &e) < 0)
    add(v, out, "address", label,
        v->danish ? STR("Den adresse sendes der ikke til herfra: et almindeligt værtsnavn eller nummer, ikke en "
                        "link-local eller særlig adresse og ikke konsollens egen.")
                  : arena_printf(v->arena, "Nothing is sent there from here: %s.", e.text));
}

bool systems_person(struct str line, struct arena *a, struct str *cpr, struct str *given, struct str *family) {
  *cpr = str_trim(str_cut(&line, ',')), *given = str_trim(str_cut(&line, ',')), *family = str_trim(line);
  if (cpr->n == 11 && cpr->p[6] == '-')
    *cpr = arena_printf(a, "%.*s%.*s", STR_F(str_sub(*cpr, 0, 6)), STR_F(str_sub(*cpr, 7, 11)));
  return cpr_valid(*cpr) && given->n && family->n;
}

static struct str person_problem(struct visit *v, size_t number, struct str cpr, bool is_cpr) {
  struct str shown = str_sub(cpr, 0, cpr.n < QUOTED_MAX ? cpr.n : QUOTED_MAX);
  const char *form = visit_word(v, "Write CPR number, given name, family name, with commas between them.",
                                "Skriv CPR-nummer, fornavn, efternavn med komma imellem.");
  const char *line = visit_word(v, "Line", "Linje");
  if (!is_cpr)
    return arena_printf(v->arena, "%s %zu: \"%.*s\" %s %s", line, number, STR_F(shown),
                        visit_word(v, "is no CPR number (10 digits, of which the first six are a date).",
                                   "er ikke et CPR-nummer (10 cifre, hvoraf de første seks er en dato)."),
                        form);
  return arena_printf(v->arena, "%s %zu: %s %s", line, number,
                      visit_word(v, "a name is missing.", "der mangler et navn."), form);
}

/* The first line that is wrong: most often all are in the same way. */
static void check_persons(struct visit *v, struct systems_problems *out) {
  struct str rest = webform_get(&v->form, "persons"), cpr, given, family;
  for (size_t number = 1; rest.n; number++) {
    struct str line = str_trim(str_cut(&rest, '\n'));
    if (!line.n || systems_person(line, v->arena, &cpr, &given, &family)) continue;
    add(v, out, "persons", visit_word(v, "Test persons", "Testpersoner"),
        person_problem(v, number, cpr, cpr_valid(cpr)));
    return;
  }
}

void systems_check(struct visit *v, const struct vendor *example, struct systems_problems *out) {
  for (size_t i = 0; i < SYSTEMS_FIELDS; i++) check_field(v, &systems_fields[i], out);
  check_own_gln(v, example, out);
  check_address(v, out);
  check_persons(v, out);
}
