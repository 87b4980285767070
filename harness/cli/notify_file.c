#include "base/clock.h"
#include "cli/notify.h"
#include "formats/yaml.h"

#define DEFAULT_AFTER_MS 10000
#define DEFAULT_RETRY_MS 5000
#define DEFAULT_TRIES 8

struct reading {
  struct arena *arena;
  struct str name;
  struct notify_config *out;
  struct error *e;
};

static int wrong(struct reading *r, const struct node *n, const char *why) {
  return error_at(r->e, ERR_CONFIG, r->name, n->line, n->col, "%s", why);
}

static int take_span(struct reading *r, const struct node *n, int64_t *to) {
  return duration_parse(n->text, to) && *to > 0 ? 0 : wrong(r, n, "a duration is written like 10 s or 5 min");
}

/* Nothing in it may begin another header, or another address. */
static int take_address(struct reading *r, const struct node *n, struct str *to) {
  struct str s = n->text;
  bool good = s.n && str_index(s, '@') != SIZE_MAX;
  for (size_t i = 0; i < s.n; i++) good = good && s.p[i] > ' ' && s.p[i] < 0x7F && !strchr(",;:<>()\"\\[]", s.p[i]);
  *to = s;
  return good ? 0 : wrong(r, n, "a mail address is written name@host");
}

static int take_url(struct reading *r, const struct node *n, struct str *to) {
  *to = n->text;
  bool good = str_starts(*to, STR("http://")) || str_starts(*to, STR("https://"));
  return good ? 0 : wrong(r, n, "an address begins with http:// or https://");
}

static int check_list(struct reading *r, const struct node *n) {
  if (n->kind != NODE_ARRAY || !n->count) return wrong(r, n, "a list is expected: [first, second]");
  return n->count > NOTIFY_LIST_MAX ? wrong(r, n, "the list is too long") : 0;
}

static int read_after(struct reading *r, const struct node *n) {
  return take_span(r, n, &r->out->after_ms);
}

static int read_retry(struct reading *r, const struct node *n) {
  return take_span(r, n, &r->out->retry_ms);
}

static int read_tries(struct reading *r, const struct node *n) {
  bool good = str_int(n->text, &r->out->tries) && r->out->tries > 0 && r->out->tries <= NOTIFY_TRIES_MAX;
  return good ? 0 : wrong(r, n, "tries is a number from 1 to 20");
}

static int read_webhook(struct reading *r, const struct node *n) {
  return take_url(r, n, &r->out->webhook);
}

static int read_link(struct reading *r, const struct node *n) {
  return take_url(r, n, &r->out->link);
}

static int read_from(struct reading *r, const struct node *n) {
  return take_address(r, n, &r->out->from);
}

static int read_command(struct reading *r, const struct node *n) {
  if (check_list(r, n) < 0) return -1;
  for (NODE_EACH(word, n)) VEC_PUSH(r->arena, &r->out->command, word->text);
  return 0;
}

static int read_owners(struct reading *r, const struct node *n) {
  if (n->kind != NODE_OBJECT || n->count > NOTIFY_LIST_MAX)
    return wrong(r, n, "owners are medcom and names of vendors, each with a list of addresses");
  for (NODE_EACH(owner, n)) {
    struct notify_owner *o = VEC_ADD(r->arena, &r->out->owners);
    o->name = owner->name;
    if (check_list(r, owner) < 0) return -1;
    for (NODE_EACH(address, owner))
      if (take_address(r, address, VEC_ADD(r->arena, &o->addresses)) < 0) return -1;
  }
  return 0;
}

struct notify_key {
  const char *name;
  int (*read)(struct reading *r, const struct node *n);
};

static int read_keys(struct reading *r, const struct node *object, const struct notify_key *keys) {
  if (object->kind != NODE_OBJECT) return wrong(r, object, "names with values are expected");
  for (NODE_EACH(n, object)) {
    const struct notify_key *k = keys;
    while (k->name && !str_eqz(n->name, k->name)) k++;
    if (!k->name)
      return error_at(r->e, ERR_CONFIG, r->name, n->name_line, n->name_col, "unknown key \"%.*s\"", STR_F(n->name));
    if (k->read(r, n) < 0) return -1;
  }
  return 0;
}

static int read_mail(struct reading *r, const struct node *n) {
  static const struct notify_key keys[] = {
      {"command", read_command}, {"from", read_from}, {"owners", read_owners}, {0}};
  if (read_keys(r, n, keys) < 0) return -1;
  bool whole = r->out->command.n && r->out->from.n && r->out->owners.n;
  return whole ? 0 : wrong(r, n, "mail needs command, from and owners");
}

int notify_read(struct notify_config *out, struct arena *a, struct source src, struct error *e) {
  static const struct notify_key keys[] = {{"after", read_after},
                                           {"retry", read_retry},
                                           {"tries", read_tries},
                                           {"webhook", read_webhook},
                                           {"link", read_link},
                                           {"mail", read_mail},
                                           {0}};
  struct reading r = {a, src.name, out, e};
  struct findings f;
  struct node *root;
  *out = (struct notify_config){.after_ms = DEFAULT_AFTER_MS, .retry_ms = DEFAULT_RETRY_MS, .tries = DEFAULT_TRIES};
  findings_init(&f, a);
  if (yaml_read(&root, a, src, &f) < 0) return findings_error(&f, e);
  if (read_keys(&r, root, keys) < 0) return -1;
  return out->webhook.n || out->command.n ? 0 : wrong(&r, root, "there is neither webhook nor mail: nobody is told");
}
