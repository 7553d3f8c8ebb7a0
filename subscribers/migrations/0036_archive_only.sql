-- v35 -> v36: with approval, issues that were in a source before the bot was are only archive
-- While the newest issue of a source waits for approval, the schedule would send the one
-- before it, which nobody has approved. A table of its own, as for held issues.

CREATE TABLE archive_only (
    issue_id INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE
);
