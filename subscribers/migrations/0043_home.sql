-- v42 -> v43: where the program that sends broadcasts has been alone with its token

-- One row. A copy of the database has it as well, but lies in another place.
CREATE TABLE home (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    place TEXT NOT NULL -- the file's device and number
);
