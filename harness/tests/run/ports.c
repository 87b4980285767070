#include "tests/run/ports.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST 10000
#define PLACES 2500 /* of PORTS_TOGETHER_MAX ports each */

static bool is_free(int port) {
  struct sockaddr_in at = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bool well = bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
  close(fd);
  return well;
}

int ports_free(int n) {
  for (int i = 0; i < PLACES; i++) {
    int first = FIRST + (getpid() + i) % PLACES * PORTS_TOGETHER_MAX, k = 0;
    while (k < n && is_free(first + k)) k++;
    if (k == n) return first;
  }
  return 0;
}
