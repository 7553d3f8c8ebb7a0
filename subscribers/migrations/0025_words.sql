-- v24 -> v25: words whose items a reader does not want, or wants to find at a glance

CREATE TABLE words (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- is in the data of old buttons, so none comes twice
    subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    fold          TEXT    NOT NULL,    -- the word as searches see it, search.Fold
    word          TEXT    NOT NULL,    -- as the reader wrote it
    highlight     INTEGER NOT NULL,    -- 1: items with it carry a star; 0: they are left out
    UNIQUE (subscriber_id, fold)
);

ALTER TABLE messages ADD COLUMN items TEXT NOT NULL DEFAULT ''; -- where the items of the section stand, JSON; '': nowhere, or it was made before this column
