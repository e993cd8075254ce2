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

/*
 * Language to answer in, where the talk was in `before` so far ("" unknown):
 * language_of's, unless so few words speak for it that they may be names,
 * product words or a courtesy in another language; then `before`.
 */
const char *language_next(struct str text, const char *before);

#endif
