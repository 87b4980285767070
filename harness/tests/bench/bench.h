/* bench: how long judging takes, and how much memory.
 *
 * One program, started by harness/tests/bench/run: it makes the messages, starts other programs and measures them, and
 * measures the validator in its own process. Each command prints lines of "what<TAB>value<TAB>value..."; it judges
 * nothing, and fails only where it cannot measure. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "base/buf.h"
#include "base/error.h"

#define BENCH_FILE_MAX ((size_t)512 << 20)

/* Seconds on a clock that never steps back. */
double bench_seconds(void);
/* Seconds of processor time that this process has had: what else the machine does counts less. */
double bench_cpu_seconds(void);
/* Sorts v. */
double bench_median(double *v, size_t n);
/* Ends the program with what is in e. */
_Noreturn void bench_die(const struct error *e);

/* The template with a value for each of its variables. */
struct str bench_filled(struct arena *a, struct str text);
/* Each uuid becomes another one for each n, equal ones equal ones: its first eight digits are moved on. */
void bench_move_ids(struct buf *b, size_t n);
void bench_write(const char *dir, const char *name, struct str bytes);

/* Writes all messages into a folder. template: the path of a fixture; large: bytes of the large attachment. */
void bench_make(const char *dir, const char *template, size_t large);
/* Starts a program `times` times, its output dropped, and prints median and least time, and the largest memory. */
int bench_cold(const char *label, size_t times, char **argv);
/* Judges each file in this process until `seconds` are over; prints the median processor time of one and what was
 * found. packages: a folder, or "-" for the built-in standards. */
int bench_warm(const char *packages, double seconds, char **files);
/* Writes n ehmiSBDH envelopes around the template, 0.xml, 1.xml and so on, each with ids of its own. */
void bench_envelopes(const char *dir, const char *template, size_t n);
/* Takes whatever is posted: prints its address, and when it is ended (SIGTERM) how much that was. */
void bench_sink(const char *spool);
/* URLS MESSAGE SECONDS RATE PARALLEL EACH PID: posts the message, with new ids each time (of a folder: its files), to
 * the addresses in turn: RATE a second (0: as fast as it is answered), at most PARALLEL at once and EACH an address;
 * prints how many were kept, how long the answer took, and processor time and memory of the server PID. 1 if one was
 * not kept. The files CERTIFICATE KEY AUTHORITIES TOKEN behind: over TLS, with that token. */
int bench_load(int argc, char **argv);
/* Signs, verifies and gives out tokens with each algorithm, for so many seconds each; prints how many a second of
 * processor time. */
int bench_tokens(double seconds);
/* Reads, judges and writes an interchange of so many segments; prints how long that takes, beside a plain split of the
 * same bytes. */
int bench_edifact(size_t segments);
/* STORE SYSTEMS and pairs of RUN NUMBER: so many copies of each run of a store that nobody has open, of that many
 * systems in turn; prints the ids. Only ended or aborted runs, for an open one has addresses of its own. */
int bench_copies(const char *path, size_t systems, int argc, char **argv);

#endif
