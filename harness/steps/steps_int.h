/* steps_int: what the step words share.
 *
 * Everything is made in the scratch arena of the view (while judging or sending) or in the arena of the keys (while
 * parsing); nothing here outlives that. Nothing in this room changes a state. */
#ifndef STEPS_STEPS_INT_H
#define STEPS_STEPS_INT_H

#include "envelope/vans.h"
#include "fhir/fhirpath.h"
#include "standards/register.h"
#include "state/step_api.h"
#include "steps/steps.h"
#include "validate/validate.h"

/* Largest text after ${...} was replaced, largest message that is made, largest file of match rules. */
#define EXPAND_TEXT_MAX ((size_t)4 << 20)
#define FIXTURE_BYTES_MAX ((size_t)128 << 20)
#define DIFF_RULES_BYTES_MAX ((size_t)1 << 20)
/* Governance for reliable messaging: an answer is due within this time unless the step says otherwise. */
#define EXPECT_WITHIN_DEFAULT "30 min"
/* Values of an expression that a text shows. */
#define EXPRESSION_SHOWN_MAX 5
#define EXPRESSION_TEXT_MAX ((size_t)300)

enum steps_rule {
  RULE_PERSON,
  RULE_TRIGGER,
  RULE_NOT_RELEVANT,
  RULE_NO_TEXT,
  RULE_EVIDENCE,
  RULE_NO_MESSAGE,
  RULE_UNRESOLVED,
  RULE_UNREADABLE,
  RULE_NOT_FHIR,
  RULE_SEND_REFUSED,
  RULE_SEND_UNREACHABLE,
  RULE_DEADLINE,
  RULE_NEAR_MISS,
  RULE_SENDER_GLN,
  RULE_RECEIVER_GLN,
  RULE_SENDER_HEADER,
  RULE_RECEIVER_HEADER,
  RULE_CARRIED_SENDER,
  RULE_CARRIED_RECEIVER,
  RULE_NO_RECEIPT_ENVELOPE,
  RULE_RECEIPT_OF_RECEIPT,
  RULE_LETTERS_SEVERAL,
  RULE_COPY_EARLY,
  RULE_NONE_ARRIVED,
  RULE_ENVELOPE_REUSED,
  RULE_HEADER_REUSED,
  RULE_THREAD_REUSED,
  RULE_DUPLICATE,
  RULE_ACK_CODE,
  RULE_ACK_PROVENANCE,
  RULE_ACK_OUTCOME,
  RULE_ACK_DESTINATION,
  RULE_ACK_BUNDLE_ID,
  RULE_ACK_RECEIPT,
  RULE_ACK_REFUSE,
  RULE_ASSERT,
  RULE_ASSERT_NO_ENVELOPE,
  RULE_ASSERT_NOT_XML,
  RULE_ASSERT_NOT_EDIFACT,
  RULE_ASSERT_UNDECIDED,
  RULE_CAPTURE_NONE,
  RULE_CAPTURE_SEVERAL,
  RULE_NO_PROFILE,
  RULE_HTTP_STATUS,
  RULE_HTTP_HEADER,
  RULE_HTTP_UNREACHABLE,
  RULE_REST_REFUSED,
  RULE_UNSUPPORTED,
  RULE_SCRIPTS_FAILED,
  RULE_SCRIPTS_FAULTY,
  RULE_SCRIPTS_OPEN,
  RULE_SCRIPTS_UNPLAYED,
  RULE_SCRIPTS_COUNT,
  RULE_REPORTED_NOTHING,
  RULE_REPORTED_AGAIN,
  STEPS_RULES_N
};
extern const struct rule steps_rule_table[STEPS_RULES_N];

/* --- arguments (args.c) --- */

