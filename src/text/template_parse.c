/*
 * The reader of template files; template.h has the language.
 *
 * Partials are opened in place while reading, by recursion of at most
 * CD_MAX_TEMPLATE_DEPTH files, and the number of pieces is bounded, so that
 * partials that open each other twice and again end in an error and not in a
 * full memory. A section begins and ends in the same file.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "text/template_parse.h"

struct parser {
	const struct template_source *source;
	struct arena *scratch;	/* while one template is read */
	struct template_node *nodes;
	size_t n;
	const char *open_files[CD_MAX_TEMPLATE_DEPTH];
	size_t depth;
	struct cd_err *err;
};

struct open_section {
	struct str name;
	size_t node, line;
};

/* One file while it is read. */
struct file {
	struct parser *parser;
	const char *path;
	struct str text;
	size_t at, line;	/* where we are; lines count from 1 */
	struct open_section open[CD_MAX_TEMPLATE_DEPTH];
	size_t n_open;
};

struct tag {
	char sigil;		/* 0, '{', '#', '^', '/', '>' or '!' */
	struct str name;
	size_t start, end;	/* of the tag in the file, braces included */
	size_t line;
	bool standalone;
};

static enum cd_rc parse_file(struct parser *, const char *path,
    bool within_line);

/* ---- files -------------------------------------------------------------- */

static enum cd_rc
read_stream(struct arena *a, FILE *f, const char *path, struct str *out,
    struct cd_err *err)
{
	long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
	char *bytes;

	if (size > CD_MAX_TEMPLATE)
		return cd_fail(err, CD_MALFORMED, "%s: more than %d bytes",
		    path, CD_MAX_TEMPLATE);
	if (size < 0 || fseek(f, 0, SEEK_SET) != 0)
		return cd_fail(err, CD_BROKEN, "%s: is no ordinary file", path);
	bytes = arena_alloc(a, (size_t)size + 1);
	*out = (struct str){ bytes, fread(bytes, 1, (size_t)size, f) };
	if (ferror(f))
		return cd_fail(err, CD_BROKEN, "%s: cannot be read", path);
	/* Windows begins a text with a byte order mark. */
	if (str_starts(*out, STR("\xef\xbb\xbf")))
		*out = str_sub(*out, 3, out->n);
	if (memchr(out->p, '\0', out->n) || !utf8_valid(*out))
		return cd_fail(err, CD_MALFORMED, "%s: is no UTF-8 text",
		    path);
	return CD_OK;
}

static enum cd_rc
read_file(struct arena *a, const char *path, struct str *out,
    struct cd_err *err)
{
	FILE *f = fopen(path, "rbe");
	struct str text;
	enum cd_rc rc;

	if (!f)
		return cd_fail(err, CD_ABSENT, "%s: %s", path,
		    strerror(errno));
	rc = read_stream(a, f, path, &text, err);
	fclose(f);
	if (rc == CD_OK)
		*out = text;
	return rc;
}

static const struct template_file *
known_file(const struct template_source *source, const char *path)
{
	const struct template_file *file = *source->files;

	while (file && strcmp(file->path, path) != 0)
		file = file->next;
	return file;
}

static bool
is_there(const struct template_source *source, const char *path)
{
	return known_file(source, path) || access(path, F_OK) == 0;
}

static enum cd_rc
file_text(const struct template_source *source, const char *path,
    struct str *out, struct cd_err *err)
{
	const struct template_file *known = known_file(source, path);
	struct template_file *file;
	enum cd_rc rc;

	if (known) {
		*out = known->text;
		return CD_OK;
	}
	rc = read_file(source->arena, path, out, err);
	if (rc != CD_OK)
		return rc;
	file = arena_alloc(source->arena, sizeof *file);
	*file = (struct template_file){ *source->files,
		arena_strdup(source->arena, path), *out };
	*source->files = file;
	return CD_OK;
}

/* ---- tags --------------------------------------------------------------- */

