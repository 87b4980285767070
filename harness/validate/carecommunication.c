#include "base/base64.h"
#include "base/uuid.h"
#include "standards/catalogue.h"
#include "validate/validate_int.h"

#define URN_UUID "urn:uuid:"
#define CPR_OID "urn:oid:1.2.208.176.1.2"

static void check_definition(const struct judge *j) {
  const struct node *d = node_child(j->b.header, "definition");
  if (!bundle_is_major(&j->b, "5")) JUDGE(j, CC_DEFINITION, d ? d : j->b.header, d ? d->text : (struct str){0});
}

static bool is_lower(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] >= 'A' && s.p[i] <= 'F') return false;
  return true;
}

/* Versions before 5.0 had no identifier of the thread; then its absence is a warning. */
static void check_identifier(const struct judge *j, const struct node *c) {
  const struct node *value = node_at(c, "identifier.value");
  size_t n = node_count(c, "identifier");
  if (n != 1 || !value) {
    struct finding *f = JUDGE(j, CC_IDENTIFIER_MISSING, c, arena_printf(j->f->arena, "%zu", n));
    if (f && !bundle_is_major(&j->b, "5")) f->severity = SEV_WARNING;
    return;
  }
  struct str id = bundle_without_urn(value->text);
  if (!str_starts(value->text, STR(URN_UUID)) || !uuid_valid(id) || !is_lower(id))
    JUDGE(j, CC_IDENTIFIER_FORM, value, value->text);
  else if (uuid_version(id) != 4)
    JUDGE(j, CC_IDENTIFIER_VERSION, value, value->text);
}

static bool is_deprecated(const struct message_type *t, struct str code) {
  return t->deprecated && judge_is_one_of(code, t->deprecated);
}

static void check_category(const struct judge *j, const struct node *c) {
  const struct message_type *t = message_type_of_event(STR(EVENT_CARE_COMMUNICATION));
  const struct node *code = node_at(c, "category.coding.code");
  size_t n = node_count(c, "category");
  if (n != 1 || !code) JUDGE(j, CC_CATEGORY_MISSING, c, arena_printf(j->f->arena, "%zu", n));
  size_t codings = node_count(node_child(c, "category"), "coding");
  if (codings > 1) JUDGE(j, CC_CATEGORY_CODING, code, arena_printf(j->f->arena, "%zu", codings));
  if (!code || !t) return;
  if (!message_type_has_postfix(t, code->text))
    JUDGE(j, CC_CATEGORY_UNKNOWN, code, code->text);
  else if (is_deprecated(t, code->text))
    JUDGE(j, CC_CATEGORY_DEPRECATED, code, code->text);
}

static void check_priority(const struct judge *j, const struct node *c) {
  static const char *const values[] = {"routine", "asap", NULL};
  const struct node *priority = node_child(c, "priority");
  struct str category = node_text_at(c, "category.coding.code");
  if (!priority) return;
  if (!str_eqz(category, "regarding-referral")) JUDGE(j, CC_PRIORITY, priority, category);
  if (!judge_is_one_of(priority->text, values)) JUDGE(j, CC_PRIORITY_VALUE, priority, priority->text);
}

static void check_topic(const struct judge *j, const struct node *c) {
  if (!str_eqz(node_text_at(c, "category.coding.code"), "other")) return;
  if (str_trim(node_text_at(c, "topic.text")).n == 0) JUDGE(j, CC_TOPIC, c);
}

static void check_cpr(const struct judge *j, const struct node *patient) {
  size_t n = 0;
  for (const struct node *i = node_child(patient, "identifier"); i; i = node_again(i))
    n += str_eqz(node_text_at(i, "system"), CPR_OID);
  if (n > 1) JUDGE(j, CC_PATIENT_CPR, patient, arena_printf(j->f->arena, "%zu", n));
}

static void check_patient(const struct judge *j, const struct node *c) {
  size_t n = bundle_count(&j->b, "Patient");
  const struct node *subject = node_child(c, "subject"), *target = bundle_target(&j->b, subject);
  /* An identifier alone could be anybody's. */
  bool named = node_text_at(subject, "reference").n > 0;
  if (n == 1) check_cpr(j, bundle_first(&j->b, "Patient"));
  if (n != 1) JUDGE(j, CC_PATIENT, j->b.root, arena_printf(j->f->arena, "%zu", n));
  if (!named || (target && !str_eqz(target->type, "Patient"))) JUDGE(j, CC_SUBJECT, subject ? subject : c);
}

