#include "tests/fuzz/world.h"

#include "base/file.h"

#define CORE "hl7.fhir.r4.core@4.0.1" FACTS_SUFFIX
#define WORLD_FILES_MAX 100

/* Kept for the whole process, as libFuzzer calls the target again and again. */
static struct {
  struct arena *arena;
  char *dir;
  struct shapes *shapes;
  struct source facts[WORLD_FILES_MAX];
  size_t n;
} world;

static void read_facts(void) {
  struct error e = {0};
  char **names;
  const char *dir = file_join(world.arena, world.dir, FACTS_PACKAGES);
  if (file_list(&names, &world.n, world.arena, dir, &e) || world.n > WORLD_FILES_MAX) BUG("facts: %s", e.text);
  for (size_t i = 0; i < world.n; i++) {
    struct source *s = &world.facts[i];
    s->name = str_z(names[i]);
    if (file_read(&s->bytes, world.arena, file_join(world.arena, dir, names[i]), FACTS_FILE_MAX, &e))
      BUG("%s: %s", names[i], e.text);
  }
}

static void open_world(void) {
  struct error e = {0};
  if (world.arena) return;
  world.arena = arena_new(0);
  if (file_data_dir(&world.dir, world.arena, &e) || shapes_read(&world.shapes, world.arena, world.dir, &e))
    BUG("%s", e.text);
  read_facts();
}

const struct shapes *world_shapes(void) {
  open_world();
  return world.shapes;
}

struct book *world_book(struct arena *a, bool core) {
  struct book *b = book_new(a);
  struct error e = {0};
  open_world();
  for (size_t i = 0; i < world.n; i++)
    if ((!core || str_eqz(world.facts[i].name, CORE)) && book_add_facts_bytes(b, world.facts[i], &e)) BUG("%s", e.text);
  return b;
}

void world_judge(struct arena *a, struct profile_cache *cache, struct str bytes, struct str profile) {
  struct message m;
  struct findings f;
  findings_init(&f, a);
  message_read(&m, a, (struct source){STR("fuzz"), bytes});
  struct profile_options o = {.cache = cache, .profiles = &profile, .profiles_n = profile.n > 0};
  validate_message(&m, VALIDATE_PROFILE, &o, &f);
  if (!m.resource && !f.list.n) BUG("nothing read, and nothing said");
}
