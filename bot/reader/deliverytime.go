package reader

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/bot/times"
	"digestbot/subscribers"
)

// week has the days in the order of their buttons.
var week = []time.Weekday{
	time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
}

const (
	daysPerRow    = 4
	hoursPerRow   = 6
	zonesPerRow   = 2
	regionsPerRow = 3
	minutesPerDay = 24 * 60
)

// inRows arranges buttons in rows of perRow.
func inRows(buttons []models.InlineKeyboardButton, perRow int) talk.Keyboard {
	return slices.Collect(slices.Chunk(buttons, perRow))
}

// deliveryOf says when a chat gets issues.
func (c *choices) deliveryOf(v talk.Visit) string {
	if v.Sub.Delivery.IsZero() {
		return c.WithEverybody(v.Speaker)
	}
	return v.Weekly(v.Sub.Delivery)
}

// PressDays shows the days of the week on which issues can come.
func (c *choices) PressDays(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, c.dayView), nil
}

// dayView says when issues come, and offers the days to choose from.
func (c *choices) dayView(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	own := v.Sub.Delivery
	var days []models.InlineKeyboardButton
	for _, day := range week {
		name := ticked(v.ShortDay(day), !own.IsZero() && own.Weekday == day)
		days = append(days, talk.Button(name, talk.ActHours, int64(day)))
	}
	k := inRows(days, daysPerRow)
	k = append(k, talk.Row(talk.Button(ticked(v.Plain("button.with_everybody"), own.IsZero()), talk.ActOnSchedule)))
	var clock string
	if !own.IsZero() {
		k = append(k, talk.Row(talk.Button(v.Plain("button.zone"), talk.ActZones, int64(own.Weekday), int64(own.Minute), 0)))
		clock = v.HTML("time.clock", talk.Values{"Time": time.Now().In(v.Zone).Format("15:04")})
	}
	next, err := allOff(ctx, c.Talker, v)
	if next == "" {
		next = c.NextLine(v.Speaker)
	}
	text := talk.Paragraphs(v.HTML("time.now", talk.Values{"When": c.deliveryOf(v)}), talk.Lines(clock, next), v.HTML("time.choose_day"))
	return text, append(k, backRow(v)), err
}

// PressHours shows the hours of a day.
func (c *choices) PressHours(_ context.Context, p talk.Press) (talk.Reply, error) {
	day, ok := weekdayOf(p.Numbers[0])
	if !ok {
		return talk.OutOfDateReply(p), nil
	}
	return c.ViewReply(p, func(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		hours := hourKeyboard(func(minute int) models.InlineKeyboardButton {
			return talk.Button(talk.TimeOfDay(minute), talk.ActSetHour, int64(day), int64(minute))
		})
		return v.HTML("time.choose_hour", talk.Values{"Day": v.Day(day)}), append(hours, talk.Row(talk.Button(v.Plain("button.back"), talk.ActDays))), nil
	}), nil
}

// weekdayOf reads a weekday from the data of a button.
func weekdayOf(n int64) (time.Weekday, bool) { return time.Weekday(n), n <= int64(time.Saturday) }

// dayAndMinute reads a time of the week from the data of a button.
func dayAndMinute(p talk.Press) (day time.Weekday, minute int, ok bool) {
	day, ok = weekdayOf(p.Numbers[0])
	return day, int(p.Numbers[1]), ok && p.Numbers[1] < minutesPerDay
}

// PressSetHour sets the day and hour at which issues come, in the time zone that was
// chosen before. If none was, it asks for one.
func (c *choices) PressSetHour(ctx context.Context, p talk.Press) (talk.Reply, error) {
	day, minute, ok := dayAndMinute(p)
	if !ok {
		return talk.OutOfDateReply(p), nil
	}
	if p.Sub.Delivery.IsZero() {
		return c.ViewReply(p, c.zoneView(day, minute, 0)), nil
	}
	chosen := subscribers.DeliveryTime{Weekday: day, Minute: minute, Zone: p.Sub.Delivery.Zone}
	return c.setTimeReply(ctx, p, chosen)
}

// PressZones shows a page of time zones.
func (c *choices) PressZones(_ context.Context, p talk.Press) (talk.Reply, error) {
	day, minute, ok := dayAndMinute(p)
	if page := p.Numbers[2]; ok && page <= int64(len(zoneRegions)) {
		return c.ViewReply(p, c.zoneView(day, minute, page)), nil
	}
	return talk.OutOfDateReply(p), nil
}

// zoneView asks for the time zone. Every button shows the time there, for readers who do
// not know the name of their zone.
func (c *choices) zoneView(day time.Weekday, minute int, page int64) talk.View {
	return func(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		var clocks, regions []models.InlineKeyboardButton
		for _, zone := range zonePage(page, c.Location.String(), time.Now()) {
			name := v.City(zone.name) + " " + zone.now.Format("15:04")
			clocks = append(clocks, talk.Button(name, talk.ActSetTime, int64(day), int64(minute), zone.number))
		}
		for i, region := range zoneRegions {
			number := int64(i + 1)
			regions = append(regions, talk.Button(ticked(v.Plain(region.key), number == page), talk.ActZones, int64(day), int64(minute), number))
		}
		back := talk.Button(v.Plain("button.back"), talk.ActHours, int64(day))
		if page != 0 {
			back = talk.Button(v.Plain("button.back"), talk.ActZones, int64(day), int64(minute), 0)
		}
		k := append(inRows(clocks, zonesPerRow), inRows(regions, regionsPerRow)...)
		return v.HTML("time.choose_zone", talk.Values{"When": v.DayAndHour(day, minute)}), append(k, talk.Row(back)), nil
	}
}

