/*
 * Learn the model anew. What is printed is of mails that were held back, so
 * that it is what unseen mails may expect.
 */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/labels.h"
#include "cli/lessons.h"

static void
say(void *ctx, const char *line)
{
	(void)ctx;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[Klearning: %s", line);
	else
		fprintf(stderr, "learning: %s\n", line);
}

static double
percent(size_t a, size_t b)
{
	return b ? 100.0 * (double)a / (double)b : 100.0;
}

/* Of nothing there is no share. */
static void
print_share(size_t a, size_t b)
{
	if (b)
		printf(" %8.1f%%", percent(a, b));
	else
		printf(" %9s", "-");
}

static void
print_intents(const struct train_report *r)
{
	printf("%-18s %9s %9s %6s\n", "", "precision", "recall", "n");
	for (size_t i = 0; i < INTENT_COUNT; i++) {
		size_t said = 0, labelled = 0, right = r->confusion[i][i];

		for (size_t k = 0; k < INTENT_COUNT; k++) {
			said += r->confusion[k][i];
			labelled += r->confusion[i][k];
		}
		if (labelled == 0)
			continue;
		printf("%-18s", intent_name((enum intent)i));
		print_share(right, said);
		print_share(right, labelled);
		printf(" %6zu\n", labelled);
	}
}

static void
print_confusion(const struct train_report *r)
{
	printf("\nlabelled as (down), read as (across):\n%-18s", "");
	for (size_t k = 0; k < INTENT_COUNT; k++)
		printf(" %5.5s", intent_name((enum intent)k));
	printf("\n");
	for (size_t i = 0; i < INTENT_COUNT; i++) {
		printf("%-18s", intent_name((enum intent)i));
		for (size_t k = 0; k < INTENT_COUNT; k++)
			printf(" %5zu", r->confusion[i][k]);
		printf("\n");
	}
}

static void
print_thresholds(const struct train_report *r)
{
	printf("\n%-12s %8s %8s %7s %7s %8s %9s\n", "review_below",
	    "actions", "answers", "other", "false", "stated", "right");
	for (size_t t = 0; t < TRAIN_THRESHOLDS; t++) {
		const struct train_threshold *at = &r->at[t];

		printf("%-12.2f %7.1f%% %8zu %7zu %7zu %7.1f%%",
		    at->review_below, percent(at->right, r->n), at->answers,
		    at->wrong_answers, at->false_answers,
		    percent(at->stated, r->n));
		print_share(at->stated_right, at->stated);
		puts("");
	}
	printf("actions: as the label asks. other, false: automatic answers "
	    "that are not the one\nthe label asks for; false: it asks for "
	    "none. stated: read without asking a person\nwhat it means, and "
	    "how many of those intents are right.\n");
}

static void
print_whose(const struct train_report *r)
{
	const size_t *own = r->whose[WHOSE_OWN], *other = r->whose[WHOSE_OTHER];
	size_t n = own[WHOSE_OWN] + own[WHOSE_OTHER];
	size_t m = other[WHOSE_OWN] + other[WHOSE_OTHER];

	if (n + m == 0)
		return;
	printf("\n%-18s %9s %9s %6s\n", "whose tenant", "own", "other", "n");
	printf("%-18s %9zu %9zu %6zu\n", "labelled own", own[WHOSE_OWN],
	    own[WHOSE_OTHER], n);
	printf("%-18s %9zu %9zu %6zu\n", "labelled other", other[WHOSE_OWN],
	    other[WHOSE_OTHER], m);
}

static void
print_languages(const struct train_report *r)
{
	printf("\nintents right by language:\n");
	for (size_t i = 0; i < TRAIN_LANGUAGES; i++) {
		const struct train_language *l = &r->language[i];

		if (l->n > 0)
			printf("%-8s %7.1f%% of %zu\n", *l->name ? l->name :
			    "?", percent(l->intents_right, l->n), l->n);
	}
}

/* One held-back text that was read otherwise than labelled. */
static void
print_miss(const struct train_sample *s, const struct reading *r,
    enum action done, enum action asked)
{
	bool sends = action_sends(done) && !action_sends(asked);

	if (r->intent == s->intent && !sends)
		return;
	printf("%s%s/%s read as %s/%s (%.2f%s%s, %s): %.*s | %.*s\n",
	    sends ? "FALSE ANSWER " : "", intent_name(s->intent),
	    action_name(asked), intent_name(r->intent), action_name(done),
	    r->confidence, r->torn ? ", " : "", r->torn ? r->torn : "",
	    context_name(s->context), (int)s->subject.n, s->subject.p,
	    (int)s->text.n, s->text.p);
}

static struct train_outcome
outcome_of(const struct train_sample *s, const struct reading *r,
    enum action done, enum action asked)
{
	return (struct train_outcome){
		.right = r->intent == s->intent,
		.action_right = done == asked,
		.wrong_answer = action_sends(done) && done != asked,
	};
}

/* What came of each lesson when it was held back. */
struct held_back {
	const struct lessons *lessons;
	bool misses;
	struct train_outcome *outcome;
};

static void
keep(void *ctx, size_t i, const struct reading *r, enum action done,
    enum action asked)
{
	const struct held_back *h = ctx;
	const struct train_sample *s = &h->lessons->v[i];

	h->outcome[i] = outcome_of(s, r, done, asked);
	if (h->misses)
		print_miss(s, r, done, asked);
}

/* Texts that the installed model has not learned from, and what came of them when
 * they were held back from the new one. */
struct unseen {
	struct train_sample *sample;
	struct train_outcome *now;
	size_t n;
	struct train_match match;
};

static void
match(void *ctx, size_t i, const struct reading *r, enum action done,
    enum action asked)
{
	struct unseen *u = ctx;

	train_match_add(&u->match, outcome_of(&u->sample[i], r, done, asked),
	    u->now[i]);
}

static void
find_unseen(const struct held_back *h, const struct model *installed,
    struct unseen *out)
{
	const struct lessons *l = h->lessons;

	*out = (struct unseen){
		.sample = arena_array(l->a, l->n, sizeof *out->sample),
		.now = arena_array(l->a, l->n, sizeof *out->now),
	};
	/* One that does not say what it learned from may know them all. */
	for (size_t i = 0; i < l->n && model_held_back(installed)->n > 0; i++) {
		if (model_has_learned(installed,
		    train_fingerprint(l->v[i].text)))
			continue;
		out->sample[out->n] = l->v[i];
		out->now[out->n++] = h->outcome[i];
	}
}

static void
print_figures(const char *whose, const struct model_figures *f)
{
	printf("%-26s %7zu", whose, (size_t)f->n);
	print_share(f->intents_right, f->n);
	print_share(f->actions_right, f->n);
	if (f->n > 0)
		printf(" %7zu  (review_below %.2f)\n", (size_t)f->wrong_answers,
		    f->review_below);
	else
		printf(" %7s\n", "-");
}

static void
print_match(const struct train_match *m, double review_below)
{
	static const char *const whose[] = { "  installed model",
		"  new model" };

	puts("new to both models");
	for (size_t i = 0; i < 2; i++)
		print_figures(whose[i], &(struct model_figures){ m->n,
		    m->right[i], m->actions_right[i], m->wrong_answers[i],
		    review_below });
}

static void
print_verdict(const struct train_match *m)
{
	enum train_verdict v = train_match_verdict(m);

	if (v != TRAIN_NOT_SHOWN)
		printf("The new model is %s, by %zu texts that neither has "
		    "learned from.\n", v == TRAIN_BETTER ? "better" : "worse",
		    m->n);
	else if (m->n < TRAIN_LEAST)
		printf("Whether the new model is better is not shown: %zu "
		    "texts that neither has learned\nfrom are too few.\n",
		    m->n);
	else
		printf("Whether the new model is better is not shown: on %zu "
		    "texts that neither has learned\nfrom they are as good as "
		    "each other, or differ by chance.\n", m->n);
}

/* A model knows the texts that it learned from, and its figures there flatter it:
 * the installed one is judged by the others alone, the new one by each text as it
 * was held back. */
static void
compare(const struct engine *engine, const struct held_back *h,
    const struct model *new)
{
	const double review_below = engine->config->policy.review_below;
	struct train_options how = {
		.read = match, .review_below = review_below,
	};
	struct train_report report;
	struct model *installed = NULL;
	struct unseen unseen;
	struct cd_err err = { "" };

	if (model_load(engine->config->files.model, &installed, &err) !=
	    CD_OK || model_classes(installed) != SCORE_COUNT) {
		printf("\nNothing to compare with: %s\nWhether the new model "
		    "is better is not shown.\n", installed ?
		    "the installed model is one of other intents" : err.text);
		model_free(&installed);
		return;
	}
	find_unseen(h, installed, &unseen);
	how.ctx = &unseen;
	classifier_set_model(engine->classifier, installed);
	train_judge(engine->classifier, unseen.sample, unseen.n, &how, &report);
	printf("\n%-26s %7s %9s %9s %7s\n", "", "texts", "intents", "actions",
	    "wrong");
	print_match(&unseen.match, review_below);
	puts("held back when learned");
	print_figures("  installed model", model_held_back(installed));
	print_figures("  new model", model_held_back(new));
	printf("wrong: automatic answers that are not the one the label asks "
	    "for.\n");
	print_verdict(&unseen.match);
}

struct wanted {
	size_t folds;
	bool misses;
	const char *without, *file;
};

static int
learn(const struct engine *engine, struct lessons *l, const struct wanted *w)
{
	struct held_back h = {
		.lessons = l, .misses = w->misses,
		.outcome = arena_array(l->a, l->n, sizeof *h.outcome),
	};
	struct train_options how = {
		.folds = w->folds, .progress = say, .ctx = &h, .read = keep,
		.review_below = engine->config->policy.review_below,
	};
	struct train_report report;
	struct model *m = NULL;
	struct cd_err err = { "" };
	enum cd_rc rc = train_run(engine->classifier, l->v, l->n, &how, &report,
	    &m, &err);

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	if (rc != CD_OK)
		return cli_fail(EX_DATAERR, "%s", err.text);
	printf("%zu texts in %zu parts: %.1f %% of intents right\n\n", report.n,
	    w->folds, percent(report.intents_right, report.n));
	print_intents(&report);
	print_confusion(&report);
	print_thresholds(&report);
	print_languages(&report);
	print_whose(&report);
	compare(engine, &h, m);
	rc = model_save(m, w->file, &err);
	model_free(&m);
	if (rc != CD_OK)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	printf("Written to %s.\n", w->file);
	return EX_OK;
}

/* The queue's corrections are lessons too, where there is a database. */
static int
add_corrections(struct lessons *l, const struct config *config)
{
	struct store *store = NULL;
	struct cd_err err = { "" };
	size_t before = l->n;
	int64_t forgotten;
	enum cd_rc rc;

	if (!config->files.database || !*config->files.database ||
	    access(config->files.database, R_OK) != 0)
		return EX_OK;
	rc = store_open(config->files.database, STORE_READ, &store, &err);
	if (rc == CD_OK)
		rc = lessons_corrections(l, store, &err);
	if (rc == CD_OK)
		rc = labels_say_forgotten(store, &forgotten, &err);
	store_close(&store);
	if (rc != CD_OK)
		return cli_fail(cli_code(rc), "%s", err.text);
	if (l->n > before)
		printf("%zu corrections of the queue\n", l->n - before);
	return EX_OK;
}

static int
train_all(const struct engine *engine, int n, char **paths,
    const struct wanted *w)
{
	struct lessons l;
	int code = EX_OK;

	lessons_new(&l);
	l.without = w->without;
	for (int i = 0; i < n && code == EX_OK; i++)
		code = lessons_read(&l, engine, paths[i]);
	if (code == EX_OK && w->without && !l.left_out)
		code = cli_fail(EX_NOINPUT, "--without %s: no such file in the "
		    "folders", w->without);
	if (code == EX_OK)
		code = add_corrections(&l, engine->config);
	if (code == EX_OK)
		lessons_contradictions(&l);
	cli_warned(l.warnings);
	if (code == EX_OK)
		code = learn(engine, &l, w);
	lessons_free(&l);
	return code;
}

int
cmd_train(int argc, char **argv, const struct command_env *env)
{
	struct wanted w = { .folds = 10 };
	const char *cv = NULL;
	const struct option_spec options[] = {
		{ "o", NULL, &w.file }, { "cv", NULL, &cv },
		{ "without", NULL, &w.without }, { "misses", &w.misses, NULL },
		{ 0 }
	};
	int n = cli_options(argc, argv, options, 1, 1000), code;
	struct config *config;
	struct engine *engine = NULL;
	struct cd_err err = { "" };
	int64_t folds = 10;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (!w.file || !*w.file)
		return cli_usage(argv[0], "-o FILE is needed");
	/* The model would take the lessons' place. */
	if (str_iends(str_of(w.file), STR(".jsonl")))
		return cli_usage(argv[0], "-o is where the model goes, and %s "
		    "looks like lessons", w.file);
	if (cv && !str_to_i64(str_of(cv), 2, 20, &folds))
		return cli_usage(argv[0], "--cv takes 2 to 20, not %s", cv);
	w.folds = (size_t)folds;
	if (model_try_save(w.file, &err) != CD_OK)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	code = cli_config(env, CONFIG_READING, &config);
	if (code != EX_OK)
		return code;
	if (engine_load(config, ENGINE_LEARNS, &engine, &err) != CD_OK)
		code = cli_fail(EX_CONFIG, "%s", err.text);
	else
		code = train_all(engine, n, argv + 1, &w);
	engine_free(&engine);
	config_free(&config);
	return code;
}
