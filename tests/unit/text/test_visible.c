#include <string.h>

#include "visible_rows.h"

#include "base/limits.h"
#include "text/html.h"

#define ON_TIME "We came On time. It went On well. Then On we drove. On it. "

/* Every mail program's words, wrapped or not, with or without ">". */
static void
test_attributions(void **state)
{
	static const char *const lines[] = {
		"On Tue, Mar 3, 2026 at 10:15 AM Desk <desk@a.example> wrote:",
		"On Mar 3, 2026, at 10:15 AM, Desk <desk@a.example> wrote:",
		"On 3/3/26 10:15, Desk wrote:",
		"On Tuesday, March 3, 2026 at 10:15:00 AM CST, Desk "
		    "<d@a.example>\n"
		"wrote:",
		"On Tue, Mar 3, 2026 at 10:15 AM Desk <\ndesk@a.example> "
		    "wrote:",
		"---- On Tue, 03 Mar 2026 10:15:00 -0600 Desk <d@a.example> "
		    "wrote ---",
		"El mar, 3 mar 2026 a la(s) 10:15 a.m., Desk (d@a.example) "
		    "escribió:",
		"Em ter., 3 de mar. de 2026 às 10:15, Desk <d@a.example> "
		    "escreveu:",
		"Le mar. 3 mars 2026 à 10:15, Desk <d@a.example> a écrit :",
		"Am Di., 3. März 2026 um 10:15 Uhr schrieb Desk <d@a.example>:",
		"Desk <d@a.example> schrieb am Di., 3. März 2026, 10:15:",
		"Il giorno mar 3 mar 2026 alle ore 10:15 Desk <d@a.example> "
		    "ha\n"
		"scritto:",
		"Op di 3 mrt 2026 om 10:15 schreef Desk <d@a.example>:",
		"Op 3 mrt. 2026 om 10:15 heeft Desk <d@a.example> het "
		    "volgende\n"
		"geschreven:",
		"Den tis 3 mars 2026 kl 10:15 skrev Desk <d@a.example>:",
		"Den tir. 3. mar. 2026 kl. 10.15 skrev Desk <d@a.example>:",
		"ti 3. maalisk. 2026 klo 10.15 Desk (d@a.example) kirjoitti:",
		"W dniu 3.03.2026 o 10:15, Desk pisze:",
		"wt., 3 mar 2026 o 10:15 Desk <d@a.example> napisał(a):",
		"Wiadomość napisana przez Desk <d@a.example> w dniu 3 mar 2026, "
		    "o\n"
		"godz. 10:15:",
		"út 3. 3. 2026 v 10:15 odesílatel Desk <d@a.example> napsal:",
		"ut 3. 3. 2026 o 10:15 Desk <d@a.example> napísal(a):",
		"Desk <d@a.example> ezt írta (időpont: 2026. márc. 3., K, "
		    "10:15):",
		"În mar., 3 mar. 2026 la 10:15, Desk <d@a.example> a scris:",
		"3 Mar 2026 Sal 10:15 tarihinde Desk <d@a.example> şunu yazdı:",
		"вт, 3 мар. 2026 г. в 10:15, Desk <d@a.example>:",
		"3 марта 2026 г., в 10:15, Desk <d@a.example> написал(а):",
		"Вторник, 3 марта 2026, 10:15 +03:00 от Desk <d@a.example>:",
		"вт, 3 бер. 2026 р. о 10:15 Desk <d@a.example> пише:",
		"На вт, 3.03.2026 г. в 10:15 ч. Desk <d@a.example> написа:",
		"уто, 3. мар 2026. у 10:15 Desk <d@a.example> је написао/ла:",
		"Στις Τρί 3 Μαρ 2026 στις 10:15, ο χρήστης Desk <d@a.example>\n"
		"έγραψε:",
		"Vào Th 3, 3 thg 3, 2026 vào lúc 10:15 Desk <d@a.example> đã "
		    "viết:",
		"Pada tanggal Sel, 3 Mar 2026 pukul 10.15 Desk <d@a.example>\n"
		"menulis:",
		"Desk <d@a.example> 于2026年3月3日周二 10:15写道：",
		"2026年3月3日(火) 10:15 Desk <d@a.example>:",
		"2026년 3월 3일 (화) 오전 10:15, Desk <d@a.example>님이 작성:",
		"2026-03-03 10:15 GMT+01:00 Desk <d@a.example>:",
		"სამ, 3 მარ. 2026, 10:15-ზე Desk <d@a.example> წერდა:",
		"در تاریخ سه‌شنبه ۳ مارس ۲۰۲۶ ساعت ۱۰:۱۵ Desk <d@a.example> "
		    "نوشت:",
		"\xe2\x80\xab" "בתאריך יום ג׳, 3 במרץ 2026 ב-10:15 מאת "
		    "\xe2\x80\xaa" "Desk" "\xe2\x80\xac\xe2\x80\x8f "
		    "<d@a.example>:" "\xe2\x80\xac",
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		static const char *const below[] = {
			"\n\n> Old words.\n> More.\n",
		    "\nOld words.\nMore.\n" };

		for (size_t b = 0; b < 2; b++) {
			char *text = arena_printf(a, "Yes please\n\n%s%s",
			    lines[i], below[b]);
			struct zoned body = { .text = str_of(text) };
			struct visible v;

			visible_find(a, &body, "", &v);
			assert_covered(&v);
			if (strcmp(squeezed(a, v.zone[ZONE_NEW]), "Yes please"))
				fail_msg("%s", text);
			assert_true(str_find(v.zone[ZONE_QUOTED],
			    STR("Old words.")) >= 0);
		}
	}
	arena_free(&a);
}

