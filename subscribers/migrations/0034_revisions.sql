-- v33 -> v34: corrections and recalls of messages that were sent

CREATE TABLE revisions (
    id           INTEGER PRIMARY KEY,
    issue_id     INTEGER NOT NULL REFERENCES issues (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('correction', 'recall')),
    edition      INTEGER NOT NULL,            -- of the text that messages get; of a recall: the newest when it began
    requested_by INTEGER NOT NULL,            -- Telegram user id of the admin
    state        TEXT    NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
    reason       TEXT    NOT NULL DEFAULT '', -- why it is paused
    subscribers  INTEGER NOT NULL DEFAULT 0,  -- frozen at the start
    reported     INTEGER NOT NULL DEFAULT 0,  -- 1: admins know of its end
    created_at   INTEGER NOT NULL,
    finished_at  INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX revisions_issue ON revisions (issue_id);

-- One row for each revision and subscriber with messages of the issue.
CREATE TABLE revised (
    revision_id   INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    subscriber_id INTEGER NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'begun', 'done', 'skipped')),
    reason        TEXT    NOT NULL DEFAULT '', -- why the rest was skipped
    messages      INTEGER NOT NULL,            -- on record when it began, and to be changed
    wanted        INTEGER NOT NULL DEFAULT 0,  -- additional messages
    edited        INTEGER NOT NULL DEFAULT 0,
    unchanged     INTEGER NOT NULL DEFAULT 0,
    deleted       INTEGER NOT NULL DEFAULT 0,
    added         INTEGER NOT NULL DEFAULT 0,
    uncertain     INTEGER NOT NULL DEFAULT 0,  -- additional ones with an attempt that got no answer
    missing       INTEGER NOT NULL DEFAULT 0,  -- not there any more
    unknown       INTEGER NOT NULL DEFAULT 0,  -- nobody knows which messages of the issue they are, or where
    late          INTEGER NOT NULL DEFAULT 0,  -- too old to be deleted
    failed        INTEGER NOT NULL DEFAULT 0,  -- refused in every form
    fault         TEXT    NOT NULL DEFAULT '', -- why they were refused
    adding        INTEGER NOT NULL DEFAULT -1, -- position of an additional message that was handed to the network with no answer yet
    attempts      INTEGER NOT NULL DEFAULT 0,  -- how often it was
    PRIMARY KEY (revision_id, subscriber_id)
) WITHOUT ROWID;

CREATE INDEX revised_open ON revised (revision_id, subscriber_id) WHERE state IN ('pending', 'begun');

-- The books of those who were forgotten, or whose row was aggregated.
CREATE TABLE revision_totals (
    revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    outcome     TEXT    NOT NULL,
    reason      TEXT    NOT NULL DEFAULT '',
    subscribers INTEGER NOT NULL,
    messages    INTEGER NOT NULL,
    PRIMARY KEY (revision_id, outcome, reason)
) WITHOUT ROWID;

-- Above 0: a revision is working on its messages. Below: it was cut short, so a message may
-- have a text that is not on record.
ALTER TABLE deliveries ADD COLUMN revising INTEGER NOT NULL DEFAULT 0;

-- Once a revision has looked: the copy that it looked at, and the ids of the sections that
-- the chat is not to get of the issue, because they were muted then. NULL: none has.
ALTER TABLE deliveries ADD COLUMN left_out TEXT;
