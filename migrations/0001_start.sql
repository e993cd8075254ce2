-- The first schema. Times are seconds since 1970 (UTC); a boolean is 0 or 1;
-- "none" is NULL. A released file of this folder is never changed: its
-- checksum is stored in each database and compared.

-- Mailboxes that are read, and how far.
CREATE TABLE mailboxes (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,	-- "user@host/folder"
	uidvalidity INTEGER,		-- of the server; NULL: no cursor yet
	next_uid INTEGER,		-- the lowest UID not yet stored
	read_at INTEGER,		-- when the cursor was last set
	baseline INTEGER NOT NULL DEFAULT 0, -- mails received before are not ours
	rescan_below INTEGER NOT NULL DEFAULT 0 -- UIDs that were there when
					-- UIDVALIDITY changed
) STRICT;

-- One person's matter, from the first mail to the approval.
CREATE TABLE cases (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: a link or a
					-- footer may name it for months
	state TEXT NOT NULL		-- what is to be done, see cases.h
		CHECK (state IN ('review', 'waiting', 'approved', 'closed')),
	updated INTEGER NOT NULL,	-- the last thing that happened
	opened INTEGER NOT NULL,	-- the first mail
	snoozed_until INTEGER NOT NULL DEFAULT 0, -- 0: awake
	reason TEXT NOT NULL,		-- why it is in review, else empty
	intent TEXT NOT NULL,		-- what the person wants
	language TEXT NOT NULL,		-- two letters
	from_addr TEXT NOT NULL,	-- the person's address as written
	from_name TEXT NOT NULL,	-- the person's name, or empty
	canonical TEXT NOT NULL,	-- from_addr for comparing
	domain TEXT,			-- the company's
	tenant TEXT,			-- the company's GUID at Microsoft
	subject TEXT NOT NULL,		-- of the first mail
	assignee TEXT,			-- who of the team has it
	last_action TEXT NOT NULL,	-- one line for a person
	taken INTEGER NOT NULL DEFAULT 0 -- the team answers by ordinary mail
		CHECK (taken IN (0, 1)),
	linked INTEGER REFERENCES cases ON DELETE SET NULL, -- came from
	merged_into INTEGER REFERENCES cases ON DELETE SET NULL -- goes on in
) STRICT;

-- Each list is one of these in order, so that a page costs what it shows.
CREATE INDEX cases_by_state ON cases (state, updated, id);
CREATE INDEX cases_by_intent ON cases (intent, state, updated, id);
CREATE INDEX cases_by_language ON cases (language, state, updated, id);
CREATE INDEX cases_by_reading ON cases (intent, language, state, updated, id);
CREATE INDEX cases_by_tenant ON cases (tenant, state, updated, id)
	WHERE tenant IS NOT NULL;
CREATE INDEX cases_by_domain ON cases (domain, state, updated, id)
	WHERE domain IS NOT NULL;
CREATE INDEX cases_by_assignee ON cases (assignee, state, updated, id)
	WHERE assignee IS NOT NULL;
CREATE INDEX cases_by_person ON cases (canonical, id);
CREATE INDEX cases_by_linked ON cases (linked) WHERE linked IS NOT NULL;
CREATE INDEX cases_by_merged ON cases (merged_into)
	WHERE merged_into IS NOT NULL;

-- How many cases are in each state; kept by triggers.
CREATE TABLE case_counts (
	state TEXT PRIMARY KEY,		-- as in cases
	n INTEGER NOT NULL		-- how many
) STRICT, WITHOUT ROWID;
INSERT INTO case_counts (state, n)
	VALUES ('review', 0), ('waiting', 0), ('approved', 0), ('closed', 0);
CREATE TRIGGER cases_count_insert AFTER INSERT ON cases BEGIN
	UPDATE case_counts SET n = n + 1 WHERE state = new.state;
END;
CREATE TRIGGER cases_count_delete AFTER DELETE ON cases BEGIN
	UPDATE case_counts SET n = n - 1 WHERE state = old.state;
END;
CREATE TRIGGER cases_count_update AFTER UPDATE OF state ON cases
WHEN old.state <> new.state BEGIN
	UPDATE case_counts SET n = n - 1 WHERE state = old.state;
	UPDATE case_counts SET n = n + 1 WHERE state = new.state;
END;

