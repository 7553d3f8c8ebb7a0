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
	"digestbot/bot/settings"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/scheduler"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// serve runs the bot until ctx is done.
func serve(ctx context.Context, config settings.Config, env settings.Environment, std stdio) (err error) {
	s, err := config.Settings(env)
	if err != nil {
		return wrongSettings{err}
	}
	log := slog.New(talk.MaskingHandler(s.LogHandler(std.err), s.Token))
	defer logOfLibraries(log.Handler())()
	store, err := subscribers.Open(ctx, s.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	unlock, err := store.Lock(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	b, clock, err := parts(s, store, folders(s), log, nil, time.Now)
	if err != nil {
		return err
	}
	running := []func(context.Context) error{b.Run, clock.Run, b.WatchDatabase}
	if s.Listen != "" {
		listener, err := net.Listen("tcp", s.Listen)
		if err != nil {
			return fmt.Errorf("--listen (%s): %w; choose another address", settings.Variable("listen"), err)
		}
		log.Info("listening", "address", listener.Addr())
		running = append(running, func(ctx context.Context) error { return b.Serve(ctx, listener) })
	}
	if err := logStart(ctx, log, s, store, clock.Next(time.Now())); err != nil {
		return err
	}
	err = runAll(ctx, running...)
	if errors.Is(err, subscribers.ErrLost) {
		err = rescue(ctx, store, err)
	}
	log.Info("stopped")
	return err
}

// runAll runs the parts until ctx is done or one of them fails.
func runAll(ctx context.Context, parts ...func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, run := range parts {
		group.Go(func() error { return run(ctx) })
	}
	return group.Wait()
}

// parts makes the bot and its scheduler, which need each other. A nil client
// means the real Bot API. The schedule goes by now.
func parts(s settings.Settings, store *subscribers.Store, sources []*intake.Folder, log *slog.Logger, client *http.Client, now func() time.Time) (*bot.Bot, *scheduler.Scheduler, error) {
	var clock *scheduler.Scheduler
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

		WebhookURL:    s.WebhookURL,
		WebhookSecret: s.WebhookSecret,

		NextRun:   func(after time.Time) time.Time { return clock.Next(after) },
		LastRound: func() time.Time { return clock.LastRound() },
		Refresh:   func(ctx context.Context) error { return clock.PollNow(ctx) },
	}
	if client != nil { // an interface that holds a nil pointer is not nil
		config.HTTPClient = client
	}
	b, err := bot.New(config)
	if err != nil {
		return nil, nil, err
	}
	clock = scheduler.New(scheduler.Config{
		Schedule:     s.Schedule,
		CatchUp:      s.CatchUp,
		LastRun:      store.LastScheduleRun,
		Fire:         b.RunSchedule,
		FireLate:     b.CatchUp,
		GiveUp:       b.RunMissed,
		PollSchedule: s.Poll,
		Poll:         intake.NewSources(store, log, b.SourceChecked, sources).Look,
		Now:          now,
		Logger:       log,
	})
	return b, clock, nil
}

// folders returns the sources.
func folders(s settings.Settings) (all []*intake.Folder) {
	for _, source := range s.Sources {
		all = append(all, intake.OpenFolder(source, s.Rules))
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
	if store.IsNew() {
		log.Warn("there was no database, so a new, empty one was made; if you had readers, stop now and set --database to the file that has them", "database", fullPath(s.Database))
	}
	log.Info("started", "version", version(), "database", fullPath(s.Database),
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRescue)
	defer cancel()
	saved, err := store.Rescue(ctx)
	if err != nil {
		return errors.Join(lost, fmt.Errorf("and it cannot be saved: %w; restore a backup", err))
	}
	return fmt.Errorf("%w; all that was in it is in %s: put the database back, or give this file its name", lost, fullPath(saved))
}
