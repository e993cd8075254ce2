/*
 * What machines write, where no header betrays them: words in the subject and
 * at the start of the text, folded. A person uses many of these words too ("my
 * boss is out of office until Monday"), so no rule here fires on one phrase in
 * the body alone: it asks for a subject prefix that programs write, or for two
 * or three cues that people do not write together.
 */
#include <string.h>

#include "base/buf.h"
#include "text/fold.h"
#include "text/notice.h"
#include "text/screen_words.h"

#define MAX_LONG	2500	/* an automatic answer is not longer */
#define MAX_START	2000	/* bytes of new text looked at for words */
#define MAX_FIRST	300
#define MAX_HEAD	700
#define MAX_END		300
#define MAX_WHOLE_END	3000

static const char *const away_subjects[] = {
	"automatic reply", "automatic response", "automated reply",
	"automated response", "automatic answer", "auto reply", "auto-reply",
	"autoreply", "auto response", "auto-response", "autoresponse", "auto:",
	"autoresponder", "out of office", "out of the office", "out-of-office",
	"ooo:", "oof:", "[ooo]", "ooo -", "ooo ", "away from", "[auto-reply]",
	"[autoreply]", "[auto reply]", "[out of office]", "vacation:",
	"vacation reply", "on vacation:", "maternity leave", "i am away",
	"i'm away", "away:", "away until", "automatische antwort",
	"automatische rückmeldung", "abwesenheit", "abwesend",
	"autom. antwort", "ich bin nicht im büro", "réponse automatique",
	"absence du bureau", "message d'absence", "absent du bureau",
	"en vacances", "respuesta automática", "respuesta automatica",
	"fuera de la oficina", "fuera de oficina", "ausencia:", "estoy fuera",
	"ausente", "de vacaciones", "resposta automática",
	"resposta automatica", "fora do escritório", "ausência",
	"estou de férias", "risposta automatica", "fuori sede",
	"fuori ufficio", "assenza", "risposta non al computer",
	"automatisch antwoord", "afwezig", "afwezigheid", "automatiskt svar",
	"automatisk svar", "autosvar", "frånvaro", "fravær", "ute av kontoret",
	"ikke til stede", "automaattinen vastaus", "poissa", "autoodpowiedź",
	"odpowiedź automatyczna", "automatyczna odpowiedź", "poza biurem",
	"nieobecność", "automatická odpověď", "automatická odpoveď",
	"mimo kancelář", "nepřítomnost", "automatikus válasz", "házon kívül",
	"távollét", "răspuns automat", "în afara biroului",
	"αυτόματη απάντηση", "εκτός γραφείου", "automatski odgovor",
	"аутоматски одговор", "odsutan", "samodejni odgovor", "odsotnost",
	"автоматичен отговор", "automatinis atsakymas", "automātiska atbilde",
	"automaatvastus", "автоответ", "автоматический ответ",
	"автоматическое уведомление", "вне офиса", "отсутствие", "в отпуске",
	"нет на месте", "автоматична відповідь", "автовідповідь",
	"поза офісом", "у відпустці", "otomatik yanıt", "otomatik cevap",
	"ofis dışında", "avtomatik javob", "avto-javob", "avtojavob",
	"автоматик жавоб", "absence :", "absence:",
	"automatische beantwoording", "رد تلقائي", "خارج المكتب",
	"תשובה אוטומטית", "מענה אוטומטי", "پاسخ خودکار", "balasan otomatis",
	"jawapan automatik", "trả lời tự động", "ตอบกลับอัตโนมัติ",
	"स्वचालित उत्तर", "自动回复", "自動回覆", "自动答复", "自動返信", "自動応答", "不在",
	"자동 응답", "자동 회신", "자동회신", "부재중", NULL
};

/* Of these: what a person may begin a subject with as well, so that only an
 * answer to a mail counts. */
static const char *const away_subjects_weak[] = {
	"auto:", "maternity leave", "away from", "ooo ", "en vacances",
	"ausente", "assenza", "poissa", "frånvaro", "отсутствие",
	"нет на месте", "不在", "vacation:", "abwesend", "afwezig", NULL
};

