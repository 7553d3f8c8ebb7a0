package reader

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"
	"golang.org/x/text/width"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// pauseOffer says which message offers a pause. It stands in the data of the buttons.
type pauseOffer int64

const (
	offeredAlone      pauseOffer = iota // the answer to /pause
	offeredInSettings                   // a page of /settings
	offeredInFarewell                   // the answer to /unsubscribe: the chat is subscribed again
)

// pauseWeeks are the usual pauses.
var pauseWeeks = []int{1, 2, 4}

// Pause pauses for as long as args says. Without args it offers the usual pauses, or the
// end of the current one.
func (c *choices) Pause(ctx context.Context, v talk.Visit, args string) error {
	if v.Sub.State != subscribers.On {
		c.Say(ctx, v, v.HTML("unsubscribe.already"), subscribeKeyboard(v.Speaker))
		return nil
	}
	if args == "" {
		return c.SayView(ctx, v, c.pauseView(offeredAlone))
	}
	days, ok := parsePauseLength(args)
	if !ok {
		_, k := offerPauses(v, offeredAlone)
		c.Say(ctx, v, v.HTML("pausing.not_understood"), k)
		return nil
	}
	if err := c.Store.Pause(ctx, v.Sub.ID, pauseEnd(days)); err != nil {
		return err
	}
	c.pauses.look()
	v, err := c.Refreshed(ctx, v)
	if err != nil {
		return err
	}
	return c.SayView(ctx, v, c.pauseView(offeredAlone))
}

// Resume ends a pause.
func (c *choices) Resume(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := c.Store.Resume(ctx, v.Sub.ID)
	if err != nil {
		return err
	}
	if v, err = c.Refreshed(ctx, v); err != nil {
		return err
	}
	if changed && v.Sub.State == subscribers.On {
		return c.SayView(ctx, v, c.backOn)
	}
	return c.SayView(ctx, v, c.resumedView)
}

// pauseEnd is when a pause that begins now is over. It is a whole minute, as people are
// told. Rounded up, a pause of a week right after an issue covers the next one.
func pauseEnd(days int) time.Time {
	return time.Now().Add(time.Duration(days)*24*time.Hour + time.Minute - 1).Truncate(time.Minute)
}

// pauseView shows the current pause, or offers the usual ones.
func (c *choices) pauseView(at pauseOffer) talk.View {
	return func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		if v.Sub.State != subscribers.On || !v.Sub.IsPaused(time.Now()) {
			text, k := offerPauses(v, at)
			return text, k, nil
		}
		k := talk.Keyboard{talk.Row(talk.Button(v.Plain("button.resume_now"), talk.ActResumeNow, int64(at)))}
		if at == offeredInSettings {
			k = append(k, backRow(v))
		}
		when := talk.Values{"When": v.Moment(v.Sub.PausedUntil)}
		next, err := c.afterPause(ctx, v)
		if err != nil || next.IsZero() {
			return v.HTML("pausing.until", when), k, err
		}
		when["Next"] = v.Moment(next)
		return v.HTML("pausing.next", when), k, nil
	}
}

// afterPause returns when the next issue is due that comes to a chat after its pause; the
// zero time: that is unknown, or none comes.
func (c *choices) afterPause(ctx context.Context, v talk.Visit) (time.Time, error) {
	if c.NextRun == nil || v.Sub.Every > 1 {
		return time.Time{}, nil
	}
	if off, err := allOff(ctx, c.Talker, v); err != nil || off != "" {
		return time.Time{}, err
	}
	next := c.NextRun(v.Sub.PausedUntil.Add(-time.Nanosecond)) // one that is due as the pause ends comes
	if next.IsZero() {
		return next, nil
	}
	return v.Sub.Delivery.Next(next), nil
}

