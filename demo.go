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
		t := &theatre{weekly: weekly, std: std, open: make(chan *demo.Stage, 1)}
		pages.Handle("/"+weekly.Path+"/", http.StripPrefix("/"+weekly.Path, t))
		running = append(running, t.run)
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

// theatre shows one weekly, again and again from the start: each Reset ends a play, and the
// next one begins with an empty database.
type theatre struct {
	weekly demo.Weekly
	std    stdio
	// open holds the stage while there is something to see. Who takes it out keeps visitors
	// waiting until there is one again.
	open chan *demo.Stage
}

func (t *theatre) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if stage := t.current(r.Context()); stage != nil {
		stage.Sim.ServeHTTP(w, r)
	}
}

// current waits for the stage; nil: ctx is done.
func (t *theatre) current(ctx context.Context) *demo.Stage {
	select {
	case stage := <-t.open:
		t.open <- stage
		return stage
	case <-ctx.Done():
		return nil
	}
}

func (t *theatre) run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := t.perform(ctx); err != nil && !errors.Is(err, context.Canceled) { // a stop right after the start
			return err
		}
	}
	return nil
}

// perform runs the bot from the start until ctx is done or somebody presses Reset.
func (t *theatre) perform(ctx context.Context) (err error) {
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
	log := slog.New(slog.NewTextHandler(t.std.err, nil))
	p := &play{folder: folder, store: store}
	p.stage = demo.NewStage(t.weekly, func(wrong string) { log.Error("request the Bot API does not know", "request", wrong) })
	defer p.stage.Sim.Close()
	s, err := demoSettings(p.stage, folder)
	if err != nil {
		return err
	}
	b, clock, err := parts(s, store, folders(s), slog.New(s.LogHandler(t.std.err)), p.stage.Sim.Client(), time.Now)
	if err != nil {
		return err
	}
	p.clock = clock
	if err := p.stage.PublishArchive(folder); err != nil {
		return err
	}
	p.stage.AddButtons(p.friday, func(ctx context.Context) error { return t.reset(ctx, p.stage, end) })
	return runAll(ctx, b.Run, clock.Run, func(ctx context.Context) error { return t.raise(ctx, p) })
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

// reset ends the play on a stage and waits for the next one.
func (t *theatre) reset(ctx context.Context, stage *demo.Stage, end func()) error {
	select {
	case running := <-t.open:
		if running != stage { // another press was faster
			t.open <- running
			return nil
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	end()
	t.current(ctx)
	return nil
}

// raise lets people in once there is an archive, and visitors once those have subscribed:
// Friday must find them, also on a slow machine. Then an issue waits in the folder that the
// bot has not looked at.
func (t *theatre) raise(ctx context.Context, p *play) error {
	if err := await(ctx, p.hasArchive); err != nil || ctx.Err() != nil {
		return err
	}
	p.stage.Begin()
	if err := await(ctx, p.hasReaders); err != nil || ctx.Err() != nil {
		return err
	}
	if err := p.stage.PublishNext(p.folder); err != nil {
		return err
	}
	t.open <- p.stage
	return p.write(ctx)
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

// play is one run of a weekly.
type play struct {
	stage  *demo.Stage
	folder string // has the documents and the database
	store  *subscribers.Store
	clock  *scheduler.Scheduler

	publishing sync.Mutex
}

func (p *play) hasArchive(ctx context.Context) (bool, error) {
	_, issues, err := p.store.Issues(ctx, 0, 0)
	return issues >= demo.FirstNumber-demo.OldestNumber, err
}

func (p *play) hasReaders(ctx context.Context) (bool, error) {
	readers, err := p.store.CountSubscribers(ctx)
	return readers[subscribers.On] >= p.stage.Subscribers, err
}

// friday makes it Friday: the issue that waits goes out.
func (p *play) friday(ctx context.Context) error {
	if err := p.keepOneWaiting(ctx); err != nil {
		return err
	}
	if err := p.clock.FireNow(ctx); err != nil {
		return err
	}
	return p.keepOneWaiting(ctx)
}

// keepOneWaiting publishes an issue once the newest one in the folder is being sent, so that
// there is always one for Friday and for /broadcast.
func (p *play) keepOneWaiting(ctx context.Context) error {
	p.publishing.Lock()
	defer p.publishing.Unlock()
	last, err := p.store.LastBroadcast(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	issue, err := p.store.Issue(ctx, last.IssueID)
	if err != nil || issue.Number < p.stage.Newest() {
		return err
	}
	return p.stage.PublishNext(p.folder)
}

// write is the editor, who has the next issue ready soon after the one before is sent.
func (p *play) write(ctx context.Context) error {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil
		}
		if err := p.keepOneWaiting(ctx); err != nil && ctx.Err() == nil {
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
