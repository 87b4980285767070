#include "refvendor/declared.h"

#include "base/fact.h"
#include "base/file.h"
#include "envelope/mail.h"
#include "envelope/sbdh.h"
#include "fhir/fhirpath.h"
#include "fhir/resource.h"
#include "formats/edifact.h"
#include "formats/xml.h"
#include "formats/yaml.h"
#include "standards/catalogue.h"

#define DECLARED_FILE_MAX ((size_t)1 << 20)
#define DECLARED_BYTES_MAX ((size_t)512 << 20)

/* What reading needs; a mistake is put into e, once. */
struct reading {
  struct arena *arena;
  struct str file, standard;
  struct facts common;      /* what ${name} stands for in all files */
  struct facts names;       /* and in this one */
  const struct node *event; /* what the file says of all its defects, or NULL */
  struct error *e;
};

static int complain(struct reading *r, const struct node *at, const char *what) {
  return error_at(r->e, ERR_CONFIG, r->file, at->line, at->col, "%s", what);
}

/* Every ${name} replaced; -1 if one is not known. */
static int expand(struct reading *r, struct str *text, const struct node *at) {
  for (size_t from = 0; (from = str_find(*text, STR("${"), from)) != SIZE_MAX;) {
    size_t end = str_find(*text, STR("}"), from);
    if (end == SIZE_MAX) return complain(r, at, "\"${\" without \"}\"");
    const char *name = arena_z(r->arena, str_sub(*text, from + 2, end));
    struct str by = facts_get(&r->names, name);
    if (!by.n) return complain(r, at, arena_printf(r->arena, "\"names\" has no \"%s\"", name).p);
    *text =
        arena_printf(r->arena, "%.*s%.*s%.*s", (int)from, text->p, STR_F(by), STR_F(str_sub(*text, end + 1, text->n)));
  }
  return 0;
}

static int read_names(struct reading *r, const struct node *names) {
  facts_init(&r->names, r->arena);
  for (size_t i = 0; i < r->common.list.n; i++)
    facts_put(&r->names, r->common.list.v[i].name, r->common.list.v[i].value);
  for (NODE_EACH(n, names)) {
    struct str text = n->text;
    if (expand(r, &text, n) < 0) return -1;
    facts_put(&r->names, n->name, text);
  }
  return 0;
}

static bool is_listed(const char *const *names, struct str name) {
  for (; *names; names++)
    if (str_eqz(name, *names)) return true;
  return false;
}

static int check_keys(struct reading *r, const struct node *n, const char *const *names) {
  if (n->kind != NODE_OBJECT) return complain(r, n, "a mapping is expected here");
  for (NODE_EACH(c, n))
    if (!is_listed(names, c->name))
      return complain(r, c, arena_printf(r->arena, "the key \"%.*s\" is not known here", STR_F(c->name)).p);
  return 0;
}

static int read_change(struct reading *r, struct declared *d, const struct node *n) {
  static const char *const keys[] = {"remove", "set", "copy", "add", "value", "from", NULL};
  struct change *c = VEC_ADD(r->arena, &d->changes);
  struct error e;
  *c = (struct change){.value = node_text_at(n, "value"), .from = node_text_at(n, "from")};
  if (check_keys(r, n, keys) < 0) return -1;
  for (NODE_EACH(k, n)) {
    if (str_eqz(k->name, "value") || str_eqz(k->name, "from")) continue;
    if (c->verb.n) return complain(r, k, "a change has one verb");
    c->verb = k->name;
    c->path = k->text;
  }
  if (expand(r, &c->path, n) < 0 || (c->from.n && expand(r, &c->from, n) < 0)) return -1;
  return change_check(c, &e) < 0 ? complain(r, n, e.text) : 0;
}

static int read_find(struct reading *r, struct declared_wire *out, const struct node *n) {
  static const char *const keys[] = {"find", "by", NULL};
  if (check_keys(r, n, keys) < 0) return -1;
  *out = (struct declared_wire){node_text_at(n, "find"), node_text_at(n, "by")};
  return out->find.n ? 0 : complain(r, n, "\"find\" is missing");
}

static int read_wire(struct reading *r, struct declared *d, const struct node *n) {
  struct declared_wire w;
  if (read_find(r, &w, n) < 0) return -1;
  VEC_PUSH(r->arena, &d->wire, w);
  return 0;
}

static int read_payload(struct reading *r, struct declared *d, const struct node *n) {
  struct declared_wire w;
  if (read_find(r, &w, n) < 0) return -1;
  VEC_PUSH(r->arena, &d->payload, w);
  return d->letter.n ? 0 : complain(r, n, "\"payload\" belongs to a \"letter\"; messages of FHIR have \"change\"");
}

