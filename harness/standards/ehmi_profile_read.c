#include "base/clock.h"
#include "base/file.h"
#include "formats/yaml.h"
#include "standards/ehmi_profile.h"
#include "standards/reading.h"

static struct ehmi_profile *profile(const struct reading *r) {
  return r->out;
}

static int read_flag(struct reading *r, const struct node *n, void *out) {
  bool yes = str_eqz(n->text, "true");
  if (!yes && !str_eqz(n->text, "false")) return COMPLAIN(r, n, "\"%.*s\" must be true or false", STR_F(n->name));
  *(bool *)out = yes;
  return 0;
}

static int read_word(struct reading *r, const struct node *n, struct ehmi_words *out) {
  if (n->kind != NODE_STRING || !n->text.n) return COMPLAIN(r, n, "a value must be a text");
  if (out->n == EHMI_LIST_MAX) return COMPLAIN(r, n, "a list has at most %d values", EHMI_LIST_MAX);
  VEC_PUSH(r->arena, out, n->text);
  return 0;
}

/* One text, or a list of them. */
static int read_words(struct reading *r, const struct node *n, void *out) {
  if (n->kind != NODE_ARRAY) return read_word(r, n, out);
  if (!n->first) return COMPLAIN(r, n, "the list is empty");
  for (NODE_EACH(c, n))
    if (read_word(r, c, out) < 0) return -1;
  return 0;
}

static int read_choice(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {{"is", read_words, offsetof(struct ehmi_choice, is), true},
                                    {"accept", read_words, offsetof(struct ehmi_choice, accept), false},
                                    {"source", config_text, offsetof(struct ehmi_choice, source), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), out);
}

/* Every value of a choice that is a duration, and the first of them in milliseconds. */
static int read_durations(struct reading *r, const struct node *n, struct ehmi_choice *c, int64_t *ms) {
  int64_t one;
  if (read_choice(r, n, c) < 0) return -1;
  for (size_t i = 0; i < c->is.n + c->accept.n; i++) {
    struct str word = i < c->is.n ? c->is.v[i] : c->accept.v[i - c->is.n];
    if (!duration_parse(word, &one)) return COMPLAIN(r, n, "\"%.*s\" is no duration, such as \"10 min\"", STR_F(word));
    if (i == 0) *ms = one;
  }
  return 0;
}

static int read_deadline(struct reading *r, const struct node *n, void *out) {
  return read_durations(r, n, out, &profile(r)->deadline_ms);
}

static int read_interval(struct reading *r, const struct node *n, void *out) {
  return read_durations(r, n, out, &profile(r)->resend_interval_ms);
}

static int read_numbers(struct reading *r, const struct node *n, struct ehmi_choice *c, int64_t *first) {
  if (read_choice(r, n, c) < 0) return -1;
  if (!str_int(c->is.v[0], first) || *first < 0)
    return COMPLAIN(r, n, "\"%.*s\" is no whole number", STR_F(c->is.v[0]));
  return 0;
}

static int read_resends(struct reading *r, const struct node *n, void *out) {
  return read_numbers(r, n, out, &profile(r)->resends_n);
}

static int read_bytes_max(struct reading *r, const struct node *n, void *out) {
  return read_numbers(r, n, out, &profile(r)->bytes_max);
}

static int read_need(struct reading *r, const struct node *n, void *out) {
  static const char *const words[] = {[EHMI_MAY] = "may", [EHMI_MUST] = "must", [EHMI_ABSENT] = "absent"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!str_eqz(n->text, words[i])) continue;
    *(enum ehmi_need *)out = (enum ehmi_need)i;
    return 0;
  }
  return COMPLAIN(r, n, "\"%.*s\" must be must, may or absent", STR_F(n->name));
}

#define NEED(kind) offsetof(struct ehmi_scope, need) + (kind) * sizeof(enum ehmi_need)

static int read_scope(struct reading *r, const struct node *n, struct ehmi_scope *out) {
  static const struct key keys[] = {{"identifier", read_choice, offsetof(struct ehmi_scope, identifier), true},
                                    {"also", read_words, offsetof(struct ehmi_scope, also), false},
                                    {"message", read_need, NEED(EHMI_MESSAGE), true},
                                    {"copy", read_need, NEED(EHMI_COPY), true},
                                    {"acknowledgement", read_need, NEED(EHMI_ACKNOWLEDGEMENT), true},
                                    {"receipt", read_need, NEED(EHMI_RECEIPT), true},
                                    {"source", config_text, offsetof(struct ehmi_scope, source), true}};
  out->type = n->name;
  return config_mapping(r, n, keys, KEYS_N(keys), out);
}

