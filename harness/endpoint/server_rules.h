/* server_rules: what the EHMI profile makes of the rules of the simulated servers (eas., eer., guard., oauth.).
 *
 * `rules` of fixtures/standards/ehmi-profile.yaml gives a rule another severity: an error refuses the request, anything
 * else lets it be answered and is noted, `off` says nothing. Only rules that leave something to answer can be lowered;
 * those of what is answered where nobody asked wrongly (no receiver is known) have no severity to change. The rules of
 * EDS have theirs in fixtures/standards/eds.yaml. A profile may be NULL: then all are as `testcamp explain` says. */
#ifndef ENDPOINT_SERVER_RULES_H
#define ENDPOINT_SERVER_RULES_H

#include "standards/ehmi_profile.h"

/* ERR_CONFIG with line and column where the profile names a rule of these that there is not, or that cannot be changed
 * so. */
MUST_CHECK int server_rules_check(const struct ehmi_profile *p, struct error *e);

enum server_verdict { SERVER_SILENT, SERVER_NOTES, SERVER_REFUSES };
/* Of a rule that is not off. */
enum severity server_severity(const struct ehmi_profile *p, const struct rule *rule);
enum server_verdict server_verdict(const struct ehmi_profile *p, const struct rule *rule);

#endif
