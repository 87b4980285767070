/* ${...} in the texts of a protocol and in fixtures (protocols/README.md lists them). */
#include "base/clock.h"
#include "base/utf8.h"
#include "lint/lint_int.h"

/* What a party or person has. Without a number, and with one from 1. */
struct family {
  const char *head;
  bool numbered;
  const char *fields[8];
};

static const struct family families[] = {
    {"vendor", false, {"gln", "sor", "organisation", "yder", "name", "stations", "device"}},
    {"counterpart", true, {"gln", "sor", "organisation", "yder"}},
    {"person", true, {"cpr", "given", "family", "birth-date", "gender"}},
};

static const char *const party_fields[] = {"gln", "sor", "organisation"};

/* The facts of validate/message.h. */
static const char *const facts[] = {
    "kind",
    "envelope",
    "envelope.id",
    "envelope.message",
    "envelope.sender",
    "envelope.receiver",
    "form",
    "envelope.name",
    "envelope.receipt",
    "envelope.original",
    "sbdh.kind",
    "sbdh.document-id",
    "sbdh.exception",
    "event",
    "bundle.id",
    "header.id",
    "header.source",
    "header.destination",
    "activity",
    "previous",
    "thread",
    "category",
    "topic",
    "priority",
    "response.to",
    "response.code",
    "sender.gln",
    "receiver.gln",
    "patient",
    "content-type",
    "patient.kind",
    "attachment.file",
    "attachment.link",
    "episode",
    "stay",
    "bundle.time",
    "encounter.class",
    "encounter.status",
    "period.start",
    "period.end",
    "leave.start",
    "leave.end",
    "deceased",
    "report",
    "report.receiver",
    "interchange.id",
    "interchange.sender",
    "interchange.receiver",
    "interchange.time",
    "ack.requested",
    "letters",
    "letter",
    "letter.id",
    "letter.version",
    "letter.time",
    "letter.types",
    "letter.ids",
    "letter.versions",
    "receipt.kind",
    "receipt.outcome",
    "receipt.of",
    "receipt.sender",
    "receipt.receiver",
    "receipt.code",
    "receipt.text",
    "receipt.letters",
    "receipt.versions",
    "consent",
    "comment.clinical",
    "comment.analysis",
    "document.identifier",
    "document.timestamp",
    "document.date",
    "author.sor",
    "eds.profile",
    "eds.subtype",
    "eds.station",
    "eds.outcome",
    "eds.recorded",
    "eds.device",
    "eds.sender.sor",
    "eds.sender.gln",
    "eds.receiver.sor",
    "eds.receiver.gln",
    "eds.message",
    "eds.message.type",
    "eds.message.version",
    "eds.envelope",
    "eds.transport",
    "eds.orig-message",
    "eds.orig-transport",
    "eds.patient",
    "eer.noted",
    "eas.operation",
    "eas.cpr",
    "eas.gp",
    "eas.sor-id",
    "eas.postal-code",
    "eas.message-type",
    "eas.result",
    "eas.rule",
    "eas.noted",
    "eas.sor",
    "eas.gln",
    "eas.organisation",
};

/* Facts of what goes over HTTP: headers have names of their own. */
static bool is_rest_fact(struct str fact) {
  return str_starts(fact, STR("http.")) || str_starts(fact, STR("rest.")) || str_starts(fact, STR("oauth.")) ||
         str_starts(fact, STR("guard."));
}

/* One ${...} at hand: where it is and what may stand there. */
struct variable {
  struct lint *lint;
  const struct lint_scope *scope;
  struct str name;
  struct place at;
};

static bool in_list(struct str s, const char *const *list, size_t n) {
  for (size_t i = 0; i < n && list[i]; i++)
    if (str_eqz(s, list[i])) return true;
  return false;
}

#define IN_LIST(s, list) in_list((s), (list), sizeof(list) / sizeof *(list))

/* Each returns true when the variable is of its kind, whether it is right or was complained of. */

static bool is_label(struct variable *v) {
  return v->scope->with && node_child_str(v->scope->with, v->name);
}

