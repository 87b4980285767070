/* The queue between the system and EDS: events go out one at a time and in order, and wait while EDS is not well. */
#include "base/clock.h"
#include "formats/json.h"
#include "refvendor/ehmi.h"

#define SAY_EVERY 20 /* attempts in vain between two lines on the screen */

struct rv_event {
  struct rv_event *next;
  struct refvendor *v;
  struct arena *arena; /* its own */
  struct str wire, subtype, recorded, scope, why;
  struct loop_timer *timer;
  int64_t attempts;
  bool busy;
};

static void pump(struct refvendor *v);

static struct rv_event *take(struct refvendor *v) {
  struct rv_event *x = v->ehmi.events;
  v->ehmi.events = x->next;
  x->next = NULL;
  x->busy = false;
  return x;
}

static int64_t patience(const struct rv_event *x) {
  int64_t ms = RV_RETRY_MS * x->attempts;
  if (ms > RV_PATIENCE_MAX_MS) ms = RV_PATIENCE_MAX_MS;
  ms = (int64_t)((double)ms / x->v->o->clock_scale);
  return ms > RV_PATIENCE_MIN_MS ? ms : RV_PATIENCE_MIN_MS;
}

static void on_timer(void *payload) {
  struct rv_event *x = payload;
  x->timer = NULL;
  x->busy = false;
  pump(x->v);
}

static void drop(struct rv_event *x) {
  take(x->v);
  arena_free(x->arena);
}

/* Defect: another time than that of what happened, of whole seconds, and never the same as before. */
static void disturb(struct rv_event *x) {
  struct refvendor *v = x->v;
  size_t at = str_find(x->wire, x->recorded, 0);
  if (!rv_has(v, DEFECT_EDS_RECORDED_LATE) || at == SIZE_MAX) return;
  struct str now = time_danish(x->arena, clock_stamp(&v->clock) + 999);
  x->wire = arena_printf(x->arena, "%.*s%.*s%.*s", (int)at, x->wire.p, STR_F(now),
                         STR_F(str_sub(x->wire, at + x->recorded.n, x->wire.n)));
  x->recorded = now;
}

static void wait_for(struct rv_event *x, struct str why) {
  struct refvendor *v = x->v;
  if (x->attempts++ % SAY_EVERY == 0) rv_screen(v, "EDS cannot be reached, events wait: %.*s", STR_F(why));
  if (rv_has(v, DEFECT_EDS_DROPS)) {
    drop(x);
    pump(v);
    return;
  }
  disturb(x);
  x->timer = loop_after(v->loop, patience(x), on_timer, x);
}

static void hold(struct rv_event *x, struct str why) {
  struct refvendor *v = x->v;
  struct rv_event **at = &v->ehmi.held;
  rv_screen(v, "EDS refused the event %.*s of %.*s: %.*s", STR_F(x->subtype), STR_F(x->recorded), STR_F(why));
  x->why = arena_str(x->arena, why);
  take(v);
  while (*at) at = &(*at)->next;
  *at = x;
  pump(v);
}

static void on_reply(void *payload, const struct rv_reply *r) {
  struct rv_event *x = payload;
  struct refvendor *v = x->v;
  if (r->fate == RV_FINE) {
    v->ehmi.reported++;
    drop(x);
    pump(v);
  } else if (r->fate == RV_LATER || rv_has(v, DEFECT_EDS_LOOPS)) {
    wait_for(x, r->why);
  } else {
    hold(x, r->why);
  }
}

static void pump(struct refvendor *v) {
  struct rv_event *x = v->ehmi.events;
  if (!x || x->busy || (v->ehmi.held && rv_has(v, DEFECT_EDS_STOPS))) return;
  x->busy = true;
  struct arena *a = arena_new(0);
  rv_ask(v, &(struct rv_ask){.url = rv_below(a, v->o->eds, "/AuditEvent"),
                             .body = x->wire,
                             .scope = x->scope,
                             .done = on_reply,
                             .payload = x});
  arena_free(a);
}

static struct str recorded_of(const struct refvendor *v, struct arena *a, struct str wire) {
  struct findings f;
  enum resource_form form;
  struct node *root;
  (void)v;
  findings_init(&f, a);
  if (resource_read(&root, &form, a, (struct source){STR("event"), wire}, &f) < 0) return (struct str){0};
  return node_text_at(root, "recorded");
}

void rv_queue_event(struct refvendor *v, struct refvendor_party org, struct str subtype, struct str wire) {
  struct arena *a = arena_new(0);
  struct rv_event *x = ARENA_NEW(a, struct rv_event), **at = &v->ehmi.events;
  *x = (struct rv_event){.v = v, .arena = a, .wire = arena_str(a, wire), .subtype = arena_str(a, subtype)};
  x->scope = rv_eds_scope(v, a, org);
  x->recorded = recorded_of(v, a, x->wire);
  if (rv_has(v, DEFECT_EDS_OUT_OF_ORDER) && *at && (*at)->busy) at = &(*at)->next; /* before all that waits */
  while (*at && !rv_has(v, DEFECT_EDS_OUT_OF_ORDER)) at = &(*at)->next;
  x->next = *at;
  *at = x;
  pump(v);
}

void rv_queue_retry(struct refvendor *v) {
  struct rv_event **at = &v->ehmi.events;
  while (*at) at = &(*at)->next;
  *at = v->ehmi.held;
  v->ehmi.held = NULL;
  pump(v);
}

static void show(struct json_writer *w, const char *name, const struct rv_event *x) {
  json_begin_array(w, name);
  for (; x; x = x->next) {
    json_begin_object(w, NULL);
    json_put_str(w, "subtype", x->subtype);
    json_put_str(w, "recorded", x->recorded);
    if (x->why.n) json_put_str(w, "why", x->why);
    json_end(w);
  }
  json_end(w);
}

void rv_queue_show(const struct refvendor *v, struct json_writer *w) {
  json_begin_object(w, "eds");
  json_put_int(w, "reported", (int64_t)v->ehmi.reported);
  show(w, "waiting", v->ehmi.events);
  show(w, "refused", v->ehmi.held);
  json_end(w);
}

static void free_all(struct refvendor *v, struct rv_event **list) {
  while (*list) {
    struct rv_event *x = *list;
    *list = x->next;
    if (x->timer) loop_cancel(v->loop, x->timer);
    arena_free(x->arena);
  }
}

void rv_queue_close(struct refvendor *v) {
  free_all(v, &v->ehmi.events);
  free_all(v, &v->ehmi.held);
}
