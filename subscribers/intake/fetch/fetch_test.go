package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"digestbot/subscribers/intake/fetch"
)

func TestGet(t *testing.T) {
	w := newWeb(t)
	var header http.Header
	server := w.open(func(out http.ResponseWriter, r *http.Request) {
		header = r.Header
		out.Header().Set("Content-Type", "text/html; charset=GB2312")
		out.Header().Set("ETag", `"7"`)
		out.Header().Set("Last-Modified", "Fri, 27 Nov 2026 09:00:00 GMT")
		fmt.Fprint(out, "<h1>Frost</h1>")
	})
	got, err := w.get(server.URL + "/issue?n=7#top")
	if err != nil {
		t.Fatal(err)
	}
	address := server.URL + "/issue?n=7"
	if string(got.Data) != "<h1>Frost</h1>" || got.Address != address || got.Charset != "gb2312" || got.Moved != "" || got.Unchanged {
		t.Errorf("got %+v", got)
	}
	if want := (fetch.Version{Address: address, ETag: `"7"`, LastModified: "Fri, 27 Nov 2026 09:00:00 GMT"}); got.Version != want {
		t.Errorf("version %+v, want %+v", got.Version, want)
	}
	if agent := header.Get("User-Agent"); agent != "digestbot/test" {
		t.Errorf("it says that it is %q", agent)
	}
	if !strings.Contains(header.Get("Accept"), "application/rss+xml") || header.Get("Referer") != "" || header.Get("Authorization") != "" {
		t.Errorf("headers %v", header)
	}
}

func TestContact(t *testing.T) {
	w := newWeb(t)
	server := w.open(func(out http.ResponseWriter, r *http.Request) { fmt.Fprint(out, r.UserAgent()) })
	config, contact := w.config(), ""
	config.Contact = func() string { return contact }
	client := fetch.New(config)
	for _, want := range []string{"digestbot/test", "digestbot/test (+https://t.me/weekly_bot)"} {
		got, err := client.Get(t.Context(), fetch.Request{Address: server.URL, Limit: limit})
		if err != nil || string(got.Data) != want {
			t.Errorf("it says that it is %q, %v; want %q", got.Data, err, want)
		}
		contact = "https://t.me/weekly_bot"
	}
}

func TestGetUnchanged(t *testing.T) {
	w := newWeb(t)
	server := w.open(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("ETag", `"7"`)
		if r.Header.Get("If-None-Match") == `"7"` {
			out.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(out, "text")
	})
	first, err := w.get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := fetch.New(w.config())
	again, err := client.Get(t.Context(), fetch.Request{Address: server.URL, Limit: limit, Have: first.Version})
	if err != nil || !again.Unchanged || len(again.Data) > 0 || again.Version != first.Version {
		t.Errorf("again: %+v, %v", again, err)
	}
	elsewhere := first.Version
	elsewhere.Address += "/other"
	other, err := client.Get(t.Context(), fetch.Request{Address: server.URL, Limit: limit, Have: elsewhere})
	if err != nil || other.Unchanged || string(other.Data) != "text" {
		t.Errorf("with the version of another document: %+v, %v", other, err)
	}
}

