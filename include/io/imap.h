#ifndef CD_IO_IMAP_H
#define CD_IO_IMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * One IMAP connection with one folder open (RFC 3501, 2177, 4315, 6851), over
 * libetpan's stream and tls_stream. Reads only by BODY.PEEK; changes no flag,
 * deletes nothing. Every step has a deadline; after any CD_AGAIN close it and
 * open a new one. Every err text begins with "imap HOST:PORT: " or names the
 * folder first; it holds the server's words, never a password or token.
 */
struct imap;

struct imap_options {
	const char *host;
	int port;
	int tls;		/* enum config_tls */
	const char *ca_file;
	const char *user;
	const char *password;	/* or NULL */
	const char *bearer;	/* OAuth 2.0 access token, or NULL */
	const char *folder;
	bool read_only;		/* EXAMINE instead of SELECT */
	int timeout_ms;		/* of each step of opening */
	int step_ms;		/* of each step afterwards; 0: as that */
	bool *login_refused;	/* set where CD_REFUSED is about the login, and
				 * not a certificate or the folder; or NULL */
};

/* CD_REFUSED: certificate, name, login or folder refused: a person must act
 * (with a bearer token: get a fresh one first). CD_AGAIN: weather; err carries
 * the text of a BYE, "Suggested Backoff Time" and "AccessTokenExpired" too. */
enum cd_rc imap_open(const struct imap_options *, struct imap **out,
    struct cd_err *err) CD_CHECK;
void imap_close(struct imap **);	/* LOGOUT if it still lives, brief */

uint32_t imap_uidvalidity(const struct imap *);
uint32_t imap_uidnext(const struct imap *);	/* as of SELECT */
/* Offered, and not refused within the last minute; or, where it is refused again
 * and again, within the last hour. */
bool imap_has_idle(const struct imap *);
/* The server's wish after "Suggested Backoff Time: N milliseconds"; 0: none. */
int64_t imap_backoff_ms(const struct cd_err *);

struct imap_mail {
	uint32_t uid;
	int64_t internal_date;	/* 0 if unknown */
	uint32_t size;		/* RFC822.SIZE */
	struct str raw;		/* first max_fetch bytes */
	const char *why;	/* raw.n = 0: the server's words; NULL: none */
};

/* Mails with from_uid <= UID <= the newest, lowest first, at most max and at
 * most what fits into CD_MAX_IMAP_BATCH (but one): ask again from the last UID
 * + 1 until *n_out is 0. Those that vanish meanwhile are left out. A mail that
 * the server will not or cannot tell, asked twice, comes with raw.n = 0: it is
 * there, or has just gone, and may well be told in another session. (`UID FETCH
 * n:*` answers the newest mail even below n: it is left out here.) */
enum cd_rc imap_fetch(struct imap *, struct arena *, uint32_t from_uid,
    size_t max, size_t max_bytes, struct imap_mail **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;
/* Ask for what imap_fetch will be asked for next, with the same numbers, and do
 * not wait: the server works meanwhile. Any other call in between reads the
 * answer over, and so it had better be none. The arena is for the question
 * alone. */
enum cd_rc imap_fetch_ahead(struct imap *, struct arena *, uint32_t from_uid,
    size_t max, size_t max_bytes, struct cd_err *err) CD_CHECK;
/* The headers of these mails, whose uid is set, ascending, into their raw; one
 * that is gone, or not told, has raw.n = 0. CD_REFUSED: the server's words; the
 * connection lives on. */
enum cd_rc imap_headers(struct imap *, struct arena *, struct imap_mail *mails,
    size_t n, struct cd_err *err) CD_CHECK;
/* UID SEARCH SINCE date, lowest UID or CD_ABSENT. */
enum cd_rc imap_first_since(struct imap *, int64_t date, uint32_t *uid_out,
    struct cd_err *err) CD_CHECK;

/* Have the server look for new mail: some (Courier) find by SEARCH only what
 * they have told of before. */
enum cd_rc imap_poll(struct imap *, struct cd_err *err) CD_CHECK;
/* Wait for the server to say that something changed (IDLE, or NOOP polling
 * every 30 s where imap_has_idle says no), for a byte on wake_fd
 * (-1: none), or for timeout_ms. CD_OK: news; CD_ABSENT: time is up; CD_DONE:
 * wake_fd (readable or hung up; the caller reads it, or the next call returns at
 * once). IDLE is ended in each case. New mail that was announced with the answer
 * to another command is news of the next call. */
enum cd_rc imap_wait(struct imap *, int wake_fd, int64_t timeout_ms,
    struct cd_err *err) CD_CHECK;

/* Is there a folder of that name? CD_ABSENT: no, or none for us. CD_REFUSED: the
 * server takes no such question (BAD). Asked by STATUS: the open folder stays so. */
enum cd_rc imap_find_folder(struct imap *, const char *folder,
    struct cd_err *err) CD_CHECK;
/* Is there a mail with this Message-ID in that folder? CD_ABSENT: no. The folder
 * opened before is open again afterwards, and the next imap_wait returns at
 * once. CD_REFUSED: there is no such folder, or the server does not search now;
 * the connection lives on. */
enum cd_rc imap_find_message_id(struct imap *, const char *folder,
    const char *message_id, struct cd_err *err) CD_CHECK;
/* UID MOVE, or COPY where there is no MOVE (then the original stays). A mail that
 * is gone needs no moving: CD_OK. CD_REFUSED: the server's words; the connection
 * lives on. */
enum cd_rc imap_move(struct imap *, uint32_t uid, const char *folder,
    struct cd_err *err) CD_CHECK;

#endif
