package ping_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/ping"
	"digestbot/digest"
	"digestbot/internal/pipenet"
	"digestbot/subscribers"
	"digestbot/subscribers/storetest"
)

// world has a store of a bot, and a service to which it is connected without sockets, in a
// bubble.
type world struct {
	t     *testing.T
	store *subscribers.Store
	watch *watch
	dial  func(context.Context, string, string) (net.Conn, error)

	mu      sync.Mutex // guards what follows
	resting []int64
	told    []string // changes only
	taken   func()   // is called when a ping was taken, before that is noted; nil: nothing
	cancel  func()   // ends the context of the Pinger
	log     bytes.Buffer
	issues  int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, watch: &watch{}}
	w.store = must(storetest.Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db")))(t)
	if _, _, err := w.store.Subscribe(t.Context(), subscribers.Chat{ID: 1, Kind: subscribers.Private}); err != nil {
		t.Fatal(err)
	}
	network := pipenet.New()
	server := &http.Server{Handler: w.watch}
	go server.Serve(network) //nolint:errcheck // it ends with the test
	t.Cleanup(func() {
		server.Close()
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
	})
	w.dial = network.Dial
	return w
}

// start lets a Pinger run until stop is called.
func (w *world) start() (p *ping.Pinger, stop func()) {
	w.t.Helper()
	if err := w.store.SetPings(w.t.Context(), true); err != nil {
		w.t.Fatal(err)
	}
	s := service(w.t, "http://example.org/"+secret+"?key="+secret)
	s.Dial, s.UserAgent = w.dial, "x"
	p = ping.New(ping.Config{
		Service: s, Store: w.store, Resting: func() []int64 {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.resting
		}, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		Told: func(err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if err == nil && w.taken != nil {
				w.taken()
			}
			if text := fmt.Sprint(err); len(w.told) == 0 && err != nil || len(w.told) > 0 && w.told[len(w.told)-1] != text {
				w.told = append(w.told, text)
			}
		},
	})
	ctx, cancel := context.WithCancel(w.t.Context())
	w.cancel = cancel
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	return p, func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
		if strings.Contains(w.log.String()+strings.Join(w.told, " "), secret) {
			w.t.Errorf("the address is in the log, or in what is told:\n%s%q", &w.log, w.told)
		}
	}
}

// broadcast lets a broadcast begin, and end if that is wanted.
func (w *world) broadcast(failed subscribers.Reason, end bool) subscribers.Broadcast {
	w.t.Helper()
	w.issues++
	row, _, err := w.store.SaveIssue(w.t.Context(), &digest.Issue{Key: fmt.Sprint(w.issues), Number: w.issues, Title: "Weekly"}, fmt.Sprint(w.issues), fmt.Append(nil, w.issues))
	if err != nil {
		w.t.Fatal(err)
	}
	b := must(w.store.StartBroadcast(w.t.Context(), row.ID, subscribers.InPrivate(7)))(w.t)
	if end {
		w.end(b, failed)
	}
	return b
}

func (w *world) end(b subscribers.Broadcast, failed subscribers.Reason) {
	w.t.Helper()
	state := subscribers.Progress{NextMessage: b.Messages, Sent: b.Messages, State: subscribers.Delivered}
	if failed != "" {
		state = subscribers.Progress{State: subscribers.Failed, Reason: failed}
	}
	if err := w.store.SaveProgress(w.t.Context(), []subscribers.Delivery{{IssueID: b.IssueID, SubscriberID: 1, BroadcastID: b.ID, Edition: b.Edition, Progress: state}}); err != nil {
		w.t.Fatal(err)
	}
	must(w.store.FinishBroadcast(w.t.Context(), b.ID))(w.t)
}

const (
	goodPing   = "GET /" + secret + "?key=" + secret + " x"
	failedPing = "GET /" + secret + "/fail?key=" + secret + " x"
)