// A page that leads to the newest issue may lead to one that was written before the one that
// the caller has.
func TestVersionIsOfTheDocumentNotOfTheWayToIt(t *testing.T) {
	w := newWeb(t)
	newest := "/179"
	server := w.open(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/latest" {
			http.Redirect(out, r, newest, http.StatusFound)
			return
		}
		when := map[string]time.Time{"/179": time.Unix(2000, 0), "/180": time.Unix(1000, 0)}[r.URL.Path]
		http.ServeContent(out, r, "issue.html", when, strings.NewReader(r.URL.Path))
	})
	client := fetch.New(w.config())
	first, err := client.Get(t.Context(), fetch.Request{Address: server.URL + "/latest", Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.Get(t.Context(), fetch.Request{Address: server.URL + "/latest", Limit: limit, Have: first.Version})
	if err != nil || !again.Unchanged {
		t.Errorf("the same issue: %+v, %v; want unchanged", again, err)
	}
	newest = "/180"
	next, err := client.Get(t.Context(), fetch.Request{Address: server.URL + "/latest", Limit: limit, Have: first.Version})
	if err != nil || string(next.Data) != "/180" {
		t.Errorf("the next issue: %+v, %v", next, err)
	}
}

func TestGetRefusals(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
		kind   fetch.Kind
		says   string
	}{
		{"404", status(404), fetch.Gone, "404 Not Found: check the address"},
		{"410", status(410), fetch.Gone, "410 Gone"},
		{"401", status(401), fetch.Refused, "a name and a password"},
		{"403", status(403), fetch.Refused, "let the bot in"},
		{"500", status(500), fetch.Temporary, "500 Internal Server Error: try again later"},
		{"503", status(503), fetch.Temporary, "503"},
		{"no such status", status(599), fetch.Temporary, "says 599:"},
		{"429", status(429), fetch.Temporary, "asked too often"},
		{"204", status(204), fetch.Temporary, "204"},
		{"206 that nobody asked for", status(206), fetch.Temporary, "206"},
		{"304 that nobody asked for", status(304), fetch.Temporary, "304"},
		{"huge", huge, fetch.TooLarge, "larger than 1 MB"},
		{"gzip bomb", bomb, fetch.TooLarge, "larger than 1 MB"},
		{"gzip cut off", packed(func(data []byte) []byte { return data[:len(data)/2] }), fetch.Temporary, "breaks off"},
		{"gzip damaged", packed(func(data []byte) []byte { return append(data[:20], 0, 1, 2, 3) }), fetch.Temporary, "breaks off"},
		{"packed unasked", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "\x0b\x02\x80text\x03")
		}, fetch.Wrong, "Accept-Encoding"},
		{"shorter than it says", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), fetch.Temporary, "breaks off"},
		{"cut chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf"), fetch.Temporary, "breaks off"},
		{"wrong length", raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\ntext"), fetch.Temporary, "cannot be reached"},
		{"two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\ntext"), fetch.Temporary, "cannot be reached"},
		{"no HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n"), fetch.Temporary, "cannot be reached"},
		{"nothing", raw(""), fetch.Temporary, "cannot be reached"},
		{"endless headers", endlessHeaders, fetch.Temporary, "cannot be reached"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWeb(t)
			server := w.open(test.answer)
			_, err := w.get(server.URL + "/feed?key=secret")
			e, ok := errors.AsType[*fetch.Error](err)
			if !ok || e.Kind != test.kind || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("error %v, want one that is %q and says %q", err, test.kind, test.says)
			}
			if want := server.URL + "/feed?…: "; !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %q, want it to begin with %q", err, want)
			}
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func huge(w http.ResponseWriter, _ *http.Request) {
	piece := make([]byte, 1<<16)
	for range 1000 {
		if _, err := w.Write(piece); err != nil {
			return
		}
	}
}

// bomb is 64 MB that take little more than 64 KB.
func bomb(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	out := gzip.NewWriter(w)
	for range 1000 {
		if _, err := out.Write(make([]byte, 1<<16)); err != nil {
			return
		}
	}
	out.Close()
}

// packed answers with a text that is packed, and then spoilt.
func packed(spoil func([]byte) []byte) http.HandlerFunc {
	var data bytes.Buffer
	out := gzip.NewWriter(&data)
	for i := range 1000 {
		fmt.Fprintf(out, "line %d\n", i*i)
	}
	out.Close()
	spoilt := spoil(data.Bytes())
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(spoilt)))
		_, _ = w.Write(spoilt)
	}
}

// raw answers with bytes and closes the connection.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = conn.Write([]byte(answer))
		conn.Close()
	}
}

func endlessHeaders(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n")
	for range 100000 {
		if _, err := fmt.Fprint(conn, "X-More: of the same\r\n"); err != nil {
			return
		}
	}
	fmt.Fprint(conn, "Content-Length: 4\r\n\r\ntext")
}

