#ifndef CD_BASE_LOG_H
#define CD_BASE_LOG_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * One line an event on standard error: "event key=value ...". base, text,
 * store and io never log; flow and the roles log once, with the case's id.
 * Untrusted text goes through log_q only. Never bodies, tokens, passwords.
 */
enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARN, LEVEL_ERROR };

void log_open(enum log_level, bool json, const char *role);
void log_write(enum log_level, const char *event, const char *fmt, ...)
    CD_PRINTF(3, 4);
#define log_debug(...) log_write(LEVEL_DEBUG, __VA_ARGS__)
#define log_info(...) log_write(LEVEL_INFO, __VA_ARGS__)
#define log_warn(...) log_write(LEVEL_WARN, __VA_ARGS__)
#define log_error(...) log_write(LEVEL_ERROR, __VA_ARGS__)

/* Quoted, cut at 200 bytes, '"', controls and what turns the direction of
 * writing (utf8_hidden) escaped; NULL gives "-". */
const char *log_q(struct arena *, const char *);

#endif
