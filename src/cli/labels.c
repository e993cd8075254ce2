#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/labels.h"
#include "store/mails.h"

#define MAX_LINE	((size_t)1024 * 1024)
#define MAX_NAMES	1024	/* bytes of all intents or actions */

static int
read_line(struct arena *a, struct str line, const char *place, label_fn *take,
    void *ctx)
{
	json_error_t where;
	json_t *row;
	int code;

	if (line.n > MAX_LINE)
		return cli_fail(EX_DATAERR, "%s: line too long: more than "
		    "%zu bytes", place, MAX_LINE);
	if (str_trim(line).n == 0)
		return EX_OK;
	row = json_loadb(line.p, line.n, 0, &where);
	if (!row)
		return cli_fail(EX_DATAERR, "%s: %s", place, where.text);
	if (json_is_object(row))
		code = take(ctx, &(struct label){ a, row, place });
	else
		code = cli_fail(EX_DATAERR, "%s: no JSON object", place);
	json_decref(row);
	return code;
}

int
labels_read(const char *path, label_fn *take, void *ctx)
{
	static const struct str mark = { "\xef\xbb\xbf", 3 };
	struct arena *a = arena_new();
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0, number = 0;
	int code = EX_OK;
	ssize_t n;

	if (!f)
		code = cli_fail(EX_NOINPUT, "%s: %s", path, strerror(errno));
	while (code == EX_OK && f && (n = getline(&line, &cap, f)) > 0) {
		struct str s = { line, (size_t)n };

		if (number++ == 0 && str_starts(s, mark))
			s = str_sub(s, mark.n, s.n);
		arena_reset(a);
		code = read_line(a, s, arena_printf(a, "%s:%zu", path, number),
		    take, ctx);
	}
	if (code == EX_OK && f && ferror(f))
		code = cli_fail(EX_IOERR, "%s: %s", path, strerror(errno));
	free(line);
	if (f)
		fclose(f);
	arena_free(&a);
	return code;
}

int
label_text(const struct label *l, const char *key, const char **out)
{
	const json_t *o = json_object_get(l->row, key);

	if (o && !json_is_null(o) && !json_is_string(o))
		return cli_fail(EX_DATAERR, "%s: \"%s\" is no text in quotes",
		    l->place, key);
	*out = json_is_string(o) ? json_string_value(o) : "";
	return EX_OK;
}

int
label_needed(const struct label *l, const char *key, const char **out)
{
	int code = label_text(l, key, out);

	if (code == EX_OK && !**out)
		code = cli_fail(EX_DATAERR, "%s: \"%s\" is missing", l->place,
		    key);
	return code;
}

/* Prints that the name is none, and the ones that there are. */
static int
no_such(const struct label *l, const char *key, const char *name,
    const char *(*name_of)(size_t), size_t n)
{
	struct buf b = buf_new(l->a, MAX_NAMES);

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", name_of(i));
	return cli_fail(EX_DATAERR, "%s: no %s \"%s\"; there are %s", l->place,
	    key, name, buf_str(&b).p);
}

static const char *
nth_intent(size_t i)
{
	return intent_name((enum intent)i);
}

static const char *
nth_action(size_t i)
{
	return action_name((enum action)i);
}

static const char *
nth_context(size_t i)
{
	return context_name((enum thread_context)i);
}

int
label_intent(const struct label *l, enum intent *out)
{
	const char *name;
	int code = label_needed(l, "intent", &name);

	if (code == EX_OK && !intent_of(str_of(name), out))
		code = no_such(l, "intent", name, nth_intent, INTENT_COUNT);
	return code;
}

int
label_action(const struct label *l, enum action *out)
{
	const char *name;
	int code = label_needed(l, "action", &name);

	if (code == EX_OK && !action_of(str_of(name), out))
		code = no_such(l, "action", name, nth_action, ACTION_COUNT);
	return code;
}

int
label_context(const struct label *l, enum thread_context *out)
{
	const char *name;
	int code = label_text(l, "context", &name);

	if (code == EX_OK && *name && !context_of(str_of(name), out))
		code = no_such(l, "context", name, nth_context, CONTEXT_COUNT);
	return code;
}

int
label_whose(const struct label *l, enum whose *out)
{
	const char *name;
	int code = label_text(l, "tenant", &name);

	if (code == EX_OK && !whose_of(str_of(name), out))
		code = cli_fail(EX_DATAERR, "%s: tenant is \"own\" or "
		    "\"other\", not \"%s\"", l->place, name);
	return code;
}

int
label_language(const struct label *l, const char **out)
{
	int code = label_text(l, "lang", out);
	size_t letters = 0;

	while (code == EX_OK && (*out)[letters] >= 'a' &&
	    (*out)[letters] <= 'z')
		letters++;
	if (code == EX_OK && **out &&
	    ((*out)[letters] || letters < 2 || letters > 3))
		code = cli_fail(EX_DATAERR, "%s: lang \"%s\" is no code of a "
		    "language, such as \"de\"", l->place, *out);
	return code;
}

enum cd_rc
labels_say_forgotten(struct store *store, int64_t *n_out, struct cd_err *err)
{
	enum cd_rc rc = mails_labels_forgotten(store, n_out, err);

	if (rc == CD_OK && *n_out > 0)
		fprintf(stderr, "%" PRId64 " corrections have no text any more "
		    "(retention_days)\n", *n_out);
	return rc;
}
