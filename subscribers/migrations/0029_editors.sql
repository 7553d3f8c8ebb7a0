-- v28 -> v29: editors, whom owners name in the chat; and an audit that says on what, from which chat, and how much

CREATE TABLE editors (
    user_id  INTEGER PRIMARY KEY, -- Telegram's; names of people are not kept
    named_by INTEGER NOT NULL,    -- Telegram user id of the owner
    named_at INTEGER NOT NULL     -- Unix seconds
);

ALTER TABLE audit ADD COLUMN chat_id      INTEGER NOT NULL DEFAULT 0; -- where it was asked for; 0: not in a chat
ALTER TABLE audit ADD COLUMN issue_id     INTEGER NOT NULL DEFAULT 0; -- on what it was done; 0: not on an issue
ALTER TABLE audit ADD COLUMN broadcast_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN section_id   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN person_id    INTEGER NOT NULL DEFAULT 0; -- Telegram user id

-- What was text becomes columns. user_id 0 is the command line from now on, -1 the program itself.
UPDATE audit SET user_id = -1 WHERE user_id = 0 AND action = 'paused';
UPDATE audit SET chat_id = user_id WHERE user_id > 0;
UPDATE audit SET broadcast_id = CAST(substr(detail, 11) AS INTEGER) WHERE detail LIKE 'broadcast %';
UPDATE audit SET issue_id = CAST(substr(detail, 7) AS INTEGER) WHERE detail LIKE 'issue %';
UPDATE audit SET section_id = CAST(substr(detail, 9) AS INTEGER) WHERE detail LIKE 'section %';
UPDATE audit
SET issue_id = (SELECT issue_id FROM broadcasts WHERE id = audit.broadcast_id)
WHERE broadcast_id IN (SELECT id FROM broadcasts);
UPDATE audit
SET detail = CASE
    WHEN action = 'broadcast' AND instr(detail, ' to ') > 0 THEN json_object('Count', CAST(substr(detail, instr(detail, ' to ') + 4) AS INTEGER))
    WHEN action = 'retry' AND instr(detail, ', ') > 0 THEN json_object('Count', CAST(substr(detail, instr(detail, ', ') + 2) AS INTEGER))
    WHEN action = 'redate' AND instr(detail, ' from ') > 0 THEN json_object('From', substr(detail, instr(detail, ' from ') + 6, 10), 'To', substr(detail, -10))
    WHEN action = 'paused' AND user_id = -1 AND detail LIKE 'broadcast % %' THEN json_object('Reason', substr(detail, 11 + instr(substr(detail, 11), ' ')))
    WHEN action = 'merge sections' THEN json_object(
        'From', coalesce((SELECT name FROM sections WHERE id = audit.section_id), ''),
        'To', coalesce((SELECT i.name FROM sections f JOIN sections i ON i.id = f.merged_into WHERE f.id = audit.section_id), ''))
    ELSE ''
END;
UPDATE audit
SET action = CASE action WHEN 'paused' THEN 'pause' WHEN 'running' THEN 'resume' WHEN 'cancelled' THEN 'cancel' WHEN 'merge sections' THEN 'merge' ELSE action END;

CREATE INDEX audit_issue ON audit (issue_id) WHERE issue_id > 0;
