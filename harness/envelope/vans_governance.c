#include "envelope/vans_int.h"
#include "standards/catalogue.h"

#define PREFIX "MCM:"
#define DOCUMENT "Message.MetaInformation.Document"
#define TRANSPORT "Message.MetaInformation.Transport"
#define DRAFT_MIME "text/fhir+xml"

/* MCM:<code>#<postfix>, cut up. */
struct vans_name {
  struct str code, postfix;
  bool prefixed, has_postfix;
};

static struct vans_name name_parse(struct str s) {
  struct vans_name n = {.prefixed = str_starts(s, STR(PREFIX))};
  struct str rest = n.prefixed ? str_sub(s, sizeof PREFIX - 1, s.n) : s;
  n.has_postfix = str_index(rest, '#') != SIZE_MAX;
  n.code = str_cut(&rest, '#');
  n.postfix = rest;
  return n;
}

static bool is_hl7(const struct envelope *env) {
  return str_eqz(env->meta.format, "HL7");
}

static void add_form(const struct tree_check *c, const struct envelope *env, enum severity severity, struct str form) {
  struct finding *f =
      FINDING(c->f, &vans_rule_table[VANS_NAME_FORM], vans_place(c, env, DOCUMENT ".Name"), env->meta.name, form);
  if (f) f->severity = severity;
}

static struct str known_codes(struct arena *a) {
  struct str all = {0};
  for (size_t i = 0; i < message_types_n; i++)
    all = arena_printf(a, "%.*s%s%s", STR_F(all), all.n ? ", " : "", message_types[i].code);
  return all;
}

static bool is_deprecated(const struct message_type *t, struct str postfix) {
  for (size_t i = 0; t->deprecated && t->deprecated[i]; i++)
    if (str_eqz(postfix, t->deprecated[i])) return true;
  return false;
}

static void check_postfix(const struct tree_check *c, const struct envelope *env, const struct message_type *t,
                          struct str postfix) {
  struct place where = vans_place(c, env, DOCUMENT ".Name");
  if (!message_type_has_postfix(t, postfix))
    FINDING(c->f, &vans_rule_table[VANS_NAME_POSTFIX], where, postfix, str_z(t->code));
  else if (is_deprecated(t, postfix))
    FINDING(c->f, &vans_rule_table[VANS_NAME_DEPRECATED], where, postfix, str_z(t->code));
}

/* "5.0" of "5.0.2" and of "5.0". */
static struct str major_minor(struct str version) {
  size_t first = str_index(version, '.');
  if (first == SIZE_MAX) return version;
  size_t second = str_find(version, STR("."), first + 1);
  return second == SIZE_MAX ? version : str_sub(version, 0, second);
}

/* MedCom writes 5.0 for CareCommunication but 3.0.0 for HospitalNotification: another patch is a warning. */
static void check_version(const struct tree_check *c, const struct envelope *env, const struct message_type *t) {
  struct str found = env->meta.version, wanted = str_z(t->version), code = str_z(t->code);
  struct place where = vans_place(c, env, DOCUMENT ".Version");
  if (found.n == 0)
    FINDING(c->f, &vans_rule_table[VANS_VERSION_MISSING], where, code, wanted);
  else if (!str_eq(major_minor(found), major_minor(wanted)))
    FINDING(c->f, &vans_rule_table[VANS_VERSION], where, found, code, wanted);
  else if (!str_eq(found, wanted))
    FINDING(c->f, &vans_rule_table[VANS_VERSION_FORM], where, found, code, wanted);
}

static void check_hl7_name(const struct tree_check *c, const struct envelope *env) {
  struct vans_name name = name_parse(env->meta.name);
  const struct message_type *t = message_type_of_code(name.code);
  bool postfixed = !t || t->postfixes[0];
  if (!name.prefixed || name.has_postfix != postfixed || name.code.n == 0) {
    add_form(c, env, SEV_ERROR, postfixed ? STR("MCM:<type>#<value>") : STR("MCM:<type>"));
    return;
  }
  if (!t) {
    FINDING(c->f, &vans_rule_table[VANS_NAME_TYPE], vans_place(c, env, DOCUMENT ".Name"), name.code,
            known_codes(c->f->arena));
    return;
  }
  if (postfixed) check_postfix(c, env, t, name.postfix);
  check_version(c, env, t);
}

static const struct node *tag_node(const struct envelope *env, const char *name) {
  for (NODE_EACH(n, node_at(env->root, TRANSPORT))) {
    const struct node *attr = node_attr(n, "name");
    if (attr && str_eqz(str_trim(attr->text), name)) return n;
  }
  return NULL;
}

