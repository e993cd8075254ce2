#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "text/html.h"

/* The text with its spans written into it as {q:...}. */
static const char *
marked(struct arena *a, const char *html)
{
	struct zoned z;
	struct buf out = buf_new(a, 1 << 20);
	size_t at = 0;

	html_to_text(a, str_of(html), &z);
	assert_true(utf8_valid(z.text));
	for (size_t i = 0; i < z.n_spans; i++) {
		assert_true(z.spans[i].from >= at);
		assert_true(z.spans[i].from < z.spans[i].to);
		assert_true(z.spans[i].to <= z.text.n);
		buf_adds(&out, str_sub(z.text, at, z.spans[i].from));
		buf_printf(&out, "{%c:", zone_name(z.spans[i].zone)[0]);
		buf_adds(&out, str_sub(z.text, z.spans[i].from,
		    z.spans[i].to));
		buf_char(&out, '}');
		at = z.spans[i].to;
	}
	buf_adds(&out, str_sub(z.text, at, z.text.n));
	return buf_str(&out).p;
}

struct row {
	const char *html, *want;
};

static void
check(const struct row *rows, size_t n)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < n; i++)
		assert_string_equal(marked(a, rows[i].html), rows[i].want);
	arena_free(&a);
}

static void
test_text(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "just text", "just text" },
		{ "a  b\n c", "a b c" },
		{ "<p>one<p>two", "one\n\ntwo" },
		{ "<p class=MsoNormal>one</p><p class=MsoNormal>two</p>",
		    "one\ntwo" },
		{ "<p style='margin:0'>one</p><p style='margin: 0in'>two</p>",
		    "one\ntwo" },
		{ "<div>one</div><div>two</div>", "one\ntwo" },
		{ "<div>one</div><div><br></div><div>two</div>",
		    "one\n\ntwo" },
		{ "one<br>two<br><br>three<br>", "one\ntwo\n\nthree" },
		{ "<div>one<br></div><div>two</div>", "one\ntwo" },
		{ "<div>one</div><p class=MsoNormal>&nbsp;</p><div>two</div>",
		    "one\n\ntwo" },
		{ "a<b>b</b>c <i> d</i>", "abc d" },
		{ "&lt;x&gt; &amp; &eacute; &#8217; &#x41;",
		    "<x> & \xc3\xa9 \xe2\x80\x99 A" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "It doesn&#146;t &#8364;&#128;&#129;", "It doesn\xe2\x80\x99t "
		    "\xe2\x82\xac\xe2\x82\xac" },
		{ "<meta charset=iso-8859-1>caf\xc3\xa9", "caf\xc3\xa9" },
		{ "<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc" },
		{ "a<hr>b", "a\n________________________________\nb" },
		{ "<h1>T</h1>x", "T\n\nx" },
		{ "1 < 2 and 3 > 2", "1 < 2 and 3 > 2" },
		{ "unclosed <b>bold", "unclosed bold" },
		{ "</div></p>stray", "stray" },
		{ "<img alt='\xf0\x9f\x91\x8d' src=x><img alt=logo src=y>ok",
		    "\xf0\x9f\x91\x8dok" },
		{ "<textarea>in a box</textarea>", "in a box" },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows);
}

static void
test_lists(void **state)
{
	static const struct row rows[] = {
		{ "<ul><li>a<li>b</ul>", "- a\n- b" },
		{ "<ol><li>a</li><li>b</li></ol>c", "1. a\n2. b\nc" },
		{ "<ol start=3><li>a<li value=7>b<li>c</ol>",
		    "3. a\n7. b\n8. c" },
		{ "<ul><li>a<ol><li>b</ol><li>c</ul>", "- a\n  1. b\n- c" },
		{ "<ol><li><p>a</p></li><li><p>b</p></li></ol>",
		    "1. a\n2. b" },
		{ "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
		    "a\tb\nc\td" },
		{ "<table><tr><td><table><tr><td>in</table></table>", "in" },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows);
}

