/* Lines of value sets and code systems. */
#include "fhir/facts_node_int.h"

/* --- ValueSet --- */

static const struct field_reader value_set_fields[] = {
    {STR_INIT("version"), field_text, "version"},
    {STR_INIT("id"), field_ignored, "id"},
    {STR_INIT("name"), field_text, "name"},
    {STR_INIT("status"), field_text, "status"},
};

int reading_value_set(struct facts_reading *r, const struct package_item *item, struct str line) {
  reading_defaults(r, item, line);
  return READ_FIELDS(r, r->root, value_set_fields, line);
}

/* "+ system version" and "- system version" */
static int read_part(struct facts_reading *r, struct str line) {
  if (!r->holder) r->holder = reading_object(r, r->root, "compose");
  r->at = reading_listed_object(r, r->holder, line.p[0] == '+' ? "include" : "exclude");
  str_cut(&line, '\t');
  struct str system = str_cut(&line, '\t');
  if (system.n && reading_canonical(r, r->at, "system", system, 0)) return -1;
  if (line.n) reading_text(r, r->at, "version", line);
  return 0;
}

static int read_part_code(struct facts_reading *r, struct str line) {
  reading_text(r, reading_listed_object(r, r->at, "concept"), "code", str_sub(line, 1, line.n));
  return 0;
}

/* "? property op value" */
static int read_filter(struct facts_reading *r, struct str line) {
  struct node *f = reading_listed_object(r, r->at, "filter");
  str_cut(&line, '\t');
  reading_text(r, f, "property", str_cut(&line, '\t'));
  reading_text(r, f, "op", str_cut(&line, '\t'));
  reading_text(r, f, "value", line);
  return 0;
}

static int read_named_set(struct facts_reading *r, struct str line) {
  str_cut(&line, '\t');
  return reading_canonical(r, r->at, "valueSet", line, NODE_LISTED);
}

int reading_value_set_line(struct facts_reading *r, struct str line) {
  static const struct {
    char mark;
    bool inner;
    int (*read)(struct facts_reading *r, struct str line);
  } marks[] = {
      {'+', false, read_part},  {'-', false, read_part},     {'\t', true, read_part_code},
      {'?', true, read_filter}, {'@', true, read_named_set},
  };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (marks[i].mark == line.p[0])
      return marks[i].inner && !r->at ? reading_bad(r, "a line that belongs to no include", line)
                                      : marks[i].read(r, line);
  return reading_bad(r, "a line that value sets do not have", line);
}

/* --- CodeSystem --- */

static const struct field_reader code_system_fields[] = {
    {STR_INIT("version"), field_text, "version"},
    {STR_INIT("id"), field_ignored, "id"},
    {STR_INIT("name"), field_text, "name"},
    {STR_INIT("status"), field_text, "status"},
    {STR_INIT("case"), field_bool, "caseSensitive"},
    {STR_INIT("hierarchy"), field_text, "hierarchyMeaning"},
    {STR_INIT("valueset"), field_canonical, "valueSet"},
    {STR_INIT("supplements"), field_canonical, "supplements"},
};

int reading_code_system(struct facts_reading *r, const struct package_item *item, struct str line) {
  struct str content = str_cut(&line, '\t');
  reading_defaults(r, item, line);
  reading_text(r, r->root, "content", content);
  if (!str_eqz(reading_field_or(r, line, STR("case="), STR("true")), "false"))
    reading_put(r, r->root, "caseSensitive", NODE_BOOL, STR("true"));
  r->concepts[0] = r->root;
  return READ_FIELDS(r, r->root, code_system_fields, line);
}

/* "!": not selectable; "^code": subsumed by; else the name of a property and its value. */
static void read_property(struct facts_reading *r, struct node *concept, struct str value) {
  struct node *p = reading_listed_object(r, concept, "property");
  struct str key = STR("notSelectable");
  char mark = value.n ? value.p[0] : 0;
  if (mark == '!') value = STR("true");
  if (mark == '^') key = STR("subsumedBy"), value = str_sub(value, 1, value.n);
  if (mark != '!' && mark != '^') key = str_cut(&value, '=');
  reading_text(r, p, "code", key);
  reading_text(r, p, "valueCode", value);
}

/* A tab for each level, the code, and its properties. */
int reading_code_system_line(struct facts_reading *r, struct str line) {
  size_t depth = 0;
  while (depth < line.n && line.p[depth] == '\t') depth++;
  line = str_sub(line, depth, line.n);
  if (!depth || depth > FACTS_DEPTH_MAX || !r->concepts[depth - 1])
    return reading_bad(r, "a code that is not nested well", line);
  struct node *c = reading_listed_object(r, r->concepts[depth - 1], "concept");
  r->concepts[depth] = c;
  for (size_t i = depth + 1; i <= FACTS_DEPTH_MAX && r->concepts[i]; i++) r->concepts[i] = NULL;
  reading_text(r, c, "code", str_cut(&line, '\t'));
  while (line.n) read_property(r, c, str_cut(&line, '\t'));
  return 0;
}
