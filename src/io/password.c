#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/random.h"
#include "io/password.h"

#define LOG_N	15
#define R	8
#define P	1
#define SALT	16
#define KEY	32
#define MEMORY	(64u * 1024 * 1024)
#define PREFIX	"scrypt$15$8$1$"

static bool
derive(const char *password, const unsigned char salt[SALT],
    unsigned char key[KEY])
{
	return EVP_PBE_scrypt(password, strlen(password), salt, SALT,
	    (uint64_t)1 << LOG_N, R, P, MEMORY, key, KEY) == 1;
}

static char *
hex(struct arena *a, const unsigned char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *s = arena_alloc(a, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		s[2 * i] = digits[p[i] >> 4];
		s[2 * i + 1] = digits[p[i] & 15];
	}
	return s;
}

static bool
unhex(struct str s, unsigned char *out, size_t n)
{
	if (s.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = ascii_hex(s.p[2 * i]), low = ascii_hex(s.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

enum cd_rc
password_hash(struct arena *a, const char *password, const char **out,
    struct cd_err *err)
{
	unsigned char salt[SALT], key[KEY];

	random_bytes(salt, sizeof salt);
	if (!derive(password, salt, key))
		return cd_fail(err, CD_BROKEN, "scrypt failed");
	*out = arena_printf(a, PREFIX "%s$%s", hex(a, salt, SALT),
	    hex(a, key, KEY));
	OPENSSL_cleanse(key, sizeof key);
	return CD_OK;
}

bool
password_fits(const char *password, const char *hash)
{
	struct str s = str_of(hash), prefix = STR(PREFIX);
	unsigned char salt[SALT], want[KEY], key[KEY];
	bool fits;

	if (!str_starts(s, prefix) ||
	    s.n != prefix.n + 2 * SALT + 1 + 2 * KEY)
		return false;
	s = str_sub(s, prefix.n, s.n);
	if (s.p[2 * SALT] != '$' || !unhex(str_sub(s, 0, 2 * SALT), salt, SALT) ||
	    !unhex(str_sub(s, 2 * SALT + 1, s.n), want, KEY))
		return false;
	fits = derive(password, salt, key) &&
	    CRYPTO_memcmp(key, want, KEY) == 0;
	OPENSSL_cleanse(key, sizeof key);
	return fits;
}