static void
test_links(void **state)
{
	static const struct row rows[] = {
		{ "<a href='https://x.com/a'>here</a>.",
		    "here <https://x.com/a>." },
		{ "<a href='https://x.com/'>x.com</a>", "x.com" },
		{ "<a href='http://www.x.com'>https://x.com</a>",
		    "https://x.com" },
		{ "<a href='mailto:j@x.com'>j@x.com</a>", "j@x.com" },
		{ "<a href='mailto:j@x.com?subject=a'>mail us</a>",
		    "mail us <j@x.com?subject=a>" },
		{ "Sent from <a href='https://aka.ms/o0ukef'>Outlook for iOS"
		    "</a>", "Sent from Outlook for iOS" },
		{ "<a href='javascript:x()'>go</a>", "go" },
		{ "<a href='#top'>top</a> <a name=x>y</a>", "top y" },
		{ "<a href='https://evil.org'>https://good.com</a>",
		    "https://good.com <https://evil.org>" },
		{ "<a href='https://x.com'><img src=y></a>z", "z" },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows);
}

static void
test_hidden(void **state)
{
	static const struct row rows[] = {
		{ "<div style='display:none'>no</div>yes", "yes" },
		{ "<div style='DISPLAY : NONE'>no <b>no</b></div>yes", "yes" },
		{ "<span style='visibility:hidden'>no</span>yes", "yes" },
		{ "<span style='mso-hide:all'>no</span>yes", "yes" },
		{ "<span style='font-size:0px'>no</span>yes", "yes" },
		{ "<span style='font-size:0.9em'>yes</span>", "yes" },
		{ "<td style='font-size:0'>no<p style='font-size:13px'>yes",
		    "yes" },
		{ "<div style='max-height:0;overflow:hidden'>no</div>yes",
		    "yes" },
		{ "<p hidden>no</p>yes", "yes" },
		{ "<p style='color:red'>yes</p>", "yes" },
		{ "<!-- no -->yes<!--[if mso]>no<![endif]-->", "yes" },
		{ "<!--[if gte mso 9]>no<![endif]-->yes", "yes" },
		{ "<!--[if !mso]><!-->yes<!--<![endif]-->, too", "yes, too" },
		{ "<![if !mso]>yes<![endif]>", "yes" },
		{ "<head><title>no</title><style>p{no:1}</style></head>yes",
		    "yes" },
		{ "<script>no()</script><noscript>yes</noscript>", "yes" },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows);
}

