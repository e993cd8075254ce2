/*
 * Reading a mail: fold its zones, run the rules, make the model's features of
 * text and fired rules, weigh both. What the mail names besides (code, tenant,
 * domains) is found here too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/classifier.h"
#include "text/codes.h"
#include "text/domain.h"
#include "text/fold.h"
#include "text/whose.h"

#define MODEL_WORDS	6	/* shown as evidence */
#define MAX_MATCH_SHOWN	120	/* bytes */
#define WHOSE_WORDS	3	/* of whose tenant it is */
#define MAX_DOMAINS	4
#define FEW_LETTERS	48
#define BARE_COMPANY	80	/* bytes of new text that do little but name one */
#define NAMED_BELOW	0.9	/* who names us in an unknown language is left */

struct classifier {
	struct arena *a;
	struct rules *rules;
	struct rule_note *notes;
	struct model *model;	/* NULL: rules alone */
	struct calibration rules_alone;
	struct codes *codes;
	const char **product;	/* folded */
	size_t n_product;
	const char **ignored;	/* domains that name no customer */
	size_t n_ignored;
	const char *client_id;	/* folded; NULL: not known */
};

/* What a rule says, read once. */
struct rule_note {
	double points[INTENT_COUNT];
	uint64_t facts;
	uint32_t mark;		/* the same in all languages */
	bool weighs;
};

/* A name with a dot in it is a note that may be anybody's, but for the two
 * topics that are the program's own. */
static bool
may_be_note(const char *name)
{
	return strchr(name, '.') && !str_starts(str_of(name), STR("role.")) &&
	    !str_starts(str_of(name), STR("bare."));
}

static enum cd_rc
unknown_effect(const struct rule_effect *e, struct arena *a,
    struct cd_err *err)
{
	struct buf names = buf_new(a, CD_MAX_ERR);

	for (size_t i = 0; i < INTENT_COUNT; i++) {
		buf_puts(&names, i > 0 ? ", " : "");
		buf_puts(&names, intent_name((enum intent)i));
	}
	return cd_fail(err, CD_MALFORMED, "%s:%d: \"%s\" is neither an intent "
	    "(%s) nor a fact (consentdesk-rules(5) lists them)",
	    e->place.file, e->place.line, e->what, buf_str(&names).p);
}

static enum cd_rc
note_rule(const struct rules *r, size_t i, struct rule_note *note,
    struct arena *a, struct cd_err *err)
{
	const char *id = rules_id(r, i);
	size_t n, length = strcspn(id, ":");
	const struct rule_effect *e = rules_effects(r, i, &n);

	note->mark = feature_hash(arena_strndup(a, id, length));
	if (rules_zone(r, i) != RULE_NEW)
		note->mark += (uint32_t)rules_zone(r, i);
	for (size_t k = 0; k < n; k++) {
		enum intent intent;

		if (intent_of(str_of(e[k].what), &intent)) {
			note->points[intent] += e[k].weight;
			note->weighs = true;
			continue;
		}
		note->facts |= fact_of(e[k].what);
		if (!fact_of(e[k].what) && !may_be_note(e[k].what))
			return unknown_effect(&e[k], a, err);
	}
	return CD_OK;
}

static enum cd_rc
note_rules(struct classifier *c, struct cd_err *err)
{
	size_t n = rules_count(c->rules);
	enum cd_rc rc = CD_OK;

	c->notes = arena_array(c->a, n, sizeof *c->notes);
	for (size_t i = 0; i < n && rc == CD_OK; i++)
		rc = note_rule(c->rules, i, &c->notes[i], c->a, err);
	return rc;
}

