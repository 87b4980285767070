/* vendor_guard: what the vendor file of an organisation may say that is kept in the console.
 *
 * The file comes from outside and is used at this machine: it may name no program, folder or file here, and no address
 * by which our own machine would be asked for what is not the vendor's. Pure: nothing is looked up; a name that leads
 * to such an address is not found out here (of link-local ones net/http_client.h says what happens then). */
#ifndef CONSOLE_VENDOR_GUARD_H
#define CONSOLE_VENDOR_GUARD_H

#include "plan/vendor.h"

/* ERR_CONFIG with what is refused and why; organisation is whose it is, own the address of the console ("host:port").
 */
MUST_CHECK int vendor_guard(const struct vendor *w, struct str organisation, struct str own, struct error *e);
/* The part about one address: http or https, neither link-local (169.254/16, fe80::/10: there clouds keep the secrets
 * of a machine), nor nowhere in particular (0.0.0.0), nor the console itself; name is that of the key. */
MUST_CHECK int vendor_guard_address(struct str address, const char *name, struct str own, struct error *e);

#endif
