/* Texts of a protocol before any run: what is known is filled in, what is not is named in words. */
#include "protocol/fill.h"
#include "report/printed_int.h"

static const struct {
  const char *name;
  enum report_word word;
} families[] = {{"vendor", WORD_OWN_ORGANISATION}, {"counterpart", WORD_COUNTERPART}, {"person", WORD_PERSON}},
  fields[] = {{"gln", WORD_GLN}, {"sor", WORD_SOR},     {"organisation", WORD_ORGANISATION},
              {"cpr", WORD_CPR}, {"given", WORD_GIVEN}, {"family", WORD_FAMILY}};

static struct str family_word(struct print *p, struct str name) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (str_eqz(name, families[i].name)) return str_z(doc_word(&p->d, families[i].word));
  return print_party(p, name);
}

static const char *field_word(const struct print *p, struct str name) {
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    if (str_eqz(name, fields[i].name)) return doc_word(&p->d, fields[i].word);
  return NULL;
}

/* "service.eds.address" in words; empty: it is none. */
static struct str service_in_words(struct print *p, struct str name) {
  struct str field = name;
  if (!str_eqz(str_cut(&field, '.'), "service")) return (struct str){0};
  const struct protocol_service *s = protocol_service(p->in->protocol, str_cut(&field, '.'));
  if (!s || !str_eqz(field, "address")) return (struct str){0};
  return arena_printf(p->d.a, "[%.*s: %s]", STR_F(print_text(p, s->title)), doc_word(&p->d, WORD_ADDRESS));
}

/* "person.2.cpr" in words; what has none stands as it is written. */
static struct str in_words(struct print *p, struct str name) {
  struct str rest = name, head = str_cut(&rest, '.'), number = STR("1"), field = rest;
  int64_t n;
  if (str_index(rest, '.') != SIZE_MAX) {
    field = rest;
    number = str_cut(&field, '.');
  }
  struct str family = family_word(p, head);
  const char *word = field_word(p, field);
  bool is_one = str_eqz(head, "vendor") || protocol_party(p->in->protocol, head);
  if (!family.n || !word || !str_int(number, &n)) return arena_printf(p->d.a, "[%.*s]", STR_F(name));
  if (is_one) return arena_printf(p->d.a, "[%.*s: %s]", STR_F(family), word);
  return arena_printf(p->d.a, "[%.*s %.*s: %s]", STR_F(family), STR_F(number), word);
}

static struct str value_of(void *payload, struct str name) {
  struct print *p = payload;
  const struct protocol *protocol = p->in->protocol;
  for (size_t i = 0; i < protocol->parameters.n; i++)
    if (str_eq(protocol->parameters.v[i].name, name)) return protocol->parameters.v[i].value;
  struct str given = p->in->system ? facts_get(p->in->system->variables, arena_z(p->d.a, name)) : (struct str){0};
  if (!given.n) given = service_in_words(p, name);
  return given.n ? given : in_words(p, name);
}

struct str print_text(struct print *p, struct protocol_text t) {
  return fill_text(p->d.a, report_text((struct text){t.en, t.da}, p->d.lang), value_of, p);
}

struct str print_variable(struct print *p, const char *family, size_t number, const char *field) {
  if (!p->in->system) return (struct str){0};
  struct str name = number == 1 ? arena_printf(p->d.a, "%s.%s", family, field)
                                : arena_printf(p->d.a, "%s.%zu.%s", family, number, field);
  return facts_get(p->in->system->variables, name.p);
}

struct str print_fill(struct print *p, enum report_word w, struct str one, struct str two) {
  return report_word_fill(p->d.a, p->d.lang, w, one, two);
}

/* What the vendor declared of a capability; empty: nothing, or there is no vendor file. */
static struct str declared(const struct print *p, struct str name) {
  return p->in->system ? facts_get(p->in->system->capabilities, arena_z(p->d.a, name)) : (struct str){0};
}

static struct str capability_of(struct str when) {
  return str_starts(when, STR("!")) ? str_sub(when, 1, when.n) : when;
}

bool print_applies(const struct print *p, struct str when) {
  struct str value = declared(p, capability_of(when));
  return !value.n || str_eqz(value, str_starts(when, STR("!")) ? "false" : "true");
}

static struct str undeclared(struct print *p, struct str when) {
  struct str name = capability_of(when);
  return print_fill(p, name.n == when.n ? WORD_ONLY_WITH : WORD_ONLY_WITHOUT, name, (struct str){0});
}

struct str print_condition(struct print *p, struct str when) {
  struct str name = capability_of(when), value = declared(p, name);
  if (!when.n) return (struct str){0};
  if (!value.n) return undeclared(p, when);
  if (print_applies(p, when)) return (struct str){0};
  struct str why = print_fill(p, WORD_WHY_CAPABILITY, name, report_word_term(p->d.lang, value));
  return arena_printf(p->d.a, "%s (%.*s)", report_word_verdict(p->d.lang, VERDICT_NOT_APPLICABLE), STR_F(why));
}

struct str print_step_condition(struct print *p, const struct step *s) {
  return s->party.n && s->when.n ? undeclared(p, s->when) : print_condition(p, s->when);
}

struct str print_party(struct print *p, struct str name) {
  const struct protocol_party *party = name.n ? protocol_party(p->in->protocol, name) : NULL;
  const struct protocol_service *service = protocol_service(p->in->protocol, name);
  if (service) return print_text(p, service->title);
  return party ? print_text(p, party->title) : (struct str){0};
}

void print_note(struct print *p, enum report_word w) {
  doc_word_element(&p->d, "p", NULL, w);
}

void print_row(struct print *p, const char *cls) {
  doc_open(&p->d, "tr", cls);
  html_attrz(&p->d.w, "role", "row");
}
