package hosts

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// The readers of a channel see all that is posted there. So its admins change its settings
// in their private chats: the buttons there name the channel, and each press is checked.
// In the channel stands at most a short note with a link, for a while.

// Channels shows the groups and channels that a person can set up.
func (h *Hosts) Channels(ctx context.Context, v talk.Visit, _ string) error {
	if !v.Private() {
		v.Quiet = true
		h.talk.Say(ctx, v, v.HTML("hosts.elsewhere"), talk.Keyboard{
			talk.Row(talk.LinkButton(v.Plain("button.hosts"), h.talk.StartLink(talk.StartHosts))),
		})
		return nil
	}
	return h.talk.SayView(ctx, v, h.hostsView)
}

// PressHosts is Channels where the button is.
func (h *Hosts) PressHosts(_ context.Context, p talk.Press) (talk.Reply, error) {
	if !p.Private() {
		return talk.OutOfDateReply(p), nil
	}
	return h.talk.ViewReply(p, h.hostsView), nil
}

// hostsView lists the channels that a person manages, and leads to more.
func (h *Hosts) hostsView(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	channels, err := h.managed(ctx, v)
	if err != nil {
		return "", nil, err
	}
	var k talk.Keyboard
	for _, channel := range channels {
		k = append(k, talk.Row(talk.ChannelButton("📢 "+talk.Label(channel.Title, talk.ButtonUnits), channel.Chat.ID)))
	}
	text := v.HTML("hosts.none")
	if len(channels) > 0 {
		text = v.HTML("hosts.choose")
	}
	k = append(k,
		talk.Row(talk.LinkButton(v.Plain("button.add_group"), h.talk.AddToGroupLink())),
		talk.Row(talk.LinkButton(v.Plain("button.add_channel"), h.talk.AddToChannelLink())),
		talk.Row(talk.Button(v.Plain("button.settings"), talk.ActSettings)),
	)
	return talk.Paragraphs(v.HTML("hosts.title"), text), k, nil
}

// managed returns the channels that a person manages as far as is known, without those of
// which Telegram does not say so now.
func (h *Hosts) managed(ctx context.Context, v talk.Visit) (channels []subscribers.Subscriber, err error) {
	known, err := h.talk.Store.ManagedChannels(ctx, v.User)
	if err != nil {
		return nil, err
	}
	talk.PassTurn(ctx) // Telegram is asked about each
	for _, channel := range known {
		about, err := h.talk.ChannelVisit(ctx, v, channel.Chat.ID)
		if err != nil {
			continue // forgotten in the meantime
		}
		why, outsider := h.talk.Denial(ctx, about)
		if outsider {
			err = h.talk.Store.DropManager(ctx, v.User, channel.Chat.ID)
		}
		if err != nil {
			return nil, err
		}
		if why == "" {
			channels = append(channels, channel)
		}
	}
	return channels, nil
}

// openChannel shows the settings of a channel to a person who manages it. name is a channel
// as talk.ParseChannel reads it.
func (h *Hosts) openChannel(ctx context.Context, v talk.Visit, name string) error {
	channel, _ := talk.ParseChannel(name) // 0 is no channel
	about, err := h.talk.ChannelVisit(ctx, v, channel)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		h.talk.Say(ctx, v, v.HTML("rights.channel"), nil)
		return nil
	case err != nil:
		return err
	}
	if why, _ := h.talk.Denial(ctx, about); why != "" {
		h.talk.Say(ctx, v, talk.Escape(why), nil)
		return nil
	}
	if err := h.talk.Store.NoteManager(ctx, v.User, channel); err != nil {
		return err
	}
	h.removeNotes(ctx, channel)
	return h.talk.SayView(ctx, about, h.reader.SettingsView)
}

// InChannel does what a command that was posted in a channel asks for, if it is about the
// settings: it subscribes or unsubscribes the channel, or adds words, and leads its admins
// to all else. Nobody knows who posted it.
func (h *Hosts) InChannel(ctx context.Context, v talk.Visit, command, args string) error {
	text := v.HTML("channel.note")
	switch command {
	case "mute", "highlight":
		why, err := h.reader.SaveWords(ctx, v, args, command == "highlight")
		if err != nil && !errors.Is(err, subscribers.ErrTooManyWords) {
			return err
		}
		if why == "" && args != "" {
			why = v.HTML("press.saved")
		}
		text = talk.Paragraphs(why, text)
	case "subscribe":
		if err := h.reader.SwitchOn(ctx, v); err != nil {
			return err
		}
		text = talk.Lines(v.HTML("subscribe.done"), text)
	case "unsubscribe":
		if _, err := h.talk.Store.Unsubscribe(ctx, v.Sub.Chat.ID, 0); err != nil {
			return err
		}
		text = talk.Lines(v.HTML("channel.unsubscribed"), text)
	}
	h.postNote(ctx, v, text)
	return nil
}

// RemovePost removes a command from a channel, if the bot may.
func (h *Hosts) RemovePost(ctx context.Context, m *models.Message) {
	if err := h.talk.Sender.DeleteMessage(ctx, m.Chat.ID, m.ID); err != nil {
		h.talk.Log.Debug("a command stays in the channel", "chat", m.Chat.ID, "err", err)
	}
}

// ChannelReply is the reply to a press about a channel: after what changes more than one
// choice come the settings.
func (h *Hosts) ChannelReply(p talk.Press, r talk.Reply) talk.Reply {
	paused := p.Sub.State == subscribers.On && p.Sub.IsPaused(time.Now())
	switch {
	case r.Alert:
		return r // nothing was done
	case p.Action == talk.ActForget:
		r.Show = h.talk.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) {
			return p.HTML("channel.forgotten"), talk.Keyboard{talk.Row(talk.Button(p.Plain("button.hosts"), talk.ActHosts))}, nil
		}).Show
	case p.Action == talk.ActPauses && !paused:
		return r
	case showsSettings[p.Action]:
		r.Show, r.Then = h.talk.ViewReply(p, h.reader.SettingsView).Show, nil
	}
	return r
}

// showsSettings are the actions after which the settings of a channel are shown. In the
// private chat of a reader they show something about that reader.
var showsSettings = map[talk.Action]bool{
	talk.ActSubscribe: true, talk.ActUnsubscribe: true, talk.ActResubscribe: true, talk.ActFarewell: true, talk.ActSectionsDone: true,
	talk.ActSettingsDone: true, talk.ActAnswerLayout: true, talk.ActPauses: true, talk.ActPauseFor: true, talk.ActResumeNow: true,
	talk.ActTopics: true, talk.ActTopicsDone: true,
}
