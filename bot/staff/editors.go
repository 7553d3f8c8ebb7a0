package staff

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// Editors shows owners who the editors are. With the id of a person it makes that person
// one.
func (st *Staff) Editors(ctx context.Context, v talk.Visit, args string) error {
	if args == "" {
		return st.SayView(ctx, v, st.editorsView)
	}
	user, err := strconv.ParseInt(args, 10, 64)
	if err != nil || user <= 0 {
		st.Say(ctx, v, v.HTML("editors.how"), nil)
		return nil
	}
	return st.name(ctx, v, user)
}

// Offer asks an owner who has sent the contact of a person whether to make that person an
// editor. ok is false if nothing is to be offered.
func (st *Staff) Offer(ctx context.Context, v talk.Visit, m *models.Message) (ok bool) {
	c := m.Contact
	if c == nil || m.ForwardOrigin != nil || !v.Private() || !st.IsOwner(v.User) {
		return false
	}
	if c.UserID == 0 { // not on Telegram, or hidden
		st.Say(ctx, v, v.HTML("editors.hidden"), nil)
		return true
	}
	st.Say(ctx, v, v.HTML("editors.offer", talk.Values{"Person": talk.Echo(c.FirstName)}), talk.Keyboard{
		talk.Row(talk.Button(v.Plain("button.name_editor"), talk.ActNameEditor, c.UserID)),
	})
	return true
}

// name makes a person an editor, and says what came of it.
func (st *Staff) name(ctx context.Context, v talk.Visit, user int64) error {
	if st.IsOwner(user) {
		st.Say(ctx, v, v.HTML("editors.owner"), nil)
		return nil
	}
	changed, err := st.Store.NameEditor(ctx, user, v.Actor())
	if err != nil {
		return err
	}
	said := talk.Values{"Person": st.person(ctx, v.Speaker, user)}
	if !changed {
		st.Say(ctx, v, v.HTML("editors.already", said), nil)
		return nil
	}
	text := v.HTML("editors.named", said)
	if _, err := st.Store.Subscriber(ctx, user, 0); errors.Is(err, subscribers.ErrNotFound) {
		text = talk.Paragraphs(text, v.HTML("editors.stranger", talk.Values{"Link": st.Link()}))
	}
	st.Say(ctx, v, text, nil)
	st.announce(v.User, user)
	return nil
}

// announce tells a person who has become an editor, and the owners but for the one who
// knows, and brings the person's menu up to date.
func (st *Staff) announce(knows, user int64) {
	st.config.Menu(user)
	st.config.Enqueue(func(ctx context.Context) {
		if v, ok := st.visitTo(ctx, user); ok {
			st.Say(ctx, v, v.HTML("editors.you", talk.Values{"Bot": v.Bot()}), nil)
		}
		st.eachOwner(ctx, knows, func(v talk.Visit) {
			said := talk.Values{"Person": st.person(ctx, v.Speaker, user)}
			st.Say(ctx, v, v.HTML("editors.new", said), talk.Keyboard{removeRow(v.Speaker, user, said)})
		})
	})
}

func removeRow(s talk.Speaker, user int64, said talk.Values) []models.InlineKeyboardButton {
	return talk.Row(talk.Button(talk.Label(s.Plain("button.remove_editor", said), talk.ButtonUnits), talk.ActRemoveEditor, user))
}

// PressNameEditor makes the person of a contact an editor.
func (st *Staff) PressNameEditor(_ context.Context, p talk.Press) (talk.Reply, error) {
	if p.Numbers[0] <= 0 {
		return talk.OutOfDateReply(p), nil
	}
	return talk.Reply{Then: func(ctx context.Context) error { return st.name(ctx, p.Visit, p.Numbers[0]) }}, nil
}

// PressRemoveEditor ends that a person is an editor, and shows who is left.
func (st *Staff) PressRemoveEditor(ctx context.Context, p talk.Press) (talk.Reply, error) {
	user := p.Numbers[0]
	changed, err := st.Store.RemoveEditor(ctx, user, p.Actor())
	if err != nil {
		return talk.Reply{}, err
	}
	r := st.ViewReply(p, st.editorsView)
	r.Popup = p.Plain("editors.was_none")
	if changed {
		r.Popup = p.Plain("editors.removed", talk.Values{"Person": st.person(ctx, p.Speaker, user)})
		st.config.Menu(user)
		st.config.Enqueue(func(ctx context.Context) {
			if v, ok := st.visitTo(ctx, user); ok {
				st.Say(ctx, v, v.HTML("editors.no_longer", talk.Values{"Bot": v.Bot()}), nil)
			}
		})
	}
	return r, nil
}

