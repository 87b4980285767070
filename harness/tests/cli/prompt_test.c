/* Questions at a terminal, and who must not be asked. */
#include "cli/prompt.h"

#include "cli/session.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Somebody has typed yes at the terminal that standard input is. */
static bool typed_yes(const struct session *host) {
  struct cli c = {.out = stdout, .err = stderr, .host = host};
  int person = posix_openpt(O_RDWR | O_NOCTTY);
  cr_assert_geq(person, 0);
  cr_assert_eq(grantpt(person), 0);
  cr_assert_eq(unlockpt(person), 0);
  int terminal = open(ptsname(person), O_RDWR | O_NOCTTY);
  cr_assert_geq(terminal, 0);
  cr_assert_geq(dup2(terminal, STDIN_FILENO), 0);
  cr_assert_eq(write(person, "yes\n", 4), 4);
  bool said = prompt_yes(&c, "Really?", "Virkelig?");
  close(terminal);
  close(person);
  return said;
}

Test(prompt, who_sits_at_the_terminal_is_asked) {
  cr_expect(typed_yes(NULL));
}

Test(prompt, who_sits_at_the_terminal_of_a_server_is_not) {
  struct session host = {0};
  cr_expect_not(typed_yes(&host));
}
