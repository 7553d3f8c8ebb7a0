// Package speed counts the messages of a bot and says when it sends too many, as Telegram
// does. It reads no clock: every message comes with its time.
package speed

import (
	"cmp"
	"time"
)

// Limits are the speeds that Telegram allows a bot, as strict windows: in no second does it
// take more than PerSecond messages. Every accepted message and every accepted edit of one
// counts (sendMessage, sendPhoto, sendDocument, sendRichMessage,
// editMessageText, editMessageCaption, editMessageReplyMarkup). Answers to buttons,
// deletions, getUpdates and all other methods do not count, nor do calls that are refused
// for another reason. The answer to a message too many is 429, with the seconds after which
// there is room again, rounded up. Until then that chat (or every chat, if the bot as a
// whole was too fast) is refused with what remains of the wait. More than
// 310 messages under way to one chat are refused for a minute.
type Limits struct {
	// Off switches all limits off.
	Off bool
	// PerSecond for the whole bot; 0 means 30.
	PerSecond int
	// PaidPerSecond is what allow_paid_broadcast raises PerSecond to; 0 means 1000. Each
	// message beyond PerSecond costs a tenth of a Star.
	PaidPerSecond int
	// ChatInterval is how far apart messages to one chat may be in the long run; 0 means
	// one second.
	ChatInterval time.Duration
	// ChatBurst is how many messages a chat takes at once if it got none for that many
	// intervals; 0 means 3. Telegram publishes no figure.
	ChatBurst int
	// GroupPerMinute also holds for each group, supergroup and channel; 0 means 20.
	GroupPerMinute int
}

func (l Limits) withDefaults() Limits {
	l.PerSecond = cmp.Or(l.PerSecond, 30)
	l.PaidPerSecond = cmp.Or(l.PaidPerSecond, 1000)
	l.ChatInterval = cmp.Or(l.ChatInterval, time.Second)
	l.ChatBurst = cmp.Or(l.ChatBurst, 3)
	l.GroupPerMinute = cmp.Or(l.GroupPerMinute, 20)
	return l
}

// Limiter applies Limits. It is not safe for concurrent use.
type Limiter struct {
	Limits
	all      window // messages of the last second
	until    time.Time
	chats    map[int64]*chatPace
	nextTidy time.Time
	underWay map[string]int // unfinished messages, per chat
}

// chatPace is how fast messages went to one chat.
type chatPace struct {
	due    time.Time // when the messages so far would have been due
	window window    // groups: messages of the last minute
	until  time.Time // a wait that was ordered
}

// NewLimiter returns a limiter for a bot that has sent nothing yet.
func NewLimiter(l Limits) Limiter {
	return Limiter{Limits: l.withDefaults(), chats: map[int64]*chatPace{}, underWay: map[string]int{}}
}

// maxUnderWay is how many unfinished messages to one chat Telegram accepts. Beyond that it
// orders a wait of crowdWait (tdlib/telegram-bot-api, Client.cpp).
const (
	maxUnderWay = 310
	crowdWait   = time.Minute
)

// Enter counts a message that is under way to a chat until Leave. It returns how long to
// wait if there are too many.
func (l *Limiter) Enter(chat string) (wait time.Duration) {
	if l.underWay[chat] >= maxUnderWay {
		return crowdWait
	}
	l.underWay[chat]++
	return 0
}

// Leave ends what Enter has counted.
func (l *Limiter) Leave(chat string) {
	if l.underWay[chat]--; l.underWay[chat] == 0 {
		delete(l.underWay, chat)
	}
}

// Verdict says what Telegram makes of one message.
type Verdict struct {
	Wait  time.Duration // in whole seconds; 0: accepted
	Early bool          // it came before an ordered wait was over
	Paid  bool          // accepted beyond the free speed
}

// Order orders a wait, for one chat or (chat 0) for all.
func (l *Limiter) Order(at time.Time, chat int64, wait time.Duration) {
	until := &l.until
	if chat != 0 {
		until = &l.pace(chat).until
	}
	if end := at.Add(wait); end.After(*until) {
		*until = end
	}
}

func (l *Limiter) pace(chat int64) *chatPace {
	pace := l.chats[chat]
	if pace == nil {
		pace = &chatPace{}
		l.chats[chat] = pace
	}
	return pace
}

// Accept counts a message to a chat at a moment, or says how long to wait.
func (l *Limiter) Accept(at time.Time, chat int64, paid bool) Verdict {
	l.tidy(at)
	if wait := l.until.Sub(at); wait > 0 {
		return Verdict{Wait: roundUp(wait), Early: true}
	}
	if l.Off && l.chats[chat] == nil {
		return Verdict{}
	}
	pace := l.pace(chat)
	if wait := pace.until.Sub(at); wait > 0 {
		return Verdict{Wait: roundUp(wait), Early: true}
	}
	if l.Off {
		return Verdict{}
	}
	if wait := roundUp(l.chatWait(at, chat, pace)); wait > 0 {
		l.Order(at, chat, wait)
		return Verdict{Wait: wait}
	}
	l.all.forget(at.Add(-time.Second))
	most := l.PerSecond
	if paid {
		most = max(most, l.PaidPerSecond)
	}
	if n := l.all.len(); n >= most {
		wait := roundUp(l.all.at(n - most).Add(time.Second).Sub(at))
		l.Order(at, 0, wait)
		return Verdict{Wait: wait}
	}
	beyond := l.all.len() >= l.PerSecond
	l.all.add(at)
	l.count(at, chat, pace)
	return Verdict{Paid: beyond}
}

func (l *Limiter) chatWait(at time.Time, chat int64, pace *chatPace) time.Duration {
	if pace.due.Before(at) {
		pace.due = at
	}
	wait := pace.due.Sub(at) - time.Duration(l.ChatBurst-1)*l.ChatInterval
	if chat > 0 {
		return wait
	}
	pace.window.forget(at.Add(-time.Minute))
	if pace.window.len() < l.GroupPerMinute {
		return wait
	}
	return max(wait, pace.window.at(0).Add(time.Minute).Sub(at))
}

func (l *Limiter) count(at time.Time, chat int64, pace *chatPace) {
	pace.due = pace.due.Add(l.ChatInterval)
	if chat < 0 {
		pace.window.add(at)
	}
}

// tidy forgets chats without recent messages, so that a million of them cost nothing.
func (l *Limiter) tidy(at time.Time) {
	if at.Before(l.nextTidy) {
		return
	}
	l.nextTidy = at.Add(10 * time.Second)
	for id, pace := range l.chats {
		pace.window.forget(at.Add(-time.Minute))
		if pace.due.Before(at) && pace.until.Before(at) && pace.window.len() == 0 {
			delete(l.chats, id)
		}
	}
}

// roundUp rounds a wait up to whole seconds, as Telegram does.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

// window is a queue of moments, oldest first.
type window struct {
	times []time.Time
	head  int
}

func (w *window) len() int           { return len(w.times) - w.head }
func (w *window) at(i int) time.Time { return w.times[w.head+i] }
func (w *window) add(t time.Time)    { w.times = append(w.times, t) }

// forget drops moments at or before t: a message exactly a second old no longer counts.
func (w *window) forget(t time.Time) {
	for w.head < len(w.times) && !w.times[w.head].After(t) {
		w.head++
	}
	if w.head > 64 && w.head > len(w.times)/2 {
		w.times = append(w.times[:0], w.times[w.head:]...)
		w.head = 0
	}
}