/* Where the mistake of an expression stands: line and column within the scalar, added to the scalar's own. */
struct node args_offset(const struct node *scalar, int line, int col);
/* Complains unless the scalar is a name: a letter, then letters, digits, "-" or "_". */
void args_name(struct keys *k, const struct node *args, const char *key);
/* Complains unless just one of the two keys is there; true if so. */
bool args_one_of(struct keys *k, const struct node *args, const char *one, const char *other);
/* Complains if a key is there that belongs only beside another one. */
void args_only_with(struct keys *k, const struct node *args, const char *key, const char *with);
/* Complains of each of these keys that is there beside the key `with`. */
void args_none_of(struct keys *k, const struct node *args, const char *const *names, const char *with);
/* Complains of a type of FHIR resource that cannot be one. */
void args_type(struct keys *k, const struct node *args, const char *key);
/* Complains about a GLN without variables that is none. */
void args_gln(struct keys *k, const struct node *args, const char *key);
/* Action and expected result of the printed protocol, where the file leaves them out. */
void steps_default_texts(struct step *s, struct protocol_text action, struct protocol_text expected);

struct expander;

/* --- diff with `semantic: true` (diff_semantic.c); is_file: `expected` is a fixture --- */
void diff_by_meaning(const struct step_view *v, struct judgement *j, bool is_file);
/* The bytes of a fixture as letters are read from, its values put in. */
MUST_CHECK int diff_letter(struct str *bytes, const struct expander *x, struct str file, struct error *e);

/* --- ${...} (expand.c) --- */

enum expand_quote {
  EXPAND_PLAIN,
  EXPAND_FHIRPATH,
  EXPAND_XPATH,
  EXPAND_REGEX,
  EXPAND_XML,
  EXPAND_XML_ASCII, /* in whatever encoding: what is no ASCII is a character reference */
  EXPAND_JSON,      /* inside a string of JSON */
  EXPAND_EDIFACT    /* ISO-8859-1, the signs released; what that has not is an error */
};

struct expander {
  const struct step_view *v;
  const struct facts *own; /* names that only this step knows; may be NULL */
  bool making;             /* ${uuid:...} and ${now...} are allowed */
  int64_t now;
  struct step_compared *shown; /* what cannot be replaced stays and is counted there; NULL: it is an error */
};

bool expand_has(struct str text);
/* An identifier of the case, or of one of its steps: the same for the same seed, label and series of attempts. */
struct str view_uuid(const struct step_view *v, struct str step, struct str label);
/* The same as the identifier of a letter or interchange: 14 characters. */
struct str letter_id(const struct step_view *v, struct str step, struct str label);
/* Replaces each ${name}. What the vendor's system should have given and did not is ERR_PEER, with what it is as the
 * only text; a name that nobody knows is ERR_CONFIG. */
MUST_CHECK int expand_text(struct str *out, const struct expander *x, struct str text, enum expand_quote quote,
                           struct error *e);
/* The same, read as a duration in ms. */
MUST_CHECK int expand_duration(int64_t *ms, const struct step_view *v, struct str text, struct error *e);
/* A unit of the register, by its name, SOR id or location number; NULL, with the reason in e. */
const struct register_unit *view_register(const struct step_view *v, struct str what, struct error *e);
/* The value of a fact by name, empty if none. */
struct str facts_find(const struct facts *f, struct str name);
/* The prefix ("vendor", "counterpart", "counterpart.2") of the organisation with that GLN; empty if unknown. */
struct str party_of(const struct step_view *v, struct str gln);
/* "gln", "sor", "organisation", "name" of that party. */
struct str party_field(const struct step_view *v, struct str party, const char *field);
/* The system that the step is about: "vendor", or the name of a party. */
struct str party_own(const struct step_view *v);
/* True if that GLN is of another system that takes part: what is sent there is relayed. */
bool party_is_other(const struct step_view *v, struct str gln);
/* True if the system of the step passes on what others wrote: a VANS operator. */
bool party_carries(const struct step_view *v);
/* True if that GLN is one of the simulated organisations; for an operator those are all of the register. */
bool party_is_counterpart(const struct step_view *v, struct str gln);

/* The vendor file of the system that the step is about. */
const struct vendor *view_vendor(const struct step_view *v);

/* --- messages (open.c) --- */

/* A message of the run, opened; its name in findings is its id ("m3"). */
MUST_CHECK int open_message(struct message *out, const struct step_view *v, const struct state_message *m,
                            struct error *e);
