#ifndef CD_TEXT_HTML_PAGE_H
#define CD_TEXT_HTML_PAGE_H

#include "base/buf.h"
#include "text/html.h"
#include "text/html_marks.h"
#include "text/html_style.h"

/*
 * A page while it is read: html.c's own, with html_lines.c, which writes its text.
 */
#define NOWHERE		SIZE_MAX

struct frame {
	char name[16];		/* longer names are cut: never ours */
	struct html_mark mark;
	size_t from;		/* text before it */
	const char *href;
	size_t marks_before;	/* spans known when it opened */
	int items;		/* li counted so far, or -1: not numbered */
	uint32_t color, background, fill;
	bool hidden, doubtful, unseen, pre, margin, struck;
	bool font_zero, font_handed; /* of an element around it */
};

struct page {
	struct arena *a;
	struct _xmlParserCtxt *parser;	/* libxml2's */
	struct buf out;
	struct frame *stack;
	size_t depth;
	struct span *spans;
	size_t n_spans, cap_spans;
	bool attribution[CD_MAX_SPANS];	/* the span is one */
	struct span *struck;
	size_t n_struck, cap_struck;
	size_t struck_from;	/* of what is struck out, or NOWHERE */
	struct html_budget *left;
	struct html_pictures *pictures;
	uint32_t background;	/* where no element says one */
	struct html_sheet sheet;
	size_t rest_from;	/* all from here is quoted, or NOWHERE */
	size_t hr_at;		/* the last line drawn, or NOWHERE */
	size_t item_at;		/* right after a list item's mark */
	unsigned blank;		/* empty lines at the end */
	bool line_start, gap, space, too_deep, tight;
	bool unseen;		/* there is text in the color of what is below */
	bool signature_next;	/* the next block is the signature */
	bool quoting;		/* a blockquote was there */
};

/* Takes the blanks at the end away. */
void html_line_trim(struct page *);
/* What <br> does. */
void html_line_break(struct page *);
/* Nothing, where a line has just begun. */
void html_line_end(struct page *);
void html_line_begin(struct page *);
/* pre: white space stays as it is. */
void html_put_text(struct page *, struct str, bool pre);

#endif