/* Words that only a reader of the source sees. */
static void
test_hidden_words(void **state)
{
	static const char *const hide[] = {
		"<p style='color:#fff'>no</p>", "<font color=white>no</font>",
		"<font color=FFFFFF>no</font>",
		"<p style='color: rgb(255, 255, 255)'>no</p>",
		"<p style='color:#fefefe'>no</p>",
		"<p style='color:rgba(0,0,0,0.01)'>no</p>",
		"<p style='color:transparent'>no</p>",
		"<p style='color:hsl(0,0%,100%)'>no</p>",
		"<p style='color:#ffffff00'>no</p>",
		"<p style='color:snow'>no</p>",
		"<p style='color:rgb(100%,100%,100%)'>no</p>",
		"<p style='color:white;color:#ffgg00'>no</p>",
		"<p style='color:white;color:bogus'>no</p>",
		"<p style='color:#fff'><a href=x style='color:inherit'>no</a></p>",
		"<div style='background:#000'><b style='color:#000'>no</b></div>",
		"<table bgcolor=red><tr><td style='color:red'>no</table>",
		"<div style='background:white url'><i style='color:#fff'>no</i>"
		    "</div>",
		"<p style='background:none;color:#FFF !important'>no</p>",
		"<p style='font-size:1px'>no</p>",
		"<p style='font-size:0.01em'>no</p>",
		"<p style='opacity:.01'>no</p>",
		"<p style='position:absolute;left:-9999px'>no</p>",
		"<p style='position:absolute;top:-999em'>no</p>",
		"<p style='text-indent:-9999px'>no</p>",
		"<p style='margin-left:-5000px'>no</p>",
		"<p style='visibility:collapse'>no</p>",
		"<p style='clip:rect(0 0 0 0)'>no</p>",
		"<p style='clip: rect(1px, 1px, 1px, 1px)'>no</p>",
		"<p style='clip-path:inset(50%)'>no</p>",
		"<p style='transform:scale(0)'>no</p>",
		"<p style='height:0;overflow:hidden'>no</p>",
		"<p style='width:1px;overflow:hidden'>no</p>",
		"<p style='display:block;display:none'>no</p>",
		"<p style='display/* x;y */:/**/none'>no</p>",
		"<div style='max-height:1px;overflow:hidden'>no</div>",
		"<i style='display:inline-block;width:0;overflow:hidden'>no</i>",
		"<i style='position:absolute;height:1px;overflow:hidden'>no</i>",
		"<p style='font:0/0 a'>no</p>",
		"<p style='font-size:0;font-size:bogus'>no</p>",
		"<p style='font-size:1%'>no</p>",
		"<div style='font-size:0'>no<p style='font-size:1em'>no</p></div>",
		"<div style='font-size:0'><b style='font-size:100%'>no</b></div>",
		"<div style='font-size:0'><b style='font:inherit'>no</b></div>",
		"<p style='-webkit-text-fill-color:transparent'>no <b style='color:"
		    "red'>no</b></p>",
		"<video>no</video>", "<audio>no</audio>", "<canvas>no</canvas>",
		"<p class=x>no</p><style>.x{display:none}</style>",
		"<style>/* background */</style><p style='color:#fff'>no</p>",
		"<style>b.x{overflow:hidden;width:0;float:left}</style><b class=x>"
		    "no</b>",
		"<datalist><option>no</datalist>", "<dialog>no</dialog>",
		"<iframe>no</iframe>", "<object>no</object>",
		"<template>no</template>", "<noembed>no</noembed>",
		"<style>.x{display:none}</style><p class='y X'>no</p>",
		"<style><!-- a{b:c} /* { */ p.a, p.x\n{ color : #FFF }--></style>"
		    "<p class=x>no</p>",
		"<style>@import x; #i{font-size:0}</style><b id=i>no</b>",
		"<style>u{left:-9999px}</style><u>no</u>",
		"<style>.d{background:#222}.e{color:#212121}</style><div class=d>"
		    "<b class=e>no</b></div>",
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof hide / sizeof *hide; i++) {
		struct zoned z;

		html_to_text(a, str_of(arena_printf(a, "yes%s", hide[i])), &z);
		if (!str_eq(str_trim(z.text), STR("yes")))
			fail_msg("%s is seen: %s", hide[i],
			    arena_str(a, z.text));
	}
	arena_free(&a);
}

