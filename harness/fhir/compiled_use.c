/* From the bytes of a compiled file to packages. Nothing in the file is believed before it is checked: once, on
 * opening. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "fhir/book_int.h"
#include "fhir/compiled_int.h"
#include "fhir/facts_int.h"

struct compiled {
  struct str bytes;
  int fd; /* the same bytes; -1: none */
  const struct compiled_header *header;
  const struct compiled_package *packages;
  const struct compiled_dependency *dependencies;
  const struct compiled_item *items;
  const struct compiled_ref *problems, *images;
};

/* What a package of a compiled file is loaded from. */
struct compiled_source {
  const struct compiled *file;
  const struct compiled_package *row;
};

/* --- checks --- */

static const void *rows(const struct compiled *c, struct compiled_rows r, size_t size) {
  bool sound = r.at % IMAGE_ALIGNMENT == 0 && r.at <= c->bytes.n && r.n <= (c->bytes.n - r.at) / size;
  return sound ? c->bytes.p + r.at : NULL;
}

static bool refs_are_sound(const struct compiled *c, const struct compiled_ref *refs, size_t n) {
  bool sound = true;
  for (size_t i = 0; i < n; i++) sound &= refs[i].at <= c->bytes.n && refs[i].n <= c->bytes.n - refs[i].at;
  return sound;
}

static bool is_part(struct compiled_rows part, struct compiled_rows all) {
  return part.at <= all.n && part.n <= all.n - part.at;
}

static bool packages_are_sound(const struct compiled *c) {
  for (size_t i = 0; i < c->header->packages.n; i++) {
    const struct compiled_package *p = &c->packages[i];
    if (!refs_are_sound(c, p->text, COMPILED_PACKAGE_TEXTS) || !is_part(p->items, c->header->items) ||
        !is_part(p->dependencies, c->header->dependencies))
      return false;
  }
  return true;
}

static bool rows_are_sound(struct compiled *c) {
  const struct compiled_header *h = c->header;
  c->packages = rows(c, h->packages, sizeof *c->packages);
  c->dependencies = rows(c, h->dependencies, sizeof *c->dependencies);
  c->items = rows(c, h->items, sizeof *c->items);
  c->problems = rows(c, h->problems, sizeof *c->problems);
  c->images = rows(c, h->images, sizeof *c->images);
  if (!c->packages || !c->dependencies || !c->items || !c->problems || !c->images) return false;
  if (h->images.n != h->items.n || !refs_are_sound(c, c->images, h->images.n)) return false;
  bool sound = packages_are_sound(c) && refs_are_sound(c, c->problems, h->problems.n);
  for (size_t i = 0; sound && i < h->dependencies.n; i++)
    sound = refs_are_sound(c, &c->dependencies[i].name, 1) && refs_are_sound(c, &c->dependencies[i].version, 1);
  for (size_t i = 0; sound && i < h->items.n; i++) sound = refs_are_sound(c, c->items[i].text, COMPILED_ITEM_TEXTS);
  return sound;
}

static bool header_is_sound(const struct compiled_header *h, size_t size, const char *key) {
  return !memcmp(h->magic, COMPILED_MAGIC, sizeof h->magic) && h->version == COMPILED_VERSION &&
         h->order == COMPILED_ORDER && h->size == size && !memcmp(h->key, key, SHA256_HEX) &&
         h->packages.n <= BOOK_PACKAGES_MAX;
}

/* --- packages --- */

static struct str text(const struct compiled *c, struct compiled_ref ref) {
  return (struct str){c->bytes.p + ref.at, ref.n};
}

