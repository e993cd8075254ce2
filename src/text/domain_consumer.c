/*
 * Mailbox providers that anybody can have an address at, and others that lend their
 * name. Names that exist under many country suffixes are kept once, by their first
 * label. What stands below a provider's name ("tampabay.rr.com") is its own too.
 */
#include <string.h>

#include "text/domain.h"

/* Any suffix: "hotmail.fr", "yahoo.co.uk". */
static const char *const brands[] = {
	"aol", "att", "fastmail", "gmail", "gmx", "googlemail", "hotmail",
	"icloud", "live", "mailfence", "msn", "outlook", "protonmail",
	"rocketmail", "tutanota", "tuta", "yahoo", "yandex", "ymail", "zohomail",
};

/* Sorted. */
static const char *const consumers[] = {
	"126.com", "139.com", "163.com", "188.com", "189.cn", "1und1.de",
	"21cn.com", "abv.bg", "adelphia.net", "aim.com", "aliceadsl.fr",
	"alice.it", "aliyun.com", "alltel.net", "ameritech.net", "aon.at",
	"arcor.de", "arubapec.it", "bell.net", "bellsouth.net", "bigmir.net",
	"bigpond.com", "bigpond.net.au", "bk.ru", "blueyonder.co.uk",
	"bluewin.ch", "bol.com.br", "bredband.net", "btinternet.com",
	"btopenworld.com", "cableone.net", "casema.nl", "centrum.cz",
	"centrum.sk", "centurylink.net",
	"centurytel.net", "charter.net", "club-internet.fr", "cogeco.ca",
	"comcast.net", "consolidated.net", "cox.net", "cs.com", "daum.net",
	"dodo.com.au", "duck.com", "earthlink.net", "email.com", "email.cz",
	"email.de", "embarqmail.com", "eircom.net", "exat.uz", "excite.com",
	"fastmail.fm", "fastwebnet.it", "foxmail.com", "free.fr", "freemail.hu",
	"freenet.de", "freeserve.co.uk", "frontier.com", "frontiernet.net",
	"fuse.net", "gazeta.pl", "gci.net", "globo.com", "googlegroups.com",
	"hanmail.net", "hetnet.nl", "hey.com", "home.nl", "hotmail.co",
	"hush.com", "hushmail.com", "hughes.net", "i.ua", "ig.com.br",
	"iinet.net.au", "inbox.com", "inbox.lv", "inbox.ru", "inbox.uz",
	"inet.ua", "infinitummail.com", "insightbb.com", "interia.eu",
	"interia.pl", "internode.on.net", "inwind.it", "iol.ie", "iol.pt",
	"juno.com", "kpnmail.nl", "laposte.net", "legalmail.it", "libero.it",
	"libertysurf.fr", "list.ru", "lycos.com", "mac.com", "mail.bg",
	"mail.com", "mail.ee", "mail.kz", "mail.ru", "mail.ua", "mail.uz",
	"mailbox.org", "mailinator.com", "me.com", "mediacombb.net", "meta.ua",
	"mindspring.com", "mymail.com", "mynet.com", "nate.com", "naver.com",
	"neostrada.pl", "netcologne.de", "netscape.net", "netzero.com",
	"netzero.net", "neuf.fr", "noos.fr", "ntlworld.com", "numericable.fr",
	"o2.co.uk", "o2.pl", "online.de", "online.no", "onet.eu", "onet.pl",
	"op.pl", "optimum.net", "optonline.net", "optusnet.com.au", "orange.fr",
	"orange.net", "pacbell.net", "passport.com", "pec.it", "planet.nl",
	"pm.me", "poczta.fm", "poczta.onet.pl", "postecert.it", "posteo.de",
	"posteo.net", "prodigy.net.mx", "proton.me", "prodigy.net", "ptd.net",
	"q.com", "qq.com", "rambler.ru", "rcn.com", "rediffmail.com",
	"roadrunner.com", "rogers.com", "rr.com", "runbox.com", "safe-mail.net",
	"sapo.pt", "sasktel.net", "sbcglobal.net", "sbcglobal.com", "seznam.cz",
	"sfr.fr", "shaw.ca", "sina.cn", "sina.com", "sky.com", "skynet.be",
	"sohu.com", "spectrum.net", "startmail.com", "suddenlink.net",
	"superonline.com", "swbell.net", "sympatico.ca", "t-online.de",
	"talktalk.net", "tds.net", "telefonica.net", "telenet.be", "telia.com",
	"telmex.com", "telus.net", "terra.com.br", "terra.es", "tim.it",
	"tin.it", "tiscali.co.uk", "tiscali.it", "tlen.pl", "tvcablenet.be",
	"twc.com", "ukr.net", "umail.uz", "unitybox.de", "uol.com.br",
	"usa.com", "usa.net", "vera.com.uy", "verizon.net", "videotron.ca",
	"virgilio.it", "virgin.net", "virginmedia.com", "vodafone.de",
	"vodafone.it", "voila.fr", "walla.co.il", "walla.com", "wanadoo.es",
	"wanadoo.fr", "wavecable.com", "web.de", "wideopenwest.com",
	"windowslive.com", "worldonline.nl",
	"windstream.net", "wowway.com", "wp.pl", "xs4all.nl", "xtra.co.nz",
	"ya.ru", "yandex.com", "zeelandnet.nl", "ziggo.nl", "zoho.com",
	"zoho.eu", "zoho.in", "zoznam.sk",
	/* Text messages by mail. */
	"email.uscc.net", "fi.google.com", "fido.ca", "mailmymobile.net",
	"message.alltel.com", "messaging.sprintpcs.com",
	"mms.cricketwireless.net", "mms.uscc.net", "mmst5.tracfone.com",
	"mobiletxt.ca", "msg.koodomobile.com", "msg.telus.com",
	"myboostmobile.com", "mymetropcs.com", "mypixmessages.com",
	"page.nextel.com", "pm.sprint.com", "sms.cricketwireless.net",
	"text.mts.net", "text.republicwireless.com", "tmomail.net",
	"txt.bell.ca", "txt.freedommobile.ca", "vmobile.ca", "vmobl.com",
	"vmpix.com", "voice.google.com", "vtext.com", "vzwpix.com",
	/* Addresses that hide another. */
	"8alias.com", "addy.io", "aleeas.com", "anonaddy.com", "anonaddy.me",
	"dralias.com", "mozmail.com", "opayq.com", "passinbox.com",
	"passmail.net", "privaterelay.appleid.com", "relay.firefox.com",
	"simplelogin.co", "simplelogin.com", "simplelogin.fr", "slmail.me",
};

