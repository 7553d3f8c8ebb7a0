package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"digestbot/bot/demo"
	"digestbot/bot/settings"
	"digestbot/bot/talk"
	"digestbot/scheduler"
	"digestbot/subscribers"
)

// runDemo runs the bots of the demo against simulators, with their chat pages in the
// browser, until ctx is done.
func runDemo(ctx context.Context, address string, std stdio) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("serve the chat page: %w; choose another --address", err)
	}
	warnOfGuests(std, listener.Addr())
	pages := http.NewServeMux()
	pages.HandleFunc("GET /{$}", chooseWeekly)
	running := []func(context.Context) error{serveHTTP(listener, pages)}
	for _, weekly := range demo.Weeklies() {
		d := &weeklyDemo{weekly: weekly, std: std, open: make(chan *demo.Stage, 1)}
		pages.Handle("/"+weekly.Path+"/", http.StripPrefix("/"+weekly.Path, d))
		running = append(running, d.run)
	}
	fmt.Fprintf(std.out, "digestbot demo: open http://%s in your browser; Ctrl+C ends it and removes everything\n", listener.Addr())
	return runAll(ctx, running...)
}

// chooseWeekly leads to the weekly in the first language of the browser, else to the first.
func chooseWeekly(w http.ResponseWriter, r *http.Request) {
	all := demo.Weeklies()
	path := all[0].Path
	for _, weekly := range all {
		if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), weekly.Path) {
			path = weekly.Path
		}
	}
	http.Redirect(w, r, "/"+path+"/", http.StatusFound)
}

// weeklyDemo shows one weekly, again and again from the start: each Reset ends its bot, and
// the next one begins with an empty database.
type weeklyDemo struct {
	weekly demo.Weekly
	std    stdio
	// open holds the stage while there is something to see. Whoever takes it out keeps
	// visitors waiting until there is one again.
	open chan *demo.Stage
}

func (d *weeklyDemo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if stage := d.current(r.Context()); stage != nil {
		stage.Sim.ServeHTTP(w, r)
	}
}

// current waits for the stage and returns it; nil: ctx is done.
func (d *weeklyDemo) current(ctx context.Context) *demo.Stage {
	select {
	case stage := <-d.open:
		d.open <- stage
		return stage
	case <-ctx.Done():
		return nil
	}
}

func (d *weeklyDemo) run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := d.runOnce(ctx); err != nil && !errors.Is(err, context.Canceled) { // a stop right after the start
			return err
		}
	}
	return nil
}

// runOnce runs a bot from the start until ctx is done or somebody presses Reset.
func (d *weeklyDemo) runOnce(ctx context.Context) (err error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	folder, err := os.MkdirTemp("", "digestbot-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	store, err := subscribers.Open(ctx, filepath.Join(folder, "digestbot.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log := slog.New(slog.NewTextHandler(d.std.err, nil))
	stage := demo.NewStage(d.weekly, func(wrong string) { log.Error("request the Bot API does not know", "request", wrong) })
	defer stage.Sim.Close()
	s, err := demoSettings(stage, folder)
	if err != nil {
		return err
	}
	b, clock, _, err := parts(s, store, folders(s), slog.New(s.LogHandler(d.std.err)), stage.Sim.Client(), time.Now)
	if err != nil {
		return err
	}
	if err := stage.PublishArchive(folder); err != nil {
		return err
	}
	running := &demoBot{stage: stage, folder: folder, store: store, clock: clock}
	stage.AddButtons(running.friday, func(ctx context.Context) error { return d.reset(ctx, stage, end) })
	return runAll(ctx, b.Run, clock.Run, func(ctx context.Context) error { return d.begin(ctx, running) })
}

// demoSettings are those of the demo for a weekly.
func demoSettings(stage *demo.Stage, folder string) (settings.Settings, error) {
	s, err := settings.Demo(stage.Sim.Token(), stage.Admin.ID(), folder)
	if err != nil {
		return s, err
	}
	s.Language = stage.Weekly.Tag
	s.Welcome, err = talk.ParseSentences([]string{stage.Weekly.Welcome})
	return s, err
}

// reset ends the bot of a stage and waits for the next one.
func (d *weeklyDemo) reset(ctx context.Context, stage *demo.Stage, end func()) error {
	select {
	case running := <-d.open:
		if running != stage { // another press was faster
			d.open <- running
			return nil
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	end()
	d.current(ctx)
	return nil
}

// begin lets people in once there is an archive, and visitors once those have subscribed:
// Friday must find them, also on a slow machine. Then an issue waits in the folder that the
// bot has not looked at.
func (d *weeklyDemo) begin(ctx context.Context, b *demoBot) error {
	if err := await(ctx, b.hasArchive); err != nil || ctx.Err() != nil {
		return err
	}
	b.stage.Begin()
	if err := await(ctx, b.hasReaders); err != nil || ctx.Err() != nil {
		return err
	}
	if err := b.stage.PublishNext(b.folder); err != nil {
		return err
	}
	d.open <- b.stage
	return b.keepWriting(ctx)
}

// await waits until there is something, or ctx is done, which is no error.
func await(ctx context.Context, isThere func(context.Context) (bool, error)) error {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		there, err := isThere(ctx)
		if ctx.Err() != nil || there {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
}

// demoBot is the bot of a weekly from one start to the next.
type demoBot struct {
	stage  *demo.Stage
	folder string // has the documents and the database
	store  *subscribers.Store
	clock  *scheduler.Scheduler

	publishing sync.Mutex
}

func (b *demoBot) hasArchive(ctx context.Context) (bool, error) {
	_, issues, err := b.store.Issues(ctx, 0, 0)
	return issues >= demo.FirstNumber-demo.OldestNumber, err
}

func (b *demoBot) hasReaders(ctx context.Context) (bool, error) {
	readers, err := b.store.CountSubscribers(ctx)
	return readers[subscribers.On] >= b.stage.Subscribers, err
}

// friday makes it Friday: the issue that waits goes out.
func (b *demoBot) friday(ctx context.Context) error {
	if err := b.keepOneWaiting(ctx); err != nil {
		return err
	}
	if err := b.clock.FireNow(ctx); err != nil {
		return err
	}
	return b.keepOneWaiting(ctx)
}

// keepOneWaiting publishes an issue once the newest one in the folder is being sent, so that
// there is always one for Friday and for /broadcast.
func (b *demoBot) keepOneWaiting(ctx context.Context) error {
	b.publishing.Lock()
	defer b.publishing.Unlock()
	last, err := b.store.LastBroadcast(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	issue, err := b.store.Issue(ctx, last.IssueID)
	if err != nil || issue.Number < b.stage.Newest() {
		return err
	}
	return b.stage.PublishNext(b.folder)
}

// keepWriting has the next issue ready soon after the one before is sent, as an editor would.
func (b *demoBot) keepWriting(ctx context.Context) error {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil
		}
		if err := b.keepOneWaiting(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// serveHTTP returns a function that serves a handler until its context is done.
func serveHTTP(listener net.Listener, handler http.Handler) func(context.Context) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return func(ctx context.Context) error {
		defer context.AfterFunc(ctx, func() { server.Close() })()
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}
}

// warnOfGuests warns when people on other machines can open a page.
func warnOfGuests(std stdio, address net.Addr) {
	if tcp, ok := address.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		fmt.Fprintf(std.err, "digestbot: warning: everybody who can reach %s can use this page; --address 127.0.0.1:%d keeps it on this machine\n", address, tcp.Port)
	}
}
