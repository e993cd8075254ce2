/*
 * Parent of the roles. It reads no mail: it takes the lock of the database,
 * starts watch, send and web, restarts what dies (a second later, then ever
 * later), kills what shows no sign of life, and ends all of them in order.
 *
 * A reload is a restart of the roles with the new configuration, after that was
 * read, its secrets and certificates looked at, its rules compiled and its
 * templates parsed; a broken one changes nothing. One way in for both is less to
 * get wrong than two. What came of the last one stands in its row, beside those
 * of the roles.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/delivery.h"
#include "flow/health.h"
#include "io/config_files.h"
#include "role/notify.h"
#include "role/role.h"
#include "role/session.h"
#include "store/roles.h"

#define KEEP_BYTES	(128 * 1024)
#define LOCK_WAIT_MS	3000	/* a daemon just killed needs a moment to go */
#define STOP_MS		4000	/* SIGTERM to SIGKILL */
#define RESTART_MIN_MS	500
#define RESTART_MAX_MS	60000
#define STABLE_MS	30000	/* the next start need not wait long */
#define MANY_DEATHS	3	/* one after another: told of */
#define LIFE_CHECK_MS	15000
#define FILES_CHECK_MS	2000
#define BEAT_WAIT_MS	200
#define UPDATE_USEC	"3600000000"	/* an hour; longest update of a database */

struct child {
	const char *name;
	int (*run)(const struct role_context *);
	pid_t pid;		/* 0: not running */
	bool crashed;		/* the one before died by itself */
	bool hung;		/* it was silent, and so it is being killed */
	struct role_deaths deaths;
	int64_t started_ms, restart_at_ms, backoff_ms;
	struct role_life life;
};

struct supervisor {
	const char *config_file;
	struct config *config;
	struct engine *engine;
	struct arena *arena;
	struct child children[3];
	struct role_files files; /* as the children found them */
	size_t n_children;
	int signals, lock, wake[2];
	bool stopping;
	bool failing;		/* a role dies again and again: as told last */
	int64_t reloads;	/* asked for so far */
	struct cd_err refused;	/* why the last one was; "" if it was not */
	int code;		/* of sysexits(3), where a result says too
				 * little; else 0 */
};

static sigset_t
handled_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	return set;
}

/* ---- a role ---------------------------------------------------------------- */

/* Only its own end of things stays open in a role: the wake pipe, its signals,
 * and the lock, which must outlive a supervisor that was killed. */
static int
role_main(const struct supervisor *s, const struct child *c, pid_t parent)
{
	struct role_context context = {
		.config = s->config,
		.engine = s->engine,
		.wake_read = -1,
		.wake_send = s->wake[1],
		.after_crash = c->crashed,
	};
	sigset_t set;

	/* Without its supervisor nobody would restart it or hold it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return EX_OSERR;
	close(s->signals);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	context.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (context.signals < 0)
		return EX_OSERR;
	if (strcmp(c->name, "send") == 0) {
		context.wake_read = s->wake[0];
		context.wake_send = -1;
	}
	log_open(s->config->log.level, s->config->log.json, c->name);
	return c->run(&context);
}

static void
child_start(struct supervisor *s, struct child *c)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0) {
		log_error("role.fork", "role=%s error=\"%s\"", c->name,
		    strerror(errno));
		c->restart_at_ms = clock_mono_ms() + c->backoff_ms;
		return;
	}
	if (pid == 0)
		_exit(role_main(s, c, parent));
	c->pid = pid;
	c->started_ms = clock_mono_ms();
	c->restart_at_ms = 0;
	c->life = (struct role_life){ 0, c->started_ms };
	c->hung = false;
}

/* One that hangs is not well, however long it does. */
static int64_t
well_ms(const struct child *c)
{
	return c->life.heard_ms - c->started_ms;
}

static void
child_ended(struct supervisor *s, struct child *c, int status)
{
	int64_t now = clock_mono_ms();

	c->pid = 0;
	if (s->stopping)
		return;
	c->crashed = WIFSIGNALED(status);
	if (now - c->started_ms > STABLE_MS)
		c->backoff_ms = RESTART_MIN_MS;
	/* One that exits says why itself. */
	if (c->crashed)
		role_died(&c->deaths, well_ms(c), WTERMSIG(status), c->hung);
	c->restart_at_ms = now + c->backoff_ms;
	log_error("role.died", "role=%s %s=%d restart_in_ms=%" PRId64, c->name,
	    WIFSIGNALED(status) ? "signal" : "exit",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
	    c->backoff_ms);
	c->backoff_ms = role_back_off(c->backoff_ms, RESTART_MAX_MS);
}

static void
reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < s->n_children; i++) {
			if (s->children[i].pid == pid)
				child_ended(s, &s->children[i], status);
		}
	}
}

