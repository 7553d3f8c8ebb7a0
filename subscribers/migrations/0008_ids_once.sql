-- v7 -> v8: the id of a subscriber that was deleted is not given to another

-- One row. A delivery under way is known by its subscriber's id: a new subscriber
-- with the id of a forgotten one would go on with its delivery.
CREATE TABLE deleted_subscribers (
    last_id INTEGER NOT NULL -- the highest; 0: none was deleted
);
INSERT INTO deleted_subscribers (last_id) VALUES (0);

CREATE TRIGGER subscriber_deleted AFTER DELETE ON subscribers
WHEN old.id > (SELECT last_id FROM deleted_subscribers)
BEGIN
    UPDATE deleted_subscribers SET last_id = old.id;
END;
