#ifndef CD_CLI_SETUP_H
#define CD_CLI_SETUP_H

#include "cli/cli.h"
#include "flow/provider.h"
#include "io/config_write.h"

/*
 * What `setup` has learned so far: the answers, out of a file or from a person.
 */
struct setup {
	struct arena *arena;
	const char *config_file, *folder;
	bool scripted;			/* a file of answers: ask nothing */
	struct config_pair *pairs;	/* room for twice CD_MAX_ANSWERS */
	size_t n;
	enum provider provider;
	const char *address;		/* of the mailbox */
	const char *tenant;		/* its GUID; NULL: not known */
	struct {			/* to be written, mode 0600 */
		const char *file, *text;
	} secrets[8];
	size_t n_secrets;
	int code;			/* EX_OK, or what went wrong */
};

/* What is already answered, or NULL. */
const char *setup_value(const struct setup *, const char *section,
    const char *key);
/* The answer: the file's; else a person's, with `def` on Enter (NULL: there
 * must be one); else `def`. Asked again until it can be used. NULL after
 * s->code was set. `text` explains the question. */
const char *setup_ask(struct setup *, const char *section, const char *key,
    const char *def, const char *text);
/* Put without a question, unless it is answered. */
void setup_put(struct setup *, const char *section, const char *key,
    const char *value);
/* A secret that is to lie in the folder under that name and be named by
 * section.key: the [secrets] answer `name`, a file that lies there already, or
 * a person's. */
void setup_secret(struct setup *, const char *section, const char *key,
    const char *file, const char *name, const char *text);

/* Everything but the mailbox address. */
void setup_questions(struct setup *);
/* What must be granted at the provider, in its own words. */
void setup_print_grants(const struct setup *);

#endif
