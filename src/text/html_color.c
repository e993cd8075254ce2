/*
 * What was rejected: mixing what shines through with what is behind it. Programs
 * that show mails on a dark page of their own would prove us wrong.
 */
#include <math.h>
#include <stdlib.h>

#include "text/html_color.h"

#define NEAR_COLOR	16	/* of 256 */
#define FAINT		100	/* thousandths: nobody sees it */
#define OPAQUE		1000

struct name {
	const char *name;
	uint32_t color;
};

static const struct name names[] = { /* sorted */
	{ "aliceblue", 0xf0f8ff }, { "antiquewhite", 0xfaebd7 },
	{ "aqua", 0x00ffff }, { "aquamarine", 0x7fffd4 },
	{ "azure", 0xf0ffff }, { "beige", 0xf5f5dc }, { "bisque", 0xffe4c4 },
	{ "black", 0x000000 }, { "blanchedalmond", 0xffebcd },
	{ "blue", 0x0000ff }, { "blueviolet", 0x8a2be2 },
	{ "brown", 0xa52a2a }, { "burlywood", 0xdeb887 },
	{ "cadetblue", 0x5f9ea0 }, { "chartreuse", 0x7fff00 },
	{ "chocolate", 0xd2691e }, { "coral", 0xff7f50 },
	{ "cornflowerblue", 0x6495ed }, { "cornsilk", 0xfff8dc },
	{ "crimson", 0xdc143c }, { "cyan", 0x00ffff },
	{ "darkblue", 0x00008b }, { "darkcyan", 0x008b8b },
	{ "darkgoldenrod", 0xb8860b }, { "darkgray", 0xa9a9a9 },
	{ "darkgreen", 0x006400 }, { "darkgrey", 0xa9a9a9 },
	{ "darkkhaki", 0xbdb76b }, { "darkmagenta", 0x8b008b },
	{ "darkolivegreen", 0x556b2f }, { "darkorange", 0xff8c00 },
	{ "darkorchid", 0x9932cc }, { "darkred", 0x8b0000 },
	{ "darksalmon", 0xe9967a }, { "darkseagreen", 0x8fbc8f },
	{ "darkslateblue", 0x483d8b }, { "darkslategray", 0x2f4f4f },
	{ "darkslategrey", 0x2f4f4f }, { "darkturquoise", 0x00ced1 },
	{ "darkviolet", 0x9400d3 }, { "deeppink", 0xff1493 },
	{ "deepskyblue", 0x00bfff }, { "dimgray", 0x696969 },
	{ "dimgrey", 0x696969 }, { "dodgerblue", 0x1e90ff },
	{ "firebrick", 0xb22222 }, { "floralwhite", 0xfffaf0 },
	{ "forestgreen", 0x228b22 }, { "fuchsia", 0xff00ff },
	{ "gainsboro", 0xdcdcdc }, { "ghostwhite", 0xf8f8ff },
	{ "gold", 0xffd700 }, { "goldenrod", 0xdaa520 }, { "gray", 0x808080 },
	{ "green", 0x008000 }, { "greenyellow", 0xadff2f },
	{ "grey", 0x808080 }, { "honeydew", 0xf0fff0 },
	{ "hotpink", 0xff69b4 }, { "indianred", 0xcd5c5c },
	{ "indigo", 0x4b0082 }, { "ivory", 0xfffff0 }, { "khaki", 0xf0e68c },
	{ "lavender", 0xe6e6fa }, { "lavenderblush", 0xfff0f5 },
	{ "lawngreen", 0x7cfc00 }, { "lemonchiffon", 0xfffacd },
	{ "lightblue", 0xadd8e6 }, { "lightcoral", 0xf08080 },
	{ "lightcyan", 0xe0ffff }, { "lightgoldenrodyellow", 0xfafad2 },
	{ "lightgray", 0xd3d3d3 }, { "lightgreen", 0x90ee90 },
	{ "lightgrey", 0xd3d3d3 }, { "lightpink", 0xffb6c1 },
	{ "lightsalmon", 0xffa07a }, { "lightseagreen", 0x20b2aa },
	{ "lightskyblue", 0x87cefa }, { "lightslategray", 0x778899 },
	{ "lightslategrey", 0x778899 }, { "lightsteelblue", 0xb0c4de },
	{ "lightyellow", 0xffffe0 }, { "lime", 0x00ff00 },
	{ "limegreen", 0x32cd32 }, { "linen", 0xfaf0e6 },
	{ "magenta", 0xff00ff }, { "maroon", 0x800000 },
	{ "mediumaquamarine", 0x66cdaa }, { "mediumblue", 0x0000cd },
	{ "mediumorchid", 0xba55d3 }, { "mediumpurple", 0x9370db },
	{ "mediumseagreen", 0x3cb371 }, { "mediumslateblue", 0x7b68ee },
	{ "mediumspringgreen", 0x00fa9a }, { "mediumturquoise", 0x48d1cc },
	{ "mediumvioletred", 0xc71585 }, { "midnightblue", 0x191970 },
	{ "mintcream", 0xf5fffa }, { "mistyrose", 0xffe4e1 },
	{ "moccasin", 0xffe4b5 }, { "navajowhite", 0xffdead },
	{ "navy", 0x000080 }, { "oldlace", 0xfdf5e6 }, { "olive", 0x808000 },
	{ "olivedrab", 0x6b8e23 }, { "orange", 0xffa500 },
	{ "orangered", 0xff4500 }, { "orchid", 0xda70d6 },
	{ "palegoldenrod", 0xeee8aa }, { "palegreen", 0x98fb98 },
	{ "paleturquoise", 0xafeeee }, { "palevioletred", 0xdb7093 },
	{ "papayawhip", 0xffefd5 }, { "peachpuff", 0xffdab9 },
	{ "peru", 0xcd853f }, { "pink", 0xffc0cb }, { "plum", 0xdda0dd },
	{ "powderblue", 0xb0e0e6 }, { "purple", 0x800080 },
	{ "rebeccapurple", 0x663399 }, { "red", 0xff0000 },
	{ "rosybrown", 0xbc8f8f }, { "royalblue", 0x4169e1 },
	{ "saddlebrown", 0x8b4513 }, { "salmon", 0xfa8072 },
	{ "sandybrown", 0xf4a460 }, { "seagreen", 0x2e8b57 },
	{ "seashell", 0xfff5ee }, { "sienna", 0xa0522d },
	{ "silver", 0xc0c0c0 }, { "skyblue", 0x87ceeb },
	{ "slateblue", 0x6a5acd }, { "slategray", 0x708090 },
	{ "slategrey", 0x708090 }, { "snow", 0xfffafa },
	{ "springgreen", 0x00ff7f }, { "steelblue", 0x4682b4 },
	{ "tan", 0xd2b48c }, { "teal", 0x008080 }, { "thistle", 0xd8bfd8 },
	{ "tomato", 0xff6347 }, { "turquoise", 0x40e0d0 },
	{ "violet", 0xee82ee }, { "wheat", 0xf5deb3 }, { "white", 0xffffff },
	{ "whitesmoke", 0xf5f5f5 }, { "yellow", 0xffff00 },
	{ "yellowgreen", 0x9acd32 },
};

