/* The names that rules, model, store and people know what classify tells by: intents,
 * contexts, whose tenant, what client. */
#include "text/classify.h"

static const char *const intents[INTENT_COUNT] = {
	[INTENT_OTHER] = "other",
	[INTENT_AUTOMATIC] = "automatic",
	[INTENT_BLOCKED] = "blocked",
	[INTENT_WANT_LINK] = "want_link",
	[INTENT_ADMIN_HELP] = "admin_help",
	[INTENT_CANT_FIND_APP] = "cant_find_app",
	[INTENT_GREYED_OUT] = "greyed_out",
	[INTENT_IS_IT_SAFE] = "is_it_safe",
	[INTENT_APPROVED] = "approved",
	[INTENT_STILL_BLOCKED] = "still_blocked",
	[INTENT_PERSONAL_ACCOUNT] = "personal_account",
	[INTENT_REFUSED] = "refused",
};

static const char *const contexts[CONTEXT_COUNT] = {
	[CONTEXT_FIRST] = "first",
	[CONTEXT_HELP] = "reply_help",
	[CONTEXT_LINK] = "reply_link",
	[CONTEXT_ASK_DOMAIN] = "reply_ask_domain",
	[CONTEXT_OTHER] = "reply_other",
	[CONTEXT_FORWARD] = "forward",
};

static bool
name_of(const char *const *names, size_t n, struct str name, size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *
intent_name(enum intent intent)
{
	cd_assert(intent < INTENT_COUNT);
	return intents[intent];
}

bool
intent_is_ours(enum intent intent)
{
	return intent != INTENT_OTHER && intent != INTENT_AUTOMATIC;
}

bool
intent_of(struct str name, enum intent *out)
{
	size_t i;

	if (!name_of(intents, INTENT_COUNT, name, &i))
		return false;
	*out = (enum intent)i;
	return true;
}

const char *
context_name(enum thread_context context)
{
	cd_assert(context < CONTEXT_COUNT);
	return contexts[context];
}

bool
context_of(struct str name, enum thread_context *out)
{
	size_t i;

	if (!name_of(contexts, CONTEXT_COUNT, name, &i))
		return false;
	*out = (enum thread_context)i;
	return true;
}

static const char *const whoses[WHOSE_COUNT] = {
	[WHOSE_UNKNOWN] = "",
	[WHOSE_OWN] = "own",
	[WHOSE_OTHER] = "other",
};

static const char *const clients[] = {
	[CLIENT_NONE] = "",
	[CLIENT_UNNAMED] = "unnamed",
	[CLIENT_NAMED] = "named",
	[CLIENT_BESIDE] = "beside",
};

const char *
whose_name(enum whose whose)
{
	return whoses[whose];
}

bool
whose_of(struct str name, enum whose *out)
{
	size_t i;

	if (!name_of(whoses, WHOSE_COUNT, name, &i))
		return false;
	*out = (enum whose)i;
	return true;
}

const char *
client_name(enum client client)
{
	return clients[client];
}

bool
client_of(struct str name, enum client *out)
{
	size_t i;

	if (!name_of(clients, sizeof clients / sizeof *clients, name, &i))
		return false;
	*out = (enum client)i;
	return true;
}
