/*
 * Newly written text apart from everything else. Three passes over the lines:
 * where older mails begin (html's marks, quote marks, attributions, header
 * blocks), the banner on top, and the ends of what is left (signatures and
 * footers). Whatever no pass claims is new: an answer is never lost.
 */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "text/banner.h"
#include "text/fold.h"
#include "text/notice.h"
#include "text/oldmail.h"
#include "text/signature.h"
#include "text/visible.h"

/* An attribution as the first line with so few bytes of unmarked text below it
 * is the answer under a stripped quote, not an old mail nobody answered. */
#define DATE_AND_TIME	7	/* digits */
#define LONG_LINE	100	/* bytes */
#define MAX_UNDER_LONE 1500
#define MAX_CUT		4096	/* bytes at a line's end where one may begin */
#define MAX_AHEAD	8	/* lines that one may take, blank ones too */
#define MAX_CUTS_TRIED	500
#define LITTLE		48	/* bytes that say nothing by themselves */
#define MAX_LABELS	4	/* above an attribution */
#define MAX_HEADS	20	/* banners and the like above a text */

/* How attributions begin that name the day before the author, in the mail
 * programs' own capitals. */
static const char *const openers[] = {
	"On ", "Am ", "Le ", "El ", "Em ", "Il ", "Op ", "Den ", "W dniu ",
	"Dnia ", "Dne ", "La data ", "A(z) ", "На ", NULL
};

struct walk {
	struct arena *a;
	struct lines ls;
	bool written;		/* new text was met above */
	enum zone quote;	/* zone of the ">" lines that come */
	size_t cuts_tried;
	size_t tries;		/* attributions looked for in vain */
};

static bool
is_old(const struct text_line *l)
{
	return l->zone == ZONE_QUOTED || l->zone == ZONE_FORWARDED;
}

static size_t
head_at(const struct lines *ls, size_t i)
{
	size_t n = banner_at(ls, i, ls->n);

	return n > 0 ? n : desk_line_at(ls, i, ls->n);
}

/* What programs put above the text. */
static void
heads_mark(struct lines *ls)
{
	size_t i = lines_next(ls, 0, ls->n), n, heads = 0;

	while (heads++ < MAX_HEADS && (n = head_at(ls, i)) > 0) {
		for (size_t j = i; j < i + n; j++) {
			if (ls->v[j].zone == ZONE_UNDECIDED)
				ls->v[j].zone = ZONE_NOTICE;
		}
		i = lines_next(ls, i + n, ls->n);
		while (i < ls->n && line_is_rule(&ls->v[i])) {
			ls->v[i].zone = ZONE_NOTICE;
			i = lines_next(ls, i + 1, ls->n);
		}
	}
}

/* "________" and blank lines over a header block belong to it. */
static void
rules_above_mark(struct lines *ls, size_t i, enum zone zone)
{
	bool title = false;

	while (i > 0 && (line_blank(&ls->v[i - 1]) ||
	    (line_is_rule(&ls->v[i - 1]) && ls->v[i - 1].depth == 0) ||
	    (!title && line_is_title(&ls->v[i - 1])))) {
		i--;
		title |= !line_blank(&ls->v[i]) && !line_is_rule(&ls->v[i]);
		if (ls->v[i].zone == ZONE_UNDECIDED && !line_blank(&ls->v[i]))
			ls->v[i].zone = zone;
	}
}

/* An old mail begins with the k lines from i on. Returns where to go on. */
static size_t
old_mark(struct walk *w, size_t i, size_t k, enum zone zone, bool lone_ok)
{
	struct lines *ls = &w->ls;
	size_t next = lines_next(ls, i + k, ls->n);

	rules_above_mark(ls, i, zone);
	for (size_t j = i; j < i + k; j++)
		ls->v[j].zone = zone;
	w->quote = zone;
	if (next == ls->n || ls->v[next].depth > 0 || is_old(&ls->v[next]))
		return next;
	if (lone_ok && !w->written &&
	    ls->v[ls->n - 1].to - ls->v[next].from <= MAX_UNDER_LONE)
		return next;
	for (size_t j = next; j < ls->n; j++) {
		if (ls->v[j].zone == ZONE_UNDECIDED)
			ls->v[j].zone = zone;
	}
	return ls->n;
}

