#ifndef CD_TEXT_HTML_COLOR_H
#define CD_TEXT_HTML_COLOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * The colors of HTML and CSS as numbers. What cannot be known here, as "var()" or
 * one that something shines through, is a color of its own, in which and on which
 * everything is seen.
 */
#define HTML_COLOR_UNSAID	0u		/* or not understood */
#define HTML_COLOR_RGB		0x01000000u	/* | 0xrrggbb */
#define HTML_COLOR_INHERIT	0x02000000u	/* as around it */
#define HTML_COLOR_CLEAR	0x03000000u	/* transparent */
#define HTML_COLOR_ANY		0x04000000u	/* a picture, a gradient */
#define HTML_COLOR_WHITE	(HTML_COLOR_RGB | 0xffffffu)

#define HTML_NOT_A_NUMBER	100000000

/* A number in thousandths; *unit is what follows it. */
long html_number(struct str, struct str *unit);

/* All of these: lower case. Of a text; the "#" may be left out. */
uint32_t html_color_of(struct str);
/* The color among what else "background" says; CLEAR: that of what is behind. */
uint32_t html_background_of(struct str);
/* An attribute's: there any word is a color. */
uint32_t html_attribute_color(struct str);

/* Text of that color on that background, as white on white: nobody sees it. */
bool html_color_unseen(uint32_t color, uint32_t background);

#endif
