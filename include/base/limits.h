#ifndef CD_BASE_LIMITS_H
#define CD_BASE_LIMITS_H

/*
 * Every maximum of the program, in one place. A bound that a stranger's mail
 * can reach is met by keeping what fits and remembering that something was
 * left out; it is never an error that loses the mail.
 */

/* One mail. */
#define CD_MAX_MAIL		(1024 * 1024)	/* default max_fetch, bytes */
#define CD_MAX_MAIL_CEILING	(64 * 1024 * 1024) /* largest max_fetch */
#define CD_MAX_HEADERS		1000		/* header fields kept */
#define CD_MAX_HEADER_BYTES	(64 * 1024)	/* one field, unfolded */
#define CD_MAX_PARTS		1000		/* MIME parts looked at */
#define CD_MAX_PARAMETERS	256		/* ";" of one MIME field read */
#define CD_MAX_CHARSETS		16		/* of one mail, kept open */
#define CD_MAX_NESTING		32		/* multipart, message/rfc822 */
#define CD_MAX_INNER		4		/* mail in a mail in a mail, parsed */
#define CD_MAX_RETURNED		(64 * 1024)	/* bytes kept of a returned mail */
#define CD_MAX_ATTACHMENTS	64		/* listed by name */
#define CD_MAX_ADDRESSES	256		/* in one address header */
#define CD_MAX_NAME		4096		/* bytes of a display name, as sent */
#define CD_MAX_REFERENCES	100		/* Message-IDs kept */
#define CD_MAX_TEXT		(1024 * 1024)	/* decoded text, bytes */
#define CD_MAX_HTML_DEPTH	256		/* element nesting */
#define CD_MAX_HTML_MARKS	25000		/* "<" and "&" read of a mail's pages */
#define CD_MAX_HTML_VALUES	50000		/* "=" of them */
#define CD_MAX_HTML_ATTRIBUTES	64		/* of a tag; the page ends there */
#define CD_MAX_HTML_RULES	256		/* of a page's style sheets, kept */
#define CD_MAX_HTML_TRIES	2000000		/* of a mail: does a rule fit? */
#define CD_MAX_HTML_BOXES	200		/* of a mail, taken for a banner */
#define CD_MAX_SPANS		4096		/* zones of one mail */
#define CD_MAX_LINES		20000		/* of a text, looked at for zones */
#define CD_MAX_TRIES		2000		/* lines tried as an attribution */
#define CD_MAX_TAIL		80		/* lines at the end of newly written
						 * ones, looked at for a signature */
#define CD_MAX_SIGNED		2000		/* the same, of all ends of a text */
#define CD_MAX_LINE_CUTS	16		/* lines cut before one */
#define CD_MAX_SUBJECT		998		/* bytes; RFC 5322 2.1.1 */

/* Reading. */
#define CD_MAX_CLASSIFY		(16 * 1024)	/* bytes of a zone classified */
#define CD_MAX_FOLDED		(48 * 1024)	/* the same, folded */
#define CD_MAX_RULES		4096
#define CD_MAX_PATTERNS		8192		/* of all rules, each counted once */
#define CD_MAX_RULE_LANGUAGES	64
#define CD_MAX_PASSED_OVER	16	/* files of the folder of rules, named */
#define CD_MAX_HITS		256		/* rule hits of one mail */
#define CD_MAX_EVIDENCE		32		/* shown and stored */
#define CD_MAX_EXPLAINED	(64 * 1024 * 1024) /* as JSON: all that the
						 * limits above let in,
						 * escaped */
#define CD_MAX_WAYS		32		/* to match a pattern, told apart */
#define CD_MAX_PATTERN		(16 * 1024)	/* one expanded pattern */
#define CD_MAX_RULE_FILE	(1024 * 1024)
#define CD_MAX_MATCHES		16		/* `match` lines of one rule */
#define CD_MAX_EFFECTS		8		/* what one rule says */
#define CD_MAX_FEATURES		16384		/* of one mail */
#define CD_MAX_FEATURE_TEXT	1600		/* bytes the model looks at */
#define CD_MAX_LESSONS		300000		/* texts learned from */
#define CD_PCRE_MATCH_LIMIT	100000
#define CD_PCRE_DEPTH_LIMIT	1000

