package feedback

import (
	"context"

	"digestbot/bot/talk"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/feedback"
)

// PressTally shows an admin how readers voted on an issue, in a new message.
func (f *Feedback) PressTally(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := f.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	return talk.Reply{Then: func(ctx context.Context) error {
		text, k, err := f.tally(ctx, p.Speaker, issue)
		if err == nil {
			f.Say(ctx, p.Visit, text, k)
		}
		return err
	}}, nil
}

// PressTallyAgain shows it afresh, in the same message.
func (f *Feedback) PressTallyAgain(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := f.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	return f.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return f.tally(ctx, p.Speaker, issue)
	}), nil
}

// maxLines bounds the sections of a tally, which has to fit into a message.
const maxLines = 40

// tally says how readers voted on an issue and on each of its sections.
func (f *Feedback) tally(ctx context.Context, s talk.Speaker, issue archive.Issue) (string, talk.Keyboard, error) {
	totals, err := f.Store.Feedback.Totals(ctx, issue.ID)
	if err != nil {
		return "", nil, err
	}
	up, down := feedback.Sum(totals)
	head := talk.Lines(s.HTML("vote.tally", talk.Values{"Up": up, "Down": down}), string(talk.IssueName(s, issue)))
	lines := []string{s.HTML("vote.nobody")}
	if len(totals) > 0 {
		lines = nil
	}
	for _, t := range totals[:min(len(totals), maxLines)] {
		name := talk.SectionLabel(s, archive.Section{Name: t.Name, Emoji: t.Emoji})
		lines = append(lines, s.HTML("vote.section", talk.Values{"Section": name, "Up": t.Up, "Down": t.Down}))
	}
	k := talk.Keyboard{talk.Row(talk.Button(s.Plain("button.refresh"), talk.ActTallyAgain, issue.ID))}
	return talk.Paragraphs(head, talk.Lines(lines...)), k, nil
}
