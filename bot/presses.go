package bot

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"
)

// pressed handles the press of a button. Every press is answered, until then
// the button looks stuck; only who presses far too many waits in vain.
func (b *Bot) pressed(ctx context.Context, q *models.CallbackQuery) {
	if !isAnswered(ctx) && b.tooFast(ctx, q) {
		return
	}
	p, r, err := b.consider(ctx, q)
	if err != nil {
		b.answer(ctx, q, reply{})
		b.trouble(ctx, p.visit, err)
		return
	}
	b.answer(ctx, q, r)
	if r.then != nil {
		if err := r.then(ctx); err != nil {
			b.trouble(ctx, p.visit, err)
		}
	}
	if r.show != nil {
		b.screens.show(ctx, p.place(), func(ctx context.Context) {
			if err := r.show(ctx); err != nil {
				b.trouble(ctx, p.visit, err)
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
			b.log.Error("a press is answered before it can be judged", "err", err)
		}
		b.answer(ctx, q, why)
		done = why.notice != ""
	}
	if done && ctx.Err() == nil {
		b.noteHandled(ctx, u.ID)
	}
	return done
}

// tooFast tells whether the press is one of far too many, and says so once.
func (b *Bot) tooFast(ctx context.Context, q *models.CallbackQuery) bool {
	switch b.taps.judge(q.From.ID, time.Now()) {
	case passOver:
		return true
	case sayTooFast:
		b.answer(ctx, q, reply{notice: b.speakerOfPress(ctx, q).plain("flood.slow_down"), alert: true})
		return true
	}
	return false
}

// consider reads a press, checks the right to it and does what it asks for.
func (b *Bot) consider(ctx context.Context, q *models.CallbackQuery) (press, reply, error) {
	p, why, err := b.recognise(ctx, q)
	if err != nil || why.notice != "" {
		return p, why, err
	}
	r, err := b.presses[p.action].run(ctx, p)
	return p, r, err
}

// recognise reads a press and checks the right to it. The reply says why nothing
// is to be done, if it says anything.
func (b *Bot) recognise(ctx context.Context, q *models.CallbackQuery) (press, reply, error) {
	act, numbers, ok := parseCallback(q.Data)
	m := q.Message.Message
	if !ok || m == nil || overheard(m, q.From.ID) || b.leftBehind(m, act) { // made up, from another version, or under a message out of reach
		return press{}, reply{notice: b.speakerOfPress(ctx, q).plain("press.old"), alert: true}, nil
	}
	v, err := b.visitOf(ctx, m, &q.From)
	if err != nil {
		return press{}, reply{}, err
	}
	v.query, v.quiet = q.ID, m.EphemeralMessageID != 0
	p := press{visit: v, message: m.ID, under: m, action: act, numbers: numbers, ephemeral: m.EphemeralMessageID}
	if why := b.pressRefusal(ctx, p); why != "" {
		return p, reply{notice: why, alert: true}, nil
	}
	if b.leftBehind(m, act) { // which may be known only now
		return p, outOfDate(p), nil
	}
	return p, reply{}, nil
}

// leftBehind tells whether the message with the button is in a group that has become
// a supergroup. Apps show it there, above the newer ones, but it cannot be changed any
// more, and what the group had chosen has moved on. A section that unfolds is a message
// of its own.
func (b *Bot) leftBehind(m *models.Message, act action) bool {
	return b.sender.MovedTo(m.Chat.ID) != 0 && act != actUnfold
}

// pressRefusal is the notice for who may not press this; empty: they may.
// Anybody can send any data, so this is asked at every press.
func (b *Bot) pressRefusal(ctx context.Context, p press) string {
	switch {
	case p.action.forAdmins():
		if !b.isAdmin(p.user) || !p.private() || p.sub.Chat.ID != p.user {
			return p.plain("rights.admin")
		}
		return ""
	case b.presses[p.action].anybody && offered(p):
		return ""
	}
	return b.refusal(ctx, p.visit)
}

// pressing is what a button does.
type pressing struct {
	run     func(ctx context.Context, p press) (reply, error)
	anybody bool // may press it where it is; else only who may change the chat's settings
}

// pressTable holds every action. Those of admins are checked by their names.
func (b *Bot) pressTable() map[action]pressing {
	return map[action]pressing{
		actSubscribe: {run: b.pressSubscribe},
		actLatest:    {run: b.pressLatest, anybody: true},
		actSections:  {run: b.pressSections},
		actKeep:      {run: b.pressKeep},
		actPage:      {run: b.pressPage},
		actMute:      {run: b.pressMute},
		actMuteAll:   {run: b.pressMuteAll},
		actClose:     {run: b.pressClose},
		actTopics:    {run: b.pressTopics},
		actPutAway:   {run: b.pressPutAway},
		actMuteOther: {run: b.pressMuteOther},
		actIssues:    {run: b.pressIssues, anybody: true},
		actIssue:     {run: b.pressIssue, anybody: true},
		actPart:      {run: b.pressPart, anybody: true},
		actFind:      {run: b.pressFind, anybody: true},
		actUnfold:    {run: b.pressUnfold, anybody: true},
		actFoldUp:    {run: b.pressFoldUp, anybody: true},

		actSettings:     {run: b.pressSettings},
		actOpenSettings: {run: b.pressOpenSettings},
		actSettingsDone: {run: b.pressSettingsDone},
		actLayouts:      {run: b.pressLayouts},
		actSetLayout:    {run: b.pressSetLayout},
		actLanguages:    {run: b.pressLanguages},
		actSetLanguage:  {run: b.pressSetLanguage},
		actSetSilent:    {run: b.pressSetSilent},
		actDays:         {run: b.pressDays},
		actHours:        {run: b.pressHours},
		actSetHour:      {run: b.pressSetHour},
		actZones:        {run: b.pressZones},
		actSetTime:      {run: b.pressSetTime},
		actOnSchedule:   {run: b.pressOnSchedule},
		actPauses:       {run: b.pressPauses},
		actPauseFor:     {run: b.pressPauseFor},
		actResumeNow:    {run: b.pressResumeNow},
		actFarewell:     {run: b.pressFarewell},
		actForget:       {run: b.pressForget},
		actRemember:     {run: b.pressRemember},

		actSend:    {run: b.pressSend},
		actCanary:  {run: b.pressSend},
		actBackOut: {run: b.pressBackOut},
		actRefresh: {run: b.pressRefresh},
		actPause:   {run: b.pressTurn},
		actResume:  {run: b.pressTurn},
		actAskStop: {run: b.pressAskStop},
		actStop:    {run: b.pressStop},
		actGoOn:    {run: b.pressGoOn},
		actRetry:   {run: b.pressRetry},
		actAskSend: {run: b.pressAskSend},

		actRetryIssue:  {run: b.pressRetryIssue},
		actAskWithdraw: {run: b.pressAskWithdraw},
		actWithdraw:    {run: b.pressWithdraw},
		actKeepIssue:   {run: b.pressKeepIssue},
		actRestore:     {run: b.pressRestore},
		actRedate:      {run: b.pressRedate},
		actDateRight:   {run: b.pressDateRight},
		actAskAhead:    {run: b.pressAskAhead},

		actMergeFrom: {run: b.pressMergeFrom},
		actMergeInto: {run: b.pressMergeInto},
		actMergeAsk:  {run: b.pressMergeAsk},
		actMerge:     {run: b.pressMerge},
		actLeave:     {run: b.pressLeave},
	}
}
