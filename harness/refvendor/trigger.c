/* POST /trigger: somebody tells the system what its user does. */
#include "formats/json.h"
#include "refvendor/ehmi.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MAX ((size_t)64 << 10)
#define RV_LAST_WORDS_MS INT64_C(30) /* for the answer to the one who has it killed */

/* A trigger that names a message which has not come yet. */
struct rv_pending {
  struct rv_pending *next;
  struct refvendor *v;
  struct http_request *request;
  struct loop_timer *timer;
};

struct str rv_call_text(const struct rv_call *c, const char *path) {
  return str_trim(node_text_at(c->json, path));
}

bool rv_call_is_true(const struct rv_call *c, const char *name) {
  return str_eqz(rv_call_text(c, name), "true");
}

void rv_call_refuse(struct rv_call *c, int status, struct str why) {
  c->status = status;
  c->error = why;
}

void rv_call_sent(struct rv_call *c, struct str header_id) {
  c->status = 200;
  if (c->sent_n < 2) c->sent[c->sent_n++] = header_id;
}

static bool is_gln(struct str s) {
  if (s.n != 13) return false;
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return true;
}

/* The message that was named; one of another standard is not what the action is for. */
static struct rv_letter *named_subject(struct rv_call *c, struct str id) {
  struct rv_letter *l = rv_letter_find(c->v, id);
  if (!l) c->error = arena_printf(c->a, "no message %.*s is known", STR_F(id));
  if (!l || !c->kind || l->kind == c->kind) return l;
  rv_call_refuse(c, 400, arena_printf(c->a, "message %.*s is no %s", STR_F(id), c->kind->event));
  return NULL;
}

struct rv_letter *rv_call_subject(struct rv_call *c, bool received) {
  static const char *const names[] = {"answers", "message", "to"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    struct str id = rv_without_urn(rv_call_text(c, names[i]));
    if (id.n == 0 || is_gln(id)) continue;
    return named_subject(c, id);
  }
  struct rv_letter *l = rv_letter_latest(c->v, c->kind, rv_call_text(c, "thread"), received);
  if (!l) c->error = STR("no message is there yet");
  return l;
}

struct refvendor_party rv_call_receiver(const struct rv_call *c) {
  struct refvendor_party p = {rv_call_text(c, "receiver.gln"), rv_call_text(c, "receiver.sor"),
                              rv_call_text(c, "receiver.name")};
  if (p.gln.n == 0) p.gln = rv_call_text(c, "forward-to");
  if (p.gln.n == 0 && is_gln(rv_call_text(c, "to"))) p.gln = rv_call_text(c, "to");
  if (p.gln.n == 0 && is_gln(rv_call_text(c, "receiver"))) p.gln = rv_call_text(c, "receiver");
  const struct refvendor_party *known = rv_party(c->v, p.gln);
  if (known && p.sor.n == 0) p.sor = known->sor;
  if (known && p.name.n == 0) p.name = known->name;
  return p;
}

struct refvendor_party rv_call_sender(const struct rv_call *c) {
  const struct refvendor_party *own = rv_own(c->v, rv_call_text(c, "sender"));
  return own ? *own : c->v->o->own;
}

static struct str or_z(struct str s, const char *otherwise) {
  return s.n ? s : str_z(otherwise);
}

struct rv_person rv_call_person(const struct rv_call *c) {
  return (struct rv_person){.cpr = or_z(rv_call_text(c, "patient.cpr"), "2512489996"),
                            .system = rv_call_text(c, "patient.system"),
                            .given = or_z(rv_call_text(c, "patient.given"), "Nanna"),
                            .family = or_z(rv_call_text(c, "patient.family"), "Prøveborg")};
}

bool rv_call_needs_receiver(struct rv_call *c, struct refvendor_party *p) {
  if (p->gln.n == 0 && c->v->book.n) *p = c->v->book.v[0];
  if (p->gln.n == 0)
    rv_call_refuse(c, 400, STR("who shall receive it? Give receiver {gln, sor, name}, or start with --partner"));
  else if (p->sor.n == 0)
    rv_call_refuse(
        c, 400, arena_printf(c->a, "%.*s is not in the address book: give receiver {gln, sor, name}", STR_F(p->gln)));
  return c->status == 0;
}

static void act_resend(struct rv_call *c) {
  struct rv_letter *l = rv_call_subject(c, false);
  if (!l) return;
  if (!l->own) {
    rv_call_refuse(c, 400, STR("only a message of our own can be sent again"));
    return;
  }
  rv_resend_letter(c->v, l);
  rv_call_sent(c, l->header_id);
}

