/*
 * Mailbox providers that anybody can have an address at. Names that exist
 * under many country suffixes are kept once, by their first label.
 */
#include <string.h>

#include "text/domain.h"

/* Any suffix: "hotmail.fr", "yahoo.co.uk". */
static const char *const brands[] = {
	"aol", "att", "fastmail", "gmail", "gmx", "googlemail", "hotmail",
	"icloud", "live", "mailfence", "msn", "outlook", "protonmail",
	"rocketmail", "tutanota", "tuta", "yahoo", "yandex", "ymail", "zohomail",
};

/* Sorted, whole names. */
static const char *const consumers[] = {
	"126.com", "139.com", "163.com", "188.com", "189.cn", "1und1.de",
	"21cn.com", "abv.bg", "adelphia.net", "aim.com", "aliceadsl.fr",
	"alice.it", "aliyun.com", "alltel.net", "ameritech.net", "aon.at",
	"arcor.de", "bell.net", "bellsouth.net", "bigmir.net", "bigpond.com",
	"bigpond.net.au", "bk.ru", "blueyonder.co.uk", "bluewin.ch", "bol.com.br",
	"bredband.net", "btinternet.com", "btopenworld.com", "centrum.cz",
	"centrum.sk", "centurylink.net", "centurytel.net", "charter.net",
	"club-internet.fr", "cogeco.ca", "comcast.net", "consolidated.net",
	"cox.net", "cs.com", "daum.net", "dodo.com.au", "duck.com",
	"earthlink.net", "email.com", "email.cz", "email.de", "embarqmail.com",
	"eircom.net", "excite.com", "fastmail.fm", "fastwebnet.it",
	"foxmail.com", "free.fr", "freemail.hu", "freenet.de", "freeserve.co.uk",
	"frontier.com", "frontiernet.net", "fuse.net", "gazeta.pl", "gci.net",
	"globo.com", "hanmail.net", "hetnet.nl", "home.nl", "hotmail.co",
	"hush.com", "hushmail.com", "hughes.net", "i.ua", "ig.com.br",
	"iinet.net.au", "inbox.com", "inbox.lv", "inbox.ru", "inet.ua",
	"insightbb.com", "interia.eu", "interia.pl", "internode.on.net",
	"inwind.it", "iol.ie", "iol.pt", "juno.com", "kpnmail.nl", "laposte.net",
	"legalmail.it", "libero.it", "libertysurf.fr", "list.ru", "lycos.com",
	"mac.com", "mail.bg", "mail.com", "mail.ee", "mail.kz", "mail.ru",
	"mail.ua", "mailbox.org", "mailinator.com", "me.com", "mediacombb.net",
	"meta.ua", "mindspring.com", "mymail.com", "mynet.com", "nate.com",
	"naver.com", "neostrada.pl", "netcologne.de", "netscape.net",
	"netzero.com", "netzero.net", "neuf.fr", "noos.fr", "ntlworld.com",
	"numericable.fr", "o2.co.uk", "o2.pl", "online.de", "online.no",
	"onet.eu", "onet.pl", "op.pl", "optimum.net", "optonline.net",
	"optusnet.com.au", "orange.fr", "orange.net", "pacbell.net", "pm.me",
	"poczta.fm", "poczta.onet.pl", "posteo.de", "posteo.net", "proton.me",
	"prodigy.net", "ptd.net", "q.com", "qq.com", "rambler.ru", "rcn.com",
	"rediffmail.com", "roadrunner.com", "rogers.com", "rr.com", "safe-mail.net",
	"sapo.pt", "sasktel.net", "sbcglobal.net", "sbcglobal.com", "seznam.cz",
	"sfr.fr", "shaw.ca", "sina.cn", "sina.com", "sky.com", "skynet.be",
	"sohu.com", "spectrum.net", "suddenlink.net", "swbell.net", "sympatico.ca",
	"t-online.de", "talktalk.net", "tds.net", "telefonica.net", "telenet.be",
	"telia.com", "telus.net", "terra.com.br", "terra.es", "tin.it",
	"tiscali.co.uk", "tiscali.it", "tlen.pl", "tvcablenet.be", "ukr.net",
	"umail.uz", "unitybox.de", "uol.com.br", "usa.com", "usa.net",
	"vera.com.uy", "verizon.net", "videotron.ca", "virgilio.it",
	"virgin.net", "virginmedia.com", "vodafone.de", "vodafone.it", "voila.fr",
	"walla.co.il", "walla.com", "wanadoo.es", "wanadoo.fr", "wavecable.com",
	"web.de", "wideopenwest.com", "windstream.net", "wowway.com", "wp.pl",
	"xs4all.nl", "xtra.co.nz", "ya.ru", "yandex.com", "zeelandnet.nl",
	"ziggo.nl", "zoho.com", "zoho.eu", "zoho.in", "zoznam.sk",
};

/* "com", "fr", "co.uk", "com.br": no name of its own in it. */
static bool
is_suffix(const char *s)
{
	size_t n = strlen(s), dots = 0;

	for (size_t i = 0; i < n; i++)
		dots += s[i] == '.';
	if (dots == 0)
		return n >= 2 && n <= 4;
	return dots == 1 && n <= 6 && (strncmp(s, "co.", 3) == 0 ||
	    strncmp(s, "com.", 4) == 0);
}

bool
domain_is_consumer(const char *domain)
{
	const char *dot = strchr(domain, '.');
	size_t label = dot ? (size_t)(dot - domain) : 0;

	if (!dot)
		return false;
	for (size_t i = 0; i < sizeof brands / sizeof *brands; i++) {
		if (strlen(brands[i]) == label &&
		    memcmp(brands[i], domain, label) == 0 && is_suffix(dot + 1))
			return true;
	}
	for (size_t i = 0; i < sizeof consumers / sizeof *consumers; i++) {
		if (str_ieq(str_of(domain), str_of(consumers[i])))
			return true;
	}
	return false;
}
