package telegramsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"
)

const (
	updateLifetime = 24 * time.Hour // tdlib/telegram-bot-api: how long updates wait for the bot
	maxPollSeconds = 50             // tdlib/telegram-bot-api LONG_POLL_MAX_TIMEOUT
	maxUpdates     = 100            // of one getUpdates
	firstUpdateID  = 100_000_001

	// A bot that soon asks for the same again waits at least sameWait. Within sameBurst it
	// gets only one update (telegram-bot-api, process_get_updates_query).
	sameWait  = 3 * time.Second
	sameBurst = 500 * time.Millisecond
	// conflictPause is the time between two answers that report a conflict (fail_query_conflict).
	conflictPause = 3 * time.Second
)

// update is one update on its way to the bot.
type update struct {
	id      int
	body    []byte
	lane    string // see laneOf
	expires time.Time
}

// updates is the queue to the bot; guarded by Sim.mu.
type updates struct {
	queue   []update
	nextID  int
	allowed []string // nil: the default
	poll    *poll    // the long poll under way
	more    chan struct{}

	offset       int64 // of the last poll
	begun        time.Time
	nextConflict time.Time // before that time, a conflict is reported late
}

// poll is one getUpdates that waits.
type poll struct {
	call    *call
	limit   int
	timeout time.Duration
	ended   chan struct{} // closed when another call ends it
	why     Refusal
}

func newUpdates() updates {
	return updates{nextID: firstUpdateID, more: make(chan struct{})}
}

// allows reports whether the bot wants updates of a kind. Three kinds come only if the bot
// asks for them.
func (u *updates) allows(kind string) bool {
	if len(u.allowed) > 0 {
		return slices.Contains(u.allowed, kind)
	}
	return kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count"
}

// sendUpdate queues an update for the bot.
func (st *state) sendUpdate(kind string, v any) {
	u := &st.updates
	if !u.allows(kind) {
		return
	}
	id := u.nextID
	u.nextID++
	body := mustMarshal("update", map[string]any{"update_id": id, kind: v})
	u.queue = append(u.queue, update{id: id, body: body, lane: laneOf(kind, v), expires: now().Add(updateLifetime)})
	st.stats.Updates++
	u.wake()
	st.changed()
}

// wake wakes who waits for updates.
func (u *updates) wake() {
	close(u.more)
	u.more = make(chan struct{})
}

// Push sends the bot an update that the simulator does not make by itself. The content is
// JSON. The chats and messages in it need not exist.
func (s *Sim) Push(kind, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.sendUpdate(kind, json.RawMessage(content))
}

// expire drops updates that were not fetched in time.
func (u *updates) expire(at time.Time) {
	u.queue = slices.DeleteFunc(u.queue, func(x update) bool { return x.expires.Before(at) })
}

// confirm drops everything before offset; a negative one keeps that many at the end.
func (u *updates) confirm(offset int) (confirmed int) {
	before := len(u.queue)
	if offset < 0 {
		u.queue = u.queue[max(0, len(u.queue)+offset):]
	} else if offset > 0 {
		u.queue = slices.DeleteFunc(u.queue, func(x update) bool { return x.id < offset })
	}
	return before - len(u.queue)
}

// end ends the poll under way, if there is one.
func (u *updates) end(why Refusal) {
	if u.poll != nil {
		u.poll.why = why
		close(u.poll.ended)
		u.poll = nil
	}
}

// getUpdates answers at once if there are updates, and otherwise waits for them. A second
// call ends the first with 409, as on Telegram's server, so two copies of a bot keep ending
// each other.
func getUpdates(c *call) (any, error) {
	p := &poll{call: c, ended: make(chan struct{})}
	if err := p.begin(); err != nil {
		return nil, p.conflict(err)
	}
	defer p.end()
	timeout := p.timeout
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		found, more := p.pending()
		if len(found) > 0 || timeout == 0 {
			return found, nil
		}
		select {
		case <-more:
		case <-timer.C:
			timeout = 0
		case <-p.ended:
			return nil, p.conflict(p.whyEnded())
		case <-c.ctx.Done():
			return nil, c.ctx.Err()
		case <-c.sim.done:
			return nil, RestartingRefusal
		}
	}
}

// pace sets how many updates a poll gets and how long it waits for one.
func (u *updates) pace(p *poll) {
	form := p.call.form
	p.timeout = time.Duration(min(max(form.Integer("timeout"), 0), maxPollSeconds)) * time.Second
	p.limit = int(form.Integer("limit"))
	if p.limit < 1 || p.limit > maxUpdates {
		p.limit = maxUpdates
	}
	offset, since := form.Integer("offset"), now().Sub(u.begun)
	if offset == u.offset && since < sameWait {
		p.timeout = max(p.timeout, sameWait)
	}
	if offset == u.offset && since < sameBurst {
		p.limit = 1
	}
	u.offset, u.begun = offset, now()
}

// conflict returns a refusal of getUpdates: at once, or late if it comes soon after another.
func (p *poll) conflict(err error) error {
	s := p.call.sim
	if refusal, ok := errors.AsType[Refusal](err); !ok || refusal.Code() != http.StatusConflict {
		return err
	}
	s.mu.Lock()
	soon := now().Before(s.state.updates.nextConflict)
	if !soon {
		s.state.updates.nextConflict = now().Add(conflictPause)
	}
	s.mu.Unlock()
	if soon {
		_ = s.pause(p.call.ctx, conflictPause) // a client that went away gets no answer anyhow
	}
	return err
}

func (p *poll) begin() error {
	s := p.call.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.hook.url != "" {
		return WebhookActive
	}
	u := &s.state.updates
	if err := p.call.allowLocked(); err != nil {
		return err
	}
	u.pace(p)
	u.end(OtherPoller)
	u.poll = p
	u.expire(now())
	s.state.stats.Confirmed += u.confirm(int(p.call.form.Integer("offset")))
	s.state.changed()
	return nil
}

func (p *poll) end() {
	s := p.call.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.updates.poll == p {
		s.state.updates.poll = nil
	}
}

func (p *poll) whyEnded() error {
	p.call.sim.mu.Lock()
	defer p.call.sim.mu.Unlock()
	return p.why
}

// pending returns the first updates, which stay in the queue until they are confirmed, and
// a channel that is closed when there are more.
func (p *poll) pending() ([]json.RawMessage, <-chan struct{}) {
	s := p.call.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.state.updates.queue
	queue = queue[:min(p.limit, len(queue))]
	out := make([]json.RawMessage, 0, len(queue))
	for _, x := range queue {
		out = append(out, x.body)
	}
	return out, s.state.updates.more
}

// allowLocked sets allowed_updates, which hold until they are given again.
func (c *call) allowLocked() error {
	var kinds []string
	given, err := c.object("allowed_updates", &kinds)
	if err != nil {
		return err
	}
	if given {
		c.sim.state.updates.allowed = kinds
	}
	return nil
}

// PendingUpdates returns how many updates the bot has not confirmed yet.
func (s *Sim) PendingUpdates() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.state.updates.queue)
}
