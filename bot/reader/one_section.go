package reader

import (
	"context"
	"strings"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// maxChoices bounds a keyboard of sections: Telegram shows at most 100 buttons.
const maxChoices = 90

// matchSections returns the sections that a name may mean: the one with that name, or
// else those whose names begin with it, or else those whose names contain it.
func matchSections(sections []subscribers.Section, name string) []subscribers.Section {
	key := digest.SectionKey(name)
	if key == "" {
		return nil
	}
	for _, fits := range []func(s, key string) bool{
		func(s, key string) bool { return s == key }, strings.HasPrefix, strings.Contains,
	} {
		var fit []subscribers.Section
		for _, s := range sections {
			if fits(s.Key, key) {
				fit = append(fit, s)
			}
		}
		if len(fit) > 0 {
			return fit
		}
	}
	return nil
}

// partKeyboard has a button for each of an issue's sections.
func partKeyboard(s talk.Speaker, issue subscribers.Issue, sections []subscribers.Section) talk.Keyboard {
	var k talk.Keyboard
	for _, section := range sections[:min(len(sections), maxChoices)] {
		name := talk.SectionName(s, section)
		if section.Emoji != "" {
			name = section.Emoji + " " + name
		}
		k = append(k, talk.Row(talk.Button(talk.Label(name, talk.ButtonUnits), talk.ActPart, issue.ID, section.ID)))
	}
	return k
}

// PressPart sends one section of an issue.
func (a *archive) PressPart(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := a.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.Missing(p, err)
	}
	if issue.Withdrawn {
		return talk.Withdrawn(p), nil
	}
	messages, err := a.Store.SectionMessages(ctx, issue, p.Numbers[1])
	if err != nil {
		return talk.Reply{}, err
	}
	if len(messages) == 0 { // the issue has been corrected since
		return talk.OutOfDate(p), nil
	}
	return talk.Reply{Notice: p.Plain("press.on_its_way"), Then: func(ctx context.Context) error {
		return a.sayMessages(ctx, p.Visit, issue, messages)
	}}, nil
}

// saySection sends a section's messages.
func (a *archive) saySection(ctx context.Context, v talk.Visit, issue subscribers.Issue, section int64) error {
	messages, err := a.Store.SectionMessages(ctx, issue, section)
	if err != nil {
		return err
	}
	return a.sayMessages(ctx, v, issue, messages)
}