/* Gives the EDIFACT messages of m, if it has any, the groups of their skeletons (standards/skeleton.h), so that the
 * paths that findings have hold in it. What it would be written as does not change. */
MUST_CHECK int open_groups(struct message *m, const struct step_view *v, struct error *e);
/* The resource of that type in a message Bundle's first matching entry; NULL. */
const struct node *entry_first(const struct node *bundle, const char *type);
/* The entry that a reference means: by fullUrl, or by type and id, or by id alone; NULL. */
struct node *entry_of(const struct node *bundle, struct str reference);
/* Last part of a reference, without urn:uuid:. */
struct str reference_id(struct str reference);

/* --- judging (judge.c) --- */

#define JUDGE(j, rule, where, ...) FINDING(&(j)->findings, &steps_rule_table[rule], (where), ##__VA_ARGS__)
void judge_actual(struct judgement *j, struct str en, struct str da);
/* The harness could not do it: verdict error with that rule and the text of e. */
void judge_broken(struct judgement *j, enum steps_rule rule, const struct error *e);
/* The message called name; NULL (and step.no-message) if it never came. */
const struct state_message *judge_message(const struct step_view *v, struct judgement *j, struct str name);
/* The same, opened; false (and a finding) if it never came or cannot be had. */
bool judge_open(struct message *out, const struct step_view *v, struct judgement *j, struct str name);
/* What could not be replaced: undecided if the vendor's system did not give it, else the harness is broken. */
void judge_unresolved(struct judgement *j, const struct error *e);
/* The whole of a message. */
struct place message_place(const struct state_message *m);

/* --- persons (person.c) --- */

void person_parse(struct step *s, struct keys *k);
int person_effect(const struct step_view *v, struct step_host *h, struct error *e);
enum step_ready person_ready(const struct step_view *v);
/* True if the answer is a positive one that the word may look at further. */
bool person_judge(const struct step_view *v, struct judgement *j);

/* --- runs of TestScripts (scripts.c): the key `scripts` of manual --- */

void scripts_parse(struct step *s, struct keys *k);
/* 1: the system has run such scripts, and what came of them settles the step; 0: it has not, or the step names none. */
int scripts_effect(const struct step_view *v, struct step_host *h, struct error *e);
/* Judges by what was found; false if nothing was. */
bool scripts_judge(const struct step_view *v, struct judgement *j);

/* --- sending (sending.c, fixture.c, change.c, again.c) --- */

/* What goes out: a payload or a receipt, and how it is wrapped. */
struct parcel {
  struct str as, from, to;
  struct str payload;
  const struct node *resource;
  bool letter; /* EDIFACT or OIOXML: there is no resource */
  enum resource_form form;
  struct str envelope;      /* "vans", "sbdh"; empty: none */
  const char *statistic;    /* MCM:STATISTIC */
  struct str name, version; /* instead of what the payload says */
  struct str envelope_id, message_id;
  const struct expander *x; /* values of `scopes` of the step; NULL: it has none */
  int64_t now;
};

/* Complains of scopes that no ehmiSBDH has (scopes.c). */
void scopes_parse(struct keys *k, const struct node *args);
/* Changes what `scopes`, `without` and `mime-type` of a send step name. */
MUST_CHECK int scopes_apply(struct sbdh *s, const struct expander *x, const struct node *args, struct error *e);
/* fits of a step about messages in that envelope, "vans" or "sbdh": an error where the system exchanges others. */
MUST_CHECK int envelope_fits(const struct step *s, const struct vendor_wire *w, const char *envelope, struct error *e);

/* The EHMI profile that we write by. */
MUST_CHECK int view_ehmi(const struct ehmi_profile **out, const struct step_view *v, struct error *e);
/* The scopes of that type get another value; an empty one leaves them. */
void parcel_scope(struct sbdh *s, const char *type, struct str value);
/* Writes an envelope that is filled, and reads its facts. */
MUST_CHECK int parcel_write(struct step_send *out, const struct step_view *v, struct str as,
                            const struct envelope_kind *kind, const struct envelope *env, struct str payload,
                            struct error *e);