static void
keep_names(struct classifier *c, const struct classifier_options *o)
{
	/* Never a company that a mail names: Microsoft's own, those of its
	 * screens, and Google's. */
	static const char *const microsoft[] = {
		"microsoft.com", "microsoft365.com", "microsoftonline.com",
		"microsoftonline.us", "microsoftonline.cn", "office.com",
		"office365.com", "azure.com", "azure.us", "azure.cn",
		"windows.net", "live.com", "outlook.com", "aka.ms",
		"msauth.net", "office.net", "sharepoint.com", "teams.ms",
		"google.com",
	};
	size_t n = sizeof microsoft / sizeof *microsoft;

	if (o->client_id)
		c->client_id = arena_lower(c->a, str_of(o->client_id));
	c->product = arena_array(c->a, o->n_product_names + 1,
	    sizeof *c->product);
	for (size_t i = 0; i < o->n_product_names; i++)
		c->product[c->n_product++] = arena_str(c->a,
		    rules_normalise(c->a, str_of(o->product_names[i])));
	c->ignored = arena_array(c->a, o->n_own_domains + n,
	    sizeof *c->ignored);
	for (size_t i = 0; i < o->n_own_domains; i++)
		c->ignored[c->n_ignored++] =
		    arena_strdup(c->a, o->own_domains[i]);
	for (size_t i = 0; i < n; i++)
		c->ignored[c->n_ignored++] = microsoft[i];
}

enum cd_rc
classifier_load(const struct classifier_options *o, struct classifier **out,
    struct cd_err *err)
{
	struct arena *a = arena_new();
	struct classifier *c = arena_alloc(a, sizeof *c);
	enum cd_rc rc;

	c->a = a;
	c->rules_alone = combine_default(false);
	keep_names(c, o);
	rc = rules_load(o->rules_dir, o->product_names, o->n_product_names,
	    &c->rules, err);
	if (rc == CD_OK)
		rc = note_rules(c, err);
	if (rc == CD_OK)
		rc = codes_load(a, arena_printf(a, "%s/codes", o->rules_dir),
		    &c->codes, err);
	if (rc == CD_OK && o->model_file)
		rc = model_load(o->model_file, &c->model, err);
	if (rc == CD_OK && c->model &&
	    model_classes(c->model) != SCORE_COUNT)
		rc = cd_fail(err, CD_MALFORMED, "%s: a model of %zu classes, "
		    "not %d", o->model_file, model_classes(c->model),
		    (int)SCORE_COUNT);
	if (rc == CD_OK)
		*out = c;
	else
		classifier_free(&c);
	return rc;
}

void
classifier_free(struct classifier **c)
{
	struct arena *a;

	if (!c || !*c)
		return;
	rules_free(&(*c)->rules);
	model_free(&(*c)->model);
	a = (*c)->a;
	*c = NULL;
	arena_free(&a);
}

const struct rules *
classifier_rules(const struct classifier *c)
{
	return c->rules;
}

void
classifier_set_model(struct classifier *c, struct model *m)
{
	model_free(&c->model);
	c->model = m;
}

const struct model *
classifier_model(const struct classifier *c)
{
	return c->model;
}

static struct str
folded(struct arena *a, struct str s)
{
	return rules_normalise(a, str_sub(s, 0, CD_MAX_CLASSIFY));
}

static void
fold_zones(struct arena *a, const struct classify_input *in,
    struct rule_input *out)
{
	out->language = in->language;
	out->zone[RULE_SUBJECT] = folded(a, in->subject);
	out->zone[RULE_NEW] = folded(a, in->zone[ZONE_NEW]);
	out->zone[RULE_QUOTED] = folded(a, in->zone[ZONE_QUOTED]);
	out->zone[RULE_FORWARDED] = folded(a, in->zone[ZONE_FORWARDED]);
	out->zone[RULE_SIGNATURE] = folded(a, in->zone[ZONE_SIGNATURE]);
	out->zone[RULE_ATTACHMENT] = folded(a, in->attachments);
	out->zone[RULE_SENDER] = folded(a, str_of(in->sender));
}

/* Who names another firm than his own, wherever he does. */
static bool
for_other_firm(const struct classifier *c, struct arena *a,
    const struct classify_input *in, const struct collected *got)
{
	for (size_t i = 0; i < got->n_hits; i++) {
		const struct rule_hit *hit = &got->hits[i];
		struct str zone = got->zones.zone[rules_zone(c->rules,
		    hit->rule)];

		if ((c->notes[hit->rule].facts & FACT_FOR_FIRM) &&
		    whose_other_firm(a, in->sender, zone, hit->from, hit->to))
			return true;
	}
	return false;
}

