#include "cli/known.h"

#include "base/file.h"
#include "cli/present.h"

static void tell_expired(struct cli *c, const struct known_issues *k, int64_t at) {
  for (size_t i = 0; i < k->list.n; i++) {
    const struct known_issue *x = &k->list.v[i];
    if (known_issue_expired(x, at))
      log_say(&c->log, LOG_NORMAL, "%.*s:%d: the known issue %.*s expired on %.*s and is not applied", STR_F(k->name),
              x->line, STR_F(x->id), STR_F(x->expires));
  }
}

int known_open(struct known_issues **out, struct cli *c, const char *file, int64_t at) {
  struct source src = {.name = str_z(file)};
  struct findings f;
  struct error e;
  findings_init(&f, c->arena);
  if (file_read(&src.bytes, c->arena, file, KNOWN_ISSUES_BYTES, &e)) return cli_fail(c, &e);
  if (known_issues_read(out, c->arena, src, &f)) {
    present_lines(c, c->err, &f, c->colour_err);
    return EXIT_USAGE;
  }
  tell_expired(c, *out, at);
  return EXIT_OK;
}