// What is too large is not read to its end only to throw it away.
func TestGetReadsNoMoreThanTheLimit(t *testing.T) {
	w := newWeb(t)
	sent := make(chan int, 1)
	server := w.open(func(out http.ResponseWriter, _ *http.Request) {
		all := 0
		defer func() { sent <- all }()
		for all < 64<<20 { // more than buffers hold
			n, err := out.Write(make([]byte, 1<<16))
			if all += n; err != nil {
				return
			}
		}
	})
	if _, err := w.get(server.URL); err == nil {
		t.Error("no error")
	}
	if all := <-sent; all == 64<<20 {
		t.Error("it was read to its end")
	}
}

func TestGetUpToTheLimit(t *testing.T) {
	w := newWeb(t)
	server := w.open(says(strings.Repeat("x", limit)))
	if got, err := w.get(server.URL); err != nil || len(got.Data) != limit {
		t.Errorf("got %d bytes, %v", len(got.Data), err)
	}
}

func TestGetUnpacks(t *testing.T) {
	w := newWeb(t)
	server := w.open(packed(func(data []byte) []byte { return data }))
	got, err := w.get(server.URL)
	if err != nil || !strings.HasPrefix(string(got.Data), "line 0\nline 1\n") || !strings.HasSuffix(string(got.Data), "line 998001\n") {
		t.Errorf("got %.40q…, %v", got.Data, err)
	}
}

// A server may refuse a request that is longer than its own answers.
func TestVersionThatCannotBeRepeated(t *testing.T) {
	w := newWeb(t)
	server := w.open(func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("ETag", `"`+strings.Repeat("x", 5000)+`"`)
		fmt.Fprint(out, "text")
	})
	got, err := w.get(server.URL)
	if err != nil || got.Version.ETag != "" {
		t.Errorf("got %+v, %v; want no ETag", got, err)
	}
}

func TestGetStops(t *testing.T) {
	w := newWeb(t)
	ctx, cancel := context.WithCancel(t.Context())
	server := w.open(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := fetch.New(w.config()).Get(ctx, fetch.Request{Address: server.URL + "/?key=secret", Limit: limit})
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v, want that of the context", err)
	}
	if _, ok := errors.AsType[*fetch.Error](err); ok {
		t.Errorf("error %v is about the server", err)
	}
}

func TestGetFromNobody(t *testing.T) {
	w := newWeb(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := w.open(says(""))
	server.Listener.Close()
	listener.Close()
	_, err = w.get(server.URL)
	if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Temporary || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("error %v", err)
	}
	_, err = w.get("http://no-such-host.invalid/feed")
	if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Temporary {
		t.Errorf("error %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	date := "Fri, 27 Nov 2026 09:00:00 GMT"
	tests := []struct {
		says string
		want time.Duration
	}{
		{"120", 2 * time.Minute},
		{" 120 ", 2 * time.Minute},
		{"0", 0},
		{"-5", 0},
		{"31536000", 24 * time.Hour},
		{"99999999999999999999999", 0},
		{"9223372036854775807", 24 * time.Hour},
		{"Fri, 27 Nov 2026 09:01:30 GMT", 90 * time.Second},
		{"Friday, 27-Nov-26 09:01:30 GMT", 90 * time.Second},
		{"Fri, 27 Nov 2026 08:00:00 GMT", 0},
		{"Fri, 27 Nov 2099 09:00:00 GMT", 24 * time.Hour},
		{"soon", 0},
		{"", 0},
	}
	for _, test := range tests {
		w := newWeb(t)
		server := w.open(func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Date", date)
			if test.says != "" {
				out.Header().Set("Retry-After", test.says)
			}
			out.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := w.get(server.URL)
		e, ok := errors.AsType[*fetch.Error](err)
		if !ok || e.RetryAfter != test.want || e.Status != http.StatusTooManyRequests {
			t.Errorf("Retry-After %q: %v, status %d, waits %s; want %s", test.says, err, e.Status, e.RetryAfter, test.want)
		}
	}
}
