/* ${...}: one function a source of values, asked in order. */
#include "steps/steps_int.h"

#include "base/utf8.h"
#include "base/uuid.h"
#include "formats/json.h"

#include <string.h>

/* No vendor file has more simulated organisations than this. */
#define PARTIES_MAX 100
#define TIME_BYTES_MAX 100
#define LETTER_ID_CHARS 14

struct lookup {
  const struct expander *x;
  struct arena *a;
  struct str name;
  struct str value;
  struct error *e;
};

bool expand_has(struct str text) {
  return str_find(text, STR("${"), 0) != SIZE_MAX;
}

struct str facts_find(const struct facts *f, struct str name) {
  for (size_t i = 0; f && i < f->list.n; i++)
    if (str_eq(f->list.v[i].name, name)) return f->list.v[i].value;
  return (struct str){0};
}

struct str message_fact(const struct state_message *m, struct str name) {
  return str_eqz(name, "sent.status") ? m->status : facts_find(&m->facts, name);
}

struct str party_field(const struct step_view *v, struct str party, const char *field) {
  return plan_variable(v->state->plan, arena_printf(v->scratch, "%.*s.%s", STR_F(party), field));
}

static struct str counterpart(const struct step_view *v, size_t i) {
  return i == 1 ? STR("counterpart") : arena_printf(v->scratch, "counterpart.%zu", i);
}

struct str party_of(const struct step_view *v, struct str gln) {
  if (gln.n == 0) return (struct str){0};
  if (str_eq(party_field(v, STR("vendor"), "gln"), gln)) return STR("vendor");
  for (size_t i = 0; i < v->state->plan->parties.n; i++) {
    struct str party = v->state->plan->parties.v[i].name;
    if (str_eq(party_field(v, party, "gln"), gln)) return party;
  }
  for (size_t i = 1; i <= PARTIES_MAX; i++) {
    struct str party = counterpart(v, i), have = party_field(v, party, "gln");
    if (have.n == 0) break;
    if (str_eq(have, gln)) return party;
  }
  return (struct str){0};
}

bool party_carries(const struct step_view *v) {
  const struct protocol *protocol = v->state->plan->protocol;
  const struct protocol_party *p = protocol_party(protocol, v->at->step->party);
  return p ? p->carries : str_eqz(protocol->role, "operator");
}

bool party_is_counterpart(const struct step_view *v, struct str gln) {
  struct error e;
  if (str_starts(party_of(v, gln), STR("counterpart"))) return true;
  if (!gln.n || !str_eqz(v->state->plan->protocol->role, "operator")) return false;
  return view_register(v, gln, &e) != NULL;
}

struct str party_own(const struct step_view *v) {
  return v->at->step->party.n ? v->at->step->party : STR("vendor");
}

const struct vendor *view_vendor(const struct step_view *v) {
  return plan_vendor(v->state->plan, v->at->step->party);
}

bool party_is_other(const struct step_view *v, struct str gln) {
  struct str party = party_of(v, gln);
  return party.n && !str_starts(party, STR("counterpart")) && !str_eq(party, party_own(v));
}

/* Each returns 1: found, 0: not mine, -1: error. */

static int from_own(struct lookup *l) {
  for (size_t i = 0; l->x->own && i < l->x->own->list.n; i++) {
    if (!str_eq(l->x->own->list.v[i].name, l->name)) continue;
    l->value = l->x->own->list.v[i].value;
    return 1;
  }
  return 0;
}

static int only_when_making(struct lookup *l) {
  if (l->x->making) return 1;
  return error_set(l->e, ERR_CONFIG, "${%.*s} can be used only in fixtures and in the values of \"with\"",
                   STR_F(l->name));
}

/* Each series of attempts makes identifiers of its own: what is sent again as new must be new. */
struct str view_uuid(const struct step_view *v, struct str step, struct str label) {
  struct str parts[4] = {v->in->plan->c->id};
  size_t n = 1, series = v->at->attempt.series;
  if (step.n) parts[n++] = step;
  parts[n++] = label;
  if (series) parts[n++] = arena_printf(v->scratch, "series %zu", series);
  return uuid_derive(v->scratch, v->services->seed, n, parts);
}

struct str letter_id(const struct step_view *v, struct str step, struct str label) {
  struct str uuid = view_uuid(v, step, label);
  char *z = ARENA_ARRAY(v->scratch, char, LETTER_ID_CHARS + 1);
  size_t n = 0;
  for (size_t i = 0; i < uuid.n && n < LETTER_ID_CHARS; i++)
    if (uuid.p[i] != '-') z[n++] = uuid.p[i] >= 'a' ? (char)(uuid.p[i] - 'a' + 'A') : uuid.p[i];
  return (struct str){z, n};
}

