-- v16 -> v17: admins take issues back and date them anew
-- Tables of their own: a column of issues would stand behind the documents, which
-- are long, and every list of issues would have to read past them.

CREATE TABLE withdrawn_issues (
    issue_id     INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    withdrawn_at INTEGER NOT NULL,
    told_edition INTEGER NOT NULL -- the newest that admins know of
);

CREATE TABLE redated_issues (
    issue_id      INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    document_date TEXT NOT NULL -- YYYY-MM-DD that its document had then; '': none
);

-- Issues dated more than a week ahead of which admins have been told.
CREATE TABLE told_dates (
    issue_id     INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    published_on TEXT NOT NULL -- the date they were told; another is told anew
);
