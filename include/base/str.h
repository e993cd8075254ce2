#ifndef CD_BASE_STR_H
#define CD_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A slice of somebody else's bytes; not terminated. {NULL, 0} is empty.
 * A plain `const char *` in this program is always terminated.
 */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_FMT(s) (int)((s).n > 4096 ? 4096 : (s).n), (s).p ? (s).p : ""

struct str str_of(const char *);		/* NULL gives empty */
bool str_eq(struct str, struct str);
bool str_ieq(struct str, struct str);		/* ASCII case only */
bool str_starts(struct str, struct str prefix);
bool str_istarts(struct str, struct str prefix);
bool str_iends(struct str, struct str suffix);
struct str str_trim(struct str);		/* ASCII white space */
struct str str_sub(struct str, size_t from, size_t to); /* clamped */
ptrdiff_t str_find(struct str in, struct str what);	/* -1: not there */
ptrdiff_t str_ifind(struct str in, struct str what);	/* ASCII case */
bool str_has_control(struct str);		/* a byte < 0x20 or 0x7f */

/* Cut the next line off *rest, without its "\n" or "\r\n". false: no more. */
bool str_line(struct str *rest, struct str *line_out);

/* ASCII, whatever the locale says. */
char ascii_lower(char);
bool ascii_alpha(char);
bool ascii_digit(char);
bool ascii_alnum(char);
bool ascii_space(char);				/* space \t \r \n \v \f */

/* Whole of s as a decimal number between min and max; false if it is not. */
bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out);

/* Is it a GUID in the 8-4-4-4-12 form? */
bool str_is_guid(struct str);

/* Decode one code point at s.p; returns its length in bytes, 0 at the end.
 * A malformed byte gives U+FFFD and length 1. */
size_t utf8_next(struct str s, uint32_t *cp_out);
bool utf8_valid(struct str);

#endif