/* The same means where nothing is hidden. */
static void
test_not_hidden(void **state)
{
	static const struct row rows[] = {
		/* Dark pages, buttons, coloured cells. */
		{ "<head></head><body style='background:#1f1f1f;color:#fff'>"
		    "<p>yes</p></body>", "yes" },
		{ "<body bgcolor=black text=white>yes", "yes" },
		{ "<html style='background-color:#111'><body><p style='color:#fff'>"
		    "yes <b style='color:#111'>no", "yes" },
		{ "<html class=Signature>yes", "yes" },
		{ "<!-- <body style='display:none'><html hidden> --><style>/* <body "
		    "hidden> */</style><html><body>yes", "yes" },
		{ "yes <b title='<body hidden>'>yes", "yes yes" },
		{ "yes<p>yes <b no", "yes\n\nyes" },
		{ "<body class=x id=Signature>yes <b style='color:white'>no",
		    "yes" },
		{ "<div style='color:rgb(255,255,255);background-color:"
		    "rgb(0,0,0)'><span style='font-size:12pt'>yes", "yes" },
		{ "<style>.b{background:#0078d4}</style><p style='color:#fff'>yes",
		    "yes" },
		{ "<style>@media (max-width:9px){.x{display:none}} .x:hover{color:"
		    "#fff} .y .x{display:none} .x{color:#000}</style><p class=x>yes",
		    "yes" },
		{ "<style>p.x{display:none} .xy{display:none}</style><b class=x>yes",
		    "yes" },
		{ "<style>.w{color:#fff}</style><p class=w style='color:red'>yes",
		    "yes" },
		{ "<table><tr><td bgcolor='#0078D4'><a style='color:#ffffff'>yes",
		    "yes" },
		{ "<td background='sky.png' style='color:white'>yes", "yes" },
		{ "<p style='background:url(a.png) #fff;color:white'>yes", "yes" },
		{ "<p style='background-image:linear-gradient(red,blue);"
		    "color:transparent'>yes", "yes" },
		{ "<font color='#ffffff'><span style='color:#000'>yes", "yes" },
		{ "<font color=white><a href=x>yes</a>no", "yes" },
		{ "<span style='color:white'><i style='color:windowtext'>yes",
		    "yes" },
		{ "<p style='color:#eee'>yes", "yes" },
		/* Colors that are not known, and such that shine through. */
		{ "<i style='background-color:hsl(60, 75%, 60%);color:hsl(0, 0%,"
		    " 0%)'>yes", "yes" },
		{ "<p style='color:var(--a);background-color:var(--b)'>yes",
		    "yes" },
		{ "<p style='color:oklch(1 0 0)'><b style='color:#333'>yes",
		    "yes" },
		{ "<p style='background:rgba(0,0,0,0.1);color:rgb(0,0,0)'>yes",
		    "yes" },
		{ "<p style='background:rgb(0 0 0 / 5%);color:#000'>yes", "yes" },
		{ "<p style='background:#0001;color:#000'>yes", "yes" },
		{ "<font color=chucknorris>yes", "yes" },
		{ "<p style='background:white;color:#1F497D'>yes", "yes" },
		/* Word's lists, spacers and sizes of one. */
		{ "<p style='margin-left:135.0pt;text-indent:-135.0pt'>yes", "yes" },
		{ "<p style='font-size:1em'>yes <b style='font-size:1.0rem'>yes",
		    "yes yes" },
		{ "<p style='opacity:1;top:-2px;margin-top:-18px'>yes", "yes" },
		{ "<td style='width:1%;overflow:hidden'>yes", "yes" },
		{ "<p style='height:0'>yes", "yes" },
		{ "<p style='max-height:0'>yes", "yes" },
		{ "<p>yes <i style='overflow:hidden;width:0'>yes", "yes yes" },
		{ "<p style='left:-9999px'>yes", "yes" },
		{ "<p style='font-size:1px'>no <font size=3>yes", "yes" },
		{ "<p style='font-size:0'>no <i style='font:bold 14px/1 Arial'>yes",
		    "yes" },
		{ "<p style='font-size:0'>no <i style='font-size:small'>yes", "yes" },
		{ "<p style='font-size:0'>no <i style='font-size:var(--x)'>yes",
		    "yes" },
		{ "<div color=white>yes", "yes" },
		{ "<div bgcolor=black><p style='color:#000'>yes", "yes" },
		{ "<p style='-webkit-text-fill-color:transparent;background:"
		    "linear-gradient(red,blue)'>yes", "yes" },
		{ "<p style='-webkit-text-fill-color:#333;color:white'>yes", "yes" },
		{ "<p style='clip:rect(0,100px,100px,0)'>yes", "yes" },
		{ "<dialog open>yes</dialog>", "yes" },
		{ "<p aria-hidden=true>yes", "yes" },
		{ "need<b style='color:#fff'>x</b>admin", "need admin" },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows);
}

