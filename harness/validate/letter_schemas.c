/* What a folder of schemas holds, as one digest: by it a run says which schemas its letters were judged by. */
#include "base/file.h"
#include "base/hash.h"
#include "validate/letter_shelf.h"

#define SCHEMA_BYTES_MAX ((size_t)4 << 20)
#define FILES_MAX 20000
#define DEPTH_MAX 8 /* MedCom's folders are three deep */

struct digesting {
  struct arena *arena;
  struct sha256 *hash;
  size_t files;
  struct error *e;
};

/* Name and content, each with its digest's fixed length, so that no two folders run together into the same bytes. */
static int add_file(struct digesting *d, const char *path, const char *name) {
  struct arena *own = arena_new(0);
  struct str bytes;
  char of_name[SHA256_HEX + 1], of_bytes[SHA256_HEX + 1];
  int code = ++d->files > FILES_MAX ? error_set(d->e, ERR_LIMIT, "there are more than %d schemas", FILES_MAX)
                                    : file_read(&bytes, own, path, SCHEMA_BYTES_MAX, d->e);
  if (code == 0) {
    sha256_hex(of_name, str_z(name));
    sha256_hex(of_bytes, bytes);
    sha256_add(d->hash, str_z(of_name));
    sha256_add(d->hash, str_z(of_bytes));
  }
  arena_free(own);
  return code;
}

static int add_folder(struct digesting *d, const char *dir, const char *name, int depth) {
  char **names;
  size_t n;
  if (depth > DEPTH_MAX) return error_set(d->e, ERR_LIMIT, "%s lies more than %d folders deep", name, DEPTH_MAX);
  if (file_list(&names, &n, d->arena, dir, d->e)) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(d->arena, dir, names[i]);
    const char *inner = *name ? file_join(d->arena, name, names[i]) : names[i];
    int code = 0;
    if (file_is_dir(path))
      code = add_folder(d, path, inner, depth + 1);
    else if (str_ends(str_z(names[i]), STR(".xsd")))
      code = add_file(d, path, inner);
    if (code < 0) return -1;
  }
  return 0;
}

int letter_schemas_digest(char out[SHA256_HEX + 1], const char *folder, struct arena *a, struct error *e) {
  struct digesting d = {.arena = a, .hash = sha256_new(), .e = e};
  int code = add_folder(&d, folder, "", 0);
  sha256_hex_free(d.hash, out);
  return code;
}