static size_t
running(const struct supervisor *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_children; i++)
		n += s->children[i].pid != 0;
	return n;
}

static void
stop_children(struct supervisor *s)
{
	int64_t end = clock_mono_ms() + STOP_MS;

	s->stopping = true;
	for (size_t i = 0; i < s->n_children; i++) {
		if (s->children[i].pid != 0)
			kill(s->children[i].pid, SIGTERM);
	}
	while (running(s) > 0 && clock_mono_ms() < end) {
		struct timespec ms10 = { 0, 10000000 };

		nanosleep(&ms10, NULL);
		reap(s);
	}
	for (size_t i = 0; i < s->n_children; i++) {
		if (s->children[i].pid == 0)
			continue;
		log_warn("role.killed", "role=%s why=\"did not stop in time\"",
		    s->children[i].name);
		kill(s->children[i].pid, SIGKILL);
		waitpid(s->children[i].pid, NULL, 0);
		s->children[i].pid = 0;
	}
	s->stopping = false;
}

/* Of the one before it only the deaths count on: a reload mends no program. */
static void
child_set(struct supervisor *s, const char *name,
    int (*run)(const struct role_context *))
{
	struct child *c = &s->children[s->n_children++];

	*c = (struct child){ .name = name, .run = run, .deaths = c->deaths,
		.backoff_ms = RESTART_MIN_MS };
}

static void
set_children(struct supervisor *s)
{
	s->n_children = 0;
	memset(&s->files, 0, sizeof s->files);
	(void)role_files_look(&s->files, s->arena, s->config);
	child_set(s, "watch", role_watch);
	child_set(s, "send", role_send);
	if (s->config->web.listen[0])
		child_set(s, "web", role_web);
	for (size_t i = 0; i < s->n_children; i++)
		child_start(s, &s->children[i]);
}

/* What each start hides, as it begins with a fresh sign of life: one line, or NULL. It
 * is over when the role has lived for a while. */
static const char *
deaths_told(struct supervisor *s)
{
	const char *told = NULL;

	for (size_t i = 0; i < s->n_children; i++) {
		struct child *c = &s->children[i];

		if (c->pid != 0)
			role_lives(&c->deaths, well_ms(c));
		if (c->deaths.n >= MANY_DEATHS)
			told = arena_printf(s->arena, "%s%s%s has died %d times "
			    "in a row, the last time by signal %d (%s)",
			    told ? told : HEALTH_FAILING, told ? "; " : "",
			    c->name, c->deaths.n, c->deaths.signal,
			    strsignal(c->deaths.signal));
	}
	return told;
}

