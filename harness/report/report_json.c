/* The record itself, as record.h describes it. */
#include "report/report_int.h"

static void write_json(struct buf *out, const struct record *r, enum report_lang lang) {
  (void)lang; /* the record holds both */
  record_write(out, r);
}

const struct report_format report_json = {.name = "json", .extension = "json", .file = "record", .write = write_json};
