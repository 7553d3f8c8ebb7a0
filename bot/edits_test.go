package bot_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// editTimes notes when edits leave the bot, and when the last message arrived.
type editTimes struct {
	next  *http.Client
	mu    sync.Mutex
	times []time.Time
	sent  time.Time
}

func (e *editTimes) Do(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/editMessageText") {
		e.mu.Lock()
		e.times = append(e.times, time.Now())
		e.mu.Unlock()
	}
	resp, err := e.next.Do(r)
	if strings.HasSuffix(r.URL.Path, "/sendMessage") {
		e.mu.Lock()
		e.sent = time.Now()
		e.mu.Unlock()
	}
	return resp, err
}

// since are the times of the edits from a moment on, counted from it.
func (e *editTimes) since(began time.Time) (all []time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, t := range e.times {
		if !t.Before(began) {
			all = append(all, t.Sub(began))
		}
	}
	return all
}

// withEditTimes runs test with a question whether to send so many messages to
// each of three readers, about one a second: that leaves room for edits.
func withEditTimes(t *testing.T, messages int, test func(w *world, e *editTimes, question telegramsim.Message)) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		e := &editTimes{next: w.sim.Client()}
		w.config.HTTPClient = e
		w.wideIssue(179, messages-1) // below the cover
		w.start()
		w.readers(3)
		test(w, e, w.tell(w.admin, "/broadcast"))
	})
}

// recordDelay is how long answers may wait to be recorded together.
const recordDelay = 5 * time.Millisecond

// The message of a live report is edited at the press, every three seconds, and
// at the end, but not within a second of the edit before.
func TestLiveReportIsEditedInItsTime(t *testing.T) {
	held := false
	for messages := 18; messages <= 20; messages++ { // the end comes at another moment each time
		withEditTimes(t, messages, func(w *world, e *editTimes, question telegramsim.Message) {
			// So that the end does not come in the same moment as an edit.
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Methods: []string{"sendMessage"}, Delay: 70 * time.Millisecond})
			began := time.Now()
			if _, err := w.admin.Press(question, "📣 Send now"); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Minute)
			end := e.sent.Sub(began)
			var want []time.Duration
			for at := time.Duration(0); at < end; at += 3 * time.Second {
				want = append(want, at)
			}
			last := want[len(want)-1] + time.Second
			held = held || last > end
			want = append(want, max(last, end))
			got := e.since(began)
			if n := len(want) - 1; len(got) == len(want) && got[n] > want[n] && got[n]-want[n] <= recordDelay {
				got[n] = want[n] // the last answer is on record a moment after it came
			}
			if !slices.Equal(got, want) {
				t.Errorf("the message was edited at %s, want %s", got, want)
			}
			now, _ := w.admin.Chat().Message(question.ID)
			wantText(t, now, fmt.Sprintf("sent: %d messages", 3*messages))
		})
	}
	if !held {
		t.Error("no end came within a second of an edit: this tests less than it should")
	}
}

// However fast people press its buttons, and however slow Telegram is, a message is
// edited at most once a second, and shows the result of the last press.
func TestPressesAreShownOnceASecond(t *testing.T) {
	for name, delay := range map[string]time.Duration{"at once": 0, "slowly": 400 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			withEditTimes(t, 21, func(w *world, e *editTimes, m telegramsim.Message) {
				if delay > 0 {
					w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Methods: []string{"editMessageText"}, Delay: delay})
				}
				began := time.Now()
				w.admin.PressData(m, labelled(t, m, "📣 Send now"))
				time.Sleep(5900 * time.Millisecond) // the next live report is near
				var last *telegramsim.Query
				for i := range 15 {
					last = w.admin.PressData(m, []string{"1:bpause:1", "1:bres:1"}[i%2])
					time.Sleep(170 * time.Millisecond)
				}
				w.pass(10 * time.Second)
				if got := w.popup(last); got != "Paused." {
					t.Errorf("the last press was answered by %q", got)
				}
				now, _ := w.admin.Chat().Message(m.ID)
				wantLabels(t, now, "▶️ Resume | ⏹ Cancel")
				got := e.since(began)
				for i := range got[1:] {
					if gap := got[i+1] - got[i]; gap < time.Second {
						t.Errorf("the message was edited at %s, twice within %s", got, gap)
					}
				}
				if len(got) < 5 {
					t.Errorf("the message was edited at %s, want every second", got)
				}
			})
		})
	}
}

// labelled is the data of a message's button.
func labelled(t *testing.T, m telegramsim.Message, label string) string {
	t.Helper()
	b, ok := m.Button(label)
	if !ok {
		t.Fatalf("there is no button %q; there are %q", label, labels(m))
	}
	return b.CallbackData
}
