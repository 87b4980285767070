/* commands: one row a command; each is one file cmd_<name>.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct command command_run, command_resume, command_put, command_get, command_answer, command_attach,
    command_list, command_report, command_validate, command_fhirpath, command_diff, command_convert, command_lint,
    command_explain, command_package, command_serve, command_assess, command_revise, command_course, command_check,
    command_repeat, command_stand, command_insert, command_confirm, command_verify, command_receive, command_redact,
    command_release, command_regress, command_contest, command_uphold, command_rejudge, command_print, command_coverage,
    command_register, command_import, command_certs, command_completion, command_schema, command_approvals, command_man,
    command_account, command_pause, command_abort;

#endif
