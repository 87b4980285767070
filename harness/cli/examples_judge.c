#include "cli/examples.h"

#include "base/file.h"
#include "cli/packages.h"
#include "envelope/receipt_judge.h"

static int open_book(struct examples_book *out, struct examples *x, struct str with, struct error *e) {
  struct arena *a = x->cli->arena;
  struct shapes *shapes;
  struct book *b = book_new(a);
  if (shapes_read(&shapes, a, x->data, e) < 0 || packages_add_standards(x->cli, b, x->data, NULL, e) < 0) return -1;
  if (with.n && book_add_file(b, file_join(a, x->folder, arena_z(a, with)), e) < 0) return -1;
  *out = (struct examples_book){with, profile_cache_new(a, b, shapes)};
  return 0;
}

/* The definitions are read once for all examples that need the same. */
static int find_book(struct profile_cache **out, struct examples *x, struct str with, struct error *e) {
  struct examples_book b;
  for (size_t i = 0; i < x->books.n; i++)
    if (str_eq(x->books.v[i].with, with)) {
      *out = x->books.v[i].cache;
      return 0;
    }
  if (open_book(&b, x, with, e) < 0) return -1;
  VEC_PUSH(x->cli->arena, &x->books, b);
  *out = b.cache;
  return 0;
}

static void open_message(struct message *out, struct examples *x, struct str name, struct str bytes) {
  message_read_by(out, x->cli->arena, (struct source){name, bytes}, &(struct message_options){.letters = &x->letters});
}

static int judge_as_found(struct findings *out, struct examples *x, const struct example *ex, const struct message *m,
                          struct error *e) {
  struct profile_cache *cache;
  if (find_book(&cache, x, ex->how == EXAMPLE_WITH ? ex->beside : STR(""), e) < 0) return -1;
  struct profile_options o = {.cache = cache, .form = m->form};
  validate_as_found(m, &o, out);
  return 0;
}

static int judge_alone(struct findings *out, struct examples *x, const struct example *ex, const struct message *m,
                       struct error *e) {
  enum validate_level level;
  if (str_eqz(ex->level, "-")) return judge_as_found(out, x, ex, m, e);
  if (!validate_level_parse(ex->level, &level))
    return error_set(e, ERR_SYNTAX, "the example of %.*s: there is no level %.*s", STR_F(ex->rule), STR_F(ex->level));
  validate_message(m, level, NULL, out);
  return 0;
}

/* --- two messages, as a run holds them against each other ------------------------------- */

static bool read_mail(struct mail *out, struct arena *a, const struct message *m) {
  const struct node *root = m->letter ? m->letter : m->interchange;
  if (root) mail_read(out, a, root);
  return root != NULL;
}

/* Receipts of letters: against the letter, or against an earlier receipt. */
static int judge_letters(struct findings *out, struct examples *x, enum example_how how, const struct message *receipt,
                         const struct message *other, struct error *e) {
  struct arena *a = x->cli->arena;
  struct mail mail, other_mail;
  struct receipt r, earlier;
  struct receipt_duties *duties;
  if (receipt_duties_load(&duties, a, x->data, e) < 0) return -1;
  if (!read_mail(&mail, a, receipt) || !read_mail(&other_mail, a, other) || !receipt_read(&r, a, &mail))
    return error_set(e, ERR_SYNTAX, "%.*s is no receipt of %.*s", STR_F(receipt->raw.name), STR_F(other->raw.name));
  struct receipt_case c = {.message = receipt->payload.name, .receipt = &r, .duties = duties};
  if (how != EXAMPLE_AFTER) {
    c.original = &other_mail;
    receipt_judge(&c, out);
    return 0;
  }
  if (!receipt_read(&earlier, a, &other_mail))
    return error_set(e, ERR_SYNTAX, "%.*s is no receipt", STR_F(other->raw.name));
  receipt_judge_earlier(&c, &(struct receipt_earlier){other->raw.name, &earlier}, false, out);
  return 0;
}

static int judge_two(struct findings *out, struct examples *x, const struct example *ex, const struct message *base,
                     struct error *e) {
  struct message other;
  struct str bytes;
  if (examples_read(&bytes, x, ex->beside, e) < 0) return -1;
  open_message(&other, x, ex->beside, bytes);
  const struct message *receipt = ex->how == EXAMPLE_ANSWERED ? &other : base;
  const struct message *original = receipt == base ? &other : base;
  if (judge_alone(out, x, ex, receipt, e) < 0) return -1;
  if (!receipt->envelope || !original->envelope) return judge_letters(out, x, ex->how, receipt, original, e);
  receipt->envelope->kind->check_receipt(receipt->envelope, receipt->raw.name, original->envelope, out);
  return 0;
}

int example_judge(struct findings *out, struct examples *x, const struct example *ex, struct str bytes,
                  struct error *e) {
  struct message m;
  findings_init(out, x->cli->arena);
  open_message(&m, x, ex->file, bytes);
  bool alone = ex->how == EXAMPLE_ALONE || ex->how == EXAMPLE_WITH;
  return alone ? judge_alone(out, x, ex, &m, e) : judge_two(out, x, ex, &m, e);
}