static void add_package(struct book *b, const struct compiled *c, const struct compiled_package *row, const char *dir) {
  struct package *p = ARENA_NEW(b->arena, struct package);
  struct compiled_source *from = ARENA_NEW(b->arena, struct compiled_source);
  struct str *const to[COMPILED_PACKAGE_TEXTS - 3] = {&p->name,         &p->version, &p->canonical, &p->title,
                                                      &p->fhir_version, &p->type,    &p->head};
  *from = (struct compiled_source){c, row};
  for (size_t i = 0; i < COMPILED_PACKAGE_TEXTS - 3; i++) *to[i] = text(c, row->text[i]);
  p->origin = str_z(file_join(b->arena, dir, arena_z(b->arena, text(c, row->text[COMPILED_PACKAGE_TEXTS - 3]))));
  p->sha256 = text(c, row->text[COMPILED_PACKAGE_TEXTS - 2]);
  p->part = row->text[COMPILED_PACKAGE_TEXTS - 1].n != 0;
  p->arena = b->arena;
  p->compiled = from;
  map_init(&p->by_url, b->arena);
  for (uint32_t i = 0; i < row->dependencies.n; i++) {
    const struct compiled_dependency *d = &c->dependencies[row->dependencies.at + i];
    VEC_PUSH(b->arena, &p->dependencies, ((struct package_dependency){text(c, d->name), text(c, d->version)}));
  }
  book_put_package(b, p);
}

bool compiled_use(struct book *b, struct str bytes, int fd, const char key[SHA256_HEX + 1], const char *dir) {
  struct compiled *c = ARENA_NEW(b->arena, struct compiled);
  c->bytes = bytes;
  c->fd = fd;
  c->header = (const struct compiled_header *)(const void *)bytes.p;
  if (bytes.n < sizeof *c->header || !header_is_sound(c->header, bytes.n, key) || !rows_are_sound(c)) return false;
  for (size_t i = 0; i < c->header->packages.n; i++) add_package(b, c, &c->packages[i], dir);
  for (size_t i = 0; i < c->header->problems.n; i++) {
    struct error e = {0};
    struct str problem = text(c, c->problems[i]);
    error_set(&e, ERR_SYNTAX, "%.*s", STR_F(problem));
    book_problem(b, &e);
  }
  memcpy(b->digest, c->header->digest, SHA256_HEX);
  b->digest[SHA256_HEX] = 0;
  return true;
}

/* Copies n bytes from offset at of the file. */
static bool copy(const struct compiled *c, char *to, size_t n, size_t at) {
  if (c->fd < 0) {
    memcpy(to, c->bytes.p + at, n);
    return true;
  }
  while (n) {
    ssize_t got = pread(c->fd, to, n, (off_t)at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    n -= (size_t)got;
    at += (size_t)got;
  }
  return true;
}

void *compiled_definition(struct arena *a, enum image_kind kind, const struct package_item *item) {
  const struct package *p = item->package;
  if (!item->image.n || !p || !p->compiled) return NULL;
  const struct compiled *c = ((const struct compiled_source *)p->compiled)->file;
  char *bytes = arena_alloc(a, item->image.n);
  if (!copy(c, bytes, item->image.n, (size_t)(item->image.p - c->bytes.p))) return NULL;
  return image_open(a, kind, bytes, item->image.n, p);
}

void compiled_load(struct package *p) {
  const struct compiled_source *from = p->compiled;
  const struct compiled *c = from->file;
  size_t n = from->row->items.n;
  struct package_item *items = ARENA_ARRAY(p->arena, struct package_item, n);
  const struct facts_block *facts = p->head.n ? facts_head(p->arena, p->origin, p->head) : NULL;
  p->items.v = ARENA_ARRAY(p->arena, struct package_item *, n);
  p->items.cap = n;
  for (size_t i = 0; i < n; i++) {
    const struct compiled_ref *row = c->items[from->row->items.at + i].text;
    items[i] = (struct package_item){.type = text(c, row[0]),
                                     .url = text(c, row[1]),
                                     .version = text(c, row[2]),
                                     .id = text(c, row[3]),
                                     .file = text(c, row[4]),
                                     .supplements = text(c, row[5]),
                                     .bytes = text(c, row[6]),
                                     .image = text(c, c->images[from->row->items.at + i]),
                                     .facts = facts,
                                     .package = p};
    package_put_item(p, &items[i]);
  }
}
