-- v20 -> v21: an issue without a title is called by the name of the bot

ALTER TABLE messages ADD COLUMN untitled INTEGER NOT NULL DEFAULT 0; -- 1: the heading is the number of the issue, and has room for the name before it
