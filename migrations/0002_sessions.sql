-- People signed in to the web queue. Of the cookie's secret only a hash is kept:
-- who reads the database cannot sign in with it.
CREATE TABLE sessions (
	token TEXT PRIMARY KEY,		-- SHA-256 of the secret, hex
	account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE, -- whose
	csrf TEXT NOT NULL,		-- what each form of it must carry
	created INTEGER NOT NULL,	-- when
	seen INTEGER NOT NULL		-- last use, to some minutes
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account);
CREATE INDEX sessions_by_seen ON sessions (seen);

-- What is put off can be counted without a look at all of the review.
CREATE INDEX cases_asleep ON cases (snoozed_until)
	WHERE state = 'review' AND snoozed_until > 0;

-- What people corrected lately.
CREATE INDEX labels_by_time ON labels (at);
