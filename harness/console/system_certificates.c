#include "console/system_certificates.h"

#define FILE_MAX ((size_t)2 << 20)

int system_certificates_get(struct visit *v, int64_t system, struct system_certificate **out, size_t *n,
                            struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT id, at, by, pem FROM system_certificates WHERE system = ? ORDER BY id", "i", system) < 0)
    return -1;
  *n = r.n;
  *out = ARENA_ARRAY(v->arena, struct system_certificate, r.n + 1);
  for (size_t i = 0; i < r.n; i++) {
    struct certificates all;
    if (certificates_read(&all, v->arena, db_cell(&r, i, 3), e) < 0) return -1;
    (*out)[i] = (struct system_certificate){db_number(&r, i, 0), db_number(&r, i, 1), db_cell(&r, i, 2), all.v[0]};
  }
  return 0;
}

static int check_room(struct visit *v, int64_t system, int64_t in_place_of, const struct certificate *c,
                      struct error *e) {
  struct system_certificate *all;
  size_t n;
  bool found = !in_place_of;
  if (system_certificates_get(v, system, &all, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    found = found || all[i].id == in_place_of;
    if (str_eq(all[i].certificate.thumbprint, c->thumbprint))
      return error_set(e, ERR_CONFIG, "the system has that certificate already");
  }
  if (!found)
    return error_set(
        e, ERR_CONFIG,
        "the one that was to be replaced is not there any more: somebody has removed it. Nothing was changed");
  if (n < VENDOR_CERTIFICATES_MAX || in_place_of) return 0;
  return error_set(e, ERR_CONFIG, "a system has at most 16 certificates: remove one, or replace one");
}

static int keep(struct visit *v, int64_t system, int64_t in_place_of, const struct certificate *c, struct error *e) {
  struct db *d = v->console->db;
  if (in_place_of && system_certificate_drop(v, system, in_place_of, e) < 0) return -1;
  return db_do(d, e, "INSERT INTO system_certificates (system, thumbprint, pem, by, at) VALUES (?, ?, ?, ?, ?)",
               "isssi", system, c->thumbprint, c->pem, v->who.name, v->now);
}

int system_certificate_keep(struct visit *v, int64_t system, int64_t in_place_of, const struct certificate *c,
                            struct error *e) {
  struct db *d = v->console->db;
  if (check_room(v, system, in_place_of, c, e) < 0 || db_begin(d, e) < 0) return -1;
  if (keep(v, system, in_place_of, c, e) == 0 && db_end(d, e) == 0) return 0;
  db_undo(d);
  return -1;
}

int system_certificate_drop(struct visit *v, int64_t system, int64_t id, struct error *e) {
  struct db *d = v->console->db;
  if (db_do(d, e, "DELETE FROM system_certificates WHERE system = ? AND id = ?", "ii", system, id) < 0) return -1;
  if (db_changed(d) == 1) return 0;
  return error_set(e, ERR_CONFIG, "that certificate is not there any more");
}

/* ---- a run ---- */

static void put(struct buf *b, struct str pem) {
  buf_addz(b, "  - \"");
  for (size_t i = 0; i < pem.n; i++)
    if (pem.p[i] == '\n')
      buf_addz(b, "\\n");
    else
      buf_byte(b, pem.p[i]);
  buf_addz(b, "\"\n");
}

int system_certificates_add(struct visit *v, int64_t system, struct str *file, struct error *e) {
  struct system_certificate *all;
  struct buf b;
  size_t n;
  if (system_certificates_get(v, system, &all, &n, e) < 0) return -1;
  if (!n) return 0;
  buf_init(&b, FILE_MAX);
  buf_add(&b, *file);
  buf_addz(&b, "\n# Uploaded in the console.\ncertificates:\n");
  for (size_t i = 0; i < n; i++) {
    const struct certificate *c = &all[i].certificate;
    put(&b, c->pem);
    if (v->now <= c->until) continue;
    buf_release(&b);
    return error_set(e, ERR_CONFIG,
                     "a certificate of the system has expired; replace or remove it on the system's page: %.*s",
                     STR_F(c->subject));
  }
  *file = buf_take(&b, v->arena);
  return 0;
}
