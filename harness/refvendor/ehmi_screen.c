/* What the operator of the system reads. */
#include "formats/json.h"
#include "refvendor/ehmi.h"

void rv_screen_line(struct refvendor *v, struct str line) {
  rv_log(v, "%.*s", STR_F(line));
  if (v->ehmi.screen.n < RV_SCREEN_MAX) VEC_PUSH(v->arena, &v->ehmi.screen, line);
}

void rv_show_ehmi(const struct refvendor *v, struct json_writer *w) {
  json_begin_array(w, "screen");
  for (size_t i = 0; i < v->ehmi.screen.n; i++) json_put_str(w, NULL, v->ehmi.screen.v[i]);
  json_end(w);
  rv_sbdh_show(v, w);
  rv_queue_show(v, w);
}
