#ifndef CD_CLI_LESSONS_H
#define CD_CLI_LESSONS_H

#include "flow/engine.h"
#include "store/db.h"
#include "text/train.h"

/*
 * Labelled texts for `train`: JSON Lines of {text, subject, context, intent,
 * lang}, folders of such files, folders of labelled mails (labels.jsonl), and
 * what people corrected in the queue.
 */

struct lessons {
	struct arena *a;	/* holds the texts */
	struct train_sample *v;
	const char **place;	/* "own.jsonl:3", of each of v */
	size_t n, cap;
	size_t warnings;	/* cli_warn's */
	const char *without;	/* name of a file to leave out of folders, or
				 * NULL */
	bool left_out;		/* it was there */
};

void lessons_new(struct lessons *);
void lessons_free(struct lessons *);

/* A sysexits code; prints its errors as file:line, and warns of what else may be
 * lessons in a folder and is none. More than CD_MAX_LESSONS are
 * one: nothing is left unlearned in silence. */
int lessons_read(struct lessons *, const struct engine *, const char *path);
/* The queue's corrections; a row of another version's words is left out.
 * CD_MALFORMED: more than CD_MAX_LESSONS with them. */
enum cd_rc lessons_corrections(struct lessons *, struct store *,
    struct cd_err *err) CD_CHECK;
/* Warns of each text that was given two intents: the same words under the same
 * subject, in answer to the same. */
void lessons_contradictions(struct lessons *);

#endif
