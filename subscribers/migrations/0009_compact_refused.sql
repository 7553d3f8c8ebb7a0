-- v8 -> v9: Telegram may refuse the message of the compact layout and take the cover

ALTER TABLE messages ADD COLUMN compact_refused TEXT NOT NULL DEFAULT ''; -- of the cover: why Telegram refused the compact layout's message; then the sections are sent
