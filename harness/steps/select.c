/* Which message an expect word means: by type and correlation only. */
#include "standards/catalogue.h"
#include "steps/steps_int.h"

struct choice {
  const struct select *s;
  const struct step_view *v;
  const struct state_message *m;
  struct str *en, *da;
};

static const struct node *denied(const struct node *wanted) {
  return wanted->kind == NODE_OBJECT ? node_child(wanted, "not") : NULL;
}

struct str select_where_text(const struct node *wanted) {
  const struct node *other_than = denied(wanted);
  return (other_than ? other_than : wanted)->text;
}

static void check_where(struct keys *k, const struct node *where) {
  for (NODE_EACH(c, where)) {
    const struct node *not = denied(c), *text = not ? not : c;
    if (text->kind != NODE_STRING || (not &&c->count != 1))
      keys_complain(k, c, "the value of the fact \"%.*s\" must be a text, or {not: text}", STR_F(c->name));
  }
}

void select_parse(struct select *s, struct keys *k, const struct node *args) {
  *s = (struct select){.event = keys_text(args, "event"),
                       .letter = keys_text(args, "letter"),
                       .receipt = keys_text(args, "receipt"),
                       .rest = keys_text(args, "rest"),
                       .oauth = keys_text(args, "oauth"),
                       .type = keys_text(args, "type"),
                       .of = keys_text(args, "of"),
                       .to = keys_text(args, "to"),
                       .answers = keys_text(args, "answers"),
                       .where = node_child(args, "where"),
                       .early = keys_bool(args, "early")};
  args_name(k, args, "to");
  args_name(k, args, "answers");
  args_name(k, args, "of");
  check_where(k, s->where);
}

void select_check(struct keys *k, const struct node *args) {
  bool event = node_child(args, "event"), receipt = node_child(args, "receipt"), rest = node_child(args, "rest");
  bool letter = node_child(args, "letter"), oauth = node_child(args, "oauth");
  if (event + letter + receipt + rest + oauth != 1)
    keys_complain(k, args, "give just one of \"event\", \"letter\", \"receipt\", \"rest\" and \"oauth\"");
  args_only_with(k, args, "type", "rest");
  args_type(k, args, "type");
  args_only_with(k, args, "of", "rest");
}

bool select_is_connection(const struct select *s) {
  return str_eqz(s->rest, SELECT_CONNECTION) || str_eqz(s->oauth, SELECT_CONNECTION);
}

struct str select_words(struct arena *a, const struct select *s) {
  if (select_is_connection(s)) return STR("connection over TLS that is wrong on purpose");
  if (s->rest.n && s->type.n) return arena_printf(a, "%.*s of %.*s", STR_F(s->rest), STR_F(s->type));
  if (s->rest.n) return arena_printf(a, "%.*s over REST", STR_F(s->rest));
  if (s->oauth.n) return arena_printf(a, "%.*s request (OAuth)", STR_F(s->oauth));
  return s->event.n ? s->event : s->letter.n ? s->letter : s->receipt;
}

const char *select_envelope(const struct select *s) {
  static const char *const receipts[] = {"ReceiptAcknowledgement", "ReceiptException", "Syntax",
                                         "Authorization",          "Signature",        "Sequence"};
  for (size_t i = 0; i < sizeof receipts / sizeof *receipts; i++)
    if (str_eqz(s->receipt, receipts[i])) return "sbdh";
  for (NODE_EACH(c, s->where))
    if (str_starts(c->name, STR("sbdh."))) return "sbdh";
  return NULL;
}

static struct str fact(const struct state_message *m, const char *name) {
  return facts_get(&m->facts, name);
}

/* The payload cannot be read, but its envelope says what it is ("MCM:FDIS91#other"): it fits by type, and nothing can
 * be said of its correlation. It fails where it is judged, instead of letting the deadline pass. */
static bool unreadable(const struct choice *c) {
  struct str rest = fact(c->m, "envelope.name");
  if (fact(c->m, "event").n || !str_starts(rest, STR("MCM:"))) return false;
  rest = str_sub(rest, 4, rest.n);
  const struct message_type *t = message_type_of_code(str_cut(&rest, '#'));
  return t && t->event && str_eqz(c->s->event, t->event);
}

