/* folder: a watched folder (inotify, and a rescan every FOLDER_RESCAN_MS for network shares, which send no events).
 *
 * fn is called with the path of each regular file that is whole: closed after writing, renamed into the folder, or, at
 * a rescan, unchanged in size and time since the last look and not known to be open for writing. Names starting with
 * '.' or ending in ".tmp", ".part" are left alone, links too. A file is reported again at every rescan until it is
 * moved away. The path is good during the call; fn may close the folder. */
#ifndef NET_FOLDER_H
#define NET_FOLDER_H

#include "base/error.h"
#include "base/str.h"

#define FOLDER_RESCAN_MS INT64_C(2000)
#define FOLDER_FILES_MAX 10000

struct loop;
struct folder;

MUST_CHECK int folder_open(struct folder **out, struct loop *l, const char *dir,
                           void (*fn)(void *payload, const char *path), void *payload, struct error *e);
void folder_close(struct folder *f);

#endif
