/* endpoint: how a vendor's system and the harness reach each other: HTTP, watched folders, files by hand, or a FHIR
 * server that we play.
 *
 * One endpoint a vendor system and role, made from its vendor file by the run. What comes in is handed to
 * `received`, which must store it; the peer is answered (or the file moved away) only when endpoint_accept was called
 * for that arrival, after the commit, or endpoint_refuse when it could not be stored. What goes out is handed to
 * endpoint_send, and the result comes back by `sent`. One file a kind, one row in endpoint_kinds. */
#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include "base/arena.h"
#include "base/error.h"
#include "endpoint/fault.h"

/* What is taken of a message over HTTP. MedCom (governance for FHIR messaging) wants at most 100 MB with the envelope;
 * who counts those before base64 sends a third more, and shall be told so by a finding, not by a shut door. */
#define ENDPOINT_MESSAGE_MAX ((size_t)144 << 20)
#define ENDPOINT_MESSAGE_MAX_TEXT "144 MB"

struct loop;
struct message;
struct sbdh_shelf;
struct endpoint;
struct endpoint_hub;
struct guard_site;
struct http_request;
struct http_identity;
struct http_tls;
struct oauth_setup;
struct rest_resource;
struct profile_cache;
struct rest_party;
struct shapes;
struct arrival; /* one inbound message, until accepted or refused */

struct endpoint_arrival {
  struct arrival *handle;
  struct str via;        /* "http", "folder" */
  struct str peer, file; /* remote address; original file name */
  struct str body;       /* bytes when in memory */
  const char *body_file; /* else a file */
  bool movable;          /* the file is ours and may be moved away */
  struct str ident;      /* tells this file from a later one of the same name and bytes; empty: not known */
  size_t size;
  const struct facts *facts;  /* validate/message.h; valid during the call */
  const struct message *read; /* an ehmiSBDH, as it was read for its facts; during the call. NULL: none was */
  struct str given;           /* after endpoint_decide: the resource that is the answer, and the message; empty: none */
};

/* What the run knows and a FHIR server needs to decide what becomes of a request (rest.h). */
struct endpoint_decision {
  struct str new_id;         /* of a resource that is created */
  bool symbolic;             /* addresses in what is kept are symbols: such a run is byte-reproducible */
  struct str body;           /* all of it, also where it came in a file, which may be gone by now */
  const struct facts *again; /* it came before, and this is what was decided then; NULL: it did not */
  int64_t now;               /* ms since 1970, for what ends by time (tokens) */
  struct arena *arena;       /* for what comes of it */
  /* An authorization server: the wrong answer that is to be given (oauth.h; empty: the right one), and the facts of
   * what came to it before, oldest first. */
  struct str wrong;
  const struct facts *const *earlier;
  size_t earlier_n;
};

/* Statuses of a message that a fault holds back: it goes out later, and its result comes then; or never. */
#define ENDPOINT_DELAYED "delayed"
#define ENDPOINT_DROPPED "dropped"

struct endpoint_result {
  struct str status;  /* "202"; "ready": lies there to be fetched; ENDPOINT_DELAYED, ENDPOINT_DROPPED; empty: could not
                       * be sent */
  struct str failure; /* why it could not be sent */
};

/* A message that lies ready for a vendor who fetches it (inbox, get). */
struct endpoint_ready {
  struct str id, file, content_type;
};

struct endpoint_events {
  void *context;
  void (*received)(void *context, const struct endpoint_arrival *in);
  /* A message was refused before it was whole: too large, broken HTTP, or no room to spool it (status 507). status 0:
   * the peer went away. */
  void (*refused)(void *context, struct str peer, int status, const char *why);
  void (*sent)(void *context, struct str message, const struct endpoint_result *r);
  /* fhir-rest: the resources that the run's server holds, and the bytes of one. */
  size_t (*resources)(void *context, const struct rest_resource **out);
  int (*resource)(void *context, struct str digest, struct arena *a, struct str *bytes, struct error *e);
  /* A connection was reset, as endpoint_reset_next asked; may be NULL. */
  void (*reset)(void *context);
  /* Inbox: the messages sent so far, and the bytes of one (noted as fetched). */
  size_t (*ready)(void *context, struct arena *a, struct endpoint_ready **out);
  int (*fetch)(void *context, struct str message, struct arena *a, struct str *bytes, struct error *e);
  /* Does an open step want a message with these facts? Asked where several share an address; may be NULL. */
  bool (*claims)(void *context, const struct facts *facts);
  /* Is everything judged? Then nothing is waited for any more; may be NULL. */
  bool (*ended)(void *context);
};

