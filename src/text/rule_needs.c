#include "base/buf.h"
#include "text/rule_needs.h"

/* What holds an answer back, or says whose tenant it is. To be told by a rule, in
 * whatever words. */
static const char *const needs[] = {
	"role.msp", "legal_words", "strong_emotion", "unclear", "code",
	"bare.thanks", "elsewhere", "says_approved", "worked_before",
	"cue.approved_past", "cue.still", "cue.tried_all", "cue.but_me",
	"says_no", "turned_down", "says_stop", "takes_back", "removed",
	"wants_person", "own_questions", "second_matter", "other_company",
	"their_tenant", "other_cloud",
};

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

	for (size_t i = 0; (what = rule_needs_at(i)); i++) {
		if (!rules_say(r, what))
			buf_printf(&b, "%s%s", b.n > 0 ? ", " : "", what);
	}
	if (b.n == 0)
		return CD_OK;
	return cd_fail(err, CD_MALFORMED, "%s: no rule says what answers must "
	    "wait for; copy the whole folder of the installed rules, then put "
	    "files of your own beside them (consentdesk-rules(5)). Missing: %s",
	    dir, buf_str(&b).p);
}
