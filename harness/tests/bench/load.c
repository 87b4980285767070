/* Many vendor systems at once: messages posted to the runs of a server, each with ids of its own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/vec.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "tests/bench/bench.h"

#define TURN_MS 1
#define PATIENCE_SECONDS 30.0
#define UUID_LENGTH 36
#define PROC_MAX ((size_t)1 << 14)
#define LINES_MAX ((size_t)4 << 20)

struct load {
  struct arena *arena;
  struct loop *loop;
  struct http_client *client;
  VEC(struct str) urls;
  struct str template;
  struct http_identity identity;
  struct fact token; /* a header; without a value: none */
  const char *files; /* a folder of them; NULL: all are made from the template */
  struct arena *one;
  struct buf body;
  size_t sent, answered, kept, limit;
  double *took; /* of each that was answered */
};

struct shot {
  struct load *load;
  double at;
};

static bool is_uuid(const char *p) {
  for (int i = 0; i < UUID_LENGTH; i++) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? p[i] != '-' : !strchr("0123456789abcdef", p[i]) || !p[i]) return false;
  }
  return true;
}

void bench_move_ids(struct buf *b, size_t n) {
  for (size_t i = 0; i + UUID_LENGTH <= b->n; i++) {
    char *p = b->p + i, digits[9] = "";
    if (!is_uuid(p)) continue;
    memcpy(digits, p, 8);
    uint32_t moved = (uint32_t)strtoul(digits, NULL, 16) + (uint32_t)(n + 1) * UINT32_C(2654435761);
    struct arena *a = arena_new(0);
    memcpy(p, arena_printf(a, "%08" PRIx32, moved).p, 8);
    arena_free(a);
    i += UUID_LENGTH - 1;
  }
}

static struct str body_of(struct load *l, size_t n) {
  struct error e;
  struct str bytes;
  if (l->files) {
    arena_reset(l->one);
    if (file_read(&bytes, l->one, arena_printf(l->one, "%s/%zu.xml", l->files, n).p, BENCH_FILE_MAX, &e)) bench_die(&e);
    return bytes;
  }
  buf_clear(&l->body);
  buf_add(&l->body, l->template);
  bench_move_ids(&l->body, n);
  return buf_str(&l->body);
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct shot *s = payload;
  struct load *l = s->load;
  l->took[l->answered++] = bench_seconds() - s->at;
  if (an->status == 202 || an->status == 201) l->kept++;
  free(s);
}

static void post(struct load *l) {
  struct shot *s = calloc(1, sizeof *s);
  if (!s) abort();
  *s = (struct shot){l, bench_seconds()};
  struct http_call call = {.method = "POST",
                           .url = l->urls.v[l->sent % l->urls.n].p,
                           .content_type = l->files ? "application/xml" : "application/fhir+json",
                           .headers = &l->token,
                           .headers_n = l->token.value.n != 0,
                           .body = body_of(l, l->sent),
                           .identity = l->identity.ca.n ? &l->identity : NULL,
                           .done = on_answer,
                           .payload = s};
  http_call(l->client, &call);
  l->sent++;
}

static void load_open(struct load *l, const char *urls, const char *message, size_t limit) {
  struct error e;
  struct str text;
  *l = (struct load){.arena = arena_new(0), .limit = limit};
  buf_init(&l->body, BENCH_FILE_MAX);
  l->one = arena_new(0);
  if (file_read(&text, l->arena, urls, LINES_MAX, &e)) bench_die(&e);
  if (file_is_dir(message))
    l->files = message;
  else if (file_read(&l->template, l->arena, message, BENCH_FILE_MAX, &e))
    bench_die(&e);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (line.n) VEC_PUSH(l->arena, &l->urls, str_z(arena_z(l->arena, line)));
  }
  if (loop_open(&l->loop, &e) || http_client_open(&l->client, l->loop, &e)) bench_die(&e);
  l->took = ARENA_ARRAY(l->arena, double, limit + 1);
}

/* A file of /proc says that it is empty, and is not. */
static struct str read_proc(struct arena *a, const char *pid, const char *name) {
  char *text = arena_alloc(a, PROC_MAX);
  FILE *f = fopen(arena_printf(a, "/proc/%s/%s", pid, name).p, "r");
  size_t n = f ? fread(text, 1, PROC_MAX, f) : 0;
  if (f) fclose(f);
  return (struct str){text, n};
}

/* "VmHWM:" of a process, in MB; 0 if it is not to be had. */
static double memory_of(struct arena *a, const char *pid, const char *what) {
  struct str text = read_proc(a, pid, "status");
  size_t at = str_find(text, str_z(what), 0);
  return at == SIZE_MAX ? 0 : strtod(text.p + at + strlen(what), NULL) / 1024;
}

static double processor_of(struct arena *a, const char *pid) {
  struct str text = read_proc(a, pid, "stat");
  unsigned long user = 0, system = 0;
  size_t at = str_find(text, STR(") "), 0);
  for (int field = 3; at != SIZE_MAX && field <= 15; field++) {
    at = str_find(text, STR(" "), at + 1);
    if (at == SIZE_MAX) break;
    if (field == 13) user = strtoul(text.p + at, NULL, 10);
    if (field == 14) system = strtoul(text.p + at, NULL, 10);
  }
  return (double)(user + system) / 100;
}

static void load_trust(struct load *l, char **files) {
  struct error e;
  struct str token;
  if (http_identity_read(&l->identity, l->arena, files[0], files[1], files[2], &e) < 0 ||
      file_read(&token, l->arena, files[3], LINES_MAX, &e))
    bench_die(&e);
  l->token = (struct fact){STR("Authorization"), arena_printf(l->arena, "Bearer %.*s", STR_F(str_trim(token)))};
}

int bench_load(int argc, char **argv) {
  struct load l;
  double seconds = strtod(argv[2], NULL), rate = strtod(argv[3], NULL);
  size_t parallel = (size_t)strtoull(argv[4], NULL, 10), each = (size_t)strtoull(argv[5], NULL, 10);
  load_open(&l, argv[0], argv[1], 2000000);
  if (argc == 11) load_trust(&l, argv + 7);
  double before = processor_of(l.arena, argv[6]), begun = bench_seconds(), end = begun + seconds, now;
  while ((now = bench_seconds()) < end + PATIENCE_SECONDS && (now < end || l.answered < l.sent)) {
    size_t due = rate > 0 ? (size_t)((now - begun) * rate) : l.limit;
    while (now < end && l.sent < due && l.sent < each * l.urls.n && l.sent - l.answered < parallel) post(&l);
    if (l.answered == l.sent && l.sent >= each * l.urls.n) break;
    loop_turn(l.loop, TURN_MS);
  }
  double took = bench_seconds() - begun, used = processor_of(l.arena, argv[6]) - before;
  double median = bench_median(l.took, l.answered);
  printf("%zu runs\tsent %zu\tkept %zu\t%.0f a second\tanswer %.1f ms median, %.1f ms 99 of 100\tprocessor %.2f ms a "
         "message\t"
         "memory %.0f MB now, %.0f MB most\n",
         l.urls.n, l.sent, l.kept, (double)l.kept / took, median * 1e3, l.took[l.answered * 99 / 100] * 1e3,
         l.kept ? used * 1e3 / (double)l.kept : 0, memory_of(l.arena, argv[6], "VmRSS:"),
         memory_of(l.arena, argv[6], "VmHWM:"));
  return l.kept == l.sent ? 0 : 1;
}
