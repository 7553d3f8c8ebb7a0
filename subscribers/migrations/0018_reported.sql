-- v17 -> v18: admins hear of the end of a broadcast, even if the program was stopped meanwhile

ALTER TABLE broadcasts ADD COLUMN reported INTEGER NOT NULL DEFAULT 0; -- 1: admins know of its end
UPDATE broadcasts SET reported = 1 WHERE finished_at > 0;