// offerPauses offers the usual pauses.
func offerPauses(v talk.Visit, at pauseOffer) (string, talk.Keyboard) {
	var usual []models.InlineKeyboardButton
	for _, weeks := range pauseWeeks {
		usual = append(usual, talk.Button(v.Plain("count.weeks", talk.Values{"Count": weeks}), talk.ActPauseFor, int64(7*weeks), int64(at)))
	}
	var out []models.InlineKeyboardButton
	switch at {
	case offeredInSettings:
		out = backRow(v)
	case offeredInFarewell:
		out = talk.Row(talk.Button(v.Plain("button.back"), talk.ActFarewell))
	default:
		out = talk.Row(talk.Button(v.Plain("button.dont_pause"), talk.ActResumeNow, int64(at)))
	}
	ask := v.HTML("pausing.ask")
	if v.Home != 0 {
		ask = v.HTML("channel.pause")
	}
	return ask, talk.Keyboard{usual, out}
}

// pauseButton leads to pauses, or ends the current one.
func pauseButton(v talk.Visit, at pauseOffer) models.InlineKeyboardButton {
	if v.Sub.IsPaused(time.Now()) {
		return talk.Button(v.Plain("button.resume_now"), talk.ActResumeNow, int64(at))
	}
	return talk.Button(v.Plain("button.take_a_break"), talk.ActPauses, int64(at))
}

// PressPauses shows how long a pause can be.
func (c *choices) PressPauses(_ context.Context, p talk.Press) (talk.Reply, error) {
	at := pauseOffer(p.Numbers[0])
	switch {
	case at > offeredInFarewell:
		return talk.OutOfDateReply(p), nil
	case at != offeredInFarewell && p.Sub.State != subscribers.On:
		return notSubscribedReply(p), nil
	}
	return c.ViewReply(p, c.pauseView(at)), nil
}

// PressPauseFor pauses. Under the answer to /unsubscribe it subscribes the chat again.
func (c *choices) PressPauseFor(ctx context.Context, p talk.Press) (talk.Reply, error) {
	days, at := p.Numbers[0], pauseOffer(p.Numbers[1])
	if days < minPause || days > maxPause || at > offeredInFarewell {
		return talk.OutOfDateReply(p), nil
	}
	if p.Sub.State != subscribers.On {
		if at != offeredInFarewell {
			return notSubscribedReply(p), nil
		}
		if _, err := switchOn(ctx, c.Store, p.Visit); err != nil {
			return talk.Reply{}, err
		}
	}
	err := c.Store.Pause(ctx, p.Sub.ID, pauseEnd(int(days)))
	c.pauses.look()
	if at == offeredInSettings {
		return c.chosenReply(p, err, c.SettingsView)
	}
	return c.chosenReply(p, err, c.pauseView(offeredAlone))
}

// notSubscribedReply is the reply to a chat that has nothing to pause.
func notSubscribedReply(p talk.Press) talk.Reply {
	if p.Home != 0 {
		return talk.Reply{Popup: p.Plain("channel.off"), Alert: true}
	}
	return talk.Reply{Popup: p.Plain("press.not_subscribed"), Alert: true}
}

// PressResumeNow ends a pause.
func (c *choices) PressResumeNow(ctx context.Context, p talk.Press) (talk.Reply, error) {
	at := pauseOffer(p.Numbers[0])
	if at > offeredInFarewell {
		return talk.OutOfDateReply(p), nil
	}
	changed, err := c.Store.Resume(ctx, p.Sub.ID)
	if err != nil {
		return talk.Reply{}, err
	}
	show := c.SettingsView
	if at != offeredInSettings {
		show = c.resumedView
	}
	answer := c.ViewReply(p, show)
	if changed {
		answer.Popup = p.Plain("press.resumed")
	}
	return answer, nil
}

// resumedView says that there is no pause.
func (c *choices) resumedView(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	if v.Sub.State != subscribers.On {
		return v.HTML("unsubscribe.already"), subscribeKeyboard(v.Speaker), nil
	}
	text, k, err := arrivals(ctx, c.Talker, v)
	return talk.Lines(v.HTML("pausing.none"), text), k, err
}

