#ifndef CD_TEXT_SCREEN_WORDS_H
#define CD_TEXT_SCREEN_WORDS_H

#include <stdbool.h>

#include "text/fold.h"
#include "text/message.h"
#include "text/visible.h"

/*
 * The wordings by which screen knows a machine that no header betrays. Each
 * function returns the words that gave it away, or NULL.
 */
struct mail_words {
	struct str subject;	/* folded */
	struct gist first;	/* of the new text and what a service desk put above
				 * it, folded, 300 bytes */
	struct gist head;	/* the same, 700 bytes */
	struct gist start;	/* the same, 2,000 bytes */
	struct gist end;	/* its last 300 bytes */
	struct gist whole_end;	/* of it, signature and notices: the last 3,000
				 * bytes of each */
	size_t length;		/* of the new text */
	size_t whole_length;
	bool answers;		/* In-Reply-To or References, or no sign of a
				 * client that people write with */
	bool has_link;
	bool robot_shape;	/* a number like #123 or (123) in subject or
				 * start */
};

struct mail_words words_look(struct arena *, const struct message *,
    const struct visible *);

const char *words_away_subject(const struct mail_words *);
const char *words_away(const struct mail_words *);
const char *words_ticket(const struct mail_words *);
const char *words_robot(const struct mail_words *);
const char *words_challenge(const struct mail_words *);
const char *words_receipt(const struct mail_words *);
const char *words_gone(const struct mail_words *);
/* Does the text offer to end the subscription? */
const char *words_unsubscribe(const struct mail_words *);
const char *words_bulk(const struct mail_words *);
const char *words_meeting(const struct mail_words *);
const char *words_complaint(const struct mail_words *);
/* "?????? ????" for words: had a program on the way no letters for them? */
bool words_lost(const struct visible *);

#endif
