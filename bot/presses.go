package bot

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
)

// pressed handles the press of a button. Every press is answered, until then
// the button looks stuck; only who presses far too many waits in vain.
func (b *Bot) pressed(ctx context.Context, q *models.CallbackQuery) {
	if !talk.IsAnswered(ctx) && b.tooFast(ctx, q) {
		return
	}
	p, r, err := b.consider(ctx, q)
	if err != nil {
		b.talk.Answer(ctx, q, talk.Reply{})
		b.talk.Trouble(ctx, p.Visit, err)
		return
	}
	b.talk.Answer(ctx, q, r)
	if r.Then != nil {
		if err := r.Then(ctx); err != nil {
			b.talk.Trouble(ctx, p.Visit, err)
		}
	}
	if r.Show != nil {
		b.talk.Screens.Show(ctx, p.Place(), func(ctx context.Context) {
			if err := r.Show(ctx); err != nil {
				b.talk.Trouble(ctx, p.Visit, err)
			}
		})
	}
}

// answerAhead answers a press whose turn to be handled has not come. Whether it
// will do what it asks for is not known, so the answer says nothing of that: the
// message with the button will. done: nothing more is to be done about it.
func (b *Bot) answerAhead(ctx context.Context, u *models.Update) (done bool) {
	defer b.survive(u)
	q := u.CallbackQuery
	done = b.tooFast(ctx, q)
	if !done {
		_, why, err := b.recognise(ctx, q)
		if err != nil {
			b.talk.Log.Error("a press is answered before it can be judged", "err", err)
		}
		b.talk.Answer(ctx, q, why)
		done = why.Notice != ""
	}
	if done && ctx.Err() == nil {
		b.noteHandled(ctx, u.ID)
	}
	return done
}

// tooFast tells whether the press is one of far too many, and says so once.
func (b *Bot) tooFast(ctx context.Context, q *models.CallbackQuery) bool {
	switch b.taps.Judge(q.From.ID, time.Now()) {
	case talk.PassOver:
		return true
	case talk.SayTooFast:
		b.talk.Answer(ctx, q, talk.Reply{Notice: b.talk.SpeakerOfPress(ctx, q).Plain("flood.slow_down"), Alert: true})
		return true
	}
	return false
}

// consider reads a press, checks the right to it and does what it asks for.
func (b *Bot) consider(ctx context.Context, q *models.CallbackQuery) (talk.Press, talk.Reply, error) {
	p, why, err := b.recognise(ctx, q)
	if err != nil || why.Notice != "" {
		return p, why, err
	}
	r, err := b.presses[p.Action].run(ctx, p)
	return p, r, err
}

// recognise reads a press and checks the right to it. The reply says why nothing
// is to be done, if it says anything.
func (b *Bot) recognise(ctx context.Context, q *models.CallbackQuery) (talk.Press, talk.Reply, error) {
	act, numbers, ok := talk.ParseCallback(q.Data)
	m := q.Message.Message
	if !ok || m == nil || talk.Overheard(m, q.From.ID) || b.leftBehind(m, act) { // made up, from another version, or under a message out of reach
		return talk.Press{}, talk.Reply{Notice: b.talk.SpeakerOfPress(ctx, q).Plain("press.old"), Alert: true}, nil
	}
	v, err := b.talk.VisitOf(ctx, m, &q.From)
	if err != nil {
		return talk.Press{}, talk.Reply{}, err
	}
	v.Query, v.Quiet = q.ID, m.EphemeralMessageID != 0
	p := talk.Press{Visit: v, Message: m.ID, Under: m, Action: act, Numbers: numbers, Ephemeral: m.EphemeralMessageID}
	if why := b.pressRefusal(ctx, p); why != "" {
		return p, talk.Reply{Notice: why, Alert: true}, nil
	}
	if b.leftBehind(m, act) { // which may be known only now
		return p, talk.OutOfDate(p), nil
	}
	return p, talk.Reply{}, nil
}

// leftBehind tells whether the message with the button is in a group that has become
// a supergroup. Apps show it there, above the newer ones, but it cannot be changed any
// more, and what the group had chosen has moved on. A section that unfolds is a message
// of its own.
func (b *Bot) leftBehind(m *models.Message, act talk.Action) bool {
	return b.talk.Sender.MovedTo(m.Chat.ID) != 0 && act != talk.ActUnfold
}

// pressRefusal is the notice for who may not press this; empty: they may.
// Anybody can send any data, so this is asked at every press.
func (b *Bot) pressRefusal(ctx context.Context, p talk.Press) string {
	switch {
	case p.Action.ForAdmins():
		if !b.talk.IsAdmin(p.User) || !p.Private() || p.Sub.Chat.ID != p.User {
			return p.Plain("rights.admin")
		}
		return ""
	case b.presses[p.Action].anybody && talk.Offered(p):
		return ""
	}
	return b.talk.Refusal(ctx, p.Visit)
}

