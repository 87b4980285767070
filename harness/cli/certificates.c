#include "cli/certificates.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define EARLY_MS (INT64_C(60) * 60 * 1000) /* valid from an hour ago: clocks differ */
#define AUTHORITY_DAYS 3650
#define KEY_MODE 0600
#define FILE_MODE 0644
#define SERIAL_DIGITS 15 /* hexadecimal, of a UUID: 60 bits */
#define SLUG_MAX 60
#define CVR "88888888" /* made up; its check digit is wrong, so that it belongs to nobody */

/* ---- files ---- */

int certificates_file(struct certificates *out, struct str *bytes, struct arena *a, const char *path, struct error *e) {
  struct error why;
  if (file_read(bytes, a, path, CERTIFICATE_FILE_MAX, e)) return -1;
  if (certificates_read(out, a, *bytes, &why) == 0) return 0;
  return error_at(e, ERR_SYNTAX, str_z(path), 0, 0, "%s", why.text);
}

/* Never over what is there, and a key is never readable for others, not even for a moment. */
static int file_new(const char *path, struct str bytes, int mode, struct error *e) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0)
    return error_set(e, ERR_IO, "%s cannot be written: %s%s", path, strerror(errno),
                     errno == EEXIST ? "; nothing is replaced, remove it or choose another name" : "");
  bool good = write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0;
  int number = errno;
  close(fd);
  return good ? 0 : error_set(e, ERR_IO, "%s cannot be written: %s", path, strerror(number));
}

/* A name as part of a file's: "Journal Øst" gives "journal-st". */
static const char *slug(struct arena *a, const char *name) {
  struct buf b;
  buf_init(&b, SLUG_MAX);
  for (const char *p = name; *p; p++) {
    bool keeps = ascii_is_alnum(*p) || *p == '.';
    bool dashed = b.n > 0 && b.p[b.n - 1] == '-';
    if (keeps) buf_byte(&b, *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p);
    if (!keeps && b.n > 0 && !dashed) buf_byte(&b, '-');
  }
  struct str text = buf_take(&b, a);
  while (text.n && (text.p[text.n - 1] == '-' || text.p[text.n - 1] == '.')) text.n--;
  return text.n && text.p[0] != '.' ? arena_z(a, text) : arena_printf(a, "x%.*s", STR_F(text)).p;
}

/* ---- what is to be made ---- */

/* One certificate: its plan, and where it goes. */
struct order {
  struct certificate_plan plan;
  struct said what;
  const char *file, *key_file;
  struct certificate_pair pair;
};

struct orders {
  struct arena *arena;
  const struct certificates_wanted *w;
  struct certificates_issuer *by;
  VEC(struct order) list;
};

static uint64_t serial_of(struct arena *a, const char *file, int64_t now) {
  struct str id =
      uuid_derive(a, STR("serial"), 2, (struct str[]){str_z(file), arena_printf(a, "%lld", (long long)now)});
  uint64_t serial = 0;
  for (size_t i = 0, n = 0; i < id.n && n < SERIAL_DIGITS; i++) {
    char c = id.p[i];
    if (c == '-') continue;
    serial = serial << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    n++;
  }
  return serial + 1;
}

static struct order *order_add(struct orders *o, const char *name) {
  struct order *one = VEC_ADD(o->arena, &o->list);
  one->file = file_join(o->arena, o->w->dir, arena_printf(o->arena, "%s.pem", name).p);
  one->key_file = file_join(o->arena, o->w->dir, arena_printf(o->arena, "%s.key", name).p);
  one->plan.serial = serial_of(o->arena, one->file, o->w->now);
  one->plan.from = o->w->now - EARLY_MS;
  one->plan.until = o->w->now + o->w->days * DAY_MS;
  one->plan.issuer = &o->by->pair;
  one->plan.key = o->w->rsa ? CERTIFICATE_RSA_2048 : CERTIFICATE_EC_P256;
  return one;
}

static void order_authority(struct orders *o) {
  struct order *one = order_add(o, "ca");
  one->what = (struct said){STR("test authority"), STR("testudsteder")};
  one->plan.kind = CERTIFICATE_OF_AUTHORITY;
  one->plan.common_name = arena_printf(
      o->arena, "Test CA %.4s", uuid_derive(o->arena, STR("ca"), 1, &(struct str){one->file, strlen(one->file)}).p);
  one->plan.organisation = STR("testcamp");
  one->plan.until = o->w->now + AUTHORITY_DAYS * DAY_MS;
  one->plan.issuer = NULL;
}

static void order_server(struct orders *o, enum certificate_fault fault) {
  static const char *const here[] = {"localhost", "127.0.0.1", "::1"};
  const char *const *hosts = o->w->hosts_n ? o->w->hosts : here;
  size_t n = o->w->hosts_n ? o->w->hosts_n : sizeof here / sizeof *here;
  struct str *names = ARENA_ARRAY(o->arena, struct str, n);
  for (size_t i = 0; i < n; i++) names[i] = str_z(hosts[i]);
  const char *host = slug(o->arena, hosts[0]), *wrong = certificate_fault_names[fault];
  const char *file =
      fault ? arena_printf(o->arena, "server-%s-%s", host, wrong).p : arena_printf(o->arena, "server-%s", host).p;
  struct order *one = order_add(o, file);
  one->what.en = fault ? arena_printf(o->arena, "server, wrong on purpose: %s", wrong) : STR("server");
  one->what.da = fault ? arena_printf(o->arena, "server, forkert med vilje: %s", wrong) : STR("server");
  one->plan.kind = CERTIFICATE_OF_SERVER;
  one->plan.fault = fault;
  one->plan.common_name = str_sub(names[0], 0, 64);
  one->plan.names = names;
  one->plan.names_n = n;
}

