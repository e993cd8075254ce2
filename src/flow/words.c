#include <string.h>

#include "base/buf.h"
#include "flow/words.h"

const char *
words_state(enum case_state state)
{
	switch (state) {
	case CASE_REVIEW:
		return "Needs a person";
	case CASE_WAITING:
		return "Waiting";
	case CASE_APPROVED:
		return "Approved";
	case CASE_CLOSED:
		return "Closed";
	}
	return "";
}

struct word {
	const char *code, *text;
};

/* A code that no table has is shown as words. */
static const char *
words_of(struct arena *a, const struct word *list, const char *code)
{
	char *text;

	if (!code || !code[0])
		return "";
	for (; list->code; list++) {
		if (strcmp(list->code, code) == 0)
			return list->text;
	}
	text = arena_strdup(a, code);
	for (char *p = text; *p; p++) {
		if (*p == '_')
			*p = ' ';
	}
	return text;
}

const char *
words_reason(struct arena *a, const char *code)
{
	static const struct word list[] = {
		{ "draft_ready", "A draft is ready" },
		{ "mode_off", "Answering is switched off" },
		{ "reopened", "Reopened by a person" },
		{ "approved_meanwhile", "Approved meanwhile" },
		{ "unreadable", "The mail could not be read" },
		{ "perhaps_automatic", "Perhaps a machine wrote it" },
		{ "other", "About something else" },
		{ "unclear", "Not clear what is wanted" },
		{ "perhaps_ours", "Perhaps about something else" },
		{ "perhaps_approved", "Perhaps approved" },
		{ "approved", "Says it works" },
		{ "still_blocked", "Still blocked after our help" },
		{ "refused", "Does not want to approve" },
		{ "foreign_cloud", "Another Microsoft cloud" },
		{ "other_tenant", "Writes for another company" },
		{ "several_domains", "Names several companies" },
		{ "approval_removed", "The approval was taken away again" },
		{ "writes_again", "Writes again while it waits" },
		{ "unsure", "Not sure enough to answer" },
		{ "close_readings", "Two readings are close" },
		{ "rules_against_model", "The rules and the model disagree" },
		{ "no_rule_agrees", "Only the model thinks so" },
		{ "contradiction", "It contradicts itself" },
		{ "unread_language", "In a language that we have not learned" },
		{ "rule_limit", "A rule gave up: the text is made to be slow" },
		{ "second_matter", "Speaks of something else, too" },
		{ "no_cloud", "Not in Microsoft's common cloud" },
		{ "own_questions", "Asks more than our text on safety tells" },
		{ "strong_emotion", "Somebody is upset" },
		{ "legal_words", "Speaks of contracts or law" },
		{ "taken", "A person of the team has it" },
		{ "too_old", "The mail is too old" },
		{ "not_authenticated", "The sender is not proven" },
		{ "copy_only", "Written to somebody else, to us as a copy" },
		{ "not_addressed", "Not addressed to us" },
		{ "read_in_part", "Not all of it is read as people see it" },
		{ "forms_differ", "Its plain text and its HTML differ" },
		{ "through_group", "It came by way of a group" },
		{ "tenant_approved", "The company has approved" },
		{ "personal_account", "A personal account" },
		{ "asks_for_approval", "Asks for the approval link" },
		{ "no_company_domain", "The company is not known" },
		{ "is_it_safe", "Asks whether it is safe" },
		{ "blocked", "Met \"Need admin approval\"" },
		{ "no_rule", "No rule fits" },
		{ "sender_per_day", "Had its answers for today" },
		{ "same_answer_in_7_days", "Had the same answer this week" },
		{ "dead_address", "Mail to this address bounced" },
		{ "hour", "Too many answers this hour" },
		{ "case", "This case had its answers" },
		{ "domain", "The company had its answers for today" },
		{ "bounced", "Our answer bounced" },
		{ "consent_error", "Microsoft refused the approval" },
		{ "code_vendor", "Microsoft's error is ours to mend" },
		{ "code_vendor_urgent", "Our own secret is refused: every "
		    "customer meets it" },
		{ "code_customer_admin", "Microsoft's error needs their admin" },
		{ "code_user", "Microsoft's error is the user's" },
		{ "code_retry", "Microsoft's error may pass" },
		{ "code_national_cloud", "Microsoft's error: national cloud" },
		{ "code_other", "An error of Microsoft's we do not know" },
		{ "merged", "What was merged into it waits for an answer" },
		{ "send_failed", "The answer could not be sent" },
		{ "send_doubtful", "Not known whether the answer went out" },
		{ "before_start", "It was there before the first start" },
		{ "duplicate", "The same mail came before" },
		{ "forgotten", "Erased: the person was forgotten" },
		/* Machines. */
		{ "own_mail", "A mail of our own" },
		{ "bounce", "A bounce" },
		{ "bounce_delayed", "Notice of a delay" },
		{ "delivery_notice", "Notice of delivery" },
		{ "read_receipt", "Read receipt" },
		{ "feedback_report", "Complaint report" },
		{ "calendar", "Calendar invitation or answer" },
		{ "out_of_office", "Out of office" },
		{ "out_of_office_subject", "Out of office, by its subject" },
		{ "auto_submitted", "Marked as automatic" },
		{ "auto_reply_header", "Marked as an automatic reply" },
		{ "list", "From a mailing list" },
		{ "precedence", "Marked as bulk mail" },
		{ "newsletter", "Newsletter" },
		{ "loop_header", "A mail that goes in circles" },
		{ "autoresponder_mailbox", "An automatic reply's mailbox" },
		{ "null_return_path", "A notice without a return address" },
		{ "machine_sender", "A machine's address" },
		{ "report_words", "Reads like a complaint report" },
		{ "receipt_words", "Reads like a read receipt" },
		{ "calendar_words", "Reads like a calendar notice" },
		{ "ticket_words", "Reads like a ticket system" },
		{ "challenge_words", "Asks to prove that one is human" },
		{ "out_of_office_words", "Reads like an out of office" },
		{ "left_company_words", "Has left the company" },
		{ "automatic_words", "Reads like an automatic mail" },
		{ "newsletter_words", "Reads like a newsletter" },
		/* Why no answer may go out. */
		{ "own_address", "Our own address stands in From" },
		{ "no_from", "It has no sender" },
		{ "several_from", "It has several senders" },
		{ "null_sender", "It has no return address" },
		{ "no_reply_sender", "The sender takes no answers" },
		{ "suppress_all", "It asks for no automatic answer" },
		{ "list_unsubscribe", "Sent to many, as by a list" },
		{ NULL, NULL },
	};

	return words_of(a, list, code);
}

