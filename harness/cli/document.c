#include "cli/document.h"

#include "record/find_again.h"

#include <string.h>

static const struct document_format *const formats[] = {&document_json, &document_sarif};

static void flush(struct document *d) {
  cli_print(d->cli->out, buf_str(&d->buf));
  buf_clear(&d->buf);
}

bool document_begin(struct document *d, struct cli *c, const char *format) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (strcmp(format, formats[i]->name)) continue;
    *d = (struct document){.cli = c, .format = formats[i], .arena = c->arena};
    buf_init(&d->buf, CLI_OUTPUT_MAX);
    json_writer_init(&d->w, &d->buf, 2);
    d->format->begin(d);
    flush(d);
    return true;
  }
  return false;
}

static void note(struct document *d, const char *file, struct str text, bool failed) {
  struct document_note n = {arena_str(d->arena, str_z(file)), arena_str(d->arena, text), failed};
  VEC_PUSH(d->arena, &d->notes, n);
}

void document_add(struct document *d, const char *file, const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    d->format->finding(d, &f->list.v[i]);
    flush(d);
  }
  if (!f->dropped) return;
  note(d, file, arena_printf(d->arena, "%zu more findings are not shown", f->dropped), false);
  fprintf(d->cli->err, "testcamp: %s: %zu more findings are not shown\n", file, f->dropped);
}

void document_fail(struct document *d, const char *file, const struct error *e) {
  note(d, file, str_z(e->text), true);
}

void document_called(struct opt_words *out, struct cli *c, const struct command *self, const struct opt *table) {
  static const char *const form[] = {"format", "lang", "undecided", NULL};
  VEC_PUSH(c->arena, &out->list, STR("testcamp"));
  VEC_PUSH(c->arena, &out->list, str_z(self->name));
  opts_words(out, c->arena, table, form);
}

struct str document_again(struct cli *c, const struct opt_words *called, const char *const *files, size_t n) {
  struct opt_words words = {0};
  bool looks_like_option = false;
  for (size_t i = 0; i < called->list.n; i++) VEC_PUSH(c->arena, &words.list, called->list.v[i]);
  for (size_t i = 0; i < n; i++) looks_like_option |= str_starts(str_z(files[i]), STR("--"));
  if (looks_like_option) VEC_PUSH(c->arena, &words.list, STR("--"));
  for (size_t i = 0; i < n; i++) VEC_PUSH(c->arena, &words.list, str_z(files[i]));
  return again_line(c->arena, words.list.v, words.list.n);
}

void document_end(struct document *d, int code) {
  d->format->end(d, code);
  buf_byte(&d->buf, '\n');
  flush(d);
  buf_release(&d->buf);
}
