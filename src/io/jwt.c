/*
 * Signing of JSON Web Tokens. OpenSSL does the work; a JWT library would bring
 * parsing of strangers' tokens, which nobody needs here.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "io/jwt.h"

char *
base64url(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, (s.n + 2) / 3 * 4 + 1);
	int n = EVP_EncodeBlock((unsigned char *)out,
	    (const unsigned char *)s.p, (int)s.n);

	while (n > 0 && out[n - 1] == '=')
		out[--n] = '\0';
	for (int i = 0; i < n; i++) {
		if (out[i] == '+')
			out[i] = '-';
		else if (out[i] == '/')
			out[i] = '_';
	}
	return out;
}

/* Never ask for a passphrase: nobody sits at the terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *context)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

static EVP_PKEY *
key_read(struct str pem)
{
	BIO *b = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = b ? PEM_read_bio_PrivateKey(b, NULL, no_passphrase,
				NULL) : NULL;

	BIO_free(b);
	if (key && EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

static bool
sign(struct arena *a, enum jwt_algorithm algorithm, EVP_PKEY *key,
    struct str text, struct str *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	size_t n = (size_t)EVP_PKEY_get_size(key);
	unsigned char *sig = arena_alloc(a, n);
	bool ok = ctx &&
	    EVP_DigestSignInit(ctx, &pctx, EVP_sha256(), NULL, key) == 1;

	/* RFC 7518 3.5: the salt is as long as the hash. */
	if (ok && algorithm == JWT_PS256)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx,
			 RSA_PKCS1_PSS_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx,
			RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_DigestSign(ctx, sig, &n, (const unsigned char *)text.p,
	    text.n) == 1;
	EVP_MD_CTX_free(ctx);
	*out = (struct str){ (char *)sig, n };
	return ok;
}

enum cd_rc
jwt_sign(struct arena *a, enum jwt_algorithm algorithm, struct str pem,
    const char *header, const char *claims, char **out, struct cd_err *err)
{
	EVP_PKEY *key = key_read(pem);
	struct str signature;
	char *text;
	bool ok;

	if (!key)
		return cd_fail(err, CD_MALFORMED,
		    "not an RSA private key in PEM without a passphrase");
	text = arena_printf(a, "%s.%s", base64url(a, str_of(header)),
	    base64url(a, str_of(claims)));
	ok = sign(a, algorithm, key, str_of(text), &signature);
	EVP_PKEY_free(key);
	if (!ok)
		return cd_fail(err, CD_MALFORMED,
		    "this private key cannot sign");
	*out = arena_printf(a, "%s.%s", text, base64url(a, signature));
	return CD_OK;
}

enum cd_rc
jwt_thumbprint(struct arena *a, struct str pem, char **out,
    struct cd_err *err)
{
	BIO *b = BIO_new_mem_buf(pem.p, (int)pem.n);
	X509 *x = b ? PEM_read_bio_X509(b, NULL, no_passphrase, NULL) : NULL;
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int ok = x && X509_digest(x, EVP_sha256(), hash, &n);

	X509_free(x);
	BIO_free(b);
	if (!ok)
		return cd_fail(err, CD_MALFORMED, "not a certificate in PEM");
	*out = base64url(a, (struct str){ (char *)hash, n });
	return CD_OK;
}
