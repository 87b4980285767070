#include "formats/yaml.h"

#include <yaml.h>

#include "base/utf8.h"
#include "formats/format_rules.h"
#include "formats/library_words.h"
#include "formats/reader_int.h"

struct reader {
  yaml_parser_t parser;
  yaml_event_t event;
  bool have_event;
  struct str name, bytes;
  struct arena *arena, *scratch;
  struct findings *findings;
  int depth;
  size_t nodes;
  bool failed;
};

static int read_node(struct reader *r, struct node *n);

static struct place mark_place(const struct reader *r, yaml_mark_t mark, const struct node *n) {
  struct place p = {.message = r->name, .line = (int)mark.line + 1, .col = (int)mark.column + 1};
  p.path = node_path_for(r->arena, r->findings, n);
  return p;
}

static int report(struct reader *r, enum format_rule rule, struct place where, struct str what) {
  struct said both = library_words(r->arena, what);
  findings_add_said(r->findings, &format_rules[rule], where, 1, &both);
  r->failed = true;
  return -1;
}

static struct str event_text(const struct reader *r, const char *sign, const yaml_char_t *text) {
  return arena_printf(r->arena, "%s%s", sign, text ? (const char *)text : "");
}

/* libyaml gives a mark for what its scanner and parser find, a byte offset for
 * what its reader finds. */
static int report_problem(struct reader *r) {
  const yaml_parser_t *p = &r->parser;
  struct place where = mark_place(r, p->problem_mark, NULL);
  const char *problem = p->problem ? p->problem : "?";
  if (p->error == YAML_READER_ERROR) utf8_position(r->bytes, p->problem_offset, &where.line, &where.col);
  if (!p->context) return report(r, YAML_SYNTAX, where, str_z(problem));
  return report(r, YAML_SYNTAX, where, arena_printf(r->arena, "%s (%s)", problem, p->context));
}

static int next(struct reader *r) {
  if (r->have_event) yaml_event_delete(&r->event);
  r->have_event = false;
  if (!yaml_parser_parse(&r->parser, &r->event)) return report_problem(r);
  r->have_event = true;
  return 0;
}

/* A tag as people write it: "!!str" for "tag:yaml.org,2002:str". */
static struct str tag_text(const struct reader *r, const yaml_char_t *tag) {
  static const struct str core = STR_INIT("tag:yaml.org,2002:");
  struct str s = str_z((const char *)tag);
  if (str_starts(s, core)) return event_text(r, "!!", tag + core.n);
  return arena_str(r->arena, s);
}

/* What is YAML, but not strict: reading goes on. */
static void refuse(struct reader *r, const struct node *n, struct str what) {
  report(r, YAML_NOT_STRICT, mark_place(r, r->event.start_mark, n), what);
}

static void refuse_decoration(struct reader *r, const struct node *n, const yaml_char_t *anchor,
                              const yaml_char_t *tag) {
  if (anchor) refuse(r, n, event_text(r, "&", anchor));
  if (tag) refuse(r, n, tag_text(r, tag));
}

static struct str scalar_text(const struct reader *r) {
  return arena_str(r->arena, (struct str){(const char *)r->event.data.scalar.value, r->event.data.scalar.length});
}