/* A rule counts once, in however many languages it fires. */
static void
keep_hits(const struct classifier *c, struct collected *out)
{
	const struct rule_effect *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < out->n_hits; i++) {
		size_t rule = out->hits[i].rule, unused;
		const struct rule_effect *e =
		    rules_effects(c->rules, rule, &unused);

		/* Hits are in order of the rules, languages of one rule side
		 * by side. */
		if (e == last)
			continue;
		last = e;
		out->hits[n++] = out->hits[i];
	}
	out->n_hits = n;
}

static bool
is_shouting(struct str s)
{
	size_t upper = 0, letters = 0;

	for (size_t i = 0; i < s.n && i < 2000; i++) {
		letters += ascii_alpha(s.p[i]);
		upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
	}
	return letters >= 60 && upper * 10 > letters * 7;
}

/* Company domains that the new text names. */
static size_t
name_domains(const struct classifier *c, struct arena *a,
    const struct classify_input *in, struct domain_named *domains)
{
	return domain_find(a, str_sub(in->zone[ZONE_NEW], 0, CD_MAX_CLASSIFY),
	    c->ignored, c->n_ignored, domains, MAX_DOMAINS);
}

/* Whose application is it that a pasted address of Microsoft names? Beside
 * another's ours does not count. */
static unsigned
pasted_application(const struct classifier *c, struct str text, struct str *id)
{
	*id = (struct str){ NULL, 0 };
	if (!c->client_id)
		return 0;
	*id = codes_client(text, str_of(c->client_id));
	if (id->n > 0)
		return FACT_ELSEWHERE;
	*id = codes_client(text, *id);
	return id->n > 0 ? FACT_MATTER : 0;
}

/* "see attached": no more than a pointer to what stands elsewhere. The mark that a
 * mail program leaves for a picture is no word. */
static bool
says_little(struct str s)
{
	size_t letters = 0;
	bool mark = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '[' || s.p[i] == ']')
			mark = s.p[i] == '[';
		letters += !mark && (ascii_alnum(s.p[i]) ||
		    ((unsigned char)s.p[i] & 0xc0) == 0xc0);
	}
	return letters <= FEW_LETTERS;
}

/* A picture in place of words. Thanks with a logo below are thanks. */
static bool
picture_speaks(const struct classify_input *in, uint64_t facts)
{
	const uint64_t done_with = FACT_THANKS | FACT_YES | FACT_DONE |
	    FACT_PASSED_ON;

	return (in->picture == PICTURE_ATTACHED ||
	    (in->picture == PICTURE_SHOWN && !(facts & done_with))) &&
	    says_little(in->zone[ZONE_NEW]);
}

static void
collect_signals(const struct classifier *c, struct arena *a,
    const struct classify_input *in, struct collected *out)
{
	struct domain_named domains[MAX_DOMAINS];
	struct str id;

	memset(&out->signals, 0, sizeof out->signals);
	for (size_t i = 0; i < out->n_hits; i++) {
		const struct rule_note *note = &c->notes[out->hits[i].rule];

		out->signals.facts |= note->facts;
		for (size_t k = 0; k < INTENT_COUNT; k++)
			out->signals.points[k] += note->points[k];
	}
	combine_context(&out->signals, in->context);
	out->signals.case_waits = in->case_waits;
	out->signals.picture = picture_speaks(in, out->signals.facts);
	if (is_shouting(in->zone[ZONE_NEW]))
		out->signals.facts |= FACT_EMOTION;
	out->signals.facts |= pasted_application(c, out->zones.zone[RULE_NEW],
	    &id);
	if (in->context == CONTEXT_ASK_DOMAIN &&
	    name_domains(c, a, in, domains) > 0)
		out->signals.points[INTENT_WANT_LINK] += 4;
}

