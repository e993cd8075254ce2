#ifndef CD_STORE_MIGRATE_H
#define CD_STORE_MIGRATE_H

#include <stddef.h>

/*
 * The numbered files of migrations/, embedded at build, in order. Forward only:
 * one that was released is never changed (its checksum is stored and compared).
 */
struct migration {
	int number;
	const char *name;
	const char *sql;
};

extern const struct migration migrations[];
extern const size_t n_migrations;

#endif
