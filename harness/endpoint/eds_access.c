/* Who sees what on EDS ("Sikkerhedsarkitektur EHMI services" 0.98, 7; ehmi.dk, EDS). The two do not say the same of
 * systems: the events of its own device, or all events of messages that it took part in. Both are shown. */
#include "endpoint/eds_int.h"
#include "validate/eds_event.h"

static struct node *stored(struct eds_caller *c, const struct rest_resource *r) {
  struct str bytes;
  struct error e;
  struct findings found;
  enum resource_form form;
  struct node *root;
  findings_init(&found, c->arena);
  if (c->ep->events.resource(c->ep->events.context, r->digest, c->arena, &bytes, &e) < 0) return NULL;
  return resource_read(&root, &form, c->arena, (struct source){STR("stored"), bytes}, &found) < 0 ? NULL : root;
}

/* The messages that its device reported, once for a request. */
static void look(struct eds_caller *c) {
  const struct rest_resource *list;
  size_t n = c->ep->events.resources(c->ep->events.context, &list);
  map_init(&c->messages, c->arena);
  c->looked = true;
  for (size_t i = 0; i < n; i++) {
    struct eds_event e;
    if (!eds_event_read(&e, stored(c, &list[i])) || !str_eq(e.device, c->guard.claims.device_id)) continue;
    if (e.entities[EDS_MESSAGE].id.n) (void)map_set(&c->messages, e.entities[EDS_MESSAGE].id, c);
  }
}

static bool is_party(const struct guard_claims *c, const struct eds_party *p) {
  for (size_t i = 0; i < c->orgs_n; i++)
    if ((p->sor.n && str_eq(c->orgs[i].sor, p->sor)) || (p->gln.n && str_eq(c->orgs[i].gln, eds_gln(p->gln))))
      return true;
  return false;
}

static bool system_sees(struct eds_caller *c, const struct eds_event *e) {
  const struct guard_claims *claims = &c->guard.claims;
  if (is_party(claims, &e->sender) || is_party(claims, &e->receiver)) return true;
  if (!claims->device_id.n) return false;
  if (str_eq(e->device, claims->device_id)) return true;
  if (!c->looked) look(c);
  return map_get(&c->messages, e->entities[EDS_MESSAGE].id) || map_get(&c->messages, e->entities[EDS_ORIG_MESSAGE].id);
}

bool eds_shows(void *caller, const struct node *resource) {
  struct eds_caller *c = caller;
  const struct guard_claims *claims = &c->guard.claims;
  struct eds_event e;
  if (!c->guarded) return true;
  if (!eds_event_read(&e, resource)) return false;
  if (claims->priv.n && claims->cvr.n) return true;
  if (claims->cpr.n) return str_eq(e.entities[EDS_PERSON].id, claims->cpr);
  return system_sees(c, &e);
}