static void
test_header_blocks(void **state)
{
	static const struct row rows[] = {
		{ "Send it.\n\nFrom: Desk <d@a.example>\nSent: Tuesday, "
		    "March 3,"
		    " 2026 10:15 AM\nTo: Me\nSubject: Help\n\nOld.\n",
		    "Send it.", NULL },
		{ "Send it.\n________________________________\n"
		    "*From:* Desk\n*Sent:* Tuesday\n*To:* Me\n*Subject:* x\n"
		    "\nOld",
		    "Send it.", NULL },
		{ "Ok\n\nDe : Desk\nEnvoyé : mardi 3 mars 2026\nÀ : Moi\n"
		    "Objet : x\n\nOld", "Ok", NULL },
		{ "Ok\n\nVon: Desk\nGesendet: Dienstag\nAn: Ich\nBetreff: x\n"
		    "Old",
		    "Ok", NULL },
		{ "Ok\n\nОт: Desk\nОтправлено: вторник\nКому: Я\nТема: x\nOld",
		    "Ok", NULL },
		{ "Ok\n\nKimden: D\nGönderildi: Salı\nKime: B\nKonu: x\nOld",
		    "Ok", NULL },
		{ "好\n\n发件人: D\n发送时间: 2026年3月3日\n收件人: 我\n主题: x\nOld",
		    "好", NULL },
		{ "Ok\n\n-----Original Message-----\nFrom: D\nTo: M\n\nOld",
		    "Ok", NULL },
		{ "Ok\n\n-----Mensaje original-----\nDe: D\nOld", "Ok", NULL },
		{ "Ok\n\n-------- Исходное сообщение --------\nOld", "Ok",
		    NULL },
		{ "Ok\n\n---------- Původní e-mail ----------\n"
		    "Od: D\nKomu: M\nDatum: 3. 3. 2026 10:15:03\nOld",
		    "Ok", NULL },
		/* Labels that people write. */
		{ "To: sum it up:\nDate: no idea\nWe wait.",
		    "To: sum it up: Date: no idea We wait.", NULL },
		{ "From: what I see it is grey.\nSubject: none",
		    "From: what I see it is grey. Subject: none", NULL },
	};

	(void)state;
	ROWS(rows);
}