static enum cd_rc
fail_at(const struct file *f, size_t line, const char *what, struct str name)
{
	return cd_fail(f->parser->err, CD_MALFORMED, "%s:%zu: %s%s%.*s%s",
	    f->path, line, what, name.n > 0 ? " \"" : "", (int)name.n,
	    name.n > 0 ? name.p : "", name.n > 0 ? "\"" : "");
}

/* Is there nothing but blanks before and behind on its line? Then *start and
 * *end are moved to the borders of the line. */
static bool
whole_line(struct str text, size_t *start, size_t *end)
{
	size_t from = *start, to = *end;

	while (from > 0 && (text.p[from - 1] == ' ' ||
	    text.p[from - 1] == '\t'))
		from--;
	if (from > 0 && text.p[from - 1] != '\n')
		return false;
	while (to < text.n && (text.p[to] == ' ' || text.p[to] == '\t' ||
	    text.p[to] == '\r'))
		to++;
	if (to < text.n && text.p[to] != '\n')
		return false;
	*start = from;
	*end = to < text.n ? to + 1 : to;
	return true;
}

/* The next tag from f->at on; CD_ABSENT: none left. */
static enum cd_rc
next_tag(struct file *f, struct tag *out)
{
	struct str rest = str_sub(f->text, f->at, f->text.n), inside;
	ptrdiff_t open = str_find(rest, STR("{{")), close;
	struct tag tag = { .sigil = 0 };
	bool triple;

	if (open < 0)
		return CD_ABSENT;
	tag.start = f->at + (size_t)open;
	tag.line = f->line + str_count(str_sub(rest, 0, (size_t)open), '\n');
	rest = str_sub(rest, (size_t)open + 2, rest.n);
	triple = str_starts(rest, STR("{"));
	close = str_find(rest, triple ? STR("}}}") : STR("}}"));
	if (close < 0)
		return fail_at(f, tag.line, "a tag that is not closed",
		    (struct str){ NULL, 0 });
	inside = str_trim(str_sub(rest, 0, (size_t)close));
	tag.end = tag.start + 2 + (size_t)close + (triple ? 3 : 2);
	if (inside.n > 0 && strchr("{#^/>!", inside.p[0])) {
		tag.sigil = inside.p[0];
		inside = str_trim(str_sub(inside, 1, inside.n));
	}
	tag.name = inside;
	if (tag.sigil != 0 && tag.sigil != '{')
		tag.standalone = whole_line(f->text, &tag.start, &tag.end);
	*out = tag;
	return CD_OK;
}

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_alnum(s.p[i]) && s.p[i] != '_')
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

/* ---- pieces ------------------------------------------------------------- */

static struct template_node *
add_node(struct parser *p, enum node_kind kind)
{
	struct template_node *node;

	if (p->n == CD_MAX_TEMPLATE_NODES)
		return NULL;
	node = &p->nodes[p->n++];
	node->kind = kind;
	return node;
}

static enum cd_rc
fail_full(const struct file *f, size_t line)
{
	return fail_at(f, line, "too many pieces: make the template shorter",
	    (struct str){ NULL, 0 });
}

static enum cd_rc
add_text(struct file *f, size_t from, size_t to)
{
	struct template_node *node;

	if (from >= to)
		return CD_OK;
	node = add_node(f->parser, NODE_TEXT);
	if (!node)
		return fail_full(f, f->line);
	node->text = str_sub(f->text, from, to);
	return CD_OK;
}

static enum cd_rc
add_variable(struct file *f, const struct tag *tag, enum node_kind kind)
{
	const struct template_source *source = f->parser->source;
	struct template_node *node;

	for (size_t i = 0; i < source->n_known; i++) {
		if (!str_eq(tag->name, str_of(source->known[i])))
			continue;
		node = add_node(f->parser, kind);
		if (!node)
			return fail_full(f, tag->line);
		node->variable = (uint32_t)i;
		return CD_OK;
	}
	return fail_at(f, tag->line, "no such variable:", tag->name);
}