/* What a screen makes of other names of the system is not known. */
static const struct name words[] = {
	{ "window", HTML_COLOR_WHITE },
	{ "canvas", HTML_COLOR_WHITE },
	{ "windowtext", HTML_COLOR_RGB },
	{ "canvastext", HTML_COLOR_RGB },
	{ "initial", HTML_COLOR_RGB },
	{ "transparent", HTML_COLOR_CLEAR },
	{ "inherit", HTML_COLOR_INHERIT },
	{ "unset", HTML_COLOR_INHERIT },
	{ "revert", HTML_COLOR_INHERIT },
	{ "currentcolor", HTML_COLOR_INHERIT },
	{ "background", HTML_COLOR_ANY },
	{ "buttonface", HTML_COLOR_ANY },
	{ "buttontext", HTML_COLOR_ANY },
	{ "graytext", HTML_COLOR_ANY },
	{ "highlight", HTML_COLOR_ANY },
	{ "highlighttext", HTML_COLOR_ANY },
	{ "infobackground", HTML_COLOR_ANY },
	{ "infotext", HTML_COLOR_ANY },
	{ "menu", HTML_COLOR_ANY },
	{ "menutext", HTML_COLOR_ANY },
};

long
html_number(struct str v, struct str *unit)
{
	long n = 0, scale = 1000;
	bool minus = v.n > 0 && v.p[0] == '-', point = false, digits = false;
	size_t i = minus;

	for (; i < v.n && (ascii_digit(v.p[i]) || v.p[i] == '.'); i++) {
		if (v.p[i] == '.') {
			if (point)
				break;
			point = true;
			continue;
		}
		digits = true;
		if (point)
			n += (v.p[i] - '0') * (scale /= 10);
		else if (n < HTML_NOT_A_NUMBER / 100)
			n = n * 10 + (v.p[i] - '0') * 1000;
	}
	*unit = str_sub(v, i, v.n);
	if (!digits)
		return HTML_NOT_A_NUMBER;
	return minus ? -n : n;
}

