/*
 * A page's text as lines: white space as browsers fold it, a blank line where
 * paragraphs part.
 */
#include "text/charset.h"
#include "text/html_page.h"

void
html_line_trim(struct page *pg)
{
	while (pg->out.n > 0 && (pg->out.p[pg->out.n - 1] == ' ' ||
	    pg->out.p[pg->out.n - 1] == '\t'))
		pg->out.n--;
}

/* What <br> does: ends the line, or leaves one empty. */
void
html_line_break(struct page *pg)
{
	html_line_trim(pg);
	pg->space = false;
	if (pg->line_start) {
		if (pg->out.n == 0 || pg->blank >= 2)
			return;
		pg->blank++;
	}
	buf_char(&pg->out, '\n');
	pg->line_start = true;
}

/* What the border of a block does: ends a line that has something on it. */
void
html_line_end(struct page *pg)
{
	pg->space = false;
	if (!pg->line_start && pg->out.n != pg->item_at)
		html_line_break(pg);
}

/* Ahead of the first text of a line. */
void
html_line_begin(struct page *pg)
{
	if (!pg->line_start)
		return;
	if (pg->gap && pg->out.n > 0 && pg->blank == 0)
		buf_char(&pg->out, '\n');
	pg->gap = false;
	pg->blank = 0;
	pg->line_start = false;
}

void
html_put_text(struct page *pg, struct str s, bool pre)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\n' && pre) {
			html_line_break(pg);
		} else if (c == ' ' || (c >= '\t' && c <= '\r')) {
			if (pre) {
				html_line_begin(pg);
				buf_char(&pg->out, ' ');
			} else {
				pg->space = true;
			}
		} else if (c == 0xc2 && i + 1 < s.n &&
		    (unsigned char)s.p[i + 1] == 0xa0) {
			/* A no-break space fills an empty paragraph: the line
			 * is begun, with nothing that can be seen. */
			html_line_begin(pg);
			buf_char(&pg->out, ' ');
			pg->space = false;
			i++;
		} else if (c == 0xc2 && i + 1 < s.n &&
		    ((unsigned char)s.p[i + 1] & 0xe0) == 0x80) {
			/* "&#146;" */
			char sign[5] = { 0 };

			(void)utf8_put(sign, charset_seen(
			    (unsigned char)s.p[i + 1]));
			html_put_text(pg, str_of(sign), pre);
			i++;
		} else if (c >= 0x20 && c != 0x7f) {
			if (pg->line_start)
				html_line_begin(pg);
			else if (pg->space && pg->out.n > 0 &&
			    pg->out.p[pg->out.n - 1] != ' ')
				buf_char(&pg->out, ' ');
			pg->space = false;
			size_t run = 1;

			while (i + run < s.n && (unsigned char)s.p[i + run] >
			    0x20 && (unsigned char)s.p[i + run] != 0xc2 &&
			    s.p[i + run] != 0x7f)
				run++;
			buf_add(&pg->out, s.p + i, run);
			i += run - 1;
		}
	}
}
