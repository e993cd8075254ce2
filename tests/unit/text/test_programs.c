/*
 * What mail programs put above, and around, an older mail, in the words that they use
 * in each language. The rows of visible_rows.h tell what is left.
 */
#include "visible_rows.h"

/* Lotus, HCL. */
static void
test_notes(void **state)
{
	static const struct row rows[] = {
		/* Notes 8 with the title of what it folds away. */
		{ "Yes\n\n\"Desk Low\" ---03/03/2026 10:15:00 AM---Old one\n"
		    "\nFrom:\t\"Desk Low\" <d@a.example>\nTo:\tbo@b.example\n"
		    "Date:\t03/03/2026 10:15 AM\nSubject:\tHelp\n\nOld one\nOld "
		    "two",
		    "Yes", NULL },
		/* Notes 7: who and when on the left, the labels alone on the right. */
		{ "Yes\n\n\n             Desk Low\n             <d@a.example>\n"
		    "                                              To\n      "
		    "       03/03/2026 10:15          bo@b.example\n         "
		    "    AM                               cc\n\n             "
		    "                            Subject\n                   "
		    "                    Help\n\nOld one\nOld two",
		    "Yes", NULL },
		{ "Ja\n\nDesk Low/Numeo\n03.03.2026 10:15\n\n        An\nBo "
		    "Roe/ACME@ACME\n        Kopie\n\n        Thema\nHelp\n\nOld "
		    "one\nOld two",
		    "Ja", NULL },
		{ "Sì\n\nDesk Low <d@a.example>\n\n03/03/2026 10.15\nPer favore, "
		    "rispondere a\nd@a.example\n\nPer\nBo <bo@b.example>\nCC\n"
		    "\nOggetto\nHelp\n\nOld one\nOld two",
		    "Sì", NULL },
		{ "Да\n\nDesk Low/Numeo\n03.03.2026 10:15\n\nКому\tBo "
		    "Roe\nКопия\nТема\tHelp\n\nOld one\nOld two",
		    "Да", NULL },
		{ "Ja\n\nDesk Low/Numeo\n03.03.2026 10:15\n\n        An\nBo "
		    "Roe/ACME@ACME\n        Kopie\n\n        Thema\nHelp\n\n> "
		    "Old\n\nDone",
		    "Ja Done", NULL },
		/* Who tells of a form has no such head. */
		{ "Bo Roe\n03/03/2026 10:15\nI filled in the form and it says\n"
		    "\nTo\nhr\nSubject\nHelp\n\nwhat now?",
		    "Bo Roe 03/03/2026 10:15 I filled in the form and it says "
		    "To hr Subject Help what now?", NULL },
		{ "Send the link\n\nTo: ann@b.example\nSubject: the link\n"
		    "\nThanks",
		    "Send the link To: ann@b.example Subject: the link Thanks", NULL },
		/* iNotes, and who passes on. */
		{ "Yes\n\n-----Desk Low/Numeo schrieb: -----\n\nAn: bo@b.example\n"
		    "Von: Desk Low/Numeo\nDatum: 03.03.2026 10:15\nBetreff: Help\n"
		    "\nOld one\nOld two",
		    "Yes", NULL },
		{ "Yes\n\n-----Desk Low/Numeo wrote: -----\nTo: bo@b.example\n"
		    "From: Desk Low/Numeo\nSubject: Help\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Oui\n\n-----Desk Low/Numeo a écrit : -----\nOld one\nOld "
		    "two",
		    "Oui", NULL },
		{ "Yes\n\n----- Weitergeleitet von Bo Roe/ACME am 03.03.2026 "
		    "10:15 -----\n\nOld one\nOld two",
		    "Yes", NULL },
	};

	(void)state;
	ROWS(rows);
}

