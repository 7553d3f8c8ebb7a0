-- v39 -> v40: readers vote on the sections of an issue

-- What makes the votes on an issue anonymous. When voting is over the secret is overwritten, and
-- only totals stay.
CREATE TABLE polls (
    issue_id  INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    secret    BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    closed    INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE votes (
    issue_id   INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    section_id INTEGER NOT NULL REFERENCES sections (id), -- may have been merged since
    voter      BLOB NOT NULL,    -- a keyed hash of person and section
    vote       INTEGER NOT NULL, -- 1 up, -1 down, 0 taken back
    press      BLOB NOT NULL,    -- a keyed hash of the press that it comes from
    PRIMARY KEY (issue_id, section_id, voter)
) WITHOUT ROWID;

-- Of issues on which voting is over.
CREATE TABLE vote_totals (
    issue_id   INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    section_id INTEGER NOT NULL REFERENCES sections (id),
    up         INTEGER NOT NULL,
    down       INTEGER NOT NULL,
    PRIMARY KEY (issue_id, section_id)
) WITHOUT ROWID;
