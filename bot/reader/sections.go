package reader

import (
	"context"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// PressSections sends the switches of the sections.
func (s *subscriptions) PressSections(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Then: func(ctx context.Context) error { return s.Sections(ctx, p.Visit, "") }}, nil
}

// PressResubscribe subscribes again after an unsubscription, and shows the switches.
func (s *subscriptions) PressResubscribe(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if _, err := switchOn(ctx, s.Store, p.Visit); err != nil {
		return talk.Reply{}, err
	}
	p.Sub.State = subscribers.On
	answer := s.SwitchesReply(p, 0)
	answer.Popup = p.Plain("press.subscribed")
	return answer, nil
}

// PressPage turns to another page of switches.
func (s *subscriptions) PressPage(_ context.Context, p talk.Press) (talk.Reply, error) {
	return s.SwitchesReply(p, p.Numbers[0]), nil
}

// PressMute switches a section on or off.
func (s *subscriptions) PressMute(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if err := s.Store.SetMuted(ctx, p.Sub.ID, p.Numbers[0], p.Numbers[1] == 1); err != nil {
		return talk.MissingReply(p, err)
	}
	return s.SwitchesReply(p, p.Numbers[2]), nil
}

// PressMuteAll switches all sections on or off.
func (s *subscriptions) PressMuteAll(ctx context.Context, p talk.Press) (talk.Reply, error) {
	err := s.Store.SetAllMuted(ctx, p.Sub.ID, p.Numbers[0] == 1)
	return s.SwitchesReply(p, p.Numbers[1]), err
}

// PressMuteOther switches on or off all sections that were in one issue only.
func (s *subscriptions) PressMuteOther(ctx context.Context, p talk.Press) (talk.Reply, error) {
	err := s.Store.SetOtherMuted(ctx, p.Sub.ID, p.Numbers[0] == 1)
	return s.SwitchesReply(p, p.Numbers[1]), err
}

// PressSectionsDone replaces the switches by a summary.
func (s *subscriptions) PressSectionsDone(_ context.Context, p talk.Press) (talk.Reply, error) {
	return s.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return s.switchSummary(ctx, p.Visit)
	}), nil
}

// SwitchesReply is the reply that shows a page of the switches where the button is.
func (s *subscriptions) SwitchesReply(p talk.Press, page int64) talk.Reply {
	return s.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return s.switches(ctx, p.Visit, int(page))
	})
}

// switchSummary says how many of the sections are on.
func (s *subscriptions) switchSummary(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	switches, err := s.Store.Switches(ctx, v.Sub.ID)
	if err != nil {
		return "", nil, err
	}
	on := countOn(switches)
	said := talk.Values{"On": on, "All": len(switches)}
	switch {
	case v.Sub.State != subscribers.On:
		return v.HTML("sections.summary_kept", said), subscribeKeyboard(v.Speaker), nil
	case on == 0 && len(switches) > 0:
		return v.HTML("sections.all_off"), allOnKeyboard(v.Speaker), nil
	default:
		return v.HTML("sections.summary", said), nil, nil
	}
}

// Sections sends the switches of the sections.
func (s *subscriptions) Sections(ctx context.Context, v talk.Visit, _ string) error {
	text, k, err := s.switches(ctx, v, 0)
	if err == nil {
		s.Say(ctx, v, text, k)
	}
	return err
}

// switches is the text and keyboard with which a chat chooses its sections.
func (s *subscriptions) switches(ctx context.Context, v talk.Visit, page int) (string, talk.Keyboard, error) {
	switches, err := s.Store.Switches(ctx, v.Sub.ID)
	if err != nil {
		return "", nil, err
	}
	if len(switches) == 0 {
		text := talk.Paragraphs(v.HTML("sections.none"), s.NextLine(v.Speaker))
		if v.Home != 0 {
			return text, talk.Keyboard{backRow(v)}, nil
		}
		return text, nil, nil
	}
	text, k := v.HTML("sections.title"), switchKeyboard(v.Speaker, switches, page)
	switch {
	case v.Home != 0:
		text = v.HTML("channel.sections")
	case v.Sub.State != subscribers.On:
		text, k = v.HTML("sections.title_kept"), append(k, subscribeKeyboard(v.Speaker)...)
	case countOn(switches) == 0:
		text = talk.Paragraphs(text, v.HTML("sections.all_off"))
	}
	if switches[len(switches)-1].Other {
		text = talk.Paragraphs(text, v.HTML("sections.one_off_hint"))
	}
	below, err := s.belowSwitches(ctx, v)
	return text, append(k, below...), err
}

// switchesPerPage keeps the keyboard lower than a phone's screen.
const switchesPerPage = 12

// switchKeyboard has a switch for each section of a page. For a page that does not exist
// it has the nearest one.
func switchKeyboard(s talk.Speaker, switches []subscribers.Switch, page int) talk.Keyboard {
	page, pages := talk.NearestPage(int64(page), len(switches), switchesPerPage)
	var k talk.Keyboard
	for _, w := range switches[page*switchesPerPage : min((page+1)*switchesPerPage, len(switches))] {
		mark, next := "✅", int64(1)
		if w.Muted {
			mark, next = "⬜", 0
		}
		if w.Other {
			k = append(k, talk.Row(talk.Button(mark+" "+s.Plain("sections.one_off"), talk.ActMuteOther, next, int64(page))))
			continue
		}
		k = append(k, talk.Row(talk.Button(mark+" "+talk.SectionName(s, w.Section), talk.ActMute, w.ID, next, int64(page))))
	}
	k = append(k, talk.Pager(page, pages, talk.ActPage)...)
	if len(switches) > 1 {
		k = append(k, talk.Row(
			talk.Button(s.Plain("button.all_on"), talk.ActMuteAll, 0, int64(page)),
			talk.Button(s.Plain("button.all_off"), talk.ActMuteAll, 1, int64(page)),
		))
	}
	return append(k, talk.Row(talk.Button(s.Plain("button.done"), talk.ActSectionsDone)))
}
