/*
 * Reading of conf/rules/: sections of "key = value" lines. A format of its own
 * and not INI by library, because a support lead must be able to write a
 * pattern over several lines with any sign in it, and be told the line of a
 * mistake.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/rule_file.h"

#define MAX_FILES	256

struct parser {
	struct arena *a;
	struct rule_files *out;
	struct cd_err *err;
	struct rule_place place;
	const char *words_language;	/* NULL: not in a [words] section */
	struct rule_source *rule;	/* NULL: not in a [rule] section */
	struct rule_source **rule_tail;
};

static enum cd_rc
wrong(struct parser *p, const char *what, struct str about)
{
	return cd_fail(p->err, CD_MALFORMED, "%s:%d: %s \"%.*s\"",
	    p->place.file, p->place.line, what, STR_FMT(about));
}

static enum cd_rc
twice(struct parser *p, const char *what, struct str about,
    const struct rule_place *first)
{
	return cd_fail(p->err, CD_MALFORMED, "%s:%d: %s \"%.*s\", at %s:%d",
	    p->place.file, p->place.line, what, STR_FMT(about), first->file,
	    first->line);
}

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_alnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '.')
			return false;
	}
	return s.n > 0 && ascii_alpha(s.p[0]);
}

bool
rule_next_name(struct str *rest, struct str *name)
{
	while (rest->n > 0) {
		char c = rest->p[0];
		ptrdiff_t end = str_find(*rest, STR("}"));

		if (c == '{' && rest->n > 1 && ascii_alpha(rest->p[1]) &&
		    end > 0) {
			*name = str_sub(*rest, 1, (size_t)end);
			*rest = str_sub(*rest, (size_t)end + 1, rest->n);
			return true;
		}
		*rest = str_sub(*rest, c == '\\' ? 2 : 1, rest->n);
	}
	return false;
}

bool
rule_next_word(struct str *rest, struct str *word)
{
	size_t n = 0;

	while (rest->n > 0 && (ascii_space(rest->p[0]) || rest->p[0] == ','))
		*rest = str_sub(*rest, 1, rest->n);
	while (n < rest->n && !ascii_space(rest->p[n]) && rest->p[n] != ',')
		n++;
	*word = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return n > 0;
}

static void
add_language(struct rule_files *f, const char *language)
{
	if (!*language)
		return;
	for (size_t i = 0; i < f->n_languages; i++) {
		if (strcmp(f->languages[i], language) == 0)
			return;
	}
	if (f->n_languages < sizeof f->languages / sizeof *f->languages)
		f->languages[f->n_languages++] = language;
}

static enum cd_rc
end_rule(struct parser *p)
{
	struct rule_source *r = p->rule;

	p->rule = NULL;
	if (!r)
		return CD_OK;
	p->place = r->place;
	if (r->n_match == 0)
		return wrong(p, "no match line in rule", str_of(r->id));
	if (r->n_effects == 0)
		return wrong(p, "no says line in rule", str_of(r->id));
	return CD_OK;
}

static enum cd_rc
section(struct parser *p, struct str line)
{
	struct str rest = str_sub(line, 1, line.n), kind, name;
	ptrdiff_t end = str_find(rest, STR("]"));
	struct rule_place place = p->place;
	enum cd_rc rc = end_rule(p);

	if (rc != CD_OK)
		return rc;
	p->place = place;
	if (end < 0)
		return wrong(p, "a section's name ends in ]:", line);
	rest = str_sub(rest, 0, (size_t)end);
	p->words_language = NULL;
	if (!rule_next_word(&rest, &kind))
		return wrong(p, "a section needs a name:", line);
	rule_next_word(&rest, &name);
	if (str_eq(kind, STR("words"))) {
		p->words_language = arena_str(p->a, name);
		add_language(p->out, p->words_language);
		return CD_OK;
	}
	if (!str_eq(kind, STR("rule")) || name.n == 0)
		return wrong(p, "sections are [words LANGUAGE] and [rule NAME],"
		    " not", line);
	if (!is_name(name) || str_trim(rest).n > 0)
		return wrong(p, "a rule's name is one word of letters, figures, "
		    "dots and _ that begins with a letter, not", line);
	for (const struct rule_source *r = p->out->rules; r; r = r->next) {
		if (str_eq(str_of(r->id), name))
			return twice(p, "there is a rule already named", name,
			    &r->place);
	}
	p->rule = arena_alloc(p->a, sizeof *p->rule);
	p->rule->id = arena_str(p->a, name);
	p->rule->languages = "";
	p->rule->zone[RULE_NEW] = true;
	p->rule->place = p->place;
	*p->rule_tail = p->rule;
	p->rule_tail = &p->rule->next;
	return CD_OK;
}

