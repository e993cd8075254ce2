#include <string.h>

#include "text/html.h"
#include "text/html_marks.h"

#define MAX_VALUE	2000	/* bytes of an attribute looked at */
#define MUCH_BLANKS	5	/* between the words that describe a picture */

const char *
html_attribute(const char *const *atts, const char *name)
{
	for (; atts && atts[0]; atts += 2) {
		if (strcmp(atts[0], name) == 0)
			return atts[1] ? atts[1] : "";
	}
	return "";
}

static struct str
value_of(const char *const *atts, const char *name)
{
	return str_sub(str_of(html_attribute(atts, name)), 0, MAX_VALUE);
}

static bool
holds(struct str s, const char *word)
{
	return str_ifind(s, str_of(word)) >= 0;
}

/* Exchange writes "x_" before the names of what it quotes. */
static bool
is_name(struct str s, const char *name)
{
	if (str_starts(s, STR("x_")))
		s = str_sub(s, 2, s.n);
	return str_ieq(s, str_of(name));
}

static const struct {
	const char *id;
	struct html_mark mark;
} ids[] = {
	{ "divRplyFwdMsg", { HTML_MARK_REST, ZONE_QUOTED } },
	{ "appendonsend", { HTML_MARK_REST, ZONE_QUOTED } },
	{ "OLK_SRC_BODY_SECTION", { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "mail-editor-reference-message-container",
	    { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "Signature", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "ms-outlook-mobile-signature", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "AppleMailSignature", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "composer_signature", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "lineBreakAtBeginningOfSignature",
	    { HTML_MARK_SIGNATURE_NEXT, ZONE_SIGNATURE } },
	{ "lineBreakAtBeginningOfMessage", { HTML_MARK_NONE, ZONE_NEW } },
};

/* Words inside class and id. */
static const struct {
	const char *word;
	struct html_mark mark;
} words[] = {
	{ "yahoo_quoted", { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "moz-cite-prefix", { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "moz-email-headers-table", { HTML_MARK_ZONE, ZONE_FORWARDED } },
	{ "moz-forward-container", { HTML_MARK_ZONE, ZONE_FORWARDED } },
	{ "moz-signature", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "moz-txt-sig", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "protonmail_quote", { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "protonmail_signature_block", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "tutanota_quote", { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "zmail_extra", { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "mail-quote-collapse", { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "ms-outlook-mobile-reference-message",
	    { HTML_MARK_ZONE, ZONE_QUOTED } },
	{ "gmail_signature", { HTML_MARK_ZONE, ZONE_SIGNATURE } },
	{ "gmail_attr", { HTML_MARK_ZONE, ZONE_QUOTED } },
};

static struct html_mark
blockquote_mark(const char *const *atts, struct str class)
{
	struct str style = value_of(atts, "style");

	if (str_ieq(value_of(atts, "type"), STR("cite")) ||
	    holds(class, "quote") || holds(class, "cite"))
		return (struct html_mark){ HTML_MARK_ZONE, ZONE_QUOTED };
	/* Gmail's "indent more" is a blockquote that says so. */
	if (holds(style, "border:none") || holds(style, "border: none"))
		return (struct html_mark){ HTML_MARK_NONE, ZONE_NEW };
	if (holds(style, "border-left"))
		return (struct html_mark){ HTML_MARK_ZONE, ZONE_QUOTED };
	return (struct html_mark){ HTML_MARK_INDENT, ZONE_QUOTED };
}

struct html_mark
html_mark_of(const char *name, const char *const *atts)
{
	const struct html_mark none = { HTML_MARK_NONE, ZONE_NEW };
	struct str id, class, style;

	if (!atts || !atts[0])
		return strcmp(name, "blockquote") == 0 ?
		    (struct html_mark){ HTML_MARK_INDENT, ZONE_QUOTED } : none;
	id = value_of(atts, "id");
	class = value_of(atts, "class");
	if (strcmp(name, "blockquote") == 0)
		return blockquote_mark(atts, class);
	for (size_t i = 0; id.n > 0 && i < sizeof ids / sizeof *ids; i++) {
		if (is_name(id, ids[i].id))
			return ids[i].mark;
	}
	if (is_name(class, "Signature"))
		return (struct html_mark){ HTML_MARK_ZONE, ZONE_SIGNATURE };
	for (size_t i = 0; id.n + class.n > 0 &&
	    i < sizeof words / sizeof *words; i++) {
		if (holds(class, words[i].word) || holds(id, words[i].word))
			return words[i].mark;
	}
	if (holds(class, "gmail_quote"))
		return (struct html_mark){ HTML_MARK_GMAIL, ZONE_QUOTED };
	/* GMX and web.de; Zimbra. */
	if (str_eq(value_of(atts, "name"), STR("quote")))
		return (struct html_mark){ HTML_MARK_ZONE, ZONE_QUOTED };
	if (holds(value_of(atts, "data-marker"), "__QUOTED_TEXT__") ||
	    holds(value_of(atts, "data-marker"), "__HEADERS__"))
		return (struct html_mark){ HTML_MARK_ZONE, ZONE_QUOTED };
	if (holds(value_of(atts, "data-marker"), "__SIG_"))
		return (struct html_mark){ HTML_MARK_ZONE, ZONE_SIGNATURE };
	style = value_of(atts, "style");
	if (strcmp(name, "div") == 0 && (holds(style, "border-top") ||
	    holds(style, "solid none none")))
		return (struct html_mark){ HTML_MARK_BORDER, ZONE_QUOTED };
	if (html_attribute(atts, "bgcolor")[0] || holds(style, "background") ||
	    holds(style, "border"))
		return (struct html_mark){ HTML_MARK_BANNER, ZONE_NOTICE };
	return none;
}

/* "data:" is the picture itself. One that lies elsewhere is a picture of something
 * only if its alternative text says so at length: trackers and logos do not. */
bool
html_shows_picture(const char *const *atts)
{
	struct str src = str_trim(value_of(atts, "src"));
	struct str alt = value_of(atts, "alt");
	size_t blanks = 0;

	for (size_t i = 0; i < alt.n; i++)
		blanks += ascii_space(alt.p[i]);
	return str_istarts(src, STR("data:image/")) ||
	    (blanks >= MUCH_BLANKS && !str_istarts(src, STR("cid:")));
}

bool
html_is_attribution(struct str line)
{
	line = str_trim(line);
	if (line.n < 8 || line.n > 400 || line.p[line.n - 1] != ':')
		return false;
	for (size_t i = 0; i < line.n; i++) {
		if (ascii_digit(line.p[i]) || line.p[i] == '@')
			return true;
	}
	return holds(line, "wrote") || holds(line, "said");
}

bool
html_is_full_attribution(struct str line)
{
	size_t run = 0, digits = 0;

	line = str_trim(line);
	if (line.n < 20 || !html_is_attribution(line))
		return false;
	for (size_t i = 0; i < line.n; i++) {
		run = ascii_digit(line.p[i]) ? run + 1 : 0;
		digits += run > 0;
	}
	return digits >= 4 && (memchr(line.p, '@', line.n) != NULL ||
	    holds(line, "wrote"));
}

bool
html_is_header_block(struct str s)
{
	struct str line;
	int headers = 0, lines = 0;

	s = str_trim(s);
	while (lines++ < 12 && str_line(&s, &line)) {
		ptrdiff_t colon = str_find(line, STR(":"));

		headers += colon > 0 && colon < 40 &&
		    (size_t)colon + 1 < line.n;
	}
	return headers >= 3;
}

bool
html_is_advert_link(struct str href)
{
	static const char *const hosts[] = { "//aka.ms/", ".onelink.me/",
		"//trk.mail.ru/", "//overview.mail.yahoo.com",
		"//mail.yahoo.com", "//proton.me", "//protonmail.com",
		"//go.aol.com", "//mail.aol.com", "//apps.apple.com",
		"//play.google.com", "//yandex.", "//mobile.yandex",
		"//go.microsoft.com/fwlink" };

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		if (holds(str_sub(href, 0, 60), hosts[i]))
			return true;
	}
	return false;
}

static struct str
lower(struct arena *a, struct str s)
{
	return str_of(arena_lower(a, s));
}

bool
html_shows_target(struct arena *a, struct str text, struct str href)
{
	ptrdiff_t cut;

	cut = str_find(href, STR("//"));
	if (cut >= 0)
		href = str_sub(href, (size_t)cut + 2, href.n);
	else
		href = str_sub(href, 7, href.n);
	cut = str_find(href, STR("?"));
	if (cut > 0)
		href = str_sub(href, 0, (size_t)cut);
	if (str_istarts(href, STR("www.")))
		href = str_sub(href, 4, href.n);
	while (href.n > 0 && href.p[href.n - 1] == '/')
		href.n--;
	/* str_find costs the sum of the lengths, str_ifind their product. */
	return href.n == 0 || str_find(lower(a, text), lower(a, href)) >= 0;
}

/* A word of these is in whatever html_mark_of knows. */
bool
html_has_marks(struct str html)
{
	static const char *const marks[] = { "quote", "QUOTE", "Quote",
		"ignature", "RplyFwdMsg", "appendonsend", "OLK_SRC",
		"border-top", "solid none none", "moz-", "zmail_extra", "QUOTED_T",
		"reference-message", "__SIG_", "EXTERNAL", "xternal" };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (str_find(html, str_of(marks[i])) >= 0)
			return true;
	}
	return false;
}

bool
html_has_undecided(struct str text, const struct span *spans, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i <= n; i++) {
		size_t to = i < n ? spans[i].from : text.n;

		if (str_trim(str_sub(text, at, to)).n > 0)
			return true;
		if (i < n)
			at = spans[i].to;
	}
	return false;
}
