package reader

import (
	"context"
	"errors"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// PressSubscribe subscribes the chat.
func (s *subscriptions) PressSubscribe(ctx context.Context, p talk.Press) (talk.Reply, error) {
	changed, err := switchOn(ctx, s.Store, p.Visit)
	if err != nil {
		return talk.Reply{}, err
	}
	// The second press of a double tap shows the same message, with the question that is
	// not answered yet.
	ask := p.Sub.LayoutAdvice == subscribers.NoAdvice || !changed && p.Sub.LayoutAdvice == subscribers.LayoutAsked
	r := s.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return s.subscribedNow(ctx, p.Visit, ask)
	})
	r.Popup = p.Plain("press.subscribed")
	return r, nil
}

// Subscribe subscribes the chat.
func (s *subscriptions) Subscribe(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := switchOn(ctx, s.Store, v)
	if err != nil {
		return err
	}
	show := s.justSubscribed
	if !changed {
		show = func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
			return subscribed(ctx, s.Talker, v, v.HTML("subscribe.already"))
		}
	}
	return s.SayView(ctx, v, show)
}

// SwitchOn subscribes the chat, and says nothing.
func (s *subscriptions) SwitchOn(ctx context.Context, v talk.Visit) error {
	_, err := switchOn(ctx, s.Store, v)
	return err
}

// SubscribeAt subscribes the chat, and says so in the place of a message.
func (s *subscriptions) SubscribeAt(ctx context.Context, v talk.Visit, at talk.Place) error {
	if _, err := switchOn(ctx, s.Store, v); err != nil {
		return err
	}
	text, k, err := s.justSubscribed(ctx, v)
	if err == nil {
		s.ShowAt(ctx, v, at, text, k)
	}
	return err
}

// switchOn subscribes the visitor's chat. A group gets issues in the language of the
// visitor who subscribed it.
func switchOn(ctx context.Context, store *subscribers.Store, v talk.Visit) (changed bool, err error) {
	chat := v.Sub.Chat
	chat.Language = v.Language
	_, changed, err = store.Subscribe(ctx, chat)
	return changed, err
}

// Unsubscribe ends the subscription of the chat; its choices stay.
func (s *subscriptions) Unsubscribe(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := s.Store.Unsubscribe(ctx, v.Sub.Chat.ID, v.Sub.Thread)
	if err != nil {
		return err
	}
	if !changed {
		s.Say(ctx, v, v.HTML("unsubscribe.already"), nil)
		return nil
	}
	s.Say(ctx, v, v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker))
	return nil
}

// PressUnsubscribe is Unsubscribe from the settings.
func (s *subscriptions) PressUnsubscribe(ctx context.Context, p talk.Press) (talk.Reply, error) {
	changed, err := s.Store.Unsubscribe(ctx, p.Sub.Chat.ID, p.Sub.Thread)
	if err != nil {
		return talk.Reply{}, err
	}
	if !changed {
		return notSubscribedReply(p), nil
	}
	return s.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) {
		return p.HTML("unsubscribe.done"), farewellKeyboard(p.Speaker), nil
	}), nil
}

// PressFarewell goes back from the pauses to the answer to /unsubscribe.
func (c *choices) PressFarewell(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		if v.Sub.State == subscribers.On {
			return subscribed(ctx, c.Talker, v, v.HTML("subscribe.done"))
		}
		return v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker), nil
	}), nil
}

// farewellKeyboard offers a reader who left ways back.
func farewellKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.undo"), talk.ActSubscribe), talk.Button(s.Plain("button.choose_sections"), talk.ActResubscribe)),
		talk.Row(talk.Button(s.Plain("button.pause_instead"), talk.ActPauses, int64(offeredInFarewell))),
	}
}

// Start welcomes, or does what a link t.me/<bot>?start=<args> asks for.
func (r *Reader) Start(ctx context.Context, v talk.Visit, args string) error {
	issue, isIssue := strings.CutPrefix(args, talk.StartIssue)
	in, section, isSection := readSectionLink(args)
	switch {
	case args == talk.StartSubscribe && !r.MayConfigure(ctx, v):
		return nil
	case args == talk.StartSubscribe:
		return r.Subscribe(ctx, v, "")
	case isIssue:
		return r.AskIssue(ctx, v, issue)
	case isSection:
		return r.startSection(ctx, v, in, section)
	case args == startSearch:
		return r.Search(ctx, v, "")
	}
	return r.SayView(ctx, v, r.welcome)
}

