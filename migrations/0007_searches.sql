-- The words that are searched for, each place where one stands a row: how much a
-- beginning would gather is known before, and counting it ends where it is too
-- much. (One row a word would mean to read all of its places.)
DROP TABLE case_words;
DROP TABLE mail_words;
CREATE VIRTUAL TABLE case_words USING fts5vocab (case_search, 'instance');
CREATE VIRTUAL TABLE mail_words USING fts5vocab (mail_search, 'instance');

-- What is put off is listed by this index, however much else is in review.
DROP INDEX cases_asleep;
CREATE INDEX cases_asleep ON cases (updated, id, snoozed_until, intent, language)
	WHERE state = 'review' AND snoozed_until > 0;
