#ifndef CD_IO_LISTEN_H
#define CD_IO_LISTEN_H

#include "base/err.h"

/* A listening TCP socket, non-blocking, at "127.0.0.1:8425" or "[::1]:8425";
 * port 0 takes a free one, *port_out tells which. CD_MALFORMED: not of that
 * form. CD_REFUSED: the address is taken or not ours. */
enum cd_rc listen_open(const char *text, int *fd_out, int *port_out,
    struct cd_err *err) CD_CHECK;

#endif
