/*
 * PCRE2 behind one door. Patterns are our own, texts are strangers': the
 * match limit bounds what a text can cost, and gaps have an upper length, so
 * that there is nothing to run away with.
 *
 * JIT code is large, and a process's own: that of all shipped patterns takes
 * some 15 MB, and most of them meet a text seldom. So it is made for those that
 * are run often over whole texts, until it takes JIT_MOST; the others are
 * interpreted, and so are all that are tried only where a match can begin.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/factor.h"
#include "text/pattern.h"
#include "text/rules.h"

#define MAX_FRAGMENT_DEPTH	8
#define GAP		"[^.!?]{0,48}?"
#define LETTERS		PATTERN_LETTERS
#define WORD		"[" LETTERS "]"
#define MAX_QUOTED	48	/* of a mistake, in bytes */
#define JIT_AFTER	6000	/* bytes looked at */
#define JIT_MOST	((size_t)768 * 1024)
#define GAP_OF_WORDS	PATTERN_ENDS GAP PATTERN_BEGINS

struct pattern {
	pcre2_code *code;	/* lies in the arena of codes */
	struct arena *codes;
	bool keeping;		/* what is asked for now stays */
	uint32_t seen;		/* bytes of text, while there is no JIT code */
};

/* Of all patterns of this process, in bytes. */
static size_t jit_made;

struct expansion {
	struct buf out;
	bool borders;
	pattern_lookup *lookup;
	const void *ctx;
	struct cd_err *err;
};

static bool
is_gap(struct str s)
{
	return str_starts(s, STR("..."));
}

static bool
ends_in(const struct buf *b, const char *tail, size_t n)
{
	return b->n >= n && memcmp(b->p + b->n - n, tail, n) == 0;
}

/* The blanks from at to end say "white space" between words. Around a bar, as
 * in "a | b", and around a gap they only make the line legible; but in
 * "(my |the )?" and "good( morning| day)" they belong to the words. */
static bool
blank_counts(const struct buf *out, struct str all, size_t at, size_t end)
{
	bool escaped = at >= 2 && all.p[at - 2] == '\\';

	if (at == 0 || end == all.n || is_gap(str_sub(all, end, all.n)) ||
	    ends_in(out, GAP_OF_WORDS, sizeof GAP_OF_WORDS - 1) ||
	    ends_in(out, GAP, sizeof GAP - 1))
		return false;
	if (all.p[end] == '|')
		return end + 1 < all.n && !ascii_space(all.p[end + 1]);
	if (escaped)
		return true;
	if (all.p[at - 1] == '|')
		return at >= 2 && !ascii_space(all.p[at - 2]);
	return all.p[at - 1] != ':';
}

static struct str
skip_blanks(struct str s)
{
	while (s.n > 0 && ascii_space(s.p[0]))
		s = str_sub(s, 1, s.n);
	return s;
}

/* Case and accents off, but not of "\S". */
static const char *
fold_pattern(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, 3 * s.n + 8);

	while (s.n > 0) {
		size_t n = 0;

		if (s.p[0] == '\\') {
			buf_adds(&out, str_sub(s, 0, 2));
			s = str_sub(s, 2, s.n);
			continue;
		}
		if (ascii_space(s.p[0])) {
			buf_char(&out, ' ');
			s = skip_blanks(s);
			continue;
		}
		while (n < s.n && s.p[n] != '\\' && !ascii_space(s.p[n]))
			n++;
		buf_adds(&out, rules_normalise(a, str_sub(s, 0, n)));
		s = str_sub(s, n, s.n);
	}
	return buf_str(&out).p;
}

/* The class at s, "[^]a]" too; 0: it does not end. */
static size_t
class_length(struct str s)
{
	size_t n = s.n > 1 && s.p[1] == '^' ? 2 : 1;

	if (n < s.n && s.p[n] == ']')
		n++;
	while (n < s.n && s.p[n] != ']') {
		ptrdiff_t end = -1;

		if (str_starts(str_sub(s, n, s.n), STR("[:")))
			end = str_find(str_sub(s, n, s.n), STR(":]"));
		n += end > 0 ? (size_t)end + 2 : s.p[n] == '\\' ? 2 : 1;
	}
	return n < s.n ? n + 1 : 0;
}

