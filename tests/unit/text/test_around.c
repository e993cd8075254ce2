/* What stands around a person's words: the company's card, footers and banners, in the
 * words of many of them. The rows of test_visible.c tell what each is. */
#include "text/banner.h"
#include "visible_rows.h"

#define CARD "\n\nJan Kos\nDispatcher\nRoe Carriers LLC\n+1 555 123 4567\n"

static void
test_cards(void **state)
{
	static const struct row rows[] = {
		/* Titles begin small in many languages. */
		{ "Надішліть\n\nГалина Середа\nголовний бухгалтер", "Надішліть",
		    "Галина Середа" },
		{ "Czekam\n\nKamil Brzoza\nspedytor\nBrzoza Express, Radom",
		    "Czekam", "Kamil Brzoza" },
		{ "Надішліть\n\nЗ повагою, Олена Бондар\nменеджер з логістики\n"
		    "+380 67 123 45 67", "Надішліть", "Олена Бондар" },
		{ "Пришлите\n\nС уважением, Иван Рыков\nлогист\nООО «Рейс»",
		    "Пришлите", "Иван Рыков" },
		{ "Thanks, the link please", "Thanks, the link please", "Jan Kos" },
		/* What is told below a card is no line of it, and stays. */
		{ "Send it" CARD "Our tenant is acmelog.net",
		    "Send it Our tenant is acmelog.net", "Jan Kos" },
		{ "Send it\n\nJan Kos\nTenant is acmelog.net",
		    "Send it Jan Kos Tenant is acmelog.net", "Jan Kos" },
		{ "Send it" CARD "Update: the owner says no.",
		    "Send it Update: the owner says no.", "Jan Kos" },
		{ "Send it" CARD "The tenant of billing is ar@acmelog.net",
		    "Send it The tenant of billing is ar@acmelog.net",
		    "Jan Kos" },
		{ "Send it\n\nJan Kos\nTenant Relations Manager\nRoe Homes LLC\n"
		    "+1 555 123 4567", "Send it", "Jan Kos" },
		{ "Send it" CARD "Invoices to billing@roe.com", "Send it",
		    "Jan Kos" },
	};

	(void)state;
	ROWS(rows);
}

