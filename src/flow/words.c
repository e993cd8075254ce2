#include <string.h>

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
		{ "unsure", "Not sure enough to answer" },
		{ "close_readings", "Two readings are close" },
		{ "rules_against_model", "The rules and the model disagree" },
		{ "no_rule_agrees", "Only the model thinks so" },
		{ "contradiction", "It contradicts itself" },
		{ "unread_language", "In a language that we have not learned" },
		{ "rule_limit", "A rule gave up: the text is made to be slow" },
		{ "strong_emotion", "Somebody is upset" },
		{ "legal_words", "Speaks of contracts or law" },
		{ "taken", "A person of the team has it" },
		{ "too_old", "The mail is too old" },
		{ "not_authenticated", "The sender is not proven" },
		{ "copy_only", "Written to somebody else, to us as a copy" },
		{ "not_addressed", "Not addressed to us" },
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
		{ NULL, NULL },
	};

	return words_of(a, list, code);
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
		{ NULL, NULL },
	};

	return words_of(a, list, code);
}

const char *
words_language(struct arena *a, const char *code)
{
	static const struct word list[] = {
		{ "am", "Amharic" }, { "ar", "Arabic" },
		{ "az", "Azerbaijani" }, { "be", "Belarusian" },
		{ "bg", "Bulgarian" }, { "bn", "Bengali" },
		{ "ca", "Catalan" }, { "cs", "Czech" }, { "da", "Danish" },
		{ "de", "German" }, { "el", "Greek" }, { "en", "English" },
		{ "es", "Spanish" }, { "et", "Estonian" },
		{ "fa", "Persian" }, { "fi", "Finnish" },
		{ "fr", "French" }, { "he", "Hebrew" }, { "hi", "Hindi" },
		{ "hu", "Hungarian" }, { "hy", "Armenian" },
		{ "id", "Indonesian" }, { "it", "Italian" },
		{ "ja", "Japanese" }, { "ka", "Georgian" },
		{ "kk", "Kazakh" }, { "ko", "Korean" },
		{ "lt", "Lithuanian" }, { "lv", "Latvian" },
		{ "nb", "Norwegian" }, { "nl", "Dutch" },
		{ "pa", "Punjabi" }, { "pl", "Polish" },
		{ "pt", "Portuguese" }, { "ro", "Romanian" },
		{ "ru", "Russian" }, { "sk", "Slovak" },
		{ "sq", "Albanian" }, { "sr", "Serbian" },
		{ "sv", "Swedish" }, { "ta", "Tamil" }, { "th", "Thai" },
		{ "tl", "Tagalog" }, { "tr", "Turkish" },
		{ "uk", "Ukrainian" }, { "uz", "Uzbek" },
		{ "vi", "Vietnamese" }, { "zh", "Chinese" }, { NULL, NULL },
	};

	return words_of(a, list, code);
}
