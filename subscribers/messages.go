package subscribers

import (
	"context"
	"database/sql"
	"fmt"
)

// Message is one message of an edition, in the forms of all layouts.
type Message struct {
	Position  int
	SectionID int64  // 0: the cover
	Section   string // the section's name
	Emoji     string // the section's
	OneOff    bool   // of a section that no other issue has: the switch for others is its own; see Recipient.Mutes
	HTML      string
	Plain     string // the same without markup
	Image     string // http(s) address; empty: none
	Refused   string // why Telegram refused HTML; empty: it did not, or was not asked yet

	Headlines string // the share of the compact layout, HTML; empty: none
	// Rich is the whole section, or the cover, as a rich message; empty: there
	// is none, or this is not its first message.
	Rich        string
	RichRefused string // why Telegram refused Rich
}

// Opens tells whether the message is the first of a section, or the cover's
// first. Two sections of one issue can be one to readers: the same heading twice,
// or sections that were merged.
func (m Message) Opens() bool { return m.Position == 0 || m.Headlines != "" || m.Rich != "" }

// Messages returns the messages of an edition of an issue in the order of
// sending; what it returns never changes but for Refused and RichRefused, and
// for the section when that is merged into another or turns up in a second
// issue.
func (s *Store) Messages(ctx context.Context, issue int64, edition int) ([]Message, error) {
	messages, err := collect(ctx, s.reads, func(rows *sql.Rows) (m Message, err error) {
		return m, rows.Scan(&m.Position, &m.SectionID, &m.Section, &m.Emoji, &m.OneOff,
			&m.HTML, &m.Plain, &m.Image, &m.Refused, &m.Headlines, &m.Rich, &m.RichRefused)
	}, `
		SELECT m.position, coalesce(m.section_id, 0), coalesce(s.name, ''), coalesce(s.emoji, ''),
			m.section_id IS NOT NULL
				AND EXISTS (SELECT 1 FROM issues i WHERE i.id <> m.issue_id)
				AND NOT EXISTS (SELECT 1 FROM issue_sections o WHERE o.section_id = m.section_id AND o.issue_id <> m.issue_id),
			m.html, m.plain, m.image, m.refused, m.headlines, m.rich, m.rich_refused
		FROM messages m
		LEFT JOIN sections s ON s.id = m.section_id
		WHERE m.issue_id = ? AND m.edition = ?
		ORDER BY m.position`, issue, edition)
	if err != nil {
		return nil, fmt.Errorf("read messages of issue %d: %w", issue, err)
	}
	return messages, nil
}

// RefuseMessage notes that Telegram refuses the message's HTML: from now on it
// is sent as plain text.
func (s *Store) RefuseMessage(ctx context.Context, issue int64, edition, position int, why string) error {
	return s.noteRefusal(ctx, "refused = ?", why, issue, edition, position)
}

// RefuseRich notes that Telegram refuses the message's rich form: from now on
// the section is sent as in the sections layout.
func (s *Store) RefuseRich(ctx context.Context, issue int64, edition, position int, why string) error {
	return s.noteRefusal(ctx, "rich_refused = ?", why, issue, edition, position)
}

func (s *Store) noteRefusal(ctx context.Context, assignment, why string, issue int64, edition, position int) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE messages
			SET `+assignment+`
			WHERE issue_id = ? AND edition = ? AND position = ?`, why, issue, edition, position)
		return err
	})
	if err != nil {
		return fmt.Errorf("note refused message of issue %d: %w", issue, err)
	}
	return nil
}
