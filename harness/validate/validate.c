#include "validate/validate.h"

#include "base/clock.h"
#include "fhir/definition.h"
#include "standards/catalogue.h"
#include "validate/validate_int.h"

static const char *const level_names[] = {[VALIDATE_WELLFORMED] = "wellformed",
                                          [VALIDATE_ENVELOPE] = "envelope",
                                          [VALIDATE_BUNDLE] = "bundle",
                                          [VALIDATE_PROFILE] = "profile"};

bool validate_level_parse(struct str name, enum validate_level *out) {
  for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
    if (!str_eqz(name, level_names[i])) continue;
    *out = (enum validate_level)i;
    return true;
  }
  return false;
}

const char *validate_level_name(enum validate_level level) {
  return level_names[level];
}

struct place judge_place(const struct judge *j, const struct node *n) {
  return node_place_for(j->f, j->message, n);
}

bool judge_is_one_of(struct str s, const char *const *names) {
  for (; *names; names++)
    if (str_eqz(s, *names)) return true;
  return false;
}

bool judge_event_is(const struct judge *j, const char *event) {
  return str_eqz(node_text_at(j->b.header, "eventCoding.code"), event);
}

void judge_instant(const struct judge *j, const struct node *parent, const char *name, enum validate_rule missing,
                   enum validate_rule bad, enum validate_rule zone) {
  const struct node *n = node_child(parent, name);
  int64_t ms;
  bool has_zone;
  if (!n || n->text.n == 0)
    JUDGE(j, missing, parent, str_z(name));
  else if (!time_parse(n->text, &ms, &has_zone))
    JUDGE(j, bad, n, str_z(name), n->text);
  else if (!has_zone)
    JUDGE(j, zone, n, str_z(name), n->text);
}

static void judge_message(const struct message *m, struct findings *f) {
  static void (*const of_messages[])(const struct judge *) = {judge_header, judge_provenance, judge_carecommunication,
                                                              judge_acknowledgement, NULL};
  static void (*const of_documents[])(const struct judge *) = {judge_document, NULL};
  struct arena *scratch = arena_new(0);
  struct judge j = {.f = f, .message = m->payload.name};
  if (str_eqz(m->resource->type, "Bundle")) {
    bundle_index(&j.b, scratch, m->resource);
    judge_bundle(&j);
    for (void (*const *subject)(const struct judge *) = judge_is_document(&j) ? of_documents : of_messages; *subject;
         subject++)
      (*subject)(&j);
  } else {
    JUDGE(&j, BUNDLE_KIND, m->resource, m->resource->type);
  }
  arena_free(scratch);
}

static struct place start_of(struct str name) {
  return (struct place){.message = name, .line = 1, .col = 1};
}

/* What is known but cannot be judged must not pass. */
static void judge_legacy(const struct message *m, enum validate_level level, struct findings *f) {
  if (level >= VALIDATE_BUNDLE && m->letter) validate_oioxml(m, f);
  if (level >= VALIDATE_BUNDLE && !m->letter) validate_edifact(m, f);
}

/* The profile of its event, which a message has to fit also where it names another one, or none: what it says of itself
 * does not suffice. Empty where it names that one, in whatever version; and of a document, whose type (LOINC 11450-4 is
 * any list of problems) does not say that it is MedCom's. */
static struct str unclaimed(const struct message *m) {
  const char *profile = profile_of_event(facts_get(&m->facts, "event"));
  struct str version;
  if (str_eqz(node_text_at(m->resource, "type"), "document")) return (struct str){0};
  for (const struct node *p = node_at(m->resource, "meta.profile"); p && profile; p = node_again(p))
    if (str_eqz(canonical_cut(p->text, &version), profile)) return (struct str){0};
  return profile ? str_z(profile) : (struct str){0};
}

static void judge_profiles(const struct message *m, const struct profile_options *profiles, struct findings *f) {
  if (!profiles || !profiles->cache) {
    FINDING(f, &validate_rule_table[VALIDATE_PROFILES_MISSING], start_of(m->payload.name));
    return;
  }
  struct profile_options o = *profiles;
  struct arena *scratch = arena_new(0);
  struct str of_event = unclaimed(m);
  o.form = m->form;
  if (!o.profiles_n && of_event.n) o.profiles = &of_event, o.profiles_n = 1;
  profile_validate(f, scratch, m->resource, m->payload.name, &o);
  arena_free(scratch);
}

void validate_as_found(const struct message *m, const struct profile_options *profiles, struct findings *f) {
  validate_message(m, message_is_medcom(m) ? VALIDATE_BUNDLE : VALIDATE_WELLFORMED, NULL, f);
  if (m->resource) judge_profiles(m, profiles, f);
}

void validate_message(const struct message *m, enum validate_level level, const struct profile_options *profiles,
                      struct findings *f) {
  findings_join(f, &m->wellformed);
  if (level >= VALIDATE_ENVELOPE) findings_join(f, &m->envelope_findings);
  /* An interchange or Emessage is its own envelope. */
  if (level == VALIDATE_ENVELOPE && !m->legacy && !envelope_sniff(m->raw.bytes))
    FINDING(f, &validate_rule_table[VALIDATE_NO_ENVELOPE], start_of(m->raw.name));
  if (m->legacy) judge_legacy(m, level, f);
  if (level >= VALIDATE_BUNDLE && m->resource) judge_message(m, f);
  if (level >= VALIDATE_BUNDLE) validate_identifiers(m, f);
  if (level >= VALIDATE_PROFILE && m->resource) judge_profiles(m, profiles, f);
}
