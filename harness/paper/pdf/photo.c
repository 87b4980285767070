/* Pictures in PNG and JPEG; a JPEG goes into the PDF as it is. */
#include "formats/photo.h"

#include "base/base64.h"
#include "paper/pdf/picture.h"

const struct picture *photo_read(struct arena *a, const struct sheet_node *img) {
  struct picture *p = ARENA_NEW(a, struct picture);
  struct str bytes, rest = img->src;
  struct photo photo;
  size_t comma = str_index(rest, ','), bad;
  *p = (struct picture){.svg = NULL};
  if (!str_starts(rest, STR("data:")) || comma == SIZE_MAX) return NULL;
  if (base64_decode(&bytes, a, str_sub(rest, comma + 1, rest.n), &bad) != 0 || !photo_look(&photo, bytes)) return NULL;
  p->photo = bytes;
  p->width = photo.width;
  p->height = photo.height;
  return p;
}

static cairo_status_t read_bytes(void *from, unsigned char *to, unsigned int n) {
  struct str *rest = from;
  if (rest->n < n) return CAIRO_STATUS_READ_ERROR;
  memcpy(to, rest->p, n);
  *rest = str_sub(*rest, n, rest->n);
  return CAIRO_STATUS_SUCCESS;
}

/* What is drawn of it is its bytes, so that nothing decodes them here; white paper, where cairo cannot take them. */
static cairo_surface_t *jpeg(const struct picture *p) {
  cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)p->width, (int)p->height);
  cairo_t *ground = cairo_create(s);
  cairo_set_source_rgb(ground, 1, 1, 1);
  cairo_paint(ground);
  cairo_destroy(ground);
  cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, (const unsigned char *)p->photo.p, p->photo.n, NULL, NULL);
  return s;
}

void photo_paint(const struct picture *p, cairo_t *cr) {
  struct str rest = p->photo;
  bool is_png = str_starts(rest, STR("\x89PNG"));
  cairo_surface_t *s = is_png ? cairo_image_surface_create_from_png_stream(read_bytes, &rest) : jpeg(p);
  if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS) {
    cairo_set_source_surface(cr, s, 0, 0);
    cairo_paint(cr);
  }
  cairo_surface_destroy(s);
}
