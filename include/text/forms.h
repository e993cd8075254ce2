#ifndef CD_TEXT_FORMS_H
#define CD_TEXT_FORMS_H

#include "text/message.h"
#include "text/visible.h"

/*
 * Plain text and HTML of one mail should say the same; a mail program shows one
 * of them, we read one of them. Programs differ in layout, links, pictures'
 * names and how they quote, so words are compared, wherever they stand.
 *
 * Words that only one form has, or NULL: they say the same, or there is only
 * one. "Newly written" is judged: words that the form we read has there and the
 * other has not, but for what it quotes; and words that the other has there and
 * ours has nowhere. Three, or one in three of a short text, are too many, and so is
 * one "not".
 */
const char *forms_differ(struct arena *, const struct message *,
    const struct visible *);

#endif