// after checks which pings were sent after a while, since the last check.
func (w *world) after(while time.Duration, when string, want ...string) {
	w.t.Helper()
	time.Sleep(while)
	synctest.Wait()
	w.watch.mu.Lock()
	got := w.watch.asked
	w.watch.asked = nil
	w.watch.mu.Unlock()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

func (w *world) answers(answer http.HandlerFunc) {
	w.watch.mu.Lock()
	defer w.watch.mu.Unlock()
	w.watch.answer = answer
}

func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.broadcast("", true)
		_, stop := w.start()
		w.after(time.Hour, "of a broadcast before the first start")
		b := w.broadcast("", false)
		w.after(time.Hour, "while it is under way")
		w.end(b, "")
		w.after(6*time.Second, "of a good broadcast", goodPing)
		w.broadcast(subscribers.ReasonMarkup, true)
		w.after(6*time.Second, "of one that failed", failedPing)
		b = w.broadcast("", false)
		w.after(time.Minute, "while it is under way")
		w.mu.Lock()
		w.resting = []int64{b.ID}
		w.mu.Unlock()
		w.after(6*time.Second, "of one that waits for readers' own times", goodPing)
		stop()
		w.end(b, "")
		w.broadcast("", true)
		_, stop = w.start()
		w.after(time.Hour, "of one that was done while the program was stopped", goodPing)
		stop()
		_, stop = w.start()
		w.after(time.Hour, "after a start without anything new")
		stop()
	})
}

// A service that is down is asked at longer intervals, told once it is back, and people hear of
// it when that takes long.
func TestServiceThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p, stop := w.start()
		w.answers(says(503, secret))
		w.broadcast("", true)
		w.after(6*time.Second, "at once", goodPing)
		w.after(10*time.Second, "after ten seconds", goodPing)
		w.after(20*time.Second, "after twenty more", goodPing)
		if c := p.Counts(); c.Failures != 3 || !c.Taken.IsZero() {
			t.Errorf("counts are %+v", c)
		}
		w.mu.Lock()
		if len(w.told) > 0 {
			t.Errorf("people were told %q after half a minute", w.told)
		}
		w.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		w.after(time.Hour, "within an hour", goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing, goodPing)
		w.answers(nil)
		w.after(11*time.Minute, "when it is back", goodPing)
		if c := p.Counts(); c.Failures != 0 || time.Since(c.Taken) > 11*time.Minute {
			t.Errorf("counts are %+v", c)
		}
		w.after(time.Hour, "after that")
		stop()
		if diff := cmp.Diff([]string{"example.org: it answers 503 Service Unavailable", "<nil>"}, w.told); diff != "" {
			t.Errorf("people were told (-want +got):\n%s", diff)
		}
		if log := w.log.String(); strings.Count(log, "level=WARN") != 1 || strings.Count(log, "takes pings again") != 1 {
			t.Errorf("the log is\n%s", log)
		}
	})
}

// A service that knows no failures hears of the next success, and one that was away hears how
// things stand now.
func TestNewerPingsReplaceOlderOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		_, stop := w.start()
		w.answers(func(out http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/fail") {
				out.WriteHeader(404)
			}
		})
		w.broadcast(subscribers.ReasonMarkup, true)
		w.after(6*time.Second, "of a failure", failedPing)
		w.broadcast("", true)
		w.after(11*time.Second, "of a success after it", failedPing, goodPing)
		w.after(time.Hour, "after that")
		w.answers(says(500, ""))
		w.broadcast("", true)
		w.broadcast("", true)
		w.after(6*time.Second, "of two successes", goodPing)
		w.answers(nil)
		w.after(11*time.Second, "when it is back", goodPing)
		w.after(time.Hour, "after that")
		stop()
	})
}

// A stop in the middle of a ping does not wait, and the next start sends it again. One that was
// taken stays taken, although the program stops.
func TestStopWithinAPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		hang := make(chan struct{})
		w.answers(func(http.ResponseWriter, *http.Request) { <-hang })
		_, stop := w.start()
		w.broadcast("", true)
		w.after(6*time.Second, "before the stop", goodPing)
		began := time.Now()
		stop()
		if took := time.Since(began); took > 0 {
			t.Errorf("the stop took %s", took)
		}
		close(hang)
		w.answers(nil)
		w.taken = func() { w.cancel() }
		_, stop = w.start()
		w.after(6*time.Second, "after the start", goodPing)
		stop()
		w.taken = nil
		_, stop = w.start()
		w.after(time.Hour, "after the next start")
		stop()
	})
}
