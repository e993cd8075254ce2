/*
 * explain over labelled mails: those of a folder, where labels.jsonl names file,
 * intent, action and more (lang, visible, domain) of each, or the stored ones
 * whose reading a person corrected.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/labels.h"
#include "cli/mailfile.h"
#include "cli/view.h"
#include "flow/intake.h"
#include "text/classifier.h"
#include "text/train.h"

struct tally {
	size_t right, said, labelled; /* of one intent or action */
};

#define LANGUAGES	24	/* the last takes what has no place */

struct by_language {
	char name[12];
	size_t n, intents_right, actions_right;
};

struct evaluation {
	size_t n, intents_right, actions_right, domains, domains_right;
	size_t learned;		/* mails that the model has learned from */
	struct tally intent[INTENT_COUNT], action[ACTION_COUNT];
	size_t confusion[INTENT_COUNT][INTENT_COUNT]; /* [label][read] */
	struct by_language language[LANGUAGES];
	/* Automatic answers where the label asks for none, and where it asks
	 * for another one. */
	json_t *wrong_answers, *other_answers;
	json_t *misses;
};

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static void
count_language(struct evaluation *e, const char *name, bool intent, bool action)
{
	struct by_language *l = e->language;

	while (l < e->language + LANGUAGES - 1 && l->n > 0 &&
	    strncmp(l->name, name, sizeof l->name - 1) != 0)
		l++;
	if (l->n++ == 0)
		snprintf(l->name, sizeof l->name, "%s",
		    l == e->language + LANGUAGES - 1 ? "others" : name);
	l->intents_right += intent;
	l->actions_right += action;
}

/* What the label says; nothing else is counted. */
struct wanted {
	enum intent intent;
	enum action action;
};

static void
count(struct evaluation *e, struct arena *a, const json_t *label,
    const struct wanted *want, const struct examined *x,
    const struct verdict *v)
{
	bool intent_right = x->reading.intent == want->intent;
	bool action_right = v->action == want->action;

	e->n++;
	e->intents_right += intent_right;
	e->actions_right += action_right;
	e->intent[x->reading.intent].said++;
	e->intent[want->intent].labelled++;
	e->intent[want->intent].right += intent_right;
	e->confusion[want->intent][x->reading.intent]++;
	e->action[v->action].said++;
	e->action[want->action].labelled++;
	e->action[want->action].right += action_right;
	count_language(e, text_of(label, "lang"), intent_right, action_right);
	if (want->action == ACTION_LINK && *text_of(label, "domain")) {
		e->domains++;
		e->domains_right += x->domain &&
		    strcmp(x->domain, text_of(label, "domain")) == 0;
	}
	if (intent_right && action_right)
		return;
	json_t *miss = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:o}",
	    "file", text_of(label, "file"), "intent", intent_name(want->intent),
	    "read_as", intent_name(x->reading.intent), "action",
	    action_name(want->action), "would", action_name(v->action),
	    "reason", v->reason, "confidence", x->reading.confidence,
	    "evidence", json_loads(intake_evidence(a, &x->reading), 0, NULL));

	if (!action_right && action_sends(v->action))
		json_array_append(action_sends(want->action) ? e->other_answers
		    : e->wrong_answers, miss);
	json_array_append_new(e->misses, miss);
}

static bool
has_learned(const struct model *m, struct str text)
{
	return str_trim(text).n > 0 &&
	    model_has_learned(m, train_fingerprint(text));
}

/* From the words that were labelled as newly written, or from those found. */
static bool
is_learned(const struct engine *engine, const json_t *label,
    const struct examined *x)
{
	const struct model *m = classifier_model(engine->classifier);

	return m && (has_learned(m, x->visible.zone[ZONE_NEW]) ||
	    has_learned(m, str_of(text_of(label, "visible"))));
}

static void
judge(struct evaluation *e, const struct engine *engine, struct arena *a,
    const json_t *label, const struct wanted *want, const struct examined *x)
{
	struct facts facts;
	struct verdict v;

	intake_facts(engine, x, &facts);
	v = decide(&facts);
	count(e, a, label, want, x, &v);
	e->learned += is_learned(engine, label, x);
}

static double
ratio(size_t a, size_t b)
{
	return b ? (double)a / (double)b : 1.0;
}

