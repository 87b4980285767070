/* What hangs on what: a table of steps that are asked for, and of all that are then played again. */
#include <criterion/criterion.h>

#include "base/file.h"
#include "words.h"

static struct str played(struct arena *a, const struct depends *d, struct str asked) {
  struct depends_mark *marks = ARENA_ARRAY(a, struct depends_mark, d->n + 1);
  struct str out = {0};
  bool anew = str_starts(asked, STR("anew "));
  if (anew) asked = str_sub(asked, 5, asked.n);
  while (asked.n) {
    struct str id = str_cut(&asked, ' ');
    struct step *s = protocol_step(d->plan->protocol, id);
    cr_assert(s, "%.*s is no step", STR_F(id));
    marks[depends_index(d, s)].why = DEPENDS_ASKED;
  }
  depends_close(marks, d, anew);
  for (size_t i = 0; i < d->n; i++)
    if (marks[i].why) out = arena_printf(a, "%.*s%s%.*s", STR_F(out), out.n ? " " : "", STR_F(d->steps[i]->id));
  return out;
}

Test(depends, the_smallest_set) {
  struct arena *a = arena_new(0);
  struct depends *d = words_depends(a);
  struct error e;
  struct str text;
  size_t n = 0;
  cr_assert_eq(file_read(&text, a, TEST_DATA "/depends.cases", 1 << 20, &e), 0, "%s", e.text);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (!line.n || line.p[0] == '#') continue;
    struct str name = str_trim(str_cut(&line, '|')), asked = str_trim(str_cut(&line, '|')), expect = str_trim(line);
    struct str have = played(a, d, asked);
    cr_expect(str_eq(have, expect), "%.*s: %.*s, expected %.*s", STR_F(name), STR_F(have), STR_F(expect));
    n++;
  }
  cr_assert_gt(n, 10);
  arena_free(a);
}

Test(depends, what_takes_no_part_has_no_number) {
  struct arena *a = arena_new(0);
  struct depends *d = words_depends(a);
  cr_expect_eq(depends_index(d, protocol_step(d->plan->protocol, STR("4.1"))), d->n);
  arena_free(a);
}

/* Why each is played can be told: it was asked for, it uses one that is, or one that is needs it. */
Test(depends, each_mark_tells_why) {
  struct arena *a = arena_new(0);
  struct depends *d = words_depends(a);
  struct depends_mark *marks = ARENA_ARRAY(a, struct depends_mark, d->n + 1);
  const struct protocol *p = d->plan->protocol;
  size_t asked = depends_index(d, protocol_step(p, STR("1.8"))), reply = depends_index(d, protocol_step(p, STR("1.7")));
  size_t ack = depends_index(d, protocol_step(p, STR("1.10")));
  marks[asked].why = DEPENDS_ASKED;
  depends_close(marks, d, false);
  cr_expect(marks[asked].why == DEPENDS_ASKED);
  cr_expect(marks[reply].why == DEPENDS_NEEDED && marks[reply].of == asked);
  cr_expect(marks[ack].why == DEPENDS_USES && marks[ack].of == reply);
  arena_free(a);
}
