#ifndef CD_TEXT_LANGUAGE_H
#define CD_TEXT_LANGUAGE_H

#include "base/str.h"

/*
 * Language of a text, good enough for five words: script, letters that only
 * one language has, and common words.
 * "en es ru uk uz pl tr pt fr de sr it nl zh" and more; uz is Latin or
 * Cyrillic. "" is unknown: an answer like any other.
 */
const char *language_of(struct str text);

#endif
