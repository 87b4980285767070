/* The bytes of a message of the run, read again: the state holds digests only. */
#include "standards/skeleton.h"
#include "steps/steps_int.h"

int open_message(struct message *out, const struct step_view *v, const struct state_message *m, struct error *e) {
  struct str bytes;
  const struct step_services *s = v->services;
  if (s->blob(s->context, m->digest, v->scratch, &bytes, e) < 0) return -1;
  message_read_by(out, v->scratch, (struct source){m->id, bytes}, &(struct message_options){.letters = s->letters});
  return 0;
}

int open_groups(struct message *m, const struct step_view *v, struct error *e) {
  struct skeletons *skeletons;
  if (!m->interchange) return 0;
  if (skeletons_load(&skeletons, v->scratch, v->services->data_dir, e) < 0) return -1;
  return skeletons_regroup(skeletons, v->scratch, m->interchange, e);
}

struct str reference_id(struct str reference) {
  for (size_t i = reference.n; i > 0; i--)
    if (reference.p[i - 1] == '/' || reference.p[i - 1] == ':') return str_sub(reference, i, reference.n);
  return reference;
}

const struct node *entry_first(const struct node *bundle, const char *type) {
  for (NODE_EACH(entry, bundle)) {
    const struct node *r = str_eqz(entry->name, "entry") ? node_child(entry, "resource") : NULL;
    if (r && str_eqz(r->type, type)) return r;
  }
  return NULL;
}

/* "Organization/1" against an entry without looking at the server part of its fullUrl. */
static bool same_resource(const struct node *resource, struct str reference) {
  struct str id = node_text_at(resource, "id"), last = reference_id(reference);
  if (id.n == 0 || !str_eq(id, last)) return false;
  if (last.n == reference.n || reference.p[reference.n - last.n - 1] == ':') return true;
  return str_ends(str_sub(reference, 0, reference.n - last.n - 1), resource->type);
}

struct node *entry_of(const struct node *bundle, struct str reference) {
  if (reference.n == 0) return NULL;
  for (NODE_EACH(entry, bundle))
    if (str_eqz(entry->name, "entry") && str_eq(node_text_at(entry, "fullUrl"), reference)) return entry;
  for (NODE_EACH(entry, bundle)) {
    const struct node *r = str_eqz(entry->name, "entry") ? node_child(entry, "resource") : NULL;
    if (r && same_resource(r, reference)) return entry;
  }
  return NULL;
}
