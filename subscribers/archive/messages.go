package archive

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// Message is one message of an edition, in the forms of all layouts.
type Message struct {
	Position  int
	SectionID int64  // 0: the cover
	Section   string // the section's name
	Emoji     string // the section's
	OneOff    bool   // its section is in no other issue, but there are others
	HTML      string
	Plain     string // the same without markup
	Image     string // http(s) address; empty: none
	Refused   string // why Telegram refused HTML; empty: it did not, or was not asked yet
	Bare      string // why Telegram refused the message with keyboard and link preview; empty: as for Refused

	List digest.CoverList // of the cover, where it names sections; zero: nowhere, or the cover is too old to say

	// Share is how the section goes on in the message of the section before it, HTML;
	// empty: it begins a message. See digest.Shared.
	Share string

	// Items is where the items of the section stand, digest.ItemMarks as JSON. It is read
	// only for the readers who have words. Empty: nowhere, or the message is too old to say.
	Items string
	// What the words of one reader make of the message. The archive leaves it zero, see
	// rendition.ForReader.
	Emptied bool // nothing is left of the section
	Starred bool // it has an item with a star
	All     int  // items of the section
	Hidden  int  // items of the section that are hidden

	Headlines string // the share of the compact layout, HTML; empty: none
	// CompactRefused is, of the cover, why Telegram refused the compact layout's
	// message.
	CompactRefused string
	// Rich is the whole section, or the cover, as a rich message; empty: there
	// is none, or this is not its first message.
	Rich        string
	RichRefused string // why Telegram refused Rich
}

// SectionOf returns the positions of the first and the last message of the section to
// which the message at a position belongs. Two sections that stand side by side and
// were merged since still count as two, because they were written, headed and numbered
// so.
func SectionOf(messages []Message, position int) (first, last int) {
	first, last = position, position
	for first > 0 && continues(messages, first) {
		first--
	}
	for last+1 < len(messages) && continues(messages, last+1) {
		last++
	}
	return first, last
}

// continues reports whether a message goes on with the section of the one before it.
func continues(messages []Message, position int) bool {
	m := messages[position]
	return m.Headlines == "" && m.Rich == "" && messages[position-1].SectionID == m.SectionID
}

// Messages returns the messages of an edition of an issue in the order of sending.
// They never change, except for Refused, Bare, CompactRefused and RichRefused, and for
// the section if it is merged into another or a second issue has it.
func (a *Archive) Messages(ctx context.Context, issue int64, edition int) ([]Message, error) {
	return a.messages(ctx, a.reads, issue, edition)
}

func (a *Archive) messages(ctx context.Context, q database.Queryer, issue int64, edition int) ([]Message, error) {
	var name string
	if known := a.name.Load(); known != nil {
		name = *known
	}
	messages, err := database.Collect(ctx, q, func(rows *sql.Rows) (m Message, err error) {
		var list string
		var untitled bool
		if err := rows.Scan(&m.Position, &m.SectionID, &m.Section, &m.Emoji, &m.OneOff,
			&m.HTML, &m.Plain, &m.Image, &m.Refused, &m.Bare, &m.Headlines, &m.CompactRefused, &m.Rich, &m.RichRefused, &list, &untitled, &m.Share, &m.Items); err != nil {
			return m, err
		}
		if m.List, err = decodeList(list); untitled {
			m.title(name)
		}
		return m, err
	}, `
		SELECT m.position, coalesce(m.section_id, 0), coalesce(s.name, ''), coalesce(s.emoji, ''),
			m.section_id IS NOT NULL
				AND EXISTS (SELECT 1 FROM issues i WHERE i.id <> m.issue_id)
				AND NOT EXISTS (SELECT 1 FROM issue_sections o WHERE o.section_id = m.section_id AND o.issue_id <> m.issue_id),
			m.html, m.plain, m.image, m.refused, m.bare, m.headlines, m.compact_refused, m.rich, m.rich_refused, m.cover_list, m.untitled, m.share, m.items
		FROM messages m
		LEFT JOIN sections s ON s.id = m.section_id
		WHERE m.issue_id = ? AND m.edition = ?
		ORDER BY m.position`, issue, edition)
	if err != nil {
		return nil, fmt.Errorf("read messages of issue %d: %w", issue, err)
	}
	return messages, nil
}

