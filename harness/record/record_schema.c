/* The record as a JSON Schema (draft 7), from the tables by which it is written, so that it cannot say another thing.
 */
#include "record/record_int.h"

#define SCHEMA_ID "urn:testcamp:record"

enum part_shape {
  PART_OBJECT,  /* by a definition */
  PART_LIST,    /* of them */
  PART_TEXTS,   /* a list of texts */
  PART_FACTS,   /* names and texts */
  PART_COUNTS,  /* severities and numbers */
  PART_TEXT,    /* one that no table has */
  PART_NUMBER,  /* a whole one */
  PART_BOOL,    /* always told */
  PART_SEVERITY /* its name */
};

/* A member that is no plain value of a table. */
struct part {
  const char *key;
  enum part_shape shape;
  const char *of; /* the name of the definition */
};

struct object {
  const char *name, *about;
  const struct field *fields; /* NULL: none */
  const struct part *parts;   /* ends with key NULL */
  const char *required;       /* "a|b": written even where they are empty */
};

static const struct part no_parts[] = {{0}};

static const struct part reason_parts[] = {
    {"depth", PART_NUMBER, NULL}, {"message", PART_TEXT, NULL}, {"line", PART_NUMBER, NULL}, {"col", PART_NUMBER, NULL},
    {"path", PART_TEXT, NULL},    {"en", PART_TEXT, NULL},      {"da", PART_TEXT, NULL},     {0}};

static const struct part place_parts[] = {{"message", PART_TEXT, NULL},
                                          {"line", PART_NUMBER, NULL},
                                          {"col", PART_NUMBER, NULL},
                                          {"path", PART_TEXT, NULL},
                                          {0}};

static const struct part finding_parts[] = {
    {"rule", PART_TEXT, NULL},       {"severity", PART_SEVERITY, NULL}, {"message", PART_TEXT, NULL},
    {"line", PART_NUMBER, NULL},     {"col", PART_NUMBER, NULL},        {"path", PART_TEXT, NULL},
    {"other", PART_OBJECT, "place"}, {"en", PART_TEXT, NULL},           {"da", PART_TEXT, NULL},
    {"source", PART_TEXT, NULL},     {"profile", PART_TEXT, NULL},      {"element", PART_TEXT, NULL},
    {"found", PART_TEXT, NULL},      {"expression", PART_TEXT, NULL},   {"constraint", PART_TEXT, NULL},
    {"issue", PART_TEXT, NULL},      {"origin", PART_TEXT, NULL},       {"reasons", PART_LIST, "reason"},
    {"again", PART_TEXT, NULL},      {"explain", PART_TEXT, NULL},      {0}};

static const struct part evidence_parts[] = {{"bytes64", PART_TEXT, NULL}, {0}};

static const struct part attempt_parts[] = {{"exchanges", PART_TEXTS, NULL},
                                            {"evidence", PART_LIST, "evidence"},
                                            {"findings", PART_LIST, "finding"},
                                            {"dropped", PART_COUNTS, NULL},
                                            {0}};

static const struct part step_parts[] = {{"again", PART_TEXT, NULL},
                                         {"verifies", PART_TEXTS, NULL},
                                         {"exchanges", PART_TEXTS, NULL},
                                         {"evidence", PART_LIST, "evidence"},
                                         {"assessments", PART_LIST, "assessment"},
                                         {"revisions", PART_LIST, "revision"},
                                         {"attempts", PART_LIST, "attempt"},
                                         {"disputes", PART_LIST, "dispute"},
                                         {"findings", PART_LIST, "finding"},
                                         {"dropped", PART_COUNTS, NULL},
                                         {0}};

static const struct part case_parts[] = {{"steps", PART_LIST, "step"}, {0}};

static const struct part exchange_parts[] = {
    {"size", PART_NUMBER, NULL},    {"facts", PART_FACTS, NULL},    {"findings", PART_LIST, "finding"},
    {"dropped", PART_COUNTS, NULL}, {"bytes", PART_TEXT, NULL},     {"bytes64", PART_TEXT, NULL},
    {"payload", PART_TEXT, NULL},   {"payload64", PART_TEXT, NULL}, {0}};

