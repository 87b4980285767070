/* Numbers of people and places, wherever a message has them: which kind a number is says its qualifier (EDIFACT), the
 * element and the code beside it (OIOXML), or its system (FHIR). What is no such number is not looked at. */
#include "base/file.h"
#include "formats/edifact.h"
#include "standards/identifier.h"
#include "standards/identifier_rules.h"
#include "standards/persons.h"
#include "validate/validate_int.h"

/* Deeper than any format allows, so that a tree that is made to hurt does not. */
#define DEPTH_MAX 200

struct identifying {
  struct findings *f;
  struct str message;
  const struct node *interchange; /* NULL: it is no EDIFACT */
  struct persons *official;       /* NULL: not needed so far */
};

static struct place place_of(const struct identifying *j, const struct node *n) {
  return (struct place){.message = j->message, .line = n->line, .col = n->col};
}

/* Without a list to read none is official, and more is told, not less. */
static struct persons *official(struct arena *a) {
  struct persons *p = ARENA_NEW(a, struct persons);
  struct str list;
  struct error e;
  char *data;
  persons_init(p, a);
  if (file_data_dir(&data, a, &e) < 0) return p;
  const char *path = file_join(a, data, "fixtures/standards/test-persons.tsv");
  if (file_read(&list, a, path, PERSONS_BYTES_MAX, &e) < 0 || persons_read(p, list, str_z(path), &e) < 0)
    persons_init(p, a);
  return p;
}

/* MedCom's own test persons do not fit modulus 11: that tells nothing of the letter that has one. */
static bool is_test_person(struct identifying *j, enum identifier_kind kind, struct str number) {
  bool cpr = kind == IDENTIFIER_CPR || kind == IDENTIFIER_RELATIVE;
  if (!cpr || !cpr_valid(number) || cpr_modulus(number)) return false;
  if (!j->official) j->official = official(j->f->arena);
  return !persons_foreign(j->official, number);
}

/* A path costs a walk over siblings, and most numbers are right. */
static struct finding *judge_at(struct identifying *j, enum identifier_kind kind, const struct node *n) {
  if (is_test_person(j, kind, str_trim(n->text))) return NULL;
  struct finding *found = identifier_judge(j->f, kind, str_trim(n->text), place_of(j, n));
  if (found) found->where.path = node_path_for(j->f->arena, j->f, n);
  return found;
}

/* ---- EDIFACT ---- */

/* The component `value` of an element is such a number where another of its components is `code` and, if there is one,
 * a third is `agency` (legacy.md 3.3). */
struct qualified {
  const char *tag;
  size_t element, value;
  size_t code_at;
  const char *code;
  size_t agency_at;
  const char *agency;
  enum identifier_kind kind;
};

/* clang-format off */
#define ORGANISATION(tag, element)                                        \
  {tag, element, 1, 2, "SKS", 3, "SST", IDENTIFIER_SHAK},                 \
  {tag, element, 1, 2, "YNR", 3, "SFU", IDENTIFIER_YDER},                 \
  {tag, element, 1, 2, "",    3, "9",   IDENTIFIER_GLN},                  \
  {tag, element, 1, 2, "EAN", 3, "9",   IDENTIFIER_GLN},                  \
  {tag, element, 1, 2, "KOM", 3, "IM",  IDENTIFIER_MUNICIPALITY},         \
  {tag, element, 1, 2, "SOR", 3, "SST", IDENTIFIER_SOR}

static const struct qualified qualified[] = {
  {"UNB", 2, 1, 2, "14",  0, NULL,  IDENTIFIER_MAILBOX},
  {"UNB", 3, 1, 2, "14",  0, NULL,  IDENTIFIER_MAILBOX},
  {"UCI", 2, 1, 2, "14",  0, NULL,  IDENTIFIER_MAILBOX},
  {"UCI", 3, 1, 2, "14",  0, NULL,  IDENTIFIER_MAILBOX},
  ORGANISATION("NAD", 2),
  ORGANISATION("PNA", 3),
  {"PNA", 2, 1, 4, "CPR", 5, "IM",  IDENTIFIER_CPR},
  {"PNA", 2, 1, 2, "CPR", 0, NULL,  IDENTIFIER_CPR},
  {"PNA", 2, 4, 5, "CPR", 6, "SFU", IDENTIFIER_REPLACEMENT},
  {"RFF", 1, 2, 1, "LOC", 0, NULL,  IDENTIFIER_GLN},
  {"RFF", 1, 2, 1, "XPI", 0, NULL,  IDENTIFIER_REPLACEMENT},
};
/* clang-format on */
#define QUALIFIED_N (sizeof qualified / sizeof *qualified)

