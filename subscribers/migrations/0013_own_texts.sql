-- v12 -> v13: a description that the bot's owner wrote in BotFather is left alone

CREATE TABLE own_texts (
    text TEXT PRIMARY KEY -- what this program has had Telegram say of the bot; anything else is the owner's
) WITHOUT ROWID;
