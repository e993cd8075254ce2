/* Answers in, a commented configuration out; see config_write.h. */
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/config_value.h"
#include "io/config_write.h"

/* ---- reading ---------------------------------------------------------------- */

struct reading {
	FILE *f;
	struct arena *arena;
	const char *file;
	const char *const *more;
	struct config_pair *pairs;
	size_t n;
	int line;
	bool secret;		/* it may hold some */
	enum cd_rc rc;
	struct cd_err *err;
};

static char *
next_line(char *into, int size, void *stream)
{
	struct reading *r = stream;
	char *got = fgets(into, size, r->f);

	r->line += got != NULL;
	return got;
}

static bool
allowed(const struct reading *r, const char *section, const char *key)
{
	const char *name = arena_printf(r->arena, "%s.%s", section, key);

	for (size_t i = 0; r->more[i]; i++) {
		if (strcmp(r->more[i], name) == 0)
			return true;
	}
	return config_key_find(section, key) >= 0;
}

static int
take(void *context, const char *section, const char *key, const char *value)
{
	struct reading *r = context;
	bool twice = false;

	for (size_t i = 0; i < r->n; i++)
		twice = twice || (strcmp(r->pairs[i].section, section) == 0 &&
		    strcmp(r->pairs[i].key, key) == 0);
	if (r->rc != CD_OK)
		return 0;
	if (twice || r->n == CD_MAX_ANSWERS || !allowed(r, section, key)) {
		r->rc = cd_fail(r->err, CD_MALFORMED, "%s:%d: [%.40s] %.40s: %s",
		    r->file, r->line, section, key, twice ? "given before"
		    : "no such key");
		return 0;
	}
	if (strcmp(section, "secrets") == 0 && r->secret) {
		r->rc = cd_fail(r->err, CD_REFUSED, "%s: others can read the "
		    "[secrets] in it: chmod 600", r->file);
		return 0;
	}
	r->pairs[r->n++] = (struct config_pair){
		.section = arena_strdup(r->arena, section),
		.key = arena_strdup(r->arena, key),
		.value = arena_strdup(r->arena, value),
		.line = r->line,
	};
	return 1;
}

enum cd_rc
config_pairs_read(struct arena *a, const char *file, const char *const *more,
    struct config_pair **out, size_t *n_out, struct cd_err *err)
{
	struct reading r = {
		.f = fopen(file, "re"),
		.arena = a,
		.file = file,
		.more = more,
		.pairs = arena_array(a, CD_MAX_ANSWERS, sizeof *r.pairs),
		.err = err,
	};
	struct stat st;
	int bad;

	if (!r.f)
		return cd_fail(err, errno == ENOENT ? CD_ABSENT : CD_REFUSED,
		    "%s: %s", file, strerror(errno));
	r.secret = fstat(fileno(r.f), &st) != 0 || (st.st_mode & 077) != 0;
	/* libinih's settings are global; config.c sets all of them too. */
	ini_use_stack = false;
	ini_max_line = ini_initial_alloc = CD_MAX_CONFIG_LINE;
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	bad = ini_parse_stream(next_line, &r, take, &r);
	fclose(r.f);
	if (r.rc == CD_OK && bad)
		r.rc = cd_fail(err, CD_MALFORMED, "%s: no \"key = value\" in a "
		    "line; it is an INI file like the configuration", file);
	if (r.rc != CD_OK)
		return r.rc;
	*out = r.pairs;
	*n_out = r.n;
	return CD_OK;
}

const char *
config_pair_fault(struct arena *a, const struct config_pair *p)
{
	int at = config_key_find(p->section, p->key);
	struct config scratch = { .arena = a };

	if (at < 0 || !*p->value)
		return NULL;
	for (const char *c = p->value; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return "a control byte";
		if (*c == '#' && c > p->value && ascii_space(c[-1]))
			return "a # after a blank would start a comment";
	}
	return config_value_set(&scratch, &config_keys[at], p->value, "/");
}

/* ---- writing ---------------------------------------------------------------- */

static void
print_comment(FILE *f, const char *text)
{
	struct str rest = str_of(text), line;

	while (str_line(&rest, &line))
		fprintf(f, "# %.*s\n", (int)line.n, line.p);
}

static void
print_section(FILE *f, const char *name)
{
	fputs("\n\n", f);
	for (size_t i = 0; i < config_n_sections; i++) {
		if (strcmp(config_sections[i].name, name) == 0)
			print_comment(f, config_sections[i].help);
	}
	fprintf(f, "[%s]\n", name);
}

static const char *
value_of(const struct config_pair *pairs, size_t n,
    const struct config_key *key)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(pairs[i].section, key->section) == 0 &&
		    strcmp(pairs[i].key, key->name) == 0)
			return pairs[i].value;
	}
	return NULL;
}

void
config_print(FILE *f, const struct config_pair *pairs, size_t n)
{
	const char *section = "";

	fputs("# Consent Desk. Every key with its default; one that starts "
	      "with # is unset.\n"
	      "# Secrets are files of their own, readable by their owner "
	      "alone.\n", f);
	for (size_t i = 0; i < config_n_keys; i++) {
		const struct config_key *key = &config_keys[i];
		const char *value = value_of(pairs, n, key);

		if (strcmp(section, key->section) != 0) {
			section = key->section;
			print_section(f, section);
		}
		fputc('\n', f);
		print_comment(f, key->help);
		if (!value)
			value = key->def;
		if (value && (*value || key->type == CONFIG_LISTEN))
			fprintf(f, "%s = %s\n", key->name, value);
		else
			fprintf(f, "%s%s =\n",
			    key->required == OPTIONAL ? "#" : "", key->name);
	}
}

void
config_print_sample(FILE *f)
{
	config_print(f, NULL, 0);
}
