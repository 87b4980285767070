/* mutations [content-]check|[content-]table STANDARD[,WITH...] ROWS STORE...    mutations agree DEFECT CLEAN WIRE
 * mutations answers PROTOCOL EVIDENCE */
#include "base/file.h"
#include "mutations.h"
#include "refvendor/defect.h"

#include <string.h>

static void add_mutant(struct mutations *m, struct mutant mu) {
  mu.outcomes = ARENA_ARRAY(m->arena, struct outcome, m->recordings.n);
  VEC_PUSH(m->arena, &m->mutants, mu);
}

static const struct told_defect *told_of(const char *name) {
  for (size_t i = 0; i < told_defects_n; i++)
    if (!strcmp(told_defects[i].id, name)) return &told_defects[i];
  return NULL;
}

/* Those of the first, the standard, and of whatever else its messages may have wrong. */
static void list_declared(struct mutations *m) {
  for (size_t k = 0; k < m->files.n; k++)
    for (size_t i = 0; i < m->declared.list.n; i++) {
      const struct declared *d = &m->declared.list.v[i];
      if (str_eq(d->standard, m->files.v[k]))
        add_mutant(m, (struct mutant){.way = WAY_MESSAGE, .own = k == 0, .id = d->id, .en = d->en, .declared = d});
    }
}

/* "vansenvelope,common,acknowledgement" */
static void read_files(struct mutations *m, struct str list) {
  while (list.n) VEC_PUSH(m->arena, &m->files, str_cut(&list, ','));
  m->standard = m->files.n ? m->files.v[0] : (struct str){0};
}

static void list_mutants(struct mutations *m) {
  list_declared(m);
  for (size_t i = 0; i < told_defects_n; i++)
    if (told_defects[i].en)
      add_mutant(m, (struct mutant){.way = WAY_PERSON,
                                    .id = str_z(told_defects[i].id),
                                    .en = str_z(told_defects[i].en),
                                    .told = &told_defects[i]});
  for (size_t k = 0; k < m->files.n; k++)
    for (size_t i = 0; str_eqz(m->files.v[k], ARRIVALS) && i < arrivals_n; i++)
      add_mutant(m, (struct mutant){.way = WAY_MESSAGE,
                                    .id = str_z(arrivals[i].id),
                                    .en = str_z(arrivals[i].en),
                                    .arrival = &arrivals[i]});
  for (size_t i = 0; !m->content && i < DEFECTS_N; i++)
    add_mutant(m, (struct mutant){.way = WAY_WIRE,
                                  .id = str_z(defects[i].name),
                                  .en = str_z(defects[i].en),
                                  .told = told_of(defects[i].name)});
}

static int read_all(struct mutations *m, int argc, char **argv, struct error *e) {
  if (argc < 5) return error_set(e, ERR_CONFIG, "a standard, its rows, and a store of each protocol");
  read_files(m, str_z(argv[2]));
  if (declared_read(&m->declared, m->arena, m->data_dir, e) < 0 || rows_read(m, argv[3], e) < 0) return -1;
  for (int i = 4; i < argc; i++)
    if (recording_open(m, argv[i], e) < 0) return -1;
  list_mutants(m);
  return mutants_judge(m, e);
}

static int agree(struct mutations *m, int argc, char **argv, struct error *e) {
  size_t wrong;
  if (argc != 5) return error_set(e, ERR_CONFIG, "agree: a defect and two stores");
  if (declared_read(&m->declared, m->arena, m->data_dir, e) < 0) return -1;
  if (recording_open(m, argv[3], e) < 0 || recording_open(m, argv[4], e) < 0) return -1;
  if (mutations_agree(m, str_z(argv[2]), &wrong, e) < 0) return -1;
  return wrong ? 1 : 0;
}

static void close_all(struct mutations *m) {
  for (size_t i = 0; i < m->recordings.n; i++) {
    run_close(m->recordings.v[i].clean);
    session_close(&m->recordings.v[i].session);
  }
}

static int work(struct mutations *m, int argc, char **argv, struct error *e) {
  if (file_data_dir(&m->data_dir, m->arena, e) < 0) return -1;
  if (!strcmp(argv[1], "answers")) return answers_print(m, argv[2], argv[3], e);
  if (!strcmp(argv[1], "agree")) return agree(m, argc, argv, e);
  m->content = !strncmp(argv[1], "content-", 8);
  if (read_all(m, argc, argv, e) < 0) return -1;
  if (!strcmp(argv[1] + (m->content ? 8 : 0), "check")) return mutations_check(m) ? 1 : 0;
  mutations_table(m, stdout);
  return 0;
}

int main(int argc, char **argv) {
  struct cli c = {.arena = arena_new(0), .out = stdout, .err = stderr, .log = {.to = stderr}, .version = "mutations"};
  struct mutations m = {.cli = &c, .arena = c.arena};
  struct error e;
  if (argc < 4)
    return cli_usage(&c, "mutations [content-]check|table STANDARD[,WITH...] ROWS STORE... | agree DEFECT CLEAN WIRE | "
                         "answers PROTOCOL EVIDENCE");
  int code = work(&m, argc, argv, &e);
  if (code < 0) code = cli_fail(&c, &e);
  close_all(&m);
  arena_free(c.arena);
  return code;
}
