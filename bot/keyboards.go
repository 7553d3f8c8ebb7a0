package bot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// Callback data is "1:<action>:<number>:…": the version of this format, what to
// do, and with what. It says what shall be, not what to change, so that a press
// that arrives twice does nothing the second time. Anybody can send any data:
// it is parsed strictly, and rights are checked at every press.
const callbackVersion = "1"

// action is what a button does.
type action string

// The actions of buttons. Those of admins begin with "b".
const (
	actSubscribe action = "sub"
	actSections  action = "sec"   // show the switches in a new message
	actKeep      action = "keep"  // subscribe again and show the switches in place
	actPage      action = "page"  // page
	actMute      action = "mute"  // section, 1 muted or 0, page
	actMuteAll   action = "all"   // 1 muted or 0, page
	actMuteOther action = "oth"   // 1 muted or 0, page: all sections of one issue only
	actClose     action = "close" // put the switches away
	actLatest    action = "new"
	actTopics    action = "top"  // 1 a topic for each section or 0
	actPutAway   action = "away" // put the switch for topics away
	actIssues    action = "list" // page of the archive
	actIssue     action = "iss"  // issue: send it
	actPart      action = "part" // issue, section: send that section of it
	actFind      action = "find" // page of what the message says was searched for
	actUnfold    action = "unf"  // issue, edition, position: show that message in place of the headlines
	actFoldUp    action = "fold" // issue, edition: bring the headlines back

	actSettings     action = "set"   // show the settings in place
	actOpenSettings action = "opt"   // show the settings in a new message
	actSettingsDone action = "done"  // put the settings away
	actLayouts      action = "lay"   // show the layouts
	actSetLayout    action = "lays"  // number in layouts
	actLanguages    action = "lang"  // show the languages
	actSetLanguage  action = "langs" // tagNumber, or 0: Telegram's
	actSetSilent    action = "snd"   // 1 silent or 0
	actDays         action = "day"   // show the delivery time and the days to choose from
	actHours        action = "hour"  // weekday: show the hours
	actSetHour      action = "at"    // weekday, minute of the day
	actZones        action = "zone"  // weekday, minute, page: show time zones
	actSetTime      action = "when"  // weekday, minute, number of the zone
	actOnSchedule   action = "due"   // deliver with the schedule
	actPauses       action = "rest"  // where: show the pauses
	actPauseFor     action = "pause" // days, where
	actResumeNow    action = "go"    // where
	actFarewell     action = "left"  // back from the pauses to the farewell
	actForget       action = "wipe"  // delete everything about the chat
	actRemember     action = "stay"  // delete nothing

	actSend    action = "bgo"    // issue: broadcast it
	actCanary  action = "bfew"   // issue: broadcast it to a few, then ask
	actBackOut action = "bno"    // issue: do not broadcast
	actRefresh action = "bst"    // show the status afresh
	actPause   action = "bpause" // broadcast
	actResume  action = "bres"   // broadcast
	actAskStop action = "bask"   // broadcast: really cancel?
	actStop    action = "bstop"  // broadcast
	actAskSend action = "bsend"  // ask whether to broadcast the newest issue
	actGoOn    action = "bgoon"  // broadcast: do not cancel it
	actRetry   action = "bretry" // broadcast

	actRetryIssue  action = "bagain" // issue: try again for those who asked for it
	actAskWithdraw action = "bwask"  // issue: really withdraw, or restore, it?
	actWithdraw    action = "bwith"  // issue
	actKeepIssue   action = "bwno"   // issue: do not withdraw it
	actRestore     action = "bback"  // issue: it is withdrawn no longer
	actRedate      action = "bdate"  // issue, day as of dayNumber
	actDateRight   action = "bright" // issue: it is dated ahead, and that is right
	actAskAhead    action = "bahead" // issue: it is dated ahead, send it all the same?

	actMergeFrom action = "bmfrom" // page: which section to merge?
	actMergeInto action = "bminto" // section, page: into which?
	actMergeAsk  action = "bmask"  // section, section it became: really?
	actMerge     action = "bmerge" // section, section it became
	actLeave     action = "bmno"   // section, section it became: do not merge them
)

// arguments tells how many numbers belong to an action.
var arguments = map[action]int{
	actSubscribe: 0, actSections: 0, actKeep: 0, actPage: 1, actMute: 3, actMuteAll: 2, actClose: 0, actLatest: 0,
	actTopics: 1, actPutAway: 0,
	actIssues: 1, actIssue: 1, actPart: 2, actFind: 1, actUnfold: 3, actFoldUp: 2,
	actSettings: 0, actOpenSettings: 0, actSettingsDone: 0, actLayouts: 0, actSetLayout: 1, actLanguages: 0, actSetLanguage: 1, actSetSilent: 1,
	actDays: 0, actHours: 1, actSetHour: 2, actZones: 3, actSetTime: 3, actOnSchedule: 0,
	actPauses: 1, actPauseFor: 2, actResumeNow: 1, actFarewell: 0, actForget: 0, actRemember: 0,
	actSend: 1, actCanary: 1, actBackOut: 1, actRefresh: 0, actPause: 1, actResume: 1, actAskStop: 1, actStop: 1, actGoOn: 1, actRetry: 1, actRetryIssue: 1, actAskSend: 0,
	actAskWithdraw: 1, actWithdraw: 1, actKeepIssue: 1, actRestore: 1, actRedate: 2, actDateRight: 1, actAskAhead: 1,
	actMuteOther: 2, actMergeFrom: 1, actMergeInto: 2, actMergeAsk: 2, actMerge: 2, actLeave: 2,
}