static int check_entries(struct reading *r, const struct node *n) {
  if (n->kind != NODE_OBJECT) return COMPLAIN(r, n, "\"%.*s\" must be a mapping", STR_F(n->name));
  if (n->count > EHMI_LIST_MAX) return COMPLAIN(r, n, "\"%.*s\" has at most %d entries", STR_F(n->name), EHMI_LIST_MAX);
  return 0;
}

static int read_scopes(struct reading *r, const struct node *n, void *out) {
  (void)out;
  if (check_entries(r, n) < 0) return -1;
  for (NODE_EACH(c, n))
    if (read_scope(r, c, VEC_ADD(r->arena, &profile(r)->scopes)) < 0) return -1;
  return 0;
}

static int read_type(struct reading *r, const struct node *n, struct ehmi_type *out) {
  static const struct key keys[] = {{"event", config_text, offsetof(struct ehmi_type, event), false},
                                    {"also", read_words, offsetof(struct ehmi_type, also), false},
                                    {"receipt", read_flag, offsetof(struct ehmi_type, receipt), false},
                                    {"pilot", read_flag, offsetof(struct ehmi_type, pilot), false},
                                    {"version", read_choice, offsetof(struct ehmi_type, version), true},
                                    {"type", read_choice, offsetof(struct ehmi_type, type), true},
                                    {"exception-type", read_choice, offsetof(struct ehmi_type, exception_type), false},
                                    {"document-id", read_choice, offsetof(struct ehmi_type, document_id), true}};
  out->standard = n->name;
  if (config_mapping(r, n, keys, KEYS_N(keys), out) < 0) return -1;
  if (out->receipt != (out->event.n == 0))
    return COMPLAIN(r, n, "a type has an \"event\", or is a \"receipt\" and has none");
  if (out->receipt != (out->exception_type.is.n > 0))
    return COMPLAIN(r, n, "an \"exception-type\" belongs to what is a \"receipt\"");
  return 0;
}

static int check_receipts(struct reading *r, const struct node *n) {
  size_t receipts = 0;
  for (size_t i = 0; i < profile(r)->types.n; i++) receipts += profile(r)->types.v[i].receipt;
  return receipts == 1 ? 0 : COMPLAIN(r, n, "just one of the types is the \"receipt\"");
}

static int read_types(struct reading *r, const struct node *n, void *out) {
  (void)out;
  if (check_entries(r, n) < 0) return -1;
  for (NODE_EACH(c, n))
    if (read_type(r, c, VEC_ADD(r->arena, &profile(r)->types)) < 0) return -1;
  return check_receipts(r, n);
}

static int read_attributes(struct reading *r, const struct node *n, void *out) {
  struct ehmi_transaction *t = (struct ehmi_transaction *)((char *)out - offsetof(struct ehmi_transaction, attributes));
  if (check_entries(r, n) < 0) return -1;
  for (NODE_EACH(c, n)) {
    struct ehmi_attribute *attribute = VEC_ADD(r->arena, &t->attributes);
    attribute->name = c->name;
    if (read_choice(r, c, &attribute->value) < 0) return -1;
  }
  return 0;
}

static int read_transaction(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {
      {"service", read_choice, offsetof(struct ehmi_transaction, service), true},
      {"attributes", read_attributes, offsetof(struct ehmi_transaction, attributes), true}};
  return config_mapping(r, n, keys, KEYS_N(keys), out);
}

/* error, warning, note or off. */
static int read_severity_word(struct reading *r, const struct node *n, void *out) {
  struct ehmi_severity *s = (struct ehmi_severity *)((char *)out - offsetof(struct ehmi_severity, severity));
  s->off = str_eqz(n->text, "off");
  if (s->off) return 0;
  if (str_eqz(n->text, "note"))
    s->severity = SEV_INFO;
  else if (str_eqz(n->text, "warning"))
    s->severity = SEV_WARNING;
  else if (str_eqz(n->text, "error"))
    s->severity = SEV_ERROR;
  else
    return COMPLAIN(r, n, "a severity is error, warning, note or off");
  return 0;
}

