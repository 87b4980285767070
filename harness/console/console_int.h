/* console_int: a visit: one request on its way through the console, and what pages are made with.
 *
 * The router (route.c) has checked who asks, the form's token, and whether the run or system in the address is one that
 * they may see, before a page is called: a page never asks again. A page ends its visit by exactly one of visit_page,
 * visit_go, visit_send, visit_refuse, at once or in a later turn (visits live until then, in their own arena). */
#ifndef CONSOLE_CONSOLE_INT_H
#define CONSOLE_CONSOLE_INT_H

#include "base/map.h"
#include "console/accounts.h"
#include "console/console.h"
#include "console/kept.h"
#include "console/webform.h"
#include "formats/html.h"
#include "net/http_server.h"

#define VISIT_PARTS_MAX 4
#define VISIT_BODY_MAX ((size_t)64 << 20) /* of an upload; other forms far less */
/* Beside the store: what was uploaded, while it is looked at. */
#define VISIT_FOLDER ".console-files"
#define PAGE_MAX ((size_t)32 << 20)

struct run_cards;
struct live;
struct board_page;
struct offers;
struct loop_timer;
struct job;

struct console {
  struct arena *arena;
  struct console_options options;
  struct http_server *server;
  struct loop *loop;
  struct db *db;
  struct str secret;           /* forms are signed by it */
  bool local;                  /* no login: at this machine only, and there are no accounts */
  struct visit *first, **last; /* visits that wait for their turn */
  bool busy, woken;
  struct loop_timer *waker;
  struct run_cards *cards;
  struct live *live;
  struct offers *offers;
  struct board_page *boards; /* as last rendered, in English and Danish (board.c) */
  struct job *jobs;          /* children that read */
  struct kept *kept;         /* what was written into forms that were refused */
  struct map tries;          /* logins that failed, by peer and by name (auth.c) */
  struct arena *tries_arena; /* of these */
  int hashing;               /* children that are at a password */
};

struct visit {
  struct console *console;
  struct http_request *request;
  struct arena *arena;
  struct visit *next;
  const struct route *route;
  struct str parts[VISIT_PARTS_MAX]; /* what stood for each "*" of the route's path, decoded */
  struct account who;                /* id 0 and role viewer: nobody, unless console->local */
  bool known;                        /* somebody is logged in, or it is the person at this machine */
  struct str cookie;                 /* what forms are signed for */
  bool danish;
  struct webform form;
  int64_t now;
  struct run *run;   /* ROUTE_RUN: the run, open or looked at */
  bool run_is_open;  /* it is served: it can go on */
  int64_t system;    /* ROUTE_SYSTEM: its number */
  struct str notice; /* said at the top of the page that is shown next */
  bool notice_is_error;
  struct str kept_path;    /* of the form that was refused before this page; empty: none */
  struct webform kept;     /* what was written into it */
  bool filling;            /* the form that is being written is that one: its fields have that */
  const char *select;      /* the name of the <select> that is open */
  const char *job_file;    /* what a child writes for this visit; NULL: nothing */
  struct buf out;          /* of visit_page, while it is written */
  struct html_writer html; /* into out */
};

/* ---- routes ---- */

enum route_for {
  FOR_ANYONE = 8,
  FOR_VIEWER = 1 << ROLE_VIEWER,
  FOR_VENDOR = 1 << ROLE_VENDOR,
  FOR_MEDCOM = 1 << ROLE_MEDCOM
};
#define FOR_PARTNERS (FOR_VENDOR | FOR_MEDCOM)
#define FOR_ALL (FOR_VIEWER | FOR_VENDOR | FOR_MEDCOM)

/* What the first "*" of an address names; the router finds it, and gives 404 for what the visitor may not see.
 * ROUTE_RUN_ID: a run of which nothing is read, v->run stays NULL. */
enum route_of { ROUTE_PLAIN, ROUTE_RUN, ROUTE_RUN_ID, ROUTE_SYSTEM, ROUTE_ORGANISATION };

