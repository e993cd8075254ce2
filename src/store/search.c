/*
 * The index of words. Triggers note which rows it lacks; the commit takes them
 * in, so that it is never behind what others can see.
 *
 * Words that were deleted from it stay in its older segments until these are
 * merged, which a large index takes half a minute for: after somebody was
 * forgotten that is done a few pages a transaction, so that no mail waits.
 */
#include "sql.h"

#define MERGE_PAGES 500

static const char SQL_LACKS[] =
    "SELECT EXISTS (SELECT 1 FROM cases_unsearched) "
    "+ EXISTS (SELECT 1 FROM mails_unsearched)";
static const char SQL_TAKE_CASES[] =
    "INSERT INTO case_search (rowid, from_addr, from_name, domain, subject) "
    "SELECT id, from_addr, from_name, domain, subject "
    "FROM cases_unsearched CROSS JOIN cases USING (id)";
/* At most 16384 letters of a mail are looked at, so that none is dear. */
static const char SQL_TAKE_MAILS[] =
    "INSERT INTO mail_search (rowid, from_addr, from_name, domain, subject, "
    "visible) "
    "SELECT id, from_addr, from_name, domain, subject, "
    "substr(visible, 1, 16384) "
    "FROM mails_unsearched CROSS JOIN mails USING (id)";
static const char SQL_CASES_TAKEN[] = "DELETE FROM cases_unsearched";
static const char SQL_MAILS_TAKEN[] = "DELETE FROM mails_unsearched";

/* A negative number of pages begins to merge all, a positive one goes on. */
static const char SQL_MERGE_CASES[] =
    "INSERT INTO case_search (case_search, rank) VALUES ('merge', ?1)";
static const char SQL_MERGE_MAILS[] =
    "INSERT INTO mail_search (mail_search, rank) VALUES ('merge', ?1)";

static enum cd_rc
run(struct store *s, const char *sql, struct cd_err *err)
{
	struct query q = query_new(s, sql, err);

	return query_run(&q);
}

enum cd_rc
search_take_in(struct store *s, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LACKS, err);
	int64_t lacks;
	enum cd_rc rc = query_i64(&q, &lacks);

	if (rc != CD_OK || lacks == 0)
		return rc;
	rc = run(s, SQL_TAKE_CASES, err);
	if (rc == CD_OK)
		rc = run(s, SQL_TAKE_MAILS, err);
	if (rc == CD_OK)
		rc = run(s, SQL_CASES_TAKEN, err);
	return rc == CD_OK ? run(s, SQL_MAILS_TAKEN, err) : rc;
}

/* One slice; *more_out: it did something. */
static enum cd_rc
merge_slice(struct store *s, const char *sql, int pages, bool *more_out,
    struct cd_err *err)
{
	enum cd_rc rc = store_begin(s, err);
	int64_t before = store_changes_total(s);
	struct query q;

	if (rc != CD_OK)
		return rc;
	q = query_new(s, sql, err);
	put_i64(&q, pages);
	rc = query_run(&q);
	/* The row itself counts as one. */
	*more_out = rc == CD_OK && store_changes_total(s) - before > 1;
	return store_end(s, rc, err);
}

static enum cd_rc
merge_all(struct store *s, const char *sql, struct cd_err *err)
{
	bool more = false;
	enum cd_rc rc = merge_slice(s, sql, -MERGE_PAGES, &more, err);

	while (rc == CD_OK && more)
		rc = merge_slice(s, sql, MERGE_PAGES, &more, err);
	return rc;
}

enum cd_rc
search_scrub(struct store *s, struct cd_err *err)
{
	enum cd_rc rc = merge_all(s, SQL_MERGE_CASES, err);

	if (rc == CD_OK)
		rc = merge_all(s, SQL_MERGE_MAILS, err);
	return rc == CD_OK ? rc : cd_context(err, rc, "forgotten, but words "
	    "may still be in the search index until it is forgotten again");
}
