package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"digestbot/bot"
	"digestbot/bot/metrics"
	"digestbot/bot/ping"
	"digestbot/bot/settings"
	"digestbot/bot/site"
	"digestbot/bot/sourcing"
	"digestbot/bot/supervisor"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/scheduler"
	"digestbot/subscribers"
	"digestbot/subscribers/backup"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/fetch"
)

// serve runs the bot until ctx is done.
func serve(ctx context.Context, config settings.Config, env settings.Environment, std stdio) (err error) {
	s, err := config.Settings(env)
	if err != nil {
		return wrongSettings{err}
	}
	log := slog.New(talk.MaskingHandler(s.LogHandler(std.err), s.Token))
	defer logOfLibraries(log.Handler())()
	store, err := subscribers.OpenWith(ctx, s.Database, subscribers.Opening{BackupFolder: s.BackupDir, NoBackup: s.NoUpgradeBackup})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	unlock, err := store.Lock(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := store.SetPings(ctx, s.PingURL != nil); err != nil {
		return err
	}
	b, clock, pinger, err := parts(s, store, folders(s), log, nil, time.Now)
	if err != nil {
		return err
	}
	running := []func(context.Context) error{b.Run, clock.Run, b.WatchDatabase}
	if s.BackupDir != "" {
		running = append(running, keeper(s, store, b, log).Run)
	}
	if pinger != nil {
		log.Info("a dead-man's switch is told how broadcasts end", "host", s.PingURL.Host)
		running = append(running, pinger.Run)
	}
	if s.Listen != "" {
		listener, err := net.Listen("tcp", s.Listen)
		if err != nil {
			return fmt.Errorf("--listen (%s): %w; choose another address", settings.Variable("listen"), err)
		}
		log.Info("listening", "address", listener.Addr())
		if s.PublicURL != nil {
			log.Info("the archive is public", "url", s.PublicURL)
		}
		running = append(running, func(ctx context.Context) error { return b.Serve(ctx, listener) })
	}
	if err := logStart(ctx, log, s, store, clock.Next(time.Now())); err != nil {
		return err
	}
	running = append(running, func(ctx context.Context) error { return supervisor.Report(ctx, log, b.Alive) })
	err = runAll(ctx, running...)
	if errors.Is(err, subscribers.ErrLost) {
		err = rescue(ctx, store, err)
	}
	log.Info("stopped")
	return err
}

// keeper makes backups.
func keeper(s settings.Settings, store *subscribers.Store, b *bot.Bot, log *slog.Logger) *backup.Keeper {
	return &backup.Keeper{
		Database: s.Database, Folder: s.BackupDir, Keep: s.BackupKeep, Location: s.Location, Told: b.BackupTried, Log: log,
		Bot: func() string { return store.Publication().Username },
		LastBroadcast: func(ctx context.Context) (time.Time, error) {
			last, err := store.LastBroadcast(ctx)
			if errors.Is(err, subscribers.ErrNotFound) {
				return time.Time{}, nil
			}
			return last.FinishedAt, err
		},
	}
}

// runAll runs the parts until ctx is done or one of them fails.
func runAll(ctx context.Context, parts ...func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, run := range parts {
		group.Go(func() error { return run(ctx) })
	}
	return group.Wait()
}

// parts makes the bot and its scheduler, which need each other, and what tells a dead-man's
// switch of broadcasts; nil: there is none. A nil client means the real Bot API. The schedule
// goes by now.
func parts(s settings.Settings, store *subscribers.Store, sources []*intake.Folder, log *slog.Logger, client *http.Client, now func() time.Time) (*bot.Bot, *scheduler.Scheduler, *ping.Pinger, error) {
	var clock *scheduler.Scheduler
	var all *intake.Sources
	config := bot.Config{
		Token:    s.Token,
		APIURL:   s.APIURL,
		Proxy:    s.Proxy,
		Store:    store,
		Admins:   s.Admins,
		Language: s.Language,
		Layout:   digest.Layout(s.Layout),
		Location: s.Location,
		Welcome:  s.Welcome,
		Log:      log,
		Rate:     s.Rate,
		Paid:     s.Paid,
		Keep:     s.KeepDeliveries,
		Feedback: s.Feedback,
		Replies:  s.Replies,

		WebhookURL:    s.WebhookURL,
		WebhookSecret: s.WebhookSecret,

		NextRun:   func(after time.Time) time.Time { return clock.Next(after) },
		IsFiring:  func() bool { return clock.IsFiring() },
		LastRound: func() time.Time { return clock.LastRound() },
		Refresh:   func(ctx context.Context) error { return clock.PollNow(ctx) },
		Sources:   func() sourcing.Watch { return all },
		NextLook:  s.Poll.Next,
		Fetch:     fetchFor(s),
	}
	var figures http.Handler
	if s.Listen != "" {
		config.Metrics = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { figures.ServeHTTP(w, r) })
	}
	if s.PublicURL != nil {
		pages, err := site.New(site.Config{Archive: store.Archive, Address: s.PublicURL, Language: s.Language, Log: log})
		if err != nil {
			return nil, nil, nil, err
		}
		config.Site = pages
	}
	if client != nil { // an interface that holds a nil pointer is not nil
		config.HTTPClient = client
	}
	b, err := bot.New(config)
	if err != nil {
		return nil, nil, nil, err
	}
	all = intake.NewSources(store, log, b.SourceChecked, sources)
	all.Archived, all.Recovered, all.Location, all.Approve = b.IssueArchived, b.SourceRecovered, s.Location, s.Approve
	all.Fetch = newClient(s.Fetch, b.Link).Get
	all.NextRun = func(after time.Time) time.Time { return clock.Next(after) }
	all.Add(s.Sources)
	clock = scheduler.New(scheduler.Config{
		Schedule:     s.Schedule,
		CatchUp:      s.CatchUp,
		LastRun:      store.LastScheduleRun,
		Fire:         b.RunSchedule,
		FireLate:     b.CatchUp,
		GiveUp:       b.RunMissed,
		PollSchedule: s.Poll,
		Poll:         all.Look,
		PollBefore:   all.LookBefore,
		Now:          now,
		Logger:       log,
	})
	pinger := pingerOf(s, store, b, log)
	figures = metrics.New(metrics.Config{
		Bot: b, Store: store, Schedule: s.Schedule, LastRound: config.LastRound, Sources: config.Sources, NextLook: config.NextLook, Pinger: pinger,
		Build: thisBuild().figures(), Log: log,
	})
	return b, clock, pinger, nil
}

