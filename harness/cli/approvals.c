#include "cli/approvals.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/shown.h"
#include "report/report.h"

int approvals_keep(struct session *s, struct source file, const struct approvals *rows, struct str as_of, struct str by,
                   struct error *e) {
  struct event *ev = event_new(s->arena, "approvals-read", clock_wall(), (struct str){0}, (struct str){0});
  char *whole = arena_alloc(s->arena, SHA256_HEX + 1), *taken = arena_alloc(s->arena, SHA256_HEX + 1);
  struct buf csv;
  buf_init(&csv, REPORT_MAX);
  approvals_csv(&csv, rows->rows.v, rows->rows.n, false, true);
  struct str bytes = buf_take(&csv, s->arena);
  if (store_blob_put(s->store, file.bytes, whole, e) < 0 || store_blob_put(s->store, bytes, taken, e) < 0) return -1;
  ev->blob = str_z(whole);
  facts_put(&ev->data, STR("rows.blob"), str_z(taken));
  facts_put(&ev->data, STR("file"), str_z(file_base(arena_z(s->arena, file.name))));
  facts_put(&ev->data, STR("as-of"), as_of);
  facts_put(&ev->data, STR("rows"), arena_printf(s->arena, "%zu", rows->rows.n));
  facts_put(&ev->data, STR("kept-out"), arena_printf(s->arena, "%zu", rows->kept_out));
  if (by.n) facts_put(&ev->data, STR("by"), by);
  return store_append(s->store, STR(STORE_APPROVALS), ev, e) < 0 ? -1 : store_commit(s->store, e);
}

struct loading {
  struct session *session;
  struct approvals *all;
};

static int load_one(void *payload, struct event *ev, struct error *e) {
  struct loading *l = payload;
  struct session *s = l->session;
  struct approvals list;
  struct findings f;
  struct str bytes, name = event_get(ev, "file");
  if (!event_is(ev, "approvals-read")) return 0;
  findings_init(&f, s->arena);
  if (store_blob_get(s->store, event_get(ev, "rows.blob"), s->arena, &bytes, e) < 0) return -1;
  if (approvals_read(&list, s->arena, (struct source){name, bytes}, &f, e) < 0) return -1;
  approvals_add_list(l->all, s->arena, &list, name, event_get(ev, "as-of"), s->cli->danish);
  return 0;
}

int approvals_load(struct approvals *out, struct session *s, struct error *e) {
  struct loading l = {s, out};
  struct event *first;
  struct error none;
  *out = (struct approvals){0};
  if (store_first(s->store, s->arena, STR(STORE_APPROVALS), &first, &none) < 0) {
    if (none.code == ERR_CONFIG) return 0;
    *e = none;
    return -1;
  }
  return store_replay(s->store, STR(STORE_APPROVALS), s->arena, load_one, &l, e);
}

/* ---- the report ---- */

static int add_run(struct approvals *all, struct session *s, struct str name, struct error *e) {
  struct str id;
  struct run *r;
  struct record rec;
  if (session_load_run(s, name, &id, e) < 0 || run_look(&r, id, &s->options, e) < 0) return -1;
  int result = shown_record(s, r, &rec, e);
  /* Its texts outlive the run: they are in the session's arena, copied by the row. */
  if (result == 0) approvals_add_run(all, s->arena, &rec, s->cli->danish);
  run_close(r);
  return result;
}

static int add_all_runs(struct approvals *all, struct session *s, bool *left_out, struct error *e) {
  struct store_run *runs;
  size_t n;
  if (store_runs(s->store, s->arena, &runs, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    struct error why;
    if (add_run(all, s, runs[i].run, &why) == 0) continue;
    *left_out = true;
    cli_fail(s->cli, &why);
  }
  return 0;
}

int approvals_report(struct session *s, const char *const *runs, size_t n, bool workbook, const char *output,
                     struct error *e) {
  struct approvals all;
  struct buf b;
  bool left_out = false;
  if (approvals_load(&all, s, e) < 0 || (!n && add_all_runs(&all, s, &left_out, e) < 0)) return -1;
  for (size_t i = 0; i < n; i++)
    if (add_run(&all, s, str_z(runs[i]), e) < 0) return -1;
  buf_init(&b, REPORT_MAX);
  (workbook ? approvals_xlsx : approvals_csv)(&b, all.rows.v, all.rows.n, true, s->cli->danish);
  int result = b.full ? error_set(e, ERR_LIMIT, "the list would be over %zu MB", REPORT_MAX >> 20) : 0;
  if (result == 0 && output) result = file_write(output, buf_str(&b), e);
  if (result == 0 && !output) cli_print(s->cli->out, buf_str(&b));
  buf_release(&b);
  return result < 0 ? -1 : left_out;
}
