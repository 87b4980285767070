/* What the vendor keeps of messages, and finding one's way in them. */
#include "refvendor/refvendor_int.h"

struct rv_letter *rv_letter_find(const struct refvendor *v, struct str header_id) {
  for (size_t i = v->letters.n; i-- > 0;)
    if (str_eq(v->letters.v[i]->header_id, header_id)) return v->letters.v[i];
  return NULL;
}

struct rv_letter *rv_letter_add(struct refvendor *v, const struct node *root, bool own) {
  struct rv_letter *l = ARENA_NEW(v->arena, struct rv_letter);
  *l = (struct rv_letter){.kind = rv_kind_of(root),
                          .header_id = node_text_at(rv_resource(root, "MessageHeader"), "id"),
                          .thread = rv_thread(root),
                          .root = root,
                          .own = own};
  VEC_PUSH(v->arena, &v->letters, l);
  return l;
}

struct rv_letter *rv_letter_latest(const struct refvendor *v, const struct rv_kind *kind, struct str thread,
                                   bool received) {
  for (size_t i = v->letters.n; i-- > 0;) {
    struct rv_letter *l = v->letters.v[i];
    if (kind && l->kind != kind) continue;
    if ((thread.n == 0 || str_eq(l->thread, thread)) && !(received && l->own)) return l;
  }
  return NULL;
}

const struct node *rv_resource(const struct node *root, const char *type) {
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    const struct node *r = node_child(e, "resource");
    if (r && str_eqz(r->type, type)) return r;
  }
  return NULL;
}

/* "Type/id" at the end of an absolute reference, or the reference itself. */
static bool names(struct str reference, struct str type, struct str id) {
  if (id.n == 0 || !str_ends(reference, id)) return false;
  struct str head = str_sub(reference, 0, reference.n - id.n);
  if (!str_ends(head, STR("/"))) return false;
  head = str_sub(head, 0, head.n - 1);
  if (!str_ends(head, type)) return false;
  return head.n == type.n || head.p[head.n - type.n - 1] == '/';
}

const struct node *rv_entry(const struct node *root, struct str reference) {
  if (reference.n == 0) return NULL;
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    const struct node *r = node_child(e, "resource");
    if (str_eq(node_text_at(e, "fullUrl"), reference)) return e;
    if (r && names(reference, r->type, node_text_at(r, "id"))) return e;
  }
  return NULL;
}

struct str rv_identifier(const struct node *resource, const char *system) {
  for (const struct node *i = node_child(resource, "identifier"); i; i = node_again(i))
    if (str_eqz(node_text_at(i, "system"), system)) return str_trim(node_text_at(i, "value"));
  return (struct str){0};
}

struct refvendor_party rv_party_of(const struct node *root, struct str reference) {
  const struct node *o = node_child(rv_entry(root, reference), "resource");
  if (!o || !str_eqz(o->type, "Organization")) return (struct refvendor_party){0};
  return (struct refvendor_party){rv_identifier(o, RV_GLN), rv_identifier(o, RV_SOR), node_text_at(o, "name")};
}

struct str rv_segment_id(const struct node *payload) {
  for (const struct node *x = node_child(payload, "extension"); x; x = node_again(x))
    if (str_eqz(node_text_at(x, "url"), RV_CORE "medcom-core-identifier-extension"))
      return node_text_at(x, "valueIdentifier.value");
  return (struct str){0};
}

struct str rv_without_urn(struct str value) {
  return str_starts(value, STR("urn:uuid:")) ? str_sub(value, 9, value.n) : value;
}

const struct node *rv_attachment_data(const struct refvendor *v, struct str segment_id) {
  for (size_t i = v->letters.n; segment_id.n && i-- > 0;) {
    const struct node *c = rv_resource(v->letters.v[i]->root, "Communication");
    for (const struct node *p = node_child(c, "payload"); p; p = node_again(p)) {
      const struct node *data = node_at(p, "contentAttachment.data");
      if (data && str_eq(rv_segment_id(p), segment_id)) return data;
    }
  }
  return NULL;
}

const struct refvendor_party *rv_party(const struct refvendor *v, struct str gln) {
  for (size_t i = 0; i < v->book.n; i++)
    if (str_eq(v->book.v[i].gln, gln)) return &v->book.v[i];
  return NULL;
}

const struct refvendor_party *rv_own(const struct refvendor *v, struct str gln) {
  if (str_eq(v->o->own.gln, gln)) return &v->o->own;
  for (size_t i = 0; i < v->o->also.n; i++)
    if (str_eq(v->o->also.v[i].gln, gln)) return &v->o->also.v[i];
  return NULL;
}

void rv_note_party(struct refvendor *v, struct refvendor_party p) {
  if (p.gln.n == 0 || rv_own(v, p.gln) || rv_party(v, p.gln)) return;
  VEC_PUSH(
      v->arena, &v->book,
      ((struct refvendor_party){arena_str(v->arena, p.gln), arena_str(v->arena, p.sor), arena_str(v->arena, p.name)}));
}
