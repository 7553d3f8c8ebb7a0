-- v32 -> v33: documents that admins send to the bot, until they decide about them

CREATE TABLE drafts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- buttons hold it, so none is used twice
    user_id    INTEGER NOT NULL,                  -- who sent it
    message_id INTEGER NOT NULL,                  -- of the message that brought it, or began it
    name       TEXT    NOT NULL,                  -- of the file, or the address
    state      TEXT    NOT NULL CHECK (state IN ('open', 'ready', 'saved', 'discarded')),
    document   BLOB    NOT NULL,                  -- empty while parts are coming, and once it is decided
    issue_id   INTEGER REFERENCES issues (id) ON DELETE CASCADE, -- what it was saved as
    changed_at INTEGER NOT NULL,
    UNIQUE (user_id, message_id)
);

-- A person collects one draft at a time.
CREATE UNIQUE INDEX open_drafts ON drafts (user_id) WHERE state = 'open';
CREATE INDEX drafts_by_issue ON drafts (issue_id) WHERE issue_id IS NOT NULL;

CREATE TABLE draft_parts (
    draft_id   INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    name       TEXT    NOT NULL, -- of a file; '': a text
    content    BLOB    NOT NULL,
    PRIMARY KEY (draft_id, message_id)
);

-- Issues that a source has added or corrected and admins have not been told of.
CREATE TABLE untold_issues (
    issue_id INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    source   TEXT    NOT NULL,
    outcome  TEXT    NOT NULL -- added or corrected
);