/* Of nothing there is no share. */
static json_t *
share_json(size_t a, size_t b)
{
	return b ? json_real(ratio(a, b)) : json_null();
}

static json_t *
tally_json(const struct tally *t)
{
	return json_pack("{s:o, s:o, s:I}", "precision",
	    share_json(t->right, t->said), "recall",
	    share_json(t->right, t->labelled), "n",
	    (json_int_t)t->labelled);
}

static json_t *
confusion_json(const struct evaluation *e)
{
	json_t *rows = json_object();

	for (int i = 0; i < INTENT_COUNT; i++) {
		json_t *row = json_object();

		for (int k = 0; k < INTENT_COUNT; k++) {
			if (e->confusion[i][k] > 0)
				json_object_set_new(row,
				    intent_name((enum intent)k),
				    json_integer((json_int_t)
				    e->confusion[i][k]));
		}
		json_object_set_new(rows, intent_name((enum intent)i), row);
	}
	return rows;
}

static json_t *
languages_json(const struct evaluation *e)
{
	json_t *all = json_object();

	for (size_t i = 0; i < LANGUAGES && e->language[i].n > 0; i++) {
		const struct by_language *l = &e->language[i];

		json_object_set_new(all, l->name, json_pack("{s:I, s:f, s:f}",
		    "n", (json_int_t)l->n, "intent_accuracy",
		    ratio(l->intents_right, l->n), "action_accuracy",
		    ratio(l->actions_right, l->n)));
	}
	return all;
}

static void
print_json(const struct evaluation *e)
{
	json_t *intents = json_object(), *actions = json_object();

	for (int i = 0; i < INTENT_COUNT; i++)
		json_object_set_new(intents, intent_name((enum intent)i),
		    tally_json(&e->intent[i]));
	for (int i = 0; i < ACTION_COUNT; i++)
		json_object_set_new(actions, action_name((enum action)i),
		    tally_json(&e->action[i]));
	cli_json(json_pack("{s:I, s:I, s:f, s:f, s:I, s:I, s:I, s:O, s:I, s:O, s:o, "
	    "s:o, s:o, s:o, s:O}",
	    "mails", (json_int_t)e->n, "learned_by_model",
	    (json_int_t)e->learned, "intent_accuracy",
	    ratio(e->intents_right, e->n), "action_accuracy",
	    ratio(e->actions_right, e->n), "link_domains",
	    (json_int_t)e->domains, "link_domains_right",
	    (json_int_t)e->domains_right, "wrong_automatic_answers",
	    (json_int_t)json_array_size(e->wrong_answers), "wrong_answers",
	    e->wrong_answers, "other_automatic_answers",
	    (json_int_t)json_array_size(e->other_answers), "other_answers",
	    e->other_answers, "intents", intents, "actions", actions,
	    "confusion", confusion_json(e), "languages", languages_json(e),
	    "misses", e->misses));
}

static void
print_misses(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *m = json_array_get(list, i);
		const json_t *evidence = json_object_get(m, "evidence");

		printf("  %-34s %s/%s read as %s/%s (%s, %.2f)\n",
		    text_of(m, "file"), text_of(m, "intent"),
		    text_of(m, "action"), text_of(m, "read_as"),
		    text_of(m, "would"), text_of(m, "reason"),
		    json_real_value(json_object_get(m, "confidence")));
		for (size_t k = 0; k < json_array_size(evidence) && k < 3; k++) {
			const json_t *ev = json_array_get(evidence, k);
			/* One member, or none. */
			void *says = json_object_iter(json_object_get(ev,
			    "says"));

			printf("      %+.2f %s \"%s\"",
			    json_real_value(json_object_get(ev, "weight")),
			    text_of(ev, "rule"), text_of(ev, "match"));
			view_says(json_object_iter_key(says), json_real_value(
			    json_object_iter_value(says)));
		}
	}
}

static void
print_confusion(const struct evaluation *e)
{
	printf("\nlabelled as (down), read as (across):\n%-18s", "");
	for (int k = 0; k < INTENT_COUNT; k++)
		printf(" %5.5s", intent_name((enum intent)k));
	puts("");
	for (int i = 0; i < INTENT_COUNT; i++) {
		printf("%-18s", intent_name((enum intent)i));
		for (int k = 0; k < INTENT_COUNT; k++)
			printf(" %5zu", e->confusion[i][k]);
		puts("");
	}
}

