/* refvendor: the reference vendor system, a small real system for CareCommunication 5.0, Acknowledgement 2.0 and
 * ConditionList 1.0.
 *
 * It knows only the wire: VANSEnvelopes come in over HTTP (POST /vans) or a watched folder, and go out the same way; on
 * EHMI an ehmiSBDH takes their place, and EDS, EAS and an authorization server are asked over HTTP(S) (ehmi.h). It
 * judges what it receives, acknowledges, keeps threads, and sends when it is told to (POST /trigger). Defects can be
 * switched on (defect.h, declared.h). What it holds is in memory and gone when it is closed, but for what its MSH
 * keeps in a folder (`keep`). */
#ifndef REFVENDOR_REFVENDOR_H
#define REFVENDOR_REFVENDOR_H

#include "base/log.h"
#include "base/vec.h"
#include "fhir/resource.h"
#include "refvendor/declared.h"
#include "refvendor/defect.h"

#define REFVENDOR_LATE_MS INT64_C(10000)

struct loop;
struct refvendor;

struct refvendor_party {
  struct str gln, sor, name;
};

/* What it is in the chain of EHMI; EUA and MSH are two that report apart. */
enum refvendor_station { REFVENDOR_EUA, REFVENDOR_MSH, REFVENDOR_EUA_MSH, REFVENDOR_STATIONS_N };

struct refvendor_options {
  const char *listen;                 /* host:port */
  const char *to;                     /* URL that its messages are posted to, or NULL */
  const char *rest;                   /* FHIR server that its messages are posted to, bare, as Bundles; or NULL */
  const char *folder_in, *folder_out; /* both or neither */
  const char *data_dir;               /* folder of fixtures/; NULL: file_data_dir */
  struct refvendor_party own;
  VEC(struct refvendor_party)
  partners;                                     /* its address book (none: the two of vendors/reference); more
                                                 * come with the messages that it receives */
  VEC(struct refvendor_party) also;             /* further organisations of its own */
  const char *eds, *auth, *eas, *eer;           /* services of EHMI, or NULL; auth is the issuer */
  const char *relay;                            /* the server behind it, or NULL */
  VEC(struct str) spoils;                       /* what it does wrong in front of that one (relay.c) */
  const char *client_cert, *client_key, *trust; /* PEM files for https, or NULL */
  bool is_operator;                             /* it carries and converts what others write */
  bool sbdh;                                    /* its messages go out in an ehmiSBDH, not in a VANSEnvelope */
  struct refvendor_party emr;                   /* the register that gets copies; gln empty: none */
  bool emr_same;                                /* copies are addressed as the message was */
  const char *emr_to;                           /* URL of it, or NULL: `to` */
  struct str client_id;
  const char *station; /* as the command line has it; stations and devices are what follows from it */
  struct str device;
  bool stations[REFVENDOR_STATIONS_N];
  bool is_access_point;                     /* the MSH is one too: AP-MSH */
  struct str devices[REFVENDOR_STATIONS_N]; /* device_id in EER; empty: "refvendor" */
  bool defects[DEFECTS_N];
  VEC(const struct declared *) declared;
  const char *keep; /* folder for what its MSH has to know after it was killed, or NULL */
  bool restarts;    /* the program starts another one, and starts that again whenever it is killed */
  struct str seed;  /* empty: random ids and the real clock; else derived ids and a logical clock */
  enum resource_form form;
  bool absolute; /* references are whole addresses, the same as fullUrl */
  int64_t late_ms;
  double clock_scale; /* its own deadlines pass so many times faster; 1 or more */
  struct log log;
};

/* What the options are when nothing is said. */
void refvendor_options_init(struct refvendor_options *o);
/* Reads the command line into o (strings in a). 0: run, 1: something was printed and all is done, -1: error. */
MUST_CHECK int refvendor_options_parse(struct refvendor_options *o, struct arena *a, int argc, char **argv,
                                       struct error *e);
/* Starts on the loop; what o points to must stay. */
MUST_CHECK int refvendor_open(struct refvendor **out, struct loop *l, const struct refvendor_options *o,
                              struct error *e);
/* "http://127.0.0.1:PORT". */
const char *refvendor_url(const struct refvendor *v);
/* Stops and frees; what was still to be sent is dropped. Not from within one of its own callbacks. */
void refvendor_close(struct refvendor *v);

#endif
