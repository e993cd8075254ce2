#ifndef CD_IO_IMAP_WIRE_H
#define CD_IO_IMAP_WIRE_H

#include <stdbool.h>

#include <libetpan/libetpan.h>

#include "base/err.h"
#include "base/str.h"
#include "io/imap.h"

/*
 * The conversation below imap.c, and only for it: connect, STARTTLS, login, one
 * command and its answer, line by line over libetpan's mailstream.
 *
 * Lines are read here and not by libetpan's parser: the one in Debian (1.9.4)
 * falls over an empty CAPABILITY line, allocates what a literal claims to be,
 * loses its place at the first thing that it does not know, and drops what we
 * need: the text of a BYE, an EXISTS before the "+" of IDLE, the reason of a
 * refused token.
 */
#define WIRE_TAG 12

struct wire {
	mailstream *stream;	/* NULL: closed */
	MMAPString *line;	/* the line read last */
	const char *host;	/* of the owner */
	int port;
	int timeout_ms;
	bool exists;		/* a line told EXISTS */
	bool news;		/* a line told any change of the folder */
	char caps[4096];	/* " imap4rev1 idle ... " */
	bool bad;		/* the answer read last was a tagged BAD */
	char asked[WIRE_TAG];	/* a command whose answer nobody read yet */
	size_t asked_bytes;	/* ... which has so many at most */
};

#define CD_MAX_FOLDER 1100	/* a folder's name, coded and quoted */

/* The handle of imap.h. */
struct imap {
	struct wire wire;
	char *host;
	char folder[CD_MAX_FOLDER];
	bool read_only;
	int64_t idle_at_ms;	/* refused: NOOP is polled until then */
	int64_t idle_pause_ms;	/* ... so long, the next time; 0: never yet */
	uint32_t uidvalidity, uidnext;
	uint32_t *uids;		/* of the last search, ascending */
	uint32_t *sizes;	/* of each; 0: not asked yet */
	size_t n_uids;
	struct fetch_ahead {	/* what wire.asked asks for */
		uint32_t from_uid;
		size_t max, max_bytes, at, n;
	} ahead;
};

/* Search for from_uid and above, into i->uids. */
enum cd_rc imap_list(struct imap *, uint32_t from_uid, struct cd_err *err)
    CD_CHECK;
/* Which of a set of mails ("3,5:9") the server has now, in any order; *out lives in
 * the arena. i->uids stays, and so does the news of new mail. */
enum cd_rc imap_list_some(struct imap *, struct arena *, const char *set,
    uint32_t **out, size_t *n_out, struct cd_err *err) CD_CHECK;

enum wire_kind { WIRE_UNTAGGED, WIRE_CONTINUE, WIRE_OK, WIRE_NO, WIRE_BAD };

/* TCP, TLS and the greeting; *preauth says that no login is needed. On failure
 * nothing is left to close. */
enum cd_rc wire_connect(struct wire *, const struct imap_options *,
    bool *preauth_out, struct cd_err *err) CD_CHECK;
/* By password or bearer token, by what the server offers. */
enum cd_rc wire_login(struct wire *, const struct imap_options *,
    struct cd_err *err) CD_CHECK;
/* LOGOUT if the connection lives (half a second at most), then close. */
void wire_close(struct wire *);

/* Ask for the capabilities anew. */
enum cd_rc wire_capability(struct wire *, struct cd_err *err) CD_CHECK;
bool wire_can(const struct wire *, const char *capability);

/* Called with each untagged line; may read on by wire_literal. */
typedef enum cd_rc wire_take(void *context, struct str line,
    struct cd_err *err);
/* Send a command and read to the end of its answer, of max_bytes at most.
 * CD_REFUSED: NO, with the server's text; CD_AGAIN: the rest. */
enum cd_rc wire_run(struct wire *, size_t max_bytes, wire_take *take,
    void *context, struct cd_err *err, const char *fmt, ...)
    CD_PRINTF(6, 7) CD_CHECK;

/* The same in two steps. What is asked and not read is read over before the
 * next command. */
enum cd_rc wire_ask(struct wire *, size_t max_bytes, struct cd_err *err,
    const char *fmt, ...) CD_PRINTF(4, 5) CD_CHECK;
enum cd_rc wire_answer(struct wire *, wire_take *take, void *context,
    struct cd_err *err) CD_CHECK;

/* Does the line end in a literal's head, "{5}"? RFC 3501 4.3, RFC 7888,
 * RFC 3516. */
bool wire_literal_head(struct str line, size_t *n_out);
/* Read n bytes of a literal, keeping the first `room` of them, and the line
 * after it. */
enum cd_rc wire_literal(struct wire *, size_t n, char *keep, size_t room,
    struct str *line_out, struct cd_err *err) CD_CHECK;

/* Send a command under a tag that nobody can guess. */
enum cd_rc wire_start(struct wire *, char tag[WIRE_TAG], struct cd_err *err,
    const char *fmt, ...) CD_PRINTF(4, 5) CD_CHECK;
/* A bare line, "DONE" or an answer to a "+". */
enum cd_rc wire_send(struct wire *, const char *line, struct cd_err *err)
    CD_CHECK;
/* The next line. *line_out lives until the next call. CD_AGAIN: BYE, the end or
 * too late. */
enum cd_rc wire_next(struct wire *, const char *tag, enum wire_kind *kind_out,
    struct str *line_out, struct cd_err *err) CD_CHECK;
/* A new step with the usual time. */
void wire_begin(struct wire *);

/* A quoted string (RFC 3501 4.3). false: it has a control byte, one that is not
 * ASCII, or no room. */
bool wire_quote(const char *, char *out, size_t n);
/* A folder's name: modified UTF-7 (RFC 3501 5.1.3), quoted. */
bool wire_folder(const char *utf8, char *out, size_t n);

#endif
