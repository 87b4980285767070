#include "console/inspection.h"

#include "store/store.h"

static bool came_as_bundle(struct visit *v, struct str run) {
  struct error e;
  struct str note;
  struct str name = arena_printf(v->arena, STORE_RECEIVED "%.*s", STR_F(run));
  return store_note_get(v->console->options.store, name, v->arena, &note, &e) < 0 || note.n > 0;
}

int review_runs(struct visit *v, struct map *out, struct error *e) {
  struct db_rows r = {0};
  struct str *received;
  size_t n;
  map_init(out, v->arena);
  if (db_get(v->console->db, v->arena, &r, e, "SELECT DISTINCT run FROM review_acts", "") < 0 ||
      store_note_names(v->console->options.store, STORE_RECEIVED, v->arena, &received, &n, e) < 0)
    return -1;
  for (size_t i = 0; i < r.n; i++) map_set(out, db_cell(&r, i, 0), out);
  for (size_t i = 0; i < n; i++) map_set(out, received[i], out);
  return 0;
}

int review_read(struct visit *v, struct str run, struct inspection *out, struct error *e) {
  struct db_rows a = {0}, n = {0};
  struct db *d = v->console->db;
  *out = (struct inspection){.received = came_as_bundle(v, run)};
  if (db_get(d, v->arena, &a, e, "SELECT act, text, by, at FROM review_acts WHERE run = ? ORDER BY id", "s", run) < 0 ||
      db_get(d, v->arena, &n, e,
             "SELECT step, CASE verdict WHEN '' THEN text ELSE verdict || ': ' || text END, by, at FROM review_notes "
             "WHERE run = ? ORDER BY id",
             "s", run) < 0)
    return -1;
  for (size_t i = 0; i < a.n; i++)
    VEC_PUSH(v->arena, &out->acts,
             ((struct review_act){db_cell(&a, i, 0), db_cell(&a, i, 1), db_cell(&a, i, 2), db_number(&a, i, 3)}));
  for (size_t i = 0; i < n.n; i++)
    VEC_PUSH(v->arena, &out->notes,
             ((struct review_note){db_cell(&n, i, 0), db_cell(&n, i, 1), db_cell(&n, i, 2), db_number(&n, i, 3)}));
  return 0;
}

struct str review_by(const struct visit *v) {
  return v->who.initials.n ? v->who.initials : str_trim(webform_get(&v->form, "by"));
}

int review_act_add(struct visit *v, struct str run, const char *act, struct str text, struct error *e) {
  struct str by = review_by(v);
  if (!by.n) return error_set(e, ERR_CONFIG, "write your initials");
  if (text.n > REVIEW_TEXT_MAX) return error_set(e, ERR_LIMIT, "a text of more than %zu bytes", REVIEW_TEXT_MAX);
  return db_do(v->console->db, e, "INSERT INTO review_acts (run, act, text, by, at) VALUES (?, ?, ?, ?, ?)", "szssi",
               run, act, text, by, v->now);
}

struct str review_state(const struct inspection *r) {
  if (r->acts.n) return r->acts.v[r->acts.n - 1].act;
  return r->received ? STR("received") : STR("");
}

const char *review_word(const struct visit *v, struct str act) {
  static const char *const words[][3] = {{"submitted", "handed in for review", "indsendt til gennemsyn"},
                                         {"received", "received as a bundle", "modtaget som evidenspakke"},
                                         {"returned", "given back", "sendt tilbage"},
                                         {"signed", "signed off", "underskrevet"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(act, words[i][0])) return visit_word(v, words[i][1], words[i][2]);
  return visit_word(v, "not handed in", "ikke indsendt");
}

void review_write_acts(struct visit *v, const struct inspection *r) {
  if (!r->acts.n) return;
  page_open(v, "ul", "acts");
  for (size_t i = 0; i < r->acts.n; i++) {
    const struct review_act *a = &r->acts.v[i];
    page_open(v, "li", NULL);
    page_printf_in(v, "strong", NULL, "%s", review_word(v, a->act));
    page_printf_in(v, "span", "soft", " %.*s · %.*s", STR_F(a->by), STR_F(when_text(v, a->at)));
    if (a->text.n) page_text_in(v, "div", "said", a->text);
    page_close(v);
  }
  page_close(v);
}

static bool is_open(const struct record_step *s) {
  enum verdict verdict = s->verdict;
  for (size_t i = 0; i < s->disputes.n; i++)
    if (!s->disputes.v[i].answered_by.n) return true;
  return verdict == VERDICT_NONE || verdict == VERDICT_WAITING || verdict == VERDICT_INCONCLUSIVE ||
         verdict == VERDICT_ERROR;
}

size_t review_open(const struct record *rec) {
  size_t n = 0;
  for (size_t c = 0; c < rec->cases.n; c++)
    for (size_t i = 0; i < rec->cases.v[c].steps.n; i++)
      n += rec->cases.v[c].verdict != VERDICT_NOT_APPLICABLE && is_open(&rec->cases.v[c].steps.v[i]);
  return n;
}
