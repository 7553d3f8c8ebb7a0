-- v21 -> v22: the layout auto, which the check of the column did not know; what a chat was told of layouts

ALTER TABLE subscribers ADD COLUMN chosen_layout TEXT NOT NULL DEFAULT '' -- '': the operator's default
    CHECK (chosen_layout IN ('', 'sections', 'auto', 'compact', 'rich'));
UPDATE subscribers SET chosen_layout = layout WHERE layout > '';
ALTER TABLE subscribers DROP COLUMN layout;
ALTER TABLE subscribers RENAME COLUMN chosen_layout TO layout;

ALTER TABLE subscribers ADD COLUMN layout_advice INTEGER NOT NULL DEFAULT 0; -- 1: asked when it subscribed; 2: an issue had the hint that one message is enough
