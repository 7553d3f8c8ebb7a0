// Package bot is what comes in from Telegram and who answers it: the connection,
// updates in the order of their chats, commands and buttons, and the menus that
// Telegram's apps show. Readers are answered by bot/reader, admins by bot/desk, both
// by means of bot/talk; bot/delivery sends.
//
//	b, err := bot.New(bot.Config{Token: token, Store: store, Admins: admins, Log: log})
//	...
//	err = b.Run(ctx) // until ctx is done
//
// Updates survive a crash: each is in the store before Telegram is told that
// it arrived, and stays there until it has been handled. An update handled
// twice, because the crash came in between, changes nothing the second time.
package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/corrections"
	"digestbot/bot/delivery"
	"digestbot/bot/desk"
	"digestbot/bot/drafts"
	"digestbot/bot/feedback"
	"digestbot/bot/figures"
	"digestbot/bot/hosts"
	"digestbot/bot/newcomers"
	"digestbot/bot/reader"
	"digestbot/bot/rendition"
	"digestbot/bot/replies"
	"digestbot/bot/revision"
	"digestbot/bot/sender"
	"digestbot/bot/sourcing"
	"digestbot/bot/staff"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// Config says what a Bot works with. Token, Store and Log are required.
type Config struct {
	Token      string
	APIURL     string        // of the Bot API server; empty: Telegram's own
	HTTPClient tg.HttpClient // nil: one made for the Bot API
	// Proxy returns the proxy for an address, nil for none, if HTTPClient is nil;
	// without it the environment says so.
	Proxy    func(*url.URL) (*url.URL, error)
	Store    *subscribers.Store
	Admins   []int64        // the owners: Telegram user ids
	Language string         // BCP 47 tag for readers whose language is unknown; empty: English
	Layout   digest.Layout  // for subscribers who chose none; empty: digest.LayoutSections
	Location *time.Location // for dates shown; nil: the machine's
	Welcome  talk.Sentences // what the operator says of the bot in the welcome
	Log      *slog.Logger
	Rate     int            // messages per second for the whole bot; 0: 30, Telegram's limit
	Paid     bool           // allow paid broadcasting: what exceeds 30 per second costs Stars
	Keep     time.Duration  // how long deliveries are kept one by one; 0: for ever
	Feedback bool           // readers vote on sections
	Replies  replies.Target // where replies of readers go; zero: nowhere

	// WebhookURL is where Telegram is to send updates, see CheckWebhook; empty:
	// the bot asks for them. Handler has to answer there. Telegram proves itself
	// by WebhookSecret, 1 to 256 of A-Z a-z 0-9 _ and -; empty: the bot makes one up.
	WebhookURL, WebhookSecret string

	// Metrics answers the requests for /metrics, and Site those that are for nothing else; nil:
	// nothing does.
	Metrics, Site http.Handler

	// NextRun returns when the first broadcast after a time is scheduled; nil, or the zero
	// time, when none is. Like Refresh it is called from several goroutines.
	NextRun func(after time.Time) time.Time
	// IsFiring reports whether the run that was next is under way; nil: it never is.
	IsFiring func() bool
	// LastRound returns when the scheduler last looked at the clock, the zero time
	// before it first did; nil: there is no scheduler.
	LastRound func() time.Time
	// Refresh looks for new issues, before an admin is asked whether to send
	// the newest one; nil: there is nowhere to look.
	Refresh func(ctx context.Context) error
	// Sources returns what looks at the sources of issues, and NextLook when it does so next;
	// nil: there are none.
	Sources  func() sourcing.Watch
	NextLook func(after time.Time) time.Time
	// Fetch gets the document at an address that an admin sends, and returns its name, which
	// is the address where it was found; nil: addresses are not fetched.
	Fetch func(ctx context.Context, address string) (name string, data []byte, err error)
}

// Errors after which Run cannot go on.
var (
	// ErrToken: Telegram does not know the token.
	ErrToken = errors.New("the token is unknown to Telegram: it is mistyped or was revoked; copy it again from @BotFather")
	// ErrSecondCopy: two programs ask Telegram for the same bot's updates.
	ErrSecondCopy = errors.New("another program is running with the same token: stop it, or get a token of its own for this one from @BotFather")
	// ErrWebhookSet: while the bot asked for updates somebody set a webhook, again
	// and again.
	ErrWebhookSet = errors.New("another program with the same token sets a webhook again and again, which this one removes: stop it, or get a token of its own for this one from @BotFather")
	// ErrWebhook: Telegram does not accept the address of the webhook.
	ErrWebhook = errors.New("the webhook is not accepted by Telegram: its address must lead to this program from the internet, over https")
)

