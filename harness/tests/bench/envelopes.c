/* What a simulated MSH gets and sends in a measurement: ehmiSBDH envelopes in files, each with ids of its own, and
 * somebody who takes its receipts. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "envelope/sbdh.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "tests/bench/bench.h"
#include "validate/message.h"

static struct str wrapped(struct arena *a, struct str payload, const struct ehmi_profile *profile, size_t n) {
  struct findings f;
  struct envelope env;
  struct envelope_payload says = {0};
  struct sbdh_stamp stamp = {.id = arena_printf(a, "%08zx-7e57-4ca0-8000-0000000000e5", n),
                             .sent = STR("2026-01-12T10:00:00+01:00")};
  struct node *resource;
  enum resource_form form;
  struct buf b;
  struct error e = {0};
  findings_init(&f, a);
  if (resource_read(&resource, &form, a, (struct source){STR("payload"), payload}, &f)) {
    findings_error(&f, &e);
    bench_die(&e);
  }
  message_payload_facts(&says, a, resource, form);
  if (!sbdh_describe(&env, a, &says, payload, &stamp, profile)) {
    (void)error_set(&e, ERR_CONFIG, "the profile has no type of document for the template");
    bench_die(&e);
  }
  buf_init(&b, BENCH_FILE_MAX);
  sbdh_kind.write(&b, &env);
  return buf_take(&b, a);
}

void bench_envelopes(const char *dir, const char *template, size_t n) {
  struct arena *a = arena_new(0), *one = arena_new(0);
  struct ehmi_profile *profile;
  struct str text;
  struct error e;
  if (file_read(&text, a, template, BENCH_FILE_MAX, &e) || sbdh_shipped_profile(&profile, a, &e) < 0) bench_die(&e);
  struct str filled = bench_filled(a, text);
  for (size_t i = 0; i < n; i++) {
    struct buf b;
    buf_init(&b, BENCH_FILE_MAX);
    buf_add(&b, filled);
    bench_move_ids(&b, i);
    bench_write(dir, arena_printf(one, "%zu.xml", i).p, wrapped(one, buf_str(&b), profile, i));
    buf_release(&b);
    arena_reset(one);
  }
  arena_free(one);
  arena_free(a);
}

/* ---- who takes the receipts ---- */

struct sink {
  size_t taken;
  volatile sig_atomic_t over;
};

static struct sink sink; /* a signal handler has no context */

static void on_request(void *payload, struct http_request *r) {
  struct sink *s = payload;
  s->taken++;
  http_reply(r, 202, "text/plain", STR("taken\n"));
}

static void on_signal(int number) {
  (void)number;
  sink.over = 1;
}

void bench_sink(const char *spool) {
  struct loop *l;
  struct http_server *server;
  struct error e;
  struct http_handler h = {.request = on_request, .payload = &sink};
  signal(SIGTERM, on_signal);
  if (loop_open(&l, &e) < 0 || http_server_open(&server, l, "127.0.0.1:0", spool, &h, &e) < 0) bench_die(&e);
  printf("%s\n", http_server_url(server));
  fflush(stdout);
  while (!sink.over) loop_turn(l, 100);
  printf("%zu\n", sink.taken);
  http_server_close(server);
  loop_close(l);
}
