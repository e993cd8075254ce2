-- What people of ours answered by a client of their own in threads that have no case
-- yet: its first mail may still lie unread in the inbox. Bounded in age and rows.
CREATE TABLE answered (
	id INTEGER PRIMARY KEY,		-- the newest is the greatest
	hash TEXT NOT NULL UNIQUE,	-- SHA-256 of a Message-ID
	at INTEGER NOT NULL		-- when he wrote
) STRICT;
CREATE INDEX answered_by_time ON answered (at);