static enum cd_rc
words(struct parser *p, struct str key, struct str value)
{
	struct rule_words *w;

	if (!is_name(key))
		return wrong(p, "no name for words:", key);
	for (w = p->out->words; w; w = w->next) {
		if (str_eq(str_of(w->name), key) &&
		    strcmp(w->language, p->words_language) == 0) {
			(void)!twice(p, "words given twice:", key, &w->place);
			return cd_fail(p->err, CD_MALFORMED, "%s, both in "
			    "[words%s%s]", arena_strdup(p->a, p->err->text),
			    *w->language ? " " : "", w->language);
		}
	}
	w = arena_alloc(p->a, sizeof *w);
	w->language = p->words_language;
	w->name = arena_str(p->a, key);
	w->words = arena_str(p->a, value);
	w->place = p->place;
	w->next = p->out->words;
	p->out->words = w;
	return CD_OK;
}

static enum cd_rc
no_zone(struct parser *p, struct str word)
{
	struct buf names = buf_new(p->a, CD_MAX_ERR);

	for (size_t z = 0; z < RULE_ZONE_COUNT; z++) {
		buf_puts(&names, z > 0 ? ", " : "");
		buf_puts(&names, rule_zone_name((enum rule_zone)z));
	}
	return wrong(p, arena_printf(p->a, "no zone of that name (there are "
	    "%s):", buf_str(&names).p), word);
}

static enum cd_rc
zones(struct parser *p, struct str value)
{
	struct str word, rest = value;

	memset(p->rule->zone, 0, sizeof p->rule->zone);
	while (rule_next_word(&rest, &word)) {
		bool known = false;

		for (size_t z = 0; z < RULE_ZONE_COUNT; z++) {
			if (str_eq(word,
			    str_of(rule_zone_name((enum rule_zone)z))))
				known = p->rule->zone[z] = true;
		}
		if (!known)
			return no_zone(p, word);
	}
	return CD_OK;
}

static enum cd_rc
says_weight(struct parser *p, struct str word)
{
	struct rule_source *r = p->rule;
	struct str digits = str_sub(word, word.p[0] == '+', word.n);
	int64_t weight;

	if (r->n_effects == 0 || !str_to_i64(digits, -9, 9, &weight))
		return wrong(p, "a weight is -9 .. +9 behind a name, not",
		    word);
	if (weight == 0)
		return wrong(p, "it speaks neither for nor against:", word);
	r->effect[r->n_effects - 1].weight = (double)weight;
	return CD_OK;
}

static enum cd_rc
says_name(struct parser *p, struct str word)
{
	struct rule_source *r = p->rule;
	int64_t number;

	if (str_to_i64(word, 0, INT64_MAX, &number))
		return wrong(p, arena_printf(p->a, "a weight has a sign, write "
		    "+%.*s, not", STR_FMT(word)), word);
	if (!is_name(word))
		return wrong(p, "no name of an intent or fact:", word);
	for (size_t i = 0; i < r->n_effects; i++) {
		if (str_eq(str_of(r->effect[i].what), word))
			return twice(p, "one weight for each, not two for",
			    word, &r->effect[i].place);
	}
	if (r->n_effects == CD_MAX_EFFECTS)
		return wrong(p, "too many effects at", word);
	r->effect[r->n_effects++] = (struct rule_effect){
		arena_str(p->a, word), 1, p->place
	};
	return CD_OK;
}

/* "blocked +3, role.admin, want_link -1" */
static enum cd_rc
says(struct parser *p, struct str value)
{
	struct str word, rest = value;
	bool weighed = false;
	enum cd_rc rc = CD_OK;

	while (rc == CD_OK && rule_next_word(&rest, &word)) {
		bool is_weight = word.p[0] == '+' || word.p[0] == '-';

		if (is_weight && weighed)
			return wrong(p, "a second weight behind one name:",
			    word);
		rc = is_weight ? says_weight(p, word) : says_name(p, word);
		weighed = is_weight;
	}
	return rc;
}

static enum cd_rc
borders(struct parser *p, struct str value)
{
	if (str_eq(value, STR("words")))
		p->rule->border = BORDER_WORDS;
	else if (str_eq(value, STR("none")))
		p->rule->border = BORDER_NONE;
	else if (str_eq(value, STR("whole")))
		p->rule->border = BORDER_WHOLE;
	else
		return wrong(p, "border is words, none or whole, not", value);
	return CD_OK;
}

