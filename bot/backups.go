package bot

import (
	"time"

	"digestbot/bot/desk"
	"digestbot/bot/talk"
)

// BackupTried tells admins once that backups fail, and once that they work again, when err
// is nil.
func (b *Bot) BackupTried(err error) {
	if err == nil {
		b.desk.EndTrouble(desk.TroubleBackup)
		return
	}
	text := b.talk.InShort(err)
	b.desk.BeginTrouble(desk.TroubleBackup, desk.Trouble{
		Quietly: true, // how much room there is changes
		Begins:  func(s talk.Speaker) string { return s.HTML("notice.backup", talk.Values{"Error": text}) },
		Ends:    func(s talk.Speaker, _ time.Time) string { return s.HTML("notice.backup_fine") },
	})
}