/* First person, at the start of the text. */
static const char *const away_body[] = {
	"i am out of the office", "i am currently out of", "i'm out of the of",
	"i will be out of the office", "i'll be out of the office",
	"i am out of office", "i am currently away", "i am on vacation",
	"i am on leave", "i am currently on", "i am away from", "ooo. back",
	"i will be out of office", "out of the office until",
	"out of office until", "i am traveling", "i am on holiday",
	"i am on annual leave", "i am on maternity", "i am on parental",
	"i'm currently out of", "i'm on vacation", "i'm on leave",
	"i will be on vacation", "i will be away", "i'm away from",
	"our office is closed", "our offices are closed", "we are closed",
	"office will be closed", "i have limited access", "away from my desk",
	"ich bin derzeit nicht", "ich bin zur zeit nicht", "ich bin bis",
	"ich bin ab", "ich bin vom", "ich bin nicht im", "ich befinde mich",
	"ich bin im urlaub", "bin ich nicht im", "ich bin momentan",
	"nicht im haus", "nicht im büro", "außer haus", "je suis absent",
	"je suis actuellement", "je suis en congé", "je suis en vacances",
	"je serai absent", "absent du bureau", "hors du bureau",
	"estoy fuera de", "estaré fuera", "me encuentro fuera",
	"fuera de la oficina", "estoy de vacaciones", "me encuentro de vac",
	"estaré de vacaciones", "estou fora do", "estarei fora", "estou de f",
	"estarei de férias", "estou ausente", "estarei ausente", "sono fuori",
	"sarò fuori", "sono in ferie", "sono assente", "sarò assente",
	"ik ben afwezig", "ik ben niet aanwezig", "ik ben momenteel",
	"ik ben met vakantie", "ik ben op vakantie", "jestem na urlopie",
	"przebywam na urlopie", "jestem nieobecn", "jestem poza biurem",
	"będę nieobecn", "przebywam poza", "я в отпуске", "нахожусь в отпуске",
	"я сейчас в отпуске", "меня нет в офисе", "меня не будет",
	"я отсутствую", "нахожусь в ком", "буду отсутствовать",
	"я у відпустці", "перебуваю у відп", "мене не буде", "я відсутн",
	"буду відсутн", "я поза офісом", "men ta'tildaman", "ta'tildaman",
	"men hozir ta'til", "ofisda yo'qman", "ofisda emasman", "таътилдаман",
	"мен таътил", "izindeyim", "izinliyim", "ofis dışındayım",
	"tatildeyim", "yıllık izin", "na godišnjem odmoru", "odsutan sam",
	"odsutna sam", "na odmoru sam", "nisam u kancelariji",
	"на годишњем одмору", "nalazim se na odmoru", "jag är ledig",
	"jag är på semester", "jeg er på ferie", "jeg er ikke på kontoret",
	"olen lomalla", "olen poissa", "jsem mimo kancelář",
	"jsem na dovolené", "som mimo kancel", "szabadságon vagyok",
	"sunt în concediu", "nu sunt la birou", "אני בחופשה", "أنا في إجازة",
	"خارج المكتب", "我正在休假", "我目前不在", "我不在办公室", "休假中", "不在办公室", "外出中",
	"休暇をいただ", "休暇中", "不在にして", "부재중", "휴가 중", NULL
};
/* What goes with it. */
static const char *const away_cues[] = {
	"thank you for your e", "thank you for your message",
	"thanks for your e", "thank you for contacting", "i will respond",
	"i'll respond", "will reply", "i will get back",
	"on my return", "when i return", "when i get back", "my absence",
	"limited access", "no access to e", "intermittent access",
	"if you need immediate", "for immediate assist",
	"immediate assistance", "in case of emergency", "in an emergency",
	"please contact", "please call", "please reach out",
	"not be forwarded", "was not forwarded",
	"back on", "returning", "sent once per sender", "back in the office",
	"ooo. back", "we will reopen", "will return", "i will be checking",
	"wird nicht weiter", "dringend", "vertretung", "wenden sie sich",
	"wieder erreichbar", "zurück", "beantwort", "bearbeit", "en cas d'urg",
	"urgent", "à mon retour", "de retour", "mon absence",
	"gracias por su", "gracias por tu", "gracias por cont",
	"sin acceso", "acceso limitado", "a mi regreso", "comunicarse con",
	"comuníquese", "responderé", "contactar", "obrigado pelo",
	"obrigado por sua", "responderei", "retorno", "contate", "contacte",
	"grazie per", "al mio rientro", "rispond", "contattare",
	"bedankt voor uw", "terug", "w pilnych",
	"w sprawach pilnych", "powrocie", "wracam",
	"kontakt", "срочн", "по вопросам", "пишите",
	"обращайтесь", "отвечу", "вернусь", "терміново", "звертайтеся",
	"відповім", "повернуся", "з питань", "shoshilinch",
	"qaytaman", "qaytgach", "murojaat qiling", "javob beraman", "шошилинч",
	"acil", "döndüğümde", "dönüşümde", "iletişime", "teşekkür", "hitn",
	"javite se", "obratite se", "odgovori", "po povratku",
	"vid brådskande", "hastende", "kiireelli", "naléhav", "sürgős",
	"urgenț", "דחוף", "عاجل", "急", "返回", "긴급", NULL
};

