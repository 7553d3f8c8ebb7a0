-- v0 -> v1: subscribers, sections, issues, broadcasts and deliveries
-- All times are UTC seconds since 1970; 0 means never.

CREATE TABLE subscribers (
    id         INTEGER PRIMARY KEY,
    chat_id    INTEGER NOT NULL,            -- Telegram's chat id
    thread_id  INTEGER NOT NULL DEFAULT 0,  -- forum topic; 0: the chat itself
    kind       TEXT    NOT NULL CHECK (kind IN ('private', 'group', 'supergroup', 'channel')),
    title      TEXT    NOT NULL DEFAULT '', -- of a group or channel; people's names are not kept
    language   TEXT    NOT NULL DEFAULT '', -- BCP 47 tag as Telegram gives it; '': unknown
    state      TEXT    NOT NULL CHECK (state IN ('on', 'off', 'gone')),
    reason     TEXT    NOT NULL DEFAULT '', -- why gone
    refusals   INTEGER NOT NULL DEFAULT 0,  -- issues in a row that the chat did not allow
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (chat_id, thread_id)
);

CREATE TABLE sections (
    id    INTEGER PRIMARY KEY,
    key   TEXT NOT NULL UNIQUE,     -- digest.SectionKey of the heading
    name  TEXT NOT NULL,            -- as the newest issue that has it writes it
    emoji TEXT NOT NULL DEFAULT ''
);

CREATE TABLE muted_sections (
    subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    section_id    INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    PRIMARY KEY (subscriber_id, section_id)
) WITHOUT ROWID;

CREATE TABLE issues (
    id            INTEGER PRIMARY KEY,
    key           TEXT    NOT NULL UNIQUE,     -- digest.Issue.Key
    number        INTEGER,                     -- NULL: none
    title         TEXT    NOT NULL,
    published_on  TEXT    NOT NULL,            -- YYYY-MM-DD: the issue's date, or the day it was added
    edition       INTEGER NOT NULL DEFAULT 1,  -- grows with every correction
    document_name TEXT    NOT NULL,            -- file name or address it came from
    document      BLOB    NOT NULL,            -- as it was found
    digest        TEXT    NOT NULL,            -- digest.Issue as JSON
    added_at      INTEGER NOT NULL,
    corrected_at  INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX issues_newest ON issues (published_on, number, id);

CREATE TABLE issue_sections (
    issue_id   INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    section_id INTEGER NOT NULL REFERENCES sections (id),
    PRIMARY KEY (issue_id, position)
) WITHOUT ROWID;

CREATE INDEX issue_sections_section ON issue_sections (section_id);

-- The messages of each edition, rendered once: a delivery cut off by a crash
-- goes on with exactly the messages it began with, whatever was corrected or
-- upgraded in between.
CREATE TABLE messages (
    issue_id   INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    edition    INTEGER NOT NULL,
    position   INTEGER NOT NULL,               -- from 0, in the order of sending
    section_id INTEGER REFERENCES sections (id), -- NULL: the cover
    html       TEXT    NOT NULL,
    plain      TEXT    NOT NULL,               -- without markup
    image      TEXT    NOT NULL DEFAULT '',    -- http(s) address; '': none
    refused    TEXT    NOT NULL DEFAULT '',    -- why Telegram refused the HTML; then plain is sent
    PRIMARY KEY (issue_id, edition, position)
) WITHOUT ROWID;

CREATE TABLE broadcasts (
    id           INTEGER PRIMARY KEY,
    issue_id     INTEGER NOT NULL REFERENCES issues (id),
    edition      INTEGER NOT NULL,
    source       TEXT    NOT NULL CHECK (source IN ('schedule', 'admin')), -- what set it off
    requested_by INTEGER NOT NULL DEFAULT 0,   -- Telegram user id of the admin; 0: the schedule
    state        TEXT    NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
    reason       TEXT    NOT NULL DEFAULT '',  -- why it is paused
    subscribers  INTEGER NOT NULL,             -- frozen at the start
    messages     INTEGER NOT NULL,             -- for each of them
    canary       INTEGER NOT NULL DEFAULT 0,   -- 1: only the subscribers in canaries, then an admin is asked
    folded       INTEGER NOT NULL DEFAULT 0,   -- 1: deliveries were folded into totals
    created_at   INTEGER NOT NULL,
    finished_at  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE canaries (
    broadcast_id  INTEGER NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    subscriber_id INTEGER NOT NULL,
    PRIMARY KEY (broadcast_id, subscriber_id)
) WITHOUT ROWID;

-- The schedule sends an issue once, however often it fires.
CREATE UNIQUE INDEX broadcasts_scheduled ON broadcasts (issue_id) WHERE source = 'schedule';

-- One row for each issue and subscriber, whatever set the delivery off: the primary
-- key keeps an issue from being sent twice. There are no foreign keys: checking them
-- would double the time it takes to freeze a million rows.
-- Issues and broadcasts are never deleted, and forgetting a chat deletes its rows.
CREATE TABLE deliveries (
    issue_id      INTEGER NOT NULL,
    subscriber_id INTEGER NOT NULL,
    broadcast_id  INTEGER, -- NULL: the reader asked for it
    edition       INTEGER NOT NULL,
    next_message  INTEGER NOT NULL DEFAULT 0, -- position of the next message; those before it are settled
    attempts      INTEGER NOT NULL DEFAULT 0, -- how often it was handed to the network with no answer yet
    state         TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'skipped', 'failed')),
    reason        TEXT    NOT NULL DEFAULT '', -- why skipped or failed
    sent          INTEGER NOT NULL DEFAULT 0, -- messages accepted at the first attempt
    muted         INTEGER NOT NULL DEFAULT 0, -- messages of muted sections
    uncertain     INTEGER NOT NULL DEFAULT 0, -- messages with an attempt that got no answer
    message_ids   TEXT    NOT NULL DEFAULT '', -- Telegram's, separated by spaces
    PRIMARY KEY (issue_id, subscriber_id)
) WITHOUT ROWID;

