-- Of texts that were forgotten already, what was kept: the mail that was attached,
-- and the words for which a gate held it.
UPDATE mails SET detail = CASE
	WHEN json_type(detail, '$.gates') = 'array' THEN
		json_set(json_remove(detail, '$.inner'), '$.gates',
		(SELECT json_group_array(json_remove(value, '$.evidence'))
		FROM json_each(detail, '$.gates') WHERE type = 'object'))
	ELSE json_remove(detail, '$.inner') END
WHERE visible IS NULL AND full_text IS NULL AND raw IS NULL
	AND json_valid(detail);