static const char *const ticket_marks[] = {
	"type your reply above this line", "reply above this line",
	"please reply above this line", "write above this line",
	"do not write below this line", "respond above this line",
	"in replies all text above this line", "enter your reply above",
	"añada su respuesta por encima", "escriba su respuesta por encima",
	"responda por encima de esta", "bitte antworten sie oberhalb",
	"geben sie ihre antwort oberhalb", "oberhalb dieser zeile",
	"répondez au-dessus de cette", "veuillez saisir votre réponse au-d",
	"digite sua resposta acima", "rispondi sopra questa",
	"введите ответ над этой", "ответ выше этой", NULL
};
static const char *const ticket_subjects[] = {
	"[request received]", "request received", "ticket received",
	"[ticket received]", "ticket created", "[ticket created]",
	"we've received your request", "we have received your",
	"we received your", "your request has been received",
	"your ticket has been", "your case has been", "case created:",
	"new ticket created", "support ticket opened", "[##",
	"thank you for con", NULL
};
/* The first words of an acknowledgement: people do not begin like that. */
static const char *const ticket_begins[] = {
	"your ticket", "your request (", "your request #", "your request has",
	"your request was", "your case", "your inquiry",
	"your support request", "your support ticket", "ticket #", "case #",
	"we have received your request", "we've received your request",
	"we received your request", "we have received your ticket",
	"we have received your inquiry", "ihr ticket", "ihre anfrage",
	"sehr geehrte damen und herren, ihr ticket", "votre demande",
	"votre ticket", "su solicitud", "su caso", "su ticket", "tu solicitud",
	"hemos recibido su solicitud", "sua solicitação", "seu chamado",
	"recebemos sua solicitação", "la sua richiesta", "la tua richiesta",
	"uw aanvraag", "uw ticket", "twoje zgłoszenie", "państwa zgłoszenie",
	"talebiniz", "murojaatingiz", "so'rovingiz", "vaš zahtev",
	"vaš zahtjev", "ваша заявка", "ваше обращение", "ваш запрос",
	"ваше звернення", "ваша заявку", "ваш запит", "мурожаатингиз", "您的请求",
	"您的工单", NULL
};
static const char *const ticket_ids[] = {
	"ticket #", "ticket#", "[ticket", "[#", "[glpi", "resolved: ",
	"closed: ", "case #", "[case", "incident ", "[request", "request #",
	NULL
};
static const char *const ticket_nouns[] = {
	"ticket", "case #", "case number", "case id", "your case", "request #",
	"your request", "your inquiry", "your enquiry", "your support",
	"incident", "reference number", "your message", "your e-mail",
	"your email", "su solicitud", "su caso", "su consulta", "tu solicitud",
	"votre demande", "votre requête", "ihre anfrage", "ihre nachricht",
	"vorgangsnummer", "ticketnummer", "ihr ticket", "service ticket",
	"sua solicitação", "seu chamado", "la tua richiesta",
	"la sua richiesta", "uw aanvraag", "twoje zgłosz", "zgłoszeni",
	"заявк", "обращени", "тикет", "звернення", "murojaatingiz",
	"so'rovingiz", "talebiniz", "vaš zahtev", "zahtev", "您的请求", "工单", NULL
};
static const char *const ticket_verbs[] = {
	"has been received", "has been opened", "has been created",
	"has been logged", "has been submitted", "has been updated",
	"has been assigned", "has been resolved", "has been closed",
	"has been registered", "was received", "was created", "was opened",
	"have received your", "we've received your", "we received your",
	"is being reviewed", "has been escalated", "has been added",
	"have got your", "we got your", "in the queue", "ha sido recibid",
	"hemos recibido", "fue recibid", "se ha creado", "ha sido cread",
	"recibimos su", "a été reçue", "avons bien reçu", "a bien été",
	"a été créé", "ist eingegangen", "haben wir erhalten",
	"wurde erstellt", "wurde eröffnet", "wurde angelegt",
	"été enregistrée", "haben ihre", "erhalten und", "foi recebid",
	"recebemos", "foi criad", "foi abert", "è stata ricevuta",
	"abbiamo ricevuto", "è stato aperto", "hebben wij ontvangen",
	"is ontvangen", "zostało przyjęte", "zostało zarejestr",
	"otrzymaliśmy", "przyjęliśmy", "зарегистрирован", "принят", "получен",
	"создан", "отримали", "зареєстрован", "qabul qilindi",
	"ro'yxatga olindi", "alınmıştır", "oluşturuldu", "alındı",
	"kayda alın", "je primljen", "primili smo", "已收到", "已创建", NULL
};
static const char *const ticket_cues[] = {
	"reply to this email", "reply to this message", "do not reply",
	"business day", "business hours", "working day", "within 24 hours",
	"add additional comments", "thank you for contacting",
	"thanks for contacting", "thank you for reaching",
	"thanks for reaching", "will be in touch", "our team will",
	"support team", "support staff", "will respond",
	"will get back to you", "reference number", "automated", "automatic",
	"ticket id", "status:", "priority:", "as soon as possible", "shortly",
	"next available", "ticket number", "you can view", "view your ticket",
	"track the", "check the status", "días hábiles", "horas",
	"a la brevedad", "respuesta",
	"dans les meilleurs délais", "jours ouvr", "répondre", "schnellst",
	"werktag", "bearbeit", "melden uns", "em breve", "dias úteis",
	"responder", "al più presto", "risponder", "werkdag",
	"zo snel mogelijk", "jak najszybciej", "roboczy", "wkrótce",
	"ближайшее время", "рабоч", "ответим", "свяж", "найближчим часом",
	"tez orada", "soat ichida", "kısa sürede", "en kısa", "uskoro",
	"u najkraćem roku", "尽快", "工作日", NULL
};