/* "Yes please On Tue, Dec 8, 2026 at 9:12 AM X <x@y> wrote:", one line where
 * two were: the attribution becomes a line of its own. It is looked for in a
 * copy of the line's end: to cut and fold a long line for every "on" in it would
 * cost its length each time. */
static bool
attribution_cut(struct walk *w, size_t i)
{
	char folded[MAX_CUT];
	struct text_line few[MAX_AHEAD];
	struct lines tail = { few, w->ls.n - i, 0, w->ls.text };
	struct str raw = w->ls.v[i].raw;
	size_t at = raw.n > MAX_CUT ? raw.n - MAX_CUT : 1;

	if (tail.n > MAX_AHEAD)
		tail.n = MAX_AHEAD;
	memcpy(few, w->ls.v + i, tail.n * sizeof *few);
	for (; at + 20 < raw.n && w->cuts_tried < MAX_CUTS_TRIED; at++) {
		struct str rest = str_sub(raw, at, raw.n);

		if (rest.p[-1] != ' ' || !fold_starts(rest, openers))
			continue;
		w->cuts_tried++;
		few[0].raw = rest;
		few[0].fold = (struct str){ folded, fold_into(folded, rest) };
		if (attribution_at(&tail, 0, tail.n) > 0)
			return lines_cut_at(w->a, &w->ls, i, at);
	}
	return false;
}

/* Yandex's attribution: "Кому: ...;", "Тема: ...;", below a rule, stand above it. How
 * many lines all that takes; 0: it is none. */
static size_t
labels_above_at(const struct lines *ls, size_t i)
{
	size_t at = line_is_rule(&ls->v[i]) ? lines_next(ls, i + 1, ls->n) : i;
	size_t n = 0, k = 0;

	for (; at < ls->n && n < MAX_LABELS && line_has_label(&ls->v[at]) &&
	    str_iends(ls->v[at].fold, STR(";")); n++)
		at = lines_next(ls, at + 1, ls->n);
	if (n > 0 && at < ls->n)
		k = attribution_at(ls, at, ls->n);
	return k > 0 ? at + k - i : 0;
}

/* GroupWise's: ">>> Joe 11/16/2026 8:26 AM >>>", ">>> On 11/16/2026 at 8:26 AM, Joe
 * <joe@roe.com> wrote:", with no mark above nor below. */
static bool
is_angled(const struct lines *ls, size_t i)
{
	const struct text_line *l = &ls->v[i];
	size_t digits = 0, next;
	bool closed;

	if (l->depth != 3 || !memchr(l->fold.p, ':', l->fold.n))
		return false;
	closed = str_iends(l->fold, STR(">>>"));
	for (size_t k = 0; k < l->fold.n; k++)
		digits += ascii_digit(l->fold.p[k]);
	if (closed && memchr(l->fold.p, '@', l->fold.n))
		return true;
	next = lines_next(ls, i + 1, ls->n);
	return digits >= DATE_AND_TIME && next < ls->n &&
	    ls->v[next].depth == 0 && (i == 0 || ls->v[i - 1].depth == 0) &&
	    (closed || (str_iends(l->fold, STR(":")) &&
	    memchr(l->fold.p, '@', l->fold.n)));
}

/* The k lines of an attribution with the headers that iNotes puts below it. */
static size_t
with_block(const struct lines *ls, size_t i, size_t k)
{
	size_t next = lines_next(ls, i + k, ls->n), n;

	if (next == ls->n || ls->v[next].depth > 0)
		return k;
	n = header_block_at(ls, next, ls->n, true);
	return n > 0 ? next - i + n : k;
}

