-- v26 -> v27: which channels a person manages from the private chat

CREATE TABLE channel_managers (
    user_id    INTEGER NOT NULL, -- Telegram's; an admin of the channel when last asked about
    channel_id INTEGER NOT NULL, -- Telegram's chat id
    PRIMARY KEY (user_id, channel_id)
) WITHOUT ROWID;

CREATE INDEX channel_managers_channel ON channel_managers (channel_id);
