/* account: who may use the console of `testcamp serve`. Works beside a server that runs: the tables are the console's
 * own (console/db.h), and it looks at them with every request. */
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/opts.h"
#include "console/accounts.h"
#include "console/organisations.h"
#include "console/password.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct account_args {
  struct opt_list rest;
  const char *store, *role, *initials, *organisation, *full_name, *email;
};

struct keeping {
  struct cli *cli;
  const struct account_args *args;
  struct db *db;
  struct str name;
};

/* ---- passwords ---- */

static bool read_line(char *line, int size) {
  if (!fgets(line, size, stdin)) return false;
  line[strcspn(line, "\r\n")] = '\0';
  return true;
}

/* From a terminal without echo, twice; else the first line of standard input. */
static int read_password(struct keeping *k, struct str *password, struct error *e) {
  char line[PASSWORD_MAX + 3], again[PASSWORD_MAX + 3];
  struct termios before, quiet;
  bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    fprintf(k->cli->err, "Password: ");
  }
  bool got = read_line(line, sizeof line);
  if (terminal) {
    fprintf(k->cli->err, "\nOnce more: ");
    got = got && read_line(again, sizeof again);
    fprintf(k->cli->err, "\n");
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  }
  if (!got) return error_set(e, ERR_CONFIG, "no password: write it on standard input");
  if (terminal && strcmp(line, again) != 0)
    return error_set(e, ERR_CONFIG, "the two are not the same; nothing changed");
  *password = arena_str(k->cli->arena, str_z(line));
  return password_check(*password, k->name, e);
}

/* ---- what can be done ---- */

static int find(struct keeping *k, struct account *acc, struct error *e) {
  if (account_named(k->db, k->cli->arena, k->name, acc, e) < 0) return -1;
  return acc->id ? 0 : error_set(e, ERR_CONFIG, "there is no account %.*s; see testcamp account list", STR_F(k->name));
}

static int do_list(struct keeping *k, struct error *e) {
  struct account *all;
  size_t n;
  if (accounts_list(k->db, k->cli->arena, -1, &all, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++)
    fprintf(k->cli->out, "%-20.*s  %-7s  %-12.*s  %.*s%s%s\n", STR_F(all[i].name), account_role_name(all[i].role),
            STR_F(all[i].initials), STR_F(all[i].organisation_name), all[i].password.n ? "" : " (no password yet)",
            all[i].closed ? " (closed)" : "");
  return 0;
}

static int find_organisation(struct keeping *k, int64_t *id, struct error *e) {
  struct organisation o = {.name = str_z(k->args->organisation)};
  if (!k->args->organisation) return 0;
  if (organisation_named(k->db, o.name, id, e) < 0) return -1;
  if (*id) return 0;
  o.email = str_z(k->args->email);
  if (organisation_add(k->db, &o, clock_wall(), e) < 0) return -1;
  *id = o.id;
  fprintf(k->cli->err, "testcamp: new organisation %.*s\n", STR_F(o.name));
  return 0;
}

static int invite(struct keeping *k, int64_t account, struct error *e) {
  struct str token;
  if (invitation_new(k->db, k->cli->arena, account, clock_wall(), &token, e) < 0) return -1;
  fprintf(k->cli->out, "/invitation/%.*s\n", STR_F(token));
  fprintf(k->cli->err, "testcamp: who opens this at the console chooses the password of %.*s, once, within 7 days\n",
          STR_F(k->name));
  return 0;
}

static int do_add(struct keeping *k, struct error *e) {
  const struct account_args *args = k->args;
  struct account acc = {.name = k->name, .initials = str_z(args->initials), .full_name = str_z(args->full_name)};
  if (!args->role || !account_role_parse(str_z(args->role), &acc.role))
    return error_set(e, ERR_CONFIG, "--role is medcom, vendor or viewer");
  if (find_organisation(k, &acc.organisation, e) < 0 || account_add(k->db, &acc, clock_wall(), e) < 0) return -1;
  return invite(k, acc.id, e);
}

static int do_invite(struct keeping *k, struct error *e) {
  struct account acc;
  return find(k, &acc, e) < 0 ? -1 : invite(k, acc.id, e);
}

static int do_password(struct keeping *k, struct error *e) {
  struct account acc;
  struct str password, kept;
  if (find(k, &acc, e) < 0 || read_password(k, &password, e) < 0 ||
      password_hash(&kept, k->cli->arena, password, e) < 0)
    return -1;
  return account_set_password(k->db, acc.id, kept, e);
}

static int set_closed(struct keeping *k, bool closed, struct error *e) {
  struct account acc;
  return find(k, &acc, e) < 0 ? -1 : account_close(k->db, acc.id, closed, e);
}

static int do_close(struct keeping *k, struct error *e) {
  return set_closed(k, true, e);
}

static int do_open(struct keeping *k, struct error *e) {
  return set_closed(k, false, e);
}

static const struct {
  const char *word;
  int (*act)(struct keeping *k, struct error *e);
  size_t names;
} words[] = {{"list", do_list, 0},         {"add", do_add, 1},     {"invite", do_invite, 1},
             {"password", do_password, 1}, {"close", do_close, 1}, {"open", do_open, 1}};

static int act(struct cli *c, const struct command *self, const struct account_args *a) {
  struct keeping k = {.cli = c, .args = a, .name = str_z(a->rest.n > 1 ? a->rest.v[1] : "")};
  struct error e;
  size_t n = sizeof words / sizeof *words, i = 0;
  const char *word = a->rest.n ? a->rest.v[0] : "list";
  while (i < n && strcmp(words[i].word, word) != 0) i++;
  if (i == n || a->rest.n > words[i].names + 1 || (words[i].names && a->rest.n < 2))
    return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  const char *store = a->store ? a->store : store_default_path(c->arena);
  if (db_open(&k.db, store, &e) < 0) return cli_fail(c, &e);
  int result = words[i].act(&k, &e);
  db_close(k.db);
  return result < 0 ? cli_fail(c, &e) : EXIT_OK;
}

static int cmd_account(struct cli *c, const struct command *self, int argc, char **argv) {
  struct account_args a = {0};
  const struct opt table[] = {
      {"role", OPT_TEXT, "ROLE", "add: medcom, vendor or viewer", &a.role},
      {"initials", OPT_TEXT, "INITIALS", "add: what stands at assessments and answers", &a.initials},
      {"organisation", OPT_TEXT, "NAME", "add: of a vendor; a new one is made", &a.organisation},
      {"full-name", OPT_TEXT, "NAME", "add: the person", &a.full_name},
      {"email", OPT_TEXT, "ADDRESS", "add: of a new organisation", &a.email},
      {"store", OPT_TEXT, "FILE", "event log that the console belongs to", &a.store},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  return act(c, self, &a);
}

const struct command command_account = {.name = "account",
                                        .arguments = "[list|add NAME|invite NAME|password NAME|close NAME|open NAME]",
                                        .summary = "who may use the console of serve",
                                        .run = cmd_account};