/* Between two mails. */
static void
test_marks(void **state)
{
	static const struct row rows[] = {
		/* Whatever the words between dashes are: a writer, a time or headers below tell. */
		{ "Ja\n\n----- Nachricht von Desk <d@a.example> ---------\n"
		    "  Datum: Di, 3 Mär 2026\nOld one\nOld two",
		    "Ja", NULL },
		{ "Yes\n\n---- Whatever It Is Called ----\nFrom: Desk\nTo: "
		    "bo@b.example\n\nOld one\nOld two",
		    "Yes", NULL },
		{ "是\n\n----邮件原文----\n发件人：Desk <d@a.example>\n"
		    "主题：Help\n\nOld one\nOld two",
		    "是", NULL },
		{ "---- PLEASE READ ----\nSend the link\n---- thanks ----\n"
		    "Bo",
		    "---- PLEASE READ ---- Send the link ---- thanks ---- Bo", NULL },
		/* QQ, without the dashes; Orange. */
		{ "Yes\n\n         Original\n\nFrom: Desk <d@a.example>\nDate: "
		    "2026-03-03 10:15\nTo: bo@b.example\nSubject: Help\n\nOld "
		    "one\nOld two",
		    "Yes", NULL },
		{ "Oui\n\nMessage du 03/03/26 10:15\nDe : \"Desk\" <d@a.example>\n"
		    "A : bo@b.example\nObjet : Help\n\nOld one\nOld two",
		    "Oui", NULL },
		/* eM Client and NetEase have labels without a colon. */
		{ "------ Originalnachricht ------\nVon \"Desk\" <d@a.example>\n"
		    "An bo@b.example\nDatum 03.03.2026 10:15:00\nBetreff Help\n"
		    "\n> Old\n\nJa bitte",
		    "Ja bitte", NULL },
		{ "---- Replied Message ----\n| From | Desk<d@a.example> |\n"
		    "| Date | 03/03/2026 10:15 |\n| To | bo@b.example |\n| Subject "
		    "| Help |\n\n> Old\n\nYes",
		    "Yes", NULL },
		{ "From what I see it fails\nTo be clear: we want it\nDate "
		    "is Monday",
		    "From what I see it fails To be clear: we want it Date is "
		    "Monday", NULL },
		/* Labels of others, and such as nobody knows. */
		{ "Da\n\n-------- Originalan E-mail --------\nTema: Help\nDatum: "
		    "03.03.2026\nOd: Desk\nZa: bo@b.example\nKopiraj: ann@b.example\n"
		    "\n> Old\n\nGotovo",
		    "Da Gotovo", NULL },
		{ "Так\n\n--- Оригінальне повідомлення "
		    "---\nВід кого: \"Desk\" <d@a.example>\nДата: "
		    "3 березня 2026\n\n> Old\n\nі ще",
		    "Так і ще", NULL },
		{ "----Messaggio originale----\nDa: d@a.example\nData: 03/03/2026 "
		    "10.15\nOgg: Help\n\n> Old\n\nSì",
		    "Sì", NULL },
		{ "Иә\n\nКімнен: Desk\nКүні: 3/3/26\nКімге: "
		    "bo@b.example\nТақырып: Help\n\nOld one\nOld two",
		    "Иә", NULL },
		{ "Yes\n\nSender:Desk <d@a.example>\nSent At:2026 Mar. 3\nRecipient:"
		    "Bo\nSubject:Help\n\nOld one\nOld two",
		    "Yes", NULL },
	};

	(void)state;
	ROWS(rows);
}

/* Who wrote it, above a quote. */
static void
test_named(void **state)
{
	static const struct row rows[] = {
		/* Horde names no date, and at times no address; a quote below tells. */
		{ "Yes\n\nQuoting Desk <d@a.example>:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nZitat von Desk Low:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nCitando a Desk:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nMensaje citado por Desk:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nDesk Low escribió:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nCytowanie Desk:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nЦитирую Desk:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nЦитую Desk:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nCiteren d@a.example:\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nAlinti Desk Low\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\n引用 Desk：\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nIdézet (Desk):\n\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "I am quoting Desk: it needs approval.\n\n> Old",
		    "I am quoting Desk: it needs approval.", NULL },
		{ "The page says:\n\n> Old\n\nwhat now?",
		    "The page says: what now?", NULL },
		{ "Send it to my boss Jo (jo@b.example):\n\n> Old",
		    "Send it to my boss Jo (jo@b.example):", NULL },
		{ "W instrukcji z 03.03.2026 napisano:\nkliknij, a nie ma gdzie",
		    "W instrukcji z 03.03.2026 napisano: kliknij, a nie ma gdzie", NULL },
		/* Roundcube, SOGo, Zimbra, Mail.ru. */
		{ "Yes\n\n2026-03-03 10:15, Desk Low yazmış:\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\n2026-03-03 10:15, je Desk Low napisal\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\n:כתב Desk Low, 2026-03-03 10:15 בתאריך\n"
		    "> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\n2026-03-03 10:15-ին, Desk-ը գրեց.\n> Old\n"
		    "\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\n2026-03-03 10:15에 Desk이(가) 쓴 내용:\n> Old\n"
		    "\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\n----- Le 3 Mar 26, à 10:15, Desk d@a.example a "
		    "écrit :\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nвторник, 03 марта 2026г., 10:15 +03:00 "
		    "от Desk d@a.example:\n> Old\n\nDone",
		    "Yes Done", NULL },
		{ "Yes\n\nW liście datowanym 3 marca 2026 (10:15:00) napisano:\n"
		    "> Old\n\nDone",
		    "Yes Done", NULL },
	};

	(void)state;
	ROWS(rows);
}

/* In front of its lines. */
static void
test_initials(void **state)
{
	static const struct row rows[] = {
		/* The Bat! marks with initials. */
		{ "Hello Desk,\n\nTuesday, March 3, 2026, 10:15:00 AM, you "
		    "wrote:\n\nDL> Old one\nDL> Old two\n\nYes\n\nDL>> Older\n"
		    "DL> Old\n\nDone",
		    "Hello Desk, Yes Done", NULL },
		{ "Вы писали 3 марта 2026 г., 10:15:00:\n\nДЛ> "
		    "Один\n\nДа\n\nДЛ> Два\n\nСделал",
		    "Да Сделал", NULL },
		{ "In Numeo I go to Settings> Apps.\nA> B is not it.\nok> what "
		    "now",
		    "In Numeo I go to Settings> Apps. A> B is not it. ok> what "
		    "now", NULL },
		{ "Go there:\nIT> Apps",
		    "Go there: IT> Apps", NULL },
		/* Lines of a chat. */
		{ "Hello,\nIT> we refuse, please stop\nIT> do not write to us",
		    "Hello, IT> we refuse, please stop IT> do not write to us",
		    NULL },
	};

	(void)state;
	ROWS(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_initials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
