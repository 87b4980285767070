#include "cli/commands.h"

#include <stddef.h>

const struct command *const commands[] = {
    &command_run,        &command_resume,    &command_pause,    &command_abort,    &command_put,
    &command_get,        &command_answer,    &command_attach,   &command_repeat,   &command_stand,
    &command_insert,     &command_confirm,   &command_assess,   &command_revise,   &command_course,
    &command_list,       &command_report,    &command_validate, &command_fhirpath, &command_diff,
    &command_convert,    &command_lint,      &command_import,   &command_explain,  &command_package,
    &command_serve,      &command_check,     &command_verify,   &command_receive,  &command_redact,
    &command_release,    &command_regress,   &command_contest,  &command_uphold,   &command_rejudge,
    &command_print,      &command_coverage,  &command_register, &command_certs,    &command_schema,
    &command_completion, &command_approvals, &command_man,      &command_account,  NULL};
