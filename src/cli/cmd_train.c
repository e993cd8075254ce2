/*
 * Learn the model anew. What is printed is of mails that were held back, so
 * that it is what unseen mails may expect.
 */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
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
print_miss(void *ctx, size_t i, const struct reading *r, enum action done,
    enum action asked)
{
	const struct lessons *l = ctx;
	const struct train_sample *s = &l->v[i];
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

/* The installed model has seen most of these texts already when it was learned
 * from the same folders: its figures flatter it, which the line says. */
static void
compare(struct classifier *c, const char *installed, const struct lessons *l,
    const struct train_report *now)
{
	struct train_report before;
	struct model *m = NULL;
	struct cd_err err = { "" };

	if (model_load(installed, &m, &err) != CD_OK ||
	    model_classes(m) != SCORE_COUNT) {
		printf("\nNothing to compare with: %s\n", err.text);
		model_free(&m);
		return;
	}
	classifier_set_model(c, m);
	train_judge(c, l->v, l->n, &before);
	printf("\nInstalled model on the same texts: %.1f %% of intents right, "
	    "the new one %.1f %% on texts held back.\n",
	    percent(before.intents_right, before.n),
	    percent(now->intents_right, now->n));
	if (now->intents_right > before.intents_right)
		printf("The new model is better.\n");
	else
		printf("That does not show the new model to be better; if the "
		    "installed one learned from these texts it has the "
		    "advantage of having seen them.\n");
}

struct wanted {
	size_t folds;
	bool misses;
	const char *without, *file;
};

static int
learn(const struct engine *engine, struct lessons *l, const struct wanted *w)
{
	struct train_options how = {
		.folds = w->folds, .progress = say, .ctx = l,
		.held_back = w->misses ? print_miss : NULL,
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
	compare(engine->classifier, engine->config->files.model, l, &report);
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
	enum cd_rc rc;

	if (!config->files.database || !*config->files.database ||
	    access(config->files.database, R_OK) != 0)
		return EX_OK;
	rc = store_open(config->files.database, STORE_READ, &store, &err);
	if (rc == CD_OK)
		rc = lessons_corrections(l, store, &err);
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
