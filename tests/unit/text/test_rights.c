/* A person's rights and what went wrong get no text by itself; a customer's question
 * before approving does. */
#include "shipped.h"

#include "text/combine.h"

static int
setup(void **state)
{
	(void)state;
	return shipped_load(NULL, NULL);
}

static const struct shipped_row person[] = {
	{ "en", "Under the GDPR I want a copy of my personal data, please." },
	{ "en", "Subject access request: who had my mails, and since when?" },
	{ "en", "What information do you hold about me?" },
	{ "en", "I quit in May. Are my emails still stored with you?" },
	{ "en", "Please delete all my data." },
	{ "en", "We heard that Numeo was breached. Is our mail safe?" },
	{ "en", "Somebody at your office opened my mailbox. Who was it?" },
	{ "en", "I'm a security researcher and found a flaw." },
	{ "de", "Nach Art. 15 DSGVO bitte ich um Auskunft." },
	{ "de", "Welche Daten haben Sie über mich gespeichert?" },
	{ "de", "Löschen Sie bitte alle meine Daten." },
	{ "fr", "Quelles données avez-vous sur moi ?" },
	{ "fr", "J'exerce mon droit d'accès." },
	{ "es", "¿Qué datos míos guardan?" },
	{ "es", "Ejerzo mi derecho de acceso." },
	{ "pt", "Que dados meus vocês guardam?" },
	{ "pt", "Pela LGPD peço acesso aos meus dados." },
	{ "it", "Quali dati conservate su di me?" },
	{ "pl", "Jakie dane macie o mnie?" },
	{ "ru", "Удалите мои персональные данные" },
	{ "ru", "Какие данные вы храните обо мне?" },
	{ "uk", "Видаліть мої листи" },
	{ "tr", "KVKK uyarınca kişisel verilerimi istiyorum" },
	{ "uz", "Ma'lumotlarimni o'chirib tashlang" },
	{ "nl", "Welke gegevens bewaart u van mij?" },
	{ "sr", "Obrišite sve moje podatke" },
	{ "zh", "请删除我的所有数据" },
};

static const struct shipped_row customer[] = {
	{ "en", "Are you GDPR compliant? Our admin wants to know before approving." },
	{ "en", "Is my email safe with you? Who can read my emails?" },
	{ "en", "What data do you store, and for how long?" },
	{ "en", "Have you been hacked before?" },
	{ "en", "Do you have a breach notification policy?" },
	{ "en", "Article 28 GDPR: do you sign a DPA?" },
	{ "en", "Do you delete our data if we cancel?" },
	{ "en", "Tell me about the data you store" },
	{ "en", "My admin wants to see the access request" },
	{ "de", "Ist das DSGVO-konform? Welche Daten speichern Sie?" },
	{ "de", "Den AV-Vertrag nach Art. 28 DSGVO bitte." },
	{ "fr", "Êtes-vous conformes au RGPD ? Quelles données lisez-vous ?" },
	{ "es", "¿Cumplen el RGPD? ¿Qué datos guardan?" },
	{ "es", "¿Están seguros mis datos personales?" },
	{ "pt", "Vocês seguem a LGPD? Meus dados ficam seguros?" },
	{ "it", "Siete conformi al GDPR? I miei dati sono al sicuro?" },
	{ "pl", "Czy to zgodne z RODO? Jakie dane czytacie?" },
	{ "ru", "Безопасно ли это? Какие данные вы храните?" },
	{ "uk", "Чи це безпечно? Які дані ви зберігаєте?" },
	{ "tr", "KVKK'ya uygun mu? Hangi verileri saklıyorsunuz?" },
	{ "uz", "Bu xavfsizmi? Qanday ma'lumotlar saqlanadi?" },
	{ "nl", "Is dit AVG-proof? Welke gegevens bewaren jullie?" },
	{ "sr", "Da li je bezbedno? Koje podatke čuvate?" },
	{ "zh", "你们会保存哪些数据？安全吗？" },
};

/* All that are wrong are shown. */
static void
test_a_persons_right(void **state)
{
	(void)state;
	shipped_expect(person, sizeof person / sizeof *person, CONTEXT_FIRST,
	    FACT_UNCLEAR, true);
}

static void
test_a_customers_question(void **state)
{
	(void)state;
	shipped_expect(customer, sizeof customer / sizeof *customer, CONTEXT_FIRST,
	    FACT_UNCLEAR, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_persons_right),
		cmocka_unit_test(test_a_customers_question),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