// pingerOf returns what tells a dead-man's switch of broadcasts; nil: there is none.
func pingerOf(s settings.Settings, store *subscribers.Store, b *bot.Bot, log *slog.Logger) *ping.Pinger {
	if s.PingURL == nil {
		return nil
	}
	return ping.New(ping.Config{Service: pingService(s), Store: store, Resting: b.Resting, Told: b.PingTried, Log: log})
}

// pingService returns the dead-man's switch, which is reached as sources are.
func pingService(s settings.Settings) ping.Service {
	return ping.Service{Address: s.PingURL, Proxy: s.Fetch.Proxy, UserAgent: agent()}
}

// fetchFor returns what gets the documents whose addresses admins send. They are from the
// public internet whatever the settings allow: an editor of the bot need not have a right to
// the network that it runs in.
func fetchFor(s settings.Settings) func(ctx context.Context, address string) (string, []byte, error) {
	config := s.Fetch
	config.Allow = nil
	client := newClient(config, nil)
	return func(ctx context.Context, address string) (string, []byte, error) {
		document, err := intake.ReadAddress(ctx, address, client)
		return document.Name, document.Data, err
	}
}

// newClient returns what gets documents from the web. contact says where whoever runs the
// program is found.
func newClient(config fetch.Config, contact func() string) *fetch.Client {
	config.UserAgent, config.Contact = agent(), contact
	return fetch.New(config)
}

// folders returns those of the sources that are folders.
func folders(s settings.Settings) (all []*intake.Folder) {
	for _, line := range s.Sources {
		if line.Folder != "" {
			all = append(all, intake.OpenFolder(line.Folder, s.Rules))
		}
	}
	return all
}

// logStart logs what the bot starts with, and warns of settings that look like
// mistakes.
func logStart(ctx context.Context, log *slog.Logger, s settings.Settings, store *subscribers.Store, next time.Time) error {
	readers, err := store.CountSubscribers(ctx)
	if err != nil {
		return err
	}
	_, issues, err := store.Issues(ctx, 0, 0)
	if err != nil {
		return err
	}
	for _, warning := range s.Warnings {
		log.Warn(warning)
	}
	if done := store.Upgraded(); done.From != done.To {
		log.Info("the database was brought up to date", "from", done.From, "to", done.To, "backup", done.Backup)
		if done.Beside != nil {
			log.Warn("the backup before that is beside the database, as it could not go into --backup-dir", "folder", s.BackupDir, "err", done.Beside)
		}
	}
	if store.IsNew() {
		log.Warn("there was no database, so a new, empty one was made; if you had readers, stop now and set --database to the file that has them", "database", fullPath(s.Database))
	}
	log.Info("started", "version", thisBuild().short(), "database", fullPath(s.Database),
		"readers", readers[subscribers.On], "off", readers[subscribers.Off], "gone", readers[subscribers.Gone], "issues", issues,
		"admins", len(s.Admins), "sources", len(s.Sources), "timezone", zoneName(s.Location), "next_broadcast", next)
	return nil
}

// fullPath returns the absolute path, for an operator in another folder than they think.
func fullPath(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return full
}

// zoneName names a time zone. Of the machine's own zone, Go knows only the abbreviation
// used today.
func zoneName(location *time.Location) string {
	if location != time.Local {
		return location.String()
	}
	return time.Now().Format("MST -07:00") + ", the machine's"
}

// longestRescue is how long copying a database may take.
const longestRescue = 10 * time.Minute

// rescue copies what a lost database still holds, and adds the copy's path to the error.
func rescue(ctx context.Context, store *subscribers.Store, lost error) error {
	const rest = time.Minute // until the program has ended
	supervisor.Extend(longestRescue + rest)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRescue)
	defer cancel()
	saved, err := store.Rescue(ctx)
	if err != nil {
		return errors.Join(lost, fmt.Errorf("and it cannot be saved: %w; restore a backup", err))
	}
	return fmt.Errorf("%w; all that was in it is in %s: put the database back, or give this file its name", lost, fullPath(saved))
}
