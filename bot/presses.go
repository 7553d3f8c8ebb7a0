package bot

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// handlePress handles the press of a button. Every press is answered, because the button
// looks stuck until then. Only a person who presses far too often gets no answer.
func (b *Bot) handlePress(ctx context.Context, q *models.CallbackQuery) {
	if !talk.IsAnswered(ctx) && b.stopFlood(ctx, q) {
		return
	}
	p, r, err := b.doPress(ctx, q)
	if err != nil {
		b.talk.Answer(ctx, q, talk.Reply{})
		b.talk.SayFailure(ctx, p.Visit, err)
		return
	}
	b.talk.Answer(ctx, q, r)
	if r.Then != nil {
		if err := r.Then(ctx); err != nil {
			b.talk.SayFailure(ctx, p.Visit, err)
		}
	}
	if r.Show != nil {
		b.talk.Screens.Show(ctx, p.Place(), func(ctx context.Context) {
			if err := r.Show(ctx); err != nil {
				b.talk.SayFailure(ctx, p.Visit, err)
			}
		})
	}
}

// answerEarly answers a press whose turn to be handled has not come. It is not known
// what the press will do, so the answer says nothing of that: the message with the button
// will show it. done: nothing more is to be done about the press.
func (b *Bot) answerEarly(ctx context.Context, u *models.Update) (done bool) {
	defer b.recoverPanic(u)
	q := u.CallbackQuery
	done = b.stopFlood(ctx, q)
	if !done {
		_, why, err := b.readPress(ctx, q)
		if err != nil {
			b.talk.Log.Error("a press is answered without a check of the right to it", "err", err)
		}
		b.talk.Answer(ctx, q, why)
		done = why.IsFinal()
	}
	if done && ctx.Err() == nil {
		b.noteHandled(ctx, u.ID)
	}
	return done
}

// stopFlood reports whether the press is one of far too many. It tells the person once.
func (b *Bot) stopFlood(ctx context.Context, q *models.CallbackQuery) bool {
	switch b.pressPatience.Judge(q.From.ID, time.Now()) {
	case talk.StillTooFast:
		return true
	case talk.TooFast:
		b.talk.Answer(ctx, q, talk.Reply{Popup: b.talk.SpeakerOfPress(ctx, q).Plain("flood.slow_down"), Alert: true})
		return true
	}
	return false
}

// doPress reads a press, checks the right to it and does what it asks for.
func (b *Bot) doPress(ctx context.Context, q *models.CallbackQuery) (talk.Press, talk.Reply, error) {
	p, why, err := b.readPress(ctx, q)
	if err != nil || why.IsFinal() {
		return p, why, err
	}
	what := b.presses[p.Action]
	if what.by == chatAdmins && p.Sub.Kind == subscribers.Channel && p.Home == 0 {
		return p, talk.Reply{Link: b.talk.ChannelLink(p.Sub.Chat.ID)}, nil // not before the readers
	}
	r, err := what.run(ctx, p)
	if err == nil && p.Home != 0 {
		r = b.hosts.ChannelReply(p, r)
	}
	return p, r, err
}

// readPress reads a press and checks the right to it. A reply that is final says why
// nothing is to be done.
func (b *Bot) readPress(ctx context.Context, q *models.CallbackQuery) (talk.Press, talk.Reply, error) {
	c, ok := talk.ParseCallback(q.Data)
	what, known := b.presses[c.Action]
	ok = ok && known && len(c.Numbers) == what.numbers // else it is made up, or from another version
	ok = ok && (c.Channel == 0 || what.by == chatAdmins)
	m := q.Message.Message
	if !ok || m == nil || talk.IsForAnother(m, q.From.ID) || b.isLeftBehind(m, c.Action) {
		return talk.Press{}, talk.Reply{Popup: b.talk.SpeakerOfPress(ctx, q).Plain("press.old"), Alert: true}, nil
	}
	v, err := b.pressVisit(ctx, q, c.Channel)
	if errors.Is(err, subscribers.ErrNotFound) {
		return talk.Press{}, talk.Reply{Popup: v.Plain("rights.channel"), Alert: true}, nil
	}
	if err != nil {
		return talk.Press{}, talk.Reply{}, err
	}
	p := talk.Press{Visit: v, Message: m.ID, Under: m, Action: c.Action, Numbers: c.Numbers, Ephemeral: m.EphemeralMessageID}
	if why := b.pressDenial(ctx, p); why.IsFinal() {
		return p, why, nil
	}
	if b.isLeftBehind(m, c.Action) { // pressDenial may just have found that out
		return p, talk.OutOfDateReply(p), nil
	}
	return p, talk.Reply{}, nil
}

