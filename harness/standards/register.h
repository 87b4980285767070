/* register: the organisations of the test world, as look-ups in SOR, EER and the register of patients' doctors would
 * tell of them.
 *
 * A file (fixtures/standards/register.yaml) has them by a name of our own, which protocols use: ${register.NAME.gln}.
 * Each has a name, a kind of unit, a SOR id, and perhaps a unit above it. A unit without a location number (GLN) of its
 * own inherits that of the nearest unit above, and with it the message types that can be received there: SOR keeps
 * types by location number. What EER knows of a unit is its endpoint, which has the unit's own location number (one a
 * unit, until SOR has more), and the devices that it uses. Patients stand there with the practice that they belong to,
 * or without one (group 2). Everything lives in the arena that it was read into; strings borrow from the file's bytes.
 */
#ifndef STANDARDS_REGISTER_H
#define STANDARDS_REGISTER_H

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"

#define REGISTER_FILE "fixtures/standards/register.yaml"
#define REGISTER_BYTES_MAX ((size_t)1 << 20)
#define REGISTER_UNITS_MAX 5000
#define REGISTER_DEPTH_MAX 16
#define REGISTER_TYPES_MAX 100
#define REGISTER_DEVICES_MAX 1000
#define REGISTER_PATIENTS_MAX 10000
#define REGISTER_PLACES_MAX 2000
#define REGISTER_PAYLOADS_MAX 100 /* of one endpoint: its payload types, and its media types */

/* A type of message that is taken in: SOR-EDI code and version. */
struct register_type {
  struct str code, version;
};

struct register_unit;

/* A system, or a part of one, as EER has it (EerDevice). */
struct register_device {
  struct str id;        /* its name in this file, and the id of its resource */
  struct str device_id; /* its identifier */
  struct str type;      /* EOJ, LPS, AP, MSH, EUA */
  struct str manufacturer, name, status;
  const struct register_unit *owner; /* NULL: not told */
  int line;
};

/* Where the messages of a unit go to in EHMI: EER's endpoint, whose identifier is the unit's location number. */
struct register_endpoint {
  struct str connection, status, address;
  struct str start, end; /* of its period; end may be empty */
  const struct register_device *msh, *ap;
  struct {
    struct str *v;
    size_t n, cap;
  } payloads, media; /* codes of ehmi-message-definition-uri; media types */
};

struct register_unit {
  struct str id;                      /* its name in protocols */
  struct str name, kind;              /* of the organisation; "hospital", "home care", ... */
  struct str sor, gln;                /* gln: its own, or empty */
  const struct register_unit *parent; /* NULL: none above */
  const struct register_unit *number; /* whose location number counts: itself, one above, or NULL */
  bool active, internal;              /* internal: the number is not reached from outside */
  VEC(struct register_type) receives; /* at its own number */
  struct str level;                   /* in SOR: "IO", "HI", "OU" */
  struct str sor_type;                /* a code of eer-sor-unit-type, or empty */
  struct str yder;                    /* of a general practice */
  struct str street, postal_code, city, telephone;
  const struct register_device *eua, *msh; /* the systems that it uses; NULL: not told */
  struct register_endpoint *endpoint;      /* NULL: EER has nothing of it */
  int line;
};

struct register_patient {
  struct str cpr;
  const struct register_unit *practice; /* NULL: none, group 2 */
};

struct register_place {
  struct str postal_code, city;
};

struct sor_register {
  VEC(struct register_unit *) units; /* in the order of the file */
  struct map by_id, by_sor, by_gln, by_yder;
  VEC(struct register_device *) devices;
  struct map device_by_id, device_by_device_id;
  struct map patients; /* CPR -> struct register_patient */
  struct map places;   /* postal code -> struct register_place */
  size_t patients_n, places_n;
};

/* Reads the bytes of a register; a mistake is an error with line and column. */
MUST_CHECK int sor_register_read(struct sor_register **out, struct arena *a, struct str bytes, struct str name,
                                 struct error *e);
/* Reads REGISTER_FILE below data_dir. */
MUST_CHECK int sor_register_load(struct sor_register **out, struct arena *a, const char *data_dir, struct error *e);
/* The unit with that name, SOR id or own location number; NULL if none. */
const struct register_unit *sor_register_find(const struct sor_register *r, struct str what);
/* The location number that what is meant for the unit goes to: inherited where it has none; empty if none above has. */
struct str register_unit_gln(const struct register_unit *u);
/* True if messages of that type and version can be sent to it: active, not internal, and listed for its number. */
bool register_unit_receives(const struct register_unit *u, struct str code, struct str version);
/* Those of others than protocols name; NULL if none. */
const struct register_unit *sor_register_practice(const struct sor_register *r, struct str yder);
const struct register_device *sor_register_device(const struct sor_register *r, struct str id_or_device_id);
const struct register_patient *sor_register_patient(const struct sor_register *r, struct str cpr);
const struct register_place *sor_register_place(const struct sor_register *r, struct str postal_code);
/* Its "gln" (inherited too), "sor", "organisation", "unit", "yder", "street", "postal-code", "city", "telephone";
 * "device", "msh", "ap": the identifiers of its devices (EUA, MSH; AP of its endpoint); empty for any other field, and
 * for what it has not. */
struct str register_unit_field(const struct register_unit *u, struct str field);

#endif
