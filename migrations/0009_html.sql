-- The wire form holds the HTML part; a second copy of it was two fifths of what
-- an answer took.
ALTER TABLE bodies DROP COLUMN html;
