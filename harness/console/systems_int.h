/* systems_int: the pages of systems: lists and files (systems_page.c), and the form that writes a file
 * (systems_form.c). */
#ifndef CONSOLE_SYSTEMS_INT_H
#define CONSOLE_SYSTEMS_INT_H

#include "console/systems.h"

/* A field for MedCom that says whose a new system is; nothing for a vendor. */
void systems_organisation(struct visit *v);
/* The form for a new system. */
void systems_form(struct visit *v);
/* The vendor file that the form of this visit comes to; empty if the example that it builds on cannot be read. */
struct str systems_form_file(struct visit *v, struct str organisation);

#endif