static int read_envelope(struct reading *r, struct declared *d, const struct node *map) {
  if (map && map->kind != NODE_OBJECT) return complain(r, map, "a mapping is expected here");
  for (NODE_EACH(n, map)) {
    if (!declared_field_is(n->name)) return complain(r, n, "the envelope has no such field to change");
    VEC_PUSH(r->arena, &d->envelope, ((struct declared_field){n->name, n->text}));
  }
  return 0;
}

static int read_each(struct reading *r, struct declared *d, const struct node *list,
                     int (*fn)(struct reading *, struct declared *, const struct node *)) {
  if (list && list->kind != NODE_ARRAY) return complain(r, list, "a list is expected here");
  for (NODE_EACH(n, list))
    if (fn(r, d, n) < 0) return -1;
  return 0;
}

static void read_event(struct reading *r, struct declared *d, const struct node *event) {
  const struct node *first = event && event->kind == NODE_ARRAY ? event->first : event;
  for (const struct node *n = first; n; n = n == event ? NULL : n->next) VEC_PUSH(r->arena, &d->event, n->text);
}

static void read_types(struct reading *r, struct declared *d, const struct node *letter) {
  if (letter && letter->kind != NODE_ARRAY) VEC_PUSH(r->arena, &d->letter, letter->text);
  if (letter && letter->kind == NODE_ARRAY)
    for (NODE_EACH(n, letter)) VEC_PUSH(r->arena, &d->letter, n->text);
}

static void read_on(struct reading *r, struct declared *d, const struct node *on) {
  if (on && on->kind != NODE_ARRAY) VEC_PUSH(r->arena, &d->on, on->text);
  if (on && on->kind == NODE_ARRAY)
    for (NODE_EACH(n, on)) VEC_PUSH(r->arena, &d->on, n->text);
}

static int read_what_changes(struct reading *r, struct declared *d, const struct node *n) {
  if (read_each(r, d, node_child(n, "change"), read_change) < 0) return -1;
  if (read_each(r, d, node_child(n, "wire"), read_wire) < 0) return -1;
  if (read_each(r, d, node_child(n, "payload"), read_payload) < 0) return -1;
  if (read_envelope(r, d, node_child(n, "envelope")) < 0) return -1;
  if (d->changes.n + d->envelope.n + d->wire.n + d->payload.n) return 0;
  return complain(r, n, "it changes nothing: give \"change\", \"envelope\", \"wire\" or \"payload\"");
}

static int read_one(struct reading *r, struct declared_list *out, const struct node *n) {
  static const char *const keys[] = {"id",     "en",       "da",   "event",  "on",      "where",
                                     "change", "envelope", "wire", "letter", "payload", NULL};
  struct fhirpath *fp;
  struct error e;
  if (check_keys(r, n, keys) < 0) return -1;
  struct declared d = {.id = node_text_at(n, "id"),
                       .en = node_text_at(n, "en"),
                       .da = node_text_at(n, "da"),
                       .standard = r->standard,
                       .where = node_text_at(n, "where")};
  read_types(r, &d, node_child(n, "letter"));
  if (!d.id.n || !d.en.n || !d.da.n) return complain(r, n, "\"id\", \"en\" and \"da\" are needed");
  if (declared_find(out, d.id)) return complain(r, n, "there is a defect of that name already");
  if (d.where.n && expand(r, &d.where, n) < 0) return -1;
  if (d.where.n && fhirpath_parse(&fp, r->arena, d.where, &e) < 0) return complain(r, node_child(n, "where"), e.text);
  read_event(r, &d, node_child(n, "event") ? node_child(n, "event") : r->event);
  read_on(r, &d, node_child(n, "on"));
  if (read_what_changes(r, &d, n) < 0) return -1;
  VEC_PUSH(r->arena, &out->list, d);
  return 0;
}

static int read_file(struct reading *r, struct declared_list *out, const char *data_dir, const char *name) {
  static const char *const keys[] = {"event", "names", "defects", NULL};
  struct source src = {.name = arena_printf(r->arena, "%s/%s", DECLARED_DIR, name)};
  struct findings f;
  struct node *root;
  findings_init(&f, r->arena);
  r->file = src.name;
  r->standard = arena_str(r->arena, str_sub(str_z(name), 0, str_z(name).n - STR(".yaml").n));
  if (file_read(&src.bytes, r->arena, file_join(r->arena, data_dir, src.name.p), DECLARED_FILE_MAX, r->e) < 0)
    return -1;
  if (yaml_read(&root, r->arena, src, &f) < 0) return findings_error(&f, r->e);
  if (check_keys(r, root, keys) < 0 || read_names(r, node_child(root, "names")) < 0) return -1;
  r->event = node_child(root, "event");
  for (NODE_EACH(n, node_child(root, "defects")))
    if (read_one(r, out, n) < 0) return -1;
  return 0;
}

