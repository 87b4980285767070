/* The client of EER, the endpoint register: each station's own device, looked up by its identifier when somebody says
 * so.
 *
 * What was found stays until something else is found: a device changes seldom. Where EER does not know it, or cannot be
 * reached, the operator is told, and messages go on as before. Use case 1 of dk.ehmi.eer 2.0.1-draft. */
#include "base/percent.h"
#include "refvendor/ehmi.h"

#define INVENTED "refvendor-of-its-own"

/* Lives in the vendor's arena. */
struct looking {
  struct refvendor *v;
  enum refvendor_station at;
};

static struct str own_device(const struct refvendor *v, enum refvendor_station at) {
  struct str own = v->o->devices[at];
  return own.n ? own : STR("refvendor");
}

struct str rv_device(const struct refvendor *v, enum refvendor_station at) {
  struct str found = v->ehmi.devices[at];
  return found.n ? found : own_device(v, at);
}

/* The device_id of the first device that is in use; empty: there is none. */
static struct str device_in(struct arena *a, const struct rv_reply *r) {
  struct findings f;
  enum resource_form form;
  struct node *root;
  findings_init(&f, a);
  if (resource_read(&root, &form, a, (struct source){STR("EER"), r->body}, &f) < 0) return (struct str){0};
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    const struct node *d = node_child(e, "resource");
    if (d && str_eqz(d->type, "Device") && str_eqz(node_text_at(d, "status"), "active"))
      return node_text_at(d, "identifier.value");
  }
  return (struct str){0};
}

static void take(struct looking *l, struct arena *a, const struct rv_reply *r) {
  struct refvendor *v = l->v;
  struct str found = r->fate == RV_FINE ? device_in(a, r) : (struct str){0};
  if (found.n && rv_has(v, DEFECT_EER_IGNORES_ANSWER)) found = STR(INVENTED);
  if (found.n) {
    v->ehmi.devices[l->at] = arena_str(v->arena, found);
    v->ehmi.without_device = false;
    return;
  }
  struct str why = r->fate == RV_FINE ? STR("no such device is in use") : r->why;
  rv_screen(v, "EER says nothing of the device %.*s: %.*s", STR_F(own_device(v, l->at)), STR_F(why));
  if (r->fate != RV_LATER && rv_has(v, DEFECT_EER_INVENTS_DEVICE)) v->ehmi.devices[l->at] = STR(INVENTED);
}

static void on_reply(void *payload, const struct rv_reply *r) {
  struct arena *a = arena_new(0);
  take(payload, a, r);
  arena_free(a);
}

static void look_up(struct refvendor *v, enum refvendor_station at) {
  struct arena *a = arena_new(0);
  struct looking *l = ARENA_NEW(v->arena, struct looking);
  *l = (struct looking){v, at};
  bool named = rv_has(v, DEFECT_EER_ASKS_BY_NAME);
  struct str device = own_device(v, at);
  struct buf path;
  buf_init(&path, 3 * device.n + sizeof "/Device?device-name=");
  buf_printf(&path, "/Device?%s=", named ? "device-name" : "identifier");
  percent_encode(&path, device);
  rv_ask(v, &(struct rv_ask){.url = rv_below(a, v->o->eer, arena_z(a, buf_take(&path, a))),
                             .scope = STR(RV_EER_SCOPE),
                             .done = on_reply,
                             .payload = l});
  arena_free(a);
}

void rv_look_up_devices(struct refvendor *v) {
  v->ehmi.without_device = true;
  for (size_t i = 0; i < REFVENDOR_STATIONS_N; i++)
    if (v->o->stations[i]) look_up(v, (enum refvendor_station)i);
}
