#ifndef CD_STORE_DB_H
#define CD_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * The one door to SQLite: open (WAL, synchronous FULL, foreign keys on, busy
 * timeout 5 s, application_id "CDsk"), migrate, transactions. Statements are
 * prepared once and kept.
 *
 * All functions of store/: CD_AGAIN = busy or disk full, try later;
 * CD_BROKEN = the database is damaged or not ours. Text values that come out
 * live in the arena given. Functions that write need an open transaction.
 */
struct store;

enum store_mode { STORE_READ, STORE_WRITE };

/* STORE_WRITE creates the file (mode 0600) and applies migrations/, each in its
 * own transaction, each checked by its checksum. STORE_READ: CD_ABSENT: no such
 * file. CD_REFUSED: made by a newer program, or not a Consent Desk database. */
enum cd_rc store_open(const char *path, enum store_mode, struct store **out,
    struct cd_err *err) CD_CHECK;
void store_close(struct store **);

/* BEGIN IMMEDIATE (BEGIN where opened for reading). Nesting ends the
 * process, naming both places. */
#define store_begin(s, err) store_begin_at((s), __FILE__, __LINE__, (err))
enum cd_rc store_begin_at(struct store *, const char *file, int line,
    struct cd_err *err) CD_CHECK;
enum cd_rc store_commit(struct store *, struct cd_err *err) CD_CHECK;
void store_rollback(struct store *);	/* no open transaction: nothing */
bool store_in_transaction(const struct store *);

/* Number of the newest migration applied. */
int64_t store_version(struct store *);
/* PRAGMA quick_check and foreign_key_check. CD_BROKEN names the finding. */
enum cd_rc store_check(struct store *, struct cd_err *err) CD_CHECK;
/* Online copy into a new file (mode 0600); an existing one is refused. */
enum cd_rc store_backup(struct store *, const char *to, struct cd_err *err)
    CD_CHECK;

#endif
