-- v13 -> v14: a row that is written to find out whether the disk takes writes

CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL -- Unix seconds
);
