/* What vendor_guard lets through of addresses, and what not. */
#include "console/vendor_guard.h"

#include <criterion/criterion.h>

#define OWN "127.0.0.1:8651"

static const struct {
  const char *address, *why; /* NULL: fine */
} addresses[] = {{"http://127.0.0.1:8089/messages", NULL},
                 {"https://journal.example.org", NULL},
                 {"https://[2001:db8::1]:8443/x", NULL},
                 {"http://user:pw@10.0.0.7/x", NULL},
                 {"ftp://example.org/", "must begin"},
                 {"file:///etc/passwd", "must begin"},
                 {"http:///x", "names no plain host"},
                 {"http://localhost.:8651/", "names no plain host"},
                 {"http://169.254.169.254./", "names no plain host"},
                 {"http://%31%36%39.254.169.254/", "names no plain host"},
                 {"http://\xef\xbc\x91\x36\x39.254.169.254/", "names no plain host"},
                 {"http://example.org\\@169.254.169.254/", "names no plain host"},
                 {"http://[fe80::1%25eth0]/", "names no plain host"},
                 {"http://example.org/a b", "names no plain host"},
                 {"http://${launch.address}/x", "whole address"},
                 {"http://169.254.169.254/latest", "link-local"},
                 {"http://2852039166/", "link-local"},
                 {"http://0xa9fea9fe/", "link-local"},
                 {"http://0251.0376.0251.0376/", "link-local"},
                 {"http://x@169.254.169.254/", "link-local"},
                 {"http://169.254.169.254?x", "link-local"},
                 {"http://[fe80::1]/", "link-local"},
                 {"http://[::ffff:169.254.1.1]:80/", "link-local"},
                 {"http://0.0.0.0:8651/", "link-local"},
                 {"http://224.0.0.1/", "link-local"},
                 {"http://127.0.0.1:8651/", "console's own"},
                 {"http://127.9.9.9:8651/", "console's own"},
                 {"http://localhost:8651", "console's own"},
                 {"http://[::1]:8651/x", "console's own"},
                 {"http://[::ffff:127.0.0.1]:8651/x", "console's own"},
                 {"http://127.0.0.1:8652/", NULL}};

Test(vendor_guard, addresses) {
  for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
    struct error e = {0};
    int result = vendor_guard_address(str_z(addresses[i].address), "exchange.address", STR(OWN), &e);
    cr_expect_eq(result, addresses[i].why ? -1 : 0, "%s: %s", addresses[i].address, e.text);
    if (result < 0 && addresses[i].why)
      cr_expect_neq(str_find(str_z(e.text), str_z(addresses[i].why), 0), SIZE_MAX, "%s: %s", addresses[i].address,
                    e.text);
  }
}

/* The same host and port as the console, by the name that it was told to listen at. */
Test(vendor_guard, own_name) {
  struct error e;
  cr_expect_eq(vendor_guard_address(STR("https://lab.example.org:8443/"), "a", STR("lab.example.org:8443"), &e), -1);
  cr_expect_eq(vendor_guard_address(STR("https://lab.example.org/"), "a", STR("lab.example.org:443"), &e), -1);
  cr_expect_eq(vendor_guard_address(STR("https://lab.example.org:8444/"), "a", STR("lab.example.org:8443"), &e), 0);
}