/* What a message of a system about itself has instead of a patient. */
#define SYSTEM_MESSAGE "SYSTEMPOST"

static bool is_qualified(const struct node *segment, const struct qualified *q) {
  if (!str_eqz(edifact_text(segment, q->element, q->code_at), q->code)) return false;
  return !q->agency || str_eqz(edifact_text(segment, q->element, q->agency_at), q->agency);
}

/* Only a VANS sends from a mailbox, and only its receipt CTL01 (legacy.md 3.1); what a receipt was said to answer is
 * taken over as it was. */
static bool may_be_mailbox(const struct identifying *j, const struct node *segment, size_t element) {
  if (str_eqz(segment->name, "UCI")) return true;
  const struct node *first = edifact_message(j->interchange);
  return element == 2 && first && str_eqz(edifact_text(first->first, 3, 1), "CTL01");
}

static enum identifier_kind kind_of(const struct identifying *j, const struct qualified *q,
                                    const struct node *segment) {
  if (q->kind == IDENTIFIER_MAILBOX) return may_be_mailbox(j, segment, q->element) ? q->kind : IDENTIFIER_GLN;
  bool patient = !str_eqz(segment->name, "PNA") || str_eqz(edifact_text(segment, 1, 1), "PAT");
  return q->kind == IDENTIFIER_CPR && !patient ? IDENTIFIER_RELATIVE : q->kind;
}

static void judge_segment(struct identifying *j, const struct node *segment) {
  for (size_t i = 0; i < QUALIFIED_N; i++) {
    const struct qualified *q = &qualified[i];
    if (!str_eqz(segment->name, q->tag) || !is_qualified(segment, q)) continue;
    const struct node *value = edifact_element(segment, q->element, q->value);
    if (value && !str_eqz(value->text, SYSTEM_MESSAGE)) judge_at(j, kind_of(j, q, segment), value);
  }
}

static void judge_groups(struct identifying *j, const struct node *n, int depth) {
  if (n->kind == NODE_SEGMENT) judge_segment(j, n);
  if (n->kind != NODE_GROUP || depth == DEPTH_MAX) return;
  for (NODE_EACH(c, n)) judge_groups(j, c, depth + 1);
}

/* ---- OIOXML ---- */

/* What an element is by its name and, if there is one, by a code in the element beside it. */
static const struct named {
  const char *name, *beside, *code;
  enum identifier_kind kind;
} named[] = {{"EANIdentifier", NULL, NULL, IDENTIFIER_GLN},
             {"Identifier", "IdentifierCode", "lokationsnummer", IDENTIFIER_GLN},
             {"Identifier", "IdentifierCode", "sygehusafdelingsnummer", IDENTIFIER_SHAK},
             {"Identifier", "IdentifierCode", "ydernummer", IDENTIFIER_YDER},
             {"Identifier", "IdentifierCode", "kommunenummer", IDENTIFIER_MUNICIPALITY},
             {"Identifier", "IdentifierCode", "sorkode", IDENTIFIER_SOR},
             {"CountyNumber", "CountyCode", "primaerkommunen", IDENTIFIER_MUNICIPALITY},
             {"CivilRegistrationNumber", NULL, NULL, IDENTIFIER_CPR},
             {"PersonIdentifier", NULL, NULL, IDENTIFIER_RELATIVE},
             {"AlternativeIdentifier", NULL, NULL, IDENTIFIER_REPLACEMENT}};
#define NAMED_N (sizeof named / sizeof *named)

