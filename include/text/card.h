#ifndef CD_TEXT_CARD_H
#define CD_TEXT_CARD_H

#include "text/lines.h"

/*
 * The lines of a visiting card, each by itself; where the card begins and what it is
 * part of is for signature.h to say. Where a struct str is taken, it is folded.
 */
#define CARD_MAX_LINES	12
#define CARD_MAX_LINE	100	/* bytes */

struct signer {
	struct str token[8];	/* the sender's names, folded */
	size_t n;
};

struct signer signer_of(struct arena *, const char *sender_name);

/* "Best regards", "Mit freundlichen Grüßen". */
bool card_closing(struct str);
/* A telephone or its extension, an address of mail or web. */
bool card_contact(struct str);
/* A company, or a title; card_title: a title, and little else. */
bool card_rank(struct str);
bool card_title(struct str);

/* "Tenant is acme.net", "Update: the owner says no": short, and no card's. */
bool card_tells(struct str);

/* A line as a card has it: short, no sentence, nothing that is told us. */
bool card_line(const struct text_line *);

/* How far the line is the sender's name: 2 full, 1 one of the names, 0 not.
 * What may follow on the line: ", title", "| company", "(she/her)". */
int card_names(const struct text_line *, const struct signer *);
/* Two to four words that begin with capitals and nothing else. */
bool card_name_like(const struct text_line *);

#endif
