#include "base/utf8.h"
#include "envelope/interchange_int.h"
#include "formats/edifact.h"

#define ELEMENTS_MAX 12
#define COMPONENTS_MAX 5

struct component {
  const char *id; /* the data element's number; NULL: no more components */
  bool mandatory;
  size_t max;
  const char *en, *da;
};

/* An element of several components is missing as a whole, or component by component. */
struct element {
  struct component whole; /* of an element of one component: that */
  struct component parts[COMPONENTS_MAX];
};

struct service {
  const char *tag;
  size_t n;
  struct element elements[ELEMENTS_MAX];
};

#define QUALIFIER                                                                                                      \
  { "0007", true, 4, "qualifier of the address", "adressens kvalifikator" }
#define ROUTING                                                                                                        \
  { "0008", false, 14, "internal address", "intern adresse" }

/* ISO 9735 version 3, annex B; what MedCom writes always is mandatory here (legacy.md 3.1). */
static const struct service services[] = {
    {"UNB",
     11,
     {{{"S001", true, 0, "syntax identifier", "syntaksidentifikation"},
       {{"0001", true, 4, "syntax identifier", "syntaksidentifikation"},
        {"0002", true, 1, "syntax version", "syntaksversion"}}},
      {{"S002", true, 0, "sender", "afsender"}, {{"0004", true, 35, "sender", "afsender"}, QUALIFIER, ROUTING}},
      {{"S003", true, 0, "receiver", "modtager"}, {{"0010", true, 35, "receiver", "modtager"}, QUALIFIER, ROUTING}},
      {{"S004", true, 0, "date and time", "dato og klokkeslæt"},
       {{"0017", true, 6, "date", "dato"}, {"0019", true, 4, "time", "klokkeslæt"}}},
      {{"0020", true, INTERCHANGE_REFERENCE_MAX, "interchange reference", "kuvertens reference"}, {{0}}},
      {{"S005", false, 0, "receiver's reference", "modtagers reference"},
       {{"0022", false, 14, "receiver's reference", "modtagers reference"},
        {"0025", false, 2, "qualifier of the receiver's reference", "kvalifikator for modtagers reference"}}},
      {{"0026", false, 14, "application reference", "applikationsreference"}, {{0}}},
      {{"0029", false, 1, "priority", "prioritet"}, {{0}}},
      {{"0031", false, 1, "request for a receipt", "ønske om kvittering"}, {{0}}},
      {{"0032", false, 35, "agreement", "aftale"}, {{0}}},
      {{"0035", false, 1, "test indicator", "testindikator"}, {{0}}}}},
    {"UNH",
     4,
     {{{"0062", true, INTERCHANGE_REFERENCE_MAX, "message reference", "meddelelsens reference"}, {{0}}},
      {{"S009", true, 0, "message identifier", "meddelelsens identifikation"},
       {{"0065", true, 6, "message type", "meddelelsestype"},
        {"0052", true, 3, "version of the message type", "meddelelsestypens version"},
        {"0054", true, 3, "release of the message type", "meddelelsestypens udgave"},
        {"0051", true, 2, "controlling agency", "ansvarlig organisation"},
        {"0057", true, 6, "MedCom's version", "MedComs version"}}},
      {{"0068", false, 35, "MedCom's type", "MedComs type"}, {{0}}},
      {{"S010", false, 0, "status of the transfer", "overførslens status"},
       {{"0070", false, 2, "number of the transfer", "overførslens nummer"},
        {"0073", false, 1, "first or last transfer", "første eller sidste overførsel"}}}}},
    {"UNT",
     2,
     {{{"0074", true, 10, "number of segments", "antal segmenter"}, {{0}}},
      {{"0062", true, INTERCHANGE_REFERENCE_MAX, "message reference", "meddelelsens reference"}, {{0}}}}},
    {"UNZ",
     2,
     {{{"0036", true, 6, "number of messages", "antal meddelelser"}, {{0}}},
      {{"0020", true, INTERCHANGE_REFERENCE_MAX, "interchange reference", "kuvertens reference"}, {{0}}}}},
    {"UNP",
     2,
     {{{"0810", true, 18, "number of octets", "antal oktetter"}, {{0}}},
      {{"0800", true, 35, "number of the object", "objektets nummer"}, {{0}}}}},
};

static bool is_empty(const struct node *n) {
  if (!n) return true;
  if (n->text.n) return false;
  for (NODE_EACH(c, n))
    if (c->text.n) return false;
  return true;
}

static struct said named(struct arena *a, const struct component *c) {
  return (struct said){arena_printf(a, "%s (%s)", c->id, c->en), arena_printf(a, "%s (%s)", c->id, c->da)};
}

/* A segment that lacks something is its place; the path says where it should be. */
static void missing(const struct interchange_judge *j, const struct node *segment, size_t e, size_t c,
                    const struct component *x) {
  struct place where = interchange_place(j, segment);
  struct arena *a = j->f->arena;
  if (where.path.n && c)
    where.path = arena_printf(a, "%.*s/%zu.%zu", STR_F(where.path), e, c);
  else if (where.path.n)
    where.path = arena_printf(a, "%.*s/%zu", STR_F(where.path), e);
  struct said args[] = {said_same(segment->name), named(a, x)};
  findings_add_said(j->f, &interchange_rule_table[INTERCHANGE_ELEMENT_MISSING], where, 2, args);
}

