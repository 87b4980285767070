/* A side: what X or Y stands for, and the examples that it came with. */
#include "lint/regress_int.h"

#include <string.h>

#include "base/file.h"
#include "formats/archive.h"
#include "formats/json.h"

#define FOLDER_BYTES_MAX ((size_t)1 << 30)
#define FOLDER_DEPTH_MAX 12
#define MANIFEST_MAX ((size_t)1 << 20)

/* --- a folder of resources becomes a package --------------------------------- */

/* In an IG build the definitions are in output/, or, of SUSHI alone, in fsh-generated/resources/. */
static const char *const inner_folders[] = {"output", "fsh-generated/resources", "resources"};

static const char *resources_in(struct arena *a, const char *dir) {
  char **names;
  size_t n;
  struct error e;
  for (size_t i = 0; i < sizeof inner_folders / sizeof *inner_folders; i++) {
    const char *inner = file_join(a, dir, inner_folders[i]);
    if (!file_is_dir(inner)) continue;
    if (file_list(&names, &n, a, inner, &e) == 0 && n) return inner;
  }
  return dir;
}

/* A part of an IG that is written into package.json; R4 ImplementationGuide. */
static void put_dependencies(struct json_writer *w, struct arena *a, const struct node *guide) {
  json_begin_object(w, "dependencies");
  bool core = false;
  for (NODE_EACH(c, guide)) {
    struct str name = node_text_at(c, "packageId"), version = node_text_at(c, "version");
    if (!str_eqz(c->name, "dependsOn") || !name.n || !version.n) continue;
    json_put_str(w, arena_z(a, name), version);
    core = core || str_eqz(name, "hl7.fhir.r4.core");
  }
  if (!core) json_put_z(w, "hl7.fhir.r4.core", "4.0.1");
  json_end(w);
}

struct folder {
  struct arena *arena;
  VEC(struct archive_file) files;
  const struct node *guide; /* the ImplementationGuide; NULL */
  size_t bytes;
};

/* "http://x/ig" of "http://x/ig/StructureDefinition/y" and the like: what stands before the type. */
static struct str base_of(struct str url) {
  size_t at = str_find(url, STR("/StructureDefinition/"), 0);
  return at == SIZE_MAX ? (struct str){0} : str_sub(url, 0, at);
}

static struct str canonical_of(const struct folder *f) {
  struct str url = node_text_at(f->guide, "url");
  size_t at = str_find(url, STR("/ImplementationGuide/"), 0);
  return at == SIZE_MAX ? url : str_sub(url, 0, at);
}

static struct str manifest_of(const struct folder *f, struct str canonical) {
  struct json_writer w;
  struct buf b;
  struct str name = node_text_at(f->guide, "packageId"), version = node_text_at(f->guide, "version");
  buf_init(&b, MANIFEST_MAX);
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_str(&w, "name", name.n ? name : STR("local.definitions"));
  json_put_str(&w, "version", version.n ? version : STR("0.0.0"));
  json_put_str(&w, "canonical", canonical);
  json_begin_array(&w, "fhirVersions");
  json_put_z(&w, NULL, "4.0.1");
  json_end(&w);
  put_dependencies(&w, f->arena, f->guide);
  json_end(&w);
  return buf_take(&b, f->arena);
}

static struct node *read_json(struct arena *a, struct str name, struct str bytes) {
  struct findings f;
  struct node *json;
  findings_init(&f, a);
  return json_read(&json, a, (struct source){name, bytes}, &f) == 0 ? json : NULL;
}

