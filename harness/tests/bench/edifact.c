/* EDIFACT: an interchange of many segments is made, split into its components as plainly as can be, read into its tree,
 * judged as an interchange, and written again; each in processor time, one behind the other in one process. */
#include <stdio.h>
#include <stdlib.h>

#include "envelope/interchange.h"
#include "formats/edifact.h"
#include "tests/bench/bench.h"

#define ROUNDS 15
#define BYTES_MAX ((size_t)512 << 20)
#define LETTER_SEGMENTS 14

static void add_letter(struct buf *b, size_t i) {
  buf_printf(b,
             "UNH+B%zu+MEDDIS:D:93A:UN:D9134L+DIS91'\nBGM+EPI++9+NA'\nDTM+137:202611290930:203'\nS01+01'\n"
             "NAD+SSP+4202090:SKS:SST++Sygehuset:Medicinsk Afdeling:Afsnit 4::::US'\nSEQ++1'\nS02+02'\nGIS+N'\n"
             "RFF+SRI:B%zu'\nS07+07'\nPNA+PAT+2512489996:::CPR:IM+++SU:Berggren+FO:Nancy Ann'\nS14+14'\n"
             "FTX+NC+P00++Patienten er set i dag og har det efter omst\xe6ndighederne godt, s\xe5 der er:"
             "ikke aftalt mere. Hun kan henvende sig igen, hvis det bliver v\xe6rre.'\nUNT+%d+B%zu'\n",
             i, i, LETTER_SEGMENTS, i);
}

static void make(struct buf *b, size_t letters) {
  buf_init(b, BYTES_MAX);
  buf_addz(b, "UNA:+.? 'UNB+UNOC:3+5790000120314:14+5790000121526:14+261129:0930+K1++++1'\n");
  for (size_t i = 0; i < letters; i++) add_letter(b, i);
  buf_printf(b, "UNZ+%zu+K1'\n", letters);
}

struct part {
  const char *p;
  size_t n;
};

/* Every component into a list: what a reader cannot do without. */
static size_t split(struct part *out, struct str s) {
  size_t n = 0, from = 0;
  for (size_t at = 0; at < s.n; at++) {
    char c = s.p[at];
    if (c == '?') at++;
    if (c != '\'' && c != '+' && c != ':') continue;
    out[n++] = (struct part){s.p + from, at - from};
    from = at + 1;
  }
  return n;
}

struct times {
  double split[ROUNDS], read[ROUNDS], check[ROUNDS], write[ROUNDS];
};

static void round_of(struct times *t, size_t i, struct str bytes, struct part *room) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *root;
  struct buf again;
  findings_init(&f, a);
  buf_init(&again, BYTES_MAX);
  double from = bench_cpu_seconds();
  if (!split(room, bytes)) BUG("nothing was split");
  t->split[i] = bench_cpu_seconds() - from;
  from = bench_cpu_seconds();
  if (edifact_read(&root, a, (struct source){STR("bench"), bytes}, &f) < 0) BUG("nothing was read");
  t->read[i] = bench_cpu_seconds() - from;
  from = bench_cpu_seconds();
  interchange_check(root, STR("bench"), &f);
  t->check[i] = bench_cpu_seconds() - from;
  from = bench_cpu_seconds();
  edifact_write(&again, root);
  t->write[i] = bench_cpu_seconds() - from;
  if (f.list.n || !str_eq(buf_str(&again), bytes)) BUG("%zu findings, or written otherwise", f.list.n);
  buf_release(&again);
  arena_free(a);
}

static void print(const char *what, double *v, double split) {
  double median = bench_median(v, ROUNDS);
  printf("%s\t%.1f ms\tleast %.1f ms\t%.1f times the split\n", what, median * 1e3, v[0] * 1e3, median / split);
}

int bench_edifact(size_t segments) {
  static struct times t;
  struct buf b;
  size_t letters = segments / LETTER_SEGMENTS;
  make(&b, letters);
  struct part *room = malloc((b.n + 1) * sizeof *room);
  if (!room) return 2;
  for (size_t i = 0; i < ROUNDS; i++) round_of(&t, i, buf_str(&b), room);
  printf("%zu segments, %.1f MB\n", letters * LETTER_SEGMENTS + 2, (double)b.n / 1e6);
  print("split", t.split, bench_median(t.split, ROUNDS));
  print("read", t.read, t.split[ROUNDS / 2]);
  print("check", t.check, t.split[ROUNDS / 2]);
  print("write", t.write, t.split[ROUNDS / 2]);
  free(room);
  buf_release(&b);
  return 0;
}
