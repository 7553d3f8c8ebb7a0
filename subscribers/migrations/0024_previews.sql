-- v23 -> v24: chats that want no link previews

ALTER TABLE subscribers ADD COLUMN no_previews INTEGER NOT NULL DEFAULT 0; -- 1: no picture stands above a message
