#ifndef CD_SRC_FLOW_INTAKE_LOOK_H
#define CD_SRC_FLOW_INTAKE_LOOK_H

#include "flow/intake.h"

/* The further looks of intake_read.c at a mail, once it is read (x->reading). Where one
 * finds more than was read, a person is to see the mail: its reading is torn. */

/* As far as its thread tells: is it no answer? */
bool look_is_new(const struct examined *);
/* Whose mail is nothing but a new subject said all there. */
bool look_subject_is_all(const struct examined *);
/* Does it want something of us, or might it? */
bool look_wants(const struct reading *);

/* At a text that reads as nothing: is it a wish without what companies put below
 * their mails? */
void look_above(const struct engine *, struct arena *,
    const struct classify_input *, struct examined *);
/* At one that is nothing but a few words, with what they lean on. Where they lean on
 * the subject, input and reading are with it from then on. */
void look_again(const struct engine *, struct arena *, struct classify_input *,
    struct examined *);
/* At the lines below a name, among which a last word may stand. */
void look_at_card(const struct engine *, struct arena *,
    const struct classify_input *, struct examined *);
/* At the other form of a mail whose forms differ: x->other_form. */
void look_beside(const struct engine *, struct arena *,
    const struct classify_input *, struct examined *);

#endif
