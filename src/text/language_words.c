#include "text/language_words.h"

const struct language_word language_words[] = {
#include "language_words.inc"
};
const size_t n_language_words =
    sizeof language_words / sizeof *language_words;
