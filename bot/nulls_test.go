package bot_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// sentForms keeps the forms of the requests that pass.
type sentForms struct {
	next  *http.Client
	mu    sync.Mutex
	forms []map[string][]string
}

func (s *sentForms) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	seen := r.Clone(r.Context())
	seen.Body = io.NopCloser(bytes.NewReader(body))
	form := map[string][]string{"": {r.URL.Path}}
	if r.Header.Get("Content-Type") != "" {
		if err := seen.ParseMultipartForm(1 << 20); err != nil {
			return nil, err
		}
		for name, values := range seen.MultipartForm.Value {
			form[name] = values
		}
	}
	s.mu.Lock()
	s.forms = append(s.forms, form)
	s.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return s.next.Do(r)
}

// none reports a null in any of the forms.
func (s *sentForms) none(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.forms) == 0 {
		t.Fatal("nothing was sent")
	}
	for _, form := range s.forms {
		for name, values := range form {
			if value := strings.Join(values, " "); strings.Contains(value, "null") || strings.Contains(value, "[]]") || strings.Contains(value, "[],") {
				t.Errorf("%s sends %s=%s", form[""], name, value)
			}
		}
	}
}

// Telegram takes no null, and refuses the whole message: where nothing stands
// under a message, nothing is sent.
func TestNoNullIsSent(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		sent := &sentForms{next: w.sim.Client()}
		w.config.HTTPClient = sent
		w.start()
		w.save(longIssue(179))
		for _, layout := range []subscribers.Layout{subscribers.Sections, subscribers.Compact, subscribers.Rich} {
			reader := w.sim.NewPerson("Reader", telegramsim.Language("en"))
			w.tell(reader, "/subscribe")
			w.setLayout(reader.ID(), layout)
			messages := w.said(reader.Chat(), func() { reader.Write("/latest") })
			if layout != subscribers.Compact {
				continue
			}
			_, unfolded := w.press(reader, messages[0], "▾ News")
			sections := w.tell(reader, "/sections")
			w.press(reader, sections, "All off")
			_, folded := w.press(reader, unfolded, "‹ Headlines")
			wantLabels(t, folded, "🗂 Sections | ⚙️ Settings | ↗️ Share")
			_, closed := w.press(reader, sections, "Done") // an edit that takes the buttons away
			wantLabels(t, closed)
		}
		w.inline(w.ann, "no such words", "")
		w.pass(time.Minute)
		sent.none(t)
	})
}

// However a keyboard is made, there are no nulls and no empty rows in it.
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
		got, err := json.Marshal(delivery.Markup(test.rows))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: the markup is %s (%v), want %s", test.name, got, err, test.want)
		}
	}
}
