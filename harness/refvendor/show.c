/* GET /state: what the system would show its user, for debugging and for tests. */
#include "base/utf8.h"
#include "formats/json.h"
#include "refvendor/edi.h"
#include "refvendor/ehmi.h"

#include <stdlib.h>

#define TEXT_SHOWN 200

struct shown {
  struct str date;
  const struct node *payload;
};

static struct str date_of(const struct node *payload) {
  for (const struct node *x = node_child(payload, "extension"); x; x = node_again(x))
    if (node_child(x, "valueDateTime")) return node_text_at(x, "valueDateTime");
  return (struct str){0};
}

/* By time, whatever zone it was written in; what has no time stands first. */
static int by_date(const void *x, const void *y) {
  int64_t a = 0, b = 0;
  bool zone;
  (void)time_parse(((const struct shown *)x)->date, &a, &zone);
  (void)time_parse(((const struct shown *)y)->date, &b, &zone);
  return a < b ? -1 : a > b;
}

static void put_payload(struct json_writer *w, const struct shown *s) {
  const struct node *c = node_child(s->payload, "contentAttachment");
  json_begin_object(w, NULL);
  json_put_str(w, "date", s->date);
  json_put_str(w, "id", rv_segment_id(s->payload));
  if (c) {
    json_put_str(w, "title", node_text_at(c, "title"));
    json_put_int(w, "base64", (int64_t)node_text_at(c, "data").n);
  } else {
    struct str text = node_text_at(s->payload, "contentString");
    json_put_str(w, "text", utf8_head(text, TEXT_SHOWN));
  }
  json_end(w);
}

/* The segments of all messages of a thread, each once, in order of time. */
static void put_segments(const struct refvendor *v, struct json_writer *w, struct str thread) {
  struct arena *a = arena_new(0);
  struct map seen;
  VEC(struct shown) list = {0};
  map_init(&seen, a);
  for (size_t i = 0; i < v->letters.n; i++) {
    if (!str_eq(v->letters.v[i]->thread, thread)) continue;
    const struct node *c = rv_resource(v->letters.v[i]->root, "Communication");
    for (const struct node *p = node_child(c, "payload"); p; p = node_again(p)) {
      struct str id = rv_segment_id(p);
      if (id.n && !map_set(&seen, id, (void *)p)) continue;
      VEC_PUSH(a, &list, ((struct shown){date_of(p), p}));
    }
  }
  if (list.n) qsort(list.v, list.n, sizeof *list.v, by_date);
  json_begin_array(w, "segments");
  for (size_t i = 0; i < list.n; i++) put_payload(w, &list.v[i]);
  json_end(w);
  arena_free(a);
}

static void put_letter(struct json_writer *w, const struct rv_letter *l) {
  const struct node *content = rv_content(l->root);
  json_begin_object(w, NULL);
  json_put_str(w, "header", l->header_id);
  json_put_str(w, "bundle", node_text_at(l->root, "id"));
  json_put_bool(w, "own", l->own);
  for (const struct rv_shown *s = l->kind ? l->kind->shows : NULL; s && s->name; s++)
    json_put_str(w, s->name, node_text_at(content, s->path));
  json_put_str(w, "ack", l->ack_code);
  json_put_int(w, "resends", (int64_t)l->resends);
  json_end(w);
}

static bool is_first(const struct refvendor *v, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (str_eq(v->letters.v[k]->thread, v->letters.v[i]->thread)) return false;
  return true;
}

static void put_thread(const struct refvendor *v, struct json_writer *w, struct str thread) {
  json_begin_object(w, NULL);
  json_put_str(w, "thread", thread);
  json_begin_array(w, "messages");
  for (size_t i = 0; i < v->letters.n; i++)
    if (str_eq(v->letters.v[i]->thread, thread)) put_letter(w, v->letters.v[i]);
  json_end(w);
  put_segments(v, w, thread);
  json_end(w);
}

static void put_decisions(const struct refvendor *v, struct json_writer *w) {
  json_begin_array(w, "received");
  for (size_t i = 0; i < v->decisions.n; i++) {
    const struct rv_decision *d = v->decisions.entries[i].value;
    json_begin_object(w, NULL);
    json_put_str(w, "header", d->header_id);
    json_put_str(w, "code", d->code);
    json_put_int(w, "times", (int64_t)d->times);
    json_put_bool(w, "shown", d->letter != NULL);
    json_end(w);
  }
  json_end(w);
}

static void put_receipts(const struct refvendor *v, struct json_writer *w) {
  json_begin_array(w, "acknowledgements");
  for (size_t i = 0; i < v->receipts.n; i++) {
    json_begin_object(w, NULL);
    json_put_str(w, "header", v->receipts.v[i].header_id);
    json_put_str(w, "to", v->receipts.v[i].to);
    json_put_str(w, "code", v->receipts.v[i].code);
    json_end(w);
  }
  json_end(w);
}

static void put_mail(const struct refvendor *v, struct json_writer *w) {
  json_begin_array(w, "mail");
  for (size_t i = 0; i < v->mail.n; i++) {
    const struct rv_mail *m = v->mail.v[i];
    json_begin_object(w, NULL);
    json_put_str(w, "type", m->type);
    json_put_str(w, "version", m->version);
    json_put_str(w, "id", m->id);
    json_put_str(w, "interchange", m->interchange);
    json_put_bool(w, "own", m->own);
    json_put_str(w, "cpr", m->cpr);
    json_put_str(w, "receipt", m->receipt);
    json_end(w);
  }
  json_end(w);
}

void rv_show(const struct refvendor *v, struct buf *out) {
  struct json_writer w;
  json_writer_init(&w, out, 2);
  json_begin_object(&w, NULL);
  json_put_str(&w, "gln", v->o->own.gln);
  json_put_bool(&w, "broken", v->broken);
  json_begin_array(&w, "threads");
  for (size_t i = 0; i < v->letters.n; i++)
    if (is_first(v, i)) put_thread(v, &w, v->letters.v[i]->thread);
  json_end(&w);
  put_decisions(v, &w);
  put_receipts(v, &w);
  if (v->mail.n) put_mail(v, &w);
  rv_show_lists(v, &w);
  rv_show_ehmi(v, &w);
  json_put_int(&w, "sent", (int64_t)v->sent);
  json_end(&w);
}
