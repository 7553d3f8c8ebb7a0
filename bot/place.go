package bot

import "github.com/go-telegram/bot/models"

// place is where a message is.
type place struct {
	chat      int64
	message   int   // 0: an ephemeral one
	ephemeral int   // the id of a message that only receiver sees; 0: everybody does
	receiver  int64 // user id
}

// placeOf is where a message that was sent is.
func placeOf(m *models.Message) place {
	at := place{chat: m.Chat.ID, message: m.ID}
	if m.EphemeralMessageID != 0 && m.ReceiverUser != nil {
		at.ephemeral, at.receiver = m.EphemeralMessageID, m.ReceiverUser.ID
	}
	return at
}
