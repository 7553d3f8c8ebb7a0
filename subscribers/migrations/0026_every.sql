-- v25 -> v26: chats that get only every second or fourth issue

ALTER TABLE subscribers ADD COLUMN every INTEGER NOT NULL DEFAULT 0;       -- 2: every second issue; 0: all
ALTER TABLE subscribers ADD COLUMN passed_over INTEGER NOT NULL DEFAULT 0; -- how many in a row did not come for that reason

CREATE INDEX subscribers_every ON subscribers (every) WHERE every > 1;
