#include "cli/registry.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "fhir/package.h"
#include "net/http_client.h"
#include "net/loop.h"

#define PROGRESS_STEP ((int64_t)1 << 20) /* bytes between two lines of progress */

struct registry {
  struct cli *cli;
  struct registry_options options;
  struct str url; /* without a slash at its end */
  struct arena *arena;
  struct map listings; /* name -> struct source */
  struct loop *loop;
  struct http_client *client;
};

/* ---- opening and closing ---- */

static int check_options(const struct registry_options *o, struct error *e) {
  if (!str_starts(str_z(o->url), STR("https://")))
    return error_set(e, ERR_CONFIG, "registry %s: the address of a registry begins with https://", o->url);
  if (o->ca_file && !file_exists(o->ca_file)) return error_set(e, ERR_CONFIG, "--ca %s: not there", o->ca_file);
  return 0;
}

int registry_open(struct registry **out, struct cli *c, const struct registry_options *o, struct error *e) {
  if (check_options(o, e)) return -1;
  struct registry *r = ARENA_NEW(c->arena, struct registry);
  *r = (struct registry){.cli = c, .options = *o, .url = str_z(o->url), .arena = c->arena};
  while (str_ends(r->url, STR("/"))) r->url.n--;
  map_init(&r->listings, r->arena);
  if (loop_open(&r->loop, e)) return -1;
  if (http_client_open(&r->client, r->loop, e)) {
    loop_close(r->loop);
    return -1;
  }
  *out = r;
  return 0;
}

void registry_close(struct registry *r) {
  http_client_close(r->client);
  loop_close(r->loop);
}

/* ---- one GET ---- */

struct fetching {
  struct registry *registry;
  struct arena *arena;
  const char *what; /* shown with the progress */
  bool done, shown;
  int64_t last; /* bytes when progress was shown */
  int status;
  struct str body;
  const char *failure;
};

static void on_done(void *payload, const struct http_answer *answer) {
  struct fetching *f = payload;
  f->done = true;
  f->status = answer->status;
  f->body = arena_str(f->arena, answer->body);
  if (answer->failure) f->failure = arena_str(f->arena, str_z(answer->failure)).p;
}

static void on_progress(void *payload, int64_t got, int64_t total) {
  struct fetching *f = payload;
  FILE *err = f->registry->cli->err;
  if (got < f->last + PROGRESS_STEP) return;
  f->last = got;
  f->shown = true;
  fprintf(err, "\r%s  %lld", f->what, (long long)(got >> 20));
  if (total) fprintf(err, " of %lld", (long long)(total >> 20));
  fprintf(err, " MiB\033[K");
  fflush(err);
}

static void get(struct fetching *f, const char *url, size_t max) {
  struct registry *r = f->registry;
  bool watched = isatty(fileno(r->cli->err)) && r->cli->log.level > LOG_QUIET;
  struct http_fetch fetch = {.url = url,
                             .ca_file = r->options.ca_file,
                             .body_max = max,
                             .still_ms = r->options.still_ms,
                             .progress = watched ? on_progress : NULL,
                             .done = on_done,
                             .payload = f};
  http_fetch(r->client, &fetch);
  while (!f->done) loop_turn(r->loop, -1);
  if (f->shown) fprintf(r->cli->err, "\r\033[K");
}

static int fail_status(const char *url, const struct fetching *f, struct error *e) {
  if (f->failure) return error_set(e, ERR_PEER, "%s", f->failure);
  return error_set(e, ERR_PEER, "%s: the registry answers with status %d", url, f->status);
}

/* ---- what there is ---- */

static int listing_of(struct source *out, struct registry *r, struct str name, struct error *e) {
  struct source *known = map_get(&r->listings, name);
  if (!known) {
    const char *url = arena_printf(r->arena, "%.*s/%.*s", STR_F(r->url), STR_F(name)).p;
    struct fetching f = {.registry = r, .arena = r->arena, .what = url};
    get(&f, url, REGISTRY_LISTING_MAX);
    if (f.status == 404) return error_set(e, ERR_CONFIG, "%.*s knows no package %.*s", STR_F(r->url), STR_F(name));
    if (f.status != 200) return fail_status(url, &f, e);
    known = ARENA_NEW(r->arena, struct source);
    *known = (struct source){str_z(url), f.body};
    map_set(&r->listings, arena_str(r->arena, name), known);
  }
  *out = *known;
  return 0;
}

int registry_find(struct release *out, struct registry *r, struct str name, struct str wanted, struct error *e) {
  struct source listing;
  if (listing_of(&listing, r, name, e)) return -1;
  return registry_choose(out, r->arena, listing, name, wanted, e);
}

int registry_fetch(struct str *tgz, bool *checked, struct registry *r, const struct release *release, struct arena *a,
                   struct error *e) {
  const char *url = arena_z(a, release->tarball);
  const char *what = arena_printf(a, "%.*s@%.*s", STR_F(release->name), STR_F(release->version)).p;
  struct fetching f = {.registry = r, .arena = a, .what = what};
  if (!release->shasum.n && !release->integrity.n && !r->options.unverified)
    return error_set(e, ERR_SYNTAX, "%s: the registry gives no checksum; --unverified takes it all the same", what);
  get(&f, url, PACKAGE_FILE_MAX);
  if (f.status != 200) return fail_status(url, &f, e);
  if (registry_check(release, f.body, checked, e)) return -1;
  *tgz = f.body;
  if (*checked || r->options.unverified) return 0;
  return error_set(e, ERR_SYNTAX,
                   "%s: the registry gives no checksum that is known here (%.*s); "
                   "--unverified takes it all the same",
                   what, STR_F(release->integrity));
}
