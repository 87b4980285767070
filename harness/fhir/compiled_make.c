/* From packages to the bytes of a compiled file. */
#include <string.h>

#include "base/file.h"
#include "fhir/book_int.h"
#include "fhir/compiled_int.h"
#include "fhir/snapshot.h"

struct making {
  struct arena *arena; /* of the rows */
  struct buf *out;
  VEC(struct compiled_package) packages;
  VEC(struct compiled_dependency) dependencies;
  VEC(struct compiled_item) items;
  VEC(struct compiled_ref) problems;
};

static struct compiled_ref put(struct making *m, struct str s) {
  struct compiled_ref ref = {(uint32_t)m->out->n, (uint32_t)s.n};
  buf_add(m->out, s);
  return ref;
}

static struct compiled_rows put_rows(struct making *m, const void *rows, size_t n, size_t size) {
  image_align(m->out);
  struct compiled_rows r = {(uint32_t)m->out->n, (uint32_t)n};
  buf_add(m->out, (struct str){rows, n * size});
  return r;
}

static void put_items(struct making *m, const struct package *p) {
  for (size_t i = 0; i < p->items.n; i++) {
    const struct package_item *item = p->items.v[i];
    const struct str texts[COMPILED_ITEM_TEXTS - 1] = {item->type, item->url,  item->version,
                                                       item->id,   item->file, item->supplements};
    struct compiled_item *row = VEC_ADD(m->arena, &m->items);
    for (size_t k = 0; k < COMPILED_ITEM_TEXTS - 1; k++) row->text[k] = put(m, texts[k]);
  }
}

static void put_dependencies(struct making *m, const struct package *p) {
  for (size_t i = 0; i < p->dependencies.n; i++) {
    struct compiled_ref name = put(m, p->dependencies.v[i].name);
    VEC_PUSH(m->arena, &m->dependencies, ((struct compiled_dependency){name, put(m, p->dependencies.v[i].version)}));
  }
}

static void put_package(struct making *m, const struct package *p) {
  char digest[SHA256_HEX + 1] = "";
  if (p->tgz.n) sha256_hex(digest, p->tgz);
  const struct str texts[COMPILED_PACKAGE_TEXTS] = {p->name,         p->version,
                                                    p->canonical,    p->title,
                                                    p->fhir_version, p->type,
                                                    p->head,         str_z(file_base(p->origin.p)),
                                                    str_z(digest),   p->part ? STR("part") : STR("")};
  struct compiled_package row = {.dependencies = {(uint32_t)m->dependencies.n, (uint32_t)p->dependencies.n},
                                 .items = {(uint32_t)m->items.n, (uint32_t)p->items.n}};
  for (size_t k = 0; k < COMPILED_PACKAGE_TEXTS; k++) row.text[k] = put(m, texts[k]);
  put_dependencies(m, p);
  put_items(m, p);
  VEC_PUSH(m->arena, &m->packages, row);
}

/* Behind all that is read to find a definition, so that finding it touches few pages. */
static void put_definitions(struct making *m, const struct book *b) {
  struct compiled_item *row = m->items.v;
  for (size_t i = 0; i < b->packages.n; i++) {
    const struct package *p = b->packages.v[i];
    for (size_t k = 0; k < p->items.n && !m->out->full; k++)
      (row++)->text[COMPILED_ITEM_TEXTS - 1] = put(m, p->items.v[k]->bytes);
  }
}

static void put_problems(struct making *m, const struct book *b) {
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  for (size_t i = 0; i < b->problems.n; i++) {
    error_format(&b->problems.v[i], text, sizeof text);
    VEC_PUSH(m->arena, &m->problems, put(m, str_z(text)));
  }
}

/* Facts have no snapshots: they are made here, once, instead of at each start. */
static const void *with_snapshot(struct book *b, struct package_item *item, struct structure *copy) {
  const struct elements *list;
  struct error e;
  struct structure *s = item->facts ? book_item_structure(b, item) : NULL;
  if (!s || s->snapshot.n || structure_snapshot(&list, b->arena, b, s, SNAPSHOT_PUBLISHED, &e)) return NULL;
  *copy = *s;
  copy->snapshot = *list;
  copy->generated = (struct elements){0};
  copy->generated_state = 0;
  return copy;
}

static struct compiled_ref put_image(struct making *m, struct book *b, struct package_item *item) {
  struct arena *own = arena_new(0);
  struct package_item copy = *item; /* what is made of it goes */
  struct structure whole;
  struct compiled_ref ref = {0, 0};
  for (enum image_kind kind = IMAGE_STRUCTURE; kind <= IMAGE_CODE_SYSTEM; kind++) {
    const void *definition = kind == IMAGE_STRUCTURE ? with_snapshot(b, item, &whole) : NULL;
    if (!definition) definition = book_make(&copy, kind, own);
    image_align(m->out);
    size_t at = m->out->n;
    if (definition && image_make(m->out, kind, definition))
      ref = (struct compiled_ref){(uint32_t)at, (uint32_t)(m->out->n - at)};
  }
  arena_free(own);
  return ref;
}

static void put_images(struct making *m, struct compiled_header *h, struct book *b) {
  VEC(struct compiled_ref) refs = {0};
  h->images_from = m->out->n;
  for (size_t i = 0; i < b->packages.n; i++) {
    const struct package *p = b->packages.v[i];
    for (size_t k = 0; k < p->items.n && !m->out->full; k++) VEC_PUSH(m->arena, &refs, put_image(m, b, p->items.v[k]));
  }
  h->images = put_rows(m, refs.v, refs.n, sizeof *refs.v);
}

/* The header, when all else is there. */
static void put_header(struct making *m, struct compiled_header *h, const char *key) {
  char digest[SHA256_HEX + 1];
  memcpy(h->magic, COMPILED_MAGIC, sizeof h->magic);
  h->version = COMPILED_VERSION;
  h->order = COMPILED_ORDER;
  h->size = m->out->n;
  sha256_hex(digest, str_sub(buf_str(m->out), sizeof *h, h->images_from));
  memcpy(h->key, key, SHA256_HEX);
  memcpy(h->digest, digest, SHA256_HEX);
  memcpy(m->out->p, h, sizeof *h);
}

int compiled_make(struct buf *out, struct book *b, const char key[SHA256_HEX + 1], struct error *e) {
  struct making m = {.arena = arena_new(0), .out = out};
  struct compiled_header h = {0};
  buf_add(out, (struct str){(const char *)&h, sizeof h});
  for (size_t i = 0; i < b->packages.n && !out->full; i++) {
    book_load(b, b->packages.v[i]);
    put_package(&m, b->packages.v[i]);
  }
  put_problems(&m, b);
  put_definitions(&m, b);
  h.packages = put_rows(&m, m.packages.v, m.packages.n, sizeof *m.packages.v);
  h.dependencies = put_rows(&m, m.dependencies.v, m.dependencies.n, sizeof *m.dependencies.v);
  h.items = put_rows(&m, m.items.v, m.items.n, sizeof *m.items.v);
  h.problems = put_rows(&m, m.problems.v, m.problems.n, sizeof *m.problems.v);
  put_images(&m, &h, b);
  int rc = out->full ? error_set(e, ERR_LIMIT, "the packages together have more than %zu bytes", out->max) : 0;
  if (!rc) put_header(&m, &h, key);
  arena_free(m.arena);
  return rc;
}
