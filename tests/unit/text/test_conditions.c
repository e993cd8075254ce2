/* "Yes, if ...": a wish on a condition, and a polite "if" that is none. */
#include "shipped.h"

#include "text/combine.h"

static int
setup(void **state)
{
	(void)state;
	return shipped_load(NULL, NULL);
}

static const struct shipped_row conditions[] = {
	{ "en", "You can send it once the contract has been signed." },
	{ "en", "If you promise that nobody over there reads our mails, send it" },
	{ "en", "The link, provided that our calendar won't be touched" },
	{ "en", "Send it after you have refunded the month" },
	{ "en", "Send it if it only touches one box, otherwise no" },
	{ "en", "Can this be undone? If so, the link please" },
	{ "es", "Si nos garantizan que nadie lee los correos, manden la liga" },
	{ "es", "La liga, pero una vez que firmemos el contrato" },
	{ "es", "Si nos devuelven el dinero mandamos al admin a la liga" },
	{ "pt", "Se garantirem que ninguém lê, mandem o link" },
	{ "pt", "O link só depois de assinarmos o contrato" },
	{ "fr", "Si vous garantissez que personne ne lit, envoyez le lien" },
	{ "fr", "Le lien une fois que le contrat sera signé" },
	{ "it", "Se garantite che nessuno legge, mandate il link" },
	{ "it", "Il link dopo la firma" },
	{ "de", "Wenn Sie garantieren, dass niemand mitliest, den Link bitte" },
	{ "de", "Sobald der Vertrag unterschrieben ist, gern der Link" },
	{ "de", "Falls Sie uns den November erstatten, dann den Link" },
	{ "nl", "Als jullie beloven dat niemand meeleest, stuur de link" },
	{ "nl", "De link zodra het contract is getekend" },
	{ "pl", "Jeśli zagwarantujecie, że nikt nie czyta, proszę o link" },
	{ "pl", "Link dopiero po podpisaniu" },
	{ "ru", "Если гарантируете, что никто не читает почту, шлите ссылку" },
	{ "ru", "Ссылку после подписания договора" },
	{ "uk", "Якщо гарантуєте, що ніхто не читає, надішліть посилання" },
	{ "uk", "Посилання після підписання договору" },
	{ "tr", "Kimsenin okumadığını garanti ederseniz linki gönderin" },
	{ "tr", "Sözleşmeyi imzaladıktan sonra linki atın" },
	{ "uz", "Agar hech kim o'qimasligini kafolat bersangiz, link yuboring" },
	{ "uz", "Shartnoma imzolangandan keyin havolani yuboring" },
	{ "sr", "Ako garantujete da niko ne čita, pošaljite link" },
	{ "zh", "如果能保证没有人看我们的邮件，请发链接" },
	{ "zh", "签完合同再发链接" },
};

static const struct shipped_row polite[] = {
	{ "en", "If you could send the link, please." },
	{ "en", "If possible the one-click link please" },
	{ "en", "Send the link if that is easier for you" },
	{ "en", "If only an admin can do it, send the link for him" },
	{ "en", "Link please. If you need our contract number, ask." },
	{ "en", "If nobody answers the phone, mail me the link" },
	{ "en", "After you send the link I will forward it to the owner" },
	{ "en", "Otherwise no questions, send the link please" },
	{ "en", "When he signs in he sees the page, link please" },
	{ "es", "Sí, mándenme la liga, solo mi correo falla" },
	{ "es", "Si pueden, manden la liga por favor" },
	{ "es", "Si es posible el enlace" },
	{ "pt", "Se puderem, mandem o link" },
	{ "pt", "Se for possível o link" },
	{ "fr", "Si possible, le lien svp" },
	{ "fr", "Si vous pouvez m'envoyer le lien, merci" },
	{ "it", "Se possibile il link" },
	{ "it", "Se potete mandate il link" },
	{ "de", "Wenn möglich bitte den Link" },
	{ "de", "Falls das geht, bitte den Link" },
	{ "de", "Wenn ich mich anmelde kommt die Seite, bitte den Link" },
	{ "nl", "Als het kan graag de link" },
	{ "pl", "Jeśli można, poproszę link" },
	{ "pl", "Po zalogowaniu widzę to samo, proszę o link" },
	{ "ru", "Если можно, пришлите ссылку" },
	{ "ru", "После входа то же самое, пришлите ссылку" },
	{ "uk", "Якщо можна, надішліть посилання" },
	{ "tr", "Mümkünse linki gönderin" },
	{ "tr", "Size de uyarsa bağlantıyı gönderin" },
	{ "uz", "Agar iloji bo'lsa havolani yuboring" },
	{ "uz", "Agar mumkin bo'lsa, link" },
	{ "sr", "Ako može, pošaljite link" },
	{ "pt", "Que admin, se a conta é só minha?" },
	{ "uk", "Пришліть лінк. Якщо візьмемо шість місць, чи буде знижка?" },
	{ "es", "La liga por favor. Si cancelo, ¿nos devuelven el dinero?" },
	{ "zh", "如果可以，请发链接" },
	{ "zh", "如果方便的话请发一键链接" },
};

/* All that are wrong are shown. */
static void
test_a_condition(void **state)
{
	(void)state;
	shipped_expect(conditions, sizeof conditions / sizeof *conditions, CONTEXT_HELP,
	    FACT_TAKES_BACK, true);
}

static void
test_a_polite_if(void **state)
{
	(void)state;
	shipped_expect(polite, sizeof polite / sizeof *polite, CONTEXT_HELP,
	    FACT_TAKES_BACK, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_condition),
		cmocka_unit_test(test_a_polite_if),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
