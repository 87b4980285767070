/* systems_int: the pages of systems: lists and files (systems_page.c), the form that writes a file (systems_form.c),
 * what is wrong with what was written into it (systems_check.c), and the capabilities that protocols ask for
 * (system_capabilities.c). All of it lies in the arena of the visit. */
#ifndef CONSOLE_SYSTEMS_INT_H
#define CONSOLE_SYSTEMS_INT_H

#include "console/capability_words.h"
#include "console/offers.h"
#include "console/systems.h"

/* ---- the form ---- */

/* A text field of the form. keys: its inputmode; wrong: what is said when fits says no. */
struct systems_field {
  const char *name, *keys, *en, *da;
  bool required;
  bool (*fits)(struct str value); /* NULL: any text */
  const char *wrong_en, *wrong_da;
};

enum { SYSTEMS_FIELDS_SYSTEM = 5, SYSTEMS_FIELDS = 9 }; /* those of the system come first, then its organisation's */
extern const struct systems_field systems_fields[SYSTEMS_FIELDS];

/* Ways that messages travel (exchange.kind) which the form offers: the kind, and what it is called. */
#define SYSTEMS_KINDS 4
extern const char *const systems_kinds[SYSTEMS_KINDS][3];

/* What is wrong in a field, in the visitor's language. */
struct systems_problem {
  const char *field;
  struct str label, text;
};

struct systems_problems {
  VEC(struct systems_problem) list;
};

/* A field for MedCom that says whose a new system is; nothing for a vendor. */
void systems_organisation(struct visit *v);
/* The form for a new system. problems: of the form of this visit, whose values stand in the fields again; NULL: an
 * empty form. */
void systems_form(struct visit *v, const struct systems_problems *problems);
/* What is wrong with the form of this visit, in the order of its fields. */
void systems_check(struct visit *v, const struct vendor *example, struct systems_problems *out);
/* A line of the test persons, "CPR, given name, family name", trimmed; a CPR number may have its hyphen. False: it is
 * not that. */
bool systems_person(struct str line, struct arena *a, struct str *cpr, struct str *given, struct str *family);
/* The vendor file that is there to be copied, with made-up organisations and persons; NULL if it cannot be read. */
const struct vendor *systems_example(struct visit *v);
/* The vendor file that the form of this visit comes to. */
struct str systems_form_file(struct visit *v, const struct vendor *example, struct str organisation);

/* How the system of this visit is connected, and the button for a test message (systems_connect.c). */
void systems_connection(struct visit *v, const struct vendor *w);

/* ---- capabilities ---- */

struct system_capability {
  struct str name;
  const struct capability_words *words; /* NULL: none */
  struct protocol_text section;         /* the first that asks for it */
  const struct offer *of;               /* its protocol */
  bool several;                         /* protocols of several standards do */
};

/* Those that some protocol asks for: first what several standards do, then by standard. Without "station-...", which
 * follow from what the file says under `ehmi`. Until the next call of offers_protocols. */
void system_capabilities(struct visit *v, struct system_capability **out, size_t *n);
/* What one means: its words, else the section that asks for it, else its name. */
struct str system_capability_text(const struct visit *v, const struct system_capability *c);
/* The standard of a protocol as people here call it: "Korrespondancemeddelelse". */
struct str system_standard(const struct visit *v, const struct offer *p);

#endif
