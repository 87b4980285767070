#include "base/clock.h"
#include "base/utf8.h"
#include "envelope/sbdh_int.h"

#define XSI_NS "http://www.w3.org/2001/XMLSchema-instance"

/* More children than any type of the schemas has places for. */
#define PLACES_MAX 20
/* Of text that does not belong where it stands, this much is shown. */
#define SHOWN_MAX 40

/* Paths cost a walk over siblings: once findings are only counted, there are none. */
struct place sbdh_place(const struct sbdh_check *c, const struct node *n) {
  if (!n) return (struct place){.message = c->message};
  if (c->f->list.n >= FINDINGS_MAX) return (struct place){.message = c->message, .line = n->line, .col = n->col};
  return node_place(c->f->arena, c->message, n);
}

static bool is_hint(const struct node *a) {
  return str_eqz(a->ns, NODE_XMLNS) || str_eqz(a->ns, XSI_NS);
}

static bool is_known(const struct sbdh_attribute *list, const struct node *a) {
  for (; list && list->name; list++)
    if (a->ns.n == 0 && str_eqz(a->name, list->name)) return true;
  return false;
}

static void check_attributes(const struct sbdh_check *c, const struct node *n, const struct sbdh_attribute *list) {
  for (const struct node *a = n->attrs; a; a = a->next)
    if (!is_hint(a) && !is_known(list, a)) TELL(c, ATTRIBUTE_UNKNOWN, n, n->name, a->name);
  for (; list && list->name; list++)
    if (list->required && !node_attr(n, list->name)) TELL(c, ATTRIBUTE_MISSING, n, n->name, str_z(list->name));
}

static void check_blank(const struct sbdh_check *c, const struct node *n, struct str text) {
  struct str shown = str_trim(text);
  if (shown.n == 0) return;
  shown = str_sub(shown, 0, SHOWN_MAX);
  while (utf8_check(shown) != SIZE_MAX) shown.n--;
  TELL(c, ELEMENT_TEXT, n, n->name, shown);
}

static const struct sbdh_particle *particle_of(const struct sbdh_type *t, const struct node *parent,
                                               const struct node *child) {
  for (size_t i = 0; i < t->n; i++) {
    const struct sbdh_particle *p = &t->particles[i];
    if (str_eqz(child->name, p->name) && (p->any_ns || str_eq(child->ns, parent->ns))) return p;
  }
  return NULL;
}

/* "ReceiptException | GeneralException": the names that may fill a place. */
static struct str names_of_place(struct arena *a, const struct sbdh_type *t, unsigned place) {
  struct str names = {0};
  for (size_t i = 0; i < t->n; i++) {
    if (t->particles[i].place != place) continue;
    names = arena_printf(a, "%.*s%s%s", STR_F(names), names.n ? " | " : "", t->particles[i].name);
  }
  return names;
}

static void check_missing(const struct sbdh_check *c, const struct node *n, const struct sbdh_type *t,
                          const unsigned *counts) {
  for (size_t i = 0; i < t->n; i++) {
    const struct sbdh_particle *p = &t->particles[i];
    bool first = i == 0 || t->particles[i - 1].place != p->place;
    if (first && p->min && counts[p->place] == 0)
      TELL(c, ELEMENT_MISSING, n, n->name, names_of_place(c->f->arena, t, p->place));
  }
}

/* One child of a sequence; *reached is the furthest place so far. */
static void check_child(const struct sbdh_check *c, const struct node *n, const struct node *child,
                        const struct sbdh_type *t, unsigned *counts, unsigned *reached) {
  const struct sbdh_particle *p = particle_of(t, n, child);
  if (!p) {
    TELL(c, ELEMENT_UNKNOWN, child, child->name, n->name);
    return;
  }
  if (p->max == 0) {
    TELL(c, ELEMENT_FORBIDDEN, child, child->name, n->name);
    return;
  }
  if (++counts[p->place] > p->max)
    TELL(c, ELEMENT_REPEATED, child, child->name, n->name);
  else if (p->place < *reached)
    TELL(c, ELEMENT_ORDER, child, child->name, n->name);
  if (p->place > *reached) *reached = p->place;
  sbdh_check_element(c, child, p->type);
}

static void check_sequence(const struct sbdh_check *c, const struct node *n, const struct sbdh_type *t) {
  unsigned counts[PLACES_MAX] = {0}, reached = 0;
  check_blank(c, n, n->text);
  for (NODE_EACH(child, n)) {
    if (child->kind == NODE_ELEMENT)
      check_child(c, n, child, t, counts, &reached);
    else
      check_blank(c, n, child->text);
  }
  check_missing(c, n, t, counts);
}

static void check_value(const struct sbdh_check *c, const struct node *n, const struct sbdh_type *t) {
  bool elements = false;
  for (NODE_EACH(child, n)) {
    if (child->kind != NODE_ELEMENT) continue;
    elements = true;
    TELL(c, ELEMENT_UNKNOWN, child, child->name, n->name);
  }
  if (!elements && t->check) t->check(c, n);
}

/* Recursion ends with the schema: the deepest element stands six levels down. */
void sbdh_check_element(const struct sbdh_check *c, const struct node *n, const struct sbdh_type *t) {
  if (t->any) return;
  check_attributes(c, n, t->attributes);
  if (t->particles)
    check_sequence(c, n, t);
  else
    check_value(c, n, t);
}

void sbdh_check_text(const struct sbdh_check *c, const struct node *n) {
  if (str_trim(n->text).n == 0) TELL(c, ELEMENT_EMPTY, n, n->name);
}

