package bot

import (
	"time"

	"digestbot/bot/desk"
	"digestbot/bot/talk"
)

// PingTried tells admins once that a dead-man's switch does not take what it is told, and once
// that it does again, when err is nil.
func (b *Bot) PingTried(err error) {
	if err == nil {
		b.desk.EndTrouble(desk.TroublePing)
		return
	}
	text := b.talk.InShort(err)
	b.desk.BeginTrouble(desk.TroublePing, desk.Trouble{
		Quietly: true, // what goes wrong may change each time
		Begins:  func(s talk.Speaker) string { return s.HTML("notice.ping", talk.Values{"Error": text}) },
		Ends:    func(s talk.Speaker, _ time.Time) string { return s.HTML("notice.ping_fine") },
	})
}
