/* What the operator of the system reads. */
#include "formats/json.h"
#include "refvendor/ehmi.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX ((size_t)1024)

void rv_screen(struct refvendor *v, const char *fmt, ...) {
  char line[LINE_MAX];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(line, sizeof line, fmt, ap);
  va_end(ap);
  rv_log(v, "%s", line);
  if (v->ehmi.screen.n < RV_SCREEN_MAX) VEC_PUSH(v->arena, &v->ehmi.screen, arena_str(v->arena, str_z(line)));
}

void rv_show_ehmi(const struct refvendor *v, struct json_writer *w) {
  json_begin_array(w, "screen");
  for (size_t i = 0; i < v->ehmi.screen.n; i++) json_put_str(w, NULL, v->ehmi.screen.v[i]);
  json_end(w);
  rv_sbdh_show(v, w);
  rv_queue_show(v, w);
}