int declared_read(struct declared_list *out, struct arena *a, const char *data_dir, struct error *e) {
  struct reading r = {.arena = a, .e = e};
  char **names;
  size_t n;
  *out = (struct declared_list){0};
  facts_init(&r.common, a);
  if (read_file(&r, out, data_dir, DECLARED_COMMON ".yaml") < 0) return -1;
  r.common = r.names;
  if (file_list(&names, &n, a, file_join(a, data_dir, DECLARED_DIR), e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    bool other = str_ends(str_z(names[i]), STR(".yaml")) && !str_eqz(str_z(names[i]), DECLARED_COMMON ".yaml");
    if (other && read_file(&r, out, data_dir, names[i]) < 0) return -1;
  }
  return 0;
}

const struct declared *declared_find(const struct declared_list *l, struct str id) {
  for (size_t i = 0; i < l->list.n; i++)
    if (str_eq(l->list.v[i].id, id)) return &l->list.v[i];
  return NULL;
}

/* One message on its way through the changes. */
struct changing {
  const struct declared *d;
  struct arena *arena;
  const struct shapes *shapes;
  struct error *e;
  const struct envelope_kind *kind; /* NULL: a bare payload */
  struct envelope envelope;
  struct node *root;
  enum resource_form form;
};

static int open_wire(struct changing *c, struct str wire) {
  struct findings f;
  findings_init(&f, c->arena);
  c->kind = envelope_sniff(wire);
  if (c->kind && c->kind->read(&c->envelope, c->arena, (struct source){STR("wire"), wire}, &f) < 0) return 0;
  if (c->kind && c->envelope.content != ENVELOPE_MESSAGE) return c->envelope.sbdh != NULL;
  struct str payload = c->kind ? c->envelope.payload : wire;
  if (resource_read(&c->root, &c->form, c->arena, (struct source){STR("payload"), payload}, &f) < 0) c->root = NULL;
  return c->root != NULL;
}

/* What its own Provenance, the one that targets its MessageHeader, says that it is. */
static struct str activity_of(const struct node *root) {
  struct str header = node_text_at(node_at(root, "entry.resource"), "id");
  for (const struct node *entry = node_child(root, "entry"); entry; entry = node_again(entry)) {
    const struct node *r = node_child(entry, "resource");
    if (r && str_eqz(r->type, "Provenance") && header.n && str_ends(node_text_at(r, "target.reference"), header))
      return node_text_at(r, "activity.coding.code");
  }
  return (struct str){0};
}

/* MessageHeader.event, or what a document, or what is no message at all, is called by. */
static struct str event_of(const struct node *root) {
  const struct node *first = node_at(root, "entry.resource");
  if (str_eqz(root->type, "AuditEvent")) return STR(DECLARED_AUDIT_EVENT);
  if (str_eqz(root->type, "Parameters")) return STR(DECLARED_PARAMETERS);
  for (size_t i = 0; i < document_types_n; i++)
    if (str_eqz(node_text_at(first, "type.coding.code"), document_types[i].code)) return str_z(document_types[i].event);
  return node_text_at(first, "eventCoding.code");
}

/* An SBDH acknowledgement is meant only where it is named. */
static bool is_receipt_meant(const struct changing *c) {
  for (size_t i = 0; i < c->d->event.n; i++)
    if (str_eq(c->d->event.v[i], c->envelope.sbdh->standard)) return true;
  return false;
}

static int is_meant(struct changing *c, bool *meant) {
  struct fhirpath *fp;
  struct fhirpath_result found = {0};
  struct fhirpath_env env = {.shapes = c->shapes};
  if (!c->root) {
    *meant = is_receipt_meant(c);
    return 0;
  }
  struct str activity = activity_of(c->root);
  *meant = c->d->on.n == 0;
  for (size_t i = 0; i < c->d->on.n; i++) *meant = *meant || str_eq(c->d->on.v[i], activity);
  struct str event = event_of(c->root);
  *meant = *meant && change_is_for(c->d->event.v, c->d->event.n, event);
  if (!*meant || !c->d->where.n) return 0;
  if (fhirpath_parse(&fp, c->arena, c->d->where, c->e) < 0) return -1;
  if (fhirpath_eval(&found, c->arena, fp, c->root, &env, c->e) < 0) return -1;
  return fhirpath_true(meant, &found, c->e);
}

static int change_payload(struct changing *c, bool *changed) {
  for (size_t i = 0; c->root && i < c->d->changes.n; i++) {
    size_t n;
    if (change_apply(&n, c->arena, c->root, &c->d->changes.v[i], c->shapes, c->e) < 0) return -1;
    *changed = *changed || n > 0;
  }
  return 0;
}

static struct str payload_bytes(struct changing *c) {
  struct buf b;
  buf_init(&b, DECLARED_BYTES_MAX);
  resource_write(&b, c->root, c->form, c->shapes, 2);
  return buf_take(&b, c->arena);
}

/* The envelope says how long its payload is; everything else of it stays, unless that is the defect. */
static struct str rewrap(struct changing *c, struct str payload) {
  struct buf out;
  c->envelope.payload = payload;
  c->envelope.meta.size = (int64_t)payload.n;
  for (size_t i = 0; i < c->d->envelope.n; i++) declared_field_set(&c->envelope, c->arena, &c->d->envelope.v[i]);
  buf_init(&out, DECLARED_BYTES_MAX);
  c->kind->write(&out, &c->envelope);
  return buf_take(&out, c->arena);
}

static void wrap(struct changing *c, struct str *wire, bool *changed) {
  struct str payload = *changed ? payload_bytes(c) : c->kind ? c->envelope.payload : *wire;
  if (c->kind && (*changed || c->d->envelope.n)) {
    *wire = rewrap(c, payload);
    *changed = true;
  } else if (*changed) {
    *wire = payload;
  }
}

/* Not printed: a binary letter has bytes that are zero. */
static bool replace(struct arena *a, struct str *wire, const struct declared_wire *w) {
  size_t at = str_find(*wire, w->find, 0);
  if (at == SIZE_MAX) return false;
  struct buf b;
  buf_init(&b, wire->n + w->by.n + 1);
  buf_add(&b, str_sub(*wire, 0, at));
  buf_add(&b, w->by);
  buf_add(&b, str_sub(*wire, at + w->find.n, wire->n));
  *wire = buf_take(&b, a);
  return true;
}

/* The type of the first letter of bytes that are in no envelope; empty if there is none. */
static struct str bare_type(struct changing *c, struct str wire) {
  struct findings f;
  struct node *root = NULL;
  struct mail m;
  struct source src = {STR("wire"), wire};
  findings_init(&f, c->arena);
  struct str head = str_trim(str_sub(wire, 0, 400));
  bool edifact = str_starts(head, STR("UNA")) || str_starts(head, STR("UNB"));
  if (!edifact && !str_starts(head, STR("<"))) return (struct str){0};
  if ((edifact ? edifact_read(&root, c->arena, src, &f) : xml_read(&root, c->arena, src, &f)) < 0)
    return (struct str){0};
  mail_read(&m, c->arena, root);
  return m.letters.n ? m.letters.v[0].type : (struct str){0};
}

/* "DIS*": all whose types begin like that. */
static bool is_type_meant(const struct changing *c, struct str type) {
  for (size_t i = 0; i < c->d->letter.n; i++) {
    struct str meant = c->d->letter.v[i];
    bool many = str_ends(meant, STR("*"));
    if (many ? str_starts(type, str_sub(meant, 0, meant.n - 1)) : str_eq(type, meant)) return true;
  }
  return false;
}

static void change_bare_letter(struct changing *c, struct str *wire, bool *changed) {
  if (!is_type_meant(c, bare_type(c, *wire))) return;
  for (size_t i = 0; i < c->d->payload.n; i++) *changed = replace(c->arena, wire, &c->d->payload.v[i]) || *changed;
}

/* Letters are changed as text. */
static void change_letter(struct changing *c, struct str *wire, bool *changed) {
  struct findings f;
  findings_init(&f, c->arena);
  c->kind = envelope_sniff(*wire);
  if (!c->kind) {
    change_bare_letter(c, wire, changed);
    return;
  }
  if (c->kind->read(&c->envelope, c->arena, (struct source){STR("wire"), *wire}, &f) < 0) return;
  struct str name = c->envelope.meta.name, payload = c->envelope.payload;
  if (c->envelope.content != ENVELOPE_MESSAGE || !str_starts(name, STR("MCM:"))) return;
  if (!is_type_meant(c, str_sub(name, 4, name.n))) return;
  for (size_t i = 0; i < c->d->payload.n; i++) *changed = replace(c->arena, &payload, &c->d->payload.v[i]) || *changed;
  *changed = *changed || c->d->envelope.n;
  if (*changed) *wire = rewrap(c, payload);
}

int declared_apply(struct str *wire, bool *changed, const struct declared *d, struct arena *a,
                   const struct shapes *shapes, struct error *e) {
  struct changing c = {.d = d, .arena = a, .shapes = shapes, .e = e};
  bool meant = false;
  *changed = false;
  if (d->letter.n > 0) {
    change_letter(&c, wire, changed);
    return 0;
  }
  if (!open_wire(&c, *wire)) return 0;
  if (is_meant(&c, &meant) < 0) return -1;
  if (!meant) return 0;
  if (change_payload(&c, changed) < 0) return -1;
  wrap(&c, wire, changed);
  for (size_t i = 0; i < d->wire.n; i++) *changed = replace(a, wire, &d->wire.v[i]) || *changed;
  return 0;
}