/* Wraps it and reads its facts. */
MUST_CHECK int parcel_wrap(struct step_send *out, const struct step_view *v, const struct parcel *p, struct error *e);
/* Fills wire, file name, type and facts from bytes that are ready. */
void parcel_finish(struct step_send *out, const struct step_view *v, struct str as, struct str wire, struct str payload,
                   const char *content_type);
/* An identifier of this step: the same for the same seed, case, step and label. */
struct str step_uuid(const struct step_view *v, struct str label);
/* ${from.*} and ${to.*} of two GLNs: of the vendor files, else of the register. */
void parcel_parties(struct facts *own, const struct step_view *v, struct str from, struct str to);

/* Reads fixtures/<file>, every ${...} in it replaced. */
MUST_CHECK int fixture_read(struct node **out, enum resource_form *form, const struct expander *x, struct str file,
                            struct error *e);
/* The tree that `fixture`, `with` and `change` of a step make; x->own is `own`, which gets the values of `with`. */
MUST_CHECK int fixture_make(struct node **out, enum resource_form *form, const struct expander *x, struct facts *own,
                            struct error *e);
/* Complains of a fixture outside fixtures/, of values of `with` that are no texts, and of a wrong `change`. */
void fixture_parse(struct keys *k, const struct node *args);
/* The bytes of fixtures/<file>, or of "#name" in the protocol, as they are. */
MUST_CHECK int fixture_load(struct str *bytes, const struct expander *x, struct str file, struct error *e);
/* The bytes of the fixture that the step names, and its values of `with` in own, which is x->own. */
MUST_CHECK int fixture_open(struct source *out, const struct expander *x, struct facts *own, struct error *e);
/* The tree of a fixture of FHIR that was opened, changed as the step says. */
MUST_CHECK int fixture_take(struct node **out, enum resource_form *form, const struct expander *x, struct source src,
                            struct error *e);
/* Complains of a `change` list that is none; the paths are those of the fixture's syntax. */
void change_parse(struct keys *k, const struct node *list, struct str fixture);
/* True for an EDIFACT interchange or an OIOXML Emessage (letter.c). */
bool letter_is(struct str bytes);
/* What such bytes are on the wire; NULL if they are none. */
const char *letter_content_type(struct str bytes);
/* Is that path of a `change` one of a letter (a path of segments, or an XPath), and can it be one? */
bool letter_path_is(const struct node *path, struct str fixture);
MUST_CHECK int letter_path_check(const struct node *path, struct str fixture, struct error *e);
/* The names of an XPath over a letter: "o" is its namespace. */
const char *const *letter_prefix(struct arena *a, struct str ns);
/* The letter that such a fixture makes, its values put in as its syntax has them, changed as the step says. */
MUST_CHECK int letter_make(struct str *payload, const struct expander *x, struct source src, struct error *e);
/* What it says of itself, for an envelope. */
void letter_says(struct envelope_payload *out, struct arena *a, struct str payload);
/* What is known of a message; "sent.status" of one of ours is what the system answered it with on the wire. */
struct str message_fact(const struct state_message *m, struct str name);
/* The form that `form` says, else the one that the vendor's system wants. */
enum resource_form form_of_step(const struct step_view *v);
/* Applies the `change` list of a send step. */
MUST_CHECK int fixture_change(struct node *root, const struct expander *x, const struct node *changes, struct error *e);
/* The bytes of a tree that was read from form `from`, in form `to`. */
MUST_CHECK int fixture_write(struct str *out, const struct step_view *v, const struct node *root,
                             enum resource_form from, enum resource_form to, struct error *e);
/* True if a list of scalars (or a scalar) holds that word. */
bool list_has(const struct node *list, const char *word);
/* Builds the message that a send: {again: ...} step sends. */
MUST_CHECK int again_build(struct step_send *out, const struct step_view *v, int64_t now, struct error *e);
/* Builds an Acknowledgement for a received message (ack.c). */
struct ack_order {
  const struct state_message *to;
  struct str code, as, text_en, text_da;
  struct str form;          /* json, xml; empty: what the vendor file asks for */
  const struct node *renew; /* NULL: everything is new */
  int64_t now;
};
MUST_CHECK int ack_build(struct step_send *out, const struct step_view *v, const struct ack_order *o, struct error *e);

