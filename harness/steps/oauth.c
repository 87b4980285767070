/* What the expect words share that look into the mailbox of an authorization server that testcamp plays. What was wrong
 * with a request it judged itself when it came (endpoint/oauth.h); here that is told by the same rules. */
#include "endpoint/oauth.h"
#include "steps/steps_int.h"

static const struct {
  const char *request, *en, *da;
} words[] = {{"discovery", "asks for the metadata", "beder om metadata"},
             {"jwks", "asks for the keys", "beder om nøglerne"},
             {"par", "pushes an authorization request", "indsender en autorisationsanmodning (PAR)"},
             {"authorize", "sends a user", "sender en bruger"},
             {"token", "asks for a token", "beder om et token"}};

void oauth_texts(struct step *s, struct arena *a, struct str request, struct str within) {
  size_t i = 0;
  while (i + 1 < sizeof words / sizeof *words && !str_eqz(request, words[i].request)) i++;
  steps_default_texts(s,
                      (struct protocol_text){arena_printf(a, "The system %s at the authorization server", words[i].en),
                                             arena_printf(a, "Systemet %s hos autorisationsserveren", words[i].da)},
                      (struct protocol_text){arena_printf(a, "It does so within %.*s", STR_F(within)),
                                             arena_printf(a, "Det sker inden for %.*s", STR_F(within))});
}

int oauth_fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  if (str_eqz(w->exchange, "authorization")) return 0;
  return error_at(e, ERR_CONFIG, s->source->name, s->node->line, s->node->col,
                  "\"oauth\" is about an authorization server that testcamp plays: name the service by \"party\"");
}

static const struct rule *rule_of(struct str id) {
  for (size_t i = 0; i < oauth_rules_n; i++)
    if (str_eqz(id, oauth_rules[i].id)) return &oauth_rules[i];
  return NULL;
}

/* The texts were made when the request came, and the severity is what the EHMI profile said then. */
static void tell(struct judgement *j, const struct state_message *m, const char *rule, enum severity severity,
                 const char *en, const char *da) {
  const struct rule *r = rule_of(facts_get(&m->facts, rule));
  struct finding *f = r ? FINDING(&j->findings, r, message_place(m)) : NULL;
  if (!f) return;
  f->severity = severity;
  f->en = facts_get(&m->facts, en);
  f->da = facts_get(&m->facts, da);
}

/* What was answered is no error. */
static enum severity noted_as(const struct state_message *m) {
  bool info = str_eqz(facts_get(&m->facts, "oauth.noted.severity"), severity_name(SEV_INFO));
  return info ? SEV_INFO : SEV_WARNING;
}

void oauth_judge(const struct step_view *v, struct judgement *j) {
  const struct state_message *m = v->at->message;
  const struct expect_args *args = v->at->step->args;
  bool on_purpose = facts_get(&m->facts, "oauth.wrong").n, wanted = node_child(args->select.where, "http.status");
  expecting_received(v, j);
  if (!on_purpose && !wanted) tell(j, m, "oauth.rule", SEV_ERROR, "oauth.issue", "oauth.issue.da");
  tell(j, m, "oauth.noted", noted_as(m), "oauth.noted.text", "oauth.noted.da");
}
