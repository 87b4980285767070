/* publish: the reports of a run as files: DIR/<system>/<run>/ with report.en.html, report.da.html, report.en.svg,
 * report.da.svg, junit.xml, record.json and exchanges/. */
#ifndef CLI_PUBLISH_H
#define CLI_PUBLISH_H

#include "cli/session.h"
#include "report/report.h"
#include "run/run.h"

/* Makes and tries the folder, so that a run does not end in a folder that cannot be written. */
MUST_CHECK int publish_prepare(const char *dir, struct error *e);
/* Writes all formats; *html becomes the path of the HTML report in the command's language. */
MUST_CHECK int publish_run(struct session *s, struct run *r, const char *dir, const char **html, struct error *e);

#endif