static void
test_quotes(void **state)
{
	static const struct row rows[] = {
		/* Gmail. */
		{ "<div>ok</div><div class=gmail_quote>"
		    "<div class=gmail_attr>On Mon, A wrote:<br></div>"
		    "<blockquote class=gmail_quote>old</blockquote></div>",
		    "ok\n{q:On Mon, A wrote:\n}{q:old}" },
		{ "<div class=gmail_quote>"
		    "<div class=gmail_attr>On Mon, A wrote:<br></div>"
		    "<blockquote class=gmail_quote>old 1</blockquote>"
		    "<div>mine</div><blockquote class=gmail_quote>old 2"
		    "</blockquote></div>",
		    "{q:On Mon, A wrote:\n}{q:old 1\n}mine\n{q:old 2}" },
		{ "fyi<div class=gmail_quote>---------- Forwarded message "
		    "---------<br>From: A<br><blockquote>x</blockquote></div>",
		    "fyi\n{f:---------- Forwarded message ---------\nFrom: A\nx}"
		},
		{ "no<br><blockquote style='margin:0 0 0 40px;border:none;"
		    "padding:0px'>indented</blockquote>", "no\nindented" },
		/* Apple. */
		{ "yes<br><blockquote type=cite>On 1 May A wrote:<br>old"
		    "</blockquote>", "yes\n{q:On 1 May A wrote:\nold}" },
		{ "hi<br id='lineBreakAtBeginningOfSignature'>"
		    "<div dir=ltr>Sent from my iPhone</div><div dir=ltr><br>"
		    "<blockquote type=cite>old</blockquote></div>",
		    "hi\n{s:Sent from my iPhone\n}\n{q:old}" },
		/* Thunderbird. */
		{ "hi<div class='moz-cite-prefix'>On 1/1/26, A wrote:</div>"
		    "<blockquote type=cite cite='mid:x'>old</blockquote>below",
		    "hi\n{q:On 1/1/26, A wrote:\n}{q:old\n}below" },
		{ "see<div class=moz-forward-container>-------- Forwarded "
		    "Message --------<br>x</div>",
		    "see\n{f:-------- Forwarded Message --------\nx}" },
		{ "hi<pre class=moz-signature cols=72>-- \nJoe</pre>",
		    "hi\n{s:--\nJoe}" },
		/* Outlook. */
		{ "hi<hr><div id=divRplyFwdMsg><b>From:</b> A<br><b>Sent:</b> "
		    "x</div><div>old</div>",
		    "hi\n{q:________________________________\nFrom: A\nSent: x\n"
		    "old}" },
		{ "<div>hi</div><div id=Signature>Joe<br>Boss</div>"
		    "<div id=appendonsend></div><hr><div id=divRplyFwdMsg>"
		    "From: A</div>old",
		    "hi\n{s:Joe\nBoss\n}{q:________________________________\n"
		    "From: A\nold}" },
		{ "<p class=MsoNormal>hi</p><div style='border:none;border-top:"
		    "solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class="
		    "MsoNormal><b>From:</b> A<br><b>Sent:</b> Monday<br><b>To:"
		    "</b> B<br></p></div><p class=MsoNormal>old</p>",
		    "hi\n{q:From: A\nSent: Monday\nTo: B\nold}" },
		{ "hi<div style='border-width:1pt medium medium; border-style: "
		    "solid none none; padding:3pt 0in 0in'><b>From: </b>A<br>"
		    "<b>Date: </b>Monday<br><b>To: </b>B</div>old",
		    "hi\n{q:From: A\nDate: Monday\nTo: B\nold}" },
		{ "<div style='border-top:solid 1px'>just a box</div>x",
		    "just a box\nx" },
		{ "hi<span id=OLK_SRC_BODY_SECTION>old</span>",
		    "hi{q:old}" },
		/* Others. */
		{ "hi<div class='yahoo_quoted'>On Monday A wrote: old</div>",
		    "hi\n{q:On Monday A wrote: old}" },
		{ "hi<div class='ydp1yahoo_quoted'>old</div>", "hi\n{q:old}" },
		{ "hi<div class='protonmail_quote'>old</div>", "hi\n{q:old}" },
		{ "hi<div name='quote'>old</div>", "hi\n{q:old}" },
		{ "hi<p>2026-01-01, A &lt;a@x.com&gt;:</p><blockquote>old"
		    "</blockquote>", "hi\n\n{q:2026-01-01, A <a@x.com>:\n\nold}" },
		{ "hi<p>On 2026-01-01 A &lt;a@x.com&gt; wrote:</p>"
		    "<blockquote type=cite>old</blockquote>",
		    "hi\n\n{q:On 2026-01-01 A <a@x.com> wrote:\n\nold}" },
		{ "to point 3:<blockquote type=cite>old</blockquote>",
		    "to point 3:\n{q:old}" },
		{ "A saying<blockquote>I chose myself</blockquote>end",
		    "A saying\nI chose myself\nend" },
		{ "hi<div id=composer_signature>Sent from my Galaxy</div>",
		    "hi\n{s:Sent from my Galaxy}" },
		{ "hi<div class=gmail_signature>Joe</div>", "hi\n{s:Joe}" },
		/* Typed inside the signature's element: not cut. */
		{ "<div id=Signature>please help<br>Joe</div>",
		    "please help\nJoe" },
		/* Banners. */
		{ "<div style='background:#ff0'>CAUTION: This email originated "
		    "from outside of the organization.</div>hi",
		    "{n:CAUTION: This email originated from outside of the "
		    "organization.\n}hi" },
		{ "<div style='background:white'><p>CAUTION: External "
		    "sender.</p><p>Is the button grey for all?</p></div>",
		    "CAUTION: External sender.\n\nIs the button grey for all?" },
		{ "<table><tr><td style='background:#eee'>Our rates</td></tr>"
		    "</table>hi", "Our rates\nhi" },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows);
}

