#include "base/hash.h"
#include "console/assets.h"
#include "console/console_int.h"

#include <string.h>

static const char *type_of(struct str name) {
  static const char *const types[][2] = {
      {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml"}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (str_ends(name, str_z(types[i][0]))) return types[i][1];
  return "application/octet-stream";
}

/* Kept by the browser, and asked for again by its tag: a new program has new tags. */
static void send_asset(struct visit *v, const struct asset *s) {
  char digest[SHA256_HEX + 1];
  struct str bytes = {(const char *)s->bytes, s->n};
  sha256_hex(digest, bytes);
  struct str tag = arena_printf(v->arena, "\"%.16s\"", digest);
  bool same = str_eq(http_header(v->request, "If-None-Match"), tag);
  http_reply_header(v->request, "ETag", tag);
  http_reply_header(v->request, "Cache-Control", STR("no-cache"));
  http_reply(v->request, same ? 304 : 200, type_of(v->parts[0]), same ? STR("") : bytes);
}

static void get_asset(struct visit *v) {
  for (const struct asset *s = assets; s->name; s++)
    if (str_eqz(v->parts[0], s->name)) {
      send_asset(v, s);
      return;
    }
  visit_refuse(v, 404, "There is no such file.", "Den fil findes ikke.");
}

const struct route asset_routes[] = {{"GET", "/static/*", FOR_ANYONE, ROUTE_PLAIN, get_asset}, {0}};
