/* Own messages that are not acknowledged in time are sent again (MedCom's general technical use cases, S.TC4). */
#include "refvendor/ehmi.h"

static bool may_resend(const struct refvendor *v, const struct rv_letter *l) {
  if (rv_has(v, DEFECT_NO_TIMEOUT_RESEND)) return false;
  return l->resends < RV_RESENDS_MAX || rv_has(v, DEFECT_RESENDS_FOREVER) || rv_has(v, DEFECT_RESENDS_HASTILY);
}

static void on_overdue(void *payload) {
  struct rv_letter *l = payload;
  struct refvendor *v = l->v;
  l->overdue = NULL;
  if (v->o->sbdh) { /* to send again is the business of the MSH, which had its receipt */
    rv_screen(v, "message %.*s: no FHIR acknowledgement in time", STR_F(l->header_id));
    return;
  }
  rv_log(v, "message %.*s was not acknowledged in time", STR_F(l->header_id));
  if (may_resend(v, l)) rv_resend_letter(v, l);
}

void rv_await_ack(struct refvendor *v, struct rv_letter *l) {
  int64_t within = rv_has(v, DEFECT_RESENDS_HASTILY) ? RV_HASTE_MS : RV_ACK_WITHIN_MS;
  rv_ack_came(l);
  l->v = v;
  l->overdue = loop_after(v->loop, (int64_t)((double)within / v->o->clock_scale), on_overdue, l);
}

void rv_ack_came(struct rv_letter *l) {
  if (l->overdue) loop_cancel(l->v->loop, l->overdue);
  l->overdue = NULL;
}

void rv_overdue_close(struct refvendor *v) {
  for (size_t i = 0; i < v->letters.n; i++) rv_ack_came(v->letters.v[i]);
}
