#include "cli/publish.h"

#include "base/file.h"
#include "cli/shown.h"

#include <unistd.h>

int publish_prepare(const char *dir, struct error *e) {
  if (file_mkdirs(dir, e) < 0) return -1;
  if (access(dir, W_OK | X_OK) == 0) return 0;
  return error_set(e, ERR_IO, "the report folder %s cannot be written; choose another with --report", dir);
}

/* Names of files end at 255 bytes on most file systems. */
#define FOLDER_NAME_MAX 80

/* Letters, digits, '-' and '.' stay; everything else becomes '-'. The run's own folder below keeps cut names apart. */
static char *folder_name(struct arena *a, struct str name) {
  char *z = arena_z(a, str_sub(name, 0, name.n < FOLDER_NAME_MAX ? name.n : FOLDER_NAME_MAX));
  for (char *p = z; *p; p++) {
    bool keep = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '.';
    if (!keep) *p = '-';
  }
  return *z && *z != '.' ? z : "system";
}

static int write_format(struct cli *c, const struct record *r, const struct report_format *f, enum report_lang lang,
                        const char *dir, struct error *e) {
  struct buf b;
  buf_init(&b, REPORT_MAX);
  f->write(&b, r, lang);
  const char *path = file_join(c->arena, dir, report_file_name(c->arena, f, lang).p);
  int result = b.full ? error_set(e, ERR_LIMIT, "%s would be over %zu MB", path, REPORT_MAX >> 20)
                      : file_write(path, buf_str(&b), e);
  buf_release(&b);
  return result;
}

static int write_exchanges(struct session *s, const struct record *r, const char *dir, struct error *e) {
  const char *folder = file_join(s->arena, dir, "exchanges");
  if (file_mkdirs(folder, e) < 0) return -1;
  for (size_t i = 0; i < r->exchanges.n; i++) {
    const struct record_exchange *x = &r->exchanges.v[i];
    struct arena *a = arena_new(0);
    struct str bytes;
    struct error lost; /* the record tells of it */
    int result = 0;
    if (shown_exchange(s, x, a, &bytes, &lost))
      result = file_write(file_join(a, folder, report_exchange_file(a, x).p), bytes, e);
    arena_free(a);
    if (result < 0) return -1;
  }
  return 0;
}

int publish_run(struct session *s, struct run *run, const char *dir, const char **html, struct error *e) {
  struct record r;
  struct cli *c = s->cli;
  enum report_lang own = c->danish ? REPORT_DA : REPORT_EN;
  if (shown_document(s, run, &r, e) < 0) return -1;
  char *folder =
      file_join(c->arena, file_join(c->arena, dir, folder_name(c->arena, r.system)), arena_z(c->arena, r.run));
  if (file_mkdirs(folder, e) < 0 || write_exchanges(s, &r, folder, e) < 0) return -1;
  for (size_t i = 0; report_formats[i]; i++) {
    const struct report_format *f = report_formats[i];
    if (write_format(c, &r, f, REPORT_EN, folder, e) < 0) return -1;
    if (f->by_lang && write_format(c, &r, f, REPORT_DA, folder, e) < 0) return -1;
  }
  *html = file_join(c->arena, folder, report_file_name(c->arena, report_format_named(STR("html")), own).p);
  return 0;
}
