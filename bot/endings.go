package bot

import (
	"fmt"
	"sync"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/desk"
	"digestbot/bot/talk"
)

// Telegram says now and then what would end the bot: that it does not know the token,
// or that another program asks for the same updates. It may pass, so it has to last
// before it is believed; sending goes on meanwhile.
const (
	// conflictPatience is how long another program may use the token.
	conflictPatience = 30 * time.Minute
	// newcomerPatience is how long, while this program has never had the updates to
	// itself. So of two copies the one that came second gives way: somebody's test
	// does not end the bot that was there before.
	newcomerPatience = 5 * time.Minute
	// conflictQuiet is how long there must be no sign of another program until it is
	// gone: longer than a poll, and than the time between two looks at the webhook.
	conflictQuiet = 2 * time.Minute
)

// Keys of troubles.
const (
	troubleToken    = "token"
	troubleConflict = "conflict"
)

// endings are the signs that the bot cannot go on.
type endings struct {
	mu       sync.Mutex
	lost     time.Time // since when Telegram does not know the token; zero: it does
	began    time.Time // of a conflict; zero: there is none
	last     time.Time // sign of it
	heard    time.Time // when the bot got its updates for the first time
	resident bool      // it had them to itself for a while
}

// unknown notes that Telegram does not know the token, and returns for how long it
// has not.
func (e *endings) unknown(now time.Time) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.lost.IsZero() {
		e.lost = now
	}
	return now.Sub(e.lost)
}

// conflict notes a sign of another program, and returns for how long there have been
// some and for how long that may be.
func (e *endings) conflict(now time.Time) (lasted, patience time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.began.IsZero() || now.Sub(e.last) >= conflictQuiet {
		e.began = now
	}
	e.last = now
	patience = newcomerPatience
	if e.resident {
		patience = conflictPatience
	}
	return now.Sub(e.began), patience
}

// well notes that Telegram has served the bot, and tells what is over.
func (e *endings) well(now time.Time) (tokenKnown, conflictOver bool) {
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
	e.resident = e.resident || alone && now.Sub(e.heard) >= conflictQuiet
	return tokenKnown, conflictOver
}

// doubt draws the conclusions from an error that may end the bot. It returns the
// error when it has lasted for so long that it does.
func (b *line) doubt(err error) error {
	now := time.Now()
	switch delivery.Classify(err).Kind {
	case delivery.Unauthorized:
		b.desk.TroubleBegins(troubleToken, desk.Condition{ // of which nobody can be told
			Ends: func(s talk.Speaker, since time.Time) string {
				return s.HTML("trouble.token_fine", talk.Values{"Since": s.Moment(since)})
			},
			Health: "Telegram does not know the token",
		})
		if lasted := b.endings.unknown(now); lasted >= delivery.TokenPatience {
			return fmt.Errorf("%w, for %s now", explain(err), lasted.Round(time.Second))
		}
	case delivery.Conflict:
		lasted, patience := b.endings.conflict(now)
		b.desk.TroubleBegins(troubleConflict, desk.Condition{
			Begins: func(s talk.Speaker) string {
				return s.HTML("trouble.conflict", talk.Values{"Minutes": int(patience.Minutes())})
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

// served notes that Telegram has served the bot, and tells admins what is over.
func (b *line) served() {
	known, alone := b.endings.well(time.Now())
	if known {
		b.desk.TroubleEnds(troubleToken)
	}
	if alone {
		b.desk.TroubleEnds(troubleConflict)
	}
}
