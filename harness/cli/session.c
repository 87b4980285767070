#include "cli/session.h"

#include "base/file.h"
#include "cli/known.h"
#include "cli/packages.h"
#include "fhir/resource.h"
#include "protocol/insert.h"
#include "steps/steps.h"
#include "validate/profile.h"

#define CASES_MAX 500

/* Inside a server nothing is read or opened twice. */
static void open_beside(struct session *s) {
  const struct session *host = s->cli->host;
  s->store = host->store;
  s->options = host->options;
  s->options.log = s->cli->log;
  s->cache = host->cache;
  clock_init(&s->options.clock);
}

int session_open_dry(struct session *s, struct cli *c, struct error *e) {
  char *data;
  struct shapes *shapes;
  *s = (struct session){.cli = c, .arena = c->arena};
  if (c->host) {
    open_beside(s);
    return 0;
  }
  if (file_data_dir(&data, c->arena, e) < 0 || shapes_read(&shapes, c->arena, data, e) < 0) return -1;
  s->options = (struct run_options){.kinds = step_kinds,
                                    .shapes = shapes,
                                    .data_dir = data,
                                    .program = c->version,
                                    .mode = "self-test",
                                    .log = c->log};
  clock_init(&s->options.clock);
  return 0;
}

int session_open(struct session *s, struct cli *c, const char *store_path, enum store_mode mode, struct error *e) {
  if (session_open_dry(s, c, e) < 0) return -1;
  if (c->host) return 0;
  if (!store_path) store_path = store_default_path(c->arena);
  if (store_open(&s->store, store_path, mode, e) < 0) return -1;
  s->options.store = s->store;
  return 0;
}

void session_close(struct session *s) {
  if (s->store && !s->cli->host) store_close(s->store);
}

int session_plan(struct session *s, struct protocol *p, const struct plan_vendors *v, const struct opt_list *cases,
                 struct error *e) {
  struct str only[OPTS_LIST_MAX];
  for (size_t i = 0; i < cases->n; i++) only[i] = str_z(cases->v[i]);
  v->own->shared_port = v->own->shared_port || s->cli->serve;
  for (size_t i = 0; i < v->others_n; i++)
    v->others[i].vendor->shared_port = v->others[i].vendor->shared_port || s->cli->serve;
  if (plan_make_with(&s->plan, s->arena, p, v, only, cases->n, e) < 0 || plan_check_variables(s->plan, e) < 0)
    return -1;
  s->options.plan = s->plan;
  return session_know_persons(s, e);
}

/* Pins the packages of the protocol; *missing is the first one that the book does not have. */
static int pin_all(struct book *b, const struct protocol *p, struct str *missing, struct error *e) {
  for (size_t i = 0; i < p->packages.n; i++) {
    *missing = p->packages.v[i];
    if (book_use(b, *missing, e)) return -1;
  }
  return 0;
}

static int add_own_packages(struct session *s, struct book *b, char digest[SHA256_HEX + 1], struct error *e) {
  const char *dir = packages_default_dir(s->arena);
  char own[SHA256_HEX + 1];
  if (!dir || !file_exists(dir) || packages_add(s->cli, b, dir, own, e)) return -1;
  sha256_hex(digest, arena_printf(s->arena, "%s %s", digest, own));
  return 0;
}

struct letter_shelf *session_letters(struct session *s, struct arena *a) {
  struct letter_shelf *shelf = ARENA_NEW(a, struct letter_shelf);
  letter_shelf_init(shelf, a, s->cli->schemas ? arena_z(a, str_z(s->cli->schemas)) : NULL);
  return shelf;
}

int session_schemas(struct session *s, struct arena *a, const char **out, struct error *e) {
  char *digest = arena_alloc(a, SHA256_HEX + 1);
  *out = NULL;
  if (!s->cli->schemas) return 0;
  if (letter_schemas_digest(digest, s->cli->schemas, s->arena, e) < 0) return -1;
  *out = digest;
  return 0;
}