static int from_uuid(struct lookup *l) {
  if (!str_starts(l->name, STR("uuid:"))) return 0;
  if (only_when_making(l) < 0) return -1;
  const struct step_view *v = l->x->v;
  struct str label = str_sub(l->name, 5, l->name.n);
  if (label.n == 0) return error_set(l->e, ERR_CONFIG, "${uuid:} lacks a label behind the colon");
  l->value = view_uuid(v, (struct str){0}, label);
  return 1;
}

/* A UUID where no hyphens stand: its 32 hexadecimal digits. */
static int from_hex(struct lookup *l) {
  if (!str_starts(l->name, STR("hex:"))) return 0;
  if (only_when_making(l) < 0) return -1;
  struct str label = str_sub(l->name, 4, l->name.n);
  if (label.n == 0) return error_set(l->e, ERR_CONFIG, "${hex:} lacks a label behind the colon");
  struct str id = view_uuid(l->x->v, (struct str){0}, label);
  char *hex = arena_alloc(l->a, id.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < id.n; i++)
    if (id.p[i] != '-') hex[n++] = id.p[i];
  l->value = (struct str){hex, n};
  return 1;
}

/* Identifiers of letters and interchanges have 14 characters at most. */
static int from_id(struct lookup *l) {
  if (!str_starts(l->name, STR("id:"))) return 0;
  if (only_when_making(l) < 0) return -1;
  struct str label = str_sub(l->name, 3, l->name.n);
  if (label.n == 0) return error_set(l->e, ERR_CONFIG, "${id:} lacks a label behind the colon");
  l->value = letter_id(l->x->v, (struct str){0}, label);
  return 1;
}

/* "yyMMdd": each letter that is a part of the time stands for as many of its digits, anything else for itself. */
static int format_time(struct str *out, struct lookup *l, struct str format, struct str time) {
  static const struct {
    const char *part;
    size_t from, n;
  } parts[] = {{"yyyy", 0, 4}, {"yy", 2, 2}, {"MM", 5, 2}, {"dd", 8, 2}, {"HH", 11, 2}, {"mm", 14, 2}, {"ss", 17, 2}};
  struct buf b;
  buf_init(&b, TIME_BYTES_MAX);
  for (size_t at = 0; at < format.n;) {
    size_t i = 0, n = sizeof parts / sizeof *parts;
    struct str rest = str_sub(format, at, format.n);
    while (i < n && !str_starts(rest, str_z(parts[i].part))) i++;
    if (i == n && ascii_is_alnum(rest.p[0])) {
      buf_release(&b);
      return error_set(l->e, ERR_CONFIG, "${%.*s}: \"%.*s\" is no part of a time: yyyy, yy, MM, dd, HH, mm, ss",
                       STR_F(l->name), STR_F(rest));
    }
    buf_add(&b, i < n ? str_sub(time, parts[i].from, parts[i].from + parts[i].n) : str_sub(rest, 0, 1));
    at += i < n ? strlen(parts[i].part) : 1;
  }
  *out = buf_take(&b, l->a);
  return 0;
}

static int from_now(struct lookup *l) {
  if (!str_starts(l->name, STR("now"))) return 0;
  struct str format = str_sub(l->name, 3, l->name.n), offset = str_trim(str_cut(&format, ':'));
  int64_t ms = 0;
  bool sign = offset.n && (offset.p[0] == '-' || offset.p[0] == '+');
  if (offset.n && !sign) return 0;
  if (only_when_making(l) < 0) return -1;
  if (sign && (!duration_parse(str_trim(str_sub(offset, 1, offset.n)), &ms)))
    return error_set(l->e, ERR_CONFIG, "${%.*s}: \"%.*s\" is no time such as \"2 h\"", STR_F(l->name), STR_F(offset));
  if (sign && offset.p[0] == '-') ms = -ms;
  l->value = time_danish(l->a, l->x->now + ms);
  return format.n && format_time(&l->value, l, format, l->value) < 0 ? -1 : 1;
}

const struct register_unit *view_register(const struct step_view *v, struct str what, struct error *e) {
  struct sor_register *r;
  if (!v->services->data_dir) {
    (void)error_set(e, ERR_CONFIG, "there is no folder of data with a register in it");
    return NULL;
  }
  if (sor_register_load(&r, v->scratch, v->services->data_dir, e) < 0) return NULL;
  const struct register_unit *u = sor_register_find(r, what);
  if (!u) (void)error_set(e, ERR_CONFIG, "the register has no \"%.*s\"", STR_F(what));
  return u;
}