-- Mails that came in, one row each whatever was decided.
CREATE TABLE mails (
	id INTEGER PRIMARY KEY,
	mailbox INTEGER NOT NULL REFERENCES mailboxes, -- where it lies
	uidvalidity INTEGER NOT NULL,	-- its UID is of this validity
	uid INTEGER NOT NULL,		-- its number in the mailbox
	identity TEXT NOT NULL,		-- Message-ID without <>, "sha256:...",
					-- or "forgotten:" and a hash
	received_at INTEGER NOT NULL,	-- the server's INTERNALDATE
	seen_at INTEGER NOT NULL,	-- when it was read
	case_id INTEGER REFERENCES cases, -- whose
	action TEXT NOT NULL,		-- what was decided
	reason TEXT NOT NULL,		-- and why: a reason code
	automatic TEXT,			-- why it is a machine's; NULL: a person
	authentication TEXT,		-- "pass", "fail", "none"
	language TEXT,			-- two letters
	intent TEXT,			-- what the person wants
	confidence REAL NOT NULL DEFAULT 0, -- in that intent, 0 to 1
	from_addr TEXT,			-- From as written
	from_name TEXT,			-- its display name
	canonical TEXT,			-- From for comparing
	subject TEXT,			-- decoded
	domain TEXT,			-- the company's
	evidence TEXT,			-- JSON array, as explain prints it
	detail TEXT,			-- JSON object: zones, gates, references
	visible TEXT,			-- the newly written text
	full_text TEXT,			-- all of it
	raw BLOB,			-- bytes of a mail that cannot be read
	UNIQUE (mailbox, uidvalidity, uid),
	-- Nothing of a mail that is not our business is kept.
	CHECK (action NOT IN ('leave', 'ignore') OR COALESCE(from_addr,
		from_name, canonical, subject, domain, evidence, detail,
		visible, full_text) IS NULL AND raw IS NULL)
) STRICT;
CREATE INDEX mails_by_identity ON mails (identity, mailbox);
CREATE INDEX mails_by_case ON mails (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX mails_by_person ON mails (canonical) WHERE canonical IS NOT NULL;
CREATE INDEX mails_by_time ON mails (seen_at, action, reason, intent,
	automatic, language);
CREATE INDEX mails_with_text ON mails (seen_at)
	WHERE visible IS NOT NULL OR full_text IS NOT NULL OR raw IS NOT NULL;

-- Tries to read a mail that failed; gone once it is stored.
CREATE TABLE mail_failures (
	mailbox INTEGER NOT NULL REFERENCES mailboxes, -- where it lies
	uidvalidity INTEGER NOT NULL,	-- its UID is of this validity
	uid INTEGER NOT NULL,		-- its number in the mailbox
	tries INTEGER NOT NULL,		-- so far
	PRIMARY KEY (mailbox, uidvalidity, uid)
) STRICT, WITHOUT ROWID;

-- Corrections of a reading by a person: the model's next lesson.
CREATE TABLE labels (
	mail_id INTEGER PRIMARY KEY REFERENCES mails ON DELETE CASCADE, -- of
	intent TEXT NOT NULL,		-- what it really is
	actor TEXT NOT NULL,		-- who of the team says so
	at INTEGER NOT NULL		-- when
) STRICT;

-- Answers, from draft to sent; see outbox.h for the states.
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: a Message-ID
					-- may be made of it
	case_id INTEGER NOT NULL REFERENCES cases, -- whose
	mail_id INTEGER REFERENCES mails, -- the mail answered
	state TEXT NOT NULL		-- see outbox.h
		CHECK (state IN ('draft', 'queued', 'claimed', 'committing',
		'sent', 'failed', 'doubtful', 'cancelled')),
	automatic INTEGER NOT NULL	-- no person looked at it
		CHECK (automatic IN (0, 1)),
	created INTEGER NOT NULL,	-- when it was written
	due INTEGER NOT NULL,		-- not sent before
	lease_until INTEGER NOT NULL DEFAULT 0, -- the sender's claim
	attempts INTEGER NOT NULL DEFAULT 0, -- claims so far
	sent_at INTEGER,		-- when the server took it
	handle TEXT NOT NULL,		-- template's name
	language TEXT NOT NULL,		-- of the answer
	to_addr TEXT NOT NULL,		-- recipient
	to_canonical TEXT NOT NULL,	-- recipient for comparing
	domain TEXT NOT NULL,		-- the recipient's
	message_id TEXT NOT NULL UNIQUE, -- without <>
	error TEXT,			-- the server's last words
	subject TEXT NOT NULL,		-- decoded
	text TEXT NOT NULL,		-- the plain part
	html TEXT,			-- the HTML part
	raw BLOB			-- the wire form
) STRICT;
-- Never two automatic answers to one mail, whatever became of the first.
CREATE UNIQUE INDEX outbox_one_answer ON outbox (mail_id)
	WHERE automatic = 1 AND mail_id IS NOT NULL;
