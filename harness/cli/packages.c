#include "cli/packages.h"

#include <stdlib.h>

#include "base/file.h"
#include "fhir/facts.h"

/* A folder of ours under the variable, else under the home folder; NULL if neither is set. */
static const char *own_dir(struct arena *a, const char *variable, const char *below, const char *below_home) {
  const char *set = getenv(variable), *home = getenv("HOME");
  if (set && *set) return file_join(a, set, below);
  return home && *home ? file_join(a, home, below_home) : NULL;
}

const char *packages_default_dir(struct arena *a) {
  return own_dir(a, "XDG_DATA_HOME", "testcamp/packages", ".local/share/testcamp/packages");
}

static const char *cache_dir(struct arena *a) {
  return own_dir(a, "XDG_CACHE_HOME", "testcamp", ".cache/testcamp");
}

int packages_add_standards(struct cli *c, struct book *b, const char *data, char digest[SHA256_HEX + 1],
                           struct error *e) {
  return book_add_standards(b, file_join(c->arena, data, FACTS_PACKAGES), cache_dir(c->arena), digest, e);
}

int packages_add(struct cli *c, struct book *b, const char *dir, char digest[SHA256_HEX + 1], struct error *e) {
  const struct error *problems;
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  const char *cache = cache_dir(c->arena);
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

int packages_add_own(struct cli *c, struct book *b, const char *dir, struct error *e) {
  const char *kept = packages_default_dir(c->arena);
  char **names;
  size_t n = 0;
  if (dir) return packages_add(c, b, dir, NULL, e);
  if (!kept || !file_exists(kept)) return 0;
  if (file_list(&names, &n, c->arena, kept, e) < 0) return -1;
  return n ? packages_add(c, b, kept, NULL, e) : 0;
}

bool packages_check(struct cli *c, struct package *p) {
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  package_check(p);
  for (size_t i = 0; i < p->problems.n; i++) {
    error_format(&p->problems.v[i], text, sizeof text);
    log_say(&c->log, LOG_NORMAL, "%s; not used", text);
  }
  return !p->problems.n;
}

bool packages_is_folder(struct arena *a, const char *path) {
  return file_exists(file_join(a, path, "package.json")) || file_exists(file_join(a, path, "package/package.json"));
}
