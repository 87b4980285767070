/* Letters that are sent: a fixture in EDIFACT or OIOXML, its variables replaced in the bytes, and changed in its tree.
 */
#include "base/utf8.h"
#include "envelope/mail.h"
#include "formats/edifact.h"
#include "formats/sniff.h"
#include "formats/xml.h"
#include "formats/xpath.h"
#include "steps/steps_int.h"

#define EMESSAGE "Emessage"
#define CONTENT_TYPE_EDIFACT "application/EDIFACT"
#define CONTENT_TYPE_XML "application/xml"
#define DECLARATION_MAX 200 /* bytes in which an encoding is declared */

bool letter_is(struct str bytes) {
  enum sniff kind = sniff_bytes(bytes);
  return kind == SNIFF_EDIFACT || (kind == SNIFF_XML && str_eqz(envelope_root_name(bytes), EMESSAGE));
}

const char *letter_content_type(struct str bytes) {
  if (!letter_is(bytes)) return NULL;
  return sniff_bytes(bytes) == SNIFF_EDIFACT ? CONTENT_TYPE_EDIFACT : CONTENT_TYPE_XML;
}

const char *const *letter_prefix(struct arena *a, struct str ns) {
  const char **names = ARENA_ARRAY(a, const char *, 3);
  names[0] = "o";
  names[1] = arena_z(a, ns);
  return names;
}

/* ---- changes ---- */

static bool is_edifact_file(struct str fixture) {
  return str_ends(fixture, STR(".edi"));
}

bool letter_path_is(const struct node *path, struct str fixture) {
  return is_edifact_file(fixture) || str_starts(path->text, STR("/"));
}

int letter_path_check(const struct node *path, struct str fixture, struct error *e) {
  struct node empty = {.kind = NODE_GROUP};
  struct edifact_hits hits;
  struct arena *scratch = arena_new(0);
  int rc = is_edifact_file(fixture) ? edifact_find(&hits, scratch, &empty, path->text, e)
                                    : xpath_check(path->text, letter_prefix(scratch, STR(EMESSAGE)), e);
  arena_free(scratch);
  return rc;
}

/* What is removed from a segment leaves an empty place, so that what stands behind it stays what it is. */
static void remove_node(struct node *n) {
  if (n->kind != NODE_STRING && n->kind != NODE_ARRAY) {
    node_remove(n);
    return;
  }
  *n = (struct node){.kind = NODE_STRING, .parent = n->parent, .next = n->next};
}

static void copy_node(struct arena *a, struct node *n) {
  struct node *copy = node_copy(a, n);
  copy->parent = n->parent;
  copy->next = n->next;
  n->next = copy;
  if (n->parent->last == n) n->parent->last = copy;
  n->parent->count++;
}

static void set_node(struct node *n, struct str value) {
  n->text = value;
  n->first = n->last = NULL;
  n->count = 0;
  if (n->kind == NODE_ARRAY) n->kind = NODE_STRING;
}

static int find_nodes(struct edifact_hits *out, struct arena *a, const struct node *root, struct str path,
                      struct error *e) {
  struct xpath_result r = {0};
  if (root->kind == NODE_GROUP) return edifact_find(out, a, root, path, e);
  *out = (struct edifact_hits){0};
  if (xpath_eval(&r, a, root, path, letter_prefix(a, root->ns), e) < 0) return -1;
  for (size_t i = 0; r.kind == XPATH_KIND_NODES && i < r.n; i++) VEC_PUSH(a, out, r.nodes[i]);
  return 0;
}

static int change_one(struct node *root, const struct expander *x, const struct node *item, struct error *e) {
  static const char *const verbs[] = {"remove", "set", "copy"};
  struct edifact_hits hits;
  struct str path, value;
  const struct node *verb = NULL;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs && !verb; i++) verb = node_child(item, verbs[i]);
  if (expand_text(&path, x, verb->text, EXPAND_PLAIN, e) < 0) return -1;
  if (expand_text(&value, x, keys_text(item, "value"), EXPAND_PLAIN, e) < 0) return -1;
  if (find_nodes(&hits, x->v->scratch, root, path, e) < 0) return -1;
  if (!hits.n) return error_set(e, ERR_CONFIG, "\"%.*s\" finds nothing in the fixture to change", STR_F(path));
  for (size_t i = hits.n; i > 0; i--) {
    struct node *n = (struct node *)hits.v[i - 1];
    if (!n->parent) return error_set(e, ERR_CONFIG, "\"%.*s\" is the whole fixture", STR_F(path));
    if (str_eqz(verb->name, "remove")) remove_node(n);
    if (str_eqz(verb->name, "set")) set_node(n, value);
    if (str_eqz(verb->name, "copy")) copy_node(x->v->scratch, n);
  }
  return 0;
}