static bool is_made(struct variable *v) {
  bool uuid = str_starts(v->name, STR("uuid:")) || str_starts(v->name, STR("id:")) || str_starts(v->name, STR("hex:"));
  bool now = str_starts(v->name, STR("now"));
  struct str format = str_sub(v->name, 3, v->name.n), offset = str_trim(str_cut(&format, ':'));
  int64_t ms;
  if (now && offset.n && offset.p[0] != '-' && offset.p[0] != '+') now = false;
  if (!uuid && !now) return false;
  if (!v->scope->making)
    LINT(v->lint, LINT_VARIABLE_PLACE, v->at, v->name);
  else if (now && offset.n && !duration_parse(str_trim(str_sub(offset, 1, offset.n)), &ms))
    LINT(v->lint, LINT_VARIABLE_TIME, v->at, v->name);
  else if (uuid && v->name.p[v->name.n - 1] == ':')
    LINT(v->lint, LINT_VARIABLE, v->at, v->name);
  return true;
}

static bool is_parameter(struct variable *v) {
  const struct protocol *p = v->lint->protocol;
  for (size_t i = 0; i < p->parameters.n; i++)
    if (str_eq(p->parameters.v[i].name, v->name)) {
      map_set(&v->lint->parameters, p->parameters.v[i].name, v->lint);
      return true;
    }
  return false;
}

static bool is_party(struct variable *v) {
  struct str rest = v->name, head = str_cut(&rest, '.');
  return v->scope->parties && (str_eqz(head, "from") || str_eqz(head, "to")) && IN_LIST(rest, party_fields);
}

/* "gln" and "2.gln" of "counterpart". */
static bool family_has(const struct family *f, struct str rest) {
  int64_t number;
  struct str field = rest, first = str_cut(&field, '.');
  if (f->numbered && str_int(first, &number) && number >= 1) rest = field;
  return IN_LIST(rest, f->fields);
}

/* "receiver.gln" of a party of the protocol. */
static bool is_of_other_system(struct variable *v) {
  struct str rest = v->name, head = str_cut(&rest, '.');
  if (!protocol_party(v->lint->protocol, head)) return false;
  if (!family_has(&families[0], rest)) LINT(v->lint, LINT_VARIABLE, v->at, v->name);
  return true;
}

/* "service.eds.address": known when the run begins, and an address only in what people and hooks are told. */
static bool is_of_service(struct variable *v) {
  struct str field = v->name;
  if (!str_eqz(str_cut(&field, '.'), "service")) return false;
  const struct protocol_service *s = protocol_service(v->lint->protocol, str_cut(&field, '.'));
  if (!s || !str_eqz(field, "address")) LINT(v->lint, LINT_VARIABLE, v->at, v->name);
  return true;
}

static bool is_of_vendor_file(struct variable *v) {
  struct str rest = v->name, head = str_cut(&rest, '.');
  const struct vendor *vendor = v->lint->vendor;
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    if (!str_eqz(head, families[i].head) || !family_has(&families[i], rest)) continue;
    const char *name = arena_z(v->lint->arena, v->name);
    if (vendor && facts_get(&vendor->variables, name).n == 0)
      LINT(v->lint, LINT_VENDOR_VARIABLE, v->at, v->name, vendor->source.name);
    return true;
  }
  return false;
}

/* The register is read when the first variable asks for it. */
static const struct register_unit *find_unit(struct lint *l, struct str name, struct error *e) {
  struct sor_register *r;
  if (!l->units) {
    if (sor_register_load(&r, l->arena, l->data_dir, e) < 0) return NULL;
    l->units = r;
  }
  const struct register_unit *u = sor_register_find(l->units, name);
  if (!u) (void)error_set(e, ERR_CONFIG, "the register has no unit \"%.*s\"", STR_F(name));
  return u;
}

static bool is_of_register(struct variable *v) {
  struct error e;
  struct str field = v->name;
  if (!str_eqz(str_cut(&field, '.'), "register")) return false;
  struct str name = str_cut(&field, '.');
  const struct register_unit *u = find_unit(v->lint, name, &e);
  if (!u)
    LINT(v->lint, LINT_REGISTER, v->at, str_z(e.text));
  else if (!register_unit_field(u, field).n)
    LINT(v->lint, LINT_REGISTER, v->at,
         arena_printf(v->lint->arena, "the register says no \"%.*s\" of \"%.*s\"", STR_F(field), STR_F(name)));
  return true;
}

