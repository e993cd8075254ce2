#ifndef CD_IO_JWT_H
#define CD_IO_JWT_H

#include "base/arena.h"

/*
 * Signed JSON Web Tokens (RFC 7515, 7518) by OpenSSL: what this program proves
 * itself with to a token endpoint.
 */
enum jwt_algorithm { JWT_RS256, JWT_PS256 };

/* "header.claims.signature"; key: an RSA private key, PEM. CD_MALFORMED: it is
 * not one. */
enum cd_rc jwt_sign(struct arena *, enum jwt_algorithm, struct str key,
    const char *header, const char *claims, char **out,
    struct cd_err *err) CD_CHECK;

/* base64url of the SHA-256 of a certificate's DER ("x5t#S256"); pem: its file's
 * content. CD_MALFORMED: not a certificate. */
enum cd_rc jwt_thumbprint(struct arena *, struct str pem, char **out,
    struct cd_err *err) CD_CHECK;

/* base64url without padding (RFC 4648 5). */
char *base64url(struct arena *, struct str);

#endif
