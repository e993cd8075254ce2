#include "base/buf.h"
#include "role/pages.h"

struct words {
	const char *title;
	const char *text;	/* %s: the product, twice at most */
	bool good;
};

static const struct words words[] = {
	[CONSENT_APPROVED] = { "Approved \xe2\x80\x93 thank you!",
		"Your whole team can connect Outlook to %s now. Nobody has to "
		"do this again. Go back to %s and click Connect Outlook; if "
		"Microsoft still asks, sign out and in once and try again in "
		"five minutes.", true },
	[CONSENT_DECLINED] = { "Nothing was approved",
		"Cancel was pressed on Microsoft's page, so nothing has "
		"changed. If that was a slip, just open the link in our email "
		"again. Questions about %s? Reply to that email.", false },
	[CONSENT_NOT_ADMIN] = { "This account can't approve",
		"Microsoft lets only certain roles approve apps such as %s: "
		"Global Administrator, Privileged Role Administrator, Cloud "
		"Application Administrator or Application Administrator. "
		"Please have one of them open the same link.", false },
	[CONSENT_WRONG_TENANT] = { "That was another company's account",
		"You were signed in to Microsoft with an account of another "
		"company, so nothing was approved for %s. Open the link once "
		"more in a private window and sign in with your admin account "
		"of the company that needs it.", false },
	[CONSENT_EXPIRED] = { "This link has expired",
		"For safety, our approval links for %s expire after a while. "
		"Reply to our email and we'll send you a new one.", false },
	[CONSENT_FORGED] = { "This link is not complete",
		"Part of the address is missing or was changed, so nothing was "
		"done. Please open the link from our email about %s exactly as "
		"it is there, or reply to that email.", false },
	[CONSENT_FAILED] = { "Microsoft reported a problem",
		"Nothing has been approved yet. The %s team can see what "
		"Microsoft answered and will write to you; you can also reply "
		"to our email.", false },
};

/* text with each %s replaced by the product's name. */
static void
add_text(struct buf *b, const char *text, const char *product)
{
	for (; *text; text++) {
		if (text[0] == '%' && text[1] == 's') {
			buf_html(b, str_of(product));
			text++;
		} else {
			buf_char(b, *text);
		}
	}
}

static struct str
page(struct arena *a, const struct config *c, const struct words *w, int code)
{
	struct buf b = buf_new(a, 16 * 1024);

	buf_puts(&b, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n<title>");
	buf_html(&b, str_of(w->title));
	buf_puts(&b, "</title>\n<style>\n"
	    ":root { color-scheme: light dark; }\n"
	    "body { margin: 0; min-height: 100vh; display: grid; "
	    "place-items: center; font: 17px/1.55 system-ui, sans-serif; "
	    "background: #f3f5f8; color: #1c2430; }\n"
	    "main { max-width: 32rem; margin: 1.5rem; padding: 2rem 2.2rem; "
	    "background: #fff; border-radius: 14px; "
	    "box-shadow: 0 6px 30px rgb(20 30 60 / .10); }\n"
	    "h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .8rem; }\n"
	    "p { margin: 0 0 .9rem; }\n.mark { font-size: 2.2rem; "
	    "margin: 0 0 .4rem; }\n.good { color: #12733c; } "
	    ".bad { color: #a4480f; }\nsmall { color: #5a6472; }\n"
	    "@media (prefers-color-scheme: dark) { body { background: #12161c; "
	    "color: #e6eaf0; } main { background: #1b212a; } "
	    ".good { color: #58c98a; } .bad { color: #f0a163; } "
	    "small { color: #9aa6b5; } }\n</style>\n</head>\n<body>\n<main>\n");
	buf_printf(&b, "<p class=\"mark %s\" aria-hidden=\"true\">%s</p>\n<h1>",
	    w->good ? "good" : "bad", w->good ? "\xe2\x9c\x93" : "!");
	buf_html(&b, str_of(w->title));
	buf_puts(&b, "</h1>\n<p>");
	add_text(&b, w->text, c->product.name);
	buf_puts(&b, "</p>\n<p><small>");
	if (code != 0)
		buf_printf(&b, "Microsoft's code: AADSTS%d. ", code);
	buf_puts(&b, "You may close this page. Questions? Write to ");
	buf_html(&b, str_of(c->product.support_address.v[0]));
	buf_puts(&b, ".</small></p>\n</main>\n</body>\n</html>\n");
	return buf_str(&b);
}

struct str
page_return(struct arena *a, const struct config *c,
    const struct consent_result *r)
{
	return page(a, c, &words[r->outcome], r->code);
}

struct str
page_try_again(struct arena *a, const struct config *c)
{
	static const struct words later = { "One moment, please",
		"We couldn't record the answer just now. Please open the link "
		"in our email about %s again in a minute.", false };

	return page(a, c, &later, 0);
}
