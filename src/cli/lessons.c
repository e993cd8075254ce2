#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/labels.h"
#include "cli/lessons.h"
#include "cli/mailfile.h"
#include "flow/intake.h"
#include "store/mails.h"
#include "text/fold.h"

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
	free(l->place);
	arena_free(&l->a);
	*l = (struct lessons){ .a = NULL };
}

/* false: it is one too many. */
static bool
add(struct lessons *l, const struct train_sample *s, const char *place)
{
	if (l->n == CD_MAX_LESSONS)
		return false;
	if (l->n == l->cap) {
		struct train_sample *v;
		const char **places;

		l->cap = l->cap ? 2 * l->cap : 1024;
		v = realloc(l->v, l->cap * sizeof *v);
		places = realloc(l->place, l->cap * sizeof *places);
		cd_assert(v && places);
		l->v = v;
		l->place = places;
	}
	l->v[l->n] = *s;
	l->v[l->n].text = arena_copy(l->a, s->text);
	l->v[l->n].subject = arena_copy(l->a, s->subject);
	l->v[l->n].language = arena_strdup(l->a, s->language);
	l->v[l->n].labelled_language = arena_strdup(l->a, s->labelled_language);
	l->place[l->n] = arena_strdup(l->a, place);
	l->n++;
	return true;
}

static int
too_many(const char *place)
{
	return cli_fail(EX_DATAERR, "%s: more than %d lessons: leave some out",
	    place, CD_MAX_LESSONS);
}

/* What explain would find of it. */
static void
take_over(const struct examined *x, struct train_sample *s)
{
	s->language = x->language;
	s->automatic = x->screen.automatic;
}

/* What read_lines works with. */
struct source {
	struct lessons *lessons;
	const struct engine *engine;
	const char *dir;
};

/* A row of labels.jsonl: subject and context are the mail's own. What was
 * labelled as newly written is learned, not what the program found. */
static int
add_mail(const struct source *from, const struct label *l, const char *name,
    struct train_sample *s)
{
	const char *file = arena_printf(l->a, "%s/%s", from->dir, name);
	const char *visible;
	struct examined x;
	struct cd_err err;
	struct str raw;
	int code = label_text(l, "visible", &visible);

	if (code != EX_OK)
		return code;
	if (mailfile_read(l->a, file,
	    (size_t)from->engine->config->mailbox.max_fetch, &raw, &err) !=
	    CD_OK)
		return cli_fail(EX_NOINPUT, "%s: %s", l->place, err.text);
	intake_examine(from->engine, l->a, raw, &x);
	s->text = json_is_string(json_object_get(l->row, "visible"))
	    ? str_of(visible) : x.visible.zone[ZONE_NEW];
	s->subject = str_of(x.message.subject);
	s->context = x.context;
	take_over(&x, s);
	/* A machine's mail without words teaches nothing. */
	if (str_trim(s->text).n > 0 && !add(from->lessons, s, l->place))
		return too_many(l->place);
	return EX_OK;
}

/* A text is read as a mail that has nothing else: what the screen makes of
 * subject and words, and the language, are what explain would find. */
static int
add_text(const struct source *from, const struct label *l, const char *text,
    struct train_sample *s)
{
	static const char form[] = "From: someone@example.com\r\n"
	    "To: someone@example.org\r\nSubject: %s\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n";
	const char *subject;
	char *line;
	struct examined x;
	int code = label_context(l, &s->context);

	if (code == EX_OK)
		code = label_text(l, "subject", &subject);
	if (code != EX_OK)
		return code;
	s->text = str_of(text);
	s->subject = str_of(subject);
	line = arena_strdup(l->a, subject);
	for (char *p = line; *p; p++) {
		if (*p == '\r' || *p == '\n')
			*p = ' ';
	}
	intake_examine(from->engine, l->a, str_of(arena_printf(l->a, form,
	    line, text)), &x);
	take_over(&x, s);
	return add(from->lessons, s, l->place) ? EX_OK : too_many(l->place);
}

static int
add_row(void *ctx, const struct label *l)
{
	const struct source *from = ctx;
	struct train_sample s = { .context = CONTEXT_FIRST };
	const json_t *text = json_object_get(l->row, "text");
	const char *file;
	int code = label_intent(l, &s.intent);

	if (code == EX_OK)
		code = label_language(l, &s.labelled_language);
	if (code == EX_OK)
		code = label_whose(l, &s.whose);
	if (code == EX_OK)
		code = label_text(l, "file", &file);
	if (code != EX_OK)
		return code;
	if (*file)
		return add_mail(from, l, file, &s);
	/* Else a misspelt key would be learned as a mail without words. */
	if (str_trim(str_of(json_string_value(text))).n == 0)
		return cli_fail(EX_DATAERR, "%s: no \"text\", which is what a "
		    "person wrote, in quotes", l->place);
	return add_text(from, l, json_string_value(text), &s);
}

static int
read_lines(struct lessons *l, const struct engine *engine, const char *dir,
    const char *path)
{
	return labels_read(path, add_row,
	    &(struct source){ l, engine, dir });
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* As people save lists elsewhere. The mails of a folder and a README are no
 * lessons, and nobody takes them for some. */
static void
warn_of_others(struct lessons *l, const char *dir, const char *name)
{
	static const char *const ends[] = { ".json", ".ndjson", ".csv", ".tsv",
		".xlsx", ".ods" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (str_iends(str_of(name), str_of(ends[i])))
			cli_warn(&l->warnings, "%s/%s is not read: lessons "
			    "are in files that end in .jsonl", dir, name);
	}
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
			warn_of_others(l, dir, e->d_name);
		else if (l->without && strcmp(l->without, e->d_name) == 0)
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
		    !add(l, &s, arena_printf(turn, "correction of mail %lld",
		    (long long)rows[i].mail_id)))
			rc = cd_fail(err, CD_MALFORMED, "with the queue's "
			    "corrections there are more than %d lessons: leave "
			    "some of the others out", CD_MAX_LESSONS);
	}
	arena_free(&turn);
	return rc;
}

/* A lesson without its intent, as a number: no two of a million are likely to
 * have the same. */
struct essence {
	uint64_t number;
	size_t lesson;
};

static uint64_t
fnv(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return (h ^ '\n') * 0x100000001b3u;
}

static int
by_essence(const void *a, const void *b)
{
	const struct essence *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->lesson < y->lesson ? -1 : x->lesson > y->lesson;
}

static struct essence *
essences(const struct lessons *l)
{
	struct essence *v = arena_array(l->a, l->n, sizeof *v);
	struct arena *turn = arena_new();

	for (size_t i = 0; i < l->n; i++) {
		const struct train_sample *s = &l->v[i];
		uint64_t h = 0xcbf29ce484222325u;

		arena_reset(turn);
		h = fnv(h, fold(turn, s->text));
		h = fnv(h, fold(turn, s->subject));
		v[i] = (struct essence){
			fnv(h, str_of(context_name(s->context))), i,
		};
	}
	arena_free(&turn);
	qsort(v, l->n, sizeof *v, by_essence);
	return v;
}

void
lessons_contradictions(struct lessons *l)
{
	const struct essence *v = essences(l);

	for (size_t i = 1; i < l->n; i++) {
		size_t a = v[i - 1].lesson, b = v[i].lesson;

		if (v[i - 1].number == v[i].number &&
		    l->v[a].intent != l->v[b].intent)
			cli_warn(&l->warnings, "%s: the same text as at %s, "
			    "and there it is %s, here %s", l->place[b],
			    l->place[a], intent_name(l->v[a].intent),
			    intent_name(l->v[b].intent));
	}
}
