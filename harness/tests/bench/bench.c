#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_on(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double bench_seconds(void) {
  return seconds_on(CLOCK_MONOTONIC);
}

double bench_cpu_seconds(void) {
  return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
}

static int by_size(const void *x, const void *y) {
  double a = *(const double *)x, b = *(const double *)y;
  return a < b ? -1 : a > b;
}

double bench_median(double *v, size_t n) {
  qsort(v, n, sizeof *v, by_size);
  return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

_Noreturn void bench_die(const struct error *e) {
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  error_format(e, text, sizeof text);
  fprintf(stderr, "bench: %s\n", text);
  exit(2);
}

static int make(int argc, char **argv) {
  (void)argc;
  bench_make(argv[0], argv[1], (size_t)strtoull(argv[2], NULL, 10));
  return 0;
}

static int cold(int argc, char **argv) {
  (void)argc;
  return bench_cold(argv[0], (size_t)strtoull(argv[1], NULL, 10), argv + 2);
}

static int warm(int argc, char **argv) {
  (void)argc;
  return bench_warm(argv[0], strtod(argv[1], NULL), argv + 2);
}

static int load(int argc, char **argv) {
  return bench_load(argc, argv);
}

static int envelopes(int argc, char **argv) {
  (void)argc;
  bench_envelopes(argv[0], argv[1], (size_t)strtoull(argv[2], NULL, 10));
  return 0;
}

static int sink(int argc, char **argv) {
  (void)argc;
  bench_sink(argv[0]);
  return 0;
}

static int tokens(int argc, char **argv) {
  (void)argc;
  return bench_tokens(strtod(argv[0], NULL));
}

static int edifact(int argc, char **argv) {
  (void)argc;
  return bench_edifact((size_t)strtoull(argv[0], NULL, 10));
}

static int copies(int argc, char **argv) {
  return bench_copies(argv[0], (size_t)strtoull(argv[1], NULL, 10), argc - 2, argv + 2);
}

static const struct {
  const char *name, *arguments;
  int least; /* arguments */
  int (*run)(int argc, char **argv);
} commands[] = {
    {"make", "DIR TEMPLATE BYTES", 3, make},
    {"cold", "LABEL TIMES PROGRAM ARGUMENT...", 3, cold},
    {"warm", "PACKAGES|- SECONDS FILE...", 3, warm},
    {"load", "URLS MESSAGE SECONDS RATE PARALLEL EACH PID [CERTIFICATE KEY AUTHORITIES TOKEN]", 7, load},
    {"envelopes", "DIR TEMPLATE NUMBER", 3, envelopes},
    {"sink", "FOLDER", 1, sink},
    {"tokens", "SECONDS", 1, tokens},
    {"edifact", "SEGMENTS", 1, edifact},
    {"copies", "STORE SYSTEMS RUN NUMBER...", 4, copies},
};

int main(int argc, char **argv) {
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (argc >= 2 + commands[i].least && !strcmp(argv[1], commands[i].name)) return commands[i].run(argc - 2, argv + 2);
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    fprintf(stderr, "usage: bench %s %s\n", commands[i].name, commands[i].arguments);
  return 2;
}