/* What at s stands for itself, whatever signs are in it: a class, an escape, a
 * quote, a comment. 0: nothing of that kind, or it does not end. */
static size_t
plain_length(struct str s)
{
	ptrdiff_t end;

	if (s.p[0] == '[')
		return class_length(s);
	if (str_starts(s, STR("(?#"))) {
		end = str_find(s, STR(")"));
		return end < 0 ? 0 : (size_t)end + 1;
	}
	if (str_starts(s, STR("\\Q"))) {
		end = str_find(s, STR("\\E"));
		return end < 0 ? 0 : (size_t)end + 2;
	}
	if (s.p[0] != '\\' || s.n < 2)
		return 0;
	/* "\p{L}", "\x{e9}": no name of a list. */
	if (s.n > 2 && s.p[2] == '{' && strchr("pPxogkN", s.p[1])) {
		end = str_find(s, STR("}"));
		return end < 0 ? 2 : (size_t)end + 1;
	}
	return 2;
}

/* So much of what somebody wrote as a message has room for. */
static struct str
quotable(struct str s)
{
	return utf8_first(s, MAX_QUOTED);
}

static struct str
quotable_end(struct str s)
{
	size_t from = s.n < MAX_QUOTED ? 0 : s.n - MAX_QUOTED;

	while (from < s.n && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from++;
	return str_sub(s, from, s.n);
}

static enum cd_rc
lonely(struct cd_err *err, const char *what, struct str at)
{
	at = quotable(str_trim(at));
	return cd_fail(err, CD_MALFORMED, "a %s: \"%.*s\"", what,
	    STR_FMT(at));
}

static enum cd_rc expand(struct expansion *, struct str, int depth);

static enum cd_rc
expand_fragment(struct expansion *x, struct str *s, int depth)
{
	ptrdiff_t end = str_find(*s, STR("}"));
	struct expansion inner = *x;
	struct arena *a = x->out.arena;
	struct str name;
	const char *words;
	enum cd_rc rc;

	if (end < 0)
		return cd_fail(x->err, CD_MALFORMED, "a { without its }");
	name = str_sub(*s, 1, (size_t)end);
	words = x->lookup(x->ctx, name);
	if (!words)
		return cd_fail(x->err, CD_ABSENT, "no words for {%.*s}",
		    STR_FMT(name));
	if (depth >= MAX_FRAGMENT_DEPTH)
		return cd_fail(x->err, CD_MALFORMED,
		    "{%.*s} is made of itself", STR_FMT(name));
	inner.out = buf_new(a, CD_MAX_PATTERN);
	buf_puts(&inner.out, "(?:");
	rc = expand(&inner, str_of(fold_pattern(a, str_of(words))), depth + 1);
	if (rc != CD_OK)
		return rc;
	x->out.full = x->out.full || inner.out.full;
	buf_puts(&x->out, "(?:");
	buf_puts(&x->out, factor_alternatives(a, buf_str(&inner.out).p + 3));
	buf_char(&x->out, ')');
	*s = str_sub(*s, (size_t)end + 1, s->n);
	return CD_OK;
}

static enum cd_rc
expand(struct expansion *x, struct str s, int depth)
{
	const struct str all = s;
	struct str opened = s;
	size_t open = 0;

	while (s.n > 0) {
		size_t at = all.n - s.n;
		char c = s.p[0];
		/* Asked of each letter of all lists, it would cost. */
		size_t n = c == '[' || c == '(' || c == '\\' ?
		    plain_length(s) : 0;
		enum cd_rc rc;

		if (n > 0) {
			if (str_starts(s, STR("\\w")))
				buf_puts(&x->out, WORD);
			else if (str_starts(s, STR("\\W")))
				buf_puts(&x->out, "[^" LETTERS "]");
			else
				buf_add(&x->out, s.p, n);
			s = str_sub(s, n, s.n);
			continue;
		}
		if (c == '[')
			return lonely(x->err, "[ without its ]", s);
		if (str_starts(s, STR("\\Q")))
			return lonely(x->err, "\\Q without its \\E", s);
		if (c == '{' && s.n > 1 && ascii_alpha(s.p[1])) {
			rc = expand_fragment(x, &s, depth);
			if (rc != CD_OK)
				return rc;
			continue;
		}
		if (ascii_space(c)) {
			s = skip_blanks(s);
			/* "soc ?2" is "soc2" too. */
			if (str_starts(s, STR("?"))) {
				buf_puts(&x->out, "\\s*");
				s = str_sub(s, 1, s.n);
			} else if (blank_counts(&x->out, all, at, all.n - s.n)) {
				buf_puts(&x->out, "\\s+");
			}
			continue;
		}
		if (is_gap(s)) {
			buf_puts(&x->out, x->borders ? GAP_OF_WORDS : GAP);
			s = str_sub(s, 3, s.n);
			continue;
		}
		if (c == '(' && open++ == 0)
			opened = s;
		if (c == ')' && open-- == 0)
			return lonely(x->err, ") without its (",
			    quotable_end(str_sub(all, 0, at + 1)));
		if (c == '~')
			buf_puts(&x->out, WORD "*");
		else if (c == '\'')
			buf_puts(&x->out, "'?");
		else
			buf_char(&x->out, c);
		s = str_sub(s, 1, s.n);
	}
	return open > 0 ? lonely(x->err, "( without its )", opened) : CD_OK;
}

/* A word processor's apostrophe and ellipsis say what ours say. */
static struct str
plain_signs(struct arena *a, struct str s)
{
	static const char *const signs[][2] = {
		{ "\xe2\x80\x98", "'" }, { "\xe2\x80\x99", "'" },
		{ "\xe2\x80\xa6", "..." },
	};
	struct buf b = buf_new(a, s.n + 1);

	while (s.n > 0) {
		size_t i = 0;

		while (i < 3 && !str_starts(s, str_of(signs[i][0])))
			i++;
		if (i < 3)
			buf_puts(&b, signs[i][1]);
		else
			buf_char(&b, s.p[0]);
		s = str_sub(s, i < 3 ? 3 : 1, s.n);
	}
	return buf_str(&b);
}

static enum cd_rc
finish(struct expansion *x, const char **regex_out)
{
	if (x->out.full)
		return cd_fail(x->err, CD_MALFORMED,
		    "longer than %d bytes with its fragments", CD_MAX_PATTERN);
	*regex_out = fold_pattern(x->out.arena, buf_str(&x->out));
	return CD_OK;
}

enum cd_rc
pattern_expand(struct arena *a, struct str written, enum pattern_border border,
    pattern_lookup *lookup, const void *ctx, const char **regex_out,
    struct cd_err *err)
{
	static const char *const before[] = {
		PATTERN_BEGINS "(?:", "(?:", PATTERN_STARTS "(?:"
	};
	static const char *const after[] = {
		")" PATTERN_ENDS, ")", ")" PATTERN_STOPS
	};
	struct expansion x = {
		.out = buf_new(a, CD_MAX_PATTERN),
		.borders = border != BORDER_NONE,
		.lookup = lookup, .ctx = ctx, .err = err,
	};
	enum cd_rc rc;

	buf_puts(&x.out, before[border]);
	rc = expand(&x, plain_signs(a, str_trim(written)), 0);
	if (rc != CD_OK)
		return rc;
	buf_puts(&x.out, after[border]);
	return finish(&x, regex_out);
}

struct str
pattern_next_way(struct str *rest)
{
	const struct str all = *rest;
	size_t i = 0, open = 0;

	while (i < all.n && (all.p[i] != '|' || open > 0)) {
		size_t n = plain_length(str_sub(all, i, all.n));

		open += all.p[i] == '(' && n == 0;
		open -= all.p[i] == ')' && open > 0;
		i += n > 0 ? n : 1;
	}
	*rest = str_sub(all, i + 1, all.n);
	return str_trim(str_sub(all, 0, i));
}

/* Without a border: nothing of ours stands around it. */
static enum cd_rc
expand_alone(struct arena *a, struct str written, pattern_lookup *lookup,
    const void *ctx, const char **regex_out, struct cd_err *err)
{
	struct expansion x = {
		.out = buf_new(a, CD_MAX_PATTERN),
		.lookup = lookup, .ctx = ctx, .err = err,
	};
	enum cd_rc rc = expand(&x, plain_signs(a, str_trim(written)), 0);

	return rc == CD_OK ? finish(&x, regex_out) : rc;
}

static enum cd_rc
compile_alone(struct arena *a, const char *regex, struct cd_err *err)
{
	struct pattern *p;
	enum cd_rc rc = pattern_compile(a, a, regex, &p, err);

	if (rc == CD_OK)
		pattern_free(&p);
	return rc;
}

enum cd_rc
pattern_try(struct arena *a, struct str written, pattern_lookup *lookup,
    const void *ctx, struct cd_err *err)
{
	struct str rest = str_trim(written);
	const char *regex;
	enum cd_rc rc = expand_alone(a, written, lookup, ctx, &regex, err);

	if (rc != CD_OK)
		return rc;
	rc = compile_alone(a, regex, err);
	while (rc != CD_OK && rest.n > 0) {
		struct str way = pattern_next_way(&rest);
		struct cd_err why = { "" };

		if (way.n == 0 ||
		    expand_alone(a, way, lookup, ctx, &regex, &why) != CD_OK ||
		    compile_alone(a, regex, &why) == CD_OK)
			continue;
		way = quotable(way);
		return cd_fail(err, rc, "%s: \"%.*s\"", why.text,
		    STR_FMT(way));
	}
	return rc;
}

/* ---- memory --------------------------------------------------------------- */

static void *
memory_take(PCRE2_SIZE n, void *ctx)
{
	const struct pattern *p = ctx;

	return p->keeping ? arena_room(p->codes, n) : malloc(n);
}

static void
memory_give(void *piece, void *ctx)
{
	const struct pattern *p = ctx;

	if (piece != p->code)
		free(piece);
}

static int match(const struct pattern *, struct str, size_t at,
    uint32_t options, PCRE2_SIZE *ovector_out);

/* Brackets only hold together: whatever they caught would be carried along at
 * each step of a match. What compiling needs goes back at once; the code alone is
 * put beside that of the other patterns, where the processes of the daemon share
 * its pages. */
static bool
compile(struct pattern *p, const char *regex, int *code_out, PCRE2_SIZE *at_out)
{
	pcre2_general_context *memory =
	    pcre2_general_context_create(memory_take, memory_give, p);
	pcre2_compile_context *context = memory
	    ? pcre2_compile_context_create(memory) : NULL;
	pcre2_code *re;

	cd_assert(context);
	re = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE,
	    code_out, at_out, context);
	pcre2_compile_context_free(context);
	pcre2_general_context_free(memory);
	if (!re)
		return false;
	p->keeping = true;
	p->code = pcre2_code_copy(re);
	p->keeping = false;
	pcre2_code_free(re);
	return true;
}