static void
print_languages(const struct evaluation *e)
{
	printf("\n%-18s %9s %9s %5s\n", "language", "actions", "intents", "n");
	for (size_t i = 0; i < LANGUAGES && e->language[i].n > 0; i++) {
		const struct by_language *l = &e->language[i];

		printf("%-18s %9.3f %9.3f %5zu\n", *l->name ? l->name : "?",
		    ratio(l->actions_right, l->n),
		    ratio(l->intents_right, l->n), l->n);
	}
}

static void
print_share(size_t a, size_t b)
{
	if (b)
		printf(" %9.3f", ratio(a, b));
	else
		printf(" %9s", "-");
}

static void
print_tally(const char *name, const struct tally *t)
{
	printf("%-18s", name);
	print_share(t->right, t->said);
	print_share(t->right, t->labelled);
	printf(" %5zu\n", t->labelled);
}

static void
print_text(const struct evaluation *e)
{
	printf("wrong automatic answers: %zu where none should go, %zu where "
	    "another should\n", json_array_size(e->wrong_answers),
	    json_array_size(e->other_answers));
	print_misses(e->wrong_answers);
	print_misses(e->other_answers);
	printf("\n%zu mails: action right in %zu (%.1f %%), intent right in %zu "
	    "(%.1f %%), domain of links right in %zu of %zu\n", e->n,
	    e->actions_right, 100 * ratio(e->actions_right, e->n),
	    e->intents_right, 100 * ratio(e->intents_right, e->n),
	    e->domains_right, e->domains);
	if (e->learned > 0)
		printf("%zu of %zu were learned by this model: that is no "
		    "measure of it\n", e->learned, e->n);
	printf("\n%-18s %9s %9s %5s\n", "", "precision", "recall", "n");
	for (int i = 0; i < INTENT_COUNT; i++)
		print_tally(intent_name((enum intent)i), &e->intent[i]);
	puts("");
	for (int i = 0; i < ACTION_COUNT; i++)
		print_tally(action_name((enum action)i), &e->action[i]);
	print_confusion(e);
	print_languages(e);
	printf("\nmisses: %zu\n", json_array_size(e->misses));
	print_misses(e->misses);
}

/* What evaluate_mail works with. */
struct folder {
	struct evaluation *e;
	const struct engine *engine;
	const char *dir;
	json_t *labelled;	/* file: where its label stands */
	size_t warnings;	/* cli_warn's */
};

/* Each mail counts as often as it is labelled. */
static void
note_labelled(struct folder *from, const char *file, const char *place)
{
	const char *before = text_of(from->labelled, file);

	if (*before)
		cli_warn(&from->warnings, "%s: %s is labelled already, at %s",
		    place, file, before);
	else
		json_object_set_new(from->labelled, file, json_string(place));
}

static int
is_mail(const struct dirent *e)
{
	return str_iends(str_of(e->d_name), STR(".eml"));
}

