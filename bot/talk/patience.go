package talk

import (
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
	// maxAskers bounds the people remembered.
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
	spans *Memory[int64, span]
}

// span is a stretch of time with what somebody asked for in it.
type span struct {
	began     time.Time
	questions int
	told      bool // that this is too fast, and has not slowed down since
}

// NewPatience returns a Patience that answers so many questions in a minute.
func NewPatience(limit int) *Patience {
	const memory = 2 * patienceSpan // after a whole one of silence nothing counts any more
	return &Patience{limit: limit, spans: NewMemory[int64, span](maxAskers, memory)}
}

// Judge counts a question asked at that time. Of those beyond the limit, the
// first is worth a word; after that there is silence until the person has kept
// to the limit for a whole span.
func (p *Patience) Judge(who int64, at time.Time) (verdict patienceVerdict) {
	p.spans.Change(who, at, func(s span, known bool) span {
		if !known {
			s.began = at
		}
		if at.Sub(s.began) >= patienceSpan {
			slow := s.questions <= p.limit || at.Sub(s.began) >= 2*patienceSpan
			s = span{began: at, told: s.told && !slow}
		}
		s.questions++
		switch {
		case s.questions <= p.limit:
			verdict = answerIt
		case s.told:
			verdict = PassOver
		default:
			verdict, s.told = SayTooFast, true
		}
		return s
	})
	return verdict
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
