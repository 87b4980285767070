/* eds_chain: do the AuditEvents that a system reported to EHMI Delivery Status tell what happened?
 *
 * Pure: what was really seen on the wire, which stations the system is, when EDS was out of reach, and the events that
 * it reported, give findings by the rules eds.chain... (validate/eds_rules.h). What must be reported is data
 * (validate/eds_data.h): the chain is a maximum, of which a component that is several stations reports less.
 *
 * Sights of one document on several hops are one document: by its kind and its transport envelope, or by its message
 * where it has none yet. A message that went out again has a transport envelope of its own, and only the events that
 * name it are expected once more. A message may be created and sent in one event or in two, and received and finalised
 * likewise. An event that nobody saw the cause of is told of and fails nothing, nor does one about a copy
 * to the EMR; the same event reported twice is no mistake, since reporting must survive a lost answer. That a message
 * failed is what those tell who carry it (MSH, AP): to an EUA by itself nothing says how. What was not seen and would
 * be needed to judge is undecided.
 *
 * A step word calls it like this, with the events of its mailbox in their order:
 *     eds_event_read(&events[i].event, m.resource); events[i].name = m.raw.name;
 *     eds_chain_judge(&f, scratch, data, &story, &told); */
#ifndef VALIDATE_EDS_CHAIN_H
#define VALIDATE_EDS_CHAIN_H

#include "validate/eds_data.h"

/* Of one judgement; what is beyond is told as undecided. */
#define EDS_SIGHTS_MAX 500
#define EDS_EVENTS_MAX 1000

/* Out of the vendor's system, or into it. */
enum eds_direction { EDS_OUT, EDS_IN, EDS_DIRECTIONS_N };

/* A document as it was seen on one hop. Texts are as it has them; empty: they were not seen there. */
struct eds_sight {
  enum eds_document what;
  enum eds_direction direction;
  int64_t at;                                   /* ms since 1970 */
  bool failed;                                  /* it did not reach its end: a negative receipt, or none */
  struct str message, type, version, statistic; /* MessageHeader.id, Standard, TypeVersion, StatisticalInformation */
  struct str envelope, envelope_type;           /* Bundle.id, Type */
  struct str transport, transport_version;      /* EnvelopeIdentifier, HeaderVersion */
  struct str orig_message, orig_type, orig_version; /* of what it acknowledges */
  struct str orig_transport;
  struct eds_party sender, receiver; /* of this document: an acknowledgement has them the other way round */
  struct str cpr;
};

/* One of the vendor's components: the stations that it is, on one side of the message. */
struct eds_component {
  unsigned stations; /* enum eds_station */
  enum eds_side side;
  struct str device; /* as registered; empty: it is not known */
};

struct eds_outage {
  int64_t from, to;
};

struct eds_story {
  const struct eds_sight *sights;
  size_t sights_n;
  const struct eds_component *components;
  size_t components_n;
  const struct eds_outage *outages;
  size_t outages_n;
  const struct str *copies; /* EnvelopeIdentifiers of copies to the EMR: events that name one are told of, no more */
  size_t copies_n;
  bool undated; /* times of sights are of a clock that the vendor does not have (of a seeded run) */
};

struct eds_told {
  struct eds_event event;
  struct str name; /* of its message, for places: "m12" */
  bool refused;    /* EDS was made to refuse it for good: it was told all the same */
  bool unanswered; /* EDS took it, and the answer was lost: it may come again, as it was */
};

struct eds_reports {
  const struct eds_told *events;
  size_t n;
};

/* What came of it, in numbers, for people. */
struct eds_count {
  size_t expected; /* events that had to be reported */
  size_t reported; /* of these, that were */
  size_t more;     /* that were allowed, repeated, or unexpected */
};

/* Adds findings; a is scratch, and may go afterwards. */
struct eds_count eds_chain_judge(struct findings *f, struct arena *a, const struct eds_data *d,
                                 const struct eds_story *story, const struct eds_reports *reports);

#endif
