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
		log.Warn("there was no database, so a new, empty one was made; if you had readers, stop now and give --database where they are", "database", fullPath(s.Database))
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

// exists reports whether there is a file at path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// warnOfGuests warns when people on other machines can open a page.
func warnOfGuests(w io.Writer, address net.Addr) {
	if tcp, ok := address.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		fmt.Fprintf(w, "digestbot: warning: everybody who can reach %s can use this page; --address 127.0.0.1:%d keeps it on this machine\n", address, tcp.Port)
	}
}
