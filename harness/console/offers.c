#include "console/offers.h"

#include "base/file.h"
#include "base/hash.h"
#include "formats/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct kept {
  struct arena *arena;
  struct timespec changed;
  off_t size;
  bool good;
  struct offer entry;
};

struct offers {
  struct arena *arena;
  struct map by_path;
  struct offer **list;
  size_t n;
};

struct walk {
  struct arena *arena;
  const char *root; /* the data folder */
  VEC(struct str) files;
};

/* Folders are few and shallow: no deeper than this. */
#define DEPTH_MAX 6

static void walk(struct walk *w, struct str relative, int depth) {
  char **names;
  size_t n;
  struct error e;
  const char *dir = file_join(w->arena, w->root, arena_z(w->arena, relative));
  if (depth == DEPTH_MAX || file_list(&names, &n, w->arena, dir, &e) < 0) return;
  for (size_t i = 0; i < n && w->files.n < OFFERS_FILES_MAX; i++) {
    struct str path = arena_printf(w->arena, "%.*s/%s", STR_F(relative), names[i]);
    if (file_is_dir(file_join(w->arena, w->root, path.p)))
      walk(w, path, depth + 1);
    else if (str_ends(path, STR(".yaml")))
      VEC_PUSH(w->arena, &w->files, path);
  }
}

static void read_parties(struct offer *p, struct arena *a, const struct node *root) {
  for (NODE_EACH(c, node_at(root, "parties"))) VEC_PUSH(a, &p->parties, c->name.n ? c->name : node_text_at(c, "name"));
}

static void add_need(struct offer *p, struct arena *a, struct str when, struct protocol_text section) {
  struct str name = str_starts(when, STR("!")) ? str_sub(when, 1, when.n) : when;
  for (size_t i = 0; i < p->needs.n; i++)
    if (str_eq(p->needs.v[i].capability, name)) return;
  struct offer_need need = {name, section};
  if (name.n) VEC_PUSH(a, &p->needs, need);
}

/* As deep as the reader of YAML goes. */
static void read_needs(struct offer *p, struct arena *a, const struct node *n, struct protocol_text section) {
  if (node_child(n, "status"))
    section = (struct protocol_text){node_text_at(n, "title.en"), node_text_at(n, "title.da")};
  add_need(p, a, node_text_at(n, "when"), section);
  for (NODE_EACH(c, n))
    if (c->kind == NODE_OBJECT || c->kind == NODE_ARRAY) read_needs(p, a, c, section);
}

/* Files of fragments lie beside protocols, and have no id. */
static bool read_entry(struct offer *p, struct arena *a, const struct node *root) {
  p->id = node_text_at(root, "protocol");
  p->version = node_text_at(root, "version");
  p->role = node_text_at(root, "role");
  p->standard = node_text_at(root, "standard.name");
  p->danish = node_text_at(root, "standard.danish");
  p->standard_version = node_text_at(root, "standard.version");
  p->title = (struct protocol_text){node_text_at(root, "title.en"), node_text_at(root, "title.da")};
  read_parties(p, a, root);
  read_needs(p, a, node_child(root, "sections"), p->title);
  return p->id.n > 0;
}

static void read_file(struct console *c, struct kept *k, struct str path) {
  struct str bytes;
  struct error e;
  struct node *root = NULL;
  struct findings f;
  arena_reset(k->arena);
  k->entry = (struct offer){.path = arena_str(k->arena, path)};
  k->good = false;
  findings_init(&f, k->arena);
  if (file_read(&bytes, k->arena, offers_path(c, k->arena, path), OFFERS_BYTES_MAX, &e) < 0) return;
  sha256_hex(k->entry.digest, bytes);
  if (yaml_read(&root, k->arena, (struct source){path, bytes}, &f) < 0 || !root)
    log_say(&c->options.log, LOG_NORMAL, "console: %.*s is no YAML; testcamp lint tells more", STR_F(path));
  else
    k->good = read_entry(&k->entry, k->arena, root);
}

static struct kept *kept_of(struct console *c, struct str path) {
  struct offers *all = c->offers;
  struct kept *k = map_get(&all->by_path, path);
  struct arena *scratch = arena_new_small(0);
  struct stat st = {0};
  if (!k) {
    k = ARENA_NEW(all->arena, struct kept);
    *k = (struct kept){.arena = arena_new_small(0)};
    map_set(&all->by_path, arena_str(all->arena, path), k);
  }
  bool there = stat(offers_path(c, scratch, path), &st) == 0;
  if (!there || st.st_size != k->size || memcmp(&st.st_mtim, &k->changed, sizeof k->changed) != 0) {
    read_file(c, k, path);
    k->size = st.st_size, k->changed = st.st_mtim;
  }
  arena_free(scratch);
  return k;
}

void offers_protocols(struct console *c, struct offer ***out, size_t *n) {
  struct offers *all = c->offers;
  struct walk w = {.arena = arena_new(0), .root = c->options.data_dir};
  walk(&w, STR("protocols"), 0);
  all->list = realloc(all->list, (w.files.n + 1) * sizeof *all->list);
  if (!all->list) BUG("out of memory");
  all->n = 0;
  for (size_t i = 0; i < w.files.n; i++) {
    struct kept *k = kept_of(c, w.files.v[i]);
    if (k->good) all->list[all->n++] = &k->entry;
  }
  arena_free(w.arena);
  *out = all->list;
  *n = all->n;
}

const struct offer *offers_protocol(struct console *c, struct str id) {
  struct offer **list;
  size_t n;
  offers_protocols(c, &list, &n);
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i]->id, id)) return list[i];
  return NULL;
}

void offers_vendors(struct console *c, struct arena *a, struct str **out, size_t *n) {
  struct walk w = {.arena = a, .root = c->options.data_dir};
  walk(&w, STR("vendors"), 0);
  *out = w.files.v;
  *n = w.files.n;
}

const char *offers_path(struct console *c, struct arena *a, struct str relative) {
  return file_join(a, c->options.data_dir, arena_z(a, relative));
}

struct offers *offers_new(struct console *c) {
  struct offers *k = ARENA_NEW(c->arena, struct offers);
  *k = (struct offers){.arena = c->arena};
  map_init(&k->by_path, c->arena);
  return k;
}

void offers_free(struct offers *k) {
  for (size_t i = 0; i < k->by_path.n; i++) arena_free(((struct kept *)k->by_path.entries[i].value)->arena);
  free(k->list);
}