/* ${register.NAME.field} */
static int from_register(struct lookup *l) {
  struct str field = l->name;
  if (!str_eqz(str_cut(&field, '.'), "register")) return 0;
  struct str name = str_cut(&field, '.');
  const struct register_unit *u = view_register(l->x->v, name, l->e);
  if (!u) return -1;
  l->value = register_unit_field(u, field);
  return l->value.n ? 1
                    : error_set(l->e, ERR_CONFIG, "${%.*s}: the register says no \"%.*s\" of it", STR_F(l->name),
                                STR_F(field));
}

static int from_run(struct lookup *l) {
  l->value = state_variable(l->x->v->state, l->name);
  return l->value.n != 0;
}

/* True if some step of the protocol gives that name with `as`. */
static bool is_given(const struct protocol *p, struct str name) {
  for (size_t c = 0; c < p->cases.n; c++)
    for (size_t i = 0; i < p->cases.v[c]->steps.n; i++)
      if (str_eq(node_text_at(p->cases.v[c]->steps.v[i]->args_node, "as"), name)) return true;
  return false;
}

static int from_message(struct lookup *l) {
  const struct state *s = l->x->v->state;
  size_t dot = str_index(l->name, '.');
  struct str name = str_sub(l->name, 0, dot),
             fact = dot == SIZE_MAX ? (struct str){0} : str_sub(l->name, dot + 1, l->name.n);
  const struct state_message *m = fact.n ? state_message_find(s, name) : NULL;
  if (m) {
    l->value = message_fact(m, fact);
    if (l->value.n) return 1;
    if (!m->outbound) return error_set(l->e, ERR_PEER, "${%.*s}", STR_F(l->name));
    return error_set(l->e, ERR_CONFIG, "${%.*s}: the message %.*s, which we sent, has no \"%.*s\"", STR_F(l->name),
                     STR_F(m->id), STR_F(fact));
  }
  if (!is_given(s->plan->protocol, name)) return 0;
  return error_set(l->e, ERR_PEER, "${%.*s}", STR_F(l->name));
}

static int (*const sources[])(struct lookup *l) = {from_own, from_id,       from_hex, from_uuid,
                                                   from_now, from_register, from_run, from_message};

static int find_value(struct lookup *l) {
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    int found = sources[i](l);
    if (found) return found < 0 ? -1 : 0;
  }
  return error_set(l->e, ERR_CONFIG, "${%.*s} is an unknown variable", STR_F(l->name));
}

static bool is_word_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static void add_escaped(struct buf *out, struct str value, enum expand_quote quote) {
  for (size_t i = 0; i < value.n; i++) {
    char c = value.p[i];
    bool escape = quote == EXPAND_FHIRPATH ? c == '\'' || c == '\\' || c == '`' : !is_word_byte(c);
    if (escape) buf_byte(out, '\\');
    buf_byte(out, c);
  }
}

static void add_xml(struct buf *out, struct str value) {
  static const struct {
    char c;
    const char *as;
  } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
  for (size_t i = 0; i < value.n; i++) {
    size_t k = 0;
    while (k < 4 && entities[k].c != value.p[i]) k++;
    if (k < 4)
      buf_addz(out, entities[k].as);
    else
      buf_byte(out, value.p[i]);
  }
}

/* As characters of XML that every encoding has. */
static void add_ascii(struct buf *out, struct str value) {
  uint32_t cp;
  for (size_t i = 0, n; i < value.n && (n = utf8_decode(value, i, &cp)); i += n) {
    if (cp < 0x80)
      add_xml(out, str_sub(value, i, i + 1));
    else
      buf_printf(out, "&#x%X;", (unsigned)cp);
  }
}

/* As it stands between the quotes of a JSON string. */
static void add_json(struct buf *out, struct str value) {
  struct buf quoted;
  buf_init(&quoted, 6 * value.n + 2);
  json_write_string(&quoted, value);
  buf_add(out, str_sub(buf_str(&quoted), 1, quoted.n - 1));
  buf_release(&quoted);
}

