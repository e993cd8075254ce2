#include "base/buf.h"
#include "text/rule_needs.h"

/* What holds an answer back, or says whose tenant it is. To be told by a rule, in
 * whatever words. */
static const char *const needs[] = {
	"role.msp", "other_company", "their_tenant", "other_cloud",
	"legal_words", "strong_emotion", "unclear", "code", "bare.thanks",
	"elsewhere", "says_approved", "worked_before", "cue.approved_past",
	"cue.still", "cue.tried_all", "cue.but_me", "says_no", "turned_down",
	"says_stop", "takes_back", "removed", "wants_person", "own_questions",
	"second_matter", "their_it", "not_done",
};
#define MAX_NAMED	6	/* a message has an end */

const char *
rule_needs_at(size_t i)
{
	return i < sizeof needs / sizeof *needs ? needs[i] : NULL;
}

enum cd_rc
rule_needs_met(struct arena *a, const struct rules *r, const char *dir,
    struct cd_err *err)
{
	struct buf b = buf_new(a, CD_MAX_ERR);
	const char *what;
	size_t n = 0;

	for (size_t i = 0; (what = rule_needs_at(i)); i++) {
		if (!rules_say(r, what) && n++ < MAX_NAMED)
			buf_printf(&b, "%s%s", n > 1 ? ", " : "", what);
	}
	if (n == 0)
		return CD_OK;
	if (n > MAX_NAMED)
		buf_printf(&b, " and %zu more", n - MAX_NAMED);
	return cd_fail(err, CD_MALFORMED, "%s: no rule says what answers must "
	    "wait for; copy the whole folder of the installed rules, then put "
	    "files of your own beside them (consentdesk-rules(5)). Missing: %s",
	    dir, buf_str(&b).p);
}
