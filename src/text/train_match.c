/*
 * Two models on the same texts: is one better than the other, or may it be chance?
 * Texts that both read alike say nothing about that. Were the models as good as
 * each other, either would win a text that they differ in as often as the other
 * (the sign test, after McNemar, 1947).
 */
#include "text/train.h"

void
train_match_add(struct train_match *m, struct train_outcome before,
    struct train_outcome now)
{
	m->n++;
	m->right[0] += before.right;
	m->right[1] += now.right;
	m->actions_right[0] += before.action_right;
	m->actions_right[1] += now.action_right;
	m->wrong_answers[0] += before.wrong_answer;
	m->wrong_answers[1] += now.wrong_answer;
	m->gained += now.right && !before.right;
	m->lost += before.right && !now.right;
	m->erred += now.wrong_answer && !before.wrong_answer;
	m->mended += before.wrong_answer && !now.wrong_answer;
}

/* So many more wins than losses come by chance once in twenty times at most: two
 * standard deviations, one win less as wins are whole numbers. */
static bool
is_more(size_t wins, size_t losses)
{
	size_t by = wins > losses ? wins - losses - 1 : 0;

	return by * by >= 4 * (wins + losses) && by > 0;
}

enum train_verdict
train_match_verdict(const struct train_match *m)
{
	bool up = is_more(m->gained, m->lost), down = is_more(m->lost, m->gained);
	bool safer = is_more(m->mended, m->erred);
	bool unsafer = is_more(m->erred, m->mended);

	if (m->n < TRAIN_LEAST)
		return TRAIN_NOT_SHOWN;
	if ((up || safer) && m->right[1] >= m->right[0] &&
	    m->wrong_answers[1] <= m->wrong_answers[0])
		return TRAIN_BETTER;
	if ((down && !safer) || (unsafer && !up))
		return TRAIN_WORSE;
	return TRAIN_NOT_SHOWN;
}
