package bot

import (
	"context"
	"errors"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// press is one press of a button, with what its data says.
type press struct {
	visit
	message int // that the button is under
	under   *models.Message
	action  action
	numbers []int64

	ephemeral int // the message, if only the visitor sees it; then message is 0
}

// place is where the message with the button is.
func (p press) place() place {
	at := place{chat: p.sub.Chat.ID, message: p.message, ephemeral: p.ephemeral}
	if p.ephemeral != 0 {
		at.receiver = p.user
	}
	return at
}

// question is the one that the message with the button asks, named by the action
// that answers it with yes. No is an answer too, and stays one: the button may be
// pressed again before it has gone, or by an app that still shows it.
func (p press) question(yes action) subscribers.Question {
	q := subscribers.Question{Chat: p.sub.Chat.ID, Message: p.message, About: callbackData(yes, p.numbers...)}
	if p.ephemeral != 0 {
		q.Message = -p.ephemeral
	}
	return q
}

// answered is the reply to a yes that comes after a no.
func (p press) answered(show func(ctx context.Context) error) reply {
	return reply{notice: p.plain("press.answered"), alert: true, show: show}
}

// reply is what a press leads to: a notice that appears at once, and then a
// message or an edit, which have to wait for their turn.
type reply struct {
	notice string                          // empty: none
	alert  bool                            // the notice has to be closed
	link   string                          // to a chat with the bot that opens, in the place of a notice; empty: none
	then   func(ctx context.Context) error // sends; nil: nothing
	show   func(ctx context.Context) error // edits the message with the button; nil: it stays
}

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

// offered tells whether a button that anybody may press is really there. Apps
// can be made to press any button under any message, and in groups and channels
// that would let everybody overwrite what the bot wrote. The readers of a
// channel turn the pages of an issue, which has its own check; what is posted
// there is up to the admins.
func offered(p press) bool {
	switch {
	case p.private(), p.ephemeral != 0: // nobody else sees the message
		return true
	case p.action == actUnfold, p.action == actFoldUp:
		return true
	case p.sub.Kind == subscribers.Channel:
		return false
	}
	return offers(p.under, p.action)
}

// offers tells whether a message has a button for an action.
func offers(m *models.Message, act action) bool {
	if m.ReplyMarkup == nil {
		return false
	}
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		for _, button := range row {
			if a, _, ok := parseCallback(button.CallbackData); ok && a == act {
				return true
			}
		}
	}
	return false
}

// answer tells Telegram what to show to who pressed, unless they have been
// answered. It is no message, and none of the limits for those applies.
func (b *Bot) answer(ctx context.Context, q *models.CallbackQuery, r reply) {
	if isAnswered(ctx) {
		return
	}
	pass(ctx)
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := b.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{
		CallbackQueryID: q.ID, Text: r.notice, ShowAlert: r.alert, URL: r.link,
	})
	switch {
	case err == nil:
	case delivery.Classify(err).Kind == delivery.Refused: // too late for an answer
		b.log.Debug("a press was not answered", "err", err)
	default:
		b.log.Warn("a press was not answered", "err", err)
	}
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

func (b *Bot) pressSubscribe(ctx context.Context, p press) (reply, error) {
	if _, err := b.switchOn(ctx, p.visit); err != nil {
		return reply{}, err
	}
	return reply{
		notice: p.plain("press.subscribed"),
		show: func(ctx context.Context) error {
			text := paragraphs(p.html("subscribe.done"), b.next(p.speaker))
			b.show(ctx, p, text, welcomeKeyboard(p.speaker, true))
			return nil
		},
	}, nil
}

func (b *Bot) pressLatest(ctx context.Context, p press) (reply, error) {
	h, err := b.deliverLatest(ctx, p.visit)
	if err != nil {
		return reply{}, err
	}
	return b.handoverReply(p, h), nil
}

func (b *Bot) pressSections(_ context.Context, p press) (reply, error) {
	return reply{then: func(ctx context.Context) error { return b.sections(ctx, p.visit, "") }}, nil
}

func (b *Bot) pressKeep(ctx context.Context, p press) (reply, error) {
	if _, err := b.switchOn(ctx, p.visit); err != nil {
		return reply{}, err
	}
	p.sub.State = subscribers.On
	r := b.showSwitches(p, 0)
	r.notice = p.plain("press.subscribed")
	return r, nil
}

func (b *Bot) pressPage(_ context.Context, p press) (reply, error) {
	return b.showSwitches(p, p.numbers[0]), nil
}

func (b *Bot) pressMute(ctx context.Context, p press) (reply, error) {
	err := b.store.SetMuted(ctx, p.sub.ID, p.numbers[0], p.numbers[1] == 1)
	if errors.Is(err, subscribers.ErrNotFound) {
		return reply{notice: p.plain("press.old"), alert: true}, nil
	}
	return b.showSwitches(p, p.numbers[2]), err
}

func (b *Bot) pressMuteAll(ctx context.Context, p press) (reply, error) {
	err := b.store.SetAllMuted(ctx, p.sub.ID, p.numbers[0] == 1)
	return b.showSwitches(p, p.numbers[1]), err
}

func (b *Bot) pressMuteOther(ctx context.Context, p press) (reply, error) {
	err := b.store.SetOtherMuted(ctx, p.sub.ID, p.numbers[0] == 1)
	return b.showSwitches(p, p.numbers[1]), err
}

func (b *Bot) pressClose(_ context.Context, p press) (reply, error) {
	return reply{show: func(ctx context.Context) error { return b.closeSwitches(ctx, p) }}, nil
}

// showSwitches is the reply that brings the switches up to date.
func (b *Bot) showSwitches(p press, page int64) reply {
	return reply{show: func(ctx context.Context) error {
		text, k, err := b.switches(ctx, p.visit, int(page))
		if err != nil {
			return err
		}
		b.show(ctx, p, text, k)
		return nil
	}}
}

// closeSwitches leaves a summary where the switches were.
func (b *Bot) closeSwitches(ctx context.Context, p press) error {
	switches, err := b.store.Switches(ctx, p.sub.ID)
	if err != nil {
		return err
	}
	on := 0
	for _, w := range switches {
		if !w.Muted {
			on++
		}
	}
	b.show(ctx, p, p.html("sections.closed", values{"On": on, "All": len(switches)}), nil)
	return nil
}
