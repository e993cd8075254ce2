#ifndef CD_TEXT_FOLD_H
#define CD_TEXT_FOLD_H

#include "base/arena.h"

/*
 * One plain form of a piece of mail text, in which wordings are compared:
 * lower case (Latin, Greek, Cyrillic, Armenian), runs of white space one
 * space, ends trimmed, quotation marks and dashes plain, full-width colons
 * and foreign digits ASCII, "*" of bold text and invisible characters left
 * out. Every table of words in this floor is written in this form.
 *
 * It never grows: fold_into writes at most in.n bytes and returns how many.
 */
size_t fold_into(char *out, struct str in);
struct str fold(struct arena *, struct str in);

/* Does `text` begin with, end in, hold one of the words of a list that ends in
 * NULL? The word or NULL. No word borders are looked at. */
const char *fold_starts(struct str text, const char *const *words);
const char *fold_ends(struct str text, const char *const *words);
const char *fold_holds(struct str text, const char *const *words);

/*
 * The three-byte pieces of a text as a set of bits: a phrase with a piece that
 * the text has not is not in it, and so a list of hundreds of phrases costs
 * little more than its first bytes. Borrows the text.
 */
struct gist {
	struct str text;
	uint64_t bits[64];
};

struct gist gist_of(struct str folded);
const char *gist_holds(const struct gist *, const char *const *words);

/* Words of a folded text: what stands between blanks. */
size_t fold_words(struct str);

/* Does a question mark end something in it? That of an address does not. */
bool fold_asks(struct str);

/* Where `word` stands in `text` with no letter or digit on either side, or -1.
 * Scripts that are written without spaces need no border. */
ptrdiff_t fold_word(struct str text, const char *word);

#endif
