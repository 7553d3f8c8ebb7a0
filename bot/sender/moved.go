package sender

import (
	"context"
	"sync"
)

// moves are the new ids of the groups that have become supergroups since the program
// began, by their old ids. What was asked in the old group is answered in the new one.
type moves struct {
	mu sync.Mutex
	to map[int64]int64
}

// MovedTo returns the new id of a group that has become a supergroup; 0: the group is
// not known to have become one.
func (s *Sender) MovedTo(chat int64) int64 {
	s.moves.mu.Lock()
	defer s.moves.mu.Unlock()
	return s.moves.to[chat]
}

// NoteMove notes that a group has become a supergroup. Its subscribers move there.
func (s *Sender) NoteMove(ctx context.Context, from, to int64) error {
	s.moves.mu.Lock()
	if s.moves.to == nil {
		s.moves.to = make(map[int64]int64)
	}
	s.moves.to[from] = to
	s.moves.mu.Unlock()
	return s.store.MoveChat(ctx, from, to)
}

// follow sends something new to a chat. If the chat is a group that has become a
// supergroup meanwhile, it notes that and sends to the supergroup. Edits must not follow
// a group: in the supergroup the ids of its messages belong to other messages.
func (s *Sender) follow(ctx context.Context, chat int64, send func(chat int64) error) error {
	if to := s.MovedTo(chat); to != 0 {
		chat = to
	}
	err := send(chat)
	r := Classify(err)
	if r.Kind != Moved {
		return err
	}
	if err := s.NoteMove(ctx, chat, r.MovedTo); err != nil {
		s.log.Error("a group's new id cannot be stored", "chat", chat, "err", err) // the answer matters more
	}
	return send(r.MovedTo)
}