/* The supervisor's own row, for `status` and supervisor_reload. */
static void
beat(struct supervisor *s, const char *state)
{
	struct store *store = NULL;
	struct cd_err err = { "" };
	struct role_row row = {
		.role = "main",
		.pid = getpid(),
		.beat = clock_now(),
		.state = state,
		.data = arena_printf(s->arena, "{\"reloads\":%" PRId64 "}",
		    s->reloads),
	};
	enum cd_rc rc = store_open(s->config->files.database, STORE_WRITE,
	    &store, &err);
	const char *deaths = deaths_told(s);
	bool stopped = strcmp(state, "stopped") == 0;

	s->failing = deaths != NULL;
	if (deaths && !stopped)
		row.state = deaths;
	if (s->refused.text[0] && !stopped)
		row.state = arena_printf(s->arena, "error: the newest "
		    "configuration was refused, the one before is at work: %s"
		    "%s%s", s->refused.text, deaths ? "; " : "",
		    deaths ? deaths : "");
	if (rc == CD_OK) {
		/* Roles and signals must not wait for it. */
		store_patience(store, BEAT_WAIT_MS);
		rc = roles_beat(store, &row, &err);
	}
	if (rc != CD_OK)
		log_warn("role.beat", "error=%s", log_q(s->arena, err.text));
	store_close(&store);
}

/* Somebody has died too often, and nobody was told. */
static bool
is_news(const struct supervisor *s)
{
	bool failing = false;

	for (size_t i = 0; i < s->n_children; i++)
		failing = failing || s->children[i].deaths.n >= MANY_DEATHS;
	return failing && !s->failing;
}

/* A role that hangs is worse than one that died. */
static void
check_life(struct supervisor *s)
{
	const struct config *c = s->config;
	int64_t silent_s = 180 +
	    2 * (c->mailbox.sweep_seconds < c->mailbox.idle_seconds
		    ? c->mailbox.sweep_seconds : c->mailbox.idle_seconds);
	struct role_row *rows;
	struct store *store = NULL;
	size_t n = 0;

	arena_reset(s->arena);
	beat(s, "running");
	if (store_open(c->files.database, STORE_READ, &store, NULL) != CD_OK)
		return;
	if (roles_list(store, s->arena, &rows, &n, NULL) != CD_OK)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < s->n_children; k++) {
			struct child *child = &s->children[k];

			if (child->pid == 0 || child->pid != rows[i].pid ||
			    !role_is_silent(&child->life, rows[i].beat,
				clock_mono_ms(), silent_s * 1000))
				continue;
			log_error("role.silent", "role=%s pid=%d", child->name,
			    (int)child->pid);
			child->hung = true;
			kill(child->pid, SIGKILL);
		}
	}
	store_close(&store);
}

/* ---- the whole -------------------------------------------------------------- */

/* Beside the database itself, by whatever link the configuration names it. */
static char *
lock_path(struct arena *a, const struct config *c)
{
	const char *database = c->files.database;
	char real[PATH_MAX];

	return arena_printf(a, "%s.lock",
	    realpath(database, real) ? real : database);
}

bool
supervisor_runs(struct arena *a, const struct config *c)
{
	int fd = open(lock_path(a, c), O_RDONLY | O_CLOEXEC);
	/* For a moment: who just starts tries for longer. */
	bool idle = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) == 0;

	if (fd >= 0)
		close(fd);
	return !idle;
}

static enum cd_rc
take_lock(struct supervisor *s, struct cd_err *err)
{
	char *path = lock_path(s->arena, s->config);
	int64_t end = clock_mono_ms() + LOCK_WAIT_MS;

	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock < 0) {
		s->code = EX_CANTCREAT;
		return cd_fail(err, CD_REFUSED, "%s: %s; the folder of [files] "
		    "database must be there, and whoever runs the daemon must "
		    "be allowed to write in it", path, strerror(errno));
	}
	while (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		struct timespec ms50 = { 0, 50000000 };

		if (clock_mono_ms() > end)
			return cd_fail(err, CD_REFUSED, "another Consent Desk "
			    "runs on this database (%s is locked)", path);
		nanosleep(&ms50, NULL);
	}
	return CD_OK;
}

/* Everything that can be wrong with a configuration, found before it is used. */
static enum cd_rc
load(const char *file, struct config **out, struct engine **engine_out,
    struct cd_err *err)
{
	enum cd_rc rc = config_load(file, CONFIG_DAEMON, out, err);