/* An interchange of several letters fits by any of them. */
static bool has_letter(const struct state_message *m, struct str type) {
  struct str types = fact(m, "letter.types");
  if (str_eq(fact(m, "letter"), type)) return true;
  while (types.n)
    if (str_eq(str_trim(str_cut(&types, ',')), type)) return true;
  return false;
}

/* A letter whose payload cannot be read is told by its envelope: "MCM:XDIS16". */
static bool right_letter(const struct choice *c) {
  struct str name = fact(c->m, "envelope.name");
  if (str_eqz(fact(c->m, "kind"), "receipt")) return false;
  if (fact(c->m, "letter").n || fact(c->m, "event").n) return has_letter(c->m, c->s->letter);
  return str_starts(name, STR("MCM:")) && str_eq(str_sub(name, 4, name.n), c->s->letter);
}

/* What the system only read on our server it did not send. */
static bool only_read(const struct state_message *m) {
  struct str interaction = fact(m, "rest.interaction");
  return interaction.n && !str_eqz(interaction, "create") && !str_eqz(interaction, "update");
}

static bool right_rest(const struct choice *c) {
  if (!str_eq(fact(c->m, "rest.interaction"), c->s->rest)) return false;
  return !c->s->type.n || str_eq(fact(c->m, "rest.type"), c->s->type);
}

/* An SBDH acknowledgement by its own names, or as what it is in a VANSEnvelope. */
static bool right_receipt(const struct choice *c) {
  struct str kind = fact(c->m, "sbdh.kind"), wanted = c->s->receipt;
  if (str_eqz(wanted, "ReceiptAcknowledgement")) return str_eqz(kind, "receipt");
  if (str_eqz(wanted, "ReceiptException")) return str_eqz(kind, "exception");
  return str_eq(fact(c->m, "envelope.receipt"), wanted) || str_eq(fact(c->m, "sbdh.exception"), wanted);
}

static bool right_letter_receipt(const struct choice *c) {
  struct str kind = fact(c->m, "receipt.kind");
  return kind.n && (str_eqz(c->s->receipt, LETTER_ANY_RECEIPT) || str_eq(c->s->receipt, kind));
}

static bool right_type(const struct choice *c) {
  /* Of a connection over TLS that was wrong on purpose: whether it ended there, or a request came over it. */
  if (select_is_connection(c->s)) return fact(c->m, "tls.fault").n != 0;
  if (c->s->rest.n) return right_rest(c);
  if (c->s->oauth.n) return str_eq(fact(c->m, "oauth.request"), c->s->oauth);
  if (only_read(c->m)) return false;
  if (c->s->letter.n) return right_letter(c);
  if (!c->s->receipt.n && str_eqz(fact(c->m, "sbdh.kind"), "copy") && !node_child(c->s->where, "sbdh.kind"))
    return false;
  if (!c->s->receipt.n) return unreadable(c) || str_eq(fact(c->m, "event"), c->s->event);
  if (fact(c->m, "receipt.kind").n) return str_eqz(c->s->receipt, "any") || right_letter_receipt(c);
  if (!str_eqz(fact(c->m, "kind"), "receipt")) return false;
  return str_eqz(c->s->receipt, "any") || right_receipt(c);
}

static bool no(const struct choice *c, struct str en, struct str da) {
  *c->en = en;
  *c->da = da;
  return false;
}

static bool right_time(const struct choice *c) {
  if (c->s->early || c->m->seq > c->v->in->opened_seq) return true;
  return no(c, STR("it came before the case began"), STR("den kom, før testcasen begyndte"));
}

/* The message of the run that must be there to compare with; NULL when it is not. */
static const struct state_message *other(const struct choice *c, struct str name) {
  const struct state_message *m = state_message_find(c->v->state, name);
  if (!m)
    no(c, arena_printf(c->v->scratch, "\"%.*s\" is not there to compare with", STR_F(name)),
       arena_printf(c->v->scratch, "\"%.*s\" er der ikke at sammenligne med", STR_F(name)));
  return m;
}