static const struct part block_parts[] = {{"why", PART_TEXT, NULL},  {"case", PART_TEXT, NULL},
                                          {"step", PART_TEXT, NULL}, {"en", PART_TEXT, NULL},
                                          {"da", PART_TEXT, NULL},   {0}};

static const struct part text_parts[] = {{"en", PART_TEXT, NULL}, {"da", PART_TEXT, NULL}, {0}};

static const struct part record_parts[] = {{"version", PART_NUMBER, NULL},
                                           {"decision", PART_OBJECT, "decision"},
                                           {"certifiable", PART_BOOL, NULL},
                                           {"blocks", PART_LIST, "block"},
                                           {"parties", PART_LIST, "party"},
                                           {"services", PART_LIST, "service"},
                                           {"capabilities", PART_FACTS, NULL},
                                           {"parameters", PART_LIST, "parameter"},
                                           {"packages", PART_TEXTS, NULL},
                                           {"standards", PART_LIST, "standards"},
                                           {"findings", PART_LIST, "finding"},
                                           {"dropped", PART_COUNTS, NULL},
                                           {"issues", PART_LIST, "issue"},
                                           {"fidelity", PART_LIST, "fidelity"},
                                           {"cases", PART_LIST, "case"},
                                           {"exchanges", PART_LIST, "exchange"},
                                           {0}};

/* The first is the whole. */
static const struct object objects[] = {
    {"record",
     "A run as testcamp reports it. What is empty is left out. Times are milliseconds since 1970-01-01T00:00:00Z, "
     "digests SHA-256 in hexadecimal digits.",
     record_fields, record_parts, "version|verdict|certifiable|blocks|parameters|standards|cases|exchanges"},
    {"text", "A text in English and Danish.", NULL, text_parts, NULL},
    {"decision", "What MedCom decided of the course of this live test.", decision_fields, no_parts, "at"},
    {"block", "What keeps the run, or a case or step of it, from a certification.", NULL, block_parts, "why|en|da"},
    {"party", "Another system that took part.", party_fields, no_parts, "name"},
    {"service", "A service that testcamp played.", service_fields, no_parts, "name"},
    {"parameter", "A value that the protocol leaves open, and where it came from.", parameter_fields, no_parts, "name"},
    {"standards", "The definitions that messages were judged by, from a time on.", standards_fields, no_parts, NULL},
    {"issue", "A finding that is agreed upon, as the run was told of it.", issue_fields, no_parts, "id"},
    {"fidelity", "What testcamp does of the standard as it is published, and what not.", fidelity_fields, no_parts,
     "is|text"},
    {"case", "A use case of the protocol.", case_fields, case_parts, "id|verdict|steps"},
    {"step", "A test step; again: the command that plays it once more.", step_fields, step_parts, "id|verdict"},
    {"attempt", "One time that a step was played.", attempt_fields, attempt_parts, "number|verdict"},
    {"evidence", "A file that was shown; of a picture its bytes.", evidence_fields, evidence_parts, NULL},
    {"assessment", "MedCom's word on a step; the last one stands.", assessment_fields, no_parts, "assessment"},
    {"revision", "A verdict that a person put in the place of another.", revision_fields, no_parts, "verdict|was"},
    {"dispute", "A finding that the vendor contests, and MedCom's answer.", dispute_fields, no_parts, "finding"},
    {"exchange",
     "A message, as on the wire (bytes) and without its envelope (payload); in base64 where it is no UTF-8.",
     exchange_fields, exchange_parts, "id|size"},
    {"finding",
     "What was found, where, by which rule; again and explain: the commands that find it again and explain it.", NULL,
     finding_parts, "rule|severity"},
    {"place", "A place in a message; line and column count from 1.", NULL, place_parts, NULL},
    {"reason", "Why a candidate did not do; depth: below the one before it.", NULL, reason_parts, NULL}};

static void put_ref(struct json_writer *w, const char *key, const char *of) {
  struct arena *a = arena_new(0);
  json_begin_object(w, key);
  json_put_str(w, "$ref", arena_printf(a, "#/definitions/%s", of));
  json_end(w);
  arena_free(a);
}

