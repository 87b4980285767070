#include "cli/coverage_print.h"

#include "base/utf8.h"

#include <string.h>

#define TITLE_WIDTH 44
#define STEPS_SHOWN 12 /* of a requirement, in text and Markdown; tsv has all */

/* The protocol that a step is of. */
static const struct protocol *protocol_of(const struct coverage *c, const struct step *s) {
  for (size_t i = 0; i < c->protocols.n; i++)
    for (size_t k = 0; k < c->protocols.v[i].protocol->cases.n; k++)
      if (c->protocols.v[i].protocol->cases.v[k] == s->in) return c->protocols.v[i].protocol;
  return NULL;
}

static const char *by_whom(bool machine) {
  return machine ? "machine" : "person";
}

static const char *pick(bool danish, const char *en, const char *da) {
  return danish ? da : en;
}

/* "protocol 3.1.1, 3.1.2; other 3.4.1": the protocol is told where it changes. */
static void add_steps(struct buf *out, const struct coverage *c, const struct coverage_requirement *r, bool danish) {
  const struct protocol *last = NULL;
  size_t shown = r->steps.n < STEPS_SHOWN ? r->steps.n : STEPS_SHOWN;
  for (size_t i = 0; i < shown; i++) {
    const struct protocol *p = protocol_of(c, r->steps.v[i]);
    if (i) buf_addz(out, p == last ? ", " : "; ");
    if (p != last) buf_printf(out, "%.*s ", STR_F(p->id));
    buf_add(out, r->steps.v[i]->id);
    last = p;
  }
  if (shown < r->steps.n) buf_printf(out, danish ? " og %zu til" : " and %zu more", r->steps.n - shown);
}

/* What a note is about: "CareCommunication, Acknowledgement", or ids of protocols. */
static void add_about(struct buf *out, const struct fidelity_note *n) {
  const struct fidelity_names *both[] = {&n->standards, &n->protocols};
  size_t told = 0;
  for (size_t k = 0; k < sizeof both / sizeof *both; k++)
    for (size_t i = 0; i < both[k]->list.n; i++) {
      bool all = str_eqz(both[k]->list.v[i], "*");
      buf_printf(out, "%s%.*s", told++ ? ", " : "", STR_F(all ? STR("all") : both[k]->list.v[i]));
    }
}

/* --- text --------------------------------------------------------------------------- */

static struct str cut_title(struct str title) {
  size_t at = 0;
  for (size_t n = 0; at < title.n && n < TITLE_WIDTH; n++) {
    uint32_t cp;
    size_t len = utf8_decode(title, at, &cp);
    at += len ? len : 1;
  }
  return str_sub(title, 0, at);
}

static void text_count(struct buf *out, struct str id, struct str title, const struct coverage_count *n) {
  struct str shown = cut_title(title);
  buf_printf(out, "  %-8.*s %.*s%*s", STR_F(id), STR_F(shown), (int)(TITLE_WIDTH - utf8_length(shown)), "");
  buf_printf(out, " %8zu %8zu %8zu   %6zu %8zu %8zu\n", n->numbers, n->numbers_machine, n->numbers - n->numbers_machine,
             n->steps, n->steps_machine, n->steps - n->steps_machine);
}

static void text_protocol(struct buf *out, const struct coverage_protocol *cp, bool danish) {
  const struct protocol *p = cp->protocol;
  buf_printf(out, "%.*s %.*s  %.*s %.*s, %.*s\n", STR_F(p->id), STR_F(p->version), STR_F(p->standard),
             STR_F(p->standard_version), STR_F(p->role));
  const char *machine = pick(danish, "machine", "maskine"), *persons = pick(danish, "persons", "personer");
  buf_printf(out, "  %-8s %-*s %8s %8s %8s   %6s %8s %8s\n", pick(danish, "section", "afsnit"), TITLE_WIDTH, "",
             pick(danish, "numbers", "numre"), machine, persons, "steps", machine, persons);
  for (size_t i = 0; i < cp->cases.n; i++) {
    const struct protocol_text *title = &cp->cases.v[i].in->title;
    text_count(out, cp->cases.v[i].in->id, danish ? title->da : title->en, &cp->cases.v[i].count);
  }
  text_count(out, str_z(pick(danish, "total", "i alt")), STR(""), &cp->total);
  buf_byte(out, '\n');
}