// pressVisit makes the visit of a press, about the chat in which the button is or about a
// channel; 0: none. The error is subscribers.ErrNotFound if there is no such channel.
func (b *Bot) pressVisit(ctx context.Context, q *models.CallbackQuery, channel int64) (talk.Visit, error) {
	m := q.Message.Message
	v, err := b.talk.VisitOf(ctx, m, &q.From)
	if err != nil {
		return talk.Visit{}, err
	}
	v.Query, v.Quiet = q.ID, m.EphemeralMessageID != 0
	if channel == 0 {
		return v, nil
	}
	return b.talk.ChannelVisit(ctx, v, channel)
}

// isLeftBehind reports whether the message with the button is in a group that has become
// a supergroup. Apps show it there, above the newer ones, but nobody can change it any
// more, and the group's choices have moved. Unfolding still works: the section comes as a
// message of its own.
func (b *Bot) isLeftBehind(m *models.Message, act talk.Action) bool {
	return b.talk.Sender.MovedTo(m.Chat.ID) != 0 && act != talk.ActUnfold
}

// pressDenial returns the reply to a person who may not press this; one that is not final:
// the person may. Anybody can send any data, so every press is checked. A member of a
// group who wants to subscribe is led to the private chat.
func (b *Bot) pressDenial(ctx context.Context, p talk.Press) talk.Reply {
	switch by := b.presses[p.Action].by; {
	case by == botAdmins:
		if !b.talk.IsBotAdmin(p.User) || !p.Private() || p.Sub.Chat.ID != p.User {
			return talk.Reply{Popup: p.Plain("rights.admin"), Alert: true}
		}
		return talk.Reply{}
	case by == anybody && talk.IsOffered(p):
		return talk.Reply{}
	}
	why, outsider := b.talk.Denial(ctx, p.Visit)
	if outsider && p.Home == 0 && p.Action == talk.ActSubscribe {
		return talk.Reply{Link: b.talk.StartLink(talk.StartSubscribe)}
	}
	return talk.Reply{Popup: why, Alert: true}
}

// permission says who may press a button.
type permission int

const (
	botAdmins  permission = iota // in their private chat with the bot
	chatAdmins                   // those who may change what the chat has chosen
	anybody                      // where the button is, see talk.IsOffered; else as chatAdmins
)

// pressHandler is what a button does.
type pressHandler struct {
	numbers int // how many it carries
	by      permission
	run     func(ctx context.Context, p talk.Press) (talk.Reply, error)
}