static const char *const robot_words[] = {
	"this is an automated", "this is an automatic", "this is an auto-",
	"this message was automatically", "this message was generated auto",
	"this email was automatically", "this e-mail was automatically",
	"this message was created automatically", "this email was generated",
	"this is a system generated", "this is a system-generated",
	"automatically generated email", "automatically generated message",
	"automatically generated e-mail", "generated automatically",
	"auto-generated email", "auto-generated message", "auto generated em",
	"please do not reply to this", "do not reply to this e",
	"do not reply to this mes", "do not reply directly to this",
	"please don't reply to this", "this mailbox is not monitored",
	"this inbox is not monitored", "this address is not monitored",
	"sent from an unmonitored", "sent from a notification-only",
	"this email address is not monitored", "unmonitored mailbox",
	"replies to this message are not", "replies to this email are not",
	"diese e-mail wurde automatisch", "diese nachricht wurde automatisch",
	"automatisch generiert", "automatisch erstellt",
	"bitte antworten sie nicht auf diese", "este es un mensaje automático",
	"este mensaje se ha generado auto", "este correo se ha generado auto",
	"este es un correo automático", "mensaje generado automáticamente",
	"no responda a este", "por favor no responda", "favor de no responder",
	"ceci est un message automatique", "message automatique",
	"courriel automatique", "ne pas répondre à ce", "ne répondez pas à ce",
	"esta é uma mensagem automática", "mensagem automática",
	"e-mail automático", "não responda a este", "não responda esta",
	"questo è un messaggio automatico", "messaggio automatico",
	"non rispondere a questa", "dit is een automatisch",
	"niet op deze e-mail", "wiadomość została wygenerowana auto",
	"wiadomość wygenerowana automat", "prosimy nie odpowiadać",
	"proszę nie odpowiadać", "это автоматическое",
	"автоматическое сообщен", "сообщение сформировано автомат",
	"письмо сформировано автомат", "письмо отправлено автоматич",
	"не отвечайте на это", "отвечать на него не нужно",
	"цей лист створено автомат", "це автоматичне",
	"не відповідайте на цей", "avtomatik xabar", "avtomatik ravishda",
	"ushbu xatga javob ber", "bu otomatik", "bu e-posta otomatik",
	"bu e-postayı yanıtlamayın", "lütfen bu e-postaya yanıt",
	"ovo je automatska", "automatska poruka", "ne odgovarajte na ovu",
	"此邮件由系统自动", "本邮件由系统自动", "系统自动发", "请勿回复", "このメールは自動", "自動的に送信",
	"자동으로 발송", NULL
};