static void
test_footers(void **state)
{
	static const struct row rows[] = {
		{ "Merci\n\nVos données personnelles sont traitées par Roe SA. "
		    "Conformément au RGPD vous disposez de droits d'accès.",
		    "Merci", NULL },
		{ "Danke\n\nHinweis zum Datenschutz: Wir verarbeiten Ihre Daten "
		    "nach der DSGVO.", "Danke", NULL },
		{ "Thanks!\n\nPrivacy notice: Roe processes your personal data "
		    "under the GDPR. Write to our data protection officer.",
		    "Thanks!", NULL },
		{ "Дякую\n\nЦей лист може містити комерційну таємницю. Якщо ви "
		    "отримали його помилково, видаліть його.", "Дякую", NULL },
		{ "Tamam\n\nYASAL UYARI: Bu e-posta yalnızca gönderildiği kişiye "
		    "özeldir.", "Tamam", NULL },
		{ "好的\n\n免责声明：本邮件及其附件可能含有保密信息，仅供指定收件人使用。"
		    "如您误收，请删除。", "好的", NULL },
		{ "Oui\n\nSans virus.www.avast.com", "Oui", NULL },
		{ "Bene\n\nMail priva di virus. www.avg.com", "Bene", NULL },
		/* What companies have to say of themselves. */
		{ "Ja\n\nRoe Spedition GmbH, Sitz der Gesellschaft: Bielefeld, "
		    "Amtsgericht Bielefeld HRB 37412", "Ja", NULL },
		{ "Tak\n\nSąd Rejonowy w Kaliszu, KRS 0000312456, NIP 6181998877",
		    "Tak", NULL },
		{ "Hi\n\nOur NIP is 6181998877 and KRS 0000312456, send us the "
		    "invoice with REGON", "Hi Our NIP is 6181998877 and KRS "
		    "0000312456, send us the invoice with REGON", NULL },
		{ "Send it\n\nSECURITY REMINDER: Our IT department will never ask "
		    "you for your password.", "Send it", NULL },
		{ "Ja.\n\nSie erhalten diese Nachricht, weil der Chef den Link "
		    "abgelehnt hat.", "Ja. Sie erhalten diese Nachricht, weil der "
		    "Chef den Link abgelehnt hat.", NULL },
		{ "Ok.\n\nSecurity reminder: our policy rejects such apps.",
		    "Ok. Security reminder: our policy rejects such apps.", NULL },
		{ "Tak\n\nKRS, REGON i NIP: nie nasze, to firma brata.",
		    "Tak KRS, REGON i NIP: nie nasze, to firma brata.", NULL },
		/* A no, or a tenant, is nobody's footer. */
		{ "Спасибо.\n\nЭто сообщение предназначено директору, он против, "
		    "мы не будем этого делать.", "Спасибо. Это сообщение "
		    "предназначено директору, он против, мы не будем этого "
		    "делать.", NULL },
		{ "Merci.\n\nCe message est destiné exclusivement au patron, qui "
		    "dit non.", "Merci. Ce message est destiné exclusivement au "
		    "patron, qui dit non.", NULL },
		{ "Ok.\n\nThis message is intended for the tenant of acme.net, "
		    "tenant is not ours.", "Ok. This message is intended for the "
		    "tenant of acme.net, tenant is not ours.", NULL },
		{ "Hi\n\nAttorney-client emails sit in the same mailbox, do you "
		    "index those", "Hi Attorney-client emails sit in the same "
		    "mailbox, do you index those", NULL },
		/* Lists and groups. */
		{ "Send it\n\n-- \nYou received this message because you are "
		    "subscribed to the Google Groups \"IT\" group.", "Send it",
		    NULL },
		{ "Отправьте\n\nВы получили это сообщение, поскольку подписаны на "
		    "группу \"Логисты\".", "Отправьте", NULL },
		{ "Send it\n\nYou're receiving this message because you're a "
		    "member of the IT group.\nView group files | Leave group",
		    "Send it", NULL },
		{ "Так\n\n_____\nСписок розсилки Brokery\nhttps://a.example",
		    "Так", NULL },
	};

	(void)state;
	ROWS(rows);
}

/* In wordings that no list of ours has. */
static void
test_boilerplate(void **state)
{
	static const struct row rows[] = {
		{ "Send it" CARD "\nOur loads are tendered under the terms "
		    "printed on the rate confirmation; double brokering voids "
		    "payment.", "Send it", "Jan Kos" },
		{ "Ja bitte\n\nGruß\nJan\n\nBesuchen Sie uns auf der "
		    "transport logistic in München, Halle A6.\n\n"
		    "Diese Nachricht ist vertraulich, jede Weitergabe "
		    "ist untersagt.", "Ja bitte Gruß Jan", "Jan Kos" },
		{ "Да, пришлите\n\nИнформация в сообщении и вложениях к нему "
		    "конфиденциальна и предназначена адресату.", "Да, пришлите",
		    NULL },
		{ "是的,请发链接\n\n本邮件及附件内容保密,"
		    "仅供收件人使用,严禁转发。", "是的,请发链接", NULL },
		/* What somebody says below it is his, and so is all above. */
		{ "Send it\n\nThis mail and its attachments are confidential and "
		    "for the addressee only.\n\nBut Dave has to see it first.",
		    "Send it This mail and its attachments are confidential and "
		    "for the addressee only. But Dave has to see it first.",
		    NULL },
		/* Below a bare greeting is what he writes. */
		{ "Hello team,\n\nThe attachment of this message was removed by "
		    "our virus scanner.", "Hello team, The attachment of this "
		    "message was removed by our virus scanner.", NULL },
		{ "Bonjour\n\nLe présent message a été bloqué par l'antivirus.",
		    "Bonjour Le présent message a été bloqué par l'antivirus.",
		    NULL },
		/* Who asks, refuses or speaks of our matter writes himself. */
		{ "Ok.\n\nIs this message confidential and for the addressee "
		    "only, or may our IT read it?", "Ok. Is this message "
		    "confidential and for the addressee only, or may our IT read "
		    "it?", NULL },
		{ "Ok.\n\nThe content of Outlook messages is confidential here and "
		    "any disclosure is prohibited.", "Ok. The content of Outlook "
		    "messages is confidential here and any disclosure is "
		    "prohibited.", NULL },
	};

	(void)state;
	ROWS(rows);
}

