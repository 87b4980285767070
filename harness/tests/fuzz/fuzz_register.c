/* fuzz_register: the register; whatever is read answers every look-up. */
#include "standards/register.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every chain ends, and what inherits a number is found to have one. */
static void look_up(const struct sor_register *r) {
  for (size_t i = 0; i < r->units.n; i++) {
    const struct register_unit *u = r->units.v[i];
    if (sor_register_find(r, u->id) != u) BUG("a unit is not found by its name");
    if (u->gln.n && u->number != u) BUG("a number of its own does not count");
    if (u->number && !register_unit_gln(u).n) BUG("a number without digits");
    (void)register_unit_receives(u, STR("FDIS91"), STR("5.0"));
    if (u->endpoint && (!u->gln.n || !u->endpoint->payloads.n)) BUG("an endpoint without a number or without payloads");
    if (u->yder.n && sor_register_practice(r, u->yder) != u) BUG("a practice is not found by its number");
    if (u->msh && sor_register_device(r, u->msh->device_id) != u->msh) BUG("a device is not found by its identifier");
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct sor_register *r;
  struct error e;
  if (sor_register_read(&r, a, (struct str){(const char *)data, size}, STR("fuzz"), &e) == 0) look_up(r);
  arena_free(a);
  return 0;
}
