#include "validate/flow_int.h"

#include "base/base64.h"
#include "base/clock.h"
#include "envelope/mail.h"
#include "formats/edifact.h"

#define ID_MAX ((size_t)1 << 10)
#define DEPTH_MAX 200

struct place flow_place(struct arena *a, const struct flow_letter *l, const struct node *n) {
  return node_place(a, l->message->payload.name, n ? n : l->node);
}

struct str flow_bare(struct arena *a, struct str id) {
  struct buf b;
  if (id.n > ID_MAX) return id;
  buf_init(&b, ID_MAX + 1);
  for (size_t i = 0; i < id.n; i++) {
    char c = id.p[i];
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    buf_add(&b, (struct str){&c, 1});
  }
  return buf_take(&b, a);
}

/* INT64_MIN: there is no such time. */
static int64_t instant(struct str time) {
  int64_t ms;
  bool zone;
  return time_parse(time, &ms, &zone) ? ms : INT64_MIN;
}

static int64_t number(struct str s) {
  int64_t n;
  return str_int(str_trim(s), &n) && n >= 0 ? n : -1;
}

/* ---- EDIFACT ---- */

static const struct node *first_at(struct arena *a, const struct node *n, const char *path) {
  struct edifact_hits hits = {0};
  struct error e;
  if (edifact_find(&hits, a, n, str_z(path), &e) < 0) BUG("%s: %s", path, e.text);
  return hits.n ? hits.v[0] : NULL;
}

static struct str text_at(struct arena *a, const struct node *n, const char *path) {
  const struct node *found = first_at(a, n, path);
  return found ? found->text : (struct str){0};
}

/* DTM+137:200601021504:203, or with seconds :204. */
static void read_stamp(struct flow_letter *l, struct arena *a) {
  struct str s = text_at(a, l->node, "DTM+137/1.2"), f = text_at(a, l->node, "DTM+137/1.3");
  l->minutes = str_eqz(f, "203");
  if (s.n == (l->minutes ? 12U : 14U)) l->time = instant(mail_time_of_digits(a, s));
}

/* FTX+BIN+P00++description:id:code:extension:size */
static void read_references(struct flow_letter *l, struct arena *a) {
  struct edifact_hits hits = {0};
  struct error e;
  if (edifact_find(&hits, a, l->node, STR("FTX+BIN"), &e) < 0) BUG("%s", e.text);
  for (size_t i = 0; i < hits.n; i++)
    VEC_PUSH(a, &l->references,
             ((struct flow_object){.id = flow_bare(a, edifact_text(hits.v[i], 4, 2)),
                                   .extension = edifact_text(hits.v[i], 4, 4),
                                   .size = number(edifact_text(hits.v[i], 4, 5)),
                                   .bytes = -1,
                                   .node = hits.v[i]}));
}

/* UNO+1+AID:id+OBJ:code:extension:91+size and the octets behind it (legacy.md 3.6) */
static void read_objects(struct flow_letter *l, struct arena *a) {
  struct edifact_hits hits = {0};
  struct error e;
  if (edifact_find(&hits, a, l->node, STR("UNO"), &e) < 0) BUG("%s", e.text);
  for (size_t i = 0; i < hits.n; i++) {
    const struct node *octets = hits.v[i]->next;
    bool there = octets && octets->kind == NODE_BINARY;
    VEC_PUSH(a, &l->objects,
             ((struct flow_object){.id = flow_bare(a, edifact_text(hits.v[i], 2, 2)),
                                   .extension = edifact_text(hits.v[i], 3, 3),
                                   .size = number(edifact_text(hits.v[i], 4, 1)),
                                   .bytes = there ? (int64_t)octets->text.n : 0,
                                   .node = hits.v[i]}));
  }
}

static void read_edifact(struct flow_letter *l, struct arena *a) {
  l->type = edifact_text(l->node->first, 3, 1);
  l->version = edifact_text(l->node->first, 2, 5);
  l->id = edifact_text(l->node->first, 1, 1);
  l->patient = text_at(a, l->node, "PNA+PAT/2.1");
  if (!l->patient.n) l->patient = text_at(a, l->node, "RFF+XPI/1.2");
  l->sender = text_at(a, l->message->interchange, "UNB/2.1");
  l->receiver = text_at(a, l->message->interchange, "UNB/3.1");
  l->answer_to = text_at(a, l->node, "RFF+LOC/1.2");
  l->episode = text_at(a, l->node, "RFF+REI/1.2");
  if (str_eqz(l->episode, "_")) l->episode = (struct str){0};
  read_stamp(l, a);
  read_references(l, a);
  read_objects(l, a);
}

