/* ports: addresses that stay free until the test listens there.
 *
 * A port that the kernel gave out ("127.0.0.1:0") and that was closed again is given to the next who asks: another
 * test, at the same moment. These lie below those that it gives out (32768 and more), apart for each process, and
 * outside those of the scripts (free_port of e2e/lib.sh, 20000 to 29999). */
#ifndef TESTS_RUN_PORTS_H
#define TESTS_RUN_PORTS_H

#define PORTS_TOGETHER_MAX 4

/* The first of n ports in a row of 127.0.0.1 where nobody listens; n at most PORTS_TOGETHER_MAX. 0: there are none. */
int ports_free(int n);

#endif
