package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/desk"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// health finds out what keeps the bot from its work, and tells admins.
type health struct {
	talk      *talk.Talker
	desk      *desk.Desk
	signs     *signs
	lastRound func() time.Time // see Config.LastRound
}

// signs are the signs of life that come from Telegram.
type signs struct {
	mu       sync.Mutex
	began    time.Time         // when the program did
	fetched  time.Time         // when Telegram last gave updates or said that there are none, or that it brings them to the webhook
	received time.Time         // when the last update came
	updates  map[string]uint64 // that have come since the start, by kind
	waiting  int               // updates that wait with Telegram for the webhook
	failed   time.Time         // when Telegram last did not get through to the webhook
}

// updateKinds are the kinds of updates, with "other" for those that the bot does not know.
var updateKinds = append(slices.Clone([]string(wantedUpdates)), otherKind)

const otherKind = "other"

func newSigns() *signs {
	s := &signs{began: time.Now(), updates: make(map[string]uint64)}
	for _, kind := range updateKinds {
		s.updates[kind] = 0
	}
	return s
}

func (s *signs) noteFetch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetched = time.Now()
}

func (s *signs) noteUpdate(u *models.Update) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = time.Now()
	s.updates[kindOfUpdate(u)]++
}

// noteWebhook notes what Telegram says of the webhook. It reports whether updates wait
// because Telegram has not got through since the last one came.
func (s *signs) noteWebhook(waiting int, failed time.Time) (isCutOff bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting, s.failed = waiting, failed
	return waiting > 0 && failed.After(s.began) && failed.After(s.received)
}

// quiet returns for how long no updates were fetched.
func (s *signs) quiet() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(latest(s.began, s.fetched))
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func kindOfUpdate(u *models.Update) string {
	switch {
	case u.Message != nil:
		return models.AllowedUpdateMessage
	case u.ChannelPost != nil:
		return models.AllowedUpdateChannelPost
	case u.EditedMessage != nil:
		return models.AllowedUpdateEditedMessage
	case u.CallbackQuery != nil:
		return models.AllowedUpdateCallbackQuery
	case u.MyChatMember != nil:
		return models.AllowedUpdateMyChatMember
	case u.InlineQuery != nil:
		return models.AllowedUpdateInlineQuery
	}
	return otherKind
}

const (
	// healthEvery is how often the bot looks whether it can do its work.
	healthEvery = 30 * time.Second
	// longestRound is how long the scheduler may take from one look at the clock to
	// the next. It looks once a minute, and a look at the sources may take five.
	longestRound = 10 * time.Minute
	// longestHang is after how long a scheduler that hangs is to be ended with the whole
	// program. Until then admins are told, and whoever watches /healthz.
	longestHang = 2 * longestRound
	// longestFetch is how long it may take until Telegram gives updates or says that there are
	// none: a poll takes a minute, and the webhook is checked once a minute.
	longestFetch = 5 * time.Minute
	// heartbeatTimeout ends a write that waits for another program.
	heartbeatTimeout = 20 * time.Second
	// databaseCheck is how often the bot checks that the database is still there.
	databaseCheck = 5 * time.Second
	// lossTimeout is how long the bot may take to tell admins of its loss.
	lossTimeout = 10 * time.Second
)

// watchHealth finds out what keeps the bot from its work, until ctx is done.
func (h *health) watchHealth(ctx context.Context) {
	for sender.Sleep(ctx, healthEvery) == nil {
		h.checkTelegram()
		h.checkUpdates()
		h.checkDatabase(ctx)
		h.checkScheduler()
	}
}

// checkTelegram finds out whether Telegram answers. Admins can be told only when
// it does again.
func (h *health) checkTelegram() {
	heard := h.talk.LastAnswer.Time()
	if !h.talk.IsSilent() {
		h.desk.EndTrouble(desk.TroubleTelegram)
		return
	}
	h.desk.BeginTrouble(desk.TroubleTelegram, desk.Trouble{
		Health: "Telegram does not answer",
		Ends: func(s talk.Speaker, _ time.Time) string {
			return s.HTML("notice.telegram_back", talk.Values{"Since": s.Moment(heard), "Duration": s.Duration(h.talk.LastAnswer.Time().Sub(heard))})
		},
	})
}

