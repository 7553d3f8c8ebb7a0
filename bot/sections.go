package bot

import (
	"context"
	"digestbot/subscribers"
	"errors"
)

func (b *Reader) pressSections(_ context.Context, p press) (reply, error) {
	return reply{then: func(ctx context.Context) error { return b.sections(ctx, p.visit, "") }}, nil
}

func (b *Reader) pressKeep(ctx context.Context, p press) (reply, error) {
	if _, err := b.switchOn(ctx, p.visit); err != nil {
		return reply{}, err
	}
	p.sub.State = subscribers.On
	r := b.showSwitches(p, 0)
	r.notice = p.plain("press.subscribed")
	return r, nil
}

func (b *Reader) pressPage(_ context.Context, p press) (reply, error) {
	return b.showSwitches(p, p.numbers[0]), nil
}

func (b *Reader) pressMute(ctx context.Context, p press) (reply, error) {
	err := b.store.SetMuted(ctx, p.sub.ID, p.numbers[0], p.numbers[1] == 1)
	if errors.Is(err, subscribers.ErrNotFound) {
		return reply{notice: p.plain("press.old"), alert: true}, nil
	}
	return b.showSwitches(p, p.numbers[2]), err
}

func (b *Reader) pressMuteAll(ctx context.Context, p press) (reply, error) {
	err := b.store.SetAllMuted(ctx, p.sub.ID, p.numbers[0] == 1)
	return b.showSwitches(p, p.numbers[1]), err
}

func (b *Reader) pressMuteOther(ctx context.Context, p press) (reply, error) {
	err := b.store.SetOtherMuted(ctx, p.sub.ID, p.numbers[0] == 1)
	return b.showSwitches(p, p.numbers[1]), err
}

func (b *Reader) pressClose(_ context.Context, p press) (reply, error) {
	return reply{show: func(ctx context.Context) error { return b.closeSwitches(ctx, p) }}, nil
}

// showSwitches is the reply that brings the switches up to date.
func (b *Reader) showSwitches(p press, page int64) reply {
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
func (b *Reader) closeSwitches(ctx context.Context, p press) error {
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

func (b *Reader) sections(ctx context.Context, v visit, _ string) error {
	text, k, err := b.switches(ctx, v, 0)
	if err != nil {
		return err
	}
	b.say(ctx, v, text, k)
	return nil
}

// switches is the text and keyboard with which a chat chooses its sections.
func (b *Reader) switches(ctx context.Context, v visit, page int) (string, keyboard, error) {
	switches, err := b.store.Switches(ctx, v.sub.ID)
	if err != nil {
		return "", nil, err
	}
	if len(switches) == 0 {
		return paragraphs(v.html("sections.none"), b.next(v.speaker)), nil, nil
	}
	text := v.html("sections.title")
	if v.sub.State != subscribers.On {
		text = paragraphs(text, v.html("sections.not_subscribed"))
	}
	if switches[len(switches)-1].Other {
		text = paragraphs(text, v.html("sections.one_off_hint"))
	}
	merging, err := b.mergeRow(ctx, v)
	return text, append(switchKeyboard(v.speaker, switches, page), merging...), err
}
