package bot

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/desk"
	"digestbot/bot/replies"
	"digestbot/bot/talk"
)

// newReplies makes the Replies and the Desk, which tell each other how replies stand.
func newReplies(talker *talk.Talker, config Config) (*replies.Replies, *desk.Desk) {
	var d *desk.Desk
	letters := replies.New(talker, replies.Config{
		Target: config.Replies,
		Begin: func(begins func(s talk.Speaker) string) {
			d.BeginTrouble(desk.TroubleReplies, desk.Trouble{
				Begins: begins,
				Ends: func(s talk.Speaker, since time.Time) string {
					return s.HTML("reply.back", talk.Values{"Since": s.Moment(since)})
				},
			})
		},
		End: func() { d.EndTrouble(desk.TroubleReplies) },
	})
	d = desk.New(talker, desk.Config{Rate: config.Rate, Votes: config.Feedback, RefreshSources: config.Refresh, Waiting: letters.StatusLine})
	return letters, d
}

// isReply reports whether a message may be a reply to the editors. Commands are none, and
// neither are the words that people write instead of one, alone in a message.
func (b *Bot) isReply(c call, known bool, m *models.Message) bool {
	return b.replies.IsReply(m) && readCall(m).name == "" && (!known || c.args != "")
}

// takeReply takes a message that is a reply to the editors. It reports whether the message is.
func (b *Bot) takeReply(ctx context.Context, v talk.Visit, m *models.Message) bool {
	taken, err := b.replies.Take(ctx, v, m)
	if err != nil {
		b.talk.SayFailure(ctx, v, err)
	}
	return taken || err != nil
}

// takeAnswer takes a message of an editor that answers a reader. It reports whether the
// message does.
func (b *Bot) takeAnswer(ctx context.Context, m *models.Message) bool {
	return readCall(m).name == "" && b.replies.TakeAnswer(ctx, m)
}
