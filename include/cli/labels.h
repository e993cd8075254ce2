#ifndef CD_CLI_LABELS_H
#define CD_CLI_LABELS_H

#include <jansson.h>

#include "store/db.h"
#include "text/decide.h"

/*
 * What people labelled, JSON Lines: labels.jsonl beside mails, and lessons. What
 * eval and train share; consentdesk(1) tells the format.
 *
 * Each function gives a sysexits code; unless EX_OK after an error was printed
 * that begins with file and line.
 */
struct label {
	struct arena *a;	/* of this line alone */
	const json_t *row;
	const char *place;	/* "labels.jsonl:3" */
};

/* Calls `take` for each line that is not empty, until it gives another code
 * than EX_OK, which is then given. A byte order mark is skipped. */
typedef int label_fn(void *ctx, const struct label *);
int labels_read(const char *path, label_fn *take, void *ctx);

/* Text of the line. "" where it is missing or null; any other value is an
 * error. */
int label_text(const struct label *, const char *key, const char **out);
/* The same, and it is needed. */
int label_needed(const struct label *, const char *key, const char **out);
int label_intent(const struct label *, enum intent *out);
int label_action(const struct label *, enum action *out);
/* Left as it is where nobody said. */
int label_context(const struct label *, enum thread_context *out);
/* "tenant": "own" or "other"; WHOSE_UNKNOWN where nobody said. */
int label_whose(const struct label *, enum whose *out);
/* A code such as "de", of whatever language; "" where nobody said. */
int label_language(const struct label *, const char **out);

/* Says on standard error how many of the queue's corrections are left out because
 * their mail's text is forgotten, if any are. */
enum cd_rc labels_say_forgotten(struct store *, int64_t *n_out,
    struct cd_err *err) CD_CHECK;

#endif
