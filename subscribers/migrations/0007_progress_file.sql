-- v6 -> v7: which records of the progress file count

-- One row. OpenProgressFile brings the records with this stamp into the deliveries and
-- sets another stamp, so that they count once, and in no other database.
CREATE TABLE progress_file (
    stamp INTEGER NOT NULL -- random; 0: there was no file yet
);
INSERT INTO progress_file (stamp) VALUES (0);
