/* setup: one question at a time. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/setup.h"

const char *
setup_value(const struct setup *s, const char *section, const char *key)
{
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->pairs[i].section, section) == 0 &&
		    strcmp(s->pairs[i].key, key) == 0)
			return s->pairs[i].value;
	}
	return NULL;
}

void
setup_put(struct setup *s, const char *section, const char *key,
    const char *value)
{
	if (!value || setup_value(s, section, key))
		return;
	cd_assert(s->n < 2 * CD_MAX_ANSWERS);
	s->pairs[s->n++] = (struct config_pair){ section, key,
		arena_strdup(s->arena, value), 0 };
}

static bool
read_line(char *out, size_t size)
{
	if (!fgets(out, (int)size, stdin))
		return false;
	out[strcspn(out, "\r\n")] = '\0';
	return true;
}

/* What the configuration's own table does not know; NULL: nothing is wrong. */
static const char *
own_fault(struct arena *a, const struct config_pair *p)
{
	const char *at = strrchr(p->value, '@');
	enum provider unused;

	if (strcmp(p->section, "setup") == 0 &&
	    strcmp(p->key, "address") == 0 && (!at || at == p->value ||
	    !at[1] || strpbrk(p->value, " \t")))
		return arena_printf(a, "\"%s\" is no mail address", p->value);
	if (strcmp(p->section, "setup") == 0 &&
	    strcmp(p->key, "provider") == 0 &&
	    !provider_by_word(p->value, &unused))
		return arena_printf(a, "\"%s\": provider is microsoft, google "
		    "or other", p->value);
	return NULL;
}

/* An app's name is easily taken for its ID. Google's are no GUIDs. */
static const char *
id_fault(const struct setup *s, const struct config_pair *p)
{
	return strcmp(p->key, "client_id") != 0 ||
	    (s->provider == PROVIDER_GOOGLE &&
	    strcmp(p->section, "oauth2") == 0) ||
	    str_is_guid(str_of(p->value)) ? NULL : "A client ID looks like "
	    "3f2b8a6c-90d1-4e57-b1a2-6c5d4e3f2a1b.";
}

/* A person is asked for no other folder than this one, and is told here: of the
 * whole file it would be said when all is answered, and for nothing. */
static const char *
folder_fault(const struct config_pair *p)
{
	return strcmp(p->key, "sent_folder") != 0 ||
	    !config_same_folder(p->value, "INBOX") ? NULL : "That is the "
	    "folder that is watched: name the one where answers land.";
}

/* The help of the question, then "key [default]: ". */
static const char *
ask_person(struct setup *s, const char *section, const char *key,
    const char *def, const char *text)
{
	for (;;) {
		struct config_pair p = { section, key, NULL, 0 };
		char line[CD_MAX_CONFIG_LINE / 2];
		const char *fault;
		struct str given;

		printf("\n%s\n%s%s%s%s: ", text, key, def && *def ? " [" : "",
		    def ? def : "", def && *def ? "]" : "");
		fflush(stdout);
		if (!read_line(line, sizeof line)) {
			s->code = cli_fail(EX_NOINPUT, "no answer: nothing was "
			    "written");
			return NULL;
		}
		given = str_trim(str_of(line));
		p.value = given.n > 0 ? arena_str(s->arena, given) : def;
		if (!p.value) {
			puts("This one is needed.");
			continue;
		}
		fault = own_fault(s->arena, &p);
		if (!fault)
			fault = id_fault(s, &p);
		if (!fault)
			fault = folder_fault(&p);
		if (!fault)
			fault = config_pair_fault(s->arena, &p);
		if (!fault)
			return p.value;
		printf("%s\n", fault);
	}
}

const char *
setup_ask(struct setup *s, const char *section, const char *key,
    const char *def, const char *text)
{
	const char *value = setup_value(s, section, key), *fault;

	if (s->code != EX_OK)
		return NULL;
	if (value) {
		fault = own_fault(s->arena, &(struct config_pair){ section, key,
		    value, 0 });
		if (!fault)
			return value;
		s->code = cli_fail(EX_DATAERR, "%s", fault);
		return NULL;
	}
	if (!s->scripted) {
		value = ask_person(s, section, key, def, text);
	} else if (!def) {
		s->code = cli_fail(EX_DATAERR, "the answers lack [%s] %s: %s",
		    section, key, text);
		return NULL;
	} else {
		value = def;
	}
	setup_put(s, section, key, value);
	return value;
}

static void
add_secret(struct setup *s, const char *file, const char *text)
{
	cd_assert(s->n_secrets < sizeof s->secrets / sizeof *s->secrets);
	s->secrets[s->n_secrets].file = file;
	s->secrets[s->n_secrets++].text = text;
}

void
setup_secret(struct setup *s, const char *section, const char *key,
    const char *file, const char *name, const char *text)
{
	const char *path = arena_printf(s->arena, "%s/%s", s->folder, file);
	const char *given = setup_value(s, "secrets", name);
	char line[CD_MAX_SECRET + 2];
	enum cd_rc rc;

	/* The answers may name a file of one's own. */
	if (s->code != EX_OK || setup_value(s, section, key))
		return;
	setup_put(s, section, key, file);
	if (given) {
		add_secret(s, path, given);
		return;
	}
	if (access(path, F_OK) == 0) {
		printf("%s is there already and is kept.\n", path);
		return;
	}
	if (s->scripted) {
		s->code = cli_fail(EX_DATAERR, "the answers have neither "
		    "[secrets] %s nor [%s] %s, and there is no %s", name,
		    section, key, path);
		return;
	}
	printf("\n%s\nIt goes into %s, which only its owner can read, and is "
	    "not shown.\n", text, path);
	fflush(stdout);
	rc = cli_read_secret(arena_printf(s->arena, "%s: ", name), line,
	    sizeof line);
	if (rc == CD_MALFORMED)
		s->code = cli_fail(EX_DATAERR, "the %s is longer than any "
		    "secret: nothing was written", name);
	else if (rc != CD_OK || !line[0])
		s->code = cli_fail(EX_NOINPUT, "no %s: nothing was written",
		    name);
	else
		add_secret(s, path, arena_strdup(s->arena, line));
	explicit_bzero(line, sizeof line);
}