static void text_notes(struct buf *out, const struct fidelity_notes *notes, bool danish) {
  static const char *const words[FIDELITIES] = {[FIDELITY_AS_PUBLISHED] = "offentliggjort",
                                                [FIDELITY_SIMPLIFIED] = "forenklet",
                                                [FIDELITY_DIFFERS] = "afviger",
                                                [FIDELITY_NOT_SHOWN] = "ikke vist"};
  buf_printf(out, "%zu %s\n", notes->list.n,
             pick(danish, "notes on how testcamp plays it", "noter om, hvordan testcamp spiller det"));
  for (size_t i = 0; i < notes->list.n; i++) {
    const struct fidelity_note *n = &notes->list.v[i];
    buf_printf(out, "  %-*s  %.*s\n", danish ? 14 : 12, pick(danish, fidelity_name(n->is), words[n->is]),
               STR_F(danish ? n->da : n->en));
  }
}

static void text_totals(struct buf *out, const struct coverage *c, bool danish) {
  if (c->protocols.n < 2) return;
  buf_printf(out, "%s %zu %s\n", pick(danish, "all", "alle"), c->protocols.n,
             pick(danish, "protocols", "testprotokoller"));
  text_count(out, str_z(pick(danish, "total", "i alt")), STR(""), &c->total);
  buf_byte(out, '\n');
}

static void text_unverified(struct buf *out, const struct coverage *c, bool danish) {
  buf_printf(out, "%zu %s\n", c->unverified.n, pick(danish, "never verified", "aldrig eftervist"));
  for (size_t i = 0; i < c->unverified.n; i++) {
    const struct coverage_unverified *u = &c->unverified.v[i];
    buf_printf(out, "  %.*s%s%.*s  %.*s\n", STR_F(u->standard), u->standard.n ? " " : "", STR_F(u->id),
               STR_F(u->where));
  }
}

static void print_text(struct buf *out, const struct coverage *c, const struct fidelity_notes *notes, bool danish) {
  for (size_t i = 0; i < c->protocols.n; i++) text_protocol(out, &c->protocols.v[i], danish);
  text_totals(out, c, danish);
  buf_printf(out, "%zu %s\n", c->requirements.n, pick(danish, "requirements", "krav"));
  for (size_t i = 0; i < c->requirements.n; i++) {
    const struct coverage_requirement *r = &c->requirements.v[i];
    buf_printf(out, "  %.*s %.*s  %s  ", STR_F(r->standard), STR_F(r->id),
               pick(danish && r->machine, by_whom(r->machine), "maskine"));
    add_steps(out, c, r, danish);
    buf_byte(out, '\n');
  }
  text_unverified(out, c, danish);
  text_notes(out, notes, danish);
}

/* --- markdown ------------------------------------------------------------------------ */

static void add_cell(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '|') buf_byte(out, '\\');
    buf_byte(out, s.p[i] == '\n' ? ' ' : s.p[i]);
  }
}

static void markdown_count(struct buf *out, const struct coverage_count *n) {
  buf_printf(out, " | %zu | %zu | %zu | %zu | %zu | %zu |\n", n->numbers, n->numbers_machine,
             n->numbers - n->numbers_machine, n->steps, n->steps_machine, n->steps - n->steps_machine);
}

