/* visit: one request on its way through the console: what is known of it, the routes, and how it ends.
 *
 * The router (route.c) has checked who asks, the form's token, and whether the run or system in the address is one that
 * they may see, before a page is called: a page never asks again. A page ends its visit by exactly one of visit_page,
 * visit_go, visit_send, visit_refuse, at once or in a later turn (visits live until then, in their own arena). */
#ifndef CONSOLE_VISIT_H
#define CONSOLE_VISIT_H

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
  struct run *run;      /* ROUTE_RUN: the run, open or looked at */
  bool run_is_open;     /* it is served: it can go on */
  int64_t system;       /* ROUTE_SYSTEM: its number */
  struct str notice;    /* said at the top of the page that is shown next, in the visitor's language */
  struct str complaint; /* said before it, as visit_complain keeps it: in English, shown in the visitor's language */
  bool notice_is_error;
  struct str kept_path;                          /* of the form that was refused before this page; empty: none */
  struct webform kept;                           /* what was written into it */
  bool filling;                                  /* the form that is being written is that one: its fields have that */
  void (*go_on)(struct visit *v, void *payload); /* NULL: it has just come */
  void *go_on_with;
  const char *select;      /* the name of the <select> that is open */
  const char *job_file;    /* what a child writes, or a second one reads, for this visit; NULL: nothing */
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
extern const struct route check_coverage_routes[];
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
extern const struct route run_word_routes[];
extern const struct route start_routes[];
extern const struct route system_certificate_routes[];
extern const struct route system_protocol_routes[];
extern const struct route systems_hello_routes[];
extern const struct route systems_routes[];
extern const struct route *const route_tables[]; /* NULL-terminated */
/* Finds the route of a visit, checks it, and shows it. */
void route_visit(struct visit *v);
/* The visit goes on in a turn of its own, as it came: while a command has the store, no page is made and nothing noted.
 * For whatever the loop tells of a child. */
void visit_go_on(struct visit *v, void (*go_on)(struct visit *v, void *payload), void *payload);
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
/* The page of a form once more (begin as it shows it), with what it lacks: 400. */
void visit_ask_again(struct visit *v, void (*begin)(struct visit *v), const char *en, const char *da);
/* Only what is between begin and end, for a script that puts it in place of what a page shows: no shell. */
void visit_begin_part(struct visit *v);
/* 303 to an address of ours; with a notice that the page there shows (v->notice; printf-like texts are made with
 * arena_printf). */
void visit_go(struct visit *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Any bytes. file: a name to be saved under (NULL: shown). Nothing in it can run: sandboxed by its policy. */
void visit_send(struct visit *v, const char *type, const char *file, struct str bytes);
/* What a statement (console/db.h) broke of the rules of the tables, in words: en and da take the place of what the
 * database says, which names the file and columns. The result, for the error. */
MUST_CHECK int visit_in_words(const struct visit *v, int result, struct error *e, const char *en, const char *da);
/* A page that says what is wrong and what to do. */
void visit_refuse(struct visit *v, int status, const char *en, const char *da);
/* The same for what a command complained of. */
void visit_refuse_complaint(struct visit *v, int status, struct str complaint);
/* What a command or a room complained of, in English, is told as an error on the page that is shown next. */
void visit_complain(struct visit *v, struct str complaint);
/* The same for an error of the harness or of what was sent: 400 for syntax, configuration and limits, else 500. */
void visit_fail(struct visit *v, const struct error *e);

#endif