	if (rc != CD_OK)
		return rc;
	rc = config_files_check(*out, err);
	if (rc == CD_OK)
		rc = engine_load(*out, ENGINE_WHOLE, engine_out, err);
#ifdef __GLIBC__
	/* The roles begin as copies of this heap. */
	malloc_trim(0);
#endif
	if (rc != CD_OK)
		config_free(out);
	return rc;
}

/* An old database may take long, and nothing else happens meanwhile: whoever
 * started us is told, and systemd waits. */
static enum cd_rc
open_store(struct supervisor *s, struct store **out, struct cd_err *err)
{
	const char *file = s->config->files.database;
	bool old = store_is_old(file);
	int64_t began = clock_mono_ms();
	enum cd_rc rc;

	if (old) {
		log_info("database.old", "file=%s next=\"it is brought up to "
		    "date, which may take minutes\"", log_q(s->arena, file));
		notify_send("EXTEND_TIMEOUT_USEC=" UPDATE_USEC "\n"
		    "STATUS=bringing the database up to date");
	}
	rc = store_open(file, STORE_WRITE, out, err);
	if (old && rc == CD_OK)
		log_info("database.updated", "ms=%" PRId64,
		    clock_mono_ms() - began);
	return rc;
}

static enum cd_rc
prepare_store(struct supervisor *s, struct cd_err *err)
{
	struct store *store = NULL;
	enum cd_rc rc = open_store(s, &store, err);

	if (rc == CD_OK)
		rc = delivery_settle(store, s->arena, true, clock_now(), err);
	store_close(&store);
	return rc;
}

/* A set that is as good as the one at work, for the same database. */
static enum cd_rc
load_fresh(struct supervisor *s, struct config **out,
    struct engine **engine_out, struct cd_err *err)
{
	enum cd_rc rc = load(s->config_file, out, engine_out, err);

	if (rc != CD_OK || strcmp((*out)->files.database,
		s->config->files.database) == 0)
		return rc;
	engine_free(engine_out);
	config_free(out);
	return cd_fail(err, CD_REFUSED, "another [files] database needs a "
	    "restart");
}

static void
reload(struct supervisor *s)
{
	struct config *fresh = NULL;
	struct engine *engine = NULL;
	struct cd_err err = { "" };

	notify_send("RELOADING=1");
	if (load_fresh(s, &fresh, &engine, &err) != CD_OK) {
		log_error("reload.refused", "kept=old error=%s",
		    log_q(s->arena, err.text));
		s->refused = err;
	} else {
		s->refused.text[0] = '\0';
		stop_children(s);
		engine_free(&s->engine);
		config_free(&s->config);
		s->config = fresh;
		s->engine = engine;
		log_open(fresh->log.level, fresh->log.json, "main");
		set_children(s);
		log_info("reload.done", "file=%s", log_q(s->arena,
		    s->config_file));
	}
	s->reloads++;
	beat(s, "running");
	notify_send(arena_printf(s->arena, "READY=1\nSTATUS=%s%s",
	    s->refused.text[0] ? "The newest configuration was refused: " : "",
	    s->refused.text));
}

/* A role's sandbox knows files, not names: for another file in the place of one
 * it takes a new role. */
static void
check_files(struct supervisor *s)
{
	const char *file;

	arena_reset(s->arena);
	file = role_files_look(&s->files, s->arena, s->config);
	if (!file)
		return;
	log_info("file.replaced", "file=%s next=\"the roles start anew\"",
	    log_q(s->arena, file));
	stop_children(s);
	set_children(s);
}

/* Returns false when it is time to stop. */
static bool
handle_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		switch (info.ssi_signo) {
		case SIGTERM:
		case SIGINT:
			return false;
		case SIGHUP:
			reload(s);
			break;
		case SIGCHLD:
			reap(s);
			break;
		}
	}
	return true;
}