static void
test_banners(void **state)
{
	static const struct row rows[] = {
		{ "EXTERNAL: This message came from outside Roe. Do not click "
		    "links or approve sign-in requests.\n\nSend it", "Send it",
		    NULL },
		{ "[外部邮件]\n好的", "好的", NULL },
		{ "【外部邮件】\n好的", "好的", NULL },
		{ "[MAIL ESTERNA] Verificare sempre il mittente\n\nSì", "Sì",
		    NULL },
		{ "注意：此邮件来自公司外部。除非您认识发件人，否则请勿点击链接。\n\n好的",
		    "好的", NULL },
		{ "PRECAUCIÓN: Este correo electrónico se originó fuera de la "
		    "empresa. No haga clic en enlaces.\n\nSí", "Sí", NULL },
		{ "Einige Personen, die diese Nachricht erhalten haben, erhalten "
		    "häufig keine E-Mails von a@roe.example.\n\nJa", "Ja", NULL },
		/* People's own lines. */
		{ "Your mail came with a warning that the sender is external.\n\n"
		    "Jan", "Your mail came with a warning that the sender is "
		    "external. Jan", NULL },
		{ "Our IT says your message came from outside and so they will "
		    "not do it.\n\nJan", "Our IT says your message came from "
		    "outside and so they will not do it. Jan", NULL },
		{ "[External mail] Send the link, please\n\nJan",
		    "[External mail] Send the link, please Jan", NULL },
		{ "Attention: be careful, our tenant is acme.net.\nSend it",
		    "Attention: be careful, our tenant is acme.net. Send it",
		    NULL },
	};

	(void)state;
	ROWS(rows);
}

/* A box of its own, in wordings that no list has; and what a person says of his own
 * house outside of one. */
static void
test_boxes(void **state)
{
	static const struct row rows[] = {
		{ "We do not open links from external senders.\n\nSend it",
		    "We do not open links from external senders. Send it", NULL },
		{ "Wir öffnen keine Links von unbekannten Absendern.\n\nJan",
		    "Wir öffnen keine Links von unbekannten Absendern. Jan",
		    NULL },
	};

	(void)state;
	assert_true(banner_is(STR("Message from the internet: do not follow "
	    "links in it if its sender is unknown to you.")));
	assert_true(banner_is(STR("Письмо пришло с внешнего адреса,\n"
	    "отправитель не проверен")));
	assert_false(banner_is(STR("Please send us the link, the owner will open "
	    "it.")));
	assert_false(banner_is(STR("")));
	ROWS(rows);
}

/* What mail programs write above an older mail. */
static void
test_quotes(void **state)
{
	static const struct row rows[] = {
		{ "Позвоните\n\n----------------\nКому: Нина (n@a.example);\n"
		    "Тема: Ссылка для одобрения;\n16.11.2026, 08:26, \"Desk\" "
		    "<d@a.example>:\nOld", "Позвоните", NULL },
		{ "Кому: всем нам;\nпишите", "Кому: всем нам; пишите", NULL },
		{ "Yes\n\n>>> Desk <d@a.example> 11/16/2026 8:26 AM >>>\nOld\n\n"
		    "Old too", "Yes", NULL },
		{ "Yes\n\n>>> Kate Low 11/16/2026 8:26 AM >>>\nOld", "Yes",
		    NULL },
		{ "Ja\n\n>>> Kate Low <k@a.example> schrieb am 16.11.2026 um "
		    "08:26:\nOld", "Ja", NULL },
		/* Marks around it: what stands below is an answer. */
		{ "> Old\n>>> On 11/16/2026 8:26 AM Kate <k@a.example> wrote:\n"
		    "Yes", "Yes", NULL },
		{ "好的\n\n---- 回复的原邮件 ----\n| 发件人 | Desk<d@a.example> |\nOld",
		    "好的", NULL },
		{ "Так\n\nDesk писав 2026-11-16 08:26:\n> Old", "Так", NULL },
	};

	(void)state;
	ROWS(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cards),
		cmocka_unit_test(test_footers),
		cmocka_unit_test(test_boilerplate),
		cmocka_unit_test(test_banners),
		cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
