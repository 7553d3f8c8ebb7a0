-- v3 -> v4: what a reader chooses for its chat: layout, language, sound, a pause, a delivery time

ALTER TABLE subscribers ADD COLUMN layout TEXT NOT NULL DEFAULT '' -- '': the operator's default
    CHECK (layout IN ('', 'sections', 'compact', 'rich'));
ALTER TABLE subscribers ADD COLUMN chosen_language TEXT NOT NULL DEFAULT ''; -- BCP 47 tag; '': follows Telegram
ALTER TABLE subscribers ADD COLUMN silent INTEGER NOT NULL DEFAULT 0; -- 1: no message of an issue makes a sound
ALTER TABLE subscribers ADD COLUMN paused_until INTEGER NOT NULL DEFAULT 0; -- UTC seconds; 0: not paused; passed: the chat is to be told
ALTER TABLE subscribers ADD COLUMN delivery_weekday INTEGER NOT NULL DEFAULT 0 -- 0: Sunday
    CHECK (delivery_weekday BETWEEN 0 AND 6);
ALTER TABLE subscribers ADD COLUMN delivery_minute INTEGER NOT NULL DEFAULT 0 -- of the day, in delivery_zone
    CHECK (delivery_minute BETWEEN 0 AND 1439);
ALTER TABLE subscribers ADD COLUMN delivery_zone TEXT NOT NULL DEFAULT ''; -- IANA name; '': with the schedule

CREATE INDEX subscribers_paused ON subscribers (paused_until) WHERE paused_until > 0;

-- Few subscribers have a time of their own, and freezing a broadcast looks for them.
CREATE INDEX subscribers_timed ON subscribers (delivery_zone, delivery_weekday, delivery_minute) WHERE delivery_zone > '';
