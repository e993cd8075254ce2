#include <string.h>
#include <time.h>

#include "base/clock.h"

int64_t
clock_now(void)
{
	return (int64_t)time(NULL);
}

int64_t
clock_mono_ms(void)
{
	struct timespec t;

	cd_assert(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* A time gmtime cannot tell is shown as the epoch. */
static struct tm
utc(int64_t at)
{
	struct tm tm;
	time_t t = (time_t)at;

	if (!gmtime_r(&t, &tm)) {
		memset(&tm, 0, sizeof tm);
		tm.tm_year = 70;
		tm.tm_mday = 1;
		tm.tm_wday = 4;
	}
	return tm;
}

char *
clock_iso(struct arena *a, int64_t at)
{
	struct tm tm = utc(at);

	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
}

char *
clock_rfc5322(struct arena *a, int64_t at)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	struct tm tm = utc(at);

	return arena_printf(a, "%.3s, %d %.3s %04d %02d:%02d:%02d +0000",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Two or four digits at `at`; -1 if they are not. */
static int
digits(struct str s, size_t at, size_t n)
{
	int64_t v;

	if (at + n > s.n ||
	    !str_to_i64(str_sub(s, at, at + n), 0, 9999, &v))
		return -1;
	return (int)v;
}

enum cd_rc
clock_parse(struct str s, int64_t *at_out)
{
	struct tm tm = { 0 }, back;
	int64_t at;

	if (s.n == 11 && s.p[2] == '-' && s.p[6] == '-') {
		tm.tm_mday = digits(s, 0, 2);
		tm.tm_year = digits(s, 7, 4) - 1900;
		tm.tm_mon = -1;
		for (int m = 0; m < 12; m++) {
			if (str_ieq(str_sub(s, 3, 6),
				(struct str){ months + 3 * m, 3 }))
				tm.tm_mon = m;
		}
	} else if ((s.n == 10 || s.n == 20) && s.p[4] == '-' &&
	    s.p[7] == '-') {
		tm.tm_year = digits(s, 0, 4) - 1900;
		tm.tm_mon = digits(s, 5, 2) - 1;
		tm.tm_mday = digits(s, 8, 2);
		if (s.n == 20) {
			if (s.p[10] != 'T' || s.p[13] != ':' ||
			    s.p[16] != ':' || s.p[19] != 'Z')
				return CD_MALFORMED;
			tm.tm_hour = digits(s, 11, 2);
			tm.tm_min = digits(s, 14, 2);
			tm.tm_sec = digits(s, 17, 2);
		}
	} else {
		return CD_MALFORMED;
	}
	if (tm.tm_year < 70 || tm.tm_mon < 0 || tm.tm_mon > 11 ||
	    tm.tm_mday < 1 || tm.tm_hour < 0 || tm.tm_hour > 23 ||
	    tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 ||
	    tm.tm_sec > 60)
		return CD_MALFORMED;
	/* timegm takes 31 February for 3 March, and writes that back. */
	back = tm;
	at = (int64_t)timegm(&back);
	if (back.tm_mday != tm.tm_mday)
		return CD_MALFORMED;
	*at_out = at;
	return CD_OK;
}
