#ifndef CD_IO_CONFIG_KEYS_H
#define CD_IO_CONFIG_KEYS_H

#include "io/config.h"

/*
 * Every key of the configuration file, in the order of the sample: the one
 * table that parsing, defaults, the sample and its test are made from.
 */
enum config_type {
	CONFIG_TEXT,		/* const char *: printable */
	CONFIG_WORD,		/* ... without white space */
	CONFIG_HOST,		/* ... a host name or address */
	CONFIG_URL,		/* ... https, or http to loopback */
	CONFIG_BASE_URL,	/* ... its last "/" taken off */
	CONFIG_SITE_URL,	/* ... and no path is left */
	CONFIG_LISTEN,		/* ... address:port; empty is a value */
	CONFIG_ADDRESS,		/* ... a plain mail address */
	CONFIG_ENVELOPE,	/* ... an address or "<>" */
	CONFIG_PATH,		/* ... absolute after load */
	CONFIG_SECRET,		/* ... a path, or a credential's name */
	CONFIG_LIST,		/* struct config_list: by commas */
	CONFIG_ADDRESSES,	/* ... of plain mail addresses */
	CONFIG_NUMBER,		/* int64_t */
	CONFIG_SIZE,		/* int64_t; 1024, 512k, 1M */
	CONFIG_REAL,		/* double */
	CONFIG_ENUM,		/* int: the index in words */
	CONFIG_FLAG,		/* bool: the index in words */
	CONFIG_START		/* now, all or a date; start_date too */
};

enum config_required {
	OPTIONAL,
	FOR_READING,		/* always */
	FOR_DAEMON		/* only with CONFIG_DAEMON */
};

struct config_key {
	const char *section, *name;
	enum config_type type;
	size_t at;		/* offset in struct config */
	const char *def;	/* as text; NULL: unset */
	const char *const *words; /* of an enum, NULL ends; "" is no choice */
	double min, max;	/* of a number */
	enum config_required required;
	const char *help;	/* lines without the comment sign */
};

struct config_section {
	const char *name, *help;
};

extern const struct config_key config_keys[];
extern const size_t config_n_keys;
/* Its place there; -1: there is no such key. */
int config_key_find(const char *section, const char *name);
extern const struct config_section config_sections[];
extern const size_t config_n_sections;

#endif
