-- v43 -> v44: what the address of --ping-url was told, so that a restart neither forgets nor repeats it

-- Its one row is there while --ping-url is set.
CREATE TABLE pinging (
    only INTEGER PRIMARY KEY CHECK (only = 1)
);

ALTER TABLE broadcasts ADD COLUMN pinged TEXT NOT NULL DEFAULT '' CHECK (pinged IN ('', 'good', 'failed')); -- what was told last
ALTER TABLE schedule_runs ADD COLUMN pinged INTEGER NOT NULL DEFAULT 0; -- 1: it was told that the run is good, although it sent nothing
