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
		if (labelled > 0)
			printf("%-18s %8.1f%% %8.1f%% %6zu\n",
			    intent_name((enum intent)i), percent(right, said),
			    percent(right, labelled), labelled);
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
	printf("\n%-14s %8s %8s %14s %14s\n", "review_below", "right",
	    "answers", "other answer", "false answer");
	for (size_t t = 0; t < TRAIN_THRESHOLDS; t++)
		printf("%-14.2f %7.1f%% %8zu %14zu %14zu\n",
		    r->at[t].review_below, percent(r->at[t].right, r->n),
		    r->at[t].answers, r->at[t].wrong_answers,
		    r->at[t].false_answers);
	printf("(false: an automatic answer where the label asks for none)\n");
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
	    model_classes(m) != INTENT_COUNT) {
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

static int
learn(const struct engine *engine, const struct lessons *l, size_t folds,
    const char *file)
{
	struct train_options how = { .folds = folds, .progress = say };
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
	    folds, percent(report.intents_right, report.n));
	print_intents(&report);
	print_confusion(&report);
	print_thresholds(&report);
	compare(engine->classifier, engine->config->files.model, l, &report);
	rc = model_save(m, file, &err);
	model_free(&m);
	if (rc != CD_OK)
		return cli_fail(EX_CANTCREAT, "%s", err.text);
	printf("Written to %s.\n", file);
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
train_all(const struct engine *engine, int n, char **paths, size_t folds,
    const char *file)
{
	struct lessons l;
	int code = EX_OK;

	lessons_new(&l);
	for (int i = 0; i < n && code == EX_OK; i++)
		code = lessons_read(&l, engine, paths[i]);
	if (code == EX_OK)
		code = add_corrections(&l, engine->config);
	if (code == EX_OK)
		code = learn(engine, &l, folds, file);
	lessons_free(&l);
	return code;
}

int
cmd_train(int argc, char **argv, const struct command_env *env)
{
	const char *file = NULL, *cv = NULL;
	const struct option_spec options[] = {
		{ "o", NULL, &file }, { "cv", NULL, &cv }, { 0 }
	};
	int n = cli_options(argc, argv, options, 1, 1000), code;
	struct config *config;
	struct engine *engine = NULL;
	struct cd_err err = { "" };
	int64_t folds = 10;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (!file)
		return cli_usage(argv[0], "-o FILE is needed");
	if (cv && !str_to_i64(str_of(cv), 2, 20, &folds))
		return cli_usage(argv[0], "--cv takes 2 to 20, not %s", cv);
	code = cli_config(env, CONFIG_READING, &config);
	if (code != EX_OK)
		return code;
	if (engine_load(config, ENGINE_READS, &engine, &err) != CD_OK)
		code = cli_fail(EX_CONFIG, "%s", err.text);
	else
		code = train_all(engine, n, argv + 1, (size_t)folds, file);
	engine_free(&engine);
	config_free(&config);
	return code;
}