/* What EDIFACT would take for a sign of its own is released with "?". */
static int add_edifact(struct buf *out, const struct lookup *l) {
  uint32_t cp;
  for (size_t i = 0, n; i < l->value.n && (n = utf8_decode(l->value, i, &cp)); i += n) {
    if (cp > 0xFF)
      return error_set(l->e, ERR_CONFIG, "${%.*s}: \"%.*s\" has a character that ISO-8859-1 has not", STR_F(l->name),
                       STR_F(l->value));
    if (strchr(":+?'", (int)cp) && cp) buf_byte(out, '?');
    buf_byte(out, (char)cp);
  }
  return 0;
}

static int add_value(struct buf *out, const struct lookup *l, enum expand_quote quote) {
  /* XPath 1.0 knows no escape inside a literal. */
  bool odd = str_index(l->value, '\'') != SIZE_MAX || str_index(l->value, '"') != SIZE_MAX;
  if (quote == EXPAND_XPATH && odd)
    return error_set(l->e, ERR_UNSUPPORTED, "${%.*s} holds a quotation mark, which XPath cannot take", STR_F(l->name));
  if (quote == EXPAND_EDIFACT) return add_edifact(out, l);
  if (quote == EXPAND_XML_ASCII)
    add_ascii(out, l->value);
  else if (quote == EXPAND_FHIRPATH || quote == EXPAND_REGEX)
    add_escaped(out, l->value, quote);
  else if (quote == EXPAND_XML)
    add_xml(out, l->value);
  else if (quote == EXPAND_JSON)
    add_json(out, l->value);
  else
    buf_add(out, l->value);
  return 0;
}

/* Where the place of a text is; columns count characters. */
struct walk {
  struct str text;
  size_t at;
  int line, col;
};

/* Of bytes that need not be UTF-8. */
static int characters(struct str s) {
  int n = 0;
  for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
  return n;
}

static void walk_to(struct walk *w, size_t to) {
  for (; w->at < to; w->at++) {
    char c = w->text.p[w->at];
    if (c == '\n') {
      w->line++;
      w->col = 1;
    } else {
      w->col += ((unsigned char)c & 0xC0) != 0x80;
    }
  }
}

/* Puts in the value of the variable whose text is `written`. Where it is for show, what is not known stays. */
static int put_value(struct buf *b, struct lookup *l, enum expand_quote quote, struct str written, struct walk *w) {
  struct step_compared *shown = l->x->shown;
  size_t before = b->n;
  int result = find_value(l) < 0 ? -1 : add_value(b, l, quote);
  if (!shown) return result;
  if (result < 0) {
    b->n = before;
    buf_add(b, written);
    shown->unknown++;
    return 0;
  }
  int by = characters(str_sub(buf_str(b), before, b->n)) - characters(written);
  VEC_PUSH(l->x->v->scratch, &shown->shifts, ((struct step_shift){w->line, w->col, by}));
  return 0;
}

static int expand_into(struct buf *b, const struct expander *x, struct str text, enum expand_quote quote,
                       struct error *e) {
  struct walk w = {.text = text, .line = 1, .col = 1};
  for (size_t at = 0;;) {
    size_t open = str_find(text, STR("${"), at);
    buf_add(b, str_sub(text, at, open));
    if (open == SIZE_MAX) return 0;
    size_t close = str_find(text, STR("}"), open);
    if (close == SIZE_MAX)
      return error_set(e, ERR_CONFIG, "\"%.*s\" lacks its closing }", STR_F(str_sub(text, open, open + 40)));
    struct lookup l = {.x = x, .a = x->v->scratch, .name = str_trim(str_sub(text, open + 2, close)), .e = e};
    if (x->shown) walk_to(&w, open);
    if (put_value(b, &l, quote, str_sub(text, open, close + 1), &w) < 0) return -1;
    at = close + 1;
  }
}

int expand_text(struct str *out, const struct expander *x, struct str text, enum expand_quote quote, struct error *e) {
  *out = text;
  if (!expand_has(text)) return 0;
  struct buf b;
  buf_init(&b, EXPAND_TEXT_MAX + text.n);
  int result = expand_into(&b, x, text, quote, e);
  if (result == 0 && b.full) result = error_set(e, ERR_LIMIT, "a text with its variables replaced is too large");
  *out = buf_take(&b, x->v->scratch);
  return result;
}

int expand_duration(int64_t *ms, const struct step_view *v, struct str text, struct error *e) {
  struct str out;
  struct expander x = {.v = v};
  if (expand_text(&out, &x, text, EXPAND_PLAIN, e) < 0) return -1;
  if (duration_parse(str_trim(out), ms)) return 0;
  return error_set(e, ERR_CONFIG, "\"%.*s\" is no time such as \"15 min\" (ms, s, min, h, d)", STR_F(out));
}
