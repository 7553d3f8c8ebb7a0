package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"digestbot/bot/settings"
	"digestbot/subscribers"
)

// logStart tells the log what the bot starts with, and what looks as if it were not
// meant.
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
		log.Warn("there was no database, so a new, empty one was made; if you had readers, stop now and give --database where they are", "database", fullPath(s.Database))
	}
	log.Info("started", "version", version(), "database", fullPath(s.Database),
		"readers", readers[subscribers.On], "off", readers[subscribers.Off], "gone", readers[subscribers.Gone], "issues", issues,
		"admins", len(s.Admins), "sources", len(s.Sources), "timezone", zoneName(s.Location), "next_broadcast", next)
	return nil
}

// fullPath is the path from the root, for who is in another folder than they think.
func fullPath(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return full
}

// zoneName names a time zone; of the machine's own Go knows no more than what it is
// called today.
func zoneName(location *time.Location) string {
	if location != time.Local {
		return location.String()
	}
	return time.Now().Format("MST -07:00") + ", the machine's"
}

// longestRescue is how long it may take to copy a database.
const longestRescue = 10 * time.Minute

// rescue saves what a lost database still holds, and adds to the error where.
func rescue(ctx context.Context, store *subscribers.Store, lost error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRescue)
	defer cancel()
	saved, err := store.Rescue(ctx)
	if err != nil {
		return errors.Join(lost, fmt.Errorf("and it cannot be saved: %w; restore a backup", err))
	}
	return fmt.Errorf("%w; all that was in it is in %s: put the database back, or give this file its name", lost, fullPath(saved))
}

// made returns a function that tells whether a file was made since.
func made(path string) func() bool {
	exists := func() bool { _, err := os.Stat(path); return err == nil }
	before := exists()
	return func() bool { return !before && exists() }
}

// warnOfGuests says that others than the machine's own user can open a page.
func warnOfGuests(w io.Writer, address net.Addr) {
	if tcp, ok := address.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		fmt.Fprintf(w, "digestbot: warning: everybody who can reach %s can use this page; --address 127.0.0.1:%d keeps it on this machine\n", address, tcp.Port)
	}
}
