package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// add adds a subscriber.
func (e *enrolling) add(ctx context.Context, p *Person) error {
	e.lastID++
	e.result.New++
	joined, paused, greeting := e.now.Unix(), int64(0), 0
	if !p.Joined.IsZero() {
		joined = p.Joined.Unix()
	}
	if !p.PausedUntil.IsZero() {
		paused = p.PausedUntil.Unix()
	}
	// Readers of a channel have not asked for anything, and who pauses wants to hear nothing.
	if e.options.Greet && p.State == subscribers.On && p.Kind != subscribers.Channel && paused == 0 {
		e.result.ToGreet++
		greeting = 1
	}
	e.later(insertPerson, e.lastID, p.ID, p.Thread, p.Kind, p.Title, p.Language, p.State, p.Reason, joined, e.now.Unix(),
		p.Layout, p.ChosenLanguage, p.Silent, p.NoPreviews, p.Every, max(p.Every-1, 0), paused,
		int(p.Delivery.Weekday), p.Delivery.Minute, p.Delivery.Zone, p.LayoutAdvice, p.State == subscribers.On, greeting)
	return e.addLists(ctx, e.lastID, p)
}

// addLists adds what a subscriber has chosen that has rows of its own.
func (e *enrolling) addLists(ctx context.Context, id int64, p *Person) error {
	for _, name := range p.Muted {
		section, err := e.section(ctx, name)
		if err != nil {
			return err
		}
		e.later(insertMuted, id, section)
	}
	if p.MutesOther {
		e.later(insertMutedOther, id)
	}
	for i, words := range [][]string{p.MutedWords, p.Highlighted} {
		for _, text := range words {
			e.later(insertWord, id, text, foldWord(text), i)
		}
	}
	return e.addTopics(ctx, id, p)
}

// Statements that insert rows, up to VALUES.
const (
	// Of how often issues come, the next is the first that does, as by SetEvery.
	insertPerson = `
		INSERT INTO subscribers (id, chat_id, thread_id, kind, title, language, state, reason, created_at, updated_at,
			layout, chosen_language, silent, no_previews, every, passed_over, paused_until,
			delivery_weekday, delivery_minute, delivery_zone, layout_advice, unconfirmed, greeting)`
	insertMuted      = "INSERT OR IGNORE INTO muted_sections (subscriber_id, section_id)"
	insertMutedOther = "INSERT OR IGNORE INTO muted_other (subscriber_id)"
	insertWord       = "INSERT OR IGNORE INTO words (subscriber_id, word, fold, highlight)"
)

// rowsAtOnce is how many rows a statement inserts: one for each row would take twice as long.
const rowsAtOnce = 50

// later has a row inserted soon.
func (e *enrolling) later(statement string, row ...any) {
	e.waiting[statement] = append(e.waiting[statement], row)
}

// flush inserts the rows that wait.
func (e *enrolling) flush(ctx context.Context) error {
	for _, statement := range []string{insertPerson, insertMuted, insertMutedOther, insertWord} {
		for rows := range slices.Chunk(e.waiting[statement], rowsAtOnce) {
			row := ", (?" + strings.Repeat(", ?", len(rows[0])-1) + ")"
			if err := e.exec(ctx, statement+" VALUES "+strings.Repeat(row, len(rows))[2:], slices.Concat(rows...)...); err != nil {
				return err
			}
		}
		e.waiting[statement] = e.waiting[statement][:0]
	}
	return nil
}

// addTopics adds the topics of a subscriber's sections. At most one subscriber of a group
// has those: one that is there already keeps them.
func (e *enrolling) addTopics(ctx context.Context, id int64, p *Person) error {
	if p.Topics || len(p.TopicIDs) > 0 { // few groups have that
		if err := e.flush(ctx); err != nil {
			return err
		}
	}
	if p.Topics {
		if err := e.exec(ctx, `
			UPDATE subscribers
			SET topics = ?1
			WHERE id = ?2 AND topics = 0 AND NOT EXISTS (SELECT 1 FROM subscribers WHERE chat_id = ?3 AND topics <> 0)`,
			subscribers.SectionTopics, id, p.ID); err != nil {
			return err
		}
	}
	for _, t := range p.TopicIDs {
		section, err := e.section(ctx, t.section)
		if err != nil {
			return err
		}
		if err := e.exec(ctx, "INSERT OR IGNORE INTO section_topics (subscriber_id, section_id, thread_id) VALUES (?, ?, ?)", id, section, t.thread); err != nil {
			return err
		}
	}
	return nil
}

// section returns the id of the section with that name.
func (e *enrolling) section(ctx context.Context, name string) (int64, error) {
	id, known := e.sections[name]
	if known {
		return id, nil
	}
	id, isNew, err := archive.EnsureSection(ctx, e.tx, name)
	if err != nil {
		return 0, fmt.Errorf("section %q: %w", name, err)
	}
	if isNew {
		e.result.Sections = append(e.result.Sections, name)
	}
	e.sections[name] = id
	return id, nil
}

func (e *enrolling) exec(ctx context.Context, statement string, args ...any) error {
	_, err := e.tx.ExecContext(ctx, statement, args...)
	return err
}
