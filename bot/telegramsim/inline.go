package telegramsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"digestbot/bot/telegramsim/botapi"
	"digestbot/bot/telegramsim/markup"
)

const (
	maxInlineResults = 50  // core.telegram.org/bots/api#answerinlinequery
	maxResultIDBytes = 64  // core.telegram.org/bots/api#inlinequeryresultarticle
	maxInlineQuery   = 256 // characters, core.telegram.org/bots/api#inlinequery
	maxStartRunes    = 64  // core.telegram.org/bots/api#inlinequeryresultsbutton
)

// InlineQuery is "@bot words", typed in some chat, for which the bot is to give results.
type InlineQuery struct {
	ID    string
	Query string

	sim  *Sim
	made time.Time

	// guarded by Sim.mu
	answered bool
	answer   InlineAnswer
}

// InlineAnswer is what the bot offers for an inline query.
type InlineAnswer struct {
	Results     []InlineResult
	NextOffset  string
	ButtonText  string // of a button above the results, which opens the bot with ButtonStart
	ButtonStart string
}

// InlineResult is one result, ready to be sent. Only articles are known.
type InlineResult struct {
	ID          string
	Title       string
	Description string

	message *Message
}

// Inline types "@bot query" in some chat. The bot gets an inline_query.
func (p *Person) Inline(query, offset string) *InlineQuery {
	s := p.sim
	if r := []rune(query); len(r) > maxInlineQuery {
		query = string(r[:maxInlineQuery])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.nextQuery++
	q := &InlineQuery{ID: strconv.FormatInt(5e17+s.state.nextQuery, 10), Query: query, sim: s, made: now()}
	s.state.inline[q.ID] = q
	s.state.sendUpdate("inline_query", wireInline{ID: q.ID, From: p.user, Query: query, Offset: offset, ChatType: "sender"})
	s.state.changed()
	return q
}

// Answer returns the bot's results, and false while there are none.
func (q *InlineQuery) Answer() (InlineAnswer, bool) {
	q.sim.mu.Lock()
	defer q.sim.mu.Unlock()
	return q.answer, q.answered
}

// Choose sends a result into a chat, in the person's name.
func (p *Person) Choose(q *InlineQuery, r InlineResult, in *Chat) Message {
	m := r.message.copy()
	m.ViaBot = true
	sent := p.post(in.ID, &m)
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	chosen := wireChosen{ResultID: r.ID, From: p.user, Query: q.Query}
	if len(sent.Keyboard) > 0 {
		chosen.InlineID = inlineID(sent.Chat, sent.ID)
	}
	p.sim.state.sendUpdate("chosen_inline_result", chosen)
	return sent
}

// inlineID returns the id of a message that was sent via the bot. The bot knows no other id
// of the chat or the message.
func inlineID(chat int64, message int) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d/%d", chat, message))
}

// inlineMessage returns the message with an inline_message_id.
func (st *state) inlineMessage(id string) (*chat, *Message) {
	name, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return nil, nil
	}
	in, number, _ := strings.Cut(string(name), "/")
	c := st.find(in)
	n, err := strconv.Atoi(number)
	if c == nil || err != nil {
		return nil, nil
	}
	return c, c.message(n)
}

func answerInlineQuery(c *call) (any, error) {
	q := c.sim.state.inline[c.form.Text("inline_query_id")]
	if q == nil || q.answered || now().Sub(q.made) > queryLifetime {
		return nil, QueryTooOld
	}
	var raw []json.RawMessage
	if _, err := c.object("results", &raw); err != nil {
		return nil, badRequest("Can't parse JSON encoded inline query results")
	}
	if len(raw) > maxInlineResults {
		return nil, Refusal("Bad Request: RESULTS_TOO_MUCH")
	}
	answer := InlineAnswer{NextOffset: c.form.Text("next_offset")}
	if len(answer.NextOffset) > maxResultIDBytes {
		return nil, Refusal("Bad Request: NEXT_OFFSET_INVALID")
	}
	seen := map[string]bool{}
	for _, one := range raw {
		r, err := c.inlineResult(one)
		if err != nil {
			return nil, err
		}
		if seen[r.ID] {
			return nil, Refusal("Bad Request: RESULT_ID_DUPLICATE")
		}
		seen[r.ID] = true
		answer.Results = append(answer.Results, r)
	}
	if err := c.inlineButton(&answer); err != nil {
		return nil, err
	}
	q.answered, q.answer = true, answer
	delete(c.sim.state.inline, q.ID)
	c.sim.state.changed()
	return true, nil
}

func (c *call) inlineButton(a *InlineAnswer) error {
	var button struct {
		Text  string `json:"text"`
		Start string `json:"start_parameter"`
	}
	given, err := c.object("button", &button)
	if err != nil || !given {
		return err
	}
	if button.Text == "" || !validStart(button.Start) {
		return Refusal("Bad Request: START_PARAM_INVALID")
	}
	a.ButtonText, a.ButtonStart = button.Text, button.Start
	return nil
}

// wordBytes are the characters of a payload, and of the secret of a webhook.
const wordBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

// validStart checks a deep link's payload: 1 to 64 of A-Z a-z 0-9 _ and -.
func validStart(payload string) bool {
	return payload != "" && len(payload) <= maxStartRunes && strings.Trim(payload, wordBytes) == ""
}

func (c *call) inlineResult(raw json.RawMessage) (InlineResult, error) {
	var given struct {
		Type        string          `json:"type"`
		ID          string          `json:"id"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Markup      json.RawMessage `json:"reply_markup"`
		Content     struct {
			Text    string          `json:"message_text"`
			Mode    string          `json:"parse_mode"`
			Preview json.RawMessage `json:"link_preview_options"`
			Ents    json.RawMessage `json:"entities"`
		} `json:"input_message_content"`
	}
	if err := json.Unmarshal(raw, &given); err != nil {
		return InlineResult{}, badRequest("Can't parse inline query result: Inline query result must be an object")
	}
	switch {
	case given.Type != "article":
		return InlineResult{}, badRequest("Can't parse inline query result: type \"%s\" is unsupported for the inline query result", given.Type)
	case given.ID == "" || len(given.ID) > maxResultIDBytes:
		return InlineResult{}, Refusal("Bad Request: RESULT_ID_INVALID")
	case markup.OneLine(given.Title) == "":
		return InlineResult{}, Refusal("Bad Request: ARTICLE_TITLE_EMPTY")
	}
	inner := *c
	inner.form = botapi.Params{Values: map[string]string{
		"text": given.Content.Text, "parse_mode": given.Content.Mode,
		"entities": string(given.Content.Ents), "reply_markup": string(given.Markup),
		"link_preview_options": string(given.Content.Preview),
	}}
	text, err := inner.textOf()
	if err != nil {
		return InlineResult{}, err
	}
	keyboard, err := inner.keyboard(private, true)
	if err != nil {
		return InlineResult{}, err
	}
	m := text.message()
	m.Keyboard = keyboard
	return InlineResult{ID: given.ID, Title: given.Title, Description: given.Description, message: m}, nil
}
