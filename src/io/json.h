#ifndef CD_IO_JSON_H
#define CD_IO_JSON_H

#include <jansson.h>

/* A text of an object; "" where there is none. Borrowed. */
static inline const char *
json_field(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

#endif