// forAdmins tells whether only the bot's admins may do it.
func (a action) forAdmins() bool { return strings.HasPrefix(string(a), "b") }

// callbackData writes what parseCallback reads; at most 64 bytes.
func callbackData(a action, numbers ...int64) string {
	fields := []string{callbackVersion, string(a)}
	for _, n := range numbers {
		fields = append(fields, strconv.FormatInt(n, 10))
	}
	return strings.Join(fields, ":")
}

// parseCallback reads callback data; ok is false for what callbackData never
// writes.
func parseCallback(data string) (a action, numbers []int64, ok bool) {
	fields := strings.Split(data, ":")
	if len(fields) < 2 || fields[0] != callbackVersion {
		return "", nil, false
	}
	a = action(fields[1])
	want, known := arguments[a]
	if !known || len(fields)-2 != want {
		return "", nil, false
	}
	for _, field := range fields[2:] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil || n < 0 || strconv.FormatInt(n, 10) != field {
			return "", nil, false
		}
		numbers = append(numbers, n)
	}
	return a, numbers, true
}

// keyboard is an inline keyboard, row by row.
type keyboard [][]models.InlineKeyboardButton

// markup returns the keyboard as the library wants it. An empty keyboard is
// none: an edit with it takes the buttons away.
func (k keyboard) markup() *models.InlineKeyboardMarkup { return delivery.Markup(k) }

func button(text string, a action, numbers ...int64) models.InlineKeyboardButton {
	return models.InlineKeyboardButton{Text: text, CallbackData: callbackData(a, numbers...)}
}

func row(buttons ...models.InlineKeyboardButton) []models.InlineKeyboardButton { return buttons }

// welcomeKeyboard stands under the welcome.
func welcomeKeyboard(s speaker, subscribed bool) keyboard {
	rest := row(button(s.plain("button.sections"), actSections), button(s.plain("button.latest"), actLatest))
	if subscribed {
		return keyboard{rest}
	}
	return keyboard{row(button(s.plain("button.subscribe"), actSubscribe)), rest}
}

// switchesPerPage keeps the keyboard lower than a phone's screen.
const switchesPerPage = 12

// switchKeyboard has one switch per section, for one page of them; a page that
// does not exist is replaced by the nearest.
func switchKeyboard(s speaker, switches []subscribers.Switch, page int) keyboard {
	pages := (len(switches) + switchesPerPage - 1) / switchesPerPage
	page = max(min(page, pages-1), 0)
	var k keyboard
	for _, w := range switches[page*switchesPerPage : min((page+1)*switchesPerPage, len(switches))] {
		mark, next := "✅", int64(1)
		if w.Muted {
			mark, next = "⬜", 0
		}
		if w.Other {
			k = append(k, row(button(mark+" "+s.plain("sections.one_off"), actMuteOther, next, int64(page))))
			continue
		}
		k = append(k, row(button(mark+" "+sectionName(s, w.Section), actMute, w.ID, next, int64(page))))
	}
	if pages > 1 {
		k = append(k, row(
			button("◀️", actPage, int64(max(page-1, 0))),
			button(fmt.Sprintf("%d/%d", page+1, pages), actPage, int64(page)),
			button("▶️", actPage, int64(min(page+1, pages-1))),
		))
	}
	if len(switches) > 1 {
		k = append(k, row(
			button(s.plain("button.all_on"), actMuteAll, 0, int64(page)),
			button(s.plain("button.all_off"), actMuteAll, 1, int64(page)),
		))
	}
	return append(k, row(button(s.plain("button.close"), actClose)))
}

// sectionName names a section; a document without headings has one without a
// name.
func sectionName(s speaker, section subscribers.Section) string {
	if section.Name == "" {
		return s.plain("sections.unnamed")
	}
	return clip(section.Name)
}

// issuesPerPage is how many issues stand on a page of a list.
const issuesPerPage = 10

// buttonsPerRow is how many short buttons stand side by side on a phone.
const buttonsPerRow = 5

// grid arranges buttons row by row: short ones side by side, a long one alone.
func grid(buttons []models.InlineKeyboardButton) keyboard {
	const short = 6 // characters: "📰 1234"
	var k keyboard
	room := 0
	for _, b := range buttons {
		if utf8.RuneCountInString(b.Text) > short {
			k, room = append(k, row(b)), 0
			continue
		}
		if room == 0 {
			k, room = append(k, nil), buttonsPerRow
		}
		last := len(k) - 1
		k[last] = append(k[last], b)
		room--
	}
	return k
}

// nearestPage returns the page, counted from 0, that is nearest to the one
// asked for, and how many there are: a button may be older than what it pages
// through, or forged.
func nearestPage(page int64, total, perPage int) (at, pages int) {
	pages = max((total+perPage-1)/perPage, 1)
	return int(min(page, int64(pages-1))), pages
}

// pager is the row that turns pages; there is none for a single page.
func pager(a action, page, pages int) keyboard {
	if pages <= 1 {
		return nil
	}
	return keyboard{row(
		button("◀️", a, int64(max(page-1, 0))),
		button(fmt.Sprintf("%d/%d", page+1, pages), a, int64(page)),
		button("▶️", a, int64(min(page+1, pages-1))),
	)}
}
