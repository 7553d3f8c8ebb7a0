-- v31 -> v32: invitations, which make whoever follows their link an editor, once

CREATE TABLE invitations (
    token_hash BLOB    PRIMARY KEY, -- SHA-256: who reads a copy of the database cannot use it
    made_by    INTEGER NOT NULL,    -- Telegram user id of the owner
    expires_at INTEGER NOT NULL     -- Unix seconds
) WITHOUT ROWID;

CREATE INDEX audit_refused ON audit (id) WHERE action = 'refused';
