-- v37 -> v38: subscribers that an import brings in

ALTER TABLE subscribers ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0; -- 1: an import has brought it, and nothing has reached it since
ALTER TABLE subscribers ADD COLUMN greeting INTEGER NOT NULL DEFAULT 0;    -- 1: it is to be greeted; 2: the greeting was handed to the network with no answer yet

CREATE INDEX subscribers_unconfirmed ON subscribers (state) WHERE unconfirmed > 0;
CREATE INDEX subscribers_greeting ON subscribers (id) WHERE greeting > 0;

-- Chats that were forgotten at their wish, so that no import subscribes them again. A mark
-- has 24 bits, which hundreds of chat ids have in common: it does not say which chat it was.
CREATE TABLE forgotten (
    mark INTEGER PRIMARY KEY
);
