/* fuzz_photo: heads of pictures, from any bytes. */
#include "formats/photo.h"

#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct photo p;
  if (!photo_look(&p, (struct str){(const char *)data, size})) return 0;
  if (p.width <= 0 || p.height <= 0 || (int64_t)p.width * p.height > PHOTO_PIXELS_MAX) BUG("a picture without a size");
  return 0;
}
