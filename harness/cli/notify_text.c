/* What a notice says. Names come from strangers: in a header they are encoded (RFC 2047), in the body they are one
 * line. */
#include "base/base64.h"
#include "base/clock.h"
#include "cli/notify.h"
#include "formats/json.h"

#define TEXT_MAX ((size_t)64 << 10)

static bool is_medcom(const struct notice *n) {
  return str_eqz(n->owner, "medcom");
}

static struct str one_line(struct arena *a, struct str s) {
  struct str safe = cli_safe(a, s);
  char *z = arena_z(a, safe);
  for (size_t i = 0; i < safe.n; i++)
    if (z[i] == '\n') z[i] = ' ';
  return (struct str){z, safe.n};
}

static struct str sentence(struct arena *a, const struct notice *n, bool danish) {
  const char *words = danish ? "Testforløb %.*s venter på %.*s siden %.16s: teststep %.*s (%.*s %.*s, %.*s %.*s)"
                             : "Run %.*s waits for %.*s since %.16s: step %.*s (%.*s %.*s, %.*s %.*s)";
  struct str who = is_medcom(n) ? STR("MedCom") : n->vendor;
  struct str since = time_danish(a, n->since);
  return one_line(a, arena_printf(a, words, STR_F(n->run), STR_F(who), since.p, STR_F(n->step), STR_F(n->protocol),
                                  STR_F(n->version), STR_F(n->system), STR_F(n->system_version)));
}

void notify_json(struct buf *out, const struct notice *n) {
  struct arena *a = arena_new(0);
  struct json_writer w;
  json_writer_init(&w, out, -1);
  json_begin_object(&w, NULL);
  json_put_z(&w, "kind", "wait");
  json_put_str(&w, "run", n->run);
  json_put_str(&w, "protocol", n->protocol);
  json_put_str(&w, "protocolVersion", n->version);
  json_put_str(&w, "vendor", n->vendor);
  json_put_str(&w, "system", n->system);
  json_put_str(&w, "systemVersion", n->system_version);
  json_put_str(&w, "step", n->step);
  json_put_str(&w, "owner", n->owner);
  json_put_str(&w, "since", time_danish(a, n->since));
  if (n->link.n) json_put_str(&w, "link", n->link);
  json_begin_object(&w, "text");
  json_put_str(&w, "da", sentence(a, n, true));
  json_put_str(&w, "en", sentence(a, n, false));
  json_end(&w);
  json_end(&w);
  arena_free(a);
}

static void subject(struct buf *out, struct arena *a, const struct notice *n) {
  struct str text = one_line(a, arena_printf(a, "testcamp: %.*s: %.*s", STR_F(n->run), STR_F(n->step)));
  buf_addz(out, "Subject: =?UTF-8?B?");
  base64_encode(out, text);
  buf_addz(out, "?=\n");
}

void notify_mail(struct buf *out, const struct notify_config *c, const struct notify_owner *to,
                 const struct notice *n) {
  struct arena *a = arena_new(0);
  struct str da = sentence(a, n, true), en = sentence(a, n, false);
  buf_printf(out, "From: %.*s\nTo: ", STR_F(c->from));
  for (size_t i = 0; i < to->addresses.n; i++) buf_printf(out, "%s%.*s", i ? ",\n " : "", STR_F(to->addresses.v[i]));
  buf_addz(out, "\n");
  subject(out, a, n);
  buf_addz(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
                "Auto-Submitted: auto-generated\n\n");
  buf_printf(out, "%.*s.\n\n%.*s.\n", STR_F(da), STR_F(en));
  if (n->link.n) buf_printf(out, "\n%.*s\n", STR_F(n->link));
  arena_free(a);
}
