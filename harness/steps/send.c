/* send: a message made from a fixture, one that was sent before, once more, or one that another system sent. */
#include "steps/steps_int.h"

static const struct key keys[] = {{"fixture", KEY_TEXT, false, NULL},
                                  {"again", KEY_TEXT, false, NULL},
                                  {"pass", KEY_TEXT, false, NULL},
                                  {"as", KEY_TEXT, false, NULL},
                                  {"with", KEY_MAP, false, NULL},
                                  {"change", KEY_NODE, false, NULL},
                                  {"renew", KEY_LIST, false, "envelope|message|bundle|header|time"},
                                  {"form", KEY_TEXT, false, "json|xml"},
                                  {"envelope", KEY_TEXT, false, "vans|sbdh|none"},
                                  {"to", KEY_TEXT, false, NULL},
                                  {"from", KEY_TEXT, false, NULL},
                                  {"name", KEY_TEXT, false, NULL},
                                  {"version", KEY_TEXT, false, NULL},
                                  {"refusable", KEY_BOOL, false, NULL},
                                  {"scopes", KEY_MAP, false, NULL},
                                  {"without", KEY_LIST, false, NULL},
                                  {"mime-type", KEY_TEXT, false, NULL},
                                  {0}};

static void parse(struct step *s, struct keys *k) {
  static const char *const of_fixture[] = {"with", "change",  "form",      "envelope", "to",      "from",
                                           "name", "version", "refusable", "scopes",   "without", "mime-type"};
  const struct node *n = s->args_node;
  struct str fixture = keys_text(n, "fixture"), again = keys_text(n, "again"), pass = keys_text(n, "pass");
  if (!pass.n)
    args_one_of(k, n, "fixture", "again");
  else if (fixture.n || again.n)
    keys_complain(k, n, "\"pass\" stands alone: without \"fixture\" and \"again\"");
  args_only_with(k, n, "renew", "again");
  for (size_t i = 0; i < sizeof of_fixture / sizeof *of_fixture; i++) args_only_with(k, n, of_fixture[i], "fixture");
  fixture_parse(k, n);
  scopes_parse(k, n);
  args_gln(k, n, "from");
  args_gln(k, n, "to");
  struct protocol_text action = {arena_printf(k->arena, "The system receives the message %.*s", STR_F(fixture)),
                                 arena_printf(k->arena, "Systemet modtager meddelelsen %.*s", STR_F(fixture))};
  if (again.n)
    action = (struct protocol_text){
        arena_printf(k->arena, "The system receives the message \"%.*s\" once more", STR_F(again)),
        arena_printf(k->arena, "Systemet modtager meddelelsen \"%.*s\" endnu en gang", STR_F(again))};
  if (pass.n)
    action = (struct protocol_text){
        arena_printf(k->arena, "The message \"%.*s\" is passed on unchanged to the system", STR_F(pass)),
        arena_printf(k->arena, "Meddelelsen \"%.*s\" sendes uændret videre til systemet", STR_F(pass))};
  steps_default_texts(s, action, (struct protocol_text){STR("The message is taken in"), STR("Meddelelsen tages imod")});
}

/* A text of the step with its variables replaced; a default where it is left out. */
static int text_of(struct str *out, const struct expander *x, const char *key, const char *otherwise, struct error *e) {
  struct str text = keys_text(x->v->at->step->args_node, key);
  return expand_text(out, x, text.n ? text : str_z(otherwise), EXPAND_PLAIN, e);
}

/* What the step says, else what its system takes. */
static struct str envelope_of(const struct step_view *v) {
  struct str said = keys_text(v->at->step->args_node, "envelope");
  if (str_eqz(said, "none")) return (struct str){0};
  return said.n ? said : view_vendor(v)->envelope;
}

static int build_resource(struct parcel *p, const struct expander *x, struct source src, struct error *e) {
  struct node *root;
  enum resource_form from;
  if (fixture_take(&root, &from, x, src, e) < 0) return -1;
  p->resource = root;
  return fixture_write(&p->payload, x->v, root, from, p->form, e);
}

static int build_fixture(struct step_send *out, const struct step_view *v, int64_t now, struct error *e) {
  const struct node *args = v->at->step->args_node;
  struct facts own;
  struct expander x = {.v = v, .own = &own, .making = true, .now = now};
  struct parcel p = {.as = keys_text(args, "as"),
                     .statistic = "manual",
                     .form = form_of_step(v),
                     .envelope = envelope_of(v),
                     .x = &x,
                     .now = now};
  struct source src;
  const char *to_own = arena_z(v->scratch, arena_printf(v->scratch, "${%.*s.gln}", STR_F(party_own(v))));
  facts_init(&own, v->scratch);
  if (text_of(&p.from, &x, "from", "${counterpart.gln}", e) < 0) return -1;
  if (text_of(&p.to, &x, "to", to_own, e) < 0) return -1;
  parcel_parties(&own, v, p.from, p.to);
  if (text_of(&p.name, &x, "name", "", e) < 0 || text_of(&p.version, &x, "version", "", e) < 0) return -1;
  if (fixture_open(&src, &x, &own, e) < 0) return -1;
  p.letter = letter_is(src.bytes);
  if (p.letter ? letter_make(&p.payload, &x, src, e) < 0 : build_resource(&p, &x, src, e) < 0) return -1;
  return parcel_wrap(out, v, &p, e);
}

static const char *content_type_of(const struct message *m) {
  const char *letter = letter_content_type(m->raw.bytes);
  if (m->envelope) return "application/xml";
  return letter ? letter : resource_mime(m->form);
}

/* As it came, byte for byte. */
static int build_passed(struct step_send *out, const struct step_view *v, struct error *e) {
  const struct node *args = v->at->step->args_node;
  struct str name = keys_text(args, "pass");
  const struct state_message *m = state_message_find(v->state, name);
  struct message opened;
  if (!m) return error_set(e, ERR_PEER, "\"%.*s\"", STR_F(name));
  if (m->outbound)
    return error_set(e, ERR_CONFIG, "\"%.*s\" was sent by the harness; only what came from a system is passed on",
                     STR_F(name));
  if (open_message(&opened, v, m, e) < 0) return -1;
  parcel_finish(out, v, keys_text(args, "as"), opened.raw.bytes, opened.payload.bytes, content_type_of(&opened));
  return 0;
}

static int build(struct step_send *out, const struct step_view *v, int64_t now, struct error *e) {
  if (node_child(v->at->step->args_node, "again")) return again_build(out, v, now, e);
  if (node_child(v->at->step->args_node, "pass")) return build_passed(out, v, e);
  return build_fixture(out, v, now, e);
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  return sending_effect(v, h, build, e);
}

static void judge(const struct step_view *v, struct judgement *j) {
  sending_judge(v, j, build);
}

static bool is_of_sbdh(const struct node *args) {
  return node_child(args, "scopes") || node_child(args, "without") || node_child(args, "mime-type");
}

static int fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  struct str said = keys_text(s->args_node, "envelope");
  if (sending_fits(s, w, e) < 0) return -1;
  if (is_of_sbdh(s->args_node) || str_eqz(said, "sbdh")) return envelope_fits(s, w, "sbdh", e);
  return str_eqz(said, "vans") ? envelope_fits(s, w, "vans", e) : 0;
}

const struct step_kind step_send = {.word = "send",
                                    .part = STEP_ACTS,
                                    .keys = keys,
                                    .parse = parse,
                                    .effect = effect,
                                    .ready = sending_ready,
                                    .judge = judge,
                                    .fits = fits};