static void markdown_summary(struct buf *out, const struct coverage *c) {
  buf_addz(out,
           "| protocol | numbers | machine | persons | steps | machine | persons |\n|---|--:|--:|--:|--:|--:|--:|\n");
  for (size_t i = 0; i < c->protocols.n; i++) {
    buf_printf(out, "| %.*s", STR_F(c->protocols.v[i].protocol->id));
    markdown_count(out, &c->protocols.v[i].total);
  }
  buf_addz(out, "| **all**");
  markdown_count(out, &c->total);
}

static void markdown_protocol(struct buf *out, const struct coverage_protocol *cp) {
  buf_printf(out, "\n## %.*s\n\n", STR_F(cp->protocol->id));
  buf_addz(
      out,
      "| section | | numbers | machine | persons | steps | machine | persons |\n|---|---|--:|--:|--:|--:|--:|--:|\n");
  for (size_t i = 0; i < cp->cases.n; i++) {
    buf_printf(out, "| %.*s | ", STR_F(cp->cases.v[i].in->id));
    add_cell(out, cp->cases.v[i].in->title.en);
    markdown_count(out, &cp->cases.v[i].count);
  }
  buf_addz(out, "| **total** |");
  markdown_count(out, &cp->total);
}

static void markdown_requirements(struct buf *out, const struct coverage *c) {
  buf_printf(out, "\n## Requirements\n\n%zu requirements that steps say they verify.\n\n", c->requirements.n);
  buf_addz(out, "| standard | requirement | by | steps |\n|---|---|---|---|\n");
  for (size_t i = 0; i < c->requirements.n; i++) {
    const struct coverage_requirement *r = &c->requirements.v[i];
    buf_printf(out, "| %.*s | %.*s | %s | ", STR_F(r->standard), STR_F(r->id), by_whom(r->machine));
    add_steps(out, c, r, false);
    buf_addz(out, " |\n");
  }
}

static void markdown_unverified(struct buf *out, const struct coverage *c) {
  buf_addz(out, "\n## Never verified\n\n");
  if (!c->unverified.n) buf_addz(out, "Nothing.\n");
  if (c->unverified.n) buf_addz(out, "| standard | requirement | named in |\n|---|---|---|\n");
  for (size_t i = 0; i < c->unverified.n; i++) {
    const struct coverage_unverified *u = &c->unverified.v[i];
    buf_printf(out, "| %.*s | %.*s | %.*s |\n", STR_F(u->standard), STR_F(u->id), STR_F(u->where));
  }
}

static void markdown_notes(struct buf *out, const struct fidelity_notes *notes) {
  buf_addz(out,
           "\n## How testcamp plays the standards\n\nWhat is as it is published, and what is simpler, other, or not "
           "shown: `fixtures/standards/fidelity.yaml`, which the report of every run has, too.\n\n"
           "| | what | of |\n|---|---|---|\n");
  for (size_t i = 0; i < notes->list.n; i++) {
    const struct fidelity_note *n = &notes->list.v[i];
    buf_printf(out, "| %s | ", fidelity_name(n->is));
    add_cell(out, n->en);
    buf_addz(out, " | ");
    add_about(out, n);
    buf_addz(out, " |\n");
  }
}

static void print_markdown(struct buf *out, const struct coverage *c, const struct fidelity_notes *notes, bool danish) {
  (void)danish;
  buf_addz(out, "# What the protocols cover\n\n"
                "Steps of the protocols, by machine and by persons, and the requirements that they verify. This page "
                "is made by\n\n"
                "    build/testcamp coverage --format markdown > docs/coverage.md\n\n"
                "and held by the test `e2e_coverage`.\n\n"
                "- *numbers*: the step numbers of MedCom's tables. One is covered by *machine* if its step, or one of "
                "those under it (3.3.4.5+1), "
                "is judged by the test tool; by *persons* if they alone answer for it.\n"
                "- *steps*: all steps of the protocol; those that are repeated count each time.\n"
                "- *requirement*: an id that a step names in `verifies`. Never verified are the use cases that a "
                "section names in front of its title "
                "and no step verifies, and what is named only in fragments that no protocol calls. What profiles "
                "demand is not listed: each "
                "`validate` at level profile judges all of it.\n\n");
  markdown_summary(out, c);
  for (size_t i = 0; i < c->protocols.n; i++) markdown_protocol(out, &c->protocols.v[i]);
  markdown_requirements(out, c);
  markdown_unverified(out, c);
  markdown_notes(out, notes);
}

