package delivery_test

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// pipes is a network inside a bubble: the listener of a real HTTP server, and the
// connections to it.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once

	mu   sync.Mutex
	wrap func(net.Conn) (net.Conn, error) // what becomes of the next connection; nil: nothing
}

func newPipes() *pipes {
	return &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.mu.Lock()
	wrap := p.wrap
	p.mu.Unlock()
	here, there := net.Pipe()
	var conn net.Conn = here
	if wrap != nil {
		var err error
		if conn, err = wrap(here); err != nil {
			return nil, err
		}
	}
	select {
	case p.conns <- there:
		return conn, nil
	case <-p.done:
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) set(wrap func(net.Conn) (net.Conn, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrap = wrap
}

// breaking is a connection that breaks when it is written to.
type breaking struct {
	net.Conn
	breaks func() (now bool, after int) // whether this write fails, and after how many bytes
}

func (c *breaking) Write(p []byte) (int, error) {
	now, after := c.breaks()
	if !now {
		return c.Conn.Write(p)
	}
	n, err := 0, error(nil)
	if after > 0 {
		n, err = c.Conn.Write(p[:min(after, len(p))])
	}
	return n, errors.Join(&net.OpError{Op: "write", Err: errors.New("broken pipe")}, err, c.Close())
}

// wired is a world whose bot talks to the simulator over a real HTTP server and
// the real transport.
type wired struct {
	*world
	pipes  *pipes
	server *httptest.Server
}

// inWire runs test in a bubble.
func inWire(t *testing.T, http2 bool, test func(t *testing.T, w *wired)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &wired{pipes: newPipes(), world: newWorld(t, telegramsim.Options{}, 30)}
		w.server = httptest.NewUnstartedServer(w.sim)
		if err := w.server.Listener.Close(); err != nil {
			t.Fatal(err)
		}
		w.server.Listener = w.pipes
		w.server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would only report the broken connections
		w.server.EnableHTTP2 = http2
		w.server.StartTLS()
		transport := w.server.Client().Transport.(*http.Transport)
		transport.DialContext = w.pipes.dial
		api, err := tg.New(w.sim.Token(), tg.WithSkipGetMe(), tg.WithServerURL("https://example.com"),
			tg.WithHTTPClient(time.Minute, sender.NewClient(&http.Client{Transport: transport})))
		if err != nil {
			t.Fatal(err)
		}
		p := &process{}
		p.sender = sender.New(api, w.store, sender.Config{Rate: 30, Log: slog.New(slog.DiscardHandler)})
		p.broadcaster = delivery.NewBroadcaster(w.store, p.sender, p.note, delivery.Config{Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		p.stop = stop
		p.done.Go(func() { p.err = p.sender.Run(ctx) })
		p.done.Go(func() {
			if err := p.broadcaster.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		w.bot = p
		t.Cleanup(func() {
			p.end()
			transport.CloseIdleConnections()
			w.server.Close()
			synctest.Wait()
		})
		test(t, w)
	})
}

// breakAt breaks one connection at the n-th write of a message.
func (w *wired) breakAt(n, after int) {
	var mu sync.Mutex
	writes := 0
	w.pipes.set(func(c net.Conn) (net.Conn, error) {
		return &breaking{Conn: c, breaks: func() (bool, int) {
			mu.Lock()
			defer mu.Unlock()
			writes++
			return writes == n, after
		}}, nil
	})
}

// A connection breaks at every write of a broadcast in turn, before anything went out or
// in the middle. Whatever net/http makes of that, nothing comes more than twice, and
// messages that did not come exactly once are counted.
func TestConnectionsBreak(t *testing.T) {
	for _, after := range []int{0, 20} {
		for n := 1; n <= 16; n++ {
			inWire(t, false, func(t *testing.T, w *wired) {
				w.breakAt(n, after)
				readers := w.readers(2)
				b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
				if odd, uncertain := w.oddities(b, readers); odd > uncertain || uncertain > 1 {
					t.Errorf("write %d broken after %d bytes: %d messages not once, %d uncertain", n, after, odd, uncertain)
				}
			})
		}
	}
}

// If there is no server to connect to, that is no attempt.
func TestNoConnectionIsNoAttempt(t *testing.T) {
	inWire(t, false, func(t *testing.T, w *wired) {
		readers := w.readers(10)
		for _, down := range []error{
			&net.OpError{Op: "dial", Err: errors.New("connection refused")},
			&net.DNSError{Err: "no such host", Name: "example.com"},
		} {
			w.pipes.set(func(c net.Conn) (net.Conn, error) { return nil, errors.Join(down, c.Close()) })
			b := w.broadcast(w.issue(len(down.Error())))
			time.Sleep(10 * time.Minute)
			if n := w.sim.Stats().Sent; n%60 != 0 {
				t.Errorf("%d messages were sent while nobody was there", n)
			}
			w.pipes.set(nil)
			w.await(b, subscribers.Done)
			if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != 0 {
				t.Errorf("%v: %d messages are uncertain, want none: nothing left", down, n)
			}
			w.server.CloseClientConnections()
		}
		for _, r := range readers {
			if n := len(w.got(r.ID())); n != 12 {
				t.Errorf("a reader has %d messages, want 12", n)
			}
		}
	})
}

// Attempts that cannot be recorded do not leave. Over HTTP/1 their connections are
// closed, over HTTP/2 the other requests on the connection go on.
func TestUnrecordedAttemptsStayHere(t *testing.T) {
	for _, test := range []struct {
		name  string
		http2 bool
	}{{"HTTP/1", false}, {"HTTP/2", true}} {
		t.Run(test.name, func(t *testing.T) {
			inWire(t, test.http2, func(t *testing.T, w *wired) {
				readers := w.readers(10)
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 300 * time.Millisecond})
				b := w.broadcast(w.issue(1))
				time.Sleep(1150 * time.Millisecond)
				mend := w.spoilFile() // some messages are under way
				sent := w.sim.Stats().Sent
				time.Sleep(time.Minute)
				if n := w.sim.Stats().Sent; sent == 0 || sent == 10 || n > sent {
					t.Errorf("%d messages were sent before and %d afterwards, want some of the first ten, and no more", sent, n-sent)
				}
				mend()
				w.await(b, subscribers.Done)
				w.wantAllOnce(b, readers)
			})
		})
	}
}
