// Package metrics says in the format of Prometheus how the program is: what it sends, how
// broadcasts, sources and the schedule stand, and what the database takes. docs/metrics.md has
// all of it.
//
//	page := metrics.New(metrics.Config{Bot: b, Store: store, Schedule: schedule, Log: log})
//
// A scrape takes a few milliseconds, however many subscribers there are: what has to be counted
// in the database is counted anew only after it has changed, and at most every five seconds.
// No figure says anything of a single person, and none has the token in it. All the same only
// those who ask from a private network get them, see [New].
package metrics

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"digestbot/bot"
	"digestbot/bot/ping"
	"digestbot/bot/sourcing"
	"digestbot/scheduler"
	"digestbot/subscribers"
)

// Config says what the figures are about. Bot, Store and Log are required.
type Config struct {
	Bot       *bot.Bot
	Store     *subscribers.Store
	Schedule  scheduler.Schedule
	LastRound func() time.Time // see scheduler.Scheduler.LastRound; nil: there is no scheduler
	Sources   func() sourcing.Watch
	NextLook  func(after time.Time) time.Time // when --poll has them looked at; nil: not known
	Pinger    *ping.Pinger                    // nil: there is no dead-man's switch
	Build     Build
	Log       *slog.Logger
}

// Build says what the program is.
type Build struct{ Version, Commit, Go, SQLite, BotAPI string }

// scrapesAtOnce is how many scrapes are answered at the same time; two servers may watch.
const scrapesAtOnce = 4

// New returns what answers for /metrics. Whoever asks from the internet is told that there is
// nothing: only addresses of private networks and of this machine are answered, and no request
// that a proxy has passed on, which would be from such an address as well.
func New(config Config) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newCollector(config))
	page := promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(config.Log.Handler(), slog.LevelError), ErrorHandling: promhttp.ContinueOnError,
		MaxRequestsInFlight: scrapesAtOnce,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isInside(r):
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		default:
			page.ServeHTTP(w, r)
		}
	})
}

// forwarded are the headers by which proxies say whom they ask for.
var forwarded = []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via", "Cf-Connecting-Ip"}

// sharedSpace is where the networks of providers and overlays such as Tailscale are (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// isInside reports whether a request comes from this machine or a private network, and not
// through a proxy.
func isInside(r *http.Request) bool {
	for _, name := range forwarded {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	address := from.Addr().Unmap().WithZone("")
	return address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast() || sharedSpace.Contains(address)
}
