/* offers: the protocols and vendor files of the data folder, as the console offers them.
 *
 * Only what a list shows is read, and kept until a file changes; whether a protocol is right is lint's to say. A
 * protocol that cannot be read at all is left out and told in the log. Entries live as long as the console, until the
 * next call of offers_protocols. */
#ifndef CONSOLE_OFFERS_H
#define CONSOLE_OFFERS_H

#include "console/console_int.h"

#define OFFERS_FILES_MAX 2000
#define OFFERS_BYTES_MAX ((size_t)4 << 20)

/* A capability that a protocol asks for (`when`), and the first section that does. */
struct offer_need {
  struct str capability;
  struct protocol_text section;
};

struct offer {
  struct str path; /* "protocols/hospitalnotification/3.0/send.yaml", relative to the data folder */
  struct str id, version, role, standard, danish, standard_version;
  struct protocol_text title;
  VEC(struct str) parties;      /* other systems that take part */
  VEC(struct offer_need) needs; /* in the protocol's own file: what its fragments alone ask for is not among them */
  char digest[SHA256_HEX + 1];
};

struct offers;
struct offers *offers_new(struct console *c);
void offers_free(struct offers *k);
/* All, by path. */
void offers_protocols(struct console *c, struct offer ***out, size_t *n);
/* The one with that id; NULL. */
const struct offer *offers_protocol(struct console *c, struct str id);
/* Vendor files of the data folder, for MedCom: paths relative to it, in a. */
void offers_vendors(struct console *c, struct arena *a, struct str **out, size_t *n);
/* The whole path of such a relative one, in a. */
const char *offers_path(struct console *c, struct arena *a, struct str relative);

#endif
