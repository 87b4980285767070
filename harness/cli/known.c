#include "cli/known.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/present.h"
#include "cli/severity_file.h"
#include "validate/profile.h"

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

/* --- runs --------------------------------------------------------------------------- */

static void apply(void *context, struct profile_cache *profiles, struct findings *f, int64_t at) {
  known_issues_apply(context, f, profiles ? profile_cache_book(profiles) : NULL, at);
}

static struct facts facts_of(struct arena *a, const struct known_issue *x, int64_t at) {
  struct facts f;
  facts_init(&f, a);
  facts_put(&f, STR("id"), x->id);
  facts_put(&f, STR("rule"), x->rule);
  facts_put(&f, STR("profile"), x->profile);
  facts_put(&f, STR("element"), x->element);
  facts_put(&f, STR("constraint"), x->constraint);
  facts_put(&f, STR("package"), x->package);
  facts_put(&f, STR("effect"), str_z(known_effect_name(x->effect)));
  facts_put(&f, STR("reason.en"), x->reason.en);
  facts_put(&f, STR("reason.da"), x->reason.da);
  facts_put(&f, STR("by"), x->by);
  facts_put(&f, STR("expires"), x->expires);
  if (known_issue_expired(x, at)) facts_put(&f, STR("expired"), STR("true"));
  return f;
}

static void use(struct session *s, struct known_issues *k) {
  struct buf b;
  s->options.known = (struct run_known){0};
  if (!k->list.n) return;
  struct facts *list = ARENA_ARRAY(k->arena, struct facts, k->list.n);
  int64_t at = s->options.clock.logical ? s->options.clock.logical_now : clock_wall();
  for (size_t i = 0; i < k->list.n; i++) list[i] = facts_of(k->arena, &k->list.v[i], at);
  buf_init(&b, KNOWN_ISSUES_BYTES);
  known_issues_write(&b, k);
  s->options.known = (struct run_known){list, k->list.n, buf_take(&b, k->arena), apply, k};
}

static int add_tolerated(struct known_issues *k, const struct known_issues *shipped, const struct protocol *p,
                         struct error *e) {
  for (size_t i = 0; i < p->tolerate.n; i++) {
    const struct node *id = p->tolerate.v[i];
    const struct known_issue *x = known_issues_find(shipped, id->text);
    if (x) known_issues_add(k, x);
    if (!known_issues_find(k, id->text))
      return error_at(e, ERR_CONFIG, p->source.name, id->line, id->col,
                      "the protocol tolerates \"%.*s\", which is neither in " KNOWN_ISSUES_SHIPPED
                      " nor in a file given with --known-issues",
                      STR_F(id->text));
  }
  return 0;
}

int known_for_run(struct session *s, const struct known_issues *file, struct error *e) {
  const struct protocol *p = s->plan->protocol;
  if (severities_check(&p->severities, p->source.name, e) < 0) return -1;
  struct known_issues *k = ARENA_NEW(s->arena, struct known_issues), *shipped;
  *k = (struct known_issues){.arena = s->arena};
  for (size_t i = 0; file && i < file->list.n; i++) known_issues_add(k, &file->list.v[i]);
  if (p->tolerate.n) {
    if (known_issues_load(&shipped, s->arena, file_join(s->arena, s->options.data_dir, KNOWN_ISSUES_SHIPPED), e))
      return -1;
    if (add_tolerated(k, shipped, p, e)) return -1;
  }
  use(s, k);
  return 0;
}

int known_of_run(struct session *s, struct arena *a, struct source file, struct error *e) {
  struct known_issues *k;
  struct findings f;
  findings_init(&f, a);
  s->options.known = (struct run_known){0};
  if (!file.bytes.n) return 0;
  file.bytes = arena_str(a, file.bytes);
  if (known_issues_read(&k, a, file, &f)) return findings_error(&f, e);
  use(s, k);
  return 0;
}