// Bot takes what people write and press, and has it answered. Its methods are safe for
// concurrent use; Run is called once.
type Bot struct {
	*connection
	*registrar
	*health
	config          Config
	talk            *talk.Talker
	reader          *reader.Reader
	hosts           *hosts.Hosts
	desk            *desk.Desk
	staff           *staff.Staff
	drafts          *drafts.Drafts
	newcomers       *newcomers.Newcomers
	sourcing        *sourcing.Sourcing
	feedback        *feedback.Feedback
	replies         *replies.Replies
	figures         *figures.Figures
	broadcaster     *delivery.Broadcaster
	corrections     *corrections.Corrections
	reviser         *revision.Reviser
	commands        map[string]commandHandler
	presses         map[talk.Action]pressHandler
	inbox           inbox
	hints           hints
	lastMessages    lastMessages
	albums          albums
	directs         hints          // given to people in the direct messages of channels
	messagePatience *talk.Patience // with people who write
	pressPatience   *talk.Patience // with people who press buttons
	phrases         phrases

	queues *queues                 // of Run, which makes it before taking is true
	fail   context.CancelCauseFunc // ends Run
	taking atomic.Bool             // queues take updates
	ending atomic.Bool             // Run is about to end
}

// tokenShape is the shape of every token: the bot's user id and a secret. The library
// would show anything else in the error about a URL that it cannot parse.
var tokenShape = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// New makes a Bot. It does not talk to Telegram: a wrong token shows in Run.
func New(config Config) (*Bot, error) {
	if !tokenShape.MatchString(config.Token) {
		return nil, errors.New("the token does not look like one: it is a number, a colon and a secret, such as 123456:ABC-DEF, from @BotFather")
	}
	hook, err := newWebhook(config)
	if err != nil {
		return nil, err
	}
	config = config.withDefaults()
	log := slog.New(talk.MaskingHandler(config.Log.Handler(), config.Token)).With("component", "bot")
	talker, err := talk.New(talk.Config{
		Store: config.Store, Log: log, Token: config.Token, Owners: config.Admins, Fallback: config.Language,
		Location: config.Location, Welcome: config.Welcome, Paid: config.Paid, NextRun: config.NextRun,
	})
	if err != nil {
		return nil, err
	}
	letters, d := newReplies(talker, config)
	signs := newSigns()
	b := &Bot{
		config: config, talk: talker, desk: d, replies: letters,
		connection: &connection{talk: talker, desk: d, config: config, webhook: hook, webhookFound: make(chan struct{}), signs: signs},
		health:     &health{talk: talker, desk: d, signs: signs, lastRound: config.LastRound},
		phrases:    readPhrases(talker.Catalog),
		hints:      newHints(), albums: newAlbums(), directs: newHints(), lastMessages: newLastMessages(),
		messagePatience: talk.NewPatience(talk.MaxMessages), pressPatience: talk.NewPatience(talk.MaxPresses),
	}
	b.registrar = &registrar{talk: talker, desk: d, menus: newMenus(), ending: &b.ending}
	b.feedback = feedback.New(talker, config.Feedback)
	b.reader = reader.New(talker, reader.Config{
		Layout: config.Layout, Keep: config.Keep, Votes: b.feedback.Buttons, AsksVotes: config.Feedback, TakesReplies: letters.IsOn(), Backlog: b.backlog, Enqueue: d.Enqueue, Notify: d.Notify, BelowSwitches: d.Merger.MergeRow,
	})
	b.hosts = hosts.New(talker, b.reader)
	b.newcomers = newcomers.New(talker, b.reader.Imported)
	b.staff = staff.New(talker, staff.Config{Enqueue: d.Enqueue, Menu: b.updateMenu, PauseReason: desk.PauseReason})
	b.sourcing = sourcing.New(talker, sourcing.Config{Watch: config.Sources, NextLook: config.NextLook})
	b.figures = figures.New(talker, figures.Config{Layout: config.Layout, Reason: d.Reason})
	b.corrections = corrections.New(talker, corrections.Config{
		Rate: config.Rate, Enqueue: d.Enqueue, EachAdmin: d.EachAdmin, PauseReason: desk.PauseReason, Reason: d.Reason,
	})
	b.drafts = drafts.New(talker, drafts.Config{
		Corrected: b.corrections.Announce,
		Layout:    config.Layout, Rate: config.Rate, HTTP: sender.NewClient(config.HTTPClient), Fetch: config.Fetch,
		EachAdmin: d.EachAdmin, AskSend: d.PressAskAhead, MoreComing: b.isMoreComing, IsFiring: config.IsFiring,
	})
	if talker.API, err = b.newAPI(); err != nil {
		return nil, talker.Masked(err)
	}
	talker.Sender = sender.New(talker.API, config.Store, sender.Config{Rate: config.Rate, Paid: config.Paid, Log: log})
	texts := rendition.Texts{Keyboard: b.reader.IssueButtons, HiddenLine: b.reader.HiddenLine}
	b.broadcaster = delivery.NewBroadcaster(config.Store, talker.Sender, d.Notify, delivery.Config{
		Paid: config.Paid, Keep: config.Keep, Layout: config.Layout, Log: log,
		Texts: texts, Month: b.reader.MonthTexts, Topic: b.reader.SectionTopic,
		Holds: func() bool { return b.endings.holds(time.Now()) },
	})
	b.reviser = revision.New(config.Store, talker.Sender, b.corrections.Notify, revision.Config{
		Paid: config.Paid, Layout: config.Layout, Log: log, Texts: texts, Line: b.corrections.Line, Topic: b.reader.SectionTopic,
	})
	b.corrections.Reviser, b.corrections.WakeBroadcasts = b.reviser, b.broadcaster.Wake
	d.Broadcaster, b.reader.Broadcaster = b.broadcaster, b.broadcaster
	d.Merger.SwitchesReply = b.reader.SwitchesReply
	b.commands, b.presses = b.commandTable(), b.pressTable()
	return b, nil
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.HTTPClient == nil {
		c.HTTPClient = sender.NewHTTPClient(c.Proxy)
	}
	if c.Rate == 0 {
		c.Rate = desk.DefaultRate
	}
	if c.Layout == "" {
		c.Layout = digest.LayoutSections
	}
	if c.Location == nil {
		c.Location = time.Local
	}
	return c
}

