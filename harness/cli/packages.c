#include "cli/packages.h"

#include <stdlib.h>

#include "base/file.h"
#include "fhir/facts.h"

#define STANDARDS_LIST_MAX ((size_t)1 << 20)

/* A folder of ours under the variable, else under the home folder; NULL if neither is set. */
static const char *own_dir(struct arena *a, const char *variable, const char *below, const char *below_home) {
  const char *set = getenv(variable), *home = getenv("HOME");
  if (set && *set) return file_join(a, set, below);
  return home && *home ? file_join(a, home, below_home) : NULL;
}

const char *packages_default_dir(struct arena *a) {
  return own_dir(a, "XDG_DATA_HOME", "testcamp/packages", ".local/share/testcamp/packages");
}

int packages_add(struct cli *c, struct book *b, const char *dir, char digest[SHA256_HEX + 1], struct error *e) {
  const struct error *problems;
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  const char *cache = own_dir(c->arena, "XDG_CACHE_HOME", "testcamp", ".cache/testcamp");
  if (digest) digest[0] = 0;
  size_t known = book_problems(&problems, b);
  if (cache ? book_add_compiled(b, dir, cache, digest, e) : book_add_folder(b, dir, e)) return -1;
  size_t n = book_problems(&problems, b);
  for (size_t i = known; i < n; i++) {
    error_format(&problems[i], text, sizeof text);
    log_say(&c->log, LOG_NORMAL, "%s; not used", text);
  }
  return 0;
}

/* The digest is over the files by name and bytes, in the order of the names. */
static int standards_digest(const char *dir, char digest[SHA256_HEX + 1], struct error *e) {
  struct arena *scratch = arena_new(0);
  struct buf all;
  char **names;
  size_t n;
  int result = file_list(&names, &n, scratch, dir, e);
  buf_init(&all, STANDARDS_LIST_MAX);
  for (size_t i = 0; i < n && !result; i++) {
    char one[SHA256_HEX + 1];
    struct str bytes;
    if (!str_ends(str_z(names[i]), STR(FACTS_SUFFIX))) continue;
    result = file_map(&bytes, scratch, file_join(scratch, dir, names[i]), FACTS_FILE_MAX, e);
    if (result) break;
    sha256_hex(one, bytes);
    buf_printf(&all, "%s %s\n", one, names[i]);
  }
  sha256_hex(digest, buf_str(&all));
  buf_release(&all);
  arena_free(scratch);
  return result;
}

int packages_add_standards(struct cli *c, struct book *b, const char *data_dir, char digest[SHA256_HEX + 1],
                           struct error *e) {
  const char *dir = file_join(c->arena, data_dir, FACTS_PACKAGES);
  if (digest && standards_digest(dir, digest, e)) return -1;
  return book_add_facts(b, dir, e);
}

bool packages_is_folder(struct arena *a, const char *path) {
  return file_exists(file_join(a, path, "package.json")) || file_exists(file_join(a, path, "package/package.json"));
}