static void put_type(struct json_writer *w, const char *key, const char *type) {
  json_begin_object(w, key);
  json_put_z(w, "type", type);
  json_end(w);
}

static void put_words(struct json_writer *w, const char *key, const char *(*name)(int), int n) {
  json_begin_object(w, key);
  json_begin_array(w, "enum");
  for (int i = 0; i < n; i++)
    if (name(i)[0]) json_put_z(w, NULL, name(i));
  json_end(w);
  json_end(w);
}

static const char *verdict_at(int i) {
  return verdict_name((enum verdict)i);
}

static const char *assessment_at(int i) {
  return assessment_name((enum assessment)i);
}

static const char *severity_at(int i) {
  return severity_name((enum severity)i);
}

static void put_field(struct json_writer *w, const struct field *f) {
  switch (f->kind) {
  case FIELD_STR:
    put_type(w, f->key, "string");
    break;
  case FIELD_TEXT:
    put_ref(w, f->key, "text");
    break;
  case FIELD_TIME:
    put_type(w, f->key, "integer");
    break;
  case FIELD_BOOL:
    put_type(w, f->key, "boolean");
    break;
  case FIELD_VERDICT:
    put_words(w, f->key, verdict_at, VERDICTS);
    break;
  case FIELD_ASSESSMENT:
    put_words(w, f->key, assessment_at, ASSESSMENTS);
    break;
  }
}

static void put_list(struct json_writer *w, const struct part *p) {
  json_begin_object(w, p->key);
  json_put_z(w, "type", "array");
  if (p->shape == PART_LIST)
    put_ref(w, "items", p->of);
  else
    put_type(w, "items", "string");
  json_end(w);
}

static void put_names(struct json_writer *w, const struct part *p) {
  json_begin_object(w, p->key);
  json_put_z(w, "type", "object");
  put_type(w, "additionalProperties", p->shape == PART_COUNTS ? "integer" : "string");
  json_end(w);
}

static void put_part(struct json_writer *w, const struct part *p) {
  static const char *const types[] = {[PART_TEXT] = "string", [PART_NUMBER] = "integer", [PART_BOOL] = "boolean"};
  if (p->shape == PART_OBJECT)
    put_ref(w, p->key, p->of);
  else if (p->shape == PART_LIST || p->shape == PART_TEXTS)
    put_list(w, p);
  else if (p->shape == PART_FACTS || p->shape == PART_COUNTS)
    put_names(w, p);
  else if (p->shape == PART_SEVERITY)
    put_words(w, p->key, severity_at, FINDING_SEVERITIES);
  else
    put_type(w, p->key, types[p->shape]);
}

static void put_members(struct json_writer *w, const struct object *o) {
  json_put_z(w, "description", o->about);
  json_put_z(w, "type", "object");
  json_begin_object(w, "properties");
  for (const struct field *f = o->fields; f && f->key; f++) put_field(w, f);
  for (const struct part *p = o->parts; p->key; p++) put_part(w, p);
  json_end(w);
  json_put_bool(w, "additionalProperties", false);
  if (!o->required) return;
  struct str rest = str_z(o->required);
  json_begin_array(w, "required");
  while (rest.n) json_put_str(w, NULL, str_cut(&rest, '|'));
  json_end(w);
}

void record_schema(struct buf *out) {
  struct json_writer w;
  struct arena *a = arena_new(0);
  json_writer_init(&w, out, 2);
  json_begin_object(&w, NULL);
  json_put_z(&w, "$schema", "http://json-schema.org/draft-07/schema#");
  json_put_z(&w, "$id", SCHEMA_ID);
  json_put_str(&w, "title", arena_printf(a, "A record of testcamp, version %d", RECORD_VERSION));
  put_members(&w, &objects[0]);
  json_begin_object(&w, "definitions");
  for (size_t i = 1; i < sizeof objects / sizeof *objects; i++) {
    json_begin_object(&w, objects[i].name);
    put_members(&w, &objects[i]);
    json_end(&w);
  }
  json_end(&w);
  json_end(&w);
  buf_byte(out, '\n');
  arena_free(a);
}
