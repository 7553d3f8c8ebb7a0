package revision

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// edit gives a message the text of the new edition. It is repeated until there is an
// answer: the second edit changes nothing.
func (e *errand) edit(ctx context.Context, s step) error {
	form := s.view.Form(s.position())
	for first := true; ; first = false {
		form.NoPreview = form.NoPreview || e.noPreview
		rich := s.view.IsRich(s.position())
		p := e.editParams(s, form)
		r, cause, ok, err := e.request(ctx, nil, func(ctx context.Context) error {
			_, err := e.sender.API.EditMessageText(ctx, p)
			return err
		})
		if err != nil || !ok {
			return err
		}
		switch {
		case r.Kind == sender.Sent:
			e.reassure()
			e.share.Edited++
			if !first {
				e.spread(ctx, s, form)
			}
			return e.save(ctx, subscribers.Change{ID: s.was.ID, Into: &s.into})
		case r.Kind == sender.MessageGone:
			return e.missing(ctx, s)
		case isForLater(r) && !e.retries.Hopeless():
			continue
		}
		if ended, err := e.endForChat(ctx, r); ended {
			return err
		}
		if rich && r.IsRefusal() {
			s.view = e.refuseRich(ctx, s, cause)
			continue
		}
		next, again := form.Simpler(r)
		if !again {
			return e.fail(ctx, r, s.position())
		}
		e.learnPreview(r)
		form = next
	}
}

func (e *errand) editParams(s step, form sender.Form) *tg.EditMessageTextParams {
	m := s.view.Render(s.position(), form, false)
	p := &tg.EditMessageTextParams{
		ChatID: e.to.Chat.ID, MessageID: s.was.ID, Text: m.Text, ParseMode: m.Mode, LinkPreviewOptions: m.Preview,
	}
	if m.Keyboard != nil { // a nil pointer would be sent as one
		p.ReplyMarkup = m.Keyboard
	}
	if m.Rich != "" {
		rich := rendition.Rich(m.Rich, rendition.IsRightToLeft(s.view.Messages))
		p.Text, p.ParseMode, p.LinkPreviewOptions, p.RichMessage = "", "", nil, &rich
	}
	return p
}

// spread makes a message go out in the form that Telegram has accepted, to everybody.
func (e *errand) spread(ctx context.Context, s step, form sender.Form) {
	how := archive.Simpler{Bare: form.Bare, Plain: form.Plain}
	if how == (archive.Simpler{}) || s.view.Layout == digest.LayoutCompact || s.view.IsRich(s.position()) {
		return
	}
	const why = "refused in a correction"
	changed := e.editions.refuse(e.revision.Edition, s.position(), func(m *archive.Message) bool {
		before := *m
		if how.Bare && m.Bare == "" {
			m.Bare = why
		}
		if how.Plain && m.Refused == "" {
			m.Refused = why
		}
		return m.Bare != before.Bare || m.Refused != before.Refused
	})
	if !changed {
		return
	}
	e.log.Warn("a message is refused, a simpler form goes out instead", "issue", e.revision.IssueID, "message", s.position()+1)
	if _, err := e.store.RefuseMessage(context.WithoutCancel(ctx), e.revision.IssueID, e.revision.Edition, s.position(), how, why); err != nil {
		e.log.Error("the form of a message is not on record", "issue", e.revision.IssueID, "err", err)
	}
}

// refuseRich makes a section go out as in the layout of sections from now on. It returns
// the view in which it does.
func (e *errand) refuseRich(ctx context.Context, s step, cause error) rendition.View {
	refuse := func(m *archive.Message) bool {
		if m.Rich == "" || m.RichRefused != "" {
			return false
		}
		m.RichRefused = cause.Error()
		return true
	}
	position := s.position()
	if sender.IsUnknownMethod(cause) {
		position = archive.AllMessages
	}
	if e.editions.refuse(e.revision.Edition, position, refuse) {
		e.log.Warn("a rich message is refused, the sections go out instead", "issue", e.revision.IssueID, "err", cause)
		if _, err := e.store.RefuseRich(context.WithoutCancel(ctx), e.revision.IssueID, e.revision.Edition, position, cause.Error()); err != nil {
			e.log.Error("the form of a message is not on record", "issue", e.revision.IssueID, "err", err)
		}
	}
	refuse(&s.view.Messages[s.position()])
	return s.view
}

