// Package supervisor tells systemd how the program is, for a unit of Type=notify: that it is
// ready, that it is alive (WatchdogSec=), and that it stops. Without such a unit it does
// nothing.
package supervisor

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Report says that the program is ready and then, twice in each WatchdogSec= of the unit, that
// it is alive, unless alive returns an error: then systemd restarts the program when that time
// is over. It returns nil when ctx is done, of which it tells systemd as well. What systemd
// does not hear is only logged.
func Report(ctx context.Context, log *slog.Logger, alive func() error) error {
	heard, err := daemon.SdNotify(false, daemon.SdNotifyReady)
	if err != nil {
		log.Warn("systemd cannot be told that the program is ready", "err", err)
	}
	if !heard {
		return nil
	}
	defer func() { _, _ = daemon.SdNotify(false, daemon.SdNotifyStopping) }() // the program stops, heard or not
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("systemd's watchdog cannot be served", "err", err)
	}
	if every == 0 {
		<-ctx.Done()
		return nil
	}
	watch(ctx, log, every/2, alive)
	return nil
}

// Extend asks for time: for so long nothing is heard of the program, which works on at its end.
// What systemd does not hear would be no reason to end earlier.
func Extend(d time.Duration) {
	_, _ = daemon.SdNotify(false, fmt.Sprintf("EXTEND_TIMEOUT_USEC=%[1]d\nWATCHDOG_USEC=%[1]d", d.Microseconds()))
}

// watch tells the watchdog again and again that the program is alive.
func watch(ctx context.Context, log *slog.Logger, every time.Duration, alive func() error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := alive(); err != nil {
			log.Error("the program hangs; systemd restarts it soon", "err", err)
		} else if _, err := daemon.SdNotify(false, daemon.SdNotifyWatchdog); err != nil {
			log.Warn("systemd's watchdog does not answer", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
