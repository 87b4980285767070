#include "formats/photo.h"

#include <criterion/criterion.h>

#define PNG(width, height) "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" width height
#define JPEG "\xFF\xD8\xFF\xE0\0\x04xx"
#define FRAME(marker, height, width) "\xFF" marker "\0\x0b\x08" height width

static const struct {
  const char *what;
  struct str bytes;
  const char *type; /* NULL: it is none */
  int width, height;
} rows[] = {
    {"png", STR_INIT(PNG("\0\0\0\3", "\0\0\0\2")), "image/png", 3, 2},
    {"png, cut", STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0"), NULL, 0, 0},
    {"png without a head", STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\0\1\0\0\0\1"), NULL, 0, 0},
    {"png of no width", STR_INIT(PNG("\0\0\0\0", "\0\0\0\2")), NULL, 0, 0},
    {"png, a side too long", STR_INIT(PNG("\0\0\x4e\x21", "\0\0\0\1")), NULL, 0, 0},
    {"png, too many pixels", STR_INIT(PNG("\0\0\x4e\x20", "\0\0\x4e\x20")), NULL, 0, 0},
    {"png, more than numbers", STR_INIT(PNG("\xFF\xFF\xFF\xFF", "\xFF\xFF\xFF\xFF")), NULL, 0, 0},
    {"jpeg", STR_INIT(JPEG FRAME("\xC0", "\0\2", "\1\0") "\xFF\xDA"), "image/jpeg", 256, 2},
    {"progressive jpeg", STR_INIT(JPEG "\xFF" FRAME("\xC2", "\0\2", "\0\3")), "image/jpeg", 3, 2},
    {"a table is no frame", STR_INIT(JPEG "\xFF\xC4\0\x04xx" FRAME("\xC1", "\0\5", "\0\4")), "image/jpeg", 4, 5},
    {"jpeg without a frame", STR_INIT(JPEG "\xFF\xDA\0\x08xxxxxxxxx"), NULL, 0, 0},
    {"a length of 0", STR_INIT("\xFF\xD8\xFF\xE0\0\0xxxxxxxxxxxxxxx"), NULL, 0, 0},
    {"jpeg, cut in its frame", STR_INIT(JPEG "\xFF\xC0\0\x0b\x08\0\2"), NULL, 0, 0},
    {"gif", STR_INIT("GIF89a\1\0\1\0xxxxxxxxxxxxxxxx"), NULL, 0, 0},
    {"nothing", STR_INIT(""), NULL, 0, 0},
};

Test(photo, heads_tell_type_and_size) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct photo p = {0};
    bool is = photo_look(&p, rows[i].bytes);
    cr_expect_eq(is, rows[i].type != NULL, "%s", rows[i].what);
    if (!is || !rows[i].type) continue;
    cr_expect_str_eq(p.type, rows[i].type, "%s", rows[i].what);
    cr_expect(p.width == rows[i].width && p.height == rows[i].height, "%s: %d x %d", rows[i].what, p.width, p.height);
  }
}
