#include <string.h>

#include "text/boilerplate.h"
#include "unit.h"

/* Neither these nor any near them are in conf/train/boilerplate. */
static void
test_boilerplate(void **state)
{
	static const char *const rows[] = {
		"roe carriers accepts no responsibility for what its staff write "
		    "in private e-mails, nor for damage by attachments",
		"our loads are tendered under the terms printed on the rate "
		    "confirmation; double brokering voids payment",
		"diese nachricht ist vertraulich und nur für den empfänger "
		    "bestimmt, jede weitergabe ist untersagt",
		"el contenido de este mensaje es confidencial y va dirigido "
		    "exclusivamente a su destinatario",
		"le présent message et ses pièces jointes sont confidentiels, "
		    "toute diffusion est interdite",
		"questo messaggio è riservato al destinatario, ne è vietata la "
		    "diffusione",
		"mensagem confidencial, destinada apenas ao destinatário; é "
		    "proibida a sua divulgação",
		"wiadomość jest poufna i przeznaczona tylko dla adresata, "
		    "rozpowszechnianie jest zabronione",
		"сообщение и вложения к нему конфиденциальны и предназначены "
		    "только адресату",
		"це повідомлення та вкладення конфіденційні й призначені лише "
		    "для адресата",
		"bu mesaj ve ekleri gizlidir, yalnızca alıcısına aittir, "
		    "paylaşılması yasaktır",
		"ushbu xat va unga ilova qilingan fayllar maxfiy bo'lib, faqat "
		    "oluvchiga mo'ljallangan",
		"ova poruka i njeni prilozi su poverljivi i namenjeni samo "
		    "primaocu",
		"本邮件及附件内容保密,仅供收件人使用,严禁转发",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!boilerplate_is(BOILERPLATE_BELOW, str_of(rows[i])))
			fail_msg("%s: %d", rows[i],
			    boilerplate_evidence(BOILERPLATE_BELOW, str_of(rows[i])));
	}
}

static void
test_persons(void **state)
{
	static const char *const rows[] = {
		"", "thanks", "thanks, joe", "best regards",
		"the owner just called, he says no",
		"please keep this between us, my boss does not know yet",
		"is what numeo reads confidential, and for how long is it kept",
		"call me at the office after four, i am on the road until then",
		"send the invoice to our bookkeeper from now on",
		"my antivirus deleted the attachment, can you send it again",
		"der chef will das nicht mehr, also bitte nichts schicken",
		"el dueño dice que esperemos hasta enero",
		"le patron préfère attendre la réponse de l'avocat",
		"il titolare ha cambiato idea, non se ne fa nulla",
		"o meu chefe já não quer, deixem estar",
		"szef jednak się nie zgadza, proszę nic nie wysyłać",
		"директор передумал, пока ничего не присылайте",
		"директор передумав, поки нічого не надсилайте",
		"patron vazgeçti, şimdilik göndermeyin",
		"xo'jayin fikridan qaytdi, hozircha yubormang",
		"gazda se predomislio, nemojte ništa slati",
		"老板改变主意了,先不要发",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (boilerplate_is(BOILERPLATE_BELOW, str_of(rows[i])))
			fail_msg("%s: %d", rows[i],
			    boilerplate_evidence(BOILERPLATE_BELOW, str_of(rows[i])));
	}
}

/* What stands above a mail, likewise. */
static void
test_above(void **state)
{
	static const char *const rows[] = {
		"message from the internet: do not follow links in it if its "
		    "sender is unknown to you",
		"sender unknown to roe carriers. never give a password away by "
		    "mail",
		"die it weist darauf hin: diese e-mail kommt nicht aus unserem "
		    "haus, öffnen sie anhänge nur von bekannten absendern",
		"correo llegado de internet; no entregue contraseñas ni abra "
		    "adjuntos de remitentes que no conoce",
		"ce message provient d'un expéditeur inconnu, ne cliquez sur "
		    "aucun lien",
		"posta arrivata da internet: non aprite allegati di mittenti "
		    "che non conoscete",
		"e-mail recebido da internet: não abra anexos de remetentes "
		    "desconhecidos",
		"wiadomość z internetu: nie otwieraj załączników od nieznanych "
		    "nadawców",
		"письмо получено из интернета, не открывайте вложения от "
		    "незнакомых отправителей",
		"лист отримано з інтернету, не відкривайте вкладення від "
		    "незнайомих відправників",
		"bu e-posta internetten geldi, tanımadığınız gönderenlerin "
		    "eklerini açmayın",
	};
	static const char *const others[] = {
		"", "hello", "hi team", "good morning, this is joe from roe carriers",
		"attention, the external users of ours can't log in",
		"please do not send any link before friday",
		"do not open a new case, this is about the old one",
		"unser absender hat sich geändert, bitte nehmen sie den neuen",
		"no abran otro caso, es el mismo de ayer",
		"nie klikałem jeszcze w nic, bo nie wiem, czy to od was",
		"не присылайте пока ничего, директор в отпуске",
		"gönderdiğiniz bağlantıyı henüz açmadım",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!boilerplate_is(BOILERPLATE_ABOVE, str_of(rows[i])))
			fail_msg("%s: %d", rows[i], boilerplate_evidence(
			    BOILERPLATE_ABOVE, str_of(rows[i])));
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (boilerplate_is(BOILERPLATE_ABOVE, str_of(others[i])))
			fail_msg("%s: %d", others[i], boilerplate_evidence(
			    BOILERPLATE_ABOVE, str_of(others[i])));
	}
}

static bool
has(const struct str *stem, size_t n, const char *s)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(stem[i], str_of(s)))
			return true;
	}
	return false;
}

static void
test_stems(void **state)
{
	struct str stem[BOILERPLATE_STEMS];
	size_t n = boilerplate_stems(STR("это уведомление об it's, уведомления "
	    "и 2 www.roe.com, a@roe.com (http://x) 保密性 das"), stem);
	char many[4 * BOILERPLATE_STEMS * 2 + 1] = "";

	(void)state;
	assert_int_equal(n, 11);	/* two of them twice */
	assert_true(has(stem, n, "уведо"));
	assert_true(has(stem, n, "уведомле"));
	assert_true(has(stem, n, "it's"));
	assert_true(has(stem, n, "保密") && has(stem, n, "密性"));
	assert_false(has(stem, n, "www"));
	assert_true(has(stem, n, "das"));

	for (size_t i = 0; i < 2 * (size_t)BOILERPLATE_STEMS; i++) {
		char word[] = { (char)('a' + i % 26), (char)('a' + i / 26 % 26),
			'x', ' ', '\0' };

		strcat(many, word);
	}
	assert_int_equal(boilerplate_stems(str_of(many), stem),
	    BOILERPLATE_STEMS);
	/* Broken letters, and no end of them. */
	assert_true(boilerplate_stems(STR("\xff\xfe\xc3 \xe4\xbf ok"), stem) > 0);
	memset(many, '@', sizeof many - 1);
	assert_int_equal(boilerplate_stems(str_of(many), stem), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boilerplate),
		cmocka_unit_test(test_persons),
		cmocka_unit_test(test_above),
		cmocka_unit_test(test_stems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