static uint32_t
with_alpha(uint32_t rgb, long alpha, bool behind)
{
	if (alpha < FAINT)
		return HTML_COLOR_CLEAR;
	return behind && alpha < OPAQUE ? HTML_COLOR_ANY : HTML_COLOR_RGB | rgb;
}

/* Three or six digits, four or eight with alpha. */
static uint32_t
hex_color(struct str v, bool behind)
{
	uint32_t n = 0, rgb;
	size_t digits = 0;

	for (; digits < v.n && ascii_alnum(v.p[digits]); digits++) {
		int digit = ascii_hex(v.p[digits]);

		if (digit < 0 || digits == 8)
			return HTML_COLOR_UNSAID;
		n = n << 4 | (uint32_t)digit;
	}
	rgb = digits == 8 ? n >> 8 : digits == 4 ? n >> 4 : n;
	if (digits == 3 || digits == 4)
		rgb = (rgb & 0xf00) * 0x1100 | (rgb & 0xf0) * 0x110 |
		    (rgb & 0xf) * 0x11;
	if (digits == 4 || digits == 8)
		return with_alpha(rgb, digits == 8 ?
		    (long)(n & 0xff) * OPAQUE / 255 :
		    (long)(n & 0xf) * OPAQUE / 15, behind);
	return digits == 3 || digits == 6 ? HTML_COLOR_RGB | rgb :
	    HTML_COLOR_UNSAID;
}

/* Of what stands in brackets, in thousandths. */
struct argument {
	long value;
	bool percent;
};

/* How many there are; 0: not numbers alone. */
static size_t
arguments_read(struct str v, struct argument *out, size_t max)
{
	size_t n = 0;

	while (v.n > 0 && v.p[0] != ')') {
		struct str rest;

		if (v.p[0] == ' ' || v.p[0] == ',' || v.p[0] == '/') {
			v = str_sub(v, 1, v.n);
			continue;
		}
		if (n == max)
			return 0;
		out[n].value = html_number(v, &rest);
		if (out[n].value == HTML_NOT_A_NUMBER)
			return 0;
		out[n++].percent = str_starts(rest, STR("%"));
		if (str_starts(rest, STR("%")))
			rest = str_sub(rest, 1, rest.n);
		else if (str_starts(rest, STR("deg")))
			rest = str_sub(rest, 3, rest.n);
		v = rest;
	}
	return n;
}

static uint32_t
byte_of(double part)
{
	return part <= 0 ? 0 : part >= 1 ? 255 : (uint32_t)(part * 255 + .5);
}

/* CSS Color 4, 7.1. */
static uint32_t
hsl_rgb(const struct argument *v)
{
	double h = fmod((double)v[0].value / 30000, 12);
	double s = fmin(fmax((double)v[1].value / 100000, 0), 1);
	double l = fmin(fmax((double)v[2].value / 100000, 0), 1);
	double a = s * fmin(l, 1 - l);
	uint32_t rgb = 0;

	for (int i = 0, n = 0; i < 3; i++, n = 12 - 4 * i) {
		double k = fmod(n + h + 12, 12);

		rgb = rgb << 8 | byte_of(l - a * fmax(-1,
		    fmin(fmin(k - 3, 9 - k), 1)));
	}
	return rgb;
}

