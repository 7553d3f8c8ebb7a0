-- v36 -> v37: what Telegram calls the bot, for the pages of a public archive that are made
-- before Telegram has said it, or without asking

CREATE TABLE publication (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    name     TEXT NOT NULL, -- of the bot
    username TEXT NOT NULL  -- of the bot, without @
);
