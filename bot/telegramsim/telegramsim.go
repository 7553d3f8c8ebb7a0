// Package telegramsim is a Telegram inside the process: a Bot API server with people in
// it, for demonstrations, tests and benchmarks.
//
//	sim := telegramsim.ForTest(t, telegramsim.Options{})
//	client, err := tg.New(sim.Token(), tg.WithHTTPClient(time.Minute, sim.Client()))
//	ann := sim.NewPerson("Ann", telegramsim.Language("en"))
//	ann.Write("/start") // arrives with the bot's next getUpdates
//
// It is as strict as Telegram: it refuses what Telegram refuses, in the same words, limits
// of speed included. Texts and rules are those of tdlib/telegram-bot-api and tdlib/td.
// Faults (lost answers, cut connections, 429, servers that are down) are switched on by
// name, see [Fault].
//
// It is stricter in one thing. Telegram silently ignores what it does not know. Here every
// request is checked against the published description of the Bot API, see package botapi.
// A fault is refused (in Telegram's words if it has any), counted in Stats.Wrong and
// reported to Options.Report, which [New] demands; [ForTest] lets it fail the test. A new
// method goes into methodsByName and into that description.
//
// What needs no simulator is in packages of its own: markup reads texts, botapi reads and
// checks requests, speed says when a bot sends too many messages.
//
// A [Sim] answers as an http.Handler: the Bot API under /bot<token>/<method> and
// /file/bot<token>/<path>, and a web page that looks like a chat app under /. [Sim.Client]
// returns an HTTP client that needs no socket. It calls the Sim directly, starts no
// goroutine, and waits only for timers, channels and contexts. So weeks pass in a moment
// inside a testing/synctest bubble. A Sim used in a bubble must be made and closed there.
//
// It has no media groups, payments or business accounts, and no webhooks that bring several
// updates at once. Of the parse modes it knows only HTML. It refuses Markdown and MarkdownV2
// with words of its own.
package telegramsim

import (
	"context"
	"net/http"
	"sync"
	"time"

	"digestbot/bot/telegramsim/speed"
)

const (
	defaultToken    = "7000000001:AAFakeTokenOfTheSimulatorForTestsOnly_"
	defaultName     = "Digest"
	defaultUsername = "digest_sim_bot"
)

// Options describe a simulator. Except for Report, the zero value is a strict Telegram with
// one bot.
type Options struct {
	// Report is told of every request that is not as the Bot API describes it: an unknown
	// method, parameter or field, a wrong type, a null, something required that is missing,
	// a body without content. Telegram refuses some of these and silently ignores others. The
	// simulator refuses them all. Each is a fault of the bot, so Report must be given; with
	// ForTest it fails the test. Each fault is reported once, in words, see also Stats.Wrong.
	// Report may be called by several goroutines at once.
	Report func(wrong string)
	// Token of the bot; empty means a fixed one, see Sim.Token. Its digits before the
	// colon are the bot's user id.
	Token string
	// Name and Username of the bot; empty means "Digest" and "digest_sim_bot".
	Name, Username string
	// Limits of speed; the zero value means Telegram's, speed.Limits{Off: true} none.
	Limits speed.Limits
	// ImplicitChats lets the bot write to every positive chat id as if that user had started
	// it. There need not be a Person.
	ImplicitChats bool
	// Forget keeps no messages, only counts, for benchmarks. Then every message id can be
	// edited, and the answer is never "message is not modified".
	Forget bool
	// OnSend is called for every accepted message and edit, one at a time, before the bot gets
	// its answer. It must not call the Sim.
	OnSend func(Message)
	// Seed of everything random: latencies and faults with a probability.
	Seed uint64
	// ReadsGroups switches the bot's privacy mode off: it then sees every message of its
	// groups, not only commands and mentions.
	ReadsGroups bool
	// WithoutRich makes the server an older one that does not know sendRichMessage.
	WithoutRich bool
	// WithoutEphemeral makes the server an older one that does not know ephemeral messages
	// and commands, and ignores the parameters for them.
	WithoutEphemeral bool
	// WithoutEphemeralParameters makes the server one of Bot API 10.2: it knows ephemeral
	// messages, but ignores the parameter with which 10.3 sends them, and posts for everybody.
	WithoutEphemeralParameters bool
	// Webhooks delivers updates once the bot has called setWebhook; nil means
	// http.DefaultClient.
	Webhooks Doer
}

// Doer is what can send an HTTP request.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Sim is one Telegram with one bot. All methods are safe for concurrent use.
type Sim struct {
	opts    Options
	methods map[string]method
	page    *page

	done chan struct{}  // closed by Close
	jobs sync.WaitGroup // the webhook's goroutine

	mu     sync.Mutex
	state  state
	closed bool
}

// TB is the part of testing.TB that [ForTest] needs. The demo is no test and must not import
// package testing.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(func())
}

// ForTest returns a running simulator that is closed when the test ends. A request that is
// not as the Bot API describes it fails the test.
func ForTest(tb TB, opts Options) *Sim {
	tb.Helper()
	opts.Report = func(wrong string) { tb.Errorf("the Bot API knows no such request: %s", wrong) }
	s := New(opts)
	tb.Cleanup(s.Close)
	return s
}

// New returns a running simulator, which [Sim.Close] ends. It panics without Options.Report,
// because faults would go unnoticed.
func New(opts Options) *Sim {
	if opts.Report == nil {
		panic("telegramsim: Options.Report is missing; in tests use ForTest")
	}
	if opts.Token == "" {
		opts.Token = defaultToken
	}
	if opts.Name == "" {
		opts.Name = defaultName
	}
	if opts.Username == "" {
		opts.Username = defaultUsername
	}
	if opts.Webhooks == nil {
		opts.Webhooks = http.DefaultClient
	}
	s := &Sim{opts: opts, done: make(chan struct{})}
	s.methods = methodTable(opts)
	s.page = newPage(s)
	s.state = newState(&s.opts)
	return s
}

// Close ends long polls, hanging requests and the webhook, and waits for the latter.
// Later requests fail as if there were no server. It may be called twice.
func (s *Sim) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.done)
	}
	s.mu.Unlock()
	s.jobs.Wait()
}

// Token returns the token of the bot.
func (s *Sim) Token() string { return s.opts.Token }

// Bot returns the account of the bot.
func (s *Sim) Bot() User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.bot
}

// Wait returns nil when cond is true, or the error of ctx. It calls cond again after every
// change in the simulator, and never sleeps. cond may call the Sim.
func (s *Sim) Wait(ctx context.Context, cond func() bool) error {
	for {
		change := s.change()
		if cond() {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// change returns a channel that is closed when something changes.
func (s *Sim) change() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.change()
}

func now() time.Time { return time.Now() }
