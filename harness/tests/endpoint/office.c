#include "tests/endpoint/office.h"

#include "base/clock.h"
#include "base/file.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char *office_path(struct office *o, const char *name) {
  return file_join(o->arena, o->dir, name);
}

static int keep(struct office *o, const struct endpoint_arrival *in, struct error *e) {
  size_t size;
  struct str bytes = in->body;
  if (in->body_file && in->movable) return store_blob_adopt(o->store, in->body_file, o->digest, &size, e);
  if (in->body_file) cr_assert_eq(file_read(&bytes, o->arena, in->body_file, (size_t)1 << 20, e), 0, "%s", e->text);
  return store_blob_put(o->store, bytes, o->digest, e);
}

static size_t on_resources(void *context, const struct rest_resource **out) {
  struct office *o = context;
  *out = o->held;
  return o->held_n;
}

static int on_resource(void *context, struct str digest, struct arena *a, struct str *bytes, struct error *e) {
  (void)context, (void)a, (void)e;
  *bytes = digest;
  return 0;
}

static void on_received(void *context, const struct endpoint_arrival *arrival) {
  struct office *o = context;
  struct error e;
  struct endpoint_arrival decided = *arrival, *in = &decided;
  if (!o->refuse)
    endpoint_decide(o->endpoint, in,
                    &(struct endpoint_decision){
                        .new_id = STR("new-1"), .body = arrival->body, .now = CLOCK_LOGICAL_START, .arena = o->arena});
  o->arrivals++;
  o->handle = in->handle;
  o->in_file = in->body_file != NULL;
  o->size = in->size;
  o->via = arena_str(o->arena, in->via);
  o->file = arena_str(o->arena, in->file);
  o->ident = arena_str(o->arena, in->ident);
  facts_init(&o->facts, o->arena);
  for (size_t i = 0; i < in->facts->list.n; i++)
    facts_put(&o->facts, in->facts->list.v[i].name, in->facts->list.v[i].value);
  if (o->refuse) {
    endpoint_refuse(o->endpoint, in->handle, "no room");
    return;
  }
  cr_assert_eq(keep(o, in, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(o->store, &e), 0, "%s", e.text);
  if (o->misbehave)
    endpoint_misbehave(o->endpoint, in->handle, STR("m7"), &o->fault);
  else
    endpoint_accept(o->endpoint, in->handle, STR("m7"));
}

static void on_sent(void *context, struct str message, const struct endpoint_result *r) {
  struct office *o = context;
  cr_expect(o->any || str_eqz(message, "m1"));
  o->results++;
  o->status = arena_str(o->arena, r->status);
  o->failure = arena_str(o->arena, r->failure);
}

static void on_reset(void *context) {
  struct office *o = context;
  o->resets++;
}

static size_t on_ready(void *context, struct arena *a, struct endpoint_ready **out) {
  struct office *o = context;
  *out = ARENA_ARRAY(a, struct endpoint_ready, o->ready_n + 1);
  for (size_t i = 0; i < o->ready_n; i++) (*out)[i] = o->ready[i];
  return o->ready_n;
}

static int on_fetch(void *context, struct str message, struct arena *a, struct str *bytes, struct error *e) {
  struct office *o = context;
  for (size_t i = 0; i < o->ready_n; i++) {
    if (!str_eq(o->ready[i].id, message)) continue;
    o->fetched = arena_str(o->arena, message);
    *bytes = arena_str(a, STR("the bytes"));
    return 0;
  }
  return error_set(e, ERR_CONFIG, "there is no message %.*s", STR_F(message));
}

void office_open(struct office *o, const char *kind, const char *address) {
  office_open_with(o, kind, &(struct endpoint_config){.address = address});
}

void office_open_with(struct office *o, const char *kind, const struct endpoint_config *with) {
  struct error e;
  char *dir = mkdtemp((char[]){TEST_BIN "/endpoint-test-XXXXXX"});
  cr_assert_not_null(dir);
  *o = (struct office){.arena = arena_new(0)};
  o->dir = arena_z(o->arena, str_z(dir));
  cr_assert_eq(loop_open(&o->loop, &e), 0, "%s", e.text);
  cr_assert_eq(store_open(&o->store, office_path(o, "store.sqlite"), STORE_WRITE, &e), 0, "%s", e.text);
  cr_assert_eq(http_client_open(&o->client, o->loop, &e), 0, "%s", e.text);
  struct endpoint_config c = {.kind = str_z(kind),
                              .system = STR("EPJ Øst 3"),
                              .role = STR("sender"),
                              .listen = "127.0.0.1:0",
                              .address = with->address ? with->address : "",
                              .profiles = with->profiles,
                              .guard = with->guard,
                              .folder_to = office_path(o, "to"),
                              .folder_from = office_path(o, "from"),
                              .spool_dir = store_spool_dir(o->store),
                              .data_dir = with->data_dir ? with->data_dir : TEST_ROOT};
  struct endpoint_events ev = {.context = o,
                               .received = on_received,
                               .sent = on_sent,
                               .reset = on_reset,
                               .ready = on_ready,
                               .fetch = on_fetch,
                               .resources = on_resources,
                               .resource = on_resource};
  cr_assert_eq(endpoint_open(&o->endpoint, o->loop, &c, &ev, &e), 0, "%s", e.text);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(path);
}

void office_close(struct office *o) {
  endpoint_close(o->endpoint);
  http_client_close(o->client);
  store_close(o->store);
  loop_close(o->loop);
  nftw(o->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(o->arena);
}

void office_until(struct office *o, const size_t *n, size_t count) {
  int64_t until = clock_monotonic() + OFFICE_WAIT_MS;
  while (*n < count && clock_monotonic() < until) loop_turn(o->loop, 50);
  cr_assert_geq(*n, count, "it did not come");
}

void office_turns(struct office *o, int64_t ms) {
  int64_t until = clock_monotonic() + ms;
  while (clock_monotonic() < until) loop_turn(o->loop, 10);
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct office *o = payload;
  if (!o->may_fail) cr_assert_null(an->failure, "%s", an->failure);
  o->answers++;
  o->code = an->status;
  o->type = arena_str(o->arena, an->content_type);
  o->body = arena_str(o->arena, an->body);
  o->headers = arena_str(o->arena, an->headers);
}

void office_ignore(void *payload, const struct http_answer *an) {
  (void)payload, (void)an;
}

void office_ask_as(struct office *o, const char *method, const char *path, const char *type, struct str body) {
  struct str url = arena_printf(o->arena, "%s%s", endpoint_address(o->endpoint), path);
  struct fact bearer = {STR("Authorization"), arena_printf(o->arena, "Bearer %.*s", STR_F(o->bearer))};
  http_call(o->client, &(struct http_call){.method = method,
                                           .url = url.p,
                                           .content_type = type,
                                           .headers = &bearer,
                                           .headers_n = o->bearer.n > 0,
                                           .body = body,
                                           .done = on_answer,
                                           .payload = o});
  office_until(o, &o->answers, o->answers + 1);
}

void office_ask(struct office *o, const char *method, const char *path, struct str body) {
  office_ask_as(o, method, path, "application/xml", body);
}