/* What answers a message cannot have come before that was sent: a second answer to an earlier copy stays what it is. */
static bool right_order(const struct choice *c, const struct state_message *first, struct str name) {
  struct arena *a = c->v->scratch;
  if (c->s->early || c->m->seq > first->seq) return true;
  return no(c, arena_printf(a, "it came before \"%.*s\" was sent", STR_F(name)),
            arena_printf(a, "den kom, før \"%.*s\" blev sendt", STR_F(name)));
}

static bool same_id(struct str x, struct str y) {
  return x.n && str_eq_nocase(x, y);
}

/* A receipt of a letter names the interchange; one that names it wrongly is known by the letters in it. */
static bool shares_letter(const struct choice *c, const struct state_message *sent) {
  struct str wanted = fact(sent, "letter.ids"), all = fact(c->m, "receipt.letters");
  if (!wanted.n) wanted = fact(sent, "letter.id");
  while (all.n) {
    struct str id = str_trim(str_cut(&all, ',')), rest = wanted;
    while (rest.n)
      if (same_id(id, str_trim(str_cut(&rest, ',')))) return true;
  }
  return false;
}

/* What it says that it answers: the MessageHeader, the envelope, or the interchange. */
static const char *names_what(const struct choice *c) {
  if (!c->s->receipt.n) return "response.to";
  return fact(c->m, "receipt.kind").n ? "receipt.of" : "envelope.original";
}

static const char *named_by(const char *what) {
  return str_eqz(str_z(what), "response.to")  ? "header.id"
         : str_eqz(str_z(what), "receipt.of") ? "interchange.id"
                                              : "envelope.id";
}

static bool right_to(const struct choice *c) {
  if (!c->s->to.n) return true;
  const struct state_message *sent = other(c, c->s->to);
  const char *what = names_what(c);
  struct arena *a = c->v->scratch;
  if (!sent) return false;
  struct str names = fact(c->m, what), wanted = fact(sent, named_by(what));
  if (same_id(names, wanted) || (fact(c->m, "receipt.kind").n && shares_letter(c, sent)))
    return right_order(c, sent, c->s->to);
  return no(
      c, arena_printf(a, "it answers '%.*s', not '%.*s' of \"%.*s\"", STR_F(names), STR_F(wanted), STR_F(c->s->to)),
      arena_printf(a, "den besvarer '%.*s', ikke '%.*s' fra \"%.*s\"", STR_F(names), STR_F(wanted), STR_F(c->s->to)));
}

/* A letter names no message: it is about the same person, and came later. */
static bool right_person(const struct choice *c, const struct state_message *first) {
  struct arena *a = c->v->scratch;
  struct str found = fact(c->m, "patient"), wanted = fact(first, "patient");
  if (same_id(found, wanted)) return right_order(c, first, c->s->answers);
  return no(
      c,
      arena_printf(a, "it is about '%.*s', not '%.*s' as \"%.*s\"", STR_F(found), STR_F(wanted), STR_F(c->s->answers)),
      arena_printf(a, "den handler om '%.*s', ikke '%.*s' som \"%.*s\"", STR_F(found), STR_F(wanted),
                   STR_F(c->s->answers)));
}

/* Same thread, or its Provenance names that message's header: a reply, or a forward of it. */
static bool right_answers(const struct choice *c) {
  if (!c->s->answers.n) return true;
  const struct state_message *first = other(c, c->s->answers);
  struct arena *a = c->v->scratch;
  if (!first) return false;
  if (c->s->letter.n) return right_person(c, first);
  if (same_id(fact(c->m, "thread"), fact(first, "thread"))) return right_order(c, first, c->s->answers);
  if (same_id(fact(c->m, "previous"), fact(first, "header.id"))) return right_order(c, first, c->s->answers);
  return no(c,
            arena_printf(a, "neither its thread '%.*s' nor its Provenance '%.*s' belongs to \"%.*s\"",
                         STR_F(fact(c->m, "thread")), STR_F(fact(c->m, "previous")), STR_F(c->s->answers)),
            arena_printf(a, "hverken dens tråd '%.*s' eller dens Provenance '%.*s' hører til \"%.*s\"",
                         STR_F(fact(c->m, "thread")), STR_F(fact(c->m, "previous")), STR_F(c->s->answers)));
}

