/* json: strict JSON (RFC 8259) with positions, and a writer.
 *
 * Refuses all that the RFC refuses. Invalid UTF-8, lone surrogate escapes and
 * a byte order mark are findings of severity error; duplicate keys are
 * findings, both values stay in the tree. Numbers keep their literal. A syntax
 * error ends the reading: the tree is then NULL. Strings without escapes
 * borrow from the source. No recursion over JSON_DEPTH_MAX. */
#ifndef FORMATS_JSON_H
#define FORMATS_JSON_H

#include "base/buf.h"
#include "formats/node.h"

#define JSON_DEPTH_MAX 256
/* Five times the largest resource of all published packages; a message of MedCom has some hundreds. Reading so many
 * takes a fifth of a second, in which nobody else is served; an attachment is one, whatever its size. */
#define JSON_NODES_MAX 500000

/* Reads src into *out; -1 (and a finding) if it is not JSON. */
int json_read(struct node **out, struct arena *a, struct source src, struct findings *f);
/* Writes a JSON tree; indent 0 gives one line, else that many blanks a level. */
void json_write(struct buf *out, const struct node *n, int indent);
/* Appends s as a JSON string, in quotes. */
void json_write_string(struct buf *out, struct str s);

/* A streaming writer for what we make ourselves: no tree is built. Keys are
 * NULL inside arrays. Ends must match begins (BUG otherwise). */
#define JSON_WRITER_DEPTH_MAX 32
struct json_writer {
  struct buf *out;
  int indent, depth;
  bool comma, in_array[JSON_WRITER_DEPTH_MAX];
};
void json_writer_init(struct json_writer *w, struct buf *out, int indent);
void json_begin_object(struct json_writer *w, const char *key);
void json_begin_array(struct json_writer *w, const char *key);
void json_end(struct json_writer *w);
void json_put_str(struct json_writer *w, const char *key, struct str value);
void json_put_z(struct json_writer *w, const char *key, const char *value);
void json_put_int(struct json_writer *w, const char *key, int64_t value);
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);
/* value is JSON already. */
void json_put_raw(struct json_writer *w, const char *key, struct str value);

#endif