/* Accounts of the queue. */
#define CD_MAX_PASSWORD		1024		/* bytes */

/* Writing. */
#define CD_MAX_TEMPLATE		(256 * 1024)
#define CD_MAX_RENDERED		(512 * 1024)
#define CD_MAX_LINK		2000		/* bytes of a consent link */
#define CD_MAX_STATE		512		/* bytes of a signed state */
#define CD_MAX_REFERENCES_TRIED	64		/* case references of one text
						 * whose signature is made */
#define CD_MAX_TEMPLATE_NODES	4096		/* one template, partials
						 * opened */
#define CD_MAX_TEMPLATE_DEPTH	8		/* partials in partials, and
						 * sections in sections */
#define CD_MAX_TEMPLATES	256		/* names, and languages */
#define CD_MAX_ANSWER_REFERENCES 20		/* ids of our References */
#define CD_MAX_ANSWER_SUBJECT	200		/* bytes of theirs kept */
#define CD_MAX_ANSWER_NAME	200		/* bytes of a display name */
#define CD_MAX_WIRE		(4 * 1024 * 1024) /* an answer, encoded */

/* Kept. */
#define CD_MAX_ANSWERED		10000		/* Message-IDs that people of
						 * ours answered first */

/* Outside. */
#define CD_MAX_HTTP_BODY	(256 * 1024)	/* an answer of the authority */
#define CD_MAX_REQUEST		(64 * 1024)	/* a body sent to us */
#define CD_MAX_REQUEST_PAIRS	256		/* values of a query or form */
#define CD_MAX_CONNECTIONS	100		/* of the web, at once */
#define CD_REQUEST_MS		10000		/* a request from start to end */
#define CD_MAX_RESTING		20		/* requests whose answer is not
						 * known yet */
#define CD_MAX_STREAMS		50		/* of CD_MAX_CONNECTIONS */
#define CD_STREAM_MS		300000		/* of one; a browser comes back */
#define CD_MAX_UNREAD		2048		/* bytes that a stream may be
						 * behind */
#define CD_MAX_CONFIG		(256 * 1024)	/* the file, bytes */
#define CD_MAX_CONFIG_LINE	4096
#define CD_MAX_ANSWERS		200		/* keys of a file of answers */
#define CD_MAX_MX		16		/* mail servers of a domain, looked at */
#define CD_MAX_CONFIG_LIST	64		/* values of one key */
#define CD_MAX_SECRET		(16 * 1024)
#define CD_MAX_BATCH		64		/* mails of one transaction */
#define CD_MAX_SMTP		8		/* connections to the mail server */
#define CD_MAX_IMAP_ANSWER	(64 * 1024 * 1024) /* to one command, bytes */
#define CD_MAX_IMAP_LINES	(1024 * 1024)	/* greeting, login, IDLE */
#define CD_MAX_IMAP_BATCH	(4 * 1024 * 1024) /* mails of one fetch, bytes */
#define CD_MAX_IMAP_COMMAND	8192		/* one we send, bytes */
#define CD_MAX_IMAP_SET		4000		/* UIDs named in it, bytes */

#define CD_MAX_LIVE		512		/* bytes of one piece of news */
#define CD_MAX_PAGE		(8 * 1024 * 1024) /* of the queue, bytes */
#define CD_MAX_LIST		50		/* cases of a page of the queue */
#define CD_MAX_BULK		200		/* cases of one action on a list */
#define CD_MAX_SHOWN		200		/* events of a case shown, newest */
#define CD_MAX_TALK		(2 * 1024 * 1024) /* bytes of them on the page,
						 * and of the audit trail */
#define CD_MAX_SHOWN_TEXT	(64 * 1024)	/* bytes of one text of them */
#define CD_MAX_SHOWN_NAME	200		/* bytes of a name in them */
#define CD_MAX_PEOPLE		200		/* accounts offered to assign to */

/* Keeping. */
#define CD_MAX_FOUND		1000		/* cases that a search looks at */
#define CD_MAX_PURGE		200		/* mails of one mails_purge */

#define CD_MAX_ERR		512

#endif