void
classify_collect(const struct classifier *c, struct arena *a,
    const struct classify_input *in, struct collected *out)
{
	uint32_t marks[CD_MAX_HITS];
	struct feature_input f = { .marks = marks };
	bool other_firm;

	fold_zones(a, in, &out->zones);
	out->n_hits = rules_run(c->rules, &out->zones, out->hits);
	out->limited = rules_limited(c->rules);
	other_firm = for_other_firm(c, a, in, out);
	keep_hits(c, out);
	collect_signals(c, a, in, out);
	if (other_firm)
		out->signals.facts |= FACT_MSP;
	for (size_t i = 0; i < out->n_hits; i++)
		marks[f.n_marks++] = c->notes[out->hits[i].rule].mark;
	f.text = out->zones.zone[RULE_NEW];
	f.subject = out->zones.zone[RULE_SUBJECT];
	/* Few lessons answer our question for the domain; they read like
	 * answers to the help. */
	f.context = context_name(in->context == CONTEXT_ASK_DOMAIN ?
	    CONTEXT_HELP : in->context);
	f.language = in->language;
	f.product = c->product;
	f.n_product = c->n_product;
	features_make(&f, &out->features);
	if (c->model)
		model_scores(c->model, out->features.v, out->features.n,
		    out->signals.scores);
}

static int
by_weight(const void *a, const void *b)
{
	const struct evidence *x = a, *y = b;
	double wx = x->weight < 0 ? -x->weight : x->weight;
	double wy = y->weight < 0 ? -y->weight : y->weight;

	if (wx != wy)
		return wx < wy ? 1 : -1;
	return strcmp(x->rule, y->rule);
}

static int
by_objection(const void *a, const void *b)
{
	const struct evidence *x = a, *y = b;

	if (x->says_weight != y->says_weight)
		return x->says_weight < y->says_weight ? 1 : -1;
	return by_weight(a, b);
}

/* Not cut inside a letter, on one line. */
static const char *
match_text(struct arena *a, struct str s)
{
	char *copy;

	s = utf8_first(s, MAX_MATCH_SHOWN);
	copy = arena_str(a, s);
	for (size_t i = 0; i < s.n; i++) {
		if (copy[i] == '\n' || copy[i] == '\t')
			copy[i] = ' ';
	}
	return copy;
}

/* The other answer that the rule speaks for, here or by what a bare word means
 * in this context: what a person looks for when rules and model disagree. */
static void
other_answer(const struct rule_note *note, const struct signals *all,
    enum intent intent, struct evidence *e)
{
	struct signals s = { .facts = note->facts & all->facts };
	double most = e->weight > 0 ? e->weight : 0;

	memcpy(s.points, note->points, sizeof s.points);
	if (s.facts)
		combine_context(&s, all->context);
	for (size_t k = 0; k < INTENT_COUNT; k++) {
		if (s.points[k] > most && intent_kind((enum intent)k) !=
		    intent_kind(intent)) {
			most = e->says_weight = s.points[k];
			e->says = intent_name((enum intent)k);
		}
	}
	if (!e->says && (s.facts & FACT_ELSEWHERE)) {
		e->says = "elsewhere";
		e->says_weight = 1;
	}
}

static size_t
rule_evidence(const struct classifier *c, struct arena *a,
    const struct collected *got, enum intent intent, struct evidence *out,
    size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < got->n_hits && n < max; i++) {
		const struct rule_hit *hit = &got->hits[i];
		enum rule_zone zone = rules_zone(c->rules, hit->rule);

		if (!c->notes[hit->rule].weighs &&
		    !c->notes[hit->rule].facts)
			continue;
		out[n++] = (struct evidence){
			.rule = rules_id(c->rules, hit->rule),
			.zone = rule_zone_name(zone),
			.match = match_text(a, str_sub(got->zones.zone[zone],
			    hit->from, hit->to)),
			.weight = c->notes[hit->rule].points[intent],
		};
		other_answer(&c->notes[hit->rule], &got->signals, intent,
		    &out[n - 1]);
	}
	return n;
}