static void
test_answers_are_kept(void **state)
{
	static const struct row rows[] = {
		/* No blank line between, and a number that might be a year. */
		{ "truck 2214 is waiting, send me the link\nOn Tue, Mar 3, 2026 "
		    "at 10:15 AM Desk <d@a.example> wrote:\n> Old.",
		    "truck 2214 is waiting, send me the link", NULL },
		{ "still so since 2025\nOn Mar 3, 2026, at 10:15 AM, Desk "
		    "<d@a.example>\nwrote:\n> Old.", "still so since 2025", NULL },
		/* Between the quoted lines and below them, in order. */
		{ "On 3/3/26 10:15, Desk wrote:\n> Step 1\n\nDone.\n\n> Step "
		    "2\n"
		    "\nNot there.\n\nJudy\n", "Done. Not there. Judy", "Judy "
		    "Ho" },
		/* A sentence that only looks like an attribution. */
		{ "On Monday my boss wrote:\nplease fix it", "On Monday my "
		    "boss "
		    "wrote: please fix it", NULL },
		{ "In 2019 somebody wrote: never approve.\nWhat now?",
		    "In 2019 somebody wrote: never approve. What now?", NULL },
		{ "Sent from my desk, which is easier than the phone.",
		    "Sent from my desk, which is easier than the phone.",
		    NULL },
		{ "1. Exact scopes?\n2. SOC 2?\n--------\nNothing before "
		    "that.\n"
		    "It has to be in writing because our auditors want it so "
		    "and "
		    "will not take less.",
		    "1. Exact scopes? 2. SOC 2? -------- Nothing before "
		    "that. It "
		    "has to be in writing because our auditors want it so and "
		    "will not take less.", NULL },
		/* The first line of the mail names the sender. */
		{ "Mike Roe\nRoe Trucking\nneed that link",
		    "Mike Roe Roe Trucking need that link", "Mike Roe" },
		/* The attribution on the answer's own line, wrapped or not. */
		{ "Yes please On Tue, Dec 8, 2026 at 9:12 AM Desk "
		    "<d@a.example> wrote:\n> Step 1", "Yes please", NULL },
		{ "Send it. On Dec 8, 2026, at 9:12 AM, Desk\n<d@a.example> "
		    "wrote:\n\n> Step 1\n\nand hurry", "Send it. and hurry",
		    NULL },
		{ "Ja bitte. Am 08.12.2026 um 09:12 schrieb Desk "
		    "<d@a.example>:\n> Schritt 1", "Ja bitte.", NULL },
		/* However many an "on" stands before it. */
		{ ON_TIME ON_TIME ON_TIME ON_TIME ON_TIME "Yes please On Tue, "
		    "Dec 8, 2026 at 9:12 AM Desk <d@a.example> wrote:\n> Step 1",
		    ON_TIME ON_TIME ON_TIME ON_TIME ON_TIME "Yes please", NULL },
		{ "It came On Tuesday 8 Dec and Bob wrote: do it",
		    "It came On Tuesday 8 Dec and Bob wrote: do it", NULL },
		{ "", "", NULL },
	};

	(void)state;
	ROWS(rows);
}

