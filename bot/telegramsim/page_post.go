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
	if strings.TrimSpace(in.Text) == "" || markup.Units(in.Text) > maxTextUnits {
		return nil, errors.New("a message has 1 to 4096 characters")
	}
	return map[string]int{"message": p.writeEphemeral(in.Chat, in.Thread, in.Text).ID}, nil
}

// pagePress presses a button and waits for the bot's answer as an app does.
func (s *Sim) pagePress(r *http.Request) (any, error) {
	in, p, err := s.who(r)
	if err != nil {
		return nil, err
	}
	under := Message{Chat: in.Chat, ID: in.Message}
	if in.Message < 0 {
		under = Message{Chat: in.Chat, Ephemeral: -in.Message}
	}
	q := p.PressData(under, in.Data)
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
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
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
	defer cancel()
	if err := s.Wait(ctx, func() bool { _, ok := q.Answer(); return ok }); err != nil {
		return nil, errors.New("the bot did not answer")
	}
	a, _ := q.Answer()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.offers[q.ID] = q
	return map[string]any{"query": q.ID, "results": a.Results, "button": a.ButtonText, "start": a.ButtonStart}, nil
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
