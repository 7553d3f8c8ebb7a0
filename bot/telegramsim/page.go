package telegramsim

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

//go:embed chat.html chat.css chat.js message.js words.js
var pageFiles embed.FS

// Words are a text in several languages, by the first part of their tags: "en", "zh". The
// page shows the one of the browser's language, else the English one.
type Words map[string]string

// Action is a button of the page.
type Action struct {
	Words Words // on the button; the English ones are its name
	// InChats shows the button in the header of an open chat as well when the window is so
	// small that the list of chats is not beside it.
	InChats bool
	// Run is called when it is pressed, and the page shows its error. The context ends when
	// the page goes away.
	Run func(context.Context) error
}

func (a *Action) name() string { return a.Words["en"] }

// AddAction puts a button into the header of the page.
func (s *Sim) AddAction(a Action) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page.actions = append(s.page.actions, &a)
	s.state.changed()
}

// AddLink puts a link to another page into the header of the page.
func (s *Sim) AddLink(text, address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page.links = append(s.page.links, viewLink{text, address})
	s.state.changed()
}

// SetGuide sets what the page says while no chat is open, step by step. What is before the
// first colon names a step, and what is in brackets is a button.
func (s *Sim) SetGuide(steps ...Words) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page.guide = steps
	s.state.changed()
}

// AddPicture makes the page show data wherever a message shows the picture at that
// address, so that a demonstration needs no network.
func (s *Sim) AddPicture(address, contentType string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page.pictures[address] = picture{contentType, data}
	s.state.changed()
}

type picture struct {
	kind string
	data []byte
}

const (
	maxPageRequest = 20 << 20               // bytes
	answerTimeout  = 15 * time.Second       // how long the page waits for a button's answer, as apps do
	eventPause     = 100 * time.Millisecond // between two notices of change
	reconnectPause = 300 * time.Millisecond // of a browser, after the notices have ended
	// pageHeader has to be on every request that changes something. For a page of another
	// site, the browser asks first whether it may send the header, and it may not.
	pageHeader = "X-Telegramsim"
)

// page is the web page that looks like a chat app.
//
// Elements that tests may rely on: #chats [data-chat=ID], #messages [data-message=ID] with
// .text and [data-button="text"], #text, #send, #attach, #start, #menu, #commands
// [data-command=name], #as, #block, #actions [data-action="name"], #toast, #alert, #alert-ok,
// #guide, #links, #background, which unfolds the chats of [InBackground]. body[data-ready]
// is set when the page works, body[data-revision] grows with every state it has shown, and
// body[data-chat] is the open chat. The address /#ID opens chat ID.
type page struct {
	sim     *Sim
	handler http.Handler

	// guarded by Sim.mu
	actions  []*Action
	links    []viewLink
	guide    []Words
	pictures map[string]picture      // by address
	offers   map[string]*InlineQuery // results that are shown
}

func newPage(s *Sim) *page {
	pg := &page{sim: s, pictures: map[string]picture{}, offers: map[string]*InlineQuery{}}
	pg.handler = pg.routes()
	return pg
}

func (pg *page) routes() http.Handler {
	mux := http.NewServeMux()
	for path, name := range map[string]string{
		"GET /{$}": "chat.html", "GET /sim/chat.css": "chat.css",
		"GET /sim/chat.js": "chat.js", "GET /sim/message.js": "message.js", "GET /sim/words.js": "words.js",
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pageFiles, name)
		})
	}
	mux.HandleFunc("GET /sim/state", pg.showState)
	mux.HandleFunc("GET /sim/chat", pg.showChat)
	mux.HandleFunc("GET /sim/events", pg.events)
	mux.HandleFunc("GET /sim/picture", pg.sendPicture)
	mux.HandleFunc("GET /sim/file", pg.sendFile)
	for path, handle := range map[string]func(*http.Request) (any, error){
		"write": pg.write, "press": pg.press, "upload": pg.upload, "read": pg.read,
		"block": pg.block, "inline": pg.inline, "choose": pg.choose, "action": pg.act,
	} {
		mux.Handle("POST /sim/"+path, changes(handle))
	}
	return guarded(mux)
}

// guarded accepts only requests of the server's own pages. It refuses other sites, and host
// names that somebody else may have pointed at this address.
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

// localName reports whether a host is an IP address or localhost. A foreign name server can
// claim neither.
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
		return r.Method == http.MethodGet && r.URL.Path == "/" // a link to the page is allowed
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

// events reports changes to the page, as server-sent events.
func (pg *page) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	for {
		pg.sim.mu.Lock()
		revision, change := pg.sim.state.revision, pg.sim.state.change()
		pg.sim.mu.Unlock()
		if _, err := fmt.Fprintf(w, "retry: %d\ndata: %d\n\n", reconnectPause.Milliseconds(), revision); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-change:
		case <-r.Context().Done():
			return
		case <-pg.sim.done:
			return
		}
		if pg.sim.pause(r.Context(), eventPause) != nil {
			return
		}
	}
}

func (pg *page) sendPicture(w http.ResponseWriter, r *http.Request) {
	pg.sim.mu.Lock()
	p, ok := pg.pictures[r.URL.Query().Get("address")]
	pg.sim.mu.Unlock()
	if !ok || !strings.HasPrefix(p.kind, "image/") {
		http.NotFound(w, r)
		return
	}
	sendBytes(w, p.kind, p.data)
}

func (pg *page) sendFile(w http.ResponseWriter, r *http.Request) {
	pg.sim.mu.Lock()
	f := pg.sim.state.files[r.URL.Query().Get("id")]
	pg.sim.mu.Unlock()
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
	sendBytes(w, kind, f.data)
}

func sendBytes(w http.ResponseWriter, kind string, data []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if _, err := w.Write(data); err != nil {
		panic(http.ErrAbortHandler) // the page is gone
	}
}