/* --- receipts of letters (letter_ack.c) --- */

#define LETTER_RECEIPTS "CTL01|CTL02|CTL03|XCTL01|XCTL02|XCTL03"
#define LETTER_CODES "NC|LOK|MID|VER|SYN"
/* Any of them, in `receipt` of the expect words. */
#define LETTER_ANY_RECEIPT "letter-receipt"

/* True for one of LETTER_RECEIPTS. */
bool letter_is_receipt(struct str receipt);
/* Complains of keys of send-ack that belong to another receipt. */
void letter_ack_parse(struct keys *k, const struct node *args);
/* The receipt of a letter that came, right or wrong as the step says. */
MUST_CHECK int letter_ack_build(struct step_send *out, const struct step_view *v, const struct ack_order *o,
                                struct error *e);
/* Judges the receipt that came for a letter that we sent. */
void letter_ack_judge(const struct step_view *v, struct judgement *j, const struct state_message *sent);

/* fits of a word that sends: an error where nothing can be sent to the system. */
MUST_CHECK int sending_fits(const struct step *s, const struct vendor_wire *w, struct error *e);
/* Effect, ready and judge of a word that sends what build makes. */
int sending_effect(const struct step_view *v, struct step_host *h,
                   int (*build)(struct step_send *out, const struct step_view *v, int64_t now, struct error *e),
                   struct error *e);
enum step_ready sending_ready(const struct step_view *v);
void sending_judge(const struct step_view *v, struct judgement *j,
                   int (*build)(struct step_send *out, const struct step_view *v, int64_t now, struct error *e));

/* --- choosing what came (select.c, expecting.c) --- */

/* Kinds of receipt: of a VANSEnvelope, then of an ehmiSBDH ("ReceiptException": whatever is wrong), then both. */
#define SELECT_RECEIPTS                                                                                                \
  "PositiveMessage|NegativeMessage|NegativeVans|ReceiptAcknowledgement|ReceiptException|Syntax|Authorization|"         \
  "Signature|Sequence|" LETTER_RECEIPTS "|" LETTER_ANY_RECEIPT "|any"

struct select {
  struct str event;    /* either an event code, */
  struct str letter;   /* or the type of an OIOXML letter, "XDIS16", */
  struct str receipt;  /* or a kind of receipt, or "any", */
  struct str rest;     /* or an interaction with the simulated FHIR server, */
  struct str oauth;    /* or a request to the simulated authorization server, by endpoint/oauth.h's names, */
  struct str type, of; /* on resources of that type; on the one that has this name */
  struct str to, answers;
  struct str made_of; /* the message that an operator passed on, or made this one of */
  const struct node *where;
  bool early;
};

/* Beginning of the arguments of every expect word. */
struct expect_args {
  struct select select;
  struct str within;
  const struct node *codes; /* expect-ack */
};

void select_parse(struct select *s, struct keys *k, const struct node *args);
/* Complains unless just one of `event`, `letter`, `receipt`, `rest` and `oauth` is there, and of keys
 * that belong to another one. */
void select_check(struct keys *k, const struct node *args);
/* What is chosen, in words: "care-communication-message", "XDIS16", "read of Bundle". */
struct str select_words(struct arena *a, const struct select *s);
/* Is it about a connection over TLS that a fault has made wrong, whether it ended there or a request came over it? */
bool select_is_connection(const struct select *s);
/* What an item of `where` is compared with: "fact: text", or "fact: {not: text}", which is whatever else. */
struct str select_where_text(const struct node *wanted);
/* True if the vendor's system uses a FHIR server that we play (rest.c). */
bool rest_is_used(const struct vendor_wire *w);
/* fits of the words that need one: an error that names the exchange. */
MUST_CHECK int rest_fits(const struct step *s, const struct vendor_wire *w, struct error *e);
/* The same of an authorization server (oauth.c): fits, default texts, and judge of a request that came. */
#define SELECT_CONNECTION "connection"
#define SELECT_OAUTH "discovery|jwks|par|authorize|token|" SELECT_CONNECTION
MUST_CHECK int oauth_fits(const struct step *s, const struct vendor_wire *w, struct error *e);
void oauth_texts(struct step *s, struct arena *a, struct str request, struct str within);
void oauth_judge(const struct step_view *v, struct judgement *j);
/* The envelope that only such a message can be in, "sbdh"; NULL: any. */
const char *select_envelope(const struct select *s);
/* fits of every expect word. */
MUST_CHECK int expecting_fits(const struct step *s, const struct vendor_wire *w, struct error *e);
enum step_wants select_wants(const struct select *s, const struct step_view *v, const struct state_message *m,
                             struct str *why_en, struct str *why_da);
