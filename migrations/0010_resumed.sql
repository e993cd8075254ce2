-- When a person last let the brake go: answers of before it are no reason to
-- stop again.
CREATE TABLE resumed (
	id INTEGER PRIMARY KEY CHECK (id = 1), -- there is one
	at INTEGER NOT NULL
) STRICT;
