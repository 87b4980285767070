/* The json reader on any bytes. */
#include "formats/json.h"
#include "tests/fuzz/round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  round_trip(&(struct round_trip){json_read, json_write, 1}, data, size);
  return 0;
}
