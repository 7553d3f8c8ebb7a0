package bot_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/replies"
	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
)

// Each method of the Bot API that the program uses is called, and what leaves
// the socket is looked at byte by byte: a library between hides the difference
// between no body and an empty one, and Telegram's server does not.
func TestRequestsAsTheyLeave(t *testing.T) {
	seen := make(map[string]bool)
	inWorldToStart(t, func(w *world) {
		l := onTheWire(w)
		w.config.Feedback, w.config.Replies = true, replies.Target{Admins: true}
		w.setForeignWebhook()
		w.start()
		w.useEverything()
		w.stop()
		w.config.WebhookURL = hookURL
		w.start()
		w.stop()
		l.check(seen)
	})
	synctest.Test(t, func(t *testing.T) { // what is posted openly by mistake is taken away
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeralParameters = true })
		l := onTheWire(w)
		w.start()
		w.save(longIssue(179))
		w.unfoldInClub()
		w.stop()
		l.check(seen)
	})
	for _, method := range methodsInSource(t, "..") {
		if !seen[method] {
			t.Errorf("the program uses %s, which this test does not make it call", method)
		}
	}
}

// useEverything makes the bot do all it can.
func (w *world) useEverything() {
	w.t.Helper()
	w.save(longIssue(179))
	for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutCompact, digest.LayoutRich} {
		reader := w.sim.NewPerson("Reader", telegramsim.Language("en"))
		w.tell(reader, "/subscribe")
		w.setLayout(reader.ID(), layout)
		messages := w.said(reader.Chat(), func() { reader.Write("/latest") })
		if layout == digest.LayoutCompact {
			w.foldAndUnfold(reader, messages[0])
		} else {
			w.press(reader, messages[1], "👍")
		}
	}
	w.inline(w.ann, "no such words", "")
	w.inline(w.ann, "words", "")

	group, compact := w.unfoldInClub()
	page := w.oneEphemeral(w.li, group, func() { w.press(w.li, compact, "▾ Essays") })
	w.pressEphemeral(w.li, page, "▶️")
	m := w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
	w.pressEphemeral(w.ann, m, "✅ News")
	forum := w.forum(telegramsim.AllRights())
	w.wantTopics(forum)
	w.said(forum, func() { w.ann.WriteIn(forum, "/topics") })
	w.ask(forum, "/latest")
	w.said(forum, func() { // the second time while it is on its way
		w.ann.WriteIn(forum, "/latest")
		w.ann.WriteIn(forum, "/latest")
	})

	w.tell(w.admin, "/start")
	issue := w.latest(w.li)
	picture := w.li.ReplyPhoto(issue[1], "Look")
	w.settle()
	w.li.Edit(picture, "Look at this")
	w.settle()
	w.said(w.admin.Chat(), func() { w.admin.SendDocument("12.md", []byte(weekly12), "") })
	w.nameEditor()
	w.press(w.admin, w.tell(w.admin, "/editors"), "🗑 Li")
	w.said(w.admin.Chat(), func() { w.admin.Write("/stats") })
	w.said(w.admin.Chat(), func() { w.admin.Write("/stats csv") })

	w.tell(w.ann, "/start") // so that she can be told what is wrong in her group
	group.MuteBot(w.ann)
	w.save(longIssue(180))
	if err := w.bot.RunSchedule(w.t.Context(), time.Now()); err != nil {
		w.t.Fatal(err)
	}
	w.pass(10 * time.Minute)
	_, question := w.press(w.admin, w.tell(w.admin, "/withdraw 180"), "🗑 Recall what was sent")
	w.press(w.admin, question, "🗑 Delete the messages")
	w.pass(time.Minute)
}

// unfoldInClub has an issue in a group as headlines, of which a member unfolds
// one section.
func (w *world) unfoldInClub() (group *telegramsim.Chat, compact telegramsim.Message) {
	w.t.Helper()
	group = w.club()
	w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
	compact = w.compactIn(group, w.ann)
	w.press(w.li, compact, "▾ News")
	return group, compact
}

// foldAndUnfold turns the pages of a compact message, and comes back when all
// sections are muted and no button for one is left.
func (w *world) foldAndUnfold(reader *telegramsim.Person, compact telegramsim.Message) {
	w.t.Helper()
	_, unfolded := w.press(reader, compact, "▾ News")
	switches := w.tell(reader, "/sections")
	w.press(reader, switches, "All off")
	_, folded := w.press(reader, unfolded, "‹ Headlines")
	wantLabels(w.t, folded, "🗂 Sections | ⚙️ Settings | ↗️ Share")
	_, switches = w.press(reader, switches, "All on")
	_, closed := w.press(reader, switches, "Done") // an edit that takes the buttons away
	wantLabels(w.t, closed)
}

// methodsInSource finds the Bot API methods that the program calls, in the
// packages below a folder.
func methodsInSource(t *testing.T, root string) []string {
	t.Helper()
	all := libraryMethods()
	found := map[string]bool{"getUpdates": true} // behind Start
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "telegramsim") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && all[s.Sel.Name] {
				found[strings.ToLower(s.Sel.Name[:1])+s.Sel.Name[1:]] = true
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 15 {
		t.Errorf("only %d methods were found in the source", len(found))
	}
	return slices.Sorted(maps.Keys(found))
}

// libraryMethods are the names of the library's calls: whatever takes the
// parameters of a method, and GetMe and the like, which take none. What is
// called Close here closes files and databases.
func libraryMethods() map[string]bool {
	names := make(map[string]bool)
	library := reflect.TypeFor[*tg.Bot]()
	for i := range library.NumMethod() {
		m := library.Method(i)
		f := m.Type
		if f.NumIn() < 2 || f.NumOut() != 2 || f.In(1) != reflect.TypeFor[context.Context]() || m.Name == "Close" {
			continue
		}
		names[m.Name] = true
	}
	return names
}

// No keyboard has nulls or empty rows in it, however it is made: Telegram refuses a
// message with either.
func TestMarkup(t *testing.T) {
	one := []models.InlineKeyboardButton{{Text: "a", CallbackData: "a"}}
	for _, test := range []struct {
		name string
		rows [][]models.InlineKeyboardButton
		want string
	}{
		{"none", nil, `{"inline_keyboard":[]}`},
		{"a nil row", [][]models.InlineKeyboardButton{nil}, `{"inline_keyboard":[]}`},
		{"empty rows around one", [][]models.InlineKeyboardButton{nil, one, {}}, `{"inline_keyboard":[[{"text":"a","callback_data":"a"}]]}`},
	} {
		got, err := json.Marshal(sender.Keyboard(test.rows))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: the markup is %s (%v), want %s", test.name, got, err, test.want)
		}
	}
}

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
	rest   []byte // came after its body, and should not have
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

// check returns why Telegram's server would refuse a request: HttpReader.cpp in tdlib/td
// answers a body that ends before it began with 400 and nothing else, and every reader of
// JSON with a null refuses it.
func (r rawRequest) check(token string) error {
	head, body, whole := bytes.Cut(r.raw, []byte("\r\n\r\n"))
	first, fields, _ := strings.Cut(string(head), "\r\n")
	header, err := textHeader(fields)
	length := header["content-length"]
	switch {
	case !whole || err != nil:
		return fmt.Errorf("the head is not one: %w", err)
	case strings.HasPrefix(first, "GET /file/bot"+token+"/documents/") && len(body) == 0: // the download of a file
		return nil
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