static void
test_signatures(void **state)
{
	static const struct row rows[] = {
		{ "Link pls\n\n-- \nJo Roe\nRoe Inc", "Link pls", NULL },
		{ "Link pls\n\nThanks,\nJo", "Link pls Thanks, Jo", "Jo Roe" },
		{ "Link pls\n\nThanks,\n\nJo Roe\nDispatch Lead\nRoe "
		    "Trucking LLC\n"
		    "O: 423-555-0142", "Link pls Thanks,", "Jo Roe" },
		{ "Link pls\n\nJo\n\nJo Roe | Office Manager\nRoe & Sons\n",
		    "Link pls Jo", "Jo Roe" },
		{ "Link pls\n\nJo Roe\nRoe Steel Haul", "Link pls", "Jo Roe" },
		{ "Пришлите\n\nС уважением,\n\nИван Роев\nРоев Транс\n(847) "
		    "555-0176",
		    "Пришлите С уважением,", "Иван Роев" },
		/* A bare "--" is a signature's only above a signature. */
		{ "Link pls\n--\nJo Roe\nRoe Inc", "Link pls", NULL },
		{ "Link pls\n--\nDispatch, Roe Inc\n423-555-0142",
		    "Link pls", NULL },
		{ "Link pls\n--\nViele Grüße\nBob", "Link pls", NULL },
		{ "I clicked it.\n--\nSend me the link",
		    "I clicked it. -- Send me the link", NULL },
		{ "I clicked it.\n\n--\n\nalso she asks for it again",
		    "I clicked it. -- also she asks for it again", NULL },
		/* A card is seen from each of them. */
		{ "Link pls\n--\nit asks again\n--\nDispatch, Roe Inc\n"
		    "upstairs", "Link pls -- it asks again", NULL },
		{ "I clicked it.\n-- \nalso she asks for it again",
		    "I clicked it.", NULL },
		/* Not the sender's own name. */
		{ "Link pls\n\nRegards,\nAnn Poe\nSafety Manager\nPoe Lines "
		    "Inc.\n"
		    "555-010-0199", "Link pls Regards,", NULL },
		{ "It asks for this:\nNeed admin approval\nNumeo Spot",
		    "It asks for this: Need admin approval Numeo Spot", "Jo "
		    "Roe" },
		{ "Link pls\n\nSent from my iPhone", "Link pls", NULL },
		{ "Enlace\n\nEnviado desde mi iPhone", "Enlace", NULL },
		{ "Ссылку\n\nОтправлено с iPhone", "Ссылку", NULL },
		{ "Havola\n\nGet Outlook for iOS<https://aka.ms/o0ukef>",
		    "Havola",
		    NULL },
		{ "Yük\n\niOS için Outlook’u edinin<https://aka.ms/o0ukef>",
		    "Yük",
		    NULL },
		{ "Enviado por mi jefe ayer, no sirve", "Enviado por mi jefe "
		    "ayer,"
		    " no sirve", NULL },
		/* A postscript below it; no company's or writer's name. */
		{ "Thanks!\n\n-- \nJo Roe\n555-010-0199\n\nPS send link\n\n"
		    "Sent from my iPhone", "Thanks! PS send link", NULL },
		/* What a company puts below the card. */
		{ "It is grey.\n\nJoe Roe\nRoe Carriers LLC\n555-014-2234\n\n"
		    "Please send all PODs to pod@roe.example.", "It is grey.",
		    "Joe Roe" },
		{ "It is grey.\n\nJoe Roe\nRoe Carriers LLC\n555-014-2234\n\n"
		    "Can you call me?", "It is grey. Joe Roe Roe Carriers LLC "
		    "555-014-2234 Can you call me?", NULL },
		{ "It works.\n\nJoe Roe\nRoe Carriers LLC\n555-014-2234\n\n"
		    "Our admin has refused it, write to billing@roe.example.",
		    "It works. Joe Roe Roe Carriers LLC 555-014-2234 Our admin "
		    "has refused it, write to billing@roe.example.", NULL },
		{ "It works.\n\nJoe Roe\nRoe Carriers LLC\n555-014-2234\n\n"
		    "Dan is at billing@roe.example.", "It works. Joe Roe Roe "
		    "Carriers LLC 555-014-2234 Dan is at billing@roe.example.",
		    NULL },
		{ "It works.\n\nJo\n\nour admin refused it",
		    "It works. Jo our admin refused it", NULL },
		{ "It is grey.\n\nИван Роев\nлогист отдела перевозок\n"
		    "ООО Роев\nтел. +7 495 555-01-09", "It is grey.",
		    "Иван Роев" },
		{ "Thanks!\n\nJo Roe\nOffice Manager\nRoe Inc\n\nPS send link",
		    "Thanks! PS send link", "Jo Roe" },
		{ "¡Gracias!\n\n-- \nJo Roe\n\nPD: mándenme el enlace\n-- \nJo",
		    "¡Gracias! PD: mándenme el enlace", NULL },
		{ "Спасибо!\n\n-- \nИван\n\nЗЫ пришлите ссылку",
		    "Спасибо! ЗЫ пришлите ссылку", NULL },
		{ "Thanks!\n\n-- \nJo Roe\n\nPS Logistics LLC\n555-010-0199",
		    "Thanks!", NULL },
		{ "Thanks!\n\n-- \n\nP.S. Roe, owner of it all", "Thanks!",
		    "P.S. Roe" },
	};

	(void)state;
	ROWS(rows);
}

#define DESK_ASKS "Please send us the link with which our admin approves it."

