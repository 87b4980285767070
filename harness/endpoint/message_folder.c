/* Messages in watched folders, in VANSEnvelopes or SBDH, a file each: the vendor's system drops files into `from`, and
 * takes files out of `to`.
 *
 * A file that was committed is moved to from/received/<message>-<name>, so that no byte is lost and the folder shows
 * what is still to be read. What cannot be stored stays where it is and is tried again at the next rescan. */
#include "base/file.h"
#include "base/map.h"
#include "endpoint/endpoint_int.h"
#include "net/folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct arrival {
  const char *path;
};

struct folder_own {
  struct folder *watch;
  const char *done;
  struct map busy; /* path -> arrival, while it is being stored */
};

static void on_file(void *payload, const char *path) {
  struct endpoint *ep = payload;
  struct folder_own *own = ep->own;
  if (map_get(&own->busy, str_z(path))) return;
  struct stat st;
  if (stat(path, &st) < 0 || !S_ISREG(st.st_mode)) return;
  struct arrival *in = ARENA_NEW(ep->arena, struct arrival);
  in->path = arena_z(ep->arena, str_z(path));
  (void)map_set(&own->busy, str_z(in->path), in);
  struct endpoint_arrival ar = {.handle = in,
                                .via = STR("folder"),
                                .peer = str_z(ep->config.folder_from),
                                .file = str_z(file_base(in->path)),
                                .body_file = in->path,
                                .ident = arena_printf(ep->arena, "%llu.%lld.%09ld", (unsigned long long)st.st_ino,
                                                      (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec),
                                .size = (size_t)st.st_size};
  endpoint_deliver(ep, &ar);
}

static int folder_kind_open(struct endpoint *ep, struct error *e) {
  struct folder_own *own = ARENA_NEW(ep->arena, struct folder_own);
  const char *to = ep->config.folder_to, *from = ep->config.folder_from;
  if (!*to || !*from)
    return error_set(e, ERR_CONFIG, "exchange %s needs both folders, `to` and `from`", ep->kind->name);
  ep->own = own;
  map_init(&own->busy, ep->arena);
  own->done = file_join(ep->arena, from, "received");
  if (file_mkdirs(to, e) < 0 || file_mkdirs(own->done, e) < 0) return -1;
  ep->address = from;
  return folder_open(&own->watch, ep->loop, from, on_file, ep, e);
}

static void folder_send(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                        struct str file) {
  (void)content_type;
  struct error e;
  struct str name = arena_printf(ep->arena, "%.*s-%.*s", STR_F(message), STR_F(file));
  struct endpoint_result r = {.status = STR("ready")};
  if (file_write(file_join(ep->arena, ep->config.folder_to, name.p), wire, &e) < 0)
    r = (struct endpoint_result){.failure = str_z(e.text)};
  endpoint_report(ep, message, &r);
}

static void folder_accept(struct endpoint *ep, struct arrival *in, struct str message) {
  struct folder_own *own = ep->own;
  struct str name = arena_printf(ep->arena, "%.*s-%s", STR_F(message), file_base(in->path));
  if (rename(in->path, file_join(ep->arena, own->done, name.p)) < 0)
    return; /* stays busy: it is stored, and must not be read again */
  (void)map_set(&own->busy, str_z(in->path), NULL);
}

static void folder_refuse(struct endpoint *ep, struct arrival *in, const char *why) {
  (void)why;
  struct folder_own *own = ep->own;
  (void)map_set(&own->busy, str_z(in->path), NULL);
}

static void folder_kind_close(struct endpoint *ep) {
  struct folder_own *own = ep->own;
  folder_close(own->watch);
}

/* What the envelopes are is no matter of the wire. */
#define IN_FOLDERS                                                                                                     \
  .open = folder_kind_open, .send = folder_send, .accept = folder_accept, .refuse = folder_refuse,                     \
  .close = folder_kind_close

const struct endpoint_kind endpoint_vans_folder = {.name = "vans-folder", IN_FOLDERS};
const struct endpoint_kind endpoint_sbdh_folder = {.name = "sbdh-folder", IN_FOLDERS};