/* The subject as of an OCES3 system certificate: its number is of the form that they have, and made up. */
static void order_client(struct orders *o, const char *name) {
  struct order *one = order_add(o, arena_printf(o->arena, "client-%s", slug(o->arena, name)).p);
  struct str id = uuid_derive(o->arena, STR("system"), 2, (struct str[]){str_z(name), str_z(one->file)});
  one->what = (struct said){STR("system (client)"), STR("system (klient)")};
  one->plan.kind = CERTIFICATE_OF_SYSTEM;
  one->plan.common_name = str_z(name);
  one->plan.organisation = o->w->organisation ? str_z(o->w->organisation) : STR("Testorganisation");
  one->plan.organisation_id = STR("NTRDK-" CVR);
  one->plan.serial_name = arena_printf(o->arena, "UI:DK-O:G:%.*s", STR_F(id));
}

static void order_all(struct orders *o) {
  const struct certificates_wanted *w = o->w;
  bool is_new = o->by->is_new;
  if (is_new) order_authority(o);
  if (is_new || w->hosts_n) order_server(o, CERTIFICATE_SOUND);
  for (int i = CERTIFICATE_SOUND + 1; w->faults && i < CERTIFICATE_FAULTS_N; i++)
    order_server(o, (enum certificate_fault)i);
  for (size_t i = 0; i < w->clients_n; i++) order_client(o, w->clients[i]);
  if (is_new && !w->clients_n) order_client(o, "system");
}

/* ---- the authority ---- */

static int authority_judge(const struct certificates_issuer *by, const struct certificates *own, const char *file,
                           int64_t now, struct error *e) {
  if (!own->v[0].authority) return error_set(e, ERR_CONFIG, "%s is no certificate of an authority", file);
  if (!certificate_key_matches(&own->v[0], by->pair.key))
    return error_set(e, ERR_CONFIG, "the key beside %s does not belong to it", file);
  if (now <= own->v[0].until) return 0;
  return error_set(e, ERR_CONFIG, "%s has expired: choose another folder for a new authority", file);
}

/* What is there is used; half of one is nothing to go on with. */
static int authority_find(struct certificates_issuer *by, struct arena *a, const struct certificates_wanted *w,
                          struct error *e) {
  struct certificates own;
  struct certificate_key key;
  const char *file = file_join(a, w->dir, "ca.pem"), *key_file = file_join(a, w->dir, "ca.key");
  bool has = file_exists(file), has_key = file_exists(key_file);
  by->is_new = !has && !has_key;
  if (by->is_new) return 0;
  if (!has || !has_key)
    return error_set(e, ERR_CONFIG,
                     "%s is there, but %s is not: without both nothing can be issued; choose another folder",
                     has ? file : key_file, has ? key_file : file);
  if (certificates_file(&own, &by->pair.certificate, a, file, e)) return -1;
  if (file_read(&by->pair.key, a, key_file, CERTIFICATE_FILE_MAX, e)) return -1;
  if (certificate_key_read(&key, &by->pair.key, a, by->pair.key, e)) return -1;
  by->pair.certificate = own.v[0].pem;
  if (!w->hosts_n && !w->clients_n && !w->faults)
    return error_set(e, ERR_CONFIG, "an authority is in %s already, and is kept: say by --name or --client what to add",
                     w->dir);
  return authority_judge(by, &own, file, w->now, e);
}

/* ---- making ---- */

/* All or nothing, as far as it can be told beforehand. */
static int orders_check(const struct orders *o, struct error *e) {
  for (size_t i = 0; i < o->list.n; i++) {
    const struct order *one = &o->list.v[i];
    const char *there = file_exists(one->file) ? one->file : file_exists(one->key_file) ? one->key_file : NULL;
    if (there)
      return error_set(e, ERR_CONFIG, "%s is there already: nothing is replaced, remove it or choose another name",
                       there);
    for (size_t j = 0; j < i; j++)
      if (!strcmp(one->file, o->list.v[j].file))
        return error_set(e, ERR_CONFIG, "two of them would be %s: choose other names", one->file);
  }
  return 0;
}

static int orders_make(struct orders *o, struct error *e) {
  for (size_t i = 0; i < o->list.n; i++) {
    struct order *one = &o->list.v[i];
    if (certificate_make(&one->pair, o->arena, &one->plan, e)) return -1;
    if (one->plan.kind == CERTIFICATE_OF_AUTHORITY) o->by->pair = one->pair;
  }
  return 0;
}

static int orders_write(struct orders *o, struct error *e) {
  for (size_t i = 0; i < o->list.n; i++) {
    const struct order *one = &o->list.v[i];
    struct certificates read;
    if (file_new(one->key_file, one->pair.key, KEY_MODE, e) || file_new(one->file, one->pair.certificate, FILE_MODE, e))
      return -1;
    if (certificates_read(&read, o->arena, one->pair.certificate, e)) return -1;
    VEC_PUSH(o->arena, &o->by->made, ((struct certificates_made){one->what, read.v[0], one->file, one->key_file}));
  }
  return 0;
}

int certificates_issue(struct certificates_issuer *out, struct arena *a, const struct certificates_wanted *w,
                       struct error *e) {
  struct orders o = {.arena = a, .w = w, .by = out};
  *out = (struct certificates_issuer){.dir = w->dir};
  if (authority_find(out, a, w, e)) return -1;
  order_all(&o);
  if (orders_check(&o, e) || orders_make(&o, e) || file_mkdirs(w->dir, e)) return -1;
  return orders_write(&o, e);
}
