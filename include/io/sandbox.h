#ifndef CD_IO_SANDBOX_H
#define CD_IO_SANDBOX_H

#include <stddef.h>

#include "base/err.h"

/*
 * Rights shrink in one step, after everything needed is open: no new
 * privileges, no core dumps, and Landlock where the kernel has it: files below
 * read_paths may be read, below write_paths read and written, nothing else.
 * Where the kernel lacks Landlock it does the rest and returns CD_ABSENT.
 */
enum cd_rc sandbox_apply(const char *const *read_paths, size_t n_read,
    const char *const *write_paths, size_t n_write, struct cd_err *err)
    CD_CHECK;

#endif
