package fetch_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/subscribers/intake/fetch"
)

func TestSlowServers(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
		after  time.Duration
		says   string
	}{
		{"no answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 30 * time.Second, "does not answer in time"},
		{"a byte now and then", drip, time.Minute, "not here after 1m0s"},
		{"a beginning", func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("<html>"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, time.Minute, "not here after 1m0s"},
		{"slow redirects", func(w http.ResponseWriter, r *http.Request) {
			wait(r, 25*time.Second)
			moves(http.StatusFound, "/")(w, r)
		}, time.Minute, "does not answer in time"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := fetch.New(pipes(t, test.answer))
				began := time.Now()
				_, err := client.Get(t.Context(), fetch.Request{Address: "http://example.org/", Limit: limit})
				if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Temporary || !strings.Contains(err.Error(), test.says) {
					t.Errorf("error %v, want one that says %q", err, test.says)
				}
				if took := time.Since(began); took != test.after {
					t.Errorf("given up after %s, want %s", took, test.after)
				}
			})
		})
	}
}

// drip sends a byte every second.
func drip(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		_, _ = w.Write([]byte("x"))
		w.(http.Flusher).Flush()
		wait(r, time.Second)
	}
}

// wait waits, but not for a client that has gone.
func wait(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

func TestConnectionThatIsNotMade(t *testing.T) {
	for _, address := range []string{"http://example.org/", "https://example.org/"} {
		synctest.Test(t, func(t *testing.T) {
			client := fetch.New(fetch.Config{Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}})
			began := time.Now()
			_, err := client.Get(t.Context(), fetch.Request{Address: address, Limit: limit})
			if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Temporary || time.Since(began) != 10*time.Second {
				t.Errorf("error %v after %s, want one after 10s", err, time.Since(began))
			}
		})
	}
}

// A server that takes the connection and never speaks TLS.
func TestHandshakeThatIsNotMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := fetch.New(fetch.Config{Dial: func(context.Context, string, string) (net.Conn, error) {
			ours, _ := net.Pipe()
			return ours, nil
		}})
		began := time.Now()
		_, err := client.Get(t.Context(), fetch.Request{Address: "https://example.org/", Limit: limit})
		if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Temporary || time.Since(began) != 10*time.Second {
			t.Errorf("error %v after %s, want one after 10s", err, time.Since(began))
		}
	})
}
