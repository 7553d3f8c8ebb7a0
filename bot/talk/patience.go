package talk

import (
	"time"

	"github.com/go-telegram/bot/models"
)

// A person who asks for more than anybody can read is not answered for a while:
// each answer takes a slot that others wait for.
const (
	// patienceSpan is the time in which questions are counted together.
	patienceSpan = time.Minute
	// MaxMessages is how many messages of a person are answered in a patienceSpan,
	// MaxPresses how many presses of buttons: people who set switches tap fast.
	MaxMessages = 20
	MaxPresses  = 60
	// maxAskers bounds the people remembered.
	maxAskers = 10_000
)

// Judgement is what becomes of a question.
type Judgement int

// The judgements of Patience.
const (
	WithinLimit  Judgement = iota // answer it
	TooFast                       // the first beyond the limit: say so
	StillTooFast                  // say nothing
)

// Patience counts the questions of each person, or of each chat that speaks in
// its own name.
type Patience struct {
	limit int
	spans *Memory[int64, span]
}

// span is a stretch of time and what a person asked in it.
type span struct {
	began     time.Time
	questions int
	told      bool // the person has heard of it, and has not slowed down since
}

// NewPatience returns a Patience that answers so many questions in a minute.
func NewPatience(limit int) *Patience {
	const memory = 2 * patienceSpan // after a whole span of silence nothing counts any more
	return &Patience{limit: limit, spans: NewMemory[int64, span](maxAskers, memory)}
}

// Judge counts a question asked at that time. The first beyond the limit is TooFast;
// those after it are StillTooFast until the person has kept to the limit for a whole
// span.
func (p *Patience) Judge(who int64, at time.Time) (j Judgement) {
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
			j = WithinLimit
		case s.told:
			j = StillTooFast
		default:
			j, s.told = TooFast, true
		}
		return s
	})
	return j
}

// WriterID returns the id of the person or chat that wrote a message.
func WriterID(m *models.Message) int64 {
	switch {
	case m.SenderChat != nil:
		return m.SenderChat.ID
	case m.From != nil:
		return m.From.ID
	}
	return m.Chat.ID
}