/* ---- OIOXML ---- */

/* A path of names from the end: "CodedResults/Result" is every Result in a CodedResults. */
static bool is_at(const struct node *n, struct str path) {
  for (size_t end = path.n; n;) {
    size_t begin = end;
    while (begin && path.p[begin - 1] != '/') begin--;
    if (!str_eq(n->name, str_sub(path, begin, end))) return false;
    if (!begin) return true;
    end = begin - 1;
    n = n->parent;
  }
  return false;
}

struct gathered {
  struct arena *arena;
  VEC(const struct node *) list;
};

static void gather(struct gathered *g, const struct node *n, struct str path, int depth) {
  if (is_at(n, path)) VEC_PUSH(g->arena, &g->list, n);
  if (depth == DEPTH_MAX) return;
  for (NODE_EACH(c, n)) gather(g, c, path, depth + 1);
}

static struct gathered gathered_at(struct arena *a, const struct node *root, const char *path) {
  struct gathered g = {.arena = a};
  gather(&g, root, str_z(path), 0);
  return g;
}

static struct str trimmed(const struct node *n, const char *path) {
  return str_trim(node_text_at(n, path));
}

/* EDIFACT has codes of its own for the names of types of file, mostly the same in capitals. */
static struct str extension_of(struct arena *a, struct str name) {
  static const char *const others[][2] = {{"TIFF", "TIF"}, {"JPEG", "JPG"}};
  struct str s = flow_bare(a, name);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (str_eqz(s, others[i][0])) return str_z(others[i][1]);
  return s;
}

static struct flow_object object_of(struct arena *a, const struct node *n) {
  return (struct flow_object){.id = flow_bare(a, trimmed(n, "ObjectIdentifier")),
                              .extension = extension_of(a, trimmed(n, "ObjectExtensionCode")),
                              .size = number(node_text_at(n, "OriginalObjectSize")),
                              .bytes = -1,
                              .node = n};
}

static int64_t decoded(struct arena *a, struct str base64) {
  struct str bytes;
  size_t wrong;
  return base64_decode(&bytes, a, base64, &wrong) == 0 ? (int64_t)bytes.n : -1;
}

static void read_oioxml(struct flow_letter *l, struct arena *a) {
  const struct node *n = l->node;
  struct str type = trimmed(n, "Letter.TypeCode"), version = trimmed(n, "Letter.VersionCode");
  l->type = str_starts(type, STR("X")) ? str_sub(type, 1, type.n) : type;
  l->version = str_starts(version, STR("X")) ? str_sub(version, 1, version.n) : version;
  l->id = trimmed(n, "Letter.Identifier");
  l->patient = trimmed(n, "Patient.CivilRegistrationNumber");
  if (!l->patient.n) l->patient = trimmed(n, "Patient.AlternativeIdentifier");
  l->sender = trimmed(n, "Sender.EANIdentifier");
  l->receiver = trimmed(n, "Receiver.EANIdentifier");
  l->answer_to = trimmed(n, "Sender.AnswerTo.EANIdentifier");
  l->episode = trimmed(n, "Letter.EpisodeOfCareIdentifier");
  if (!l->episode.n) l->episode = trimmed(n, "Letter.NotificationIdentifier");
  struct str time = trimmed(n, "Letter.Authorisation.TimeWithSec");
  l->minutes = !time.n;
  if (l->minutes) time = trimmed(n, "Letter.Authorisation.Time");
  l->time = instant(mail_time(a, trimmed(n, "Letter.Authorisation.Date"), time));
  struct gathered references = gathered_at(a, n, "Reference/BIN"), objects = gathered_at(a, n, "BinaryObject");
  for (size_t i = 0; i < references.list.n; i++) VEC_PUSH(a, &l->references, object_of(a, references.list.v[i]));
  for (size_t i = 0; i < objects.list.n; i++) {
    struct flow_object o = object_of(a, objects.list.v[i]);
    o.bytes = decoded(a, node_text_at(o.node, "Object_Base64Encoded"));
    VEC_PUSH(a, &l->objects, o);
  }
}

