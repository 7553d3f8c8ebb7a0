package sender

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tg "github.com/go-telegram/bot"
)

// ErrUnknownMethod means that the Bot API server is too old to know the method. The
// server answers with the same code as for a wrong token.
var ErrUnknownMethod = errors.New("the Bot API server does not know this method")

// EditEphemeralMessageText changes, as an answer to a person, a message that
// only one member of a group sees.
func (s *Sender) EditEphemeralMessageText(ctx context.Context, params *tg.EditEphemeralMessageTextParams) error {
	err := s.send(ctx, Interactive, chatOf(params.ChatID), func(ctx context.Context) error {
		_, err := s.API.EditEphemeralMessageText(ctx, params)
		return err
	})
	if IsUnknownMethod(err) {
		return fmt.Errorf("edit ephemeral message: %w", ErrUnknownMethod)
	}
	return err
}

// KnowsEphemeral asks the Bot API server whether it knows ephemeral messages. The
// question changes nothing. A server that does not know them ignores the parameters for
// them, and posts for everybody. A server that knows them may still be unable to send
// them: Bot API 10.2 had other parameters for that.
func (s *Sender) KnowsEphemeral(ctx context.Context, chat, user int64) (bool, error) {
	err := s.DeleteEphemeralMessage(ctx, chat, user, 0)
	switch {
	case IsUnknownMethod(err):
		return false, nil
	case err == nil, errors.Is(err, tg.ErrorBadRequest):
		return true, nil
	}
	return false, fmt.Errorf("ask for ephemeral messages: %w", err)
}

// DeleteEphemeralMessage deletes a message that only one member of a group sees. The
// limits for messages do not apply.
func (s *Sender) DeleteEphemeralMessage(ctx context.Context, chat, user int64, id int) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.API.DeleteEphemeralMessage(ctx, &tg.DeleteEphemeralMessageParams{ChatID: chat, ReceiverUserID: user, EphemeralMessageID: id})
	return err
}

// IsUnknownMethod reports whether an error is that of a Bot API server which does not know
// the method.
func IsUnknownMethod(err error) bool {
	return errors.Is(err, tg.ErrorNotFound) && strings.Contains(strings.ToLower(err.Error()), "method not found")
}
