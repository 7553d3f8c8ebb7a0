package drafts

import (
	"context"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/rendition"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// maxPreview bounds the messages of a preview: a chat takes one a second.
const maxPreview = 50

// aloneIn calls show when no other preview is being sent to the chat of a visit.
func (d *Drafts) aloneIn(ctx context.Context, v talk.Visit, show func() error) error {
	talk.PassTurn(ctx)
	unlock, err := d.showing.Lock(ctx, v.Sub.Chat.ID)
	if err != nil {
		return err
	}
	defer unlock()
	return show()
}

// sendPreview sends the messages of a subject to the visitor as a reader gets them. Only the
// first rings. They have no buttons: those of an issue that is not in the archive would lead
// nowhere. It says which message Telegram refuses.
func (d *Drafts) sendPreview(ctx context.Context, v talk.Visit, s subject, to subscribers.Recipient, layout digest.Layout) error {
	view := rendition.View{Messages: s.messages, To: to, Layout: rendition.LayoutFor(s.messages, to, layout)}
	first, sent := true, 0
	for p := 0; p < len(s.messages); p++ {
		if view.Mutes(p) {
			continue
		}
		if sent++; sent > maxPreview {
			all := rendition.CountMessages(s.messages, to, view.Layout)
			d.Say(ctx, v, v.HTML("draft.cut", talk.Values{"Messages": v.Plain("count.messages", talk.Values{"Count": all - maxPreview})}), nil)
			return nil
		}
		if err := d.sendOne(ctx, v, view, p, first); err != nil {
			if !sender.Classify(err).IsRefusal() {
				return err
			}
			d.Say(ctx, v, v.HTML("draft.refused", talk.Values{"Message": p + 1, "Error": d.InShort(err)}), nil)
		}
		first, p = false, view.Reach(p)
	}
	return nil
}

// sendOne sends one message of a preview, without markup if Telegram refuses that.
func (d *Drafts) sendOne(ctx context.Context, v talk.Visit, view rendition.View, position int, rings bool) error {
	form := view.Form(position)
	for {
		r := view.Render(position, form, false)
		params := &tg.SendMessageParams{
			ChatID: v.Sub.Chat.ID, Text: r.Text, ParseMode: r.Mode, LinkPreviewOptions: r.Preview,
			DisableNotification: !rings, AllowPaidBroadcast: d.Paid,
		}
		var err error
		if r.Rich != "" {
			_, err = d.Sender.SendRichMessage(ctx, &tg.SendRichMessageParams{
				ChatID: params.ChatID, RichMessage: rendition.Rich(r.Rich, rendition.IsRightToLeft(view.Messages)),
				DisableNotification: !rings, AllowPaidBroadcast: d.Paid,
			})
		} else {
			_, err = d.Sender.SendMessage(ctx, params)
		}
		if sender.Classify(err).Kind != sender.ContentFault || form.Plain || r.Rich != "" {
			return err
		}
		form.Plain = true
	}
}

// links returns how many places an issue leads to.
func links(issue *digest.Issue) int {
	all := make(map[string]bool)
	for i := range issue.Sections {
		for _, link := range issue.Sections[i].Links() {
			all[link] = true
		}
	}
	for _, blocks := range [][]digest.Block{issue.Intro, issue.Credits} {
		for span := range digest.AllSpans(blocks) {
			if span.Link != "" {
				all[span.Link] = true
			}
		}
	}
	return len(all)
}

// items returns how many items an issue has.
func items(issue *digest.Issue) (n int) {
	for i := range issue.Sections {
		n += len(issue.Sections[i].Items)
	}
	return n
}
