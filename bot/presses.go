package bot

import (
	"context"
	"errors"
	"maps"
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
	case by == botOwners || by == botEditors:
		return b.adminDenial(ctx, p, by)
	case by == replyEditors && b.replies.MayMute(ctx, p), by == anybody && talk.IsOffered(p):
		return talk.Reply{}
	case by == replyEditors:
		b.staff.NoteRefused(ctx)
		return talk.Reply{Popup: p.Plain("rights.admin"), Alert: true}
	}
	why, outsider := b.talk.Denial(ctx, p.Visit)
	if outsider && p.Home == 0 && p.Action == talk.ActSubscribe {
		return talk.Reply{Link: b.talk.StartLink(talk.StartSubscribe)}
	}
	return talk.Reply{Popup: why, Alert: true}
}

// adminDenial is pressDenial for what only the bot's admins may press.
func (b *Bot) adminDenial(ctx context.Context, p talk.Press, by permission) talk.Reply {
	switch {
	case !b.talk.IsBotAdmin(p.User) || !p.Private() || p.Sub.Chat.ID != p.User:
		b.staff.NoteRefused(ctx)
		return talk.Reply{Popup: p.Plain("rights.admin"), Alert: true}
	case by == botOwners && !b.talk.IsOwner(p.User):
		b.staff.NoteRefused(ctx)
		return talk.Reply{Popup: p.Plain("rights.owner"), Alert: true}
	}
	return talk.Reply{}
}

// permission says who may press a button or write a command.
type permission int

const (
	anybody      permission = iota // a button where it is, see talk.IsOffered; else as chatAdmins
	chatAdmins                     // those who may change what the chat has chosen
	replyEditors                   // those who answer replies of readers, where these go
	botEditors                     // owners and editors of the bot, in their private chat with it
	botOwners                      // owners of the bot, in their private chat with it
)

// pressHandler is what a button does.
type pressHandler struct {
	numbers int // how many it carries
	by      permission
	run     func(ctx context.Context, p talk.Press) (talk.Reply, error)
}

// pressTable holds every action.
func (b *Bot) pressTable() map[talk.Action]pressHandler {
	all := b.adminPresses()
	maps.Copy(all, b.readerPresses())
	maps.Copy(all, b.draftPresses())
	return all
}

// readerPresses are the actions of the buttons that readers have.
func (b *Bot) readerPresses() map[talk.Action]pressHandler {
	r := b.reader
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
		talk.ActVote:         {3, anybody, b.feedback.PressVote},
		talk.ActTakeBack:     {1, anybody, b.replies.PressTakeBack},
		talk.ActMuteReader:   {2, replyEditors, b.replies.PressMuteReader},

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
		talk.ActForget:       {0, chatAdmins, b.pressForget},
		talk.ActDontForget:   {0, chatAdmins, r.PressDontForget},
	}
}