/* Line i is neither blank, marked nor decided. Returns the next to look at. */
static size_t
line_look(struct walk *w, size_t i)
{
	struct lines *ls = &w->ls;
	enum separator sep = separator_at(ls, i, ls->n);
	size_t k;

	if (sep != SEPARATOR_NONE) {
		size_t next = lines_next(ls, i + 1, ls->n);

		k = next < ls->n && ls->v[next].depth == 0
		    ? header_block_at(ls, next, ls->n, true) : 0;
		if (k == 0 && next < ls->n && ls->v[next].depth == 0)
			k = attribution_at(ls, next, ls->n);
		return old_mark(w, i, k > 0 ? next - i + k : 1,
		    sep == SEPARATOR_FORWARD || !w->written
		    ? ZONE_FORWARDED : ZONE_QUOTED, false);
	}
	k = header_block_at(ls, i, ls->n, false);
	if (k > 0)
		return old_mark(w, i, k,
		    w->written ? ZONE_QUOTED : ZONE_FORWARDED, false);
	k = labels_above_at(ls, i);
	if (k > 0)
		return old_mark(w, i, k, ZONE_QUOTED, false);
	if (w->tries < CD_MAX_TRIES) {
		if (attribution_cut(w, i)) {
			w->written = true;
			return i + 1;
		}
		k = attribution_at(ls, i, ls->n);
		if (k > 0)
			return old_mark(w, i, with_block(ls, i, k),
			    ZONE_QUOTED, true);
		w->tries++;
	}
	w->written = w->written || !line_is_rule(&ls->v[i]);
	w->quote = ZONE_QUOTED;
	return i + 1;
}

static void
old_mails_mark(struct walk *w)
{
	size_t i = 0;

	while (i < w->ls.n) {
		struct text_line *l = &w->ls.v[i];

		if (l->zone == ZONE_UNDECIDED && is_angled(&w->ls, i)) {
			i = old_mark(w, i, 1, ZONE_QUOTED, false);
			continue;
		}
		if (l->depth > 0 && l->zone == ZONE_UNDECIDED)
			l->zone = w->quote;
		if (line_blank(l) || l->zone != ZONE_UNDECIDED) {
			w->written = w->written || l->zone == ZONE_NEW;
			i++;
			continue;
		}
		i = line_look(w, i);
	}
}

static bool
is_written(const struct text_line *l)
{
	return l->zone == ZONE_UNDECIDED || l->zone == ZONE_NEW;
}

/* What it costs to look for a signature there: its lines, long ones as many. */
static size_t
lines_looked_at(const struct lines *ls, size_t i, size_t end)
{
	size_t from = end - i > CD_MAX_TAIL ? end - CD_MAX_TAIL : i;

	return end - from + (ls->v[end - 1].to - ls->v[from].from) / LONG_LINE;
}

/* Each run of lines that no old mail interrupts ends with its own signature. No
 * person's mail has so many runs that CD_MAX_SIGNED is met: what comes after it
 * stays new. */
static void
signatures_mark(struct lines *ls, const struct signer *who)
{
	size_t looked_at = 0;
	bool alone = true;

	for (size_t i = 0; i < ls->n && looked_at < CD_MAX_SIGNED;) {
		size_t end;

		if (!is_written(&ls->v[i])) {
			i++;
			continue;
		}
		for (end = i; end < ls->n && is_written(&ls->v[end]);)
			end++;
		if (lines_next(ls, i, end) < end) {
			signature_mark(ls, i, end, who, alone);
			looked_at += lines_looked_at(ls, i, end);
			alone = false;
		}
		i = end;
	}
}