// Bounds of a pause, in days.
const (
	minPause = 1
	maxPause = 365
)

// lengthUnits are lengths of time in days. Months and years are approximate: people are
// told the day.
var lengthUnits = map[string]int{
	"d": 1, "day": 1, "days": 1, "天": 1, "日": 1,
	"w": 7, "wk": 7, "wks": 7, "week": 7, "weeks": 7, "周": 7, "週": 7, "星期": 7, "礼拜": 7, "禮拜": 7,
	"fortnight": 14, "fortnights": 14,
	"m": 30, "mo": 30, "mon": 30, "month": 30, "months": 30, "月": 30,
	"y": 365, "yr": 365, "year": 365, "years": 365, "年": 365,
}

// lengthWords are numbers in words.
var lengthWords = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
	"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}

// lengthPart is a number and a unit at the beginning of a text: "3 weeks",
// "half a year", "两个月", "半年", "一个半月".
var lengthPart = regexp.MustCompile(`^(?:and |,|、|又|零)?\s*` +
	`(?:(half)(?: an?)?|([0-9]{1,4})|([〇一二两兩三四五六七八九十百][零〇一二两兩三四五六七八九十百]{0,6})|` +
	`(an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?` +
	`\s*[个個]?(半?)[个個]?\s*` +
	`(days?|d|weeks?|wks?|w|fortnights?|months?|mon|mo|m|years?|yr|y|天|日|周|週|星期|礼拜|禮拜|月|年)\s*`)

// lengthStart is what may stand before a length of time.
var lengthStart = regexp.MustCompile(`^(?:pause |stop )?(?:for |暂停|暫停|停)?\s*`)

// pauseStart begins what asks for a pause.
var pauseStart = regexp.MustCompile(`(?i)^(?:pause|stop|暂停|暫停|停)`)

// IsPause reports whether a text asks for a pause and says how long: "pause for 2 weeks",
// "暂停两周".
func IsPause(text string) bool {
	_, ok := parsePauseLength(text)
	return ok && pauseStart.MatchString(text)
}

// parsePauseLength reads the length of a pause in English or Chinese, as people write it. ok is
// false for a text that is no length of time, or not between minPause and maxPause.
func parsePauseLength(text string) (days int, ok bool) {
	const longest = 100 // bytes; nobody needs more
	if len(text) > longest {
		return 0, false
	}
	text = strings.ToLower(strings.TrimRight(strings.TrimSpace(width.Fold.String(text)), ".!。"))
	text = text[len(lengthStart.FindString(text)):]
	var halves int // halves of days
	for text != "" {
		part := lengthPart.FindStringSubmatch(text)
		if part == nil {
			return 0, false
		}
		number, ok := halvesOf(part)
		if !ok {
			return 0, false
		}
		halves += number * lengthUnits[part[6]]
		text = text[len(part[0]):]
	}
	days = halves / 2
	return days, days >= minPause && days <= maxPause
}

// halvesOf returns twice the number of a lengthPart.
func halvesOf(part []string) (halves int, ok bool) {
	half, digits, han, word, andHalf := part[1], part[2], part[3], part[4], part[5]
	if andHalf != "" {
		halves = 1
	}
	switch {
	case half != "":
		halves++
	case digits != "":
		n, err := strconv.Atoi(digits)
		return halves + 2*n, err == nil
	case han != "":
		halves += 2 * hanNumber(han)
	case word != "":
		halves += 2 * lengthWords[word]
	}
	return halves, halves > 0
}

// hanNumber reads a number such as 十二, 二十 or 一百零五.
func hanNumber(text string) int {
	digits := map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '兩': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	sum, digit := 0, 0
	for _, r := range text {
		switch r {
		case '十':
			sum, digit = sum+10*max(digit, 1), 0
		case '百':
			sum, digit = sum+100*max(digit, 1), 0
		default:
			digit = 10*digit + digits[r]
		}
	}
	return sum + digit
}