// editorsView shows owners and editors, with a button for each editor that removes them.
func (st *Staff) editorsView(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	all, err := st.Store.Editors(ctx)
	if err != nil {
		return "", nil, err
	}
	open, err := st.Store.CountInvitations(ctx)
	if err != nil {
		return "", nil, err
	}
	var owners, editors []string
	for _, user := range st.Owners {
		owners = append(owners, v.HTML("editors.owner_line", talk.Values{"Person": st.person(ctx, v.Speaker, user)}))
	}
	var k talk.Keyboard
	for _, e := range all {
		said := talk.Values{"Person": st.person(ctx, v.Speaker, e.User), "Date": v.Date(v.Local(e.NamedAt))}
		editors = append(editors, v.HTML(st.lineKey(ctx, e.User), said))
		if len(k) < maxRemoveButtons {
			k = append(k, removeRow(v.Speaker, e.User, said))
		}
	}
	if editors == nil {
		editors = []string{v.HTML("editors.none")}
	}
	k = append(k, talk.Row(talk.Button(v.Plain("button.invite"), talk.ActInvite)))
	if open > 0 {
		k = append(k, talk.Row(talk.Button(v.Plain("button.uninvite"), talk.ActUninvite)))
	}
	return talk.Paragraphs(v.HTML("editors.title"), talk.Lines(owners...), talk.Lines(editors...), v.HTML("editors.how")), k, nil
}

// maxRemoveButtons bounds the buttons under a message; those of the newest editors come
// once others are removed.
const maxRemoveButtons = 90

// lineKey returns the key of the line that the list has for an editor.
func (st *Staff) lineKey(ctx context.Context, user int64) string {
	sub, err := st.Store.Subscriber(ctx, user, 0)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		return "editors.line_stranger"
	case err == nil && sub.State == subscribers.Gone:
		return "editors.line_gone"
	}
	return "editors.line"
}

// PressInvite makes a link that makes the first who follows it an editor.
func (st *Staff) PressInvite(ctx context.Context, p talk.Press) (talk.Reply, error) {
	token, until, err := st.Store.MakeInvitation(ctx, p.Actor())
	if err != nil {
		return talk.Reply{}, err
	}
	return talk.Reply{Then: func(ctx context.Context) error {
		link := st.StartLink(talk.StartEditor + token)
		st.Say(ctx, p.Visit, p.HTML("editors.invitation", talk.Values{"Link": link, "When": p.Moment(until)}), nil)
		return nil
	}}, nil
}

// PressUninvite takes back the invitations that were not used.
func (st *Staff) PressUninvite(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if _, err := st.Store.DropInvitations(ctx, p.Actor()); err != nil {
		return talk.Reply{}, err
	}
	r := st.ViewReply(p, st.editorsView)
	r.Popup = p.Plain("editors.uninvited")
	return r, nil
}

// Accept makes a visitor who has followed an invitation an editor.
func (st *Staff) Accept(ctx context.Context, v talk.Visit, token string) error {
	if st.IsOwner(v.User) {
		st.Say(ctx, v, v.HTML("editors.owner"), nil)
		return nil
	}
	changed, err := st.Store.UseInvitation(ctx, token, v.Actor(), st.IsOwner)
	switch {
	case errors.Is(err, subscribers.ErrInvitation) && st.Store.IsEditor(v.User): // handled twice, after a crash
		st.Say(ctx, v, v.HTML("editors.you_are"), nil)
	case errors.Is(err, subscribers.ErrInvitation):
		st.Say(ctx, v, v.HTML("editors.expired"), nil)
	case err != nil:
		return err
	case !changed:
		st.Say(ctx, v, v.HTML("editors.you_are"), nil)
	default:
		st.names.Forget(v.User)
		st.announce(0, v.User)
	}
	return nil
}

// Farewell is what is left to be done about an editor who had everything deleted: nobody
// but the owners is told.
func (st *Staff) Farewell(user int64) {
	st.config.Menu(user)
	st.config.Enqueue(func(ctx context.Context) {
		at := time.Now()
		st.eachOwner(ctx, user, func(v talk.Visit) {
			st.Say(ctx, v, v.HTML("editors.left", talk.Values{"Person": st.person(ctx, v.Speaker, user), "When": v.Moment(at)}), nil)
		})
	})
}