// missing counts a message that is not there any more. Its place stays on record, or the
// next correction would bring back what a reader has deleted.
func (e *errand) missing(ctx context.Context, s step) error {
	e.share.Missing++
	place := s.was
	if s.do == edit {
		place = s.into
	}
	place.ID = 0
	return e.save(ctx, subscribers.Change{ID: s.was.ID, Into: &place})
}

// remove deletes a message that has no place in the new edition, or, if it is too old for
// that, leaves a line in its place.
func (e *errand) remove(ctx context.Context, s step) error {
	for {
		r, _, ok, err := e.request(ctx, nil, func(ctx context.Context) error {
			_, err := e.sender.API.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: e.to.Chat.ID, MessageID: s.was.ID})
			return err
		})
		if err != nil || !ok {
			return err
		}
		switch {
		case r.Kind == sender.Sent, r.Kind == sender.MessageGone && r.Reason != subscribers.ReasonLate:
			e.share.Deleted++ // also if that was done before a crash
			return e.save(ctx, subscribers.Change{ID: s.was.ID})
		case r.Kind == sender.MessageGone:
			return e.leaveLine(ctx, s)
		case isForLater(r) && !e.retries.Hopeless():
			continue
		}
		if ended, err := e.endForChat(ctx, r); ended {
			return err
		}
		return e.fail(ctx, r, s.position())
	}
}

// leaveLine says in the place of a message that it was taken out.
func (e *errand) leaveLine(ctx context.Context, s step) error {
	for {
		r, _, ok, err := e.request(ctx, nil, func(ctx context.Context) error {
			_, err := e.sender.API.EditMessageText(ctx, &tg.EditMessageTextParams{
				ChatID: e.to.Chat.ID, MessageID: s.was.ID, Text: e.config.Line(e.to.Subscriber, s.vanished), LinkPreviewOptions: sender.WithoutPreview(),
			})
			return err
		})
		if err != nil || !ok {
			return err
		}
		switch {
		case r.Kind == sender.Sent:
			e.share.Edited++
			line := s.was
			line.Position, line.Edition = subscribers.LinePosition, e.revision.Edition
			return e.save(ctx, subscribers.Change{ID: s.was.ID, Into: &line})
		case r.Kind == sender.MessageGone:
			return e.missing(ctx, s)
		case isForLater(r) && !e.retries.Hopeless():
			continue
		}
		if ended, err := e.endForChat(ctx, r); ended {
			return err
		}
		return e.fail(ctx, r, 0)
	}
}

// maxAttempts is how often an additional message is handed to the network if no answer
// comes, as in deliveries.
const maxAttempts = 2

// add sends an additional message, silently, in reply to what it belongs to. Its attempt is
// on record before it leaves.
func (e *errand) add(ctx context.Context, s step) error {
	share, position := &e.share, s.position()
	form := s.view.Form(position)
	if share.Adding != position {
		share.Adding, share.Attempts = position, 0
	}
	for first := true; ; first = false {
		if share.Attempts >= maxAttempts {
			return e.giveUpAdding(ctx, s)
		}
		form.NoPreview = form.NoPreview || e.noPreview
		r, cause, id, err := e.tryToAdd(ctx, s, form)
		if err != nil || r.Kind == "" {
			return err
		}
		if r.Kind == sender.Sent {
			s.into.ID = id
			return e.accepted(ctx, s, form, first)
		}
		if isForLater(r) && !e.retries.Hopeless() {
			continue
		}
		if ended, err := e.endForChat(ctx, r); ended {
			return err
		}
		next, again := form.Simpler(r)
		switch {
		case s.view.IsRich(position) && r.IsRefusal():
			s.view = e.refuseRich(ctx, s, cause)
		case !again:
			share.Adding = -1
			return e.fail(ctx, r, position)
		default:
			e.learnPreview(r)
			form = next
		}
	}
}

