#ifndef CD_SRC_ROLE_DESK_ROOM_H
#define CD_SRC_ROLE_DESK_ROOM_H

#include "flow/desk.h"
#include "flow/words.h"
#include "role/desk_web.h"
#include "role/html.h"
#include "store/cases.h"

/*
 * What the rooms of the queue share: one request, the frame of a page, words.
 */
struct visitor {
	const char *name;
	bool lead;
	const char *csrf;	/* what their forms carry */
	bool by_proxy;		/* the proxy has signed them in */
};

struct call {
	struct desk_web *w;
	struct arena *a;
	const struct web_request *r;
	struct web_response *out;
	int64_t now;
	struct visitor who;	/* name NULL: nobody yet */
	size_t n_headers;
};

/* ---- answers (desk_web.c) ------------------------------------------------- */

void call_header(struct call *, const char *name, const char *value);
void call_page(struct call *, int status, struct html *);
void call_plain(struct call *, int status, const char *text);
void call_redirect(struct call *, const char *to);
/* A page with one sentence, for who is signed in and who is not. */
void call_trouble(struct call *, int status, const char *title,
    const char *text);
/* The status that says what went wrong. */
int call_status(enum cd_rc);
/* `to` if it is a page of the queue, else the queue's first. */
const char *call_back(const struct call *, const char *to);

/* ---- who is there (desk_login.c) ------------------------------------------ */

void visitor_find(struct call *);
/* Does the form carry the token of this session? */
bool visitor_form_fits(const struct call *);
void login_page(struct call *);
void login_try(struct call *);
void login_end(struct call *);

/* ---- frame and words (desk_page.c) ---------------------------------------- */

struct page_frame {
	const char *title;
	const char *view;	/* of the list that is open, "numbers", NULL */
	const char *kind;	/* "list", "case", "plain": what the script does */
	const char *search;	/* words in the search box, or NULL */
	int64_t case_id;	/* of kind "case" */
};
void page_begin(struct call *, struct html *, const struct page_frame *);
void page_end(struct html *);
/* The hidden field that each form has. */
void page_token(const struct call *, struct html *);
/* What a person wrote and nobody got, to be copied; nothing where it is blank. */
void page_kept(struct html *, const char *text);
/* What ?done=CODE says, if it says something. */
void page_done(const struct call *, struct html *);

/* "5 min", in a <time> with the date. */
void words_age(const struct call *, struct html *, int64_t at);
/* "24 Nov, 13:20 UTC", in a <time>. */
void words_when(const struct call *, struct html *, int64_t at);
/* "24 Nov" */
const char *words_day(const struct call *, int64_t at);
/* A line where an address reads like another than it is; company: of the case,
 * or NULL. */
void words_doubt(struct call *, struct html *, const char *addr,
    const char *name, const char *company);
/* <option>s of all intents, one chosen. */
void words_intent_options(struct call *, struct html *, const char *chosen);
/* <option>s of the languages that there are answers in, one chosen. */
void words_language_options(struct call *, struct html *, const char *chosen);
/* <option>s of the team, one chosen. */
void words_people_options(struct call *, struct html *, const char *chosen);

/* ---- pages ---------------------------------------------------------------- */

void list_page(struct call *);
/* To the case after the one that is left for later, ?not=ID; after the last, and
 * from one that is done, to the case that waits longest. */
void list_next(struct call *);

/* A form that could not be obeyed: what the person wrote is kept. */
struct case_trouble {
	int status;
	const char *text;	/* what to say; NULL: all is well */
	const char *typed;	/* the answer's text, NULL: none */
	const char *note;	/* a note's, NULL: none */
	int64_t seen;		/* events after it are marked as new, 0: none */
};
void case_page(struct call *, int64_t id, const struct case_trouble *);
void case_html(struct call *, int64_t outbox_id); /* an answer's HTML part */

void act_case(struct call *, int64_t id, const char *verb);
void act_bulk(struct call *);

void numbers_page(struct call *);
void live_page(struct call *);

#endif
