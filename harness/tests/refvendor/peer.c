#include "peer.h"

#include "base/file.h"
#include "base/uuid.h"
#include "envelope/vans.h"
#include "fhir/shapes.h"

#include <criterion/criterion.h>
#include <string.h>

#define BODY_MAX ((size_t)8 << 20)
#define TURN_MS 20

static void on_request(void *payload, struct http_request *r) {
  struct peer *p = payload;
  struct message *m = ARENA_NEW(p->arena, struct message);
  message_read(m, p->arena, (struct source){STR("from the vendor"), arena_str(p->arena, r->body)});
  VEC_PUSH(p->arena, &p->got, m);
  http_reply(r, 202, "text/plain", STR("thanks"));
}

void peer_init(struct peer *p) {
  struct error e;
  struct http_handler handler = {.request = on_request, .payload = p};
  *p = (struct peer){.arena = arena_new(0)};
  cr_assert_eq(loop_open(&p->loop, &e), 0, "%s", e.text);
  cr_assert_eq(http_server_open(&p->server, p->loop, "127.0.0.1:0", ".", &handler, &e), 0, "%s", e.text);
  cr_assert_eq(http_client_open(&p->client, p->loop, &e), 0, "%s", e.text);
  cr_assert_eq(shapes_read(&p->shapes, p->arena, TEST_ROOT, &e), 0, "%s", e.text);
  refvendor_options_init(&p->options);
  p->options.to = arena_printf(p->arena, "%s/in", http_server_url(p->server)).p;
  p->options.data_dir = TEST_ROOT;
  p->options.seed = STR("test");
  p->options.late_ms = 1000;
}

void peer_defect(struct peer *p, const char *name) {
  struct error e;
  struct declared_list *l = ARENA_NEW(p->arena, struct declared_list);
  int wire = defect_find(str_z(name));
  if (wire >= 0) {
    p->options.defects[wire] = true;
    return;
  }
  cr_assert_eq(declared_read(l, p->arena, TEST_ROOT, &e), 0, "%s", e.text);
  const struct declared *d = declared_find(l, str_z(name));
  cr_assert_not_null(d, "there is no defect %s", name);
  VEC_PUSH(p->arena, &p->options.declared, d);
}

void peer_start(struct peer *p) {
  struct error e;
  cr_assert_eq(refvendor_open(&p->vendor, p->loop, &p->options, &e), 0, "%s", e.text);
}

void peer_close(struct peer *p) {
  if (p->vendor) refvendor_close(p->vendor);
  http_client_close(p->client);
  http_server_close(p->server);
  loop_close(p->loop);
  arena_free(p->arena);
}

static void on_answer(void *payload, const struct http_answer *answer) {
  struct peer *p = payload;
  p->answered = true;
  p->status = answer->status;
  p->body = arena_str(p->arena, answer->body);
}

int peer_call(struct peer *p, const char *method, const char *path, struct str body) {
  int64_t until = clock_monotonic() + 2 * PEER_WAIT_MS;
  const char *url = arena_printf(p->arena, "%s%s", refvendor_url(p->vendor), path).p;
  p->answered = false;
  http_send(p->client, method, url, "application/octet-stream", body, 0, on_answer, p);
  while (!p->answered && clock_monotonic() < until) loop_turn(p->loop, 50);
  cr_assert(p->answered, "no answer to %s %s", method, path);
  return p->status;
}

int peer_post(struct peer *p, const char *path, struct str body) {
  return peer_call(p, "POST", path, body);
}

int peer_trigger(struct peer *p, const char *json) {
  char *text = arena_z(p->arena, str_z(json));
  for (char *c = text; *c; c++)
    if (*c == '\'') *c = '"';
  return peer_call(p, "POST", "/trigger", str_z(text));
}

struct str peer_state(struct peer *p) {
  cr_assert_eq(peer_call(p, "GET", "/state", STR("")), 200);
  return p->body;
}

static bool turn_is_idle(struct loop *l) {
  int64_t began = clock_monotonic();
  loop_turn(l, TURN_MS);
  return clock_monotonic() - began >= TURN_MS - 1;
}

void peer_turns(struct peer *p, const size_t *n, size_t count, int64_t ms) {
  int64_t idle = 0, end = clock_monotonic() + ms + PEER_WAIT_MS;
  while (*n < count && idle < ms && clock_monotonic() < end)
    if (turn_is_idle(p->loop)) idle += TURN_MS;
}

struct message *peer_await(struct peer *p, size_t n, int64_t ms) {
  peer_turns(p, &p->got.n, n, ms);
  return p->got.n < n ? NULL : p->got.v[n - 1];
}

static struct str value_of(struct peer *p, struct str name, const char *label) {
  static const char *const values[][2] = {{"from.gln", PEER_GLN},
                                          {"from.sor", PEER_SOR},
                                          {"from.organisation", "Kommunen"},
                                          {"to.gln", OWN_GLN},
                                          {"to.sor", "8888011000016005"},
                                          {"to.organisation", "Lægehuset"},
                                          {"yder", "099018"},
                                          {"initials", "LGE"},
                                          {"counterpart.2.gln", OTHER_GLN},
                                          {"counterpart.2.sor", "8888031000016004"},
                                          {"counterpart.2.organisation", "Sygehuset"},
                                          {"person.cpr", "2512489996"},
                                          {"person.given", "Nanna"},
                                          {"person.family", "Prøveborg"},
                                          {"person.birth-date", "1948-12-25"},
                                          {"person.gender", "female"}};
  if (str_starts(name, STR("uuid:")) || str_eqz(name, "bundle") || str_eqz(name, "header")) {
    struct str parts[] = {name};
    return uuid_derive(p->arena, str_z(label), 1, parts);
  }
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    if (str_eqz(name, values[i][0])) return str_z(values[i][1]);
  return STR("2026-01-05T09:30:00+01:00"); /* now, now-2 h, written */
}

