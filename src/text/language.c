/*
 * Which language a short text is in. The script decides most; among languages
 * of one script common words vote (a word that few languages have says more),
 * then letters that only some of them have. What is quoted, addresses and
 * links do not vote: customers paste English error messages.
 */
#include <string.h>

#include "text/fold.h"
#include "text/language.h"
#include "text/language_words.h"

#define MAX_LOOKED	2000	/* bytes of the text that vote */
#define MAX_WORD	40	/* bytes */
#define MIN_SCORE	1.0
/* Cyrillic letters among which Ukrainian has shown one of its own. */
#define UKRAINIAN_SHOWS	15
/* What speaks for another language than the talk's: more than one sure word
 * (2.1). Of our own labelled replies 0.1 % then change to a wrong language
 * instead of 1.1 %; 3 % of real changes wait for a mail of more words. */
#define MIN_LEAD	2.2

static const char *const codes[LANG_COUNT] = {
	[LANG_EN] = "en", [LANG_ES] = "es", [LANG_PT] = "pt", [LANG_FR] = "fr",
	[LANG_DE] = "de", [LANG_IT] = "it", [LANG_NL] = "nl", [LANG_PL] = "pl",
	[LANG_CS] = "cs", [LANG_SK] = "sk", [LANG_TR] = "tr", [LANG_UZ] = "uz",
	[LANG_UZC] = "uz", [LANG_SR] = "sr", [LANG_SRC] = "sr",
	[LANG_RU] = "ru", [LANG_UK] = "uk", [LANG_BG] = "bg", [LANG_BE] = "be",
	[LANG_KK] = "kk", [LANG_RO] = "ro", [LANG_HU] = "hu", [LANG_SV] = "sv",
	[LANG_DA] = "da", [LANG_NB] = "nb", [LANG_FI] = "fi", [LANG_ET] = "et",
	[LANG_LT] = "lt", [LANG_LV] = "lv", [LANG_SQ] = "sq", [LANG_VI] = "vi",
	[LANG_ID] = "id", [LANG_AZ] = "az", [LANG_CA] = "ca", [LANG_TL] = "tl",
	[LANG_RUT] = "ru",
};

#define CYRILLIC (L_RU | L_UK | L_BG | L_BE | L_KK | L_UZC | L_SRC)

/* Letters that few languages have. */
static const struct letter {
	const char *letters;
	uint64_t languages;
	double weight;
} letters[] = {
	{ "ñ¿¡", L_ES, 1.2 },
	{ "áíóú", L_ES | L_PT | L_CS | L_SK | L_HU | L_VI, 0.3 },
	{ "ãõ", L_PT, 1.2 },
	{ "ß", L_DE, 1.5 },
	{ "äöü", L_DE | L_SV | L_FI | L_ET | L_TR | L_HU, 0.5 },
	{ "èêëîïôœûù", L_FR, 0.5 },
	{ "éà", L_FR | L_IT | L_PT | L_ES, 0.3 },
	{ "ìòèù", L_IT, 0.4 },
	{ "ç", L_FR | L_PT | L_TR | L_AZ | L_CA | L_SQ, 0.5 },
	{ "ąęłśźż", L_PL, 1.5 },
	{ "ćń", L_PL | L_SR, 0.6 },
	{ "řěů", L_CS, 1.5 },
	{ "ľĺŕô", L_SK, 1.0 },
	{ "čšž", L_CS | L_SK | L_SR | L_LT | L_LV, 0.6 },
	{ "đ", L_SR | L_VI, 1.0 },
	{ "ığ", L_TR | L_AZ, 1.2 },
	{ "ş", L_TR | L_AZ | L_RO, 0.8 },
	{ "ə", L_AZ, 2.0 },
	{ "őű", L_HU, 1.5 },
	{ "ăâțșţ", L_RO, 1.0 },
	{ "å", L_SV | L_DA | L_NB, 1.0 },
	{ "æø", L_DA | L_NB, 1.0 },
	{ "ėįųū", L_LT, 1.2 },
	{ "āēīģķļņ", L_LV, 1.2 },
	{ "ơưạảấầẩậắằặẹẻếềểễệịỉọỏốồổỗộớờởợụủứừửữựỳỷỹ", L_VI, 1.0 },
	{ "ыэъё", L_RU | L_KK, 0.8 },
	{ "ё", L_RU | L_BE | L_UZC, 0.3 },
	{ "їєґ", L_UK, 2.0 },
	{ "і", L_UK | L_BE | L_KK, 1.5 },
	{ "ў", L_BE | L_UZC, 1.5 },
	{ "қғҳ", L_UZC, 1.5 },
	{ "қғәңөұүһ", L_KK, 1.0 },
	{ "јљњђћџ", L_SRC, 2.0 },
	{ "ъ", L_BG | L_RU | L_UZC, 0.4 },
};

