#include "formats/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"

#define BLOCK ((size_t)64 << 10)

struct reading {
  struct archive *from;
  const struct archive_visitor *v;
  struct str archive; /* its name */
  struct buf bytes;
  char block[BLOCK];
  size_t total, members;
  struct arena *names; /* of all members, and the map */
  struct map seen;
  struct error *e;
};

static int refuse(struct reading *r, enum error_code code, struct str name, const char *why) {
  return error_set(r->e, code, "%.*s: \"%.*s\" %s", STR_F(r->archive), STR_F(name), why);
}

static int limit(struct reading *r, struct str name, const char *what, size_t max) {
  return error_set(r->e, ERR_LIMIT, "%.*s: \"%.*s\" %s; at most %zu", STR_F(r->archive), STR_F(name), what, max);
}

/* What libarchive says is wrong, as a sentence of ours. */
static int broken(struct reading *r) {
  const char *why = archive_error_string(r->from);
  return error_set(r->e, ERR_SYNTAX, "%.*s is a damaged archive: %s", STR_F(r->archive), why ? why : "unknown reason");
}

static bool has_control(struct str name) {
  for (size_t i = 0; i < name.n; i++)
    if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7F || name.p[i] == '\\') return true;
  return false;
}

static int check_name(struct reading *r, struct str name) {
  if (!name.n) return refuse(r, ERR_SYNTAX, name, "is a file without a name");
  if (name.n > ARCHIVE_NAME_MAX) return limit(r, str_sub(name, 0, 60), "... is too long a name", ARCHIVE_NAME_MAX);
  if (has_control(name)) return refuse(r, ERR_SYNTAX, name, "has a character that no file name here may have");
  if (!file_name_is_inside(name)) return refuse(r, ERR_SYNTAX, name, "leads out of the archive");
  return 0;
}

/* 1: a file to read, 0: a folder. */
static int check_kind(struct reading *r, struct archive_entry *entry, struct str name) {
  if (archive_entry_hardlink(entry) || archive_entry_symlink(entry))
    return refuse(r, ERR_SYNTAX, name, "is a link, and links are refused");
  if (archive_entry_filetype(entry) == AE_IFDIR) return 0;
  if (archive_entry_filetype(entry) != AE_IFREG) return refuse(r, ERR_SYNTAX, name, "is neither a file nor a folder");
  return 1;
}

/* Unpacks one file into r->bytes, or only counts it. */
static int unpack(struct reading *r, struct str name, bool keep) {
  size_t size = 0;
  buf_clear(&r->bytes);
  for (;;) {
    ssize_t n = archive_read_data(r->from, r->block, sizeof r->block);
    if (n < 0) return broken(r);
    if (!n) return 0;
    size += (size_t)n;
    r->total += (size_t)n;
    if (size > r->v->limits.member_max) return limit(r, name, "is too large", r->v->limits.member_max);
    if (r->total > r->v->limits.total_max)
      return limit(r, name, "brings the files over the size of all", r->v->limits.total_max);
    if (keep) buf_add(&r->bytes, (struct str){r->block, (size_t)n});
  }
}

/* The name without empty and "." parts, in place: a file has one name only. An absolute name stays one. */
static struct str plain_name(struct arena *a, struct str name) {
  char *to = arena_z(a, name);
  size_t n = str_starts(name, STR("/")); /* its slash is kept */
  struct str rest = name;
  while (rest.n) {
    struct str part = str_cut(&rest, '/');
    if (!part.n || str_eqz(part, ".")) continue;
    if (n && to[n - 1] != '/') to[n++] = '/';
    memcpy(to + n, part.p, part.n);
    n += part.n;
  }
  return (struct str){to, n};
}

static int one(struct reading *r, struct archive_entry *entry) {
  const char *z = archive_entry_pathname_utf8(entry);
  struct str name = plain_name(r->names, str_z(z ? z : archive_entry_pathname(entry)));
  if (++r->members > r->v->limits.members_max) return limit(r, name, "is one file too many", r->v->limits.members_max);
  int kind = check_kind(r, entry, name);
  if (kind < 0) return -1;
  if ((kind || name.n) && check_name(r, name)) return -1;
  if (!kind) return 0;
  if (!map_set(&r->seen, name, r)) return refuse(r, ERR_SYNTAX, name, "is there twice");
  bool wanted = !r->v->wants || r->v->wants(r->v->context, name);
  if (unpack(r, name, wanted)) return -1;
  return wanted ? r->v->member(r->v->context, name, buf_str(&r->bytes), r->e) : 0;
}

static int all(struct reading *r) {
  for (;;) {
    struct archive_entry *entry;
    int rc = archive_read_next_header(r->from, &entry);
    if (rc == ARCHIVE_EOF) return 0;
    if (rc == ARCHIVE_RETRY) continue;
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) return broken(r);
    rc = one(r, entry);
    if (rc) return rc;
  }
}

static int open_bytes(struct reading *r, struct str bytes) {
  archive_read_support_filter_gzip(r->from);
  archive_read_support_format_tar(r->from);
  archive_read_support_format_zip(r->from);
  return archive_read_open_memory(r->from, bytes.p, bytes.n) == ARCHIVE_OK ? 0 : broken(r);
}

int archive_each(struct source src, const struct archive_visitor *v, struct error *e) {
  struct reading *r = calloc(1, sizeof *r);
  if (!r) BUG("out of memory: a reader of archives");
  r->v = v;
  r->archive = src.name;
  r->e = e;
  r->names = arena_new(0);
  map_init(&r->seen, r->names);
  buf_init(&r->bytes, v->limits.member_max);
  r->from = archive_read_new();
  if (!r->from) BUG("out of memory: libarchive");
  int rc = open_bytes(r, src.bytes);
  if (!rc) rc = all(r);
  archive_read_free(r->from);
  buf_release(&r->bytes);
  arena_free(r->names);
  free(r);
  return rc < 0 ? -1 : 0;
}