// PressSetTime sets the day, hour and time zone at which issues come.
func (c *choices) PressSetTime(ctx context.Context, p talk.Press) (talk.Reply, error) {
	day, minute, ok := dayAndMinute(p)
	zone, known := numberedZone(p.Numbers[2], c.Location.String())
	if !ok || !known {
		return talk.OutOfDateReply(p), nil
	}
	return c.setTimeReply(ctx, p, subscribers.DeliveryTime{Weekday: day, Minute: minute, Zone: zone})
}

// PressOnSchedule has issues come with the schedule again.
func (c *choices) PressOnSchedule(ctx context.Context, p talk.Press) (talk.Reply, error) {
	return c.setTimeReply(ctx, p, subscribers.DeliveryTime{})
}

// setTimeReply is the reply to a press that chose when issues come.
func (c *choices) setTimeReply(ctx context.Context, p talk.Press, t subscribers.DeliveryTime) (talk.Reply, error) {
	answer, err := c.chosenReply(p, c.Store.SetDeliveryTime(ctx, p.Sub.ID, t), c.dayView)
	if err == nil && answer.Popup == "" {
		answer.Popup = p.Plain("press.saved")
	}
	return answer, err
}

// Time has issues come at the time that args says, such as "20:00" or "Sunday 20:00".
// Without args it offers the hours of the day on which they come so far.
func (c *choices) Time(ctx context.Context, v talk.Visit, args string) error {
	if args == "" {
		return c.SayView(ctx, v, c.hoursView)
	}
	day, minute, ok := times.Parse(c.Catalog, args, c.dayOf(v))
	if !ok {
		text, k, err := c.hoursView(ctx, v)
		if err == nil {
			c.Say(ctx, v, talk.Paragraphs(v.HTML("time.not_understood"), text), k)
		}
		return err
	}
	zone := c.zoneOf(v)
	if len(zoneButtons([]string{zone}, time.Now())) == 0 {
		return c.SayView(ctx, v, c.zoneView(day, minute, 0))
	}
	err := c.Store.SetDeliveryTime(ctx, v.Sub.ID, subscribers.DeliveryTime{Weekday: day, Minute: minute, Zone: zone})
	if err != nil {
		return err
	}
	if v, err = c.Refreshed(ctx, v); err != nil {
		return err
	}
	return c.SayView(ctx, v, c.dayView)
}

// zoneOf is the time zone in which a chat is told times.
func (c *choices) zoneOf(v talk.Visit) string {
	return cmp.Or(v.Sub.Delivery.Zone, c.Location.String())
}

// dayOf is the day of the week on which issues come to a chat.
func (c *choices) dayOf(v talk.Visit) time.Weekday {
	if !v.Sub.Delivery.IsZero() {
		return v.Sub.Delivery.Weekday
	}
	at := c.NextBroadcast()
	if at.IsZero() {
		at = time.Now()
	}
	return at.In(c.Location).Weekday()
}

// hoursView says when issues come, and offers the hours of that day. The zone stays: whose
// clocks are meant stands in the text, and the answer has a button for another one.
func (c *choices) hoursView(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	day, own := c.dayOf(v), v.Sub.Delivery
	zone, clock := zoneButtons([]string{c.zoneOf(v)}, time.Now()), ""
	if len(zone) == 1 {
		clock = v.HTML("time.clock", talk.Values{"Time": zone[0].now.Format("15:04")})
	}
	k := append(hourKeyboard(func(minute int) models.InlineKeyboardButton {
		name := ticked(talk.TimeOfDay(minute), !own.IsZero() && own.Minute == minute)
		if !own.IsZero() || len(zone) == 0 { // the press keeps the chat's zone, or asks for one
			return talk.Button(name, talk.ActSetHour, int64(day), int64(minute))
		}
		return talk.Button(name, talk.ActSetTime, int64(day), int64(minute), zone[0].number)
	}), talk.Row(talk.Button(v.Plain("button.other_day"), talk.ActDays)))
	ask := v.HTML("time.choose_hour", talk.Values{"Day": v.Day(day)})
	return talk.Paragraphs(v.HTML("time.now", talk.Values{"When": c.deliveryOf(v)}), clock, ask), k, nil
}

// hourKeyboard has a button for each hour of a day.
func hourKeyboard(button func(minute int) models.InlineKeyboardButton) talk.Keyboard {
	var hours []models.InlineKeyboardButton
	for minute := 0; minute < minutesPerDay; minute += 60 {
		hours = append(hours, button(minute))
	}
	return inRows(hours, hoursPerRow)
}
