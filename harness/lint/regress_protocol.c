/* What a protocol brings: the steps that judge by profiles, and the messages that it sends. */
#include "base/clock.h"
#include "base/file.h"
#include "base/uuid.h"
#include "lint/lint.h"
#include "lint/regress_int.h"
#include "standards/catalogue.h"

#define FIXTURE_TEXT_MAX ((size_t)128 << 20)

/* --- messages ------------------------------------------------------------------ */

/* Names that only a run knows get a made value: an identifier, or a time. */
static struct str value_of(struct arena *a, struct str name, const struct facts *variables) {
  for (size_t i = 0; i < variables->list.n; i++)
    if (str_eq(variables->list.v[i].name, name)) return variables->list.v[i].value;
  if (str_starts(name, STR("now"))) return time_danish(a, CLOCK_LOGICAL_START);
  return uuid_derive(a, STR("regress"), 1, &name);
}

struct str regress_expand(struct arena *a, struct str text, const struct facts *variables) {
  struct buf b;
  buf_init(&b, FIXTURE_TEXT_MAX);
  while (text.n) {
    size_t open = str_find(text, STR("${"), 0), close = open == SIZE_MAX ? open : str_find(text, STR("}"), open);
    buf_add(&b, str_sub(text, 0, close == SIZE_MAX ? text.n : open));
    if (close == SIZE_MAX) break;
    buf_add(&b, value_of(a, str_sub(text, open + 2, close), variables));
    text = str_sub(text, close + 1, text.n);
  }
  return buf_take(&b, a);
}

/* ${from...} and ${to...} are the parties that the step says, else the first counterpart and the system. */
static void own_values(struct facts *out, struct arena *a, const struct step *s, const struct facts *variables) {
  static const char *const parties[][2] = {{"from.", "counterpart."}, {"to.", "vendor."}};
  facts_init(out, a);
  for (size_t i = 0; i < variables->list.n; i++) {
    const struct fact *f = &variables->list.v[i];
    facts_put(out, f->name, f->value);
    for (size_t k = 0; k < sizeof parties / sizeof *parties; k++)
      if (str_starts(f->name, str_z(parties[k][1])))
        facts_put(out,
                  arena_printf(a, "%s%.*s", parties[k][0], STR_F(str_sub(f->name, str_z(parties[k][1]).n, f->name.n))),
                  f->value);
  }
  for (NODE_EACH(w, node_child(s->args_node, "with"))) facts_put(out, w->name, regress_expand(a, w->text, variables));
}

/* A fault is made on purpose by `change`: such a message is left out. */
static int add_fixture(struct regress *r, const struct step *s, const struct facts *variables, const char *data_dir,
                       struct error *e) {
  struct str file = keys_text(s->args_node, "fixture"), bytes;
  struct facts own;
  if (!file.n || node_child(s->args_node, "change") || !file_name_is_inside(file)) return 0;
  struct arena *scratch = arena_new(0);
  const char *path = file_join(scratch, file_join(scratch, data_dir, "fixtures"), arena_z(scratch, file));
  own_values(&own, scratch, s, variables);
  int rc = file_read(&bytes, scratch, path, LINT_FIXTURE_MAX, e);
  if (!rc)
    regress_add(r, REGRESS_FIXTURE, arena_printf(scratch, "fixtures/%.*s (%.*s)", STR_F(file), STR_F(s->id)),
                (struct str){0}, regress_expand(scratch, bytes, &own));
  arena_free(scratch);
  return rc;
}

/* --- steps --------------------------------------------------------------------- */

/* The event of the message that a step calls name; empty if none gives it. */
static struct str event_of(const struct protocol *p, struct str name) {
  for (size_t i = 0; i < p->cases.n; i++)
    for (size_t k = 0; k < p->cases.v[i]->steps.n; k++) {
      const struct step *s = p->cases.v[i]->steps.v[k];
      if (s->args_node->kind != NODE_OBJECT || !str_eq(keys_text(s->args_node, "as"), name)) continue;
      if (str_starts(str_z(s->kind->word), STR("expect-ack"))) return STR("acknowledgement-message");
      return keys_text(s->args_node, "event");
    }
  return (struct str){0};
}

/* The profile that a validate step judges by; the same rule as in steps/validate.c. */
static struct str profile_of(const struct protocol *p, const struct step *s) {
  if (!str_eqz(str_z(s->kind->word), "validate") || s->args_node->kind != NODE_OBJECT) return (struct str){0};
  if (!str_eqz(keys_text(s->args_node, "level"), "profile")) return (struct str){0};
  struct str said = keys_text(s->args_node, "profile");
  const char *profile = profile_of_event(event_of(p, keys_text(s->args_node, "on")));
  return said.n || !profile ? said : str_z(profile);
}

int regress_add_protocol(struct regress *r, const struct protocol *p, const struct facts *variables,
                         const char *data_dir, struct error *e) {
  for (size_t i = 0; i < p->cases.n; i++)
    for (size_t k = 0; k < p->cases.v[i]->steps.n; k++) {
      const struct step *s = p->cases.v[i]->steps.v[k];
      struct str profile = profile_of(p, s);
      struct map *reach = profile.n ? regress_reach(r, &r->y, profile) : NULL;
      if (reach || s->verifies.n) VEC_PUSH(r->arena, &r->steps, ((struct regress_step){p, s, reach}));
      if (s->args_node->kind == NODE_OBJECT && add_fixture(r, s, variables, data_dir, e)) return -1;
    }
  return 0;
}
