/* What a user sees of EDS: searches with the user's token, and what was found, on the screen. */
#include "base/percent.h"
#include "formats/json.h"
#include "refvendor/ehmi.h"

#define LINES_MAX 50 /* and so many are asked for */

/* What a user fills in, and the search parameter that it becomes. */
static const struct field {
  const char *name, *parameter;
} fields[] = {{"from", "date"},
              {"until", "date"},
              {"type", "ehmiMessageType"},
              {"cpr", "cpr"},
              {"sender", "senderOrg"},
              {"receiver", "receiverOrg"},
              {"outcome", "outcome"},
              {"identifier", "entityIdentifier"}};

static const char *parameter_of(const struct refvendor *v, const struct field *f) {
  struct str name = str_z(f->name);
  if (str_eqz(name, "type") && rv_has(v, DEFECT_STATUS_TYPE_PARAMETER)) return "type";
  if (str_eqz(name, "cpr") && rv_has(v, DEFECT_STATUS_PATIENT_PARAMETER)) return "patient";
  if (str_eqz(name, "sender") && rv_has(v, DEFECT_STATUS_SIDES_SWAPPED)) return "receiverOrg";
  if (str_eqz(name, "receiver") && rv_has(v, DEFECT_STATUS_SIDES_SWAPPED)) return "senderOrg";
  return f->parameter;
}

/* A time as UTC; the defect says of that that it were Danish time. */
static struct str time_of(const struct refvendor *v, struct arena *a, struct str text) {
  int64_t ms;
  bool zone;
  if (!time_parse(text, &ms, &zone)) return text;
  struct str utc = time_utc(a, ms);
  if (!rv_has(v, DEFECT_STATUS_NO_ZONE)) return utc;
  return arena_printf(a, "%.*s+01:00", STR_F(str_sub(utc, 0, utc.n - 1)));
}

static struct str value_of(const struct refvendor *v, struct arena *a, const struct field *f, struct str text) {
  struct str name = str_z(f->name);
  if (str_eqz(name, "from")) return arena_printf(a, "ge%.*s", STR_F(time_of(v, a, text)));
  if (str_eqz(name, "until")) return arena_printf(a, "le%.*s", STR_F(time_of(v, a, text)));
  if (str_eqz(name, "cpr") && rv_has(v, DEFECT_STATUS_CPR_HYPHEN) && text.n == 10)
    return arena_printf(a, "%.*s-%.*s", STR_F(str_sub(text, 0, 6)), STR_F(str_sub(text, 6, 10)));
  if (str_eqz(name, "outcome") && rv_has(v, DEFECT_STATUS_OUTCOME_INVERTED)) return STR("0");
  if (str_eqz(name, "identifier") && rv_has(v, DEFECT_STATUS_URN)) return arena_printf(a, "urn:uuid:%.*s", STR_F(text));
  return text;
}

struct str rv_status_query(const struct refvendor *v, struct arena *a, const struct node *find) {
  struct buf b;
  buf_init(&b, RV_TRIGGER_MAX);
  buf_addz(&b, "_sort=-date&_count=50");
  for (size_t i = 0; i < sizeof fields / sizeof *fields && !rv_has(v, DEFECT_STATUS_ALL); i++) {
    struct str text = str_trim(node_text_at(find, fields[i].name));
    if (!text.n) continue;
    buf_printf(&b, "&%s=", parameter_of(v, &fields[i]));
    percent_encode(&b, value_of(v, a, &fields[i], text));
  }
  return buf_take(&b, a);
}

static struct str entity(const struct node *event, const char *code) {
  for (const struct node *e = node_child(event, "entity"); e; e = node_again(e))
    if (str_eqz(node_text_at(e, "type.code"), code)) return node_text_at(e, "what.identifier.value");
  return (struct str){0};
}

static void show(struct refvendor *v, const struct node *bundle) {
  size_t n = 0;
  for (const struct node *e = node_child(bundle, "entry"); e; e = node_again(e)) {
    const struct node *event = node_child(e, "resource");
    if (!event || !str_eqz(event->type, "AuditEvent") || n++ >= LINES_MAX) continue;
    rv_screen(v, "status: %.*s %.*s of message %.*s, %s", STR_F(node_text_at(event, "recorded")),
              STR_F(node_text_at(event, "subtype.code")), STR_F(entity(event, "ehmiMessage")),
              str_eqz(node_text_at(event, "outcome"), "0") ? "ok" : "failed");
  }
  if (!n && !rv_has(v, DEFECT_STATUS_SILENT)) rv_screen(v, "status: nothing was found");
}

static void on_found(void *payload, const struct http_answer *an) {
  struct refvendor *v = payload;
  struct arena *a = arena_new(0);
  struct findings f;
  enum resource_form form;
  struct node *root = NULL;
  findings_init(&f, a);
  if (an->status == 401) v->ehmi.user_token = (struct str){0};
  if (!an->failure && resource_read(&root, &form, a, (struct source){STR("EDS"), an->body}, &f) < 0) root = NULL;
  if (an->status == 200 && root && str_eqz(root->type, "Bundle"))
    show(v, root);
  else
    rv_screen(v, "status: EDS does not tell: HTTP %d %.*s", an->status,
              STR_F(an->failure ? str_z(an->failure) : rv_outcome_text(a, an->body)));
  arena_free(a);
}

void rv_status_show(struct refvendor *v, struct str query) {
  struct arena *a = arena_new(0);
  const char *path = arena_printf(a, "/AuditEvent?%.*s", STR_F(query)).p;
  struct fact headers[] = {{STR("Accept"), str_z(resource_mime(v->o->form))},
                           {STR("Authorization"), arena_printf(a, "Bearer %.*s", STR_F(v->ehmi.user_token))}};
  struct http_identity bare = {.ca = v->identity.ca};
  rv_call_out(v, &(struct http_call){.method = "GET",
                                     .url = rv_below(a, v->o->eds, path),
                                     .headers = headers,
                                     .headers_n = 2,
                                     .body_max = RV_EHMI_ANSWER_MAX,
                                     .identity = rv_has(v, DEFECT_TOKEN_OTHER_CERTIFICATE) ? &bare : NULL,
                                     .done = on_found,
                                     .payload = v});
  arena_free(a);
}