static const char *const challenge_hold[] = {
	"waiting for approval", "junk mail", "protecting myself",
	"filtro antispam", "on hold", "is being held", "has been held",
	"is held", "quarantin", "not been delivered",
	"has not yet been delivered", "was not delivered",
	"will not be delivered", "awaiting", "pending",
	"before it is delivered", "before your message", "waiting for your",
	"in a holding", "in a queue", "i only get mail from people",
	"i only accept", "unknown senders", "zurückgehalten", "retenido",
	"en espera", "en attente", "retenu", "retida", "удержан", "ожидает",
	NULL
};
static const char *const challenge_ask[] = {
	"to be added", "haciendo clic", "es una persona", "click this link",
	"click the link", "click on the link", "click here", "click below",
	"verify that you", "verify your", "to verify",
	"confirm that you", "prove that you", "prove you are", "type the word",
	"type the code", "enter the code", "captcha", "not a robot",
	"you are human", "you are a human", "real person", "spam arrest",
	"spamarrest", "boxbe", "one time", "only need to do this",
	"guest list", "approved senders", "whitelist", "klicken sie",
	"bestätigen sie", "haga clic", "confirme que", "confirmez",
	"clique", "нажмите", "перейдите по ссылке", "подтвердите", NULL
};
static const char *const challenge_mail[] = {
	"your message", "your e-mail", "your email", "your mail",
	"ihre nachricht", "ihre e-mail", "su mensaje",
	"su correo", "votre message", "votre courriel", "sua mensagem",
	"ваше сообщение", "ваше письмо", NULL
};

static const char *const receipt_starts[] = {
	"your message", "ihre nachricht", "deine nachricht", "su mensaje",
	"el mensaje", "tu mensaje", "votre message", "sua mensagem",
	"a sua mensagem", "il messaggio", "il tuo messaggio", "uw bericht",
	"wiadomość", "twoja wiadomość", "ваше сообщение", "ваш лист",
	"ваше повідомлення", "ileti", "ditt meddelande",
	"this is a receipt for the mail", "this is a return receipt",
	"the message sent on", "return receipt", "disposition",
	"dies ist eine", "это уведомление о", "уведомление о прочтении",
	"este é um recibo", "este es un acuse", "esta es una confirmación",
	"ceci est un accusé", "questa è una ricevuta",
	"повідомлення про прочитання", "confirmação de leitura",
	"это подтверждение", NULL
};
static const char *const receipt_holds[] = {
	"was read on", "was read at", "has been read", "was deleted without",
	"was displayed on", "has been displayed", "is no guarantee that",
	"was opened on", "receipt for the mail", "receipt for the message",
	"wurde gelesen", "wurde am", "ungelesen gelöscht", "wurde angezeigt",
	"se leyó el", "fue leído", "ha sido leído", "se ha leído",
	"fue mostrado", "se eliminó sin", "a été lu", "a été affiché",
	"supprimé sans", "foi lida", "foi exibida", "è stato letto",
	"è stato visualizzato", "is gelezen", "werd gelezen",
	"została przeczytana", "przeczytano", "было открыто", "foi exibid",
	"было прочитано", "прочитано", "удалено непрочитанным", "прочитане",
	"okundu", "har lästs", "lästes", NULL
};