// adminPresses are the actions of the buttons that only admins of the bot have.
func (b *Bot) adminPresses() map[talk.Action]pressHandler {
	d := b.desk
	return map[talk.Action]pressHandler{
		talk.ActSend:            {1, botEditors, d.PressSend},
		talk.ActCanary:          {1, botEditors, d.PressSend},
		talk.ActDontSend:        {1, botEditors, d.PressDontSend},
		talk.ActTrial:           {1, botEditors, d.PressTrial},
		talk.ActRefresh:         {0, botEditors, d.PressRefresh},
		talk.ActPauseBroadcast:  {1, botEditors, d.PressControl},
		talk.ActResumeBroadcast: {1, botEditors, d.PressControl},
		talk.ActAskCancel:       {1, botEditors, d.PressAskCancel},
		talk.ActCancel:          {1, botEditors, d.PressCancel},
		talk.ActDontCancel:      {1, botEditors, d.PressDontCancel},
		talk.ActRetry:           {1, botEditors, d.PressRetry},
		talk.ActAskSend:         {0, botEditors, d.PressAskSend},

		talk.ActRetryIssue:   {1, botEditors, d.PressRetryIssue},
		talk.ActAskWithdraw:  {1, botEditors, d.PressAskWithdraw},
		talk.ActWithdraw:     {1, botEditors, d.PressWithdraw},
		talk.ActDontWithdraw: {1, botEditors, d.PressDontWithdraw},
		talk.ActRestore:      {1, botEditors, d.PressRestore},
		talk.ActRedate:       {2, botEditors, d.PressRedate},
		talk.ActDateRight:    {1, botEditors, d.PressDateRight},
		talk.ActAskAhead:     {1, botEditors, d.PressAskAhead},

		talk.ActAudit:        {2, botEditors, b.staff.PressAudit},
		talk.ActAuditBy:      {2, botEditors, b.staff.PressAuditBy},
		talk.ActNameEditor:   {1, botOwners, b.staff.PressNameEditor},
		talk.ActRemoveEditor: {1, botOwners, b.staff.PressRemoveEditor},
		talk.ActInvite:       {0, botOwners, b.staff.PressInvite},
		talk.ActUninvite:     {0, botOwners, b.staff.PressUninvite},

		talk.ActSources: {1, botEditors, b.sourcing.PressSources},
		talk.ActLookAt:  {2, botEditors, b.sourcing.PressLookAt},
		talk.ActGather:  {2, botEditors, b.sourcing.PressGather},

		talk.ActFigures: {1, botEditors, b.figures.PressPicture},
		talk.ActTable:   {0, botEditors, b.figures.PressTable},

		talk.ActCorrect:        {2, botEditors, b.corrections.PressCorrect},
		talk.ActDontCorrect:    {2, botEditors, b.corrections.PressDontCorrect},
		talk.ActAskRecall:      {1, botOwners, b.corrections.PressAskRecall},
		talk.ActOpenRecall:     {1, botOwners, b.corrections.PressOpenRecall},
		talk.ActRecall:         {1, botOwners, b.corrections.PressRecall},
		talk.ActDontRecall:     {1, botOwners, b.corrections.PressDontRecall},
		talk.ActRevision:       {1, botEditors, b.corrections.PressControl},
		talk.ActPauseRevision:  {1, botEditors, b.corrections.PressControl},
		talk.ActResumeRevision: {1, botEditors, b.corrections.PressControl},
		talk.ActCancelRevision: {1, botEditors, b.corrections.PressControl},

		talk.ActTally:      {1, botEditors, b.feedback.PressTally},
		talk.ActTallyAgain: {1, botEditors, b.feedback.PressTallyAgain},

		talk.ActMergeFrom: {1, botEditors, d.Merger.PressMergeFrom},
		talk.ActMergeInto: {2, botEditors, d.Merger.PressMergeInto},
		talk.ActAskMerge:  {2, botEditors, d.Merger.PressAskMerge},
		talk.ActMerge:     {2, botEditors, d.Merger.PressMerge},
		talk.ActDontMerge: {2, botEditors, d.Merger.PressDontMerge},
	}
}

// draftPresses are the actions of drafts, and of issues that wait for approval.
func (b *Bot) draftPresses() map[talk.Action]pressHandler {
	return map[talk.Action]pressHandler{
		talk.ActDraftSend:    {1, botEditors, b.drafts.PressDraftSend},
		talk.ActDraftKeep:    {1, botEditors, b.drafts.PressDraftKeep},
		talk.ActAskReplace:   {2, botEditors, b.drafts.PressAskReplace},
		talk.ActDraftReplace: {2, botEditors, b.drafts.PressDraftReplace},
		talk.ActDraftDiscard: {1, botEditors, b.drafts.PressDraftDiscard},
		talk.ActPartsDone:    {1, botEditors, b.drafts.PressPartsDone},
		talk.ActPartsCancel:  {1, botEditors, b.drafts.PressPartsCancel},
		talk.ActTry:          {4, botEditors, b.drafts.PressTry},
		talk.ActGive:         {4, botEditors, b.drafts.PressGive},
		talk.ActLookBack:     {2, botEditors, b.drafts.PressLookBack},

		talk.ActApprove: {2, botEditors, b.drafts.PressApprove},
	}
}
