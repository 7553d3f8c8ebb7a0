-- v2 -> v3: a section can become part of another, and headings of one issue only share a switch

-- The section this one was merged into; NULL: it is a section of its own. The
-- row stays: its key leads future issues to the other section, and its id, which
-- is in old keyboards and in the messages of a broadcast under way, is not used
-- again. It is never a chain: when a section is merged, those in it move along.
ALTER TABLE sections ADD COLUMN merged_into INTEGER REFERENCES sections (id);

CREATE INDEX sections_merged ON sections (merged_into) WHERE merged_into IS NOT NULL;

-- Subscribers that switched off "Other": all sections that are in one issue only.
CREATE TABLE muted_other (
    subscriber_id INTEGER PRIMARY KEY REFERENCES subscribers (id) ON DELETE CASCADE
);
