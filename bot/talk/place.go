package talk

import "github.com/go-telegram/bot/models"

// Place is where a message is.
type Place struct {
	Chat      int64
	Message   int   // 0: the message is ephemeral
	ephemeral int   // its id if only Receiver sees it; 0: everybody does
	Receiver  int64 // user id
}

// placeOf returns where a message that was sent is.
func placeOf(m *models.Message) Place {
	at := Place{Chat: m.Chat.ID, Message: m.ID}
	if m.EphemeralMessageID != 0 && m.ReceiverUser != nil {
		at.ephemeral, at.Receiver = m.EphemeralMessageID, m.ReceiverUser.ID
	}
	return at
}
