-- v15 -> v16: what a run of the schedule decided, and whether the admins know why it sent nothing

ALTER TABLE schedule_runs ADD COLUMN outcome TEXT NOT NULL DEFAULT ''; -- empty: recorded before this was
ALTER TABLE schedule_runs ADD COLUMN issue_id INTEGER REFERENCES issues (id) ON DELETE SET NULL; -- the newest; NULL: there was none
ALTER TABLE schedule_runs ADD COLUMN archive INTEGER; -- highest issue id in the archive then; NULL: not known
ALTER TABLE schedule_runs ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
