#include "text/zone.h"

const char *
zone_name(enum zone zone)
{
	static const char *const names[ZONE_COUNT] = {
		[ZONE_NEW] = "new",
		[ZONE_QUOTED] = "quoted",
		[ZONE_FORWARDED] = "forwarded",
		[ZONE_SIGNATURE] = "signature",
		[ZONE_NOTICE] = "notice",
	};

	cd_assert(zone < ZONE_COUNT);
	return names[zone];
}
