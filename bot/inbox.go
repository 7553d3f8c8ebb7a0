package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

const (
	// pollTimeout is how long Telegram may keep a getUpdates without updates.
	// The library asks for a second less.
	pollTimeout = 50 * time.Second
	// pollLimit ends a getUpdates that got no answer at all.
	pollLimit = pollTimeout + 15*time.Second
)

// inbox is the HTTP client between the library and Telegram. The library
// confirms updates with its next poll, long before they are handled, and passes over
// those it cannot read. So inbox keeps them in the store, reads them itself, and leaves
// nothing to the library but their ids.
type inbox struct {
	next       tg.HttpClient
	store      *subscribers.Store
	log        *slog.Logger
	take       func(*models.Update) // takes an update that is kept
	noteAnswer func(*http.Response) // is called with every answer

	noteServed func() // is called after every poll that Telegram has answered as it should
}

// Do sends a request. An answer with updates that cannot be kept is an error:
// the updates stay with Telegram.
func (i inbox) Do(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.URL.Path, "/getUpdates") {
		resp, err := i.next.Do(req)
		if err == nil {
			i.noteAnswer(resp)
		}
		return resp, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), pollLimit)
	defer cancel()
	resp, err := i.next.Do(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	i.noteAnswer(resp)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("read updates: %w", err)
	}
	if body, err = i.keep(ctx, body); err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		i.noteServed()
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp, nil
}

// keep stores the updates of an answer, hands them on and returns the answer for
// the library, which has an empty object in place of what is no update. The library
// complains about that, and waits a little if it comes again and again.
func (i inbox) keep(ctx context.Context, body []byte) ([]byte, error) {
	var answer struct {
		OK     bool              `json:"ok"`
		Result []json.RawMessage `json:"result"`
	}
	if json.Unmarshal(body, &answer) != nil || !answer.OK || len(answer.Result) == 0 {
		return body, nil // the library deals with errors, and with no updates
	}
	var all []subscribers.Update
	var updates []*models.Update
	for n, raw := range answer.Result {
		kept, u, err := i.read(raw)
		if err != nil {
			i.log.Error("something that is no update is passed over", "err", err)
			answer.Result[n] = json.RawMessage("{}")
			continue
		}
		answer.Result[n] = bareUpdate(kept.ID)
		all, updates = append(all, kept), append(updates, u)
	}
	if err := i.store.KeepUpdates(ctx, all); err != nil {
		return nil, err
	}
	for _, u := range updates {
		i.take(u)
	}
	return json.Marshal(answer)
}

// read reads an update as it is to be kept. Of an update that cannot be answered only
// the id is left. The error means that it has no id.
func (i inbox) read(raw []byte) (kept subscribers.Update, u *models.Update, err error) {
	u, err = readUpdate(raw)
	if u == nil {
		return kept, nil, err
	}
	switch {
	case errors.Is(err, errNoCore):
		i.log.Error("an update cannot be read and is passed over", "update", u.ID, "err", err)
		raw = bareUpdate(u.ID)
	case err != nil:
		i.log.Warn("an update is read in part; a newer version of this program may know the rest", "update", u.ID, "err", err)
	}
	return subscribers.Update{ID: u.ID, Body: raw}, u, nil
}

// bareUpdate is an update of which only the id is left.
func bareUpdate(id int64) []byte { return fmt.Appendf(nil, `{"update_id":%d}`, id) }