static void
loop(struct supervisor *s)
{
	int64_t watchdog = notify_watchdog_ms();
	int64_t next_ping = 0, next_check = clock_mono_ms() + LIFE_CHECK_MS;
	int64_t next_look = clock_mono_ms() + FILES_CHECK_MS;

	for (;;) {
		struct pollfd p = { .fd = s->signals, .events = POLLIN };
		int64_t now;

		(void)poll(&p, 1, 250);
		if (!handle_signals(s))
			return;
		now = clock_mono_ms();
		for (size_t i = 0; i < s->n_children; i++) {
			struct child *c = &s->children[i];

			if (c->pid == 0 && now >= c->restart_at_ms)
				child_start(s, c);
		}
		if (now >= next_check || is_news(s)) {
			next_check = now + LIFE_CHECK_MS;
			check_life(s);
		}
		if (now >= next_look) {
			next_look = now + FILES_CHECK_MS;
			check_files(s);
		}
		/* It asks about this loop. A role that does not start is ours
		 * to start again, and for `status` to tell. */
		if (watchdog > 0 && now >= next_ping) {
			next_ping = now + watchdog;
			notify_send("WATCHDOG=1");
		}
	}
}

static int
exit_code(enum cd_rc rc)
{
	switch (rc) {
	case CD_OK:
	case CD_DONE:
		return EX_OK;
	case CD_ABSENT:
	case CD_MALFORMED:
		return EX_CONFIG;
	case CD_AGAIN:
		return EX_TEMPFAIL;
	case CD_REFUSED:
		return EX_UNAVAILABLE;
	case CD_BROKEN:
		return EX_SOFTWARE;
	}
	return EX_SOFTWARE;
}

/* From the first moment on: who is asked to stop or to reload while rules are
 * being compiled does so in order when that is done, and is not killed by it. */
static enum cd_rc
hold_signals(struct supervisor *s, struct cd_err *err)
{
	sigset_t set = handled_signals();

	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0 || pipe2(s->wake, O_CLOEXEC | O_NONBLOCK) != 0)
		return cd_fail(err, CD_BROKEN, "%s", strerror(errno));
	return CD_OK;
}

static enum cd_rc
start(struct supervisor *s, struct cd_err *err)
{
	enum cd_rc rc = hold_signals(s, err);

	if (rc == CD_OK)
		rc = load(s->config_file, &s->config, &s->engine, err);
	if (rc != CD_OK)
		return rc;
	log_open(s->config->log.level, s->config->log.json, "main");
	rc = take_lock(s, err);
	if (rc == CD_OK)
		rc = prepare_store(s, err);
	return rc;
}

int
supervisor_run(const char *config_file)
{
	struct supervisor s = {
		.config_file = config_file,
		.arena = arena_new(),
		.signals = -1, .lock = -1, .wake = { -1, -1 },
	};
	struct cd_err err = { "" };
	enum cd_rc rc;

	umask(077);
#ifdef __GLIBC__
	/* What a batch or a large mail took goes back when it is done. Without
	 * this glibc learns to keep up to 64 MB for the next one. */
	mallopt(M_MMAP_THRESHOLD, KEEP_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
#endif
	log_open(LEVEL_INFO, false, "main");
	rc = start(&s, &err);
	if (rc == CD_OK) {
		log_info("start", "version=%s config=%s", CD_VERSION,
		    log_q(s.arena, config_file));
		set_children(&s);
		beat(&s, "running");
		notify_send("READY=1");
		loop(&s);
		notify_send("STOPPING=1");
		stop_children(&s);
		beat(&s, "stopped");
		log_info("stop", "reason=signal");
	} else {
		log_error("start.failed", "%s", err.text);
	}
	if (s.lock >= 0)
		close(s.lock);
	engine_free(&s.engine);
	config_free(&s.config);
	arena_free(&s.arena);
	return s.code ? s.code : exit_code(rc);
}
