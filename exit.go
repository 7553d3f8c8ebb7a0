package main

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"digestbot/bot"
	"digestbot/subscribers"
	"digestbot/subscribers/amend"
	"digestbot/subscribers/backup"
	"digestbot/subscribers/roster"
)

// Exit codes tell a supervisor whether a restart helps. The numbers are from BSD's
// sysexits.h.
const (
	exitFault    = 1
	exitConflict = 75 // EX_TEMPFAIL
	exitToken    = 77 // EX_NOPERM
	exitSettings = 78 // EX_CONFIG
)

// exitCodes is what --help says about them.
const exitCodes = "It ends with 0 after a stop; 1 after a fault; 75 when another program uses the same token; " +
	"77 when Telegram does not know the token; 78 when settings or arguments are wrong, or the database is another one or gone."

// wrongSettings is an error that only a change of settings or arguments mends.
type wrongSettings struct{ error }

func (w wrongSettings) Unwrap() error { return w.error }

// exitCode returns the code for how run ended.
func exitCode(err error) int {
	var wrong wrongSettings
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong), errors.Is(err, amend.ErrDate), errors.Is(err, roster.ErrFile), errors.Is(err, backup.ErrFile), errors.Is(err, bot.ErrWebhook), isWrongDatabase(err):
		return exitSettings
	case errors.Is(err, bot.ErrToken):
		return exitToken
	case errors.Is(err, bot.ErrSecondCopy), errors.Is(err, bot.ErrWebhookSet):
		return exitConflict
	}
	return exitFault
}

// isWrongDatabase reports whether a person has to say which database is meant.
func isWrongDatabase(err error) bool {
	return errors.Is(err, subscribers.ErrNoDatabase) || errors.Is(err, subscribers.ErrMissing) ||
		errors.Is(err, subscribers.ErrForeignDatabase) || errors.Is(err, subscribers.ErrNewerDatabase) || errors.Is(err, subscribers.ErrBackup)
}

// untilStopped returns a context that the first signal to stop cancels. The next SIGINT
// or SIGTERM has its usual effect and ends the program at once. A second SIGHUP does not,
// because a terminal that closes may send several. So SIGHUP is caught to the end: while
// a program changes from catching it to ignoring it, a SIGHUP would kill it.
func untilStopped() (ctx context.Context, stop func()) {
	ctx, hangUp := context.WithCancel(context.Background())
	if !signal.Ignored(syscall.SIGHUP) { // as it is under nohup
		hangups := make(chan os.Signal, 1)
		signal.Notify(hangups, syscall.SIGHUP)
		go func() {
			<-hangups
			hangUp()
		}()
	}
	ctx, unnotify := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, unnotify)
	return ctx, hangUp
}

// logOfLibraries passes what libraries such as net/http write with package log to the
// handler, as warnings, until undo is called.
func logOfLibraries(h slog.Handler) (undo func()) {
	writer, flags := log.Writer(), log.Flags()
	log.SetFlags(0)
	log.SetOutput(slog.NewLogLogger(h, slog.LevelWarn).Writer())
	return func() {
		log.SetOutput(writer)
		log.SetFlags(flags)
	}
}
