#include <archive.h>
#include <archive_entry.h>

#include "formats/archive.h"

static la_ssize_t take(struct archive *to, void *context, const void *bytes, size_t n) {
  (void)to;
  struct buf *out = context;
  buf_add(out, (struct str){bytes, n});
  return (la_ssize_t)n;
}

static int pack_one(struct archive *to, struct arena *scratch, const struct archive_file *file) {
  struct archive_entry *entry = archive_entry_new();
  if (!entry) BUG("out of memory: an entry of an archive");
  archive_entry_set_pathname(entry, arena_z(scratch, file->name));
  archive_entry_set_size(entry, (la_int64_t)file->bytes.n);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_mtime(entry, 0, 0); /* ZIP takes it for its first, in every zone */
  int rc = archive_write_header(to, entry);
  archive_entry_free(entry);
  if (rc != ARCHIVE_OK) return -1;
  return archive_write_data(to, file->bytes.p, file->bytes.n) == (la_ssize_t)file->bytes.n ? 0 : -1;
}

static int pack(struct buf *out, struct archive *to, const struct archive_file *files, size_t n, struct error *e) {
  struct arena *scratch = arena_new(0);
  archive_write_set_bytes_in_last_block(to, 1);
  int rc = archive_write_open(to, out, NULL, take, NULL);
  for (size_t i = 0; !rc && i < n; i++) rc = pack_one(to, scratch, &files[i]);
  if (!rc) rc = archive_write_close(to);
  if (!rc && out->full)
    rc = error_set(e, ERR_LIMIT, "the archive would have more than %zu bytes", out->max);
  else if (rc)
    rc = error_set(e, ERR_IO, "the archive cannot be made: %s", archive_error_string(to));
  archive_write_free(to);
  arena_free(scratch);
  return rc;
}

static struct archive *archive_begin(void) {
  struct archive *to = archive_write_new();
  if (!to) BUG("out of memory: libarchive");
  return to;
}

int archive_pack(struct buf *out, const struct archive_file *files, size_t n, struct error *e) {
  struct archive *to = archive_begin();
  archive_write_set_format_pax_restricted(to);
  archive_write_add_filter_gzip(to);
  archive_write_set_filter_option(to, "gzip", "timestamp", NULL);
  return pack(out, to, files, n, e);
}

int archive_zip(struct buf *out, const struct archive_file *files, size_t n, struct error *e) {
  struct archive *to = archive_begin();
  archive_write_set_format_zip(to);
  return pack(out, to, files, n, e);
}
