#include "record/record_int.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "formats/photo.h"
#include "record/find_again.h"

#define RECORD_DEPTH 2 /* blanks a level */

static void put_text2(struct json_writer *w, const char *key, const struct text *t) {
  if (t->en.n == 0 && t->da.n == 0) return;
  json_begin_object(w, key);
  put_text(w, "en", t->en);
  put_text(w, "da", t->da);
  json_end(w);
}

static void put_field(struct json_writer *w, const struct field *f, const char *at) {
  switch (f->kind) {
  case FIELD_STR:
    put_text(w, f->key, *(const struct str *)(const void *)at);
    break;
  case FIELD_TEXT:
    put_text2(w, f->key, (const struct text *)(const void *)at);
    break;
  case FIELD_TIME:
    if (*(const int64_t *)(const void *)at) json_put_int(w, f->key, *(const int64_t *)(const void *)at);
    break;
  case FIELD_BOOL:
    if (*(const bool *)at) json_put_bool(w, f->key, true);
    break;
  case FIELD_VERDICT:
    json_put_z(w, f->key, verdict_name(*(const enum verdict *)(const void *)at));
    break;
  case FIELD_ASSESSMENT:
    put_text(w, f->key, str_z(assessment_name(*(const enum assessment *)(const void *)at)));
    break;
  }
}

static void put_fields(struct json_writer *w, const struct field *table, const void *what) {
  for (; table->key; table++) put_field(w, table, (const char *)what + table->offset);
}

static void put_object(struct json_writer *w, const char *key, const struct field *table, const void *what) {
  json_begin_object(w, key);
  put_fields(w, table, what);
  json_end(w);
}

static void put_list(struct json_writer *w, const char *key, const struct str *list, size_t n) {
  if (n == 0) return;
  json_begin_array(w, key);
  for (size_t i = 0; i < n; i++) json_put_str(w, NULL, list[i]);
  json_end(w);
}

#define PUT_OBJECTS(w, key, table, list) put_objects(w, key, table, (list)->v, (list)->n, sizeof *(list)->v)

static void put_objects(struct json_writer *w, const char *key, const struct field *table, const void *list, size_t n,
                        size_t size) {
  if (n == 0) return;
  json_begin_array(w, key);
  for (size_t i = 0; i < n; i++) put_object(w, NULL, table, (const char *)list + i * size);
  json_end(w);
}

/* Messages as text where they are text, so that a record can be read; the rest in base64. */
static void put_bytes(struct json_writer *w, const char *key, const char *key64, struct str bytes) {
  if (bytes.n == 0) return;
  if (utf8_check(bytes) == SIZE_MAX) {
    json_put_str(w, key, bytes);
    return;
  }
  struct buf b;
  buf_init(&b, bytes.n * 2 + 4);
  base64_encode(&b, bytes);
  json_put_str(w, key64, buf_str(&b));
  buf_release(&b);
}

static void put_evidence(struct json_writer *w, const struct record_evidence *list, size_t n) {
  if (!n) return;
  json_begin_array(w, "evidence");
  for (size_t i = 0; i < n; i++) {
    json_begin_object(w, NULL);
    put_fields(w, evidence_fields, &list[i]);
    put_bytes(w, NULL, "bytes64", list[i].bytes);
    json_end(w);
  }
  json_end(w);
}

static void put_attempt(struct json_writer *w, const struct record_attempt *at, struct str run) {
  json_begin_object(w, NULL);
  put_fields(w, attempt_fields, at);
  put_list(w, "exchanges", at->exchanges.v, at->exchanges.n);
  put_evidence(w, at->evidence.v, at->evidence.n);
  put_findings(w, "findings", "dropped", &at->findings, run);
  json_end(w);
}

static void put_attempts(struct json_writer *w, const struct record_step *s, struct str run) {
  if (!s->attempts.n) return;
  json_begin_array(w, "attempts");
  for (size_t i = 0; i < s->attempts.n; i++) put_attempt(w, &s->attempts.v[i], run);
  json_end(w);
}

/* Told to whoever reads the record, and not read back. */
static void put_again(struct json_writer *w, const struct record_step *s, struct str run) {
  struct arena *a = arena_new(0);
  struct str command = again_step(a, run, s->id, s->verdict);
  if (command.n) json_put_str(w, "again", command);
  arena_free(a);
}