// checkUpdates finds out whether updates come. Telegram may refuse them and answer everything
// else.
func (h *health) checkUpdates() {
	quiet := h.signs.quiet()
	if quiet < longestFetch || h.talk.IsSilent() {
		h.desk.EndTrouble(desk.TroubleUpdates)
		return
	}
	h.talk.Log.Error("no updates are fetched: readers are not answered", "for", quiet.Round(time.Second))
	h.desk.BeginTrouble(desk.TroubleUpdates, desk.Trouble{Health: "Telegram answers, but gives no updates: readers are not answered"})
}

// checkDatabase finds out whether the database can be written.
func (h *health) checkDatabase(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()
	err := h.talk.Store.CheckWrites(ctx)
	if err == nil {
		h.desk.EndTrouble(desk.TroubleDatabase)
		return
	}
	if errors.Is(err, context.Canceled) { // stopping
		return
	}
	h.talk.Log.Error("the database cannot be written", "err", err)
	h.desk.BeginTrouble(desk.TroubleDatabase, desk.Trouble{
		Health:  "the database cannot be written",
		Quietly: true, // the same lock has several names
		Begins: func(s talk.Speaker) string {
			return s.HTML("notice.database", talk.Values{"Error": h.talk.InShort(err)})
		},
		Ends: func(s talk.Speaker, _ time.Time) string { return s.HTML("notice.database_fine") },
	})
}

// checkScheduler finds out whether the scheduler still looks at the clock.
func (h *health) checkScheduler() {
	if h.lastRound == nil {
		return
	}
	last := h.lastRound()
	if last.IsZero() || time.Since(last) < longestRound {
		h.desk.EndTrouble(desk.TroubleScheduler)
		return
	}
	h.talk.Log.Error("the scheduler hangs: nothing is sent on time, and new issues are not found", "since", last)
	h.desk.BeginTrouble(desk.TroubleScheduler, desk.Trouble{
		Health: "the scheduler hangs",
		Begins: func(s talk.Speaker) string { return s.HTML("notice.scheduler", talk.Values{"Since": s.Moment(last)}) },
		Ends:   func(s talk.Speaker, _ time.Time) string { return s.HTML("notice.scheduler_fine") },
	})
}

// Alive returns an error if the program hangs, so that only a restart helps. What restarts do
// not mend, such as a Telegram that does not answer or a full disk, is no such error.
func (h *health) Alive() error {
	if h.lastRound == nil {
		return nil
	}
	if last := h.lastRound(); !last.IsZero() && time.Since(last) >= longestHang {
		return fmt.Errorf("the scheduler hangs since %s", last.Format(time.DateTime))
	}
	return nil
}

// WatchDatabase returns nil when ctx is done. When the database was removed or replaced
// it tells admins, and returns an error that wraps subscribers.ErrLost: whatever the bot
// wrote from then on would be gone after the next start.
func (h *health) WatchDatabase(ctx context.Context) error {
	for sender.Sleep(ctx, databaseCheck) == nil {
		err := h.talk.Store.Check(ctx)
		if errors.Is(err, subscribers.ErrLost) {
			h.talk.Log.Error("digestbot stops, because what it writes from now on would be gone after a restart", "err", err)
			h.tellLoss(ctx, err)
			return err
		}
		if err != nil && ctx.Err() == nil {
			h.talk.Log.Warn("the database cannot be checked", "err", err)
		}
	}
	return nil
}

func (h *health) tellLoss(ctx context.Context, err error) {
	ctx, cancel := context.WithTimeout(ctx, lossTimeout)
	defer cancel()
	text := h.talk.InShort(err)
	h.desk.TellTrouble(ctx, desk.TroubleLost, desk.Trouble{
		Begins: func(s talk.Speaker) string { return s.HTML("notice.database_lost", talk.Values{"Error": text}) },
		Health: "the database was removed or replaced",
	})
}

// tellWebhook tells admins that updates wait with Telegram, because it does not get through
// to the webhook.
func (c *connection) tellWebhook(info *models.WebhookInfo) {
	if !c.signs.noteWebhook(info.PendingUpdateCount, time.Unix(int64(info.LastErrorDate), 0)) {
		c.desk.EndTrouble(desk.TroubleWebhook)
		return
	}
	words := info.LastErrorMessage
	c.desk.BeginTrouble(desk.TroubleWebhook, desk.Trouble{
		Health:  "Telegram does not get through to the webhook, and updates wait there: " + words,
		Quietly: true, // what goes wrong may change each time
		Begins: func(s talk.Speaker) string {
			return s.HTML("notice.webhook", talk.Values{"Error": words})
		},
		Ends: func(s talk.Speaker, _ time.Time) string { return s.HTML("notice.webhook_fine") },
	})
}

