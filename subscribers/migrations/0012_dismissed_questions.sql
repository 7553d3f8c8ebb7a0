-- v11 -> v12: a question that was answered with no cannot be answered with yes any more

CREATE TABLE dismissed_questions (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL, -- with the buttons; below 0: the id of an ephemeral message
    about TEXT NOT NULL,         -- a message can ask about one thing after the other
    dismissed_at INTEGER NOT NULL, -- Unix seconds
    PRIMARY KEY (chat_id, message_id, about)
) WITHOUT ROWID;