// pressTable holds every action.
func (b *Bot) pressTable() map[talk.Action]pressHandler {
	r, d := b.reader, b.desk
	return map[talk.Action]pressHandler{
		talk.ActSubscribe:    {0, chatAdmins, r.PressSubscribe},
		talk.ActUnsubscribe:  {0, chatAdmins, r.PressUnsubscribe},
		talk.ActAbout:        {0, anybody, b.hosts.PressAbout},
		talk.ActElsewhere:    {0, anybody, b.hosts.PressElsewhere},
		talk.ActLatest:       {0, anybody, r.PressLatest},
		talk.ActSections:     {0, chatAdmins, r.PressSections},
		talk.ActResubscribe:  {0, chatAdmins, r.PressResubscribe},
		talk.ActPage:         {1, chatAdmins, r.PressPage},
		talk.ActMute:         {3, chatAdmins, r.PressMute},
		talk.ActMuteAll:      {2, chatAdmins, r.PressMuteAll},
		talk.ActSectionsDone: {0, chatAdmins, r.PressSectionsDone},
		talk.ActTopics:       {1, chatAdmins, r.PressTopics},
		talk.ActTopicsDone:   {0, chatAdmins, r.PressTopicsDone},
		talk.ActMuteOther:    {2, chatAdmins, r.PressMuteOther},
		talk.ActIssues:       {1, anybody, r.PressIssues},
		talk.ActIssue:        {1, anybody, r.PressIssue},
		talk.ActPart:         {2, anybody, r.PressPart},
		talk.ActFind:         {1, anybody, r.PressFind},
		talk.ActHit:          {5, anybody, r.PressHit},
		talk.ActOpenShare:    {1, anybody, r.PressOpenShare},
		talk.ActShare:        {2, anybody, r.PressShare},
		talk.ActUnfold:       {3, anybody, r.PressUnfold},
		talk.ActFoldUp:       {2, anybody, r.PressFoldUp},

		talk.ActSettings:     {0, chatAdmins, r.PressSettings},
		talk.ActOpenSettings: {0, chatAdmins, r.PressOpenSettings},
		talk.ActSettingsDone: {0, chatAdmins, r.PressSettingsDone},
		talk.ActLayouts:      {0, chatAdmins, r.PressLayouts},
		talk.ActSetLayout:    {1, chatAdmins, r.PressSetLayout},
		talk.ActOpenLayouts:  {0, chatAdmins, r.PressOpenLayouts},
		talk.ActAnswerLayout: {1, chatAdmins, r.PressAnswerLayout},
		talk.ActLanguages:    {0, chatAdmins, r.PressLanguages},
		talk.ActSetLanguage:  {1, chatAdmins, r.PressSetLanguage},
		talk.ActSetSilent:    {1, chatAdmins, r.PressSetSilent},
		talk.ActSetPreviews:  {1, chatAdmins, r.PressSetPreviews},
		talk.ActOften:        {0, chatAdmins, r.PressOften},
		talk.ActSetOften:     {1, chatAdmins, r.PressSetOften},
		talk.ActWords:        {1, chatAdmins, r.PressWords},
		talk.ActDropWord:     {2, chatAdmins, r.PressDropWord},
		talk.ActDays:         {0, chatAdmins, r.PressDays},
		talk.ActHours:        {1, chatAdmins, r.PressHours},
		talk.ActSetHour:      {2, chatAdmins, r.PressSetHour},
		talk.ActZones:        {3, chatAdmins, r.PressZones},
		talk.ActSetTime:      {3, chatAdmins, r.PressSetTime},
		talk.ActOnSchedule:   {0, chatAdmins, r.PressOnSchedule},
		talk.ActPauses:       {1, chatAdmins, r.PressPauses},
		talk.ActPauseFor:     {2, chatAdmins, r.PressPauseFor},
		talk.ActResumeNow:    {1, chatAdmins, r.PressResumeNow},
		talk.ActFarewell:     {0, chatAdmins, r.PressFarewell},
		talk.ActHosts:        {0, chatAdmins, b.hosts.PressHosts},
		talk.ActAskForget:    {0, chatAdmins, r.PressAskForget},
		talk.ActForget:       {0, chatAdmins, r.PressForget},
		talk.ActDontForget:   {0, chatAdmins, r.PressDontForget},

		talk.ActSend:            {1, botAdmins, d.PressSend},
		talk.ActCanary:          {1, botAdmins, d.PressSend},
		talk.ActDontSend:        {1, botAdmins, d.PressDontSend},
		talk.ActRefresh:         {0, botAdmins, d.PressRefresh},
		talk.ActPauseBroadcast:  {1, botAdmins, d.PressControl},
		talk.ActResumeBroadcast: {1, botAdmins, d.PressControl},
		talk.ActAskCancel:       {1, botAdmins, d.PressAskCancel},
		talk.ActCancel:          {1, botAdmins, d.PressCancel},
		talk.ActDontCancel:      {1, botAdmins, d.PressDontCancel},
		talk.ActRetry:           {1, botAdmins, d.PressRetry},
		talk.ActAskSend:         {0, botAdmins, d.PressAskSend},

		talk.ActRetryIssue:   {1, botAdmins, d.PressRetryIssue},
		talk.ActAskWithdraw:  {1, botAdmins, d.PressAskWithdraw},
		talk.ActWithdraw:     {1, botAdmins, d.PressWithdraw},
		talk.ActDontWithdraw: {1, botAdmins, d.PressDontWithdraw},
		talk.ActRestore:      {1, botAdmins, d.PressRestore},
		talk.ActRedate:       {2, botAdmins, d.PressRedate},
		talk.ActDateRight:    {1, botAdmins, d.PressDateRight},
		talk.ActAskAhead:     {1, botAdmins, d.PressAskAhead},

		talk.ActMergeFrom: {1, botAdmins, d.Merger.PressMergeFrom},
		talk.ActMergeInto: {2, botAdmins, d.Merger.PressMergeInto},
		talk.ActAskMerge:  {2, botAdmins, d.Merger.PressAskMerge},
		talk.ActMerge:     {2, botAdmins, d.Merger.PressMerge},
		talk.ActDontMerge: {2, botAdmins, d.Merger.PressDontMerge},
	}
}
