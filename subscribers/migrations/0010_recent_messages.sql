-- v9 -> v10: Telegram's limits for a chat also count the messages before a restart

CREATE TABLE recent_messages (
    chat_id     INTEGER NOT NULL,
    answered_at INTEGER NOT NULL -- UTC milliseconds: when Telegram's answer came
);

CREATE INDEX recent_messages_by_time ON recent_messages (answered_at);