struct endpoint_config {
  struct str kind;         /* a row of endpoint_kinds */
  struct str system, role; /* for the URL prefix: /<system>/<role> */
  const char *listen;
  const char *address; /* over HTTP: where the vendor takes messages; "" : it fetches from the inbox */
  const char *folder_to, *folder_from;
  const char *spool_dir;
  const char *data_dir;                 /* where fixtures/ is: the register, and what EDS answers; may be NULL */
  struct sbdh_shelf *shelf;             /* of the profile that an ehmiSBDH is read by; NULL: read for each */
  const struct http_tls *tls;           /* its own address speaks TLS; NULL: it does not. Not with a hub */
  const struct http_identity *identity; /* who we are where messages are taken over https; may be NULL */
  const struct str *clients;            /* PEM: the certificates that the system shows, and no others (clients.h) */
  size_t clients_n;                     /* 0: any */
  struct endpoint_hub *hub;        /* over HTTP: shares this address with others instead of listening itself (hub.h) */
  const struct shapes *shapes;     /* FHIR servers: what R4 knows of types; may be NULL */
  struct profile_cache *profiles;  /* eds, eer, eas: what comes there is judged by; NULL: it cannot be judged */
  const struct guard_site *guard;  /* whose tokens a server of resources takes; NULL: it asks none */
  const struct oauth_setup *oauth; /* authorization: clients and keys (oauth.h), as long as the endpoint */
  struct str owner, run;           /* with a hub: whose system it is, and the run's own part of the address */
};

struct endpoint_kind {
  const char *name;
  const struct rest_party *rest; /* of a FHIR server (rest_party.h); else NULL */
  int (*open)(struct endpoint *ep, struct error *e);
  void (*send)(struct endpoint *ep, struct str message, struct str wire, struct str content_type, struct str file);
  void (*accept)(struct endpoint *ep, struct arrival *in, struct str message);
  void (*refuse)(struct endpoint *ep, struct arrival *in, const char *why);
  void (*close)(struct endpoint *ep);
  /* A request for it over HTTP; rest is what stands behind its prefix. NULL where none can come. */
  void (*request)(struct endpoint *ep, struct http_request *r, struct str rest);
  /* That request as an arrival, before anybody has it: a hub whose runs share an address looks whose it is. */
  struct endpoint_arrival (*arrival)(struct endpoint *ep, struct http_request *r, struct str rest);
  /* What the answer will be, as endpoint_decide has it; NULL: it hangs on nothing. */
  void (*decide)(struct endpoint *ep, struct endpoint_arrival *in, struct facts *facts,
                 const struct endpoint_decision *d);
  /* Faults; NULL where fault_refusal says that they cannot be. */
  void (*misbehave)(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f);
  int (*port)(struct endpoint *ep, bool open, struct error *e);
  void (*reset_next)(struct endpoint *ep, size_t passes, size_t resets);
  int (*retls)(struct endpoint *ep, const struct http_tls *tls, struct error *e);
};

extern const struct endpoint_kind *const endpoint_kinds[]; /* NULL-terminated */

MUST_CHECK int endpoint_open(struct endpoint **out, struct loop *l, const struct endpoint_config *c,
                             const struct endpoint_events *ev, struct error *e);
void endpoint_close(struct endpoint *ep);
/* Is that kind a FHIR server that the vendor's system uses? And is it reached over HTTP? */
bool endpoint_is_rest(struct str kind);
bool endpoint_is_http(struct str kind);
/* Where the vendor's system sends to: a URL, a folder, or a sentence about put. */
const char *endpoint_address(const struct endpoint *ep);
/* Changes where messages go to (over HTTP), once a launched system has told its address. */
void endpoint_redirect(struct endpoint *ep, struct str address);
/* The facts of a message that came another way (put), into out's arena; never fails. shelf: as in the configuration. */
void endpoint_describe(struct facts *out, struct str name, struct str bytes, struct sbdh_shelf *shelf);
/* Only after the intent was committed. */
void endpoint_send(struct endpoint *ep, struct str message, struct str wire, struct str content_type, struct str file);
/* Before the arrival is stored, at the place that it gets in the log: what the answer will be. Puts facts of it into
 * in->facts, and in->given; what endpoint_accept sends is then fixed. */
void endpoint_decide(struct endpoint *ep, struct endpoint_arrival *in, const struct endpoint_decision *d);
void endpoint_accept(struct endpoint *ep, struct arrival *in, struct str message);
void endpoint_refuse(struct endpoint *ep, struct arrival *in, const char *why);

/* The same with a fault on the way: it may go out twice, later, after the next one, or never. */
void endpoint_send_with(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                        struct str file, const struct fault *f);
/* Instead of endpoint_accept, also after the commit: the peer gets the answer that the fault wants, or none. */
void endpoint_misbehave(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f);
/* Closes the port, or opens it again. */
MUST_CHECK int endpoint_port(struct endpoint *ep, bool open, struct error *e);
/* Lets so many connections pass and resets those after them. */
void endpoint_reset_next(struct endpoint *ep, size_t passes, size_t resets);
/* Did it come, over HTTP, by a connection that was there before endpoint_retls? */
bool endpoint_outlived(const struct arrival *in);
/* New connections see other TLS: only where config had tls. On error all stays as it was. */
MUST_CHECK int endpoint_retls(struct endpoint *ep, const struct http_tls *tls, struct error *e);

#endif
