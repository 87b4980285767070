/* The xml reader on any bytes. */
#include "formats/xml.h"
#include "tests/fuzz/round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  round_trip(&(struct round_trip){xml_read, xml_write, 0}, data, size);
  return 0;
}
