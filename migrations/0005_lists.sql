-- A list of one company or of one of the team, narrowed further, is told by its
-- index alone: with tens of thousands of cases each look at a row would count.
DROP INDEX cases_by_tenant;
CREATE INDEX cases_by_tenant ON cases (tenant, state, updated, id, intent,
	language, assignee, domain) WHERE tenant IS NOT NULL;
DROP INDEX cases_by_domain;
CREATE INDEX cases_by_domain ON cases (domain, state, updated, id, intent,
	language, assignee) WHERE domain IS NOT NULL;
DROP INDEX cases_by_assignee;
CREATE INDEX cases_by_assignee ON cases (assignee, state, updated, id, intent,
	language) WHERE assignee IS NOT NULL;

-- The words that are searched for, and in how many rows each is: what a
-- beginning would gather is known before.
CREATE VIRTUAL TABLE case_words USING fts5vocab (case_search, 'row');
CREATE VIRTUAL TABLE mail_words USING fts5vocab (mail_search, 'row');
