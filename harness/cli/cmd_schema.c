#include <string.h>

#include "cli/commands.h"
#include "cli/opts.h"
#include "plan/vendor.h"
#include "protocol/schema.h"
#include "record/record.h"
#include "steps/steps.h"

static void write_protocol(struct buf *out) {
  protocol_schema(out, step_kinds);
}

static int cmd_schema(struct cli *c, const struct command *self, int argc, char **argv) {
  static const struct {
    const char *name;
    void (*write)(struct buf *out);
  } files[] = {{"protocol", write_protocol}, {"vendor", vendor_schema}, {"record", record_schema}};
  struct opt_list rest;
  const struct opt table[] = {{0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (rest.n != 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    struct buf b;
    if (strcmp(rest.v[0], files[i].name) != 0) continue;
    buf_init(&b, CLI_OUTPUT_MAX);
    files[i].write(&b);
    cli_print(c->out, buf_str(&b));
    buf_release(&b);
    return EXIT_OK;
  }
  return cli_usage(c, "%s: there is a schema of protocol, vendor and record", rest.v[0]);
}

const struct command command_schema = {
    .name = "schema",
    .arguments = "protocol|vendor|record",
    .summary = "the JSON Schema by which editors complete protocols and vendor files, or of record.json",
    .run = cmd_schema};
