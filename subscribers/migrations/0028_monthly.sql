-- v27 -> v28: chats that get the headlines of a month in one message; every is -1 for them, and passed_over 1 if the last issue was not due

ALTER TABLE subscribers ADD COLUMN month_issue INTEGER NOT NULL DEFAULT 0; -- with which issue that came last; 0: it has not since the choice

CREATE INDEX subscribers_monthly ON subscribers (every) WHERE every < 0;
