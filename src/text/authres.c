#include "text/authres.h"

const char *
authentication_name(enum authentication auth)
{
	switch (auth) {
	case AUTH_NONE:
		return "none";
	case AUTH_PASS:
		return "pass";
	case AUTH_FAIL:
		return "fail";
	}
	return "none";
}
