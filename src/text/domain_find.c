/*
 * Domains in running text. A word with a dot in it is one only if its last
 * label is a suffix that exists (libpsl's list), and files are kept out that
 * have such endings ("setup.zip", "report.mov").
 */
#include <string.h>

#include "base/buf.h"
#include "text/domain.h"

#define MAX_WORD	300

static bool
is_word_byte(char c)
{
	return utf8_word_byte(c) || c == '.' || c == '-' || c == '_';
}

/* Chinese has its own full stop and comma, with no blank behind: U+3000 to U+303F and
 * the wide forms of ASCII's marks; and U+2000 to U+206F are everybody's. */
static bool
is_mark(uint32_t c)
{
	return (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) ||
	    (c >= 0xff01 && c <= 0xff0f) || (c >= 0xff1a && c <= 0xff20) ||
	    (c >= 0xff3b && c <= 0xff40) || (c >= 0xff5b && c <= 0xff65);
}

/* Where the word ends that begins there. */
static size_t
word_end(struct str text, size_t at)
{
	while (at < text.n && is_word_byte(text.p[at])) {
		uint32_t c = 0;
		size_t n = 1;

		if ((unsigned char)text.p[at] >= 0xe2)
			n = utf8_next(str_sub(text, at, text.n), &c);
		if (is_mark(c))
			break;
		at += n;
	}
	return at;
}

/* Suffixes of files that are suffixes of domains too. A domain of such a
 * suffix counts after "@" or "://" only. Those of countries are no files
 * here: there are hauliers in Poland (.pl) and Moldova (.md). */
static bool
is_file_suffix(const char *domain)
{
	static const char *const suffixes[] = { ".zip", ".mov", ".cab", ".ps",
		".sh" };

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (str_iends(str_of(domain), str_of(suffixes[i])))
			return true;
	}
	return false;
}

/* Whose addresses stand under other people's mails: scanners, mail programs,
 * services that make signatures or keep sites, boards that all hauliers are on. */
static const char *const adverts[] = {
	"123loadboard.com", "aqua-mail.com", "ati.su", "avast.com", "avg.com",
	"avira.com", "barracuda.com", "bit.ly", "bitdefender.com",
	"bluemail.me", "calendly.com", "camscanner.com", "canarymail.io",
	"carrier411.com", "codetwo.com", "dat.com", "deepl.com", "dropbox.com",
	"drweb.com", "eset.com", "exclaimer.com", "exclaimer.net",
	"facebook.com", "fb.com", "fmcsa.dot.gov", "gimm.io", "godaddy.com",
	"godaddysites.com", "gomotive.com", "google.com", "grammarly.com",
	"gyazo.com", "hubspot.com", "ibb.co", "imgur.com", "inky.com",
	"instagram.com", "kaspersky.com", "lardi-trans.com", "linkedin.com",
	"loom.com", "mailbutler.io", "mailsuite.com", "mailtrack.io",
	"mcafee.com", "mimecast.com", "missiveapp.com", "mobisystems.com",
	"mycarrierpackets.com", "newoldstamp.com", "norton.com",
	"pipedrive.com", "prnt.sc", "pronouns.org", "proofpoint.com", "read.ai",
	"registrymonitoring.com", "ringcentral.com", "samsara.com",
	"shortwave.com", "snipboard.io", "sparkmailapp.com", "spikenow.com",
	"squarespace.com", "streak.com", "superhuman.com", "t.me", "tiktok.com",
	"tilda.cc", "timocom.com", "trans.eu", "trendmicro.com",
	"truckstop.com", "trustpilot.com", "twitter.com", "uship.com", "vk.com",
	"wa.me", "whatsapp.com", "wisestamp.com", "wix.com", "wixsite.com",
	"wordpress.com", "x.com", "xerox.com", "yesware.com", "youtube.com",
	"zoom.us",
};

static bool
is_below(struct str domain, struct str other)
{
	return str_ieq(domain, other) || (domain.n > other.n &&
	    str_iends(domain, other) &&
	    domain.p[domain.n - other.n - 1] == '.');
}

static bool
is_advert(struct str d)
{
	for (size_t i = 0; i < sizeof adverts / sizeof *adverts; i++) {
		if (is_below(d, str_of(adverts[i])))
			return true;
	}
	return false;
}

/* Microsoft's own, which look like a tenant's: the bare "onmicrosoft.com", and
 * "entra.microsoft", which is a name in short or a host of theirs. */
static bool
is_microsofts(struct str d)
{
	static const char *const names[] = { "microsoft", "onmicrosoft.com",
		"onmicrosoft.us", "mail.onmicrosoft.com", "onmschina.cn",
		"partner.onmschina.cn" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_ieq(d, str_of(names[i])))
			return true;
	}
	return is_below(d, str_of(names[0]));
}

/* site: it stands there as an address of the web, which nobody calls his tenant. */
static bool
wanted(const char *domain, bool site, const char *const *ignore,
    size_t n_ignore, const struct domain_named *have, size_t n_have)
{
	struct str d = str_of(domain);

	for (size_t i = 0; i < n_have; i++) {
		if (strcmp(have[i].domain, domain) == 0)
			return false;
	}
	for (size_t i = 0; i < n_ignore; i++) {
		if (is_below(d, str_of(ignore[i])))
			return false;
	}
	if (is_microsofts(d) || (site && is_advert(d)))
		return false;
	return !domain_is_consumer(domain);
}

/* "Thanks.I" and "asap.Please": a sentence's end without its blank. A domain
 * in prose is not written with a capital after its dot alone. */