/* Scripts that one language, as far as we answer, has to itself. */
static const struct script {
	uint32_t from, to;
	const char *code;
} scripts[] = {
	{ 0x370, 0x3ff, "el" }, { 0x1f00, 0x1fff, "el" },
	{ 0x531, 0x58f, "hy" }, { 0x590, 0x5ff, "he" },
	{ 0x600, 0x6ff, "ar" }, { 0x900, 0x97f, "hi" },
	{ 0x980, 0x9ff, "bn" }, { 0xa00, 0xa7f, "pa" },
	{ 0xb80, 0xbff, "ta" }, { 0xe00, 0xe7f, "th" },
	{ 0x10a0, 0x10ff, "ka" }, { 0x1200, 0x137f, "am" },
	{ 0x3040, 0x30ff, "ja" }, { 0xac00, 0xd7a3, "ko" },
	{ 0x4e00, 0x9fff, "zh" }, { 0x3400, 0x4dbf, "zh" },
};
#define N_SCRIPTS (sizeof scripts / sizeof *scripts)

#define HIST_LATIN	0x600
#define HIST_VIET	0x60	/* U+1EA0 .. U+1EFF */

struct count {
	size_t latin, cyrillic, script[N_SCRIPTS], persian, ukrainian;
	double score[LANG_COUNT];
	size_t words;
	unsigned short seen[HIST_LATIN + HIST_VIET]; /* letters, by hist_at */
};

static const struct language_word *
word_find(struct str w)
{
	size_t lo = 0, hi = n_language_words;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const char *word = language_words[mid].word;
		int c = strncmp(w.p, word, w.n);

		if (c == 0 && word[w.n] == '\0')
			return &language_words[mid];
		if (c < 0 || (c == 0 && word[w.n] != '\0'))
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

static void
vote(struct count *c, uint64_t languages, double weight)
{
	for (; languages; languages &= languages - 1)
		c->score[__builtin_ctzll(languages)] += weight;
}

static void
word_vote(struct count *c, struct str w)
{
	const struct language_word *hit;
	int n;

	c->words++;
	if (w.n == 0 || w.n > MAX_WORD || !(hit = word_find(w)))
		return;
	n = __builtin_popcountll(hit->languages);
	vote(c, hit->languages, (w.n >= 4 ? 1.4 : w.n >= 2 ? 1.0 : 0.6) *
	    (n == 1 ? 1.5 : n == 2 ? 1.0 : n <= 4 ? 0.7 : 0.4));
}

/* Where a letter is counted; 0: nowhere. */
static size_t
hist_at(uint32_t cp)
{
	if (cp >= 0x80 && cp < HIST_LATIN)
		return cp;
	return cp >= 0x1ea0 && cp < 0x1f00 ? cp - 0x1ea0 + HIST_LATIN : 0;
}

static void
letter_count(struct count *c, uint32_t cp)
{
	if (cp < 0x80 || (cp >= 0xc0 && cp < 0x250) ||
	    (cp >= 0x1ea0 && cp < 0x1f00))
		c->latin++;
	else if (cp >= 0x400 && cp < 0x530)
		c->cyrillic++;
	if (cp == 0x67e || cp == 0x686 || cp == 0x6af || cp == 0x6cc)
		c->persian++;
	c->ukrainian += cp == 0x454 || cp == 0x456 || cp == 0x457 ||
	    cp == 0x491;
	for (size_t i = 0; cp >= 0x370 && i < N_SCRIPTS; i++) {
		if (cp >= scripts[i].from && cp <= scripts[i].to)
			c->script[i]++;
	}
	if (hist_at(cp) > 0)
		c->seen[hist_at(cp)]++;
}

static void
letters_vote(struct count *c)
{
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		struct str rest = str_of(letters[i].letters);
		uint32_t cp;
		size_t len;

		while ((len = utf8_next(rest, &cp)) > 0) {
			rest = str_sub(rest, len, rest.n);
			if (c->seen[hist_at(cp)] > 0)
				vote(c, letters[i].languages,
				    letters[i].weight * c->seen[hist_at(cp)]);
		}
	}
}

static bool
is_word_byte(char ch)
{
	return utf8_letter_byte(ch) || ch == '\'';
}

/* "numeo.ai", ".com": one dot and a Latin letter right after it. "..." is none,
 * and other scripts write no addresses: there a blank was left out. */
static bool
has_inner_dot(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] == '.' && ascii_alpha(s.p[i + 1]) && (i == 0 ||
		    (s.p[i - 1] != '.' && (unsigned char)s.p[i - 1] < 0x80)))
			return true;
	}
	return false;
}

/* "x@y.z", "https://...", "numeo.ai": no word of any language. */
static bool
is_address(struct str s)
{
	return str_find(s, STR("@")) >= 0 || str_find(s, STR("://")) >= 0 ||
	    str_starts(s, STR("www.")) || has_inner_dot(s);
}

