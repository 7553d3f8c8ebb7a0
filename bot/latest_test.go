package bot_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
)

// A reader who asks for an issue that is on its way, by a command or a double tap, gets its
// messages and nothing between them.
func TestLatestWhileItIsOnItsWay(t *testing.T) {
	const sections = 6
	for name, askTwice := range map[string]func(w *world, chat *telegramsim.Chat, welcome telegramsim.Message){
		"command": func(w *world, chat *telegramsim.Chat, _ telegramsim.Message) {
			w.ann.WriteIn(chat, "/latest")
			w.pass(2500 * time.Millisecond) // some messages later
			w.ann.WriteIn(chat, "/latest")
			w.ann.WriteIn(chat, "/issue 179")
		},
		"double tap": func(w *world, _ *telegramsim.Chat, welcome telegramsim.Message) {
			for range 2 {
				q, err := w.ann.Press(welcome, "👀 See the latest")
				if err != nil {
					w.t.Fatal(err)
				}
				defer func() {
					if answer, _ := q.Answer(); answer.Text != "📰 On its way" {
						w.t.Errorf("popup is %q, want that the issue is on its way", answer.Text)
					}
				}()
			}
			w.settle()
		},
	} {
		t.Run(name, func(t *testing.T) {
			var typing atomic.Int64
			inWorldToStart(t, func(w *world) {
				w.config.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/sendChatAction") {
						typing.Add(1)
					}
					return w.sim.Client().Do(r)
				})
				w.start()
				w.wideIssue(179, sections)
				chat := w.ann.Chat()
				welcome := w.tell(w.ann, "/start")
				said := w.said(chat, func() { askTwice(w, chat, welcome) })
				if len(said) != sections+1 || slices.ContainsFunc(said, func(m telegramsim.Message) bool { return strings.Contains(m.Text, "on its way") }) {
					t.Errorf("the bot said %q, want the cover and %d sections", texts(said), sections)
				}
			})
			if name == "command" && typing.Load() != 2 {
				t.Errorf("the bot showed %d times that it is at work, want 2: never silence", typing.Load())
			}
		})
	}
}

// A double tap brings an issue once also where the first tap has brought all of it: in the
// compact layout that is one message. Later the reader gets it again.
func TestDoubleTapBringsAnIssueOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		welcome := w.tell(w.ann, "/start")
		w.setLayout(w.ann.ID(), digest.LayoutCompact)
		for range 2 {
			w.one(w.ann.Chat(), func() {
				for range 2 {
					if _, err := w.ann.Press(welcome, "👀 See the latest"); err != nil {
						t.Fatal(err)
					}
					w.pass(time.Second)
				}
			})
		}
	})
}
