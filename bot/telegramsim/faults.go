package telegramsim

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"digestbot/bot/telegramsim/botapi"
)

// Kind names what a Fault does.
type Kind string

// The kinds of faults. Those marked "carried out" happen after the call took effect: the
// message is in the chat, and the bot does not know.
const (
	// TooMany answers 429 with RetryAfter seconds. Until that wait is over, the chat (with
	// Global every chat) is refused everything that counts against the limits.
	TooMany Kind = "too many requests"
	// Refuse answers with the error in Refusal.
	Refuse Kind = "refusal"
	// ServerError answers 502 with an HTML page, as a proxy does.
	ServerError Kind = "server error"
	// GatewayTimeout answers 504 with an HTML page; carried out.
	GatewayTimeout Kind = "gateway timeout"
	// RefuseConnection refuses connections. With a real listener there is a connection
	// already, which is reset without an answer.
	RefuseConnection Kind = "connection refused"
	// Reset cuts the connection after the request was read, before it took effect.
	Reset Kind = "reset before processing"
	// LoseAnswer cuts the connection instead of answering; carried out.
	LoseAnswer Kind = "answer lost"
	// Truncate sends half of the answer and closes the connection; carried out.
	Truncate Kind = "answer truncated"
	// BadJSON sends half of the answer as if it were all of it; carried out.
	BadJSON Kind = "answer garbled"
	// Hang does not answer until the client gives up; not carried out.
	Hang Kind = "hang"
	// HangAfter does not answer either; carried out.
	HangAfter Kind = "hang after processing"
	// Slow answers after a time between Delay and MaxDelay, half of it before the call takes
	// effect. Several add up, and it goes together with every other fault.
	Slow Kind = "slow"
	// SlowAnswer is Slow with all of the delay after the call took effect, as of a slow
	// server behind a fast connection.
	SlowAnswer Kind = "slow answer"
	// DeleteAtOnce answers a new message with a 500 that says it was deleted as soon as it
	// was posted, as if by a bot that guards a group; carried out.
	DeleteAtOnce Kind = "immediately deleted"
	// Migrate upgrades the group the call is for to a supergroup just before the call.
	// It strikes only basic groups.
	Migrate Kind = "migration"
	// Throttled answers 429 to setMyCommands, setMyName, setMyDescription,
	// setMyShortDescription and setChatMenuButton, as Telegram does for hours when a bot
	// calls them again and again: RetryAfter seconds, 0 means four hours.
	Throttled Kind = "profile calls throttled"
	// Unresolvable refuses setWebhook, as if the name of its host could not be resolved for
	// a moment.
	Unresolvable Kind = "webhook host not found"
	// WrongToken answers 401, as if the token had been revoked.
	WrongToken Kind = "wrong token"
	// Rival answers 409, as if another process polled with the same token.
	Rival Kind = "conflict"
)

// Fault is a way in which calls go wrong, and says which calls. A call has to match all
// fields; a zero field matches every call.
type Fault struct {
	Kind Kind
	// Methods it strikes; empty means every method that posts or edits a message, or the
	// methods that the Kind is about. "*" means every method.
	Methods []string
	// Chat it strikes; 0 means any.
	Chat int64
	// With is a part that the message must have; empty means any or none.
	With Part
	// After lets that many matching calls pass first.
	After int
	// Times it strikes at most; 0 means without end.
	Times int
	// Probability that it strikes a call that matches; 0 means always. It depends on the
	// seed, the chat and how many calls this chat has made, not on the order in which the
	// calls of different chats come in: the same seed strikes the same calls.
	Probability float64

	RetryAfter      int           // seconds, for TooMany and Throttled
	Global          bool          // for TooMany: the wait is the whole bot's
	Refusal         Refusal       // for Refuse
	Delay, MaxDelay time.Duration // for Slow and SlowAnswer; MaxDelay below Delay means exactly Delay
}

