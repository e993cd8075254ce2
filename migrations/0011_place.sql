-- Whoever waits longest comes first, and not last because he wrote once more: a
-- case keeps its place among those in review until it leaves it. The other lists
-- go by the last thing that happened.
ALTER TABLE cases ADD COLUMN waits_since INTEGER; -- in review; NULL: it is not
UPDATE cases SET waits_since = updated WHERE state = 'review';

-- Each list is one of these in order, as before.
DROP INDEX cases_by_state;
CREATE INDEX cases_by_state ON cases (
	state, coalesce(waits_since, updated), id);
DROP INDEX cases_by_intent;
CREATE INDEX cases_by_intent ON cases (
	intent, state, coalesce(waits_since, updated), id);
DROP INDEX cases_by_language;
CREATE INDEX cases_by_language ON cases (
	language, state, coalesce(waits_since, updated), id);
DROP INDEX cases_by_reading;
CREATE INDEX cases_by_reading ON cases (
	intent, language, state, coalesce(waits_since, updated), id);
DROP INDEX cases_by_tenant;
CREATE INDEX cases_by_tenant ON cases (
	tenant, state, coalesce(waits_since, updated), id, intent, language,
	assignee, domain)
	WHERE tenant IS NOT NULL;
DROP INDEX cases_by_domain;
CREATE INDEX cases_by_domain ON cases (
	domain, state, coalesce(waits_since, updated), id, intent, language,
	assignee)
	WHERE domain IS NOT NULL;
DROP INDEX cases_by_assignee;
CREATE INDEX cases_by_assignee ON cases (
	assignee, state, coalesce(waits_since, updated), id, intent, language)
	WHERE assignee IS NOT NULL;
DROP INDEX cases_asleep;
CREATE INDEX cases_asleep ON cases (
	coalesce(waits_since, updated), id, snoozed_until, intent, language)
	WHERE state = 'review' AND snoozed_until > 0;

-- Who told us of an alarm lately is found among all that waits.
CREATE INDEX cases_by_reason ON cases (reason, updated) WHERE state = 'review';
