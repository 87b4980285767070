#include "protocol/schema.h"

#include <string.h>

/* Scalars of YAML keep their literal here, and editors take 5.0 for a number: any scalar is a text. */
static void put_scalar_types(struct json_writer *w) {
  json_begin_array(w, "type");
  json_put_z(w, NULL, "string");
  json_put_z(w, NULL, "number");
  json_put_z(w, NULL, "boolean");
  json_end(w);
}

/* In a repeat or a fragment the word may be a name that is put in: ${form}. */
static void put_choices(struct json_writer *w, const char *one_of) {
  struct str rest = str_z(one_of);
  json_begin_array(w, "anyOf");
  json_begin_object(w, NULL);
  json_begin_array(w, "enum");
  while (rest.n) json_put_str(w, NULL, str_cut(&rest, '|'));
  json_end(w);
  json_end(w);
  json_begin_object(w, NULL);
  json_put_z(w, "type", "string");
  json_put_z(w, "pattern", "\\$\\{");
  json_end(w);
  json_end(w);
}

static void put_text(struct json_writer *w, const struct key *k) {
  if (k->one_of)
    put_choices(w, k->one_of);
  else
    put_scalar_types(w);
}

/* An item of a list with choices may be a word of the step language, too: only its kind is told. */
static void put_list(struct json_writer *w, const struct key *k) {
  (void)k;
  json_begin_array(w, "type");
  json_put_z(w, NULL, "array");
  json_put_z(w, NULL, "string");
  json_put_z(w, NULL, "number");
  json_end(w);
}

static void put_text2(struct json_writer *w, const struct key *k) {
  static const struct key both[] = {{"en", KEY_TEXT, true, NULL}, {"da", KEY_TEXT, true, NULL}, {0}};
  (void)k;
  schema_put_members(w, both, NULL);
}

static void put_bool(struct json_writer *w, const struct key *k) {
  (void)k;
  json_put_z(w, "type", "boolean");
}

static void put_int(struct json_writer *w, const struct key *k) {
  (void)k;
  json_begin_array(w, "type");
  json_put_z(w, NULL, "integer");
  json_put_z(w, NULL, "string");
  json_end(w);
}

static void put_map(struct json_writer *w, const struct key *k) {
  (void)k;
  json_put_z(w, "type", "object");
}

static void put_any(struct json_writer *w, const struct key *k) {
  (void)w;
  (void)k;
}

static void (*const writers[])(struct json_writer *w, const struct key *k) = {
    [KEY_TEXT] = put_text,     [KEY_TEXT2] = put_text2,   [KEY_BOOL] = put_bool, [KEY_INT] = put_int,
    [KEY_LIST] = put_list,     [KEY_DURATION] = put_text, [KEY_MAP] = put_map,   [KEY_NODE] = put_any,
    [KEY_FHIRPATH] = put_text, [KEY_XPATH] = put_text};

static void put_held(struct json_writer *w, const struct schema_part *p) {
  if (p->ref)
    json_put_z(w, "$ref", p->ref);
  else
    schema_put_members(w, p->table, p->parts);
}

static void put_part(struct json_writer *w, const struct schema_part *p) {
  static const char *const inside[] = {[SCHEMA_LIST] = "items", [SCHEMA_NAMED] = "additionalProperties"};
  static const char *const types[] = {[SCHEMA_LIST] = "array", [SCHEMA_NAMED] = "object"};
  if (p->shape == SCHEMA_OBJECT) {
    put_held(w, p);
    return;
  }
  json_put_z(w, "type", types[p->shape]);
  json_begin_object(w, inside[p->shape]);
  put_held(w, p);
  json_end(w);
}

static void put_property(struct json_writer *w, const struct key *k, const struct schema_part *parts) {
  json_begin_object(w, k->name);
  for (; parts && parts->key; parts++)
    if (!strcmp(parts->key, k->name)) break;
  if (parts && parts->key)
    put_part(w, parts);
  else
    writers[k->kind](w, k);
  json_end(w);
}

void schema_put_members(struct json_writer *w, const struct key *table, const struct schema_part *parts) {
  bool required = false;
  json_put_z(w, "type", "object");
  json_begin_object(w, "properties");
  for (const struct key *k = table; k->name; k++) {
    put_property(w, k, parts);
    required = required || k->required;
  }
  json_end(w);
  if (required) json_begin_array(w, "required");
  for (const struct key *k = table; k->name; k++)
    if (k->required) json_put_z(w, NULL, k->name);
  if (required) json_end(w);
  json_put_bool(w, "additionalProperties", false);
}

void schema_put_object(struct json_writer *w, const char *name, const struct key *table,
                       const struct schema_part *parts) {
  json_begin_object(w, name);
  schema_put_members(w, table, parts);
  json_end(w);
}

void schema_begin(struct json_writer *w, const char *title) {
  json_begin_object(w, NULL);
  json_put_z(w, "$schema", "http://json-schema.org/draft-07/schema#");
  json_put_z(w, "title", title);
}

void schema_end(struct json_writer *w) {
  json_end(w);
  buf_byte(w->out, '\n');
}