/* --- tsv ----------------------------------------------------------------------------- */

static void tsv_steps(struct buf *out, const struct protocol *p) {
  for (size_t i = 0; i < p->cases.n; i++)
    for (size_t k = 0; k < p->cases.v[i]->steps.n; k++) {
      const struct step *s = p->cases.v[i]->steps.v[k];
      buf_printf(out, "step\t%.*s\t%.*s\t%.*s\t%.*s\t%s\t%s\n", STR_F(p->id), STR_F(s->in->id), STR_F(s->number),
                 STR_F(s->id), s->kind->word, by_whom(!step_is_by_person(s)));
    }
}

static void tsv_count(struct buf *out, const struct coverage_count *n) {
  buf_printf(out, "\t%zu\t%zu\t%zu\t%zu\n", n->numbers, n->numbers_machine, n->steps, n->steps_machine);
}

static void tsv_counts(struct buf *out, const struct coverage_protocol *cp) {
  const struct protocol *p = cp->protocol;
  buf_printf(out, "protocol\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s", STR_F(p->id), STR_F(p->version), STR_F(p->standard),
             STR_F(p->standard_version), STR_F(p->role));
  tsv_count(out, &cp->total);
  for (size_t i = 0; i < cp->cases.n; i++) {
    const struct protocol_case *in = cp->cases.v[i].in;
    buf_printf(out, "section\t%.*s\t%.*s\t%.*s\t%.*s", STR_F(p->id), STR_F(in->id), STR_F(in->title.en),
               STR_F(in->title.da));
    tsv_count(out, &cp->cases.v[i].count);
  }
}

static void print_tsv(struct buf *out, const struct coverage *c, const struct fidelity_notes *notes, bool danish) {
  (void)danish;
  for (size_t i = 0; i < c->protocols.n; i++) tsv_counts(out, &c->protocols.v[i]);
  for (size_t i = 0; i < c->protocols.n; i++) tsv_steps(out, c->protocols.v[i].protocol);
  for (size_t i = 0; i < c->requirements.n; i++) {
    const struct coverage_requirement *r = &c->requirements.v[i];
    for (size_t k = 0; k < r->steps.n; k++)
      buf_printf(out, "requirement\t%.*s\t%.*s\t%.*s\t%.*s\t%s\n", STR_F(r->standard), STR_F(r->id),
                 STR_F(protocol_of(c, r->steps.v[k])->id), STR_F(r->steps.v[k]->id),
                 by_whom(!step_is_by_person(r->steps.v[k])));
  }
  for (size_t i = 0; i < c->unverified.n; i++)
    buf_printf(out, "unverified\t%.*s\t%.*s\t%.*s\n", STR_F(c->unverified.v[i].standard), STR_F(c->unverified.v[i].id),
               STR_F(c->unverified.v[i].where));
  for (size_t i = 0; i < notes->list.n; i++) {
    buf_printf(out, "fidelity\t%s\t", fidelity_name(notes->list.v[i].is));
    add_about(out, &notes->list.v[i]);
    buf_printf(out, "\t%.*s\t%.*s\n", STR_F(notes->list.v[i].en), STR_F(notes->list.v[i].da));
  }
}

static const struct coverage_format formats[] = {
    {"text", print_text}, {"markdown", print_markdown}, {"tsv", print_tsv}};

const struct coverage_format *coverage_format_named(const char *name) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
    if (!strcmp(name, formats[i].name)) return &formats[i];
  return NULL;
}