static void
test_notices(void **state)
{
	static const struct row rows[] = {
		{ "CAUTION: This email originated from outside of the "
		    "organization."
		    " Do not click links unless you know the content is "
		    "safe.\n\n"
		    "Grey button.", "Grey button.", NULL },
		{ "[EXTERNAL EMAIL] Please proceed with caution.\n\nHi", "Hi",
		    NULL },
		/* Outlook's paragraphs have no blank line between. */
		{ "[EXTERNAL] This message came from outside Roe Inc. Do not "
		    "open links you do not expect.\nStep 2 loses me.\n\nJo",
		    "Step 2 loses me. Jo", NULL },
		{ "ATENCIÓN: este correo procede de fuera de la "
		    "organización.\nHola, está en gris.\nNuria",
		    "Hola, está en gris. Nuria", NULL },
		{ "Dikkat: Bu ileti kurum dışından gelmiştir.\nMerhaba",
		    "Merhaba", NULL },
		{ "CAUTION: External email.\nDo not click on links or open "
		    "attachments\nunless you recognize the sender.\nIt is grey.",
		    "It is grey.", NULL },
		{ "CAUTION: This email originated from outside of the\n"
		    "organization.\nyes please", "yes please", NULL },
		{ "[EXTERNAL]\nthe links do not open", "the links do not open",
		    NULL },
		{ "[EXTERNAL]\nWe don't click links. So no.",
		    "We don't click links. So no.", NULL },
		{ "[EXTERNAL]\nbefore clicking, what does it give",
		    "before clicking, what does it give", NULL },
		{ "[EXTERNO]\nNão cliquei ainda. É seguro?",
		    "Não cliquei ainda. É seguro?", NULL },
		{ "External sender - not from here.\nSend it", "Send it", NULL },
		{ "ВНЕШНИЙ ОТПРАВИТЕЛЬ\nПришлите", "Пришлите", NULL },
		{ "EXTERNAL EMAIL: is it safe?\nSend it", "Send it", NULL },
		/* People call for attention, too. */
		{ "External mail is blocked here, send the link",
		    "External mail is blocked here, send the link", NULL },
		{ "Attention: our users get the message Need admin approval when "
		    "they sign in with external accounts",
		    "Attention: our users get the message Need admin approval when "
		    "they sign in with external accounts", NULL },
		{ "Attention, please verify: our admin declined it.",
		    "Attention, please verify: our admin declined it.", NULL },
		{ "Achtung: Der externe Absender wurde gesperrt, wir haben es "
		    "abgelehnt.", "Achtung: Der externe Absender wurde gesperrt, "
		    "wir haben es abgelehnt.", NULL },
		{ "Attention: this email came from outside, did it?",
		    "Attention: this email came from outside, did it?", NULL },
		{ "Attention: this email is to ask for the approval link.\nJo",
		    "Attention: this email is to ask for the approval link. Jo",
		    NULL },
		{ "[EXTERNAL] Hi, send the link please",
		    "[EXTERNAL] Hi, send the link please", NULL },
		{ "Увага: у мене кнопка сіра", "Увага: у мене кнопка сіра",
		    NULL },
		{ "You don't often get email from d@a.example. Learn why "
		    "this is "
		    "important\nHi", "Hi", NULL },
		{ "Nothing until then.\n\nRegards,\n\nCONFIDENTIALITY "
		    "NOTICE: This "
		    "message is for the intended recipient only.",
		    "Nothing until then. Regards,", NULL },
		{ "Nein.\n\nDiese E-Mail enthält vertrauliche Informationen. "
		    "Wenn "
		    "Sie nicht der richtige Adressat sind, löschen Sie sie.",
		    "Nein.", NULL },
		{ "Grey.\n\nAVISO: Este correo y sus anexos son confidenciales. "
		    "Queda prohibida su divulgación.", "Grey.", NULL },
		{ "Je l'ai transmis.\n\nPensez à l'environnement avant "
		    "d'imprimer ce message.", "Je l'ai transmis.", NULL },
		{ "Сіра кнопка.\n\nЦей лист містить конфіденційну інформацію. "
		    "Якщо ви отримали його помилково, знищте його.",
		    "Сіра кнопка.", NULL },
		{ "Done.\n\nThe information in this e-mail is for the addressee. "
		    "Was it sent to you by mistake? Then delete it.", "Done.",
		    NULL },
		/* People speak of these matters, too. */
		{ "Hello.\n\nConfidentiality: who can read our mails?",
		    "Hello. Confidentiality: who can read our mails?", NULL },
		{ "Здравствуйте.\n\nКонфиденциальность переписки для нас важна, "
		    "напишите, где хранятся письма.",
		    "Здравствуйте. Конфиденциальность переписки для нас важна, "
		    "напишите, где хранятся письма.", NULL },
		{ "Hi\n\nThis message contains an error code, see below.",
		    "Hi This message contains an error code, see below.", NULL },
		{ "Hi\n\nIs the use of it strictly prohibited and unauthorized "
		    "review, use by our admin what it means?",
		    "Hi Is the use of it strictly prohibited and unauthorized "
		    "review, use by our admin what it means?", NULL },
		{ "Hi\n\nThis message appears in our environment: unauthorized, "
		    "for the recipient.", "Hi This message appears in our "
		    "environment: unauthorized, for the recipient.", NULL },
		{ "Bonjour.\n\nConformément à notre politique de protection des "
		    "données, nous n'autorisons pas l'accès aux données "
		    "personnelles.", "Bonjour. Conformément à notre politique de "
		    "protection des données, nous n'autorisons pas l'accès aux "
		    "données personnelles.", NULL },
		{ "Hello,\n\nThis email account holds confidential data. Tell us "
		    "how you protect it.", "Hello, This email account holds "
		    "confidential data. Tell us how you protect it.", NULL },
		{ "Ok\n\nInformacje zawarte w tej wiadomości są poufne i prawnie "
		    "chronione. Rozpowszechnianie bez zgody jest zabronione.",
		    "Ok", NULL },
		{ "Hi\n\nThe information on the page says it reads confidential "
		    "mail. We do not approve.", "Hi The information on the page "
		    "says it reads confidential mail. We do not approve.", NULL },
		{ "Yes.\n\nDisclaimer: who is liable?",
		    "Yes. Disclaimer: who is liable?", NULL },
		{ "Hi\n\nUnsubscribe me from this, please.",
		    "Hi Unsubscribe me from this, please.", NULL },
		/* Data protection: what, by which law, whose rights. */
		{ "Yes.\n\nWe process your personal data in accordance with "
		    "GDPR, see our privacy policy.", "Yes.", NULL },
		{ "Sí.\n\nEn cumplimiento del RGPD (UE) 2016/679, le informamos "
		    "de que sus datos personales son tratados por Roe S.L. y de "
		    "sus derechos de acceso.", "Sí.", NULL },
		{ "Hola.\n\nDe conformidad con el RGPD necesitamos firmar un "
		    "contrato.", "Hola. De conformidad con el RGPD necesitamos "
		    "firmar un contrato.", NULL },
		{ "yes please\n\n__________ Information from ESET Mail Security "
		    "__________\n\nThe message was checked by ESET.\n\n"
		    "https://www.eset.com", "yes please", NULL },
		/* Below the quote, by the company's server. */
		{ "yes please\n\nOn Tue, Mar 3, 2026 at 10:15 AM Desk "
		    "<d@a.example> wrote:\n> Old.\n\nCONFIDENTIALITY NOTICE: "
		    "This message is for the intended recipient only.",
		    "yes please", NULL },
		{ "ZjQcmQRYFpfptBannerStart\nThis Message Is From an Untrusted "
		    "Sender\n\nYou have not previously corresponded with this "
		    "sender.\nZjQcmQRYFpfptBannerEnd\nSend it", "Send it", NULL },
		{ "ZjQcmQRYFpfptBannerStart\nSend it",
		    "ZjQcmQRYFpfptBannerStart Send it", NULL },
		{ "Is that confidential? Our auditors ask.",
		    "Is that confidential? Our auditors ask.", NULL },
		{ "Send the link\n\n________\nMicrosoft Teams meeting\nJoin: "
		    "https://teams.example/1\nMeeting ID: 1", "Send the link",
		    NULL },
		/* What a service desk puts around its people's words. */
		{ "##- Please type your reply above this line -##\n\n"
		    "Ticket #48213 has been updated.\n\n" DESK_ASKS "\n\n"
		    "This email is a service from IT. Delivered by Zendesk\n\n"
		    "[5XQ7Z9-8LMN]", DESK_ASKS, NULL },
		{ "-------\nReply above this line.\n\nSend it", "Send it", NULL },
		{ "=-=-=-= Pour répondre par courriel, écrivez au-dessus de "
		    "cette ligne =-=-=-=\n\nEnvoyez-le", "Envoyez-le", NULL },
		{ "Задача #771 была обновлена (Иван Роев).\n\n" DESK_ASKS,
		    DESK_ASKS, NULL },
		{ "Thank you for contacting us. Ticket #5521 has been assigned "
		    "to me.\n\n" DESK_ASKS, DESK_ASKS, NULL },
		{ "Ticket #48213 has been updated.\n\nJo",
		    "Ticket #48213 has been updated. Jo", NULL },
		{ "Ticket #48213 was updated but the button is still grey.\n\n"
		    DESK_ASKS, "Ticket #48213 was updated but the button is "
		    "still grey. " DESK_ASKS, NULL },
		{ "The button above this line is grey, what shall I type?",
		    "The button above this line is grey, what shall I type?",
		    NULL },
	};

	(void)state;
	ROWS(rows);
}

