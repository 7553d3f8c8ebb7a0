package talk

import (
	"time"

	"github.com/go-telegram/bot/models"
)

// A person who asks for more than anybody can read is not answered for a while:
// each answer takes a slot that others wait for.
const (
	// patienceWindow is the time in which questions are counted together.
	patienceWindow = time.Minute
	// MaxMessages is how many messages of a person are answered in a patienceWindow,
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
	limit  int
	counts *Memory[int64, counted]
}

// counted is what a person asked in a window.
type counted struct {
	began     time.Time
	questions int
	told      bool // the person has heard of it, and has not slowed down since
}

// NewPatience returns a Patience that answers so many questions in a minute.
func NewPatience(limit int) *Patience {
	const memory = 2 * patienceWindow // after a whole window of silence nothing counts any more
	return &Patience{limit: limit, counts: NewMemory[int64, counted](maxAskers, memory)}
}

// Judge counts a question asked at that time. The first beyond the limit is TooFast;
// those after it are StillTooFast until the person has kept to the limit for a whole
// window.
func (p *Patience) Judge(who int64, at time.Time) (j Judgement) {
	p.counts.Change(who, at, func(s counted, known bool) counted {
		if !known {
			s.began = at
		}
		if at.Sub(s.began) >= patienceWindow {
			slow := s.questions <= p.limit || at.Sub(s.began) >= 2*patienceWindow
			s = counted{began: at, told: s.told && !slow}
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
