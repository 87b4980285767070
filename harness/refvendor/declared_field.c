/* Fields of an envelope that a declared defect can say otherwise. Some are of any kind of envelope, those that name a
 * scope or its parts are of an ehmiSBDH; where an envelope has no such field nothing happens. */
#include "envelope/sbdh.h"
#include "refvendor/declared.h"

/* "name=value" apart. */
static struct envelope_tag pair_of(struct str text) {
  struct envelope_tag t;
  t.name = str_cut(&text, '=');
  t.value = text;
  return t;
}

static struct sbdh_scope *scope_of(struct envelope *env, struct str type) {
  for (size_t i = 0; i < env->sbdh->scopes.n; i++)
    if (str_eq(env->sbdh->scopes.v[i].type, type)) return &env->sbdh->scopes.v[i];
  return NULL;
}

static void set_scope(struct envelope *env, struct arena *a, struct str value) {
  struct envelope_tag t = pair_of(value);
  struct sbdh_scope *scope = env->sbdh ? scope_of(env, t.name) : NULL;
  (void)a;
  if (scope) scope->value = t.value;
}

static void scope_identifier(struct envelope *env, struct arena *a, struct str value) {
  struct envelope_tag t = pair_of(value);
  struct sbdh_scope *scope = env->sbdh ? scope_of(env, t.name) : NULL;
  (void)a;
  if (scope) scope->identifier = t.value;
}

static void drop_scope(struct envelope *env, struct arena *a, struct str type) {
  struct sbdh_scope *scope = env->sbdh ? scope_of(env, type) : NULL;
  (void)a;
  if (!scope) return;
  struct sbdh_scope *end = env->sbdh->scopes.v + --env->sbdh->scopes.n;
  for (; scope < end; scope++) scope[0] = scope[1];
}

static void repeat_scope(struct envelope *env, struct arena *a, struct str type) {
  struct sbdh_scope *scope = env->sbdh ? scope_of(env, type) : NULL;
  if (!scope) return;
  struct sbdh_scope again = *scope; /* the list may move */
  VEC_PUSH(a, &env->sbdh->scopes, again);
}

/* One that an envelope of its kind must not have. */
static void add_scope(struct envelope *env, struct arena *a, struct str value) {
  struct envelope_tag t = pair_of(value);
  if (!env->sbdh || !env->sbdh->scopes.n) return;
  struct sbdh_scope more = {t.name, t.value, env->sbdh->scopes.v[0].identifier, NULL};
  VEC_PUSH(a, &env->sbdh->scopes, more);
}

static void set_attribute(struct envelope *env, struct arena *a, struct str value) {
  struct envelope_tag t = pair_of(value);
  struct sbdh_reliable *r = env->sbdh ? &env->sbdh->reliable : NULL;
  (void)a;
  for (size_t i = 0; r && i < r->attributes_n; i++)
    if (str_eq(r->attributes[i].name, t.name)) r->attributes[i].value = t.value;
}

static struct str participant(struct arena *a, struct str gln) {
  return arena_printf(a, "0088:%.*s", STR_F(gln));
}

static void set_sender(struct envelope *env, struct arena *a, struct str value) {
  env->sender = value;
  if (env->sbdh) env->sbdh->sender = participant(a, value);
}

static void set_receiver(struct envelope *env, struct arena *a, struct str value) {
  env->receiver = value;
  if (env->sbdh) env->sbdh->receiver = participant(a, value);
}

static void set_receiver_as_is(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (env->sbdh) env->sbdh->receiver = value;
}

static void set_authority(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (env->sbdh) env->sbdh->sender_authority = env->sbdh->receiver_authority = value;
}

/* A request names itself in its scope of reliable messaging. */
static void set_id(struct envelope *env, struct arena *a, struct str value) {
  bool request = env->sbdh && str_eq(env->sbdh->reliable.envelope_id, env->id);
  (void)a;
  env->id = value;
  if (request) env->sbdh->reliable.envelope_id = value;
}

static void set_message(struct envelope *env, struct arena *a, struct str value) {
  env->meta.id = value;
  if (env->sbdh) set_scope(env, a, arena_printf(a, SBDH_MESSAGE_ID "=%.*s", STR_F(value)));
}

static void set_sent(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  env->sent = value;
  if (env->sbdh) env->sbdh->created = value;
}

static void set_name(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  env->meta.name = value;
  if (env->sbdh) env->sbdh->standard = value;
}

static void set_version(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  env->meta.version = value;
  if (env->sbdh) env->sbdh->type_version = value;
}

static void set_type(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (env->sbdh) env->sbdh->type = value;
}

static void set_format(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  env->meta.format = value;
}

static void set_mime(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  for (size_t i = 0; i < env->meta.tags_n; i++)
    if (str_eqz(env->meta.tags[i].name, "MCM:MIME")) env->meta.tags[i].value = value;
  if (env->sbdh) env->sbdh->mime = value;
}

static void set_encoding(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (env->sbdh) env->sbdh->encoding = value;
}

static void set_request(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (!env->sbdh) return;
  env->sbdh->reliable.envelope_id = value;
  if (env->content == ENVELOPE_RECEIPT)
    set_scope(env, a, arena_printf(a, SBDH_ORIGINAL_ENVELOPE_ID "=%.*s", STR_F(value)));
}

static void set_request_time(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (env->sbdh) env->sbdh->reliable.created = value;
}

static void set_expected(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (env->sbdh) env->sbdh->reliable.expected = value;
}

static void set_reliable(struct envelope *env, struct arena *a, struct str value) {
  if (!env->sbdh) return;
  env->sbdh->reliable.kind = value;
  set_scope(env, a, arena_printf(a, SBDH_RELIABLE "=%.*s", STR_F(value)));
}

static void set_service(struct envelope *env, struct arena *a, struct str value) {
  (void)a;
  if (env->sbdh) env->sbdh->reliable.service = value;
}

/* How many bytes too many. */
static void set_size(struct envelope *env, struct arena *a, struct str value) {
  int64_t more;
  (void)a;
  if (str_int(value, &more)) env->meta.size += more;
}

static const struct field {
  const char *name;
  void (*set)(struct envelope *env, struct arena *a, struct str value);
} fields[] = {{"sender", set_sender},
              {"receiver", set_receiver},
              {"receiver-as-is", set_receiver_as_is},
              {"authority", set_authority},
              {"id", set_id},
              {"message", set_message},
              {"sent", set_sent},
              {"name", set_name},
              {"version", set_version},
              {"type", set_type},
              {"format", set_format},
              {"mime", set_mime},
              {"encoding", set_encoding},
              {"more-bytes", set_size},
              {"scope", set_scope},
              {"scope-identifier", scope_identifier},
              {"drop-scope", drop_scope},
              {"repeat-scope", repeat_scope},
              {"add-scope", add_scope},
              {"reliable", set_reliable},
              {"request", set_request},
              {"request-time", set_request_time},
              {"expected", set_expected},
              {"service", set_service},
              {"attribute", set_attribute}};

static const struct field *field_of(struct str name) {
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    if (str_eqz(name, fields[i].name)) return &fields[i];
  return NULL;
}

bool declared_field_is(struct str name) {
  return field_of(name) != NULL;
}

void declared_field_set(struct envelope *env, struct arena *a, const struct declared_field *f) {
  field_of(f->name)->set(env, a, f->value);
}
