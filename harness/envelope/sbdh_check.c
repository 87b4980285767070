#include "base/clock.h"
#include "base/uuid.h"
#include "envelope/sbdh_int.h"
#include "standards/identifier.h"

#include <string.h>

#define GLN_DIGITS 13
#define CPR_CHARACTERS 10
#define CPR_DATE_DIGITS 6

static bool all_digits(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

static void check_participant(const struct tree_check *c, const struct node *n, struct str party, struct str found,
                              const struct ehmi_profile *p) {
  struct str number = found, scheme = str_cut(&number, ':');
  if (found.n == 0) return; /* the schema has told */
  if (number.n == 0 || ehmi_choice_fit(&p->participant_scheme, scheme) == EHMI_WRONG)
    TELL(c, PARTICIPANT, n, party, found, ehmi_choice_text(&p->participant_scheme, c->f->arena));
  else if (number.n != GLN_DIGITS || !all_digits(number))
    TELL(c, GLN, n, number);
  else if (!gln_valid(number))
    TELL(c, GLN_CHECK_DIGIT, n, number);
}

static void check_authority(const struct tree_check *c, const struct node *n, struct str party, struct str found,
                            const struct ehmi_profile *p) {
  if (!n || !str_eqz(n->name, "Identifier")) return;
  if (!node_attr(n, "Authority"))
    TELL(c, AUTHORITY_MISSING, n, party);
  else if (ehmi_choice_fit(&p->authority, found) == EHMI_WRONG)
    TELL(c, AUTHORITY, n, party, found, ehmi_choice_text(&p->authority, c->f->arena));
}

static void check_sor(const struct tree_check *c, const struct envelope *env, const char *type) {
  struct str value = sbdh_scope_value(env->sbdh, type);
  if (value.n == 0) return;
  if (!all_digits(value))
    TELL(c, SOR, sbdh_scope_node(env, type), str_z(type), value);
  else if (!sor_valid(value))
    TELL(c, SOR_CHECK_DIGIT, sbdh_scope_node(env, type), str_z(type), value);
}

/* A CPR number of that date; the seventh digit tells the century. */
static bool is_cpr_date(struct str s, char century) {
  char number[] = "0000000000";
  memcpy(number, s.p, CPR_DATE_DIGITS);
  number[CPR_DATE_DIGITS] = century;
  return cpr_valid(str_z(number));
}

/* A replacement number begins with a date like a CPR number, or with one whose day is 60 higher, and has four letters
 * or digits behind it: a national one, a regional one, or one of the place's own. */
static bool is_replacement(struct str s) {
  if (s.n != CPR_CHARACTERS) return false;
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_is_alnum(s.p[i])) return false;
  return is_cpr_date(s, '0') || is_cpr_date(s, '5');
}

/* The form of a PATIENTID, by the name that an EHMI profile has for it; NULL: it is none. */
static const char *patient_form(struct str value) {
  if (uuid_valid(value)) return "uuid";
  return cpr_valid(value) || is_replacement(value) ? "cpr" : NULL;
}

static void check_patient(const struct tree_check *c, const struct envelope *env, const struct ehmi_profile *p) {
  struct str value = sbdh_scope_value(env->sbdh, SBDH_PATIENT_ID);
  const struct node *n = sbdh_scope_node(env, SBDH_PATIENT_ID);
  const char *form = patient_form(value);
  enum ehmi_fit fit = form ? ehmi_choice_fit(&p->patient_id, str_z(form)) : EHMI_WRONG;
  if (value.n == 0 || fit == EHMI_RIGHT) return;
  if (form && !uuid_valid(value))
    TELL_FIT(c, fit, CPR_CLEAR, n, ehmi_choice_text(&p->patient_id, c->f->arena));
  else if (fit == EHMI_ACCEPTED)
    TELL(c, CPR_MASKED, n);
  else
    TELL(c, CPR, n, value);
}

static void check_uuid(const struct tree_check *c, const struct node *n, const char *name, struct str value) {
  if (value.n && !uuid_valid(value)) TELL(c, UUID, n, str_z(name), value);
}

void sbdh_check_parties(const struct tree_check *c, const struct envelope *env) {
  static const char *const ids[] = {SBDH_MESSAGE_ID, SBDH_ORIGINAL_ENVELOPE_ID, SBDH_BUNDLE_ID};
  const struct sbdh *s = env->sbdh;
  const struct node *sender = sbdh_header(env, "Sender.Identifier");
  const struct node *receiver = sbdh_header(env, "Receiver.Identifier");
  check_participant(c, sender, STR("Sender"), s->sender, s->profile);
  check_authority(c, sender, STR("Sender"), s->sender_authority, s->profile);
  check_participant(c, receiver, STR("Receiver"), s->receiver, s->profile);
  check_authority(c, receiver, STR("Receiver"), s->receiver_authority, s->profile);
  check_uuid(c, sbdh_header(env, "DocumentIdentification.InstanceIdentifier"), "InstanceIdentifier", env->id);
  /* What the last is in a receipt, where there is no Bundle, nobody says. */
  for (size_t i = 0; i < sizeof ids / sizeof *ids - sbdh_is_receipt(s); i++)
    check_uuid(c, sbdh_scope_node(env, ids[i]), ids[i], sbdh_scope_value(s, ids[i]));
  check_sor(c, env, SBDH_SENDER_ID);
  check_sor(c, env, SBDH_RECEIVER_ID);
  check_patient(c, env, s->profile);
}

static void check_zone(const struct tree_check *c, const struct node *n, struct str value) {
  int64_t ms;
  bool zoned;
  if (n && time_parse(value, &ms, &zoned) && !zoned) TELL(c, ZONE, n, n->name, value);
}

