/* event: one thing that happened to a run, as plain data.
 *
 * The event log is the truth (architecture.md): a run's state is the fold of its events. An event has a kind, a
 * stamp, the case and step it belongs to (empty for the whole run), name-value data, findings, and the digest of a
 * blob. It is written as one line of canonical JSON (fixed key order, no blanks); the hash chain runs over these bytes.
 *
 * Kinds and their data (all values are text):
 *   run-started      run protocol protocol.file vendor.file seed mode program standards (digest of the definitions
 *                    judged by) schemas (the same of the folder of schemas of letters, if there is one) by-hand
 *                    clock.scale logical course (of a live test); blob of the protocol and
 *                    vendor files by `protocol.blob`, `vendor.blob`
 *   receipted        message of party via file fact.*: the simulated MSH answers that one by itself
 *   addresses        service.NAME.address ...: where the services of the run are from now on
 *   harness-started  program standards schemas, harness-stopped reason
 *   paused           by why (deadlines stand still from the harness-stopped behind it until the next harness-started)
 *   aborted          by why (each step without a verdict gets one behind it, inconclusive, with aborted: yes)
 *   clock-moved      by (ms that the machine's clock was put on, or back where negative; its time asleep counts too)
 *   parameter        name value source
 *   known-issue      id rule profile element constraint package effect reason.en reason.da by expires expired (true: it
 *                    was not applied); the file of them is `known.blob` of run-started
 *   case-opened
 *   step-opened      deadline (ms of deadline time from now; empty: none) owner (vendor|medcom|harness)
 *   send-intent      message as to kind + facts of the message (prefix "fact."), payload (digest of the bare payload);
 *                    blob = bytes on the wire
 *   send-result      message status (HTTP status, or "ready" when it waits to be fetched) failure
 *   received         message via peer file ident + facts (prefix "fact."); blob = bytes as received; quarantine
 *                    (number of CPR numbers of nobody on the list of test persons: held until it is released)
 *   repeated         message peer (it came once more, byte for byte: a crash of ours had cut off the answer)
 *   salvaged         event why (from that event on the log was lost; this is what `check --copy-to` could save)
 *   refused          peer status why (a message that was not taken: too large, broken HTTP)
 *   fetched          message by (get, inbox)
 *   matched          message as
 *   fault-armed      fault on event nth count ms status how as (endpoint/fault.h; from now on, until the case ends)
 *   fault-applied    fault, message: one that came or goes out and was hit; with its facts and blob, as for `received`,
 *                    when it came and was not taken; no message: the port
 *   fault-ended      (nothing more is hit; a port is open again)
 *   resource-removed party type id (a step took it from the simulated FHIR server)
 *   http-intent      message (m4: the request) method path header.N header.N.value type facts; blob = body
 *   http-result      request (m4), message (m5: the answer) as status header.* failure facts; blob = body
 *   answer           answer (done|ok|fail|not-relevant) text by evidence.N (blob digests) evidence.N.name
 *   scripts-found    package script.N script.N.verdict script.N.run script.N.faulty (TestScripts in other runs of the
 *                    store; without a verdict: never run; faulty: true when wrong in itself)
 *   timer            (a deadline passed, or a wait ended)
 *   captured         name value
 *   verdict          verdict actual.en actual.da aborted (yes: nothing was judged, the run was ended before); findings
 *   revised          verdict by why; in mode certify only
 *   assessed         assessment (F1|F2|F3|F4|OK|not-relevant) by why; in mode certify only
 *   contested        finding (its number in the step) rule by why (the vendor does not agree)
 *   upheld           finding rule by why (MedCom stands by it)
 *   attached         message by why (a person gave an unmatched message to a step)
 *   attempt          step.N (these are played again) asked.N (of them, those that were asked for) system.version by why
 *   attempt-stands   attempt (its number) by why (of that step; until there is a newer attempt)
 *   inserted         after step.N (MedCom's own steps, put in behind `after`) file by why; blob = their YAML
 *   carried          run verdict assessment at system.version actual.en actual.da (unchanged since that run)
 *   carried-confirmed by
 *   released         message by why (a person let a message out of quarantine)
 *   declared         what (test-persons-only) how (option|terminal|vendor-file) (before files are handed in)
 *   redacted         digest by why how (erased|blacked-out) copy (digest of the blacked-out copy that is shown instead)
 *   run-ended        verdict
 * In the chain of a mailbox (run/camp.h): received, with why (nobody, several), repeated, and
 *   given            message run why (a person gave it to a run, which received it with `mailbox`)
 * In the chain of MedCom's review of a self-test (run/run.h, run_revise): revised and upheld, as in a run, and
 *   on               (after how many events of the run it was said)
 * In the chain of a course (state/course.h): by and why in each, and
 *   course-started   course vendor system system.version system.type standard standard.version role
 *                    protocol.N required.N
 *   course-submitted run.N (one a protocol, in their order)
 *   course-live-test run protocol
 *   course-approval  name
 *   course-decided   approved (yes|no) date place
 *   course-accepted, course-returned, course-published
 * In the chain of lists of approved systems (store/store.h, STORE_APPROVALS)
 *   approvals-read   file as-of (YYYY-MM-DD, the day of the list) rows kept-out by; blob = the file as it came,
 * rows.blob = the rows that were taken, as CSV
 *
 * Digests of blobs stand in `blob`, and in data called payload, copy, evidence.N or something.blob (event_blobs). */
#ifndef RECORD_EVENT_H
#define RECORD_EVENT_H

#include "base/buf.h"
#include "base/fact.h"
#include "base/finding.h"
#include "base/hash.h"

struct event {
  int64_t seq; /* 1, 2, ... in its run; set by the store */
  int64_t at;  /* ms since 1970 */
  struct str kind;
  struct str case_id, step;
  struct facts data;
  struct findings findings;
  struct str blob; /* digest, or empty */
};

/* An event of that kind with nothing in it yet, in a. */
struct event *event_new(struct arena *a, const char *kind, int64_t at, struct str case_id, struct str step);
/* The value of a datum, empty if absent. */
struct str event_get(const struct event *ev, const char *name);
bool event_is(const struct event *ev, const char *kind);
/* Copies every fact into the event's data with "fact." before its name, and back. */
void event_put_facts(struct event *ev, const struct facts *f);
void event_get_facts(struct facts *out, const struct event *ev);
/* Makes every datum valid UTF-8 (file names and answers come from outside), so that an event is the same before it was
 * written and after it was read back. The store does so when it appends. */
void event_clean(struct event *ev);
/* One line of canonical JSON, without a line end. */
void event_write(struct buf *out, const struct event *ev);
/* The link of the hash chain: SHA-256 of the hash before (empty for the first event), a line end, and the line. */
void event_chain(char out[SHA256_HEX + 1], struct str previous, struct str line);
/* Calls fn with every blob that an event names, and with the name of the datum ("blob" for its own). */
void event_blobs(const struct event *ev, void (*fn)(void *payload, struct str name, struct str digest), void *payload);
/* Reads such a line. */
MUST_CHECK int event_read(struct event **out, struct arena *a, struct str json, struct error *e);

#endif