static int read_rules(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {{"severity", read_severity_word, offsetof(struct ehmi_severity, severity), true},
                                    {"source", config_text, offsetof(struct ehmi_severity, source), true}};
  (void)out;
  if (check_entries(r, n) < 0) return -1;
  for (NODE_EACH(c, n)) {
    struct ehmi_severity *s = VEC_ADD(r->arena, &profile(r)->rules);
    s->rule = c->name;
    s->line = c->name_line;
    s->col = c->name_col;
    if (config_mapping(r, c, keys, KEYS_N(keys), s) < 0) return -1;
  }
  return 0;
}

/* A replacement by nothing is no text: it is left out. */
static int read_normalise(struct reading *r, const struct node *n, void *out) {
  static const struct key keys[] = {{"from", config_text, offsetof(struct ehmi_replacement, from), true},
                                    {"to", config_text, offsetof(struct ehmi_replacement, to), false}};
  (void)out;
  if (n->kind != NODE_ARRAY) return COMPLAIN(r, n, "\"%.*s\" must be a list", STR_F(n->name));
  for (NODE_EACH(c, n)) {
    struct ehmi_replacement *x = VEC_ADD(r->arena, &profile(r)->normalise);
    if (profile(r)->normalise.n > EHMI_LIST_MAX) return COMPLAIN(r, c, "a list has at most %d values", EHMI_LIST_MAX);
    if (config_mapping(r, c, keys, KEYS_N(keys), x) < 0) return -1;
    if (x->to.n >= x->from.n) return COMPLAIN(r, c, "\"to\" must be shorter than \"from\"");
  }
  return 0;
}

#define CHOICE(name, member)                                                                                           \
  { (name), read_choice, offsetof(struct ehmi_profile, member), true }

static const struct key top_keys[] = {
    {"name", config_text, offsetof(struct ehmi_profile, name), true},
    {"source", config_text, offsetof(struct ehmi_profile, source), true},
    CHOICE("authority", authority),
    CHOICE("participant-scheme", participant_scheme),
    CHOICE("header-version", header_version),
    CHOICE("transport-version", transport_version),
    CHOICE("process-id", process_id),
    CHOICE("patient-id", patient_id),
    CHOICE("mime-type", mime_type),
    CHOICE("receipt-mime-type", receipt_mime_type),
    CHOICE("encoding", encoding),
    CHOICE("content-namespace", content_namespace),
    CHOICE("expected-in-response", expected_in_response),
    CHOICE("acknowledged-original", acknowledged_original),
    CHOICE("statistics", statistics),
    CHOICE("receipt-statistics", receipt_statistics),
    {"acknowledge-within", read_deadline, offsetof(struct ehmi_profile, acknowledge_within), true},
    {"resends", read_resends, offsetof(struct ehmi_profile, resends), true},
    {"resend-interval", read_interval, offsetof(struct ehmi_profile, resend_interval), true},
    {"message-bytes-max", read_bytes_max, offsetof(struct ehmi_profile, message_bytes_max), true},
    {"request", read_transaction, offsetof(struct ehmi_profile, request), true},
    {"response", read_transaction, offsetof(struct ehmi_profile, response), true},
    {"scopes", read_scopes, offsetof(struct ehmi_profile, scopes), true},
    {"types", read_types, offsetof(struct ehmi_profile, types), true},
    {"normalise", read_normalise, offsetof(struct ehmi_profile, normalise), true},
    {"rules", read_rules, offsetof(struct ehmi_profile, rules), false},
};

int ehmi_profile_read(struct ehmi_profile **out, struct arena *a, struct str bytes, struct str name, struct error *e) {
  struct reading r = {.out = ARENA_NEW(a, struct ehmi_profile), .arena = a, .file = name, .e = e};
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  if (yaml_read(&root, a, (struct source){name, bytes}, &f) != 0) {
    const struct finding *first = &f.list.v[0];
    return error_at(e, ERR_SYNTAX, name, first->where.line, first->where.col, "%.*s", STR_F(first->en));
  }
  profile(&r)->file = name;
  if (config_mapping(&r, root, top_keys, KEYS_N(top_keys), r.out) < 0) return -1;
  *out = r.out;
  return 0;
}

int ehmi_profile_load(struct ehmi_profile **out, struct arena *a, const char *data_dir, struct error *e) {
  struct str bytes;
  const char *path = file_join(a, data_dir, EHMI_PROFILE_FILE);
  if (file_read(&bytes, a, path, EHMI_PROFILE_BYTES_MAX, e) < 0) return -1;
  return ehmi_profile_read(out, a, bytes, str_z(path), e);
}