static enum cd_rc
open_section(struct file *f, const struct tag *tag)
{
	enum cd_rc rc;

	if (f->n_open == CD_MAX_TEMPLATE_DEPTH)
		return fail_at(f, tag->line, "too many sections within "
		    "sections:", tag->name);
	rc = add_variable(f, tag, tag->sigil == '#' ? NODE_IF : NODE_UNLESS);
	if (rc != CD_OK)
		return rc;
	f->open[f->n_open++] = (struct open_section){ .name = tag->name,
		.node = f->parser->n - 1, .line = tag->line };
	return CD_OK;
}

static enum cd_rc
close_section(struct file *f, const struct tag *tag)
{
	const struct open_section *open;

	if (f->n_open == 0)
		return fail_at(f, tag->line, "closes what is not open:",
		    tag->name);
	open = &f->open[--f->n_open];
	if (!str_eq(open->name, tag->name))
		return fail_at(f, tag->line, "closes another section than the "
		    "one that is open:", tag->name);
	f->parser->nodes[open->node].end =
	    (uint32_t)f->parser->n;
	return CD_OK;
}

static enum cd_rc
open_partial(struct file *f, const struct tag *tag)
{
	struct parser *p = f->parser;
	const struct template_source *source = p->source;
	const char *ext = source->kind == TEMPLATE_HTML ? "html" : "txt";
	const char *path;

	path = arena_printf(p->scratch, "%s/%s/_%.*s.%s", source->dir,
	    source->lang, (int)tag->name.n, tag->name.p, ext);
	if (!is_there(source, path))
		path = arena_printf(p->scratch, "%s/_%.*s.%s", source->dir,
		    (int)tag->name.n, tag->name.p, ext);
	if (!is_there(source, path))
		return fail_at(f, tag->line, arena_printf(p->scratch, "%s "
		    "has no such partial:", source->lang), tag->name);
	for (size_t i = 0; i < p->depth; i++) {
		if (strcmp(p->open_files[i], path) == 0)
			return fail_at(f, tag->line, "a partial that opens "
			    "itself:", tag->name);
	}
	if (p->depth == CD_MAX_TEMPLATE_DEPTH)
		return fail_at(f, tag->line, "too many partials within "
		    "partials:", tag->name);
	return parse_file(p, path, !tag->standalone);
}

static enum cd_rc
take_tag(struct file *f, const struct tag *tag)
{
	bool html = f->parser->source->kind == TEMPLATE_HTML;

	if (tag->sigil == '!')
		return CD_OK;
	if (!is_name(tag->name))
		return fail_at(f, tag->line, "not a tag that is understood:",
		    str_sub(tag->name, 0, 64));
	switch (tag->sigil) {
	case '#':
	case '^':
		return open_section(f, tag);
	case '/':
		return close_section(f, tag);
	case '>':
		return open_partial(f, tag);
	case '{':
		return add_variable(f, tag, NODE_PLAIN);
	default:
		return add_variable(f, tag, html ? NODE_ESCAPED : NODE_PLAIN);
	}
}

static enum cd_rc
parse_text(struct file *f)
{
	struct tag tag;
	enum cd_rc rc;

	while ((rc = next_tag(f, &tag)) == CD_OK) {
		rc = add_text(f, f->at, tag.start);
		if (rc == CD_OK)
			rc = take_tag(f, &tag);
		if (rc != CD_OK)
			return rc;
		f->line += str_count(str_sub(f->text, f->at, tag.end),
		    '\n');
		f->at = tag.end;
	}
	if (rc != CD_ABSENT)
		return rc;
	if (f->n_open > 0)
		return fail_at(f, f->open[f->n_open - 1].line,
		    "a section that is not closed:",
		    f->open[f->n_open - 1].name);
	return add_text(f, f->at, f->text.n);
}

