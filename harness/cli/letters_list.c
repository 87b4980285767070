#include "cli/letters_list.h"

#include "base/file.h"
#include "standards/letters.h"

static void print_form(struct cli *c, struct str type, const struct letter_type *t, const struct letter_form *f) {
  bool older = f->fidelity == LETTER_OLDER;
  if (f->fidelity == LETTER_ABSENT) return;
  fprintf(c->out, "%-7.*s %-8.*s %-8s %-5s %-7.*s %-10.*s  %.*s\n", STR_F(type), STR_F(f->version),
          f->current ? (c->danish ? "godkendt" : "approved") : "-", letter_fidelity_name(f->fidelity),
          STR_F(older ? f->from : (struct str){0}), STR_F(f->revision), STR_F(c->danish ? t->danish : t->english));
}

static void print_row(struct cli *c, const struct letter_type *t) {
  print_form(c, t->type, t, &t->edifact);
  print_form(c, t->xml_type, t, &t->xml);
}

static int print_type(struct cli *c, const struct letters *l, struct str type) {
  const struct letter_type *t = letters_of_type(l, type, NULL);
  if (!t) return cli_usage(c, "no letter is of the type \"%.*s\"; \"testcamp list letters\" has them all", STR_F(type));
  for (; t; t = letters_of_type(l, type, t)) print_row(c, t);
  return EXIT_OK;
}

int letters_list(struct cli *c, const char *const *types, size_t n) {
  struct letters *l;
  struct error e;
  char *data;
  int code = EXIT_OK;
  if (file_data_dir(&data, c->arena, &e) || letters_load(&l, c->arena, data, &e)) return cli_fail(c, &e);
  for (size_t i = 0; i < n && code == EXIT_OK; i++) code = print_type(c, l, str_z(types[i]));
  for (size_t i = 0; n == 0 && i < l->list.n; i++) print_row(c, &l->list.v[i]);
  return code;
}
