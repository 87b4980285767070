#include "endpoint/server_rules.h"

#include "endpoint/eas_rules.h"
#include "endpoint/eer_rules.h"
#include "endpoint/oauth.h"
#include "endpoint/resource_guard.h"

/* Errors after which a request still says all that an answer hangs on. */
static const char *const lowerable[] = {"eas.operation.type",
                                        "eas.parameter.unknown",
                                        "eas.parameter.unnamed",
                                        "eas.patient.profile",
                                        "guard.audience",
                                        "guard.not-yet",
                                        "guard.unbound",
                                        "guard.certificate.missing",
                                        "guard.certificate",
                                        "guard.scope",
                                        "guard.org-context.missing",
                                        "guard.org-context",
                                        "guard.device",
                                        "oauth.alias",
                                        "oauth.query",
                                        "oauth.secret",
                                        "oauth.subject",
                                        NULL};

static bool may_be_lowered(struct str rule) {
  for (const char *const *id = lowerable; *id; id++)
    if (str_eqz(rule, *id)) return true;
  return false;
}

static const struct rule *find(const struct rule *rules, size_t n, struct str id) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(id, rules[i].id)) return &rules[i];
  return NULL;
}

/* What only informs is nobody's mistake. */
static bool is_fixed(const struct rule *r, const struct ehmi_severity *s) {
  bool lowered = r->severity >= SEV_ERROR && (s->off || s->severity < SEV_ERROR);
  return r->severity < SEV_WARNING || (lowered && !may_be_lowered(str_z(r->id)));
}

int server_rules_check(const struct ehmi_profile *p, struct error *e) {
  const struct {
    const char *prefix;
    const struct rule *rules;
    size_t n;
  } tables[] = {{"eas.", eas_rules, eas_rules_n},
                {"eer.", eer_rules, eer_rules_n},
                {"guard.", guard_rules, guard_rules_n},
                {"oauth.", oauth_rules, oauth_rules_n}};
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
    if (ehmi_profile_check_rules(p, tables[t].prefix, tables[t].rules, tables[t].n, e) < 0) return -1;
    for (size_t i = 0; i < p->rules.n; i++) {
      const struct ehmi_severity *s = &p->rules.v[i];
      const struct rule *r = find(tables[t].rules, tables[t].n, s->rule);
      if (r && is_fixed(r, s))
        return error_at(
            e, ERR_CONFIG, p->file, s->line, s->col,
            "the severity of \"%.*s\" cannot be changed so: without what it asks for nothing can be answered",
            STR_F(s->rule));
    }
  }
  return 0;
}

static bool is_off(const struct ehmi_profile *p, const struct rule *rule) {
  for (size_t i = 0; p && i < p->rules.n; i++)
    if (p->rules.v[i].off && str_eqz(p->rules.v[i].rule, rule->id)) return true;
  return false;
}

enum severity server_severity(const struct ehmi_profile *p, const struct rule *rule) {
  enum severity severity = rule->severity;
  for (size_t i = 0; p && i < p->rules.n; i++)
    if (str_eqz(p->rules.v[i].rule, rule->id)) severity = p->rules.v[i].severity;
  return severity;
}

enum server_verdict server_verdict(const struct ehmi_profile *p, const struct rule *rule) {
  if (is_off(p, rule)) return SERVER_SILENT;
  return server_severity(p, rule) >= SEV_ERROR ? SERVER_REFUSES : SERVER_NOTES;
}