static enum cd_rc
parse_file(struct parser *p, const char *path, bool within_line)
{
	struct file f = { .parser = p, .path = path, .line = 1 };
	enum cd_rc rc;

	rc = file_text(p->source, path, &f.text, p->err);
	if (rc != CD_OK)
		return rc;
	if (within_line)
		f.text = str_trim(f.text);
	p->open_files[p->depth++] = path;
	rc = parse_text(&f);
	p->depth--;
	return rc;
}

/* ---- a subject's one line ----------------------------------------------- */

struct line_end {
	const char *at;		/* a line end with words before it, or NULL */
	bool words;		/* stand there already */
};

/* plain: what came before, sections with it; beside: without them. Says where
 * words stand that come behind a line end. */
static const char *
second_in_text(struct str text, struct line_end *plain,
    struct line_end *beside)
{
	for (size_t i = 0; i < text.n; i++) {
		const char *c = text.p + i;

		if (!ascii_space(*c) && plain->at)
			return c;
		if (!ascii_space(*c))
			plain->words = beside->words = true;
		if (*c == '\n' && plain->words)
			plain->at = c;
		if (*c == '\n' && beside->words)
			beside->at = c;
	}
	return NULL;
}

/* The same of nodes [from, to). A section's line counts for the text behind it,
 * but for no other section: of {{#a}} and {{^a}} one is left out, and of several
 * often all but one. */
static const char *
second_line(const struct template_node *nodes, size_t from, size_t to,
    struct line_end *before)
{
	struct line_end plain = *before, beside = *before;
	const char *found = NULL;

	for (size_t i = from; i < to && !found; i++) {
		const struct template_node *node = &nodes[i];
		struct line_end within = beside;

		if (node->kind == NODE_TEXT) {
			found = second_in_text(node->text, &plain, &beside);
		} else if (node->kind == NODE_ESCAPED ||
		    node->kind == NODE_PLAIN) {
			found = plain.at ? plain.at + 1 : NULL;
			plain.words = beside.words = true;
		} else {
			found = second_line(nodes, i + 1, node->end, &within);
			plain.at = within.at ? within.at : plain.at;
			plain.words |= within.words;
			i = node->end - 1;
		}
	}
	*before = plain;
	return found;
}

static enum cd_rc
one_line_only(const struct parser *p)
{
	struct line_end end = { NULL, false };
	const char *at = second_line(p->nodes, 0, p->n, &end);
	const struct template_file *f = *p->source->files;

	if (!at)
		return CD_OK;
	while (at < f->text.p || at > f->text.p + f->text.n)
		f = f->next;
	return cd_fail(p->err, CD_MALFORMED, "%s:%zu: a subject is one line, "
	    "and this is a second", f->path, 1 + str_count((struct str){
	    f->text.p, (size_t)(at - f->text.p) }, '\n'));
}

enum cd_rc
template_parse(const struct template_source *source, const char *name,
    struct template_code *out, struct cd_err *err)
{
	static const char *const ext[TEMPLATE_KINDS] = {
		"subject", "txt", "html"
	};
	struct arena *scratch = arena_new();
	struct parser p = { .source = source, .scratch = scratch,
		.err = err };
	struct template_node *nodes;
	enum cd_rc rc;

	p.nodes = arena_array(scratch, CD_MAX_TEMPLATE_NODES,
	    sizeof *p.nodes);
	rc = parse_file(&p, arena_printf(scratch, "%s/%s/%s.%s", source->dir,
	    source->lang, name, ext[source->kind]), false);
	if (rc == CD_OK && source->kind == TEMPLATE_SUBJECT)
		rc = one_line_only(&p);
	if (rc == CD_OK) {
		nodes = arena_array(source->arena, p.n, sizeof *nodes);
		memcpy(nodes, p.nodes, p.n * sizeof *nodes);
		*out = (struct template_code){ .nodes = nodes, .n = p.n };
	}
	arena_free(&scratch);
	return rc;
}