/* The words that spoke loudest for one of the model's classes, at most max. */
static size_t
model_evidence(const struct classifier *c, struct arena *a,
    const struct features *f, size_t class, struct evidence *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; c->model && i < f->n_words; i++) {
		const struct feature *at = &f->v[f->word_at[i]];
		double w = (double)at->value *
		    model_weight(c->model, at->index, class);
		size_t k = n;

		if (w <= 0.02 || (n == max && out[n - 1].weight >= w))
			continue;
		if (n < max)
			n++;
		else
			k--;
		while (k > 0 && out[k - 1].weight < w) {
			out[k] = out[k - 1];
			k--;
		}
		out[k] = (struct evidence){ .rule = "model", .zone = "new",
		    .match = match_text(a, f->word[i]), .weight = w };
	}
	for (size_t i = 0; i < n; i++)
		out[i].rule = arena_printf(a, "model:%s", out[i].match);
	return n;
}

/* Why it may be about another's tenant. */
static size_t
whose_evidence(const struct classifier *c, struct arena *a,
    const struct features *f, const struct reading *r, struct evidence *out)
{
	size_t n = r->whose == WHOSE_OWN ? 0 : model_evidence(c, a, f,
	    SCORE_OTHER_TENANT, out, WHOSE_WORDS);

	for (size_t i = 0; i < n; i++) {
		out[i].says = "other_tenant";
		out[i].says_weight = out[i].weight;
		out[i].weight = 0;
	}
	return n;
}

static void
collect_evidence(const struct classifier *c, struct arena *a,
    const struct collected *got, struct reading *out)
{
	struct evidence *e = arena_array(a, got->n_hits + 1 + MODEL_WORDS +
	    WHOSE_WORDS, sizeof *e);
	size_t n = rule_evidence(c, a, got, out->intent, e, CD_MAX_HITS);
	struct str id;
	unsigned whose = pasted_application(c, got->zones.zone[RULE_NEW], &id);

	if (whose)
		e[n++] = (struct evidence){ .rule = "client_id", .zone = "new",
		    .match = match_text(a, id),
		    .says = whose == FACT_ELSEWHERE ? "elsewhere" : NULL,
		    .says_weight = whose == FACT_ELSEWHERE };

	if (n > 1)
		qsort(e, n, sizeof *e, out->torn && strcmp(out->torn,
		    "rules_against_model") == 0 ? by_objection : by_weight);
	if (n > CD_MAX_EVIDENCE - MODEL_WORDS - WHOSE_WORDS)
		n = CD_MAX_EVIDENCE - MODEL_WORDS - WHOSE_WORDS;
	n += model_evidence(c, a, &got->features, out->intent, e + n,
	    MODEL_WORDS);
	n += whose_evidence(c, a, &got->features, out, e + n);
	out->evidence = e;
	out->n_evidence = n;
}

/* Code and tenant that the mail names. */
static void
find_names(const struct classifier *c, struct arena *a,
    const struct collected *got, struct reading *out)
{
	static const enum rule_zone places[] = {
		RULE_NEW, RULE_SUBJECT, RULE_QUOTED, RULE_FORWARDED,
	};
	enum thread_context context = got->signals.context;
	bool alone = context == CONTEXT_FIRST || context == CONTEXT_FORWARD;

	out->remedy = "";
	out->draft = NULL;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct str zone = got->zones.zone[places[i]], tenant;

		if (out->code == 0) {
			out->code = codes_find(zone);
			out->code_said = out->code != 0 &&
			    (places[i] == RULE_NEW || alone);
		}
		tenant = codes_tenant(zone, str_of(out->tenant_guid));
		if (!out->tenant_guid && tenant.n > 0) {
			out->tenant_guid = arena_str(a, tenant);
			tenant = codes_tenant(zone, tenant);
		}
		out->several_domains |= tenant.n > 0;
	}
	if (out->code != 0) {
		out->remedy = codes_remedy(c->codes, out->code);
		out->draft = codes_draft(c->codes, out->code);
	}
	/* Nobody has said that the approval solves it; nor, without Microsoft's
	 * mark, whose "error code 10060" is. */
	if (out->code != 0 && !*out->remedy) {
		out->remedy = "unknown";
		out->code_said &= (got->signals.facts & FACT_CODE) != 0;
	}
}

static bool
names_us(const struct classifier *c, const struct collected *got)
{
	for (size_t i = 0; i < c->n_product; i++) {
		struct str name = str_of(c->product[i]);

		if (str_find(got->zones.zone[RULE_NEW], name) >= 0 ||
		    str_find(got->zones.zone[RULE_SUBJECT], name) >= 0)
			return true;
	}
	return false;
}

