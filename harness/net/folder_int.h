/* folder_int: what the tests of the folder need besides its header. */
#ifndef NET_FOLDER_INT_H
#define NET_FOLDER_INT_H

#include "net/folder.h"

/* Looks through the folder now, as is done every FOLDER_RESCAN_MS. */
void folder_rescan(struct folder *f);

#endif
