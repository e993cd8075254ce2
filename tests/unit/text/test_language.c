#include <string.h>

#include "unit.h"

#include "text/fold.h"
#include "text/language.h"
#include "text/language_words.h"

static void
test_languages(void **state)
{
	static const struct {
		const char *text, *lang;
	} rows[] = {
		{ "Yes please send me the link", "en" },
		{ "Numeo meldet Administratorgenehmigung erforderlich", "de" },
		{ "button is grey wont push", "en" },
		{ "sí por favor mándeme el enlace", "es" },
		{ "no me deja conectar mi correo", "es" },
		{ "пришлите ссылку пожалуйста", "ru" },
		{ "кнопка не нажимается", "ru" },
		{ "skinte ssilku pojaluysta", "ru" },
		{ "надішліть посилання будь ласка", "uk" },
		{ "все, запрацювало! дякую", "uk" },
		{ "linkni tashlab bering iltimos", "uz" },
		{ "Bo'ldi hammasi ishladi, katta rahmat", "uz" },
		{ "ҳавола юборинг илтимос", "uz" },
		{ "proszę o wysłanie linku", "pl" },
		{ "lütfen linki gönderin", "tr" },
		{ "por favor mande o link pra mim", "pt" },
		{ "envoyez-moi le lien s'il vous plaît", "fr" },
		{ "bitte schicken Sie mir den Link", "de" },
		{ "pošaljite mi link molim vas", "sr" },
		{ "пошаљите ми линк молим вас", "sr" },
		{ "mandatemi il link per favore", "it" },
		{ "kunt u mij de link sturen", "nl" },
		{ "请把链接发给我", "zh" },
		{ "リンクを送ってください", "ja" },
		{ "링크를 보내 주세요", "ko" },
		{ "أرسل لي الرابط من فضلك", "ar" },
		{ "ਲਿੰਕ ਭੇਜੋ ਜੀ", "pa" },
		{ "στείλτε μου τον σύνδεσμο", "el" },
		/* What is pasted in quotes does not vote. */
		{ "me sale \"Need admin approval, this app needs "
		    "permission\" y "
		    "no puedo entrar", "es" },
		{ "https://login.microsoftonline.com/common/adminconsent", "" },
		/* Nor do domains, whatever stands around them. */
		{ "lonestarhaul.com", "" },
		{ "LonestarHaul.COM", "" },
		{ "Mike x.com", "" },
		{ "firma.com.ua", "" },
		{ ".com?", "" },
		{ "(severtrans.net)", "" },
		{ "Danke...wir warten auf den Link", "de" },
		{ "Спасибо.Жду ссылку", "ru" },
		{ "请用lonestarhaul.com谢谢", "zh" },
		/* Nor what is the same in mails of every language. */
		{ "Global admin", "" },
		{ "I am the admin", "en" },
		{ "??", "" },
		{ "", "" },
		{ "12345 67-89", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = language_of(str_of(rows[i].text));

		if (strcmp(got, rows[i].lang))
			fail_msg("\"%s\" is \"%s\", not \"%s\"", rows[i].text,
			    got, rows[i].lang);
	}
}

/* A few words do not change the language that is spoken. */
static void
test_next_language(void **state)
{
	static const struct {
		const char *text, *before, *lang;
	} rows[] = {
		{ "lonestarhaul.com", "de", "de" },
		{ "lonestarhaul com", "en", "en" },
		{ "als admin", "de", "de" },
		{ "yes, global admin", "pl", "pl" },
		{ "Global admin", "ru", "ru" },
		{ "thanks", "pl", "pl" },
		{ "link", "de", "de" },
		{ "", "tr", "tr" },
		{ "??", "", "" },
		/* The first mail has nothing else. */
		{ "thanks", "", "en" },
		/* Another language, clearly. */
		{ "bitte schicken Sie mir den Link", "en", "de" },
		{ "yes please send me the link", "pl", "en" },
		{ "пришлите ссылку пожалуйста", "uk", "ru" },
		{ "да, шлите", "en", "ru" },
		{ "админ", "de", "ru" },
		{ "请把链接发给我", "en", "zh" },
		{ "أرسل لي الرابط", "en", "ar" },
		/* One that is written in two scripts. */
		{ "skinte ssilku pojaluysta", "ru", "ru" },
		{ "ҳавола юборинг илтимос", "uz", "uz" },
		/* Out of a script of its own and into Latin letters. */
		{ "ok admin", "zh", "zh" },
		{ "could you please send me the link", "zh", "en" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = language_next(str_of(rows[i].text),
		    rows[i].before);

		if (strcmp(got, rows[i].lang))
			fail_msg("\"%s\" after \"%s\" is \"%s\", not \"%s\"",
			    rows[i].text, rows[i].before, got, rows[i].lang);
	}
}

/* word_find is a binary search. */
static void
test_words_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < n_language_words; i++)
		assert_true(strcmp(language_words[i - 1].word,
		    language_words[i].word) < 0);
}

static void
test_fold(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "  *From:*\t Desk \r\n", "from: desk" },
		{ "ÉCRIT À ŁÓDŹ İŞ", "écrit à łódź iş" },
		{ "НАПИСАЛ Ёлка Ў", "написал ёлка ў" },
		{ "ΈΓΡΑΨΕ", "έγραψε" },
		{ "“x”—’y’：٣", "\"x\"-'y':3" },
		{ "a\xc2\xa0\xe2\x80\x8b" "b\xff", "a b?" },
		{ "", "" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(arena_str(a, fold(a, str_of(rows[i].in))),
		    rows[i].out);
	assert_int_equal(fold_word(STR("he wrote:"), "wrote"), 3);
	assert_int_equal(fold_word(STR("he rewrote"), "wrote"), -1);
	assert_int_equal(fold_word(STR("在写道:"), "写道"), 3);
	assert_int_equal(fold_words(STR("he wrote:")), 2);
	assert_int_equal(fold_words(STR("")), 0);
	assert_true(fold_asks(STR("is it so? (yes)")) && fold_asks(STR("\"so?\"")) &&
	    fold_asks(STR("是吗？")));
	assert_true(fold_asks(STR("thanks! _and bob?_")));
	assert_false(fold_asks(STR("see https://a.example/?utm=1 and /x?_a")));
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_next_language),
		cmocka_unit_test(test_words_are_sorted),
		cmocka_unit_test(test_fold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
