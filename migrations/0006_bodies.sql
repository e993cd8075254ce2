-- What an answer says is written once and lies apart from its row, which every
-- step of its sending rewrites. It goes when retention says so.
CREATE TABLE bodies (
	outbox_id INTEGER PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
	text TEXT NOT NULL,		-- the plain part
	html TEXT,			-- the HTML part
	raw BLOB			-- the wire form
) STRICT;
INSERT INTO bodies (outbox_id, text, html, raw)
	SELECT id, text, html, raw FROM outbox
	WHERE text <> '' OR html IS NOT NULL OR raw IS NOT NULL;
ALTER TABLE outbox DROP COLUMN raw;
ALTER TABLE outbox DROP COLUMN html;
ALTER TABLE outbox DROP COLUMN text;

-- Only the doubtful are looked for by their state; and an index that names the
-- state is written at each step.
DROP INDEX outbox_by_state;
CREATE INDEX outbox_doubtful ON outbox (id) WHERE state = 'doubtful';
DROP INDEX outbox_by_time;
CREATE INDEX outbox_by_time ON outbox (created, handle) WHERE automatic = 1;

-- One look at the two counts that a step changes.
DROP TRIGGER outbox_count_update;
CREATE TRIGGER outbox_count_update AFTER UPDATE OF state ON outbox
WHEN old.state <> new.state BEGIN
	UPDATE outbox_counts SET n = n +
		CASE state WHEN new.state THEN 1 ELSE -1 END
	WHERE state IN (old.state, new.state);
END;
