/* tables: those of the console, each with the file whose own they are. Made if they are not there. */
#ifndef CONSOLE_TABLES_H
#define CONSOLE_TABLES_H

extern const char *const tables_statements[]; /* NULL-terminated */

#endif