static bool is_definition(const struct node *json) {
  static const char *const kinds[] = {
      "StructureDefinition", "ValueSet",         "CodeSystem",          "ConceptMap",
      "NamingSystem",        "SearchParameter",  "OperationDefinition", "ImplementationGuide",
      "CapabilityStatement", "MessageDefinition"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (str_eqz(node_text_at(json, "resourceType"), kinds[i])) return true;
  return false;
}

static int take_file(struct folder *f, const char *dir, const char *name, struct str *canonical, struct error *e) {
  struct str bytes;
  if (file_read(&bytes, f->arena, file_join(f->arena, dir, name), REGRESS_INPUT_BYTES, e)) return -1;
  struct findings mistakes;
  struct node *json;
  findings_init(&mistakes, f->arena);
  if (json_read(&json, f->arena, (struct source){str_z(file_join(f->arena, dir, name)), bytes}, &mistakes))
    return findings_error(&mistakes, e);
  if (!node_text_at(json, "resourceType").n) return 0; /* of the build itself: qa.json, fragments */
  bool definition = is_definition(json);
  f->bytes += bytes.n;
  if (f->bytes > FOLDER_BYTES_MAX)
    return error_set(e, ERR_LIMIT, "%s holds more than %zu bytes", dir, FOLDER_BYTES_MAX);
  if (str_eqz(node_text_at(json, "resourceType"), "ImplementationGuide")) f->guide = json;
  if (!canonical->n) *canonical = base_of(node_text_at(json, "url"));
  struct str member = arena_printf(f->arena, "package/%s%s", definition ? "" : "example/", name);
  VEC_PUSH(f->arena, &f->files, ((struct archive_file){member, bytes}));
  return 0;
}

static int read_folder(struct folder *f, const char *dir, struct str *canonical, struct error *e) {
  char **names;
  size_t n;
  if (file_list(&names, &n, f->arena, dir, e)) return -1;
  if (n > REGRESS_FILES_MAX) return error_set(e, ERR_LIMIT, "%s has %zu files; at most %d", dir, n, REGRESS_FILES_MAX);
  for (size_t i = 0; i < n; i++)
    if (str_ends(str_z(names[i]), STR(".json")) && !str_eqz(str_z(names[i]), "package.json") &&
        take_file(f, dir, names[i], canonical, e))
      return -1;
  if (f->files.n == 0)
    return error_set(e, ERR_CONFIG, "%s holds no FHIR resources in JSON, and is no package; build the IG first", dir);
  return 0;
}

static int open_resources(struct package **out, struct arena *a, const char *what, struct error *e) {
  struct folder f = {.arena = a};
  struct str canonical = {0};
  struct buf b;
  const char *dir = resources_in(a, what);
  if (read_folder(&f, dir, &canonical, e)) return -1;
  if (f.guide) canonical = canonical_of(&f);
  VEC_ADD(a, &f.files);
  for (size_t i = f.files.n - 1; i > 0; i--) f.files.v[i] = f.files.v[i - 1];
  f.files.v[0] = (struct archive_file){STR("package/package.json"), manifest_of(&f, canonical)};
  buf_init(&b, PACKAGE_FILE_MAX);
  int rc = archive_pack(&b, f.files.v, f.files.n, e);
  struct source tgz = {arena_str(a, str_z(what)), rc ? (struct str){0} : arena_str(a, buf_str(&b))};
  buf_release(&b);
  return rc ? -1 : package_open_bytes(out, a, tgz, e);
}

/* --- sides -------------------------------------------------------------------- */

static bool is_package_folder(struct arena *a, const char *dir) {
  return file_exists(file_join(a, dir, "package.json")) || file_exists(file_join(a, dir, "package/package.json"));
}

int regress_side_put(struct str *spec, struct book *b, struct arena *a, const char *what, struct error *e) {
  struct package *p;
  struct str name, version;
  int rc;
  if (!file_exists(what)) {
    if (!package_spec_parse(str_z(what), &name, &version) || !version.n)
      return error_set(e, ERR_CONFIG, "\"%s\" is neither NAME@VERSION nor a .tgz file or folder that is there", what);
    *spec = arena_printf(a, "%.*s@%.*s", STR_F(name), STR_F(version));
    return 0;
  }
  if (file_is_dir(what) && !is_package_folder(a, what))
    rc = open_resources(&p, a, what, e);
  else
    rc = package_open(&p, a, what, e);
  if (rc) return -1;
  book_put_package(b, p);
  *spec = arena_printf(a, "%.*s@%.*s", STR_F(p->name), STR_F(p->version));
  return 0;
}

int regress_side_open(struct regress_side *out, struct arena *a, struct book *b, struct str spec,
                      const struct shapes *shapes, struct error *e) {
  struct str name, version;
  if (book_use(b, spec, e)) return -1;
  if (!package_spec_parse(spec, &name, &version)) BUG("a spec that was made here cannot be read");
  *out = (struct regress_side){.name = spec, .book = b, .package = book_package(b, name, version)};
  out->profiles = profile_cache_new(a, b, shapes);
  return package_load(out->package, e);
}

/* --- examples ------------------------------------------------------------------ */

struct examples {
  struct regress *r;
  const struct regress_side *side;
};

static bool is_example(void *context, struct str name) {
  (void)context;
  bool form = str_ends(name, STR(".json")) || str_ends(name, STR(".xml"));
  return form && str_starts(name, STR("package/example/")) && !str_ends(name, STR(".index.json"));
}

static bool is_message_file(struct arena *a, struct str name, struct str bytes) {
  if (!str_ends(name, STR(".json"))) return true;
  struct node *json = read_json(a, name, bytes);
  return !json || !is_definition(json);
}

static int take_example(void *context, struct str name, struct str bytes, struct error *e) {
  (void)e;
  struct examples *x = context;
  struct arena *scratch = arena_new(0);
  if (is_message_file(scratch, name, bytes))
    regress_add(x->r, REGRESS_EXAMPLE,
                arena_printf(scratch, "%.*s/%s", STR_F(x->side->name), file_base(arena_z(scratch, name))),
                (struct str){0}, bytes);
  arena_free(scratch);
  return 0;
}

int regress_add_examples(struct regress *r, const struct regress_side *side, struct error *e) {
  struct examples x = {r, side};
  static const struct archive_limits limits = {PACKAGE_MEMBER_MAX, PACKAGE_TOTAL_MAX, PACKAGE_MEMBERS_MAX};
  struct archive_visitor v = {limits, &x, is_example, take_example};
  const struct package *p = side->package;
  struct str bytes = p->tgz;
  const char *origin = arena_z(r->arena, p->origin);
  if (!bytes.n && p->origin.n && file_is_dir(origin)) {
    const char *inner = file_join(r->arena, origin, "package/example"), *flat = file_join(r->arena, origin, "example");
    if (file_is_dir(inner)) return regress_add_folder(r, inner, e);
    return file_is_dir(flat) ? regress_add_folder(r, flat, e) : 0;
  }
  if (!bytes.n && str_ends(p->origin, STR(".tgz")) && file_map(&bytes, r->arena, origin, PACKAGE_FILE_MAX, e))
    return -1;
  return bytes.n ? archive_each((struct source){p->origin, bytes}, &v, e) : 0;
}

static int add_file(struct regress *r, const char *path, struct str name, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct str bytes;
  int rc = file_read(&bytes, scratch, path, REGRESS_INPUT_BYTES, e);
  if (!rc && is_message_file(scratch, str_z(path), bytes))
    regress_add(r, REGRESS_EXAMPLE, name, (struct str){0}, bytes);
  arena_free(scratch);
  return rc;
}

static int add_below(struct regress *r, const char *dir, struct str prefix, int depth, struct error *e) {
  char **names;
  size_t n;
  if (depth > FOLDER_DEPTH_MAX)
    return error_set(e, ERR_LIMIT, "%s is more than %d folders deep", dir, FOLDER_DEPTH_MAX);
  if (file_list(&names, &n, r->arena, dir, e)) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(r->arena, dir, names[i]);
    struct str name = arena_printf(r->arena, "%.*s%s", STR_F(prefix), names[i]);
    bool form = str_ends(name, STR(".json")) || str_ends(name, STR(".xml"));
    int rc = file_is_dir(path) ? add_below(r, path, arena_printf(r->arena, "%.*s/", STR_F(name)), depth + 1, e)
             : form            ? add_file(r, path, name, e)
                               : 0;
    if (rc) return -1;
  }
  return 0;
}

int regress_add_folder(struct regress *r, const char *dir, struct error *e) {
  if (!file_is_dir(dir)) return error_set(e, ERR_IO, "%s is no folder", dir);
  return add_below(r, dir, (struct str){0}, 0, e);
}
