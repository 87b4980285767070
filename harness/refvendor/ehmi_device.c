/* The client of EER, the endpoint register: each station's own device, looked up by its identifier when somebody says
 * so.
 *
 * What was found stays until something else is found: a device changes seldom. Where EER does not know it, or cannot be
 * reached, the operator is told, and messages go on as before. Use case 1 of dk.ehmi.eer 2.0.1-draft. */
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

/* Unreserved characters (RFC 3986, 2.3) stand for themselves. */
static struct str encoded(struct arena *a, struct str s) {
  struct buf b;
  buf_init(&b, 3 * s.n + 1);
  for (size_t i = 0; i < s.n; i++) {
    if (ascii_is_alnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '.' || s.p[i] == '_' || s.p[i] == '~')
      buf_byte(&b, s.p[i]);
    else
      buf_printf(&b, "%%%02X", (unsigned char)s.p[i]);
  }
  return buf_take(&b, a);
}

static void look_up(struct refvendor *v, enum refvendor_station at) {
  struct arena *a = arena_new(0);
  struct looking *l = ARENA_NEW(v->arena, struct looking);
  *l = (struct looking){v, at};
  bool named = rv_has(v, DEFECT_EER_ASKS_BY_NAME);
  const char *path =
      arena_printf(a, "/Device?%s=%.*s", named ? "device-name" : "identifier", STR_F(encoded(a, own_device(v, at)))).p;
  rv_ask(v, &(struct rv_ask){
                .url = rv_below(a, v->o->eer, path), .scope = STR(RV_EER_SCOPE), .done = on_reply, .payload = l});
  arena_free(a);
}

void rv_look_up_devices(struct refvendor *v) {
  v->ehmi.without_device = true;
  for (size_t i = 0; i < REFVENDOR_STATIONS_N; i++)
    if (v->o->stations[i]) look_up(v, (enum refvendor_station)i);
}