/* White space around a date is no fault: xs:dateTime is collapsed. */
void sbdh_check_time(const struct sbdh_check *c, const struct node *n) {
  int64_t ms;
  bool zoned;
  if (!time_parse(str_trim(n->text), &ms, &zoned)) TELL(c, DATE_TIME, n, n->name, n->text);
}

static void check_fixed(const struct sbdh_check *c, const struct node *n, struct str wanted) {
  if (!str_eq(n->text, wanted)) TELL(c, FIXED, n, n->name, n->text, wanted);
}

static void check_header_version(const struct sbdh_check *c, const struct node *n) {
  check_fixed(c, n, STR("1.0"));
}

static void check_multiple_type(const struct sbdh_check *c, const struct node *n) {
  struct str s = str_trim(n->text);
  if (!str_eqz(s, "false") && !str_eqz(s, "0")) TELL(c, FIXED, n, n->name, n->text, STR("false"));
}

static const struct sbdh_attribute authority[] = {{"Authority", false}, {0}};
/* Required ones are the profile's. */
static const struct sbdh_attribute transaction[] = {{"TypeOfServiceTransaction", false},
                                                    {"IsNonRepudiationRequired", false},
                                                    {"IsAuthenticationRequired", false},
                                                    {"IsNonRepudiationOfReceiptRequired", false},
                                                    {"IsIntelligibleCheckRequired", false},
                                                    {"IsApplicationErrorResponseRequested", false},
                                                    {"TimeToAcknowledgeReceipt", false},
                                                    {"TimeToAcknowledgeAcceptance", false},
                                                    {"TimeToPerform", false},
                                                    {"Recurrence", false},
                                                    {0}};
static const struct sbdh_attribute binary[] = {{"mimeType", true}, {"encoding", false}, {0}};

static const struct sbdh_type text = {.check = sbdh_check_text};
static const struct sbdh_type date_time = {.check = sbdh_check_time};
static const struct sbdh_type header_version = {.check = check_header_version};
static const struct sbdh_type multiple_type = {.check = check_multiple_type};
static const struct sbdh_type participant = {.check = sbdh_check_text, .attributes = authority};
static const struct sbdh_type service_transaction = {.check = NULL, .attributes = transaction};
static const struct sbdh_type content = {.check = NULL, .attributes = binary}; /* decoded once, by the reader */

static const struct sbdh_particle partner_seq[] = {{"Identifier", 0, 1, 1, &participant, false},
                                                   {"ContactInformation", 1, 0, 0, NULL, false}};
static const struct sbdh_type partner = SBDH_SEQUENCE(partner_seq);
static const struct sbdh_particle identification_seq[] = {{"Standard", 0, 1, 1, &text, false},
                                                          {"TypeVersion", 1, 1, 1, &text, false},
                                                          {"InstanceIdentifier", 2, 1, 1, &text, false},
                                                          {"Type", 3, 1, 1, &text, false},
                                                          {"MultipleType", 4, 0, 1, &multiple_type, false},
                                                          {"CreationDateAndTime", 5, 1, 1, &date_time, false}};
static const struct sbdh_type identification = SBDH_SEQUENCE(identification_seq);
/* The schema demands ExpectedResponseDateTime, the text leaves it out of a response: the profile decides. */
static const struct sbdh_particle correlation_seq[] = {
    {"RequestingDocumentCreationDateTime", 0, 1, 1, &date_time, false},
    {"RequestingDocumentInstanceIdentifier", 1, 1, 1, &text, false},
    {"ExpectedResponseDateTime", 2, 0, 1, &date_time, false}};
static const struct sbdh_type correlation = SBDH_SEQUENCE(correlation_seq);
static const struct sbdh_particle service_seq[] = {{"BusinessServiceName", 0, 1, 1, &text, false},
                                                   {"ServiceTransaction", 1, 1, 1, &service_transaction, false}};
static const struct sbdh_type service = SBDH_SEQUENCE(service_seq);
static const struct sbdh_particle scope_seq[] = {{"Type", 0, 1, 1, &text, false},
                                                 {"InstanceIdentifier", 1, 1, 1, &text, false},
                                                 {"Identifier", 2, 1, 1, &text, false},
                                                 {"CorrelationInformation", 3, 0, SBDH_MANY, &correlation, false},
                                                 {"BusinessService", 3, 0, SBDH_MANY, &service, false}};
static const struct sbdh_type scope = SBDH_SEQUENCE(scope_seq);
static const struct sbdh_particle scopes_seq[] = {{"Scope", 0, 0, SBDH_MANY, &scope, false}};
static const struct sbdh_type scopes = SBDH_SEQUENCE(scopes_seq);
static const struct sbdh_particle header_seq[] = {{"HeaderVersion", 0, 1, 1, &header_version, false},
                                                  {"Sender", 1, 1, 1, &partner, false},
                                                  {"Receiver", 2, 1, 1, &partner, false},
                                                  {"DocumentIdentification", 3, 1, 1, &identification, false},
                                                  {"Manifest", 4, 0, 0, NULL, false},
                                                  {"BusinessScope", 5, 1, 1, &scopes, false}};
static const struct sbdh_type header = SBDH_SEQUENCE(header_seq);
/* EHMI's schema has BinaryContent in the namespace of the envelope, Peppol's in its own. */
static const struct sbdh_particle document_seq[] = {{"StandardBusinessDocumentHeader", 0, 1, 1, &header, false},
                                                    {"BinaryContent", 1, 1, 1, &content, true}};
static const struct sbdh_type document = SBDH_SEQUENCE(document_seq);

void sbdh_check_schema(const struct sbdh_check *c, const struct node *root) {
  if (!str_eqz(root->ns, SBDH_NS)) TELL(c, NAMESPACE, root, root->name, root->ns, STR(SBDH_NS));
  sbdh_check_element(c, root, &document);
}