static bool is_plain(const struct reader *r) {
  return r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static void read_scalar(struct reader *r, struct node *n) {
  refuse_decoration(r, n, r->event.data.scalar.anchor, r->event.data.scalar.tag);
  n->kind = NODE_STRING;
  n->text = scalar_text(r);
  if (!is_plain(r))
    n->flags |= NODE_QUOTED;
  else if (!n->text.n || str_eqz(n->text, "null") || str_eqz(n->text, "~"))
    n->kind = NODE_NULL;
}

static int enter(struct reader *r, const struct node *n) {
  if (r->depth == YAML_DEPTH_MAX)
    return report(r, YAML_LIMIT, mark_place(r, r->event.start_mark, n), LIMIT_OF(YAML_DEPTH_MAX));
  r->depth++;
  return 0;
}

static int read_list(struct reader *r, struct node *n) {
  n->kind = NODE_ARRAY;
  refuse_decoration(r, n, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag);
  if (enter(r, n)) return -1;
  for (;;) {
    if (next(r)) return -1;
    if (r->event.type == YAML_SEQUENCE_END_EVENT) break;
    struct node *item = node_new(r->arena, NODE_NULL);
    node_append(n, item);
    if (read_node(r, item)) return -1;
  }
  r->depth--;
  return 0;
}

/* Reads the key that is the current event into n; one that is no scalar is
 * read over and stays without a name. */
static int read_key(struct reader *r, struct node *n) {
  n->name_line = (int)r->event.start_mark.line + 1;
  n->name_col = (int)r->event.start_mark.column + 1;
  if (r->event.type == YAML_ALIAS_EVENT) {
    refuse(r, n->parent, event_text(r, "*", r->event.data.alias.anchor));
    return 0;
  }
  if (r->event.type != YAML_SCALAR_EVENT) {
    refuse(r, n->parent, r->event.type == YAML_SEQUENCE_START_EVENT ? STR("[") : STR("{"));
    return read_node(r, node_new(r->arena, NODE_NULL));
  }
  refuse_decoration(r, n->parent, r->event.data.scalar.anchor, r->event.data.scalar.tag);
  n->name = scalar_text(r);
  if (is_plain(r) && str_eqz(n->name, "<<")) refuse(r, n->parent, STR("<<"));
  return 0;
}

static int read_mapping(struct reader *r, struct node *n) {
  n->kind = NODE_OBJECT;
  refuse_decoration(r, n, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag);
  if (enter(r, n)) return -1;
  for (;;) {
    if (next(r)) return -1;
    if (r->event.type == YAML_MAPPING_END_EVENT) break;
    struct node *member = node_new(r->arena, NODE_NULL);
    node_append(n, member);
    if (read_key(r, member) || next(r) || read_node(r, member)) return -1;
  }
  r->depth--;
  if (reader_duplicates(n, r->scratch, r->name, &format_rules[YAML_DUPLICATE_KEY], r->findings)) r->failed = true;
  return 0;
}

/* Reads the node that begins with the current event. */
static int read_node(struct reader *r, struct node *n) {
  n->line = (int)r->event.start_mark.line + 1;
  n->col = (int)r->event.start_mark.column + 1;
  if (++r->nodes > YAML_NODES_MAX)
    return report(r, YAML_LIMIT, mark_place(r, r->event.start_mark, NULL), LIMIT_OF(YAML_NODES_MAX));
  switch (r->event.type) {
  case YAML_SEQUENCE_START_EVENT:
    return read_list(r, n);
  case YAML_MAPPING_START_EVENT:
    return read_mapping(r, n);
  case YAML_SCALAR_EVENT:
    read_scalar(r, n);
    return 0;
  default:
    refuse(r, n, event_text(r, "*", r->event.data.alias.anchor));
    return 0;
  }
}

/* stream start, document start, one node, document end, stream end */
static int read_stream(struct reader *r, struct node *root) {
  root->line = root->col = 1;
  if (next(r) || next(r)) return -1;
  if (r->event.type == YAML_STREAM_END_EVENT) return 0;
  if (next(r) || read_node(r, root) || next(r) || next(r)) return -1;
  if (r->event.type == YAML_STREAM_END_EVENT) return 0;
  return report(r, YAML_NOT_STRICT, mark_place(r, r->event.start_mark, NULL), STR("---"));
}

/* What libyaml need not see: too much, and what is not UTF-8. */
static int check_bytes(struct reader *r) {
  struct place where = {.message = r->name, .line = 1, .col = 1};
  if (r->bytes.n > YAML_BYTES_MAX) return report(r, YAML_LIMIT, where, STR("YAML_BYTES_MAX 8 MiB"));
  size_t bad = utf8_check(r->bytes);
  if (bad == SIZE_MAX) return 0;
  utf8_position(r->bytes, bad, &where.line, &where.col);
  return report(r, YAML_SYNTAX, where, arena_printf(r->arena, "UTF-8: 0x%02X", (unsigned char)r->bytes.p[bad]));
}

static int parse(struct reader *r, struct node *root) {
  if (!yaml_parser_initialize(&r->parser)) BUG("yaml: out of memory");
  yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&r->parser, (const unsigned char *)(r->bytes.n ? r->bytes.p : ""), r->bytes.n);
  int rc = read_stream(r, root);
  if (r->have_event) yaml_event_delete(&r->event);
  yaml_parser_delete(&r->parser);
  return rc;
}

int yaml_read(struct node **out, struct arena *a, struct source src, struct findings *f) {
  struct reader r = {.name = src.name, .bytes = src.bytes, .arena = a, .findings = f};
  struct node *root = node_new(a, NODE_NULL);
  *out = NULL;
  if (str_starts(r.bytes, STR("\xEF\xBB\xBF"))) r.bytes = str_sub(r.bytes, 3, r.bytes.n);
  if (check_bytes(&r)) return -1;
  r.scratch = arena_new(0);
  int rc = parse(&r, root);
  arena_free(r.scratch);
  if (rc || r.failed) return -1;
  *out = root;
  return 0;
}