/* "Ticket #4711 has been updated." and hardly a word more: that is what it says. */
static void
states_unmark(struct lines *ls)
{
	size_t n = 0;

	for (size_t i = 0; i < ls->n && n <= LITTLE; i++)
		n += is_written(&ls->v[i]) ? ls->v[i].fold.n : 0;
	for (size_t i = 0; i < ls->n && n <= LITTLE; i++) {
		struct text_line *l = &ls->v[i];

		if (!line_blank(l) && l->zone != ZONE_NOTICE)
			break;
		if (desk_line_of(l->fold) == DESK_STATE)
			l->zone = ZONE_NEW;
	}
}

/* Blank lines go with what stands above them, the first with what comes. */
static void
rest_mark(struct lines *ls)
{
	size_t first = lines_next(ls, 0, ls->n);
	enum zone zone = ZONE_NEW;

	if (first < ls->n && ls->v[first].zone != ZONE_UNDECIDED)
		zone = ls->v[first].zone;
	for (size_t i = 0; i < ls->n; i++) {
		struct text_line *l = &ls->v[i];

		if (!line_blank(l))
			zone = l->zone == ZONE_UNDECIDED ? ZONE_NEW : l->zone;
		l->zone = zone;
	}
}

static bool
has_letters(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_alnum(s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			return true;
	}
	return false;
}

static bool
has_a_word(struct str s)
{
	uint32_t c = 0;

	while (s.n > 0 && !utf8_letter(c))
		s = str_sub(s, utf8_next(s, &c), s.n);
	return utf8_letter(c);
}

/* Line l as pieces, those that are struck out and others; *s is the span that ends
 * last of those that begin above l. Returns how many there are. */
static size_t
struck_pieces(const struct zoned *body, const struct text_line *l, size_t *s,
    struct text_line *to)
{
	size_t n = 0, at = l->from;
	bool rest = false;

	while (*s < body->n_struck && body->struck[*s].to <= l->from)
		(*s)++;
	for (size_t k = *s; k < body->n_struck &&
	    body->struck[k].from < l->to; k++) {
		struct span out = body->struck[k];
		size_t from = out.from > at ? out.from : at;
		size_t end = out.to < l->to ? out.to : l->to;

		if (from > at) {
			rest |= has_letters(str_sub(body->text, at, from));
			to[n] = *l;
			to[n].from = at;
			to[n++].to = from;
		}
		to[n] = *l;
		to[n].zone = ZONE_QUOTED;
		to[n].from = from;
		to[n++].to = at = end;
	}
	if (n == 0 || has_letters(str_sub(body->text, at, l->to))) {
		to[n] = *l;
		to[n++].from = at;
		rest = true;
	} else {
		to[n - 1].to = l->to;
	}
	if (rest)
		return n;
	*to = *l;
	to->zone = ZONE_QUOTED;
	return 1;
}

/*
 * What its writer struck out he does not say, and yet shows, as he does what
 * somebody else said: it is quoted. Not a notice: those few words that are all he
 * says are looked for in notices, too. Only now, so that a line that has some of it
 * was known for what it is.
 */
static void
struck_cut(struct arena *a, struct lines *ls, const struct zoned *body,
    struct visible *out)
{
	struct text_line *v;
	size_t n = 0, s = 0;

	if (body->n_struck == 0)
		return;
	v = arena_array(a, ls->n + 2 * body->n_struck + 1, sizeof *v);
	for (size_t i = 0; i < ls->n; i++) {
		size_t from = n;

		if (ls->v[i].zone != ZONE_NEW || ls->v[i].depth > 0) {
			v[n++] = ls->v[i];
			continue;
		}
		n += struck_pieces(body, &ls->v[i], &s, v + n);
		/* The price that an advert strikes out was nobody's word. */
		for (; from < n; from++)
			out->struck |= v[from].zone != ZONE_NEW &&
			    has_a_word(str_sub(body->text, v[from].from,
			    v[from].to));
	}
	ls->v = v;
	ls->n = n;
}

