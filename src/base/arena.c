/*
 * Blocks that double up to 256 KiB; a reset keeps the largest one, so that a role
 * in its steady state asks malloc for nothing.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BLOCK_MIN	((size_t)2 * 1024)
#define BLOCK_MAX	((size_t)256 * 1024)
/* A block above this is given back at reset: one huge mail must not stay. */
#define BLOCK_KEEP	((size_t)2 * 1024 * 1024)

struct block {
	struct block *next;
	size_t cap, used;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks;
	size_t next_size, used;
};

static _Noreturn void
out_of_memory(void)
{
	fputs("out_of_memory\n", stderr);
	abort();
}

struct arena *
arena_new(void)
{
	struct arena *a = calloc(1, sizeof *a);

	if (!a)
		out_of_memory();
	a->next_size = BLOCK_MIN;
	return a;
}

static void
blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void
arena_free(struct arena **a)
{
	if (!a || !*a)
		return;
	blocks_free((*a)->blocks);
	free(*a);
	*a = NULL;
}

void
arena_reset(struct arena *a)
{
	struct block *keep = NULL;

#ifndef CD_DEBUG_ARENA
	for (struct block **b = &a->blocks; *b; b = &(*b)->next) {
		if ((*b)->cap <= BLOCK_KEEP && (!keep || (*b)->cap > keep->cap))
			keep = *b;
	}
	for (struct block **b = &a->blocks; *b; b = &(*b)->next) {
		if (*b == keep) {
			*b = keep->next;
			break;
		}
	}
#endif
	blocks_free(a->blocks);
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
	}
	a->blocks = keep;
	a->used = 0;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}

static struct block *
block_new(struct arena *a, size_t cap)
{
	struct block *b = malloc(sizeof *b + cap);

	if (!b)
		out_of_memory();
	b->cap = cap;
	b->used = 0;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

/* Pieces are aligned for any type. */
static size_t
round_up(size_t n)
{
	const size_t align = _Alignof(max_align_t);

	if (n > SIZE_MAX / 4)
		out_of_memory();
	return (n + align - 1) & ~(align - 1);
}

void *
arena_room(struct arena *a, size_t n)
{
	struct block *b = a->blocks;
	size_t rounded = round_up(n);

	a->used += rounded;
#ifdef CD_DEBUG_ARENA
	b = block_new(a, n);
	b->used = n;
	return b->bytes;
#endif
	if (!b || b->cap - b->used < rounded) {
		size_t cap = a->next_size;

		if (cap < rounded)
			cap = rounded;
		if (a->next_size < BLOCK_MAX)
			a->next_size *= 2;
		b = block_new(a, cap);
	}
	b->used += rounded;
	return b->bytes + b->used - rounded;
}

void *
arena_grow(struct arena *a, void *piece, size_t from, size_t to)
{
	void *moved;

	cd_assert(to >= from);
#ifndef CD_DEBUG_ARENA
	struct block *b = a->blocks;
	size_t had = round_up(from), more = round_up(to) - had;

	if (piece && (unsigned char *)piece + had == b->bytes + b->used &&
	    b->cap - b->used >= more) {
		b->used += more;
		a->used += more;
		return piece;
	}
#endif
	moved = arena_room(a, to);
	if (from > 0)
		memcpy(moved, piece, from);
	return moved;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_room(a, n), 0, n);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory();
	return arena_alloc(a, bytes);
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_room(a, n + 1);

	if (n > 0)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *
arena_str(struct arena *a, struct str s)
{
	return arena_strndup(a, s.p, s.n);
}

struct str
arena_copy(struct arena *a, struct str s)
{
	return (struct str){ arena_strndup(a, s.p, s.n), s.n };
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *s;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	cd_assert(n >= 0);
	s = arena_room(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

char *
arena_lower(struct arena *a, struct str s)
{
	char *copy = arena_str(a, s);

	for (size_t i = 0; i < s.n; i++)
		copy[i] = ascii_lower(copy[i]);
	return copy;
}