/* A rule of it would fire on every mail. PCRE2 says "may be" of all that only
 * looks around, so it is tried. */
static bool
matches_nothing(const struct pattern *p)
{
	const struct str nothing = { "", 0 };
	PCRE2_SIZE ovector[2];
	uint32_t may_be = 0;

	(void)pcre2_pattern_info(p->code, PCRE2_INFO_MATCHEMPTY, &may_be);
	return may_be && match(p, nothing, 0, 0, ovector) >= 0;
}

/* PCRE2's own words, but for what people do who never heard of it. */
static enum cd_rc
refused(int code, struct cd_err *err)
{
	PCRE2_UCHAR text[128] = "";

	if (code == PCRE2_ERROR_QUANTIFIER_INVALID)
		return cd_fail(err, CD_MALFORMED,
		    "a ? * or + with nothing before it (the sign itself is "
		    "written \\? \\* \\+)");
	if (code == PCRE2_ERROR_CLASS_RANGE_ORDER)
		return cd_fail(err, CD_MALFORMED,
		    "letters in [ ] that go backwards, as in z-a");
	if (code == PCRE2_ERROR_END_BACKSLASH)
		return cd_fail(err, CD_MALFORMED,
		    "a \\ at the end (the sign itself is written \\\\)");
	if (code == PCRE2_ERROR_BAD_SUBPATTERN_REFERENCE)
		return cd_fail(err, CD_MALFORMED,
		    "\\1 or the like with no group of a name, (?<word>a|b): "
		    "other brackets only hold together");
	pcre2_get_error_message(code, text, sizeof text);
	return cd_fail(err, CD_MALFORMED, "%s", (const char *)text);
}