static bool
is_sentence_end(struct str word)
{
	const char *dot = memrchr(word.p, '.', word.n);
	size_t at = dot ? (size_t)(dot - word.p) : 0;

	return at > 0 && at + 1 < word.n && word.p[at + 1] >= 'A' &&
	    word.p[at + 1] <= 'Z' && word.p[at - 1] >= 'a' &&
	    word.p[at - 1] <= 'z' && !(at + 2 < word.n &&
	    word.p[at + 2] >= 'A' && word.p[at + 2] <= 'Z');
}

static const char *
word_domain(struct arena *a, struct str word, bool sure)
{
	const char *domain;

	while (word.n > 0 && (word.p[0] == '.' || word.p[0] == '-' ||
	    word.p[0] == '_'))
		word = str_sub(word, 1, word.n);
	while (word.n > 0 && strchr(".-_", word.p[word.n - 1]))
		word.n--;
	if (word.n < 4 || word.n > MAX_WORD || !memchr(word.p, '.', word.n))
		return NULL;
	if (!sure && is_sentence_end(word))
		return NULL;
	domain = domain_normal(a, word);
	if (!domain || !domain_suffix_known(domain) ||
	    domain_is_suffix(domain) || (!sure && is_file_suffix(domain)))
		return NULL;
	if (strncmp(domain, "www.", 4) == 0 && strchr(domain + 4, '.'))
		domain += 4;
	return domain;
}

/* Does this step of a path lead to a page that every company has, in whatever
 * language, and that is therefore its address and no place of somebody else's? */
static bool
is_front_step(struct arena *a, struct str step)
{
	static const char *const ends[] = { ".html", ".htm", ".php", ".aspx" };
	/* Less their dashes. */
	static const char *const names[] = { "about", "aboutus", "aloqa",
		"anasayfa", "apropos", "accueil", "azienda", "chisiamo",
		"company", "contact", "contactenos", "contacten", "contactez",
		"contacteznous", "contacto", "contacts", "contactus",
		"contacter", "contato", "contatos", "contatti", "default",
		"empresa", "faleconosco", "firma", "hakkimizda", "home",
		"homepage", "iletisim", "impressum", "imprint", "index",
		"inicio", "kompaniya", "kontakt", "kontakte", "kontakti",
		"kontakty", "kurumsal", "nosotros", "nouscontacter",
		"ofirmie", "okompanii", "onama", "onas", "ourteam", "overons",
		"pocetna", "pronas", "quemsomos", "quienessomos", "sobre",
		"sobrenos", "sobrenosotros", "startseite", "team", "uberuns",
		"ueberuns", "unternehmen" };
	struct buf name = buf_new(a, 64);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (str_iends(step, str_of(ends[i])))
			step.n -= strlen(ends[i]);
	}
	for (size_t i = 0; i < step.n; i++) {
		if (step.p[i] != '-' && step.p[i] != '_')
			buf_char(&name, step.p[i]);
	}
	/* "en", "de-at": a language. */
	if (step.n == 2 || (step.n == 5 && step.p[2] == '-'))
		return ascii_alpha(step.p[0]) && ascii_alpha(step.p[1]) &&
		    ascii_alpha(step.p[step.n - 2]) &&
		    ascii_alpha(step.p[step.n - 1]);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_ieq(buf_str(&name), str_of(names[i])))
			return true;
	}
	return false;
}

/* A path of such steps alone; what a query or a mark in the page adds to them
 * changes nothing. */
static bool
is_front_page(struct arena *a, struct str path)
{
	size_t at = 0, from;

	while (path.n > 0 && strchr(".,;:!", path.p[path.n - 1]))
		path.n--;
	while (at < path.n && !strchr("?#", path.p[at])) {
		from = at;
		while (at < path.n && !strchr("/?#", path.p[at]))
			at++;
		if (at > from &&
		    !is_front_step(a, str_sub(path, from, at)))
			return false;
		if (at < path.n && path.p[at] == '/')
			at++;
	}
	return true;
}

/* What follows a URL's host: path and query, which are no place to look for domains
 * in. *at moves behind them. */
static struct str
url_skip(struct str text, size_t *at)
{
	size_t from = *at;

	while (*at < text.n && !ascii_space(text.p[*at]) &&
	    !strchr("<>\"')", text.p[*at]))
		(*at)++;
	return str_sub(text, from, *at);
}

size_t
domain_find(struct arena *a, struct str text, const char *const *ignore,
    size_t n_ignore, struct domain_named *out, size_t max)
{
	size_t n = 0, at = 0;

	text = str_sub(text, 0, CD_MAX_TEXT);
	while (at < text.n && n < max) {
		size_t from = at;
		bool address, url, site, page = false;
		const char *domain;
		uint32_t c;

		at = word_end(text, at);
		if (at == from) {
			at += utf8_next(str_sub(text, at, text.n), &c);
			continue;
		}
		/* The local part of an address is none. */
		if (at < text.n && text.p[at] == '@')
			continue;
		address = from > 0 && text.p[from - 1] == '@';
		url = from >= 3 && memcmp(text.p + from - 3, "://", 3) == 0;
		domain = word_domain(a, str_sub(text, from, at),
		    address || url);
		site = url || str_istarts(str_sub(text, from, at), STR("www."));
		if (url || (domain && at < text.n && text.p[at] == '/')) {
			struct str path = url_skip(text, &at);

			page = path.n > 1 && !is_front_page(a, path);
			site = site || path.n > 1;
		}
		if (domain && wanted(domain, site || strstr(domain, ".www."),
		    ignore, n_ignore, out, n))
			out[n++] = (struct domain_named){ domain,
			    address ? IN_ADDRESS :
			    page || is_advert(str_of(domain)) ? IN_PAGE :
			    site ? IN_SITE : IN_PROSE };
	}
	return n;
}
