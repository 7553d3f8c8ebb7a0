package bot_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"digestbot/bot/telegramsim"
)

// wire is a Bot API server behind sockets: it keeps the bytes of every request
// that leaves the bot, before anything has read them, and has the simulator
// answer. Its sockets are pipes, on which a bubble's clock goes on.
type wire struct {
	t   *testing.T
	sim *telegramsim.Sim

	mu       sync.Mutex
	requests []rawRequest
	conns    []net.Conn
}

// rawRequest is a request as it left, and its method of the Bot API.
type rawRequest struct {
	method string
	raw    []byte
	rest   []byte // what came after its body, without being asked for
}

// onTheWire makes a world's bot use its own HTTP client, whose connections lead
// to a wire.
func onTheWire(w *world) *wire {
	w.t.Helper()
	l := &wire{t: w.t, sim: w.sim}
	before := http.DefaultTransport // what the bot's client is made from
	http.DefaultTransport = &http.Transport{DialContext: l.dial}
	w.t.Cleanup(func() {
		http.DefaultTransport = before
		w.stop()
		l.close()
	})
	w.config.HTTPClient, w.config.APIURL = nil, "http://telegram.test"
	return l
}

func (l *wire) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	l.mu.Lock()
	l.conns = append(l.conns, theirs)
	l.mu.Unlock()
	go l.serve(theirs)
	return ours, nil
}

// close closes what connections the bot has left open for its next request.
func (l *wire) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.conns {
		conn.Close()
	}
}

// serve answers the requests of a connection until the bot closes it.
func (l *wire) serve(conn net.Conn) {
	defer conn.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	requests := make(chan *http.Request)
	go func() {
		defer cancel()
		l.read(ctx, conn, requests)
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-requests:
			resp, err := l.sim.Client().Do(r.WithContext(ctx))
			if err != nil {
				return
			}
			err = resp.Write(conn)
			resp.Body.Close()
			if err != nil {
				return
			}
		}
	}
}

// read reads the requests of a connection one after the other: the bot sends
// none before the one before is answered.
func (l *wire) read(ctx context.Context, conn net.Conn, requests chan<- *http.Request) {
	var raw bytes.Buffer
	in := bufio.NewReader(io.TeeReader(conn, &raw))
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			l.t.Errorf("the body of %s cannot be read: %v", r.URL.Path, err)
			return
		}
		rest, _ := in.Peek(in.Buffered()) // what is buffered is there
		_, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		l.mu.Lock()
		l.requests = append(l.requests, rawRequest{method: method, raw: bytes.Clone(raw.Bytes()), rest: bytes.Clone(rest)})
		l.mu.Unlock()
		raw.Reset()
		r.RequestURI, r.URL.Scheme, r.URL.Host = "", "https", "api.telegram.org"
		r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		if len(body) == 0 {
			r.Body = http.NoBody
		}
		select {
		case requests <- r:
		case <-ctx.Done():
			return
		}
	}
}

// check looks at the requests so far, and notes their methods.
func (l *wire) check(seen map[string]bool) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.requests {
		seen[r.method] = true
		if err := r.check(l.sim.Token()); err != nil {
			l.t.Errorf("%s: %v\n%s", r.method, err, r.raw)
		}
	}
}

// check says what Telegram's server would not take of a request: HttpReader.cpp
// in tdlib/td answers a body that ends before it began with 400 and nothing
// else, and JSON with a null is refused by whoever reads it.
func (r rawRequest) check(token string) error {
	head, body, whole := bytes.Cut(r.raw, []byte("\r\n\r\n"))
	first, fields, _ := strings.Cut(string(head), "\r\n")
	header, err := textHeader(fields)
	length := header["content-length"]
	switch {
	case !whole || err != nil:
		return fmt.Errorf("the head is not one: %w", err)
	case first != "POST /bot"+token+"/"+r.method+" HTTP/1.1":
		return errors.New("the first line is not that of a call")
	case strings.Count(string(r.raw), token[strings.Index(token, ":")+1:]) != 1:
		return errors.New("the token is not only in the path")
	case len(header["transfer-encoding"]) > 0:
		return errors.New("the body comes in chunks")
	case len(r.rest) > 0 || len(length) != 1 || length[0] != strconv.Itoa(len(body)):
		return fmt.Errorf("a body of %d bytes and %d more has the length %q", len(body), len(r.rest), length)
	case len(body) == 0 && len(header["content-type"]) > 0:
		return errors.New("there is a type of a body and no body")
	case len(body) == 0:
		return nil
	case len(header["content-type"]) != 1:
		return errors.New("the body is of no type")
	}
	return checkForm(header["content-type"][0], body)
}

// textHeader reads the lines of a header; the names are in lower case.
func textHeader(fields string) (map[string][]string, error) {
	header := make(map[string][]string)
	for line := range strings.SplitSeq(fields, "\r\n") {
		name, value, ok := strings.Cut(line, ": ")
		if !ok {
			return nil, fmt.Errorf("the line %q is not a field", line)
		}
		name = strings.ToLower(name)
		header[name] = append(header[name], value)
	}
	return header, nil
}

// checkForm reads a form part by part.
func checkForm(contentType string, body []byte) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return fmt.Errorf("the body is %q (%w), want a form", contentType, err)
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case errors.Is(err, io.EOF):
			return errors.New("the form has no parts")
		case err != nil:
			return fmt.Errorf("read a form: %w", err)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("read %s: %w", part.FormName(), err)
		}
		if err := checkValue(part.FormName(), value); err != nil {
			return err
		}
	}
}

// checkValue looks for nulls in a parameter that is JSON, and for empty rows of
// buttons.
func checkValue(name string, value []byte) error {
	var parsed any
	if json.Unmarshal(value, &parsed) != nil { // a text
		return nil
	}
	if hasNull(parsed) {
		return fmt.Errorf("there is a null in %s=%s", name, value)
	}
	if name == "reply_markup" && bytes.Contains(bytes.TrimPrefix(value, []byte(`{"inline_keyboard":[]`)), []byte("[]")) {
		return fmt.Errorf("there is an empty row in %s=%s", name, value)
	}
	return nil
}

func hasNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		for _, each := range v {
			if hasNull(each) {
				return true
			}
		}
	case map[string]any:
		for _, each := range v {
			if hasNull(each) {
				return true
			}
		}
	}
	return false
}