// pressing is what a button does.
type pressing struct {
	run     func(ctx context.Context, p talk.Press) (talk.Reply, error)
	anybody bool // may press it where it is; else only who may change the chat's settings
}

// pressTable holds every action. Those of admins are checked by their names.
func (b *Bot) pressTable() map[talk.Action]pressing {
	return map[talk.Action]pressing{
		talk.ActSubscribe: {run: b.reader.PressSubscribe},
		talk.ActLatest:    {run: b.reader.PressLatest, anybody: true},
		talk.ActSections:  {run: b.reader.PressSections},
		talk.ActKeep:      {run: b.reader.PressKeep},
		talk.ActPage:      {run: b.reader.PressPage},
		talk.ActMute:      {run: b.reader.PressMute},
		talk.ActMuteAll:   {run: b.reader.PressMuteAll},
		talk.ActClose:     {run: b.reader.PressClose},
		talk.ActTopics:    {run: b.reader.PressTopics},
		talk.ActPutAway:   {run: b.reader.PressPutAway},
		talk.ActMuteOther: {run: b.reader.PressMuteOther},
		talk.ActIssues:    {run: b.reader.PressIssues, anybody: true},
		talk.ActIssue:     {run: b.reader.PressIssue, anybody: true},
		talk.ActPart:      {run: b.reader.PressPart, anybody: true},
		talk.ActFind:      {run: b.reader.PressFind, anybody: true},
		talk.ActUnfold:    {run: b.reader.PressUnfold, anybody: true},
		talk.ActFoldUp:    {run: b.reader.PressFoldUp, anybody: true},

		talk.ActSettings:     {run: b.reader.PressSettings},
		talk.ActOpenSettings: {run: b.reader.PressOpenSettings},
		talk.ActSettingsDone: {run: b.reader.PressSettingsDone},
		talk.ActLayouts:      {run: b.reader.PressLayouts},
		talk.ActSetLayout:    {run: b.reader.PressSetLayout},
		talk.ActLanguages:    {run: b.reader.PressLanguages},
		talk.ActSetLanguage:  {run: b.reader.PressSetLanguage},
		talk.ActSetSilent:    {run: b.reader.PressSetSilent},
		talk.ActDays:         {run: b.reader.PressDays},
		talk.ActHours:        {run: b.reader.PressHours},
		talk.ActSetHour:      {run: b.reader.PressSetHour},
		talk.ActZones:        {run: b.reader.PressZones},
		talk.ActSetTime:      {run: b.reader.PressSetTime},
		talk.ActOnSchedule:   {run: b.reader.PressOnSchedule},
		talk.ActPauses:       {run: b.reader.PressPauses},
		talk.ActPauseFor:     {run: b.reader.PressPauseFor},
		talk.ActResumeNow:    {run: b.reader.PressResumeNow},
		talk.ActFarewell:     {run: b.reader.PressFarewell},
		talk.ActForget:       {run: b.reader.PressForget},
		talk.ActRemember:     {run: b.reader.PressRemember},

		talk.ActSend:    {run: b.desk.PressSend},
		talk.ActCanary:  {run: b.desk.PressSend},
		talk.ActBackOut: {run: b.desk.PressBackOut},
		talk.ActRefresh: {run: b.desk.PressRefresh},
		talk.ActPause:   {run: b.desk.PressTurn},
		talk.ActResume:  {run: b.desk.PressTurn},
		talk.ActAskStop: {run: b.desk.PressAskStop},
		talk.ActStop:    {run: b.desk.PressStop},
		talk.ActGoOn:    {run: b.desk.PressGoOn},
		talk.ActRetry:   {run: b.desk.PressRetry},
		talk.ActAskSend: {run: b.desk.PressAskSend},

		talk.ActRetryIssue:  {run: b.desk.PressRetryIssue},
		talk.ActAskWithdraw: {run: b.desk.PressAskWithdraw},
		talk.ActWithdraw:    {run: b.desk.PressWithdraw},
		talk.ActKeepIssue:   {run: b.desk.PressKeepIssue},
		talk.ActRestore:     {run: b.desk.PressRestore},
		talk.ActRedate:      {run: b.desk.PressRedate},
		talk.ActDateRight:   {run: b.desk.PressDateRight},
		talk.ActAskAhead:    {run: b.desk.PressAskAhead},

		talk.ActMergeFrom: {run: b.reader.PressMergeFrom},
		talk.ActMergeInto: {run: b.reader.PressMergeInto},
		talk.ActMergeAsk:  {run: b.reader.PressMergeAsk},
		talk.ActMerge:     {run: b.reader.PressMerge},
		talk.ActLeave:     {run: b.reader.PressLeave},
	}
}
