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
// confirms updates with its next poll, long before they are handled, so inbox
// keeps them in the store before the library sees them.
type inbox struct {
	next  tg.HttpClient
	store *subscribers.Store
	log   *slog.Logger
}

// Do sends a request. An answer with updates that cannot be kept is an error:
// the updates stay with Telegram.
func (i inbox) Do(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.URL.Path, "/getUpdates") {
		return i.next.Do(req)
	}
	ctx, cancel := context.WithTimeout(req.Context(), pollLimit)
	defer cancel()
	resp, err := i.next.Do(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("read updates: %w", err)
	}
	if body, err = i.keep(ctx, body); err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp, nil
}

// keep stores the updates of an answer and returns the answer for the library:
// it would log an update that it cannot read, so of such a one only the id is
// left.
func (i inbox) keep(ctx context.Context, body []byte) ([]byte, error) {
	var answer struct {
		OK     bool              `json:"ok"`
		Result []json.RawMessage `json:"result"`
	}
	if json.Unmarshal(body, &answer) != nil || !answer.OK || len(answer.Result) == 0 {
		return body, nil // errors, and no updates: the library's business
	}
	var updates []subscribers.Update
	for n, raw := range answer.Result {
		kept, _, err := i.read(raw)
		if err != nil {
			return nil, err
		}
		answer.Result[n] = kept.Body
		updates = append(updates, kept)
	}
	if err := i.store.KeepUpdates(ctx, updates); err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// read reads an update as it is to be kept. Of one whose shape is not known,
// only the id is left. The error means that it has none.
func (i inbox) read(raw []byte) (kept subscribers.Update, u *models.Update, err error) {
	var id struct {
		UpdateID *int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &id); err != nil {
		return kept, nil, fmt.Errorf("read id of an update: %w", err)
	}
	if id.UpdateID == nil {
		return kept, nil, errors.New("read id of an update: there is none")
	}
	u = &models.Update{}
	if err := json.Unmarshal(raw, u); err != nil {
		i.log.Error("an update cannot be read and is passed over", "update", *id.UpdateID, "err", err)
		u = &models.Update{ID: *id.UpdateID}
		raw = fmt.Appendf(nil, `{"update_id":%d}`, *id.UpdateID)
	}
	return subscribers.Update{ID: *id.UpdateID, Body: raw}, u, nil
}
