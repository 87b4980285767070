#include "fhir/facts.h"

#include <string.h>

#include "base/file.h"
#include "fhir/book_int.h"
#include "fhir/facts_int.h"
#include "fhir/package_int.h"

struct adding {
  struct package *package;
  struct facts_file *file;
  struct package_item *item; /* the one whose lines are being passed */
  const char *begin;         /* of its lines */
  int line;
  struct error *e;
};

static int bad(struct adding *x, const char *what) {
  return error_at(x->e, ERR_SYNTAX, x->file->name, x->line ? x->line : 1, 1, "%s", what);
}

struct str facts_plain(struct arena *a, struct str written) {
  if (str_index(written, '\\') == SIZE_MAX) return written;
  char *to = arena_alloc(a, written.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < written.n; i++) {
    char c = written.p[i];
    if (c == '\\' && i + 1 < written.n) {
      c = written.p[++i];
      c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    }
    to[n++] = c;
  }
  return (struct str){to, n};
}

bool facts_canonical(struct str *out, struct arena *a, const struct facts_file *file, struct str written) {
  *out = written;
  if (!written.n) return true;
  if (written.p[0] == '=') {
    *out = str_sub(written, 1, written.n);
  } else if (written.p[0] == '$') {
    struct str rest = written, key = str_cut(&rest, '/');
    for (size_t i = 0; i < file->n; i++) {
      if (!str_eq(file->prefixes[i].key, key)) continue;
      *out = arena_printf(a, "%.*s%.*s", STR_F(file->prefixes[i].url), STR_F(rest));
      return true;
    }
    return false;
  } else if (str_index(written, ':') == SIZE_MAX) {
    *out = arena_printf(a, FACTS_BASE_TYPES "%.*s", STR_F(written));
  }
  return true;
}

/* --- lines of the head --- */

static int read_package(struct adding *x, struct str rest) {
  struct package *p = x->package;
  struct str *const to[] = {&p->name, &p->version, &p->canonical, &p->fhir_version, &p->type};
  for (size_t i = 0; i < sizeof to / sizeof *to; i++) *to[i] = str_cut(&rest, '\t');
  return p->name.n && p->version.n ? 0 : bad(x, "a package needs a name and a version");
}

static int read_depends(struct adding *x, struct str rest) {
  struct str name = str_cut(&rest, '\t');
  VEC_PUSH(x->package->arena, &x->package->dependencies, ((struct package_dependency){name, rest}));
  return 0;
}

static int read_part(struct adding *x, struct str rest) {
  x->package->part = true;
  return rest.n ? bad(x, "more than a word") : 0;
}

static int read_prefix(struct adding *x, struct str rest) {
  struct facts_file *f = x->file;
  if (f->n == FACTS_PREFIXES_MAX) return bad(x, "too many prefixes");
  struct str key = str_cut(&rest, '\t');
  f->prefixes[f->n++] = (struct facts_prefix){key, rest};
  return 0;
}

/* --- definitions: only where they begin --- */

/* The value of the field "key=" in what is left of a line. */
static struct str field(struct arena *a, struct str rest, struct str key) {
  while (rest.n) {
    struct str one = str_cut(&rest, '\t');
    if (str_starts(one, key)) return facts_plain(a, str_sub(one, key.n, one.n));
  }
  return (struct str){0};
}

static int begin(struct adding *x, const char *type, struct str rest) {
  struct arena *a = x->package->arena;
  struct package_item *item = ARENA_NEW(a, struct package_item);
  struct facts_block *block = ARENA_NEW(a, struct facts_block);
  struct str url = facts_plain(a, str_cut(&rest, '\t')), supplements;
  struct str version = field(a, rest, STR("version=")), id = field(a, rest, STR("id="));
  *block = (struct facts_block){.file = x->file, .line = x->line};
  *item = (struct package_item){.type = str_z(type), .package = x->package, .facts = block};
  if (!facts_canonical(&item->url, a, x->file, url) ||
      !facts_canonical(&supplements, a, x->file, field(a, rest, STR("supplements="))))
    return bad(x, "a prefix that the head does not have");
  if (!item->url.n) return bad(x, "a definition needs a URL");
  size_t slash = item->url.n;
  while (slash && item->url.p[slash - 1] != '/') slash--;
  item->version = version.n ? version : x->package->version;
  item->id = id.n ? id : str_sub(item->url, slash, item->url.n);
  item->file = arena_printf(a, "package/%s-%.*s.json", type, STR_F(item->id));
  item->supplements = supplements;
  x->item = item;
  return 0;
}

