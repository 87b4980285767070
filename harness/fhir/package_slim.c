/* slim: one pass over the JSON of a definition that drops what nothing here uses.
 *
 * A definition is two thirds prose. What stays is exactly what stood there, so that the strict reader (formats/json.h)
 * judges it later; this pass only has to find the ends of things. Where it meets what it does not understand, it gives
 * up, and the definition is kept whole. */
#include <string.h>

#include "fhir/package_int.h"
#include "formats/json.h"

/* What the object being copied is. */
enum where { DROP, ROOT, HOLDER, ELEMENT, CONSTRAINT, CONCEPT, OTHER };

struct rule_of_member {
  enum where in;
  struct str key;
  enum where to;
};

static const struct rule_of_member rules[] = {
    {ROOT, STR_INIT("snapshot"), HOLDER},
    {ROOT, STR_INIT("differential"), HOLDER},
    {ROOT, STR_INIT("concept"), CONCEPT},
    {ROOT, STR_INIT("text"), DROP},
    {ROOT, STR_INIT("description"), DROP},
    {ROOT, STR_INIT("_description"), DROP},
    {ROOT, STR_INIT("purpose"), DROP},
    {ROOT, STR_INIT("copyright"), DROP},
    {ROOT, STR_INIT("publisher"), DROP},
    {ROOT, STR_INIT("contact"), DROP},
    {ROOT, STR_INIT("jurisdiction"), DROP},
    {ROOT, STR_INIT("useContext"), DROP},
    {ROOT, STR_INIT("mapping"), DROP},
    {HOLDER, STR_INIT("element"), ELEMENT},
    {ELEMENT, STR_INIT("constraint"), CONSTRAINT},
    {ELEMENT, STR_INIT("definition"), DROP},
    {ELEMENT, STR_INIT("_definition"), DROP},
    {ELEMENT, STR_INIT("short"), DROP},
    {ELEMENT, STR_INIT("_short"), DROP},
    {ELEMENT, STR_INIT("comment"), DROP},
    {ELEMENT, STR_INIT("_comment"), DROP},
    {ELEMENT, STR_INIT("requirements"), DROP},
    {ELEMENT, STR_INIT("_requirements"), DROP},
    {ELEMENT, STR_INIT("alias"), DROP},
    {ELEMENT, STR_INIT("mapping"), DROP},
    {ELEMENT, STR_INIT("example"), DROP},
    {ELEMENT, STR_INIT("label"), DROP},
    {ELEMENT, STR_INIT("code"), DROP},
    {ELEMENT, STR_INIT("condition"), DROP},
    {ELEMENT, STR_INIT("isSummary"), DROP},
    {ELEMENT, STR_INIT("isModifierReason"), DROP},
    {ELEMENT, STR_INIT("meaningWhenMissing"), DROP},
    {ELEMENT, STR_INIT("orderMeaning"), DROP},
    {CONSTRAINT, STR_INIT("xpath"), DROP},
    {CONSTRAINT, STR_INIT("requirements"), DROP},
    {CONCEPT, STR_INIT("concept"), CONCEPT},
    {CONCEPT, STR_INIT("definition"), DROP},
    {CONCEPT, STR_INIT("_definition"), DROP},
};

/* Resources that are definitions we look up. */
static const struct str types[] = {STR_INIT("StructureDefinition"), STR_INIT("ValueSet"), STR_INIT("CodeSystem"),
                                   STR_INIT("ConceptMap"), STR_INIT("MessageDefinition")};

bool slim_wants(struct str type) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (str_eq(type, types[i])) return true;
  return false;
}

bool slim_misspelt(struct str type, struct str *meant) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (!str_eq_nocase(type, types[i]) || str_eq(type, types[i])) continue;
    *meant = types[i];
    return true;
  }
  return false;
}

struct slim {
  struct str in;
  size_t at;
  char *out;
  size_t n;
  bool keep; /* false while passing over what is dropped */
  int depth;
  struct slim_head *head;
  struct arena *a;
  bool unwanted;
};

static int peek(struct slim *s) {
  while (s->at < s->in.n) {
    char c = s->in.p[s->at];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return (unsigned char)c;
    s->at++;
  }
  return -1;
}

static void put(struct slim *s, size_t from, size_t to) {
  if (s->keep) memcpy(s->out + s->n, s->in.p + from, to - from);
  if (s->keep) s->n += to - from;
}

static int put_one(struct slim *s) {
  put(s, s->at, s->at + 1);
  s->at++;
  return 0;
}

static void put_char(struct slim *s, char c) {
  if (s->keep) s->out[s->n++] = c;
}

/* Moves past the string at `at`; *raw is what stands between its quotes. */
static int pass_string(struct slim *s, struct str *raw) {
  size_t from = s->at + 1, i = from;
  for (;;) {
    const char *end = i < s->in.n ? memchr(s->in.p + i, '"', s->in.n - i) : NULL;
    if (!end) return -1;
    size_t quote = (size_t)(end - s->in.p), slashes = 0;
    while (quote - slashes > from && s->in.p[quote - slashes - 1] == '\\') slashes++;
    i = quote + 1;
    if (slashes % 2 == 0) break;
  }
  *raw = str_sub(s->in, from, i - 1);
  s->at = i;
  return 0;
}