static void
spans_write(struct arena *a, const struct lines *ls, struct visible *out)
{
	size_t n = 0, most = ls->n > 0;

	for (size_t i = 1; i < ls->n; i++)
		most += ls->v[i].zone != ls->v[i - 1].zone;
	if (most > CD_MAX_SPANS)
		most = CD_MAX_SPANS;
	out->all.spans = arena_array(a, most, sizeof *out->all.spans);
	for (size_t i = 0; i < ls->n; i++) {
		struct span *last = n > 0 ? &out->all.spans[n - 1] : NULL;

		if (last && last->zone != ls->v[i].zone && n == CD_MAX_SPANS)
			last->zone = ZONE_NEW;
		if (last && (last->zone == ls->v[i].zone ||
		    n == CD_MAX_SPANS)) {
			last->to = ls->v[i].to;
			continue;
		}
		out->all.spans[n++] = (struct span){ ls->v[i].from,
			ls->v[i].to, ls->v[i].zone };
	}
	out->all.n_spans = n;
}

/* Do the lines of a zone stand in the text as they are, one below the other? Then
 * what they hold is that piece of it, which need not be copied. */
static bool
zone_is_piece(const struct lines *ls, enum zone zone, struct str *piece)
{
	size_t from = 0, to = 0;

	for (size_t i = 0; i < ls->n; i++) {
		const struct text_line *l = &ls->v[i];

		if (l->zone != zone)
			continue;
		if (l->depth > 0 || (to > 0 && (l->from != to ||
		    ls->text.p[to - 1] != '\n')))
			return false;
		from = to > 0 ? from : l->from;
		to = l->to;
	}
	*piece = str_sub(ls->text, from, to);
	return true;
}

/* What is left of a line that was cut goes on where it ended: "th" and "at". */
static struct str
zone_join(struct arena *a, const struct lines *ls, enum zone zone)
{
	struct buf to = buf_new(a, 2 * ls->text.n + 2);
	const struct text_line *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < ls->n; i++)
		n += ls->v[i].zone == zone ?
		    ls->v[i].to - ls->v[i].from + 1 : 0;
	buf_reserve(&to, n);
	for (size_t i = 0; i < ls->n; i++) {
		const struct text_line *l = &ls->v[i];

		struct str s = str_sub(ls->text, l->from, l->to);

		if (l->zone != zone)
			continue;
		if (last && to.p[to.n - 1] != '\n') {
			size_t gap = l->from - last->to;

			if (gap > 0 && (zone != ZONE_NEW ||
			    memchr(ls->text.p + last->to, '\n', gap)))
				buf_char(&to, '\n');
			else if (to.p[to.n - 1] == ' ' && s.p[0] == ' ')
				s = str_sub(s, 1, s.n);
		}
		last = NULL;
		if (l->depth > 0) {
			buf_adds(&to, l->raw);
			buf_char(&to, '\n');
			continue;
		}
		buf_adds(&to, s);
		last = to.n > 0 ? l : NULL;
	}
	return buf_str(&to);
}

static void
zones_write(struct arena *a, const struct lines *ls, struct visible *out)
{
	for (int z = 0; z < ZONE_COUNT; z++) {
		struct str piece;

		if (!zone_is_piece(ls, (enum zone)z, &piece))
			piece = zone_join(a, ls, (enum zone)z);
		out->zone[z] = str_trim(piece);
	}
}

void
visible_find(struct arena *a, const struct zoned *body,
    const char *sender_name, struct visible *out)
{
	struct walk w = {
		.a = a, .ls = lines_cut(a, body), .quote = ZONE_QUOTED
	};
	struct signer who = signer_of(a, sender_name);

	*out = (struct visible){ .all.text = body->text };
	header_labels_mark(&w.ls);
	heads_mark(&w.ls);
	old_mails_mark(&w);
	signatures_mark(&w.ls, &who);
	states_unmark(&w.ls);
	rest_mark(&w.ls);
	struck_cut(a, &w.ls, body, out);
	spans_write(a, &w.ls, out);
	zones_write(a, &w.ls, out);
}
