-- v22 -> v23: short sections share a message

ALTER TABLE messages ADD COLUMN share TEXT NOT NULL DEFAULT ''; -- how the section goes on in the message of the section before, HTML; '': it begins a message, or was made before this column
