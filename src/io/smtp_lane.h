#ifndef CD_SRC_IO_SMTP_LANE_H
#define CD_SRC_IO_SMTP_LANE_H

#include <curl/curl.h>

#include "base/limits.h"
#include "io/smtp.h"

/* Between smtp_open.c (connections), smtp.c (the dialogue over them) and
 * smtp_refusal.c (what a no in it is said of). */

enum lane_step {		/* what is waited for */
	LANE_IDLE,		/* a mail */
	LANE_MAIL, LANE_RCPT, LANE_DATA, /* the reply to that command */
	LANE_BODY,		/* room to write */
	LANE_READY,		/* before_end */
	LANE_END,		/* the reply to the end of DATA */
	LANE_RESET,		/* what is still owed for a refused mail */
	LANE_FINISHED		/* done */
};

struct lane {
	CURL *curl;		/* NULL: not connected */
	curl_socket_t fd;
	bool pipelining;	/* RFC 2920 */
	bool kept;		/* a mail went over it before this one */

	/* of the mail at hand */
	enum lane_step step;
	struct smtp_mail *mail;
	struct arena *arena;
	struct str out;		/* what is to be written */
	size_t written;
	char in[1024];		/* of a reply: what came of its line */
	size_t n_in, answered;	/* bytes; of all replies */
	bool more;		/* the last reply line was a "250-" one */
	bool heard;		/* a reply came */
	size_t ahead;		/* LANE_RESET: replies before that to RSET */
	bool asked;		/* before_end was */
	bool again;		/* the connection was opened again for it */
	int64_t until;		/* clock_mono_ms */
};

struct smtp {
	struct arena *arena;
	struct smtp_options options;
	const char *url, *host;	/* host as errors name it */
	char *bearer;		/* malloc'ed */
	struct lane lanes[CD_MAX_SMTP];
	size_t n_lanes;		/* that the configuration allows */
	size_t limit;		/* that the server allowed, until then */
	int64_t limit_until;
	/* Domains whose recipients were refused for the sender, the oldest makes
	 * room; alone: a mail of his to others was taken since. */
	struct refusal {
		char domain[256];
		bool alone;
	} refusals[8];
	size_t n_refusals;	/* ever */
	bool sender_refused;	/* not for some domains alone */

	/* of smtp_send */
	struct smtp_mail *mails;
	size_t n, next;
	const struct smtp_hooks *hooks;
	bool stop;		/* begin no more */
	int64_t ready_at, finished_at; /* first of the group; 0: none */
};

/* Connects and logs in, which blocks; `r` gets the server's last words. */
enum cd_rc lane_open(struct smtp *, struct lane *, struct smtp_result *r,
    struct cd_err *err) CD_CHECK;
/* polite: QUIT is said first. */
void lane_close(struct lane *, bool polite);

/* RFC 5321 4.2: three digits, then "-" when more lines follow. 0: no reply. */
int reply_code(struct str line);
/* A line of a reply into the result; `more` is kept between the lines. */
void reply_take(struct smtp_result *, int code, struct str line, bool *more);
/* The login, not the mail, is what was refused. */
enum cd_rc login_refused(const struct smtp *, struct smtp_result *,
    const char *words, struct cd_err *err) CD_CHECK;

/* Is the no to that step of the mail, its result, said of the sender, at RCPT? */
bool refusal_names_sender(const struct smtp_mail *, enum lane_step);
/* Is it meant for us, so that it would meet each other mail, too? One that names the
 * sender is kept in mind with its recipient's domain. */
bool refusal_is_ours(struct smtp *, const struct smtp_mail *, enum lane_step);
/* The sender is taken for that recipient. */
void refusal_sender_taken(struct smtp *, const char *to);

#endif