func (f Fault) wait() time.Duration { return time.Duration(f.RetryAfter) * time.Second }

// Part is a part of a request to post or edit a message.
type Part string

// The parts.
const (
	Keyboard Part = "keyboard"
	Preview  Part = "preview" // of a given address, as for a picture above the text
	Markup   Part = "markup"  // a parse mode, or a rich message
)

// in reports whether a request has the part.
func (p Part) in(form botapi.Params) bool {
	switch p {
	case Keyboard:
		return form.Has("reply_markup")
	case Preview:
		var preview LinkPreview
		given, err := form.Object("link_preview_options", &preview)
		return given && err == nil && preview.URL != "" && !preview.Disabled
	case Markup:
		return form.Has("parse_mode") || form.Has("rich_message")
	}
	return true
}

// Inject switches a fault on and returns a function that switches it off.
func (s *Sim) Inject(f Fault) (remove func()) {
	active := &activeFault{Fault: f}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.faults.add(active)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.state.faults.remove(active)
	}
}

// ClearFaults switches all faults off.
func (s *Sim) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.faults.active = nil
}

// Mixture returns every kind of fault that a broadcast survives, each striking a call with
// the given probability. Refusals of chats are not among them, because they last.
func Mixture(probability float64) []Fault {
	day := []Fault{
		{Kind: TooMany, RetryAfter: 1},
		{Kind: ServerError},
		{Kind: GatewayTimeout},
		{Kind: RefuseConnection},
		{Kind: Reset},
		{Kind: LoseAnswer},
		{Kind: Truncate},
		{Kind: BadJSON},
	}
	for i := range day {
		day[i].Probability = probability
	}
	return append(day, Fault{Kind: Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
}

type activeFault struct {
	Fault
	number  uint64
	matched int
	struck  int
	calls   map[int64]uint64 // per chat, for Probability
}

// faults are the faults in force; guarded by Sim.mu.
type faults struct {
	seed   uint64
	next   uint64
	active []*activeFault
}

func newFaults(seed uint64) faults { return faults{seed: seed} }

func (fs *faults) add(f *activeFault) {
	f.number = fs.next
	fs.next++
	fs.active = append(fs.active, f)
}

func (fs *faults) remove(f *activeFault) {
	fs.active = slices.DeleteFunc(slices.Clone(fs.active), func(g *activeFault) bool { return f == g })
}

// plan decides what goes wrong with a call: the first fault that strikes, and all delays.
func (fs *faults) plan(c *call) plan {
	var p plan
	for _, f := range fs.active {
		if p.kind != "" && !f.slows() || !f.matches(c) {
			continue
		}
		chance := fs.chance(f, c.form.Integer("chat_id"))
		f.matched++
		if f.matched <= f.After || f.Times > 0 && f.struck >= f.Times {
			continue
		}
		if f.Probability > 0 && chance.Float64() >= f.Probability {
			continue
		}
		f.struck++
		switch f.Kind {
		case Slow:
			delay := f.delay(chance)
			p.delayBefore += delay / 2
			p.delayAfter += delay - delay/2
			continue
		case SlowAnswer:
			p.delayAfter += f.delay(chance)
			continue
		}
		p.kind, p.fault = f.Kind, f.Fault
	}
	return p
}

func (f *activeFault) matches(c *call) bool {
	if f.Chat != 0 && f.Chat != c.form.Integer("chat_id") {
		return false
	}
	if !f.With.in(c.form) {
		return false
	}
	if f.Kind == DeleteAtOnce && !strings.HasPrefix(c.name, "send") {
		return false // nothing new is posted
	}
	if f.Kind == Migrate && !c.sim.state.isBasicGroup(c.form.Integer("chat_id")) {
		return false
	}
	if len(f.Methods) == 0 {
		return f.Kind.concerns(c.name)
	}
	return slices.ContainsFunc(f.Methods, func(m string) bool { return m == "*" || strings.EqualFold(m, c.name) })
}

// concerns reports whether a fault without methods strikes a method.
func (k Kind) concerns(method string) bool {
	switch k {
	case Throttled:
		switch method {
		case "setmycommands", "setmyname", "setmydescription", "setmyshortdescription", "setchatmenubutton":
			return true
		}
		return false
	case Unresolvable:
		return method == "setwebhook"
	}
	return posts(method)
}

// throttledFor is how long a bot has to wait that changes its profile too often. It is said
// to be hours; there is no published figure.
const throttledFor = 4 * time.Hour

// chance returns the random numbers for one call, see Fault.Probability.
func (fs *faults) chance(f *activeFault, chat int64) *rand.Rand {
	if f.Probability == 0 && !f.slows() {
		return nil
	}
	if f.calls == nil {
		f.calls = map[int64]uint64{}
	}
	f.calls[chat]++
	return rand.New(rand.NewPCG(fs.seed^f.number<<48, uint64(chat)<<20^f.calls[chat]))
}

// slows reports whether the fault only takes time.
func (f *activeFault) slows() bool { return f.Kind == Slow || f.Kind == SlowAnswer }

func (f *activeFault) delay(chance *rand.Rand) time.Duration {
	if f.MaxDelay <= f.Delay {
		return f.Delay
	}
	return f.Delay + time.Duration(chance.Int64N(int64(f.MaxDelay-f.Delay)))
}

// plan is what goes wrong with one call.
type plan struct {
	kind  Kind // empty: nothing
	fault Fault
	// Delays before and after the call takes effect.
	delayBefore, delayAfter time.Duration
}

// before returns the answer of faults that keep the call from taking effect.
func (p plan) before() (answer, bool) {
	switch p.kind {
	case TooMany:
		return refuse(flood(p.fault.wait())), true
	case Throttled:
		return refuse(flood(cmp.Or(p.fault.wait(), throttledFor))), true
	case Unresolvable:
		return refuse(HostNotFound), true
	case Refuse:
		return refuse(p.fault.Refusal), true
	case WrongToken:
		return refuse(Unauthorized), true
	case Rival:
		return refuse(OtherPoller), true
	case ServerError:
		return pageOf(http.StatusBadGateway), true
	case RefuseConnection:
		return answer{cut: cutDial}, true
	case Reset:
		return answer{cut: cutReset}, true
	case Hang:
		return answer{hang: true}, true
	}
	return answer{}, false
}

// strikesAfter reports whether the fault comes after the call took effect.
func (p plan) strikesAfter() bool {
	switch p.kind {
	case GatewayTimeout, LoseAnswer, Truncate, BadJSON, HangAfter, Migrate, DeleteAtOnce:
		return true
	}
	return false
}

// after changes the answer of a call that took effect, as the fault demands.
func (p plan) after(a answer) answer {
	switch p.kind {
	case GatewayTimeout:
		return pageOf(http.StatusGatewayTimeout)
	case LoseAnswer:
		return answer{cut: cutClosed}
	case HangAfter:
		return answer{hang: true}
	case DeleteAtOnce:
		return refuse(DeletedAtOnce)
	case Truncate:
		a.length = len(a.body)
		a.body = a.body[:len(a.body)/2]
	case BadJSON:
		a.body = a.body[:len(a.body)/2]
	}
	return a
}

// deleteAtOnce deletes the message that the call has just posted.
func (s *Sim) deleteAtOnce(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.state.chats[c.form.Integer("chat_id")]
	if in == nil {
		return
	}
	if n := len(in.messages); n > 0 && in.messages[n-1].own {
		c.delete(in.messages[n-1])
	}
}

// pageOf returns a page as a proxy sends it if the server behind it does not work.
func pageOf(status int) answer {
	title := http.StatusText(status)
	body := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
	return answer{status: status, kind: "text/html", body: []byte(body)}
}