static void act_ack(struct rv_call *c) {
  static const struct rv_problem by_hand = {
      STR_INIT("processing"), STR_INIT("http://hl7.org/fhir/ValueSet/operation-outcome"), STR_INIT("MSG_LOCAL_FAIL"),
      STR_INIT("Refused by the user. / Afvist af brugeren.")};
  struct rv_letter *l = rv_call_subject(c, true);
  struct str code = rv_call_text(c, "code");
  if (!code.n) code = STR("ok");
  if (!l) return;
  if (!str_eqz(code, "ok") && !str_eqz(code, "fatal-error") && !str_eqz(code, "transient-error")) {
    rv_call_refuse(c, 400, STR("code must be ok, fatal-error or transient-error"));
    return;
  }
  struct arena *a = c->v->arena;
  const struct node *root =
      rv_acknowledge(c->v, a, l->root, arena_str(a, code), str_eqz(code, "ok") ? NULL : &by_hand, (struct str){0});
  rv_send(c->v, &(struct rv_parcel){.root = root, .message_id = rv_id(c->v, a)}, 0);
  rv_call_sent(c, node_text_at(rv_resource(root, "MessageHeader"), "id"));
}

static void act_eds_retry(struct rv_call *c) {
  rv_queue_retry(c->v);
  c->status = 200;
}

static void act_look_up_device(struct rv_call *c) {
  if (!c->v->o->eer) {
    rv_call_refuse(c, 400, STR("there is no EER: start with --eer URL"));
    return;
  }
  if (!rv_has(c->v, DEFECT_EER_NEVER_ASKS)) rv_look_up_devices(c->v);
  c->status = 200;
}

static void act_break(struct rv_call *c) {
  c->v->broken = true;
  c->status = 200;
}

static void act_repair(struct rv_call *c) {
  c->v->broken = false;
  c->status = 200;
}

static void die(void *payload) {
  (void)payload;
  kill(getpid(), SIGKILL);
}

/* As if the power went: what it has not kept is gone. From now on it is deaf, but for this answer. */
static void act_kill(struct rv_call *c) {
  if (!c->v->o->keep) {
    rv_call_refuse(c, 409, STR("it would not come back: start it with --restarts, or with --keep and start it again"));
    return;
  }
  http_server_deafen(c->v->server);
  c->v->dying = true;
  loop_after(c->v->loop, RV_LAST_WORDS_MS, die, NULL);
  c->status = 200;
}

/* What can be done with messages of any standard. */
static const struct rv_action actions[] = {{"resend", act_resend},
                                           {"ack", act_ack},
                                           {"break", act_break},
                                           {"repair", act_repair},
                                           {"eds-retry", act_eds_retry},
                                           {"kill", act_kill},
                                           {"look-up-device", act_look_up_device},
                                           {"log-in", rv_user_log_in},
                                           {"status", rv_user_status},
                                           {0}};

static const struct rv_action *action_of(const struct rv_action *list, struct str name) {
  for (; list && list->name; list++)
    if (str_eqz(name, list->name)) return list;
  return NULL;
}

/* What there is instead of an action that nobody knows. */
static struct str action_names(const struct rv_call *c, const struct rv_kind *kind) {
  struct str all = {0};
  const struct rv_action *lists[] = {kind->actions, actions};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    for (const struct rv_action *x = lists[i]; x && x->name; x++) {
      bool last = i == 1 && !x[1].name;
      all = arena_printf(c->a, "%.*s%s%s", STR_F(all), !all.n ? "" : last ? " or " : ", ", x->name);
    }
  return all;
}

static void act(struct rv_call *c) {
  struct str name = rv_call_text(c, "action"), standard = rv_call_text(c, "standard");
  const struct rv_action *any = action_of(actions, name);
  const struct rv_kind *kind = standard.n ? rv_kind_named(standard) : rv_kinds[0];
  const struct rv_action *own = kind ? action_of(kind->actions, name) : NULL;
  if (standard.n || own) c->kind = kind;
  if (rv_has(c->v, DEFECT_REFUSES_TO_ACT))
    rv_call_refuse(c, 422, STR("nothing can be sent today"));
  else if (!kind)
    rv_call_refuse(c, 400, arena_printf(c->a, "unknown standard \"%.*s\"", STR_F(standard)));
  else if (own || any)
    (own ? own : any)->act(c);
  else
    rv_call_refuse(c, 400,
                   arena_printf(c->a, "unknown action \"%.*s\": %.*s", STR_F(name), STR_F(action_names(c, kind))));
}