static void check_length(const struct interchange_judge *j, const struct node *n, const struct component *x) {
  size_t length = utf8_length(n->text);
  struct arena *a = j->f->arena;
  if (length <= x->max) return;
  struct said args[] = {named(a, x), said_same(arena_printf(a, "%zu", length)),
                        said_same(arena_printf(a, "%zu", x->max))};
  findings_add_said(j->f, &interchange_rule_table[INTERCHANGE_ELEMENT_LENGTH], interchange_place(j, n), 3, args);
}

static void extra(const struct interchange_judge *j, const struct node *segment, const struct node *n) {
  if (is_empty(n)) return;
  struct str text = n->kind == NODE_ARRAY ? n->first->text : n->text;
  INTERCHANGE_TELL(j, ELEMENT_EXTRA, n, segment->name, text);
}

static void check_component(const struct interchange_judge *j, const struct node *segment, size_t e, size_t c,
                            const struct component *x) {
  const struct node *n = edifact_element(segment, e, c ? c : 1);
  if (!is_empty(n))
    check_length(j, n, x);
  else if (x->mandatory)
    missing(j, segment, e, c, x);
}

static void check_extra_components(const struct interchange_judge *j, const struct node *segment,
                                   const struct node *element, size_t known) {
  size_t i = 0;
  if (element && element->kind == NODE_ARRAY)
    for (NODE_EACH(c, element))
      if (++i > known) extra(j, segment, c);
}

static void check_element(const struct interchange_judge *j, const struct node *segment, size_t e,
                          const struct element *x) {
  const struct node *n = edifact_element(segment, e, 0);
  size_t known = 0;
  if (is_empty(n)) {
    if (x->whole.mandatory) missing(j, segment, e, 0, &x->whole);
    return;
  }
  while (known < COMPONENTS_MAX && x->parts[known].id) known++;
  for (size_t c = 0; c < known; c++) check_component(j, segment, e, c + 1, &x->parts[c]);
  if (!known) check_component(j, segment, e, 0, &x->whole);
  check_extra_components(j, segment, n, known ? known : 1);
}

void interchange_check_segment(const struct interchange_judge *j, const struct node *segment) {
  const struct service *s = services;
  while (s < services + sizeof services / sizeof *services && !str_eqz(segment->name, s->tag)) s++;
  if (s == services + sizeof services / sizeof *services) return;
  for (size_t e = 0; e < s->n; e++) check_element(j, segment, e + 1, &s->elements[e]);
  size_t i = 0;
  for (NODE_EACH(n, segment))
    if (++i > s->n) extra(j, segment, n);
}

/* ---- what MedCom fixes in UNB ---- */

static bool digits_in(struct str s, size_t n) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n == n;
}

static int two(struct str s, size_t at) {
  return 10 * (s.p[at] - '0') + s.p[at + 1] - '0';
}

bool interchange_is_date(struct str s) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (!digits_in(s, 6)) return false;
  int yy = two(s, 0), month = two(s, 2), day = two(s, 4);
  int year = yy + (yy <= EDIFACT_YEAR_PIVOT ? 2000 : 1900);
  if (month < 1 || month > 12) return false;
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

bool interchange_is_time(struct str s) {
  return digits_in(s, 4) && two(s, 0) < 24 && two(s, 2) < 60;
}

static void check_charset(const struct interchange_judge *j, const struct node *unb) {
  static const enum interchange_rule rules[] = {
      [EDIFACT_CHARSET_OTHER] = INTERCHANGE_CHARSET_OTHER, [EDIFACT_CHARSET_UNREAD] = INTERCHANGE_CHARSET_UNREAD};
  const struct node *n = edifact_element(unb, 1, 1), *version = edifact_element(unb, 1, 2);
  if (!is_empty(version) && !str_eqz(version->text, "3")) INTERCHANGE_TELL(j, SYNTAX_VERSION, version, version->text);
  if (is_empty(n)) return;
  const struct edifact_charset *set = edifact_charset_named(n->text);
  if (set && set->use == EDIFACT_CHARSET_MEDCOM) return;
  enum interchange_rule rule = set ? rules[set->use] : INTERCHANGE_CHARSET;
  FINDING(j->f, &interchange_rule_table[rule], interchange_place(j, n), n->text);
}

static void check_address(const struct interchange_judge *j, const struct node *unb, size_t e) {
  const struct node *n = edifact_element(unb, e, 2);
  if (!is_empty(n) && !str_eqz(n->text, "14")) INTERCHANGE_TELL(j, QUALIFIER, n, n->text);
}

static void check_time(const struct interchange_judge *j, const struct node *unb) {
  const struct node *date = edifact_element(unb, 4, 1), *time = edifact_element(unb, 4, 2);
  if (!is_empty(date) && !interchange_is_date(date->text)) INTERCHANGE_TELL(j, UNB_TIME, date, date->text);
  if (!is_empty(time) && !interchange_is_time(time->text)) INTERCHANGE_TELL(j, UNB_TIME, time, time->text);
}

void interchange_check_unb(const struct interchange_judge *j, const struct node *unb) {
  const struct node *ack = edifact_element(unb, 9, 1);
  interchange_check_segment(j, unb);
  check_charset(j, unb);
  check_address(j, unb, 2);
  check_address(j, unb, 3);
  check_time(j, unb);
  if (!is_empty(ack) && !str_eqz(ack->text, "0") && !str_eqz(ack->text, "1"))
    INTERCHANGE_TELL(j, UNB_ACK, ack, ack->text);
}