/* Words and letters of what stands between two blanks. */
static void
chunk_vote(struct count *c, struct str s)
{
	size_t i = 0;

	/* Chinese and the like put no blank around an address. */
	if (is_address(s)) {
		while (s.n > 0 && (unsigned char)s.p[0] < 0xe0)
			s = str_sub(s, 1, s.n);
		while (s.n > 0 && (unsigned char)s.p[s.n - 1] < 0x80)
			s.n--;
	}
	while (i < s.n) {
		size_t n = 0;
		struct str w;

		while (i + n < s.n && is_word_byte(s.p[i + n]))
			n++;
		w = str_sub(s, i, i + n);
		while (w.n > 0 && w.p[0] == '\'')
			w = str_sub(w, 1, w.n);
		while (w.n > 0 && w.p[w.n - 1] == '\'')
			w.n--;
		if (w.n > 0)
			word_vote(c, w);
		i += n > 0 ? n : 1;
	}
	while (s.n > 0) {
		uint32_t cp;
		size_t len = utf8_next(s, &cp);

		if (cp >= 0x80 || ascii_alpha((char)cp))
			letter_count(c, cp);
		s = str_sub(s, len, s.n);
	}
}

/* The folded text without what stands in double quotes, if enough is left. */
static size_t
quoted_drop(char *out, struct str s)
{
	size_t n = 0;
	bool inside = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"') {
			ptrdiff_t end = str_find(str_sub(s, i + 1, s.n),
			    STR("\""));

			inside = !inside && end >= 0 && end < 300;
			out[n++] = ' ';
			continue;
		}
		if (!inside)
			out[n++] = s.p[i];
	}
	return n;
}

static struct count
count(struct str s)
{
	struct count c = { .latin = 0 };

	while (s.n > 0) {
		ptrdiff_t end = str_find(s, STR(" "));
		size_t n = end < 0 ? s.n : (size_t)end;

		chunk_vote(&c, str_sub(s, 0, n));
		s = str_sub(s, n + 1, s.n);
	}
	letters_vote(&c);
	return c;
}

static const char *
best_of(const struct count *c, bool cyrillic)
{
	int best = -1;

	for (int l = 0; l < LANG_COUNT; l++) {
		if (((CYRILLIC >> l & 1) != 0) != cyrillic)
			continue;
		if (best < 0 || c->score[l] > c->score[best])
			best = l;
	}
	if (best < 0 || c->score[best] < MIN_SCORE)
		return cyrillic && c->cyrillic >= 4 ? "ru" : "";
	if (best == LANG_UK && c->ukrainian == 0 &&
	    c->cyrillic >= UKRAINIAN_SHOWS &&
	    c->score[LANG_UK] < c->score[LANG_RU] + 2.05)
		return "ru";
	return codes[best];
}

static bool
is_cyrillic(const struct count *c)
{
	return c->cyrillic * 3 > c->latin;
}

static const char *
decide_language(const struct count *c)
{
	size_t most = 0, at = 0, all = c->latin + c->cyrillic;

	for (size_t i = 0; i < N_SCRIPTS; i++) {
		all += c->script[i];
		/* Japanese mixes kana into Chinese signs. */
		if (c->script[i] > most && strcmp(scripts[i].code, "ja") != 0) {
			most = c->script[i];
			at = i;
		}
		if (strcmp(scripts[i].code, "ja") == 0 && c->script[i] >= 2)
			return "ja";
	}
	if (most >= 2 && most * 5 >= all)
		return strcmp(scripts[at].code, "ar") == 0 && c->persian > 0
		    ? "fa" : scripts[at].code;
	return best_of(c, is_cyrillic(c));
}

static struct count
count_text(struct str text)
{
	char folded[MAX_LOOKED], bare[MAX_LOOKED];
	struct count c;
	size_t n, m;

	n = fold_into(folded, utf8_first(text, MAX_LOOKED));
	m = quoted_drop(bare, (struct str){ folded, n });
	c = count((struct str){ bare, m });
	if (c.words < 3)
		c = count((struct str){ folded, n });
	return c;
}

const char *
language_of(struct str text)
{
	struct count c = count_text(text);

	return decide_language(&c);
}

/* Its votes; -1: it is not written in this script. */
static double
score_of(const struct count *c, const char *code, bool cyrillic)
{
	double score = -1;

	for (int l = 0; l < LANG_COUNT; l++) {
		if (((CYRILLIC >> l & 1) != 0) == cyrillic &&
		    strcmp(codes[l], code) == 0 && c->score[l] > score)
			score = c->score[l];
	}
	return score;
}

const char *
language_next(struct str text, const char *before)
{
	struct count c = count_text(text);
	bool cyrillic = is_cyrillic(&c);
	const char *now = decide_language(&c);
	double lead = score_of(&c, now, cyrillic);
	double had = score_of(&c, before, cyrillic);

	if (!*now)
		return before;
	/* A script tells by itself. Not the Latin one: everybody's addresses and
	 * product words are in it. */
	if (!*before || lead < 0 || (cyrillic && had < 0))
		return now;
	return lead - (had > 0 ? had : 0) >= MIN_LEAD ? now : before;
}