static void
test_marks_known(void **state)
{
	(void)state;
	assert_true(html_has_marks(STR("<div class=\"gmail_quote\">")));
	assert_true(html_has_marks(STR("<blockquote>")));
	assert_true(html_has_marks(STR("<div id=\"divRplyFwdMsg\">")));
	assert_false(html_has_marks(STR("<p class=MsoNormal>hello</p>")));
	assert_false(html_has_marks(STR("")));
}

/* Depth, width, and what costs time. */
static void
test_hostile(void **state)
{
	static const char *const open[] = { "<div>", "<b>", "<blockquote>",
		"<ul><li>", "<table><tr><td>", "<", "<a href='http://x'>",
		"<!--", "<p>", "&", "<div class=gmail_quote>", "<font></b>",
		"</div>", "<style>", "<div style='border-top:solid'>" };
	const size_t n = 200000;
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		struct buf b = buf_new(a, n + 100);
		struct zoned z;

		buf_puts(&b, "first ");
		while (b.n < n)
			buf_puts(&b, open[i]);
		buf_puts(&b, " last");
		html_to_text(a, buf_str(&b), &z);
		assert_int_equal(str_find(z.text, STR("first")), 0);
		assert_true(utf8_valid(z.text));
		arena_reset(a);
	}
	arena_free(&a);
}

/* Too deep for libxml2: the text is there all the same. */
static void
test_too_deep(void **state)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a, 100000);
	struct zoned z;

	(void)state;
	buf_puts(&b, "<style>p{x:y}</style>");
	for (int i = 0; i < 1000; i++)
		buf_puts(&b, "<div><span>");
	buf_puts(&b, "need &lt;help&gt; &amp; caf&#233;<!-- no --><br>now");
	html_to_text(a, buf_str(&b), &z);
	assert_string_equal(arena_str(a, z.text),
	    "need <help> & caf\xc3\xa9\nnow");
	arena_free(&a);
}

static bool
whole(struct arena *a, const char *head, const char *unit, int n,
    const char *tail, struct html_budget *left, struct zoned *z)
{
	struct buf b = buf_new(a, 1 << 21);
	struct html_pictures pictures = html_pictures_new(a);

	buf_puts(&b, head);
	for (int i = 0; i < n; i++)
		buf_puts(&b, unit);
	buf_puts(&b, tail);
	return html_read(a, buf_str(&b), left, &pictures, z);
}

