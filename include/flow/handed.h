#ifndef CD_FLOW_HANDED_H
#define CD_FLOW_HANDED_H

#include "flow/intake.h"

/* Did another company than the sender's get the mail of ours that he answers or
 * passes on, as its own head tells or who passed it on? Then he may do that
 * company's IT. */
bool handed_over(const struct engine *, struct arena *, const struct examined *);

#endif
