#ifndef CD_STORE_DB_H
#define CD_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * The one door to SQLite: open (WAL, synchronous FULL, foreign keys on, busy
 * timeout 5 s, application_id "CDsk"), migrate, transactions. Statements are
 * prepared once and kept. One connection a process: it is never carried over a
 * fork, and waits up to 5 s for another process's transaction to end.
 *
 * All functions of store/: CD_AGAIN = busy or disk full, try later;
 * CD_BROKEN = the database is damaged or not ours; CD_REFUSED = no right to
 * write; CD_MALFORMED = a value that the schema forbids; CD_ABSENT also where
 * a new row names a case, mail or answer that is not there. Text values that
 * come out live in the arena given. Functions that write need an open
 * transaction, else they end the process.
 *
 * A step that fails in one of these ways spoils its transaction: call
 * store_rollback; store_commit would refuse and undo it all. CD_DONE, and
 * CD_ABSENT, CD_REFUSED or CD_MALFORMED by a room's own contract (no such row,
 * no such step), spoil nothing.
 */
struct store;

enum store_mode { STORE_READ, STORE_WRITE };

/* STORE_WRITE creates the file (mode 0600; made by root, it is the folder's
 * owner's) and applies migrations/, each in its own transaction, each checked by
 * its checksum. STORE_READ changes nothing and works with and without a daemon,
 * from a folder that may only be read too. CD_ABSENT: STORE_READ and no such
 * file. CD_REFUSED: made by a newer program; STORE_READ and made by an older
 * one; not a Consent Desk database; no right to it. */
enum cd_rc store_open(const char *path, enum store_mode, struct store **out,
    struct cd_err *err) CD_CHECK;
void store_close(struct store **);
/* From now on CD_AGAIN after so long a wait for another process; else 5 s. */
void store_patience(struct store *, int ms);
/* Give back the memory that it keeps for the next read. */
void store_shrink(struct store *);
/* Is there a database of an older program, which STORE_WRITE would bring up to
 * date? That takes minutes, and room for three more of it, where there are
 * hundreds of thousands of answers. */
bool store_is_old(const char *path);

/* BEGIN IMMEDIATE (BEGIN where opened for reading). Nesting ends the
 * process, naming both places. */
#define store_begin(s, err) store_begin_at((s), __FILE__, __LINE__, (err))
enum cd_rc store_begin_at(struct store *, const char *file, int line,
    struct cd_err *err) CD_CHECK;
/* A transaction that a crash of the process keeps but a crash of the machine
 * may undo, with what followed it: its commit does not wait for the disk. Only
 * for what may safely be undone. A later store_begin's commit makes it last. */
#define store_begin_soft(s, err) store_begin_soft_at((s), __FILE__, __LINE__,  \
    (err))
enum cd_rc store_begin_soft_at(struct store *, const char *file, int line,
    struct cd_err *err) CD_CHECK;
/* Whatever it returns, the transaction is over; unless CD_OK, undone (but see
 * cases_forget). */
enum cd_rc store_commit(struct store *, struct cd_err *err) CD_CHECK;
void store_rollback(struct store *);	/* no open transaction: nothing */
/* Commit what went well, roll back what did not: `rc` is what became of it, and
 * what is returned unless the commit fails. */
enum cd_rc store_end(struct store *, enum cd_rc rc, struct cd_err *err)
    CD_CHECK;

/* Number of the newest migration applied. */
int64_t store_version(struct store *);
/* PRAGMA quick_check and foreign_key_check. CD_BROKEN names the finding. */
enum cd_rc store_check(struct store *, struct cd_err *err) CD_CHECK;
/* Online copy into a new file (mode 0600), compact and synced; an existing one
 * is CD_REFUSED. Who goes on with it gives none of the numbers of cases and answers
 * that are given here from now on. Not in a transaction. */
enum cd_rc store_backup(struct store *, const char *to, struct cd_err *err)
    CD_CHECK;

#endif