static void
warn_of_unlabelled(struct folder *from)
{
	struct dirent **list = NULL;
	int n = scandir(from->dir, &list, is_mail, alphasort);

	for (int i = 0; i < n; i++) {
		if (!json_object_get(from->labelled, list[i]->d_name))
			cli_warn(&from->warnings, "%s/%s is not read: no label "
			    "names it", from->dir, list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

static int
evaluate_mail(void *ctx, const struct label *l)
{
	struct folder *from = ctx;
	const char *file, *language, *domain;
	struct examined x;
	struct wanted want;
	struct cd_err err = { "" };
	struct str raw;
	enum cd_rc rc;
	int code = label_needed(l, "file", &file);

	if (code == EX_OK)
		code = label_intent(l, &want.intent);
	if (code == EX_OK)
		code = label_action(l, &want.action);
	if (code == EX_OK)
		code = label_language(l, &language);
	if (code == EX_OK)
		code = label_text(l, "domain", &domain);
	if (code != EX_OK)
		return code;
	rc = mailfile_mail(l->a, arena_printf(l->a, "%s/%s", from->dir, file),
	    (size_t)from->engine->config->mailbox.max_fetch, &raw, &err);
	if (rc != CD_OK)
		return cli_fail(cli_code(rc), "%s: %s", l->place, err.text);
	intake_examine(from->engine, l->a, raw, &x);
	judge(from->e, from->engine, l->a, l->row, &want, &x);
	note_labelled(from, file, l->place);
	return EX_OK;
}

static int
evaluate_folder(struct evaluation *e, const struct engine *engine,
    const char *dir)
{
	struct arena *a = arena_new();
	char *path = arena_printf(a, "%s/labels.jsonl", dir);
	struct folder from = { e, engine, dir, json_object(), 0 };
	int code = EX_OK;

	if (access(path, R_OK) != 0)
		code = cli_fail(EX_NOINPUT, "%s: %s: a labelled folder holds "
		    "mails and labels.jsonl", path, strerror(errno));
	else
		code = labels_read(path, evaluate_mail, &from);
	if (code == EX_OK)
		warn_of_unlabelled(&from);
	cli_warned(from.warnings);
	json_decref(from.labelled);
	if (code == EX_OK && e->n == 0)
		code = cli_fail(EX_DATAERR, "%s names no mail: there is "
		    "nothing to evaluate", path);
	arena_free(&a);
	return code;
}

/* A person says what the mail is; what should be done with it is what the
 * program would do if it read that, without doubt. */
static enum cd_rc
evaluate_correction(struct evaluation *e, const struct cli_session *s,
    struct arena *a, const struct label_row *row, struct cd_err *err)
{
	struct mail_row mail;
	struct examined x, corrected;
	struct facts facts;
	struct wanted want;
	json_t *label;
	enum cd_rc rc = mails_get(s->store, a, row->mail_id, &mail, err);

	if (rc != CD_OK)
		return rc;
	/* Another version's word, or purged just now. */
	if (!intent_of(str_of(row->intent), &want.intent) ||
	    !intake_reread(s->engine, a, &mail, &x))
		return CD_OK;
	corrected = x;
	intake_read_as(&corrected, want.intent);
	intake_facts(s->engine, &corrected, &facts);
	want.action = decide(&facts).action;
	label = json_pack("{s:o, s:s}", "file", json_sprintf("case %lld, mail "
	    "%lld", (long long)mail.case_id, (long long)mail.id), "lang",
	    mail.language ? mail.language : "");
	judge(e, s->engine, a, label, &want, &x);
	json_decref(label);
	return CD_OK;
}

static int
evaluate_corrections(struct evaluation *e, const struct cli_session *s)
{
	struct arena *a = arena_new();
	struct label_row *rows = NULL;
	struct cd_err err = { "" };
	int64_t forgotten = 0;
	size_t n = 0;
	enum cd_rc rc = mails_labels(s->store, s->arena, &rows, &n, &err);

	if (rc == CD_OK)
		rc = labels_say_forgotten(s->store, &forgotten, &err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		arena_reset(a);
		rc = evaluate_correction(e, s, a, &rows[i], &err);
	}
	arena_free(&a);
	if (rc == CD_OK && e->n == 0 && forgotten > 0)
		return cli_fail(EX_NOINPUT, "no corrected mail has its text, "
		    "so there is nothing to evaluate; eval DIR takes a "
		    "labelled folder");
	if (rc == CD_OK && e->n == 0)
		return cli_fail(EX_NOINPUT, "no reading was corrected yet "
		    "(consentdesk label N INTENT), so there is nothing to "
		    "evaluate; eval DIR takes a labelled folder");
	return cli_result(rc, &err);
}

int
cmd_eval(int argc, char **argv, const struct command_env *env)
{
	bool json = false;
	const char *model = NULL;
	const struct option_spec options[] = {
		{ "json", &json, NULL }, { "model", NULL, &model }, { 0 }
	};
	int n = cli_options(argc, argv, options, 0, 1);
	struct evaluation e = { 0 };
	struct cli_session s;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	code = cli_open_model(env, n == 0 ? CLI_REPLAY : CLI_READING, model,
	    &s);
	if (code != EX_OK)
		return code;
	e.wrong_answers = json_array();
	e.other_answers = json_array();
	e.misses = json_array();
	code = n == 0 ? evaluate_corrections(&e, &s)
	    : evaluate_folder(&e, s.engine, argv[1]);
	if (code == EX_OK && json)
		print_json(&e);
	else if (code == EX_OK)
		print_text(&e);
	json_decref(e.wrong_answers);
	json_decref(e.other_answers);
	json_decref(e.misses);
	cli_close(&s);
	return code;
}
