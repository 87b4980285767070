#include "cli/compare.h"

#include "base/file.h"
#include "cli/present.h"
#include "steps/steps.h"

#define SHOWN 12 /* hex digits of a digest that tell it from others */

static void differs(struct cli *c, const char *en, const char *da, struct str theirs, struct str ours) {
  fprintf(c->out, c->danish ? "  %s: deres %.*s, her %.*s\n" : "  %s: theirs %.*s, here %.*s\n", c->danish ? da : en,
          STR_F(theirs), STR_F(ours));
}

static struct str cut(struct str digest) {
  return str_sub(digest, 0, SHOWN);
}

static struct protocol *read_protocol(struct session *s, const char *path) {
  struct error e;
  struct findings f;
  struct protocol *p;
  struct source src = {.name = str_z(path)};
  findings_init(&f, s->arena);
  if (file_read(&src.bytes, s->arena, path, PROTOCOL_BYTES_MAX, &e) < 0) return NULL;
  return protocol_read_beside(&p, s->arena, src, s->options.data_dir, step_kinds, &f) == 0 ? p : NULL;
}

/* Our own protocol of that id, among protocols/STANDARD/VERSION/FILE; NULL if we have none. */
static struct protocol *own_protocol(struct session *s, const char *dir, int depth, struct str id) {
  struct error e;
  char **names;
  size_t n;
  if (file_list(&names, &n, s->arena, dir, &e) < 0) return NULL;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(s->arena, dir, names[i]);
    struct protocol *p = NULL;
    if (depth > 0 && file_is_dir(path))
      p = own_protocol(s, path, depth - 1, id);
    else if (depth == 0 && str_ends(str_z(path), STR(".yaml")))
      p = read_protocol(s, path);
    if (p && str_eq(p->id, id)) return p;
  }
  return NULL;
}

static void compare_protocol(struct session *s, const struct seal_bundle *b) {
  struct arena *a = s->arena;
  const struct protocol *ours = own_protocol(s, file_join(a, s->options.data_dir, "protocols"), 2, b->protocol);
  struct str theirs = arena_printf(a, "%.*s %.*s", STR_F(b->protocol_version), STR_F(cut(b->protocol_digest)));
  if (!ours)
    differs(s->cli, "protocol", "protokol", theirs,
            s->cli->danish ? STR("ingen af det navn") : STR("none of that name"));
  else if (!str_eq(ours->digest, b->protocol_digest))
    differs(s->cli, "protocol", "protokol", theirs,
            arena_printf(a, "%.*s %.*s", STR_F(ours->version), STR_F(cut(ours->digest))));
}

void compare_versions(struct session *s, const struct seal_bundle *b) {
  struct str theirs = b->standards.n ? b->standards.v[b->standards.n - 1] : (struct str){0};
  struct str ours = str_z(s->options.standards.digest), program = str_z(s->cli->version);
  if (!str_eq(b->program, program)) differs(s->cli, "program", "program", b->program, program);
  if (!str_eq(theirs, ours)) differs(s->cli, "definitions", "definitioner", cut(theirs), cut(ours));
  compare_protocol(s, b);
}

void compare_verdicts(struct cli *c, const struct rejudge *r) {
  for (size_t i = 0; i < r->steps.n; i++) {
    const struct rejudged *x = &r->steps.v[i];
    if (x->before == x->after) continue;
    fprintf(c->out, c->danish ? "  teststep %.*s: deres %s, her %s\n" : "  step %.*s: theirs %s, here %s\n",
            STR_F(x->step->id), verdict_name(x->before), verdict_name(x->after));
    present_findings(c, c->out, &x->findings, "      ", c->colour_out);
  }
  fprintf(c->out,
          c->danish ? "  bedømt igen: %s, her %s; %zu af %zu teststep bedømmes anderledes\n"
                    : "  judged again: theirs %s, here %s; %zu of %zu steps have another verdict\n",
          verdict_name(r->before), verdict_name(r->after), r->differing, r->steps.n);
}