/* What goes beyond a limit is told; one budget is for all pages. */
static void
test_limits(void **state)
{
	struct arena *a = arena_new();
	struct html_budget left = html_budget_new();
	struct zoned z;

	(void)state;
	assert_true(whole(a, "one", "<i>", 200, "two", &left, &z));
	assert_int_equal(left.marks, CD_MAX_HTML_MARKS - 200);
	assert_false(whole(a, "one", "<i>", 300, "two", &left, &z));
	assert_string_equal(arena_str(a, z.text), "onetwo");
	assert_true(whole(a, "one<p ", "a ", 64, ">two", &left, &z));
	assert_false(whole(a, "one<p ", "a ", 65, ">two", &left, &z));
	assert_string_equal(arena_str(a, z.text), "one");
	assert_false(whole(a, "one<p ", "a='>'", 65, ">two", &left, &z));
	assert_false(whole(a, "one<!-- <p a=' --><p ", "a ", 65, ">two",
	    &left, &z));
	assert_true(whole(a, "one<p title='", "a ", 200, "'>two", &left, &z));
	assert_true(whole(a, "one<!--", "a ", 200, "--><p>two", &left, &z));
	left.marks = 1000;
	assert_false(whole(a, "one", "<br>", 1001, "two", &left, &z));
	assert_false(whole(a, "one", "<br>", 1, "two", &left, &z));
	assert_string_equal(arena_str(a, z.text), "one");
	left = html_budget_new();
	assert_true(whole(a, "", "<b bgcolor=x>outside</b>", 1001, "", &left,
	    &z));
	assert_int_equal(left.boxes, 0);
	left = html_budget_new();
	assert_true(whole(a, "<style>", ".x{color:red}", CD_MAX_HTML_RULES,
	    "</style><p class='a b x'>one", &left, &z));
	assert_true(left.tries < CD_MAX_HTML_TRIES - CD_MAX_HTML_RULES * 3);
	assert_false(whole(a, "<style>", ".x{color:red}", CD_MAX_HTML_RULES + 1,
	    "</style>one", &left, &z));
	left = html_budget_new();
	assert_false(whole(a, "<style>.x{color:red}</style><p class='", "x", 2001,
	    "'>one", &left, &z));
	left.tries = 10;
	assert_true(whole(a, "<style>.x{color:red}</style>", "<b>one</b>", 5, "",
	    &left, &z));
	assert_false(whole(a, "<style>.x{color:red}</style>", "<b>one</b>", 5, "",
	    &left, &z));
	assert_int_equal(left.tries, 0);
	left = html_budget_new();
	assert_true(whole(a, "<style>[x=a]{display:none}</style><p x='", "b",
	    2000, "'>one", &left, &z));
	assert_in_range(CD_MAX_HTML_TRIES - left.tries, 200, 300);
	assert_false(whole(a, "<style>[x=a]{display:none}</style><p x='", "b",
	    2001, "'>one", &left, &z));
	left.tries = 50;
	assert_false(whole(a, "<style>[x]{display:none}</style>", "<b a b c d>", 15,
	    "one", &left, &z));
	assert_int_equal(left.tries, 0);
	arena_free(&a);
}

