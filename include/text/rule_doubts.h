#ifndef CD_TEXT_RULE_DOUBTS_H
#define CD_TEXT_RULE_DOUBTS_H

#include "text/rule_file.h"

/*
 * What is doubtful in rule files that can all be read, told from the files
 * alone: files and folders beside them that are not read; patterns in quotation
 * marks; lists of words
 * that no rule uses, or that could be no pattern if one did; languages that are
 * none; a name that one language lacks and all others have; a note that nobody
 * else knows. Notes which lists are used in the files.
 */
typedef void rule_doubt(void *ctx, const char *text);
void rule_doubts(struct arena *, struct rule_files *, rule_doubt *, void *ctx);

#endif
