package telegramsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"digestbot/bot/telegramsim/markup"
)

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
func (pg *page) who(r *http.Request) (pageRequest, *Person, error) {
	var in pageRequest
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return in, nil, fmt.Errorf("read request: %w", err)
	}
	pg.sim.mu.Lock()
	defer pg.sim.mu.Unlock()
	p := pg.sim.state.people[in.As]
	if p == nil || pg.sim.state.chats[in.Chat] == nil {
		return in, nil, errors.New("no such person or chat")
	}
	return in, p, nil
}

func (pg *page) write(r *http.Request) (any, error) {
	in, p, err := pg.who(r)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Text) == "" || markup.Units(in.Text) > maxTextUnits {
		return nil, errors.New("a message has 1 to 4096 characters")
	}
	return map[string]int{"message": p.writeEphemeral(in.Chat, in.Thread, in.Text).ID}, nil
}

// await waits for the bot's answer as an app does.
func (pg *page) await(r *http.Request, answered func() bool) error {
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
	defer cancel()
	if pg.sim.Wait(ctx, answered) != nil {
		return errors.New("the bot did not answer")
	}
	return nil
}

func (pg *page) press(r *http.Request) (any, error) {
	in, p, err := pg.who(r)
	if err != nil {
		return nil, err
	}
	under := Message{Chat: in.Chat, ID: in.Message}
	if in.Message < 0 {
		under = Message{Chat: in.Chat, Ephemeral: -in.Message}
	}
	q := p.PressData(under, in.Data)
	if err := pg.await(r, func() bool { _, ok := q.Answer(); return ok }); err != nil {
		return nil, err
	}
	a, _ := q.Answer()
	return a, nil
}

func (pg *page) upload(r *http.Request) (any, error) {
	as, err := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read person: %w", err)
	}
	pg.sim.mu.Lock()
	p := pg.sim.state.people[as]
	pg.sim.mu.Unlock()
	if p == nil {
		return nil, errors.New("no such person")
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return map[string]int{"message": p.SendDocument(r.URL.Query().Get("name"), data, "").ID}, nil
}

func (pg *page) read(r *http.Request) (any, error) {
	in, _, err := pg.who(r)
	if err != nil {
		return nil, err
	}
	pg.sim.mu.Lock()
	defer pg.sim.mu.Unlock()
	c := pg.sim.state.chats[in.Chat]
	if c.seen != len(c.messages) {
		c.seen = len(c.messages)
		pg.sim.state.changed()
	}
	return struct{}{}, nil
}

func (pg *page) block(r *http.Request) (any, error) {
	in, p, err := pg.who(r)
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

func (pg *page) inline(r *http.Request) (any, error) {
	in, p, err := pg.who(r)
	if err != nil {
		return nil, err
	}
	q := p.Inline(in.Text, "")
	if err := pg.await(r, func() bool { _, ok := q.Answer(); return ok }); err != nil {
		return nil, err
	}
	a, _ := q.Answer()
	pg.sim.mu.Lock()
	defer pg.sim.mu.Unlock()
	pg.offers[q.ID] = q
	return map[string]any{"query": q.ID, "results": a.Results, "button": a.ButtonText, "start": a.ButtonStart}, nil
}

func (pg *page) choose(r *http.Request) (any, error) {
	in, p, err := pg.who(r)
	if err != nil {
		return nil, err
	}
	pg.sim.mu.Lock()
	q := pg.offers[in.Query]
	delete(pg.offers, in.Query)
	pg.sim.mu.Unlock()
	if q == nil {
		return nil, errors.New("no such results")
	}
	a, _ := q.Answer()
	for _, result := range a.Results {
		if result.ID == in.Result {
			return map[string]int{"message": p.Choose(q, result, pg.sim.Chat(in.Chat)).ID}, nil
		}
	}
	return nil, errors.New("no such result")
}

func (pg *page) act(r *http.Request) (any, error) {
	var in struct{ Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	pg.sim.mu.Lock()
	var found *Action
	for _, a := range pg.actions {
		if a.name() == in.Name {
			found = a
		}
	}
	pg.sim.mu.Unlock()
	if found == nil {
		return nil, errors.New("no such action")
	}
	return struct{}{}, found.Run(r.Context())
}