static void
test_forwards(void **state)
{
	static const struct row rows[] = {
		{ "See below\n\n---------- Forwarded message ---------\n"
		    "From: D\n"
		    "Date: x\nSubject: y\nTo: z\n\nOld", "See below", NULL },
		{ "My boss sent this\n\nBegin forwarded message:\n\n> From: "
		    "D\n> "
		    "Subject: y\n>\n> Old", "My boss sent this", NULL },
		{ "From: D <d@a.example>\nSent: Monday\nTo: M\nSubject: y\n\n"
		    "Old",
		    "", NULL },
		{ "---------- Пересылаемое сообщение ---------\nОт: D\nТема: "
		    "y\n"
		    "Old", "", NULL },
	};
	struct arena *a = arena_new();

	(void)state;
	ROWS(rows);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct zoned body = { .text = str_of(rows[i].text) };
		struct visible v;

		visible_find(a, &body, "", &v);
		assert_true(str_find(v.zone[ZONE_FORWARDED], STR("Old")) >= 0);
		arena_reset(a);
	}
	arena_free(&a);
}

/* html's marks stand, and what it left undecided is read as always. */
static void
test_marks_of_html(void **state)
{
	static const char text[] = "Grey button.\nJo\nOld words\nNew again\n"
	    "Sent from my iPhone\n";
	struct span spans[] = { { 16, 26, ZONE_QUOTED } };
	struct zoned body = { .text = STR(text), .spans = spans,
		.n_spans = 1 };
	struct arena *a = arena_new();
	struct visible v;

	(void)state;
	visible_find(a, &body, "Jo", &v);
	assert_covered(&v);
	assert_string_equal(squeezed(a, v.zone[ZONE_NEW]),
	    "Grey button. Jo New again");
	assert_string_equal(squeezed(a, v.zone[ZONE_QUOTED]), "Old words");
	assert_string_equal(squeezed(a, v.zone[ZONE_SIGNATURE]),
	    "Sent from my iPhone");
	arena_free(&a);
}