// Vitals are how the bot is, for those who watch it from outside.
type Vitals struct {
	Began      time.Time // when the program did
	LastAnswer time.Time // of Telegram; zero: it has not answered since the start
	// ClockOffset is how far our clock was ahead of Telegram's then.
	ClockOffset time.Duration
	LastFetch   time.Time // when Telegram last gave updates, or said that there are none
	LastUpdate  time.Time
	Updates     map[string]uint64 // that have come since the start, by kind
	Chats       int               // in which something is being answered
	Webhook     bool              // updates come by a webhook; then the next two are known
	Waiting     int               // updates that wait with Telegram
	NoWebhook   time.Time         // when Telegram last did not get through to it; zero: never
	Troubles    map[string]int    // how many there are of each kind
	Sending     sender.Counts
}

// Vitals returns how the bot is.
func (b *Bot) Vitals() Vitals {
	v := Vitals{
		LastAnswer: b.talk.LastAnswer.Time(), ClockOffset: b.talk.LastAnswer.Offset(), Webhook: b.webhook != nil,
		Troubles: b.desk.CountTroubles(), Sending: b.talk.Sender.Counts(time.Now()), Began: b.health.signs.began,
	}
	if b.taking.Load() { // else Run may be making the queues
		v.Chats = b.queues.len()
	}
	b.health.signs.mu.Lock()
	defer b.health.signs.mu.Unlock()
	v.LastFetch, v.LastUpdate, v.Updates = b.health.signs.fetched, b.health.signs.received, maps.Clone(b.health.signs.updates)
	v.Waiting, v.NoWebhook = b.health.signs.waiting, b.health.signs.failed
	return v
}

// Standing returns how the last broadcast stands, see [delivery.Broadcaster.Standing].
func (b *Bot) Standing(ctx context.Context) (delivery.Standing, bool, error) {
	return b.broadcaster.Standing(ctx)
}

// Resting returns the broadcasts of which only readers with a later time are left.
func (b *Bot) Resting() []int64 { return b.broadcaster.Resting() }

// Problems returns what keeps the bot from its work, in plain words without names; nil:
// nothing does.
func (b *Bot) Problems(ctx context.Context) (all []string) {
	switch {
	case b.taking.Load():
	case b.ending.Load():
		all = append(all, "the bot is stopping")
	case b.talk.LastAnswer.Time().IsZero():
		all = append(all, "Telegram has not answered since the start, "+ago(b.health.signs.began)+"; the log says why")
	default:
		all = append(all, "the bot is getting ready")
	}
	if _, err := b.talk.Store.LastScheduleRun(ctx, time.Now()); err != nil {
		b.talk.Log.Error("the database does not answer", "err", err)
		all = append(all, "the database does not answer")
	}
	if b.lastRound != nil && b.lastRound().IsZero() {
		all = append(all, "the schedule has not begun")
	}
	return append(all, b.desk.Health()...)
}

// answerHealth answers 200 if the bot does its work, and else 503 with what keeps it from
// that.
func (b *Bot) answerHealth(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
	defer cancel()
	if wrong := b.Problems(ctx); len(wrong) > 0 {
		http.Error(w, strings.Join(wrong, "\n"), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	fmt.Fprintf(w, "ok\n%s\nTelegram: answered %s\ndatabase: can be written\n%s\n", b.updatesLine(), ago(b.talk.LastAnswer.Time()), b.scheduleLine())
}

// updatesLine says how updates come.
func (b *Bot) updatesLine() string {
	v := b.Vitals()
	if b.webhook == nil {
		return "updates: asked for, last answer " + ago(v.LastFetch)
	}
	return fmt.Sprintf("updates: brought to the webhook, checked %s, %d waiting", ago(v.LastFetch), v.Waiting)
}

// scheduleLine says when the schedule's next run is.
func (b *Bot) scheduleLine() string {
	if b.config.NextRun == nil {
		return "schedule: none"
	}
	next := b.config.NextRun(time.Now())
	if next.IsZero() {
		return "schedule: no run is to come"
	}
	return "schedule: next run " + next.Format(time.RFC3339)
}

// ago says how long ago something was.
func ago(at time.Time) string {
	if at.IsZero() {
		return "not yet"
	}
	return time.Since(at).Round(time.Second).String() + " ago"
}