struct route {
  const char *method, *path; /* "/runs/ * /answer" without the blanks: a "*" stands for one part */
  unsigned who;              /* enum route_for */
  enum route_of of;
  void (*show)(struct visit *v);
};

/* One table a file of pages, each ended by a row without a method; all of them in route.c. */
extern const struct route approved_routes[];
extern const struct route asset_routes[];
extern const struct route auth_routes[];
extern const struct route board_routes[];
extern const struct route camp_do_routes[];
extern const struct route camp_routes[];
extern const struct route campaign_routes[];
extern const struct route check_convert_routes[];
extern const struct route check_more_routes[];
extern const struct route check_routes[];
extern const struct route explain_routes[];
extern const struct route handover_routes[];
extern const struct route course_routes[];
extern const struct route guide_routes[];
extern const struct route home_routes[];
extern const struct route people_routes[];
extern const struct route review_routes[];
extern const struct route run_again_routes[];
extern const struct route run_diff_routes[];
extern const struct route run_do_routes[];
extern const struct route run_message_routes[];
extern const struct route run_more_routes[];
extern const struct route run_paper_routes[];
extern const struct route run_redact_routes[];
extern const struct route run_routes[];
extern const struct route start_routes[];
extern const struct route system_certificate_routes[];
extern const struct route system_protocol_routes[];
extern const struct route systems_hello_routes[];
extern const struct route systems_routes[];
extern const struct route *const route_tables[]; /* NULL-terminated */
/* Finds the route of a visit, checks it, and shows it. */
void route_visit(struct visit *v);
/* How many bytes are read of a request whose headers are here: of who is not logged in, only what a form of theirs has.
 */
size_t route_body_max(struct console *c, struct http_request *r, const char **why);
/* True if the visitor may see a run of that organisation (0: MedCom's own). */
bool visit_may_see(const struct visit *v, int64_t organisation);
/* A run by its whole id, as the router finds the one in an address: for a page that shows a second one, or its own once
 * more after a child. False: it is not there or not the visitor's to see, and the visit is ended by that. */
bool visit_find_run(struct visit *v, struct str id, struct run **out, bool *is_open);

/* ---- ending a visit ---- */

/* A page: visit_begin, markup through v->html, visit_page. */
void visit_begin(struct visit *v, const char *title_en, const char *title_da);
void visit_page(struct visit *v);
/* The same with another status than 200. */
void visit_page_status(struct visit *v, int status);
/* Only what is between begin and end, for a script that puts it in place of what a page shows: no shell. */
void visit_begin_part(struct visit *v);
/* 303 to an address of ours; with a notice that the page there shows (v->notice; printf-like texts are made with
 * arena_printf). */
