-- What happened on each day (UTC, counted from 1970), for the numbers: kept by
-- triggers, since counting a million mails anew takes seconds. What is purged or
-- forgotten stays counted; no person is in here.

-- Mails by what was made of them; '' stands for none.
CREATE TABLE daily_mails (
	day INTEGER NOT NULL,		-- of seen_at
	action TEXT NOT NULL,		-- these as in mails
	reason TEXT NOT NULL,
	intent TEXT NOT NULL,
	automatic TEXT NOT NULL,
	language TEXT NOT NULL,
	n INTEGER NOT NULL,		-- how many
	PRIMARY KEY (day, action, reason, intent, automatic, language)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER mails_daily AFTER INSERT ON mails BEGIN
	INSERT INTO daily_mails (day, action, reason, intent, automatic,
		language, n)
	VALUES (new.seen_at / 86400, new.action, new.reason,
		coalesce(new.intent, ''), coalesce(new.automatic, ''),
		coalesce(new.language, ''), 1)
	ON CONFLICT DO UPDATE SET n = n + 1;
END;
INSERT INTO daily_mails (day, action, reason, intent, automatic, language, n)
	SELECT seen_at / 86400, action, reason, coalesce(intent, ''),
		coalesce(automatic, ''), coalesce(language, ''), count(*)
	FROM mails GROUP BY 1, 2, 3, 4, 5, 6;

-- Answers that went out, or may.
CREATE TABLE daily_answers (
	day INTEGER NOT NULL,		-- of created
	automatic INTEGER NOT NULL,	-- these as in outbox
	handle TEXT NOT NULL,
	n INTEGER NOT NULL,		-- how many
	PRIMARY KEY (day, automatic, handle)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outbox_daily_insert AFTER INSERT ON outbox
WHEN new.state IN ('queued', 'claimed', 'committing', 'sent', 'doubtful') BEGIN
	INSERT INTO daily_answers (day, automatic, handle, n)
	VALUES (new.created / 86400, new.automatic, new.handle, 1)
	ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER outbox_daily_update AFTER UPDATE OF state ON outbox
WHEN (old.state IN ('draft', 'failed', 'cancelled'))
	<> (new.state IN ('draft', 'failed', 'cancelled')) BEGIN
	INSERT INTO daily_answers (day, automatic, handle, n)
	VALUES (new.created / 86400, new.automatic, new.handle,
		CASE WHEN old.state IN ('draft', 'failed', 'cancelled')
		THEN 1 ELSE -1 END)
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
INSERT INTO daily_answers (day, automatic, handle, n)
	SELECT created / 86400, automatic, handle, count(*) FROM outbox
	WHERE state IN ('queued', 'claimed', 'committing', 'sent', 'doubtful')
	GROUP BY 1, 2, 3;

-- How long first answers took that went by themselves, to two digits.
CREATE TABLE daily_seconds (
	day INTEGER NOT NULL,		-- of created
	seconds INTEGER NOT NULL,	-- from the mail's arrival to the answer's
	n INTEGER NOT NULL,		-- how many
	PRIMARY KEY (day, seconds)
) STRICT, WITHOUT ROWID;
CREATE VIEW sent_seconds (day, id, seconds) AS
	SELECT day, id, CASE WHEN s < 100 THEN s WHEN s < 1000 THEN s / 10 * 10
		WHEN s < 10000 THEN s / 100 * 100
		WHEN s < 100000 THEN s / 1000 * 1000 ELSE s / 10000 * 10000 END
	FROM (SELECT o.created / 86400 AS day, o.id,
		max(0, o.sent_at - m.received_at) AS s
		FROM outbox o JOIN mails m ON m.id = o.mail_id
		WHERE o.automatic = 1 AND o.state = 'sent'
		AND o.sent_at IS NOT NULL);
CREATE TRIGGER outbox_seconds_insert AFTER INSERT ON outbox
WHEN new.state = 'sent' AND new.automatic = 1 BEGIN
	INSERT INTO daily_seconds (day, seconds, n)
	SELECT day, seconds, 1 FROM sent_seconds WHERE id = new.id
	ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER outbox_seconds_update AFTER UPDATE OF state ON outbox
WHEN new.state = 'sent' AND old.state <> 'sent' AND new.automatic = 1 BEGIN
	INSERT INTO daily_seconds (day, seconds, n)
	SELECT day, seconds, 1 FROM sent_seconds WHERE id = new.id
	ON CONFLICT DO UPDATE SET n = n + 1;
END;
INSERT INTO daily_seconds (day, seconds, n)
	SELECT day, seconds, count(*) FROM sent_seconds GROUP BY 1, 2;

-- Only what is looked up by time is still to be found by it.
DROP INDEX mails_by_time;
CREATE INDEX mails_by_time ON mails (seen_at);
