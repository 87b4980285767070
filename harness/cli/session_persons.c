/* Whose CPR numbers may stand in messages: the official test persons, those the vendor created, the operator's own. */
#include "base/file.h"
#include "cli/session.h"

static void add_created(struct persons *p, const struct vendor *v) {
  for (size_t i = 0; i < v->variables.list.n; i++) {
    const struct fact *one = &v->variables.list.v[i];
    if (str_starts(one->name, STR("person.")) && str_ends(one->name, STR(".cpr"))) persons_add(p, one->value);
  }
}

static int read_all(struct session *s, struct persons *p, struct error *e) {
  struct str list;
  const char *path = file_join(s->arena, s->options.data_dir, "fixtures/standards/test-persons.tsv");
  if (file_read(&list, s->arena, path, PERSONS_BYTES_MAX, e) < 0) return -1;
  if (persons_read(p, list, str_z(path), e) < 0) return -1;
  if (persons_read(p, s->options.persons, STR("list of test persons"), e) < 0) return -1;
  add_created(p, s->plan->vendor);
  for (size_t i = 0; i < s->plan->parties.n; i++) add_created(p, s->plan->parties.v[i].vendor);
  return 0;
}

static struct str key_of(struct session *s) {
  char digest[SHA256_HEX + 1];
  sha256_hex(digest, s->options.persons);
  struct str key = arena_printf(s->arena, "%.*s %s", STR_F(s->plan->vendor->digest), digest);
  for (size_t i = 0; i < s->plan->parties.n; i++)
    key = arena_printf(s->arena, "%.*s %.*s", STR_F(key), STR_F(s->plan->parties.v[i].vendor->digest));
  return key;
}

/* In a server the list lives as long as the runs that are opened with it; one a vendor file, however many there are. */
int session_know_persons(struct session *s, struct error *e) {
  struct arena *a = s->cache ? s->cache->arena : s->arena;
  struct str key = key_of(s);
  s->persons = s->cache ? map_get(&s->cache->persons, key) : NULL;
  if (!s->persons) {
    s->persons = ARENA_NEW(a, struct persons);
    persons_init(s->persons, a);
    if (read_all(s, s->persons, e) < 0) return -1;
    if (s->cache) (void)map_set(&s->cache->persons, arena_str(a, key), s->persons);
  }
  s->options.foreign = (struct deep_number){persons_foreign, s->persons};
  return 0;
}

int session_persons(struct session *s, const char *path, struct error *e) {
  if (!path) return 0;
  struct persons checked;
  persons_init(&checked, s->arena);
  if (file_read(&s->options.persons, s->arena, path, PERSONS_BYTES_MAX, e) < 0) return -1;
  return persons_read(&checked, s->options.persons, str_z(path), e);
}