static enum cd_rc
rule_key(struct parser *p, struct str key, struct str value)
{
	struct rule_source *r = p->rule;

	if (str_eq(key, STR("zone")))
		return zones(p, value);
	if (str_eq(key, STR("says")))
		return says(p, value);
	if (str_eq(key, STR("border")))
		return borders(p, value);
	if (str_eq(key, STR("lang"))) {
		r->languages = arena_str(p->a, value);
		return CD_OK;
	}
	if (str_eq(key, STR("not")) && r->unless) {
		r->unless = arena_printf(p->a, "%s | %.*s", r->unless,
		    STR_FMT(value));
		return CD_OK;
	}
	if (str_eq(key, STR("not"))) {
		r->unless = arena_str(p->a, value);
		r->unless_place = p->place;
		return CD_OK;
	}
	if (!str_eq(key, STR("match")))
		return wrong(p, "a rule has zone, lang, border, match, not, "
		    "says; no", key);
	if (r->n_match == CD_MAX_MATCHES)
		return wrong(p, "too many match lines in", str_of(r->id));
	r->match[r->n_match] = arena_str(p->a, value);
	r->match_place[r->n_match++] = p->place;
	return CD_OK;
}

static enum cd_rc
entry(struct parser *p, struct str line)
{
	ptrdiff_t eq = str_find(line, STR("="));
	struct str key, value;

	if (eq < 0)
		return wrong(p, "neither a section nor \"key = value\":", line);
	key = str_trim(str_sub(line, 0, (size_t)eq));
	value = str_trim(str_sub(line, (size_t)eq + 1, line.n));
	if (value.n == 0)
		return wrong(p, "nothing behind the =:", line);
	if (str_find(value, STR(" #")) >= 0 || str_find(value, STR("\t#")) >= 0)
		return wrong(p, "a comment has a line of its own, that begins "
		    "with #; the sign itself is written \\#:", value);
	if (p->words_language)
		return words(p, key, value);
	if (p->rule)
		return rule_key(p, key, value);
	return wrong(p, "it stands before any [section]:", line);
}

static enum cd_rc
statement(struct parser *p, struct str line)
{
	if (line.n == 0)
		return CD_OK;
	return line.p[0] == '[' ? section(p, line) : entry(p, line);
}

/* Does a line that goes on with another look like one of its own? */
static bool
is_indented(struct str line)
{
	ptrdiff_t eq = str_find(line, STR("="));

	return str_starts(line, STR("[rule ")) ||
	    str_starts(line, STR("[words")) ||
	    (eq > 0 && is_name(str_trim(str_sub(line, 0, (size_t)eq))));
}

static enum cd_rc
too_long(struct parser *p, struct str begin)
{
	size_t n = 0;
	uint32_t cp;

	while (n < begin.n && n < 40)
		n += utf8_next(str_sub(begin, n, begin.n), &cp);
	return wrong(p, arena_printf(p->a, "longer than %d bytes, with the "
	    "lines that go on with it:", CD_MAX_PATTERN),
	    str_sub(begin, 0, n));
}

/* Lines that begin with a blank go on with the one before. */
static enum cd_rc
parse(struct parser *p, struct str text)
{
	struct buf whole = buf_new(p->a, CD_MAX_PATTERN);
	struct str line, begin = { NULL, 0 };
	int at = 0, begun = 1;

	for (;;) {
		bool more = str_line(&text, &line);
		enum cd_rc rc;

		at++;
		if (more && line.n > 0 && line.p[0] == '#')
			continue;
		if (more && line.n > 0 && ascii_space(line.p[0]) &&
		    str_trim(line).n > 0) {
			line = str_trim(line);
			p->place.line = at;
			if (str_trim(buf_str(&whole)).n > 0 &&
			    is_indented(line))
				return wrong(p, "a line that begins with a "
				    "blank goes on with the one above: take "
				    "the blank away before", line);
			buf_char(&whole, ' ');
			buf_adds(&whole, line);
			continue;
		}
		p->place.line = begun;
		if (whole.full)
			return too_long(p, begin);
		rc = statement(p, str_trim(buf_str(&whole)));
		if (rc != CD_OK || !more)
			return rc;
		whole = buf_new(p->a, CD_MAX_PATTERN);
		buf_adds(&whole, line);
		begin = line;
		begun = at;
	}
}

