-- v30 -> v31: sources are remembered over restarts

CREATE TABLE sources (
    id            INTEGER PRIMARY KEY,
    place         TEXT NOT NULL UNIQUE,           -- folder or address, as the operator writes it
    name          TEXT NOT NULL DEFAULT '',       -- that the operator gave it
    title         TEXT NOT NULL DEFAULT '',       -- of the feed or page, as found last
    kind          TEXT NOT NULL DEFAULT '',       -- as found last: folder, feed, page or index
    address       TEXT NOT NULL DEFAULT '',       -- where it has moved for good; '': it has not
    version       TEXT NOT NULL DEFAULT '',       -- JSON, by which the server tells whether it has changed
    begun_at      INTEGER NOT NULL DEFAULT 0,     -- Unix time of the first look that found it; 0: none yet
    looked_at     INTEGER NOT NULL DEFAULT 0,     -- Unix time of the last look
    succeeded_at  INTEGER NOT NULL DEFAULT 0,     -- Unix time of the last look at which it answered
    failures      INTEGER NOT NULL DEFAULT 0,     -- looks in a row at which it did not
    failing_since INTEGER NOT NULL DEFAULT 0,     -- Unix time of the first of these
    retry_at      INTEGER NOT NULL DEFAULT 0,     -- Unix time of the next look, unless somebody wants one
    wait_until    INTEGER NOT NULL DEFAULT 0,     -- Unix time before which the server wants none
    fault         TEXT NOT NULL DEFAULT '',       -- what was wrong at the last look, for people
    told          INTEGER NOT NULL DEFAULT 0,     -- 1: admins were told that it does not answer
    gathered_at   INTEGER NOT NULL DEFAULT 0,     -- Unix time up to which its entries were gathered
    issue_id      INTEGER REFERENCES issues (id)  -- the last issue that came from it
);

-- Files of a folder that were dealt with, so that they need not be read again.
CREATE TABLE source_files (
    source_id INTEGER NOT NULL REFERENCES sources (id),
    name      TEXT NOT NULL,
    modified  INTEGER NOT NULL, -- Unix time in nanoseconds
    size      INTEGER NOT NULL, -- bytes
    PRIMARY KEY (source_id, name)
) WITHOUT ROWID;

-- Entries of feeds, and links of index pages, that were seen.
CREATE TABLE entries (
    id           INTEGER PRIMARY KEY,
    source_id    INTEGER NOT NULL REFERENCES sources (id),
    identity     TEXT NOT NULL,              -- that the feed gives it
    link         TEXT NOT NULL DEFAULT '',   -- its address, in the form in which addresses are compared
    title        TEXT NOT NULL DEFAULT '',
    published_at INTEGER NOT NULL DEFAULT 0, -- Unix time; 0: unknown
    found_at     INTEGER NOT NULL,           -- Unix time
    content_hash TEXT NOT NULL DEFAULT '',   -- of what readers see of it
    waiting      INTEGER NOT NULL DEFAULT 0, -- 1: it is to be gathered into an issue
    body         TEXT NOT NULL DEFAULT '',   -- JSON, while it is waiting
    issue_id     INTEGER REFERENCES issues (id), -- that it is in
    UNIQUE (source_id, identity)
);

CREATE INDEX entries_waiting ON entries (source_id) WHERE waiting;