static void check_data(const struct judge *j, const struct node *data) {
  size_t bad;
  if (base64_check(data->text, &bad) != 0) JUDGE(j, CC_ATTACHMENT_BASE64, data, arena_printf(j->f->arena, "%zu", bad));
}

static void check_mime(const struct judge *j, const struct node *attachment, const struct node *data) {
  static const char *const permitted[] = {"application/pdf", "image/gif", "image/jpeg", "image/png",
                                          "image/tiff",      "image/bmp", NULL};
  const struct node *mime = node_child(attachment, "contentType");
  if (!mime && data) JUDGE(j, CC_ATTACHMENT_MIME_MISSING, attachment);
  if (mime && !judge_is_one_of(mime->text, permitted)) JUDGE(j, CC_ATTACHMENT_MIME, mime, mime->text);
}

static bool shows_extension(struct str title) {
  static const char *const extensions[] = {".pdf", ".gif", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", NULL};
  for (const char *const *e = extensions; *e; e++) {
    struct str end = str_z(*e);
    if (title.n >= end.n && str_eq_nocase(str_sub(title, title.n - end.n, title.n), end)) return true;
  }
  return false;
}

static void check_title(const struct judge *j, const struct node *attachment) {
  const struct node *title = node_child(attachment, "title");
  if (!title || str_trim(title->text).n == 0)
    JUDGE(j, CC_ATTACHMENT_TITLE, attachment);
  else if (shows_extension(title->text))
    JUDGE(j, CC_ATTACHMENT_EXTENSION, title, title->text);
}

/* A reply keeps the title of an old attachment without its data; a new message has nothing old. */
static void check_attachment(const struct judge *j, const struct node *attachment) {
  const struct node *data = node_child(attachment, "data"), *url = node_child(attachment, "url");
  struct str activity = node_text_at(j->b.own, "activity.coding.code");
  check_title(j, attachment);
  check_mime(j, attachment, data);
  if (data) check_data(j, data);
  if (!data && !url && str_eqz(activity, "new-message")) JUDGE(j, CC_ATTACHMENT_EMPTY, attachment);
}

static const struct node *identifier_of(const struct node *payload) {
  for (const struct node *x = node_child(payload, "extension"); x; x = node_again(x))
    if (str_eqz(node_text_at(x, "url"), IDENTIFIER_EXTENSION)) return node_at(x, "valueIdentifier.value");
  return NULL;
}

static bool has_identifier(const struct node *payload) {
  const struct node *id = identifier_of(payload);
  return id && id->text.n;
}

static void check_payload(const struct judge *j, const struct node *p) {
  const struct node *text = node_child(p, "contentString"), *attachment = node_child(p, "contentAttachment");
  if (attachment)
    check_attachment(j, attachment);
  else if (!text || str_trim(text->text).n == 0)
    JUDGE(j, CC_PAYLOAD_EMPTY, p);
  if (bundle_is_major(&j->b, "5") && !has_identifier(p)) JUDGE(j, CC_PAYLOAD_IDENTIFIER, p);
}

static void check_identifiers(const struct judge *j, const struct node *first) {
  struct map seen;
  map_init(&seen, j->b.arena);
  for (const struct node *p = first; p; p = node_again(p)) {
    const struct node *id = identifier_of(p);
    if (id && !map_set(&seen, id->text, &seen)) JUDGE(j, CC_PAYLOAD_IDENTIFIER_REPEATED, id, id->text);
  }
}

static void check_payloads(const struct judge *j, const struct node *c) {
  bool text = false;
  const struct node *first = node_child(c, "payload");
  for (const struct node *p = first; p; p = node_again(p)) {
    check_payload(j, p);
    text |= node_child(p, "contentString") != NULL;
  }
  check_identifiers(j, first);
  if (!first)
    JUDGE(j, CC_PAYLOAD_MISSING, c);
  else if (!text)
    JUDGE(j, CC_PAYLOAD_TEXT_MISSING, c);
}

/* Without a Communication there is header.focus or bundle.reference. */
void judge_carecommunication(const struct judge *j) {
  const struct node *c = bundle_communication(&j->b);
  if (!judge_event_is(j, EVENT_CARE_COMMUNICATION)) return;
  check_definition(j);
  if (bundle_count(&j->b, "Communication") > 1 && bundle_is_major(&j->b, "5")) JUDGE(j, CC_COMMUNICATIONS, j->b.root);
  if (!c) return;
  check_identifier(j, c);
  check_category(j, c);
  check_priority(j, c);
  check_topic(j, c);
  check_patient(j, c);
  check_payloads(j, c);
}