/* Text that some programs show and others do not. */
static void
test_doubt(void **state)
{
	static const struct {
		const char *html;
		bool whole;
	} rows[] = {
		{ "<style>div .x{display:none}</style><p class=x>one", false },
		{ "<style>.y > .x.z{font-size:0}</style><p class=x>one", false },
		{ "<style>p:not(.y > a), b{display:none}</style><p>one", false },
		{ "<style>#a ~ *{left:-999em}</style><p>one", false },
		{ "<style>[a=b]{display:none}</style>one<p a=b>two", false },
		{ "<style>b,*[class=mobile]{display:none}</style><p class="
		    "mobile>one", false },
		{ "<style>.y p[Class ~= 'x']{display:none}</style><p class="
		    "'a X'>one", false },
		{ "<style>[style*=\"margin: 1px\" i]{display:none}</style>"
		    "<p style='margin: 1px'>one", false },
		{ "<style>[title='\\61']{display:none}</style><p title=a>one",
		    false },
		{ "<style>[title='a]b']{display:none}</style><p title='a]b'>one",
		    false },
		{ "<style>p[title=a\ni]{display:none}</style><p title=A>one",
		    false },
		{ "<style>[x|y]{display:none}</style><p>one", false },
		{ "<style>[title='a/*b*/c']{display:none}</style><p title="
		    "'a/*b*/c'>one", false },
		{ "<style>[title='a.b']{display:none}</style><p title="
		    "a&period;b>one", false },
		{ "<style>[title='\u2026']{display:none}</style><p title="
		    "&#133;>one", false },
		{ "<style>[ti\\74le]{display:none}</style><p title>one", false },
		{ "<style>:not([title]){display:none}</style><p>one", false },
		{ "<style>p:not(:hover){display:none}</style><p>one", false },
		{ "<style>[title='a{b']{display:none}</style><p title='a{b'>one",
		    false },
		{ "<style>[title='a;b']{display:none}</style><p title='a;b'>one",
		    false },
		{ "<style>i{content:'/*'} .x p{display:none} b{content:'*/'}"
		    "</style><p>one", false },
		{ "<style>i{content:'{'} .x p{display:none}</style><p>one", false },
		{ "<style>i{background:url(it's.png)} .x p{display:none}</style>"
		    "<p>one", false },
		{ "<style>i{content:'\f} .x p{display:none}</style><p>one", false },
		{ "<style>@media screen{i{color:red} .x p{display:none}}</style>"
		    "<p>one", false },
		{ "<style>@supports (a:b){@media all{i{c:d}}} .x p{display:none}"
		    "</style><p>one", false },
		{ "<style>i{color:red} /* one</style><p>one", false },
		{ "<details>one</details>", false },
		{ "<style>div p{text-decoration:line-through}</style><p>one",
		    false },
		{ "<style>.x{text-decoration:none}</style><s class=x>one</s>",
		    false },
		{ "<style>a{text-decoration:none}</style><s>one</s>", true },
		{ "<style>.x{text-decoration:none}</style><p style='"
		    "text-decoration:line-through'>one", true },
		{ "<style>div .x{display:none}</style><p class=x><br><p>one", true },
		{ "<style>div .x{display:none}</style><p class=y>one", true },
		{ "<style>div .x{color:red}</style><p class=x>one", true },
		{ "<style>.y:hover .x{display:none}</style><p class=x>one", true },
		{ "<style>.y:hover:before{content:'}'}</style><p class=x>one", true },
		{ "<style>.y:before{content:\"}\"}.z{color:red}</style><p>one", true },
		{ "<style>span[style*='rgb(0,0,0)']{color:#111}</style><p>one", true },
		{ "<style>i{background:url(it's.png)} b{color:red}</style><p>one",
		    true },
		{ "<style>i{background:url( 'a)b' )} b{color:red}</style><p>one",
		    true },
		{ "<style>a{b:c} /* it's */ p{color:red}</style><p>one", true },
		{ "<style>u + .b [style*=\"a: rgb(3, 4)\"]{color:#222}</style><p>one",
		    true },
		{ "<style>@media print, (max-width:9px){p{c:d;display:none}}</style>"
		    "<p>one", true },
		{ "<style>div .x{display:none}</style><p class=x hidden>one", true },
		{ "<details open>one</details>", true },
		{ "<style>template,[hidden]{display:none!important}</style>"
		    "<p class=x>one", true },
		{ "<style>[hidden]{display:none}</style><p hidden>one", true },
		{ "<style>*[class=mobile]{display:none}</style><p class=x>one",
		    true },
		{ "<style>.z p.x[class~=y]{display:none}</style><p class=y>one",
		    true },
		{ "<style>[data-a][data-b]{display:none}</style><p data-b>one",
		    true },
		{ "<style>[a=b]{display:none}</style>one<p>two", true },
		{ "<style>[a='b c']/* d */{display:none}</style><p a='b\nd'>one",
		    true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct html_budget left = html_budget_new();
		struct html_pictures pictures = html_pictures_new(a);
		struct zoned z;

		if (html_read(a, str_of(rows[i].html), &left, &pictures, &z) !=
		    rows[i].whole)
			fail_msg("%s", rows[i].html);
	}
	arena_free(&a);
}

/* A page of nothing but text has room for it from the start. */
static void
test_long_text(void **state)
{
	struct arena *a = arena_new();
	struct buf page = buf_new(a, 300000);
	struct zoned z;
	size_t before;

	(void)state;
	buf_puts(&page, "<p>");
	while (page.n + 20 < page.max)
		buf_puts(&page, "x<br>abcdefghijkl\n");
	before = arena_used(a);
	html_to_text(a, buf_str(&page), &z);
	assert_true(z.text.n > page.n / 2);
	/* The page made fit, the text, and what any page takes. */
	assert_true(arena_used(a) - before < 2 * page.n + 65536);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_hidden_words),
		cmocka_unit_test(test_not_hidden),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_marks_known),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_too_deep),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
