#include "protocol/service.h"

#include "base/buf.h"
#include "protocol/protocol_int.h"
#include "protocol/protocol_rules.h"

#define KINDS_TEXT_MAX ((size_t)1 << 10)

#define TITLE(en, da)                                                                                                  \
  {                                                                                                                    \
    {en, sizeof(en) - 1}, {                                                                                            \
      da, sizeof(da) - 1                                                                                               \
    }                                                                                                                  \
  }

const struct service_kind service_kinds[] = {
    {"fhir-rest", TITLE("FHIR server", "FHIR-server")},
    {"eds", TITLE("EHMI Delivery Status (EDS)", "EHMI forsendelsesstatus (EDS)")},
    {"eer", TITLE("EHMI Endpoint Register (EER)", "EHMI endepunktsregister (EER)")},
    {"eas", TITLE("EHMI Addressing Service (EAS)", "EHMI adresseringsservice (EAS)")},
    {"authorization", TITLE("Authorization server", "Autorisationsserver")},
    {NULL, TITLE("", "")},
};

static const struct key keys[] = {
    {"kind", KEY_TEXT, false, NULL}, {"of", KEY_TEXT, false, NULL}, {"shared", KEY_BOOL, false, NULL}, {0}};

const struct service_kind *service_kind_named(struct str name) {
  for (const struct service_kind *k = service_kinds; k->name; k++)
    if (str_eqz(name, k->name)) return k;
  return NULL;
}

/* Small letters, digits and '-': it is a part of the service's address as it stands. */
static bool is_address_part(struct str name) {
  for (size_t i = 0; i < name.n; i++) {
    bool letter = name.p[i] >= 'a' && name.p[i] <= 'z', digit = name.p[i] >= '0' && name.p[i] <= '9';
    if (!letter && !digit && name.p[i] != '-') return false;
  }
  return true;
}

static struct str known_kinds(struct arena *a) {
  struct buf b;
  buf_init(&b, KINDS_TEXT_MAX);
  for (const struct service_kind *k = service_kinds; k->name; k++)
    buf_printf(&b, "%s%s", k == service_kinds ? "" : ", ", k->name);
  return buf_take(&b, a);
}

/* "FHIR server lab (Receiver)": its name where it is not the kind's, and whose it is where several systems take part.
 */
static struct str title_of(struct arena *a, struct str kind, const struct protocol_service *s, struct str of) {
  struct str title = kind;
  if (!str_eq(s->name, s->kind)) title = arena_printf(a, "%.*s %.*s", STR_F(title), STR_F(s->name));
  return of.n ? arena_printf(a, "%.*s (%.*s)", STR_F(title), STR_F(of)) : title;
}

static void check_name(struct protocol_reader *r, const struct node *n) {
  reader_take_name(r, n->name, n);
  if (!is_address_part(n->name))
    keys_complain(&r->keys, n, "the name of a service is part of its address: use small letters, digits and '-'");
  if (str_eqz(n->name, "sender") || str_eqz(n->name, "receiver") || str_eqz(n->name, "operator"))
    keys_complain(&r->keys, n, "\"%.*s\" is a role: messages have that address; choose another name", STR_F(n->name));
}

static void read_service(struct protocol_reader *r, const struct node *n) {
  struct protocol_service s = {.name = n->name,
                               .kind = keys_text(n, "kind"),
                               .of = keys_text(n, "of"),
                               .shared = keys_bool(n, "shared"),
                               .node = n};
  if (!s.kind.n) s.kind = s.name;
  const struct service_kind *kind = service_kind_named(s.kind);
  const struct protocol_party *of = s.of.n ? protocol_party(r->protocol, s.of) : NULL;
  check_name(r, n);
  if (!kind) {
    KEYS_FIND(&r->keys, &protocol_rules[PROTOCOL_SERVICE], n, s.kind, known_kinds(r->arena));
    return;
  }
  if (s.of.n && !of)
    keys_complain(&r->keys, node_child(n, "of"),
                  "no party \"%.*s\" takes part; leave \"of\" out where the service is one of the system under test",
                  STR_F(s.of));
  if (s.shared && s.of.n)
    keys_complain(&r->keys, node_child(n, "of"), "a shared service is of all systems that take part: leave \"of\" out");
  if (s.shared && !r->protocol->parties.n)
    keys_complain(&r->keys, node_child(n, "shared"), "no other system takes part that could share it");
  s.title.en = title_of(r->arena, kind->title.en, &s, of ? of->title.en : (struct str){0});
  s.title.da = title_of(r->arena, kind->title.da, &s, of ? of->title.da : (struct str){0});
  VEC_PUSH(r->arena, &r->protocol->services, s);
}

void reader_services(struct protocol_reader *r, const struct node *map) {
  for (NODE_EACH(n, map))
    if (n->kind == NODE_NULL || keys_check(&r->keys, n, keys)) read_service(r, n);
}

const struct protocol_service *protocol_service(const struct protocol *p, struct str name) {
  for (size_t i = 0; i < p->services.n && name.n; i++)
    if (str_eq(p->services.v[i].name, name)) return &p->services.v[i];
  return NULL;
}

struct str protocol_owner(const struct protocol *p, struct str mailbox) {
  const struct protocol_service *s = protocol_service(p, mailbox);
  return s ? s->of : mailbox;
}