enum cd_rc
pattern_compile(struct arena *a, struct arena *codes, const char *regex,
    struct pattern **out, struct cd_err *err)
{
	struct pattern *p = arena_alloc(a, sizeof *p);
	PCRE2_SIZE at;
	int code;

	p->codes = codes;
	if (!compile(p, regex, &code, &at))
		return refused(code, err);
	if (matches_nothing(p)) {
		pattern_free(&p);
		return cd_fail(err, CD_MALFORMED, "this pattern matches nothing "
		    "at all (a | too many, or everything in it may be "
		    "missing)");
	}
	*out = p;
	return CD_OK;
}

static size_t
jit_size(const struct pattern *p)
{
	size_t n = 0;

	(void)pcre2_pattern_info(p->code, PCRE2_INFO_JITSIZE, &n);
	return n;
}

static void
count_bytes(struct pattern *p, size_t n)
{
	if (p->seen >= JIT_AFTER)
		return;
	p->seen += (uint32_t)n;
	if (p->seen < JIT_AFTER || jit_made >= JIT_MOST)
		return;
	(void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
	jit_made += jit_size(p);
}

void
pattern_free(struct pattern **p)
{
	if (!p || !*p)
		return;
	jit_made -= jit_size(*p);
	pcre2_code_free((*p)->code);
	*p = NULL;
}

/* ---- matching -------------------------------------------------------------- */

/* What a match writes to, once for all patterns of this process: beside them it
 * would turn their pages, which the processes of the daemon share, into copies. */
static pcre2_match_data *data;
static pcre2_match_context *limits;

static int
match(const struct pattern *p, struct str s, size_t at, uint32_t options,
    PCRE2_SIZE *ovector_out)
{
	int rc;

	if (!data) {
		data = pcre2_match_data_create(1, NULL);
		limits = pcre2_match_context_create(NULL);
		cd_assert(data && limits);
		pcre2_set_match_limit(limits, CD_PCRE_MATCH_LIMIT);
		pcre2_set_depth_limit(limits, CD_PCRE_DEPTH_LIMIT);
	}
	rc = pcre2_match(p->code, (PCRE2_SPTR)(s.p ? s.p : ""), s.n, at,
	    PCRE2_NO_UTF_CHECK | options, data, limits);
	if (rc >= 0)
		memcpy(ovector_out, pcre2_get_ovector_pointer(data),
		    2 * sizeof *ovector_out);
	return rc;
}

bool
pattern_gives_up(const struct pattern *p, struct str s)
{
	PCRE2_SIZE ovector[2];
	int rc = match(p, s, 0, PCRE2_NO_JIT, ovector);

	return rc < 0 && rc != PCRE2_ERROR_NOMATCH;
}

static enum pattern_result
result_of(int rc)
{
	if (rc == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO;
	return rc < 0 ? PATTERN_LIMIT : PATTERN_YES;
}

enum pattern_result
pattern_match(const struct pattern *pattern, struct str s, size_t *from_out,
    size_t *to_out)
{
	/* Only how it is run changes. */
	struct pattern *p = (struct pattern *)(uintptr_t)pattern;
	PCRE2_SIZE ovector[2];
	enum pattern_result result;

	count_bytes(p, s.n);
	result = result_of(match(p, s, 0, 0, ovector));
	if (result == PATTERN_YES) {
		*from_out = ovector[0];
		*to_out = ovector[1];
	}
	return result;
}

enum pattern_result
pattern_match_at(const struct pattern *p, struct str s, size_t at,
    size_t *from_out, size_t *to_out)
{
	PCRE2_SIZE ovector[2];
	enum pattern_result result = result_of(match(p, s, at,
	    PCRE2_ANCHORED | PCRE2_NO_JIT, ovector));

	if (result == PATTERN_YES) {
		*from_out = ovector[0];
		*to_out = ovector[1];
	}
	return result;
}
