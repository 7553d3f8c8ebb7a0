-- v40 -> v41: readers reply to the editors

-- What one reader and the editors write each other about one issue. The editors know the reader
-- by a name that is made up. The row is what links the two; it is deleted four weeks after the
-- last letter.
CREATE TABLE conversations (
    id       INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    reader   INTEGER NOT NULL, -- id of the private chat
    name     INTEGER NOT NULL UNIQUE,
    UNIQUE (issue_id, reader)
);
CREATE INDEX conversations_reader ON conversations (reader);

CREATE TABLE letters (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- is in buttons, so it is never given again
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    answer          INTEGER NOT NULL,            -- 1: from an editor
    chat_id         INTEGER NOT NULL,            -- where it was written
    thread_id       INTEGER NOT NULL DEFAULT 0,
    message_id      INTEGER NOT NULL,
    album           TEXT NOT NULL DEFAULT '',    -- Telegram's id of the album that it belongs to
    section         TEXT NOT NULL DEFAULT '',    -- of the issue, that a reader replied to
    quote           TEXT NOT NULL DEFAULT '',    -- what of it they quoted; until the letter is passed on
    reply_to        INTEGER NOT NULL DEFAULT 0,  -- the letter that it is a reply to
    state           TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'passed', 'failed', 'back')),
    reason          TEXT NOT NULL DEFAULT '',    -- why it failed
    told            TEXT NOT NULL DEFAULT '',    -- the state that its writer was told
    notice_id       INTEGER NOT NULL DEFAULT 0,  -- the message that told it
    changed         TEXT NOT NULL DEFAULT '',    -- what an edit has made of it, until the copies have it: JSON
    edits           INTEGER NOT NULL DEFAULT 0,
    made_at         INTEGER NOT NULL,
    UNIQUE (chat_id, message_id)
);
CREATE INDEX letters_conversation ON letters (conversation_id);
CREATE INDEX letters_waiting ON letters (id) WHERE state = 'waiting';
CREATE INDEX letters_untold ON letters (id) WHERE state <> told;
CREATE INDEX letters_changed ON letters (id) WHERE changed <> '';

-- The bot's messages in which a letter reaches a chat: the header that says who writes, and the copy.
CREATE TABLE copies (
    letter_id  INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
    chat_id    INTEGER NOT NULL,
    header     INTEGER NOT NULL,
    message_id INTEGER NOT NULL DEFAULT 0, -- 0: it is not there, or nobody knows which one it is
    state      TEXT NOT NULL CHECK (state IN ('undone', 'begun', 'sent', 'uncertain')),
    attempts   INTEGER NOT NULL,           -- that may have had an effect
    sent_at    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (letter_id, chat_id, header)
) WITHOUT ROWID;
CREATE INDEX copies_message ON copies (chat_id, message_id);

-- Messages of the bot that are to be deleted, for reasons that are not kept.
CREATE TABLE unwanted_copies (
    chat_id    INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    sent_at    INTEGER NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;

-- Readers from whom the editors take no replies. A mark stands for some hundred people.
CREATE TABLE muted_readers (
    mark   INTEGER PRIMARY KEY,
    until  INTEGER NOT NULL,
    told   INTEGER NOT NULL DEFAULT 0
);

-- The group of the editors that has become a supergroup.
CREATE TABLE moved_editors (
    from_id INTEGER PRIMARY KEY,
    to_id   INTEGER NOT NULL
);