// title puts the name of the publication before the number of an issue without a title.
func (m *Message) title(name string) {
	titled := digest.Message{
		Cover: m.SectionID == 0, HTML: m.HTML, Plain: m.Plain, Headlines: m.Headlines, Rich: m.Rich, List: m.List, Untitled: true,
	}.Titled(name)
	m.HTML, m.Plain, m.Headlines, m.Rich, m.List = titled.HTML, titled.Plain, titled.Headlines, titled.Rich, titled.List
}

// Simpler is how a message is sent that Telegram refuses as it was made.
type Simpler struct {
	Bare  bool // without keyboard and link preview
	Plain bool // as plain text
}

// RefuseMessage notes that Telegram refuses a message as it was made: from now on
// it is sent in a simpler form. news is false if people need not be told, because
// this or another message of the edition was refused before.
func (a *Archive) RefuseMessage(ctx context.Context, issue int64, edition, position int, how Simpler, why string) (news bool, err error) {
	return a.refuse(ctx, issue, edition, `
		UPDATE messages
		SET refused = CASE WHEN ?4 AND refused = '' THEN ?6 ELSE refused END,
			bare = CASE WHEN ?5 AND bare = '' THEN ?6 ELSE bare END
		WHERE issue_id = ?1 AND edition = ?2 AND position = ?3`, position, how.Plain, how.Bare, why)
}

// RefuseCompact notes that Telegram refuses the message of the compact layout:
// from now on the sections are sent instead. news is as in RefuseMessage.
func (a *Archive) RefuseCompact(ctx context.Context, issue int64, edition int, why string) (news bool, err error) {
	return a.refuse(ctx, issue, edition, `
		UPDATE messages
		SET compact_refused = ?3
		WHERE issue_id = ?1 AND edition = ?2 AND position = 0`, why)
}

// refuse runs an update of an edition's messages, whose first two arguments are the
// issue and the edition, and reports whether it is the first one.
func (a *Archive) refuse(ctx context.Context, issue int64, edition int, update string, args ...any) (first bool, err error) {
	err = a.db.Write(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `
			SELECT NOT EXISTS (
				SELECT 1
				FROM messages
				WHERE issue_id = ? AND edition = ? AND (refused <> '' OR bare <> '' OR compact_refused <> ''))`,
			issue, edition).Scan(&first); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, update, append([]any{issue, edition}, args...)...)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("note refused message of issue %d: %w", issue, err)
	}
	return first, nil
}

// AllMessages stands for every position in RefuseRich.
const AllMessages = -1

// RefuseRich notes that Telegram refuses the rich form of the message at a
// position: from now on the section is sent as in the sections layout.
// AllMessages means that the server takes no rich messages at all. news is false if
// people need not be told, because one of this edition was refused before, or, with
// AllMessages, one of any issue for the same reason.
func (a *Archive) RefuseRich(ctx context.Context, issue int64, edition, position int, why string) (news bool, err error) {
	err = a.db.Write(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `
			SELECT NOT EXISTS (
				SELECT 1
				FROM messages
				WHERE rich_refused <> '' AND CASE ?3
					WHEN ?4 THEN rich_refused = ?5
					ELSE issue_id = ?1 AND edition = ?2
				END)`,
			issue, edition, position, AllMessages, why).Scan(&news); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE messages
			SET rich_refused = ?5
			WHERE issue_id = ?1 AND edition = ?2 AND ?3 IN (position, ?4) AND rich <> '' AND rich_refused = ''`,
			issue, edition, position, AllMessages, why)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("note refused rich message of issue %d: %w", issue, err)
	}
	return news, nil
}