/* What is struck out is quoted, word by word; so is all that has it. */
static void
test_struck(void **state)
{
	static const struct {
		const char *html, *fresh, *quoted;
		bool struck;
	} rows[] = {
		{ "We <s>do not</s> want the link", "We want the link",
		    "~~do not~~", true },
		{ "<p><s>Send it</s></p><p>Do not</p>", "Do not", "~~Send it~~",
		    true },
		{ "<p><s>Send it. Joe</s></p>", "", "~~Send it. Joe~~", true },
		{ "<ul><li><s>one</s>.</li><li>two</li></ul>", "- two",
		    "- ~~one~~.", true },
		{ "th<s>e</s>at <del>a<br>b</del> c<br>d", "that c d",
		    "~~e~~ ~~a b~~", true },
		{ "Yes<blockquote type=cite><s>a</s> b</blockquote>", "Yes",
		    "~~a~~ b", false },
		{ "Yes <s>sir</s><br>Sent from my iPhone", "Yes", "~~sir~~",
		    true },
		{ "> old <s>a</s> b<br>Yes", "Yes", "old ~~a~~ b", false },
		{ "~a~ -b- c", "~a~ -b- c", "", false },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct zoned body;
		struct visible v;

		html_to_text(a, str_of(rows[i].html), &body);
		visible_find(a, &body, "", &v);
		assert_covered(&v);
		assert_string_equal(squeezed(a, v.zone[ZONE_NEW]),
		    rows[i].fresh);
		assert_string_equal(squeezed(a, v.zone[ZONE_QUOTED]),
		    rows[i].quoted);
		assert_int_equal(v.struck, rows[i].struck);
	}
	arena_free(&a);
}

