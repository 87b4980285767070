/* What the simulated FHIR server holds: a fold like everything else, so that a resumed run serves the same resources.
 */
#include "state/state_int.h"

/* Its number among the resources, counted from 1; 0: none has that id. */
static size_t last_with(const struct state *s, struct str id) {
  const size_t *number = map_get(&s->resource_ids, id);
  return number ? *number : 0;
}

const struct state_resource *state_resource_find(const struct state *s, struct str party, struct str type,
                                                 struct str id) {
  for (size_t i = last_with(s, id); i > 0; i = s->resources.v[i - 1].before) {
    const struct state_resource *x = &s->resources.v[i - 1];
    if (str_eq(x->party, party) && str_eq(x->type, type)) return x;
  }
  return NULL;
}

static struct state_resource *version_new(struct fold *f, struct str party, struct str type, struct str id) {
  const struct state_resource *before = state_resource_find(f->s, party, type, id);
  struct state_resource x = {.party = arena_str(f->s->arena, party),
                             .type = arena_str(f->s->arena, type),
                             .id = arena_str(f->s->arena, id),
                             .version = before ? before->version + 1 : 1,
                             .at = f->ev->at,
                             .seq = f->ev->seq,
                             .before = last_with(f->s, id)};
  size_t *number = map_get(&f->s->resource_ids, id);
  VEC_PUSH(f->s->arena, &f->s->resources, x);
  if (!number) {
    number = ARENA_NEW(f->s->arena, size_t);
    (void)map_set(&f->s->resource_ids, x.id, number);
  }
  *number = f->s->resources.n;
  return &f->s->resources.v[f->s->resources.n - 1];
}

/* What the server refused changes nothing. */
static bool is_done(const struct state_message *m) {
  struct str status = facts_get(&m->facts, "http.status");
  return m->outbound || (status.n == 3 && status.p[0] == '2');
}

/* What the server has from the start is no event: its first version is counted in that of the answer. 0: none. */
static int64_t version_told(const struct state_message *m) {
  int64_t n;
  return str_int(facts_get(&m->facts, "rest.version"), &n) ? n : 0;
}

void fold_resource(struct fold *f, const struct state_message *m) {
  static const struct {
    const char *interaction;
    bool gone;
  } rows[] = {{"preload", false}, {"create", false}, {"update", false}, {"delete", true}};
  struct str interaction = facts_get(&m->facts, "rest.interaction"), id = facts_get(&m->facts, "rest.id");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!str_eqz(interaction, rows[i].interaction) || !id.n || !is_done(m)) continue;
    struct str party = m->party, type = facts_get(&m->facts, "rest.type");
    const struct state_resource *before = state_resource_find(f->s, party, type, id);
    int64_t told = version_told(m);
    if (rows[i].gone && (before ? before->gone : !told)) continue;
    struct state_resource *x = version_new(f, party, type, id);
    if (told > x->version) x->version = told;
    x->gone = rows[i].gone;
    if (!x->gone) x->digest = m->payload.n ? m->payload : m->digest;
  }
}

int fold_removed(struct fold *f) {
  struct str party = event_get(f->ev, "party"), type = event_get(f->ev, "type"), id = event_get(f->ev, "id");
  if (!f->step) return misfit(f, "no such step");
  if (!state_resource_find(f->s, party, type, id)) return misfit(f, "no such resource");
  struct state_resource *x = version_new(f, party, type, id);
  x->gone = true;
  x->removed_by = f->step;
  return 0;
}
