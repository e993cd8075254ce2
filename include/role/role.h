#ifndef CD_ROLE_ROLE_H
#define CD_ROLE_ROLE_H

#include <stdbool.h>

#include "flow/engine.h"
#include "store/db.h"

/*
 * The processes of the daemon. Each is one single-threaded loop with its own
 * database connection: open, sandbox, loop; SIGTERM ends it in order. They hand
 * work over by rows, and a byte in a pipe says that there is some. Rules, model
 * and templates are the supervisor's, read once and shared: a role that is
 * started anew works by the same ones.
 */
struct role_context {
	const struct config *config;
	const struct engine *engine;
	int wake_read;		/* this role's pipe, -1: none */
	int wake_send;		/* write end that wakes `send`, -1: none */
	int signals;		/* signalfd of SIGTERM and SIGINT */
	bool after_crash;	/* the one before died: one mail at a time */
};

/* Return the process's exit code: 0 after an orderly stop. */
int role_watch(const struct role_context *);
int role_send(const struct role_context *);
int role_web(const struct role_context *);

/* The supervisor: takes the lock, starts the roles, restarts them with
 * back-off, speaks systemd's protocol. Returns a sysexits code. */
int supervisor_run(const char *config_file);
/* Does a daemon run on this database now, or its last roles still? Asks its lock,
 * not its last sign of life; true where that cannot be asked. */
bool supervisor_runs(struct arena *, const struct config *);
/* Have the supervisor that runs on this database reread configuration, rules,
 * model and templates, as SIGHUP does, and wait for what comes of it. Sends a
 * signal, writes nothing.
 * CD_ABSENT: none runs. CD_MALFORMED: it refused them, err says why, and works
 * on with those it has. CD_AGAIN: it did not say within half a minute. */
enum cd_rc supervisor_reload(struct store *, struct arena *,
    struct cd_err *err) CD_CHECK;

/* Shared by the roles. */
void role_wake(int fd);			/* a full pipe is fine */
bool role_stopped(const struct role_context *);	/* a signal is waiting */
/* When a role's beat was another one than before, by a clock that never steps:
 * what a beat says is the wall clock's. Begin with beat 0 and the time. */
struct role_life {
	int64_t beat, heard_ms;
};
/* Notes the beat found now; true: it has been the same for silent_ms. */
bool role_is_silent(struct role_life *, int64_t beat, int64_t now_ms,
    int64_t silent_ms);

/* Deaths of a role in a row: none of its lives between them was long enough to say
 * that it is well again. */
struct role_deaths {
	int n, signal;		/* the last one's */
	int64_t forget_ms;	/* a life of so long ends the row */
};
/* After well_ms of showing life; hung: it was killed for showing none. */
void role_died(struct role_deaths *, int64_t well_ms, int signal, bool hung);
/* It shows life since well_ms. */
void role_lives(struct role_deaths *, int64_t well_ms);

/* The back-off after one of ms: twice as long, max_ms at most. */
int64_t role_back_off(int64_t ms, int64_t max_ms);
/* Behind a burst of work: its memory goes back to the system. */
void role_give_back(struct arena *, struct store *);
/* Sleep until ms are over, the wake pipe has a byte (then it is drained) or a
 * signal waits. */
void role_sleep(const struct role_context *, int64_t ms);

#endif