void visit_go(struct visit *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Any bytes. file: a name to be saved under (NULL: shown). Nothing in it can run: sandboxed by its policy. */
void visit_send(struct visit *v, const char *type, const char *file, struct str bytes);
/* A page that says what is wrong and what to do. */
void visit_refuse(struct visit *v, int status, const char *en, const char *da);
/* The same for an error of the harness or of what was sent: 400 for syntax, configuration and limits, else 500. */
void visit_fail(struct visit *v, const struct error *e);

/* ---- writing a page ---- */

/* The word of the visitor's language. */
const char *visit_word(const struct visit *v, const char *en, const char *da);
void page_say(struct visit *v, const char *en, const char *da);
/* <element class>word</element> */
void page_say_in(struct visit *v, const char *element, const char *cls, const char *en, const char *da);
void page_open(struct visit *v, const char *element, const char *cls);
void page_close(struct visit *v);
void page_text(struct visit *v, struct str s);
void page_text_in(struct visit *v, const char *element, const char *cls, struct str s);
void page_printf_in(struct visit *v, const char *element, const char *cls, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* <a href>, address printf-like, already encoded; the text is escaped. */
void page_link(struct visit *v, struct str text, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* An attribute, printf-like. */
void page_attr(struct visit *v, const char *name, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* <form method=post> with the token; files: it can upload. Closed by page_close. Where it is the form that was just
 * refused (the same address and hidden fields, which come first), form_input, form_area and form_select have what was
 * written into it, whatever they are given. */
void form_open(struct visit *v, bool files, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A form in <details>, which is open if it was just refused; key (NULL: none) and value: its first hidden field. Closed
 * by two page_close. */
void form_fold(struct visit *v, const char *cls, const char *en, const char *da, const char *key, struct str value,
               const char *fmt, ...) __attribute__((format(printf, 7, 8)));
/* After form_open of a form with several buttons that judge: Enter in a field sends nothing, for a browser would press
 * the first button, which nobody chose (HTML, 4.10.21.2: a first submit button that is disabled stops it). */
void form_by_choice(struct visit *v);
void form_hidden(struct visit *v, const char *name, struct str value);
/* A label with its input of that type. */
void form_input(struct visit *v, const char *type, const char *name, struct str value, const char *en, const char *da);
void form_area(struct visit *v, const char *name, struct str value, const char *en, const char *da);
/* The day of a field of the form that was sent, however people write it, as "2026-11-28"; false, with a notice that
 * says what is no day, if it is none. */
bool form_day(struct visit *v, const char *name, struct str *out);
/* A label and an open <select>; options follow; closed by form_select_end. */
void form_select(struct visit *v, const char *name, const char *en, const char *da);
void form_option(struct visit *v, struct str value, struct str text, bool chosen);
void form_select_end(struct visit *v);
/* A button; name may be NULL. */
void form_button(struct visit *v, const char *name, const char *value, const char *cls, const char *en, const char *da);
/* A time as people here write it: "29-11-2026 08:15", in English "2026-11-29 08:15". */
struct str when_text(struct visit *v, int64_t ms);
/* The same with seconds, where what came first matters. */
struct str when_to_the_second(struct visit *v, int64_t ms);
/* The same of a day, "2026-11-29". */
struct str day_text_of(const struct visit *v, struct str day);
/* A verdict in a word of the visitor's language, and as a badge. */
const char *verdict_word(const struct visit *v, enum verdict verdict);
void page_verdict(struct visit *v, enum verdict verdict);
/* The role of a protocol in the visitor's language: "Afsender". */
const char *page_role(const struct visit *v, struct str role);
/* A table with these heads (pairs en, da; ended by NULL) and an open tbody; closed by page_table_end. Cells:
 * page_text_in "td". */
void page_table(struct visit *v, const char *cls, const char *const heads[][2]);
void page_table_end(struct visit *v);

/* True if each of the words, with blanks between, is somewhere in the text, in capitals or not. */
bool page_has_words(const struct visit *v, struct str text, struct str words);
/* A form that asks for words, which the page at that address gets as "q". */
void page_search(struct visit *v, const char *address, struct str words, const char *en, const char *da);
/* "https://testcamp.example:8443": the console by the name that this visitor came by, which others reach too;
 * console_url knows only the address that it listens at. */
struct str visit_origin(struct visit *v);

/* What a form of this visitor has to bring along as "csrf", or a script as the header X-Token. */
struct str visit_token(struct visit *v);

/* ---- doing things ---- */

/* What a command said; in err no folder of this machine where our files lie. */
struct done {
  int code;            /* enum cli_exit */
  struct str out, err; /* err without the folders of this machine */
};
/* A command that writes, here and now; arguments end with NULL. Text that comes from outside must stand behind "--" or
 * as "--option=text", never alone where an option could be. */
struct done do_command(struct visit *v, const char *const *argv);
/* After a command: its complaint as the notice, if it failed. True if it was done. */
bool done_well(struct visit *v, const struct done *d);
/* A command that only reads, in a child process of at most JOB_SECONDS; `then` gets what it printed. A visitor who has
 * gone away does not matter. With too many at work, all or of one person, the visit is refused (503). */
#define JOB_SECONDS 60
#define JOB_OUTPUT_MAX ((size_t)64 << 20)
void do_reading(struct visit *v, const char *const *argv, void (*then)(struct visit *v, const struct done *d));
/* Lets go of the boards that were rendered. */
void board_free(struct console *c);
/* Ends those that run, without telling their visits. */
void jobs_end(struct console *c);
/* A file for a command, in a folder that goes with the visit; its path in the visit's arena, NULL (and the visit is
 * ended) on failure. */
const char *visit_file(struct visit *v, struct str name, struct str bytes);
/* What a command said, without the folders of this machine: who wrote "system.yaml" sees that. */
struct str visit_without_folders(struct visit *v, struct str text);
/* A folder with all that is in it. */
void visit_remove_folder(void *path);
/* The same with an error in place of an ended visit. */
const char *visit_file_try(struct visit *v, struct str name, struct str bytes, struct error *e);
/* A line of the audit log, a chain of the store's own ("audit-console"): who did what. Done by the router for every
 * form that was sent; pages add what the address does not say. */
void audit(struct visit *v, const char *what, struct str detail);

/* ---- runs ---- */

/* A run in a line: what lists, boards and queues show. */
struct run_card {
  struct str run, protocol, role, standard, standard_version, vendor, system, system_version, mode;
  struct str digest; /* of the protocol that it was made by */
  struct protocol_text title;
  int64_t organisation; /* 0: MedCom's own */
  int64_t started_at, ended_at, last_at;
  enum verdict verdict;
  size_t steps, judged, failed;
  bool waits_vendor, waits_medcom; /* somebody has to act */
  bool paused;                     /* a person let it stand */
  bool certifiable;                /* a live test that nothing keeps from an approval */
  bool open, received;             /* served here; came as a bundle */
  struct str damage;               /* it cannot be read, and why */
};
/* All runs that the visitor may see, newest first; in the visit's arena. */
void run_cards_get(struct visit *v, struct run_card **out, size_t *n);
/* Open runs of one organisation: each is a part of what all others wait for. */
#define RUNS_OPEN_MAX 100
/* True if the visitor's organisation has that many under way; then nothing is begun, and the visit is ended (429). */
bool run_cards_are_full(struct visit *v);
/* Grows with everything that happens to any run: what was made of the cards is as good as it was while this is the
 * same. */
int64_t run_cards_age(const struct console *c);
/* The card of v->run. */
struct run_card run_card_of(struct visit *v);
struct run_cards *run_cards_new(struct console *c);
/* Once the tables are open: what was known of the runs when the console was last closed, and the rest a few at a time.
 */
void run_cards_recall(struct run_cards *k);
void run_cards_touch(struct run_cards *k, struct str run);
void run_cards_free(struct run_cards *k);
/* Whose a run is; 0: MedCom's own. */
MUST_CHECK int run_owner(struct console *c, struct str run, int64_t *organisation, struct error *e);
MUST_CHECK int run_owner_set(struct console *c, struct str run, int64_t organisation, int64_t system, struct error *e);

/* ---- live ---- */

/* Holds a visit as server-sent events (text/event-stream) until its topic is touched: then "data: changed" is sent, and
 * the browser asks again. Topics: a run's id, "runs" for any, live_topic_of for those of an organisation. Of one
 * account, and in all, only so many are held: the oldest is told to come back later. */
void live_hold(struct visit *v, struct str topic);
/* A count of all that was touched: a page tells by it what it shows already. */
int64_t live_age(const struct console *c);
/* The attributes of an element that follows a topic: where its events are, printf-like. Only directly after page_open.
 */
void page_live(struct visit *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void live_touch(struct console *c, struct str topic);
/* Who follows a list that has this run: MedCom, and those whose it is. */
void live_touch_lists(struct console *c, struct str run);
struct str live_topic_of(struct arena *a, int64_t organisation);
struct live *live_new(struct console *c);
void live_free(struct live *l);

#endif
