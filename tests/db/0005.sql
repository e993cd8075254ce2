-- Rows as version 5 of the schema kept them, with what answers say still in
-- their own rows.
INSERT INTO mailboxes (id, name, uidvalidity, next_uid, read_at)
	VALUES (1, 'support@localhost/INBOX', 7, 3, 1790000100);
INSERT INTO cases (id, state, updated, opened, reason, intent, language,
	from_addr, from_name, canonical, domain, tenant, subject, assignee,
	last_action)
VALUES
	(1, 'waiting', 1790000100, 1790000000, '', 'want_link', 'en',
	'dolores@pruitthauling.test', 'Dolores Pruitt',
	'dolores@pruitthauling.test', 'pruitthauling.test',
	'0a1b2c3d-1111-2222-3333-444455556666', 'Re: Need admin approval',
	NULL, 'link sent'),
	(2, 'review', 1790000200, 1790000200, 'unclear', 'other', 'es',
	'jose@camiones.test', 'José Ortiz', 'jose@camiones.test',
	'camiones.test', NULL, 'Pregunta', 'maria', 'review: unclear');
INSERT INTO mails (id, mailbox, uidvalidity, uid, identity, received_at,
	seen_at, case_id, action, reason, authentication, language, intent,
	confidence, from_addr, from_name, canonical, subject, domain, visible,
	full_text)
VALUES
	(1, 1, 7, 1, 'a1@pruitthauling.test', 1790000000, 1790000001, 1,
	'link', 'asks_for_approval', 'pass', 'en', 'want_link', 0.98,
	'dolores@pruitthauling.test', 'Dolores Pruitt',
	'dolores@pruitthauling.test', 'Re: Need admin approval',
	'pruitthauling.test', 'yes please, the purple link', 'yes please'),
	(2, 1, 7, 2, 'a2@camiones.test', 1790000200, 1790000201, 2, 'review',
	'unclear', 'pass', 'es', 'other', 0.4, 'jose@camiones.test',
	'José Ortiz', 'jose@camiones.test', 'Pregunta', 'camiones.test',
	'una pregunta', 'una pregunta');
-- Whose text is forgotten, but for what version 11 left of it.
INSERT INTO mails (id, mailbox, uidvalidity, uid, identity, received_at,
	seen_at, case_id, action, reason, authentication, language, intent,
	confidence, from_addr, from_name, canonical, subject, domain, detail)
VALUES
	(3, 1, 7, 3, 'a3@camiones.test', 1780000200, 1780000201, 2, 'review',
	'forms_differ', 'pass', 'es', 'other', 0.4, 'jose@camiones.test',
	'José Ortiz', 'jose@camiones.test', 'Pregunta', 'camiones.test',
	'{"context":"first","inner":"una carta","gates":[{"gate":"hold",'
	|| '"evidence":"una palabra"}]}');
INSERT INTO outbox (id, case_id, mail_id, state, automatic, created, due,
	sent_at, handle, language, to_addr, to_canonical, domain, message_id,
	subject, text, html, raw)
VALUES
	(1, 1, 1, 'sent', 1, 1790000002, 1790000002, 1790000003, 'link', 'en',
	'dolores@pruitthauling.test', 'dolores@pruitthauling.test',
	'pruitthauling.test', 'cd.1.1@numeo.test', 'Re: Need admin approval',
	'Here is your link', '<p>Here is your link</p>',
	CAST('Subject: Re: Need admin approval' AS BLOB)),
	(2, 2, 2, 'draft', 0, 1790000202, 1790000202, NULL, 'steps', 'es',
	'jose@camiones.test', 'jose@camiones.test', 'camiones.test',
	'cd.2.2@numeo.test', 'Re: Pregunta', 'Los pasos', NULL,
	CAST('Subject: Re: Pregunta' AS BLOB)),
	-- One whose text retention has taken.
	(3, 1, NULL, 'doubtful', 1, 1780000000, 1780000000, NULL,
	'approved_note', 'en', 'dolores@pruitthauling.test',
	'dolores@pruitthauling.test', 'pruitthauling.test',
	'cd.1.3@numeo.test', 'Numeo', '', NULL, NULL);
INSERT INTO events (case_id, at, mail_id, kind, actor, text)
VALUES (1, 1790000001, 1, 'mail', 'consentdesk', 'a mail came in'),
	(2, 1790000300, NULL, 'note', 'maria', 'called him');
INSERT INTO tenants (guid, region, sub_scope, foreign_cloud, approved_at,
	approved_how)
VALUES ('0a1b2c3d-1111-2222-3333-444455556666', 'NA', '', 0, 1790000500,
	'consent');
INSERT INTO dead_addresses VALUES ('gone@acme.test', 1790000000, '550 5.1.1');
INSERT INTO labels VALUES (2, 'want_link', 'maria', 1790000400);
INSERT INTO accounts VALUES ('maria', 'lead', 'scrypt$16384$8$1$aa$bb',
	1790000000);
