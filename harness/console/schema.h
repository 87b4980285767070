/* schema: the tables of the console, each with the file whose own they are. Made if they are not there. */
#ifndef CONSOLE_SCHEMA_H
#define CONSOLE_SCHEMA_H

extern const char *const schema_statements[]; /* NULL-terminated */

#endif
