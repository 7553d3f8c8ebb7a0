-- v38 -> v39: how many subscribers joined and left, when and why, but not who; and dark pictures

CREATE TABLE turnover (
    at          INTEGER NOT NULL, -- Unix seconds, start of a quarter of an hour: days begin with one in all time zones
    change      TEXT    NOT NULL CHECK (change IN ('join', 'leave')),
    reason      TEXT    NOT NULL, -- why they left, or 'returned' if they were gone; '': none
    subscribers INTEGER NOT NULL,
    PRIMARY KEY (at, change, reason)
) WITHOUT ROWID;

-- From when on turnover has all; 0: from the beginning. What is before is what could be told from
-- the subscribers of that day.
CREATE TABLE turnover_start (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL -- Unix seconds
);
INSERT INTO turnover_start (id, at) SELECT 1, iif(EXISTS (SELECT 1 FROM subscribers), unixepoch(), 0);

-- Who is off may never have been on. Who was in a broadcast was.
INSERT INTO turnover (at, change, reason, subscribers)
SELECT created_at - created_at % 900, 'join', '', count(*)
FROM subscribers
WHERE state <> 'off' OR id IN (SELECT subscriber_id FROM deliveries WHERE broadcast_id > 0)
GROUP BY 1;
INSERT INTO turnover (at, change, reason, subscribers)
SELECT updated_at - updated_at % 900, 'leave', iif(reason = '', 'unsubscribed', reason), count(*)
FROM subscribers
WHERE state = 'gone' OR state = 'off' AND id IN (SELECT subscriber_id FROM deliveries WHERE broadcast_id > 0)
GROUP BY 1, 3;

-- Whoever changes the state of a subscriber sets updated_at as well. A subscriber that is on is
-- switched off before it is deleted.
CREATE TRIGGER turnover_new AFTER INSERT ON subscribers WHEN NEW.state = 'on' BEGIN
    INSERT INTO turnover (at, change, reason, subscribers)
    VALUES (NEW.updated_at - NEW.updated_at % 900, 'join', '', 1)
    ON CONFLICT (at, change, reason) DO UPDATE SET subscribers = subscribers + 1;
END;
CREATE TRIGGER turnover_join AFTER UPDATE OF state ON subscribers WHEN NEW.state = 'on' AND OLD.state <> 'on' BEGIN
    INSERT INTO turnover (at, change, reason, subscribers)
    VALUES (NEW.updated_at - NEW.updated_at % 900, 'join', iif(OLD.state = 'gone', 'returned', ''), 1)
    ON CONFLICT (at, change, reason) DO UPDATE SET subscribers = subscribers + 1;
END;
CREATE TRIGGER turnover_leave AFTER UPDATE OF state ON subscribers WHEN OLD.state = 'on' AND NEW.state <> 'on' BEGIN
    INSERT INTO turnover (at, change, reason, subscribers)
    VALUES (NEW.updated_at - NEW.updated_at % 900, 'leave', iif(NEW.reason = '', 'unsubscribed', NEW.reason), 1)
    ON CONFLICT (at, change, reason) DO UPDATE SET subscribers = subscribers + 1;
END;

ALTER TABLE subscribers ADD COLUMN dark_pictures INTEGER NOT NULL DEFAULT 0; -- 1: an admin who wants pictures of figures with a dark background
