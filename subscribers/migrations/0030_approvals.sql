-- v29 -> v30: issues found in sources may wait for an admin's approval
-- A table of its own, as for withdrawn issues: a column would stand behind the documents.

CREATE TABLE held_issues (
    issue_id     INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    held_at      INTEGER NOT NULL,
    reminded_for INTEGER NOT NULL DEFAULT 0, -- the run of the schedule before which admins were reminded last; 0: none
    reminders    INTEGER NOT NULL DEFAULT 0  -- how often before that run
);
