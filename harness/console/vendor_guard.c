#include "console/vendor_guard.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

#define HOST_MAX 255
#define LISTEN_FREE "127.0.0.1:0"

/* Host and port of "http://user@host:port/path". */
static void split(struct str url, struct str *host, struct str *port) {
  size_t from = str_find(url, STR("://"), 0) + 3, to = from, colon = SIZE_MAX;
  while (to < url.n && !strchr("/?#", url.p[to])) to++;
  for (size_t i = from; i < to; i++)
    if (url.p[i] == '@') from = i + 1;
  for (size_t i = from; i < to; i++)
    if (url.p[i] == ':') colon = i;
  bool six = from < to && url.p[from] == '[', bare = six && url.p[to - 1] == ']';
  bool has_port = colon != SIZE_MAX && !bare;
  *host = str_sub(url, from + six, (has_port ? colon : to) - six);
  *port = has_port ? str_sub(url, colon + 1, to) : str_starts(url, STR("https")) ? STR("443") : STR("80");
}

/* Only what every reader of addresses reads the same way: no escapes, no letters that are folded into others, no
 * backslash, and no dot at the end. */
static bool is_plain(struct str url, struct str host) {
  bool fine = host.n > 0 && host.n <= HOST_MAX && host.p[host.n - 1] != '.';
  for (size_t i = 0; i < host.n; i++) {
    char c = host.p[i];
    fine = fine && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr(".:-_", c));
    fine = fine && c != '\0';
  }
  for (size_t i = 0; i < url.n; i++) fine = fine && (unsigned char)url.p[i] > ' ' && url.p[i] != '\\';
  return fine;
}

static bool four_is_refused(const unsigned char *b) {
  return (b[0] == 169 && b[1] == 254) || b[0] == 0 || b[0] >= 224;
}

static bool six_is_refused(const struct in6_addr *a) {
  if (IN6_IS_ADDR_V4MAPPED(a)) return four_is_refused(a->s6_addr + 12);
  return IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_MULTICAST(a) || IN6_IS_ADDR_UNSPECIFIED(a);
}

static bool is_loopback(const struct sockaddr *s) {
  const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)s)->sin6_addr;
  if (s->sa_family == AF_INET)
    return ntohl(((const struct sockaddr_in *)(const void *)s)->sin_addr.s_addr) >> 24 == 127;
  return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
}

/* Numbers only, in every way that connecting reads them: 169.254.1.1, 0xa9fe0101, 2852061441. */
static bool number_is_refused(const char *host, bool *here) {
  struct addrinfo want = {.ai_flags = AI_NUMERICHOST}, *found = NULL;
  if (getaddrinfo(host, NULL, &want, &found) != 0) return false;
  const struct sockaddr *s = found->ai_addr;
  *here = is_loopback(s);
  bool refused = s->sa_family == AF_INET
                     ? four_is_refused((const unsigned char *)&((const struct sockaddr_in *)(const void *)s)->sin_addr)
                     : six_is_refused(&((const struct sockaddr_in6 *)(const void *)s)->sin6_addr);
  freeaddrinfo(found);
  return refused;
}

static struct str port_of(struct str listen) {
  size_t colon = listen.n;
  while (colon > 0 && listen.p[colon - 1] != ':') colon--;
  return str_sub(listen, colon, listen.n);
}

int vendor_guard_address(struct str address, const char *name, struct str own, struct error *e) {
  struct str host, port;
  char text[HOST_MAX + 1];
  if (!str_starts(address, STR("http://")) && !str_starts(address, STR("https://")))
    return error_set(e, ERR_CONFIG, "\"%s\" must begin with http:// or https://", name);
  if (str_find(address, STR("${"), 0) != SIZE_MAX)
    return error_set(e, ERR_CONFIG, "\"%s\" must be a whole address: nothing is started here that would fill it in",
                     name);
  split(address, &host, &port);
  if (!is_plain(address, host))
    return error_set(e, ERR_CONFIG, "\"%s\" names no plain host: letters, digits, dots and hyphens", name);
  memcpy(text, host.p, host.n);
  text[host.n] = '\0';
  bool here = str_eq_nocase(host, STR("localhost"));
  if (number_is_refused(text, &here))
    return error_set(e, ERR_CONFIG, "\"%s\": %s is a link-local or special address, which is not asked from here", name,
                     text);
  int64_t a = -1, b = -2;
  bool same = str_int(port, &a) && str_int(port_of(own), &b) && a == b;
  size_t end = own.n - port_of(own).n;
  bool ours = here || str_eq_nocase(host, str_sub(own, 0, end ? end - 1 : 0));
  if (same && ours) return error_set(e, ERR_CONFIG, "\"%s\" is the console's own address", name);
  return 0;
}

/* ---- the file ---- */

static const char *refused_part(const struct vendor *w) {
  if (w->launch.n) return "launch: the console starts no program of a vendor";
  if (w->trigger == TRIGGER_COMMAND) return "trigger: a command is not carried out here; use person or http";
  if (w->folder_to.n || w->folder_from.n) return "exchange: folders of this machine are not used; use http or upload";
  if (w->identity.certificate.n || w->identity.key.n || w->identity.trust.n)
    return "exchange: files of certificates are not read from this machine";
  if (w->tls.certificate.n || w->tls.key.n || w->tls.trust.n)
    return "tls: the one address of the laboratory has a certificate of its own";
  for (size_t i = 0; i < w->enrollments.n; i++)
    if (w->enrollments.v[i].file.n)
      return "authorization: files of enrolments are not read from this machine; write each as JSON text, '{...}'";
  if (w->certificates.n) return "certificates: hand them in on the page of the system, where they are checked";
  if (!str_eqz(w->listen, LISTEN_FREE)) return "exchange: leave out listen; the laboratory has one address for all";
  return NULL;
}

int vendor_guard(const struct vendor *w, struct str organisation, struct str own, struct error *e) {
  const char *part = refused_part(w);
  struct str url = w->trigger == TRIGGER_HTTP ? w->trigger_url : STR("");
  if (!str_eq_nocase(w->name, organisation))
    return error_set(e, ERR_CONFIG, "vendor.name must be the name of your organisation, %.*s", STR_F(organisation));
  if (part) return error_set(e, ERR_CONFIG, "%s", part);
  if (w->address.n && vendor_guard_address(w->address, "exchange.address", own, e) < 0) return -1;
  if (w->rest.n && vendor_guard_address(w->rest, "rest.address", own, e) < 0) return -1;
  if (url.n && vendor_guard_address(url, "trigger.url", own, e) < 0) return -1;
  return 0;
}
