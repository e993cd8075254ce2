#ifndef CD_IO_TOKEN_H
#define CD_IO_TOKEN_H

#include "io/config.h"

/*
 * OAuth 2.0 access tokens for the mailbox (RFC 6749), by the flow that [oauth2]
 * names:
 *  client_secret, certificate	the client credentials grant (RFC 6749 4.4),
 *				the certificate's proof by RFC 7523 2.2, PS256
 *  refresh_token		RFC 6749 6; a new refresh token is stored
 *  service_account		the JWT bearer grant (RFC 7523 2.1), RS256, in
 *				the name of the mailbox's user
 * Secret files are read anew for each fetch, so that a changed one needs no
 * restart.
 */
struct token;

/* The configuration must outlive it. */
enum cd_rc token_new(const struct config *, struct token **out,
    struct cd_err *err) CD_CHECK;
void token_free(struct token **);

/* A token good for a while: fetched when there is none or the last one has lived
 * 80 % of its life; blocks up to 15 s then. Where that fails, the last one is
 * given until shortly before its end (a minute; of a short life its tenth), and
 * a new one asked for as long after. *bearer_out is borrowed until the next
 * call. CD_AGAIN: weather. CD_REFUSED: the endpoint or a secret file says no;
 * the text tells what to mend. */
enum cd_rc token_get(struct token *, int64_t now, const char **bearer_out,
    struct cd_err *err) CD_CHECK;

/* Its time is over by the mail server's clock: fetch another one next time. */
void token_forget(struct token *);
/* The mail server refused the login with it: forgotten, and counted. */
void token_rejected(struct token *);
/* The mail server took it. */
void token_worked(struct token *);

/* How often in a row the endpoint refused to give a token, or the mail server
 * to take it; weather does not count. */
int token_strikes(const struct token *);

/* For `status`; 0: none yet. */
int64_t token_fetched_at(const struct token *);
int64_t token_expires_at(const struct token *);

/* What a person should know although the last token_get succeeded (a new
 * refresh token could not be stored; no new token is to be had and the old one
 * was given), or NULL. */
const char *token_trouble(const struct token *);

#endif
