-- What the search index does not hold yet; it is taken in by the commit, all
-- rows of a transaction at once. The index writes itself out at the end of each
-- statement, so that taking in row by row was an eighth of a mail's work.
CREATE TABLE cases_unsearched (
	id INTEGER PRIMARY KEY		-- as in cases
) STRICT;
CREATE TABLE mails_unsearched (
	id INTEGER PRIMARY KEY		-- as in mails
) STRICT;

DROP TRIGGER cases_search_insert;
CREATE TRIGGER cases_search_insert AFTER INSERT ON cases BEGIN
	INSERT INTO cases_unsearched (id) VALUES (new.id);
END;
DROP TRIGGER cases_search_delete;
CREATE TRIGGER cases_search_delete AFTER DELETE ON cases BEGIN
	INSERT INTO case_search (case_search, rowid, from_addr, from_name,
		domain, subject)
	SELECT 'delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject
	WHERE NOT EXISTS (SELECT 1 FROM cases_unsearched WHERE id = old.id);
	DELETE FROM cases_unsearched WHERE id = old.id;
END;
DROP TRIGGER cases_search_update;
CREATE TRIGGER cases_search_update
AFTER UPDATE OF from_addr, from_name, domain, subject ON cases
WHEN (old.from_addr <> new.from_addr OR old.from_name <> new.from_name
	OR old.domain IS NOT new.domain OR old.subject <> new.subject)
	AND NOT EXISTS (SELECT 1 FROM cases_unsearched WHERE id = old.id) BEGIN
	INSERT INTO case_search (case_search, rowid, from_addr, from_name,
		domain, subject)
	VALUES ('delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject);
	INSERT INTO cases_unsearched (id) VALUES (new.id);
END;

-- A mail without a sender is nobody's business and not in the index.
DROP TRIGGER mails_search_insert;
CREATE TRIGGER mails_search_insert AFTER INSERT ON mails
WHEN new.from_addr IS NOT NULL BEGIN
	INSERT INTO mails_unsearched (id) VALUES (new.id);
END;
DROP TRIGGER mails_search_delete;
CREATE TRIGGER mails_search_delete AFTER DELETE ON mails
WHEN old.from_addr IS NOT NULL BEGIN
	INSERT INTO mail_search (mail_search, rowid, from_addr, from_name,
		domain, subject, visible)
	SELECT 'delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject, substr(old.visible, 1, 16384)
	WHERE NOT EXISTS (SELECT 1 FROM mails_unsearched WHERE id = old.id);
	DELETE FROM mails_unsearched WHERE id = old.id;
END;
DROP TRIGGER mails_search_update;
CREATE TRIGGER mails_search_update
AFTER UPDATE OF from_addr, from_name, domain, subject, visible ON mails BEGIN
	INSERT INTO mail_search (mail_search, rowid, from_addr, from_name,
		domain, subject, visible)
	SELECT 'delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject, substr(old.visible, 1, 16384)
	WHERE old.from_addr IS NOT NULL AND NOT EXISTS
		(SELECT 1 FROM mails_unsearched WHERE id = old.id);
	DELETE FROM mails_unsearched WHERE id = old.id;
	INSERT INTO mails_unsearched (id)
	SELECT new.id WHERE new.from_addr IS NOT NULL;
END;
