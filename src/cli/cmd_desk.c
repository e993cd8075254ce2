/*
 * The short commands of the desk: close, reopen, assign, note, snooze, merge,
 * label.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "flow/desk.h"
#include "store/mails.h"

static enum cd_rc
act_close(const struct desk *d, int64_t id, char **args, struct cd_err *err)
{
	(void)args;
	return desk_close(d, id, 0, err);
}

int
cmd_close(int argc, char **argv, const struct command_env *env)
{
	return view_desk_command(argc, argv, env, 1, 1, act_close,
	    "is closed");
}

static enum cd_rc
act_reopen(const struct desk *d, int64_t id, char **args, struct cd_err *err)
{
	(void)args;
	return desk_reopen(d, id, err);
}

int
cmd_reopen(int argc, char **argv, const struct command_env *env)
{
	return view_desk_command(argc, argv, env, 1, 1, act_reopen,
	    "needs a person again");
}

static enum cd_rc
act_assign(const struct desk *d, int64_t id, char **args, struct cd_err *err)
{
	return desk_assign(d, id, args[0], err);
}

int
cmd_assign(int argc, char **argv, const struct command_env *env)
{
	return view_desk_command(argc, argv, env, 2, 1, act_assign,
	    "is assigned");
}

static enum cd_rc
act_note(const struct desk *d, int64_t id, char **args, struct cd_err *err)
{
	return desk_note(d, id, args[0], err);
}

int
cmd_note(int argc, char **argv, const struct command_env *env)
{
	return view_desk_command(argc, argv, env, 2, 1, act_note,
	    "has a new note");
}

/* "3h", "2d", "1w", or a date. */
static enum cd_rc
until(const char *text, int64_t now, int64_t *out, struct cd_err *err)
{
	struct str s = str_of(text);
	int64_t n, unit = 0;

	if (s.n > 1) {
		switch (s.p[s.n - 1]) {
		case 'h':
			unit = 3600;
			break;
		case 'd':
			unit = 86400;
			break;
		case 'w':
			unit = 7 * 86400;
			break;
		}
	}
	if (unit != 0 && str_to_i64(str_sub(s, 0, s.n - 1), 1, 1000, &n)) {
		*out = now + n * unit;
		return CD_OK;
	}
	if (clock_parse(s, out) == CD_OK)
		return CD_OK;
	return cd_fail(err, CD_MALFORMED, "\"%s\" is no time: write 3h, 2d, 1w "
	    "or a date such as 2027-01-15", text);
}

static enum cd_rc
act_snooze(const struct desk *d, int64_t id, char **args, struct cd_err *err)
{
	int64_t at;
	enum cd_rc rc = until(args[0], d->now, &at, err);

	return rc == CD_OK ? desk_snooze(d, id, at, 0, err) : rc;
}

int
cmd_snooze(int argc, char **argv, const struct command_env *env)
{
	return view_desk_command(argc, argv, env, 2, 1, act_snooze,
	    "is snoozed");
}

static enum cd_rc
act_merge(const struct desk *d, int64_t id, char **args, struct cd_err *err)
{
	return desk_merge(d, id, cli_case_number(args[0]), err);
}

int
cmd_merge(int argc, char **argv, const struct command_env *env)
{
	return view_desk_command(argc, argv, env, 2, 2, act_merge,
	    "is merged");
}

static const char *label_mail;	/* --mail */

static enum cd_rc
act_label(const struct desk *d, int64_t id, char **args, struct cd_err *err)
{
	struct case_row row;
	struct labelled l;
	int64_t mail = 0;
	enum cd_rc rc;

	if (label_mail && !str_to_i64(str_of(label_mail), 1, INT64_MAX, &mail))
		return cd_fail(err, CD_MALFORMED, "--mail is a number that "
		    "`consentdesk case %" PRId64 "` shows, not \"%s\"", id,
		    label_mail);
	rc = desk_label(d, id, mail, args[0], err);
	if (rc != CD_OK || mails_to_label(d->store, d->arena, id, mail,
	    &l, NULL) != CD_OK || cases_get(d->store, d->arena, id, &row,
	    NULL) != CD_OK)
		return rc;
	if (row.state != CASE_REVIEW)
		*d->said = arena_printf(d->arena, "%s; the case stays %s: "
		    "`consentdesk reopen %" PRId64 "`", *d->said,
		    case_state_name(row.state), id);
	*d->said = cli_fit(d->arena, arena_printf(d->arena, "%s; that is the "
	    "mail of %s from %s", *d->said, clock_iso(d->arena,
	    l.mail.received_at), l.mail.from_addr), -1);
	return rc;
}

int
cmd_label(int argc, char **argv, const struct command_env *env)
{
	const struct option_spec own = { "mail", NULL, &label_mail };

	return view_desk_option(argc, argv, env, 2, 1, &own, act_label,
	    "is labelled");
}
