package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"digestbot/subscribers"
)

// replace gives a subscriber the choices of the list. changed is false if they are the same.
func (e *enrolling) replace(ctx context.Context, id int64, p *Person) (changed bool, err error) {
	if e.names == nil {
		if e.names, err = readSections(ctx, e.tx); err != nil {
			return false, err
		}
	}
	before, err := scanPerson(e.tx.QueryRowContext(ctx, selectPeople+" WHERE id = ?", id), e.names, e.now)
	if err != nil {
		return false, err
	}
	after := before
	for _, c := range e.list.columns {
		if c.choice {
			if err := c.set(&after, c.get(p)); err != nil {
				return false, fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	if p.State == subscribers.Off && before.State == subscribers.On && e.list.has("state") {
		after.State, after.PausedUntil, changed = subscribers.Off, time.Time{}, true
		if err := e.exec(ctx, "UPDATE subscribers SET state = 'off', reason = '', greeting = 0, updated_at = ? WHERE id = ?", e.now.Unix(), id); err != nil {
			return false, err
		}
	}
	was, err := e.fingerprint(ctx, &before)
	if err != nil {
		return false, err
	}
	is, err := e.fingerprint(ctx, &after)
	if err != nil || was == is {
		return changed, err
	}
	return true, e.rewrite(ctx, id, &after)
}

// rewrite writes all choices of a subscriber.
func (e *enrolling) rewrite(ctx context.Context, id int64, p *Person) error {
	if err := subscribers.SetChoices(ctx, e.tx, id, p.Choices); err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM muted_sections WHERE subscriber_id = ?",
		"DELETE FROM muted_other WHERE subscriber_id = ?",
		"DELETE FROM words WHERE subscriber_id = ?",
		"DELETE FROM section_topics WHERE subscriber_id = ?",
	} {
		if err := e.exec(ctx, statement, id); err != nil {
			return err
		}
	}
	if !p.Topics {
		if err := e.exec(ctx, "UPDATE subscribers SET topics = 0 WHERE id = ?", id); err != nil {
			return err
		}
	}
	return e.addLists(ctx, id, p)
}

// fingerprint is the same for choices that are the same, however a list writes them.
func (e *enrolling) fingerprint(ctx context.Context, p *Person) (string, error) {
	var parts, lists []string
	for _, c := range columns {
		if c.choice && c.shape != list {
			parts = append(parts, c.get(p).text)
		}
	}
	for _, name := range p.Muted {
		id, err := e.section(ctx, name)
		if err != nil {
			return "", err
		}
		lists = append(lists, fmt.Sprint("muted ", id))
	}
	for _, t := range p.TopicIDs {
		id, err := e.section(ctx, t.section)
		if err != nil {
			return "", err
		}
		lists = append(lists, fmt.Sprint("topic ", id, " ", t.thread))
	}
	for _, word := range p.MutedWords {
		lists = append(lists, "mute"+foldWord(word))
	}
	for _, word := range p.Highlighted {
		lists = append(lists, "highlight"+foldWord(word))
	}
	slices.Sort(lists)
	return strings.Join(append(parts, slices.Compact(lists)...), "\n"), nil
}