CREATE INDEX outbox_by_mail ON outbox (mail_id) WHERE mail_id IS NOT NULL;
CREATE INDEX outbox_by_case ON outbox (case_id, id);
CREATE INDEX outbox_by_state ON outbox (state, id);
CREATE INDEX outbox_due ON outbox (due, id) WHERE state = 'queued';
CREATE INDEX outbox_leased ON outbox (lease_until)
	WHERE state IN ('claimed', 'committing');
CREATE INDEX outbox_by_recipient ON outbox (to_canonical, created);
CREATE INDEX outbox_by_domain ON outbox (domain, created) WHERE automatic = 1;
CREATE INDEX outbox_by_time ON outbox (automatic, created, handle, state);

-- How many answers are in each state; kept by triggers.
CREATE TABLE outbox_counts (
	state TEXT PRIMARY KEY,		-- as in outbox
	n INTEGER NOT NULL		-- how many
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_counts (state, n) VALUES ('draft', 0), ('queued', 0),
	('claimed', 0), ('committing', 0), ('sent', 0), ('failed', 0),
	('doubtful', 0), ('cancelled', 0);
CREATE TRIGGER outbox_count_insert AFTER INSERT ON outbox BEGIN
	UPDATE outbox_counts SET n = n + 1 WHERE state = new.state;
END;
CREATE TRIGGER outbox_count_delete AFTER DELETE ON outbox BEGIN
	UPDATE outbox_counts SET n = n - 1 WHERE state = old.state;
END;
CREATE TRIGGER outbox_count_update AFTER UPDATE OF state ON outbox
WHEN old.state <> new.state BEGIN
	UPDATE outbox_counts SET n = n - 1 WHERE state = old.state;
	UPDATE outbox_counts SET n = n + 1 WHERE state = new.state;
END;

-- The timeline of each case.
CREATE TABLE events (
	id INTEGER PRIMARY KEY,
	case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, -- whose
	at INTEGER NOT NULL,		-- when
	mail_id INTEGER REFERENCES mails, -- the mail it tells of
	outbox_id INTEGER REFERENCES outbox ON DELETE SET NULL, -- the answer
	kind TEXT NOT NULL,		-- see cases.h
	actor TEXT NOT NULL,		-- "consentdesk", or who of the team
	text TEXT NOT NULL,		-- one line for a person
	data TEXT			-- JSON object
) STRICT;
CREATE INDEX events_by_case ON events (case_id, at, id);
CREATE INDEX events_by_mail ON events (mail_id) WHERE mail_id IS NOT NULL;
CREATE INDEX events_by_outbox ON events (outbox_id)
	WHERE outbox_id IS NOT NULL;

-- The words of cases and mails; texts themselves stay where they are. At most
-- 16384 letters of a mail are looked at, so that none is dear.
CREATE VIRTUAL TABLE case_search USING fts5 (
	from_addr, from_name, domain, subject, content='', columnsize=0,
	tokenize="unicode61 remove_diacritics 2");
CREATE TRIGGER cases_search_insert AFTER INSERT ON cases BEGIN
	INSERT INTO case_search (rowid, from_addr, from_name, domain, subject)
	VALUES (new.id, new.from_addr, new.from_name, new.domain,
		new.subject);
END;
CREATE TRIGGER cases_search_delete AFTER DELETE ON cases BEGIN
	INSERT INTO case_search (case_search, rowid, from_addr, from_name,
		domain, subject)
	VALUES ('delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject);
END;
CREATE TRIGGER cases_search_update
AFTER UPDATE OF from_addr, from_name, domain, subject ON cases
WHEN old.from_addr <> new.from_addr OR old.from_name <> new.from_name
	OR old.domain IS NOT new.domain OR old.subject <> new.subject BEGIN
	INSERT INTO case_search (case_search, rowid, from_addr, from_name,
		domain, subject)
	VALUES ('delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject);
	INSERT INTO case_search (rowid, from_addr, from_name, domain, subject)
	VALUES (new.id, new.from_addr, new.from_name, new.domain,
		new.subject);
END;

CREATE VIRTUAL TABLE mail_search USING fts5 (
	from_addr, from_name, domain, subject, visible, content='',
	columnsize=0, tokenize="unicode61 remove_diacritics 2");
CREATE TRIGGER mails_search_insert AFTER INSERT ON mails
WHEN new.from_addr IS NOT NULL BEGIN
	INSERT INTO mail_search (rowid, from_addr, from_name, domain, subject,
		visible)
	VALUES (new.id, new.from_addr, new.from_name, new.domain, new.subject,
		substr(new.visible, 1, 16384));
END;
CREATE TRIGGER mails_search_delete AFTER DELETE ON mails
WHEN old.from_addr IS NOT NULL BEGIN
	INSERT INTO mail_search (mail_search, rowid, from_addr, from_name,
		domain, subject, visible)
	VALUES ('delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject, substr(old.visible, 1, 16384));
END;
CREATE TRIGGER mails_search_update
AFTER UPDATE OF from_addr, from_name, domain, subject, visible ON mails BEGIN
	INSERT INTO mail_search (mail_search, rowid, from_addr, from_name,
		domain, subject, visible)
	SELECT 'delete', old.id, old.from_addr, old.from_name, old.domain,
		old.subject, substr(old.visible, 1, 16384)
	WHERE old.from_addr IS NOT NULL;
	INSERT INTO mail_search (rowid, from_addr, from_name, domain, subject,
		visible)
	SELECT new.id, new.from_addr, new.from_name, new.domain, new.subject,
		substr(new.visible, 1, 16384)
	WHERE new.from_addr IS NOT NULL;
END;

-- The daemon-wide brake: a row means that nothing is sent.
CREATE TABLE brake (
	id INTEGER PRIMARY KEY CHECK (id = 1), -- there is one
	since INTEGER NOT NULL,		-- when it tripped
	why TEXT NOT NULL		-- which limit, for a person
) STRICT;

-- Addresses that bounced: no mail may go to them.
CREATE TABLE dead_addresses (
	canonical TEXT PRIMARY KEY,	-- as in mails
	since INTEGER NOT NULL,		-- of the bounce
	why TEXT NOT NULL		-- the server's words
) STRICT, WITHOUT ROWID;

-- Tenants at Microsoft, and which have approved.
CREATE TABLE tenants (
	guid TEXT PRIMARY KEY,		-- lower case
	region TEXT NOT NULL,		-- tenant_region_scope
	sub_scope TEXT NOT NULL,	-- tenant_region_sub_scope
	foreign_cloud INTEGER NOT NULL	-- US Gov or 21Vianet
		CHECK (foreign_cloud IN (0, 1)),
	approved_at INTEGER,		-- when we learned of the approval
	approved_how TEXT		-- "consent", "approve", "mail"
) STRICT, WITHOUT ROWID;

-- What Microsoft's discovery said of domains: a cache.
CREATE TABLE domains (
	domain TEXT PRIMARY KEY,	-- normal form
	guid TEXT,			-- its tenant; NULL: Microsoft has none
	checked INTEGER NOT NULL,	-- when we asked
	expires INTEGER NOT NULL	-- when to ask again
) STRICT, WITHOUT ROWID;
CREATE INDEX domains_by_guid ON domains (guid) WHERE guid IS NOT NULL;

-- What each role last said of itself.
CREATE TABLE roles (
	role TEXT PRIMARY KEY,		-- "watch", "send", "web"
	pid INTEGER NOT NULL,		-- its process
	beat INTEGER NOT NULL,		-- last sign of life
	state TEXT NOT NULL,		-- one line for a person
	data TEXT			-- JSON object
) STRICT, WITHOUT ROWID;

-- People who may open the web queue.
CREATE TABLE accounts (
	name TEXT PRIMARY KEY,		-- to log in with
	role TEXT NOT NULL CHECK (role IN ('agent', 'lead')), -- what they may
	hash TEXT NOT NULL,		-- "scrypt$N$r$p$salt$key"
	created INTEGER NOT NULL	-- when
) STRICT, WITHOUT ROWID;