/* Words and patterns go on as strings: a NUL would end them. */
static enum cd_rc
look_at_bytes(const char *path, struct str text, struct cd_err *err)
{
	struct str line;

	for (int at = 1; str_line(&text, &line); at++) {
		const char *bad = !utf8_valid(line) ? "not UTF-8" :
		    memchr(line.p, '\0', line.n) ? "a byte of value 0" : NULL;

		if (bad)
			return cd_fail(err, CD_MALFORMED, "%s:%d: %s; save the "
			    "file as UTF-8", path, at, bad);
	}
	return CD_OK;
}

static enum cd_rc
read_file(struct arena *a, const char *path, struct str *out,
    struct cd_err *err)
{
	FILE *f = fopen(path, "rbe");
	char bytes[4096];
	struct buf all = buf_new(a, CD_MAX_RULE_FILE);
	size_t n;
	int bad;

	if (!f)
		return cd_fail(err, CD_MALFORMED, "%s: %s", path,
		    strerror(errno));
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_add(&all, bytes, n);
	bad = ferror(f) ? errno : 0;
	fclose(f);
	if (bad)
		return cd_fail(err, CD_MALFORMED, "%s: %s", path,
		    strerror(bad));
	if (all.full)
		return cd_fail(err, CD_MALFORMED, "%s: too long", path);
	*out = buf_str(&all);
	/* Windows begins a text with a byte order mark. */
	if (str_starts(*out, STR("\xef\xbb\xbf")))
		*out = str_sub(*out, 3, out->n);
	return look_at_bytes(path, *out, err);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What stands beside rules in their folder on purpose: what the package puts
 * there, and copies that editors and packages leave. */
static bool
is_beside(const struct dirent *e)
{
	static const char *const ends[] = { "~", "#", ".swp", ".bak", ".orig" };
	struct str name = str_of(e->d_name);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (str_iends(name, str_of(ends[i])))
			return true;
	}
	return e->d_type == DT_DIR || str_eq(name, STR("codes")) ||
	    str_starts(name, STR("README")) || str_find(name, STR(".dpkg-")) >= 0;
}

static bool
holds_rules(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)))
		found = e->d_name[0] != '.' &&
		    str_iends(str_of(e->d_name), STR(".rules"));
	if (d)
		closedir(d);
	return found;
}

static void
pass_over(struct arena *a, struct rule_files *f, const char *dir,
    const struct dirent *e)
{
	bool folder = holds_rules(arena_printf(a, "%s/%s", dir, e->d_name));

	if ((folder || !is_beside(e)) && f->n_passed_over < CD_MAX_PASSED_OVER)
		f->passed_over[f->n_passed_over++] = arena_printf(a, "%s%s",
		    e->d_name, folder ? "/" : "");
}

static enum cd_rc
list_files(struct arena *a, const char *dir, const char **names, size_t *n_out,
    struct rule_files *out, struct cd_err *err)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	enum cd_rc rc = CD_OK;
	size_t n = 0;

	if (!d)
		return cd_fail(err, CD_ABSENT, "no folder of rules %s: %s", dir,
		    strerror(errno));
	while (rc == CD_OK && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		if (!str_iends(str_of(e->d_name), STR(".rules")))
			pass_over(a, out, dir, e);
		else if (n == MAX_FILES)
			rc = cd_fail(err, CD_MALFORMED, "%s: more than %d "
			    ".rules files: put some together", dir, MAX_FILES);
		else
			names[n++] = arena_strdup(a, e->d_name);
	}
	closedir(d);
	if (rc != CD_OK)
		return rc;
	if (n > 1)
		qsort(names, n, sizeof *names, by_name);
	if (out->n_passed_over > 1)
		qsort(out->passed_over, out->n_passed_over,
		    sizeof *out->passed_over, by_name);
	*n_out = n;
	return CD_OK;
}

enum cd_rc
rule_files_read(struct arena *a, const char *dir, struct rule_files *out,
    struct cd_err *err)
{
	const char *names[MAX_FILES];
	struct parser p = { .a = a, .out = out, .err = err };
	struct arena *turn = arena_new();
	enum cd_rc rc;
	size_t n = 0;

	*out = (struct rule_files){ .words = NULL };
	p.rule_tail = &out->rules;
	rc = list_files(a, dir, names, &n, out, err);
	for (size_t i = 0; i < n && rc == CD_OK; i++) {
		struct str text = { NULL, 0 };

		arena_reset(turn);
		rc = read_file(turn, arena_printf(turn, "%s/%s", dir, names[i]),
		    &text, err);
		if (rc != CD_OK)
			break;
		p.place.file = names[i];
		p.words_language = NULL;
		rc = parse(&p, text);
		if (rc == CD_OK)
			rc = end_rule(&p);
	}
	arena_free(&turn);
	return rc;
}