// newAPI makes the library's client, with an inbox between it and Telegram.
func (b *Bot) newAPI() (*tg.Bot, error) {
	b.inbox = inbox{
		next: sender.NewClient(b.config.HTTPClient), store: b.talk.Store, log: b.talk.Log,
		take: b.take, noteAnswer: b.talk.LastAnswer.Note, noteServed: b.noteServed,
	}
	options := []tg.Option{
		tg.WithSkipGetMe(), // Run asks, and waits for Telegram to be there
		tg.WithHTTPClient(pollTimeout, b.inbox),
		tg.WithAllowedUpdates(wantedUpdates),
		tg.WithNotAsyncHandlers(), // its handler has nothing to do
		tg.WithDefaultHandler(func(context.Context, *tg.Bot, *models.Update) {}), // inbox has taken the update
		tg.WithErrorsHandler(b.pollFailed),
	}
	if b.config.APIURL != "" {
		options = append(options, tg.WithServerURL(b.config.APIURL))
	}
	return tg.New(b.config.Token, options...)
}

// grace is how long a stop waits for answers and messages that are under way. The whole
// stop must take less than the ten seconds after which Docker kills. What is not finished
// then is as after a crash: the next start goes on with it.
const grace = 5 * time.Second

// Run serves until ctx is done, and returns nil then: it takes no further update, and
// the answers and messages under way have arrived and are recorded, unless that takes
// longer than five seconds. It waits for Telegram to be reachable. The error wraps
// ErrToken, ErrSecondCopy or another reason why Run cannot go on.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.connect(ctx); err != nil || ctx.Err() != nil {
		return b.talk.Masked(err)
	}
	b.talk.LastAnswer.NoteNow()
	if err := b.lookWhereFrom(ctx); err != nil {
		return err
	}
	running, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	b.fail = fail
	defer context.AfterFunc(running, func() { b.ending.Store(true) })()
	working, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()

	// Handlers and deliveries need the sender to the last.
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	var sender, parts sync.WaitGroup
	sender.Go(func() { b.failOn(b.talk.Sender.Run(sending)) })
	parts.Go(func() { b.failOn(b.broadcaster.Run(running)) })
	parts.Go(func() { b.failOn(b.revise(running)) })
	parts.Go(func() { b.corrections.Serve(running) })
	parts.Go(func() { b.desk.Serve(running) })
	parts.Go(func() { b.drafts.Serve(running) })
	parts.Go(func() { b.sourcing.Serve(running) })
	parts.Go(func() { b.feedback.Serve(running) })
	parts.Go(func() { b.replies.Run(running) })
	parts.Go(func() { b.registerMenu(running) })
	parts.Go(func() { b.reader.EndPauses(running) })
	parts.Go(func() { b.newcomers.Run(running) })
	parts.Go(func() { b.hosts.RemoveNotes(running) })
	parts.Go(func() { b.watchHealth(running) })
	parts.Go(func() { b.removeWebhooks(running) })

	select { // handlers may change deliveries, or report on them
	case <-b.broadcaster.Ready():
	case <-running.Done():
	}
	b.queues = newQueues(
		func(t *turn, u *models.Update) { b.handle(t.in(working), u) },
		func(t *turn, u *models.Update) bool { return b.answerEarly(t.in(working), u) },
		func(chat int64) ([]*models.Update, error) { return b.backlog(working, chat) },
		func(u *models.Update) bool { return b.talk.IsBotAdmin(senderOf(u)) },
	)
	b.failOn(b.takeUpLeftovers(running))
	b.takeUpdates(running)

	b.finish(&parts, abandon)
	stopSending()
	sender.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return b.talk.Masked(explain(context.Cause(running)))
}

