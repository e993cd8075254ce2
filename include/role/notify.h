#ifndef CD_ROLE_NOTIFY_H
#define CD_ROLE_NOTIFY_H

#include <stdint.h>

/* sd_notify(3)'s protocol: one datagram to $NOTIFY_SOCKET; without it nothing.
 * state: "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..." lines. */
void notify_send(const char *state);

/* Milliseconds between two signs of life that $WATCHDOG_USEC asks for (half of
 * it); 0: none. */
int64_t notify_watchdog_ms(void);

#endif