static int read_structure(struct adding *x, struct str rest) {
  return begin(x, "StructureDefinition", rest);
}

static int read_value_set(struct adding *x, struct str rest) {
  return begin(x, "ValueSet", rest);
}

static int read_code_system(struct adding *x, struct str rest) {
  return begin(x, "CodeSystem", rest);
}

static int read_status(struct adding *x, struct str rest) {
  x->file->status = rest;
  return 0;
}

static int read_version(struct adding *x, struct str rest) {
  return str_eqz(rest, FACTS_VERSION) ? 0 : bad(x, "facts of another version than " FACTS_VERSION);
}

static const struct {
  struct str word;
  int (*read)(struct adding *x, struct str rest);
  bool is_definition;
} words[] = {
    {STR_INIT("structure"), read_structure, true},    {STR_INIT("valueset"), read_value_set, true},
    {STR_INIT("codesystem"), read_code_system, true}, {STR_INIT("facts"), read_version, false},
    {STR_INIT("package"), read_package, false},       {STR_INIT("depends"), read_depends, false},
    {STR_INIT("prefix"), read_prefix, false},         {STR_INIT("status"), read_status, false},
    {STR_INIT("extension"), read_structure, true},    {STR_INIT("part"), read_part, false},
};

/* What belongs to the definition before begins with something else than a letter. */
static bool is_inner(struct str line) {
  return !line.n || line.p[0] < 'a' || line.p[0] > 'z';
}

static void end_item(struct adding *x, const char *end) {
  if (!x->item) return;
  x->item->bytes = (struct str){x->begin, (size_t)(end - x->begin)};
  package_put_item(x->package, x->item);
  x->item = NULL;
}

static int read_line(struct adding *x, struct str facts, struct str line) {
  struct str rest = line, word = str_cut(&rest, '\t');
  if (is_inner(line))
    return x->item || !line.n || line.p[0] == '#' ? 0 : bad(x, "a line that belongs to no definition");
  end_item(x, line.p);
  x->begin = line.p;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!str_eq(words[i].word, word)) continue;
    if (words[i].is_definition && !x->package->name.n) return bad(x, "a definition before the package");
    if (words[i].is_definition && !x->package->head.n) x->package->head = str_sub(facts, 0, (size_t)(line.p - facts.p));
    return words[i].read(x, rest);
  }
  return bad(x, "a word that facts do not have");
}

static int read_lines(struct adding *x, struct arena *a, struct source facts) {
  struct str rest = facts.bytes;
  x->package = ARENA_NEW(a, struct package);
  x->file = ARENA_NEW(a, struct facts_file);
  x->file->status = STR("active");
  x->file->name = arena_str(a, facts.name);
  x->package->arena = a;
  x->package->origin = x->file->name;
  x->package->loaded = true;
  map_init(&x->package->by_url, a);
  while (rest.n) {
    x->line++;
    if (read_line(x, facts.bytes, str_cut(&rest, '\n'))) return -1;
  }
  end_item(x, facts.bytes.p + facts.bytes.n);
  return x->package->name.n ? 0 : bad(x, "facts without a package");
}

const struct facts_block *facts_head(struct arena *a, struct str name, struct str head) {
  struct error e;
  struct adding x = {.e = &e};
  struct facts_block *block = ARENA_NEW(a, struct facts_block);
  if (read_lines(&x, a, (struct source){name, head})) return NULL;
  *block = (struct facts_block){x.file, 0};
  return block;
}

int book_add_facts_bytes(struct book *b, struct source facts, struct error *e) {
  struct adding x = {.e = e};
  if (read_lines(&x, b->arena, facts)) return -1;
  book_put_package(b, x.package);
  return 0;
}

int book_add_facts(struct book *b, const char *dir, struct error *e) {
  char **names;
  size_t n;
  if (file_list(&names, &n, b->arena, dir, e)) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(b->arena, dir, names[i]);
    struct str bytes;
    if (!str_ends(str_z(names[i]), STR(FACTS_SUFFIX))) continue;
    if (file_map(&bytes, b->arena, path, FACTS_FILE_MAX, e)) return -1;
    if (book_add_facts_bytes(b, (struct source){str_z(path), bytes}, e)) return -1;
  }
  return 0;
}
