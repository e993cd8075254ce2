#ifndef CD_IO_CONFIG_WRITE_H
#define CD_IO_CONFIG_WRITE_H

#include "io/config.h"

/*
 * The configuration as `setup` makes it: values by section and key, read from a
 * file of answers or given by a person, and the commented file made of them.
 */
struct config_pair {
	const char *section, *key, *value;
	int line;		/* in the file of answers; 0: none */
};

/* All pairs of an INI file. `more` names the sections and keys that it may have
 * besides the configuration's ("setup.provider"), NULL ends it; any other
 * unknown one is CD_MALFORMED, as is one that is given twice. CD_ABSENT: no such
 * file. CD_REFUSED: it cannot be read, or it has a section [secrets] and others
 * can read it. */
enum cd_rc config_pairs_read(struct arena *, const char *file,
    const char *const *more, struct config_pair **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;

/* NULL, or what is wrong with that value and what is allowed. */
const char *config_pair_fault(struct arena *, const struct config_pair *);

/* The sample with these values; what is not among them has its default. */
void config_print(FILE *, const struct config_pair *, size_t n);

#endif