/* "rgb(255, 255, 255)", "hsl(0deg 0% 100% / 5%)"; v is behind the "(". */
static uint32_t
function_color(bool hsl, struct str v, bool behind)
{
	struct argument args[4];
	size_t n = arguments_read(v, args, 4);
	uint32_t rgb = 0;
	long alpha = OPAQUE;

	if (n < 3)
		return HTML_COLOR_ANY;
	if (n == 4)
		alpha = args[3].percent ? args[3].value / 100 : args[3].value;
	if (hsl)
		return with_alpha(hsl_rgb(args), alpha, behind);
	for (size_t i = 0; i < 3; i++)
		rgb = rgb << 8 | byte_of((double)args[i].value /
		    (args[i].percent ? 100000 : 255000));
	return with_alpha(rgb, alpha, behind);
}

static int
name_compare(const void *key, const void *row)
{
	const struct str *s = key;
	const char *name = ((const struct name *)row)->name;
	int cmp = strncmp(s->p, name, s->n);

	return cmp != 0 ? cmp : name[s->n] == '\0' ? 0 : -1;
}

static uint32_t
name_color(struct str s)
{
	const struct name *hit = bsearch(&s, names,
	    sizeof names / sizeof *names, sizeof *names, name_compare);

	if (hit)
		return HTML_COLOR_RGB | hit->color;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_eq(s, str_of(words[i].name)))
			return words[i].color;
	}
	return HTML_COLOR_UNSAID;
}

static uint32_t
color_of(struct str v, bool behind)
{
	struct str name = { v.p, 0 };
	uint32_t color;

	if (str_starts(v, STR("#")))
		return hex_color(str_sub(v, 1, v.n), behind);
	while (name.n < v.n && (ascii_alnum(v.p[name.n]) ||
	    v.p[name.n] == '-'))
		name.n++;
	if (name.n == 0)
		return HTML_COLOR_UNSAID;
	if (name.n < v.n && v.p[name.n] == '(') {
		v = str_sub(v, name.n + 1, v.n);
		if (str_eq(name, STR("rgb")) || str_eq(name, STR("rgba")))
			return function_color(false, v, behind);
		if (str_eq(name, STR("hsl")) || str_eq(name, STR("hsla")))
			return function_color(true, v, behind);
		return HTML_COLOR_ANY;
	}
	color = name_color(name);
	return color == HTML_COLOR_UNSAID && name.n == 6 ?
	    hex_color(name, behind) : color;
}

uint32_t
html_color_of(struct str v)
{
	return color_of(v, false);
}

/* The next word; what stands in brackets belongs to it. */
static bool
word_next(struct str *s, struct str *word)
{
	size_t n = 0, depth = 0;

	*s = str_trim(*s);
	for (; n < s->n && (depth > 0 || !ascii_space(s->p[n])); n++) {
		depth += s->p[n] == '(';
		depth -= depth > 0 && s->p[n] == ')';
	}
	*word = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->n);
	return n > 0;
}

uint32_t
html_background_of(struct str v)
{
	uint32_t found = HTML_COLOR_UNSAID;
	struct str word;

	while (word_next(&v, &word)) {
		uint32_t color = color_of(word, true);

		if (str_eq(word, STR("none")) || str_eq(word, STR("initial")) ||
		    color == HTML_COLOR_INHERIT)
			color = HTML_COLOR_CLEAR;
		if (color == HTML_COLOR_ANY)
			return color;
		if (color != HTML_COLOR_UNSAID)
			found = color;
	}
	return found;
}

uint32_t
html_attribute_color(struct str v)
{
	uint32_t color = html_color_of(v);

	return color == HTML_COLOR_UNSAID && v.n > 0 ? HTML_COLOR_ANY : color;
}

bool
html_color_unseen(uint32_t color, uint32_t background)
{
	const uint32_t kind = 0xff000000u;

	if (color == HTML_COLOR_CLEAR)
		return background != HTML_COLOR_ANY;
	if ((color & kind) != HTML_COLOR_RGB ||
	    (background & kind) != HTML_COLOR_RGB)
		return false;
	for (int i = 0; i < 24; i += 8) {
		int diff = (int)(color >> i & 0xff) -
		    (int)(background >> i & 0xff);

		if (diff >= NEAR_COLOR || diff <= -NEAR_COLOR)
			return false;
	}
	return true;
}