/* ---- FHIR ---- */

static void read_fhir(struct flow_letter *l) {
  const struct facts *f = &l->message->facts;
  l->type = facts_get(f, "event");
  l->id = facts_get(f, "header.id");
  l->patient = facts_get(f, "patient");
  l->sender = facts_get(f, "sender.gln");
  l->receiver = facts_get(f, "receiver.gln");
  if (str_eqz(facts_get(f, "report"), "true")) l->answer_to = facts_get(f, "report.receiver");
  l->episode = facts_get(f, "stay");
  l->time = instant(facts_get(f, "bundle.time"));
}

/* ---- all ---- */

static struct flow_letter *letter_new(struct flow_letters *out, struct arena *a, const struct message *m,
                                      const struct node *n, int64_t at) {
  struct flow_letter *l = ARENA_NEW(a, struct flow_letter);
  *l = (struct flow_letter){.message = m, .node = n, .time = INT64_MIN, .at = at};
  if (m->envelope) l->statistic = envelope_tag_value(&m->envelope->meta, "MCM:STATISTIC");
  VEC_PUSH(a, &out->list, l);
  return l;
}

void flow_letters_add(struct flow_letters *out, struct arena *a, const struct message *m, int64_t at) {
  if (m->resource) read_fhir(letter_new(out, a, m, m->resource, at));
  const struct node *n = m->interchange ? edifact_message(m->interchange) : NULL;
  for (; n && n->first && out->list.n < FLOW_LETTERS_MAX; n = edifact_message_next(n))
    read_edifact(letter_new(out, a, m, n, at), a);
  for (NODE_EACH(c, m->letter))
    if (node_child(c, "Letter") && out->list.n < FLOW_LETTERS_MAX) read_oioxml(letter_new(out, a, m, c, at), a);
}

/* A component that is only there as a place before the next one. */
static bool is_empty(const struct node *n) {
  return n->kind != NODE_SEGMENT && n->kind != NODE_GROUP && !n->first && !n->text.n;
}

static size_t count_at(struct arena *a, const struct flow_letter *l, struct str path) {
  struct gathered g = {.arena = a};
  struct edifact_hits hits = {0};
  struct error e;
  if (!l->message->interchange) {
    gather(&g, l->node, path, 0);
    return g.list.n;
  }
  if (edifact_find(&hits, a, l->node, path, &e) < 0) return 0;
  size_t empty = 0;
  for (size_t i = 0; i < hits.n; i++) empty += is_empty(hits.v[i]);
  return hits.n - empty;
}

int64_t flow_count(struct arena *a, const struct flow_letter *l, struct str oioxml, struct str edifact) {
  struct str rest = l->message->interchange ? edifact : oioxml;
  int64_t n = 0;
  if (!rest.n || l->message->resource) return -1;
  while (rest.n) n += (int64_t)count_at(a, l, str_cut(&rest, '|'));
  return n;
}

static const struct node *organisation_of(struct arena *a, const struct node *letter, struct str code) {
  static const struct {
    const char *path;
    size_t element;
  } tags[] = {{"NAD", 2}, {"PNA", 3}};
  for (size_t t = 0; t < sizeof tags / sizeof *tags; t++) {
    struct edifact_hits hits = {0};
    struct error e;
    if (edifact_find(&hits, a, letter, str_z(tags[t].path), &e) < 0) BUG("%s", e.text);
    for (size_t i = 0; i < hits.n; i++)
      if (str_eq(edifact_text(hits.v[i], tags[t].element, 2), code))
        return edifact_element(hits.v[i], tags[t].element, 1);
  }
  return NULL;
}

const struct node *flow_organisation(struct arena *a, const struct flow_letter *l, struct str oioxml,
                                     struct str edifact) {
  if (l->message->interchange) return organisation_of(a, l->node, edifact);
  struct gathered g = gathered_at(a, l->node, "IdentifierCode");
  for (size_t i = 0; i < g.list.n; i++)
    if (str_eq(str_trim(g.list.v[i]->text), oioxml)) return node_child(g.list.v[i]->parent, "Identifier");
  return NULL;
}
