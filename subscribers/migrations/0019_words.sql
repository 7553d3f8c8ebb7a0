-- v18 -> v19: what sets a broadcast off is its trigger (a source has documents), and deliveries are aggregated (texts are folded)

ALTER TABLE broadcasts RENAME COLUMN source TO trigger;
ALTER TABLE broadcasts RENAME COLUMN folded TO aggregated;