static bool is_in(const char *const *list, struct str key) {
  for (; list && *list; list++)
    if (str_eqz(key, *list)) return true;
  return false;
}

static bool is_known(const struct rv_call *c, struct str key) {
  static const char *const keys[] = {"id",         "action",  "standard", "text",    "to",
                                     "answers",    "message", "thread",   "patient", "receiver",
                                     "forward-to", "code",    "sender",   "find",    NULL};
  return is_in(keys, key) || is_in((c->kind ? c->kind : rv_kinds[0])->keys, key);
}

static struct str answer_of(const struct rv_call *c) {
  struct buf out;
  struct json_writer w;
  buf_init(&out, ANSWER_MAX);
  json_writer_init(&w, &out, 0);
  json_begin_object(&w, NULL);
  if (c->error.n && c->status >= 400) json_put_str(&w, "error", c->error);
  json_begin_array(&w, "sent");
  for (size_t i = 0; i < c->sent_n; i++) json_put_str(&w, NULL, c->sent[i]);
  json_end(&w);
  json_begin_array(&w, "ignored");
  for (NODE_EACH(n, c->json))
    if (!is_known(c, n->name)) json_put_str(&w, NULL, n->name);
  json_end(&w);
  json_end(&w);
  return buf_take(&out, c->a);
}

/* The same trigger id is obeyed once; a second call gets the same answer. */
static void remember(struct rv_call *c, struct str answer) {
  struct str id = rv_call_text(c, "id");
  if (id.n == 0 || c->status != 200) return;
  struct str *kept = ARENA_NEW(c->v->arena, struct str);
  *kept = arena_str(c->v->arena, answer);
  map_set(&c->v->triggers, arena_str(c->v->arena, id), kept);
}

/* False if the message that it is about is not there yet. */
static bool obey(struct refvendor *v, struct http_request *r, bool last) {
  struct rv_call c = {.v = v, .a = r->arena};
  struct findings f;
  struct node *json = NULL;
  findings_init(&f, r->arena);
  if (json_read(&json, r->arena, (struct source){STR("trigger"), r->body}, &f) < 0) json = NULL;
  c.json = json;
  const struct str *before = json ? map_get(&v->triggers, rv_call_text(&c, "id")) : NULL;
  if (before) {
    http_reply(r, 200, "application/json", *before);
    return true;
  }
  if (!json || json->kind != NODE_OBJECT)
    rv_call_refuse(&c, 400, STR("the body must be a JSON object"));
  else
    act(&c);
  if (c.status == 0 && !last) return false;
  if (c.status == 0) c.status = 404;
  struct str answer = answer_of(&c);
  remember(&c, answer);
  rv_log(v, "trigger %.*s: HTTP %d %.*s", STR_F(rv_call_text(&c, "action")), c.status, STR_F(answer));
  http_reply(r, c.status, "application/json", answer);
  return true;
}

static void unlink_pending(struct rv_pending *p) {
  for (struct rv_pending **at = &p->v->pendings; *at; at = &(*at)->next) {
    if (*at != p) continue;
    *at = p->next;
    return;
  }
}

static void give_up(void *payload) {
  struct rv_pending *p = payload;
  p->timer = NULL;
  unlink_pending(p);
  (void)obey(p->v, p->request, true);
}

void rv_trigger(struct refvendor *v, struct http_request *r) {
  if (r->body_file) {
    http_reply(r, 413, "application/json", STR("{\"error\": \"the trigger is too large\"}"));
    return;
  }
  if (rv_rest_trigger(v, r) || obey(v, r, false)) return;
  struct rv_pending *p = ARENA_NEW(r->arena, struct rv_pending);
  *p = (struct rv_pending){.next = v->pendings, .v = v, .request = r};
  p->timer = loop_after(v->loop, RV_TRIGGER_WAIT_MS, give_up, p);
  v->pendings = p;
}

void rv_trigger_pending(struct refvendor *v) {
  for (struct rv_pending *next, *p = v->pendings; p; p = next) {
    struct loop_timer *timer = p->timer;
    next = p->next;
    unlink_pending(p);
    if (obey(v, p->request, false)) {
      loop_cancel(v->loop, timer);
    } else {
      p->next = v->pendings;
      v->pendings = p;
    }
  }
}

void rv_trigger_close(struct refvendor *v) {
  for (struct rv_pending *p = v->pendings; p; p = p->next) loop_cancel(v->loop, p->timer);
  v->pendings = NULL;
}
