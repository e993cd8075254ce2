#ifndef CD_BASE_ARENA_H
#define CD_BASE_ARENA_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Memory that lives as long as one mail or one request. Everything parsed from
 * it points into it; it is emptied at once by arena_reset. Running out of
 * memory ends the process (inputs are capped first, state is in SQLite).
 *
 * Built with CD_DEBUG_ARENA each piece is a malloc of its own, so that ASan
 * sees the border of each.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena **);	/* accepts NULL and a NULL pointee */
void arena_reset(struct arena *);	/* keeps some memory for the next turn */
size_t arena_used(const struct arena *);

/* n bytes, zeroed, aligned for any type. n = 0 gives a valid pointer. */
void *arena_alloc(struct arena *, size_t n);
/* n elements, zeroed; overflow of n * size ends the process. */
void *arena_array(struct arena *, size_t n, size_t size);

/* n bytes with anything in them: for what is written before it is read. */
void *arena_room(struct arena *, size_t n);

/* A piece of arena_room made longer, where it lies if nothing came after it. */
void *arena_grow(struct arena *, void *piece, size_t from, size_t to);

char *arena_strdup(struct arena *, const char *);	/* NULL gives NULL */
char *arena_strndup(struct arena *, const char *, size_t n);
char *arena_str(struct arena *, struct str);		/* terminated copy */
struct str arena_copy(struct arena *, struct str);	/* terminated beyond n */
char *arena_printf(struct arena *, const char *fmt, ...) CD_PRINTF(2, 3);

/* ASCII lower-case copy. */
char *arena_lower(struct arena *, struct str);

#endif
