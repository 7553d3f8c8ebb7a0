-- v4 -> v5: messages for every layout; deliveries that wait for their reader's own time

ALTER TABLE messages ADD COLUMN headlines TEXT NOT NULL DEFAULT '';    -- the share of the compact layout, HTML; '': none
ALTER TABLE messages ADD COLUMN rich TEXT NOT NULL DEFAULT '';         -- the whole section, or cover, as a rich message; '': none, or not its first message
ALTER TABLE messages ADD COLUMN rich_refused TEXT NOT NULL DEFAULT ''; -- why Telegram refused rich; then html is sent

ALTER TABLE deliveries ADD COLUMN layout TEXT NOT NULL DEFAULT '';      -- in which it began; '': it has not
ALTER TABLE deliveries ADD COLUMN covered INTEGER NOT NULL DEFAULT 0;   -- messages whose content came within another one: compact and rich layouts
ALTER TABLE deliveries ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0; -- UTC seconds: the time the reader chose; 0: at once

CREATE INDEX deliveries_later ON deliveries (broadcast_id, not_before) WHERE state = 'pending' AND not_before > 0;