static const char *const gone_words[] = {
	"is no longer with", "no longer with the company", "no longer works",
	"no longer employed", "no longer work at", "no longer work for",
	"has left the company", "is no longer at", "has retired from",
	"ya no trabaja", "ya no labora", "n'est plus à", "ne travaille plus",
	"ne fait plus partie", "arbeitet nicht mehr",
	"nicht mehr im unternehmen", "não trabalha mais", "non lavora più",
	"werkt niet meer", "już nie pracuje", "nie pracuje już",
	"больше не работает", "уже не работает", "більше не працює",
	"endi ishlamaydi", "artık çalışmamaktadır", "više ne radi", "已离职", NULL
};
static const char *const gone_cues[] = {
	"your message was not", "your message has not", "not be forwarded",
	"not been forwarded", "not forwarded", "this mailbox", "this inbox",
	"this email address", "this e-mail address", "is not monitored",
	"for all inquiries", "please direct", "please forward all",
	"please redirect", "update your records", "update your contact",
	"nicht weitergeleitet", "diese adresse", "este buzón",
	"esta dirección", "no fue reenviado", "cette adresse", "cette boîte",
	"ta skrzynka", "этот адрес", "этот ящик", "ваше письмо",
	"сообщение не", "ця адреса", NULL
};

static const char *const bulk_stop[] = {
	"unsubscribe", "opt out", "opt-out", "manage preferences",
	"manage your preferences", "email preferences", "update your pref",
	"abbestellen", "abmelden", "darse de baja", "cancelar suscripción",
	"cancelar la suscripción", "se désabonner", "désinscrire",
	"descadastr", "cancelar inscrição", "annulla iscrizione", "disiscri",
	"uitschrijven", "wypisz", "rezygnacja", "отписаться", "відписатися",
	"obunani bekor", "abonelikten", "odjav", "退订", "退訂", "配信停止", NULL
};
static const char *const bulk_why[] = {
	"view in browser", "view in your browser", "view this email in",
	"view online", "view it in your browser", "you are receiving this",
	"you're receiving this", "you receive this", "you received this",
	"because you subscribed", "because you signed up",
	"all rights reserved", "this email was sent to",
	"this message was sent to", "privacy policy", "im browser",
	"keine e-mails mehr", "diese e-mail wurde an", "sie erhalten diese",
	"ver en el navegador", "has recibido este", "recibe este correo",
	"está recibiendo este", "dans votre navigateur", "vous recevez ce",
	"no navegador", "você recebeu este", "nel browser", "ricevi questa",
	"in uw browser", "u ontvangt deze", "w przeglądarce", "otrzymujesz tę",
	"otrzymali państwo", "в браузере", "вы получили это", "вы получаете",
	"у браузері", "ви отримали цей", "tarayıcıda", "bu e-postayı al",
	"在浏览器中", "您收到此", NULL
};
static const char *const list_words[] = {
	"you received this message because you are subscribed to the goo",
	"to unsubscribe from this group and stop receiving",
	"mailman/listinfo/", "/mailman3/lists/", "groups.io/g/", NULL
};

static const char *const meeting_subjects[] = {
	"accepted:", "declined:", "tentative:", "tentatively accepted:",
	"canceled:", "cancelled:", "canceled event", "cancelled event",
	"invitation:", "new event:", "updated invitation",
	"new time proposed:", "meeting forward notification", "angenommen:",
	"zugesagt:", "abgelehnt:", "abgesagt:", "mit vorbehalt:", "aceptada:",
	"aceptado:", "rechazada:", "cancelada:", "cancelado:", "invitación:",
	"aceito:", "recusado:", "convite:", "accepté :", "accepté:",
	"refusé :", "annulé :", "invitation :", "accettato:", "rifiutato:",
	"annullato:", "invito:", "geaccepteerd:", "geweigerd:", "uitnodiging:",
	"zaakceptowane:", "odrzucone:", "anulowane:", "zaproszenie:",
	"принято:", "отклонено:", "отменено:", "приглашение:", "прийнято:",
	"відхилено:", "скасовано:", "kabul edildi:", "reddedildi:",
	"iptal edildi:", "davet:", NULL
};
static const char *const meeting_holds[] = {
	"ha aceptado esta", "ha rechazado esta", "a accepté cette",
	"hat diese einladung", "aceitou este convite", "ha accettato",
	"new event scheduled", "принял приглашение", "приняла приглашение",
	"has accepted this invitation", "has accepted this event",
	"has declined this invitation", "has invited you to the following",
	"has canceled this event", "has been canceled", "this event has been",
	"meeting id:", "join the meeting", "join with google meet",
	"microsoft teams", "zoom.us/j/", "invitation from google calendar",
	"when: ", "organizer", "meet.google.com", "wann: ", "cuándo: ",
	"когда: ", "kiedy: ", "quand : ", "quando: ", NULL
};