CREATE INDEX deliveries_requested ON deliveries (issue_id) WHERE broadcast_id IS NULL AND state = 'pending';

-- The books of a finished broadcast: messages by outcome and reason.
CREATE TABLE totals (
    broadcast_id INTEGER NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    outcome      TEXT    NOT NULL, -- sent, skipped, failed or uncertain
    reason       TEXT    NOT NULL DEFAULT '',
    subscribers  INTEGER NOT NULL, -- whose delivery ended so; 0 for reasons of single messages
    messages     INTEGER NOT NULL,
    PRIMARY KEY (broadcast_id, outcome, reason)
) WITHOUT ROWID;

CREATE TABLE schedule_runs (
    scheduled_at INTEGER PRIMARY KEY, -- when it was due
    fired_at     INTEGER NOT NULL,
    broadcast_id INTEGER REFERENCES broadcasts (id) -- NULL: there was no new issue
);

-- Waits Telegram imposed (429), kept over a restart.
CREATE TABLE waits (
    chat_id    INTEGER PRIMARY KEY, -- 0: the whole bot
    not_before INTEGER NOT NULL     -- UTC milliseconds
);

-- Updates are kept from before Telegram is told that they arrived until they
-- have been handled, and their ids for as long as Telegram may send them again.
CREATE TABLE updates (
    update_id   INTEGER PRIMARY KEY,
    body        TEXT    NOT NULL,           -- JSON; '' once handled
    received_at INTEGER NOT NULL,
    handled     INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX updates_unhandled ON updates (update_id) WHERE handled = 0;

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    user_id INTEGER NOT NULL, -- Telegram user id of the admin; 0: the schedule
    action  TEXT    NOT NULL,
    detail  TEXT    NOT NULL DEFAULT ''
);
