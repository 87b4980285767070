#include "tests/fhir/packing.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/file.h"
#include "formats/archive.h"

#define PACKED_MAX ((size_t)16 << 20)

const char *shared_folder(void) {
  const char *set = getenv("TESTCAMP_SHARED");
  const char *dir = set ? set : TEST_ROOT "/../shared";
  return file_is_dir(dir) ? dir : NULL;
}

struct files {
  VEC(struct archive_file) list;
};

static struct str pack(struct arena *a, const struct files *f) {
  struct buf out;
  struct error e;
  buf_init(&out, PACKED_MAX);
  cr_assert_eq(archive_pack(&out, f->list.v, f->list.n, &e), 0, "%s", e.text);
  return buf_take(&out, a);
}

struct str packed_files(struct arena *a, const char *const *p) {
  struct files f = {0};
  for (; *p; p += 2) VEC_PUSH(a, &f.list, ((struct archive_file){str_z(p[0]), str_z(p[1])}));
  return pack(a, &f);
}

static struct str definition(struct arena *a, struct str line) {
  struct str type = str_cut(&line, ' '), url = str_cut(&line, ' '), version = str_cut(&line, ' ');
  if (str_eqz(version, "-"))
    return arena_printf(a, "{\"resourceType\": \"%.*s\", \"url\": \"%.*s\"}", STR_F(type), STR_F(url));
  return arena_printf(a, "{\"resourceType\": \"%.*s\", \"url\": \"%.*s\", \"version\": \"%.*s\"}", STR_F(type),
                      STR_F(url), STR_F(version));
}

struct str packed(struct arena *a, const char *manifest, const char *definitions) {
  struct files f = {0};
  struct str rest = str_z(definitions);
  VEC_PUSH(a, &f.list, ((struct archive_file){STR("package/package.json"), str_z(manifest)}));
  while (rest.n) {
    struct str name = arena_printf(a, "package/%zu.json", f.list.n);
    VEC_PUSH(a, &f.list, ((struct archive_file){name, definition(a, str_cut(&rest, '\n'))}));
  }
  return pack(a, &f);
}

struct package *package_of(struct arena *a, struct str tgz) {
  struct package *p = NULL;
  struct error e;
  cr_assert_eq(package_open_bytes(&p, a, (struct source){STR("x.tgz"), tgz}, &e), 0, "%s", e.text);
  return p;
}

static struct str manifest_of(struct arena *a, struct str line) {
  struct str version = str_cut(&line, ' '), name = str_cut(&version, '@');
  struct buf b;
  buf_init(&b, 10000);
  buf_printf(&b, "{\"name\":\"%.*s\",\"version\":\"%.*s\",\"canonical\":\"http://%.*s\",\"dependencies\":{",
             STR_F(name), STR_F(version), STR_F(name));
  for (size_t i = 0; line.n; i++) {
    struct str wanted = str_cut(&line, ' '), other = str_cut(&wanted, '@');
    buf_printf(&b, "%s\"%.*s\":\"%.*s\"", i ? "," : "", STR_F(other), STR_F(wanted));
  }
  buf_addz(&b, "}}");
  return buf_take(&b, a);
}

struct book *book_of(struct arena *a, const char *const *packages) {
  struct book *b = book_new(a);
  for (; *packages; packages += 2)
    book_put_package(b, package_of(a, packed(a, manifest_of(a, str_z(packages[0])).p, packages[1])));
  return b;
}
