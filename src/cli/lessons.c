#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/lessons.h"
#include "cli/mailfile.h"
#include "flow/intake.h"
#include "store/mails.h"

#define MAX_LINE	((size_t)1024 * 1024)
#define MAX_FILES	1024

void
lessons_new(struct lessons *l)
{
	*l = (struct lessons){ .a = arena_new() };
}

void
lessons_free(struct lessons *l)
{
	free(l->v);
	arena_free(&l->a);
	*l = (struct lessons){ .a = NULL };
}

/* false: it is one too many. */
static bool
add(struct lessons *l, const struct train_sample *s)
{
	if (l->n == CD_MAX_LESSONS)
		return false;
	if (l->n == l->cap) {
		struct train_sample *v;

		l->cap = l->cap ? 2 * l->cap : 1024;
		v = realloc(l->v, l->cap * sizeof *v);
		cd_assert(v);
		l->v = v;
	}
	l->v[l->n] = *s;
	l->v[l->n].text = arena_copy(l->a, s->text);
	l->v[l->n].subject = arena_copy(l->a, s->subject);
	l->v[l->n].language = arena_strdup(l->a, s->language);
	l->v[l->n].labelled_language = arena_strdup(l->a, s->labelled_language);
	l->n++;
	return true;
}

static int
too_many(const char *place)
{
	return cli_fail(EX_DATAERR, "%s: more than %d lessons: leave some out",
	    place, CD_MAX_LESSONS);
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* What explain would find of it. */
static void
take_over(const struct examined *x, struct train_sample *s)
{
	s->language = x->language;
	s->automatic = x->screen.automatic;
}

/* A row of labels.jsonl: subject and context are the mail's own. What was
 * labelled as newly written is learned, not what the program found. */
static int
add_mail(struct lessons *l, const struct engine *engine, struct arena *turn,
    const char *dir, const json_t *row, const char *place,
    struct train_sample *s)
{
	const char *file = arena_printf(turn, "%s/%s", dir,
	    text_of(row, "file"));
	struct examined x;
	struct cd_err err;
	struct str raw;

	if (mailfile_read(turn, file,
	    (size_t)engine->config->mailbox.max_fetch, &raw, &err) != CD_OK)
		return cli_fail(EX_NOINPUT, "%s", err.text);
	intake_examine(engine, turn, raw, &x);
	s->text = str_of(text_of(row, "visible"));
	if (!json_object_get(row, "visible"))
		s->text = x.visible.zone[ZONE_NEW];
	s->subject = str_of(x.message.subject);
	s->context = x.context;
	take_over(&x, s);
	/* A machine's mail without words teaches nothing. */
	if (str_trim(s->text).n > 0 && !add(l, s))
		return too_many(place);
	return EX_OK;
}

/* A text is read as a mail that has nothing else: what the screen makes of
 * subject and words, and the language, are what explain would find. */
static int
add_text(struct lessons *l, const struct engine *engine, struct arena *turn,
    const char *place, struct train_sample *s)
{
	static const char form[] = "From: someone@example.com\r\n"
	    "To: someone@example.org\r\nSubject: %s\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n";
	char *subject = arena_str(turn, s->subject);
	struct examined x;

	for (char *p = subject; *p; p++) {
		if (*p == '\r' || *p == '\n')
			*p = ' ';
	}
	intake_examine(engine, turn, str_of(arena_printf(turn, form,
	    subject, arena_str(turn, s->text))), &x);
	take_over(&x, s);
	return add(l, s) ? EX_OK : too_many(place);
}

static int
add_row(struct lessons *l, const struct engine *engine, struct arena *turn,
    const char *dir, const json_t *row, const char *place)
{
	struct train_sample s = {
		.text = str_of(text_of(row, "text")),
		.context = CONTEXT_FIRST,
	};

	if (!intent_of(str_of(text_of(row, "intent")), &s.intent))
		return cli_fail(EX_DATAERR, "%s: no intent \"%s\"", place,
		    text_of(row, "intent"));
	s.labelled_language = text_of(row, "lang");
	if (json_object_get(row, "file"))
		return add_mail(l, engine, turn, dir, row, place, &s);
	if (json_object_get(row, "context") &&
	    !context_of(str_of(text_of(row, "context")), &s.context))
		return cli_fail(EX_DATAERR, "%s: no context \"%s\"", place,
		    text_of(row, "context"));
	s.subject = str_of(text_of(row, "subject"));
	return add_text(l, engine, turn, place, &s);
}

static int
read_lines(struct lessons *l, const struct engine *engine, const char *dir,
    const char *path)
{
	struct arena *turn = arena_new();
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0, number = 0;
	int code = EX_OK;
	ssize_t n;

	if (!f)
		code = cli_fail(EX_NOINPUT, "%s cannot be read", path);
	while (code == EX_OK && f && (n = getline(&line, &cap, f)) > 0) {
		json_error_t where;
		json_t *row;
		const char *place;

		arena_reset(turn);
		place = arena_printf(turn, "%s:%zu", path, ++number);
		if (str_trim(str_of(line)).n == 0)
			continue;
		row = (size_t)n > MAX_LINE ? NULL : json_loads(line, 0, &where);
		if (json_is_object(row))
			code = add_row(l, engine, turn, dir, row, place);
		else
			code = cli_fail(EX_DATAERR, "%s: no JSON object",
			    place);
		json_decref(row);
	}
	if (code == EX_OK && ferror(f))
		code = cli_fail(EX_IOERR, "%s cannot be read", path);
	free(line);
	if (f)
		fclose(f);
	arena_free(&turn);
	return code;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All *.jsonl of a folder in the order of their names, so that the same folder
 * gives the same model. */
static int
read_folder(struct lessons *l, const struct engine *engine, const char *dir)
{
	const char *names[MAX_FILES];
	DIR *d = opendir(dir);
	const struct dirent *e;
	size_t n = 0;
	int code = EX_OK;

	if (!d)
		return cli_fail(EX_NOINPUT, "%s cannot be read", dir);
	while (code == EX_OK && (e = readdir(d))) {
		if (!str_iends(str_of(e->d_name), STR(".jsonl")))
			continue;
		if (l->without && strcmp(l->without, e->d_name) == 0)
			l->left_out = true;
		else if (n < MAX_FILES)
			names[n++] = arena_printf(l->a, "%s/%s", dir,
			    e->d_name);
		else
			code = cli_fail(EX_DATAERR, "%s: more than %d .jsonl "
			    "files: put some together", dir, MAX_FILES);
	}
	closedir(d);
	if (code != EX_OK)
		return code;
	if (n == 0)
		return cli_fail(EX_NOINPUT, "no .jsonl file in %s", dir);
	qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; i < n && code == EX_OK; i++)
		code = read_lines(l, engine, dir, names[i]);
	return code;
}

int
lessons_read(struct lessons *l, const struct engine *engine, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	if (stat(path, &st) != 0)
		return cli_fail(EX_NOINPUT, "%s is not there", path);
	if (S_ISDIR(st.st_mode))
		return read_folder(l, engine, path);
	return read_lines(l, engine, slash ? arena_strndup(l->a, path,
	    (size_t)(slash - path)) : ".", path);
}

enum cd_rc
lessons_corrections(struct lessons *l, struct store *store, struct cd_err *err)
{
	struct arena *turn = arena_new();
	struct label_row *rows = NULL;
	size_t n = 0;
	enum cd_rc rc = mails_labels(store, turn, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		struct train_sample s = {
			.text = str_of(rows[i].text),
			.subject = str_of(rows[i].subject),
			.language = rows[i].language ? rows[i].language : "",
		};

		s.labelled_language = s.language;
		if (s.text.n > 0 && rows[i].intent && rows[i].context &&
		    intent_of(str_of(rows[i].intent), &s.intent) &&
		    context_of(str_of(rows[i].context), &s.context) &&
		    !add(l, &s))
			rc = cd_fail(err, CD_MALFORMED, "with the queue's "
			    "corrections there are more than %d lessons: leave "
			    "some of the others out", CD_MAX_LESSONS);
	}
	arena_free(&turn);
	return rc;
}
