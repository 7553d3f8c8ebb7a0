package bot

import (
	"context"
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// week is in the order of the buttons.
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

// inRows lays buttons out, so many a row.
func inRows(buttons []models.InlineKeyboardButton, perRow int) (k keyboard) {
	for ; len(buttons) > perRow; buttons = buttons[perRow:] {
		k = append(k, buttons[:perRow:perRow])
	}
	if len(buttons) == 0 {
		return k
	}
	return append(k, buttons)
}

// deliveryOf says when a chat gets issues.
func deliveryOf(v visit) string {
	if v.sub.Delivery.IsZero() {
		return v.plain("settings.with_schedule")
	}
	return v.weekly(v.sub.Delivery)
}

func (b *Reader) pressDays(_ context.Context, p press) (reply, error) {
	return b.turnTo(p, b.dayView), nil
}

// dayView says when issues come, and offers the days to choose from.
func (b *Reader) dayView(v visit) (string, keyboard) {
	own := v.sub.Delivery
	var days []models.InlineKeyboardButton
	for _, day := range week {
		name := ticked(v.shortDay(day), !own.IsZero() && own.Weekday == day)
		days = append(days, button(name, actHours, int64(day)))
	}
	k := inRows(days, daysPerRow)
	k = append(k, row(button(ticked(v.plain("button.with_schedule"), own.IsZero()), actOnSchedule)))
	var clock string
	if !own.IsZero() {
		k = append(k, row(button(v.plain("button.zone"), actZones, int64(own.Weekday), int64(own.Minute), 0)))
		clock = v.html("time.clock", values{"Time": time.Now().In(v.zone).Format("15:04")})
	}
	text := paragraphs(v.html("time.now", values{"When": deliveryOf(v)}), lines(clock, b.next(v.speaker)), v.html("time.choose_day"))
	return text, append(k, backRow(v))
}

func (b *Reader) pressHours(_ context.Context, p press) (reply, error) {
	day, ok := weekdayOf(p.numbers[0])
	if !ok {
		return outOfDate(p), nil
	}
	return b.turnTo(p, func(v visit) (string, keyboard) {
		var hours []models.InlineKeyboardButton
		for minute := 0; minute < minutesPerDay; minute += 60 {
			hours = append(hours, button(timeOfDay(minute), actSetHour, int64(day), int64(minute)))
		}
		day := v.plain("weekday." + strconv.Itoa(int(day)))
		return v.html("time.choose_hour", values{"Day": day}), append(inRows(hours, hoursPerRow), row(button(v.plain("button.back"), actDays)))
	}), nil
}

// weekdayOf reads a weekday from the data of a button.
func weekdayOf(n int64) (time.Weekday, bool) { return time.Weekday(n), n <= int64(time.Saturday) }

// dayAndMinute reads a time of the week from the data of a button.
func dayAndMinute(p press) (day time.Weekday, minute int, ok bool) {
	day, ok = weekdayOf(p.numbers[0])
	return day, int(p.numbers[1]), ok && p.numbers[1] < minutesPerDay
}

// pressSetHour chooses day and time of day: by the clock that was chosen
// before, else the next question is whose clock.
func (b *Reader) pressSetHour(ctx context.Context, p press) (reply, error) {
	day, minute, ok := dayAndMinute(p)
	if !ok {
		return outOfDate(p), nil
	}
	if p.sub.Delivery.IsZero() {
		return b.turnTo(p, b.zoneView(day, minute, 0)), nil
	}
	chosen := subscribers.DeliveryTime{Weekday: day, Minute: minute, Zone: p.sub.Delivery.Zone}
	return b.setTime(ctx, p, chosen)
}

func (b *Reader) pressZones(_ context.Context, p press) (reply, error) {
	day, minute, ok := dayAndMinute(p)
	if page := p.numbers[2]; ok && page <= int64(len(zoneRegions)) {
		return b.turnTo(p, b.zoneView(day, minute, page)), nil
	}
	return outOfDate(p), nil
}

// zoneView asks for the time zone. Every button shows its clock: whoever does
// not know the name of theirs finds the time.
func (b *Reader) zoneView(day time.Weekday, minute int, page int64) view {
	return func(v visit) (string, keyboard) {
		var clocks, regions []models.InlineKeyboardButton
		for _, zone := range zonePage(page, b.location.String(), time.Now()) {
			name := cityOf(zone.name) + " " + zone.now.Format("15:04")
			clocks = append(clocks, button(name, actSetTime, int64(day), int64(minute), zone.number))
		}
		for i, region := range zoneRegions {
			number := int64(i + 1)
			regions = append(regions, button(ticked(v.plain(region.key), number == page), actZones, int64(day), int64(minute), number))
		}
		back := button(v.plain("button.back"), actHours, int64(day))
		if page != 0 {
			back = button(v.plain("button.back"), actZones, int64(day), int64(minute), 0)
		}
		k := append(inRows(clocks, zonesPerRow), inRows(regions, regionsPerRow)...)
		return v.html("time.choose_zone", values{"When": v.dayAndHour(day, minute)}), append(k, row(back))
	}
}

func (b *Reader) pressSetTime(ctx context.Context, p press) (reply, error) {
	day, minute, ok := dayAndMinute(p)
	zone, known := numberedZone(p.numbers[2], b.location.String())
	if !ok || !known {
		return outOfDate(p), nil
	}
	return b.setTime(ctx, p, subscribers.DeliveryTime{Weekday: day, Minute: minute, Zone: zone})
}

func (b *Reader) pressOnSchedule(ctx context.Context, p press) (reply, error) {
	return b.setTime(ctx, p, subscribers.DeliveryTime{})
}

func (b *Reader) setTime(ctx context.Context, p press, t subscribers.DeliveryTime) (reply, error) {
	r, err := b.saved(p, b.store.SetDeliveryTime(ctx, p.sub.ID, t), b.dayView)
	if err == nil && r.notice == "" {
		r.notice = p.plain("press.saved")
	}
	return r, err
}
