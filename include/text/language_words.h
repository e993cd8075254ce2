#ifndef CD_TEXT_LANGUAGE_WORDS_H
#define CD_TEXT_LANGUAGE_WORDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Words of the languages that language knows, folded, sorted by their bytes;
 * each with the set of languages that have it. UZC and SRC are Uzbek and
 * Serbian in Cyrillic, RUT is Russian in Latin letters.
 *
 * How it was made: the little words of each language by hand; to them the
 * words that stand in at least two of our own labelled texts of one language
 * (three for English) and are rare in those of all others. "admin" is not among
 * them: it stands in mails of every language.
 */
enum {
	LANG_EN,
	LANG_ES,
	LANG_PT,
	LANG_FR,
	LANG_DE,
	LANG_IT,
	LANG_NL,
	LANG_PL,
	LANG_CS,
	LANG_SK,
	LANG_TR,
	LANG_UZ,
	LANG_UZC,
	LANG_SR,
	LANG_SRC,
	LANG_RU,
	LANG_UK,
	LANG_BG,
	LANG_BE,
	LANG_KK,
	LANG_RO,
	LANG_HU,
	LANG_SV,
	LANG_DA,
	LANG_NB,
	LANG_FI,
	LANG_ET,
	LANG_LT,
	LANG_LV,
	LANG_SQ,
	LANG_VI,
	LANG_ID,
	LANG_AZ,
	LANG_CA,
	LANG_TL,
	LANG_RUT,
	LANG_COUNT
};

#define L_EN	(UINT64_C(1) << LANG_EN)
#define L_ES	(UINT64_C(1) << LANG_ES)
#define L_PT	(UINT64_C(1) << LANG_PT)
#define L_FR	(UINT64_C(1) << LANG_FR)
#define L_DE	(UINT64_C(1) << LANG_DE)
#define L_IT	(UINT64_C(1) << LANG_IT)
#define L_NL	(UINT64_C(1) << LANG_NL)
#define L_PL	(UINT64_C(1) << LANG_PL)
#define L_CS	(UINT64_C(1) << LANG_CS)
#define L_SK	(UINT64_C(1) << LANG_SK)
#define L_TR	(UINT64_C(1) << LANG_TR)
#define L_UZ	(UINT64_C(1) << LANG_UZ)
#define L_UZC	(UINT64_C(1) << LANG_UZC)
#define L_SR	(UINT64_C(1) << LANG_SR)
#define L_SRC	(UINT64_C(1) << LANG_SRC)
#define L_RU	(UINT64_C(1) << LANG_RU)
#define L_UK	(UINT64_C(1) << LANG_UK)
#define L_BG	(UINT64_C(1) << LANG_BG)
#define L_BE	(UINT64_C(1) << LANG_BE)
#define L_KK	(UINT64_C(1) << LANG_KK)
#define L_RO	(UINT64_C(1) << LANG_RO)
#define L_HU	(UINT64_C(1) << LANG_HU)
#define L_SV	(UINT64_C(1) << LANG_SV)
#define L_DA	(UINT64_C(1) << LANG_DA)
#define L_NB	(UINT64_C(1) << LANG_NB)
#define L_FI	(UINT64_C(1) << LANG_FI)
#define L_ET	(UINT64_C(1) << LANG_ET)
#define L_LT	(UINT64_C(1) << LANG_LT)
#define L_LV	(UINT64_C(1) << LANG_LV)
#define L_SQ	(UINT64_C(1) << LANG_SQ)
#define L_VI	(UINT64_C(1) << LANG_VI)
#define L_ID	(UINT64_C(1) << LANG_ID)
#define L_AZ	(UINT64_C(1) << LANG_AZ)
#define L_CA	(UINT64_C(1) << LANG_CA)
#define L_TL	(UINT64_C(1) << LANG_TL)
#define L_RUT	(UINT64_C(1) << LANG_RUT)

struct language_word {
	const char *word;
	uint64_t languages;
};

extern const struct language_word language_words[];
extern const size_t n_language_words;

#endif