static void put_step(struct json_writer *w, const struct record_step *s, struct str run) {
  json_begin_object(w, NULL);
  put_fields(w, step_fields, s);
  put_again(w, s, run);
  put_list(w, "verifies", s->verifies.v, s->verifies.n);
  put_list(w, "exchanges", s->exchanges.v, s->exchanges.n);
  put_evidence(w, s->evidence.v, s->evidence.n);
  PUT_OBJECTS(w, "assessments", assessment_fields, &s->assessments);
  PUT_OBJECTS(w, "revisions", revision_fields, &s->revisions);
  put_attempts(w, s, run);
  PUT_OBJECTS(w, "disputes", dispute_fields, &s->disputes);
  put_findings(w, "findings", "dropped", &s->findings, run);
  json_end(w);
}

static void put_case(struct json_writer *w, const struct record_case *c, struct str run) {
  json_begin_object(w, NULL);
  put_fields(w, case_fields, c);
  json_begin_array(w, "steps");
  for (size_t i = 0; i < c->steps.n; i++) put_step(w, &c->steps.v[i], run);
  json_end(w);
  json_end(w);
}

static void put_exchange(struct json_writer *w, const struct record_exchange *x, struct str run) {
  json_begin_object(w, NULL);
  put_fields(w, exchange_fields, x);
  json_put_int(w, "size", (int64_t)x->size);
  put_facts(w, "facts", &x->facts);
  put_findings(w, "findings", "dropped", &x->findings, run);
  put_bytes(w, "bytes", "bytes64", x->bytes);
  put_bytes(w, "payload", "payload64", x->payload);
  json_end(w);
}

static void put_block(struct json_writer *w, struct arena *a, const struct block *b) {
  struct said text = block_text(a, b);
  json_begin_object(w, NULL);
  json_put_z(w, "why", block_name(b->why));
  put_text(w, "case", b->case_id);
  put_text(w, "step", b->step);
  put_text(w, "en", text.en);
  put_text(w, "da", text.da);
  json_end(w);
}

/* For readers of the file; a program works it out again. */
static void put_sum(struct json_writer *w, const struct record *r) {
  struct arena *scratch = arena_new(0);
  struct sum sum;
  record_sum(&sum, scratch, r, (struct str){0});
  json_put_bool(w, "certifiable", sum_certifiable(&sum));
  json_begin_array(w, "blocks");
  for (size_t i = 0; i < sum.blocks.n; i++) put_block(w, scratch, &sum.blocks.v[i]);
  json_end(w);
  arena_free(scratch);
}

void record_write(struct buf *out, const struct record *r) {
  struct json_writer w;
  json_writer_init(&w, out, RECORD_DEPTH);
  json_begin_object(&w, NULL);
  json_put_int(&w, "version", RECORD_VERSION);
  put_fields(&w, record_fields, r);
  if (r->decision.at) put_object(&w, "decision", decision_fields, &r->decision);
  put_sum(&w, r);
  PUT_OBJECTS(&w, "parties", party_fields, &r->parties);
  PUT_OBJECTS(&w, "services", service_fields, &r->services);
  put_facts(&w, "capabilities", &r->capabilities);
  json_begin_array(&w, "parameters");
  for (size_t i = 0; i < r->parameters.n; i++) put_object(&w, NULL, parameter_fields, &r->parameters.v[i]);
  json_end(&w);
  put_list(&w, "packages", r->packages.v, r->packages.n);
  json_begin_array(&w, "standards");
  for (size_t i = 0; i < r->standards.n; i++) put_object(&w, NULL, standards_fields, &r->standards.v[i]);
  json_end(&w);
  put_findings(&w, "findings", "dropped", &r->findings, r->run);
  PUT_OBJECTS(&w, "issues", issue_fields, &r->issues);
  PUT_OBJECTS(&w, "fidelity", fidelity_fields, &r->fidelity);
  json_begin_array(&w, "cases");
  for (size_t i = 0; i < r->cases.n; i++) put_case(&w, &r->cases.v[i], r->run);
  json_end(&w);
  json_begin_array(&w, "exchanges");
  for (size_t i = 0; i < r->exchanges.n; i++) put_exchange(&w, &r->exchanges.v[i], r->run);
  json_end(&w);
  json_end(&w);
  buf_byte(out, '\n');
}

static enum verdict take_verdict(struct taker *t, const struct node *n, const char *key) {
  enum verdict v = VERDICT_NONE;
  const struct node *c = take(t, n, key, NODE_STRING);
  if (c && !verdict_parse(c->text, &v) && !t->bad) t->bad = c;
  return v;
}

