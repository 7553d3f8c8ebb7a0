-- v1 -> v2: a forum group may have a topic for each section
-- All times are UTC seconds since 1970; 0 means never.

ALTER TABLE subscribers ADD COLUMN topics INTEGER NOT NULL DEFAULT 0; -- 1: each section goes to a forum topic of its own; 2: the same, but the bot may not create any, which admins know

CREATE INDEX subscribers_topics ON subscribers (id) WHERE topics <> 0;

CREATE TABLE section_topics (
    subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    section_id    INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    thread_id     INTEGER NOT NULL, -- Telegram's message_thread_id
    PRIMARY KEY (subscriber_id, section_id)
) WITHOUT ROWID;