/* Whose customers write from a name below theirs, which is not their company's. */
static const char *const desks[] = {
	"atera.com", "atlassian.net", "autotask.net", "clickup.com",
	"crisp.email", "desk.com", "deskpro.com", "force.com", "freshdesk.com",
	"freshservice.com", "frontapp.com", "gorgias.com", "gorgias.io",
	"groovehq.com", "haloitsm.com", "halopsa.com", "happyfox.com",
	"helpscout.net", "helpscoutapp.com", "hubspot.com", "intercom-mail.com",
	"intercom.io", "jitbit.com", "kayako.com", "kustomerapp.com",
	"ladesk.com", "manageengine.com", "monday.com", "myconnectwise.net",
	"myportallogin.com", "odoo.com", "reamaze.com", "repairshopr.com",
	"salesforce.com", "service-now.com", "spiceworks.com", "syncromsp.com",
	"sysaidit.com", "teamviewer.com", "teamwork.com", "topdesk.net",
	"uservoice.com", "zendesk.com", "zohodesk.com",
};

/* "com", "fr", "co.uk", "com.br": no name of its own in it. */
static bool
is_suffix(const char *s)
{
	size_t n = strlen(s), dots = str_count(str_of(s), '.');

	if (dots == 0)
		return n >= 2 && n <= 4;
	return dots == 1 && n <= 6 && (strncmp(s, "co.", 3) == 0 ||
	    strncmp(s, "com.", 4) == 0);
}

static bool
is_brand(const char *domain, const char *dot)
{
	size_t label = (size_t)(dot - domain);

	for (size_t i = 0; i < sizeof brands / sizeof *brands; i++) {
		if (brands[i][0] == domain[0] && strlen(brands[i]) == label &&
		    memcmp(brands[i], domain, label) == 0)
			return is_suffix(dot + 1);
	}
	return false;
}

/* Every mail asks some times; most names are told apart by their first letters. */
static bool
is_listed(const char *domain, const char *const *names, size_t n)
{
	char first = ascii_lower(domain[0]);
	char second = first ? ascii_lower(domain[1]) : '\0';

	for (size_t i = 0; i < n; i++) {
		if (names[i][0] == first && names[i][1] == second &&
		    str_ieq(str_of(domain), str_of(names[i])))
			return true;
	}
	return false;
}

bool
domain_is_consumer(const char *domain)
{
	const char *dot;

	for (; (dot = strchr(domain, '.')); domain = dot + 1) {
		if (is_brand(domain, dot) || is_listed(domain, consumers,
		    sizeof consumers / sizeof *consumers) ||
		    is_listed(dot + 1, desks, sizeof desks / sizeof *desks))
			return true;
	}
	return false;
}