static enum assessment take_assessment(struct taker *t, const struct node *n, const char *key) {
  enum assessment v = ASSESSMENT_NONE;
  const struct node *c = take(t, n, key, NODE_STRING);
  if (c && !assessment_parse(c->text, &v) && !t->bad) t->bad = c;
  return v;
}

static void take_field(struct taker *t, const struct node *n, const struct field *f, char *at) {
  const struct node *both;
  switch (f->kind) {
  case FIELD_STR:
    *(struct str *)(void *)at = take_text(t, n, f->key);
    break;
  case FIELD_TEXT:
    both = take(t, n, f->key, NODE_OBJECT);
    *(struct text *)(void *)at = (struct text){take_text(t, both, "en"), take_text(t, both, "da")};
    break;
  case FIELD_TIME:
    *(int64_t *)(void *)at = take_int(t, n, f->key);
    break;
  case FIELD_BOOL:
    *(bool *)at = take_bool(t, n, f->key);
    break;
  case FIELD_VERDICT:
    *(enum verdict *)(void *)at = take_verdict(t, n, f->key);
    break;
  case FIELD_ASSESSMENT:
    *(enum assessment *)(void *)at = take_assessment(t, n, f->key);
    break;
  }
}

static void take_fields(struct taker *t, const struct node *n, const struct field *table, void *what) {
  for (; table->key; table++) take_field(t, n, table, (char *)what + table->offset);
}

static struct str take_bytes(struct taker *t, const struct node *n, const char *key, const char *key64) {
  struct str bytes = {0};
  size_t bad;
  const struct node *encoded = take(t, n, key64, NODE_STRING);
  if (!encoded) return take_text(t, n, key);
  if (base64_decode(&bytes, t->arena, encoded->text, &bad) != 0 && !t->bad) t->bad = encoded;
  return bytes;
}

/* The items of a list that are mappings; anything else is bad. */
static const struct node *first_item(struct taker *t, const struct node *n, const char *key, enum node_kind kind) {
  const struct node *list = take(t, n, key, NODE_ARRAY);
  for (NODE_EACH(c, list)) {
    if (c->kind == kind) continue;
    if (!t->bad) t->bad = c;
    return NULL;
  }
  return list ? list->first : NULL;
}

static void take_evidence(struct taker *t, const struct node *n, struct record_evidence *out) {
  take_fields(t, n, evidence_fields, out);
  struct photo photo;
  out->bytes = take_bytes(t, n, "", "bytes64");
  bool is_picture = photo_look(&photo, out->bytes); /* whatever the file says */
  if (!is_picture) out->bytes = (struct str){0};
  out->media = str_z(is_picture ? photo.type : "");
}

static void take_attempt(struct taker *t, const struct node *n, struct record_attempt *at) {
  take_fields(t, n, attempt_fields, at);
  for (const struct node *c = first_item(t, n, "exchanges", NODE_STRING); c; c = c->next)
    VEC_PUSH(t->arena, &at->exchanges, arena_str(t->arena, c->text));
  for (const struct node *c = first_item(t, n, "evidence", NODE_OBJECT); c; c = c->next)
    take_evidence(t, c, VEC_ADD(t->arena, &at->evidence));
  take_findings(t, &at->findings, n, "findings", "dropped");
}

