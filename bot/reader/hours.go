package reader

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"
	"golang.org/x/text/width"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// Time has issues come at the time that args says, such as "20:00" or "Sunday 20:00".
// Without args it offers the hours of the day on which they come so far.
func (c *choices) Time(ctx context.Context, v talk.Visit, args string) error {
	if args == "" {
		return c.SayView(ctx, v, c.hoursView)
	}
	day, minute, ok := c.parseTime(args, c.dayOf(v))
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
		if len(zone) == 0 {
			return talk.Button(name, talk.ActSetHour, int64(day), int64(minute))
		}
		return talk.Button(name, talk.ActSetTime, int64(day), int64(minute), zone[0].number)
	}), talk.Row(talk.Button(v.Plain("button.other_day"), talk.ActDays)))
	ask := v.HTML("time.choose_hour", talk.Values{"Day": v.Plain("weekday." + strconv.Itoa(int(day)))})
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

// timeOfDay is a time as people write it, behind a day of the week or nothing.
var timeOfDay = regexp.MustCompile(`^(?:s?,? ?(?:at )?)([0-9]{1,2})(?:[:.点點时時h]([0-9]{2})?分?)? ?([ap]m)?$`)

// parseTime reads a day of the week, in any language there are texts in, and a time. Without a
// day it is the given one.
func (c *choices) parseTime(text string, usual time.Weekday) (day time.Weekday, minute int, ok bool) {
	const longest = 40 // bytes
	text = strings.ToLower(strings.Join(strings.Fields(width.Fold.String(text)), " "))
	if len(text) > longest {
		return 0, 0, false
	}
	day = usual
	for _, name := range c.dayNames() {
		if rest, found := strings.CutPrefix(strings.TrimPrefix(text, "每"), name.text); found {
			day, text = name.day, rest
			break
		}
	}
	part := timeOfDay.FindStringSubmatch(text)
	if part == nil {
		return 0, 0, false
	}
	hour, _ := strconv.Atoi(part[1])
	minute, _ = strconv.Atoi(cmp.Or(part[2], "0"))
	if part[3] != "" {
		if hour < 1 || hour > 12 {
			return 0, 0, false
		}
		hour %= 12
		if part[3] == "pm" {
			hour += 12
		}
	}
	return day, 60*hour + minute, hour < 24 && minute < 60
}

// dayName is what a language calls a day of the week.
type dayName struct {
	text string
	day  time.Weekday
}

// dayNames are the names of the days of the week in all languages, longer ones first.
func (c *choices) dayNames() []dayName {
	var all []dayName
	for _, tag := range c.Catalog.Tags {
		s := c.Catalog.SpeakerOf(tag, nil)
		for _, day := range week {
			long := s.Plain("weekday." + strconv.Itoa(int(day)))
			all = append(all, dayName{strings.ToLower(long), day}, dayName{strings.ToLower(s.ShortDay(day)), day})
		}
	}
	slices.SortFunc(all, func(x, y dayName) int { return cmp.Compare(len(y.text), len(x.text)) })
	return all
}