// revise works through corrections and recalls, once it is known how far deliveries got.
func (b *Bot) revise(ctx context.Context) error {
	select {
	case <-b.broadcaster.Ready():
		return b.reviser.Run(ctx)
	case <-ctx.Done():
		return nil
	}
}

// finish waits for the answers and messages under way. Those that take longer than
// grace are abandoned.
func (b *Bot) finish(parts *sync.WaitGroup, abandon func()) {
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		b.queues.close()
		b.talk.Screens.Finish()
		parts.Wait()
	}()
	select {
	case <-finished:
	case <-time.After(grace):
		b.talk.Log.Warn("some answers and messages are not finished; they follow after the next start")
		abandon()
		b.talk.Sender.Abandon()
		<-finished
	}
}

// failOn ends Run with an error; nil: it does nothing.
func (b *Bot) failOn(err error) {
	if err != nil {
		b.fail(err)
	}
}

// takeUpdates takes updates from Telegram until ctx is done.
func (b *Bot) takeUpdates(ctx context.Context) {
	defer b.taking.Store(false)
	if b.webhook != nil {
		b.taking.Store(true)
		b.failOn(b.holdWebhook(ctx))
		return
	}
	if err := b.retry(ctx, b.removeWebhook); err != nil {
		b.fail(err)
		return
	}
	b.taking.Store(true)
	b.talk.API.Start(ctx)
}

// take queues an update that is kept in the store.
func (b *Bot) take(u *models.Update) {
	b.health.signs.noteUpdate(u)
	b.queues.add(chatOf(u), u)
}

// pollFailed gets the library's errors. All are about its polls for updates, which it
// repeats by itself.
func (b *Bot) pollFailed(err error) {
	if b.ending.Load() {
		b.talk.Log.Debug("the last poll for updates ended", "err", err)
		return
	}
	if end := b.noteEnding(err); end != nil {
		b.fail(end)
		return
	}
	if sender.Classify(err).Reason == sender.WebhookSet {
		select {
		case b.webhookFound <- struct{}{}:
		default: // it is being removed
		}
	}
	b.talk.Log.Warn("asking Telegram for updates did not work, trying again", "err", err)
}

// RunSchedule does what is due at a time of the schedule: it broadcasts the newest
// issue, unless that was broadcast before. When it sends nothing, admins are told why.
// After an error it has done nothing.
func (b *Bot) RunSchedule(ctx context.Context, due time.Time) error {
	return b.desk.RunSchedule(ctx, due)
}

// CatchUp is RunSchedule for a time that was missed. It does nothing if that run is on
// record.
func (b *Bot) CatchUp(ctx context.Context, due time.Time) error { return b.desk.CatchUp(ctx, due) }

// RunMissed tells admins of a run that came too late, with a button to make up for it,
// if it would have sent something and is not on record.
func (b *Bot) RunMissed(ctx context.Context, due time.Time) error { return b.desk.RunMissed(ctx, due) }

// SourceChecked tells admins all that is wrong with a source and its documents, one
// line each; nil: nothing is. It also tells them what to decide about new issues.
func (b *Bot) SourceChecked(ctx context.Context, source string, err error) {
	b.desk.SourceChecked(ctx, source, err)
}

// IssueArchived is told of an issue that a source has added or corrected.
func (b *Bot) IssueArchived(ctx context.Context, source string, one intake.Saved) {
	b.drafts.Found(ctx, source, one)
}

// SourceRecovered tells admins of a source that answers again, if they were told that it
// does not before the bot was started.
func (b *Bot) SourceRecovered(_ context.Context, source string) { b.desk.SourceRecovered(source) }

// Link returns the address of the bot, empty as long as Telegram has not said it.
func (b *Bot) Link() string {
	if b.talk.Self.Load() == nil {
		return ""
	}
	return b.talk.Link()
}