/* Its person was told, or is to be, and it waits on for what it waited before. */
static bool
is_approved_meanwhile(const struct case_row *row)
{
	return row->state == CASE_REVIEW &&
	    strcmp(row->reason, "approved_meanwhile") != 0 &&
	    (str_starts(str_of(row->last_action), STR("approved_note ")) ||
	    str_starts(str_of(row->last_action), STR("tenant approved, ")));
}

const char *
words_why(struct arena *a, const struct case_row *row)
{
	const char *reason = words_reason(a, row->reason);

	return *reason && is_approved_meanwhile(row)
	    ? arena_printf(a, "%s; approved meanwhile", reason) : reason;
}

static const struct word intents[] = {
	{ "blocked", "Blocked" },
	{ "want_link", "Wants the link" },
	{ "admin_help", "Admin needs help" },
	{ "cant_find_app", "Can't find the app" },
	{ "greyed_out", "Button is grey" },
	{ "is_it_safe", "Is it safe?" },
	{ "approved", "Says approved" },
	{ "still_blocked", "Still blocked" },
	{ "personal_account", "Personal account" },
	{ "refused", "Refuses" },
	{ "other", "Something else" },
	{ "automatic", "A machine" },
	{ NULL, NULL },
};

const char *
words_intent(struct arena *a, const char *code)
{
	return words_of(a, intents, code);
}

const char *
words_action(struct arena *a, const char *code)
{
	static const struct word list[] = {
		{ "ignore", "No answer" },
		{ "leave", "Left as it came" },
		{ "review", "For a person" },
		{ "close", "Closed quietly" },
		{ "approved_note", "\"You are approved\"" },
		{ "personal_note", "Personal-account note" },
		{ "link", "One-click link" },
		{ "ask_domain", "Question for the work domain" },
		{ "safety", "Safety answer" },
		{ "steps", "Steps for the admin" },
		{ "own_words", "Own words" },
		{ "assignment_required", "Only assigned people may use it" },
		{ "app_disabled", "The app is switched off" },
		{ "conditional_access", "A sign-in rule stopped it" },
		{ "wrong_account", "Another company's account" },
		{ "tenant_restrictions", "The company restricts it" },
		{ "partner_admin", "A partner's admin cannot approve" },
		{ "our_fault", "A mistake of ours" },
		{ "still_blocked", "Still blocked" },
		{ NULL, NULL },
	};

	return words_of(a, list, code);
}

static const struct word languages[] = {
	{ "am", "Amharic" }, { "ar", "Arabic" }, { "az", "Azerbaijani" },
	{ "be", "Belarusian" }, { "bg", "Bulgarian" }, { "bn", "Bengali" },
	{ "ca", "Catalan" }, { "cs", "Czech" }, { "da", "Danish" },
	{ "de", "German" }, { "el", "Greek" }, { "en", "English" },
	{ "es", "Spanish" }, { "et", "Estonian" }, { "fa", "Persian" },
	{ "fi", "Finnish" }, { "fr", "French" }, { "he", "Hebrew" },
	{ "hi", "Hindi" }, { "hu", "Hungarian" }, { "hy", "Armenian" },
	{ "id", "Indonesian" }, { "it", "Italian" }, { "ja", "Japanese" },
	{ "ka", "Georgian" }, { "kk", "Kazakh" }, { "ko", "Korean" },
	{ "lt", "Lithuanian" }, { "lv", "Latvian" }, { "nb", "Norwegian" },
	{ "nl", "Dutch" }, { "pa", "Punjabi" }, { "pl", "Polish" },
	{ "pt", "Portuguese" }, { "ro", "Romanian" }, { "ru", "Russian" },
	{ "sk", "Slovak" }, { "sq", "Albanian" }, { "sr", "Serbian" },
	{ "sv", "Swedish" }, { "ta", "Tamil" }, { "th", "Thai" },
	{ "tl", "Tagalog" }, { "tr", "Turkish" }, { "uk", "Ukrainian" },
	{ "uz", "Uzbek" }, { "vi", "Vietnamese" }, { "zh", "Chinese" }, { NULL, NULL },
};

const char *
words_language(struct arena *a, const char *code)
{
	return words_of(a, languages, code);
}

bool
words_have_language(const char *code)
{
	const struct word *w = languages;

	while (w->code && strcmp(w->code, code) != 0)
		w++;
	return w->code != NULL;
}

const char *
words_language_codes(struct arena *a)
{
	struct buf b = buf_new(a, 4 * sizeof languages / sizeof *languages);

	for (const struct word *w = languages; w->code; w++)
		buf_printf(&b, "%s%s", b.n > 0 ? " " : "", w->code);
	return buf_str(&b).p;
}
