package talk

import (
	"sync"
	"time"

	"github.com/go-telegram/bot/models"
)

// Whoever asks for more than a person can read is not answered for a while:
// each answer takes a slot that others wait for.
const (
	// patienceSpan is the time in which questions are counted.
	patienceSpan = time.Minute
	// MaxMessages is how many messages of a person are answered in a
	// patienceSpan, maxPresses how many presses of buttons: who sets switches
	// taps fast.
	MaxMessages = 20
	MaxPresses  = 60
	// maxAskers bounds the people remembered; at that number all whose span is
	// over are forgotten, or else everybody.
	maxAskers = 10_000
)

// patienceVerdict is what patience says of a question.
type patienceVerdict int

// What becomes of a question.
const (
	answerIt   patienceVerdict = iota
	SayTooFast                 // once
	PassOver                   // it was said before
)

// Patience counts the questions of each person, or of a chat that speaks in
// its own name.
type Patience struct {
	limit int

	mu    sync.Mutex
	spans map[int64]*span
}

// span is a stretch of time with what somebody asked for in it.
type span struct {
	began     time.Time
	questions int
	told      bool // that this is too fast, and has not slowed down since
}

// NewPatience returns a Patience that answers so many questions in a minute.
func NewPatience(limit int) *Patience {
	return &Patience{limit: limit, spans: make(map[int64]*span)}
}

// Judge counts a question asked at that time. Of those beyond the limit, the
// first is worth a word; after that there is silence until the person has kept
// to the limit for a whole span.
func (p *Patience) Judge(who int64, at time.Time) patienceVerdict {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.spans[who]
	if s == nil {
		p.makeRoomLocked(at)
		s = &span{began: at}
		p.spans[who] = s
	}
	if at.Sub(s.began) >= patienceSpan {
		slow := s.questions <= p.limit || at.Sub(s.began) >= 2*patienceSpan
		s.began, s.questions, s.told = at, 0, s.told && !slow
	}
	s.questions++
	switch {
	case s.questions <= p.limit:
		return answerIt
	case s.told:
		return PassOver
	}
	s.told = true
	return SayTooFast
}

func (p *Patience) makeRoomLocked(at time.Time) {
	if len(p.spans) < maxAskers {
		return
	}
	for who, s := range p.spans {
		if at.Sub(s.began) >= patienceSpan {
			delete(p.spans, who)
		}
	}
	if len(p.spans) >= maxAskers {
		clear(p.spans)
	}
}

// AskerOf is who wrote a message, for patience.
func AskerOf(m *models.Message) int64 {
	switch {
	case m.SenderChat != nil:
		return m.SenderChat.ID
	case m.From != nil:
		return m.From.ID
	}
	return m.Chat.ID
}
