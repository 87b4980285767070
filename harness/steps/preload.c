/* preload: a resource that lies ready on the simulated FHIR server, for the system to read. */
#include "endpoint/rest.h"
#include "steps/steps_int.h"

static const struct key keys[] = {{"fixture", KEY_TEXT, true, NULL},
                                  {"id", KEY_TEXT, false, NULL},
                                  {"with", KEY_MAP, false, NULL},
                                  {"change", KEY_NODE, false, NULL},
                                  {"form", KEY_TEXT, false, "json|xml"},
                                  {"as", KEY_TEXT, false, NULL},
                                  {0}};

static void parse(struct step *s, struct keys *k) {
  const struct node *n = s->args_node, *id = node_child(n, "id");
  struct str fixture = keys_text(n, "fixture");
  fixture_parse(k, n);
  if (id && !expand_has(id->text) && !rest_id_valid(id->text))
    keys_complain(k, id, "\"%.*s\" is no id of a resource: " REST_ID_FORM, STR_F(id->text));
  steps_default_texts(s,
                      (struct protocol_text){arena_printf(k->arena, "%.*s is put on the FHIR server", STR_F(fixture)),
                                             arena_printf(k->arena, "%.*s lægges på FHIR-serveren", STR_F(fixture))},
                      (struct protocol_text){STR("The system can read it there"), STR("Systemet kan læse den dér")});
}

/* The step's own, else the fixture's, else a new one. */
static int read_id(struct str *id, const struct expander *x, const struct node *root, struct error *e) {
  struct str text = keys_text(x->v->at->step->args_node, "id");
  if (expand_text(id, x, text, EXPAND_PLAIN, e) < 0) return -1;
  if (!text.n) *id = node_text_at(root, "id");
  if (!id->n) *id = step_uuid(x->v, STR("resource"));
  if (rest_id_valid(*id)) return 0;
  return error_set(e, ERR_CONFIG, "\"%.*s\" is no id of a resource: " REST_ID_FORM, STR_F(*id));
}

static int build(struct step_send *out, const struct step_view *v, int64_t now, struct error *e) {
  struct facts own;
  struct expander x = {.v = v, .own = &own, .making = true, .now = now};
  enum resource_form from, form = form_of_step(v);
  struct node *root;
  struct str id, bytes;
  facts_init(&own, v->scratch);
  parcel_parties(&own, v, party_field(v, STR("counterpart"), "gln"), party_field(v, party_own(v), "gln"));
  if (fixture_make(&root, &from, &x, &own, e) < 0 || read_id(&id, &x, root, e) < 0) return -1;
  rest_set_id(v->scratch, root, id);
  if (fixture_write(&bytes, v, root, from, form, e) < 0) return -1;
  parcel_finish(out, v, keys_text(v->at->step->args_node, "as"), bytes, bytes, resource_mime(form));
  facts_put(&out->facts, STR("rest.interaction"), STR(REST_PRELOAD));
  facts_put(&out->facts, STR("rest.type"), root->type);
  facts_put(&out->facts, STR("rest.id"), id);
  return 0;
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  return sending_effect(v, h, build, e);
}

static void judge(const struct step_view *v, struct judgement *j) {
  sending_judge(v, j, build);
}

const struct step_kind step_preload = {.word = "preload",
                                       .part = STEP_PREPARES,
                                       .keys = keys,
                                       .parse = parse,
                                       .effect = effect,
                                       .ready = sending_ready,
                                       .judge = judge,
                                       .fits = rest_fits};
