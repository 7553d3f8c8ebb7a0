package telegramsim

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

//go:embed chat.html chat.css chat.js
var pageFiles embed.FS

// action is a button in the page's header.
type action struct {
	name string
	run  func(context.Context) error
}

// AddAction puts a button with that name into the header of the page. Pressing it calls
// run, whose error the page shows; the context ends when the page goes away.
func (s *Sim) AddAction(name string, run func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.actions = append(s.state.actions, &action{name, run})
	s.changedLocked()
}

// AddPicture makes the page show data wherever a message shows the picture at that
// address, so that a demonstration needs no network.
func (s *Sim) AddPicture(address, contentType string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.pictures[address] = picture{contentType, data}
	s.changedLocked()
}

type picture struct {
	kind string
	data []byte
}

const (
	maxPageRequest = 20 << 20               // bytes
	answerPatience = 15 * time.Second       // how long the page waits for a button's answer, as apps do
	eventPause     = 100 * time.Millisecond // between two notices of change
	// pageHeader has to be on every request that changes something. Another site's page
	// cannot send it without asking first, and the answer is no.
	pageHeader = "X-Telegramsim"
)

// newPages serves the chat page.
//
// Elements that tests may rely on: #chats [data-chat=ID], #messages [data-message=ID] with
// .text and [data-button="text"], #text, #send, #attach, #start, #menu, #commands
// [data-command=name], #as, #block, #actions [data-action="name"], #toast, #alert, #alert-ok.
// body[data-ready] is set when the page works, body[data-revision] grows with every state
// it has shown, and body[data-chat] is the open chat. The address /#ID opens chat ID.
func newPages(s *Sim) http.Handler {
	mux := http.NewServeMux()
	for path, name := range map[string]string{
		"GET /{$}": "chat.html", "GET /sim/chat.css": "chat.css", "GET /sim/chat.js": "chat.js",
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pageFiles, name)
		})
	}
	mux.HandleFunc("GET /sim/state", s.pageState)
	mux.HandleFunc("GET /sim/chat", s.pageChat)
	mux.HandleFunc("GET /sim/events", s.pageEvents)
	mux.HandleFunc("GET /sim/picture", s.pagePicture)
	mux.HandleFunc("GET /sim/file", s.pageFile)
	for path, handle := range map[string]func(*http.Request) (any, error){
		"write": s.pageWrite, "press": s.pagePress, "upload": s.pageUpload, "read": s.pageRead,
		"block": s.pageBlock, "inline": s.pageInline, "choose": s.pageChoose, "action": s.pageAction,
	} {
		mux.Handle("POST /sim/"+path, changes(handle))
	}
	return guarded(mux)
}

// guarded lets only pages of this very server in: it refuses other sites, and names that
// somebody else may have pointed at this address.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
			"img-src 'self' http: https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if !localName(r.Host) || !sameSite(r) {
			http.Error(w, "open the page by its address", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// localName reports whether a host is an IP address or localhost, which no foreign name
// server can claim.
func localName(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	host = strings.Trim(host, "[]")
	return net.ParseIP(host) != nil || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func sameSite(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return r.Method == http.MethodGet && r.URL.Path == "/" // a link to the page is fine
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

// changes serves a request that changes something, with a JSON answer.
func changes(handle func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(pageHeader) == "" {
			http.Error(w, "missing header "+pageHeader, http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxPageRequest)
		result, err := handle(r)
		if err != nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			result = map[string]string{"error": err.Error()}
		}
		writeJSON(w, result)
	})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(http.ErrAbortHandler) // the page is gone
	}
}

// pageRequest is what the page sends.
type pageRequest struct {
	As      int64  `json:"as"` // the person who acts
	Chat    int64  `json:"chat"`
	Thread  int    `json:"thread"`
	Text    string `json:"text"`
	Message int    `json:"message"`
	Data    string `json:"data"` // of a button
	Query   string `json:"query"`
	Result  string `json:"result"`
	Blocked bool   `json:"blocked"`
}

// who reads a request and finds its person and chat.
func (s *Sim) who(r *http.Request) (pageRequest, *Person, error) {
	var in pageRequest
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return in, nil, fmt.Errorf("read request: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.state.people[in.As]
	if p == nil || s.state.chats[in.Chat] == nil {
		return in, nil, errors.New("no such person or chat")
	}
	return in, p, nil
}

func (s *Sim) pageWrite(r *http.Request) (any, error) {
	in, p, err := s.who(r)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Text) == "" || unitsOf(in.Text) > maxTextUnits {
		return nil, errors.New("a message has 1 to 4096 characters")
	}
	return map[string]int{"message": p.write(in.Chat, in.Thread, in.Text, 0).ID}, nil
}