static void take_step(struct taker *t, const struct node *n, struct record_step *s) {
  struct arena *a = t->arena;
  take_fields(t, n, step_fields, s);
  for (const struct node *c = first_item(t, n, "verifies", NODE_STRING); c; c = c->next)
    VEC_PUSH(a, &s->verifies, arena_str(a, c->text));
  for (const struct node *c = first_item(t, n, "exchanges", NODE_STRING); c; c = c->next)
    VEC_PUSH(a, &s->exchanges, arena_str(a, c->text));
  for (const struct node *c = first_item(t, n, "evidence", NODE_OBJECT); c; c = c->next)
    take_evidence(t, c, VEC_ADD(a, &s->evidence));
  for (const struct node *c = first_item(t, n, "assessments", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, assessment_fields, VEC_ADD(a, &s->assessments));
  for (const struct node *c = first_item(t, n, "revisions", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, revision_fields, VEC_ADD(a, &s->revisions));
  for (const struct node *c = first_item(t, n, "attempts", NODE_OBJECT); c; c = c->next)
    take_attempt(t, c, VEC_ADD(a, &s->attempts));
  for (const struct node *c = first_item(t, n, "disputes", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, dispute_fields, VEC_ADD(a, &s->disputes));
  take_findings(t, &s->findings, n, "findings", "dropped");
}

static void take_case(struct taker *t, const struct node *n, struct record_case *out) {
  take_fields(t, n, case_fields, out);
  for (const struct node *c = first_item(t, n, "steps", NODE_OBJECT); c; c = c->next)
    take_step(t, c, VEC_ADD(t->arena, &out->steps));
}

static void take_exchange(struct taker *t, const struct node *n, struct record_exchange *x) {
  take_fields(t, n, exchange_fields, x);
  int64_t size = take_int(t, n, "size");
  x->size = size > 0 ? (size_t)size : 0;
  take_facts(t, &x->facts, n, "facts");
  take_findings(t, &x->findings, n, "findings", "dropped");
  x->bytes = take_bytes(t, n, "bytes", "bytes64");
  x->payload = take_bytes(t, n, "payload", "payload64");
}

static void take_record(struct taker *t, const struct node *n, struct record *r) {
  take_fields(t, n, record_fields, r);
  take_fields(t, take(t, n, "decision", NODE_OBJECT), decision_fields, &r->decision);
  for (const struct node *c = first_item(t, n, "parties", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, party_fields, VEC_ADD(t->arena, &r->parties));
  for (const struct node *c = first_item(t, n, "services", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, service_fields, VEC_ADD(t->arena, &r->services));
  take_facts(t, &r->capabilities, n, "capabilities");
  for (const struct node *c = first_item(t, n, "parameters", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, parameter_fields, VEC_ADD(t->arena, &r->parameters));
  for (const struct node *c = first_item(t, n, "packages", NODE_STRING); c; c = c->next)
    VEC_PUSH(t->arena, &r->packages, arena_str(t->arena, c->text));
  for (const struct node *c = first_item(t, n, "standards", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, standards_fields, VEC_ADD(t->arena, &r->standards));
  take_findings(t, &r->findings, n, "findings", "dropped");
  for (const struct node *c = first_item(t, n, "issues", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, issue_fields, VEC_ADD(t->arena, &r->issues));
  for (const struct node *c = first_item(t, n, "fidelity", NODE_OBJECT); c; c = c->next)
    take_fields(t, c, fidelity_fields, VEC_ADD(t->arena, &r->fidelity));
  for (const struct node *c = first_item(t, n, "cases", NODE_OBJECT); c; c = c->next)
    take_case(t, c, VEC_ADD(t->arena, &r->cases));
  for (const struct node *c = first_item(t, n, "exchanges", NODE_OBJECT); c; c = c->next)
    take_exchange(t, c, VEC_ADD(t->arena, &r->exchanges));
}

static int read_tree(struct record **out, struct arena *a, const struct node *root, struct str name, struct error *e) {
  struct taker t = {.arena = a};
  int64_t version = root->kind == NODE_OBJECT ? take_int(&t, root, "version") : 0;
  if (version < 1) return error_at(e, ERR_SYNTAX, name, root->line, root->col, "this is not a record of a run");
  if (version > RECORD_VERSION)
    return error_at(e, ERR_UNSUPPORTED, name, root->line, root->col,
                    "the record has version %jd, this program reads up to %d; use the newer testcamp that made it",
                    (intmax_t)version, RECORD_VERSION);
  struct record *r = ARENA_NEW(a, struct record);
  take_record(&t, root, r);
  if (t.bad)
    return error_at(e, ERR_SYNTAX, name, t.bad->line, t.bad->col, "\"%.*s\" does not hold what a record holds there",
                    STR_F(t.bad->name));
  *out = r;
  return 0;
}

int record_read(struct record **out, struct arena *a, struct str json, struct str name, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct findings f;
  struct node *root = NULL;
  findings_init(&f, scratch);
  int rc = json_read(&root, scratch, (struct source){name, json}, &f);
  if (rc == 0)
    rc = read_tree(out, a, root, name, e);
  else if (findings_error(&f, e) == 0)
    rc = error_at(e, ERR_SYNTAX, name, 0, 0, "this is not JSON");
  arena_free(scratch);
  return rc;
}

size_t record_count(const struct record *r, enum verdict v) {
  size_t n = 0;
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t j = 0; j < r->cases.v[i].steps.n; j++) n += r->cases.v[i].steps.v[j].verdict == v;
  return n;
}

const struct record_exchange *record_exchange_find(const struct record *r, struct str id) {
  for (size_t i = 0; i < r->exchanges.n; i++)
    if (str_eq(r->exchanges.v[i].id, id)) return &r->exchanges.v[i];
  return NULL;
}
