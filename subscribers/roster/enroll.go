package roster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// Options say how a list is enrolled.
type Options struct {
	Replace bool // who is there already gets the choices of the list
	Greet   bool // who is new is greeted by the bot
	DryRun  bool // nothing is changed
}

// Result is what Enroll has done, or would do.
type Result struct {
	New       int      // subscribers that were not known
	Unchanged int      // that are as they were
	Replaced  int      // that have the choices of the list now
	Left      int      // of Unchanged and Replaced: the list has them as subscribed, and here they have left or cannot be reached
	Forgotten int      // that were not enrolled, because they had everything about them deleted
	ToGreet   int      // of New
	Sections  []string // that were not known
}

// errDryRun undoes a transaction.
var errDryRun = errors.New("dry run")

// Enroll makes subscribers of the people of a list, in one transaction.
//
//   - Who is not known yet gets the state and choices of the list, and is unconfirmed.
//   - Who is known keeps their own choices, unless they are to be replaced. Columns that the
//     list lacks are never replaced.
//   - Who is not subscribed here, or cannot be reached, stays so in any case: they have left,
//     and only they come back. With Replace, who is not subscribed by the list is not here
//     either.
//   - Who was forgotten at their wish is left out.
func Enroll(ctx context.Context, store *subscribers.Store, l List, options Options) (Result, error) {
	var result Result
	err := store.ChangePreferences(ctx, func(tx *sql.Tx) error {
		e := &enrolling{tx: tx, list: l, options: options, now: time.Now(), sections: make(map[string]int64), waiting: make(map[string][][]any)}
		if err := e.run(ctx); err != nil {
			return err
		}
		result = e.result
		if options.DryRun {
			return errDryRun
		}
		changed := e.result.New + e.result.Replaced
		if changed == 0 {
			return nil
		}
		return subscribers.Audit(ctx, tx, subscribers.AuditEntry{
			By: subscribers.Actor{User: subscribers.CommandLine}, Deed: subscribers.DeedEnroll, Facts: subscribers.Facts{Count: changed},
		})
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Result{}, fmt.Errorf("import subscribers: %w", database.WithCure(err))
	}
	return result, nil
}

// enrolling is the work of Enroll.
type enrolling struct {
	tx        *sql.Tx
	list      List
	options   Options
	now       time.Time
	result    Result
	lastID    int64
	forgotten map[int64]bool     // marks
	sections  map[string]int64   // ids by the names in the list
	names     map[int64]string   // of all sections, if choices are to be replaced
	waiting   map[string][][]any // rows to insert, by the statement
}

// together is how many people are looked up, and added, at once.
const together = 500

func (e *enrolling) run(ctx context.Context) error {
	if err := e.prepare(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(e.list.People, together) {
		known, err := e.find(ctx, some)
		if err != nil {
			return err
		}
		for i := range some {
			if err := e.enroll(ctx, &some[i], known[place{some[i].ID, some[i].Thread}]); err != nil {
				return fmt.Errorf("chat %d in line %d: %w", some[i].ID, some[i].line, err)
			}
		}
		if err := e.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// known is a subscriber that is there already.
type known struct {
	id    int64 // 0: there is none
	state subscribers.State
}

// find looks people up.
func (e *enrolling) find(ctx context.Context, people []Person) (map[place]known, error) {
	places := make([][]any, len(people))
	for i, p := range people {
		places[i] = []any{p.ID, p.Thread}
	}
	asked, err := encode(places)
	if err != nil {
		return nil, err
	}
	found := make(map[place]known)
	_, err = database.Collect(ctx, e.tx, func(rows *sql.Rows) (_ struct{}, err error) {
		var at place
		var k known
		err = rows.Scan(&k.id, &at.chat, &at.thread, &k.state)
		found[at] = k
		return struct{}{}, err
	}, `
		SELECT s.id, s.chat_id, s.thread_id, s.state
		FROM json_each(?) j
		CROSS JOIN subscribers s ON s.chat_id = j.value ->> 0 AND s.thread_id = j.value ->> 1`, string(asked))
	return found, err
}

func (e *enrolling) prepare(ctx context.Context) (err error) {
	if err := e.tx.QueryRowContext(ctx, `
		SELECT max(last_id, coalesce((SELECT max(id) FROM subscribers), 0))
		FROM deleted_subscribers`).Scan(&e.lastID); err != nil {
		return err
	}
	marks, err := database.Collect(ctx, e.tx, func(rows *sql.Rows) (mark int64, err error) {
		return mark, rows.Scan(&mark)
	}, "SELECT mark FROM forgotten")
	if err != nil {
		return err
	}
	e.forgotten = make(map[int64]bool, len(marks))
	for _, mark := range marks {
		e.forgotten[mark] = true
	}
	return nil
}

// enroll makes a subscriber of one person.
func (e *enrolling) enroll(ctx context.Context, p *Person, there known) error {
	switch {
	case there.id == 0 && e.forgotten[subscribers.ForgottenMark(p.ID)]:
		e.result.Forgotten++
		return nil
	case there.id == 0:
		return e.add(ctx, p)
	}
	if p.State == subscribers.On && there.state != subscribers.On {
		e.result.Left++
	}
	if !e.options.Replace {
		e.result.Unchanged++
		return nil
	}
	changed, err := e.replace(ctx, there.id, p)
	if changed {
		e.result.Replaced++
	} else {
		e.result.Unchanged++
	}
	return err
}