static struct str filled(struct peer *p, struct str text, const char *label) {
  struct buf out;
  buf_init(&out, BODY_MAX);
  while (text.n) {
    size_t at = str_find(text, STR("${"), 0), end = at == SIZE_MAX ? at : str_find(text, STR("}"), at);
    buf_add(&out, str_sub(text, 0, at));
    if (at == SIZE_MAX) break;
    buf_add(&out, value_of(p, str_sub(text, at + 2, end), label));
    text = str_sub(text, end + 1, text.n);
  }
  return buf_take(&out, p->arena);
}

struct str peer_fixture(struct peer *p, const char *name, const char *label, enum resource_form form) {
  const char *folder = strchr(name, '/') ? "" : "carecommunication/";
  const char *path = arena_printf(p->arena, "%s/fixtures/%s%s", TEST_ROOT, folder, name).p;
  struct str text;
  struct error e;
  struct findings f;
  struct node *root;
  enum resource_form was;
  struct buf out;
  cr_assert_eq(file_read(&text, p->arena, path, BODY_MAX, &e), 0, "%s", e.text);
  text = filled(p, text, label);
  if (form == RESOURCE_JSON) return text;
  findings_init(&f, p->arena);
  cr_assert_eq(resource_read(&root, &was, p->arena, (struct source){str_z(name), text}, &f), 0);
  buf_init(&out, BODY_MAX);
  resource_write(&out, root, form, p->shapes, 0);
  return buf_take(&out, p->arena);
}

struct str peer_wrap(struct peer *p, struct str payload, const char *envelope_id) {
  struct str parts[] = {arena_printf(p->arena, "%zu", ++p->ids)};
  bool xml = payload.n && payload.p[0] == '<';
  struct envelope env = {0};
  struct envelope_payload facts = {.format = STR("HL7"),
                                   .name = STR("MCM:FDIS91#other"),
                                   .version = STR("5.0"),
                                   .mime = str_z(resource_mime(xml ? RESOURCE_XML : RESOURCE_JSON))};
  struct buf out;
  vans_describe(&env, &facts, payload, "manual");
  env.sender_type = env.receiver_type = STR("EAN");
  env.sender = STR(PEER_GLN);
  env.receiver = STR(OWN_GLN);
  env.id = envelope_id ? str_z(envelope_id) : uuid_derive(p->arena, STR("envelope"), 1, parts);
  env.meta.id = env.id;
  env.sent = STR("2026-01-05T09:30:00+01:00");
  buf_init(&out, BODY_MAX);
  vans_kind.write(&out, &env);
  return buf_take(&out, p->arena);
}

struct str peer_ack(struct peer *p, struct str header_id, const char *code, const char *own_header_id) {
  struct str json = arena_printf(
      p->arena,
      "{\"resourceType\":\"Bundle\",\"id\":\"b-%s\",\"type\":\"message\",\"timestamp\":\"2026-01-05T09:30:00+01:00\","
      "\"entry\":[{\"fullUrl\":\"https://peer.example/MessageHeader/%s\",\"resource\":{\"resourceType\":"
      "\"MessageHeader\",\"id\":\"%s\",\"eventCoding\":{\"code\":\"acknowledgement-message\"},\"source\":{\"endpoint\":"
      "\"https://peer.example\"},\"response\":{\"identifier\":\"%.*s\",\"code\":\"%s\"}}}]}",
      own_header_id, own_header_id, own_header_id, STR_F(header_id), code);
  return peer_wrap(p, json, NULL);
}

struct str peer_fact(const struct message *m, const char *name) {
  return m ? facts_get(&m->facts, name) : (struct str){0};
}

const struct node *peer_resource(const struct message *m, const char *type) {
  for (const struct node *e = m ? node_child(m->resource, "entry") : NULL; e; e = node_again(e)) {
    const struct node *r = node_child(e, "resource");
    if (r && str_eqz(r->type, type)) return r;
  }
  return NULL;
}

size_t peer_count(const struct message *m, const char *type) {
  size_t n = 0;
  for (const struct node *e = m ? node_child(m->resource, "entry") : NULL; e; e = node_again(e))
    n += str_eqz(node_child(e, "resource")->type, type);
  return n;
}

void peer_expect_valid(struct peer *p, const struct message *m, const char *what) {
  struct findings f;
  cr_assert_not_null(m, "%s did not come", what);
  findings_init(&f, p->arena);
  validate_message(m, VALIDATE_BUNDLE, NULL, &f);
  for (size_t i = 0; i < f.list.n; i++)
    cr_expect(f.list.v[i].severity < SEV_WARNING, "%s: %.*s: %.*s", what, STR_F(f.list.v[i].rule),
              STR_F(f.list.v[i].en));
}
