package roster

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// Export writes all subscribers, and returns how many there are. They are as they were at
// one time.
func Export(ctx context.Context, store *subscribers.Store, w io.Writer, format Format) (n int, err error) {
	out, err := newWriter(w, format)
	if err != nil {
		return 0, err
	}
	tx, err := store.Reads().BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("read subscribers: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	sections, err := readSections(ctx, tx)
	if err != nil {
		return 0, fmt.Errorf("read sections: %w", err)
	}
	rows, err := tx.QueryContext(ctx, selectPeople+" ORDER BY chat_id, thread_id")
	if err != nil {
		return 0, fmt.Errorf("read subscribers: %w", err)
	}
	defer rows.Close()
	now := time.Now()
	for ; rows.Next(); n++ {
		p, err := scanPerson(rows, sections, now)
		if err == nil {
			err = out.write(&p)
		}
		if err != nil {
			return n, err
		}
	}
	if err := rows.Err(); err != nil {
		return n, fmt.Errorf("read subscribers: %w", err)
	}
	return n, out.close()
}

// writer writes people in a format.
type writer interface {
	write(p *Person) error
	close() error
}

func newWriter(w io.Writer, format Format) (writer, error) {
	if format == JSON {
		return newJSONWriter(w)
	}
	return newCSVWriter(w)
}

// readSections returns the names of sections by their id. A name that leads to another
// section is replaced by the key, which is a name, too.
func readSections(ctx context.Context, q database.Queryer) (map[int64]string, error) {
	type section struct {
		id        int64
		key, name string
	}
	all, err := database.Collect(ctx, q, func(rows *sql.Rows) (s section, err error) {
		return s, rows.Scan(&s.id, &s.key, &s.name)
	}, "SELECT id, key, name FROM sections")
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(all))
	for _, s := range all {
		names[s.id] = oneLine(s.name)
		if digest.SectionKey(names[s.id]) != s.key && digest.SectionKey(s.key) == s.key {
			names[s.id] = s.key
		}
	}
	return names, nil
}

// wordBetween is between words in a row of selectPeople: no word has it.
const wordBetween = "\n"

const selectPeople = `
	SELECT chat_id, thread_id, kind, title, language, state, reason, created_at, layout, chosen_language, silent, no_previews,
		every, paused_until, delivery_weekday, delivery_minute, delivery_zone, layout_advice, topics <> 0,
		coalesce((SELECT group_concat(section_id) FROM muted_sections WHERE subscriber_id = subscribers.id), ''),
		EXISTS (SELECT 1 FROM muted_other WHERE subscriber_id = subscribers.id),
		coalesce((SELECT group_concat(word, char(10) ORDER BY id) FROM words WHERE subscriber_id = subscribers.id AND NOT highlight), ''),
		coalesce((SELECT group_concat(word, char(10) ORDER BY id) FROM words WHERE subscriber_id = subscribers.id AND highlight), ''),
		coalesce((SELECT group_concat(section_id || ' ' || thread_id) FROM section_topics WHERE subscriber_id = subscribers.id), '')
	FROM subscribers`

// scanPerson reads a row of selectPeople. A pause that is over is none.
func scanPerson(row interface{ Scan(...any) error }, sections map[int64]string, now time.Time) (p Person, err error) {
	var joined, paused int64
	var muted, words, highlighted, topics string
	c := &p.Choices
	err = row.Scan(&p.ID, &p.Thread, &p.Kind, &p.Title, &p.Language, &p.State, &p.Reason, &joined, &c.Layout, &c.ChosenLanguage, &c.Silent, &c.NoPreviews,
		&c.Every, &paused, &c.Delivery.Weekday, &c.Delivery.Minute, &c.Delivery.Zone, &p.LayoutAdvice, &p.Topics,
		&muted, &p.MutesOther, &words, &highlighted, &topics)
	if err != nil {
		return p, fmt.Errorf("read a subscriber: %w", err)
	}
	p.Joined = time.Unix(joined, 0).UTC()
	if paused > now.Unix() {
		p.PausedUntil = time.Unix(paused, 0).UTC()
	}
	for _, id := range split(muted, ",") {
		p.Muted = append(p.Muted, nameOf(id, sections))
	}
	slices.Sort(p.Muted)
	p.MutedWords, p.Highlighted = split(words, wordBetween), split(highlighted, wordBetween)
	for _, one := range split(topics, ",") {
		section, thread, _ := strings.Cut(one, " ")
		number, _ := strconv.Atoi(thread) // the database has numbers there
		p.TopicIDs = append(p.TopicIDs, topic{section: nameOf(section, sections), thread: number})
	}
	slices.SortFunc(p.TopicIDs, func(x, y topic) int { return strings.Compare(x.section, y.section) })
	return p, nil
}

// nameOf returns the name of the section with the id in a text.
func nameOf(id string, sections map[int64]string) string {
	n, _ := strconv.ParseInt(id, 10, 64) // the database has numbers there
	return sections[n]
}

// split is strings.Split that makes nothing of nothing.
func split(text, between string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, between)
}
