/* press: a document of ours as PDF, by the helper program testcamp-pdf.
 *
 * Layout needs pango and cairo, which would make every start of testcamp slower; so a program of its own links them. It
 * lies beside our executable, reads HTML from its standard input and writes PDF to its standard output. */
#ifndef PAPER_PRESS_H
#define PAPER_PRESS_H

#include "base/buf.h"
#include "base/error.h"

#define PRESS_PROGRAM "testcamp-pdf"

/* Appends the PDF of html to out. An error tells what to install where the helper is not there, and what it said where
 * it failed. a is scratch. */
MUST_CHECK int press_pdf(struct buf *out, struct arena *a, struct str html, struct error *e);

#endif