static size_t
times(struct str in, struct str what)
{
	size_t n = 0;
	ptrdiff_t at;

	while ((at = str_find(in, what)) >= 0) {
		in = str_sub(in, (size_t)at + what.n, in.n);
		n++;
	}
	return n;
}

/* Of answers between quotes the signature is cut in each, until so many lines
 * were looked at that no person wrote them; after that all is kept. */
static void
test_signatures_between_quotes(void **state)
{
	static const char one[] = "> Old\nOk?\n-- \nBob\n";
	enum { LEN = sizeof one - 1, MOST = 2 * CD_MAX_SIGNED };
	struct arena *a = arena_new();
	char *text = test_malloc(MOST * LEN);
	size_t cut;

	(void)state;
	for (size_t i = 0; i < MOST; i++)
		memcpy(text + i * LEN, one, LEN);
	for (size_t n = 100; n <= MOST; n += MOST - 100) {
		struct zoned body = { .text = { text, n * LEN } };
		struct visible v;

		visible_find(a, &body, "", &v);
		cut = times(v.zone[ZONE_SIGNATURE], STR("Bob"));
		assert_int_equal(cut, n == 100 ? n : (CD_MAX_SIGNED + 2) / 3);
		assert_int_equal(times(v.zone[ZONE_NEW], STR("Bob")), n - cut);
		assert_int_equal(times(v.zone[ZONE_NEW], STR("Ok?")), n);
		arena_reset(a);
	}
	test_free(text);
	arena_free(&a);
}

/* Quadratic work would take minutes here. */
static void
test_large_and_hostile(void **state)
{
	static const char *const pieces[] = { "\n", ">", "> > a\n", "a b c ",
		"On 3/3/26 10:15, X wrote\n", "From: a\n", "1/1/2026 <a@b> :\n",
		"-- \n", "________\n", "Sent from my ", "\xff\xfe", "\"",
		"this message may contain privileged\n\n",
		"--\nA bcd efg\n--\nB\n--\nAbc coo llca\n> q\n" };
	struct arena *a = arena_new();
	enum { SIZE = 1024 * 1024 };
	char *text = test_malloc(SIZE);

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t len = strlen(pieces[i]);
		struct zoned body = { .text = { text, SIZE } };
		struct visible v;

		for (size_t b = 0; b < SIZE; b++)
			text[b] = pieces[i][b % len];
		visible_find(a, &body, "X Y", &v);
		assert_covered(&v);
		arena_reset(a);
	}
	test_free(text);
	arena_free(&a);
}

/* A zone that stands in one piece is that piece of the body; one that does not is
 * put together. */
static void
test_pieces_are_not_copied(void **state)
{
	const char *one = "Hello,\nwe are stuck.\n\n-- \nBob Smith\n";
	const char *two = "We are stuck.\n> Where?\nAt the login.\n";
	struct arena *a = arena_new();
	struct zoned body = { .text = str_of(one) };
	struct visible v;

	(void)state;
	visible_find(a, &body, "", &v);
	assert_ptr_equal(v.zone[ZONE_NEW].p, one);
	assert_true(str_eq(v.zone[ZONE_NEW], STR("Hello,\nwe are stuck.")));
	assert_ptr_equal(v.zone[ZONE_SIGNATURE].p, strstr(one, "--"));
	body.text = str_of(two);
	visible_find(a, &body, "", &v);
	assert_true(str_eq(v.zone[ZONE_NEW],
	    STR("We are stuck.\nAt the login.")));
	assert_true(str_eq(v.zone[ZONE_QUOTED], STR("Where?")));
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attributions),
		cmocka_unit_test(test_header_blocks),
		cmocka_unit_test(test_answers_are_kept),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_notices),
		cmocka_unit_test(test_forwards),
		cmocka_unit_test(test_marks_of_html),
		cmocka_unit_test(test_struck),
		cmocka_unit_test(test_signatures_between_quotes),
		cmocka_unit_test(test_pieces_are_not_copied),
		cmocka_unit_test(test_large_and_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
