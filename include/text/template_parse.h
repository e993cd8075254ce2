#ifndef CD_TEXT_TEMPLATE_PARSE_H
#define CD_TEXT_TEMPLATE_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * One template file to a flat list of pieces. For template.c only; the rest of
 * the program sees text/template.h.
 */
enum template_kind {
	TEMPLATE_SUBJECT,	/* .subject; its partials are .txt */
	TEMPLATE_TEXT,		/* .txt */
	TEMPLATE_HTML		/* .html: {{var}} is escaped */
};
#define TEMPLATE_KINDS 3

enum node_kind {
	NODE_TEXT,
	NODE_ESCAPED,	/* a variable, for HTML */
	NODE_PLAIN,	/* a variable as it is */
	NODE_IF,	/* {{#x}}: to `end` if the variable is empty */
	NODE_UNLESS	/* {{^x}}: to `end` if it is not */
};

struct template_node {
	enum node_kind kind;
	uint32_t variable;	/* index into `known` */
	uint32_t end;		/* index of the node after the section */
	struct str text;
};

struct template_code {
	const struct template_node *nodes;
	size_t n;
};

/* The files read for a set of templates, each once: most partials stand in
 * every template. NULL: none yet. */
struct template_file {
	struct template_file *next;
	const char *path;
	struct str text;
};

struct template_source {
	struct arena *arena;	/* holds the nodes and the files' text */
	struct template_file **files;
	const char *dir, *lang;
	const char *const *known;
	size_t n_known;
	enum template_kind kind;
};

/* Reads dir/lang/name.kind and its partials. CD_MALFORMED with file and line;
 * CD_ABSENT: a file that is not there. */
enum cd_rc template_parse(const struct template_source *, const char *name,
    struct template_code *out, struct cd_err *err) CD_CHECK;

#endif
