-- v5 -> v6: the items of all issues, for search

-- The items of the newest editions. Text before, between and after the items of a
-- section is there as items without a title.
CREATE TABLE items (
    id         INTEGER PRIMARY KEY,
    issue_id   INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL, -- from 0, in the order of the issue
    title_fold TEXT    NOT NULL, -- search.Fold of the title
    text_fold  TEXT    NOT NULL, -- search.Fold of the text
    section    TEXT    NOT NULL, -- name of the section as the issue writes it; '': it has none
    title      TEXT    NOT NULL, -- in one line; '': an untitled item
    text       TEXT    NOT NULL, -- of the body, without markup
    link       TEXT    NOT NULL, -- http(s) address of what the item is about; '': none
    UNIQUE (issue_id, position)
);

-- The issues whose items are there. Open adds those that are missing.
CREATE TABLE searchable (
    issue_id INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    edition  INTEGER NOT NULL,       -- that the items are from
    revision INTEGER NOT NULL UNIQUE -- greater than all others when the items were written
);
