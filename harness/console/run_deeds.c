/* What is done to a run as a whole. */
#include "base/percent.h"
#include "base/utf8.h"
#include "console/runpage_int.h"
#include "console/visit_int.h"

#define INITIALS_COOKIE "by"
#define INITIALS_SECONDS (12 * 3600)

struct str run_page_own_initials(struct visit *v) {
  struct str said = visit_cookie(v, INITIALS_COOKIE), by;
  if (v->who.initials.n) return v->who.initials;
  if (!said.n || !percent_decode(&by, v->arena, said) || utf8_check(by) != SIZE_MAX) return STR("");
  return by.n <= RUN_INITIALS_MAX ? by : STR("");
}

void run_page_keep_initials(struct visit *v, struct str by) {
  struct buf b;
  if (v->who.initials.n || !by.n || by.n > RUN_INITIALS_MAX) return;
  buf_init(&b, 1024);
  buf_addz(&b, INITIALS_COOKIE "=");
  percent_encode(&b, by);
  buf_printf(&b, "; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s", INITIALS_SECONDS,
             v->console->options.tls ? "; Secure" : "");
  http_reply_header(v->request, "Set-Cookie", buf_take(&b, v->arena));
}

bool run_page_may_steer(const struct visit *v) {
  return v->who.role == ROLE_MEDCOM || (v->who.role == ROLE_VENDOR && !state_is_assessed(run_state(v->run)));
}

static void open_deed(struct visit *v, const char *id, const char *en, const char *da) {
  page_open(v, "details", "form panel");
  page_attr(v, "id", "%s", id);
  page_say_in(v, "summary", NULL, en, da);
}

static void write_put(struct visit *v) {
  open_deed(v, "deed-put", "Hand in a message as a file", "Indlevér en meddelelse som fil");
  form_open(v, true, "/runs/%.*s/put", STR_F(run_page_id(v)));
  page_open(v, "div", "drop"), page_attr(v, "data-drop", "%s", "");
  form_input(v, "file", "file", STR(""), "Message of the system (it can be dropped here)",
             "Systemets meddelelse (den kan trækkes hertil)");
  page_close(v);
  run_page_declare(v);
  form_button(v, NULL, NULL, "main", "Hand in", "Indlevér");
  page_close(v);
  page_close(v);
}

static void write_pause(struct visit *v) {
  open_deed(v, "deed-pause", "Pause", "Sæt på pause");
  form_open(v, false, "/runs/%.*s/pause", STR_F(run_page_id(v)));
  page_say_in(v, "p", "soft", "Nothing happens to the run and no deadline passes until somebody goes on with it.",
              "Der sker intet i testforløbet, og ingen frist løber, før nogen fortsætter det.");
  form_input(v, "text", "why", STR(""), "Because (may be left out)", "Fordi (kan udelades)");
  run_page_initials(v);
  form_button(v, NULL, NULL, "main", "Pause", "Sæt på pause");
  page_close(v);
  page_close(v);
}

static void write_abort(struct visit *v) {
  open_deed(v, "deed-abort", "End the run", "Afbryd testforløbet");
  form_open(v, false, "/runs/%.*s/abort", STR_F(run_page_id(v)));
  page_say_in(
      v, "p", "soft",
      "What is judged stays. Each test step that is not becomes inconclusive, with this reason; it can still be "
      "repeated later.",
      "Det vurderede bliver stående. Hvert teststep, der ikke er vurderet, bliver uafklaret med denne "
      "begrundelse; det kan stadig gentages senere.");
  form_input(v, "text", "why", STR(""), "Because", "Fordi");
  run_page_initials(v);
  form_button(v, NULL, NULL, "danger", "End it", "Afbryd");
  page_close(v);
  page_close(v);
}

/* It stands in the store, and is not served: paused, or its start went wrong. */
static void write_resume(struct visit *v) {
  form_open(v, false, "/runs/%.*s/resume", STR_F(run_page_id(v)));
  form_button(v, NULL, NULL, "main", "Go on", "Fortsæt");
  page_close(v);
}

void run_page_deeds(struct visit *v, const struct record *r) {
  bool steers = run_page_may_steer(v), ended = r->ended != 0;
  if (v->who.role == ROLE_VIEWER || ended) return;
  page_open(v, "div", "deeds");
  if (v->run_is_open) write_put(v);
  if (steers && v->run_is_open) write_pause(v);
  if (steers && !v->run_is_open) write_resume(v);
  if (steers) write_abort(v);
  page_close(v);
}