static int read_tree(struct node **root, const struct expander *x, struct source src, struct error *e) {
  struct findings found;
  findings_init(&found, x->v->scratch);
  int read = sniff_bytes(src.bytes) == SNIFF_EDIFACT ? edifact_read(root, x->v->scratch, src, &found)
                                                     : xml_read(root, x->v->scratch, src, &found);
  return read < 0 ? error_at(e, ERR_SYNTAX, src.name, 0, 0, "it cannot be read, so it cannot be changed") : 0;
}

static int change_all(struct str *bytes, const struct expander *x, struct str file, const struct node *changes,
                      struct error *e) {
  struct node *root;
  struct buf b;
  struct error why;
  if (read_tree(&root, x, (struct source){file, *bytes}, e) < 0) return -1;
  for (NODE_EACH(item, changes))
    if (change_one(root, x, item, &why) < 0)
      return error_at(e, why.code, x->v->state->plan->protocol->source.name, item->line, item->col, "%s", why.text);
  buf_init(&b, FIXTURE_BYTES_MAX);
  if (root->kind == NODE_GROUP)
    edifact_write(&b, root);
  else
    xml_write(&b, root, 0);
  *bytes = buf_take(&b, x->v->scratch);
  return 0;
}

/* ---- making ---- */

/* What the bytes are in decides how a value is put into them. */
static enum expand_quote quote_of(struct str bytes) {
  if (sniff_bytes(bytes) == SNIFF_EDIFACT) return EXPAND_EDIFACT;
  struct str head = str_sub(bytes, 0, DECLARATION_MAX);
  bool told = str_starts(head, STR("<?xml")) && str_find(head, STR("encoding"), 0) != SIZE_MAX;
  bool utf8 = str_find(head, STR("UTF-8"), 0) != SIZE_MAX || str_find(head, STR("utf-8"), 0) != SIZE_MAX;
  return told && !utf8 ? EXPAND_XML_ASCII : EXPAND_XML;
}

/* What stands in the protocol is UTF-8, as all of it. */
static int to_latin(struct str *out, struct arena *a, struct source src, struct error *e) {
  struct buf b;
  uint32_t cp;
  buf_init(&b, src.bytes.n + 1);
  for (size_t i = 0, n; i < src.bytes.n && (n = utf8_decode(src.bytes, i, &cp)); i += n) {
    buf_byte(&b, (char)cp);
    if (cp < 0x100) continue;
    buf_release(&b);
    return error_set(e, ERR_CONFIG, "%.*s has a character that ISO-8859-1 has not", STR_F(src.name));
  }
  *out = buf_take(&b, a);
  return 0;
}

int letter_make(struct str *payload, const struct expander *x, struct source src, struct error *e) {
  const struct node *changes = node_child(x->v->at->step->args_node, "change");
  struct edifact_signs signs = edifact_signs_of(src.bytes);
  struct error why;
  bool ours = str_starts(src.name, STR("#")) && sniff_bytes(src.bytes) == SNIFF_EDIFACT;
  if (ours && to_latin(&src.bytes, x->v->scratch, src, e) < 0) return -1;
  if (signs.component != ':' || signs.element != '+' || signs.release != '?' || signs.end != '\'')
    return error_at(e, ERR_CONFIG, src.name, 1, 1, "a fixture has the usual signs, UNA:+.? '");
  if (expand_text(payload, x, src.bytes, quote_of(src.bytes), &why) < 0)
    return error_at(e, why.code, src.name, 0, 0, "%s", why.text);
  return changes ? change_all(payload, x, src.name, changes, e) : 0;
}

/* How an envelope spells the Name of EDIFACT is not published; it is written like the others (legacy.md 1.3). */
void letter_says(struct envelope_payload *out, struct arena *a, struct str payload) {
  struct message m;
  message_read(&m, a, (struct source){STR("sent"), payload});
  message_letter_says(out, a, &m);
  if (!out->name.n) out->name = arena_printf(a, "MCM:%.*s", STR_F(facts_get(&m.facts, "letter")));
}