// pagePress presses a button and waits for the bot's answer as an app does.
func (s *Sim) pagePress(r *http.Request) (any, error) {
	in, p, err := s.who(r)
	if err != nil {
		return nil, err
	}
	q := p.PressData(Message{Chat: in.Chat, ID: in.Message}, in.Data)
	ctx, cancel := context.WithTimeout(r.Context(), answerPatience)
	defer cancel()
	if err := s.Wait(ctx, func() bool { _, ok := q.Answer(); return ok }); err != nil {
		return nil, errors.New("the bot did not answer")
	}
	a, _ := q.Answer()
	return a, nil
}

func (s *Sim) pageUpload(r *http.Request) (any, error) {
	as, err := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read person: %w", err)
	}
	s.mu.Lock()
	p := s.state.people[as]
	s.mu.Unlock()
	if p == nil {
		return nil, errors.New("no such person")
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return map[string]int{"message": p.SendDocument(r.URL.Query().Get("name"), data, "").ID}, nil
}

func (s *Sim) pageRead(r *http.Request) (any, error) {
	in, _, err := s.who(r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.chats[in.Chat]
	if c.seen != len(c.messages) {
		c.seen = len(c.messages)
		s.changedLocked()
	}
	return struct{}{}, nil
}

func (s *Sim) pageBlock(r *http.Request) (any, error) {
	in, p, err := s.who(r)
	if err != nil {
		return nil, err
	}
	if in.Blocked {
		p.Block()
	} else {
		p.Unblock()
	}
	return struct{}{}, nil
}

func (s *Sim) pageInline(r *http.Request) (any, error) {
	in, p, err := s.who(r)
	if err != nil {
		return nil, err
	}
	q := p.Inline(in.Text, "")
	ctx, cancel := context.WithTimeout(r.Context(), answerPatience)
	defer cancel()
	if err := s.Wait(ctx, func() bool { _, ok := q.Answer(); return ok }); err != nil {
		return nil, errors.New("the bot did not answer")
	}
	a, _ := q.Answer()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.offers[q.ID] = q
	return map[string]any{"query": q.ID, "results": a.Results}, nil
}

func (s *Sim) pageChoose(r *http.Request) (any, error) {
	in, p, err := s.who(r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	q := s.state.offers[in.Query]
	delete(s.state.offers, in.Query)
	s.mu.Unlock()
	if q == nil {
		return nil, errors.New("no such results")
	}
	a, _ := q.Answer()
	for _, result := range a.Results {
		if result.ID == in.Result {
			return map[string]int{"message": p.Choose(q, result, s.Chat(in.Chat)).ID}, nil
		}
	}
	return nil, errors.New("no such result")
}

func (s *Sim) pageAction(r *http.Request) (any, error) {
	var in struct{ Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	s.mu.Lock()
	var found *action
	for _, a := range s.state.actions {
		if a.name == in.Name {
			found = a
		}
	}
	s.mu.Unlock()
	if found == nil {
		return nil, errors.New("no such action")
	}
	return struct{}{}, found.run(r.Context())
}

// pageEvents tells the page when something changed, as server-sent events.
func (s *Sim) pageEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	for {
		s.mu.Lock()
		revision, change := s.state.revision, s.changeLocked()
		s.mu.Unlock()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", revision); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-change:
		case <-r.Context().Done():
			return
		case <-s.done:
			return
		}
		if s.pause(r.Context(), eventPause) != nil {
			return
		}
	}
}

func (s *Sim) pagePicture(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	p, ok := s.state.pictures[r.URL.Query().Get("address")]
	s.mu.Unlock()
	if !ok || !strings.HasPrefix(p.kind, "image/") {
		http.NotFound(w, r)
		return
	}
	sendFile(w, p.kind, p.data)
}

func (s *Sim) pageFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.state.files[r.URL.Query().Get("id")]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	kind := "application/octet-stream"
	if strings.HasPrefix(f.MimeType, "image/") && f.MimeType != "image/svg+xml" {
		kind = f.MimeType
	} else {
		w.Header().Set("Content-Disposition", "attachment")
	}
	sendFile(w, kind, f.data)
}

func sendFile(w http.ResponseWriter, kind string, data []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if _, err := w.Write(data); err != nil {
		panic(http.ErrAbortHandler) // the page is gone
	}
}
