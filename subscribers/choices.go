package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// Choices are what a chat decided for itself. The zero value is what a new
// subscriber has.
type Choices struct {
	Layout         digest.Layout // empty: the operator's default
	ChosenLanguage string        // BCP 47 tag; empty: follows Telegram
	Silent         bool          // no message of an issue makes a sound
	NoPreviews     bool          // no message of an issue has a link preview, which shows its picture
	Every          int           // of so many issues that are broadcast one comes; 0: all come; or Monthly
	PausedUntil    time.Time     // zero: not paused; in the past: the chat has not been told yet
	Delivery       DeliveryTime  // zero: with the schedule
}

// IsPaused reports whether the subscriber gets no issues at that time.
func (c Choices) IsPaused(at time.Time) bool { return at.Before(c.PausedUntil) }

const choiceColumns = "layout, chosen_language, silent, no_previews, every, paused_until, delivery_weekday, delivery_minute, delivery_zone"

// fields are where a row of choiceColumns goes.
func (c *Choices) fields() []any {
	return []any{&c.Layout, &c.ChosenLanguage, &c.Silent, &c.NoPreviews, &c.Every, unixSeconds{&c.PausedUntil},
		&c.Delivery.Weekday, &c.Delivery.Minute, &c.Delivery.Zone}
}

// unixSeconds scans a column of UTC seconds into a time; 0 is the zero time.
type unixSeconds struct{ t *time.Time }

// Scan implements sql.Scanner.
func (u unixSeconds) Scan(value any) error {
	seconds, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a time is %T, want UTC seconds", value)
	}
	*u.t = fromUnix(seconds)
	return nil
}

// SetLayout chooses how the subscriber gets issues. Like all methods that set a
// choice it fails with ErrNotFound if there is no such subscriber.
func (s *Store) SetLayout(ctx context.Context, subscriber int64, layout digest.Layout) error {
	return s.choose(ctx, subscriber, "layout", "layout = ?", layout)
}

// SetLanguage chooses the language of the subscriber by its BCP 47 tag; empty: the
// one of its Telegram.
func (s *Store) SetLanguage(ctx context.Context, subscriber int64, tag string) error {
	return s.choose(ctx, subscriber, "language", "chosen_language = ?", tag)
}

// SetSilent chooses whether issues arrive without a sound.
func (s *Store) SetSilent(ctx context.Context, subscriber int64, silent bool) error {
	return s.choose(ctx, subscriber, "sound", "silent = ?", silent)
}

// SetNoPreviews chooses whether messages of issues come without link previews.
func (s *Store) SetNoPreviews(ctx context.Context, subscriber int64, without bool) error {
	return s.choose(ctx, subscriber, "previews", "no_previews = ?", without)
}

// Monthly in place of a number of issues is for headlines: in one message, with the next
// issue and then with the first issue of each month, those of all issues since the last time.
const Monthly = -1

// SetEvery chooses that of so many issues one comes, the next one first; 0: all come; or
// Monthly.
func (s *Store) SetEvery(ctx context.Context, subscriber int64, every int) error {
	return s.choose(ctx, subscriber, "how often", "every = ?, passed_over = ?, month_issue = 0", every, max(every-1, 0))
}

// SetDeliveryTime chooses when issues come, including those that wait for the time
// chosen before. With the zero value issues come with the schedule, and those that
// wait come at once. It fails with ErrDeliveryTime if there is no such time.
func (s *Store) SetDeliveryTime(ctx context.Context, subscriber int64, t DeliveryTime) error {
	if err := t.Check(); err != nil {
		return fmt.Errorf("set delivery time of subscriber %d: %w", subscriber, err)
	}
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		err := choose(ctx, tx, subscriber, "delivery_weekday = ?, delivery_minute = ?, delivery_zone = ?", int(t.Weekday), t.Minute, t.Zone)
		if err != nil {
			return err
		}
		return putOff(ctx, tx, subscriber, t.Next(time.Now()))
	})
	if err != nil {
		return fmt.Errorf("set delivery time of subscriber %d: %w", subscriber, err)
	}
	return nil
}

// SetChoices sets all choices of a subscriber, in a transaction of ChangePreferences.
func SetChoices(ctx context.Context, tx *sql.Tx, subscriber int64, c Choices) error {
	until := int64(0)
	if !c.PausedUntil.IsZero() {
		until = c.PausedUntil.Unix()
	}
	err := choose(ctx, tx, subscriber, `
		passed_over = CASE every WHEN ? THEN passed_over ELSE ? END, month_issue = CASE every WHEN ? THEN month_issue ELSE 0 END,
		every = ?, layout = ?, chosen_language = ?, silent = ?, no_previews = ?, paused_until = ?,
		delivery_weekday = ?, delivery_minute = ?, delivery_zone = ?`,
		c.Every, max(c.Every-1, 0), c.Every, c.Every, c.Layout, c.ChosenLanguage, c.Silent, c.NoPreviews, until,
		int(c.Delivery.Weekday), c.Delivery.Minute, c.Delivery.Zone)
	if err != nil {
		return err
	}
	return putOff(ctx, tx, subscriber, c.Delivery.Next(time.Now()))
}

// choose writes one choice of a subscriber; assignments are SQL.
func (s *Store) choose(ctx context.Context, subscriber int64, what, assignments string, args ...any) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		return choose(ctx, tx, subscriber, assignments, args...)
	})
	if err != nil {
		return fmt.Errorf("set %s of subscriber %d: %w", what, subscriber, err)
	}
	return nil
}

func choose(ctx context.Context, tx *sql.Tx, subscriber int64, assignments string, args ...any) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE subscribers
		SET updated_at = ?, `+assignments+`
		WHERE id = ?`, append(append([]any{now()}, args...), subscriber)...)
	if err == nil && !database.Affected(result, err) {
		return ErrNotFound
	}
	return err
}

// LayoutAdvice is what a chat has been told of layouts, so that it is told once.
type LayoutAdvice int

// What a chat has been told, in this order.
const (
	NoAdvice     LayoutAdvice = 0
	LayoutAsked  LayoutAdvice = 1 // how issues are to come, when it subscribed
	LayoutHinted LayoutAdvice = 2 // that one message is enough, under an issue of many
)

// NoteLayoutAdvice notes what a chat has been told of layouts. Nothing is read again
// because of it: at worst a chat is told twice.
func (s *Store) NoteLayoutAdvice(ctx context.Context, subscriber int64, told LayoutAdvice) error {
	_, err := database.Exec(ctx, s.write, "UPDATE subscribers SET layout_advice = ? WHERE id = ? AND layout_advice < ?", told, subscriber, told)
	if err != nil {
		return fmt.Errorf("note layout advice of subscriber %d: %w", subscriber, err)
	}
	return nil
}

// SetDarkPictures chooses whether an admin gets pictures of figures with a dark background, by
// the subscriber of the admin's private chat.
func (s *Store) SetDarkPictures(ctx context.Context, subscriber int64, dark bool) error {
	return s.choose(ctx, subscriber, "pictures", "dark_pictures = ?", dark)
}

// DarkPictures returns what SetDarkPictures chose.
func (s *Store) DarkPictures(ctx context.Context, subscriber int64) (dark bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT dark_pictures FROM subscribers WHERE id = ?", subscriber).Scan(&dark)
	if err != nil {
		return false, fmt.Errorf("read which pictures subscriber %d wants: %w", subscriber, database.NotFound(err))
	}
	return dark, nil
}
