-- v10 -> v11: Telegram may refuse the keyboard or the link preview of a message and take the rest

ALTER TABLE messages ADD COLUMN bare TEXT NOT NULL DEFAULT ''; -- why Telegram refused the message with keyboard and link preview; empty: it did not