static int copy_string(struct slim *s) {
  struct str raw;
  size_t from = s->at;
  if (pass_string(s, &raw)) return -1;
  put(s, from, s->at);
  return 0;
}

static bool is_scalar(int c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

/* A number or word; what follows must be an end, or two of them would grow together. */
static int copy_scalar(struct slim *s) {
  size_t from = s->at;
  while (s->at < s->in.n && is_scalar((unsigned char)s->in.p[s->at])) s->at++;
  struct str text = str_sub(s->in, from, s->at);
  bool word = str_eqz(text, "true") || str_eqz(text, "false") || str_eqz(text, "null");
  if (!text.n || (text.p[0] >= 'a' && !word)) return -1;
  put(s, from, s->at);
  int c = peek(s);
  return c == ',' || c == '}' || c == ']' ? 0 : -1;
}

/* Any value as it stands, without blanks. */
static int copy_value(struct slim *s) {
  size_t depth = 0;
  do {
    int c = peek(s), rc = 0;
    if (c == '{' || c == '[') {
      depth++;
      put_one(s);
    } else if (c == '}' || c == ']') {
      if (!depth) return -1;
      depth--;
      put_one(s);
    } else if (c == ',' || c == ':') {
      rc = depth ? put_one(s) : -1;
    } else {
      rc = c == '"' ? copy_string(s) : copy_scalar(s);
    }
    if (rc) return -1;
  } while (depth);
  return 0;
}

static enum where where_of(enum where in, struct str key) {
  for (size_t i = 0; in != OTHER && i < sizeof rules / sizeof *rules; i++)
    if (rules[i].in == in && str_eq(rules[i].key, key)) return rules[i].to;
  return OTHER;
}

/* The text of a string that has escapes. */
static struct str unescape(struct slim *s, struct str quoted) {
  struct node *n;
  struct findings f;
  findings_init(&f, s->a);
  return json_read(&n, s->a, (struct source){.bytes = quoted}, &f) ? (struct str){0} : n->text;
}

static struct str *head_member(struct slim_head *h, struct str key) {
  const struct {
    const char *key;
    struct str *to;
  } members[] = {
      {"resourceType", &h->type},       {"url", &h->url}, {"version", &h->version}, {"id", &h->id},
      {"supplements", &h->supplements},
  };
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    if (str_eqz(key, members[i].key)) return members[i].to;
  return NULL;
}

/* Remembers what the index needs of a member at the root; its value is next. */
static int note_head(struct slim *s, struct str key) {
  struct str *to = head_member(s->head, key), raw;
  size_t before;
  if (!to || peek(s) != '"') return 0;
  before = s->at;
  if (pass_string(s, &raw)) return -1;
  *to = str_index(raw, '\\') == SIZE_MAX ? raw : unescape(s, str_sub(s->in, before, s->at));
  s->at = before;
  s->unwanted = to == &s->head->type && !slim_wants(*to);
  return s->unwanted ? -1 : 0;
}

static int copy_in(struct slim *s, enum where in);

/* "key": value; *first tells whether a comma goes before it. */
static int copy_member(struct slim *s, enum where in, bool *first) {
  struct str key;
  size_t from = s->at;
  bool keep = s->keep;
  if (peek(s) != '"' || pass_string(s, &key)) return -1;
  enum where to = where_of(in, key);
  s->keep = keep && to != DROP;
  if (s->keep && !*first) put_char(s, ',');
  if (s->keep) *first = false;
  put(s, from, s->at);
  if (peek(s) != ':') return -1;
  put_one(s);
  if (in == ROOT && s->depth == 1 && note_head(s, key)) return -1;
  int rc = to == DROP || to == OTHER ? copy_value(s) : copy_in(s, to);
  s->keep = keep;
  return rc;
}

static int copy_object(struct slim *s, enum where in) {
  bool first = true;
  put_one(s);
  if (peek(s) == '}') return put_one(s);
  for (;;) {
    if (copy_member(s, in, &first)) return -1;
    int c = peek(s);
    if (c == '}') return put_one(s);
    if (c != ',') return -1;
    s->at++;
    peek(s);
  }
}

static int copy_array(struct slim *s, enum where in) {
  put_one(s);
  if (peek(s) == ']') return put_one(s);
  for (;;) {
    if (copy_in(s, in)) return -1;
    int c = peek(s);
    if (c == ']') return put_one(s);
    if (c != ',') return -1;
    put_one(s);
  }
}

static int copy_in(struct slim *s, enum where in) {
  int c = peek(s);
  if (c != '{' && c != '[') return copy_value(s);
  if (s->depth == JSON_DEPTH_MAX) return -1;
  s->depth++;
  int rc = c == '{' ? copy_object(s, in) : copy_array(s, in);
  s->depth--;
  return rc;
}

enum slim_result slim_definition(char *out, size_t *n, struct slim_head *head, struct arena *a, struct str json) {
  struct slim s = {.in = json, .out = out, .keep = true, .head = head, .a = a};
  *head = (struct slim_head){0};
  int rc = peek(&s) == '{' ? copy_in(&s, ROOT) : -1;
  if (!rc && peek(&s) >= 0) rc = -1;
  *n = s.n;
  if (s.unwanted || (!rc && !head->type.n)) return SLIM_UNWANTED;
  return rc ? SLIM_ODD : SLIM_DONE;
}