static int make_standards(struct session *s, struct arena *a, struct run_standards *out, struct error *e) {
  struct book *b = book_new(a);
  struct str missing;
  char *digest = arena_alloc(a, SHA256_HEX + 1);
  const struct protocol *p = s->plan->protocol;
  if (packages_add_standards(s->cli, b, s->options.data_dir, digest, e)) return -1;
  if (pin_all(b, p, &missing, e) && (add_own_packages(s, b, digest, e) || pin_all(b, p, &missing, e)))
    return error_set(e, ERR_CONFIG,
                     "protocol %.*s needs the package %.*s, which is neither built in nor added; get it with: testcamp "
                     "package get %.*s",
                     STR_F(p->id), STR_F(missing), STR_F(missing));
  *out = (struct run_standards){profile_cache_new(a, b, s->options.shapes), session_letters(s, a), digest, NULL};
  return session_schemas(s, a, &out->schemas, e);
}

/* Packages are pinned in their order: the first wins. */
static struct str standards_key(struct arena *a, const struct protocol *p, const char *schemas) {
  struct str key = arena_printf(a, "standards %s", schemas ? schemas : "");
  for (size_t i = 0; i < p->packages.n; i++) key = arena_printf(a, "%.*s %.*s", STR_F(key), STR_F(p->packages.v[i]));
  return key;
}

int session_standards(struct session *s, struct error *e) {
  if (!s->cache) return make_standards(s, s->arena, &s->options.standards, e);
  struct arena *a = s->cache->arena;
  struct str key = standards_key(a, s->plan->protocol, s->cli->schemas);
  struct run_standards *have = map_get(&s->cache->standards, key);
  if (!have) {
    have = ARENA_NEW(a, struct run_standards);
    if (make_standards(s, a, have, e) < 0) return -1;
    (void)map_set(&s->cache->standards, key, have);
  }
  s->options.standards = *have;
  return 0;
}

static int blob_source(struct session *s, const struct event *first, const char *which, struct source *out,
                       struct error *e) {
  struct str blob = event_get(first, arena_printf(s->arena, "%s.blob", which).p);
  out->name = event_get(first, arena_printf(s->arena, "%s.file", which).p);
  return store_blob_get(s->store, blob, s->arena, &out->bytes, e);
}

/* The cases that the run was started with: all but those noted as left out. */
static size_t chosen_cases(const struct protocol *p, const struct event *first, struct arena *a, struct str *only) {
  struct str left_out[CASES_MAX];
  size_t n_out = 0, n = 0;
  for (; n_out < CASES_MAX; n_out++) {
    left_out[n_out] = event_get(first, arena_printf(a, "left-out.%zu", n_out + 1).p);
    if (!left_out[n_out].n) break;
  }
  if (n_out == 0) return 0;
  for (size_t i = 0; i < p->cases.n && n < CASES_MAX; i++) {
    bool out = false;
    for (size_t k = 0; k < n_out; k++) out = out || str_eq(left_out[k], p->cases.v[i]->id);
    if (!out) only[n++] = p->cases.v[i]->id;
  }
  return n;
}

/* MedCom's own steps, put in where they were put in then: the state begins with all of them (state/attempt.h). */
struct inserting {
  struct session *session;
  struct protocol *protocol;
  bool failed;
};

static int insert_again(void *payload, struct event *ev, struct error *e) {
  struct inserting *in = payload;
  struct session *s = in->session;
  struct findings f;
  struct insert done;
  if (!event_is(ev, "inserted")) return 0;
  struct source src = {.name = event_get(ev, "file")};
  findings_init(&f, s->arena);
  in->failed = true;
  if (store_blob_get(s->store, ev->blob, s->arena, &src.bytes, e) < 0) return -1;
  struct str after = arena_str(s->arena, event_get(ev, "after"));
  if (protocol_insert(&done, in->protocol, s->arena, src, after, step_kinds, &f) < 0) return findings_error(&f, e);
  in->failed = false;
  return 0;
}