// welcome says what the bot is and what the chat gets.
func (r *Reader) welcome(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	switch {
	case v.Sub.State == subscribers.On && v.Sub.IsPaused(time.Now()):
		return r.pauseView(offeredAlone)(ctx, v)
	case v.Sub.State == subscribers.On:
		return r.welcomeBack(ctx, v)
	case !v.Private():
		text, k := Greeting(v)
		return text, k, nil
	}
	newest, err := r.newestLine(ctx, v)
	if err != nil {
		return "", nil, err
	}
	k := subscribeKeyboard(v.Speaker)
	if newest != "" {
		k[0] = append(k[0], talk.Button(v.Plain("button.see_latest"), talk.ActLatest))
	}
	heading := talk.Paragraphs(v.HTML("start.welcome", talk.Values{"Bot": v.Bot()}), v.Sentence())
	off, err := allOff(ctx, r.Talker, v)
	if err != nil || off != "" {
		return talk.Paragraphs(heading, off, newest), append(allOnKeyboard(v.Speaker), k...), err
	}
	if newest == "" {
		newest = v.HTML("latest.none")
	}
	return talk.Paragraphs(heading, v.HTML("start.about"), talk.Lines(newest, r.NextLine(v.Speaker))), k, nil
}

// welcomeBack welcomes a chat that is subscribed.
func (r *Reader) welcomeBack(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	newest, err := r.newestLine(ctx, v)
	if err != nil {
		return "", nil, err
	}
	heading := v.HTML("start.back", talk.Values{"Bot": v.Bot()})
	if !v.Private() {
		heading = talk.Paragraphs(Hello(v), v.HTML("subscribe.already"))
	}
	text, k, err := subscribed(ctx, r.Talker, v, heading)
	return talk.Lines(text, newest), k, err
}

// newestLine names the newest issue; empty: there is none.
func (r *Reader) newestLine(ctx context.Context, v talk.Visit) (string, error) {
	newest, err := r.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return v.HTML("start.newest", talk.Values{"Issue": talk.SafeHTML(talk.ArchiveLine(v.Speaker, newest))}), nil
}

// Greeting tells a group what the bot is and what to do, with buttons for that.
func Greeting(v talk.Visit) (string, talk.Keyboard) {
	about := talk.Button(v.Plain("button.about"), talk.ActAbout)
	if !v.Forum {
		return talk.Paragraphs(Hello(v), v.HTML("start.group")),
			talk.Keyboard{talk.Row(talk.Button(v.Plain("button.subscribe_here"), talk.ActSubscribe)), talk.Row(about)}
	}
	here := v.Plain("button.subscribe_here")
	if v.Thread != 0 {
		here = v.Plain("button.subscribe_topic")
	}
	return talk.Paragraphs(Hello(v), v.HTML("start.group"), v.HTML("start.forum")), talk.Keyboard{
		talk.Row(talk.Button(here, talk.ActSubscribe)),
		talk.Row(talk.Button(v.Plain("button.elsewhere"), talk.ActElsewhere), about),
	}
}

// Hello says to a group or channel what the bot is.
func Hello(v talk.Visit) string {
	return talk.Paragraphs(v.HTML("start.hello", talk.Values{"Bot": v.Bot()}), v.Sentence())
}

// Help says what the commands are.
func (s *subscriptions) Help(ctx context.Context, v talk.Visit, _ string) error {
	write := ""
	if v.Private() {
		write = v.HTML("help.write")
		if s.takesReplies {
			write = talk.Lines(write, v.HTML("reply.hint"))
		}
	}
	text := talk.Paragraphs(v.HTML("help.reader"), write, v.HTML("help.hosts"))
	if v.Private() && s.IsBotAdmin(v.User) {
		text = talk.Paragraphs(text, v.HTML("help.admin"))
		if s.IsOwner(v.User) {
			text = talk.Lines(text, v.HTML("help.owner"))
		}
	}
	s.Say(ctx, v, text, nil)
	return nil
}

// subscribeKeyboard offers to subscribe.
func subscribeKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.subscribe"), talk.ActSubscribe))}
}