/* Nobody is left alone because he writes in a language that neither rules nor
 * model have learned: where he answers us, or names a mailbox, or our product and
 * the model has its doubts. */
static bool
perhaps_not_understood(const struct classifier *c, const char *language,
    const struct collected *got, const struct reading *r)
{
	const struct signals *s = &got->signals;

	return !rules_speak(c->rules, language) &&
	    (s->context == CONTEXT_HELP || s->context == CONTEXT_LINK ||
	    s->context == CONTEXT_ASK_DOMAIN || (s->facts & FACT_MAIL) ||
	    (r->confidence < NAMED_BELOW && names_us(c, got)));
}

static void
read_signals(const struct classifier *c, const char *language,
    const struct collected *got, struct reading *out)
{
	combine_probabilities(&got->signals, c->model ?
	    model_calibration(c->model) : &c->rules_alone,
	    out->probability);
	combine_reading(&got->signals, out);
	out->whose = combine_whose(&got->signals);
	/* What a rule could not be asked may be what matters. */
	if (got->limited && !out->torn)
		out->torn = "rule_limit";
	if (!out->torn && out->intent == INTENT_OTHER &&
	    perhaps_not_understood(c, language, got, out))
		out->torn = "unread_language";
	/* Below thanks and a name the model takes the company's site for an answer to
	 * our question which it is. (Of 514 judged requests that were answered none
	 * had a site and no rule.) */
	if (!out->torn && out->intent == INTENT_WANT_LINK &&
	    got->signals.points[INTENT_WANT_LINK] <= 0 &&
	    got->signals.context != CONTEXT_ASK_DOMAIN &&
	    (str_find(got->zones.zone[RULE_NEW], STR("www.")) >= 0 ||
	    str_find(got->zones.zone[RULE_NEW], STR("://")) >= 0))
		out->torn = "no_rule_agrees";
	/* A case that is closed answers nobody. */
	if (!out->torn && out->intent == INTENT_APPROVED &&
	    fold_asks(got->zones.zone[RULE_NEW]))
		out->torn = "unclear";
}

/* "Sorry, typo: client.com": a company that is named in answer to us, and little
 * else, is whose the link should be. A person sees to it. */
static void
read_a_bare_company(const struct classify_input *in, uint64_t facts,
    struct reading *out)
{
	bool answers = in->context == CONTEXT_HELP ||
	    in->context == CONTEXT_LINK || in->context == CONTEXT_ASK_DOMAIN;

	if (out->intent != INTENT_OTHER || !answers || facts & FACT_THANKS ||
	    !(out->named_domain || out->perhaps_domain ||
	    out->several_domains) ||
	    str_trim(in->zone[ZONE_NEW]).n > BARE_COMPANY)
		return;
	out->second = INTENT_OTHER;
	out->second_confidence = out->confidence;
	out->intent = INTENT_WANT_LINK;
	out->confidence = out->probability[INTENT_WANT_LINK];
	out->torn = "unclear";
}

void
classify_run(const struct classifier *c, struct arena *a,
    const struct classify_input *in, struct reading *out)
{
	/* 150 kB that only this call needs: the mails of a batch share an
	 * arena. */
	struct collected on_stack, *got = &on_stack;
	struct domain_named domains[MAX_DOMAINS];

	memset(out, 0, sizeof *out);
	classify_collect(c, a, in, got);
	find_names(c, a, got, out);
	read_signals(c, in->language ? in->language : "", got, out);
	whose_find(a, in, domains, name_domains(c, a, in, domains),
	    got->signals.facts, out);
	read_a_bare_company(in, got->signals.facts, out);
	if (in->automatic) {
		memset(out->probability, 0, sizeof out->probability);
		out->probability[INTENT_AUTOMATIC] = 1;
		out->second = out->intent;
		out->second_confidence = 0;
		out->intent = INTENT_AUTOMATIC;
		out->confidence = 1;
		out->torn = NULL;
	}
	collect_evidence(c, a, got, out);
}