static bool is_named(struct variable *v) {
  struct str fact = v->name, name = str_cut(&fact, '.');
  const struct lint_name *n = lint_name(v->lint, name);
  if (!n || (!n->lost && n->variable != (fact.n == 0))) return false;
  lint_name_used(v->lint, name);
  if (!n->given)
    LINT(v->lint, LINT_VARIABLE_EARLY, v->at, v->name, arena_printf(v->lint->arena, "%d", n->node->line));
  else if (!n->variable && !n->lost && !IN_LIST(fact, facts) && !is_rest_fact(fact))
    LINT(v->lint, LINT_VARIABLE_FACT, v->at, v->name, fact);
  return true;
}

static bool (*const kinds[])(struct variable *v) = {
    is_label,      is_made,           is_parameter,   is_party, is_of_other_system,
    is_of_service, is_of_vendor_file, is_of_register, is_named};

static void unknown(struct variable *v) {
  struct str best = {0};
  size_t distance = SIZE_MAX;
  struct lint *l = v->lint;
  for (size_t i = 0; i < l->protocol->parameters.n; i++)
    lint_nearer(v->name, l->protocol->parameters.v[i].name, &best, &distance);
  for (size_t i = 0; i < l->names.n; i++)
    if (lint_name(l, l->names.entries[i].key)->variable)
      lint_nearer(v->name, l->names.entries[i].key, &best, &distance);
  for (NODE_EACH(c, v->scope->with)) lint_nearer(v->name, c->name, &best, &distance);
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    for (const char *const *field = families[i].fields; *field; field++)
      lint_nearer(v->name, arena_printf(l->arena, "%s.%s", families[i].head, *field), &best, &distance);
  if (best.n)
    LINT(l, LINT_VARIABLE_NEAR, v->at, v->name, best);
  else
    LINT(l, LINT_VARIABLE, v->at, v->name);
}

static void check_one(struct variable *v) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (kinds[i](v)) return;
  unknown(v);
}

/* The next ${...} at or after *at: its offset, with the trimmed name and *at behind it; SIZE_MAX at the end. An open
 * one has no name (p NULL). */
static size_t next_variable(struct str text, size_t *at, struct str *name) {
  size_t open = str_find(text, STR("${"), *at);
  if (open == SIZE_MAX) return open;
  size_t close = str_find(text, STR("}"), open);
  *name = close == SIZE_MAX ? (struct str){0} : str_trim(str_sub(text, open + 2, close));
  *at = close == SIZE_MAX ? text.n : close + 1;
  return open;
}

static void check_named(struct variable *v, bool open) {
  if (open)
    LINT(v->lint, LINT_VARIABLE_OPEN, v->at, STR(""));
  else
    check_one(v);
}

static void check_scalar(struct lint *l, const struct node *n, const struct lint_scope *scope) {
  struct variable v = {.lint = l, .scope = scope};
  for (size_t at = 0, found; (found = next_variable(n->text, &at, &v.name)) != SIZE_MAX;) {
    v.at = lint_place_in(l, n, found);
    check_named(&v, !v.name.p);
  }
}

void variables_check(struct lint *l, const struct node *n, const struct lint_scope *scope) {
  if (n->text.n) check_scalar(l, n, scope);
  for (NODE_EACH(c, n)) variables_check(l, c, scope);
}

/* Line and column of `to`, counted on from `from`: a fixture is walked once. */
static void count_on(struct str bytes, size_t from, size_t to, int *line, int *col) {
  for (size_t i = from; i < to; i++) {
    if (bytes.p[i] == '\n') {
      ++*line;
      *col = 1;
    } else if (((unsigned char)bytes.p[i] & 0xC0) != 0x80) {
      ++*col;
    }
  }
}

void variables_check_bytes(struct lint *l, struct source fixture, const struct lint_scope *scope) {
  struct variable v = {.lint = l, .scope = scope, .at = {.message = fixture.name, .line = 1, .col = 1}};
  size_t counted = 0;
  for (size_t at = 0, found; (found = next_variable(fixture.bytes, &at, &v.name)) != SIZE_MAX;) {
    count_on(fixture.bytes, counted, found, &v.at.line, &v.at.col);
    counted = found;
    check_named(&v, !v.name.p);
  }
}
