/* The printed protocol: its front page, and the order of its parts. */
#include "report/printed_int.h"

static struct str title_of(struct print *p) {
  struct str title = print_text(p, p->in->protocol->title);
  return title.n ? title : p->in->protocol->id;
}

static void put_standard(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  doc_facts(&p->d, WORD_STANDARD);
  doc_fact(&p->d, WORD_NAME_EN, NULL, protocol->standard);
  doc_fact(&p->d, WORD_NAME_DA, NULL, protocol->danish);
  doc_fact(&p->d, WORD_VERSION, NULL, protocol->standard_version);
  doc_fact(&p->d, WORD_TYPE, NULL, protocol->type);
  doc_fact(&p->d, WORD_ROLE, NULL, report_word_term(p->d.lang, protocol->role));
  doc_facts_end(&p->d);
}

static void put_versions(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  doc_facts(&p->d, WORD_VERSIONS);
  doc_fact(&p->d, WORD_PROTOCOL, NULL,
           arena_printf(p->d.a, "%.*s %.*s", STR_F(protocol->id), STR_F(protocol->version)));
  for (size_t i = 0; i < protocol->packages.n; i++) doc_fact(&p->d, WORD_PACKAGES, "mono", protocol->packages.v[i]);
  doc_fact(&p->d, WORD_PROGRAM, NULL, p->in->program);
  doc_fact(&p->d, WORD_PROTOCOL_DIGEST, "mono digest", protocol->digest);
  doc_facts_end(&p->d);
}

/* A row that stays when there is nothing in it: the vendor writes there. */
static void blank_fact(struct print *p, enum report_word name, struct str value) {
  html_open(&p->d.w, "div");
  doc_word_element(&p->d, "dt", NULL, name);
  doc_element(&p->d, "dd", "blank", value);
  doc_close(&p->d);
}

static void put_system(struct print *p) {
  static const struct printed_system nobody = {.vendor = {0}};
  const struct printed_system *s = p->in->system ? p->in->system : &nobody;
  doc_facts(&p->d, WORD_VENDOR_AND_SYSTEM);
  blank_fact(p, WORD_VENDOR, s->vendor);
  blank_fact(p, WORD_CONTACT, s->contact);
  blank_fact(p, WORD_EMAIL, s->email);
  blank_fact(p, WORD_SYSTEM, s->system);
  blank_fact(p, WORD_SYSTEM_VERSION, s->version);
  blank_fact(p, WORD_SYSTEM_TYPE, s->type);
  doc_facts_end(&p->d);
}

/* Each with a vendor file of its own, which this document does not know. */
static void put_parties(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  if (!protocol->parties.n) return;
  doc_facts(&p->d, WORD_OTHER_SYSTEMS_PRINTED);
  for (size_t i = 0; i < protocol->parties.n; i++) {
    html_open(&p->d.w, "div");
    doc_element(&p->d, "dt", NULL, print_party(p, protocol->parties.v[i].name));
    doc_element(&p->d, "dd", "blank", (struct str){0});
    doc_close(&p->d);
  }
  doc_facts_end(&p->d);
}

/* Their addresses are known when a run begins. */
static void put_services(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  if (!protocol->services.n) return;
  doc_facts(&p->d, WORD_SERVICES);
  for (size_t i = 0; i < protocol->services.n; i++) {
    html_open(&p->d.w, "div");
    doc_element(&p->d, "dt", NULL, print_text(p, protocol->services.v[i].title));
    doc_element(&p->d, "dd", "blank", (struct str){0});
    doc_close(&p->d);
  }
  doc_facts_end(&p->d);
}

static void put_decision(struct print *p) {
  static const struct record_decision nothing = {.approved = false};
  doc_section(&p->d, "medcom", WORD_BY_MEDCOM);
  doc_decision(&p->d, &nothing);
  doc_section_end(&p->d);
}

void print_front(struct print *p) {
  doc_open(&p->d, "section", "columns");
  html_attrz(&p->d.w, "aria-label", doc_word(&p->d, WORD_TEST_PROTOCOL));
  put_standard(p);
  put_system(p);
  put_versions(p);
  put_parties(p);
  put_services(p);
  doc_close(&p->d);
  put_decision(p);
}

static void put_header(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  html_open(&p->d.w, "header");
  doc_element(&p->d, "p", "kind",
              arena_printf(p->d.a, "%s \u00B7 %.*s", doc_word(&p->d, WORD_TEST_PROTOCOL),
                           STR_F(report_word_term(p->d.lang, protocol->role))));
  doc_element(&p->d, "h1", NULL, title_of(p));
  doc_element(&p->d, "p", "lead",
              arena_printf(p->d.a, "%.*s %.*s, %s %.*s", STR_F(protocol->standard), STR_F(protocol->standard_version),
                           doc_word(&p->d, WORD_TEST_PROTOCOL), STR_F(protocol->version)));
  doc_close(&p->d);
}

static void put_contents(struct print *p) {
  static const struct {
    const char *id;
    enum report_word word;
  } parts[] = {{"changes", WORD_CHANGES},
               {"introduction", WORD_INTRODUCTION},
               {"cases", WORD_USE_CASES},
               {"steps", WORD_TEST_STEPS}};
  html_open(&p->d.w, "nav");
  html_attrz(&p->d.w, "aria-label", doc_word(&p->d, WORD_CONTENTS));
  html_open(&p->d.w, "ul");
  for (size_t i = p->in->changes ? 0 : 1; i < sizeof parts / sizeof *parts; i++) {
    html_open(&p->d.w, "li");
    doc_link(&p->d, NULL, str_z(parts[i].id), str_z(doc_word(&p->d, parts[i].word)));
    doc_close(&p->d);
  }
  doc_close(&p->d);
  doc_close(&p->d);
}

static struct doc_page page_of(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  struct str name = arena_printf(p->d.a, "%.*s %.*s", STR_F(protocol->id), STR_F(protocol->version));
  struct str system =
      p->in->system ? arena_printf(p->d.a, "%.*s %.*s", STR_F(p->in->system->system), STR_F(p->in->system->version))
                    : (struct str){0};
  return (struct doc_page){.title = arena_printf(p->d.a, "%.*s \u2013 %.*s", STR_F(title_of(p)), STR_F(name)),
                           .top_left = name,
                           .top_right = system,
                           .bottom_left = arena_printf(p->d.a, "testcamp %.*s", STR_F(p->in->program))};
}

void printed_write(struct buf *out, const struct printed *in, enum report_lang lang) {
  struct print p = {.d = {.lang = lang, .a = arena_new(0)}, .in = in};
  html_init(&p.d.w, out);
  struct doc_page page = page_of(&p);
  doc_page_begin(&p.d, &page);
  put_header(&p);
  put_contents(&p);
  html_open(&p.d.w, "main");
  print_front(&p);
  print_changes(&p);
  print_introduction(&p);
  print_overview(&p);
  print_steps(&p);
  doc_close(&p.d);
  html_open(&p.d.w, "footer");
  doc_element(&p.d, "p", "small", print_fill(&p, WORD_PRINTED_BY, in->program, in->protocol->id));
  doc_close(&p.d);
  doc_page_end(&p.d);
  arena_free(p.d.a);
}
