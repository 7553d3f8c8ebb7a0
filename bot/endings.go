package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"digestbot/bot/desk"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
)

// Now and then Telegram gives an answer that should end the bot: that it does not know
// the token, or that another program asks for the same updates. That may pass, so the bot
// believes it only after a while, and goes on sending until then.
const (
	// conflictTimeout is how long another program may use the token.
	conflictTimeout = 30 * time.Minute
	// newcomerTimeout is how long, as long as this program has never had the updates
	// to itself. So of two copies the second one ends: somebody's test does not end the
	// bot that was there before.
	newcomerTimeout = 5 * time.Minute
	// conflictQuiet is how long there must be no sign of another program before the bot
	// takes it to be gone: longer than a poll, and than the time between two checks of
	// the webhook.
	conflictQuiet = 2 * time.Minute
	// arrivalQuiet is how long broadcasts wait in a database that comes from elsewhere: long
	// enough for a program that still serves it there to ask for updates again.
	arrivalQuiet = 20 * time.Second
	// arrivalQuietOfWebhook is the same if updates are sent to a webhook: the other program
	// takes it back when it next checks it, and this one sees that when it does.
	arrivalQuietOfWebhook = 2*webhookCheck + arrivalQuiet
)

// endings are the signs that the bot cannot go on.
type endings struct {
	mu       sync.Mutex
	lost     time.Time // since when Telegram does not know the token; zero: it does
	began    time.Time // when a conflict began; zero: there is none
	last     time.Time // when there was the last sign of it
	heard    time.Time // when the bot got its updates for the first time
	resident bool      // it had them to itself for a while, also before the last start
	arrived  time.Time // until when broadcasts wait after a start with a database from elsewhere
}

// holdBroadcasts has broadcasts wait after a start with a database that comes from elsewhere.
func (e *endings) holdBroadcasts(until time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.arrived = until
}

// moveIn notes that the bot had its updates to itself before the start.
func (e *endings) moveIn() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.resident = true
}

// isResident reports whether the bot had its updates to itself for a while.
func (e *endings) isResident() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.resident
}

// holds reports whether broadcasts wait, since another program with the same token may be
// sending them: the one that was there first goes on.
func (e *endings) holds(now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.began.IsZero() && !e.resident || now.Before(e.arrived)
}

// noteUnknownToken notes that Telegram does not know the token, and returns for how long
// it has not.
func (e *endings) noteUnknownToken(now time.Time) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.lost.IsZero() {
		e.lost = now
	}
	return now.Sub(e.lost)
}

// noteConflict notes a sign of another program, and returns how long the conflict has
// lasted and how long it may last.
func (e *endings) noteConflict(now time.Time) (lasted, patience time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.began.IsZero() || now.Sub(e.last) >= conflictQuiet {
		e.began = now
	}
	e.last = now
	patience = newcomerTimeout
	if e.resident {
		patience = conflictTimeout
	}
	return now.Sub(e.began), patience
}

// noteServed notes that Telegram has served the bot, and reports what is over, and whether the
// bot is resident now.
func (e *endings) noteServed(now time.Time) (tokenKnown, conflictOver, movedIn bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	tokenKnown = !e.lost.IsZero()
	e.lost = time.Time{}
	if e.heard.IsZero() {
		e.heard = now
	}
	alone := now.Sub(e.last) >= conflictQuiet
	conflictOver = alone && !e.began.IsZero()
	if conflictOver {
		e.began = time.Time{}
	}
	if !e.resident && alone && now.Sub(e.heard) >= conflictQuiet {
		e.resident, movedIn = true, true
	}
	return tokenKnown, conflictOver, movedIn
}

// lookWhereFrom finds out whether the bot is at home where the database is. If that comes from
// elsewhere, where a program may still be sending broadcasts, they wait.
func (c *connection) lookWhereFrom(ctx context.Context) error {
	home, err := c.talk.Store.IsAtHome(ctx)
	if err != nil {
		return err
	}
	if home {
		c.endings.moveIn()
		return nil
	}
	arrived, err := c.talk.Store.ArrivedInBroadcast(ctx)
	if err != nil || !arrived {
		return err
	}
	wait := arrivalQuiet
	if c.webhook != nil {
		wait = arrivalQuietOfWebhook
	}
	c.talk.Log.Warn("this database was not served here before, and a broadcast is under way in it: it waits for a moment, in case the program that served it still runs",
		"wait", wait)
	c.endings.holdBroadcasts(time.Now().Add(wait))
	return nil
}

// noteEnding notes an error that may end the bot, and tells admins of it. It returns the
// error if it has lasted for so long that it ends the bot.
func (c *connection) noteEnding(err error) error {
	now := time.Now()
	switch sender.Classify(err).Kind {
	case sender.Unauthorized:
		c.desk.BeginTrouble(desk.TroubleToken, desk.Trouble{ // of which nobody can be told
			Ends: func(s talk.Speaker, since time.Time) string {
				return s.HTML("trouble.token_fine", talk.Values{"Since": s.Moment(since)})
			},
			Health: "Telegram does not know the token",
		})
		if lasted := c.endings.noteUnknownToken(now); lasted >= sender.TokenTimeout {
			return fmt.Errorf("%w, for %s now", explain(err), lasted.Round(time.Second))
		}
	case sender.Conflict:
		lasted, patience := c.endings.noteConflict(now)
		first := c.endings.isResident()
		c.desk.BeginTrouble(desk.TroubleConflict, desk.Trouble{
			Begins: func(s talk.Speaker) string {
				values := talk.Values{"Minutes": int(patience.Minutes())}
				if first {
					return s.HTML("trouble.conflict", values)
				}
				return s.HTML("trouble.conflict_later", values)
			},
			Ends:   func(s talk.Speaker, _ time.Time) string { return s.HTML("trouble.conflict_fine") },
			Health: "another program uses the same token",
		})
		if lasted >= patience {
			return fmt.Errorf("%w, for %s now", explain(err), lasted.Round(time.Second))
		}
	}
	return nil
}

// noteServed notes that Telegram has served the bot, and tells admins what is over.
func (c *connection) noteServed() {
	c.signs.noteFetch()
	known, alone, movedIn := c.endings.noteServed(time.Now())
	if known {
		c.desk.EndTrouble(desk.TroubleToken)
	}
	if alone {
		c.desk.EndTrouble(desk.TroubleConflict)
	}
	if movedIn {
		if err := c.talk.Store.MoveIn(context.Background()); err != nil {
			c.talk.Log.Error("after a restart, broadcasts may wait for another program with this token", "err", err)
		}
	}
}