/* A damaged log is told of by whoever reads it for what is in it; up to the damage it is put in. */
int session_insert_again(struct session *s, struct str run, struct protocol *p, struct error *e) {
  struct inserting in = {.session = s, .protocol = p};
  struct arena *scratch = arena_new(0);
  int result = store_replay(s->store, run, scratch, insert_again, &in, e);
  arena_free(scratch);
  return in.failed ? result : 0;
}

/* The other systems that took part, as they were then. */
static int load_parties(struct session *s, const struct event *first, struct plan_vendors *v, struct error *e) {
  VEC(struct plan_party) list = {0};
  for (size_t i = 1;; i++) {
    const char *which = arena_printf(s->arena, "party.%zu", i).p;
    struct plan_party party = {.name = event_get(first, which)};
    struct source src;
    if (!party.name.n) break;
    if (blob_source(s, first, which, &src, e) < 0 || vendor_read(&party.vendor, s->arena, src, e) < 0) return -1;
    VEC_PUSH(s->arena, &list, party);
  }
  v->others = list.v;
  v->others_n = list.n;
  return 0;
}

static int load_plan(struct session *s, struct str run, const struct event *first, struct error *e) {
  struct source protocol, vendor;
  struct findings f;
  struct protocol *p;
  struct plan_vendors v = {0};
  struct str only[CASES_MAX];
  findings_init(&f, s->arena);
  if (blob_source(s, first, "protocol", &protocol, e) < 0 || blob_source(s, first, "vendor", &vendor, e) < 0) return -1;
  if (protocol_read(&p, s->arena, protocol, step_kinds, &f) < 0) return findings_error(&f, e);
  if (session_insert_again(s, run, p, e) < 0 || vendor_read(&v.own, s->arena, vendor, e) < 0) return -1;
  if (load_parties(s, first, &v, e) < 0) return -1;
  size_t n = chosen_cases(p, first, s->arena, only);
  if (plan_make_with(&s->plan, s->arena, p, &v, only, n, e) < 0) return -1;
  s->options.plan = s->plan;
  struct str persons = event_get(first, "persons.blob");
  s->options.persons = (struct str){0};
  if (persons.n && store_blob_get(s->store, persons, s->arena, &s->options.persons, e) < 0) return -1;
  return session_know_persons(s, e);
}

static int load_known(struct session *s, const struct event *first, struct error *e) {
  struct source file = {.name = STR("known issues of the run")};
  struct str blob = event_get(first, "known.blob");
  if (blob.n && store_blob_get(s->store, blob, s->arena, &file.bytes, e) < 0) return -1;
  return known_of_run(s, s->arena, file, e);
}

int session_answers(struct session *s, const char *path, struct error *e) {
  struct answers *an;
  const struct protocol *p = s->plan->protocol;
  if (!path) return 0;
  if (answers_load(&an, s->arena, path, e) < 0 || answers_check(an, &p, 1, e) < 0) return -1;
  if (answers_declared(an, s->plan->vendor, e) < 0) return -1;
  s->options.answers = an;
  return 0;
}

int session_load_run(struct session *s, struct str prefix, struct str *run, struct error *e) {
  struct event *first;
  if (!prefix.n) return error_set(e, ERR_CONFIG, "name a run; `testcamp list runs` shows them");
  if (store_find_run(s->store, s->arena, prefix, run, e) < 0) return -1;
  if (store_first(s->store, s->arena, *run, &first, e) < 0) return -1;
  bool logical = str_eqz(event_get(first, "logical"), "true");
  (logical ? clock_init_logical : clock_init)(&s->options.clock);
  s->options.by_hand = str_eqz(event_get(first, "by-hand"), "true");
  if (!str_double(event_get(first, "clock.scale"), &s->options.clock.scale)) s->options.clock.scale = 1;
  s->options.mode = arena_z(s->arena, event_get(first, "mode"));
  return load_plan(s, *run, first, e) < 0 ? -1 : load_known(s, first, e);
}
