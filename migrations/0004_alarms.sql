-- What is wrong with the daemon, and whether the people who run it know.
CREATE TABLE alarms (
	kind TEXT PRIMARY KEY,		-- see alarm.h
	since INTEGER NOT NULL,		-- when it began; 0: all is well
	state TEXT NOT NULL		-- quiet, or it was raised and no mail
					-- told of it yet, a mail told of it, its
					-- end is still to be told
		CHECK (state IN ('quiet', 'raised', 'told', 'over')),
	why TEXT NOT NULL,		-- one line for a person
	told_at INTEGER NOT NULL	-- the last mail of it; 0: none
) STRICT, WITHOUT ROWID;
