/*
 * A reload asked for from outside. SIGHUP alone cannot say that the new set was
 * refused; the supervisor's row can.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "role/role.h"
#include "store/roles.h"

#define BEAT_OLD_S	60	/* it beats four times as often */
#define WAIT_MS		30000
#define LOOK_MS		50

/* reloads: how many it has answered. CD_ABSENT: no supervisor runs. */
static enum cd_rc
look(struct store *s, struct arena *a, struct role_row *row_out,
    int64_t *reloads_out, struct cd_err *err)
{
	struct role_row *rows;
	size_t n, i = 0;
	enum cd_rc rc = roles_list(s, a, &rows, &n, err);
	json_t *data;

	if (rc != CD_OK)
		return rc;
	while (i < n && strcmp(rows[i].role, "main") != 0)
		i++;
	if (i == n || strcmp(rows[i].state, "stopped") == 0 ||
	    rows[i].beat < clock_now() - BEAT_OLD_S)
		return cd_fail(err, CD_ABSENT, "the daemon does not run");
	data = json_loads(rows[i].data, 0, NULL);
	*reloads_out = (int64_t)json_integer_value(
	    json_object_get(data, "reloads"));
	json_decref(data);
	*row_out = rows[i];
	return CD_OK;
}

enum cd_rc
supervisor_reload(struct store *s, struct arena *a, struct cd_err *err)
{
	int64_t end = clock_mono_ms() + WAIT_MS, before, now;
	struct timespec pause = { 0, LOOK_MS * 1000000 };
	struct role_row was, is;
	enum cd_rc rc = look(s, a, &was, &before, err);

	if (rc != CD_OK)
		return rc;
	if (kill((pid_t)was.pid, SIGHUP) != 0)
		return cd_fail(err, errno == ESRCH ? CD_ABSENT : CD_REFUSED,
		    "the daemon, process %" PRId64 ": %s", was.pid,
		    strerror(errno));
	do {
		nanosleep(&pause, NULL);
		rc = look(s, a, &is, &now, err);
		if (rc != CD_OK && rc != CD_AGAIN)
			return rc;
		if (rc == CD_OK && is.pid == was.pid && now > before)
			return str_starts(str_of(is.state), STR("error"))
			    ? cd_fail(err, CD_MALFORMED, "%s", is.state)
			    : CD_OK;
	} while (clock_mono_ms() < end);
	return cd_fail(err, CD_AGAIN, "the daemon, process %" PRId64 ", has not "
	    "answered", was.pid);
}
