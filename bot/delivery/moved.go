package delivery

import (
	"context"
	"sync"
)

// moves are the groups that have become supergroups since the program began, by
// their old ids. What was asked for in one before is answered after.
type moves struct {
	mu sync.Mutex
	to map[int64]int64
}

// MovedTo returns the new id of a group that has become a supergroup; 0: nothing
// is known of that.
func (s *Sender) MovedTo(chat int64) int64 {
	s.moves.mu.Lock()
	defer s.moves.mu.Unlock()
	return s.moves.to[chat]
}

// NoteMove follows a group that has become a supergroup: its subscribers move.
func (s *Sender) NoteMove(ctx context.Context, from, to int64) error {
	s.moves.mu.Lock()
	if s.moves.to == nil {
		s.moves.to = make(map[int64]int64)
	}
	s.moves.to[from] = to
	s.moves.mu.Unlock()
	return s.store.MoveChat(ctx, from, to)
}

// follow gets something new through to a chat. When the chat is a group that has
// become a supergroup in the meantime, the move is noted and it goes there. Edits
// do not follow: in a supergroup their messages' ids are other messages'.
func (s *Sender) follow(ctx context.Context, chat int64, send func(chat int64) error) error {
	if to := s.MovedTo(chat); to != 0 {
		chat = to
	}
	err := send(chat)
	o := Classify(err)
	if o.Kind != Moved {
		return err
	}
	if err := s.NoteMove(ctx, chat, o.MovedTo); err != nil {
		s.log.Error("a group's new id cannot be noted", "chat", chat, "err", err) // the answer matters more
	}
	return send(o.MovedTo)
}