static void check_mime(const struct tree_check *c, const struct envelope *env) {
  const struct node *tag = tag_node(env, "MCM:MIME");
  if (!tag) {
    FINDING(c->f, &vans_rule_table[VANS_MIME_MISSING], vans_place(c, env, TRANSPORT));
    return;
  }
  struct str mime = str_trim(tag->text);
  if (str_eqz(mime, "application/fhir+xml") || str_eqz(mime, "application/fhir+json")) return;
  if (str_eqz(mime, DRAFT_MIME))
    FINDING(c->f, &vans_rule_table[VANS_MIME_DRAFT], tree_place(c, tag), mime, STR("application/fhir+xml"));
  else
    FINDING(c->f, &vans_rule_table[VANS_MIME_VALUE], tree_place(c, tag), mime);
}

static void check_repeated_tags(const struct tree_check *c, const struct envelope *env) {
  const struct envelope_meta *m = &env->meta;
  for (size_t i = 1; i < m->tags_n; i++) {
    bool again = false;
    for (size_t k = 0; k < i; k++) again |= m->tags[i].name.n && str_eq(m->tags[i].name, m->tags[k].name);
    if (again) FINDING(c->f, &vans_rule_table[VANS_TAG_REPEATED], vans_place(c, env, TRANSPORT), m->tags[i].name);
  }
}

static void check_total(const struct tree_check *c, const struct envelope *env, size_t bytes) {
  if (bytes <= VANS_MESSAGE_MAX) return;
  FINDING(c->f, &vans_rule_table[VANS_MESSAGE_TOO_LARGE], tree_place(c, env->root),
          arena_printf(c->f->arena, "%zu", bytes), arena_printf(c->f->arena, "%zu", VANS_MESSAGE_MAX));
}

void vans_check_governance(const struct tree_check *c, const struct envelope *env, size_t bytes) {
  if (env->content != ENVELOPE_MESSAGE || !node_at(env->root, DOCUMENT)) return;
  check_repeated_tags(c, env);
  if (!is_hl7(env)) {
    if (env->meta.name.n && !name_parse(env->meta.name).prefixed) add_form(c, env, SEV_WARNING, STR("MCM:<type>"));
    return;
  }
  if (env->meta.name.n) check_hl7_name(c, env);
  check_mime(c, env);
  check_total(c, env, bytes);
  if (str_eqz(env->meta.transport, "unreliable"))
    FINDING(c->f, &vans_rule_table[VANS_TRANSPORT_UNRELIABLE], vans_place(c, env, TRANSPORT ".Type"));
}

/* The payload may know its type without the value behind '#'; then only the type is compared. */
static bool names_agree(struct str envelope, struct str payload) {
  struct vans_name e = name_parse(envelope), p = name_parse(payload);
  return str_eq(e.code, p.code) && (!p.has_postfix || !e.has_postfix || str_eq(e.postfix, p.postfix));
}

static bool mimes_agree(struct str tag, struct str payload) {
  return str_eq(tag, payload) || (str_eqz(tag, DRAFT_MIME) && str_eqz(payload, "application/fhir+xml"));
}

static void compare_mime(const struct tree_check *c, const struct envelope *env, struct str mime) {
  const struct node *tag = tag_node(env, "MCM:MIME");
  if (!tag || mime.n == 0 || mimes_agree(str_trim(tag->text), mime)) return;
  FINDING(c->f, &vans_rule_table[VANS_MIME_MISMATCH], tree_place(c, tag), str_trim(tag->text), mime);
}

void vans_check_payload(const struct envelope *env, struct str message, const struct envelope_payload *p,
                        struct findings *f) {
  struct tree_check c = {f, message};
  const struct envelope_meta *m = &env->meta;
  if (env->content != ENVELOPE_MESSAGE) return;
  if (p->format.n && m->format.n && !str_eq(p->format, m->format))
    FINDING(f, &vans_rule_table[VANS_FORMAT_PAYLOAD], vans_place(&c, env, DOCUMENT ".Format"), m->format, p->format);
  if (p->name.n && m->name.n && !names_agree(m->name, p->name))
    FINDING(f, &vans_rule_table[VANS_NAME_PAYLOAD], vans_place(&c, env, DOCUMENT ".Name"), m->name, p->name);
  if (p->version.n && m->version.n && !str_eq(major_minor(p->version), major_minor(m->version)))
    FINDING(f, &vans_rule_table[VANS_VERSION_PAYLOAD], vans_place(&c, env, DOCUMENT ".Version"), m->version,
            p->version);
  compare_mime(&c, env, p->mime);
}
