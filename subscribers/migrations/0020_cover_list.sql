-- v19 -> v20: a cover names only the sections that its reader gets

ALTER TABLE messages ADD COLUMN cover_list TEXT NOT NULL DEFAULT ''; -- of a cover, where it names the sections, JSON; '': nowhere, or it was made before this column