// accepted records an additional message that Telegram has taken. first says that it took
// the form that was tried first.
func (e *errand) accepted(ctx context.Context, s step, form sender.Form, first bool) error {
	e.reassure()
	if !first {
		e.spread(ctx, s, form)
	}
	return e.added(ctx, s)
}

// learnPreview notes that the chat forbids link previews, if that is what was refused.
func (e *errand) learnPreview(r sender.Response) {
	e.noPreview = e.noPreview || r.Kind == sender.NoPreview
}

// giveUpAdding settles an additional message that may have arrived, without an id.
func (e *errand) giveUpAdding(ctx context.Context, s step) error {
	e.share.Uncertain++
	e.share.Adding, e.share.Attempts = -1, 0
	return e.save(ctx, subscribers.Change{Into: &s.into})
}

// tryToAdd hands an additional message to the network, with its attempt on record. The
// response has no kind if ctx is done.
func (e *errand) tryToAdd(ctx context.Context, s step, form sender.Form) (r sender.Response, cause error, id int, err error) {
	call, sent, err := e.sending(ctx, s, form)
	if err != nil {
		return r, nil, 0, err
	}
	before := func() error {
		e.share.Adding = s.position()
		e.share.Attempts++
		return e.save(ctx)
	}
	r, cause, ok, err := e.request(ctx, before, call)
	if err != nil || !ok {
		return sender.Response{}, nil, 0, err
	}
	if r.Kind != sender.Sent && r.Kind != sender.Uncertain && e.share.Attempts > 0 {
		e.share.Attempts-- // it certainly did not arrive
	}
	return r, cause, sent(), nil
}

// added counts an additional message.
func (e *errand) added(ctx context.Context, s step) error {
	share := &e.share
	if share.Attempts > 1 {
		share.Uncertain++
	} else {
		share.Added++
	}
	share.Adding, share.Attempts = -1, 0
	return e.save(ctx, subscribers.Change{Into: &s.into})
}

// sending returns the request that sends an additional message, and, after it, the id.
func (e *errand) sending(ctx context.Context, s step, form sender.Form) (call func(context.Context) error, id func() int, err error) {
	m := s.view.Render(s.position(), form, false)
	thread := e.to.Thread
	if e.config.Topic != nil {
		if thread, err = e.config.Topic(ctx, e.to, s.view.Messages[s.position()].SectionID); err != nil {
			return nil, nil, err
		}
	}
	p := &tg.SendMessageParams{
		ChatID: e.to.Chat.ID, MessageThreadID: thread, Text: m.Text, ParseMode: m.Mode, LinkPreviewOptions: m.Preview,
		DisableNotification: true, AllowPaidBroadcast: e.config.Paid,
	}
	if m.Keyboard != nil {
		p.ReplyMarkup = m.Keyboard
	}
	if s.was.ID != 0 {
		p.ReplyParameters = &models.ReplyParameters{MessageID: s.was.ID, AllowSendingWithoutReply: true}
	}
	sent := &models.Message{}
	call = func(ctx context.Context) error {
		got, err := e.post(ctx, p, m.Rich, s)
		if got != nil {
			sent = got
		}
		return err
	}
	return call, func() int { return sent.ID }, nil
}

func (e *errand) post(ctx context.Context, p *tg.SendMessageParams, rich string, s step) (*models.Message, error) {
	if rich == "" {
		return e.sender.API.SendMessage(ctx, p)
	}
	return e.sender.API.SendRichMessage(ctx, &tg.SendRichMessageParams{
		ChatID: p.ChatID, MessageThreadID: p.MessageThreadID, RichMessage: rendition.Rich(rich, rendition.IsRightToLeft(s.view.Messages)),
		DisableNotification: true, AllowPaidBroadcast: p.AllowPaidBroadcast, ReplyMarkup: p.ReplyMarkup, ReplyParameters: p.ReplyParameters,
	})
}