static void check_version(const struct tree_check *c, const struct envelope *env, const struct ehmi_type *t) {
  const struct node *n = sbdh_header(env, "DocumentIdentification.TypeVersion");
  struct str found = env->sbdh->type_version, wanted = ehmi_choice_text(&t->version, c->f->arena);
  enum ehmi_fit fit = ehmi_choice_fit(&t->version, found);
  if (found.n == 0 || fit == EHMI_RIGHT) return;
  TELL_FIT(c, fit, VERSION, n, found, t->standard, wanted);
}

static void check_type(const struct tree_check *c, const struct envelope *env, const struct ehmi_type *t) {
  const struct node *n = sbdh_header(env, "DocumentIdentification.Type");
  struct str found = env->sbdh->type, wanted = ehmi_choice_text(&t->type, c->f->arena);
  enum ehmi_fit fit = ehmi_choice_fit(&t->type, found);
  if (fit == EHMI_WRONG && t->receipt) fit = ehmi_choice_fit(&t->exception_type, found);
  if (found.n == 0 || fit == EHMI_RIGHT) return;
  TELL_FIT(c, fit, TYPE, n, found, t->standard, wanted);
}

static void check_standard(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  const struct node *n = sbdh_header(env, "DocumentIdentification.Standard");
  const struct ehmi_type *t = ehmi_type_of(s->profile, s->standard);
  if (s->standard.n == 0) return;
  if (!t) {
    TELL(c, STANDARD, n, s->standard);
    return;
  }
  if (!str_eq(t->standard, s->standard)) TELL(c, STANDARD_OTHER, n, s->standard, t->standard);
  if (!t->pilot) TELL(c, STANDARD_PILOT, n, s->standard);
  check_version(c, env, t);
  check_type(c, env, t);
}

static void check_mime(const struct tree_check *c, const struct envelope *env, const struct node *n) {
  const struct ehmi_profile *p = env->sbdh->profile;
  const struct ehmi_choice *wanted = sbdh_is_receipt(env->sbdh) ? &p->receipt_mime_type : &p->mime_type;
  struct str found = env->sbdh->mime, text = ehmi_choice_text(wanted, c->f->arena);
  enum ehmi_fit fit = ehmi_choice_fit(wanted, found);
  if (!node_attr(n, "mimeType") || fit == EHMI_RIGHT) return;
  TELL_FIT(c, fit, MIME, n, found, text);
}

static void check_encoding(const struct tree_check *c, const struct envelope *env, const struct node *n) {
  const struct ehmi_choice *wanted = &env->sbdh->profile->encoding;
  struct str found = env->sbdh->encoding, text = ehmi_choice_text(wanted, c->f->arena);
  enum ehmi_fit fit = ehmi_choice_fit(wanted, found);
  if (!node_attr(n, "encoding") || fit == EHMI_RIGHT) return;
  TELL_FIT(c, fit, ENCODING, n, found, text);
}

static void check_namespace(const struct tree_check *c, const struct envelope *env, const struct node *n) {
  const struct ehmi_choice *wanted = &env->sbdh->profile->content_namespace;
  enum ehmi_fit fit = ehmi_choice_fit(wanted, n->ns);
  if (fit == EHMI_ACCEPTED)
    TELL(c, CONTENT_NAMESPACE_OTHER, n, n->ns, ehmi_choice_text(wanted, c->f->arena));
  else if (fit == EHMI_WRONG)
    TELL(c, CONTENT_NAMESPACE, n, n->ns);
}

static void check_content(const struct tree_check *c, const struct envelope *env) {
  const struct node *n = node_child(env->root, "BinaryContent");
  if (!n) return;
  check_namespace(c, env, n);
  check_mime(c, env, n);
  check_encoding(c, env, n);
}

/* A signal where a message was wanted, and the other way round. */
static void check_root(const struct tree_check *c, const struct envelope *env) {
  const struct node *n = node_child(env->root, "BinaryContent");
  const struct ehmi_type *t = ehmi_type_of(env->sbdh->profile, env->sbdh->standard);
  struct str root = envelope_root_name(env->payload);
  if (t && !t->receipt && env->sbdh->signal.name.n)
    TELL(c, PAYLOAD_STANDARD, sbdh_header(env, "DocumentIdentification.Standard"), env->sbdh->standard,
         env->sbdh->signal.name);
  if (!sbdh_is_receipt(env->sbdh) || env->sbdh->signal.name.n || !n || !env->payload_ok) return;
  TELL(c, SIGNAL_ROOT, n, root.n ? root : STR("(no XML)"));
}

static void check_size(const struct tree_check *c, const struct envelope *env) {
  int64_t max = env->sbdh->profile->bytes_max;
  if ((int64_t)env->sbdh->bytes <= max) return;
  TELL(c, TOO_LARGE, env->root, arena_printf(c->f->arena, "%zu", env->sbdh->bytes),
       arena_printf(c->f->arena, "%lld", (long long)max));
}

void sbdh_check(struct envelope *env, struct str message, const struct ehmi_profile *profile, struct findings *f) {
  struct tree_check c = {f, message};
  env->sbdh->profile = profile;
  sbdh_settle(env);
  sbdh_check_parties(&c, env);
  check_standard(&c, env);
  if (env->sbdh->multiple.n == 0) TELL(&c, MULTIPLE_MISSING, sbdh_header(env, "DocumentIdentification"));
  check_zone(&c, sbdh_header(env, "DocumentIdentification.CreationDateAndTime"), env->sbdh->created);
  sbdh_check_scopes(&c, env);
  sbdh_check_reliable(&c, env);
  check_content(&c, env);
  check_root(&c, env);
  check_size(&c, env);
  sbdh_check_signal(&c, env);
  sbdh_check_metadata(&c, env);
}
