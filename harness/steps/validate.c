/* validate: a message by the rules of a level. */
#include "standards/catalogue.h"
#include "steps/steps_int.h"

static const struct key keys[] = {{"on", KEY_TEXT, true, NULL},
                                  {"level", KEY_TEXT, true, "wellformed|envelope|bundle|profile"},
                                  {"profile", KEY_TEXT, false, NULL},
                                  {"warning", KEY_BOOL, false, NULL},
                                  {0}};

static void parse(struct step *s, struct keys *k) {
  struct str on = keys_text(s->args_node, "on"), level = keys_text(s->args_node, "level");
  args_name(k, s->args_node, "on");
  if (keys_text(s->args_node, "profile").n && !str_eqz(level, "profile"))
    keys_complain(k, node_child(s->args_node, "profile"), "a profile is judged at level profile only");
  steps_default_texts(
      s,
      (struct protocol_text){
          arena_printf(k->arena, "The message \"%.*s\" is validated at level %.*s", STR_F(on), STR_F(level)),
          arena_printf(k->arena, "Meddelelsen \"%.*s\" valideres på niveauet %.*s", STR_F(on), STR_F(level))},
      (struct protocol_text){STR("No errors"), STR("Ingen fejl")});
}

static bool names_profile(const struct node *resource) {
  return node_at(resource, "meta.profile") != NULL;
}

/* What goes to a FHIR server, of ours or of the system, and back need not be a message: then there is only its form and
 * its profile to judge. */
static bool is_message(const struct step_view *v, const struct message *m) {
  const struct facts *f = &state_message_find(v->state, keys_text(v->at->step->args_node, "on"))->facts;
  bool rest = facts_get(f, "rest.interaction").n || facts_get(f, "http.status").n;
  if (!m->resource || !rest) return true;
  return str_eqz(m->resource->type, "Bundle") && str_eqz(node_text_at(m->resource, "type"), "message");
}

static void judge_resource(const struct message *m, enum validate_level level, const struct profile_options *o,
                           struct judgement *j) {
  if (level == VALIDATE_PROFILE)
    validate_as_found(m, o, &j->findings);
  else
    validate_message(m, VALIDATE_WELLFORMED, o, &j->findings);
}

/* The whole message must fit the profile that the step says, else the one of its event: what a message says of itself
 * does not suffice, for it could leave that out. */
static void judge_level(const struct step_view *v, struct judgement *j, const struct message *m,
                        enum validate_level level) {
  struct str said = keys_text(v->at->step->args_node, "profile");
  const char *of_event = profile_of_event(facts_get(&m->facts, "event"));
  struct str profile = said.n || !of_event ? said : str_z(of_event);
  struct place start = {.message = m->payload.name, .line = 1, .col = 1};
  struct profile_options o = {
      .cache = v->services->profiles, .profiles = &profile, .profiles_n = profile.n > 0, .in_run = true};
  if (is_message(v, m))
    validate_message(m, level, &o, &j->findings);
  else
    judge_resource(m, level, &o, j);
  if (level == VALIDATE_PROFILE && m->resource && !profile.n && !names_profile(m->resource))
    JUDGE(j, RULE_NO_PROFILE, start, facts_get(&m->facts, "event"));
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct node *args = v->at->step->args_node;
  enum validate_level level;
  struct message m;
  if (!validate_level_parse(keys_text(args, "level"), &level)) BUG("the level was checked when the step was read");
  if (!judge_open(&m, v, j, keys_text(args, "on"))) return;
  size_t before = j->findings.list.n;
  judge_level(v, j, &m, level);
  severities_apply(&v->state->plan->protocol->severities, &j->findings, before);
  for (size_t i = 0; keys_bool(args, "warning") && i < j->findings.list.n; i++)
    if (j->findings.list.v[i].severity == SEV_ERROR) j->findings.list.v[i].severity = SEV_WARNING;
  size_t errors = findings_count(&j->findings, SEV_ERROR), warnings = findings_count(&j->findings, SEV_WARNING),
         undecided = findings_count(&j->findings, SEV_UNDECIDED);
  judge_actual(j,
               arena_printf(v->scratch, "%.*s: %zu errors, %zu warnings, %zu undecided", STR_F(m.raw.name), errors,
                            warnings, undecided),
               arena_printf(v->scratch, "%.*s: %zu fejl, %zu advarsler, %zu uafklarede", STR_F(m.raw.name), errors,
                            warnings, undecided));
}

const struct step_kind step_validate = {.word = "validate", .keys = keys, .parse = parse, .judge = judge};