/* The resource that has that name on our server: another version of it is the same one. */
static bool right_of(const struct choice *c) {
  if (!c->s->of.n) return true;
  const struct state_message *named = other(c, c->s->of);
  struct arena *a = c->v->scratch;
  if (!named) return false;
  struct str id = fact(c->m, "rest.id"), wanted = fact(named, "rest.id");
  if (str_eq(fact(c->m, "rest.type"), fact(named, "rest.type")) && str_eq(id, wanted))
    return right_order(c, named, c->s->of);
  return no(c,
            arena_printf(a, "it is about %.*s/%.*s, not about '%.*s', which is \"%.*s\"",
                         STR_F(fact(c->m, "rest.type")), STR_F(id), STR_F(wanted), STR_F(c->s->of)),
            arena_printf(a, "den handler om %.*s/%.*s, ikke om '%.*s', som er \"%.*s\"", STR_F(fact(c->m, "rest.type")),
                         STR_F(id), STR_F(wanted), STR_F(c->s->of)));
}

static bool right_fact(const struct choice *c, const struct node *wanted) {
  struct expander x = {.v = c->v};
  struct arena *a = c->v->scratch;
  bool other_than = denied(wanted);
  struct str value, found = facts_find(&c->m->facts, wanted->name);
  struct error e;
  if (expand_text(&value, &x, select_where_text(wanted), EXPAND_PLAIN, &e) < 0) {
    return no(c, arena_printf(a, "the value for %.*s is not known: %s", STR_F(wanted->name), e.text),
              arena_printf(a, "værdien for %.*s kendes ikke: %s", STR_F(wanted->name), e.text));
  }
  bool is = str_eq(found, value) || (str_eqz(value, "*") && found.n);
  if (is != other_than) return true;
  if (other_than)
    return no(c, arena_printf(a, "its %.*s is '%.*s'", STR_F(wanted->name), STR_F(found)),
              arena_printf(a, "dens %.*s er '%.*s'", STR_F(wanted->name), STR_F(found)));
  return no(c, arena_printf(a, "its %.*s is '%.*s', not '%.*s'", STR_F(wanted->name), STR_F(found), STR_F(value)),
            arena_printf(a, "dens %.*s er '%.*s', ikke '%.*s'", STR_F(wanted->name), STR_F(found), STR_F(value)));
}

static bool right_where(const struct choice *c) {
  for (NODE_EACH(n, c->s->where))
    if (!right_fact(c, n)) return false;
  return true;
}

/* What another system sent is for the steps about that one. */
static bool right_party(const struct choice *c) {
  struct arena *a = c->v->scratch;
  struct str own = STR("the system under test"), own_da = STR("systemet under test");
  if (str_eq(c->m->party, c->v->at->step->at)) return true;
  if (protocol_service(c->v->state->plan->protocol, c->m->party))
    return no(c, arena_printf(a, "it came to the service %.*s", STR_F(c->m->party)),
              arena_printf(a, "den kom til servicen %.*s", STR_F(c->m->party)));
  if (c->m->party.n) own = own_da = c->m->party;
  return no(c, arena_printf(a, "it is from %.*s", STR_F(own)), arena_printf(a, "den er fra %.*s", STR_F(own_da)));
}

static bool is_free(const struct choice *c) {
  if (!c->m->quarantined) return true;
  return no(c, STR("it is in quarantine: it has a CPR number that is not on the list of test persons"),
            STR("den er i karantæne: den har et CPR-nummer, der ikke står på listen over testpersoner"));
}

enum step_wants select_wants(const struct select *s, const struct step_view *v, const struct state_message *m,
                             struct str *why_en, struct str *why_da) {
  static bool (*const tests[])(const struct choice *) = {right_party, right_to,   right_answers, right_of,
                                                         right_where, right_time, is_free};
  struct choice c = {.s = s, .v = v, .m = m, .en = why_en, .da = why_da};
  *why_en = *why_da = (struct str){0};
  if (m->outbound || !right_type(&c)) return WANTS_NOT;
  bool blind = s->letter.n ? !fact(m, "letter").n : s->event.n && unreadable(&c);
  if (blind) return right_party(&c) && right_time(&c) && is_free(&c) ? WANTS_IT : WANTS_NEARLY;
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
    if (!tests[i](&c)) return WANTS_NEARLY;
  return WANTS_IT;
}
