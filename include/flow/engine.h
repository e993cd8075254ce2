#ifndef CD_FLOW_ENGINE_H
#define CD_FLOW_ENGINE_H

#include "io/config.h"
#include "text/classify.h"
#include "text/codes.h"
#include "text/decide.h"
#include "text/link.h"
#include "text/template.h"

/*
 * What reading and answering need and no mail changes: configuration, rules,
 * model, templates, our own names and the signing key. Constant after load.
 */
struct engine {
	const struct config *config;	/* borrowed */
	struct arena *arena;
	struct classifier *classifier;	/* NULL without ENGINE_READS */
	struct template_set *templates; /* NULL without ENGINE_ANSWERS */
	struct codes *codes;		/* NULL without ENGINE_ANSWERS */
	struct link_key key;
	bool has_key;			/* false without ENGINE_ANSWERS */
	const char **own;		/* support addresses, canonical form */
	size_t n_own;
	const char **own_domains;	/* organisational domains of these */
	size_t n_own_domains;
};

/* A process loads what it works with: answering by hand reads no mail. */
enum engine_part {
	ENGINE_READS = 1,	/* rules and model */
	ENGINE_ANSWERS = 2,	/* templates, codes and link_secret_file */
	ENGINE_WHOLE = ENGINE_READS | ENGINE_ANSWERS,
	ENGINE_LEARNS = 4	/* rules alone */
};
enum cd_rc engine_load(const struct config *, enum engine_part,
    struct engine **out, struct cd_err *err) CD_CHECK;
void engine_free(struct engine **);

/* Is it one of our own addresses? canonical form. */
bool engine_is_own(const struct engine *, const char *canonical);
/* Is that enough of the sender's authentication, as [policy] wants it? "pass" ...
 * or NULL. */
bool engine_proves(const struct engine *, const char *authentication);
/* Is it our own secret or certificate that this code complains of? Then the log
 * says so loudly. from: who met it, or NULL. */
bool engine_alarm(const struct engine *, int64_t case_id, int code,
    const char *from);
/* "numeo.ai": the domain of the first support address. */
const char *engine_domain(const struct engine *);
/* The envelope's sender of answers; "": the null sender. */
const char *engine_return_path(const struct engine *);
/* Display name and address answers come from: "Numeo Support <support@..>". */
struct mailbox engine_from(const struct engine *, struct arena *);

#endif