/* A receipt of a VANS has the name of a mailbox where others have a location number. */
static enum identifier_kind kind_in(enum identifier_kind kind, const struct node *n) {
  bool original = str_eqz(n->parent->name, "OriginalSender") || str_eqz(n->parent->name, "OriginalReceiver");
  bool sender = str_eqz(n->parent->name, "Sender") && n->parent->parent &&
                str_eqz(n->parent->parent->name, "NegativeVansReceipt");
  return kind == IDENTIFIER_GLN && (original || sender) ? IDENTIFIER_MAILBOX : kind;
}

static void judge_element(struct identifying *j, const struct node *n) {
  for (size_t i = 0; i < NAMED_N && n->parent; i++) {
    const struct named *x = &named[i];
    if (!str_eqz(n->name, x->name)) continue;
    if (!x->beside)
      judge_at(j, kind_in(x->kind, n), n);
    else if (str_eqz(str_trim(node_text_at(n->parent, x->beside)), x->code))
      judge_at(j, x->kind, n);
  }
}

static void judge_elements(struct identifying *j, const struct node *n, int depth) {
  judge_element(j, n);
  if (depth == DEPTH_MAX) return;
  for (NODE_EACH(c, n)) judge_elements(j, c, depth + 1);
}

/* ---- FHIR ---- */

/* By Identifier.system. A CPR number, an X-eCPR and the form of a SOR id or location number are the profiles' to
 * judge; what they leave out is here. */
static const struct of_system {
  const char *system;
  enum identifier_kind kind;
  bool (*profiled)(struct str); /* false: the profiles say what is wrong with it */
} systems[] = {{GLN_SYSTEM, IDENTIFIER_GLN, gln_form},
               {GLN_OID, IDENTIFIER_GLN, gln_form},
               {SOR_OID, IDENTIFIER_SOR, sor_form},
               {"urn:oid:1.2.208.176.1.4", IDENTIFIER_YDER, NULL}};
#define SYSTEMS_N (sizeof systems / sizeof *systems)

/* Something is said of that value already, of its check digit say. */
static bool is_told(const struct identifying *j, const struct node *n) {
  for (size_t i = 0; i < j->f->list.n; i++) {
    const struct place *at = &j->f->list.v[i].where;
    if (at->line == n->line && at->col == n->col && str_eq(at->message, j->message)) return true;
  }
  return false;
}

/* MedCom's FHIR standards are judged by their profiles: what is told here besides is never an error. */
static void judge_mildly(struct identifying *j, enum identifier_kind kind, const struct node *value) {
  struct finding *found = is_told(j, value) ? NULL : judge_at(j, kind, value);
  if (found && found->severity > SEV_WARNING) found->severity = SEV_WARNING;
}

static void judge_system(struct identifying *j, const struct node *n) {
  struct finding *found = n ? identifier_judge_system(j->f, n->text, place_of(j, n)) : NULL;
  if (found) found->where.path = node_path_for(j->f->arena, j->f, n);
}

static void judge_identifier(struct identifying *j, const struct node *n) {
  struct str system = node_text_at(n, "system");
  const struct node *value = node_child(n, "value");
  judge_system(j, node_child(n, "system"));
  if (!value || !value->text.n) return;
  if (d_ecpr_region(system)) judge_mildly(j, IDENTIFIER_D_ECPR, value);
  for (size_t i = 0; i < SYSTEMS_N; i++)
    if (str_eqz(system, systems[i].system) && (!systems[i].profiled || systems[i].profiled(value->text)))
      judge_mildly(j, systems[i].kind, value);
}

static void judge_resource(struct identifying *j, const struct node *n, int depth) {
  if (str_eqz(n->name, "identifier")) judge_identifier(j, n);
  if (depth == DEPTH_MAX) return;
  for (NODE_EACH(c, n)) judge_resource(j, c, depth + 1);
}

void validate_identifiers(const struct message *m, struct findings *f) {
  struct identifying j = {.f = f, .message = m->payload.name, .interchange = m->interchange};
  if (m->interchange) judge_groups(&j, m->interchange, 0);
  if (m->letter) judge_elements(&j, m->letter, 0);
  if (m->resource) judge_resource(&j, m->resource, 0);
}