static const char *const complaint_subjects[] = {
	"complaint about message from", "email feedback report for",
	"abuse report", "spam complaint", "dmarc forensic report",
	"dmarc failure report", "aws notification message", "feedback loop",
	"dmarc aggregate report", "[dmarc]", "tls report domain",
	"smtp tls report", NULL
};

/* "#118204", "(204417)", "[AB-1234]": tickets have numbers. */
static bool
has_number(struct str s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_digit(s.p[i])) {
			run = 0;
			continue;
		}
		run++;
		if (run >= 3 && i >= run && strchr("#([-", s.p[i - run]))
			return true;
	}
	return false;
}

static struct str
last(struct str s, size_t n)
{
	return s.n > n ? str_sub(s, s.n - n, s.n) : s;
}

/* What the sender's side wrote, its footers included: a newsletter that is quoted or
 * passed on is another one's. */
static struct str
own_end(struct arena *a, const struct visible *v)
{
	static const enum zone zones[] = { ZONE_NEW, ZONE_SIGNATURE,
		ZONE_NOTICE };
	struct buf b = buf_new(a, 3 * (MAX_WHOLE_END + 1));

	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		buf_adds(&b, last(v->zone[zones[i]], MAX_WHOLE_END));
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

/* The new text, and above it what its service desk's program says: that it is one
 * is told by it. */
static struct str
with_desk_lines(struct arena *a, const struct visible *v)
{
	struct str heads = str_sub(v->zone[ZONE_NOTICE], 0, MAX_HEAD), line;
	struct buf b = buf_new(a, MAX_HEAD + v->zone[ZONE_NEW].n + 2);

	while (str_line(&heads, &line)) {
		if (desk_line_of(fold(a, line)) == DESK_NONE)
			continue;
		buf_adds(&b, line);
		buf_char(&b, '\n');
	}
	if (buf_str(&b).n == 0)
		return v->zone[ZONE_NEW];
	buf_adds(&b, v->zone[ZONE_NEW]);
	return buf_str(&b);
}

struct mail_words
words_look(struct arena *a, const struct message *m, const struct visible *v)
{
	struct str fresh = with_desk_lines(a, v);
	struct str start = fold(a, str_sub(fresh, 0, MAX_START));
	struct mail_words w = {
		.subject = fold(a, str_of(m->subject)),
		.first = gist_of(str_sub(start, 0, MAX_FIRST)),
		.head = gist_of(str_sub(start, 0, MAX_HEAD)),
		.start = gist_of(start),
		.end = gist_of(fold(a, last(fresh, MAX_END))),
		.whole_end = gist_of(fold(a, own_end(a, v))),
		.length = fresh.n,
		.whole_length = v->all.text.n,
		.answers = m->in_reply_to || m->n_references > 0,
	};

	w.has_link = str_find(start, STR("http")) >= 0;
	w.robot_shape = has_number(w.subject) || has_number(start);
	return w;
}

static const char *
both(const struct gist *g, const char *const *a, const char *const *b)
{
	const char *hit = gist_holds(g, a);

	return hit && gist_holds(g, b) ? hit : NULL;
}

/* "Auto reply in Outlook" is what a person asks about. */
static bool
goes_on(struct str subject, const char *hit)
{
	struct str rest = str_trim(str_sub(subject, strlen(hit), subject.n));

	return rest.n > 0 && (ascii_alnum(rest.p[0]) ||
	    ((unsigned char)rest.p[0] & 0xc0) == 0xc0) &&
	    !str_starts(rest, STR("\xe2\x80"));	/* a dash */
}

const char *
words_away_subject(const struct mail_words *w)
{
	const char *hit = fold_starts(w->subject, away_subjects);

	if (!hit || w->answers)
		return hit;
	if (fold_starts(w->subject, away_subjects_weak) ||
	    (goes_on(w->subject, hit) &&
	    str_find(w->start.text, STR("?")) >= 0))
		return NULL;
	return hit;
}

const char *
words_away(const struct mail_words *w)
{
	const char *hit = gist_holds(&w->first, away_body);

	if (!hit || w->length > MAX_LONG ||
	    str_find(w->start.text, STR("?")) >= 0)
		return NULL;
	return gist_holds(&w->start, away_cues) && w->answers ? hit : NULL;
}

const char *
words_ticket(const struct mail_words *w)
{
	struct str s = w->head.text;
	const char *hit = gist_holds(&w->first, ticket_marks);

	if (hit)
		return hit;
	if (fold_starts(w->subject, ticket_subjects) &&
	    both(&w->head, ticket_nouns, ticket_verbs))
		return "ticket subject";
	if (fold_starts(s, ticket_begins) && w->length < MAX_LONG &&
	    gist_holds(&w->first, ticket_verbs) &&
	    str_find(s, STR("?")) < 0)
		return fold_starts(s, ticket_begins);
	hit = both(&w->head, ticket_nouns, ticket_verbs);
	if (!hit || w->length > MAX_LONG)
		return NULL;
	if (fold_starts(w->subject, ticket_ids))
		return hit;
	return gist_holds(&w->head, ticket_cues) && w->robot_shape ? hit : NULL;
}

const char *
words_robot(const struct mail_words *w)
{
	const char *hit = gist_holds(&w->first, robot_words);

	return hit ? hit : gist_holds(&w->end, robot_words);
}

const char *
words_challenge(const struct mail_words *w)
{
	const char *hit;

	if (w->length > MAX_LONG || !gist_holds(&w->start, challenge_mail))
		return NULL;
	hit = both(&w->start, challenge_hold, challenge_ask);
	return hit && (w->has_link || w->answers || w->length < 400)
	    ? hit : NULL;
}

const char *
words_receipt(const struct mail_words *w)
{
	return fold_starts(w->head.text, receipt_starts) && w->length < 1200
	    ? gist_holds(&w->head, receipt_holds) : NULL;
}

const char *
words_gone(const struct mail_words *w)
{
	return w->length < MAX_LONG
	    ? both(&w->head, gone_words, gone_cues) : NULL;
}

const char *
words_unsubscribe(const struct mail_words *w)
{
	return gist_holds(&w->whole_end, bulk_stop);
}

const char *
words_bulk(const struct mail_words *w)
{
	const char *hit = gist_holds(&w->whole_end, list_words);

	if (hit)
		return hit;
	return w->whole_length > 120
	    ? both(&w->whole_end, bulk_stop, bulk_why) : NULL;
}

const char *
words_meeting(const struct mail_words *w)
{
	const char *hit = fold_starts(w->subject, meeting_subjects);

	if (!hit)
		return NULL;
	/* "Declined: Call with us", and the text says no more than that. */
	if (w->length < 24 && str_starts(w->start.text,
	    str_sub(w->subject, 0, str_of(hit).n - 1)))
		return hit;
	return gist_holds(&w->start, meeting_holds) ||
	    gist_holds(&w->whole_end, meeting_holds) ? hit : NULL;
}

const char *
words_complaint(const struct mail_words *w)
{
	if (str_starts(w->subject, STR("report domain:")) &&
	    str_find(w->subject, STR("submitter:")) > 0)
		return "report domain:";
	return fold_starts(w->subject, complaint_subjects);
}

bool
words_lost(const struct visible *v)
{
	struct str s = v->zone[ZONE_NEW];
	size_t words = 0;

	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		bool marks = true;

		for (; i < s.n && !ascii_space(s.p[i]); i++)
			marks = marks && strchr("?,.!:-", s.p[i]);
		words += marks && i - from >= 4 && s.p[from] == '?' &&
		    s.p[from + 3] == '?';
		i += i < s.n;
	}
	return words >= 2;
}