/* wants of every expect word. */
enum step_wants expecting_wants(const struct step_view *v, const struct state_message *m, struct str *why_en,
                                struct str *why_da);
/* Opens the wait; owner is who must act until it ends. */
int expecting_effect(const struct step_view *v, struct step_host *h, const char *owner, struct error *e);
enum step_ready expecting_ready(const struct step_view *v);
/* False (and a finding) when nothing was waited for, because what the step refers to never came. */
bool expecting_waited(const struct step_view *v, struct judgement *j);
/* Adds expect.deadline and near misses. */
void expecting_late(const struct step_view *v, struct judgement *j);
/* The actual text alone, with the reason of a person who attached it. */
void expecting_received(const struct step_view *v, struct judgement *j);
/* What was matched: actual text, duplicates, parties. */
void expecting_matched(const struct step_view *v, struct judgement *j);
/* True for an interchange or Emessage without a VANSEnvelope around it. */
bool expecting_bare_letter(const struct state_message *m);
/* True if the sender of an enveloped message is the vendor's own organisation (else a finding). */
void expecting_sender(const struct step_view *v, struct judgement *j, const struct state_message *m);
/* "m3 (care-communication-message), MessageHeader ..., Bundle ..., envelope ..." */
struct str message_words(struct arena *a, const struct state_message *m);

/* --- expressions (expression.c) --- */

enum expression_kind { EXPRESSION_FHIRPATH, EXPRESSION_XPATH, EXPRESSION_FACT, EXPRESSION_SEGMENT };
enum expression_status { EXPRESSION_OK, EXPRESSION_WRONG, EXPRESSION_UNDECIDED };

struct expression {
  enum expression_kind kind;
  struct str text;
  bool of_payload;         /* XPath over the payload */
  struct fhirpath *parsed; /* NULL: holds variables, parsed when judged */
};

struct expression_value {
  struct str text;
  struct place where;
};

struct expression_result {
  VEC(struct expression_value) values;
  int truth;          /* the result as a truth value: 1, 0, or -1: it has none, wrong tells why */
  struct error wrong; /* EXPRESSION_WRONG: what is wrong */
  struct place where; /* of the whole */
};

/* Reads fhirpath, xpath, fact or segment (just one of them) and `of`. */
void expression_parse(struct expression *x, struct keys *k, const struct node *args);
/* Evaluates over the message called `on`. UNDECIDED: a finding was added and nothing more is to be said. */
enum expression_status expression_eval(struct expression_result *out, const struct expression *x,
                                       const struct step_view *v, struct judgement *j, struct str on);
/* The values as one line for people. */
struct str expression_words(struct arena *a, const struct expression_result *r, const char *none);

/* --- patterns (regex.c) --- */

/* PCRE2 over UTF-8, found anywhere in the text; -1 if the pattern is none, or takes too long. */
MUST_CHECK int regex_check(struct str pattern, struct error *e);
MUST_CHECK int regex_match(bool *out, struct str pattern, struct str text, struct error *e);

/* One row a word. */
extern const struct step_kind step_instruct, step_manual, step_explain, step_send, step_send_ack, step_expect,
    step_expect_ack, step_expect_none, step_wait, step_validate, step_assert, step_capture, step_diff, step_fault,
    step_http, step_preload, step_remove, step_unsupported, step_reported, step_flow;

#endif
